//! Both endpoints at a glance: the verdict and what is behind it, key numbers, rates, and how they went.

use super::canvas::{Canvas, moved, style};
use super::head::sign;
use super::history::{Curve, KEPT, sparkline};
use super::{Live, Scene};
use crate::deployment::{ResourceStatus, RuleStatus};
use crate::health::{CheckStatus, Finding, Health, Status};
use crate::view::answer::Report;
use crate::view::number::{bytes, counted, grouped, rate, span};
use crate::view::style::Role;
use crate::view::watch::{DeploymentState, Figures, status_role};
use std::time::Duration;
use unicode_width::UnicodeWidthStr;

/// A line: a number and how it went.
struct Line {
    label: &'static str,
    value: String,
    role: Role,
    /// It differs from the tick before.
    moved: bool,
    curve: Option<Curve>,
    /// The least important lines give way on a low screen.
    importance: u8,
}

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, live: &Live, scene: &Scene<'_>, report: &Report, state: &DeploymentState) {
    let (width, height) = (canvas.width(), canvas.height());
    let figures = Figures { snapshot: &report.snapshot, rates: report.rates.as_ref() };
    let cluster = cluster(&figures, state);
    let integration = integration(report, &figures);
    let findings = state.health.as_ref().map(findings).unwrap_or_default();
    let beside = width >= SIDE_BY_SIDE;
    // The verdict is told in the head; what is behind it comes first, but leaves room for the numbers.
    let most = if height < 16 { 2 } else { height / 3 };
    let more = findings.len().saturating_sub(most);
    let more = if more > 0 { format!("{} more", grouped(more as f64)) } else { String::new() };
    let mut y = 0;
    for (at, (mark, role, text)) in findings.iter().take(most).enumerate() {
        let taken = if at + 1 == most && !more.is_empty() { more.width() + 2 } else { 0 };
        canvas.right(width, y, Role::Muted, if taken > 0 { &more } else { "" });
        let mut part = canvas.part(0, y, width.saturating_sub(taken), 1);
        part.text(0, 0, *role, mark);
        part.text(2, 0, if *role == Role::Muted { Role::Muted } else { Role::Plain }, text);
        y += 1;
    }
    y += usize::from(height > 16);
    let room = height.saturating_sub(y);
    let of =
        |curve, count| live.history.last(state.index, report.snapshot.identity.deployment_id.as_deref(), curve, count);
    if beside {
        let half = (width - GAP) / 2;
        block(&mut canvas.part(0, y, half, room), "Cluster", &cluster, scene.interval, &of);
        block(&mut canvas.part(half + GAP, y, half, room), "Data integration", &integration, scene.interval, &of);
        // What room is left shows the rules and resources themselves.
        let below = y + cluster.len().max(integration.len()) + 2;
        let room = height.saturating_sub(below);
        if room >= LEAST_LIST {
            let [_, rules, resources] = &live.lists;
            rules.draw(&mut canvas.part(0, below, half, room), report, state);
            resources.draw(&mut canvas.part(half + GAP, below, half, room), report, state);
        }
    } else {
        let (first, second) = share(cluster, integration, room);
        let used = first.len() + 1;
        block(&mut canvas.part(0, y, width, used), "Cluster", &first, scene.interval, &of);
        let gap = usize::from(used + second.len() + 2 <= room);
        let top = y + used + gap;
        block(
            &mut canvas.part(0, top, width, height.saturating_sub(top)),
            "Data integration",
            &second,
            scene.interval,
            &of,
        );
    }
}

/// From this width on the two parts stand side by side.
const SIDE_BY_SIDE: usize = 116;
const GAP: usize = 4;
/// Lists that are lower are not worth a look.
const LEAST_LIST: usize = 5;

/// What fits below each other: the most important lines of both.
fn share(mut first: Vec<Line>, mut second: Vec<Line>, room: usize) -> (Vec<Line>, Vec<Line>) {
    while first.len() + second.len() + 2 > room && !(first.is_empty() && second.is_empty()) {
        let least = |lines: &[Line]| lines.iter().map(|line| line.importance).min().unwrap_or(u8::MAX);
        let (one, other) = (least(&first), least(&second));
        let (lines, least) = if one <= other { (&mut first, one) } else { (&mut second, other) };
        if let Some(at) = lines.iter().rposition(|line| line.importance == least) {
            lines.remove(at);
        }
    }
    (first, second)
}

/// A title and its lines; each with its curve, as wide as there is room for it.
fn block(
    canvas: &mut Canvas<'_>,
    title: &str,
    lines: &[Line],
    interval: Duration,
    last: &dyn Fn(Curve, usize) -> Vec<f64>,
) {
    let label = lines.iter().map(|line| line.label.width()).max().unwrap_or(0);
    let is_curve = |line: &&Line| line.curve.is_some();
    let value = lines.iter().filter(is_curve).map(|line| line.value.width()).max().unwrap_or(0);
    let x = label + GUTTER + value + 2;
    let room = canvas.width().saturating_sub(x).min(KEPT);
    canvas.text(0, 0, Role::Heading, title);
    if room >= LEAST_CURVE && lines.iter().any(|line| line.curve.is_some()) {
        let text = format!("last {}", span(interval.saturating_mul(u32::try_from(room).unwrap_or(u32::MAX))));
        canvas.text(x, 0, Role::Muted, &text);
    }
    for (y, line) in lines.iter().enumerate() {
        let y = y + 1;
        canvas.text(2, y, if line.role == Role::Muted { Role::Muted } else { Role::Plain }, line.label);
        let paint = canvas.paint;
        let style = if line.moved { moved(line.role, paint) } else { style(line.role, paint) };
        let Some(curve) = line.curve else {
            canvas.styled(label + GUTTER, y, style, &line.value);
            continue;
        };
        let left = label + GUTTER + value.saturating_sub(line.value.width());
        canvas.styled(left, y, style, &line.value);
        if room >= LEAST_CURVE {
            let values = last(curve, room);
            let role = if matches!(line.role, Role::Error | Role::Warning) { line.role } else { Role::Muted };
            let blocks = sparkline(&values, curve.is_rate());
            // What happened last stands at the right end.
            canvas.text(x + room - values.len(), y, role, &blocks);
        }
    }
}

/// Before a label, and between it and its value.
const GUTTER: usize = 4;
const LEAST_CURVE: usize = 8;

/// What the checks found, what is worst first; what is fine in one line, and in another what nothing can be said of because
/// its numbers did not come.
fn findings(health: &Health) -> Vec<(&'static str, Role, String)> {
    let mut trouble: Vec<(&Finding, Status)> = Vec::new();
    let mut dark: Vec<&str> = Vec::new();
    for finding in &health.findings {
        match finding.status.judged() {
            Some(Status::Unknown) if !finding.name.starts_with("endpoint_") => dark.push(&finding.name),
            Some(Status::Ok) | None => {}
            Some(status) => trouble.push((finding, status)),
        }
    }
    trouble.sort_by_key(|(_, status)| std::cmp::Reverse(*status));
    let mut lines: Vec<(&'static str, Role, String)> = trouble
        .into_iter()
        .map(|(finding, status)| (sign(status), status_role(status), format!("{}: {}", finding.name, finding.message)))
        .collect();
    if !dark.is_empty() {
        let text = format!("{} without numbers: {}", counted(dark.len() as f64, "check", "checks"), dark.join(", "));
        lines.push((sign(Status::Unknown), status_role(Status::Unknown), text));
    }
    let (ok, skipped) = (health.count(CheckStatus::Judged(Status::Ok)), health.count(CheckStatus::Skipped));
    let mut text = format!("{} ok", counted(ok as f64, "check", "checks"));
    if skipped > 0 {
        text = format!("{text}, {} from the second tick on", grouped(skipped as f64));
    }
    lines.push((if ok > 0 { "✓" } else { "" }, if lines.is_empty() { Role::Healthy } else { Role::Muted }, text));
    lines
}

fn cluster(figures: &Figures<'_>, state: &DeploymentState) -> Vec<Line> {
    let now = |label, names: &[&str], importance| {
        let value = figures.value(names)?;
        let before = names.iter().find_map(|name| before(state, name));
        let moved = before.is_some_and(|before| before != value);
        Some(Line { label, value: grouped(value), role: Role::Plain, moved, curve: None, importance })
    };
    let clients = ["metrics.live_connections_count", "metrics.connections_count", "cluster.connections_count"];
    let traffic = |label, curve, importance| {
        flow(label, curve, figures, Role::Plain, importance).map(|line| Line {
            value: curve.of(figures).map_or(line.value, |value| format!("{}/s", bytes(value.round()))),
            ..line
        })
    };
    let lines = [
        nodes(figures),
        now("clients", &clients, 90).map(|line| Line { curve: Some(Curve::Clients), ..line }),
        now("sessions", &["metrics.sessions_count", "cluster.sessions_count"], 30)
            .map(|line| Line { curve: Some(Curve::Sessions), ..line }),
        flow("received", Curve::Received, figures, Role::Plain, 95),
        flow("sent", Curve::Sent, figures, Role::Plain, 94),
        traffic("traffic in", Curve::BytesReceived, 25),
        traffic("traffic out", Curve::BytesSent, 24),
        flow("dropped", Curve::Dropped, figures, Role::Plain, 40),
        flow("lost", Curve::Lost, figures, Role::Warning, 85),
        flow("failed sign-ins", Curve::SignInFailures, figures, Role::Warning, 70),
        flow("refused", Curve::Refused, figures, Role::Warning, 60),
    ];
    lines.into_iter().flatten().collect()
}

fn nodes(figures: &Figures<'_>) -> Option<Line> {
    let running = figures.value(&["metrics.cluster_nodes_running", "cluster.node_count"]);
    let stopped = figures.value(&["metrics.cluster_nodes_stopped"]);
    let (value, role) = match (running, stopped) {
        (None, None) => return None,
        (running, Some(stopped)) if stopped > 0.0 => {
            let running = running.map(|running| format!(", {} running", grouped(running))).unwrap_or_default();
            (format!("{} stopped{running}", grouped(stopped)), Role::Error)
        }
        (Some(running), _) => (format!("{} running", grouped(running)), Role::Plain),
        (None, Some(_)) => ("none stopped".to_owned(), Role::Plain),
    };
    Some(Line { label: "nodes", value, role, moved: false, curve: None, importance: 80 })
}

/// A number that is told per second; `trouble` is its role where there is any.
fn flow(label: &'static str, curve: Curve, figures: &Figures<'_>, trouble: Role, importance: u8) -> Option<Line> {
    let value = curve.of(figures);
    let (value, role) = match value {
        None => ("-".to_owned(), Role::Muted),
        Some(0.0) => ("0/s".to_owned(), Role::Muted),
        Some(value) => (format!("{}/s", rate(value)), trouble),
    };
    Some(Line { label, value, role, moved: false, curve: Some(curve), importance })
}

fn before(state: &DeploymentState, name: &str) -> Option<f64> {
    let [cluster, metrics] = &state.changes.before;
    let (map, name) = name.split_once('.')?;
    if map == "cluster" { cluster.get(name).copied() } else { metrics.get(name).copied() }
}

fn integration(report: &Report, figures: &Figures<'_>) -> Vec<Line> {
    let plain = |label, (value, role): (String, Role), importance| Line {
        label,
        value,
        role,
        moved: false,
        curve: None,
        importance,
    };
    let lines = [
        Some(plain("rules", rules(report), 75)),
        flow("matched", Curve::Matched, figures, Role::Plain, 88),
        flow("exceptions", Curve::Exceptions, figures, Role::Error, 65),
        flow("actions", Curve::Actions, figures, Role::Plain, 50),
        flow("failed actions", Curve::ActionsFailed, figures, Role::Error, 89),
        Some(plain("resources", resources(report), 92)),
    ];
    lines.into_iter().flatten().collect()
}

fn rules(report: &Report) -> (String, Role) {
    let Some(rules) = &report.snapshot.rules else { return ("not received".to_owned(), Role::Muted) };
    let count = |status| rules.iter().filter(|rule| rule.status == Some(status)).count();
    let (all, enabled, disabled) = (rules.len(), count(RuleStatus::Enabled), count(RuleStatus::Disabled));
    match (all, disabled) {
        (0, _) => ("none".to_owned(), Role::Muted),
        (all, 0) if enabled == all => (format!("{} enabled", grouped(all as f64)), Role::Plain),
        _ => {
            let (enabled, disabled) = (grouped(enabled as f64), grouped(disabled as f64));
            (format!("{enabled} enabled, {disabled} disabled"), Role::Plain)
        }
    }
}

/// How many named resources that are down stand in a line.
const NAMED: usize = 4;

fn resources(report: &Report) -> (String, Role) {
    let Some(resources) = &report.snapshot.resources else { return ("not received".to_owned(), Role::Muted) };
    let is_down = |status: Option<ResourceStatus>| status != Some(ResourceStatus::Connected);
    let down: Vec<&str> =
        resources.iter().filter(|one| is_down(one.status)).map(|one| one.resource_id.as_str()).collect();
    if resources.is_empty() {
        return ("none".to_owned(), Role::Muted);
    }
    if down.is_empty() {
        return (format!("{} connected", grouped(resources.len() as f64)), Role::Plain);
    }
    let more = if down.len() > NAMED { ", ..." } else { "" };
    let names = down.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    let (count, all) = (grouped(down.len() as f64), grouped(resources.len() as f64));
    (format!("{count} of {all} down: {names}{more}"), Role::Error)
}
