//! A deployment in a row: what `deployments` tells of it.

use super::overview::{CLIENTS, DROPPED, Facts, NODES_RUNNING, NODES_STOPPED, SESSIONS};
use crate::health::{Judgement, Status};
use crate::source::{Failure, Report};
use crate::units;
use jiff::Timestamp;
use std::time::Duration;

/// The few numbers that tell how a deployment is; `None` where one was not received.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// What it is called: its profile, else its id, else its address.
    pub name: String,
    pub status: Status,
    pub nodes_running: Option<f64>,
    pub nodes_stopped: Option<f64>,
    pub clients: Option<f64>,
    pub sessions: Option<f64>,
    /// Per second, like the next two.
    pub received_rate: Option<f64>,
    pub sent_rate: Option<f64>,
    pub dropped_rate: Option<f64>,
    pub rules_enabled: Option<f64>,
    pub rules_disabled: Option<f64>,
    pub resources_up: Option<f64>,
    pub resources_down: Option<f64>,
    /// The worst of what was found, in words; `None` where all is well.
    pub worst: Option<String>,
}

impl Summary {
    /// All of several together: what was received of them.
    pub(super) fn total<'a>(all: impl Iterator<Item = &'a Summary>) -> Option<Summary> {
        let mut count = 0;
        let sum = |a: Option<f64>, b: Option<f64>| a.map_or(b, |a| Some(a + b.unwrap_or(0.0)));
        let total = all.cloned().reduce(|a, b| {
            count += 1;
            Summary {
                nodes_running: sum(a.nodes_running, b.nodes_running),
                nodes_stopped: sum(a.nodes_stopped, b.nodes_stopped),
                clients: sum(a.clients, b.clients),
                sessions: sum(a.sessions, b.sessions),
                received_rate: sum(a.received_rate, b.received_rate),
                sent_rate: sum(a.sent_rate, b.sent_rate),
                dropped_rate: sum(a.dropped_rate, b.dropped_rate),
                rules_enabled: sum(a.rules_enabled, b.rules_enabled),
                rules_disabled: sum(a.rules_disabled, b.rules_disabled),
                resources_up: sum(a.resources_up, b.resources_up),
                resources_down: sum(a.resources_down, b.resources_down),
                ..a
            }
        });
        // Of one alone there is nothing to sum up.
        total.filter(|_| count > 0).map(|total| Summary { name: "total".to_owned(), worst: None, ..total })
    }

    /// That of a report, with what was judged of it and what failed of it.
    pub fn of(report: &Report, judgement: &Judgement, failures: &[Failure], now: Timestamp) -> Summary {
        let facts = Facts::new(report, Some(judgement));
        let id = report.snapshot.identity.deployment_id.clone();
        let name = report.profile.clone().or(id).or_else(|| report.endpoint.clone());
        // Where the deployment works a rate out itself, one look is enough.
        let rate = |counter: &str, gauge: &str| facts.rate(&[counter]).or_else(|| facts.value(&[gauge]));
        let findings = &judgement.health.findings;
        let worst = findings.iter().filter(|one| one.status.judged() > Some(Status::Ok)).max_by_key(|one| {
            // Of several that are as bad the first is told.
            (one.status.judged(), std::cmp::Reverse(findings.iter().position(|other| std::ptr::eq(other, *one))))
        });
        let failure = failures.iter().find(|failure| failure.index == report.index);
        let age = |since: Timestamp| units::ago(Duration::try_from(now.duration_since(since)).unwrap_or_default());
        let worst = match (failure, report.stale_since()) {
            (Some(failure), _) if !report.has_answered() => Some(failure.message.clone()),
            (None, _) if !report.has_answered() => Some("no answer yet".to_owned()),
            (Some(failure), Some(since)) => Some(format!("last answered {}: {}", age(since), failure.message)),
            _ => worst.map(|finding| finding.message.clone()),
        };
        Summary {
            name: name.unwrap_or_else(|| "a deployment without an id".to_owned()),
            status: judgement.health.status,
            nodes_running: facts.value(NODES_RUNNING),
            nodes_stopped: facts.value(NODES_STOPPED),
            clients: facts.value(CLIENTS),
            sessions: facts.value(SESSIONS),
            received_rate: rate("metrics.messages_received", "cluster.messages_receive_rate"),
            sent_rate: rate("metrics.messages_sent", "cluster.messages_send_rate"),
            dropped_rate: facts.rate(DROPPED).or_else(|| facts.value(&["cluster.dropped_msg_rate"])),
            rules_enabled: facts.value(&["rules.enabled"]),
            rules_disabled: facts.value(&["rules.disabled"]),
            resources_up: facts.value(&["resources.up"]),
            resources_down: facts.value(&["resources.down"]),
            worst,
        }
    }
}
