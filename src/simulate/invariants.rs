//! What always holds in a deployment, and so in the simulated one: sums, bounds, growth, at any instant and whatever the seed.

use super::model::{Model, Plan};
use super::outage::Outage;
use super::render;
use crate::deployment::catalog::{self, Concern};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::time::Duration;

type Values = BTreeMap<String, f64>;

/// Both endpoints' samples: the part of the name behind the prefix, with the label that tells samples of one rule apart.
fn values(model: &Model) -> Values {
    let mut body = Vec::new();
    render::cluster(model, &mut body).unwrap();
    render::integration(model, &mut body).unwrap();
    parsed(std::str::from_utf8(&body).unwrap())
}

fn parsed(body: &str) -> Values {
    let own =
        |label: &&str| !["deployment_id=", "deployment_type=", "platform="].iter().any(|id| label.starts_with(id));
    let sample = |line: &str| {
        let (series, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) = series.strip_suffix('}').unwrap().split_once('{').unwrap();
        let name = name.strip_prefix("deployment_emqx_").unwrap();
        let labels: Vec<&str> = labels.split(',').filter(own).collect();
        (format!("{name} {}", labels.join(" ")).trim_end().to_owned(), value.parse().unwrap())
    };
    body.lines().filter(|line| !line.starts_with('#')).map(sample).collect()
}

/// What always holds in a deployment, each line `sum = part + part` or `greater >= less`.
const INVARIANTS: &str = "\
    metrics_messages_received = metrics_messages_qos0_received + metrics_messages_qos1_received + metrics_messages_qos2_received
    metrics_messages_sent = metrics_messages_qos0_sent + metrics_messages_qos1_sent + metrics_messages_qos2_sent
    metrics_messages_dropped = metrics_messages_dropped_expired + metrics_messages_dropped_no_subscribers
    metrics_delivery_dropped = metrics_delivery_dropped_expired + metrics_delivery_dropped_no_local + metrics_delivery_dropped_qos0_msg + metrics_delivery_dropped_queue_full + metrics_delivery_dropped_too_large
    metrics_messages_received >= metrics_messages_publish
    metrics_messages_publish >= metrics_messages_dropped
    metrics_messages_delivered >= metrics_messages_sent
    metrics_messages_qos1_sent + metrics_messages_qos2_sent >= metrics_messages_acked
    metrics_packets_publish_received = metrics_messages_received
    metrics_packets_publish_sent = metrics_messages_sent
    metrics_packets_received = metrics_packets_connect + metrics_packets_publish_received + metrics_packets_puback_received + metrics_packets_pubrec_received + metrics_packets_pubrel_received + metrics_packets_pubcomp_received + metrics_packets_subscribe_received + metrics_packets_unsubscribe_received + metrics_packets_pingreq_received + metrics_packets_disconnect_received + metrics_packets_auth_received
    metrics_packets_sent = metrics_packets_connack_sent + metrics_packets_publish_sent + metrics_packets_puback_sent + metrics_packets_pubrec_sent + metrics_packets_pubrel_sent + metrics_packets_pubcomp_sent + metrics_packets_suback_sent + metrics_packets_unsuback_sent + metrics_packets_pingresp_sent + metrics_packets_disconnect_sent + metrics_packets_auth_sent
    metrics_packets_connack_sent = metrics_packets_connect
    metrics_packets_connack_error >= metrics_packets_connack_auth_error
    metrics_packets_subscribe_received >= metrics_packets_subscribe_error + metrics_packets_subscribe_auth_error
    metrics_packets_unsubscribe_received >= metrics_packets_unsubscribe_error
    metrics_packets_publish_received >= metrics_packets_publish_error + metrics_packets_publish_auth_error + metrics_packets_publish_dropped + metrics_packets_publish_inuse
    metrics_bytes_received >= metrics_packets_received + metrics_packets_received
    metrics_bytes_sent >= metrics_packets_sent + metrics_packets_sent
    metrics_client_connect >= metrics_client_authenticate
    metrics_client_authenticate = metrics_authentication_success + metrics_authentication_failure
    metrics_authentication_failure = metrics_packets_connack_auth_error
    metrics_authentication_success >= metrics_authentication_success_anonymous
    metrics_client_connected = metrics_client_disconnected + metrics_live_connections_count
    metrics_client_connected = metrics_session_created + metrics_session_resumed
    metrics_session_created = metrics_session_terminated + metrics_session_discarded + metrics_sessions_count
    metrics_session_resumed >= metrics_session_takenover
    metrics_sessions_count >= metrics_live_connections_count
    metrics_authorization_allow + metrics_authorization_deny = metrics_authorization_cache_hit + metrics_authorization_cache_miss
    metrics_authorization_cache_miss = metrics_authorization_matched_allow + metrics_authorization_matched_deny + metrics_authorization_nomatch + metrics_authorization_superuser
    metrics_authorization_deny = metrics_packets_publish_auth_error + metrics_packets_subscribe_auth_error
    metrics_subscriptions_count = metrics_subscribers_count + metrics_subscriptions_shared_count
    metrics_subscriptions_count >= metrics_topics_count
    metrics_messages_retained >= metrics_retained_count
    metrics_messages_delayed >= metrics_delayed_count
    connections_count = metrics_connections_count
    sessions_count = metrics_sessions_count
    subscriptions_count = metrics_subscriptions_count
    topics_count = metrics_topics_count
    messages_rate = messages_receive_rate + messages_send_rate";

fn check_invariants(values: &Values) {
    let sum = |side: &str| side.split(" + ").map(|name| values[name.trim()]).sum::<f64>();
    for line in INVARIANTS.lines() {
        match line.split_once(" >= ") {
            Some((greater, less)) => assert!(sum(greater) >= sum(less), "{line}"),
            None => {
                let (left, right) = line.split_once(" = ").unwrap();
                // The rates alone are no whole numbers.
                assert!((sum(left) - sum(right)).abs() < 1e-6, "{line}: {} and {}", sum(left), sum(right));
            }
        }
    }
    for (name, value) in values {
        assert!(value.is_finite() && *value >= 0.0, "{name} {value}");
        if let Some(max) = name.strip_suffix("_count").and_then(|stem| values.get(&format!("{stem}_max"))) {
            assert!(max >= value, "{name} {value} above its maximum {max}");
        }
    }
}

fn check_rules(model: &Model) {
    for (id, rule) in model.rules() {
        assert_eq!(rule.matched(), rule.passed + rule.failed(), "{id}");
        assert_eq!(rule.failed(), rule.exception + rule.no_result, "{id}");
        assert!(rule.success + rule.failed_actions <= rule.taken, "{id}: {rule:?}");
        assert!(rule.success >= 0.0 && rule.taken >= rule.passed, "{id}: {rule:?}");
    }
}

/// What may fall: the levels, the rates and the states.
fn only_grows(name: &str) -> bool {
    let level =
        name.ends_with("_count") || name.ends_with("_rate") || name.contains("_nodes_") || name.contains("_status ");
    !level || name.starts_with("rule_matched_count") || name.starts_with("rule_action_execution_count")
}

fn check_growth(before: &Values, after: &Values) {
    assert!(before.keys().eq(after.keys()));
    for (name, value) in after {
        assert!(!only_grows(name) || *value >= before[name], "{name} fell from {} to {value}", before[name]);
    }
}

fn plan() -> impl Strategy<Value = Plan> {
    let outage = prop_oneof![
        Just(Outage::Never),
        Just(Outage::Random),
        (0..100_u64, 0..100_u64).prop_map(|(start, length)| Outage::Once {
            start: Duration::from_secs(start),
            length: Duration::from_secs(length),
        }),
    ];
    // A day at the highest speed is some 270 years.
    let history = prop_oneof![0..400_000_u64, Just(8_640_000_000)];
    (any::<u64>(), 0..40_u32, 0..12_u32, 1..5_u32, outage.clone(), outage, history).prop_map(
        |(seed, rules, resources, nodes, outage, node_outage, history)| Plan {
            seed,
            rules,
            resources,
            nodes,
            outage,
            node_outage,
            history: Duration::from_secs(history),
            deployment_id: None,
            faults: Vec::new(),
        },
    )
}

/// Steps from a hundredth of a second to weeks.
fn steps() -> impl Strategy<Value = Vec<Duration>> {
    let step = (-2.0..6.5_f64).prop_map(|exponent| Duration::from_secs_f64(10_f64.powf(exponent)));
    prop::collection::vec(step, 1..12)
}

/// They are not our own: the platform's sample answer keeps them.
#[test]
fn the_platform_keeps_them() {
    check_invariants(&parsed(include_str!("../../tests/data/sample-cluster.prom")));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sums_hold_and_counters_grow_at_every_instant(plan in plan(), steps in steps()) {
        let mut model = Model::new(&plan);
        let mut before = values(&model);
        check_invariants(&before);
        check_rules(&model);
        for step in steps {
            model.advance(step);
            let after = values(&model);
            check_invariants(&after);
            check_rules(&model);
            check_growth(&before, &after);
            before = after;
        }
    }

    #[test]
    fn an_instant_does_not_depend_on_the_steps_to_it(plan in plan(), steps in steps()) {
        let mut walked = Model::new(&plan);
        for step in &steps {
            walked.advance(*step);
        }
        let mut jumped = Model::new(&plan);
        jumped.advance(steps.iter().sum());
        prop_assert_eq!(values(&walked), values(&jumped));
    }
}

#[test]
fn the_rates_are_those_of_the_counters() {
    let mut model = Model::new(&Plan::default());
    let before = values(&model);
    model.advance(Duration::from_secs(10));
    let after = values(&model);
    for (rate, counter) in
        [("messages_receive_rate", "metrics_messages_received"), ("messages_send_rate", "metrics_messages_sent")]
    {
        let change = (after[counter] - before[counter]) / 10.0;
        assert!((after[rate] - change).abs() < 1e-6, "{rate} {} and {change}", after[rate]);
        assert!(change > 100.0, "{counter} moves");
    }
}

/// Whoever asks a fresh simulation finds a deployment in good order; what goes wrong does so later.
#[test]
fn a_simulation_begins_well() {
    for seed in 0..20 {
        let mut model = Model::new(&Plan { seed, ..Plan::default() });
        let before = values(&model);
        model.advance(Duration::from_secs(20));
        for (name, value) in values(&model) {
            let family = name.split(' ').next().unwrap();
            let entry = catalog::by_family(&format!("deployment_emqx_{family}")).unwrap();
            let trouble = entry.concern == Concern::Growth
                || name.contains("match_status=\"exception\"")
                || name.contains("execution_status=\"failed\"");
            assert!(!trouble || value == before[&name], "{name}");
        }
        model.advance(Duration::from_secs(7_200));
        for name in ["metrics_delivery_dropped_queue_full", "metrics_packets_publish_auth_error"] {
            assert!(values(&model)[name] > before[name], "{name}: nothing ever happens");
        }
    }
}
