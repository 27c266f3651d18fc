//! The health of a deployment in a few sentences.
//!
//! `✗` says that something is wrong now. Counters tell what happened within the window where two looks were taken, else since
//! the nodes started; `!` says that a share worth a look went wrong in that time.

use super::facts::Facts;
use super::figures::{NODES_STOPPED, SESSIONS};
use super::page::Mark;
use super::sections::{Form, RowSpec, SECTIONS};
use crate::deployment::catalog::{self, Concern};
use crate::units::{self, counted, grouped, percent, took};

/// The share of failures from which they are marked. The vendor says to watch the share of failed sign-ins and drops,
/// and names no number.
const WORTH_A_LOOK: f64 = 0.01;

/// What can be said, in the order of its weight for whoever runs the deployment.
pub(super) fn sentences(facts: Facts<'_>) -> Vec<(Mark, String)> {
    let all = [nodes(facts), clients(facts), rates(facts)];
    let drops = drops(facts);
    all.into_iter().flatten().chain(drops).chain(sign_ins(facts)).chain(refusals(facts)).collect()
}

fn nodes(facts: Facts<'_>) -> Option<(Mark, String)> {
    let running = facts.value(&["metrics.cluster_nodes_running"]);
    let stopped = facts.value(NODES_STOPPED);
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

fn clients(facts: Facts<'_>) -> Option<(Mark, String)> {
    let connected = facts.value(&["metrics.live_connections_count"]);
    let sessions = facts.value(SESSIONS);
    let clients = connected.map(|count| format!("{} connected", counted(count, "client", "clients")));
    let sessions = sessions.map(|count| counted(count, "session", "sessions"));
    let parts: Vec<String> = clients.into_iter().chain(sessions).collect();
    (!parts.is_empty()).then(|| (Mark::None, parts.join(", ")))
}

fn rates(facts: Facts<'_>) -> Option<(Mark, String)> {
    let rate = |counter: &str, gauge: &str, verb: &str| {
        let (rate, text) = match facts.rate(&[counter]) {
            Some(rate) => (rate, units::rate(rate)),
            None => facts.value(&[gauge]).map(|rate| (rate, grouped(rate)))?,
        };
        Some(format!("{text} {} {verb}", if rate == 1.0 { "message/s" } else { "messages/s" }))
    };
    let received = rate("metrics.messages_received", "cluster.messages_receive_rate", "received");
    let sent = rate("metrics.messages_sent", "cluster.messages_send_rate", "sent");
    let parts: Vec<String> = received.into_iter().chain(sent).collect();
    (!parts.is_empty()).then(|| (Mark::None, parts.join(", ")))
}

/// ` within 10.0 s`, where counters are judged by what happened within a window.
fn within(facts: Facts<'_>) -> String {
    facts.window().map(|window| format!(" within {}", took(window))).unwrap_or_default()
}

fn drops(facts: Facts<'_>) -> Vec<(Mark, String)> {
    let dropped = |name: &str| facts.counted(name);
    let within = within(facts);
    let delivered = dropped("metrics.delivery_dropped").zip(dropped("metrics.messages_delivered"));
    let ways = [
        ("metrics.messages_dropped", "on the way in", dropped("metrics.messages_received")),
        ("metrics.delivery_dropped", "on delivery", delivered.map(|(dropped, delivered)| dropped + delivered)),
    ];
    if ways.iter().all(|(name, ..)| dropped(name) == Some(0.0)) {
        return vec![(Mark::Healthy, format!("no message dropped{within}"))];
    }
    let sentence = |(name, way, all): (&str, &str, Option<f64>)| match dropped(name)? {
        0.0 => Some((Mark::Healthy, format!("no message dropped {way}{within}"))),
        count => {
            let Reasons { texts, trouble } = reasons(facts, name, count);
            let (mark, share) = judge(trouble, count, all);
            let count = counted(count, "message", "messages");
            let colon = if texts.is_empty() { "" } else { ": " };
            Some((mark, format!("{count} dropped {way}{within}{share}{colon}{}", texts.join(", "))))
        }
    };
    ways.into_iter().filter_map(sentence).collect()
}

/// Why messages were dropped.
struct Reasons {
    /// Most first.
    texts: Vec<String>,
    /// How many of them were lost rather than unwanted.
    trouble: f64,
}

/// The parts of the row that `total` stands in; without any, all `count` of them count as lost.
fn reasons(facts: Facts<'_>, total: &str, count: f64) -> Reasons {
    let rows = || SECTIONS.iter().flat_map(|section| section.blocks).flat_map(|block| block.rows);
    let is_total = |row: &RowSpec| row.values.iter().any(|names| names.contains(&total));
    let parts = rows().skip_while(|row| !is_total(row)).skip(1).take_while(|row| row.form == Form::Part);
    let mut received: Vec<_> = parts
        .filter_map(|row| {
            let name = row.values.first()?.first()?;
            let concern = catalog::find(name).first()?.concern;
            Some((row.label(), concern, facts.counted(name)?))
        })
        .filter(|(.., count)| *count > 0.0)
        .collect();
    received.sort_by(|(.., a), (.., b)| b.total_cmp(a));
    let lost = received.iter().filter(|(_, concern, _)| *concern == Concern::Growth);
    let trouble = if received.is_empty() { count } else { lost.map(|(.., count)| count).sum() };
    Reasons {
        texts: received.iter().map(|(label, _, count)| format!("{} {label}", grouped(*count))).collect(),
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

fn sign_ins(facts: Facts<'_>) -> Option<(Mark, String)> {
    let failed = facts.counted("metrics.authentication_failure")?;
    if failed == 0.0 {
        return Some((Mark::Healthy, format!("no sign-in failed{}", within(facts))));
    }
    let all = facts.counted("metrics.authentication_success").map(|succeeded| succeeded + failed);
    let (mark, share) = judge(failed, failed, all);
    let of = all.map(|all| format!("{} of ", grouped(failed)) + &counted(all, "sign-in", "sign-ins"));
    let of = of.unwrap_or_else(|| counted(failed, "sign-in", "sign-ins"));
    Some((mark, format!("{of} failed{}{share}", within(facts))))
}

fn refusals(facts: Facts<'_>) -> Option<(Mark, String)> {
    let refused = facts.counted("metrics.authorization_deny")?;
    if refused == 0.0 {
        return Some((Mark::Healthy, format!("no request to publish or subscribe refused{}", within(facts))));
    }
    let all = facts.counted("metrics.authorization_allow").map(|allowed| allowed + refused);
    let (mark, share) = judge(refused, refused, all);
    let refused = counted(refused, "request", "requests");
    Some((mark, format!("{refused} to publish or subscribe refused{}{share}", within(facts))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::catalog::Scope;
    use crate::deployment::{MetricKey, Snapshot};
    use crate::source::Report;

    fn said(metrics: &[(&str, f64)]) -> Vec<(Mark, String)> {
        let metrics = metrics.iter().map(|&(name, value)| (MetricKey::field(Scope::Metrics, name), value)).collect();
        let snapshot = Snapshot { metrics: Some(metrics), ..Snapshot::default() };
        let report = Report {
            index: 0,
            timing: Default::default(),
            profile: None,
            endpoint: None,
            scraped_at: jiff::Timestamp::UNIX_EPOCH,
            duration: None,
            snapshot,
            rates: None,
        };
        sentences(Facts::new(&report))
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
