//! `profile list` and `profile show`, and what is wrong with a file.

use crate::harness::{Outcome, Sandbox};
use serde_json::json;
use std::os::unix::fs::PermissionsExt;

const FILE: &str = r#"default = "prod"

[defaults]
connect_timeout = "4s"

[profiles.prod]
endpoint = "https://mq.example:8443/api/v5"
app_id = "b4f8"
app_secret = "hunter2"
insecure = true
retries = 0

[[profiles.prod.checks]]
name = "delivery drops"
when = "rate(metrics.delivery_dropped) > 10"
severity = "critical"

[profiles.staging]
endpoint = "https://127.0.0.1:1/api"
app_id = "77aa"
app_secret_command = ["echo", "hunter2"]
"#;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.profiles(FILE);
    sandbox
}

/// The output for a document whose paths and times are those of this run.
fn settled(out: &Outcome, sandbox: &Sandbox) -> serde_json::Value {
    let text = out.stdout.replace(&sandbox.profile_file().display().to_string(), "FILE");
    let mut document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(document["generated_at"].take().is_string());
    document
}

#[test]
fn the_list_says_where_secrets_come_from() {
    let sandbox = sandbox();
    assert_eq!(
        sandbox.line("profile list").ok(),
        "PROFILE  DEFAULT  ENDPOINT                        APP_ID  APP_SECRET\n\
         prod     yes      https://mq.example:8443/api/v5  b4f8    (inline, hidden)\n\
         staging           https://127.0.0.1:1/api         77aa    command echo\n"
    );
    let out = sandbox.line("profile list -o json").expect(0);
    assert!(out.stdout.starts_with("{\"schema_version\":1,\"kind\":\"profile_list\",\"generated_at\":"), "{out}");
    assert_eq!(
        settled(&out, &sandbox),
        json!({"schema_version": 1, "kind": "profile_list", "generated_at": null, "path": "FILE", "default": "prod",
            "profiles": [
                {"name": "prod", "default": true, "endpoint": "https://mq.example:8443/api/v5", "app_id": "b4f8",
                 "app_secret": {"source": "inline", "name": null}},
                {"name": "staging", "default": false, "endpoint": "https://127.0.0.1:1/api", "app_id": "77aa",
                 "app_secret": {"source": "command", "name": "echo"}}],
            "errors": [], "warnings": []})
    );
}

#[test]
fn every_value_is_shown_with_its_origin() {
    let sandbox = sandbox();
    let out = sandbox.emqstat(["profile", "show", "--insecure=false"]).env("EMQSTAT_TIMEOUT", "7s").run().ok();
    assert_eq!(
        out.replace(&sandbox.profile_file().display().to_string(), "FILE"),
        "prod  FILE\n\n\
         KEY              VALUE                           FROM\n\
         endpoint         https://mq.example:8443/api/v5  line 7\n\
         app_id           b4f8                            line 8\n\
         app_secret       (inline, hidden)                line 9\n\
         timeout          7s                              EMQSTAT_TIMEOUT\n\
         connect_timeout  4s                              line 4, [defaults]\n\
         retries          0                               line 11\n\
         ca_cert          none                            built in\n\
         insecure         false                           --insecure\n\
         allow_http       false                           built in\n\
         max_body         256MiB                          built in\n\
         min_nodes        1                               built in\n\n\
         CHECK           WHEN                                 SEVERITY  FROM\n\
         delivery drops  rate(metrics.delivery_dropped) > 10  critical  line 14\n"
    );
    let out = sandbox.line("profile show staging -o json --timeout 3s").expect(0);
    let settings = &settled(&out, &sandbox)["profile"]["settings"];
    let in_file = |line: u32| json!({"source": "profile", "name": null, "file": "FILE", "line": line});
    assert_eq!(settings["app_secret_command"], json!({"value": "command echo", "origin": in_file(21)}));
    let flag = json!({"source": "flag", "name": "--timeout", "file": null, "line": null});
    assert_eq!(settings["timeout"], json!({"value": "3s", "origin": flag}));
    let defaults = json!({"source": "defaults", "name": null, "file": "FILE", "line": 4});
    assert_eq!(settings["connect_timeout"], json!({"value": "4s", "origin": defaults}));
    let built_in = json!({"source": "built_in", "name": null, "file": null, "line": null});
    assert_eq!(settings["retries"], json!({"value": 2, "origin": built_in}));
}

#[test]
fn whose_certificates_are_trusted_may_come_from_the_environment_or_a_flag() {
    let sandbox = sandbox();
    let shown = |args: &[&str], variable: &str| {
        let out = sandbox.emqstat([&["profile", "show", "-o", "json"], args].concat());
        let out = out.env("EMQSTAT_CA_CERT", variable).run().expect(0);
        settled(&out, &sandbox)["profile"]["settings"]["ca_cert"].clone()
    };
    let origin = |source: &str, name: &str| json!({"source": source, "name": name, "file": null, "line": null});
    let variable = origin("environment", "EMQSTAT_CA_CERT");
    assert_eq!(shown(&[], "corp.pem"), json!({"value": "corp.pem", "origin": variable}));
    let flag = origin("flag", "--ca-cert");
    assert_eq!(shown(&["--ca-cert", "other.pem"], "corp.pem"), json!({"value": "other.pem", "origin": flag}));
}

#[test]
fn no_secret_is_ever_printed() {
    let sandbox = sandbox();
    for line in [
        "profile list",
        "profile list -o json",
        "profile show prod",
        "profile show prod -o json",
        "profile show staging",
        "profile show staging -o json",
        "profile show -v",
        "profile test staging --connect-timeout 1ms -v",
        "profile test staging --connect-timeout 1ms -o json",
        "profile default",
        "profile remove staging -y",
    ] {
        let out = sandbox.emqstat(line.split(' ')).env("EMQSTAT_APP_SECRET", "hunter2").run();
        assert!(!out.stdout.contains("hunter2") && !out.stderr.contains("hunter2"), "{out}");
    }
}

#[test]
fn without_a_name_what_would_be_asked_is_shown() {
    let sandbox = sandbox();
    let show = |variables: &[(&str, &str)]| {
        let call = sandbox.emqstat(["profile", "show", "-o", "json"]);
        let call = variables.iter().fold(call, |call, (name, value)| call.env(name, value));
        settled(&call.run(), &sandbox)
    };
    assert_eq!(show(&[])["profile"]["name"], "prod");
    assert_eq!(show(&[("EMQSTAT_PROFILE", "staging")])["profile"]["name"], "staging");
    let outside = [("EMQSTAT_ENDPOINT", "https://e/api"), ("EMQSTAT_APP_ID", "i"), ("EMQSTAT_APP_SECRET", "s")];
    let shown = show(&outside);
    assert_eq!(shown["profile"]["name"], json!(null));
    assert_eq!(shown["profile"]["settings"]["endpoint"]["origin"]["name"], "EMQSTAT_ENDPOINT");
    // A profile that is named beats the credentials in the environment.
    let call = sandbox.emqstat(["profile", "show", "staging", "-o", "json"]);
    let out = outside.iter().fold(call, |call, (name, value)| call.env(name, value)).run();
    assert_eq!(settled(&out, &sandbox)["profile"]["settings"]["app_id"]["value"], "77aa");
}

#[test]
fn a_file_with_a_secret_that_others_may_read_is_refused() {
    let sandbox = sandbox();
    let path = sandbox.profile_file();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    for line in ["profile list", "profile show", "profile test", "profile default", "cluster"] {
        let out = sandbox.line(line).expect(78);
        let (path, stderr) = (path.display(), &out.stderr);
        assert!(stderr.contains(&format!("{path} holds an app_secret, and its mode 0640 lets others")), "{out}");
        assert!(stderr.contains(&format!("hint: run: chmod 600 {path}\n")), "{out}");
    }
    // Without a secret in it, anybody may read it.
    let path = sandbox.profiles(&FILE.replace("app_secret = ", "app_secret_env = "));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    sandbox.line("profile list").ok();
}

#[test]
fn a_mistake_names_file_line_and_key() {
    let sandbox = Sandbox::new();
    for (file, told, hint) in [
        (
            FILE.replace("timeout", "timeot"),
            "4: defaults.connect_timeot: there is no such key",
            "did you mean 'connect_timeout'?",
        ),
        (FILE.replace("app_id = \"b4f8\"", ""), "6: profiles.prod.app_id: this key is missing", "add app_id"),
        (
            FILE.replace("insecure", "app_secret_env = \"X\"\ninsecure"),
            "10: profiles.prod.app_secret_env: there is app_secret too",
            "",
        ),
        (
            FILE.replace("https://mq", "mq"),
            "7: profiles.prod.endpoint: the address has no scheme",
            "did you mean 'https://mq.example",
        ),
        (
            FILE.replace("retries = 0", "retries = \"0\""),
            "11: profiles.prod.retries: this is text, not a whole number",
            "",
        ),
        (FILE.replace("\"4s\"", "\"4\""), "4: defaults.connect_timeout: '4' is not a duration", ""),
        (FILE.replace("\"critical\"", "\"bad\""), "16: profiles.prod.checks.severity: \"bad\" is neither", ""),
        (FILE.replace("[defaults]", "[defaults"), "3: this is not TOML: ", ""),
        (
            FILE.replace("default = \"prod\"", "default = \"prdo\""),
            "1: default: there is no profile 'prdo'",
            "did you mean 'prod'?",
        ),
    ] {
        let path = sandbox.profiles(&file);
        for line in ["profile show", "profile list", "cluster"] {
            let out = sandbox.line(line).expect(78);
            assert!(out.stderr.contains(&format!("{}:{told}", path.display())), "{told}\n{out}");
            assert!(hint.is_empty() || out.stderr.contains(&format!("hint: {hint}")), "{out}");
        }
        let document = sandbox.line("profile list -o json").expect(78).json();
        assert_eq!(document["errors"][0]["code"], "config");
        assert!(document["errors"][0]["message"].as_str().unwrap().contains(told), "{document}");
    }
}

#[test]
fn a_mistake_in_one_profile_does_not_hide_the_others() {
    let sandbox = Sandbox::new();
    sandbox.profiles(&FILE.replace("app_id = \"77aa\"", "app_id = 77"));
    sandbox.line("profile show prod").ok();
    let out = sandbox.line("profile list").expect(78);
    assert!(out.stdout.contains("prod     yes") && out.stdout.contains("staging           not usable"), "{out}");
    let document = sandbox.line("profile list -o json").expect(78).json();
    assert_eq!(document["profiles"][1]["app_id"], json!(null));
    assert_eq!(document["errors"][0]["profile"], "staging");
}

#[test]
fn no_file_is_an_empty_list_and_nothing_to_show() {
    let sandbox = Sandbox::new();
    let out = sandbox.line("profile list -o json").expect(0);
    assert_eq!(out.json()["profiles"], json!([]));
    assert!(out.stderr.contains("'emqstat profile add NAME' makes one"), "{out}");
    let out = sandbox.line("profile show -o json").expect(78);
    assert_eq!(out.json()["profile"], json!(null));
    assert!(out.stderr.contains("hint: set one up with 'emqstat profile add NAME'"), "{out}");
    // One that was named has to be there.
    let out = sandbox.line("profile list --profile-file nowhere.toml").expect(78);
    assert!(out.stderr.contains("there is no profile file nowhere.toml"), "{out}");
}

#[test]
fn only_formats_that_there_are_can_be_typed() {
    let sandbox = sandbox();
    assert!(sandbox.line("profile list -o csv").expect(64).stderr.contains("invalid value 'csv'"));
    assert!(sandbox.line("-o csv profile list").expect(64).stderr.contains("no output 'csv'"));
    // As a preference for all commands it is no mistake.
    let out = sandbox.emqstat(["profile", "list"]).env("EMQSTAT_OUTPUT", "csv").run().ok();
    assert!(out.starts_with("PROFILE "), "{out}");
    let out = sandbox.emqstat(["profile", "list"]).env("EMQSTAT_OUTPUT", "json").run().ok();
    assert!(out.starts_with('{'), "{out}");
    sandbox.line("profile remove prod --yes -o json").expect(64);
}
