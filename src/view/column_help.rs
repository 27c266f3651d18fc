//! What the columns of the views tell, for `explain`.

use super::answer::Kind;

/// A column of a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnHelp {
    /// The subcommand.
    pub view: &'static str,
    pub name: &'static str,
    /// What it tells: a sentence.
    pub meaning: &'static str,
    /// The family that it is read from.
    pub family: Option<&'static str>,
}

const MATCHED: Option<&str> = Some("deployment_emqx_rule_matched_count");
const ACTIONS: Option<&str> = Some("deployment_emqx_rule_action_execution_count");

/// Each column that is no metric itself: of which view, its name, what it tells, the family behind it.
const COLUMNS: &[(Kind, &str, &str, Option<&str>)] = &[
    (Kind::Rules, "rule_id", "The id of the rule, as EMQX made it or as it was named.", None),
    (Kind::Rules, "status", "Whether the rule is enabled or disabled.", Some("deployment_emqx_rule_status")),
    (
        Kind::Rules,
        "status_code",
        "The number behind the status: 1 enabled, 0 disabled.",
        Some("deployment_emqx_rule_status"),
    ),
    (Kind::Rules, "matched", "Messages and events that the topics of the rule's SQL matched.", MATCHED),
    (Kind::Rules, "passed", "Matches whose SQL gave a result, so that the actions ran.", MATCHED),
    (Kind::Rules, "failed", "Matches that did not pass: the sum of exception and no_result.", MATCHED),
    (Kind::Rules, "exception", "Matches whose SQL could not be evaluated, as with a payload that is no JSON.", MATCHED),
    (
        Kind::Rules,
        "no_result",
        "Matches that the SQL filtered out, as WHERE does: ordinary where the rule filters.",
        MATCHED,
    ),
    (Kind::Rules, "actions_taken", "Actions that were started.", ACTIONS),
    (Kind::Rules, "actions_success", "Actions that succeeded.", ACTIONS),
    (Kind::Rules, "actions_failed", "Actions that failed: data did not reach its target.", ACTIONS),
    (
        Kind::Rules,
        "action_failure_share",
        "The part of the actions that failed, of all that succeeded or failed; 0 to 1, in a table in %.",
        ACTIONS,
    ),
    (Kind::Rules, "matched_rate", "Matches per second, as the server tells them.", None),
    (Kind::Resources, "resource_id", "The id of the connector, TYPE:NAME.", None),
    (Kind::Resources, "type", "What the connector speaks to: the part of its id before the colon.", None),
    (Kind::Resources, "name", "The name of the connector: the part of its id behind the colon.", None),
    (Kind::Resources, "status", "Whether the connector is connected.", Some("deployment_emqx_resource_status")),
    (
        Kind::Resources,
        "status_code",
        "The number behind the status: 1 connected, 0 disconnected.",
        Some("deployment_emqx_resource_status"),
    ),
    (Kind::Deployments, "deployment", "The profile, and the deployment's id where the profile has several.", None),
    (
        Kind::Deployments,
        "status",
        "The verdict of the default checks and of the profile's own: ok, warning, critical or unknown.",
        None,
    ),
    (Kind::Deployments, "nodes", "Nodes that run, of all.", None),
    (Kind::Deployments, "nodes_running", "Nodes that run.", Some("deployment_emqx_metrics_cluster_nodes_running")),
    (Kind::Deployments, "nodes_stopped", "Nodes that are down.", Some("deployment_emqx_metrics_cluster_nodes_stopped")),
    (Kind::Deployments, "clients", "Clients that are connected.", None),
    (Kind::Deployments, "sessions", "Sessions, also those of clients that are away.", None),
    (Kind::Deployments, "received_rate", "Messages that came in from clients, per second.", None),
    (Kind::Deployments, "sent_rate", "Messages that went out to clients, per second.", None),
    (
        Kind::Deployments,
        "dropped_rate",
        "Messages and deliveries that were dropped, per second, whatever the reason.",
        None,
    ),
    (Kind::Deployments, "rules", "Rules that are enabled, of all.", None),
    (Kind::Deployments, "rules_enabled", "Rules that are enabled.", Some("deployment_emqx_rule_status")),
    (Kind::Deployments, "rules_disabled", "Rules that are disabled.", Some("deployment_emqx_rule_status")),
    (Kind::Deployments, "resources", "Connectors that are connected, of all.", None),
    (Kind::Deployments, "resources_up", "Connectors that are connected.", Some("deployment_emqx_resource_status")),
    (
        Kind::Deployments,
        "resources_down",
        "Connectors that are not connected.",
        Some("deployment_emqx_resource_status"),
    ),
    (Kind::Deployments, "worst", "The worst finding of the checks, or why nothing is known.", None),
];

/// The columns of that name, in any spelling, also as they stand above a table: `actions_failed`, `ACTIONS FAILED`, and the same with
/// `rate(...)` around it.
pub fn explained(typed: &str) -> Vec<ColumnHelp> {
    let name = typed.trim().to_ascii_lowercase().replace([' ', '-'], "_");
    let name = name.strip_prefix("rate(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(&name);
    let name = name.strip_suffix("/s").unwrap_or(name);
    let named = COLUMNS.iter().filter(|(_, known, ..)| *known == name);
    named.map(|&(kind, name, meaning, family)| ColumnHelp { view: kind.word(), name, meaning, family }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::field::{field_names, rated};
    use super::*;

    /// What tells whose row it is, and of when, is the same in all views.
    const OF_ALL: [&str; 7] =
        ["profile", "deployment_id", "endpoint", "deployment_type", "platform", "scraped_at", "window_seconds"];

    #[test]
    fn every_column_is_told_of_and_nothing_else() {
        for kind in [Kind::Rules, Kind::Resources, Kind::Deployments] {
            let told: Vec<&str> = COLUMNS.iter().filter(|(of, ..)| *of == kind).map(|(_, name, ..)| *name).collect();
            let has = field_names(kind).filter(|name| !OF_ALL.contains(name) && rated(name).is_none());
            assert_eq!(told, has.collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_name_is_known_as_it_stands_in_tables_and_expressions() {
        for spelling in ["actions_failed", "ACTIONS FAILED", "rate(actions_failed)", "ACTIONS_FAILED/s"] {
            assert_eq!(explained(spelling).iter().map(|one| one.name).collect::<Vec<_>>(), ["actions_failed"]);
        }
        assert_eq!(explained("status").len(), 3);
        assert!(explained("colour").is_empty());
    }
}
