//! The published JSON Schema and the documents that it describes.
//!
//! The schema lets objects have fields that it does not know, since fields are added within a version. Here it
//! is made strict first: a field that the schema does not tell of is a fault.

use crate::harness::{Outcome, Sandbox};
use crate::server::{Answer, CLUSTER, DATA_INTEGRATION, Server};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::path::Path;

fn published() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/emqstat.v1.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Closes every object. Parts that are joined by `allOf` have no `type`, and stay open.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.values_mut().for_each(close);
            let kinds = object.get("type").map(ToString::to_string).unwrap_or_default();
            if kinds.contains("\"object\"") && !object.contains_key("additionalProperties") {
                object.insert("unevaluatedProperties".into(), json!(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// The strict schema of one definition.
fn strict(definition: &str) -> Validator {
    let mut schema = published();
    close(&mut schema);
    assert!(schema["$defs"].get(definition).is_some(), "the schema has no {definition}");
    schema.as_object_mut().unwrap().remove("oneOf");
    schema["$ref"] = json!(format!("#/$defs/{definition}"));
    jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap()
}

/// Fails with everything that is wrong with `document` by the strict schema of its kind, and by the published one.
#[track_caller]
pub fn assert_valid(document: &Value) {
    let kind = document["kind"].as_str().unwrap_or_else(|| panic!("no kind: {document}"));
    let faults: Vec<String> = strict(&format!("{kind}_document"))
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{}\n{document:#}", faults.join("\n"));
    assert!(jsonschema::draft202012::is_valid(&published(), document), "no kind of the published schema: {document:#}");
}

/// As [`assert_valid`], for a line of JSON lines.
#[track_caller]
pub fn assert_valid_line(line: &Value) {
    let faults: Vec<String> = strict("line").iter_errors(line).map(|error| error.to_string()).collect();
    assert!(faults.is_empty(), "{}\n{line:#}", faults.join("\n"));
}

#[test]
fn the_schema_is_one() {
    let schema = published();
    jsonschema::meta::validate(&schema).unwrap();
    let words: Vec<Value> = emqstat::exit::Exit::ALL.iter().map(|exit| json!(exit.word())).collect();
    assert_eq!(schema["$defs"]["code"]["enum"], Value::Array(words), "the words of the exit-code table");
}

/// The strict schema accepts what the wire format's description shows, and nothing beside it.
#[test]
fn the_strict_schema_refuses_what_it_does_not_tell_of() {
    let document = json!({
        "schema_version": 1, "kind": "rules", "generated_at": "2026-11-22T06:51:07.123Z",
        "deployments": [{
            "profile": "prod", "endpoint": "https://emqx.example.com:8443/api/v5",
            "deployment_id": "gde1d4ab", "deployment_type": "dedicated", "platform": "aliyun_en",
            "scraped_at": "2026-11-22T06:51:07.101Z", "duration_ms": 83.1,
            "rules": [{
                "rule_id": "rule-3394ce25", "status": "enabled", "status_code": 1, "matched": 0, "passed": null,
                "failed": "NaN", "exception": 0, "no_result": 0, "actions_taken": 0, "actions_success": 0,
                "actions_failed": 0, "action_failure_share": null,
            }],
            "series": [],
        }],
        "errors": [], "warnings": [],
    });
    assert_valid(&document);
    let validator = strict("rules_document");
    for (place, value) in [
        ("/deployments/0/rules/0/matched", json!("0")),
        ("/deployments/0/rules/0/surprise", json!(0)),
        ("/deployments/0/surprise", json!(0)),
        ("/surprise", json!(0)),
        ("/generated_at", json!("2026-11-22T06:51:07Z")),
        ("/schema_version", json!(2)),
        ("/errors/0", json!({"code": "ok"})),
    ] {
        let mut wrong = document.clone();
        let (parent, name) = place.rsplit_once('/').unwrap();
        match wrong.pointer_mut(parent).unwrap() {
            Value::Object(object) => drop(object.insert(name.to_owned(), value)),
            Value::Array(items) => items.push(value),
            _ => unreachable!("{place}"),
        }
        assert!(!validator.is_valid(&wrong), "{place}");
    }
}

const SAMPLES: [&str; 2] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/sample-cluster.prom"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/sample-data-integration.prom"),
];

/// Every view of what `more` names, as a document and as lines: valid, and ending with `code`.
fn assert_views_valid(sandbox: &Sandbox, more: &[&str], code: i32) {
    let run = |view: &[&str]| -> Outcome {
        let call = sandbox.emqstat(view).args(more).env("EMQSTAT_APP_ID", "app").env("EMQSTAT_APP_SECRET", "secret");
        call.run().expect(code)
    };
    for view in ["cluster", "rules", "resources"] {
        assert_valid(&run(&[view, "-o", "json"]).json());
        run(&[view, "-o", "jsonl"]).json_lines().iter().for_each(assert_valid_line);
    }
    assert_valid(&run(&["scrape", "-o", "json"]).json());
}

#[test]
fn what_a_deployment_says_is_valid() {
    assert_views_valid(&Sandbox::new(), &["--demo"], 0);
}

#[test]
fn what_saved_scrapes_say_is_valid() {
    let [cluster, integration] = SAMPLES;
    assert_views_valid(&Sandbox::new(), &["--input", cluster, "--input", integration], 0);
}

/// Values that JSON has no number for, states without a name, families without a catalog, timestamps, odd ids.
#[test]
fn what_is_odd_is_valid() {
    let sandbox = Sandbox::new();
    let odd = sandbox.write(
        "odd.prom",
        "# HELP deployment_emqx_metrics_messages_received quoted \\\\ \\n help
# TYPE deployment_emqx_metrics_messages_received counter
deployment_emqx_metrics_messages_received{deployment_id=\"d\"} NaN
deployment_emqx_metrics_messages_sent +Inf
deployment_emqx_sessions{deployment_id=\"d\"} -Inf
deployment_emqx_metrics_new_family{deployment_id=\"d\",topic=\"a\\\"b\"} 1.5 1700000000000
rule_status{deployment_id=\"d\",rule_id=\"r\"} 7
rule_matched_rate{deployment_id=\"d\",rule_id=\"r\"} 0.5
resource_status{deployment_id=\"d\",resource_id=\"no_colon\"} 2.5
go_gc_seconds{quantile=\"0.5\"} 1e-9
go_gc_seconds{quantile=\"0.5\"} 2e-9
",
    );
    let odd = odd.to_str().unwrap();
    assert_views_valid(&sandbox, &["--input", odd], 0);
    let cluster = sandbox.run(["cluster", "-o", "json", "--input", odd]).json();
    assert_eq!(cluster["warnings"].as_array().unwrap().len(), 3, "two values, and a series twice: {cluster:#}");
    assert!(cluster.to_string().contains("\"NaN\"") && cluster.to_string().contains("\"-Inf\""), "{cluster:#}");
}

#[test]
fn what_failed_is_valid() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    server.on(CLUSTER, Answer::status(401).body("{\"code\":\"BAD_API_KEY_OR_SECRET\",\"message\":\"no\"}"));
    server.on(DATA_INTEGRATION, Answer::status(401));
    assert_views_valid(&sandbox, &["--endpoint", &server.endpoint()], 77);
    sandbox.profiles("[profiles.prod]\nendpoint = 5\n");
    assert_views_valid(&sandbox, &["--profile", "prod"], 78);
    assert_views_valid(&sandbox, &["--input", "missing.prom"], 66);
}

#[test]
fn what_is_said_of_profiles_is_valid() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    let run = |args: &str, code: i32| assert_valid(&sandbox.line(args).expect(code).json());
    run("profile list -o json", 0);
    run("profile show -o json", 78);
    let endpoint = server.endpoint();
    sandbox.profiles(&format!(
        "default = \"prod\"
[defaults]
timeout = \"2s\"
[profiles.prod]
endpoint = \"{endpoint}\"
app_id = \"app\"
app_secret = \"secret\"
[[profiles.prod.checks]]
name = \"drops\"
when = \"metrics.messages_dropped > 10\"
severity = \"warning\"
[profiles.later]
endpoint = \"https://emqx.example/api/v5\"
app_id = \"app\"
app_secret_env = \"LATER\"
[profiles.wrong]
endpoint = 5
"
    ));
    run("profile list -o json", 78);
    run("profile show prod -o json --retries 1", 0);
    run("profile show later -o json", 0);
    run("profile show wrong -o json", 78);
    run("profile test later -o json", 78);
    server.on(CLUSTER, Answer::metrics("deployment_emqx_sessions_count 1\n"));
    run("profile test prod -o json", 65);
    server.on(DATA_INTEGRATION, Answer::metrics(""));
    run("profile test prod -o json", 0);
}
