//! Waiting for a condition.

use super::{cluster, integration, server, watch};
use crate::harness::{Port, Sandbox};
use crate::server::{Answer, CLUSTER, DATA_INTEGRATION, Gate, Server};
use serde_json::Value;

#[test]
fn it_returns_as_soon_as_the_resource_is_back() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    let (down, up) = (integration(5, false), integration(5, true));
    server.on(DATA_INTEGRATION, [down.clone(), Answer::status(500), down, up]);
    let call = watch(&sandbox, &server, "resources --deadline 2m -o jsonl").args(["--until", "resources.down == 0"]);
    let out = call.run().expect(0);
    let ticks = out.json_lines();
    let status = |tick: &Value| tick["deployments"][0]["resources"][0]["status"].clone();
    let told: Vec<Value> = ticks.iter().map(status).collect();
    assert_eq!(told, ["disconnected", "disconnected", "disconnected", "connected"]);
    assert!(out.stderr.lines().last().unwrap().contains("resources.down is 0; it took"), "{out}");
    assert_eq!(server.requests().len(), 4);
}

/// Numbers that are kept because nobody answered are none to judge by.
#[test]
fn what_is_stale_is_not_true() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    server.on(DATA_INTEGRATION, [integration(5, true), Answer::status(500)]);
    let call =
        watch(&sandbox, &server, "resources --for 1ms --count 2 -o jsonl").args(["--until", "resources.up == 1"]);
    let out = call.run().expect(2);
    assert_eq!(out.json_lines()[1]["deployments"][0]["resources"][0]["status"], "connected");
    assert!(out.stderr.contains("'resources.up == 1' has not come true"), "{out}");
}

#[test]
fn a_deadline_ends_it_whatever_else_it_waits_for() {
    let (sandbox, server, gate) = (Sandbox::new(), Server::start(), Gate::closed());
    server.on(DATA_INTEGRATION, integration(5, true).behind(&gate));
    let call = watch(&sandbox, &server, "rules --deadline 50ms --interval 1h").args(["--until", "resources.down == 0"]);
    let out = call.run().expect(2);
    let said = "error: the deadline has passed, and 'resources.down == 0' has not come true: ";
    assert!(out.stderr.contains(said) && out.stderr.contains("has not answered"), "{out}");
}

#[test]
fn what_has_not_come_true_is_told_with_the_last_verdict() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    server.on(DATA_INTEGRATION, integration(5, false));
    let call = watch(&sandbox, &server, "rules --count 2").args(["--until", "resources.down == 0"]);
    let out = call.run().expect(2);
    let said = "error: that was the last tick, and 'resources.down == 0' has not come true: ";
    assert!(out.stderr.contains(said) && out.stderr.contains("resources.down is 1"), "{out}");
}

#[test]
fn it_has_to_hold_for_as_long_as_asked() {
    let (sandbox, server) = (Sandbox::new(), server());
    let out = watch(&sandbox, &server, "rules --until rules.total==1 --for 60ms -o jsonl").run().expect(0);
    assert!(out.json_lines().len() >= 2, "the first tick cannot be enough: {out}");
    let out = watch(&sandbox, &server, "rules --until rules.total==1 --for 1h --count 3 -o jsonl").run().expect(2);
    assert!(out.stderr.contains("(held for "), "{out}");
}

#[test]
fn rates_and_the_verdict_can_be_waited_for() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    server.on(CLUSTER, [cluster(10), cluster(10), cluster(999)]);
    let call = watch(&sandbox, &server, "cluster -o jsonl").args(["--until", "rate(metrics.messages_received) > 0"]);
    assert_eq!(call.run().expect(0).json_lines().len(), 3, "the first tick has no rate, the second none above 0");

    let out = sandbox.line("watch --demo --until healthy --deadline 1m --interval 50ms -o jsonl").expect(0);
    assert!(out.stderr.contains("demo: the verdict is ok"), "{out}");
}

#[test]
fn every_deployment_has_to_agree() {
    let (sandbox, one, other) = (Sandbox::new(), server(), Server::start());
    other.on(DATA_INTEGRATION, [integration(5, false), integration(5, false), integration(5, true)]);
    let profile = |name: &str, server: &Server| {
        format!("[profiles.{name}]\nendpoint = \"{}\"\napp_id = \"a\"\napp_secret = \"s\"\n", server.endpoint())
    };
    sandbox.profiles(&(profile("one", &one) + &profile("other", &other)));
    let call = sandbox.emqstat(["watch", "resources", "--all-profiles", "--interval", "20ms", "-o", "jsonl"]);
    let out = call.args(["--until", "resources.down == 0"]).run().expect(0);
    // A tick may be told before the slower one of them has answered.
    assert!(out.json_lines().len() >= 3 && other.requests().len() == 3, "{out}");
    assert!(out.stderr.contains("one: resources.down is 0; other: resources.down is 0"), "{out}");
}

/// A server that dies under `watch` and comes back at the same port: nothing is lost but the ticks between.
#[test]
fn a_server_may_go_and_come_back() {
    let sandbox = Sandbox::new();
    let port = Port::reserve();
    let number = port.number().to_string();
    let simulate = || {
        let call = sandbox.emqstat(["simulate", "--port", &number, "-o", "json", "--deployment-id", "same"]);
        let mut running = call.env("EMQSTAT_APP_ID", "app").env("EMQSTAT_APP_SECRET", "secret").start();
        let started: Value = serde_json::from_str(&running.next_line().unwrap()).unwrap();
        (running, started["endpoint"].as_str().unwrap().to_owned())
    };
    let (first, endpoint) = simulate();
    let call = sandbox.emqstat(["watch", "--interval", "50ms", "-o", "jsonl", "--endpoint", &endpoint]);
    let mut watching = call.env("EMQSTAT_APP_ID", "app").env("EMQSTAT_APP_SECRET", "secret").start();
    let mut ticks = Vec::new();
    let mut wait_for = |wanted: &dyn Fn(&Value) -> bool| {
        loop {
            let tick: Value = serde_json::from_str(&watching.next_line().unwrap()).unwrap();
            let is_it = wanted(&tick);
            ticks.push(tick);
            if is_it {
                return;
            }
        }
    };
    let has_rates = |tick: &Value| tick["deployments"][0]["rates"].is_object();
    wait_for(&has_rates);
    first.signal("TERM");
    first.wait();
    wait_for(&|tick| !tick["errors"].as_array().unwrap().is_empty());
    let (_second, _) = simulate();
    wait_for(&|tick| tick["errors"] == Value::Array(Vec::new()) && has_rates(tick));
    let numbers: Vec<u64> = ticks.iter().map(|tick| tick["tick"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    for tick in &ticks {
        let deployment = &tick["deployments"][0];
        assert_eq!(deployment["deployment_id"], "same", "it is shown at every tick");
        assert!(deployment["metrics"].is_object() && deployment["rules"].is_array());
        assert_eq!(deployment["stale"], !tick["errors"].as_array().unwrap().is_empty());
    }
    watching.signal("INT");
    assert_eq!(watching.wait().0.code(), Some(130));
}

#[test]
fn a_condition_is_told_as_it_was_written() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    server.on(DATA_INTEGRATION, [integration(5, false)]);
    let out = watch(&sandbox, &server, "rules --count 1 --until healthy").run().expect(2);
    assert!(out.stderr.contains("'healthy' has not come true"), "{out}");
    let out = watch(&sandbox, &server, "rules --count 0").run().expect(64);
    assert!(out.stderr.contains("1 or more") && !out.stderr.contains("non-zero"), "{out}");
}
