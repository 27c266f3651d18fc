//! The metric catalog: one row a family, the only place that knows names, kinds, units, groups and meanings.
//!
//! A family is found by any spelling: its whole name (`deployment_emqx_metrics_messages_received`,
//! `emqx_messages_received`), what stands behind the prefix, its field (`metrics.messages_received`), an
//! older name, EMQX's own dotted name (`messages.received`).

mod build;
mod entry;
mod index;
mod rows;

use crate::exposition::MetricType;
use crate::names;

pub use entry::{Concern, Entry, Group, Provenance, Scope, Unit};

/// Every row, group by group in the order of the cluster view.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    rows::ALL.iter().flat_map(|rows| rows.iter())
}

/// The family of that whole name, as it stands in a body; also by the name of a sample of a histogram (`..._bucket`).
pub fn by_family(family: &str) -> Option<&'static Entry> {
    Scope::cut(family).and_then(|(scope, name)| in_scope(scope, name))
}

/// The same, of a name that is cut already.
pub fn in_scope(scope: Scope, name: &str) -> Option<&'static Entry> {
    let exact =
        |name: &str| index::named(name).find(|entry| entry.scope == scope || scope == Scope::Broker && entry.in_broker);
    let histogram = || exact(MetricType::Histogram.whole(name)?).filter(|entry| entry.kind == MetricType::Histogram);
    exact(name).or_else(histogram)
}

/// The family `name` among the fields `cluster.NAME` of a snapshot, by its own or an older name.
pub fn of_cluster(name: &str) -> Option<&'static Entry> {
    index::named(name).find(|entry| entry.scope == Scope::Deployment)
}

/// The family `name` among the fields `metrics.NAME` of a snapshot, by its own or an older name.
pub fn of_metrics(name: &str) -> Option<&'static Entry> {
    index::named(name).find(|entry| entry.scope != Scope::Deployment)
}

/// The families that a person may mean by `text`: one for a whole name or a field, up to two for a bare name, which a
/// figure of the platform and one of the brokers can share.
pub fn find(text: &str) -> Vec<&'static Entry> {
    let text = text.trim().to_ascii_lowercase();
    if let Some(entry) = by_family(&text) {
        return vec![entry];
    }
    let underscored = |name: &str| name.replace(['.', '-'], "_");
    let field = match text.split_once('.') {
        Some(("cluster", name)) => of_cluster(&underscored(name)),
        Some(("metrics", name)) => of_metrics(&underscored(name)),
        _ => None,
    };
    match field {
        Some(entry) => vec![entry],
        None => index::named(&underscored(&text)).collect(),
    }
}

/// The families one of whose names matches `pattern` (`*` and `?`), with or without its prefix.
pub fn matching(pattern: &str) -> Vec<&'static Entry> {
    let hit = |entry: &Entry| {
        names::matches(pattern, &entry.key())
            || entry.names().any(|name| names::matches(pattern, name))
            || entry.families().iter().any(|family| names::matches(pattern, family))
    };
    all().filter(|entry| hit(entry)).collect()
}

/// The names that `text` may be a slip of, the likeliest first; at most three.
pub fn suggest(text: &str) -> Vec<&'static str> {
    let text = text.trim().to_ascii_lowercase().replace(['.', '-'], "_");
    let of_field = || ["metrics_", "cluster_"].into_iter().find_map(|prefix| text.strip_prefix(prefix));
    let bare = Scope::cut(&text).map(|(_, bare)| bare).or_else(of_field);
    names::closest(bare.unwrap_or(&text), index::names())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// The platform's sample answers: name, type as declared and labels of each family.
    fn sampled() -> BTreeMap<&'static str, (&'static str, Vec<&'static str>)> {
        let samples = [
            include_str!("../../../tests/data/sample-cluster.prom"),
            include_str!("../../../tests/data/sample-data-integration.prom"),
        ];
        let lines = || samples.into_iter().flat_map(str::lines);
        let declared = lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
        let labels = |family: &str| {
            let sample =
                lines().find_map(|line| line.strip_prefix(family)?.strip_prefix('{')?.split_once('}')).unwrap();
            sample.0.split(',').map(|label| label.split_once('=').unwrap().0).collect()
        };
        declared.map(|(family, kind)| (family, (kind, labels(family)))).collect()
    }

    #[test]
    fn no_name_is_in_two_rows() {
        let mut seen = BTreeSet::new();
        for (entry, family) in all().flat_map(|entry| entry.families().into_iter().map(move |family| (entry, family))) {
            assert_eq!((by_family(&family), find(&family)), (Some(entry), vec![entry]), "{family}");
            assert!(seen.insert(family.clone()), "{family}");
        }
    }

    /// The rows say what was declared, but where it is known to be wrong; and their labels are those that were sent.
    #[test]
    fn rows_say_what_the_samples_say() {
        let sampled = sampled();
        let rows: BTreeSet<String> =
            all().filter(|entry| entry.seen.contains(&Provenance::Sample)).map(Entry::family).collect();
        assert!(rows.iter().map(String::as_str).eq(sampled.keys().copied()) && rows.len() == 127, "{rows:?}");
        for (family, (declared, labels)) in sampled {
            let entry = by_family(family).unwrap();
            let corrected = ["rule_matched_count", "rule_action_execution_count"];
            let kind = if corrected.contains(&entry.name) { "counter" } else { declared };
            assert_eq!(entry.kind.as_str(), kind, "{family}");
            let own =
                labels.into_iter().filter(|label| !["deployment_id", "deployment_type", "platform"].contains(label));
            assert_eq!(own.collect::<BTreeSet<_>>(), entry.labels.iter().copied().collect(), "{family}");
        }
    }

    #[test]
    fn rows_are_written_alike() {
        for entry in all() {
            assert!(!entry.seen.is_empty() && entry.seen.is_sorted(), "{}: {:?}", entry.name, entry.seen);
            for text in [entry.description, entry.meaning].into_iter().chain(entry.note) {
                assert!(text.ends_with('.') && text.len() > 10 && !text.contains("  "), "{}: {text}", entry.name);
                assert!(
                    text.chars().next().unwrap().is_ascii_uppercase() || text.starts_with(|c: char| c.is_ascii_digit()),
                    "{text}"
                );
            }
            let platform = entry.scope != Scope::Broker;
            assert_eq!(entry.chinese.is_some(), platform, "{}", entry.name);
            let grows = entry.concern == Concern::Growth;
            assert!(
                !grows || entry.kind == MetricType::Counter,
                "{}: only a counter can be watched for growth",
                entry.name
            );
        }
        let order: Vec<Group> = all().map(|entry| entry.group).collect();
        assert!(order.is_sorted(), "rows stand in the order of their groups");
    }

    #[test]
    fn a_family_is_found_by_any_spelling() {
        for spelling in [
            "delivery_dropped_queue_full",
            "deployment_emqx_metrics_delivery_dropped_queue_full",
            "emqx_delivery_dropped_queue_full",
            "metrics.delivery_dropped_queue_full",
            "delivery.dropped.queue_full",
            " Delivery_Dropped_Queue_Full ",
        ] {
            let names: Vec<&str> = find(spelling).iter().map(|entry| entry.name).collect();
            assert_eq!(names, ["delivery_dropped_queue_full"], "{spelling}");
        }
        for (older, name) in [
            ("client_auth_success", "authentication_success"),
            ("client_acl_allow", "authorization_allow"),
            ("emqx_client_check_acl", "client_authorize"),
            ("packets_connect_received", "packets_connect"),
            ("packets.connect.received", "packets_connect"),
            ("session_takeovered", "session_takenover"),
            ("sent_msg_rate", "messages_send_rate"),
            ("emqx_authn_latency_bucket", "authn_latency"),
        ] {
            assert_eq!(find(older).first().map(|entry| entry.name), Some(name), "{older}");
        }
    }

    #[test]
    fn a_bare_name_can_mean_the_platform_or_the_brokers() {
        let scopes = |text: &str| find(text).iter().map(|entry| entry.scope).collect::<Vec<_>>();
        assert_eq!(scopes("sessions_count"), [Scope::Deployment, Scope::Metrics]);
        assert_eq!(scopes("deployment_emqx_sessions_count"), [Scope::Deployment]);
        assert_eq!(scopes("metrics.sessions_count"), [Scope::Metrics]);
        assert_eq!(scopes("cluster.sessions_count"), [Scope::Deployment]);
        assert_eq!(scopes("cluster.nodes.running"), [Scope::Metrics], "EMQX's dotted name of cluster_nodes_running");
        assert_eq!(scopes("no_such_thing"), []);
        assert_eq!(by_family("messages_received"), None);
        assert_eq!(by_family("deployment_emqx_messages_received_bucket"), None);
    }

    #[test]
    fn patterns_and_slips() {
        assert!(matching("*queue_full*").len() >= 2);
        assert_eq!(matching("metrics.bytes_*").len(), 2);
        assert!(matching("nothing*").is_empty());
        assert_eq!(suggest("mesages_recieved").first(), Some(&"messages_received"));
        assert_eq!(suggest("metrics.queue_full").first(), Some(&"action_dropped_queue_full"));
        assert!(suggest("xyzzy").is_empty());
    }

    #[test]
    fn groups_are_found_by_their_words() {
        for &group in Group::ALL {
            assert_eq!(Group::from_word(group.word()), Some(group));
        }
        assert_eq!(Group::from_word("nonsense"), None);
    }
}
