//! `cluster` as a person sees it.

use super::{CLUSTER, ageless, files, sample, samples, shown};

#[test]
fn the_vendors_sample_at_60_columns() {
    insta::assert_snapshot!(shown(&samples(), "cluster --input cluster.prom", 60));
}

#[test]
fn the_vendors_sample_at_80_columns() {
    insta::assert_snapshot!(shown(&samples(), "cluster --input cluster.prom", 80));
}

#[test]
fn the_vendors_sample_at_120_columns() {
    insta::assert_snapshot!(shown(&samples(), "cluster --input cluster.prom", 120));
}

#[test]
fn the_vendors_sample_at_200_columns() {
    insta::assert_snapshot!(shown(&samples(), "cluster --input cluster.prom", 200));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in [60, 80, 120, 200] {
        for line in shown(&samples(), "cluster --input cluster.prom", width).lines() {
            assert!(line.chars().count() <= width.into(), "{width}: {line}");
        }
    }
}

#[test]
fn trouble_is_told_in_words_and_marks() {
    let values = [
        ("metrics_cluster_nodes_running", "2"),
        ("metrics_cluster_nodes_stopped", "1"),
        ("metrics_live_connections_count", "1234567"),
        ("metrics_sessions_count", "1300000"),
        ("messages_receive_rate", "979.25"),
        ("messages_send_rate", "1160"),
        ("metrics_messages_received", "1000000"),
        ("metrics_messages_dropped", "250000"),
        ("metrics_messages_dropped_no_subscribers", "249990"),
        ("metrics_messages_dropped_expired", "10"),
        ("metrics_messages_delivered", "900"),
        ("metrics_delivery_dropped", "100"),
        ("metrics_delivery_dropped_queue_full", "98"),
        ("metrics_delivery_dropped_too_large", "2"),
        ("metrics_authentication_success", "999"),
        ("metrics_authentication_failure", "1"),
        ("metrics_authorization_deny", "7"),
        ("metrics_packets_publish_error", "3"),
        ("metrics_bytes_received", "13002342"),
        ("metrics_bytes_sent", "800"),
        ("metrics_brand_new", "4.5"),
    ];
    let body: String =
        values.iter().map(|(name, value)| sample(&format!("deployment_emqx_{name}"), "d1", value)).collect();
    let sandbox = files(&[("busy.prom", &body)]);
    insta::assert_snapshot!(shown(&sandbox, "cluster --input busy.prom", 80));
}

#[test]
fn a_pipe_gets_one_column_in_full_without_colour() {
    let text = samples().line("cluster --input cluster.prom").ok();
    assert!(!text.contains('\u{1b}'), "{text}");
    let headings = ["Nodes", "Clients and sessions", "Drops", "Packets"];
    for heading in headings {
        assert!(text.lines().any(|line| line.starts_with(heading)), "{heading}: {text}");
    }
}

#[test]
fn several_deployments_have_a_heading_each() {
    let other = CLUSTER.replace("b9110d11", "c0ffee00");
    let sandbox = files(&[("a.prom", CLUSTER), ("b.prom", &other)]);
    let text = ageless(&sandbox.line("cluster --input a.prom --input b.prom").ok());
    for id in ["b9110d11", "c0ffee00"] {
        assert_eq!(text.matches(&format!("deployment {id} (dedicated, aliyun_en)\n")).count(), 1, "{text}");
    }
}

#[test]
fn what_was_not_received_is_not_zero() {
    let body = sample("deployment_emqx_metrics_messages_qos0_received", "d1", "5");
    let text = shown(&files(&[("a.prom", &body)]), "cluster --input a.prom", 80);
    let row = text.lines().find(|line| line.contains("QoS 0")).unwrap();
    assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["QoS", "0", "5", "-"], "{text}");
    assert!(!text.contains("nodes running"), "{text}");
}

#[test]
fn an_answer_of_the_other_endpoint_says_where_to_look() {
    let text = shown(&samples(), "cluster --input di.prom", 80);
    assert!(text.contains("no metric of the cluster was received: see 'rules' and 'resources'"), "{text}");
}
