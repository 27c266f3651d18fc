//! Both endpoints at a glance: the verdict and what is behind it, key numbers, rates, and how they went.

use super::canvas::{Canvas, moved, style};
use super::history::{KEPT, sparkline};
use super::{Live, Scene};
use crate::deployment::Endpoint;
use crate::health::{CheckStatus, Finding, Health, Status};
use crate::source::Report;
use crate::style::Role;
use crate::units::{bytes, counted, grouped, rate, span};
use crate::view::mark::{role, sign};
use crate::view::overview::{FIGURES, Facts, Figure, Source};
use crate::view::watch::DeploymentState;
use std::time::Duration;
use unicode_width::UnicodeWidthStr;

/// A figure as a line: its value, and how it went.
struct Line {
    /// Its place in [`FIGURES`].
    at: usize,
    figure: &'static Figure,
    value: String,
    role: Role,
    /// It differs from the tick before.
    moved: bool,
}

/// Draws it.
pub(super) fn draw(canvas: &mut Canvas<'_>, live: &Live, scene: &Scene<'_>, report: &Report, state: &DeploymentState) {
    let (width, height) = (canvas.width(), canvas.height());
    let key = (report.index, report.snapshot.identity.deployment_id.clone());
    let last = |figure, count| live.history.last(&key, figure, count);
    let lines = |endpoint| -> Vec<Line> {
        let all = FIGURES.iter().enumerate().filter(|(_, figure)| figure.endpoint == endpoint);
        all.filter_map(|(at, figure)| line(at, figure, Facts::new(report, Some(&state.judgement)), &last)).collect()
    };
    let (cluster, integration) = (lines(Endpoint::Cluster), lines(Endpoint::DataIntegration));
    let findings = findings(&state.judgement.health, |finding| live.steady.shows(&key, finding));
    // What is behind the verdict comes first, in as many lines at every tick, and leaves room for the numbers.
    let reserved = (height / 5).clamp(1, 6);
    for (y, (mark, role, text)) in findings.iter().take(reserved).enumerate() {
        let more = findings.len().saturating_sub(reserved);
        let more = if y + 1 == reserved && more > 0 { format!("{} more", grouped(more as f64)) } else { String::new() };
        let taken = if more.is_empty() { 0 } else { more.width() + 2 };
        canvas.right(width, y, Role::Muted, &more);
        let mut part = canvas.part(0, y, width.saturating_sub(taken), 1);
        part.text(0, 0, *role, mark);
        part.text(2, 0, if *role == Role::Muted { Role::Muted } else { Role::Plain }, text);
    }
    let y = reserved + usize::from(height > 16);
    let room = height.saturating_sub(y);
    let wide = width >= SIDE_BY_SIDE;
    let half = if wide { (width - GAP) / 2 } else { width };
    // All curves of the screen have the same ticks below each other.
    let curve = curve_width(cluster.iter().chain(&integration), half);
    let ticks = live.history.ticks(&key).min(curve);
    let span = scene.interval.saturating_mul(u32::try_from(ticks.saturating_sub(1)).unwrap_or(u32::MAX));
    let axis = Axis { label: label_width(cluster.iter().chain(&integration)), curve, span };
    let draw = |mut part: Canvas<'_>, title, lines: &[Line], left| block(&mut part, title, lines, left, &axis, &last);
    if wide {
        draw(canvas.part(0, y, half, room), CLUSTER, &cluster, 0);
        draw(canvas.part(half + GAP, y, half, room), DATA_INTEGRATION, &integration, 0);
        // What room is left shows the rules and resources themselves.
        let below = y + cluster.len().max(integration.len()) + 2;
        let room = height.saturating_sub(below);
        if room >= LEAST_LIST {
            let [_, _, rules, resources] = &live.lists;
            rules.draw(&mut canvas.part(0, below, half, room), scene.watch, live.place);
            resources.draw(&mut canvas.part(half + GAP, below, half, room), scene.watch, live.place);
        }
    } else {
        let all = [cluster.len(), integration.len()];
        let (cluster, integration) = share(cluster, integration, room);
        let left = [all[0] - cluster.len(), all[1] - integration.len()];
        let used = cluster.len() + 1;
        draw(canvas.part(0, y, width, used), CLUSTER, &cluster, left[0]);
        let gap = usize::from(used + integration.len() + 2 <= room);
        draw(canvas.part(0, y + used + gap, width, height), DATA_INTEGRATION, &integration, left[1]);
    }
}

/// What all blocks of a screen have in common.
struct Axis {
    label: usize,
    /// Columns of a curve, one a tick; 0 where there is no room for curves.
    curve: usize,
    /// The time that the ticks there are span.
    span: Duration,
}

fn label_width<'a>(lines: impl Iterator<Item = &'a Line>) -> usize {
    lines.map(|line| line.figure.label.width()).max().unwrap_or(0)
}

/// The widest value beside which curves stand, and what is left of so many columns for them.
fn curve_width<'a>(lines: impl Iterator<Item = &'a Line> + Clone, width: usize) -> usize {
    let room = width.saturating_sub(label_width(lines) + GUTTER + VALUE + 2).min(KEPT);
    if room >= LEAST_CURVE { room } else { 0 }
}

const CLUSTER: &str = "Cluster";
const DATA_INTEGRATION: &str = "Data integration";
/// From this width on the two parts stand side by side.
const SIDE_BY_SIDE: usize = 116;
const GAP: usize = 4;
/// Lists that are lower are not worth a look.
const LEAST_LIST: usize = 5;

/// What fits below each other: the most important lines of both.
fn share(mut first: Vec<Line>, mut second: Vec<Line>, room: usize) -> (Vec<Line>, Vec<Line>) {
    while first.len() + second.len() + 2 > room && !(first.is_empty() && second.is_empty()) {
        let least = |lines: &[Line]| lines.iter().map(|line| line.figure.importance).min().unwrap_or(u8::MAX);
        let (one, other) = (least(&first), least(&second));
        let (lines, least) = if one <= other { (&mut first, one) } else { (&mut second, other) };
        if let Some(at) = lines.iter().rposition(|line| line.figure.importance == least) {
            lines.remove(at);
        }
    }
    (first, second)
}

/// A title and its lines; each with its curve. `left` lines had no room.
fn block(
    canvas: &mut Canvas<'_>,
    title: &str,
    lines: &[Line],
    left: usize,
    axis: &Axis,
    last: &impl Fn(usize, usize) -> Vec<Option<f64>>,
) {
    let x = axis.label + GUTTER + VALUE + 2;
    canvas.text(0, 0, Role::Heading, title);
    if axis.curve > 0 && !axis.span.is_zero() {
        canvas.text(x, 0, Role::Muted, &format!("last {}", span(axis.span)));
    }
    let more = format!("{left} more on a larger screen");
    if left > 0 && canvas.width() > x + 24 + more.len() {
        canvas.right(canvas.width(), 0, Role::Muted, &more);
    } else if left > 0 {
        canvas.right(canvas.width(), 0, Role::Muted, &format!("+{left}"));
    }
    for (y, line) in (1..).zip(lines) {
        let Line { at, figure, role, .. } = *line;
        canvas.text(2, y, if role == Role::Muted { Role::Muted } else { Role::Plain }, figure.label);
        let style = if line.moved { moved(role, canvas.paint) } else { style(role, canvas.paint) };
        if figure.phrase.is_some() {
            canvas.styled(axis.label + GUTTER, y, style, &line.value);
            continue;
        }
        canvas.styled(axis.label + GUTTER + VALUE.saturating_sub(line.value.width()), y, style, &line.value);
        if axis.curve > 0 {
            let values = last(at, axis.curve);
            let role = if matches!(role, Role::Error | Role::Warning) { role } else { Role::Muted };
            // What happened last stands at the right end.
            canvas.text(x + axis.curve - values.len(), y, role, &sparkline(&values));
        }
    }
}

/// Columns of a value: `1,023.9 KiB/s`.
const VALUE: usize = 13;
/// Before a label, and between it and its value.
const GUTTER: usize = 4;
const LEAST_CURVE: usize = 8;

/// What the checks found, what is worst first, as far as it is `shown`; what is fine in one line, and in another what nothing can
/// be said of because its numbers did not come.
fn findings(health: &Health, shown: impl Fn(&Finding) -> bool) -> Vec<(&'static str, Role, String)> {
    let mut trouble: Vec<(&Finding, Status)> = Vec::new();
    let mut dark: Vec<&str> = Vec::new();
    for finding in &health.findings {
        match finding.status.judged() {
            Some(Status::Unknown) if !finding.name.starts_with("endpoint_") => dark.push(&finding.name),
            Some(status) if shown(finding) => trouble.push((finding, status)),
            Some(_) | None => {}
        }
    }
    trouble.sort_by_key(|(_, status)| std::cmp::Reverse(*status));
    let told = |(finding, status): (&Finding, Status)| {
        // What has just gone stays for a while, and says that it is well.
        let role = if status == Status::Ok { Role::Muted } else { role(status) };
        (sign(status), role, format!("{}: {}", finding.name, finding.message))
    };
    let mut lines: Vec<(&'static str, Role, String)> = trouble.into_iter().map(told).collect();
    if !dark.is_empty() {
        let text = format!("{} without numbers: {}", counted(dark.len() as f64, "check", "checks"), dark.join(", "));
        lines.push((sign(Status::Unknown), role(Status::Unknown), text));
    }
    let (ok, skipped) = (health.count(CheckStatus::Judged(Status::Ok)), health.count(CheckStatus::Skipped));
    let mut text = format!("{} ok", counted(ok as f64, "check", "checks"));
    if skipped > 0 {
        text = format!("{text}, {} from the second tick on", grouped(skipped as f64));
    }
    lines.push((if ok > 0 { "✓" } else { "" }, if lines.is_empty() { Role::Healthy } else { Role::Muted }, text));
    lines
}

/// A figure as it stands in its line; none for a number that was not received.
fn line(
    at: usize,
    figure: &'static Figure,
    facts: Facts<'_>,
    last: &impl Fn(usize, usize) -> Vec<Option<f64>>,
) -> Option<Line> {
    let severity = figure.severity(facts).filter(|status| *status > Status::Ok).map(role);
    let of = |(value, plain): (String, Role)| {
        Some(Line { at, figure, value, role: severity.unwrap_or(plain), moved: false })
    };
    if let Some(phrase) = figure.phrase {
        return of(phrase(facts)?);
    }
    match (figure.of(facts), figure.source) {
        (None, Source::Value(_)) => None,
        (Some(value), Source::Value(_)) => {
            let moved = matches!(*last(at, 2), [Some(before), Some(now)] if before != now);
            Some(Line { moved, ..of((grouped(value), Role::Plain))? })
        }
        (None, _) => of(("-".to_owned(), Role::Muted)),
        (Some(value), Source::ByteRate(_)) => {
            of((format!("{}/s", bytes(value.round())), if value == 0.0 { Role::Muted } else { Role::Plain }))
        }
        (Some(0.0), _) => of(("0/s".to_owned(), Role::Muted)),
        (Some(value), _) => of((format!("{}/s", rate(value)), Role::Plain)),
    }
}
