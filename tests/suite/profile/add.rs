//! `profile add`, `remove` and `default` without a terminal.

use crate::harness::{Call, Outcome, Sandbox};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const ENDPOINT: &str = "https://mq.example:8443/api/v5";

fn adding(sandbox: &Sandbox, name: &str) -> Call {
    sandbox.emqstat(["profile", "add", name, "--endpoint", ENDPOINT, "--app-id", "b4f8"])
}

fn from_stdin(sandbox: &Sandbox, name: &str) -> Call {
    adding(sandbox, name).arg("--secret-stdin").stdin("hunter2\n")
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn refused(call: Call, code: i32, message: &str, hint: &str) -> Outcome {
    let out = call.run().expect(code);
    assert!(out.stderr.starts_with(&format!("error: {message}")), "{out}");
    assert!(out.stderr.contains(&format!("hint: {hint}")) || hint.is_empty(), "{out}");
    assert_eq!(out.stdout, "", "{out}");
    out
}

#[test]
fn the_secret_comes_from_stdin_into_a_file_that_is_its_owner_s_alone() {
    let sandbox = Sandbox::new();
    let path = sandbox.profile_file();
    let said = from_stdin(&sandbox, "prod").args(["--timeout", "90s", "--max-body", "1MiB"]).run().ok();
    assert_eq!(said, format!("Added profile 'prod', the default, in {}.\n", path.display()));
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "default = \"prod\"\n\n[profiles.prod]\nendpoint = \"https://mq.example:8443/api/v5\"\napp_id = \"b4f8\"\n\
         app_secret = \"hunter2\"\ntimeout = \"1m30s\"\nmax_body = \"1MiB\"\n"
    );
    assert_eq!(from_stdin(&sandbox, "quiet").arg("--quiet").run().ok(), "");
    assert_eq!(sandbox.line("profile default").ok(), "prod\n");
    assert!(from_stdin(&sandbox, "new").arg("--default").run().ok().contains("'new', the default,"));
}

#[test]
fn the_secret_may_stay_where_it_is() {
    let sandbox = Sandbox::new();
    let written = |arguments: &[&str]| {
        adding(&sandbox, "p").arg("--force").args(arguments).run().ok();
        let text = std::fs::read_to_string(sandbox.profile_file()).unwrap();
        text.lines().find(|line| line.starts_with("app_secret")).unwrap().to_owned()
    };
    assert_eq!(written(&["--app-secret-env", "EMQX_SECRET"]), "app_secret_env = \"EMQX_SECRET\"");
    // From the folder that it was typed in.
    let file = sandbox.home().join("secrets/prod");
    assert_eq!(written(&["--app-secret-file", "secrets/prod"]), format!("app_secret_file = \"{}\"", file.display()));
    assert_eq!(
        written(&["--app-secret-command", "pass", "show", "emqx/prod"]),
        "app_secret_command = [\"pass\", \"show\", \"emqx/prod\"]"
    );
}

#[test]
fn an_old_file_keeps_its_comments_and_its_link_and_loses_its_readers() {
    let sandbox = Sandbox::new();
    let old = "# Mine.\n[profiles.old] # the first\nendpoint = \"https://old\"\napp_id = \"i\"\napp_secret = \"s\"\n";
    let real = sandbox.write("dotfiles/emqstat.toml", old);
    set_mode(&real, 0o644);
    let link = sandbox.profile_file();
    std::fs::create_dir_all(link.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    from_stdin(&sandbox, "new").run().ok();
    assert!(link.is_symlink());
    assert_eq!(mode(&real), 0o600);
    assert!(std::fs::read_to_string(&real).unwrap().starts_with(old));
    // There were profiles already, and it is for their owner to say which is the default.
    assert_eq!(sandbox.line("profile default").expect(78).stdout, "");
}

#[test]
fn a_profile_is_replaced_on_purpose_only() {
    let sandbox = Sandbox::new();
    let path = sandbox.profiles(
        "[profiles.p]\nendpoint = \"https://old\"\napp_id = \"i\"\napp_secret_env = \"X\"\ninsecure = true\n\
         [[profiles.p.checks]]\nname = \"c\"\nwhen = \"failed > 0\"\nseverity = \"warning\"\n",
    );
    let before = std::fs::read_to_string(&path).unwrap();
    refused(
        from_stdin(&sandbox, "p"),
        78,
        "there is a profile 'p' in",
        "replace it with 'emqstat profile add p --force'",
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
    from_stdin(&sandbox, "p").arg("--force").run().ok();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(ENDPOINT) && text.contains("[[profiles.p.checks]]"), "{text}");
    assert!(!text.contains("insecure") && !text.contains("app_secret_env"), "{text}");
}

#[test]
fn what_cannot_be_added_is_refused_and_nothing_is_written() {
    let sandbox = Sandbox::new();
    let add = |line: &str| sandbox.emqstat(["profile", "add"]).args(line.split(' ')).stdin("hunter2\n");
    let missing = "there is no terminal to ask on, and something is missing: ";
    refused(
        add("p"),
        64,
        &format!("{missing}--endpoint URL, --app-id ID, a secret"),
        "the secret comes from --secret-stdin",
    );
    refused(add("p --endpoint https://h --app-id i"), 64, &format!("{missing}a secret"), "the secret comes from");
    refused(add("p --endpoint https://h --secret-stdin"), 64, &format!("{missing}--app-id ID"), "give it on the");
    let complete = "--app-id i --secret-stdin --endpoint";
    refused(
        add(&format!("p {complete} h:8443")),
        64,
        "--endpoint: the address has no scheme",
        "did you mean 'https://h:8443'?",
    );
    refused(add(&format!("p {complete} http://h")), 78, "http://h is plain http", "use https");
    let out = refused(add(&format!("p {complete} https://me:hunter2@h")), 64, "--endpoint: the address holds '@'", "");
    assert!(!out.stderr.contains("hunter2"), "{out}");
    refused(add(&format!("a,b {complete} https://h")), 78, "'a,b' cannot name a profile", "");
    refused(add("p --endpoint https://h --app-id a:b --secret-stdin"), 64, "--app-id: this holds a ':'", "");
    refused(add(&format!("p {complete} https://h --timeout 0")), 64, "--timeout: a time-out of nothing", "");
    refused(add(&format!("p {complete} https://h")).stdin("\n"), 64, "the secret on stdin is empty", "");
    refused(
        add(&format!("p {complete} https://h")).stdin("a\nb\n"),
        64,
        "the secret on stdin has more than one line",
        "",
    );
    refused(add(&format!("p {complete} https://h")).stdin(vec![b'x'; 70_000]), 64, "what comes on stdin is larger", "");
    let two = "p --endpoint https://h --app-id i --secret-stdin --app-secret-env X";
    assert!(add(two).run().expect(64).stderr.contains("cannot be used with"));
    assert!(!sandbox.profile_file().exists());
}

#[test]
fn plain_http_is_taken_for_loopback_and_on_purpose() {
    let sandbox = Sandbox::new();
    let add = |name: &str, more: &str| {
        let line = format!("profile add {name} --app-id i --app-secret-env X {more}");
        sandbox.line(&line).ok()
    };
    add("here", "--endpoint http://127.0.0.1:18083/api/v5");
    add("there", "--endpoint http://h/api --allow-http");
    assert!(std::fs::read_to_string(sandbox.profile_file()).unwrap().contains("allow_http = true"));
}

#[test]
fn removing_the_default_leaves_the_rest() {
    let sandbox = Sandbox::new();
    for name in ["a", "b", "c"] {
        from_stdin(&sandbox, name).run().ok();
    }
    refused(sandbox.emqstat(["profile", "remove", "a"]), 64, "removing 'a' has to be confirmed", "add --yes");
    refused(
        sandbox.emqstat(["profile", "remove", "prod", "--yes"]),
        78,
        "there is no profile 'prod'",
        "it has: a, b, c",
    );
    let out = sandbox.line("profile remove a --yes").expect(0);
    assert_eq!(out.stdout, format!("Removed profile 'a' from {}.\n", sandbox.profile_file().display()));
    assert!(out.stderr.starts_with("warning: there is no default profile now"), "{out}");
    assert_eq!(sandbox.line("profile default c").ok(), "The default profile is 'c' now.\n");
    assert_eq!(sandbox.line("profile default").ok(), "c\n");
    refused(sandbox.emqstat(["profile", "default", "bb"]), 78, "there is no profile 'bb'", "did you mean 'b'?");
    sandbox.line("profile remove c -y").ok();
    // One is left, and needs not be chosen.
    assert_eq!(sandbox.line("profile default").ok(), "b\n");
}

#[test]
fn a_file_with_a_mistake_is_not_written_over() {
    let sandbox = Sandbox::new();
    let path = sandbox.profiles("default = \"p\"\nprofiles = [\n");
    let message = format!("{}:2: this is not TOML", path.display());
    refused(from_stdin(&sandbox, "p"), 78, &message, "");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "default = \"p\"\nprofiles = [\n");
}

#[test]
fn another_file_may_be_named() {
    let sandbox = Sandbox::new();
    let other = sandbox.home().join("other.toml");
    from_stdin(&sandbox, "p").args(["--profile-file", "other.toml"]).run().ok();
    assert!(other.exists() && !sandbox.profile_file().exists());
    let listed = sandbox.emqstat(["profile", "default"]).env("EMQSTAT_PROFILE_FILE", &other).run().ok();
    assert_eq!(listed, "p\n");
    // Relative to where it runs; the folder is made.
    from_stdin(&sandbox, "p").args(["--profile-file", "new/deep/p.toml"]).run().ok();
    assert_eq!(mode(&sandbox.home().join("new/deep/p.toml")), 0o600);
}
