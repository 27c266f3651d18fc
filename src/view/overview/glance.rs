//! The health of a deployment in a few sentences.
//!
//! Counters tell what happened within the window where two looks were taken, else since the nodes started. The marks are the
//! checks'.

use super::facts::Facts;
use super::figures::{NODES_RUNNING, NODES_STOPPED, SESSIONS};
use super::sections::{Form, RowSpec, SECTIONS};
use crate::health::Status;
use crate::units::{self, counted, grouped, percent, took};

/// What can be said, in the order of its weight for whoever runs the deployment, each with what the checks say of it.
pub(super) fn sentences(facts: Facts<'_>) -> Vec<(Option<Status>, String)> {
    let all = [nodes(facts), clients(facts), rates(facts)];
    let drops = DROPS.iter().filter_map(|drops| drops.sentence(facts));
    let access = [authentication(facts), authorization(facts)];
    all.into_iter().flatten().chain(drops).chain(access.into_iter().flatten()).collect()
}

fn nodes(facts: Facts<'_>) -> Option<(Option<Status>, String)> {
    let running = facts.value(NODES_RUNNING);
    let stopped = facts.value(NODES_STOPPED);
    let nodes = |count| counted(count, "node", "nodes");
    let text = match (running, stopped) {
        (Some(running), Some(stopped)) if stopped > 0.0 => {
            format!("{} stopped, {} running", nodes(stopped), grouped(running))
        }
        (None, Some(stopped)) if stopped > 0.0 => format!("{} stopped", nodes(stopped)),
        (Some(0.0), _) => "no node running".to_owned(),
        (Some(running), Some(_)) => format!("{} running, none stopped", nodes(running)),
        (Some(running), None) => format!("{} running", nodes(running)),
        (None, Some(_)) => "no node stopped".to_owned(),
        (None, None) => return None,
    };
    let severity = [facts.severity(NODES_RUNNING), facts.severity(NODES_STOPPED)].into_iter().flatten().max();
    Some((severity, text))
}

fn clients(facts: Facts<'_>) -> Option<(Option<Status>, String)> {
    let connected = facts.value(&["metrics.live_connections_count"]);
    let sessions = facts.value(SESSIONS);
    let clients = connected.map(|count| format!("{} connected", counted(count, "client", "clients")));
    let sessions = sessions.map(|count| counted(count, "session", "sessions"));
    let parts: Vec<String> = clients.into_iter().chain(sessions).collect();
    (!parts.is_empty()).then(|| (None, parts.join(", ")))
}

fn rates(facts: Facts<'_>) -> Option<(Option<Status>, String)> {
    let rate = |counter: &str, gauge: &str, verb: &str| {
        let rate = facts.rate(&[counter]).or_else(|| facts.value(&[gauge]))?;
        Some(format!("{} {} {verb}", units::rate(rate), if rate == 1.0 { "message/s" } else { "messages/s" }))
    };
    let received = rate("metrics.messages_received", "cluster.messages_receive_rate", "received");
    let sent = rate("metrics.messages_sent", "cluster.messages_send_rate", "sent");
    let parts: Vec<String> = received.into_iter().chain(sent).collect();
    (!parts.is_empty()).then(|| (None, parts.join(", ")))
}

/// ` within 10 s`, where counters are judged by what happened within a window.
fn within(facts: Facts<'_>) -> String {
    facts.window().map(|window| format!(" within {}", took(window))).unwrap_or_default()
}

/// What is dropped somewhere.
struct Drops {
    total: &'static str,
    /// What one of them is, and several.
    nouns: [&'static str; 2],
    /// What it is a share of, beside itself where that is not part of it.
    of: &'static str,
    is_part: bool,
}

const DROPS: [Drops; 2] = [
    Drops {
        total: "metrics.messages_dropped",
        nouns: ["message", "messages"],
        of: "metrics.messages_received",
        is_part: true,
    },
    // Counted behind the queue: what was dropped is not in it.
    Drops {
        total: "metrics.delivery_dropped",
        nouns: ["delivery", "deliveries"],
        of: "metrics.messages_sent",
        is_part: false,
    },
];

impl Drops {
    fn sentence(&self, facts: Facts<'_>) -> Option<(Option<Status>, String)> {
        let Drops { total, nouns: [one, many], of, is_part } = *self;
        let count = facts.counted(total)?;
        let within = within(facts);
        let parts = reasons(facts, total);
        let names: Vec<&str> = std::iter::once(total).chain(parts.iter().map(|(name, ..)| *name)).collect();
        let severity = facts.severity(&names);
        if count == 0.0 {
            return Some((severity, format!("no {one} dropped{within}")));
        }
        let of = facts.counted(of).map(|of| if is_part { of } else { of + count });
        let texts: Vec<String> = parts.iter().map(|(_, label, count)| format!("{} {label}", grouped(*count))).collect();
        let colon = if texts.is_empty() { "" } else { ": " };
        let text =
            format!("{} dropped{within}{}{colon}{}", counted(count, one, many), share(count, of), texts.join(", "));
        Some((severity, text))
    }
}

/// The parts of the row that `total` stands in that are not 0: name, label, count; most first.
fn reasons(facts: Facts<'_>, total: &str) -> Vec<(&'static str, &'static str, f64)> {
    let rows = || SECTIONS.iter().flat_map(|section| section.blocks).flat_map(|block| block.rows);
    let is_total = |row: &RowSpec| row.values.iter().any(|names| names.contains(&total));
    let parts = rows().skip_while(|row| !is_total(row)).skip(1).take_while(|row| row.form == Form::Part);
    let mut received: Vec<_> = parts
        .filter_map(|row| {
            let name = *row.values.first()?.first()?;
            Some((name, row.label(), facts.counted(name)?))
        })
        .filter(|(.., count)| *count > 0.0)
        .collect();
    received.sort_by(|(.., a), (.., b)| b.total_cmp(a));
    received
}

/// How many of `all` it is, in brackets.
fn share(count: f64, all: Option<f64>) -> String {
    all.filter(|all| *all > 0.0).map(|all| format!(" ({})", percent(count / all))).unwrap_or_default()
}

fn authentication(facts: Facts<'_>) -> Option<(Option<Status>, String)> {
    const FAILURE: &str = "metrics.authentication_failure";
    let failed = facts.counted(FAILURE)?;
    let all = facts.counted("metrics.authentication_success").map(|succeeded| succeeded + failed);
    let text = match (failed, all) {
        (0.0, _) => format!("no authentication failed{}", within(facts)),
        (_, Some(all)) => {
            let of = counted(all, "authentication", "authentications");
            format!("{} of {of} failed{}{}", grouped(failed), within(facts), share(failed, Some(all)))
        }
        (_, None) => format!("{} failed{}", counted(failed, "authentication", "authentications"), within(facts)),
    };
    Some((facts.severity(&[FAILURE]), text))
}

fn authorization(facts: Facts<'_>) -> Option<(Option<Status>, String)> {
    const DENY: &str = "metrics.authorization_deny";
    let denied = facts.counted(DENY)?;
    let all = facts.counted("metrics.authorization_allow").map(|allowed| allowed + denied);
    let text = match denied {
        0.0 => format!("no authorization denied{}", within(facts)),
        _ => {
            let count = counted(denied, "authorization", "authorizations");
            format!("{count} denied{}{}", within(facts), share(denied, all))
        }
    };
    Some((facts.severity(&[DENY]), text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::catalog::Scope;
    use crate::deployment::{MetricKey, Snapshot};
    use crate::health::{Look, Plan, Policy};
    use crate::source::Report;

    fn said(metrics: &[(&str, f64)]) -> Vec<(Option<Status>, String)> {
        let metrics = metrics.iter().map(|&(name, value)| (MetricKey::field(Scope::Metrics, name), value)).collect();
        let snapshot = Snapshot { metrics: Some(metrics), ..Snapshot::default() };
        let now = jiff::Timestamp::UNIX_EPOCH;
        let report = Report {
            index: 0,
            timing: Default::default(),
            profile: None,
            endpoint: None,
            scraped_at: now,
            duration: None,
            snapshot,
            rates: None,
        };
        let plan = Plan::without_profile(&Policy::default_checks());
        let look = Look { now, once: Some("one look"), asked: &[], failures: &[] };
        let look = Look { asked: &[crate::deployment::Endpoint::Cluster], ..look };
        let judgement = plan.judgement(plan.judge(&report, look).into(), now);
        sentences(Facts::new(&report, Some(&judgement)))
    }

    #[test]
    fn what_was_not_received_is_not_spoken_of() {
        assert_eq!(said(&[]), []);
        assert_eq!(said(&[("cluster_nodes_stopped", 0.0)]), [(Some(Status::Unknown), "no node stopped".to_owned())]);
    }

    #[test]
    fn shares_are_told_and_one_look_judges_no_change() {
        for (failed, succeeded, sentence) in [
            (0.0, 5.0, "no authentication failed"),
            (1.0, 8.0, "1 of 9 authentications failed (11.1 %)"),
            (1.0, 999.0, "1 of 1,000 authentications failed (0.1 %)"),
            (1.0, 0.0, "1 of 1 authentication failed (100 %)"),
        ] {
            let all = said(&[("authentication_failure", failed), ("authentication_success", succeeded)]);
            assert_eq!(all, [(None, sentence.to_owned())]);
        }
        let alone = said(&[("authentication_failure", 2.0)]);
        assert_eq!(alone, [(None, "2 authentications failed".to_owned())]);
        let dropped =
            said(&[("messages_received", 10.0), ("messages_dropped", 9.0), ("messages_dropped_expired", 9.0)]);
        assert_eq!(dropped, [(None, "9 messages dropped (90 %): 9 await PUBREL timeout".to_owned())]);
    }

    #[test]
    fn a_stopped_node_is_trouble_now() {
        let nodes = |running, stopped| said(&[("cluster_nodes_running", running), ("cluster_nodes_stopped", stopped)]);
        assert_eq!(nodes(2.0, 1.0), [(Some(Status::Critical), "1 node stopped, 2 running".to_owned())]);
        assert_eq!(nodes(0.0, 0.0), [(Some(Status::Critical), "no node running".to_owned())]);
        assert_eq!(nodes(1.0, 0.0), [(Some(Status::Ok), "1 node running, none stopped".to_owned())]);
    }
}
