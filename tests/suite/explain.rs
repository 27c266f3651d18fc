//! `explain`: the metric reference.

use crate::harness::Sandbox;
use crate::schema::assert_valid;
use serde_json::Value;

/// What the whole reference holds, as JSON.
fn families(sandbox: &Sandbox, args: &[&str]) -> Vec<Value> {
    let out = sandbox.emqstat(["explain", "-o", "json"]).args(args).run().expect(0).json();
    assert_valid(&out);
    assert_eq!(out["kind"], "explain");
    out["families"].as_array().unwrap().clone()
}

#[test]
fn a_metric_is_explained_whatever_it_is_called() {
    let sandbox = Sandbox::new();
    let page = sandbox.line("explain delivery_dropped_queue_full").ok();
    for words in [
        "deployment_emqx_metrics_delivery_dropped_queue_full",
        "Messages dropped because the subscriber's queue was full",
        "A rise means lost messages",
        "counter",
        "messages",
        "Drops",
        "deployment_id, deployment_type, platform",
        "metrics.delivery_dropped_queue_full",
        "emqx_delivery_dropped_queue_full",
        "the platform's table",
        "The vendor's HELP text",
    ] {
        assert!(page.contains(words), "{words}:\n{page}");
    }
    for name in [
        "deployment_emqx_metrics_delivery_dropped_queue_full",
        "emqx_delivery_dropped_queue_full",
        "metrics.delivery_dropped_queue_full",
        "delivery.dropped.queue_full",
    ] {
        assert_eq!(sandbox.run(["explain", name]).ok(), page, "{name}");
    }
    assert_eq!(sandbox.line("explain client_auth_success").ok(), sandbox.line("explain authentication_success").ok());
}

#[test]
fn a_slip_is_a_usage_error_that_knows_better() {
    let sandbox = Sandbox::new();
    let out = sandbox.line("explain mesages_recieved").expect(64);
    assert_eq!(out.stdout, "");
    assert!(out.stderr.contains("error: there is no metric 'mesages_recieved'"), "{out}");
    assert!(out.stderr.contains("hint: did you mean one of messages_received"), "{out}");
    let out = sandbox.run(["explain", "x\u{1b}[2J*"]).expect(64);
    assert!(out.stderr.contains(r"no metric matches 'x\x1b[2J*'"), "{out}");
}

#[test]
fn the_whole_reference_is_listed_by_group() {
    let sandbox = Sandbox::new();
    let all = families(&sandbox, &[]);
    let names: Vec<&str> = all.iter().map(|family| family["family"].as_str().unwrap()).collect();
    assert!(names.contains(&"deployment_emqx_rule_status") && names.contains(&"emqx_vm_cpu_use"));
    let also: usize = all.iter().map(|family| family["also_called"].as_array().unwrap().len()).sum();
    assert!(names.len() + also >= 391, "{} names and {also} others", names.len());
    let lines = sandbox.line("explain").ok();
    assert_eq!(lines.lines().count(), all.len() + 1, "a line each and the names of the columns");
    let terminal = sandbox.emqstat(["explain"]).env("NO_COLOR", "1").terminal(120).run().ok();
    let titles = ["\nNodes\n", "\nClients and sessions\n", "\nDrops\n", "\nBroker internals\n"];
    let places = titles.map(|title| terminal.find(title).unwrap_or_else(|| panic!("{title}:\n{terminal}")));
    assert!(places.is_sorted(), "{terminal}");
}

#[test]
fn a_part_is_asked_for_by_pattern_or_group() {
    let sandbox = Sandbox::new();
    let names = |args: &[&str]| -> Vec<String> {
        families(&sandbox, args).iter().map(|family| family["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&["bytes_*"]), ["metrics.bytes_received", "metrics.bytes_sent"]);
    assert_eq!(names(&["traffic"]), names(&["bytes_*"]));
    assert_eq!(names(&["sessions_count"]), ["cluster.sessions_count", "metrics.sessions_count"]);
}

#[test]
fn columns_are_chosen_by_name() {
    let sandbox = Sandbox::new();
    let csv = sandbox.line("explain bytes_* -o csv --columns name,type,unit").ok();
    assert_eq!(csv, "name,type,unit\nmetrics.bytes_received,counter,bytes\nmetrics.bytes_sent,counter,bytes\n");
    let table = sandbox.line("explain bytes_sent --columns family --no-headers").ok();
    assert_eq!(table, "deployment_emqx_metrics_bytes_sent\n");
    let out = sandbox.line("explain --columns colour").expect(64);
    assert!(out.stderr.contains("there is no column 'colour'") && out.stderr.contains("also_called"), "{out}");
}

#[test]
fn chinese_readers_are_told_in_chinese() {
    let sandbox = Sandbox::new();
    let page = || sandbox.emqstat(["explain", "delivery_dropped_queue_full"]);
    const CHINESE: &str = "因消息队列已满而丢弃的消息数";
    assert!(page().env("LC_ALL", "zh_CN.UTF-8").run().ok().contains(CHINESE));
    assert!(page().env("LANG", "zh_CN.UTF-8").run().ok().contains(CHINESE));
    assert!(!page().env("LANG", "zh_CN.UTF-8").env("LC_ALL", "C").run().ok().contains(CHINESE));
    assert!(page().arg("--lang=zh").run().ok().contains(CHINESE));
    assert!(!page().arg("--lang=en").env("LC_ALL", "zh_CN.UTF-8").run().ok().contains(CHINESE));
    assert!(sandbox.line("explain delivery* --lang zh").ok().contains(CHINESE));
}

#[test]
fn columns_of_views_are_explained_as_they_stand_in_tables() {
    let sandbox = Sandbox::new();
    for name in ["actions_failed", "ACTIONS FAILED", "rate(actions_failed)", "ACTIONS_FAILED/s"] {
        let text = sandbox.run(["explain", name]).ok();
        assert!(text.starts_with("rules: actions_failed\n"), "{text}");
        assert!(text.contains("deployment_emqx_rule_action_execution_count"), "{text}");
    }
    let json = sandbox.run(["explain", "status", "-o", "json"]).expect(0).json();
    assert_valid(&json);
    let views: Vec<_> = json["columns"].as_array().unwrap().iter().map(|one| one["view"].as_str().unwrap()).collect();
    assert_eq!(views, ["rules", "resources", "deployments"]);
}

#[test]
fn a_pasted_line_of_an_answer_is_explained() {
    let sandbox = Sandbox::new();
    let page = sandbox.run(["explain", "delivery_dropped_queue_full"]).ok();
    for line in [
        "deployment_emqx_metrics_delivery_dropped_queue_full{deployment_id=\"d\"} 5",
        "# TYPE deployment_emqx_metrics_delivery_dropped_queue_full counter",
        "emqx_delivery_dropped_queue_full 12",
    ] {
        assert_eq!(sandbox.run(["explain", line]).ok(), page, "{line}");
    }
}

#[test]
fn the_language_is_the_flag_s_then_emqstat_s_own_then_the_system_s() {
    let sandbox = Sandbox::new();
    let is_chinese = |flag: &str, own: &str, system: &str| {
        let call = sandbox.line_call(&format!("explain messages_dropped {flag}"));
        call.env("EMQSTAT_LANG", own).env("LC_ALL", system).run().ok().contains("含义")
    };
    assert!(
        is_chinese("", "zh", "en_GB.UTF-8") && is_chinese("", "", "zh_CN.UTF-8") && is_chinese("--lang zh", "en", "en")
    );
    assert!(!is_chinese("", "en", "zh_CN.UTF-8") && !is_chinese("--lang en", "zh", "zh_CN.UTF-8"));
}
