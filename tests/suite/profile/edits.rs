//! Edits of the profile file that other edits come between.

use crate::harness::{Call, Sandbox};
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::os::unix::fs::{PermissionsExt, symlink};

fn add(sandbox: &Sandbox, name: &str) -> Call {
    let line = format!("profile add {name} --endpoint https://{name}.example --app-id i --app-secret-env X");
    sandbox.line_call(&line)
}

fn names(sandbox: &Sandbox) -> Vec<String> {
    let list = sandbox.line("profile list -o json").expect(0).json();
    list["profiles"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

/// All at once, on a file that is not there yet, one that is, and one behind a link.
#[test]
fn ten_edits_at_once_all_count() {
    let sandbox = Sandbox::new();
    let path = sandbox.profile_file();
    for round in ["new", "old", "linked"] {
        if round == "linked" {
            let real = sandbox.home().join("real");
            std::fs::create_dir(&real).unwrap();
            std::fs::rename(&path, real.join("emqstat.toml")).unwrap();
            symlink(real.join("emqstat.toml"), &path).unwrap();
        }
        let running: Vec<_> = (0..10).map(|number| add(&sandbox, &format!("{round}{number}")).start()).collect();
        for one in running {
            let (status, stderr) = one.wait();
            assert_eq!((status.code(), stderr.as_str()), (Some(0), ""), "{round}");
        }
        let names = names(&sandbox);
        for number in 0..10 {
            assert!(names.contains(&format!("{round}{number}")), "{round}{number} is not among {names:?}");
        }
    }
    assert!(path.is_symlink());
    // Removing and choosing between additions.
    let lines = ["profile remove old0 --yes", "profile remove new1 --yes", "profile default linked2"];
    let running: Vec<_> = lines.map(|line| sandbox.line_call(line).start()).into_iter().collect();
    let added = add(&sandbox, "late").start();
    for one in running.into_iter().chain([added]) {
        assert_eq!(one.wait().0.code(), Some(0));
    }
    let names = names(&sandbox);
    assert_eq!((names.len(), sandbox.line("profile default").ok().as_str()), (29, "linked2\n"));
    let left: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

/// The same name twice at once: one of them is told that it is there.
#[test]
fn of_two_that_take_one_name_one_is_refused() {
    let sandbox = Sandbox::new();
    let mut codes = [add(&sandbox, "same").start(), add(&sandbox, "same").start()].map(|one| one.wait().0.code());
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(78)]);
}

#[test]
fn what_a_killed_edit_left_is_cleared_and_nothing_else_is() {
    let sandbox = Sandbox::new();
    add(&sandbox, "a").run().ok();
    let folder = sandbox.profile_file().parent().unwrap().to_owned();
    for name in [".emqstat-edit-k1ll3d.tmp", ".emqstat-edit-notes", "other.tmp"] {
        std::fs::write(folder.join(name), "app_secret = ").unwrap();
    }
    add(&sandbox, "b").run().ok();
    let mut left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|one| one.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, [".emqstat-edit-notes", "other.tmp", "profiles.toml"]);
}

#[test]
fn an_edit_that_does_not_end_is_not_waited_for_without_end() {
    let sandbox = Sandbox::new();
    add(&sandbox, "a").run().ok();
    let folder = File::open(sandbox.profile_file().parent().unwrap()).unwrap();
    flock(&folder, FlockOperation::LockExclusive).unwrap();
    let out = add(&sandbox, "b").run().expect(74);
    assert!(out.stderr.contains("somebody else has been editing it for 10 s; try again"), "{out}");
    // Who only reads waits for nobody.
    assert_eq!(names(&sandbox), ["a"]);
}

#[test]
fn what_is_made_for_secrets_is_its_owner_s_alone_whatever_the_umask() {
    for umask in ["000", "022", "077", "777"] {
        let sandbox = Sandbox::new();
        let add = "emqstat profile add p --endpoint https://h --app-id i --secret-stdin";
        let export = "emqstat export prometheus -p p --secrets made/secrets --write-secrets";
        let script = format!("umask {umask}; echo hunter2 | {add} && {export}");
        sandbox.shell(&script).run().expect(0);
        let mode = |path: &str| {
            let metadata =
                std::fs::metadata(sandbox.home().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
            format!("{:o}", metadata.permissions().mode() & 0o7777)
        };
        assert_eq!(
            (mode("config/emqstat"), mode("config/emqstat/profiles.toml")),
            ("700".into(), "600".into()),
            "{umask}"
        );
        assert_eq!((mode("made/secrets"), mode("made/secrets/p.secret")), ("700".into(), "600".into()), "{umask}");
    }
}
