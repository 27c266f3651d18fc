//! What is exported, tried with the programs that it is for: `cargo test --features servers --test servers`.
//!
//! They are those of Debian 12: prometheus (with promtool), prometheus-alertmanager, victoria-metrics. Everything stays
//! on loopback, on free ports, in a temporary folder.

#[path = "suite/harness.rs"]
mod harness;

use harness::{Outcome, Running, Sandbox};

/// Fails with what to install where the program `name` is not there.
fn program(name: &str) -> String {
    let path = format!("/usr/bin/{name}");
    assert!(
        std::path::Path::new(&path).exists(),
        "{name} is not installed; on Debian 12: apt-get install prometheus prometheus-alertmanager victoria-metrics"
    );
    path
}

fn promtool(sandbox: &Sandbox, args: &str) -> Outcome {
    sandbox.program(&program("promtool"), args.split_whitespace()).run()
}

/// Starts a simulated deployment that speaks TLS, with its CA in `ca.pem`: the server, and what it tells of itself.
fn simulate(sandbox: &Sandbox, args: &str) -> (Running, serde_json::Value) {
    let simulate = "simulate --port 0 --tls --ca-out ca.pem -o json";
    let mut running = sandbox.emqstat(simulate.split_whitespace()).args(args.split_whitespace()).start();
    let told = serde_json::from_str(&running.next_line().unwrap()).unwrap();
    (running, told)
}

const PROFILES: &str = r#"
[profiles.prod]
endpoint = "https://emqx.example.com:8443/api/v5"
app_id = "a\"b\\ # 'c"
app_secret = "hunter2"
[profiles.staging]
endpoint = "https://[::1]:8443/api"
app_id = "77aa01"
app_secret = "hunter3"
insecure = true
timeout = "45s"
"#;

#[test]
fn promtool_and_victoria_metrics_take_the_scrape_configuration() {
    let sandbox = Sandbox::new();
    sandbox.profiles(PROFILES);
    let _simulated = simulate(&sandbox, "");
    let export =
        "export prometheus --all-profiles --full --secrets s --write-secrets --ca-cert ca.pem -O prometheus.yml";
    sandbox.line(export).expect(0);
    sandbox.write("emqx-alerts.yml", "groups: []\n");
    let out = promtool(&sandbox, "check config prometheus.yml").expect(0);
    assert!(out.stdout.contains("prometheus.yml is valid prometheus config file syntax"), "{out}");

    let targets = sandbox.line("export prometheus --all-profiles --file-sd -O targets.json").expect(0);
    assert_eq!(targets.stdout, "");
    sandbox.write("sd.yml", "scrape_configs: [{job_name: emqx, file_sd_configs: [{files: [targets.json]}]}]\n");
    promtool(&sandbox, "check config sd.yml").expect(0);

    sandbox.line("export prometheus --all-profiles --secrets s --ca-cert ca.pem -O scrape.yml").expect(0);
    let flags = ["-promscrape.config=scrape.yml", "-promscrape.config.strictParse=true", "-dryRun"];
    sandbox.program(&program("victoria-metrics"), flags).run().expect(0);
}

/// A series and its values, as promtool writes them; `values` is one every half a minute.
type Series = (&'static str, &'static str);

/// Labels that the series of a deployment have.
const OF: &str = "deployment_id=\"d\",profile=\"prod\"";

/// What makes an alert fire, and what of the same kind does not; within a quarter of an hour.
fn scenario(alert: &str, severity: &str) -> (Vec<Series>, Vec<Series>) {
    const STILL: &str = "100x40";
    const GROWS: &str = "100+30x40";
    const ONCE: &str = "100 101x39";
    match (alert, severity) {
        ("EmqxNodesStopped", "critical") => {
            (vec![("metrics_cluster_nodes_stopped", "1x40")], vec![("metrics_cluster_nodes_stopped", "0x40")])
        }
        ("EmqxNodesRunning", "critical") => {
            (vec![("metrics_cluster_nodes_running", "2x40")], vec![("metrics_cluster_nodes_running", "3x40")])
        }
        ("EmqxResourcesDown", "critical") => (
            vec![("resource_status{resource_id=\"a\"", "1x40"), ("resource_status{resource_id=\"b\"", "1x10 0x30")],
            vec![("resource_status{resource_id=\"a\"", "1x40"), ("resource_status{resource_id=\"b\"", "0x10 1x30")],
        ),
        ("EmqxActionFailures", "warning") => (
            vec![("rule_action_execution_count{rule_id=\"r\",execution_status=\"failed\"", GROWS)],
            vec![("rule_action_execution_count{rule_id=\"r\",execution_status=\"failed\"", ONCE)],
        ),
        ("EmqxActionFailureShare", severity) => {
            let failed = "rule_action_execution_count{rule_id=\"r\",execution_status=\"failed\"";
            let success = "rule_action_execution_count{rule_id=\"r\",execution_status=\"success\"";
            match severity {
                "critical" => {
                    (vec![(failed, "0+6x40"), (success, "0+4x40")], vec![(failed, "0+4x40"), (success, "0+6x40")])
                }
                _ => (vec![(failed, "0+6x40"), (success, "0+94x40")], vec![(failed, "0+4x40"), (success, "0+96x40")]),
            }
        }
        ("EmqxRuleExceptions", "warning") => (
            vec![("rule_matched_count{rule_id=\"r\",match_status=\"exception\"", GROWS)],
            vec![("rule_matched_count{rule_id=\"r\",match_status=\"no_result\"", GROWS)],
        ),
        ("EmqxQueueFullDrops", "warning") => {
            (vec![("metrics_delivery_dropped_queue_full", GROWS)], vec![("metrics_delivery_dropped_queue_full", STILL)])
        }
        ("EmqxOtherDrops", "warning") => {
            let all = |dropped, no_subscribers| {
                vec![
                    ("metrics_messages_dropped", dropped),
                    ("metrics_messages_dropped_no_subscribers", no_subscribers),
                    ("metrics_delivery_dropped", "7+33x40"),
                    ("metrics_delivery_dropped_no_local", "5+11x40"),
                    ("metrics_delivery_dropped_queue_full", "1+22x40"),
                ]
            };
            (all("900+41x40", "800+40x40"), all("900+40x40", "800+40x40"))
        }
        ("EmqxSigninFailureShare", severity) => {
            let (failure, success) = ("metrics_authentication_failure", "metrics_client_auth_success");
            match severity {
                "critical" => {
                    (vec![(failure, "0+6x40"), (success, "0+4x40")], vec![(failure, "0+4x40"), (success, "0+6x40")])
                }
                _ => (vec![(failure, "0+2x40"), (success, "0+8x40")], vec![(failure, STILL), (success, STILL)]),
            }
        }
        ("EmqxAuthorizationRefusals", "warning") => {
            let all = |deny| {
                vec![
                    ("metrics_authorization_deny", deny),
                    ("metrics_packets_publish_auth_error", STILL),
                    ("metrics_packets_subscribe_auth_error", STILL),
                ]
            };
            (all(GROWS), all(STILL))
        }
        ("EmqxEndpointClusterUnreachable", "critical") => {
            (vec![("up{endpoint=\"cluster\"", "0x40")], vec![("up{endpoint=\"cluster\"", "1x28 0 1x11")])
        }
        ("EmqxEndpointDataIntegrationUnreachable", "critical") => {
            (vec![("up{endpoint=\"data_integration\"", "0x40")], vec![("up{endpoint=\"cluster\"", "0x40")])
        }
        ("EmqxEndpointCluster", severity) => {
            let series = "scrape_duration_seconds{endpoint=\"cluster\"";
            if severity == "critical" {
                (vec![(series, "11x40")], vec![(series, "10x40")])
            } else {
                (vec![(series, "7x40")], vec![(series, "6x40")])
            }
        }
        ("EmqxEndpointDataIntegration", severity) => {
            let series = "scrape_duration_seconds{endpoint=\"data_integration\"";
            if severity == "critical" {
                (vec![(series, "11x40")], vec![(series, "10x40")])
            } else {
                (vec![(series, "7x40")], vec![(series, "6x40")])
            }
        }
        ("sign-in storm", "critical") => (
            vec![("metrics_authentication_failure", "0+1530x40")],
            vec![("metrics_authentication_failure", "0+1470x40")],
        ),
        other => panic!("no scenario for {other:?}: write one"),
    }
}

/// The series with all its labels.
fn whole(series: &str) -> String {
    let prefixed = if series.starts_with("up") || series.starts_with("scrape_") {
        series.to_owned()
    } else {
        format!("deployment_emqx_{series}")
    };
    let comma = if prefixed.contains('{') { "," } else { "{" };
    format!("{prefixed}{comma}{OF}}}")
}

const ALERTING: &str = r#"
[profiles.prod]
endpoint = "https://emqx.example.com:8443/api/v5"
app_id = "a"
app_secret = "b"
min_nodes = 3
[[profiles.prod.checks]]
name = "sign-in storm"
when = "rate(metrics.authentication_failure) > 50"
severity = "critical"
"#;

#[test]
fn every_alert_fires_when_it_should_and_only_then() {
    let sandbox = Sandbox::new();
    sandbox.profiles(ALERTING);
    sandbox.line("export alerts -O emqx-alerts.yml").ok();
    let checked = promtool(&sandbox, "check rules --lint=all --lint-fatal emqx-alerts.yml").expect(0);

    // Every alert stands in the file as `- alert: "NAME"` with its severity some lines below.
    let text = std::fs::read_to_string(sandbox.home().join("emqx-alerts.yml")).unwrap();
    let quoted = |line: &str, key: &str| Some(line.trim().strip_prefix(key)?.trim_matches('"').to_owned());
    let names = text.lines().filter_map(|line| quoted(line, "- alert: "));
    let alerts: Vec<(String, String)> = names.zip(text.lines().filter_map(|line| quoted(line, "severity: "))).collect();
    let records = text.matches("- record: ").count();
    assert!(checked.stdout.contains(&format!("SUCCESS: {} rules found", alerts.len() + records)), "{checked}");

    let mut tests = Vec::new();
    for (name, severity) in &alerts {
        let (firing, quiet) = scenario(name, severity);
        for (series, count) in [(firing, 1), (quiet, 0)] {
            let input: Vec<_> = series
                .iter()
                .map(|(series, values)| serde_json::json!({ "series": whole(series), "values": values }))
                .collect();
            let expr = format!(
                "count(ALERTS{{alertname=\"{name}\",severity=\"{severity}\",profile=\"prod\",alertstate=\"firing\"}})"
            );
            let samples =
                if count == 1 { serde_json::json!([{ "labels": "{}", "value": 1 }]) } else { serde_json::json!([]) };
            tests.push(serde_json::json!({
                "name": format!("{name} {severity} {count}"),
                "interval": "30s",
                "input_series": input,
                "promql_expr_test": [{ "expr": expr, "eval_time": "15m", "exp_samples": samples }],
            }));
        }
    }
    let (firing, _) = scenario("EmqxResourcesDown", "critical");
    let input: Vec<_> = firing
        .iter()
        .map(|(series, values)| serde_json::json!({ "series": whole(series), "values": values }))
        .collect();
    let check = emqstat::health::find("resources_down").unwrap();
    tests.push(serde_json::json!({
        "name": "what an alert says",
        "interval": "30s",
        "input_series": input,
        "alert_rule_test": [{
            "eval_time": "15m",
            "alertname": "EmqxResourcesDown",
            "exp_alerts": [{
                "exp_labels": { "severity": "critical", "deployment_id": "d", "profile": "prod" },
                "exp_annotations": {
                    "summary": "prod: 1 resource down",
                    "description": format!("{} {}", check.why, check.advice),
                    "value": "1",
                    "affected": "b ",
                },
            }],
        }],
    }));
    // JSON is YAML.
    let file = serde_json::json!({ "rule_files": ["emqx-alerts.yml"], "evaluation_interval": "30s", "tests": tests });
    sandbox.write("tests.yml", file.to_string());
    promtool(&sandbox, "test rules tests.yml").expect(0);
}
