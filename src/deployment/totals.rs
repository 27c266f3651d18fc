//! The fields of a whole deployment: `cluster.NAME`, `metrics.NAME`, and figures over its rules and resources.

use super::catalog::{self, Entry};
use super::field::{Field, FieldKind, Record};
use super::key;
use super::{ResourceStatus, Rule, RuleCount, RuleStatus, Snapshot};

/// The fields that are worked out, before the sums over the rules and behind them.
const RULE_FIGURES: [&str; 3] = ["rules.total", "rules.enabled", "rules.disabled"];
const RESOURCE_FIGURES: [&str; 3] = ["resources.total", "resources.up", "resources.down"];

/// The fields that are worked out, in the order in which they are listed.
fn figures() -> impl Iterator<Item = String> {
    let sums = RuleCount::ALL.iter().map(|count| format!("rules.{}", count.name()));
    RULE_FIGURES.map(str::to_owned).into_iter().chain(sums).chain(RESOURCE_FIGURES.map(str::to_owned))
}

/// The count that `rules.NAME` is the sum of.
pub(super) fn summed(name: &str) -> Option<RuleCount> {
    RuleCount::from_name(name.strip_prefix("rules.")?)
}

impl Snapshot {
    /// What the field `name` of a deployment holds, if there can be one: the fields that are worked out, the families of the
    /// catalog, and what [`Snapshot::is_uncatalogued`].
    pub fn field_kind(name: &str) -> Option<FieldKind> {
        let worked_out = figures().any(|figure| figure == name);
        (worked_out || key::known(name).is_some() || Snapshot::is_uncatalogued(name)).then_some(FieldKind::Number)
    }

    /// Whether `name` is that of a metric which no catalog knows: a field of a snapshot that received it, and else a slip.
    pub fn is_uncatalogued(name: &str) -> bool {
        let bare = match name.split_once('.') {
            Some(("metrics" | "cluster", bare)) => bare,
            _ => return false,
        };
        let is_name = bare.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
        is_name && bare.starts_with(|c: char| !c.is_ascii_digit()) && catalog::find(name).is_empty()
    }

    /// The names of all those fields, for completion and for finding what a slip was meant to be.
    pub fn field_names() -> impl Iterator<Item = String> {
        let families = catalog::all().filter(|entry| entry.labels.is_empty()).map(Entry::key);
        figures().chain(families)
    }

    /// The sum over the rules of one of their counts. `None` unless the rules were received, each with that count: a
    /// part of a sum is not the sum.
    fn sum(&self, count: RuleCount) -> Option<f64> {
        self.rules.as_ref()?.iter().try_fold(0.0, |sum, rule| Some(sum + rule.counts[count]?))
    }
}

impl Record for Snapshot {
    /// `None` for a name that neither the catalog nor what was received knows; missing where what was received of it cannot be
    /// relied on, see [`Snapshot::absence`].
    fn field(&self, name: &str) -> Option<Field<'_>> {
        if self.doubt(name).is_some() {
            return Some(Field::Missing);
        }
        let (rules, resources) = (self.rules.as_deref(), self.resources.as_deref());
        // Of a status that is no known word nothing can be said.
        let status = |wanted| {
            move |rules| {
                how_many(rules, |rule: &Rule| match rule.status? {
                    RuleStatus::Other(_) => None,
                    status => Some(status == wanted),
                })
            }
        };
        let up = |wanted| {
            move |all| {
                how_many(all, |one: &super::Resource| match one.status? {
                    ResourceStatus::Other(_) => None,
                    status => Some(status == wanted),
                })
            }
        };
        Some(match name {
            "rules.total" => rules.map(|rules| rules.len() as f64).into(),
            "rules.enabled" => rules.and_then(status(RuleStatus::Enabled)).into(),
            "rules.disabled" => rules.and_then(status(RuleStatus::Disabled)).into(),
            "resources.total" => resources.map(|resources| resources.len() as f64).into(),
            "resources.up" => resources.and_then(up(ResourceStatus::Connected)).into(),
            "resources.down" => resources.and_then(up(ResourceStatus::Disconnected)).into(),
            name => match (summed(name), self.metrics.as_ref().and_then(|metrics| key::value_of(metrics, name))) {
                (Some(count), _) => self.sum(count).into(),
                (None, Some(value)) => Field::Number(value),
                (None, None) => key::known(name).map(|_| Field::Missing)?,
            },
        })
    }
}

/// How many of them `test` holds for; `None` where it cannot say for one of them.
fn how_many<T>(all: &[T], test: impl Fn(&T) -> Option<bool>) -> Option<f64> {
    all.iter().try_fold(0.0, |count, one| Some(if test(one)? { count + 1.0 } else { count }))
}

#[cfg(test)]
mod tests {
    use super::super::catalog::Scope;
    use super::super::{MetricKey, PerCount, Resource};
    use super::*;

    fn rule(status: f64, failed: Option<f64>) -> Rule {
        let counts = PerCount::from_fn(|count| failed.filter(|_| count == RuleCount::Failed));
        Rule { status: Some(RuleStatus::from_code(status)), counts, ..Rule::default() }
    }

    fn number(snapshot: &Snapshot, name: &str) -> Option<f64> {
        match snapshot.field(name).unwrap_or_else(|| panic!("{name} is no field")) {
            Field::Number(value) => Some(value),
            Field::Missing => None,
            Field::Text(text) => panic!("{name}: {text}"),
        }
    }

    #[test]
    fn what_was_not_received_is_missing_and_what_cannot_be_is_no_field() {
        let nothing = Snapshot::default();
        let names: Vec<String> = Snapshot::field_names().collect();
        for name in ["rules.total", "rules.failed", "resources.down", "metrics.messages_received"] {
            assert!(names.iter().any(|known| known == name), "{name} is listed");
        }
        for name in Snapshot::field_names() {
            assert_eq!(nothing.field(&name), Some(Field::Missing), "{name}");
            assert_eq!(Snapshot::field_kind(&name), Some(FieldKind::Number), "{name}");
        }
        for name in ["metrics.no_such_thing", "cluster.brand_new"] {
            assert_eq!((nothing.field(name), Snapshot::field_kind(name)), (None, Some(FieldKind::Number)), "{name}");
            assert!(Snapshot::is_uncatalogued(name), "{name}");
        }
        for name in [
            "metrics.",
            "metrics.a b",
            "cluster.rule_status",
            "rules.rule_id",
            "rules.",
            "rules",
            "metrics",
            "total",
            "",
        ] {
            assert_eq!(nothing.field(name), None, "{name}");
            assert_eq!(Snapshot::field_kind(name), None, "{name}");
        }
    }

    #[test]
    fn a_family_is_read_by_its_field_an_older_name_or_its_whole_name() {
        let metrics =
            ["packets_connect", "client_acl_deny", "brand_new"].map(|name| MetricKey::field(Scope::Metrics, name));
        let cluster = MetricKey::field(Scope::Deployment, "connections_count");
        let metrics = metrics.into_iter().chain([cluster]).zip([7.0, 3.0, 1.0, 5.0]).collect();
        let snapshot = Snapshot { metrics: Some(metrics), ..Snapshot::default() };
        for (name, value) in [
            ("metrics.packets_connect", Some(7.0)),
            ("metrics.packets_connect_received", Some(7.0)),
            ("deployment_emqx_metrics_packets_connect", Some(7.0)),
            ("emqx_packets_connect", Some(7.0)),
            ("metrics.authorization_deny", Some(3.0)),
            ("metrics.brand_new", Some(1.0)),
            ("cluster.connections_count", Some(5.0)),
            ("metrics.connections_count", None),
            ("cluster.sessions_count", None),
        ] {
            assert_eq!(number(&snapshot, name), value, "{name}");
        }
    }

    #[test]
    fn rules_are_counted_and_summed() {
        let rules = vec![rule(1.0, Some(2.0)), rule(0.0, Some(3.0)), rule(1.0, Some(0.0))];
        let snapshot = Snapshot { rules: Some(rules), ..Snapshot::default() };
        for (name, value) in
            [("rules.total", 3.0), ("rules.enabled", 2.0), ("rules.disabled", 1.0), ("rules.failed", 5.0)]
        {
            assert_eq!(number(&snapshot, name), Some(value), "{name}");
        }
        assert_eq!(number(&snapshot, "rules.passed"), None, "no rule said");
        let none = Snapshot { rules: Some(Vec::new()), ..Snapshot::default() };
        let sum = number(&none, "rules.failed").unwrap();
        assert!(sum == 0.0 && sum.is_sign_positive(), "no rules fail nothing: {sum}");
    }

    #[test]
    fn a_part_of_a_sum_is_not_the_sum() {
        let silent = Rule::default();
        let snapshot = Snapshot { rules: Some(vec![rule(1.0, Some(2.0)), silent]), ..Snapshot::default() };
        assert_eq!(number(&snapshot, "rules.failed"), None);
        assert_eq!(number(&snapshot, "rules.enabled"), None);
        assert_eq!(number(&snapshot, "rules.total"), Some(2.0));
    }

    #[test]
    fn a_resource_is_up_or_down() {
        let resource = |code: f64| Resource { status: Some(ResourceStatus::from_code(code)), ..Resource::default() };
        let figures = |codes: &[f64]| {
            let resources = Some(codes.iter().map(|code| resource(*code)).collect());
            let snapshot = Snapshot { resources, ..Snapshot::default() };
            ["resources.total", "resources.up", "resources.down"].map(|name| number(&snapshot, name))
        };
        assert_eq!(figures(&[1.0, 0.0, 0.0]), [Some(3.0), Some(1.0), Some(2.0)]);
        assert_eq!(figures(&[1.0, 0.0, 2.0]), [Some(3.0), None, None], "of the third nothing can be said");
    }
}
