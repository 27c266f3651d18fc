//! Bodies that are odd: what is not understood is said, and a verdict that rests on it is unknown.

use super::*;

fn row(
    what: &'static str,
    cluster: &str,
    integration: &str,
    args: &'static [&'static str],
    code: i32,
    says: &'static [&'static str],
) -> Promise {
    let [cluster, integration] = [cluster, integration].map(Answer::metrics);
    Promise { what, cluster, integration, args, code, says }
}

const DOWN: &[&str] = &["check", "--only", "resources_down"];
const NODES: &[&str] = &["check", "--only", "nodes_running,nodes_stopped"];
const CONNECTED: &[&str] = &["resources", "--fail-on", "status != connected"];

#[test]
fn what_is_received_and_not_understood_is_never_counted_in_silence() {
    let status = |labels: &str, value: &str| format!("deployment_emqx_resource_status{{{labels}}} {value}\n");
    let resource =
        |more: &str, value: &str| status(&format!("deployment_id=\"d\",resource_id=\"http:a\"{more}"), value);
    let rule = "deployment_emqx_rule_status{deployment_id=\"d\",rule_id=\"r\"} 1\n";
    for promise in [
        row("a label that a scraper adds", WELL, &resource(",job=\"x\"", "0"), DOWN, 2, &["1 resource down: http:a"]),
        row("and in a view", WELL, &resource(",instance=\"x\"", "0"), CONNECTED, 2, &["left out of account: instance"]),
        row(
            "a label that nobody knows",
            WELL,
            &resource(",shard=\"x\"", "0"),
            DOWN,
            3,
            &["deployment_emqx_resource_status has a label 'shard' that is not known"],
        ),
        row("and in a view", WELL, &resource(",shard=\"x\"", "0"), CONNECTED, 3, &["1 sample was not understood"]),
        row(
            "a resource without a name",
            WELL,
            &status("deployment_id=\"d\"", "0"),
            DOWN,
            3,
            &["came without the label 'resource_id'"],
        ),
        row("a status that is no number", WELL, &resource("", "NaN"), DOWN, 3, &["is NaN: neither 1 (connected)"]),
        row(
            "a rule's status without a word says nothing about its counts",
            WELL,
            &rule.replace("} 1", "} 7"),
            &["check", "--only", "rules_disabled"],
            3,
            &["Status of rule r is 7: neither 1 (enabled)"],
        ),
        row("a status without a word", WELL, &resource("", "2"), CONNECTED, 3, &["nothing can be said of 1 resource"]),
        row("which can be asked for", WELL, &resource("", "2"), &["resources", "--fail-on", "status == 2"], 2, &[]),
        row(
            "a count below 0",
            WELL,
            &format!(
                "{rule}deployment_emqx_rule_action_execution_count{{deployment_id=\"d\",rule_id=\"r\",execution_status=\"failed\"}} -5\n"
            ),
            &["rules", "--fail-on", "actions_failed > 0"],
            3,
            &["of rule r is -5: below 0"],
        ),
        row(
            "a kind of match that nobody knows",
            WELL,
            "deployment_emqx_rule_matched_count{deployment_id=\"d\",rule_id=\"r\",match_status=\"odd\"} 5\n",
            &["rules", "--fail-on", "matched > 0"],
            3,
            &["a value of 'match_status' that is not known: 'odd'"],
        ),
        row(
            "two values for one series",
            &format!("{WELL}deployment_emqx_metrics_cluster_nodes_stopped{{deployment_id=\"d\"}} 1\n"),
            "",
            NODES,
            3,
            &["came with different values"],
        ),
        row(
            "nodes below 0",
            "deployment_emqx_metrics_cluster_nodes_running{deployment_id=\"d\"} -1\n",
            "",
            &["cluster", "--fail-on", "metrics.cluster_nodes_running < 1"],
            3,
            &["deployment_emqx_metrics_cluster_nodes_running is -1: below 0"],
        ),
        row(
            "a metric with a label that its family does not have",
            "deployment_emqx_metrics_cluster_nodes_running{deployment_id=\"d\",zone=\"a\"} 3\n\
             deployment_emqx_metrics_cluster_nodes_stopped{deployment_id=\"d\",zone=\"a\"} 0\n",
            "",
            NODES,
            3,
            &["came with the label 'zone', which is not known"],
        ),
        row(
            "samples of two hours ago",
            &WELL.replace('\n', " 1700000000000\n"),
            "",
            &["check", "--only", "age,nodes_running"],
            3,
            &["the samples carry timestamps that are"],
        ),
        row(
            "samples that are yet to come",
            &WELL.replace('\n', " 32503680000000\n"),
            "",
            NODES,
            0,
            &["ahead of this machine's clock"],
        ),
        row(
            "a metric with a label that its family does not have, beside one without",
            &format!("{WELL}deployment_emqx_metrics_cluster_nodes_stopped{{deployment_id=\"d\",zone=\"a\"}} 1\n"),
            "",
            NODES,
            3,
            &["cluster_nodes_stopped came with the label 'zone' and without"],
        ),
        row(
            "two names of one figure that do not agree",
            &format!(
                "{WELL}deployment_emqx_metrics_authorization_deny{{deployment_id=\"d\"}} 0\n\
                 deployment_emqx_metrics_client_acl_deny{{deployment_id=\"d\"}} 500\n"
            ),
            "",
            &["cluster", "--fail-on", "metrics.authorization_deny > 10"],
            3,
            &["another name of it came with another value"],
        ),
        row(
            "two names of one figure that agree",
            &format!(
                "{WELL}deployment_emqx_metrics_authorization_deny{{deployment_id=\"d\"}} 5\n\
                 deployment_emqx_metrics_client_acl_deny{{deployment_id=\"d\"}} 5\n"
            ),
            "",
            &["cluster", "--fail-on", "metrics.authorization_deny > 10"],
            0,
            &[],
        ),
        row(
            "a count that cannot be, and its rate",
            &format!(
                "{WELL}deployment_emqx_metrics_messages_dropped{{deployment_id=\"d\"}} 9\n\
                 deployment_emqx_metrics_messages_sent{{deployment_id=\"d\"}} -5\n"
            ),
            "",
            &[
                "cluster",
                "--window",
                "20ms",
                "--fail-on",
                "rate(metrics.messages_sent) > 0",
                "--warn-on",
                "rate(metrics.messages_dropped) > 0",
            ],
            3,
            &["messages_sent is -5: below 0", "metrics.messages_dropped is doubtful: it came with different values"],
        ),
        row("another server's metrics for rules", WELL, "go_threads 8\n", DOWN, 3, &["none of rules or resources"]),
        row("the cluster's metrics for rules", WELL, WELL, DOWN, 3, &["none of rules or resources"]),
        row(
            "a family of resources that nobody knows",
            WELL,
            "deployment_emqx_resource_state{deployment_id=\"d\",resource_id=\"http:a\"} 0\n",
            DOWN,
            3,
            &["none of rules or resources"],
        ),
        row("in a view", WELL, "go_threads 8\n", &["resources"], 65, &["none of rules or resources"]),
        row("judged in a view", WELL, "go_threads 8\n", CONNECTED, 3, &["none of rules or resources"]),
        row("an empty answer", "", "", &["cluster"], 65, &["the answer is empty: no metric was received"]),
        row("judged", "", "", NODES, 3, &["the answer is empty"]),
        row("an endpoint that says nothing while the other does", WELL, "", DOWN, 0, &[]),
        row("both that say nothing", "", "", DOWN, 3, &["the answer is empty"]),
        row("in a view", "", "", &["resources", "--fail-on-empty"], 3, &["the answer is empty"]),
        row("only comments", "# nothing here\n", "", &["cluster"], 65, &["the answer is empty"]),
    ] {
        promise.play(&promise.server(Server::start()));
    }
}

#[test]
fn what_no_catalog_knows_is_judged_where_it_is_received_and_a_slip_where_not() {
    let body = format!(
        "{WELL}# TYPE deployment_emqx_metrics_brand_new gauge\n\
         deployment_emqx_metrics_brand_new{{deployment_id=\"d\"}} 5\n"
    );
    for (args, code, says) in [
        (&["cluster", "--fail-on", "metrics.brand_new > 4"][..], 2, &["metrics.brand_new is 5"][..]),
        (&["cluster", "--fail-on", "metrics.brand_new > 5"], 0, &[]),
        (&["cluster", "--filter", "metrics.brand_new > 4", "--columns", "name"], 0, &["metrics.cluster_nodes_running"]),
        (
            &["cluster", "--fail-on", "metrics.brand_nwe > 4"],
            64,
            &["there is no field", "did you mean 'metrics.brand_new'"],
        ),
        (&["watch", "--until", "metrics.brand_new == 5", "--interval", "10ms", "--deadline", "20s"], 0, &[]),
        (&["watch", "--until", "metrics.brand_nwe == 5", "--interval", "10ms", "--deadline", "20s"], 64, &["no field"]),
    ] {
        let promise = row("brand_new", &body, "", args, code, says);
        let server = promise.server(Server::start());
        let out = ask(&Sandbox::new(), &server, args);
        assert_eq!(out.code, code, "{out}");
        assert!(says.iter().all(|text| format!("{}{}", out.stdout, out.stderr).contains(text)), "{out}");
    }
    let server = Server::start();
    let out = ask(&Sandbox::new(), &server, &["cluster", "--fail-on", "metrics.brand_nwe > 4"]);
    assert_eq!(out.code, 3, "whether it is a slip is not known where nobody answered: {out}");
}

/// Older and newer servers reach a verdict: what they never send is left out by name.
#[test]
fn every_version_of_the_platform_reaches_a_verdict() {
    let families = |marks: &[(&str, f64)]| {
        let line = |(name, value): &(&str, f64)| format!("deployment_emqx_{name}{{deployment_id=\"d\"}} {value}\n");
        marks.iter().map(line).collect::<String>()
    };
    let old = families(&[
        ("connections_count", 5.0),
        ("metrics_client_acl_allow", 5.0),
        ("metrics_client_acl_deny", 0.0),
        ("metrics_client_auth_success", 5.0),
        ("metrics_client_auth_failure", 0.0),
        ("metrics_messages_received", 5.0),
        ("metrics_messages_sent", 5.0),
        ("metrics_delivery_dropped", 0.0),
        ("metrics_delivery_dropped_queue_full", 0.0),
    ]);
    let new = families(&[
        ("connections_count", 5.0),
        ("node_count", 3.0),
        ("sent_msg_rate", 5.0),
        ("received_msg_rate", 5.0),
        ("dropped_msg_rate", 0.0),
        ("license_quota", 100.0),
    ]);
    let rules = "deployment_emqx_rule_status{deployment_id=\"d\",rule_id=\"r\"} 1\n\
                 deployment_emqx_rule_action_execution_count{deployment_id=\"d\",rule_id=\"r\",execution_status=\"failed\"} 0\n\
                 deployment_emqx_rule_action_execution_count{deployment_id=\"d\",rule_id=\"r\",execution_status=\"success\"} 9\n\
                 deployment_emqx_resource_status{deployment_id=\"d\",resource_id=\"http:a\"} 1\n";
    for (body, says) in [
        (old, &["EMQX Platform v4 does not send metrics.cluster_nodes_running"][..]),
        (new, &["3 nodes running", "does not send metrics.cluster_nodes_stopped"]),
    ] {
        row("a version", &body, rules, &["check", "--window", "20ms"], 0, says)
            .play(&row("", &body, rules, &[], 0, &[]).server(Server::start()));
    }
    // A platform of today that leaves out what it should send is no old one.
    let today = families(&[("metrics_packets_received", 1.0), ("metrics_cluster_nodes_running", 3.0)]);
    row("today", &today, rules, NODES, 3, &["metrics.cluster_nodes_stopped was not received"])
        .play(&row("", &today, rules, &[], 0, &[]).server(Server::start()));
    // Nor is one that has an older name beside the newer one.
    let both = families(&[("metrics_client_acl_allow", 5.0), ("metrics_authorization_allow", 5.0)]);
    let both = format!("{today}{both}");
    row("both", &both, rules, NODES, 3, &["metrics.cluster_nodes_stopped was not received"])
        .play(&row("", &both, rules, &[], 0, &[]).server(Server::start()));
}

#[test]
fn two_bodies_that_do_not_agree_leave_it_unknown() {
    let sandbox = Sandbox::new();
    sandbox.write("a.prom", WELL);
    sandbox
        .write("b.prom", WELL.replace("nodes_running{deployment_id=\"d\"} 3", "nodes_running{deployment_id=\"d\"} 2"));
    let out = sandbox.line("check --input a.prom --input b.prom --only nodes_running").expect(3);
    assert!(out.stdout.contains("two bodies give it different values"), "{out}");
    let out = sandbox.line("check --input a.prom --input b.prom --only nodes_stopped").expect(0);
    assert!(out.stderr.contains("came more than once"), "{out}");
}

#[test]
fn a_word_that_no_status_has_is_a_usage_error_everywhere() {
    let sandbox = Sandbox::new();
    sandbox.write("a.prom", WELL);
    for args in [
        &["resources", "--input", "a.prom", "--fail-on", "status == down"][..],
        &["resources", "--input", "a.prom", "--fail-on", "status == Disconnected"],
        &["resources", "--input", "a.prom", "--warn-on", "status != Connected"],
        &["rules", "--input", "a.prom", "--filter", "status == Enabled"],
        &["rules", "--input", "a.prom", "--filter", "status =~ ^on"],
        &["cluster", "--input", "a.prom", "--filter", "group == dropped"],
        &["watch", "--demo", "--until", "healthy == yes"],
    ] {
        let out = sandbox.run(args).expect(64);
        assert!(out.stderr.contains(" is one of "), "{out}");
    }
    let out = sandbox.run(["resources", "--input", "a.prom", "--fail-on", "status == Disconnected"]);
    assert!(out.stderr.contains("did you mean 'disconnected'? status is one of connected, disconnected"), "{out}");
}

/// What is well at the first look has not been seen to change.
#[test]
fn healthy_waits_for_the_second_look() {
    let deployment = crate::check::Deployment::healthy();
    let server = deployment.serve();
    let args = ["watch", "--until", "healthy", "--interval", "10ms", "-o", "jsonl", "--deadline", "30s"];
    let out = ask(&Sandbox::new(), &server, &args).expect(0);
    assert!(out.json_lines().len() >= 2, "{out}");
    let out = ask(&Sandbox::new(), &server, &["watch", "--until", "healthy", "--count", "1", "-o", "jsonl"]).expect(2);
    assert!(out.stderr.contains("has not come true"), "{out}");
}

#[test]
fn monitoring_gets_its_line_whatever_is_wrong_with_the_command_line() {
    let sandbox = Sandbox::new();
    for args in [
        &["check", "-w", "other_drops=abc", "-o", "nagios"][..],
        &["check", "-onagios", "--nonsense"],
        &["--output=nagios", "check", "--window", "soon"],
        &["check", "--demo", "-o", "nagios", "-w", "nobody=1"],
        &["check", "-p", "nobody", "-o", "nagios"],
    ] {
        let out = sandbox.run(args).expect(3);
        assert!(out.stdout.starts_with("UNKNOWN: ") && out.stdout.lines().count() == 1, "{out}");
    }
}
