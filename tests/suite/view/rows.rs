//! `rules`, `resources` and single metrics as tables.

use super::{CLUSTER, DATA_INTEGRATION, files, resources, rules, sample, samples, shown};
use crate::harness::Sandbox;

fn busy() -> Sandbox {
    let rules = rules(&[
        ("rule-0a", 1, [1_204_177, 0, 0, 1_204_177, 0]),
        ("rule-3394ce25", 1, [10_227_159, 6_207_455, 0, 4_019_704, 19_262]),
        ("rule-7d", 0, [290_398, 1_160, 0, 578_476, 0]),
        ("rule-85a2b57d", 1, [927_696_258, 132_528_036, 12_048_003, 795_168_222, 0]),
        ("订单-规则-部署🚀", 1, [2, 1, 0, 1, 0]),
    ]);
    let resources = resources(&[
        ("http:connector-fe4fb3d3", 1),
        ("kafka_producer:connector-9d1de2a0", 1),
        ("postgresql:a-long-connector-name-for-the-warehouse-in-frankfurt", 0),
        ("mqtt:日志-收集器", 1),
        ("redis:odd", 7),
    ]);
    files(&[("rules.prom", &rules), ("resources.prom", &resources)])
}

#[test]
fn rules_at_60_columns() {
    insta::assert_snapshot!(shown(&busy(), "rules --input rules.prom", 60));
}

#[test]
fn rules_at_80_columns() {
    insta::assert_snapshot!(shown(&busy(), "rules --input rules.prom", 80));
}

#[test]
fn rules_at_120_columns() {
    insta::assert_snapshot!(shown(&busy(), "rules --input rules.prom", 120));
}

#[test]
fn rules_at_200_columns() {
    insta::assert_snapshot!(shown(&busy(), "rules --input rules.prom", 200));
}

#[test]
fn resources_at_60_columns() {
    insta::assert_snapshot!(shown(&busy(), "resources --input resources.prom", 60));
}

#[test]
fn resources_at_80_columns() {
    insta::assert_snapshot!(shown(&busy(), "resources --input resources.prom", 80));
}

#[test]
fn resources_at_120_columns() {
    insta::assert_snapshot!(shown(&busy(), "resources --input resources.prom", 120));
}

#[test]
fn resources_at_200_columns() {
    insta::assert_snapshot!(shown(&busy(), "resources --input resources.prom", 200));
}

#[test]
fn the_vendors_sample_in_a_pipe() {
    insta::assert_snapshot!(samples().line("rules --input di.prom").ok(), @r"
      RULE_ID        STATUS   MATCHED  PASSED  EXCEPTION  NO_RESULT  ACTIONS_TAKEN  ACTIONS_SUCCESS  ACTIONS_FAILED  ACTION_FAILURE_SHARE
    ✓ rule-3394ce25  enabled        0       0          0          0              0                0               0                     -
    ");
    insta::assert_snapshot!(samples().line("resources --input di.prom").ok(), @r"
      RESOURCE_ID              TYPE  NAME                STATUS
    ✓ http:connector-fe4fb3d3  http  connector-fe4fb3d3  connected
    ");
}

#[test]
fn a_pipe_gets_a_line_a_record_with_plain_numbers() {
    let text = busy().line("rules --input rules.prom --no-headers").ok();
    assert_eq!(text.lines().count(), 5, "{text}");
    assert!(text.contains(" 927696258 ") && !text.contains(',') && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn trouble_stands_first() {
    let ids = |args: &str| {
        let text = busy().line(args).expect(0).stdout;
        text.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // What is disabled, then what fails most.
    let rules = ["rule-7d", "rule-85a2b57d", "rule-3394ce25", "rule-0a", "订单-规则-部署🚀"];
    assert_eq!(ids("rules --input rules.prom --no-headers"), rules);
    let resources = ids("resources --input resources.prom --no-headers --columns name");
    assert_eq!(resources[..2], ["a-long-connector-name-for-the-warehouse-in-frankfurt", "odd"]);
}

#[test]
fn columns_are_chosen_and_sorted_by_name() {
    let text = busy().line("rules --input rules.prom --columns failed,rule_id --sort -failed").ok();
    insta::assert_snapshot!(text, @r"
       FAILED  RULE_ID
    132528036  rule-85a2b57d
      6207455  rule-3394ce25
         1160  rule-7d
            1  订单-规则-部署🚀
            0  rule-0a
    ");
    let ascending = busy().line("rules --input rules.prom --columns rule_id --sort failed --no-headers").ok();
    assert!(ascending.starts_with("rule-0a\n订单"), "{ascending}");
}

#[test]
fn what_was_not_received_is_sorted_last_whichever_way() {
    let body = rules(&[("a", 1, [5, 1, 0, 0, 0]), ("b", 1, [9, 2, 0, 0, 0])])
        + "deployment_emqx_rule_status{deployment_id=\"gde1d4ab\",rule_id=\"silent\"} 1\n";
    let sandbox = files(&[("a.prom", &body)]);
    for (sort, ids) in [("failed", "a\nb\nsilent\n"), ("-failed", "b\na\nsilent\n")] {
        let line = format!("rules --input a.prom --columns rule_id --no-headers --sort {sort}");
        assert_eq!(sandbox.line(&line).ok(), ids);
    }
    let row = sandbox.line("rules --input a.prom --no-headers --columns rule_id,failed --filter rule_id==silent").ok();
    assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["silent", "-"]);
}

#[test]
fn wrong_names_are_refused_with_the_right_ones() {
    for (args, words) in [
        ("rules --columns failled", "did you mean failed? the columns are profile, deployment_id,"),
        ("rules --sort colour", "the columns are profile,"),
        ("resources --columns rule_id", "resource_id, type, name, status"),
        ("cluster --group drop", "the groups are nodes, clients,"),
        ("rules --filter fialed>0", "did you mean 'failed'?"),
        ("rules --filter rate(failed)>0", "is about change, and one look"),
        ("rules --columns failed,failed", "stands twice"),
        ("rules --columns failed -o json", "JSON has every field"),
    ] {
        let out = samples().line(&format!("{args} --input di.prom")).expect(64);
        assert!(out.stderr.contains(words) && out.stdout.is_empty(), "{out}");
    }
}

#[test]
fn filters_hold_all_at_once_and_for_every_format() {
    let sandbox = busy();
    let args = "rules --input rules.prom --filter status==enabled --filter actions_failed>0";
    assert_eq!(sandbox.line(&format!("{args} --columns rule_id --no-headers")).ok(), "rule-3394ce25\n");
    assert_eq!(sandbox.line(&format!("{args} -o csv --columns rule_id --no-headers")).ok(), "rule-3394ce25\n");
    assert_eq!(sandbox.line(&format!("{args} -o jsonl")).json_lines().len(), 1);
    let document = sandbox.line(&format!("{args} -o json")).json();
    assert_eq!(document["deployments"][0]["rules"].as_array().unwrap().len(), 1);
    let none = sandbox.emqstat("rules --input rules.prom --filter matched>1G".split(' ')).terminal(80).run().ok();
    assert!(none.contains("no rule matches, of 5 rules"), "{none}");
}

#[test]
fn no_rules_at_all_is_said() {
    let text = shown(&samples(), "rules --input cluster.prom", 80);
    assert_eq!(text, "no rule was received\n");
}

#[test]
fn rows_of_several_deployments_tell_whose_they_are() {
    let other = DATA_INTEGRATION.replace("gde1d4ab", "c0ffee00");
    let sandbox = files(&[("a.prom", DATA_INTEGRATION), ("b.prom", &other)]);
    let text = sandbox.line("resources --input a.prom --input b.prom").ok();
    insta::assert_snapshot!(text, @r"
      DEPLOYMENT_ID  RESOURCE_ID              TYPE  NAME                STATUS
    ✓ c0ffee00       http:connector-fe4fb3d3  http  connector-fe4fb3d3  connected
    ✓ gde1d4ab       http:connector-fe4fb3d3  http  connector-fe4fb3d3  connected
    ");
}

#[test]
fn every_metric_is_listed_unknown_ones_under_other() {
    let body = format!("{CLUSTER}{}", sample("deployment_emqx_metrics_brand_new", "b9110d11", "42"));
    let sandbox = files(&[("a.prom", &body)]);
    let text = sandbox.line("cluster --input a.prom --all --no-headers --columns name,group").ok();
    assert_eq!(text.lines().count(), 124, "{text}");
    let last: Vec<&str> = text.lines().last().unwrap().split_whitespace().collect();
    assert_eq!(last, ["metrics.brand_new", "other"]);
    assert!(shown(&sandbox, "cluster --input a.prom --all", 80).contains("\nOther\nmetrics.brand_new "));
}

#[test]
fn groups_and_patterns_choose_metrics() {
    let names = |args: &str| {
        let line = format!("cluster --input cluster.prom --no-headers --columns name {args}");
        samples().line(&line).ok().lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(names("--group traffic"), ["metrics.bytes_received", "metrics.bytes_sent"]);
    assert_eq!(names("--metric topics_count"), ["cluster.topics_count", "metrics.topics_count"]);
    for pattern in ["*queue_full", "metrics.*queue_full", "deployment_emqx_metrics_*queue_full"] {
        assert_eq!(names(&format!("--metric {pattern}")), ["metrics.delivery_dropped_queue_full"], "{pattern}");
    }
    assert_eq!(names("--group nodes,traffic --metric bytes*"), ["metrics.bytes_received", "metrics.bytes_sent"]);
}

#[test]
fn metrics_of_a_group_at_several_widths() {
    for width in [60, 120] {
        insta::assert_snapshot!(
            format!("metrics_at_{width}"),
            shown(&samples(), "cluster --input cluster.prom --group nodes,drops", width)
        );
    }
}

#[test]
fn samples_of_a_scrape() {
    insta::assert_snapshot!("scrape_at_120", shown(&samples(), "scrape --input di.prom -o table", 120));
    let piped = samples().line("scrape --input di.prom -o table").ok();
    assert_eq!(piped.lines().count(), 11, "{piped}");
    let last: Vec<&str> = piped.lines().last().unwrap().split_whitespace().take(4).collect();
    assert_eq!(last, ["deployment_emqx_rule_status", "gauge", "1", "-"]);
}
