//! The health of a deployment in a few sentences, from what one snapshot says.
//!
//! A snapshot has no rates: counters tell what happened since the nodes started. So a sentence that begins with `!`
//! says that something happened, and only `✗` that something is wrong now.

use super::facts::Facts;
use super::page::Mark;
use super::sections::{Form, RowSpec, SECTIONS};
use crate::view::number::{counted, grouped, percent};
use crate::view::rows::metric_role;
use crate::view::style::Role;

/// The share of failed sign-ins from which they are marked. The vendor says to watch the share and names no number.
const MANY_FAILED: f64 = 0.01;

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
    let ways = [("metrics.messages_dropped", "on the way in"), ("metrics.delivery_dropped", "on delivery")];
    let received: Vec<_> =
        ways.into_iter().filter_map(|(name, way)| Some((name, way, facts.value(&[name])?))).collect();
    if received.len() == ways.len() && received.iter().all(|(.., dropped)| *dropped == 0.0) {
        return vec![(Mark::Healthy, "no message dropped".to_owned())];
    }
    let sentence = |(name, way, dropped): (&str, &str, f64)| {
        if dropped == 0.0 {
            return (Mark::Healthy, format!("no message dropped {way}"));
        }
        let (reasons, is_trouble) = reasons(facts, name);
        let mark = if is_trouble { Mark::Warning } else { Mark::None };
        let dropped = counted(dropped, "message", "messages");
        let colon = if reasons.is_empty() { "" } else { ": " };
        (mark, format!("{dropped} dropped {way}{colon}{}", reasons.join(", ")))
    };
    received.into_iter().map(sentence).collect()
}

/// The parts of the row that `total` stands in, most first, and whether one of them is trouble.
fn reasons(facts: &Facts<'_>, total: &str) -> (Vec<String>, bool) {
    let rows = || SECTIONS.iter().flat_map(|section| section.blocks).flat_map(|block| block.rows);
    let is_total = |row: &RowSpec| row.values.iter().any(|names| names.contains(&total));
    let parts = rows().skip_while(|row| !is_total(row)).skip(1).take_while(|row| row.form == Form::Part);
    let mut received: Vec<_> = parts
        .filter_map(|row| Some((row.label, facts.first(row.values.first()?)?)))
        .filter(|(_, metric)| metric.value > 0.0)
        .collect();
    received.sort_by(|(_, a), (_, b)| b.value.total_cmp(&a.value));
    let is_trouble = match received.is_empty() {
        true => facts.first(&[total]).is_some_and(|metric| metric_role(metric) == Role::Warning),
        false => received.iter().any(|(_, metric)| metric_role(metric) == Role::Warning),
    };
    (received.into_iter().map(|(label, metric)| format!("{} {label}", grouped(metric.value))).collect(), is_trouble)
}

fn sign_ins(facts: &Facts<'_>) -> Option<(Mark, String)> {
    let failed = facts.value(&["metrics.authentication_failure"])?;
    let succeeded = facts.value(&["metrics.authentication_success"]);
    Some(match succeeded.map(|succeeded| succeeded + failed) {
        _ if failed == 0.0 => (Mark::Healthy, "no sign-in failed".to_owned()),
        Some(all) if all > 0.0 => {
            let share = failed / all;
            let mark = if share >= MANY_FAILED { Mark::Warning } else { Mark::None };
            let of = counted(all, "sign-in", "sign-ins");
            (mark, format!("{} of {of} failed ({})", grouped(failed), percent(share)))
        }
        _ => (Mark::Warning, format!("{} failed", counted(failed, "sign-in", "sign-ins"))),
    })
}

fn refusals(facts: &Facts<'_>) -> Option<(Mark, String)> {
    let refused = facts.value(&["metrics.authorization_deny"])?;
    Some(match refused == 0.0 {
        true => (Mark::Healthy, "no publish or subscribe refused".to_owned()),
        false => {
            let refused = counted(refused, "publish or subscribe", "publishes or subscribes");
            (Mark::Warning, format!("{refused} refused by authorization"))
        }
    })
}
