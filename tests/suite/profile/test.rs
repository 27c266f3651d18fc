//! `profile test`: what works, step by step.

use crate::harness::{Outcome, Sandbox};
use crate::server::{Answer, CLUSTER, DATA_INTEGRATION, Server};
use serde_json::json;

const STEPS: [&str; 9] =
    ["file", "secret", "name_lookup", "connection", "proxy", "tls", "sign_in", "cluster", "data_integration"];

fn sandbox(endpoint: &str, more: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.profiles(&format!("[profiles.prod]\nendpoint = \"{endpoint}\"\napp_id = \"me\"\n{more}\n"));
    sandbox
}

/// The status of each step.
fn statuses(out: &Outcome) -> Vec<(String, String)> {
    let steps = out.json()["test"]["steps"].as_array().unwrap().clone();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    steps.iter().map(|step| (text(&step["step"]), text(&step["status"]))).collect()
}

/// Every step up to `failed` is fine, but for those that there is no need of; none is taken after it.
#[track_caller]
fn assert_fails_at(out: &Outcome, failed: &str, not_needed: &[&str]) {
    let mut reached = false;
    let expected = STEPS.map(|step| {
        let status = match step {
            _ if step == failed => "failed",
            _ if reached || not_needed.contains(&step) => "skipped",
            _ => "ok",
        };
        reached |= step == failed;
        (step.to_owned(), status.to_owned())
    });
    assert_eq!(statuses(out), expected, "{out}");
    assert_eq!(out.json()["test"]["ok"], json!(false));
    assert_eq!(out.json()["errors"].as_array().unwrap().len(), 1, "{out}");
}

#[test]
fn every_step_that_works_is_told() {
    let server = Server::start_tls(["127.0.0.1"]);
    server.on(CLUSTER, [Answer::metrics("emqx_up 1\nemqx_down 0\n")]).on(DATA_INTEGRATION, [Answer::metrics("")]);
    let sandbox = sandbox(&server.endpoint(), "app_secret_file = \"secret\"\nca_cert = \"ca.pem\"");
    let folder = sandbox.profile_file().parent().unwrap().to_owned();
    sandbox.write(folder.join("secret"), "s3cret\n");
    sandbox.write(folder.join("ca.pem"), server.ca_pem());
    let out = sandbox.line("profile test prod -o json").expect(0);
    let document = out.json();
    assert_eq!(document["kind"], "profile_test");
    assert_eq!(document["path"], sandbox.profile_file().display().to_string());
    assert_eq!((&document["errors"], &document["test"]["ok"]), (&json!([]), &json!(true)));
    for step in document["test"]["steps"].as_array().unwrap() {
        let skipped = step["step"] == "proxy";
        assert_eq!(step["status"], if skipped { "skipped" } else { "ok" }, "{step}");
        assert_eq!(step["duration_ms"].is_null(), skipped, "{step}");
    }
    let message = |index: usize| document["test"]["steps"][index]["message"].as_str().unwrap().to_owned();
    assert!(message(1).starts_with(&format!("from file {}", folder.join("secret").display())), "{out}");
    assert_eq!(message(4), "no proxy in between");
    assert_eq!(message(7), "2 families, 2 samples");

    let table = sandbox.line("profile test prod").ok();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 10, "{table}");
    assert!(lines[0].starts_with("  STEP              RESULT"), "{table}");
    assert!(lines[5].starts_with("- proxy             skipped"), "{table}");
    assert!(lines[7].starts_with("✓ sign in           ok"), "{table}");

    let requests = server.requests();
    assert!(requests.iter().all(|request| request.header("authorization").is_some()));

    let out = sandbox.line("profile test prod nobody").expect(78);
    assert!(out.stdout.starts_with("prod\n") && out.stdout.contains("\nnobody\n"), "{out}");
    assert!(out.stdout.contains("✗ file"), "{out}");
    let document = sandbox.line("profile test prod nobody -o json").expect(78).json();
    crate::schema::assert_valid(&document);
    let ok: Vec<_> = document["tests"].as_array().unwrap().iter().map(|test| test["ok"].as_bool()).collect();
    assert_eq!((ok, &document["test"]), (vec![Some(true), Some(false)], &document["tests"][0]));
}

#[test]
fn the_first_failure_is_told_and_decides() {
    let sandbox = sandbox("https://127.0.0.1:1/api/v5", "app_secret_env = \"NOT_SET\"");
    let out = sandbox.line("profile test prod -o json").expect(78);
    assert_fails_at(&out, "secret", &[]);
    assert!(out.stderr.contains("error: prod: "), "{out}");
    assert!(out.stderr.contains(":4: app_secret_env: the environment variable NOT_SET is not set"), "{out}");

    let out = sandbox.line("profile test prdo -o json").expect(78);
    assert_fails_at(&out, "file", &[]);
    assert!(out.stderr.contains("hint: did you mean 'prod'?"), "{out}");

    let out = sandbox.emqstat("profile test -o json".split(' ')).env("NOT_SET", "s").run().expect(69);
    assert_fails_at(&out, "connection", &[]);
    assert_eq!(out.json()["errors"][0]["code"], "unavailable");
}

#[test]
fn a_certificate_that_is_not_trusted_fails_at_tls() {
    let server = Server::start_tls(["127.0.0.1"]);
    server.on(CLUSTER, [Answer::metrics("emqx_up 1\n")]).on(DATA_INTEGRATION, [Answer::metrics("")]);
    let sandbox = sandbox(&server.endpoint(), "app_secret = \"s\"");
    assert_fails_at(&sandbox.line("profile test -o json").expect(69), "tls", &["proxy"]);
    let out = sandbox.line("profile test --quiet --insecure -o json").expect(0);
    assert!(out.stderr.starts_with("warning: prod: certificates are not checked"), "{out}");
    assert_eq!(out.json()["warnings"][0]["profile"], "prod");
}

#[test]
fn a_ca_that_is_not_there_fails_at_tls() {
    let sandbox = sandbox("https://127.0.0.1:1/api", "app_secret = \"s\"\nca_cert = \"nowhere.pem\"");
    let out = sandbox.line("profile test -o json").expect(78);
    let failed: Vec<_> = statuses(&out).into_iter().filter(|(_, status)| status == "failed").collect();
    assert_eq!(failed, [("tls".to_owned(), "failed".to_owned())]);
}

#[test]
fn a_refused_sign_in_does_not_send_in_circles() {
    let server = Server::start();
    let body = r#"{"code":"BAD_API_KEY_OR_SECRET","message":"Check api_key/api_secret"}"#;
    server.on(CLUSTER, [Answer::status(401).header("Content-Type", "application/json").body(body)]);
    let sandbox = sandbox(&server.endpoint(), "app_secret = \"s\"");
    let out = sandbox.line("profile test -o json").expect(77);
    assert_fails_at(&out, "sign_in", &["proxy", "tls"]);
    assert!(out.stderr.contains("error: prod: sign-in refused (401 BAD_API_KEY_OR_SECRET)"), "{out}");
    assert!(out.stderr.contains("'emqstat profile add prod --force'"), "{out}");
    assert!(!out.stderr.contains("profile test"), "{out}");
}

#[test]
fn one_endpoint_may_work_without_the_other() {
    let server = Server::start();
    server.on(CLUSTER, [Answer::metrics("emqx_up 1\n")]).on(DATA_INTEGRATION, [Answer::metrics("not metrics\n")]);
    let sandbox = sandbox(&server.endpoint(), "app_secret = \"s\"");
    let out = sandbox.line("profile test -o json").expect(65);
    assert_fails_at(&out, "data_integration", &["proxy", "tls"]);
    assert!(out.stderr.contains("the answer is not metrics: line 1, column "), "{out}");
}

#[test]
fn an_address_outside_the_file_can_be_tested() {
    let server = Server::start();
    server.on(CLUSTER, [Answer::metrics("emqx_up 1\n")]).on(DATA_INTEGRATION, [Answer::metrics("")]);
    let out = Sandbox::new()
        .emqstat(["profile", "test", "-o", "json", "--endpoint", &server.endpoint()])
        .env("EMQSTAT_APP_ID", "me")
        .env("EMQSTAT_APP_SECRET", "s")
        .run()
        .expect(0);
    assert_eq!(out.json()["test"]["profile"], json!(null));
    assert_eq!(out.json()["test"]["steps"][0]["message"], "no profile: the address is from --endpoint");
}

#[test]
fn a_secret_s_command_is_run_without_a_shell_and_only_when_needed() {
    let server = Server::start();
    server.on(CLUSTER, [Answer::metrics("emqx_up 1\n")]).on(DATA_INTEGRATION, [Answer::metrics("")]);
    let sandbox =
        sandbox(&server.endpoint(), r#"app_secret_command = ["sh", "-c", "echo ran >>log; echo s; echo notes"]"#);
    sandbox.line("profile list").ok();
    sandbox.line("profile show").ok();
    assert!(!sandbox.home().join("log").exists());
    sandbox.line("profile test").ok();
    assert_eq!(std::fs::read_to_string(sandbox.home().join("log")).unwrap(), "ran\n");
    // me:s
    assert_eq!(server.requests()[0].header("authorization"), Some("Basic bWU6cw=="));
}
