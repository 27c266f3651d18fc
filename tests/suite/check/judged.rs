//! What is judged: each check alone, change, own checks, several deployments, saved scrapes.

use super::*;
use serde_json::json;

#[test]
fn a_healthy_deployment_is_ok() {
    let (sandbox, server) = (Sandbox::new(), Deployment::healthy().serve());
    let document = judged(&sandbox, &server, "", 0);
    assert_eq!((&document["kind"], &document["status"]), (&json!("check"), &json!("ok")));
    let deployment = &document["deployments"][0];
    assert_eq!((&deployment["deployment_id"], &deployment["health"]["status"]), (&json!("d1"), &json!("ok")));
    assert!(deployment["window_seconds"].as_f64().unwrap() >= 0.02, "{document:#}");
    let checks = deployment["health"]["checks"].as_array().unwrap();
    let names: Vec<&str> = checks.iter().map(|check| check["name"].as_str().unwrap()).collect();
    assert_eq!(names, emqstat::health::CHECKS.iter().map(|check| check.name).collect::<Vec<_>>());
    assert!(checks.iter().all(|check| check["status"] == "ok" && check["advice"].is_null()), "{document:#}");
    assert_eq!(server.requests().len(), 4, "two endpoints, twice");
    assert_eq!(server.connections(), 2, "on connections that stay open");
}

/// Each check is brought about by one change alone, and no other check minds it.
#[test]
fn every_check_is_raised_by_what_it_is_for() {
    let before = || {
        Deployment::healthy()
            .rules(&[("rule-a", 1, 3, 100, 1000), ("rule-b", 1, 0, 0, 50)])
            .with("authentication_success", 9.0)
    };
    let actions = |failed: u32, success: u32| {
        before().rules(&[("rule-a", 1, 3, 100 + failed, 1000 + success), ("rule-b", 1, 0, 0, 50)])
    };
    let sandbox = Sandbox::new();
    for (after, raised, status, message) in [
        (before().with("cluster_nodes_stopped", 1.0), &["nodes_stopped"][..], "critical", "1 node stopped"),
        (before().with("cluster_nodes_running", 0.0), &["nodes_running"], "critical", "0 nodes running"),
        (
            before().resources(&[("http:out", 0), ("mqtt:up", 1)]),
            &["resources_down"],
            "critical",
            "1 resource down: http:out",
        ),
        (actions(2, 98), &["action_failures"], "warning", "2 actions failed in "),
        (actions(10, 90), &["action_failures", "action_failure_share"], "warning", "10 % of the actions failed in "),
        (
            before().rules(&[("rule-a", 1, 103, 100, 1000), ("rule-b", 1, 0, 0, 50)]),
            &["rule_exceptions"],
            "warning",
            "100 matches of rules ended in an exception in ",
        ),
        (
            before().with("delivery_dropped", 4.0).with("delivery_dropped_queue_full", 4.0).with("messages_sent", 96.0),
            &["queue_full_drops"],
            "warning",
            "4 messages dropped because a queue was full in ",
        ),
        (
            before()
                .with("messages_dropped", 8.0)
                .with("messages_dropped_no_subscribers", 6.0)
                .with("messages_received", 100.0),
            &["other_drops"],
            "warning",
            "2 messages dropped for other reasons in ",
        ),
        (
            before().with("authentication_failure", 20.0).with("authentication_success", 89.0),
            &["signin_failure_share"],
            "warning",
            "20 % of the authentications failed in ",
        ),
        (
            before().with("authorization_deny", 6.0).with("authorization_allow", 94.0),
            &["authorization_refusals"],
            "warning",
            "6 requests denied by authorization",
        ),
    ] {
        let code = if status == "critical" { 2 } else { 1 };
        let document = judged(&sandbox, &before().then(&after), "", code);
        assert_eq!(document["status"], status);
        let checks = document["deployments"][0]["health"]["checks"].as_array().unwrap();
        let bad: Vec<&str> = checks
            .iter()
            .filter(|check| check["status"] != "ok")
            .map(|check| check["name"].as_str().unwrap())
            .collect();
        assert_eq!(bad, raised, "{document:#}");
        let found = found(&document, raised.last().unwrap());
        assert_eq!(found["status"], status);
        assert!(found["message"].as_str().unwrap().starts_with(message), "{found:#}");
        assert!(found["advice"].is_string(), "{found:#}");
    }
}

/// What most of something is made of is critical.
#[test]
fn a_share_above_one_half_is_critical() {
    let after = Deployment::healthy().rules(&[("rule-a", 1, 0, 75, 25), ("rule-b", 1, 0, 0, 0)]);
    let document = judged(&Sandbox::new(), &Deployment::healthy().then(&after), "", 2);
    let share = found(&document, "action_failure_share");
    assert_eq!((&share["value"], &share["unit"], &share["critical"]), (&json!(0.75), &json!("share"), &json!("0.5")));
    assert!(found(&document, "action_failures")["message"].as_str().unwrap().ends_with(": rule-a"), "{document:#}");
}

#[test]
fn what_is_expected_or_was_reset_is_no_trouble() {
    let before = Deployment::healthy().with("messages_dropped", 900.0).with("messages_dropped_no_subscribers", 900.0);
    let after = Deployment::healthy()
        .with("messages_dropped", 0.0)
        .with("delivery_dropped", 5.0)
        .with("delivery_dropped_no_local", 5.0)
        .rules(&[("rule-a", 0, 0, 0, 0), ("rule-b", 1, 0, 0, 0)]);
    let document = judged(&Sandbox::new(), &before.then(&after), "", 0);
    assert_eq!(found(&document, "rules_disabled")["message"], "1 rule disabled: rule-a");
    assert_eq!(found(&document, "signin_failure_share")["value"], Value::Null, "a share of nothing");
}

#[test]
fn what_was_not_received_is_unknown_and_never_healthy() {
    let sandbox = Sandbox::new();
    let server = Deployment::healthy().without("cluster_nodes_stopped").serve();
    let document = judged(&sandbox, &server, "", 3);
    assert_eq!(found(&document, "nodes_stopped")["message"], "metrics.cluster_nodes_stopped was not received");
    let server = Deployment::healthy().without("cluster_nodes_stopped").resources(&[("http:out", 0)]).serve();
    assert_eq!(judged(&sandbox, &server, "", 2)["status"], "critical", "critical outranks unknown");
    let after = Deployment::healthy().without("cluster_nodes_stopped").with("authorization_deny", 60.0);
    let healthy = Deployment::healthy();
    assert_eq!(judged(&sandbox, &healthy.then(&after), "", 3)["status"], "unknown", "unknown outranks a warning");
    judged(&sandbox, &healthy.then(&after), "--skip nodes_stopped", 1);
    judged(&sandbox, &healthy.then(&after), "--on-error critical", 3);
}

#[test]
fn a_window_of_nothing_skips_what_judges_change_and_says_so() {
    let (sandbox, server) = (Sandbox::new(), Deployment::healthy().serve());
    let document = judged(&sandbox, &server, "--window 0", 0);
    assert_eq!(document["deployments"][0]["window_seconds"], Value::Null);
    let skipped = found(&document, "action_failures");
    assert_eq!((&skipped["status"], &skipped["value"]), (&json!("skipped"), &Value::Null));
    assert_eq!(skipped["message"], "change takes two looks, and --window is 0");
    assert_eq!(server.requests().len(), 2);
    let table = check(&sandbox, &server, "--window 0").run().ok();
    assert!(table.contains(": 7 ok; 8 skipped"), "{table}");
    // Nothing that was judged is nothing that can be said.
    let none = judged(&sandbox, &server, "--window 0 --only action_failures", 3);
    assert_eq!(none["status"], "unknown");
}

#[test]
fn only_what_is_wanted_is_asked_for() {
    let sandbox = Sandbox::new();
    for (args, requests) in [
        ("--only nodes_stopped,nodes_running", vec![CLUSTER]),
        ("--only resources_down", vec![DATA_INTEGRATION]),
        ("--only rule_exceptions --only age", vec![DATA_INTEGRATION; 2]),
        ("--only nodes_stopped --skip nodes_stopped", vec![CLUSTER, DATA_INTEGRATION]),
    ] {
        let server = Deployment::healthy().serve();
        let code = if args.contains("--skip") { 3 } else { 0 };
        judged(&sandbox, &server, args, code);
        let mut asked: Vec<String> = server.requests().into_iter().map(|request| request.target).collect();
        asked.sort_unstable();
        assert_eq!(asked, requests, "{args}");
    }
}

#[test]
fn thresholds_are_the_user_s() {
    let (sandbox, server) = (Sandbox::new(), Deployment::healthy().with("cluster_nodes_stopped", 2.0).serve());
    judged(&sandbox, &server, "--only nodes_stopped", 2);
    judged(&sandbox, &server, "--only nodes_stopped -c nodes_stopped=2", 0);
    judged(&sandbox, &server, "--only nodes_stopped -c nodes_stopped=5 -w nodes_stopped=@2:3", 1);
    judged(&sandbox, &server, "--only nodes_running --critical nodes_running=3:", 2);
    let document = judged(&sandbox, &server, "--only signin_failure_share -w signin_failure_share=5%", 0);
    let share = found(&document, "signin_failure_share");
    assert_eq!(
        (&share["warning"], &share["condition"]),
        (&json!("0.05"), &json!("warning above 5 %, critical above 50 %"))
    );
}

#[test]
fn the_profile_says_how_many_nodes_are_planned_and_what_else_is_trouble() {
    let sandbox = Sandbox::new();
    let server = Deployment::healthy()
        .then(&Deployment::healthy().with("delivery_dropped", 50.0).with("delivery_dropped_no_local", 50.0));
    let more = r#"
        min_nodes = 3
        [[profiles.prod.checks]]
        name = "delivery drops"
        when = "rate(metrics.delivery_dropped) > 0"
        severity = "critical"
        [[profiles.prod.checks]]
        name = "few rules"
        when = "rules.total < 5"
        severity = "warning"
    "#;
    profiles(&sandbox, &[("prod", &server, more)]);
    let document = check_profiles(&sandbox, "-o json").expect(2).json();
    crate::schema::assert_valid(&document);
    assert_eq!(found(&document, "nodes_running")["condition"], "critical below 3");
    let own = found(&document, "delivery drops");
    assert_eq!(own["status"], "critical");
    assert_eq!(own["condition"], "critical when rate(metrics.delivery_dropped) > 0");
    assert!(own["value"].as_f64().unwrap() > 0.0, "{own:#}");
    assert_eq!(found(&document, "few rules")["message"], "rules.total is 2");
    let one = check_profiles(&sandbox, "-o json --only few,rules").expect(3);
    assert!(one.stderr.contains("there is no check 'few'"), "{one}");
    let lines = sandbox.run(["check", "--only", "few rules", "-o", "jsonl"]).expect(1).json_lines();
    lines.iter().for_each(crate::schema::assert_valid_line);
    assert_eq!((lines.len(), &lines[0]["name"], &lines[0]["status"]), (1, &json!("few rules"), &json!("warning")));
}

#[test]
fn the_profile_says_what_is_normal_and_a_flag_counts_before_it() {
    let sandbox = Sandbox::new();
    let after = Deployment::healthy().with("authorization_deny", 60.0).with("cluster_nodes_stopped", 1.0);
    let server = Deployment::healthy().then(&after);
    let more = r#"
        [profiles.prod.thresholds]
        critical = { nodes_stopped = "1" }
        mute = { authorization_refusals = "2999-12-31" }
        min_events = 10
        [defaults.thresholds]
        skip = ["age"]
        critical = { nodes_stopped = 5 }
    "#;
    profiles(&sandbox, &[("prod", &server, more)]);
    let out = check_profiles(&sandbox, "-o json").expect(0);
    let document = out.json();
    crate::schema::assert_valid(&document);
    assert_eq!(
        (&found(&document, "nodes_stopped")["critical"], &found(&document, "nodes_stopped")["status"]),
        (&json!("1"), &json!("ok"))
    );
    let muted = found(&document, "authorization_refusals");
    assert_eq!((&muted["status"], &muted["muted_until"]), (&json!("skipped"), &json!("2999-12-31")));
    let checks = document["deployments"][0]["health"]["checks"].as_array().unwrap();
    assert!(checks.iter().all(|check| check["name"] != "age"), "skipped by [defaults]");
    let server = Deployment::healthy().then(&after);
    profiles(&sandbox, &[("prod", &server, more)]);
    let table = check_profiles(&sandbox, "-c nodes_stopped=0").expect(2);
    assert!(table.stdout.contains("; muted: authorization_refusals"), "{table}");
    let shown = sandbox.line("profile show prod").ok();
    for row in [
        "thresholds.skip",
        "thresholds.critical.nodes_stopped",
        "thresholds.mute.authorization_refusals",
        "thresholds.min_events",
    ] {
        assert!(shown.contains(row), "{row}: {shown}");
    }
    crate::schema::assert_valid(&sandbox.line("profile show prod -o json").expect(0).json());
    for (wrong, said) in [
        ("warning = { node_stopped = \"1\" }", "there is no check 'node_stopped'"),
        ("warning = { age = \"5:1\" }", "'5:1' is not a range"),
        ("critical = { age = \"5%\" }", "counts no share of anything"),
        ("mute = { age = \"soon\" }", "'soon' is no date"),
        ("skip = [\"nobody\"]", "there is no check 'nobody'"),
        ("quiet = true", "quiet"),
        ("min_events = -1", "a whole number"),
    ] {
        profiles(&sandbox, &[("prod", &server, &format!("[profiles.prod.thresholds]\n{wrong}"))]);
        let out = check_profiles(&sandbox, "-o json").expect(3);
        assert!(out.stderr.contains(said) && out.stderr.contains("profiles.toml:"), "{wrong}: {out}");
        assert_eq!(out.json()["errors"][0]["code"], "config", "{out}");
    }
}

/// The commands that advice names are about the deployment that it is given for.
#[test]
fn advice_is_about_the_deployment() {
    let sandbox = Sandbox::new();
    let server = Deployment::healthy().resources(&[("http:out", 0)]).serve();
    profiles(&sandbox, &[("prod", &server, "")]);
    let document = check_profiles(&sandbox, "-o json").expect(2).json();
    let advice = found(&document, "resources_down")["advice"].as_str().unwrap();
    assert!(advice.starts_with("Run 'emqstat resources -p prod'"), "{advice}");
    let document = judged(&sandbox, &server, "", 2);
    let advice = found(&document, "resources_down")["advice"].as_str().unwrap();
    assert!(advice.starts_with(&format!("Run 'emqstat resources --endpoint {}'", server.endpoint())), "{advice}");
    let out = sandbox.line("check --demo --window 0 --only nodes_running -w nodes_running=9: -o json").expect(1);
    assert!(out.json()["deployments"][0]["health"]["checks"][0]["advice"].is_string(), "{out}");
}

#[test]
fn each_deployment_has_its_verdict_and_the_worst_counts() {
    let sandbox = Sandbox::new();
    let (good, bad) = (Deployment::healthy().serve(), Deployment::healthy().with("cluster_nodes_stopped", 1.0).serve());
    let gone = Server::start();
    profiles(&sandbox, &[("good", &good, ""), ("bad", &bad, ""), ("gone", &gone, "")]);
    let document = check_profiles(&sandbox, "-p good,bad,gone -o json").expect(2).json();
    crate::schema::assert_valid(&document);
    let verdicts: Vec<&Value> =
        document["deployments"].as_array().unwrap().iter().map(|one| &one["health"]["status"]).collect();
    assert_eq!(verdicts, ["ok", "critical"]);
    assert_eq!((&document["status"], document["errors"].as_array().unwrap().len()), (&json!("critical"), 2));
    assert_eq!(check_profiles(&sandbox, "-p good -o json").expect(0).json()["status"], "ok");
    let out = check_profiles(&sandbox, "-p good,gone").expect(3);
    assert!(out.stdout.contains("✓ good: 15 ok"), "{out}");
    assert!(out.stdout.contains("? gone: unknown: could not be asked: "), "{out}");
    check_profiles(&sandbox, "-p good,gone --on-error critical").expect(2);
}

#[test]
fn saved_scrapes_are_judged_by_what_they_tell() {
    let sandbox = Sandbox::new();
    let deployment = Deployment::healthy();
    sandbox.write("cluster.prom", deployment.cluster());
    sandbox.write("rules.prom", deployment.integration());
    let document = sandbox.line("check --input cluster.prom --input rules.prom -o json").expect(0).json();
    crate::schema::assert_valid(&document);
    for (name, status, message) in [
        ("queue_full_drops", "skipped", "a saved scrape does not change"),
        ("endpoint_cluster", "skipped", "a saved scrape was not asked for"),
        ("nodes_running", "ok", "2 nodes running"),
    ] {
        let found = found(&document, name);
        assert_eq!((&found["status"], &found["message"]), (&json!(status), &json!(message)));
    }
    assert!(found(&document, "age")["value"].as_f64().unwrap() >= 0.0, "{document:#}");
    let half = sandbox.line("check --input cluster.prom").expect(3);
    assert!(half.stdout.contains("resources.down was not received"), "{half}");
    sandbox.line("check --input cluster.prom --skip resources_down,rules_disabled").expect(0);
    let out = sandbox.line("check --input cluster.prom --window 5s").expect(3);
    assert!(out.stderr.contains("a saved scrape does not change"), "{out}");
    let out = sandbox.line("check --input missing.prom").expect(3);
    assert!(out.stdout.contains("unknown: could not be asked: "), "{out}");
}

#[test]
fn the_demo_is_judged() {
    let sandbox = Sandbox::new();
    let out = sandbox
        .line("check --demo --window 50ms --only nodes_stopped,nodes_running,resources_down,endpoint_cluster -o json");
    assert_eq!(out.expect(0).json()["deployments"][0]["profile"], "demo");
}

/// The simulated deployment loses a resource and gets it back.
#[test]
fn an_outage_of_the_simulation_is_seen() {
    let sandbox = Sandbox::new();
    for (outage, code) in [("never", 0), ("0s+1h", 2)] {
        let simulate = ["simulate", "--port", "0", "-o", "json", "--outage", outage];
        let mut running = sandbox.emqstat(simulate).start();
        let said: Value = serde_json::from_str(&running.next_line().unwrap()).unwrap();
        let text = |field: &str| said[field].as_str().unwrap();
        let call = sandbox.emqstat(["check", "--only", "resources_down", "--endpoint", text("endpoint"), "-o", "json"]);
        let call = call.env("EMQSTAT_APP_ID", text("app_id")).env("EMQSTAT_APP_SECRET", text("app_secret"));
        let document = call.run().expect(code).json();
        let down = found(&document, "resources_down")["value"].as_f64();
        assert_eq!(down, Some(if code == 2 { 1.0 } else { 0.0 }), "{document:#}");
    }
}

/// What is planted in the simulation is found by the built program, and what is well is ok.
#[test]
fn a_planted_fault_of_the_simulation_is_found() {
    let sandbox = Sandbox::new();
    let mut running: Vec<_> = ["", "action_failures", "queue_full_drops"]
        .map(|fault| {
            let more = if fault.is_empty() { vec![] } else { vec!["--fault", fault] };
            let args = ["simulate", "--port", "0", "-o", "json", "--outage", "never", "--speed", "600"];
            (fault, sandbox.emqstat(args).args(more).start())
        })
        .into();
    for (fault, running) in &mut running {
        let said: Value = serde_json::from_str(&running.next_line().unwrap()).unwrap();
        let text = |field: &str| said[field].as_str().unwrap();
        // At that speed what endpoints take is no time of the simulation's.
        let call = sandbox.emqstat(["check", "--window", "100ms", "--endpoint", text("endpoint"), "-o", "json"]);
        let call = call.env("EMQSTAT_APP_ID", text("app_id")).env("EMQSTAT_APP_SECRET", text("app_secret"));
        let document = call.run().json();
        match *fault {
            "" => assert_eq!(document["status"], "ok", "{document:#}"),
            fault => assert_eq!(found(&document, fault)["status"], "warning", "{document:#}"),
        }
    }
}

#[test]
fn a_person_reads_what_is_wrong_first_and_what_to_do() {
    let sandbox = Sandbox::new();
    let deployment = Deployment::healthy()
        .resources(&[("http:out", 0), ("mqtt:up", 0), ("kafka:a", 0), ("pgsql:b", 0), ("redis:c", 1)])
        .rules(&[("rule-a", 0, 0, 0, 0), ("rule-b", 1, 0, 0, 0)])
        .without("cluster_nodes_stopped");
    let only = "--window 0 --only nodes_stopped,nodes_running,resources_down,rules_disabled,action_failures \
                -w nodes_running=3:";
    let server = deployment.serve();
    for width in [60, 100] {
        let out = check(&sandbox, &server, only).terminal(width).env("NO_COLOR", "1").run().expect(2);
        assert!(out.stderr.is_empty(), "{out}");
        let is_age = |line: &&str| *line == "now" || line.ends_with(" ago");
        let steady: Vec<&str> = out.stdout.lines().filter(|line| !is_age(line)).collect();
        let port = server.address().port().to_string();
        // A narrow screen cuts an address in its middle, which may be within the port.
        let cut = |digits: usize| format!("…{}/api", &port[port.len() - digits..]);
        let shown = steady.join("\n").replace(&port, "PORT.");
        let shown = (1..port.len()).fold(shown, |shown, digits| shown.replace(&cut(digits), "…PORT/api"));
        insta::assert_snapshot!(format!("check_at_{width}"), shown);
    }
    let piped = check(&sandbox, &server, only).run().expect(2);
    assert!(piped.stdout.lines().all(|line| !line.contains("What to do") && !line.contains('\u{a0}')), "{piped}");
}
