//! The metric catalog: one row a family, the only place that knows names, kinds, units, groups and meanings.
//!
//! A family is found by any spelling: its whole name (`deployment_emqx_metrics_messages_received`,
//! `emqx_messages_received`), what stands behind the prefix, its field (`metrics.messages_received`), an
//! older name, EMQX's own dotted name (`messages.received`).

mod entry;
mod rows;

use crate::exposition::MetricType;
use crate::names;
use std::collections::BTreeMap;
use std::sync::LazyLock;

pub use entry::{Concern, Entry, Group, Scope, Source, Unit};

/// Every row, group by group in the order of the cluster view.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    rows::ALL.iter().flat_map(|rows| rows.iter())
}

/// The family of that whole name, as it stands in a body; also by the name of a sample of a histogram (`..._bucket`).
pub fn by_family(family: &str) -> Option<&'static Entry> {
    let exact = |family: &str| {
        // The longest prefix first: each is the beginning of the one before it.
        let (scope, name) = [Scope::Metrics, Scope::Deployment, Scope::Broker]
            .into_iter()
            .find_map(|scope| Some((scope, family.strip_prefix(scope.prefix())?)))?;
        named(name).find(|entry| entry.scope == scope || scope == Scope::Broker && entry.in_broker)
    };
    exact(family)
        .or_else(|| exact(MetricType::Histogram.whole(family)?).filter(|entry| entry.kind == MetricType::Histogram))
}

/// The family `name` among the fields `cluster.NAME` of a snapshot, by its own or an older name.
pub fn of_cluster(name: &str) -> Option<&'static Entry> {
    named(name).find(|entry| entry.scope == Scope::Deployment)
}

/// The family `name` among the fields `metrics.NAME` of a snapshot, by its own or an older name.
pub fn of_metrics(name: &str) -> Option<&'static Entry> {
    named(name).find(|entry| entry.scope != Scope::Deployment)
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
        None => named(&underscored(&text)).collect(),
    }
}

/// The families one of whose names matches `pattern` (`*` and `?`), with or without its prefix.
pub fn matching(pattern: &str) -> Vec<&'static Entry> {
    let hit = |entry: &Entry| {
        names::matches(pattern, &entry.key())
            || std::iter::once(&entry.name).chain(entry.aliases).any(|name| names::matches(pattern, name))
            || entry.families().iter().any(|family| names::matches(pattern, family))
    };
    all().filter(|entry| hit(entry)).collect()
}

/// The names that `text` may be a slip of, the likeliest first; at most three.
pub fn suggest(text: &str) -> Vec<&'static str> {
    let text = text.trim().to_ascii_lowercase().replace(['.', '-'], "_");
    let prefixes = ["deployment_emqx_metrics_", "deployment_emqx_", "emqx_", "metrics_", "cluster_"];
    let bare = prefixes.into_iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(&text);
    names::closest(bare, INDEX.keys().copied())
}

/// The rows that go by that bare name, the platform's figure first.
fn named(name: &str) -> impl Iterator<Item = &'static Entry> {
    INDEX.get(name).into_iter().flatten().copied()
}

/// Bare names, older ones too, and the rows that go by them.
static INDEX: LazyLock<BTreeMap<&'static str, Vec<&'static Entry>>> = LazyLock::new(|| {
    let mut index: BTreeMap<&'static str, Vec<&'static Entry>> = BTreeMap::new();
    for entry in all() {
        for name in std::iter::once(&entry.name).chain(entry.aliases) {
            index.entry(name).or_default().push(entry);
        }
    }
    for entries in index.values_mut() {
        entries.sort_by_key(|entry| entry.scope);
    }
    index
});

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Every family seen in any source of EMQX metrics: name, type as declared, labels, sources. `?`: not declared.
    const FAMILIES: &str = include_str!("../../../tests/data/families.tsv");

    fn families() -> impl Iterator<Item = [&'static str; 4]> {
        let cells = |line: &'static str| line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        FAMILIES.lines().filter(|line| !line.starts_with('#')).map(cells)
    }

    #[test]
    fn every_known_family_has_a_row() {
        assert_eq!(families().count(), 391);
        for [family, ..] in families() {
            let entry = by_family(family).unwrap_or_else(|| panic!("{family} is in no row"));
            assert!(entry.families().iter().any(|name| name == family), "{family}: {entry:?}");
            assert!(find(family) == [entry], "{family}");
        }
    }

    #[test]
    fn no_name_is_in_two_rows() {
        let mut seen = BTreeSet::new();
        for family in all().flat_map(Entry::families) {
            assert!(!seen.contains(&family), "{family}");
            seen.insert(family);
        }
    }

    #[test]
    fn every_row_belongs_to_a_known_family() {
        let known: BTreeSet<&str> = families().map(|[family, ..]| family).collect();
        for entry in all() {
            for name in std::iter::once(&entry.name).chain(entry.aliases) {
                let spelt = [Scope::Deployment, Scope::Metrics, Scope::Broker].map(|scope| scope.family(name));
                assert!(spelt.iter().any(|family| known.contains(family.as_str())), "{name}");
            }
        }
    }

    /// The rows say what was declared, but where it is known to be wrong; and their labels are those that were seen.
    #[test]
    fn kinds_and_labels_are_those_that_were_seen() {
        let identity = ["deployment_id", "deployment_type", "platform", ""];
        for [family, declared, labels, _] in families() {
            let entry = by_family(family).unwrap();
            let corrected = ["rule_matched_count", "rule_action_execution_count", "bytes_received", "bytes_sent"];
            if !corrected.contains(&entry.name) {
                assert!(["?", "see source", entry.kind.as_str()].contains(&declared), "{family}: {declared}");
            }
            let own: Vec<&str> = labels.split(',').filter(|label| !identity.contains(label)).collect();
            assert!(own.is_empty() || own == entry.labels, "{family}: {labels}");
        }
        for name in ["rule_matched_count", "rule_action_execution_count", "bytes_received", "bytes_sent"] {
            assert_eq!(find(name)[0].kind, MetricType::Counter, "{name}");
        }
    }

    #[test]
    fn sources_are_those_where_it_was_seen() {
        use Source::*;
        let source = |word: &str| match word.trim() {
            "platform-v5-doc-sample" => Sample,
            "platform-doc-table" => Table,
            "platform-user-template" => Dashboard,
            "platform-v4-sre-template" => Operators4,
            "platform-v5-sre-template" => Operators5,
            "platform-latest-doc(partial)" => Later,
            "platform-v1-emqx_prometheus" => First,
            "emqx5-stats" => Emqx5,
            "emqx5-auth" => Emqx5Auth,
            "emqx5-data_integration" => Emqx5Rules,
            "emqx5-schema_validation" => Emqx5Validation,
            "emqx5-message_transformation" => Emqx5Transformation,
            "emqx4-emqx_prometheus" => Emqx4,
            "emqx-exporter" => Exporter,
            other => panic!("{other}"),
        };
        let mut seen: BTreeMap<String, BTreeSet<Source>> = BTreeMap::new();
        for [family, .., sources] in families() {
            seen.entry(by_family(family).unwrap().family()).or_default().extend(sources.split(',').map(source));
        }
        for entry in all() {
            let expected = seen.remove(&entry.family()).unwrap();
            assert!(entry.seen.iter().copied().eq(expected), "{}", entry.name);
        }
    }

    #[test]
    fn rows_are_written_alike() {
        for entry in all() {
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
        for group in Group::ALL {
            assert_eq!(Group::from_word(group.word()), Some(group));
        }
        assert_eq!(Group::from_word("nonsense"), None);
    }
}
