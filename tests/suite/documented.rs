//! Command lines that help, man pages and README show: each is one that can be typed.

use crate::harness::Sandbox;
use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;

/// Stands in for emqstat and writes down with what arguments it was called.
const EMQSTAT: &str = r#"#!/bin/sh
{ printf 'emqstat'; printf '\037%s' "$@"; echo; } >>"$HOME/calls"
"#;

/// Stands in for cargo, which runs emqstat.
const CARGO: &str = r#"#!/bin/sh
case "$*" in "run "*"-- "*) ;; *) exit ;; esac
until [ "$1" = -- ]; do shift; done
shift
exec emqstat "$@"
"#;

/// The command lines of emqstat in a script, as a shell reads them.
fn calls(script: &str) -> Vec<Vec<OsString>> {
    let sandbox = Sandbox::new();
    for (name, script) in [("emqstat", EMQSTAT), ("cargo", CARGO)] {
        let file = sandbox.write(format!("bin/{name}"), script);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    for folder in [".config/fish/completions", ".local/share/bash-completion/completions", ".zfunc"] {
        std::fs::create_dir_all(sandbox.home().join(folder)).unwrap();
    }
    let path = format!("{}/bin:/usr/bin:/bin", sandbox.home().display());
    // What else the script calls may be missing or fail: only emqstat's own arguments matter here.
    sandbox.program("/bin/sh", ["-c", script]).env("PATH", path).run();
    let log = std::fs::read_to_string(sandbox.home().join("calls")).unwrap_or_default();
    log.lines().map(|call| call.split('\u{1f}').map(OsString::from).collect()).collect()
}

/// Fails for a command line that emqstat does not understand, and for a script without any.
#[track_caller]
pub fn assert_typeable(script: &str) {
    let calls = calls(script);
    let expected = script.lines().filter(|line| line.starts_with("emqstat ")).count().max(1);
    assert!(calls.len() >= expected, "called {} times, not {expected}: {script}", calls.len());
    for call in calls {
        let refused = emqstat::cli::parse(call).err().filter(|error| error.use_stderr());
        assert!(refused.is_none(), "{script}\n{}", refused.unwrap());
    }
}

#[test]
fn the_examples_of_help_and_man_pages_can_be_typed() {
    let mut paths: Vec<Vec<String>> = vec![vec![]];
    let mut shown = 0;
    while let Some(path) = paths.pop() {
        let mut command = &emqstat::cli::whole();
        for name in &path {
            command = command.find_subcommand(name).unwrap();
        }
        paths.extend(command.get_subcommands().map(|sub| [&path[..], &[sub.get_name().to_owned()]].concat()));
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        for (_, lines) in emqstat::cli::examples::examples(&path) {
            assert_typeable(lines);
            shown += 1;
        }
    }
    assert!(shown > 10, "{shown}");
}

#[test]
#[should_panic(expected = "unexpected argument '--nonsense'")]
fn a_line_that_cannot_be_typed_is_found() {
    assert_typeable("true | emqstat rules --nonsense | cat");
}

/// It is read without complaint, and the defaults that it tells are those that count.
#[test]
fn the_profile_file_that_is_shown_can_be_used() {
    use emqstat::profile::{Connect, EXAMPLE, ProfileFile};
    let sandbox = Sandbox::new();
    let file = ProfileFile::read(&sandbox.profiles(EXAMPLE)).unwrap();
    assert_eq!(file.default_name().unwrap(), "prod");
    for (_, profile) in &file.profiles {
        assert!(profile.is_ok(), "{profile:?}");
    }
    let told = file.defaults.over_built_in().connect();
    assert_eq!(format!("{told:?}"), format!("{:?}", Connect::default()));
}
