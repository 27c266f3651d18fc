//! JSON, JSON lines and CSV.

use super::{CLUSTER, DATA_INTEGRATION, files, samples};
use crate::schema::{assert_valid, assert_valid_line};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Name and value of every sample, read the simplest way there is.
fn samples_of(body: &str) -> BTreeMap<String, f64> {
    let lines = body.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let pair = |line: &str| {
        let (name, rest) = line.split_once('{').unwrap();
        (name.to_owned(), rest.rsplit(' ').next().unwrap().parse().unwrap())
    };
    lines.map(pair).collect()
}

#[test]
fn every_family_of_the_sample_is_in_the_document_and_no_other() {
    let document = samples().line("cluster --input cluster.prom -o json").json();
    assert_valid(&document);
    let deployment = &document["deployments"][0];
    let numbers = |map: &str, prefix: &str| {
        let map = deployment[map].as_object().unwrap().clone();
        map.into_iter().map(|(name, value)| (format!("{prefix}{name}"), value.as_f64().unwrap())).collect::<Vec<_>>()
    };
    let mut found: BTreeMap<String, f64> = numbers("cluster", "deployment_emqx_").into_iter().collect();
    found.extend(numbers("metrics", "deployment_emqx_metrics_"));
    assert_eq!(found, samples_of(CLUSTER));
    assert_eq!((found.len(), deployment["series"].as_array().unwrap().len()), (123, 0));
}

#[test]
fn the_rule_of_the_sample_is_as_documented() {
    let document = samples().line("rules --input di.prom -o json").json();
    assert_valid(&document);
    let deployment = &document["deployments"][0];
    assert_eq!(
        deployment["rules"],
        json!([{
            "rule_id": "rule-3394ce25", "status": "enabled", "status_code": 1,
            "matched": 0, "passed": 0, "failed": 0, "exception": 0, "no_result": 0,
            "actions_taken": 0, "actions_success": 0, "actions_failed": 0, "action_failure_share": null,
        }])
    );
    for (name, value) in [
        ("profile", Value::Null),
        ("endpoint", Value::Null),
        ("deployment_id", json!("gde1d4ab")),
        ("deployment_type", json!("dedicated")),
        ("platform", json!("aliyun_en")),
        ("duration_ms", Value::Null),
        ("series", json!([])),
    ] {
        assert_eq!(deployment[name], value, "{name}");
    }
    let resources = samples().line("resources --input di.prom -o json").json();
    assert_valid(&resources);
    assert_eq!(
        resources["deployments"][0]["resources"],
        json!([{
            "resource_id": "http:connector-fe4fb3d3", "type": "http", "name": "connector-fe4fb3d3",
            "status": "connected", "status_code": 1,
        }])
    );
}

#[test]
fn fields_stand_in_their_order() {
    let text = samples().line("rules --input di.prom -o json").ok();
    let names = [
        "schema_version",
        "kind",
        "generated_at",
        "deployments",
        "profile",
        "endpoint",
        "deployment_id",
        "deployment_type",
        "platform",
        "scraped_at",
        "duration_ms",
        "rules",
        "rule_id",
        "status",
        "status_code",
        "matched",
        "passed",
        "failed",
        "exception",
        "no_result",
        "actions_taken",
        "actions_success",
        "actions_failed",
        "series",
        "errors",
        "warnings",
    ];
    let places: Vec<usize> = names.iter().map(|name| text.find(&format!("\"{name}\":")).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
    assert_eq!(text.lines().count(), 1, "one line in a pipe");
    let on_terminal = samples().emqstat("rules --input di.prom -o json".split(' ')).terminal(80).run().ok();
    assert!(on_terminal.starts_with("{\n  \"schema_version\": 1,\n"), "{on_terminal}");
}

#[test]
fn numbers_keep_their_worth() {
    let body = "deployment_emqx_metrics_a{deployment_id=\"d\"} 1.2e+06\n\
        deployment_emqx_metrics_b{deployment_id=\"d\"} NaN\n\
        deployment_emqx_metrics_c{deployment_id=\"d\"} +Inf\n\
        deployment_emqx_metrics_d{deployment_id=\"d\"} -inf\n\
        deployment_emqx_metrics_e{deployment_id=\"d\"} 0.25\n\
        deployment_emqx_metrics_f{deployment_id=\"d\"} 9007199254740991\n";
    let sandbox = files(&[("a.prom", body)]);
    let out = sandbox.line("cluster --input a.prom -o json");
    assert_valid(&out.json());
    let numbers = r#""metrics":{"a":1200000,"b":"NaN","c":"+Inf","d":"-Inf","e":0.25,"f":9007199254740991}"#;
    assert!(out.stdout.contains(numbers), "{out}");
    let csv = sandbox.line("cluster --input a.prom -o csv --columns value --no-headers").ok();
    assert_eq!(csv, "1200000\nNaN\n+Inf\n-Inf\n0.25\n9007199254740991\n");
}

#[test]
fn what_no_field_holds_is_a_series() {
    let body = "deployment_emqx_metrics_client_disconnected_reason{deployment_id=\"d\",reason=\"kicked\"} 4\n\
        up{instance=\"a\"} 1\n";
    let document = files(&[("a.prom", body)]).line("cluster --input a.prom -o json").json();
    assert_valid(&document);
    let series: Vec<&Value> =
        document["deployments"].as_array().unwrap().iter().flat_map(|one| one["series"].as_array().unwrap()).collect();
    let reason = json!({"name": "deployment_emqx_metrics_client_disconnected_reason", "labels": {"reason": "kicked"},
        "value": 4});
    let up = json!({"name": "up", "labels": {"instance": "a"}, "value": 1});
    assert!(series.contains(&&reason) && series.contains(&&up), "{document:#}");
}

#[test]
fn what_was_not_received_is_null() {
    let document = samples().line("cluster --input di.prom -o json").json();
    assert_valid(&document);
    let deployment = &document["deployments"][0];
    assert_eq!((&deployment["cluster"], &deployment["metrics"]), (&Value::Null, &Value::Null));
    let rules = samples().line("rules --input cluster.prom -o json").json();
    assert_valid(&rules);
    assert_eq!(rules["deployments"][0]["rules"], Value::Null);
}

#[test]
fn each_line_is_complete_in_itself() {
    let metrics = samples().line("cluster --input cluster.prom -o jsonl").json_lines();
    assert_eq!(metrics.len(), 123);
    metrics.iter().for_each(assert_valid_line);
    let traffic = metrics.iter().find(|line| line["name"] == "metrics.bytes_received").unwrap();
    let expected = json!({"family": "deployment_emqx_metrics_bytes_received", "labels": {}, "value": 330,
        "unit": "bytes", "group": "traffic", "type": "counter", "deployment_id": "b9110d11"});
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&traffic[name], value, "{name}");
    }
    for view in ["rules", "resources"] {
        let lines = samples().line(&format!("{view} --input di.prom -o jsonl")).json_lines();
        assert_eq!((lines.len(), &lines[0]["kind"]), (1, &json!(view)));
        assert_valid_line(&lines[0]);
    }
}

#[test]
fn csv_has_a_line_of_names_and_a_line_a_row() {
    insta::assert_snapshot!(samples().line("rules --input di.prom -o csv").ok(), @r"
    profile,deployment_id,rule_id,status,status_code,matched,passed,failed,exception,no_result,actions_taken,actions_success,actions_failed,action_failure_share,matched_rate
    ,gde1d4ab,rule-3394ce25,enabled,1,0,0,0,0,0,0,0,0,,
    ");
    insta::assert_snapshot!(samples().line("resources --input di.prom -o csv").ok(), @r"
    profile,deployment_id,resource_id,type,name,status,status_code
    ,gde1d4ab,http:connector-fe4fb3d3,http,connector-fe4fb3d3,connected,1
    ");
    let cluster = samples().line("cluster --input cluster.prom -o csv").ok();
    assert_eq!(cluster.lines().count(), 124);
    assert!(cluster.starts_with("profile,deployment_id,name,family,labels,value,unit,group,type\n"), "{cluster}");
}

#[test]
fn a_family_has_the_name_that_it_came_under() {
    let body = "deployment_emqx_connections_count 1\nemqx_bytes_sent 2\ndeployment_emqx_metrics_bytes_received 3\n";
    let line = "cluster --input a.prom -o csv --no-headers --columns name,family";
    assert_eq!(
        files(&[("a.prom", body)]).line(line).ok(),
        "cluster.connections_count,deployment_emqx_connections_count\n\
         metrics.bytes_received,deployment_emqx_metrics_bytes_received\nmetrics.bytes_sent,emqx_bytes_sent\n"
    );
}

#[test]
fn csv_quotes_what_would_break_it() {
    let body = DATA_INTEGRATION.replace("rule-3394ce25", "a,\\\"b\\\"\\nc");
    let csv =
        files(&[("a.prom", &body)]).line("rules --input a.prom -o csv --columns rule_id,status --no-headers").ok();
    assert_eq!(csv, "\"a,\"\"b\"\"\nc\",enabled\n");
}

#[test]
fn a_scrape_of_any_server_is_told_whole() {
    let body = "# HELP http_seconds How long\\nit took\n# TYPE http_seconds histogram\n\
        http_seconds_bucket{le=\"1\"} 3 1700000000000\nhttp_seconds_sum 1.5\nhttp_seconds_count 3\n\
        # TYPE lonely gauge\nplain 7\n";
    let document = files(&[("a.prom", body)]).line("scrape --input a.prom -o json").json();
    assert_valid(&document);
    assert_eq!(
        document["scrapes"][0]["families"],
        json!([
            {"name": "http_seconds", "type": "histogram", "help": "How long\nit took", "samples": [
                {"name": "http_seconds_bucket", "labels": {"le": "1"}, "value": 3, "timestamp_ms": 1_700_000_000_000_u64},
                {"name": "http_seconds_sum", "labels": {}, "value": 1.5, "timestamp_ms": null},
                {"name": "http_seconds_count", "labels": {}, "value": 3, "timestamp_ms": null},
            ]},
            {"name": "lonely", "type": "gauge", "help": null, "samples": []},
            {"name": "plain", "type": "untyped", "help": null, "samples": [
                {"name": "plain", "labels": {}, "value": 7, "timestamp_ms": null},
            ]},
        ])
    );
}
