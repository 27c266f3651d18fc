//! What keeps `check` from judging: wrong command lines, profiles, and deployments that do not answer.

use super::*;
use crate::server::Gate;
use serde_json::json;

#[test]
fn a_wrong_command_line_is_unknown() {
    let sandbox = Sandbox::new();
    for (line, said) in [
        ("check --nonsense", "unexpected argument '--nonsense'"),
        ("check rules", "unexpected argument 'rules'"),
        ("check -o xml", "invalid value 'xml'"),
        ("check --demo -o csv", "invalid value 'csv'"),
        ("-o csv check --demo", "this command has no output 'csv'"),
        ("check --demo --only node_stopped", "there is no check 'node_stopped'"),
        ("check --demo --skip everything", "there is no check 'everything'"),
        ("check --demo -w queue=1", "there is no check 'queue'"),
        ("check --demo -w age", "'age' sets nothing"),
        ("check --demo -w age=5:1", "'5:1' is not a range: it starts above its end"),
        ("check --demo -c age=1 -c age=2", "--critical sets 'age' twice"),
        ("check --demo -c action_failure_share=5", "a share is at most 1, and 5 is more"),
        ("check --demo --window soon", "'soon' is not a duration"),
        ("check --demo --window 2h", "--window is longer than 1 h"),
        ("check --demo --on-error loud", "invalid value 'loud'"),
        ("check --demo --columns name", "--columns"),
        ("--nonsense check", "unexpected argument '--nonsense'"),
        ("check --demo --on-error critical --nonsense", "unexpected argument '--nonsense'"),
    ] {
        let out = sandbox.line(line).expect(3);
        assert!(out.stderr.contains(said) && out.stdout.is_empty(), "{line}: {out}");
    }
    let out = sandbox.line("check --demo --only node_stopped").expect(3);
    assert!(out.stderr.contains("hint: did you mean nodes_stopped?"), "{out}");
    assert!(sandbox.line("check --help").ok().contains("--on-error"));
    sandbox.line("rules --nonsense").expect(64);
}

#[test]
fn what_cannot_be_reached_is_unknown_or_as_loud_as_wished() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    for (line, code) in [("", 3), ("--on-error unknown", 3), ("--on-error critical", 2)] {
        let document = judged(&sandbox, &server, line, code);
        let status = if code == 3 { "unknown" } else { "critical" };
        assert_eq!((&document["status"], &document["deployments"]), (&json!(status), &json!([])));
        assert_eq!(document["errors"][0]["code"], "bad_data");
    }
    let requests = server.requests().len();
    assert_eq!(requests, 6, "no second look where the first saw nothing");
    let out = check(&sandbox, &server, "").run().expect(3);
    assert!(out.stdout.starts_with("? ") && out.stdout.contains(": unknown: could not be asked: "), "{out}");
    assert!(out.stderr.contains("error: "), "{out}");
}

#[test]
fn a_profile_that_cannot_be_used_is_unknown() {
    let sandbox = Sandbox::new();
    let out = sandbox.line("check").expect(3);
    assert!(out.stderr.contains("there is no profile file"), "{out}");
    sandbox.line("check --on-error critical").expect(2);
    sandbox.profiles("[profiles.prod]\nendpoint = 5\n");
    let out = sandbox.line("check -o json").expect(3);
    crate::schema::assert_valid(&out.json());
    assert_eq!(out.json()["errors"][0]["code"], "config");
}

#[test]
fn an_own_check_that_says_nothing_is_told_with_file_and_line() {
    let sandbox = Sandbox::new();
    let server = Deployment::healthy().serve();
    for (when, said) in [
        ("rules.faild > 0", "there is no field 'rules.faild'"),
        ("rules.failed >", "column 15: "),
        ("rate(metrics.connections_count) > 1", "does not only grow and has no rate"),
        ("healthy == true", "a check is part of the verdict and cannot ask for it"),
    ] {
        let own = format!("[[profiles.prod.checks]]\nname = \"mine\"\nwhen = \"{when}\"\nseverity = \"warning\"");
        profiles(&sandbox, &[("prod", &server, &own), ("staging", &server, "")]);
        let out = check_profiles(&sandbox, "-p prod,staging -o json").expect(3);
        let document = out.json();
        assert_eq!(document["errors"][0]["code"], "config", "{out}");
        let message = document["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("/profiles.toml:8: checks.when: ") && message.contains(said), "{message}");
        assert_eq!(document["deployments"].as_array().unwrap().len(), 1, "the other one is judged");
    }
    let own = "[[profiles.prod.checks]]\nname = \"age\"\nwhen = \"rules.total > 1\"\nseverity = \"warning\"";
    profiles(&sandbox, &[("prod", &server, own)]);
    let out = check_profiles(&sandbox, "").expect(3);
    assert!(out.stderr.contains("profiles.toml:7: checks.name: 'age' is the name of a check"), "{out}");
}

#[test]
fn an_endpoint_that_fails_leaves_its_checks_unknown() {
    let sandbox = Sandbox::new();
    let deployment = Deployment::healthy();
    let serve = || {
        let server = Server::start();
        server.on(CLUSTER, Answer::metrics(deployment.cluster()));
        server.on(DATA_INTEGRATION, Answer::status(500));
        server
    };
    let document = judged(&sandbox, &serve(), "", 3);
    assert_eq!(document["errors"].as_array().unwrap().len(), 1, "{document:#}");
    assert_eq!(found(&document, "nodes_stopped")["status"], "ok");
    let down = found(&document, "resources_down");
    assert_eq!(down["message"], "resources.down was not received: its endpoint could not be asked");
    let endpoint = found(&document, "endpoint_data_integration");
    assert_eq!(endpoint["status"], "unknown");
    assert!(endpoint["message"].as_str().unwrap().starts_with("could not be asked: "), "{endpoint:#}");

    let loud = judged(&sandbox, &serve(), "--on-error critical", 2);
    assert_eq!(found(&loud, "endpoint_data_integration")["status"], "critical");
    assert_eq!(found(&loud, "resources_down")["status"], "unknown", "that was not judged");
    judged(&sandbox, &serve(), "--only nodes_stopped", 0);
}

#[test]
fn a_first_look_that_failed_leaves_change_unknown() {
    let sandbox = Sandbox::new();
    let deployment = Deployment::healthy();
    let server = Server::start();
    server.on(CLUSTER, [Answer::status(500), Answer::metrics(deployment.cluster())]);
    server.on(DATA_INTEGRATION, Answer::metrics(deployment.integration()));
    let document = judged(&sandbox, &server, "", 3);
    assert_eq!(document["errors"], json!([]), "it answers now");
    assert_eq!(found(&document, "nodes_stopped")["status"], "ok");
    assert_eq!(found(&document, "action_failures")["status"], "ok");
    let drops = found(&document, "queue_full_drops");
    assert_eq!(drops["status"], "unknown");
    assert!(drops["message"].as_str().unwrap().ends_with("was received once, and change takes two looks"), "{drops:#}");
}

#[test]
fn waiting_can_be_interrupted() {
    let sandbox = Sandbox::new();
    let (server, gate) = (Server::start(), Gate::closed());
    let deployment = Deployment::healthy();
    server.on(CLUSTER, Answer::metrics(deployment.cluster()).behind(&gate));
    server.on(DATA_INTEGRATION, Answer::metrics(deployment.integration()).behind(&gate));
    let running = check(&sandbox, &server, "--window 1h").start();
    gate.wait_for(2);
    gate.open();
    running.signal("INT");
    let (status, _) = running.wait();
    assert!(!status.success(), "{status}");
    assert_eq!(server.requests().len(), 2);
}

/// A reader that goes away does not change the verdict.
#[test]
fn a_closed_pipe_leaves_the_verdict() {
    let sandbox = Sandbox::new();
    sandbox.write("cluster.prom", Deployment::healthy().with("cluster_nodes_stopped", 1.0).cluster());
    let script = "{ emqstat check --input cluster.prom --only nodes_stopped; echo $? >code; } | true; cat code";
    let out = sandbox.shell(script).run().expect(0);
    assert_eq!((out.stdout.as_str(), out.stderr.as_str()), ("2\n", ""), "{out}");
}
