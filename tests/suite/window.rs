//! `--window`: two looks at a deployment, and the rates between them. What a rate has to be is worked out from the
//! `window_seconds` that the same answer tells; nothing here knows how long a run takes.

use crate::harness::{Call, Outcome, Sandbox};
use crate::readme::simulate;
use crate::schema::{assert_valid, assert_valid_line};
use crate::server::{Answer, CLUSTER, DATA_INTEGRATION, Gate, Server};
use crate::view::{resources, rules, sample};
use serde_json::{Value, json};
use std::os::unix::process::ExitStatusExt;

const DECLARED_AS_GAUGES: &str = "# TYPE deployment_emqx_rule_matched_count gauge\n\
    # TYPE deployment_emqx_rule_action_execution_count gauge\n";

/// A server whose endpoints say these bodies, one after the other.
fn serving(target: &str, bodies: &[&str]) -> Server {
    let server = Server::start();
    server.on(target, bodies.iter().map(|body| Answer::metrics(*body)).collect::<Vec<_>>());
    server
}

fn call(sandbox: &Sandbox, server: &Server, args: &[&str]) -> Call {
    let call = sandbox.emqstat(args).args(["--endpoint", &server.endpoint(), "--retries", "0"]);
    call.env("EMQSTAT_APP_ID", "app").env("EMQSTAT_APP_SECRET", "secret")
}

/// `args` with a window, while `target` says these bodies.
fn look(target: &str, bodies: &[&str], args: &[&str]) -> Outcome {
    let (sandbox, server) = (Sandbox::new(), serving(target, bodies));
    call(&sandbox, &server, args).args(["--window", "100ms"]).run()
}

/// The one deployment of a valid document.
#[track_caller]
fn deployment(out: &Outcome) -> Value {
    let document = out.json();
    assert_valid(&document);
    assert_eq!(document["deployments"].as_array().unwrap().len(), 1, "{out}");
    document["deployments"][0].clone()
}

#[track_caller]
fn seconds(of: &Value) -> f64 {
    let seconds = of["window_seconds"].as_f64().unwrap_or_else(|| panic!("no window: {of:#}"));
    assert!(seconds >= 0.1, "a window is never shorter than was asked for: {seconds}");
    seconds
}

/// Whether `rate` says that something grew by `growth` in so many seconds.
#[track_caller]
fn assert_rate(rate: &Value, growth: f64, seconds: f64) {
    let rate = rate.as_f64().unwrap_or_else(|| panic!("no rate: {rate}"));
    let expected = growth / seconds;
    assert!((rate - expected).abs() <= expected * 1e-9, "{rate} is not {growth} in {seconds} s");
}

/// The rules `a` (grows), `b` (was reset), `quiet`, `gone`, `new`: before and after.
fn changing() -> [String; 2] {
    let before = [
        ("a", 1, [100, 40, 10, 60, 5]),
        ("b", 1, [900, 900, 900, 0, 0]),
        ("gone", 1, [9, 9, 9, 0, 0]),
        ("quiet", 1, [5000, 5000, 5000, 0, 0]),
    ];
    let after = [
        ("a", 1, [150, 60, 12, 90, 8]),
        ("b", 1, [30, 4, 0, 26, 0]),
        ("new", 1, [7, 7, 7, 0, 0]),
        ("quiet", 1, [5000, 5000, 5000, 0, 0]),
    ];
    [before.as_slice(), &after].map(|rows| DECLARED_AS_GAUGES.to_owned() + &rules(rows))
}

fn look_at_rules(args: &[&str]) -> Outcome {
    let [before, after] = changing();
    look(DATA_INTEGRATION, &[&before, &after], args)
}

#[test]
fn counts_of_rules_have_rates_whatever_they_are_declared_as() {
    let deployment = deployment(&look_at_rules(&["rules", "-o", "json"]).expect(0));
    let window = seconds(&deployment);
    let rule = |id: &str| deployment["rules"].as_array().unwrap().iter().find(|rule| rule["rule_id"] == id).unwrap();
    let growth = [50.0, 30.0, 20.0, 2.0, 18.0, 30.0, 27.0, 3.0];
    let counts = emqstat::deployment::RuleCount::ALL;
    for (count, growth) in counts.iter().zip(growth) {
        assert_rate(&rule("a")["rates"][count.name()], growth, window);
    }
    assert_eq!(rule("a")["matched"], 150, "totals stay");
    // What was reset has grown by what it is now.
    assert_rate(&rule("b")["rates"]["matched"], 30.0, window);
    assert_rate(&rule("b")["rates"]["failed"], 4.0, window);
    assert_eq!(rule("quiet")["rates"]["matched"], 0);
    for count in counts {
        assert_eq!(rule("new")["rates"][count.name()], Value::Null, "{count:?}");
    }
    assert_eq!(deployment["rules"].as_array().unwrap().len(), 4, "what is gone is gone");
}

#[test]
fn without_a_window_there_is_nothing_of_change() {
    let (sandbox, server) = (Sandbox::new(), serving(DATA_INTEGRATION, &[&changing()[0]]));
    for format in ["json", "jsonl", "csv"] {
        let out = call(&sandbox, &server, &["rules", "-o", format]).run().expect(0);
        assert!(
            !out.stdout.contains("rates") && !out.stdout.contains("window") && !out.stdout.contains("rate("),
            "{out}"
        );
    }
}

/// Bodies of the cluster: what grows, what falls, what one look alone tells of, what no catalog knows.
fn clusters() -> [String; 2] {
    let body = |values: &[(&str, &str)]| -> String {
        values.iter().map(|(name, value)| sample(&format!("deployment_emqx_{name}"), "d1", value)).collect()
    };
    let unknown = "# TYPE deployment_emqx_metrics_brand_new counter\n";
    let series = |a: u32| {
        let name = "deployment_emqx_metrics_client_disconnected_reason";
        format!("{name}{{deployment_id=\"d1\",reason=\"normal\"}} {a}\nlevel{{deployment_id=\"d1\",of=\"x\"}} {a}\n")
    };
    let before = body(&[
        ("metrics_messages_received", "1000"),
        ("metrics_messages_sent", "+Inf"),
        ("metrics_messages_publish", "5"),
        ("metrics_bytes_received", "1000000"),
        ("metrics_topics_count", "10"),
        ("metrics_messages_dropped", "700"),
        ("metrics_messages_dropped_no_subscribers", "700"),
        ("metrics_authentication_failure", "50"),
        ("metrics_packets_publish_error", "7"),
        ("metrics_authorization_deny", "3"),
        ("metrics_brand_new", "3"),
    ]);
    let after = body(&[
        ("metrics_messages_received", "1200"),
        ("metrics_messages_sent", "+Inf"),
        ("metrics_messages_delivered", "5"),
        ("metrics_bytes_received", "3000000"),
        ("metrics_topics_count", "25"),
        ("metrics_messages_dropped", "712"),
        ("metrics_messages_dropped_no_subscribers", "712"),
        ("metrics_authentication_failure", "50"),
        ("metrics_packets_publish_error", "7"),
        ("metrics_authorization_deny", "5"),
        ("metrics_brand_new", "10"),
    ]);
    [unknown.to_owned() + &before + &series(4), unknown.to_owned() + &after + &series(9)]
}

fn look_at_cluster(args: &[&str]) -> Outcome {
    let [before, after] = clusters();
    look(CLUSTER, &[&before, &after], args)
}

#[test]
fn what_only_grows_has_a_rate_under_its_own_name() {
    let deployment = deployment(&look_at_cluster(&["cluster", "-o", "json"]).expect(0));
    let window = seconds(&deployment);
    let rates = deployment["rates"]["metrics"].as_object().unwrap();
    for (name, growth) in [
        ("messages_received", 200.0),
        ("bytes_received", 2_000_000.0),
        ("messages_dropped", 12.0),
        ("messages_dropped_no_subscribers", 12.0),
        ("brand_new", 7.0),
    ] {
        assert_rate(&rates[name], growth, window);
    }
    assert_eq!(rates["authentication_failure"], 0);
    for name in ["messages_sent", "messages_publish", "messages_delivered", "topics_count"] {
        assert!(!rates.contains_key(name), "{name} has no rate");
    }
    assert_eq!((rates.len(), &deployment["rates"]["cluster"]), (8, &json!({})));
    let series = deployment["series"].as_array().unwrap();
    let rate = |name: &str| &series.iter().find(|one| one["name"].as_str().unwrap().ends_with(name)).unwrap()["rate"];
    assert_rate(rate("_reason"), 5.0, window);
    assert_eq!(rate("level"), &Value::Null);
}

#[test]
fn lines_and_csv_tell_the_same() {
    let lines = look_at_cluster(&["cluster", "-o", "jsonl"]).json_lines();
    lines.iter().for_each(assert_valid_line);
    let line = |name: &str| lines.iter().find(|line| line["name"] == name).unwrap();
    let received = line("metrics.messages_received");
    assert_rate(&received["rate"], 200.0, seconds(received));
    assert_eq!(line("metrics.topics_count")["rate"], Value::Null);

    let lines = look_at_rules(&["rules", "-o", "jsonl"]).json_lines();
    lines.iter().for_each(assert_valid_line);
    assert_rate(&lines[0]["rates"]["failed"], 20.0, seconds(&lines[0]));

    let csv = look_at_rules(&["rules", "-o", "csv"]).ok();
    let head = csv.lines().next().unwrap();
    assert!(
        head.starts_with("profile,deployment_id,window_seconds,rule_id,status,status_code,matched,rate(matched),"),
        "{csv}"
    );
    let columns = "rule_id,window_seconds,rate(failed)";
    let csv = look_at_rules(&["rules", "-o", "csv", "--columns", columns]).ok();
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0], columns.split(',').collect::<Vec<_>>());
    assert_rate(&json!(rows[1][2].parse::<f64>().unwrap()), 20.0, rows[1][1].parse().unwrap());
    assert_eq!((rows[3][0], rows[3][2]), ("new", ""));

    let csv = look_at_cluster(&["cluster", "-o", "csv"]).expect(0).stdout;
    assert!(
        csv.starts_with("profile,deployment_id,window_seconds,name,family,labels,value,rate(value),unit,"),
        "{csv}"
    );
}

#[test]
fn resources_have_a_window_and_no_rates() {
    let body = resources(&[("http:a", 1), ("http:b", 0)]);
    let look = |args: &[&str]| look(DATA_INTEGRATION, &[&body, &body], args);
    let deployment = deployment(&look(&["resources", "-o", "json"]).expect(0));
    seconds(&deployment);
    assert_eq!(deployment["rates"], Value::Null);
    look(&["resources", "-o", "jsonl"]).json_lines().iter().for_each(assert_valid_line);
}

#[test]
fn which_rule_is_failing_now() {
    let ids = |args: &[&str]| {
        let out = look_at_rules(&[&["rules", "--columns", "rule_id", "--no-headers"], args].concat()).ok();
        out.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    // `quiet` has failed most of all, and `new` has no rate yet.
    assert_eq!(ids(&["--sort", "-failed"]), ["quiet", "a", "new", "b"]);
    assert_eq!(ids(&["--sort", "-rate(failed)"]), ["a", "b", "quiet", "new"]);
    assert_eq!(ids(&["--sort=rate( failed )"]), ["quiet", "b", "a", "new"]);
    assert_eq!(ids(&["--filter", "rate(failed) > 0", "--sort", "-rate(failed)"]), ["a", "b"]);
    assert_eq!(ids(&["--filter", "rate(exception)>0"]), ["a"]);
    assert_eq!(ids(&["--filter", "rate(rules.failed) > 0", "--filter", "window_seconds < 3600"]).len(), 4);
    assert_eq!(ids(&["--filter", "rate(rules.failed) < 0"]), [""; 0]);
    // Without a wish, what fails now comes first, by its share; of what is new the total counts.
    assert_eq!(ids(&[])[0], "a");
}

#[test]
fn metrics_are_sorted_and_filtered_by_their_rates() {
    let args =
        ["cluster", "--columns", "name", "--no-headers", "--filter", "rate(value) > 0", "--sort", "-rate(value)"];
    let names = look_at_cluster(&args).expect(0).stdout;
    let names: Vec<&str> = names.lines().collect();
    assert_eq!(names[..2], ["metrics.bytes_received", "metrics.messages_received"]);
    assert_eq!(names.len(), 7, "{names:?}");
}

#[test]
fn what_tells_of_change_needs_a_window() {
    let (sandbox, server) = (Sandbox::new(), serving(DATA_INTEGRATION, &[&changing()[0]]));
    for (args, window, message, hint) in [
        (["rules", "--sort", "-rate(failed)"], false, "'rate(failed)' is about change", "--window 10s"),
        (["rules", "--columns", "rule_id,rate(failed)"], false, "'rate(failed)' is about change", "--window 10s"),
        (["rules", "--filter", "rate(failed) > 0"], false, "'rate(failed) > 0' is about change", "--window 10s"),
        (["rules", "--filter", "window_seconds > 0"], false, "'window_seconds > 0' is about change", "--window 10s"),
        (["cluster", "--sort", "rate(value)"], false, "'rate(value)' is about change", "--window 10s"),
        (
            ["rules", "--sort", "rate(status_code)"],
            true,
            "status_code does not only grow",
            "rate(matched), rate(passed)",
        ),
        (["rules", "--filter", "rate(status_code) > 0"], true, "status_code does not only grow", "takes a counter"),
        (["resources", "--columns", "rate(status)"], true, "status does not only grow and has no rate", ""),
        (["cluster", "--filter", "rate(metrics.topics_count) > 0"], true, "topics_count does not only grow", "counter"),
        (
            ["rules", "--columns", "rate(faild)"],
            true,
            "there is no column 'rate(faild)'",
            "did you mean rate(failed) or",
        ),
    ] {
        let call = call(&sandbox, &server, &args);
        let out = if window { call.args(["--window", "100ms"]) } else { call }.run().expect(64);
        assert!(out.stderr.contains(message) && out.stderr.contains(hint) && out.stdout.is_empty(), "{out}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn a_window_that_cannot_be_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("a.prom", &changing()[0]);
    for (args, message) in [
        ("rules --demo --window 0", "--window 0 leaves no time in which anything could change"),
        ("rules --demo --window 61m", "--window is longer than 1 h"),
        ("rules --input a.prom --window 1s", "a saved scrape does not change"),
        ("rules --demo --window 10", "'10' is not a duration"),
        ("scrape --demo --window 1s", "unexpected argument '--window'"),
        ("explain --window 1s", "unexpected argument '--window'"),
    ] {
        let out = sandbox.line(args).expect(64);
        assert!(out.stderr.contains(message) && out.stdout.is_empty(), "{out}");
    }
}

#[test]
fn a_first_look_that_failed_leaves_the_totals() {
    let (sandbox, server, [_, after]) = (Sandbox::new(), Server::start(), changing());
    let answers = || vec![Answer::status(500), Answer::metrics(after.as_str())];
    server.on(DATA_INTEGRATION, answers());
    let out = call(&sandbox, &server, &["rules", "-o", "json", "--window", "1h"]).run().expect(0);
    let deployment = deployment(&out);
    assert_eq!((&deployment["rules"][0]["matched"], &deployment["window_seconds"]), (&json!(150), &Value::Null));
    assert_eq!(deployment["rules"][0]["rates"]["matched"], Value::Null);
    let document = out.json();
    assert_eq!(document["errors"], json!([]));
    let warning = document["warnings"][0]["message"].as_str().unwrap();
    assert!(warning.starts_with("no rates: the first of two scrapes failed: ") && warning.contains("500"), "{out}");
    assert!(out.stderr.contains("no rates: the first of two scrapes failed"), "{out}");
    assert_eq!(document["warnings"].as_array().unwrap().len(), 1);

    server.on(DATA_INTEGRATION, answers());
    let args = ["rules", "--window", "1h", "--columns", "rule_id,failed,rate(failed)", "--no-headers"];
    let table = call(&sandbox, &server, &args).run().expect(0);
    assert_eq!(table.stdout.split_whitespace().take(3).collect::<Vec<_>>(), ["quiet", "5000", "-"]);
}

#[test]
fn a_second_look_that_failed_is_the_error() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    server.on(DATA_INTEGRATION, [Answer::metrics(changing()[0].as_str()), Answer::status(401)]);
    let out = call(&sandbox, &server, &["rules", "-o", "json", "--window", "100ms"]).run().expect(77);
    let document = out.json();
    assert_valid(&document);
    assert_eq!((&document["deployments"], &document["warnings"]), (&json!([]), &json!([])));
    assert_eq!((document["errors"].as_array().unwrap().len(), &document["errors"][0]["code"]), (1, &json!("denied")));
}

#[test]
fn a_deployment_that_the_first_look_did_not_tell_of_has_no_rates() {
    let [before, after] = changing();
    let other = before.replace("gde1d4ab", "c0ffee00");
    let out = look(DATA_INTEGRATION, &[&other, &after], &["rules", "-o", "json"]).expect(0);
    assert_eq!(deployment(&out)["window_seconds"], Value::Null);
    assert!(out.stderr.contains("no rates: the first of two scrapes did not tell of this deployment"), "{out}");
}

#[test]
fn of_several_deployments_each_has_its_own_rates() {
    let [before, after] = changing();
    let (sandbox, good) = (Sandbox::new(), serving(DATA_INTEGRATION, &[&before, &after]));
    let late = Server::start();
    late.on(DATA_INTEGRATION, [Answer::status(500), Answer::metrics(after.as_str())]);
    let profile = |name: &str, server: &Server| {
        format!(
            "[profiles.{name}]\nendpoint = \"{}\"\napp_id = \"a\"\napp_secret = \"s\"\nretries = 0\n",
            server.endpoint()
        )
    };
    sandbox.profiles(&(profile("good", &good) + &profile("late", &late)));
    let out = sandbox.line("rules -o json -p late,good --window 100ms").expect(0);
    let document = out.json();
    assert_valid(&document);
    let [late_one, good_one] = document["deployments"].as_array().unwrap().as_slice() else { panic!("{out}") };
    assert_eq!(late_one["window_seconds"], Value::Null);
    assert_rate(&good_one["rules"][0]["rates"]["failed"], 20.0, seconds(good_one));
    assert_eq!(document["warnings"][0]["profile"], "late");
    assert_eq!((good.connections(), good.requests().len()), (1, 2), "the second look goes over the same connection");
}

#[test]
fn waiting_is_told_of_and_can_be_interrupted() {
    let [before, after] = changing();
    let out = look(DATA_INTEGRATION, &[&before, &after], &["rules", "-v"]).expect(0);
    assert!(out.stderr.contains("note: asking again in ") && out.stderr.contains(", --window 100 ms"), "{out}");

    let (sandbox, server, gate) = (Sandbox::new(), Server::start(), Gate::closed());
    server.on(DATA_INTEGRATION, Answer::metrics(before.as_str()).behind(&gate));
    let running = call(&sandbox, &server, &["rules", "--window", "1h"]).start();
    gate.wait_for(1);
    gate.open();
    running.signal("INT");
    let (status, _) = running.wait();
    assert_eq!(status.signal(), Some(2), "which a shell calls 130");
}

fn shown(target: &str, bodies: &[String; 2], args: &[&str], width: u16) -> String {
    let (sandbox, server) = (Sandbox::new(), serving(target, &[&bodies[0], &bodies[1]]));
    call(&sandbox, &server, args)
        .args(["--window", "100ms"])
        .terminal(width)
        .env("NO_COLOR", "1")
        .run()
        .expect(0)
        .stdout
}

/// Without line ends.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn rates_of_rules_outlast_totals_on_a_narrow_screen() {
    let at = |width| shown(DATA_INTEGRATION, &changing(), &["rules"], width);
    let narrow = at(60);
    let heading = narrow.lines().nth(1).unwrap();
    assert_eq!(
        heading.split_whitespace().collect::<Vec<_>>(),
        ["ID", "STATUS", "MATCHED/s", "EXCEPTION/s", "FAILED/s"]
    );
    assert!(flat(&narrow).contains("hidden at this width: matched, passed, rate(passed), exception, "), "{narrow}");
    let cells = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let text = |line: &str| line.trim_start_matches(['✓', '!', '?', '✗', ' ']).to_owned();
    let row = |id: &str| cells(&narrow.lines().map(text).find(|line| line.starts_with(id)).unwrap());
    assert_eq!(row("quiet"), ["quiet", "enabled", "0", "0", "0"]);
    assert_eq!(row("new"), ["new", "enabled", "-", "-", "-"]);
    let number = |text: &str| text.replace(',', "").parse::<f64>().unwrap();
    let (total, a, b) = (row("total"), row("a"), row("b"));
    let sum = number(&a[2]) + number(&b[2]);
    assert!((number(&total[1]) - sum).abs() <= 1.5, "each is rounded: {narrow}");
    assert!(flat(&narrow).contains("; rates over 1"), "{narrow}");
    let wide = at(200);
    for heading in ["MATCHED  MATCHED/s", "FAILED  FAILED/s", "EXCEPTION  EXCEPTION/s"] {
        assert!(wide.contains(heading), "{wide}");
    }
}

#[test]
fn the_overview_tells_of_now() {
    let at = |width| shown(CLUSTER, &clusters(), &["cluster"], width);
    let row = |text: &str, label: &str| {
        let line = text.lines().find(|line| line.trim_start_matches(['!', '?', ' ']).starts_with(label));
        line.unwrap_or_else(|| panic!("no {label}: {text}")).split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    let wide = at(80);
    for said in [
        " 12 messages dropped within 1",
        "(6 %): 12 no subscribers\n",
        " no authentication failed within 1",
        "; rates over 1",
    ] {
        assert!(wide.contains(said), "{said}: {wide}");
    }
    let cells = row(&wide, "messages dropped");
    let cells: Vec<String> = cells.into_iter().filter(|cell| cell != "?").collect();
    assert!(cells[2] == "712" && cells[3].starts_with('+') && cells[3].ends_with("/s"), "{wide}");
    let failure = row(&wide, "authentication failure");
    assert!(failure.ends_with(&["50".to_owned(), "0/s".to_owned()]), "what failed long ago is told, too: {wide}");
    let marked = |label: &str| wide.lines().any(|line| line.starts_with('?') && line.contains(label));
    assert!(marked("authorization denied") && !marked("PUBLISH"), "a share of what did not come is unknown: {wide}");
    assert_eq!(row(&wide, "messages delivered"), ["messages", "delivered", "5", "-"]);
    assert_eq!(row(&wide, "topics"), ["topics", "25", "-"], "no peak, and no rate of what falls as well");
    assert!(row(&wide, "volume")[3].starts_with('+') && row(&wide, "volume")[4].ends_with("iB/s"), "{wide}");
    assert!(row(&wide, "metrics.brand_new")[2].starts_with('+'), "{wide}");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let sandbox = Sandbox::new();
    for width in [60_u16, 80, 120, 200] {
        for args in ["cluster", "cluster --all", "rules"] {
            let line = format!("{args} --demo --window 100ms");
            let text = sandbox.emqstat(line.split(' ')).terminal(width).env("NO_COLOR", "1").run().ok();
            for line in text.lines() {
                assert!(line.chars().count() <= width.into(), "{width}: {line}\n{text}");
            }
            let is_told = flat(&text).contains("Where it says /s, totals are hidden");
            assert_eq!(is_told, args == "cluster" && width <= 80, "{width} {args}: {text}");
        }
    }
}

#[test]
fn the_simulated_deployment_tells_which_rule_is_failing() {
    let sandbox = Sandbox::new();
    let _server = simulate(&sandbox, &["prod"], &["--speed", "600", "--rules", "30", "--outage", "never"]);
    let args = ["rules", "--window", "300ms", "--sort", "-rate(failed)", "-o", "json"];
    let deployment = deployment(&sandbox.run(args).expect(0));
    let rates: Vec<f64> =
        deployment["rules"].as_array().unwrap().iter().map(|rule| rule["rates"]["failed"].as_f64().unwrap()).collect();
    assert_eq!(rates.len(), 30);
    assert!(rates[0] > 0.0 && rates.is_sorted_by(|a, b| a >= b), "{rates:?}");
    let table = sandbox.run(["rules", "--window", "300ms", "--filter", "rate(failed) > 0"]).ok();
    assert!(table.lines().count() > 1, "{table}");
}
