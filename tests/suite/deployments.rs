//! `deployments`: a row a deployment, also of those that give no answer.

use crate::check::{Deployment, profiles};
use crate::harness::{Outcome, Sandbox};
use crate::schema::{assert_valid, assert_valid_line};
use crate::server::Server;
use crate::terminal::Terminal;
use serde_json::{Value, json};

/// Profiles: one that is well, one with a node that has stopped, one where nothing is.
fn three() -> (Sandbox, [Server; 3]) {
    let sandbox = Sandbox::new();
    let good = Deployment::healthy().with("live_connections_count", 1200.0).serve();
    let bad = Deployment::healthy().with("cluster_nodes_stopped", 1.0).with("live_connections_count", 34.0).serve();
    let gone = Server::start();
    profiles(&sandbox, &[("good", &good, ""), ("bad", &bad, ""), ("gone", &gone, "")]);
    (sandbox, [good, bad, gone])
}

fn deployments(sandbox: &Sandbox, args: &str) -> Outcome {
    let window: &[&str] = if args.contains("--window") { &[] } else { &["--window", "20ms"] };
    sandbox.emqstat(["deployments"]).args(window).args(args.split_whitespace()).run()
}

#[test]
fn every_profile_is_a_row_and_those_without_an_answer_are_too() {
    let (sandbox, _servers) = three();
    let out = deployments(&sandbox, "-o json").expect(65);
    let document = out.json();
    assert_valid(&document);
    let all = document["deployments"].as_array().unwrap();
    let told: Vec<(&Value, &Value)> = all.iter().map(|one| (&one["profile"], &one["summary"]["status"])).collect();
    let expected = [("good", "ok"), ("bad", "critical"), ("gone", "unknown")].map(|(a, b)| (json!(a), json!(b)));
    assert_eq!(told, expected.iter().map(|(a, b)| (a, b)).collect::<Vec<_>>());
    assert_eq!((&all[0]["summary"]["clients"], &all[0]["summary"]["worst"]), (&json!(1200), &Value::Null));
    assert_eq!(all[1]["summary"]["worst"], "1 node stopped");
    assert_eq!((&all[2]["scraped_at"], &all[2]["summary"]["clients"]), (&Value::Null, &Value::Null));
    assert!(all[2]["summary"]["worst"].as_str().unwrap().contains("there is nothing at"), "{document:#}");
    assert!(!document["errors"].as_array().unwrap().is_empty(), "{document:#}");
    for line in deployments(&sandbox, "-o jsonl").expect(65).json_lines() {
        assert_valid_line(&line);
    }
}

#[test]
fn trouble_stands_first_and_totals_are_of_all() {
    let (sandbox, _servers) = three();
    let call = sandbox.line_call("deployments --window 20ms").terminal(100).env("NO_COLOR", "1");
    let out = call.run().expect(65);
    let cells = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let lines: Vec<Vec<String>> = out.stdout.lines().map(cells).collect();
    assert_eq!(lines[0], ["DEPLOYMENT", "NODES", "CLIENTS", "IN/s", "OUT/s", "DROPS/s", "RULES", "RESOURCES", "WORST"]);
    assert_eq!(lines[1][..4], ["✗", "bad", "2/3", "34"], "{out}");
    assert_eq!(lines[2][..4], ["?", "gone", "-", "-"], "{out}");
    assert_eq!(lines[3][..4], ["✓", "good", "2/2", "1,200"], "{out}");
    assert_eq!(lines[4][..3], ["total", "4/5", "1,234"], "{out}");
    assert!(out.stderr.is_empty(), "the row says why: {out}");
    let one = deployments(&sandbox, "--limit 1 --sort -clients --no-headers --columns deployment").expect(65);
    assert_eq!(one.stdout, "good\n");
    let sick = deployments(&sandbox, "-o csv --filter status!=ok --columns deployment,status --no-headers").expect(65);
    assert_eq!(sick.stdout, "bad,critical\ngone,unknown\n");
}

#[test]
fn a_verdict_is_given_where_it_is_asked_for() {
    let (sandbox, _servers) = three();
    let out = deployments(&sandbox, "--fail-on status==critical");
    assert_eq!(out.code, 2, "{out}");
    assert_eq!(deployments(&sandbox, "-p good --fail-on status==critical").code, 0);
    assert_eq!(deployments(&sandbox, "-p gone --fail-on clients<1").code, 3, "what was not received is unknown");
    assert_eq!(deployments(&sandbox, "-p good --warn-on clients>1k").code, 1);
    deployments(&sandbox, "-p good").expect(0);
}

#[test]
fn one_look_tells_what_it_can() {
    let (sandbox, servers) = three();
    let document = deployments(&sandbox, "-p good --window 0 -o json").expect(0).json();
    assert_eq!(servers[0].requests().len(), 2);
    let deployment = &document["deployments"][0];
    assert_eq!((&deployment["window_seconds"], &deployment["summary"]["received_rate"]), (&Value::Null, &Value::Null));
    assert_eq!(deployment["summary"]["status"], "ok");
}

#[test]
fn those_that_are_well_are_folded_where_a_screen_does_not_hold_them() {
    let sandbox = Sandbox::new();
    let (good, bad) = (Deployment::healthy().serve(), Deployment::healthy().with("cluster_nodes_stopped", 1.0).serve());
    let names: Vec<String> = (0..40).map(|n| format!("d{n}")).collect();
    let all: Vec<(&str, &Server, &str)> =
        names.iter().enumerate().map(|(n, name)| (name.as_str(), if n == 7 { &bad } else { &good }, "")).collect();
    profiles(&sandbox, &all);
    let shown = |args: &str| {
        let line = format!("deployments --window 0 {args}");
        sandbox.line_call(&line).terminal(80).env("NO_COLOR", "1").env("LINES", "24").run().expect(0).stdout
    };
    let folded = shown("");
    assert!(folded.lines().count() < 24 && folded.contains("✓ 39 ok\n") && folded.contains("✗ d7 "), "{folded}");
    assert!(shown("-v").lines().count() > 40);
    assert_eq!(deployments(&sandbox, "--window 0 --no-headers").expect(0).stdout.lines().count(), 40);
    let check = sandbox.line_call("check --all-profiles --window 0").terminal(80).env("NO_COLOR", "1").run().expect(2);
    assert!(check.stdout.contains("✓ 39 ok: d0, d1") && check.stdout.lines().count() < 24, "{check}");
    assert!(check.stdout.ends_with("✗ 40 deployments: 1 critical, 39 ok\n"), "{check}");
}

#[test]
fn the_first_screen_of_several_is_all_of_them() {
    let (sandbox, _servers) = three();
    let call = sandbox.line_call("watch --all-profiles --interval 200ms --retries 0");
    let mut terminal = Terminal::full(call, 100, 24);
    terminal.see("[0 deployments]");
    terminal.see("✗ bad");
    terminal.see("there is nothing at");
    // The cursor is on the first that was named, which is well.
    terminal.press("\r");
    terminal.see("[1 overview]");
    terminal.see("1 of 3");
    terminal.press("n");
    terminal.see("2 of 3");
    terminal.press("n");
    terminal.see("3 of 3");
    terminal.press("\x1b");
    terminal.see("[0 deployments]");
    terminal.press("q");
    assert_eq!(terminal.end().0, 0);
}
