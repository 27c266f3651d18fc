//! Which sample says what: the names and labels of the platform, and those of a broker where they mean the same.

use super::catalog::{self, Group, Scope, Source};
use super::rows::fill;
use super::{Rule, RuleCount, RuleStatus};
use std::fmt;

/// What a family's samples are, told by its name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// `deployment_emqx_NAME`, NAME from that byte on.
    Cluster(usize),
    /// `deployment_emqx_metrics_NAME` or a broker's `emqx_NAME`, NAME from that byte on.
    Metrics(usize),
    /// About a rule.
    Rule(RuleFamily),
    /// A resource's status; the label that names the resource.
    Resource(&'static str),
    /// Nothing of EMQX.
    Foreign,
}

/// How a family speaks of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RuleFamily {
    /// The label that names the rule.
    pub id: &'static str,
    pub column: RuleColumn,
}

/// What a family's sample says about its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RuleColumn {
    /// One thing, whatever its labels.
    One(RuleField),
    /// How its matches ended: the label `match_status` says which end.
    Matches,
    /// How its actions ended: the label `execution_status` says which end.
    Executions,
}

impl RuleColumn {
    /// The label that tells what the sample says; empty where none does.
    pub(super) fn label(self) -> &'static str {
        match self {
            RuleColumn::One(_) => "",
            RuleColumn::Matches => "match_status",
            RuleColumn::Executions => "execution_status",
        }
    }

    /// What the sample says, by that label's value (the values of the platform's sample).
    pub(super) fn field(self, told: Option<&str>) -> Option<RuleField> {
        Some(match (self, told) {
            (RuleColumn::One(field), None) => field,
            (RuleColumn::Matches | RuleColumn::Executions, Some(told)) => {
                let count = RuleCount::ALL.iter().find(|count| count.label() == (self.label(), told))?;
                RuleField::Count(*count)
            }
            _ => return None,
        })
    }
}

/// A field of a rule that a sample can fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RuleField {
    Status,
    Count(RuleCount),
    MatchedRate,
}

impl RuleField {
    /// Fills the field of `rule`; `false` where it was filled before, and then leaves it.
    pub(super) fn fill(self, rule: &mut Rule, value: f64) -> bool {
        match self {
            RuleField::Status => fill(&mut rule.status, RuleStatus::from_code(value)),
            RuleField::Count(count) => fill(&mut rule.counts[count], value),
            RuleField::MatchedRate => fill(&mut rule.matched_rate, value),
        }
    }

    /// The fields of `rule` that are filled, and what they hold.
    pub(super) fn all_of(rule: &Rule) -> impl Iterator<Item = (RuleField, f64)> {
        let counts = rule.counts.iter().map(|(count, value)| (RuleField::Count(count), value));
        let status = (RuleField::Status, rule.status.map(RuleStatus::code));
        let all = std::iter::once(status).chain(counts).chain([(RuleField::MatchedRate, rule.matched_rate)]);
        all.filter_map(|(field, value)| Some((field, value?)))
    }
}

/// As warnings name it.
impl fmt::Display for RuleField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RuleField::Count(count) => write!(f, "{count:?}"),
            field => write!(f, "{field:?}"),
        }
    }
}

/// What the samples of that name are.
pub(super) fn classify(name: &str) -> Class {
    let platform = |column| Class::Rule(RuleFamily { id: "rule_id", column });
    let broker = |field| Class::Rule(RuleFamily { id: "id", column: RuleColumn::One(field) });
    match name {
        "deployment_emqx_rule_status" => platform(RuleColumn::One(RuleField::Status)),
        "deployment_emqx_rule_matched_rate" => platform(RuleColumn::One(RuleField::MatchedRate)),
        "deployment_emqx_rule_matched_count" => platform(RuleColumn::Matches),
        "deployment_emqx_rule_action_execution_count" => platform(RuleColumn::Executions),
        "deployment_emqx_resource_status" => Class::Resource("resource_id"),
        // EMQX 5, /api/v5/prometheus/data_integration.
        "emqx_rule_enable" => broker(RuleField::Status),
        "emqx_rule_matched" => broker(RuleField::Count(RuleCount::Matched)),
        "emqx_rule_passed" => broker(RuleField::Count(RuleCount::Passed)),
        "emqx_rule_failed" => broker(RuleField::Count(RuleCount::Failed)),
        "emqx_rule_failed_exception" => broker(RuleField::Count(RuleCount::Exception)),
        "emqx_rule_failed_no_result" => broker(RuleField::Count(RuleCount::NoResult)),
        "emqx_rule_actions_total" => broker(RuleField::Count(RuleCount::ActionsTaken)),
        "emqx_rule_actions_success" => broker(RuleField::Count(RuleCount::ActionsSuccess)),
        "emqx_rule_actions_failed" => broker(RuleField::Count(RuleCount::ActionsFailed)),
        "emqx_connector_status" => Class::Resource("id"),
        _ => plain(name),
    }
}

/// A family that is told by its prefix; the longest counts, since each is the beginning of the one before it.
fn plain(name: &str) -> Class {
    let after = |scope: Scope| {
        let at = scope.prefix().len();
        (name.starts_with(scope.prefix()) && name.len() > at).then_some(at)
    };
    if let Some(at) = after(Scope::Metrics) {
        Class::Metrics(at)
    } else if let Some(at) = after(Scope::Deployment) {
        Class::Cluster(at)
    } else if let Some(at) = after(Scope::Broker) {
        Class::Metrics(at)
    } else {
        Class::Foreign
    }
}

/// The endpoint that a family comes from, where its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Cluster,
    DataIntegration,
    Elsewhere,
}

/// Where the family of that name comes from; a family that no catalog knows, from the cluster's endpoint.
pub(super) fn origin(name: &str, class: Class) -> Origin {
    if class == Class::Foreign {
        return Origin::Elsewhere;
    }
    let Some(entry) = catalog::by_family(name) else { return Origin::Cluster };
    let about_rules = matches!(entry.group, Group::Rules | Group::Resources | Group::Actions);
    match (about_rules, entry.scope) {
        (false, _) => Origin::Cluster,
        (true, Scope::Deployment) => Origin::DataIntegration,
        (true, _) if entry.seen.contains(&Source::Emqx5Rules) => Origin::DataIntegration,
        // An exporter beside the broker, whose rules are told node by node.
        (true, _) => Origin::Elsewhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_samples_are() {
        for (name, class) in [
            ("deployment_emqx_connections_count", Class::Cluster(16)),
            ("deployment_emqx_brand_new", Class::Cluster(16)),
            ("deployment_emqx_metrics_bytes_sent", Class::Metrics(24)),
            ("emqx_bytes_sent", Class::Metrics(5)),
            ("deployment_emqx_resource_status", Class::Resource("resource_id")),
            ("emqx_connector_status", Class::Resource("id")),
            ("emqx_", Class::Foreign),
            ("deployment_emqx_metrics_", Class::Cluster(16)),
            ("erlang_vm_process_count", Class::Foreign),
            ("up", Class::Foreign),
        ] {
            assert_eq!(classify(name), class, "{name}");
        }
        assert!(matches!(classify("deployment_emqx_rule_status"), Class::Rule(RuleFamily { id: "rule_id", .. })));
        assert!(matches!(classify("emqx_rule_enable"), Class::Rule(RuleFamily { id: "id", .. })));
    }

    #[test]
    fn names_tell_the_endpoint() {
        for (name, expected) in [
            ("deployment_emqx_rule_status", Origin::DataIntegration),
            ("deployment_emqx_resource_status", Origin::DataIntegration),
            ("emqx_rules_count", Origin::DataIntegration),
            ("emqx_action_queuing", Origin::DataIntegration),
            ("emqx_rule_topic_hit_count", Origin::Elsewhere),
            ("emqx_bytes_sent", Origin::Cluster),
            ("deployment_emqx_brand_new", Origin::Cluster),
            ("up", Origin::Elsewhere),
        ] {
            assert_eq!(origin(name, classify(name)), expected, "{name}");
        }
    }

    #[test]
    fn a_field_is_filled_once() {
        let mut rule = Rule::default();
        let matched = RuleField::Count(RuleCount::Matched);
        assert!(matched.fill(&mut rule, 1.0));
        assert!(!matched.fill(&mut rule, 2.0));
        assert_eq!(rule.counts[RuleCount::Matched], Some(1.0));
        assert_eq!(RuleField::all_of(&rule).collect::<Vec<_>>(), [(matched, 1.0)]);
    }
}
