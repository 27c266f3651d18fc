//! Files: whose they are, who edits them, what they are replaced by, and what becomes of a disk that is full.

use super::*;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;

const INLINE: &str = "[profiles.p]\nendpoint = \"https://127.0.0.1:1/api\"\napp_id = \"a\"\napp_secret = \"s\"\n";

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// A file of this kind is read, or refused with 78 and what to run.
fn command_runs(sandbox: &Sandbox) -> bool {
    let marker = sandbox.home().join("ran");
    let _ = fs::remove_file(&marker);
    let out = sandbox.line("cluster --retries 0");
    assert!(out.code == 78 || out.code == 69, "{out}");
    if out.code == 78 {
        assert!(out.stderr.contains("changed by somebody else") && out.stderr.contains("then run: ch"), "{out}");
    }
    marker.exists()
}

#[test]
fn what_others_may_have_written_is_not_run() {
    let sandbox = Sandbox::new();
    let marker = sandbox.home().join("ran");
    let command = format!("app_secret_command = [\"sh\", \"-c\", \"touch {} && echo s\"]", marker.display());
    let file = sandbox.profiles(&INLINE.replace("app_secret = \"s\"", &command));
    let folder = file.parent().unwrap().to_owned();
    assert!(command_runs(&sandbox));
    for bad in [0o620, 0o602, 0o666] {
        mode(&file, bad);
        assert!(!command_runs(&sandbox), "{bad:o}");
    }
    mode(&file, 0o600);
    for bad in [0o770, 0o707] {
        mode(&folder, bad);
        assert!(!command_runs(&sandbox), "{bad:o}");
    }
    mode(&folder, 0o1777);
    assert!(command_runs(&sandbox), "in a folder with the sticky bit only owners replace their files");
    mode(&folder, 0o755);
    // Behind a link its own folder counts, and that of what it leads to.
    let other = sandbox.home().join("other");
    fs::create_dir(&other).unwrap();
    fs::rename(&file, other.join("real.toml")).unwrap();
    symlink(other.join("real.toml"), &file).unwrap();
    assert!(command_runs(&sandbox));
    mode(&other, 0o777);
    assert!(!command_runs(&sandbox));
    mode(&other, 0o755);
    // Only root can give a file away; whoever else runs this cannot, and need not.
    let given_away = chown(other.join("real.toml"), Some(12345), None).is_ok();
    assert_eq!(command_runs(&sandbox), !given_away);
}

#[test]
fn a_secret_file_is_one_that_nobody_else_may_write() {
    let sandbox = Sandbox::new();
    let secret = sandbox.write("secret", "\u{feff}hunter2\r\n");
    let server = Server::start();
    server.on(CLUSTER, [Answer::metrics(WELL)]);
    sandbox.profiles(&format!(
        "[profiles.p]\nendpoint = \"{}\"\napp_id = \"me\"\napp_secret_file = \"{}\"\n",
        server.endpoint(),
        secret.display()
    ));
    // As a container mounts it, and with what an editor of Windows leaves.
    mode(&secret, 0o444);
    sandbox.line("cluster").ok();
    assert_eq!(server.requests()[0].header("authorization"), Some("Basic bWU6aHVudGVyMg=="));
    mode(&secret, 0o646);
    let out = sandbox.line("cluster").expect(78);
    assert!(out.stderr.contains("may be written by others than its owner (mode 0646)"), "{out}");
    assert!(out.stderr.contains("hint: ") && out.stderr.contains("chmod go-w "), "{out}");
}

#[test]
fn what_is_no_file_is_told_and_waited_for_by_nobody() {
    let sandbox = Sandbox::new();
    let folder = sandbox.home().join("folder.toml");
    fs::create_dir(&folder).unwrap();
    let out = sandbox.line("cluster --profile-file folder.toml").expect(78);
    assert!(out.stderr.contains("it is a folder"), "{out}");
    let script = "mkfifo pipe && chmod 600 pipe && emqstat cluster --profile-file pipe";
    let out = sandbox.shell(script).run().expect(78);
    assert!(out.stderr.contains("it is no file, and did not end within 5 s"), "{out}");
    // What a shell makes of `<(command)`.
    let script = format!("printf '%s' '{INLINE}' | emqstat profile list -o json --profile-file /dev/stdin");
    assert!(sandbox.shell(&script).run().expect(0).stdout.contains("\"name\":\"p\""));
}

#[test]
fn an_export_writes_to_what_it_is_told_and_leaves_it_what_it_is() {
    let sandbox = Sandbox::new();
    let all = sandbox.line("export grafana").ok();
    assert_eq!(sandbox.line("export grafana -O -").ok(), all);
    assert_eq!(sandbox.shell("emqstat export grafana -O /dev/stdout | cat").run().ok(), all);
    let file = sandbox.write("out.json", "old");
    mode(&file, 0o600);
    symlink("out.json", sandbox.home().join("link.json")).unwrap();
    let out = sandbox.line("export grafana -O link.json").expect(64);
    assert!(out.stderr.contains("is there already"), "{out}");
    sandbox.line("export grafana -O link.json --force").ok();
    assert!(sandbox.home().join("link.json").is_symlink());
    assert_eq!((fs::metadata(&file).unwrap().mode() & 0o777, fs::read_to_string(&file).unwrap()), (0o600, all.clone()));
    let script =
        "mkfifo pipe; cat pipe > got & emqstat export grafana -O pipe --force && wait && test -p pipe && cat got";
    assert_eq!(sandbox.shell(script).run().ok(), all);
}
