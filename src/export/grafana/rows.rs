//! What stands on the dashboard: its rows and their panels.

use super::panel::{Form, Panel, Target, axis, unit};
use crate::deployment::catalog::{self, Concern, Entry, Group, Scope, Source};
use crate::export::alerts::record_of;
use crate::export::promql::{self, first_of, now, series};
use crate::exposition::MetricType;
use crate::health::{self, Threshold};
use crate::names;

/// Panels under a heading.
pub struct Row {
    pub title: &'static str,
    pub panels: Vec<Panel>,
}

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
    ("What becomes of sessions", &["metrics.session_*"]),
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
    ("Retained and delayed, coming in", &["metrics.messages_retained", "metrics.messages_delayed"]),
    ("Traffic", &["metrics.bytes_*"]),
    ("Dropped on the way in", &["metrics.messages_dropped*", "cluster.dropped_msg_rate"]),
    ("Dropped on delivery", &["metrics.delivery_dropped*"]),
    ("Dropped over a limit", &["metrics.packets_publish_dropped"]),
    ("Sign-ins", &["metrics.authentication_*", "metrics.client_auth_anonymous"]),
    ("Authorization", &["metrics.authorization_*", "metrics.client_auth*"]),
    ("Refused", &["metrics.packets_connack_*error", "metrics.packets_*_auth_error"]),
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
    ("Pings", &["metrics.packets_ping*"]),
];

/// Families that the platform documents.
pub fn documented() -> impl Iterator<Item = &'static Entry> {
    let told = |source: &Source| matches!(source, Source::Sample | Source::Table | Source::Later | Source::Dashboard);
    catalog::all().filter(move |entry| entry.scope != Scope::Broker && entry.seen.iter().any(told))
}

/// Everything, in order.
pub fn rows() -> Vec<Row> {
    let mut rows = vec![Row { title: "At a glance", panels: glance() }];
    for group in Group::ALL {
        let panels = match group {
            Group::Rules => rules(),
            Group::Resources => resources(),
            _ => of_group(group),
        };
        if !panels.is_empty() {
            rows.push(Row { title: group.title(), panels });
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
        first.and_then(|entry| together(entry)).and_then(|at| TOGETHER.get(at)).map_or("More", |(title, _)| title);
    let target = |entry: &&Entry| Target {
        expr: family(entry, CHOSEN),
        legend: format!("{} {{{{deployment_id}}}}", spoken(entry)),
        concern: entry.concern,
    };
    Panel {
        description: entries.iter().map(|entry| told(entry)).collect::<Vec<_>>().join("\n\n"),
        unit: first.map_or("short", |entry| unit(entry)),
        axis: first.map(|entry| axis(entry)).unwrap_or_default(),
        ..Panel::lines(title, entries.iter().map(target).collect())
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
    format!("{}{whose}", entry.name.replace('_', " "))
}

fn told(entry: &Entry) -> String {
    format!("**{}** {} {}", spoken(entry), entry.description, entry.meaning)
}

/// Colours by the thresholds of a default check.
fn steps(check: &str) -> Vec<(Option<f64>, &'static str)> {
    let mut steps = vec![(None, "green")];
    let Some(check) = health::find(check) else { return steps };
    for (threshold, color) in [(check.warning, "orange"), (check.critical, "red")] {
        let Threshold::At(range) = threshold else { continue };
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

/// One large number for each deployment.
fn number(title: &str, check: &str, unit: &'static str, expr: Option<String>) -> Option<Panel> {
    let about = health::find(check).map(|check| format!("{} {}", check.why, check.advice)).unwrap_or_default();
    let targets = vec![target(expr?, "{{deployment_id}}")];
    Some(Panel {
        form: Form::Number,
        unit,
        size: (4, 4),
        steps: steps(check),
        description: about,
        ..Panel::lines(title, targets)
    })
}

/// The rate of a field, from the recording rule where there is one.
fn rate(field: &str) -> Option<String> {
    let raw = promql::rate(field, CHOSEN, WINDOW)?;
    Some(match record_of(field) {
        Some(record) => format!("{} or {raw}", series(record, &[CHOSEN])),
        None => raw,
    })
}

fn share(part: &str, rest: &str) -> Option<String> {
    let of = |field| promql::rate(field, CHOSEN, WINDOW);
    let (part, rest) = (of(part)?, of(rest)?);
    // Nothing of nothing is nothing wrong.
    Some(format!("{part} / ({part} + {rest} > 0) or 0 * {part}"))
}

fn glance() -> Vec<Panel> {
    let now = |field| now(field, CHOSEN);
    let endpoints = "endpoint=~\"cluster|data_integration\",profile!=\"\"";
    let panels = [
        number("Nodes running", "nodes_running", "short", now("metrics.cluster_nodes_running")),
        number("Nodes stopped", "nodes_stopped", "short", now("metrics.cluster_nodes_stopped")),
        number("Live connections", "", "short", now("metrics.live_connections_count")),
        number("Rules disabled", "rules_disabled", "short", now("rules.disabled")),
        number("Resources down", "resources_down", "short", now("resources.down")),
        number(
            "Actions failing",
            "action_failure_share",
            "percentunit",
            share("rules.actions_failed", "rules.actions_success"),
        ),
        number("Messages received", "", "mps", rate("metrics.messages_received")),
        number("Messages sent", "", "mps", rate("metrics.messages_sent")),
        number(
            "Dropped, queue full",
            "queue_full_drops",
            "mps",
            promql::rate("metrics.delivery_dropped_queue_full", CHOSEN, WINDOW),
        ),
        number(
            "Sign-ins failing",
            "signin_failure_share",
            "percentunit",
            share("metrics.authentication_failure", "metrics.authentication_success"),
        ),
        number("Refused by authorization", "authorization_refusals", "cps", rate("metrics.authorization_deny")),
        number("Answer takes", "endpoint_cluster", "s", Some(series("scrape_duration_seconds", &[endpoints])))
            .map(|panel| relabelled(panel, "{{profile}} {{endpoint}}")),
    ];
    panels.into_iter().flatten().collect()
}

fn relabelled(panel: Panel, legend: &str) -> Panel {
    let targets = panel.targets.into_iter().map(|target| Target { legend: legend.to_owned(), ..target }).collect();
    Panel { targets, ..panel }
}

/// The descriptions of families by their whole names.
fn about(families: &[&str]) -> String {
    families.iter().filter_map(|name| catalog::by_family(name)).map(told).collect::<Vec<_>>().join("\n\n")
}

const STATUS: &str = "deployment_emqx_rule_status";
const MATCHED: &str = "deployment_emqx_rule_matched_count";
const MATCH_RATE: &str = "deployment_emqx_rule_matched_rate";
const EXECUTED: &str = "deployment_emqx_rule_action_execution_count";
const RESOURCE: &str = "deployment_emqx_resource_status";

fn rules() -> Vec<Panel> {
    let rule = format!("{CHOSEN},rule_id=~\"$rule\"");
    let by_rule = "sum by (deployment_id, rule_id)";
    let count = |family: &str, label: &str| format!("{by_rule} ({})", series(family, &[label, &rule]));
    let rate = |family: &str, label: &str| format!("rate({}[{WINDOW}])", series(family, &[label, &rule]));
    let table = Panel {
        form: Form::Table,
        size: (24, 9),
        description: about(&[STATUS, MATCHED, EXECUTED]),
        words: &[("1", "enabled", "green"), ("0", "disabled", "orange")],
        columns: &["status", "matched", "passed", "exception", "no result", "actions taken", "actions failed"],
        ..Panel::lines(
            "Rules",
            vec![
                target(count(STATUS, ""), ""),
                target(count(MATCHED, "match_status=\"matched\""), ""),
                target(count(MATCHED, "match_status=\"passed\""), ""),
                target(count(MATCHED, "match_status=\"exception\""), ""),
                target(count(MATCHED, "match_status=\"no_result\""), ""),
                target(count(EXECUTED, "execution_status=\"taken\""), ""),
                target(count(EXECUTED, "execution_status=\"failed\""), ""),
            ],
        )
    };
    let lines = |title, unit, family, expr, legend| Panel {
        unit,
        description: about(&[family]),
        ..Panel::lines(title, vec![target(expr, legend)])
    };
    let trouble = |panel: Panel| Panel { steps: vec![(None, "green"), (Some(0.0001), "orange")], ..panel };
    let matched = rate(MATCHED, "match_status=\"matched\"");
    // The platform's own rate is in its table and in no answer seen: it counts where ours is missing.
    let matched = format!("{matched} or {}", series(MATCH_RATE, &[&rule]));
    let mut first = lines("Matches", "cps", MATCHED, matched, "{{rule_id}}");
    first.description = about(&[MATCHED, MATCH_RATE]);
    vec![
        table,
        first,
        lines(
            "Matches by outcome",
            "cps",
            MATCHED,
            format!("sum by (match_status) ({})", rate(MATCHED, "match_status!=\"matched\"")),
            "{{match_status}}",
        ),
        trouble(lines("Exceptions", "cps", MATCHED, rate(MATCHED, "match_status=\"exception\""), "{{rule_id}}")),
        lines("Actions", "cps", EXECUTED, rate(EXECUTED, "execution_status=\"taken\""), "{{rule_id}}"),
        lines(
            "Actions by outcome",
            "cps",
            EXECUTED,
            format!("sum by (execution_status) ({})", rate(EXECUTED, "")),
            "{{execution_status}}",
        ),
        trouble(lines(
            "Actions that failed",
            "cps",
            EXECUTED,
            rate(EXECUTED, "execution_status=\"failed\""),
            "{{rule_id}}",
        )),
    ]
}

fn resources() -> Vec<Panel> {
    let resource = format!("{CHOSEN},resource_id=~\"$resource\"");
    let words: &[_] = &[("1", "connected", "green"), ("0", "disconnected", "red")];
    let table = Panel {
        form: Form::Table,
        size: (12, 9),
        description: about(&[RESOURCE]),
        words,
        columns: &["status"],
        ..Panel::lines(
            "Resources",
            vec![target(format!("sum by (deployment_id, resource_id) ({})", series(RESOURCE, &[&resource])), "")],
        )
    };
    let states = Panel {
        form: Form::States,
        size: (12, 9),
        description: about(&[RESOURCE]),
        words,
        steps: vec![(None, "red"), (Some(1.0), "green")],
        ..Panel::lines("Resources over time", vec![target(series(RESOURCE, &[&resource]), "{{resource_id}}")])
    };
    vec![table, states]
}
