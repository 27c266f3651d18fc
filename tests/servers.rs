//! What is exported, tried with the programs that it is for: `cargo test --features servers --test servers`.
//!
//! They are those of Debian 12: prometheus (with promtool), prometheus-alertmanager, victoria-metrics. Everything stays
//! on loopback, on free ports, in a temporary folder. With `EMQSTAT_TEST_REFRESH=1` what Prometheus tells in the end is
//! painted into docs/dashboard.svg.

// A test fails by panicking, and one binary has nobody to export to.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr
)]

#[path = "suite/harness.rs"]
mod harness;
#[path = "servers/paint.rs"]
mod paint;

use harness::{Outcome, Port, Running, Sandbox};
use serde_json::Value;
use std::time::{Duration, Instant};

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
    const SUCCESS: Series = ("rule_action_execution_count{rule_id=\"r\",execution_status=\"success\"", "0+300x40");
    const MATCHED: Series = ("rule_matched_count{rule_id=\"r\",match_status=\"matched\"", "0+300x40");
    const SENT: Series = ("metrics_messages_sent", "0+300x40");
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
            // More than twenty in a hundred is for a stricter check.
            vec![("rule_action_execution_count{rule_id=\"r\",execution_status=\"failed\"", "0+6x40"), SUCCESS],
            vec![("rule_action_execution_count{rule_id=\"r\",execution_status=\"failed\"", ONCE), SUCCESS],
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
            vec![("rule_matched_count{rule_id=\"r\",match_status=\"exception\"", GROWS), MATCHED],
            vec![("rule_matched_count{rule_id=\"r\",match_status=\"exception\"", ONCE), MATCHED],
        ),
        ("EmqxQueueFullDrops", "warning") => {
            let all =
                |full| vec![("metrics_delivery_dropped_queue_full", full), ("metrics_delivery_dropped", full), SENT];
            // Of fewer than fifty deliveries in five minutes nothing is said.
            let few = vec![
                ("metrics_delivery_dropped_queue_full", "0+1x40"),
                ("metrics_delivery_dropped", "0+1x40"),
                ("metrics_messages_sent", "0+3x40"),
            ];
            (all(GROWS), few)
        }
        ("EmqxOtherDrops", "warning") => {
            let all = |dropped, no_subscribers| {
                vec![
                    ("metrics_messages_dropped", dropped),
                    ("metrics_messages_dropped_no_subscribers", no_subscribers),
                    ("metrics_delivery_dropped", "7+33x40"),
                    ("metrics_delivery_dropped_no_local", "5+11x40"),
                    ("metrics_delivery_dropped_queue_full", "1+22x40"),
                    ("metrics_messages_received", "0+10x40"),
                    ("metrics_messages_sent", "0+10x40"),
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
            let all = |deny| vec![("metrics_authorization_deny", deny), ("metrics_authorization_allow", "0+300x40")];
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
                    "summary": "prod (d): 1 resource down",
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

/// What answers on loopback, asked as a person's browser would, without any proxy.
struct Api(ureq::Agent, String);

impl Api {
    fn new(port: &Port) -> Api {
        let agent =
            ureq::Agent::config_builder().proxy(None).timeout_global(Some(Duration::from_secs(10))).build().new_agent();
        Api(agent, format!("http://{}", port.address()))
    }

    /// The `data` of Prometheus' answer; `None` where nothing answers yet.
    fn get(&self, path: &str, query: &[(&str, &str)]) -> Option<Value> {
        Some(self.json(path, query)?["data"].take())
    }

    fn json(&self, path: &str, query: &[(&str, &str)]) -> Option<Value> {
        let Api(agent, origin) = self;
        let request = agent.get(format!("{origin}{path}")).query_pairs(query.iter().copied());
        let text = request.call().ok()?.body_mut().read_to_string().ok()?;
        serde_json::from_str(&text).ok()
    }

    /// What an expression gives now: one value a series.
    fn query(&self, expr: &str) -> Vec<Value> {
        let data = self.get("/api/v1/query", &[("query", expr)]).unwrap_or_else(|| panic!("refused: {expr}"));
        data["result"].as_array().cloned().unwrap_or_default()
    }
}

/// Waits until `holds`; what it gives. Two minutes are long for anything here.
fn until<T>(what: &str, mut holds: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        if let Some(value) = holds() {
            return value;
        }
        assert!(Instant::now() < deadline, "not within two minutes: {what}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// A panel's expression as Grafana sends it with everything chosen.
fn filled_in(expr: &str) -> String {
    let mut expr = expr.replace("$__rate_interval", "10s");
    for variable in ["$platform", "$deployment", "$rule", "$resource"] {
        expr = expr.replace(&format!("\"{variable}\""), "\".*\"");
    }
    assert!(!expr.contains('$'), "{expr}");
    expr
}

/// An alert's expression without its threshold, which on a healthy deployment nothing passes.
fn without_threshold(expr: &str) -> &str {
    let expr = expr.split_once(" unless ").map_or(expr, |(own, _)| &own[1..own.len() - 1]);
    // A share is judged where there is enough that it is one of.
    let expr = expr.strip_prefix('(').and_then(|share| share.split_once(") and ")).map_or(expr, |(share, _)| share);
    let cut = [" > ", " < ", " == "].iter().filter_map(|sign| expr.rfind(sign)).max();
    expr.split_at(cut.unwrap_or(expr.len())).0
}

#[test]
fn a_prometheus_sees_the_deployment_and_its_trouble() {
    let sandbox = Sandbox::new();
    let (_simulated, told) = simulate(&sandbox, "--outage 20s+20s");
    sandbox.profiles(&format!(
        "[profiles.sim]\nendpoint = {}\napp_id = {}\napp_secret = {}\nca_cert = {:?}\n",
        told["endpoint"],
        told["app_id"],
        told["app_secret"],
        sandbox.home().join("ca.pem"),
    ));
    let alertmanager_port = Port::reserve();
    let export = ["export", "prometheus", "--full", "--interval", "1s", "--secrets", "s", "--write-secrets", "-O", "."];
    sandbox.emqstat(export).args(["--alertmanager", &alertmanager_port.address().to_string()]).run().ok();
    let alerts = sandbox.line("export alerts").ok();
    // How long an alert has to last is tried elsewhere; here it need not be waited for.
    sandbox.write("emqx-alerts.yml", alerts.replace("for: \"2m\"", "for: \"1s\""));
    promtool(&sandbox, "check config prometheus.yml").expect(0);

    sandbox.write("am.yml", "route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n");
    let flags = ["--config.file=am.yml", "--storage.path=am", "--cluster.listen-address="];
    let alertmanager = sandbox.program(&program("prometheus-alertmanager"), flags);
    let _alertmanager = alertmanager.arg(format!("--web.listen-address={}", alertmanager_port.address())).start();
    let alertmanager = Api::new(&alertmanager_port);

    let port = Port::reserve();
    let flags = ["--config.file=prometheus.yml", "--storage.tsdb.path=data"];
    let prometheus = sandbox.program(&program("prometheus"), flags);
    let _prometheus = prometheus.arg(format!("--web.listen-address={}", port.address())).start();
    let api = Api::new(&port);

    until("both targets are up", || {
        let targets = api.get("/api/v1/targets", &[])?;
        let up = targets["activeTargets"].as_array()?.iter().filter(|target| target["health"] == "up").count();
        (up == 2).then_some(())
    });
    until("each was scraped five times and every rule was evaluated", || {
        let scraped = api.query("count_over_time(up[1m]) >= 5").len() == 2;
        let rules = api.get("/api/v1/rules", &[])?;
        let unknown = rules.to_string().contains("\"health\":\"unknown\"");
        (scraped && !unknown).then_some(())
    });

    let rules = api.get("/api/v1/rules", &[]).unwrap();
    let rules: Vec<&Value> =
        rules["groups"].as_array().unwrap().iter().flat_map(|group| group["rules"].as_array().unwrap()).collect();
    assert!(rules.len() > 20, "{}", rules.len());
    for rule in rules {
        assert_eq!(rule["health"], "ok", "{rule}");
        let expr = without_threshold(rule["query"].as_str().unwrap());
        assert!(!api.query(expr).is_empty(), "no data: {expr}");
    }

    let dashboard: Value = sandbox.line("export grafana").expect(0).json();
    let mut asked = 0;
    let all = dashboard["panels"].as_array().unwrap().iter();
    let folded = all.clone().flat_map(|panel| panel["panels"].as_array().into_iter().flatten());
    for panel in all.chain(folded).filter(|panel| panel["type"] != "row") {
        let mut has_data = false;
        for target in panel["targets"].as_array().unwrap() {
            let expr = filled_in(target["expr"].as_str().unwrap());
            let empty = api.query(&expr).is_empty();
            // What the platform's later page tells of and its samples do not have, nobody serves.
            let sent = emqstat::deployment::catalog::all()
                .filter(|entry| entry.seen.contains(&emqstat::deployment::catalog::Provenance::Sample))
                .any(|entry| expr.contains(&format!("{}{{", entry.family())) || !expr.contains("deployment_emqx_"));
            assert!(!empty || !sent, "no data in '{}': {expr}", panel["title"]);
            has_data |= !empty;
            asked += 1;
        }
        assert!(has_data, "'{}' is empty", panel["title"]);
    }
    assert!(asked > 100, "{asked}");

    until("Alertmanager was told, in words", || {
        let alerts = alertmanager.json("/api/v2/alerts", &[])?;
        let is_it = |summary: &str| summary.starts_with("sim (") && summary.ends_with("): 1 resource down");
        let is_told = |alert: &Value| alert["annotations"]["summary"].as_str().is_some_and(is_it);
        alerts.as_array()?.iter().any(is_told).then_some(())
    });
    let firing = "ALERTS{alertname=\"EmqxResourcesDown\",alertstate=\"firing\",profile=\"sim\"}";
    until("the alert fired", || (!api.query(&format!("count_over_time({firing}[10m])")).is_empty()).then_some(()));
    until("the alert is over", || api.query(firing).is_empty().then_some(()));
    assert!(api.query("deployment_emqx_resource_status == 0").is_empty());
    if std::env::var_os("EMQSTAT_TEST_REFRESH").is_some() {
        // Rates over five minutes rise until Prometheus has seen five; what is drawn comes after them.
        for scrapes in [100, 200, 300, 400] {
            let enough = format!("count_over_time(up[10m]) >= {scrapes}");
            until("there is enough to paint", || (!api.query(&enough).is_empty()).then_some(()));
        }
        refresh_the_picture(&api, &dashboard);
    }
}

/// Paints the first rows of the dashboard, from what Prometheus has seen until now.
fn refresh_the_picture(api: &Api, dashboard: &Value) {
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let panels = panels.filter(|panel| panel["gridPos"]["y"].as_u64().unwrap() < PAINTED_ROWS);
    let painted: Vec<(&Value, Vec<paint::Line>)> = panels.map(|panel| (panel, lines(api, panel))).collect();
    let title = "The first panels of the exported dashboard, drawn from a Prometheus' answers";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/dashboard.svg");
    std::fs::write(path, paint::svg(title, &painted)).unwrap();
}

/// So many rows of the dashboard's grid are in the picture.
const PAINTED_ROWS: u64 = 35;

/// What a panel draws: each series of each of its expressions over the last minute and a half.
fn lines(api: &Api, panel: &Value) -> Vec<paint::Line> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let (start, end) = ((now - 90).to_string(), now.to_string());
    let mut lines = Vec::new();
    for target in panel["targets"].as_array().into_iter().flatten() {
        let expr = filled_in(target["expr"].as_str().unwrap());
        let query = [("query", expr.as_str()), ("start", &start), ("end", &end), ("step", "2")];
        let data = api.get("/api/v1/query_range", &query).unwrap_or_else(|| panic!("refused: {expr}"));
        for series in data["result"].as_array().unwrap() {
            let mut legend = target["legendFormat"].as_str().unwrap().to_owned();
            for (label, value) in series["metric"].as_object().unwrap() {
                legend = legend.replace(&format!("{{{{{label}}}}}"), value.as_str().unwrap());
            }
            let points = series["values"].as_array().unwrap().iter();
            let points = points.map(|point| (point[0].as_f64().unwrap(), point[1].as_str().unwrap().parse().unwrap()));
            lines.push(paint::Line { legend, points: points.collect() });
        }
    }
    lines
}

/// `promtool check metrics` also judges names, which are the vendor's: it then ends with 3. That it can read everything is what
/// counts.
#[test]
fn promtool_reads_what_the_simulator_serves() {
    let sandbox = Sandbox::new();
    for endpoint in ["cluster", "data-integration"] {
        let body = sandbox.run(["--demo", "scrape", endpoint]).expect(0).stdout;
        let out = sandbox.program(&program("promtool"), ["check", "metrics"]).stdin(body).run();
        assert!([0, 3].contains(&out.code) && !out.stderr.contains("parsing error"), "{out}");
    }
    let broken = sandbox.program(&program("promtool"), ["check", "metrics"]).stdin("a b c\n").run();
    assert_eq!(broken.code, 1, "{broken}");
}

#[test]
fn promtool_takes_the_report_for_a_textfile_collector() {
    let sandbox = Sandbox::new();
    let out = sandbox.line("check --demo --window 100ms --report prometheus=emqx.prom");
    assert!(out.code <= 3, "{out}");
    let promtool = program("promtool");
    let checked = sandbox.shell(&format!("{promtool} check metrics < emqx.prom")).run();
    assert!(checked.code == 0 && checked.stdout.is_empty() && checked.stderr.is_empty(), "{checked}");
}
