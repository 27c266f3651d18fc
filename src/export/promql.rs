//! The fields of a deployment, as PromQL asks for them.
//!
//! What `check` and own checks say of `metrics.NAME`, `cluster.NAME`, `rules.NAME` and `resources.NAME`, a query language for
//! time series says of families and their labels.

use crate::deployment::RuleCount;
use crate::deployment::catalog::{self, Entry, Scope};
use crate::health::Range;

/// A field, by how its value comes about.
enum Figure {
    /// The value of a family, under the first of these names that there is.
    Family(Vec<String>),
    /// A sum over the rules.
    Sum(RuleCount),
    /// How many series a family has: how many rules or resources there are.
    Number { family: &'static str, id: &'static str },
    /// How many of them have a value for which this holds.
    State { family: &'static str, id: &'static str, holds: &'static str },
}

pub(super) const RULE_STATUS: &str = "deployment_emqx_rule_status";
pub(super) const RULE_MATCHED: &str = "deployment_emqx_rule_matched_count";
pub(super) const RULE_MATCH_RATE: &str = "deployment_emqx_rule_matched_rate";
pub(super) const RULE_ACTIONS: &str = "deployment_emqx_rule_action_execution_count";
pub(super) const RESOURCE_STATUS: &str = "deployment_emqx_resource_status";

impl Figure {
    fn of(field: &str) -> Option<Figure> {
        let state = |family, id, holds| Some(Figure::State { family, id, holds });
        if let Some(count) = field.strip_prefix("rules.").and_then(RuleCount::from_name) {
            return Some(Figure::Sum(count));
        }
        match field {
            "rules.total" => Some(Figure::Number { family: RULE_STATUS, id: "rule_id" }),
            "rules.enabled" => state(RULE_STATUS, "rule_id", "== bool 1"),
            "rules.disabled" => state(RULE_STATUS, "rule_id", "== bool 0"),
            "resources.total" => Some(Figure::Number { family: RESOURCE_STATUS, id: "resource_id" }),
            "resources.up" => state(RESOURCE_STATUS, "resource_id", "== bool 1"),
            "resources.down" => state(RESOURCE_STATUS, "resource_id", "== bool 0"),
            _ => {
                let entry = catalog::find(field).into_iter().next().filter(|entry| entry.labels.is_empty())?;
                let names = names(entry);
                (!names.is_empty()).then_some(Figure::Family(names))
            }
        }
    }
}

/// The family that holds a count of the rules, and what selects that one of its counts.
pub(super) fn count_series(count: RuleCount) -> (&'static str, String) {
    let (label, value) = count.label();
    let family = if label == "match_status" { RULE_MATCHED } else { RULE_ACTIONS };
    (family, format!("{label}=\"{value}\""))
}

/// The names that the platform sends a family under, its own first; none for what only a broker has.
pub(super) fn names(entry: &Entry) -> Vec<String> {
    if entry.scope == Scope::Broker {
        return Vec::new();
    }
    std::iter::once(&entry.name).chain(entry.aliases).map(|name| entry.scope.family(name)).collect()
}

/// A field's value now, over the series that have these labels (`a="b",c="d"`, or nothing). `None` where only a broker's own
/// endpoint has it.
pub(super) fn now(field: &str, labels: &str) -> Option<String> {
    expression(field, |name, own| series(name, &[own, labels]))
}

/// A field's growth per second over `window` (`5m`).
pub(super) fn rate(field: &str, labels: &str, window: &str) -> Option<String> {
    expression(field, |name, own| format!("rate({}[{window}])", series(name, &[own, labels])))
}

fn expression(field: &str, of: impl Fn(&str, &str) -> String) -> Option<String> {
    Some(match Figure::of(field)? {
        Figure::Family(names) => first_of(names.iter().map(|name| of(name, ""))),
        Figure::Sum(count) => {
            let (family, selector) = count_series(count);
            format!("sum without (rule_id, {}) ({})", count.label().0, of(family, &selector))
        }
        Figure::Number { family, id } => format!("count without ({id}) ({})", of(family, "")),
        Figure::State { family, id, holds } => format!("sum without ({id}) ({} {holds})", of(family, "")),
    })
}

/// The first of these that there is; in parentheses where there are several.
pub(super) fn first_of(expressions: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = expressions.collect();
    let text = all.join(" or ");
    if all.len() > 1 { format!("({text})") } else { text }
}

/// The series behind a field that is worked out, for naming those that are trouble: what selects them, and the label that
/// holds their id.
pub(super) fn behind(field: &str, labels: &str, window: &str) -> Option<(String, &'static str)> {
    match Figure::of(field)? {
        Figure::Family(_) | Figure::Number { .. } => None,
        Figure::State { family, id, holds } => {
            Some((format!("{} {}", series(family, &[labels]), holds.replace("bool ", "")), id))
        }
        Figure::Sum(count) => {
            let (family, selector) = count_series(count);
            Some((format!("topk(5, rate({}[{window}]) > 0)", series(family, &[&selector, labels])), "rule_id"))
        }
    }
}

/// `name{a="b",c="d"}`.
pub(super) fn series(name: &str, labels: &[&str]) -> String {
    let labels: Vec<&str> = labels.iter().copied().filter(|labels| !labels.is_empty()).collect();
    if labels.is_empty() { name.to_owned() } else { format!("{name}{{{}}}", labels.join(",")) }
}

/// The values of `expression` that `range` alerts at; `None` for a range that never does.
pub(super) fn outside(expression: &str, range: &Range) -> Option<String> {
    let (start, end, inside) = range.limits();
    let is = |sign: &str, limit: f64| format!("{expression} {sign} {limit}");
    match (inside, start, end) {
        (false, None, None) => None,
        (true, None, None) => Some(format!("{expression} == {expression}")),
        // Counts, rates, shares and times are never below it.
        (false, Some(0.0), Some(end)) => Some(is(">", end)),
        (false, Some(start), Some(end)) => Some(format!("{} or {}", is("<", start), is(">", end))),
        (false, None, Some(end)) => Some(is(">", end)),
        (false, Some(start), None) => Some(is("<", start)),
        (true, None, Some(end)) => Some(is("<=", end)),
        (true, Some(start), None) => Some(is(">=", start)),
        (true, Some(start), Some(end)) => Some(format!("{} <= {end}", is(">=", start))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::Snapshot;

    #[test]
    fn fields_become_selectors() {
        for (field, now_is, rate_is) in [
            (
                "metrics.messages_received",
                "deployment_emqx_metrics_messages_received{p=\"x\"}",
                "rate(deployment_emqx_metrics_messages_received{p=\"x\"}[5m])",
            ),
            (
                "metrics.authorization_deny",
                "(deployment_emqx_metrics_authorization_deny{p=\"x\"} or deployment_emqx_metrics_client_acl_deny{p=\"x\"})",
                "(rate(deployment_emqx_metrics_authorization_deny{p=\"x\"}[5m]) or \
                 rate(deployment_emqx_metrics_client_acl_deny{p=\"x\"}[5m]))",
            ),
            (
                "rules.exception",
                "sum without (rule_id, match_status) \
                 (deployment_emqx_rule_matched_count{match_status=\"exception\",p=\"x\"})",
                "sum without (rule_id, match_status) \
                 (rate(deployment_emqx_rule_matched_count{match_status=\"exception\",p=\"x\"}[5m]))",
            ),
        ] {
            assert_eq!(now(field, "p=\"x\"").as_deref(), Some(now_is));
            assert_eq!(rate(field, "p=\"x\"", "5m").as_deref(), Some(rate_is));
        }
        let down = "sum without (resource_id) (deployment_emqx_resource_status == bool 0)";
        assert_eq!(now("resources.down", "").as_deref(), Some(down));
    }

    #[test]
    fn every_field_of_a_deployment_can_be_asked_but_for_a_broker_s_own() {
        for field in Snapshot::field_names() {
            let broker = catalog::find(&field).first().is_some_and(|entry| entry.scope == Scope::Broker);
            assert_eq!(now(&field, "").is_none(), broker, "{field}");
        }
        assert_eq!(now("metrics.no_such_thing", ""), None);
    }

    #[test]
    fn ranges_become_comparisons() {
        for (range, expected) in [
            ("10", Some("x > 10")),
            ("1:10", Some("x < 1 or x > 10")),
            ("10:", Some("x < 10")),
            ("~:10", Some("x > 10")),
            ("@10:20", Some("x >= 10 <= 20")),
            ("@~:3", Some("x <= 3")),
        ] {
            assert_eq!(outside("x", &range.parse().unwrap()).as_deref(), expected, "{range}");
        }
    }
}
