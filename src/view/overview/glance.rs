//! The health of a deployment in a few sentences, from what one snapshot says.
//!
//! A snapshot has no rates: its counters tell what happened since the nodes started. So `✗` says that something is
//! wrong now, and `!` only that a share worth a look went wrong in all that time.

use super::facts::Facts;
use super::page::Mark;
use super::sections::{Form, RowSpec, SECTIONS};
use crate::view::number::{counted, grouped, percent};
use crate::view::rows::metric_role;
use crate::view::style::Role;

/// The share of failures from which they are marked. The vendor says to watch the share of failed sign-ins and drops,
/// and names no number.
const WORTH_A_LOOK: f64 = 0.01;

/// What can be said, in the order of its weight for whoever runs the deployment.
pub fn sentences(facts: &Facts<'_>) -> Vec<(Mark, String)> {
    let all = [nodes(facts), clients(facts), rates(facts)];
    let drops = drops(facts);
    all.into_iter().flatten().chain(drops).chain(sign_ins(facts)).chain(refusals(facts)).collect()
}

fn nodes(facts: &Facts<'_>) -> Option<(Mark, String)> {
    let running = facts.value(&["metrics.cluster_nodes_running"]);
    let stopped = facts.value(&["metrics.cluster_nodes_stopped"]);
    let nodes = |count| counted(count, "node", "nodes");
    Some(match (running, stopped) {
        (Some(running), Some(stopped)) if stopped > 0.0 => {
            (Mark::Error, format!("{} stopped, {} running", nodes(stopped), grouped(running)))
        }
        (None, Some(stopped)) if stopped > 0.0 => (Mark::Error, format!("{} stopped", nodes(stopped))),
        (Some(0.0), _) => (Mark::Error, "no node running".to_owned()),
        (Some(running), Some(_)) => (Mark::Healthy, format!("{} running, none stopped", nodes(running))),
        (Some(running), None) => (Mark::None, format!("{} running", nodes(running))),
        (None, Some(_)) => (Mark::Healthy, "no node stopped".to_owned()),
        (None, None) => return None,
    })
}

fn clients(facts: &Facts<'_>) -> Option<(Mark, String)> {
    let connected = facts.value(&["metrics.live_connections_count"]);
    let sessions = facts.value(&["metrics.sessions_count", "cluster.sessions_count"]);
    let clients = connected.map(|count| format!("{} connected", counted(count, "client", "clients")));
    let sessions = sessions.map(|count| counted(count, "session", "sessions"));
    let said: Vec<String> = clients.into_iter().chain(sessions).collect();
    (!said.is_empty()).then(|| (Mark::None, said.join(", ")))
}

fn rates(facts: &Facts<'_>) -> Option<(Mark, String)> {
    let rate = |name: &str, verb: &str| {
        facts.value(&[name]).map(|rate| format!("{} {verb}", counted(rate, "message/s", "messages/s")))
    };
    let received = rate("cluster.messages_receive_rate", "received");
    let sent = rate("cluster.messages_send_rate", "sent");
    let said: Vec<String> = received.into_iter().chain(sent).collect();
    (!said.is_empty()).then(|| (Mark::None, said.join(", ")))
}

fn drops(facts: &Facts<'_>) -> Vec<(Mark, String)> {
    let ways = [
        ("metrics.messages_dropped", "on the way in", facts.value(&["metrics.messages_received"])),
        (
            "metrics.delivery_dropped",
            "on delivery",
            facts
                .value(&["metrics.delivery_dropped"])
                .zip(facts.value(&["metrics.messages_delivered"]))
                .map(|(a, b)| a + b),
        ),
    ];
    let dropped = |name: &str| facts.value(&[name]);
    if ways.iter().all(|(name, ..)| dropped(name) == Some(0.0)) {
        return vec![(Mark::Healthy, "no message dropped".to_owned())];
    }
    let sentence = |(name, way, all): (&str, &str, Option<f64>)| match dropped(name)? {
        0.0 => Some((Mark::Healthy, format!("no message dropped {way}"))),
        count => {
            let Reasons { said, trouble } = reasons(facts, name, count);
            let (mark, share) = judge(trouble, count, all);
            let count = counted(count, "message", "messages");
            let colon = if said.is_empty() { "" } else { ": " };
            Some((mark, format!("{count} dropped {way}{share}{colon}{}", said.join(", "))))
        }
    };
    ways.into_iter().filter_map(sentence).collect()
}

/// Why messages were dropped.
struct Reasons {
    /// Most first.
    said: Vec<String>,
    /// How many of them were lost rather than unwanted.
    trouble: f64,
}

/// The parts of the row that `total` stands in; without any, all `count` of them count as lost.
fn reasons(facts: &Facts<'_>, total: &str, count: f64) -> Reasons {
    let rows = || SECTIONS.iter().flat_map(|section| section.blocks).flat_map(|block| block.rows);
    let is_total = |row: &RowSpec| row.values.iter().any(|names| names.contains(&total));
    let parts = rows().skip_while(|row| !is_total(row)).skip(1).take_while(|row| row.form == Form::Part);
    let mut received: Vec<_> = parts
        .filter_map(|row| Some((row.label, facts.first(row.values.first()?)?)))
        .filter(|(_, metric)| metric.value > 0.0)
        .collect();
    received.sort_by(|(_, a), (_, b)| b.value.total_cmp(&a.value));
    let lost = received.iter().filter(|(_, metric)| metric_role(metric) == Role::Warning);
    let trouble = if received.is_empty() { count } else { lost.map(|(_, metric)| metric.value).sum() };
    Reasons {
        said: received.iter().map(|(label, metric)| format!("{} {label}", grouped(metric.value))).collect(),
        trouble,
    }
}

/// The mark for so much trouble, and how many of `all` the whole `count` is, in brackets.
fn judge(trouble: f64, count: f64, all: Option<f64>) -> (Mark, String) {
    match all.filter(|all| *all > 0.0) {
        Some(all) => {
            let mark = if trouble / all >= WORTH_A_LOOK { Mark::Warning } else { Mark::None };
            (mark, format!(" ({})", percent(count / all)))
        }
        None => (if trouble > 0.0 { Mark::Warning } else { Mark::None }, String::new()),
    }
}

fn sign_ins(facts: &Facts<'_>) -> Option<(Mark, String)> {
    let failed = facts.value(&["metrics.authentication_failure"])?;
    if failed == 0.0 {
        return Some((Mark::Healthy, "no sign-in failed".to_owned()));
    }
    let all = facts.value(&["metrics.authentication_success"]).map(|succeeded| succeeded + failed);
    let (mark, share) = judge(failed, failed, all);
    let of = all.map(|all| format!("{} of ", grouped(failed)) + &counted(all, "sign-in", "sign-ins"));
    let of = of.unwrap_or_else(|| counted(failed, "sign-in", "sign-ins"));
    Some((mark, format!("{of} failed{share}")))
}

fn refusals(facts: &Facts<'_>) -> Option<(Mark, String)> {
    let refused = facts.value(&["metrics.authorization_deny"])?;
    if refused == 0.0 {
        return Some((Mark::Healthy, "no request to publish or subscribe refused".to_owned()));
    }
    let all = facts.value(&["metrics.authorization_allow"]).map(|allowed| allowed + refused);
    let (mark, share) = judge(refused, refused, all);
    Some((mark, format!("{} to publish or subscribe refused{share}", counted(refused, "request", "requests"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::Snapshot;

    fn said(metrics: &[(&str, f64)]) -> Vec<(Mark, String)> {
        let metrics = metrics.iter().map(|&(name, value)| (name.to_owned(), value)).collect();
        let snapshot = Snapshot { metrics: Some(metrics), ..Snapshot::default() };
        sentences(&Facts::new(&snapshot))
    }

    #[test]
    fn what_was_not_received_is_not_spoken_of() {
        assert_eq!(said(&[]), []);
        assert_eq!(said(&[("cluster_nodes_stopped", 0.0)]), [(Mark::Healthy, "no node stopped".to_owned())]);
    }

    #[test]
    fn a_share_decides_what_is_worth_a_look() {
        for (failed, succeeded, mark, sentence) in [
            (0.0, 5.0, Mark::Healthy, "no sign-in failed"),
            (1.0, 8.0, Mark::Warning, "1 of 9 sign-ins failed (11.1 %)"),
            (1.0, 999.0, Mark::None, "1 of 1,000 sign-ins failed (0.1 %)"),
            (1.0, 0.0, Mark::Warning, "1 of 1 sign-in failed (100 %)"),
        ] {
            let all = said(&[("authentication_failure", failed), ("authentication_success", succeeded)]);
            assert_eq!(all, [(mark, sentence.to_owned())]);
        }
        let alone = said(&[("authentication_failure", 2.0)]);
        assert_eq!(alone, [(Mark::Warning, "2 sign-ins failed".to_owned())]);
    }

    #[test]
    fn messages_that_nobody_wanted_are_no_trouble() {
        let dropped = |reason: &str| said(&[("messages_received", 10.0), ("messages_dropped", 9.0), (reason, 9.0)]);
        let unwanted = "9 messages dropped on the way in (90.0 %): 9 no subscribers".to_owned();
        assert_eq!(dropped("messages_dropped_no_subscribers"), [(Mark::None, unwanted)]);
        let lost = "9 messages dropped on the way in (90.0 %): 9 quota exceeded".to_owned();
        assert_eq!(dropped("messages_dropped_quota_exceeded"), [(Mark::Warning, lost)]);
        let unexplained = "9 messages dropped on the way in (90.0 %)".to_owned();
        assert_eq!(dropped("messages_sent").first(), Some(&(Mark::Warning, unexplained)));
    }

    #[test]
    fn a_stopped_node_is_trouble_now() {
        let nodes = |running, stopped| said(&[("cluster_nodes_running", running), ("cluster_nodes_stopped", stopped)]);
        assert_eq!(nodes(2.0, 1.0), [(Mark::Error, "1 node stopped, 2 running".to_owned())]);
        assert_eq!(nodes(0.0, 0.0), [(Mark::Error, "no node running".to_owned())]);
        assert_eq!(nodes(1.0, 0.0), [(Mark::Healthy, "1 node running, none stopped".to_owned())]);
    }
}
