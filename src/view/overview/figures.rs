//! The key figures of a deployment: the one list that the overviews of `watch` are drawn from, on the screen and as lines.

use super::facts::{Facts, Names};
use super::page::Text;
use crate::deployment::Endpoint;
use crate::deployment::{ResourceStatus, RuleStatus};
use crate::health::Status;
use crate::style::Role;
use crate::units::grouped;

pub(crate) const NODES_RUNNING: Names = &["metrics.cluster_nodes_running", "cluster.node_count"];
pub(crate) const NODES_STOPPED: Names = &["metrics.cluster_nodes_stopped"];
pub(super) const CONNECTIONS: Names = &["metrics.connections_count", "cluster.connections_count"];
pub(crate) const SESSIONS: Names = &["metrics.sessions_count", "cluster.sessions_count"];

/// A figure: where it stands, and where it comes from.
pub(crate) struct Figure {
    /// On the screen.
    pub label: &'static str,
    /// Among the columns of lines; none where only the screen has it.
    pub column: Option<&'static str>,
    pub endpoint: Endpoint,
    pub source: Source,
    /// What the screen shows in place of the number, if that was received.
    pub phrase: Option<fn(Facts<'_>) -> Option<Text>>,
    /// The least important give way where there is little room.
    pub importance: u8,
}

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The value of the first that was received.
    Value(Names),
    /// The growth per second of all together.
    Rate(Names),
    /// Likewise, of bytes.
    ByteRate(Names),
}

impl Figure {
    /// Its value now; `None` where it was not received, or has no rate yet.
    pub(crate) fn of(&self, facts: Facts<'_>) -> Option<f64> {
        match self.source {
            Source::Value(names) => facts.value(names),
            Source::Rate(names) | Source::ByteRate(names) => facts.rate(names),
        }
    }

    /// How severe the checks find it.
    pub(crate) fn severity(&self, facts: Facts<'_>) -> Option<Status> {
        match self.source {
            Source::Value(names) | Source::Rate(names) | Source::ByteRate(names) => facts.severity(names),
        }
    }

    const fn new(endpoint: Endpoint, label: &'static str, source: Source, importance: u8) -> Figure {
        Figure { label, column: None, endpoint, source, phrase: None, importance }
    }

    const fn cluster(label: &'static str, source: Source, importance: u8) -> Figure {
        Figure::new(Endpoint::Cluster, label, source, importance)
    }

    const fn integration(label: &'static str, source: Source, importance: u8) -> Figure {
        Figure::new(Endpoint::DataIntegration, label, source, importance)
    }

    const fn column(self, name: &'static str) -> Figure {
        Figure { column: Some(name), ..self }
    }

    const fn phrase(self, phrase: fn(Facts<'_>) -> Option<Text>) -> Figure {
        Figure { phrase: Some(phrase), ..self }
    }
}

/// Before they reached a session, and behind it.
pub(crate) const DROPPED: Names = &["metrics.messages_dropped", "metrics.delivery_dropped"];
pub(crate) const CLIENTS: Names =
    &["metrics.live_connections_count", "metrics.connections_count", "cluster.connections_count"];

/// In the order in which they are shown.
pub(crate) static FIGURES: [Figure; 17] = [
    Figure::cluster("nodes", Source::Value(NODES_RUNNING), 80).column("nodes").phrase(nodes),
    Figure::cluster("live connections", Source::Value(CLIENTS), 90).column("clients"),
    Figure::cluster("sessions", Source::Value(SESSIONS), 30),
    Figure::cluster("messages received", Source::Rate(&["metrics.messages_received"]), 95).column("received/s"),
    Figure::cluster("messages sent", Source::Rate(&["metrics.messages_sent"]), 94).column("sent/s"),
    Figure::cluster("bytes received", Source::ByteRate(&["metrics.bytes_received"]), 25),
    Figure::cluster("bytes sent", Source::ByteRate(&["metrics.bytes_sent"]), 24),
    Figure::cluster("messages dropped", Source::Rate(&["metrics.messages_dropped"]), 85).column("messages_dropped/s"),
    Figure::cluster("deliveries dropped", Source::Rate(&["metrics.delivery_dropped"]), 86)
        .column("deliveries_dropped/s"),
    Figure::cluster("authentication failure", Source::Rate(&["metrics.authentication_failure"]), 70)
        .column("authentication_failure/s"),
    Figure::cluster("authorization denied", Source::Rate(&["metrics.authorization_deny"]), 60),
    Figure::integration("rules", Source::Value(&["rules.total"]), 75).column("rules").phrase(rules),
    Figure::integration("matched", Source::Rate(&["rules.matched"]), 88).column("matched/s"),
    Figure::integration("exception", Source::Rate(&["rules.exception"]), 65),
    Figure::integration("actions taken", Source::Rate(&["rules.actions_taken"]), 50),
    Figure::integration("actions failed", Source::Rate(&["rules.actions_failed"]), 89).column("actions_failed/s"),
    Figure::integration("resources", Source::Value(&["resources.down"]), 92).column("resources_down").phrase(resources),
];

fn nodes(facts: Facts<'_>) -> Option<Text> {
    Some(match (facts.value(NODES_RUNNING), facts.value(NODES_STOPPED)) {
        (None, None) => return None,
        (running, Some(stopped)) if stopped > 0.0 => {
            let running = running.map(|running| format!(", {} running", grouped(running))).unwrap_or_default();
            (format!("{} stopped{running}", grouped(stopped)), Role::Error)
        }
        (Some(running), _) => (format!("{} running", grouped(running)), Role::Plain),
        (None, Some(_)) => ("none stopped".to_owned(), Role::Plain),
    })
}

fn rules(facts: Facts<'_>) -> Option<Text> {
    let Some(rules) = &facts.report.snapshot.rules else { return Some(not_received()) };
    let count = |status| rules.iter().filter(|rule| rule.status == Some(status)).count();
    let (all, enabled, disabled) = (rules.len(), count(RuleStatus::Enabled), count(RuleStatus::Disabled));
    Some(match (all, disabled) {
        (0, _) => ("none".to_owned(), Role::Muted),
        (all, 0) if enabled == all => (format!("{} enabled", grouped(all as f64)), Role::Plain),
        _ => {
            let (enabled, disabled) = (grouped(enabled as f64), grouped(disabled as f64));
            (format!("{enabled} enabled, {disabled} disabled"), Role::Plain)
        }
    })
}

fn not_received() -> Text {
    ("not received".to_owned(), Role::Muted)
}

/// How many resources that are down are named.
const NAMED: usize = 4;

fn resources(facts: Facts<'_>) -> Option<Text> {
    let Some(resources) = &facts.report.snapshot.resources else { return Some(not_received()) };
    let is_down = |status| status != Some(ResourceStatus::Connected);
    let down = || resources.iter().filter(|one| is_down(one.status));
    let (all, count) = (grouped(resources.len() as f64), down().count());
    Some(match count {
        _ if resources.is_empty() => ("none".to_owned(), Role::Muted),
        0 => (format!("{all} connected"), Role::Plain),
        _ => {
            let more = if count > NAMED { ", ..." } else { "" };
            let names = down().take(NAMED).map(|one| one.resource_id.as_str()).collect::<Vec<_>>().join(", ");
            (format!("{} of {all} down: {names}{more}", grouped(count as f64)), Role::Error)
        }
    })
}
