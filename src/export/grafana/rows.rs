//! What stands on the dashboard: its rows and their panels.

use super::panel::{Form, Panel, Steps, Target, axis, unit};
use crate::deployment::RuleCount;
use crate::deployment::catalog::{self, Concern, Entry, Group, Provenance, Scope};
use crate::export::alerts::record_of;
use crate::export::promql::{
    self, RESOURCE_STATUS, RULE_ACTIONS, RULE_MATCH_RATE, RULE_MATCHED, RULE_STATUS, count_series, first_of, now,
    series,
};
use crate::exposition::MetricType;
use crate::health::{self, Check, Limit, Measure, Threshold};
use crate::names;
use std::collections::BTreeSet;

/// The series that the dashboard's variables choose.
const CHOSEN: &str = "platform=~\"$platform\",deployment_id=~\"$deployment\"";
/// Grafana's own choice for `rate`: at least four scrapes.
const WINDOW: &str = "$__rate_interval";

/// Families that stand together: a title, and patterns over their fields. The first that matches counts; what matches none
/// stands at the end of its group.
const TOGETHER: &[(&str, &[&str])] = &[
    ("Nodes", &["metrics.cluster_nodes_*", "cluster.node_count"]),
    ("Connections", &["*.connections_*", "*.live_connections_*"]),
    ("Sessions", &["*.sessions_*", "*cluster_sessions_*", "*durable_sessions", "*.license_quota"]),
    ("Channels", &["*.channels_*"]),
    ("Connecting", &["metrics.client_conn*", "metrics.client_disconnected*"]),
    ("Sessions created and ended", &["metrics.session_*"]),
    ("Subscriptions", &["*.subscriptions_*", "*.shared_subscriptions"]),
    ("Subscribers and options", &["*.subscribers_*", "*.suboptions_*"]),
    ("Topics", &["*.topics_*"]),
    ("Subscribing", &["metrics.client_*subscribe"]),
    ("Messages received, by QoS", &["metrics.messages_*received"]),
    ("Messages sent, by QoS", &["metrics.messages_*sent"]),
    (
        "Messages through the broker",
        &[
            "metrics.messages_publish",
            "metrics.messages_delivered",
            "metrics.messages_acked",
            "metrics.messages_forward",
        ],
    ),
    ("Rates, as the platform works them out", &["cluster.messages_*rate", "cluster.persisted_rate"]),
    (
        "Retained and delayed, stored",
        &["*retained_count", "*retained_max", "*delayed_count", "*delayed_max", "*retained_msg_count"],
    ),
    ("Retained and delayed, enqueued", &["metrics.messages_retained", "metrics.messages_delayed"]),
    ("Traffic", &["metrics.bytes_*"]),
    ("Messages dropped", &["metrics.messages_dropped*", "cluster.dropped_msg_rate"]),
    ("Deliveries dropped", &["metrics.delivery_dropped*"]),
    ("PUBLISH dropped", &["metrics.packets_publish_dropped"]),
    ("Authentication", &["metrics.authentication_*", "metrics.client_auth_anonymous"]),
    ("Authorization", &["metrics.authorization_*", "metrics.client_auth*"]),
    ("CONNACK, PUBLISH and SUBSCRIBE auth errors", &["metrics.packets_connack_*error", "metrics.packets_*_auth_error"]),
    ("Packets", &["metrics.packets_received", "metrics.packets_sent"]),
    (
        "CONNECT, CONNACK, DISCONNECT, AUTH",
        &[
            "metrics.packets_connect*",
            "metrics.packets_connack*",
            "metrics.packets_disconnect*",
            "metrics.packets_auth_*",
        ],
    ),
    ("PUBLISH", &["metrics.packets_publish*"]),
    ("PUBACK", &["metrics.packets_puback*"]),
    ("PUBREC, PUBREL, PUBCOMP", &["metrics.packets_pubrec*", "metrics.packets_pubrel*", "metrics.packets_pubcomp*"]),
    ("SUBSCRIBE, UNSUBSCRIBE", &["metrics.packets_*sub*"]),
    ("PINGREQ, PINGRESP", &["metrics.packets_ping*"]),
];

/// Families that the platform documents.
pub(super) fn documented() -> impl Iterator<Item = &'static Entry> {
    let told = |source: &Provenance| {
        matches!(source, Provenance::Sample | Provenance::Table | Provenance::Later | Provenance::Dashboard)
    };
    catalog::all().filter(move |entry| entry.scope != Scope::Broker && entry.seen.iter().any(told))
}

/// A row of the dashboard.
pub(super) struct Row {
    pub title: &'static str,
    pub panels: Vec<Panel>,
    /// Whether it is folded until somebody opens it.
    pub collapsed: bool,
}

/// Everything, in order: what is looked at most comes first, packets are folded.
pub(super) fn rows() -> Vec<Row> {
    let of_group = |group: Group| match group {
        Group::Rules => rules(),
        Group::Resources => resources(),
        _ => of_group(group),
    };
    let row = |group: Group| Row { title: group.title(), panels: of_group(group), collapsed: group == Group::Packets };
    let mut rows = vec![Row { title: "At a glance", panels: glance(), collapsed: false }];
    let is_first = |group: &&Group| **group != Group::Packets;
    rows.extend(Group::ALL.iter().filter(is_first).chain([&Group::Packets]).map(|group| row(*group)));
    rows.retain(|row| !row.panels.is_empty());
    let mut titles = BTreeSet::new();
    for panel in rows.iter_mut().flat_map(|row| &mut row.panels) {
        // Figures of two units stand on two panels.
        if !titles.insert(panel.title.clone()) {
            panel.title = format!("{}, in {}", panel.title, panel.axis);
            titles.insert(panel.title.clone());
        }
    }
    rows
}

/// The families of a group without labels of their own, in panels of one unit each.
fn of_group(group: Group) -> Vec<Panel> {
    let together = |entry: &Entry| {
        let matches = |patterns: &[&str]| patterns.iter().any(|pattern| names::matches(pattern, &entry.key()));
        TOGETHER.iter().position(|(_, patterns)| matches(patterns))
    };
    let key = |entry: &Entry| (together(entry).unwrap_or(usize::MAX), unit(entry));
    let mut entries: Vec<&Entry> =
        documented().filter(|entry| home(entry) == group && entry.labels.is_empty()).collect();
    entries.sort_by_key(|entry| key(entry));
    entries.chunk_by(|a, b| key(a) == key(b)).map(|entries| of_entries(entries, together)).collect()
}

/// The row of a family: that of its group. The sessions that a licence allows stand beside those that there are.
fn home(entry: &Entry) -> Group {
    if entry.group == Group::License { Group::Clients } else { entry.group }
}

fn of_entries(entries: &[&Entry], together: impl Fn(&Entry) -> Option<usize>) -> Panel {
    let first = entries.first();
    let title =
        first.and_then(|entry| together(entry)).and_then(|at| TOGETHER.get(at)).map(|(title, _)| (*title).to_owned());
    let title = title.unwrap_or_else(|| format!("{}, more", first.map_or("", |entry| entry.group.title())));
    let target = |entry: &&Entry| Target {
        expr: family(entry, CHOSEN),
        legend: format!("{{{{deployment_id}}}} {}", spoken(entry)),
        concern: entry.concern,
    };
    Panel {
        description: described(entries.iter().copied()),
        unit: first.map_or("short", |entry| unit(entry)),
        axis: first.map(|entry| axis(entry)).unwrap_or_default(),
        ..Panel::lines(&title, entries.iter().map(target).collect())
    }
}

/// A family's value, or its rate where it grows, under whichever of its names.
fn family(entry: &Entry, labels: &str) -> String {
    first_of(promql::names(entry).iter().map(|name| {
        let series = series(name, &[labels]);
        if entry.kind == MetricType::Counter { format!("rate({series}[{WINDOW}])") } else { series }
    }))
}

/// Its name in words; the platform's own figures are told from the brokers'.
fn spoken(entry: &Entry) -> String {
    let whose = if entry.scope == Scope::Deployment { " (platform)" } else { "" };
    format!("{}{whose}", entry.label)
}

fn described<'a>(entries: impl Iterator<Item = &'a Entry>) -> String {
    let described = |entry: &Entry| format!("**{}** {} {}", spoken(entry), entry.description, entry.meaning);
    entries.map(described).collect::<Vec<_>>().join("\n\n")
}

/// Colours by the thresholds of a default check.
fn steps(check: &Check) -> Steps {
    let mut steps = vec![(None, "green")];
    for (threshold, color) in [(check.warning, "orange"), (check.critical, "red")] {
        let Threshold::At(Limit { range, .. }) = threshold else { continue };
        // Grafana counts a step's own value in; a check does not.
        if let (_, Some(end), false) = range.limits() {
            steps.push((Some(if end == 0.0 { 0.0001 } else { end }), color));
        }
    }
    steps
}

fn target(expr: String, legend: &str) -> Target {
    Target { expr, legend: legend.to_owned(), concern: Concern::None }
}

/// The rate of a field, from the recording rule where there is one.
fn rate(field: &str) -> Option<String> {
    let raw = promql::rate(field, CHOSEN, WINDOW)?;
    Some(match record_of(field) {
        Some(record) => format!("{} or {raw}", series(&record, &[CHOSEN])),
        None => raw,
    })
}

fn share(part: &str, rest: &str) -> Option<String> {
    let of = |field| promql::rate(field, CHOSEN, WINDOW);
    let (part, rest) = (of(part)?, of(rest)?);
    // Nothing of nothing is nothing wrong.
    Some(format!("{part} / ({part} + {rest} > 0) or 0 * {part}"))
}

/// One large number for each deployment: title, default check, unit, expression.
fn glance() -> Vec<Panel> {
    let now = |field| now(field, CHOSEN);
    // What Prometheus measures itself has no label of a deployment: its target has told which one it is of.
    let told = series("deployment_emqx_metrics_cluster_nodes_running", &[CHOSEN]);
    let of = format!("group by (instance, profile, deployment_id) ({told})");
    let endpoints = format!("scrape_duration_seconds * on (instance, profile) group_left (deployment_id) ({of})");
    let queue_full = promql::rate("metrics.delivery_dropped_queue_full", CHOSEN, WINDOW);
    let failing = share("rules.actions_failed", "rules.actions_success");
    let sign_ins = share("metrics.authentication_failure", "metrics.authentication_success");
    [
        ("Nodes running", "nodes_running", "short", now("metrics.cluster_nodes_running")),
        ("Nodes stopped", "nodes_stopped", "short", now("metrics.cluster_nodes_stopped")),
        ("Live connections", "", "short", now("metrics.live_connections_count")),
        ("Rules disabled", "rules_disabled", "short", now("rules.disabled")),
        ("Resources down", "resources_down", "short", now("resources.down")),
        ("Actions failing", "action_failure_share", "percentunit", failing),
        ("Messages received", "", "mps", rate("metrics.messages_received")),
        ("Messages sent", "", "mps", rate("metrics.messages_sent")),
        ("Queue full", "queue_full_drops", "mps", queue_full),
        ("Authentication failing", "signin_failure_share", "percentunit", sign_ins),
        ("Authorization denied", "authorization_refusals", "cps", rate("metrics.authorization_deny")),
        ("Answer takes", "endpoint_cluster", "s", Some(endpoints)),
    ]
    .into_iter()
    .filter_map(|(title, check, unit, expr)| {
        let check = health::find(check);
        let legend = match check.map(|check| check.measure) {
            Some(Measure::EndpointTime(_)) => "{{deployment_id}} {{endpoint}}",
            _ => "{{deployment_id}}",
        };
        Some(Panel {
            form: Form::Number,
            unit,
            size: (4, 4),
            steps: check.map_or_else(|| vec![(None, "green")], steps),
            description: check.map(|check| format!("{} {}", check.why, check.advice)).unwrap_or_default(),
            ..Panel::lines(title, vec![target(expr?, legend)])
        })
    })
    .collect()
}

/// What the catalog says of these families.
fn about(families: &[&str]) -> String {
    described(families.iter().filter_map(|name| catalog::by_family(name)))
}

/// What panels about rules say where there is nothing.
const NO_RULES: &str = "no rules, or data_integration is not scraped";
/// Ids of rules are those of one deployment.
const RULE_LEGEND: &str = "{{deployment_id}} {{rule_id}}";

fn rules() -> Vec<Panel> {
    let rule = format!("{CHOSEN},rule_id=~\"$rule\"");
    let count = |of: RuleCount| {
        let (family, selector) = count_series(of);
        series(family, &[&selector, &rule])
    };
    let rate = |series: String| format!("rate({series}[{WINDOW}])");
    let by_rule = |series: String| target(format!("sum by (deployment_id, rule_id) ({series})"), "");
    let in_table = [
        RuleCount::Matched,
        RuleCount::Passed,
        RuleCount::Exception,
        RuleCount::NoResult,
        RuleCount::ActionsTaken,
        RuleCount::ActionsFailed,
    ];
    let status = series(RULE_STATUS, &[&rule]);
    let table = Panel {
        form: Form::Table,
        size: (24, 9),
        description: about(&[RULE_STATUS, RULE_MATCHED, RULE_ACTIONS]),
        words: &[("1", "enabled", "green"), ("0", "disabled", "orange")],
        why_empty: NO_RULES,
        columns: &["status", "matched", "passed", "exception", "no result", "actions taken", "actions failed"],
        ..Panel::lines("Rules", std::iter::once(status).chain(in_table.map(count)).map(by_rule).collect())
    };
    let lines = |title, families: &[&str], expr, legend| Panel {
        unit: "cps",
        why_empty: NO_RULES,
        description: about(families),
        ..Panel::lines(title, vec![target(expr, legend)])
    };
    let trouble = |title, family, of| Panel {
        steps: vec![(None, "green"), (Some(0.0001), "orange")],
        ..lines(title, &[family], rate(count(of)), RULE_LEGEND)
    };
    let matched = rate(count(RuleCount::Matched));
    // The platform's own rate is in its table and in no answer seen: it counts where ours is missing.
    let matched = format!("{matched} or {}", series(RULE_MATCH_RATE, &[&rule]));
    let outcomes = format!(
        "sum by (deployment_id, match_status) ({})",
        rate(series(RULE_MATCHED, &["match_status!=\"matched\"", &rule]))
    );
    let executions = format!("sum by (deployment_id, execution_status) ({})", rate(series(RULE_ACTIONS, &[&rule])));
    vec![
        table,
        lines("Matches", &[RULE_MATCHED, RULE_MATCH_RATE], matched, RULE_LEGEND),
        lines("Matches by outcome", &[RULE_MATCHED], outcomes, "{{deployment_id}} {{match_status}}"),
        trouble("Exceptions", RULE_MATCHED, RuleCount::Exception),
        lines("Actions", &[RULE_ACTIONS], rate(count(RuleCount::ActionsTaken)), RULE_LEGEND),
        lines("Actions by outcome", &[RULE_ACTIONS], executions, "{{deployment_id}} {{execution_status}}"),
        trouble("Actions that failed", RULE_ACTIONS, RuleCount::ActionsFailed),
    ]
}

fn resources() -> Vec<Panel> {
    let series = series(RESOURCE_STATUS, &[&format!("{CHOSEN},resource_id=~\"$resource\"")]);
    let panel = |title, expr, legend| Panel {
        size: (12, 9),
        description: about(&[RESOURCE_STATUS]),
        words: &[("1", "connected", "green"), ("0", "disconnected", "red")],
        why_empty: "no resources, or data_integration is not scraped",
        ..Panel::lines(title, vec![target(expr, legend)])
    };
    vec![
        Panel {
            form: Form::Table,
            columns: &["status"],
            ..panel("Resources", format!("sum by (deployment_id, resource_id) ({series})"), "")
        },
        Panel {
            form: Form::States,
            steps: vec![(None, "red"), (Some(1.0), "green")],
            ..panel("Resources over time", series, "{{deployment_id}} {{resource_id}}")
        },
    ]
}
