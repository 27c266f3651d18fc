//! `--fail-on`, `--warn-on` and `--fail-on-empty`: the verdict on what a view shows.

use crate::check::{Deployment, judged, profiles};
use crate::harness::{Outcome, Sandbox};
use crate::schema::assert_valid;
use crate::server::{Answer, CLUSTER, DATA_INTEGRATION, Server};
use serde_json::{Value, json};

/// A deployment with one rule that fails and one that does not.
fn failing() -> Deployment {
    Deployment::healthy().rules(&[("rule-a", 1, 0, 7, 3), ("rule-b", 0, 0, 0, 10)]).with("messages_dropped", 5.0)
}

fn view(server: &Server, view: &str, args: &[&str]) -> Outcome {
    let sandbox = Sandbox::new();
    let call = sandbox.emqstat([view, "--retries", "0", "--endpoint", &server.endpoint()]).args(args);
    call.env("EMQSTAT_APP_ID", "me").env("EMQSTAT_APP_SECRET", "hunter2").run()
}

#[test]
fn a_row_that_is_shown_makes_the_verdict() {
    let server = failing().serve();
    for (kind, args, code) in [
        ("rules", &["--fail-on", "actions_failed > 5"][..], 2),
        ("rules", &["--fail-on", "actions_failed > 7"], 0),
        ("rules", &["--warn-on", "status == disabled"], 1),
        ("rules", &["--warn-on", "status == disabled", "--fail-on", "actions_failed > 0"], 2),
        ("rules", &["--warn-on", "actions_failed > 0", "--fail-on", "actions_failed > 7"], 1),
        ("rules", &["--fail-on", "exception > 0", "--fail-on", "actions_failed == 7"], 2),
        ("rules", &["--filter", "rule_id == rule-b", "--fail-on", "actions_failed > 0"], 0),
        ("rules", &["--filter", "rule_id == rule-x", "--fail-on", "actions_failed > 0"], 0),
        ("rules", &["--filter", "rule_id == rule-x", "--fail-on-empty"], 2),
        ("rules", &["--fail-on-empty"], 0),
        ("rules", &["--fail-on", "matched_rate > 0"], 3),
        ("rules", &["--fail-on", "matched_rate > 0", "--warn-on", "status == disabled"], 3),
        ("rules", &["--fail-on", "actions_failed > 0", "--warn-on", "matched_rate > 0"], 2),
        ("resources", &["--fail-on", "status != connected"], 0),
        ("resources", &["--fail-on", "type == http"], 2),
        ("cluster", &["--fail-on", "metrics.messages_dropped > 4"], 2),
        ("cluster", &["--fail-on", "metrics.messages_dropped > 5"], 0),
        ("cluster", &["--warn-on", "metrics.messages_dropped == 5"], 1),
        ("cluster", &["--fail-on", "metrics.bytes_sent > 5"], 3),
        ("cluster", &["--fail-on", "rules.actions_failed == 7"], 2),
        ("cluster", &["--metric", "*nothing*", "--fail-on-empty"], 2),
        ("rules", &["--fail-on", "metrics.messages_dropped > 4"], 2),
    ] {
        for output in ["table", "json", "csv", "jsonl"] {
            let out = view(&server, kind, &[args, &["-o", output]].concat()).expect(code);
            assert_eq!(out.stderr.is_empty(), code == 0, "{out}");
        }
    }
}

#[test]
fn the_verdict_is_told_on_stderr_and_in_json() {
    let server = failing().serve();
    let out = view(&server, "rules", &["--warn-on", "status == disabled", "--fail-on", "actions_failed > 0"]).expect(2);
    let whose = server.endpoint();
    assert_eq!(
        out.stderr,
        format!(
            "critical: {whose}: actions_failed > 0: 1 of 2 rules match: rule-a\n\
             warning: {whose}: status == disabled: 1 of 2 rules match: rule-b\n"
        )
    );
    let out = view(&server, "rules", &["-o", "json", "--fail-on", "actions_failed > 0", "-q"]).expect(2);
    assert_valid(&out.json());
    assert_eq!(
        out.json()["deployments"][0]["health"],
        json!({"status": "critical", "checks": [{
            "name": "actions_failed > 0", "status": "critical", "value": 1, "unit": null, "warning": null, "critical": null,
            "condition": "critical when actions_failed > 0", "message": "1 of 2 rules match: rule-a", "advice": null,
            "share": null, "events": null, "warning_share": null, "critical_share": null, "muted_until": null,
        }]})
    );
    for kind in ["cluster", "resources"] {
        let out = view(&server, kind, &["-o", "json", "--fail-on-empty"]).expect(0);
        assert_valid(&out.json());
        assert_eq!(out.json()["deployments"][0]["health"]["status"], "ok");
    }
    let out = view(&server, "rules", &["-o", "json"]).expect(0);
    assert_eq!(out.json()["deployments"][0].get("health"), None, "none was asked for");
}

#[test]
fn rates_take_a_window() {
    let server = || {
        failing()
            .then(&failing().rules(&[("rule-a", 1, 0, 9, 3), ("rule-b", 0, 0, 0, 10)]).with("messages_dropped", 6.0))
    };
    for (kind, condition, code) in [
        ("rules", "rate(actions_failed) > 0", 2),
        ("rules", "rate(exception) > 0", 0),
        ("cluster", "rate(metrics.messages_dropped) > 0", 2),
        ("cluster", "rate(metrics.delivery_dropped) > 0", 0),
        ("cluster", "rate(metrics.bytes_sent) > 0", 3),
    ] {
        let out = view(&server(), kind, &["--window", "20ms", "--fail-on", condition, "-o", "json"]).expect(code);
        assert_valid(&out.json());
        let out = view(&server(), kind, &["--fail-on", condition]).expect(64);
        assert!(out.stderr.contains("--window"), "{out}");
    }
}

#[test]
fn a_condition_that_cannot_be_asked_is_refused() {
    let server = failing().serve();
    for (kind, condition, said) in [
        ("rules", "faild > 0", "there is no field 'faild'"),
        ("rules", "status > 1", "status is text"),
        ("rules", "failed >", "expected"),
        ("cluster", "value > 1", "there is no field 'value'"),
        ("cluster", "metrics.message_dropped > 1", "there is no field 'metrics.message_dropped'"),
    ] {
        for option in ["--fail-on", "--warn-on"] {
            let out = view(&server, kind, &[option, condition]).expect(64);
            assert!(out.stderr.contains(said) && out.stdout.is_empty(), "{out}");
        }
    }
    assert!(Sandbox::new().line("scrape --fail-on-empty").expect(64).stderr.contains("--fail-on-empty"));
}

/// What could not be asked is unknown where a verdict was asked for, and has its own exit status where none was.
#[test]
fn what_could_not_be_asked_is_unknown() {
    let server = Server::start();
    server.on(DATA_INTEGRATION, Answer::status(401));
    view(&server, "rules", &[]).expect(77);
    for args in
        [["--fail-on-empty"].as_slice(), &["--warn-on", "failed > 0"], &["--fail-on", "failed > 0", "-o", "json"]]
    {
        let out = view(&server, "rules", args).expect(3);
        assert!(out.stderr.contains("sign-in refused"), "{out}");
    }
    let sandbox = Sandbox::new();
    sandbox.line("rules --input missing.prom --fail-on-empty").expect(3);
    sandbox.line("rules -p nobody --fail-on-empty").expect(3);
    sandbox.write("cluster.prom", failing().cluster());
    let out = sandbox.line("rules --input cluster.prom --fail-on-empty").expect(3);
    assert!(out.stderr.contains("rules were not received"), "{out}");
    let out = sandbox.line("rules --input cluster.prom -o json").expect(0).json();
    assert_eq!(out["warnings"][0]["message"], "rules were not received", "{out:#}");
    sandbox.write("empty.prom", "");
    sandbox.line("rules --input empty.prom --fail-on-empty").expect(3);
}

#[test]
fn an_empty_answer_is_no_row_where_the_other_endpoint_answers_and_else_no_answer() {
    let server = Server::start();
    server.on(DATA_INTEGRATION, Answer::metrics(""));
    server.on(CLUSTER, Answer::metrics(failing().cluster()));
    let all = view(&server, "rules", &["-o", "json"]).expect(0).json();
    assert_eq!((&all["deployments"][0]["rules"], &all["errors"]), (&json!([]), &json!([])));
    let out = view(&server, "rules", &["--fail-on-empty"]).expect(2);
    assert!(out.stderr.contains("empty: no rule is shown"), "{out}");
    view(&server, "rules", &["--fail-on", "failed > 0"]).expect(0);
    judged(&Sandbox::new(), &server, "--only resources_down", 0);
    for cluster in [Answer::metrics(""), Answer::status(500)] {
        let server = Server::start();
        server.on(DATA_INTEGRATION, Answer::metrics(""));
        server.on(CLUSTER, cluster);
        let out = view(&server, "rules", &["-o", "json", "--fail-on", "failed > 0"]).expect(3).json();
        assert_valid(&out);
        let codes: Vec<&Value> = out["errors"].as_array().unwrap().iter().map(|error| &error["code"]).collect();
        assert!(codes.contains(&&json!("bad_data")), "{out:#}");
        assert!(out["deployments"].as_array().unwrap().is_empty(), "{out:#}");
        let out = view(&server, "rules", &["--fail-on-empty"]).expect(3);
        assert!(out.stderr.contains("the answer is empty"), "{out}");
        judged(&Sandbox::new(), &server, "--only resources_down", 3);
    }
    let sandbox = Sandbox::new();
    sandbox.write("empty.prom", "");
    let out = sandbox.line("cluster --input empty.prom").expect(65);
    assert!(out.stderr.contains("empty: it holds no metrics"), "{out}");
    sandbox.line("check --input empty.prom").expect(3);
    sandbox.line("resources --input empty.prom --fail-on-empty").expect(3);
}

#[test]
fn of_several_deployments_the_worst_counts() {
    let (sandbox, gone) = (Sandbox::new(), Server::start());
    let (good, bad) = (Deployment::healthy().serve(), failing().serve());
    profiles(&sandbox, &[("good", &good, ""), ("bad", &bad, ""), ("gone", &gone, "")]);
    let run = |line: &str| sandbox.run(line.split_whitespace().chain(["--fail-on", "actions_failed > 0"]));
    run("rules -p good").expect(0);
    let out = run("rules -p good,bad").expect(2);
    assert_eq!(out.stderr, "critical: bad: actions_failed > 0: 1 of 2 rules match: rule-a\n");
    run("rules -p good,gone").expect(3);
    run("rules -p bad,gone").expect(2);
    assert!(good.requests().iter().all(|request| request.target != CLUSTER), "only what is needed is asked for");
}

#[test]
fn a_closed_pipe_leaves_the_verdict() {
    let sandbox = Sandbox::new();
    sandbox.write("rules.prom", failing().integration());
    let script = "{ emqstat rules --input rules.prom --fail-on 'actions_failed > 0' 2>said; echo $? >code; } | true; cat code said";
    let out = sandbox.shell(script).run().expect(0);
    assert_eq!(out.stdout, "2\ncritical: actions_failed > 0: 1 of 2 rules match: rule-a\n", "{out}");
}
