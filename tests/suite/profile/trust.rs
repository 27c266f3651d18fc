//! What stands in a profile file or a secret file is run or sent: nobody else may have written it.

use crate::harness::{Call, Sandbox};
use rustix::process::geteuid;
use std::os::unix::fs::{PermissionsExt, chown, lchown, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

/// A user that is nobody's.
const SOMEBODY: u32 = 12345;

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// A way in which somebody else has a say in what a file holds.
enum Way {
    Mode(u32),
    Owner,
}

impl Way {
    fn all(path: &Path) -> Vec<Way> {
        let good = if path.is_dir() { 0o700 } else { 0o600 };
        let mut ways = vec![Way::Mode(good | 0o020), Way::Mode(good | 0o002)];
        // Only root can give a file away; that the rule holds for everybody is tested where it stands.
        ways.extend(geteuid().is_root().then_some(Way::Owner));
        ways
    }

    fn spoil(&self, path: &Path) {
        match self {
            Way::Mode(mode) => set_mode(path, *mode),
            Way::Owner => chown(path, Some(SOMEBODY), None).unwrap(),
        }
    }

    /// What is said of it, and what is to be run.
    fn said(&self, path: &Path) -> [String; 2] {
        let path = path.display();
        match self {
            Way::Mode(mode) => [
                format!("{path} may be written by others than its owner (mode {mode:04o})"),
                format!("run: chmod go-w {path}"),
            ],
            Way::Owner => [format!("{path} belongs to another user (uid {SOMEBODY})"), format!("run: chown 0 {path}")],
        }
    }
}

/// Spoils each of these in every way, and mends it again; in between each call is refused for it.
fn refuses(parts: &[&Path], calls: &[&dyn Fn() -> Call]) {
    for part in parts {
        for way in Way::all(part) {
            way.spoil(part);
            for call in calls {
                let out = call().run();
                let said = way.said(part);
                assert!(out.code != 0 && said.iter().all(|text| out.stderr.contains(text)), "{said:?}\n{out}");
            }
            if geteuid().is_root() {
                chown(part, Some(0), None).unwrap();
            }
            set_mode(part, if part.is_dir() { 0o700 } else { 0o600 });
        }
    }
}

#[test]
fn a_profile_file_that_somebody_else_may_write_runs_nothing() {
    let sandbox = Sandbox::new();
    let ran = sandbox.home().join("ran");
    let text = format!(
        "[profiles.p]\nendpoint = \"http://127.0.0.1:1\"\nretries = 0\napp_id = \"i\"\n\
         app_secret_command = [\"sh\", \"-c\", \"echo s | tee {}\"]\n",
        ran.display()
    );
    let file = sandbox.profiles(&text);
    let folder = file.parent().unwrap().to_owned();
    let lines = ["cluster", "check", "profile show", "profile default p", "profile test"];
    let calls = lines.map(|line| move |sandbox: &Sandbox| sandbox.line_call(line));
    for call in calls {
        refuses(&[&file, &folder], &[&|| call(&sandbox)]);
    }
    assert!(!ran.exists());
    for spoiled in [&file, &folder] {
        Way::Mode(0o770).spoil(spoiled);
        let out = sandbox.line("cluster -o json").expect(78);
        assert_eq!(out.json()["errors"][0]["code"], "config");
        set_mode(spoiled, 0o700);
    }
    sandbox.line("cluster").expect(69);
    assert!(ran.exists(), "it runs where it is one's own");
}

/// A secret in a file, reached in every way that there is.
fn secret(sandbox: &Sandbox, path: &Path) -> Call {
    sandbox.profiles(&format!(
        "[profiles.p]\nendpoint = \"http://127.0.0.1:1\"\nretries = 0\napp_id = \"i\"\napp_secret_file = \"{}\"\n",
        path.display()
    ));
    sandbox.line_call("cluster")
}

#[test]
fn a_secret_file_counts_with_its_folder_and_behind_a_link() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("real/secret", "s3cret\n");
    let folder = file.parent().unwrap().to_owned();
    let links = sandbox.home().join("links");
    std::fs::create_dir(&links).unwrap();
    let link = links.join("secret");
    symlink("../real/secret", &link).unwrap();
    for path in [&file, &folder] {
        set_mode(path, if path.is_dir() { 0o700 } else { 0o600 });
    }
    set_mode(&links, 0o700);
    refuses(&[&file, &folder], &[&|| secret(&sandbox, &file)]);
    secret(&sandbox, &file).run().expect(69);
    refuses(&[&file, &folder, &links], &[&|| secret(&sandbox, &link)]);
    // In a sticky folder, such as /tmp, nobody moves another's file; above the folder that holds it others may do as they like.
    set_mode(&links, 0o1777);
    secret(&sandbox, &link).run().expect(69);
    if geteuid().is_root() {
        // Whoever owns the folder or the link can put another in its place.
        chown(&links, Some(SOMEBODY), None).unwrap();
        let out = secret(&sandbox, &link).run().expect(78);
        assert!(out.stderr.contains(&format!("chown 0 {}", links.display())), "{out}");
        chown(&links, Some(0), None).unwrap();
        lchown(&link, Some(SOMEBODY), None).unwrap();
        let out = secret(&sandbox, &link).run().expect(78);
        assert!(out.stderr.contains(&format!("chown -h 0 {}", link.display())), "{out}");
        lchown(&link, Some(0), None).unwrap();
    }
    // As a container mounts it: everybody may read, nobody write.
    for (path, mode) in [(&file, 0o444), (&folder, 0o755)] {
        set_mode(path, mode);
    }
    secret(&sandbox, &link).run().expect(69);
}

#[test]
fn what_is_no_file_is_named_and_nobody_is_waited_for() {
    let sandbox = Sandbox::new();
    let folder = sandbox.home().join("folder");
    std::fs::create_dir(&folder).unwrap();
    let socket = sandbox.home().join("socket");
    let _listener = UnixListener::bind(&socket).unwrap();
    let pipe = sandbox.home().join("pipe");
    sandbox.program("mkfifo", ["-m", "600", "pipe"]).run().expect(0);
    for (path, said) in [
        (folder.as_path(), "it is a folder"),
        (&socket, "it is a socket"),
        (Path::new("/dev/zero"), "it is larger than "),
        (&pipe, "it is no file, and did not end within 5 s"),
    ] {
        let name = path.display().to_string();
        let said = format!("cannot read {name}: {said}");
        let out = sandbox.emqstat(["cluster", "--profile-file", &name]).run().expect(78);
        assert!(out.stderr.contains(&said), "{said}\n{out}");
        let out = secret(&sandbox, path).run().expect(78);
        assert!(out.stderr.contains(&said), "{said}\n{out}");
    }
}

/// `--profile-file <(...)` and `/dev/stdin`: whoever starts the program answers for what it is started with.
#[test]
fn a_pipe_that_is_handed_over_is_read() {
    let sandbox = Sandbox::new();
    let text = "[profiles.p]\nendpoint = \"https://h\"\napp_id = \"i\"\napp_secret = \"s\"\n";
    let call = sandbox.emqstat(["profile", "list", "--profile-file", "/dev/stdin"]);
    let out = call.stdin(text).run().expect(0);
    assert!(out.stdout.contains("https://h"), "{out}");
    sandbox.write("p.toml", text);
    let out = sandbox.shell("cat p.toml | emqstat profile list --profile-file /dev/fd/0").run().expect(0);
    assert!(out.stdout.contains("https://h"), "{out}");
}

/// As an editor on Windows saves it.
#[test]
fn a_byte_order_mark_and_line_ends_of_two_characters_are_taken() {
    let sandbox = Sandbox::new();
    let endpoint = "http://127.0.0.1:1";
    let secret = sandbox.write("secret", "\u{feff}s3cret\r\n");
    set_mode(&secret, 0o600);
    let path = sandbox.profiles(&format!(
        "\u{feff}[profiles.p]\r\nendpoint = \"{endpoint}\"\r\napp_id = \"i\"\r\nretries = 0\r\napp_secret_file = \"{}\"\r\n",
        secret.display()
    ));
    sandbox.line("cluster").expect(69);
    // And can be edited.
    let add = format!("profile add q --endpoint {endpoint} --app-id i --secret-stdin");
    sandbox.line_call(&add).stdin("\u{feff}other\r\n").run().expect(0);
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains("app_secret = \"other\""), "{text}");
    sandbox.line("cluster -p p,q").expect(69);
}
