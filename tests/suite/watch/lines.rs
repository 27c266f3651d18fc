//! Ticks that are written one after the other.

use super::{LABELS, cluster, integration, server, watch};
use crate::harness::Sandbox;
use crate::schema::assert_valid;
use crate::server::{Answer, CLUSTER, DATA_INTEGRATION, Gate, Server};
use serde_json::{Value, json};

#[test]
fn a_tick_is_one_object_on_warm_connections() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    server.on(CLUSTER, [cluster(10), cluster(30), cluster(60)]).on(DATA_INTEGRATION, integration(5, true));
    let out = watch(&sandbox, &server, "--count 3 -o jsonl").run().expect(0);
    assert_eq!(out.stderr, "");
    let ticks = out.json_lines();
    ticks.iter().for_each(assert_valid);
    assert_eq!(ticks.iter().map(|tick| tick["tick"].clone()).collect::<Vec<_>>(), [1, 2, 3]);
    let deployment = |tick: usize| &ticks[tick]["deployments"][0];
    assert_eq!(deployment(2)["metrics"]["messages_received"], 60);
    assert_eq!(deployment(2)["rules"][0]["matched"], 5);
    assert_eq!(deployment(2)["resources"][0]["status"], "connected");
    assert_eq!(deployment(2)["stale"], false);
    // One look has no rates; two have, over the time that passed.
    assert_eq!((&deployment(0)["rates"], &deployment(0)["window_seconds"]), (&Value::Null, &Value::Null));
    let (rate, window) = (&deployment(1)["rates"]["metrics"]["messages_received"], &deployment(1)["window_seconds"]);
    let grown = rate.as_f64().unwrap() * window.as_f64().unwrap();
    // The window is that of the endpoint whose two answers are further apart.
    assert!(grown > 19.9, "{rate} {window}");
    assert_eq!(deployment(1)["rules"][0]["rates"]["matched"], 0);
    assert_eq!(deployment(0)["health"]["status"], "unknown", "no number of nodes was received");
    assert_eq!((server.requests().len(), server.connections()), (6, 2));
}

#[test]
fn a_view_asks_for_its_endpoint_and_no_more() {
    let (sandbox, server) = (Sandbox::new(), server());
    for (view, path, has, has_not) in [
        ("cluster", CLUSTER, "metrics", "rules"),
        ("rules", DATA_INTEGRATION, "rules", "resources"),
        ("resources", DATA_INTEGRATION, "resources", "metrics"),
    ] {
        let before = server.requests().len();
        let tick = watch(&sandbox, &server, &format!("{view} --count 1 -o json")).run().expect(0).json();
        assert_valid(&tick);
        assert_eq!((&tick["kind"], &tick["view"]), (&json!("watch"), &json!(view)));
        let deployment = &tick["deployments"][0];
        assert!(deployment[has].is_array() || deployment[has].is_object(), "{tick}");
        assert!(deployment.get(has_not).is_none() && deployment.get("health").is_none(), "{tick}");
        let asked: Vec<String> = server.requests().drain(before..).map(|request| request.target).collect();
        assert_eq!(asked, [path]);
    }
}

#[test]
fn tables_are_appended_without_control_codes() {
    let (sandbox, server) = (Sandbox::new(), server());
    let out = watch(&sandbox, &server, "resources --count 2").run().ok();
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].ends_with("UTC, tick 1") && lines[4].ends_with("UTC, tick 2"), "{out}");
    assert_eq!(lines[1], "  RESOURCE_ID  TYPE  NAME  STATUS");
    assert_eq!(lines[2], "✓ http:c1      http  c1    connected");
    assert_eq!((lines[3], lines.len()), ("", 7), "{out}");
    assert!(!out.contains('\u{1b}'));
    let bare = watch(&sandbox, &server, "resources --count 2 --no-headers").run().ok();
    assert_eq!(bare, "http:c1  http  c1  connected\nhttp:c1  http  c1  connected\n");
    let overview = watch(&sandbox, &server, "--count 1").run().ok();
    assert!(overview.contains("DEPLOYMENT") && overview.contains("gde1d4ab"), "{overview}");
}

#[test]
fn rows_are_chosen_and_sorted_as_in_the_view_by_rates_too() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    let lines = |filter: &str| {
        server.on(DATA_INTEGRATION, [integration(5, true), integration(9, true)]);
        let call = watch(&sandbox, &server, "rules --count 2 --no-headers --columns rule_id,matched");
        call.args(["--filter", filter]).run().ok()
    };
    assert_eq!(lines("rate(matched) > 0"), "r1  9\n");
    assert_eq!(lines("rate(matched) > 1e9"), "");
}

/// One endpoint fails: it is told, its last numbers stay with their age, and the other one goes on.
#[test]
fn what_fails_keeps_its_last_numbers() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    server
        .on(CLUSTER, [cluster(10), cluster(20), cluster(30)])
        .on(DATA_INTEGRATION, [integration(5, true), Answer::status(500), integration(6, true)]);
    let out = watch(&sandbox, &server, "--count 4 -o jsonl").run().expect(0);
    let ticks = out.json_lines();
    ticks.iter().for_each(assert_valid);
    let (first, second) = (&ticks[0]["deployments"][0], &ticks[1]["deployments"][0]);
    assert_eq!(ticks[1]["errors"][0]["code"], "unavailable");
    assert_eq!((&second["stale"], &second["endpoints"]["cluster"]["stale"]), (&json!(true), &json!(false)));
    assert_eq!(second["endpoints"]["data_integration"]["stale"], true);
    assert_eq!(second["rules"], json!([with_rates(&first["rules"][0], Value::Null)]), "the last good numbers");
    assert_eq!(second["scraped_at"], first["endpoints"]["data_integration"]["scraped_at"], "as old as the oldest");
    assert_eq!(second["metrics"]["messages_received"], 20, "the other endpoint goes on");
    assert_eq!(second["health"]["status"], "unknown");
    let last = &ticks[3]["deployments"][0];
    assert_eq!((&ticks[3]["errors"], &last["stale"]), (&json!([]), &json!(false)));
    assert_eq!(last["rules"][0]["matched"], 6);
    let told: Vec<&str> = out.stderr.lines().filter(|line| !line.starts_with("hint")).collect();
    assert!(told.len() == 2 && told[0].starts_with("error: ") && told[1].ends_with("answers again"), "{out}");
}

fn with_rates(rule: &Value, rate: Value) -> Value {
    let mut rule = rule.clone();
    rule["rates"].as_object_mut().unwrap().values_mut().for_each(|value| *value = rate.clone());
    rule
}

/// Series are kept of an endpoint that fails, each once, beside what the other endpoint says now; what an endpoint that answers
/// does not send any more is gone.
#[test]
fn series_of_an_endpoint_that_fails_stand_beside_those_of_the_other() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    let body = |values: &[(&str, u64)]| {
        let line = |(kind, value): &(&str, u64)| format!("depth{{{LABELS},kind=\"{kind}\"}} {value}\n");
        values.iter().map(line).collect::<String>()
    };
    // Of no rule, and so of rules.
    let integration =
        |values: &[(&str, u64)]| Answer::metrics(format!("# TYPE deployment_emqx_rule_status gauge\n{}", body(values)));
    let body = |values: &[(&str, u64)]| Answer::metrics(body(values));
    server.on(CLUSTER, [body(&[("a", 1), ("b", 2)]), body(&[("a", 3), ("b", 4)]), body(&[("a", 5)])]);
    server.on(DATA_INTEGRATION, [integration(&[("c", 6), ("d", 7)]), Answer::status(500), integration(&[("d", 8)])]);
    let ticks = watch(&sandbox, &server, "--count 4 -o jsonl").run().expect(0).json_lines();
    let series = |tick: usize| -> Vec<String> {
        let all = ticks[tick]["deployments"][0]["series"].as_array().unwrap().iter();
        all.map(|one| format!("{} {}", one["labels"]["kind"], one["value"]).replace('"', "")).collect()
    };
    assert_eq!(series(1), ["a 3", "b 4", "c 6", "d 7"]);
    assert_eq!(series(3), ["a 5", "d 8"]);
    server.on(CLUSTER, [body(&[("a", 1), ("b", 2)]), body(&[("a", 3)])]);
    let ticks = watch(&sandbox, &server, "cluster --count 2 -o jsonl").run().expect(0).json_lines();
    assert_eq!(ticks[1]["deployments"][0]["series"].as_array().unwrap().len(), 1);
}

/// However long a server asks not to be asked, ticks go on, tell of it and count.
#[test]
fn a_server_that_asks_for_an_hour_holds_up_nobody() {
    for wait in ["3600", "18446744073709551615"] {
        let (sandbox, good, bad) = (Sandbox::new(), server(), Server::start());
        bad.on(CLUSTER, Answer::status(429).header("Retry-After", wait));
        let out = watch(&sandbox, &bad, "cluster --count 3 -o jsonl").run().expect(75);
        let ticks = out.json_lines();
        assert_eq!((ticks.len(), bad.requests().len()), (3, 1), "{out}");
        assert!(ticks.iter().all(|tick| tick["errors"][0]["code"] == "try_later"), "{out}");
        let out = watch(&sandbox, &bad, "cluster --max-failures 2 -o jsonl").run().expect(75);
        assert_eq!(out.json_lines().len(), 2);
        watch(&sandbox, &bad, "cluster --deadline 2s -o jsonl").run().expect(75);
        profiles(&sandbox, &good, &bad);
        let out = sandbox.line("watch cluster -p good,bad --interval 5ms --count 5 -o jsonl").expect(75);
        assert!(good.requests().len() >= 2 && out.json_lines().len() == 5, "{out}");
        let failed = watch(&sandbox, &bad, "cluster --until metrics.bytes_sent==1 --deadline 50ms -o jsonl").run();
        assert_eq!(failed.code, 2, "{failed}");
    }
}

#[test]
fn a_deadline_ends_a_watch_that_waits_for_nothing() {
    let (sandbox, good) = (Sandbox::new(), server());
    let out = watch(&sandbox, &good, "cluster --deadline 2s -o jsonl").run().expect(0);
    assert!(!out.json_lines().is_empty());
}

/// Who fails is asked less often: of the ticks of a healthy deployment some have nothing new of the other.
#[test]
fn who_goes_on_failing_is_asked_less_often() {
    let (sandbox, good, bad) = (Sandbox::new(), server(), Server::start());
    bad.on(CLUSTER, Answer::status(500));
    profiles(&sandbox, &good, &bad);
    let out = sandbox.line("watch cluster -p good,bad --interval 5ms --count 40 -o jsonl").expect(69);
    assert_eq!(out.json_lines().last().unwrap()["errors"][0]["code"], "unavailable", "it stays told");
    let (asked, answered) = (bad.requests().len(), good.requests().len());
    assert!(asked * 2 <= answered, "{asked} of {answered}");
}

fn profiles(sandbox: &Sandbox, good: &Server, bad: &Server) {
    let profile = |name: &str, server: &Server| {
        format!("[profiles.{name}]\nendpoint = \"{}\"\napp_id = \"a\"\napp_secret = \"s\"\n", server.endpoint())
    };
    sandbox.profiles(&(profile("good", good) + &profile("bad", bad)));
}

/// Nobody is asked twice at the same time, and nobody waits for the slow.
#[test]
fn a_slow_deployment_holds_up_nobody_and_is_asked_once() {
    let (sandbox, good, slow) = (Sandbox::new(), server(), Server::start());
    let gate = Gate::closed();
    slow.on(CLUSTER, cluster(1).behind(&gate)).on(DATA_INTEGRATION, integration(1, true).behind(&gate));
    profiles(&sandbox, &good, &slow);
    let call = sandbox.line_call("watch -p good,bad --interval 20ms --timeout 60s -o jsonl");
    let mut running = call.start();
    gate.wait_for(2);
    let profiles_of = |line: Option<String>| -> Vec<Value> {
        let tick: Value = serde_json::from_str(&line.unwrap()).unwrap();
        tick["deployments"].as_array().unwrap().iter().map(|one| one["profile"].clone()).collect()
    };
    for _ in 0..5 {
        assert_eq!(profiles_of(running.next_line()), ["good"]);
    }
    assert_eq!(slow.requests().len(), 2, "once each endpoint");
    gate.open();
    while profiles_of(running.next_line()) != ["good", "bad"] {}
    running.signal("INT");
    assert_eq!(running.wait().0.code(), Some(130));
}

#[test]
fn it_gives_up_after_so_many_failures_in_a_row() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    server.on(CLUSTER, Answer::status(503).header("Retry-After", "0")).on(DATA_INTEGRATION, Answer::status(503));
    let out = watch(&sandbox, &server, "--max-failures 2 -o jsonl").run().expect(75);
    assert_eq!(out.json_lines().len(), 2);
    assert!(out.stderr.contains("error: given up: nobody has answered in 2 rounds"), "{out}");
    assert_eq!(server.requests().len(), 4, "the next tick is the next attempt");
}

#[test]
fn what_is_wrong_with_the_settings_ends_it() {
    let sandbox = Sandbox::new();
    let out = sandbox.line("watch -o jsonl").expect(78);
    let ticks = out.json_lines();
    assert_eq!((ticks.len(), &ticks[0]["errors"][0]["code"]), (1, &json!("config")));
    assert_valid(&ticks[0]);
    assert!(out.stderr.contains("error: "), "{out}");
}

#[test]
fn the_last_tick_decides_the_exit_status() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    server.on(CLUSTER, [cluster(1), Answer::status(401)]);
    let out = watch(&sandbox, &server, "cluster --count 2 -o jsonl").run().expect(77);
    assert_eq!(out.json_lines()[1]["deployments"][0]["metrics"]["messages_received"], 1);
}

#[test]
fn signals_end_every_wait() {
    let (sandbox, server) = (Sandbox::new(), server());
    for signal in ["INT", "TERM", "HUP"] {
        let mut running = watch(&sandbox, &server, "-o jsonl --interval 1h").start();
        running.next_line().unwrap();
        running.signal(signal);
        let (status, stderr) = running.wait();
        assert_eq!((status.code(), stderr.as_str()), (Some(130), ""), "{signal}");
    }
    // Also that for an answer.
    let gate = Gate::closed();
    server.on(CLUSTER, cluster(1).behind(&gate));
    let running = watch(&sandbox, &server, "cluster").start();
    gate.wait_for(1);
    running.signal("TERM");
    assert_eq!(running.wait().0.code(), Some(130));
}

#[test]
fn a_reader_that_has_enough_ends_it_quietly() {
    let (sandbox, server) = (Sandbox::new(), server());
    let endpoint = server.endpoint();
    let script = format!("(emqstat watch -o jsonl --interval 20ms --endpoint {endpoint}; echo $? >&2) | head -n 1");
    let out = sandbox.shell(&script).env("EMQSTAT_APP_ID", "app").env("EMQSTAT_APP_SECRET", "secret").run().expect(0);
    assert_eq!((out.stdout.lines().count(), out.stderr.as_str()), (1, "0\n"));
}

#[test]
fn what_means_nothing_here_is_refused() {
    let sandbox = Sandbox::new();
    for (line, said) in [
        ("watch --demo -o csv", "invalid value 'csv'"),
        ("-o csv watch --demo", "this command has no output 'csv'"),
        ("watch --demo --filter x>1", "the overview has no rows for --filter to choose from"),
        ("watch --demo --for 1s", "--until"),
        ("watch --demo --until nothing.here==1", "there is no field 'nothing.here'"),
        ("watch --demo --until rate(resources.down)>1", "has no rate"),
        ("watch --demo --interval 0", "nothing can be asked without a pause"),
        ("watch --demo --count 0", "--count"),
        ("watch --input x.prom", "--input"),
        ("watch --demo --window 10s", "--window"),
    ] {
        let out = sandbox.line(line).expect(64);
        assert!(out.stderr.contains(said) && out.stdout.is_empty(), "{out}");
    }
}
