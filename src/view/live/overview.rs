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
    let findings = findings(&state.judgement.health);
    // The verdict stands in the head; what is behind it comes first, but leaves room for the numbers.
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
    let draw = |mut part: Canvas<'_>, title, lines: &[Line]| block(&mut part, title, lines, scene.interval, &last);
    if width >= SIDE_BY_SIDE {
        let half = (width - GAP) / 2;
        draw(canvas.part(0, y, half, room), CLUSTER, &cluster);
        draw(canvas.part(half + GAP, y, half, room), DATA_INTEGRATION, &integration);
        // What room is left shows the rules and resources themselves.
        let below = y + cluster.len().max(integration.len()) + 2;
        let room = height.saturating_sub(below);
        if room >= LEAST_LIST {
            let [_, rules, resources] = &live.lists;
            rules.draw(&mut canvas.part(0, below, half, room), report, state);
            resources.draw(&mut canvas.part(half + GAP, below, half, room), report, state);
        }
    } else {
        let (cluster, integration) = share(cluster, integration, room);
        let used = cluster.len() + 1;
        draw(canvas.part(0, y, width, used), CLUSTER, &cluster);
        let gap = usize::from(used + integration.len() + 2 <= room);
        draw(canvas.part(0, y + used + gap, width, height), DATA_INTEGRATION, &integration);
    }
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

/// A title and its lines; each with its curve, as wide as there is room for it.
fn block(
    canvas: &mut Canvas<'_>,
    title: &str,
    lines: &[Line],
    interval: Duration,
    last: &impl Fn(usize, usize) -> Vec<Option<f64>>,
) {
    let label = lines.iter().map(|line| line.figure.label.width()).max().unwrap_or(0);
    let has_curve = |line: &&Line| line.figure.phrase.is_none();
    let value = lines.iter().filter(has_curve).map(|line| line.value.width()).max().unwrap_or(0);
    let x = label + GUTTER + value + 2;
    let room = canvas.width().saturating_sub(x).min(KEPT);
    canvas.text(0, 0, Role::Heading, title);
    if room >= LEAST_CURVE && lines.iter().any(|line| has_curve(&line)) {
        let text = format!("last {}", span(interval.saturating_mul(u32::try_from(room).unwrap_or(u32::MAX))));
        canvas.text(x, 0, Role::Muted, &text);
    }
    for (y, line) in (1..).zip(lines) {
        let Line { at, figure, role, .. } = *line;
        canvas.text(2, y, if role == Role::Muted { Role::Muted } else { Role::Plain }, figure.label);
        let style = if line.moved { moved(role, canvas.paint) } else { style(role, canvas.paint) };
        if figure.phrase.is_some() {
            canvas.styled(label + GUTTER, y, style, &line.value);
            continue;
        }
        canvas.styled(label + GUTTER + value.saturating_sub(line.value.width()), y, style, &line.value);
        if room >= LEAST_CURVE {
            let values = last(at, room);
            let role = if matches!(role, Role::Error | Role::Warning) { role } else { Role::Muted };
            // What happened last stands at the right end.
            canvas.text(x + room - values.len(), y, role, &sparkline(&values, figure.is_rate()));
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
        .map(|(finding, status)| (sign(status), role(status), format!("{}: {}", finding.name, finding.message)))
        .collect();
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
    let of = |(value, role)| Some(Line { at, figure, value, role, moved: false });
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
            of((format!("{}/s", bytes(value.round())), if value == 0.0 { Role::Muted } else { figure.role }))
        }
        (Some(0.0), _) => of(("0/s".to_owned(), Role::Muted)),
        (Some(value), _) => of((format!("{}/s", rate(value)), figure.role)),
    }
}
