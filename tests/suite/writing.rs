//! What cannot be written is said and ends the run with 74; what is written over stays what it is.

use crate::harness::Sandbox;
use std::io::Read;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, chown, symlink};

/// Every command that has something to say.
const COMMANDS: &[&str] = &[
    "--help",
    "--version",
    "-h",
    "rules --help",
    "help watch",
    "cluster --demo",
    "rules --demo -o json",
    "resources --demo -o csv",
    "check --demo --window 0",
    "check --demo --window 0 -o nagios",
    "check --demo --window 0 -o json",
    "watch --demo --count 1 -o jsonl",
    "watch --demo --count 1",
    "scrape --demo",
    "scrape --demo -o json",
    "explain",
    "explain messages_dropped",
    "man",
    "completions bash",
    "export alerts",
    "export grafana",
    "export grafana -O -",
    "export grafana -O /dev/stdout",
    "export grafana -O /dev/full",
    "export prometheus",
    "profile list",
    "profile list -o json",
    "profile show",
    "profile default",
    "simulate",
    "simulate -o json",
];

/// A disk that is full, and a stdout that was opened for reading.
#[test]
fn a_stdout_that_takes_nothing_is_told() {
    let sandbox = Sandbox::new();
    sandbox.profiles("[profiles.p]\nendpoint = \"https://h\"\napp_id = \"i\"\napp_secret = \"s\"\n");
    for redirection in ["> /dev/full", "1< /dev/null"] {
        if redirection.ends_with("full") && !std::path::Path::new("/dev/full").exists() {
            continue;
        }
        for command in COMMANDS {
            if command.ends_with("-O /dev/full") && !redirection.ends_with("full") {
                continue;
            }
            let out = sandbox.shell(&format!("emqstat {command} {redirection}")).run();
            // Monitoring knows no other codes: a verdict that cannot be told is unknown.
            let code = if command.starts_with("check") { 3 } else { 74 };
            assert_eq!(out.code, code, "{command} {redirection}\n{out}");
            let what = if command.ends_with("/dev/full") { "/dev/full" } else { "stdout" };
            assert!(out.stderr.contains(&format!("error: cannot write {what}: ")), "{command} {redirection}\n{out}");
            assert!(!out.stderr.contains("--force"), "{out}");
        }
    }
    let out = sandbox.shell("EMQSTAT_COMPLETE=bash emqstat -- emqstat ru 1< /dev/null").run();
    assert!(out.code == 74 || out.code == 0, "{out}");
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    let sandbox = Sandbox::new();
    for command in ["--help", "explain", "scrape --demo", "export grafana", "export grafana -O /dev/stdout"] {
        let script = format!("(emqstat {command}; echo $? >&2) | true");
        let out = sandbox.shell(&script).run().expect(0);
        assert_eq!(out.stderr, "0\n", "{command}");
    }
}

#[test]
fn a_file_that_is_there_keeps_its_mode_its_owner_and_the_link_to_it() {
    let sandbox = Sandbox::new();
    let old = sandbox.write("old.json", "old");
    std::fs::set_permissions(&old, std::fs::Permissions::from_mode(0o640)).unwrap();
    let owner = if rustix::process::geteuid().is_root() { 12345 } else { rustix::process::geteuid().as_raw() };
    chown(&old, Some(owner), None).unwrap();
    let link = sandbox.home().join("link.json");
    symlink("old.json", &link).unwrap();
    for path in ["old.json", "link.json"] {
        let out = sandbox.line(&format!("export grafana -O {path}")).expect(64);
        assert!(out.stderr.contains("is there already") && out.stderr.contains("--force"), "{out}");
        sandbox.line(&format!("export grafana -O {path} --force")).ok();
        let metadata = std::fs::metadata(&old).unwrap();
        assert_eq!((metadata.mode() & 0o777, metadata.uid()), (0o640, owner), "{path}");
        assert!(link.is_symlink() && std::fs::read_to_string(&old).unwrap().starts_with('{'), "{path}");
    }
    // The same of every other file that is written.
    std::fs::set_permissions(&old, std::fs::Permissions::from_mode(0o600)).unwrap();
    let mut running = sandbox.line_call("simulate --tls --ca-out link.json -o json").start();
    running.next_line().unwrap();
    let metadata = std::fs::metadata(&old).unwrap();
    assert_eq!((metadata.mode() & 0o777, metadata.uid(), link.is_symlink()), (0o600, owner, true));
    assert!(std::fs::read_to_string(&old).unwrap().starts_with("-----BEGIN CERTIFICATE"));
    running.signal("TERM");
    assert_eq!(running.wait().0.code(), Some(0));
    let out = sandbox.line("simulate --tls --ca-out old.json/ca.pem").expect(74);
    assert!(out.stderr.contains("error: cannot write the CA certificate to "), "{out}");
}

#[test]
fn what_is_no_file_is_written_to() {
    let sandbox = Sandbox::new();
    sandbox.program("mkfifo", ["-m", "600", "pipe"]).run().expect(0);
    let pipe = sandbox.home().join("pipe");
    for force in ["", "--force"] {
        let running = sandbox.line_call(&format!("export grafana -O pipe {force}")).start();
        let mut text = String::new();
        std::fs::File::open(&pipe).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(running.wait().0.code(), Some(0));
        assert!(text.starts_with('{') && std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
    }
    sandbox.line("export grafana -O /dev/null --force").ok();
    assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
}

#[test]
fn stdout_by_any_name_is_stdout() {
    let sandbox = Sandbox::new();
    let plain = sandbox.line("export grafana").ok();
    for name in ["-", "/dev/stdout", "/dev/fd/1"] {
        assert_eq!(sandbox.line(&format!("export grafana -O {name}")).ok(), plain, "{name}");
        // A file that is there already, as a shell opens it.
        sandbox.write("out", "old\n");
        sandbox.shell(&format!("emqstat export grafana -O {name} >> out")).run().ok();
        assert_eq!(std::fs::read_to_string(sandbox.home().join("out")).unwrap(), format!("old\n{plain}"), "{name}");
    }
}
