//! The cluster at a glance: the deployment, its health in words, how old all this is, then sections.
//!
//! On a terminal sections stand side by side where the width allows; elsewhere they stand below each other.

mod facts;
mod figures;
mod glance;
mod lines;
mod page;
mod sections;

pub(super) use facts::Facts;
pub(super) use figures::{CLIENTS, DROPPED, FIGURES, Figure, NODES_RUNNING, NODES_STOPPED, SESSIONS, Source};
pub(crate) use page::Text;

use super::answer::{Answer, Entry};
use super::closing;
use super::mark;
use super::options::Presentation;
use super::screen::Screen;
use super::table::{Cell, Column, Table, note};
use crate::deployment::catalog::Group;
use crate::deployment::{Metric, Snapshot};
use crate::health::{Judgement, Status};
use crate::source::Report;
use crate::style::Role;
use crate::units::{counted, grouped, took};
use facts::Metrics;
use jiff::Timestamp;
use lines::{Rates, Shown};
use std::io::{self, Write};

/// Writes every deployment of `answer`.
///
/// # Errors
/// What `out` says.
pub(super) fn write(answer: &Answer, presentation: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    for (position, Entry { report, judgement, .. }) in answer.entries().enumerate() {
        if position > 0 {
            writeln!(out, "\n")?;
        }
        write_report(report, judgement, answer.generated_at, presentation, out)?;
    }
    if presentation.screen.is_terminal() { closing::write(answer, &presentation.screen, out) } else { Ok(()) }
}

fn write_report(
    report: &Report,
    judgement: Option<&Judgement>,
    now: Timestamp,
    presentation: &Presentation,
    out: &mut dyn Write,
) -> io::Result<()> {
    let screen = &presentation.screen;
    let metrics = Metrics::of(Facts::new(report, judgement));
    let (title, about) = head(report, now);
    let head: Vec<Vec<Cell<'_>>> = std::iter::once(vec![Cell::of(Role::Heading, title)])
        .chain(about.into_iter().map(|line| vec![Cell::of(Role::Muted, line)]))
        .collect();
    let lines = Table { headers: false, ..Table::new(vec![Column::text("about").wrapped(1)], &head) };
    lines.write(out, screen)?;
    writeln!(out)?;
    if metrics.total == 0 {
        let Snapshot { rules, resources, .. } = &report.snapshot;
        let elsewhere = if rules.is_some() || resources.is_some() { ": see 'rules' and 'resources'" } else { "" };
        return note(&format!("no metric of the cluster was received{elsewhere}"), screen, out);
    }
    let sentences: Vec<Vec<Cell<'_>>> = glance::sentences(metrics.facts)
        .into_iter()
        .map(|(severity, sentence)| {
            let role = severity.filter(|status| *status > Status::Ok).map_or(Role::Plain, mark::role);
            vec![mark::cell(severity), Cell::of(role, sentence)]
        })
        .collect();
    if !sentences.is_empty() {
        let columns = vec![Column::mark(), Column::text("sentence").wrapped(20)];
        Table { headers: false, ..Table::new(columns, &sentences) }.write(out, screen)?;
        writeln!(out)?;
    }
    let mut shown = Shown::new();
    let mut sections = lines::all(&metrics, Rates::Beside, &mut shown);
    let is_too_wide =
        metrics.facts.window().is_some() && screen.width.is_some_and(|width| page::width(&sections) > width);
    if is_too_wide {
        shown.clear();
        sections = lines::all(&metrics, Rates::Instead, &mut shown);
    }
    page::write(&sections, screen, out)?;
    write_others(&metrics, &mut shown, screen, out)?;
    let all = counted(metrics.total as f64, "metric", "metrics");
    let counts = if shown.len() < metrics.total {
        format!("{} of {all} shown, --all shows every one.", grouped(shown.len() as f64))
    } else {
        format!("{all}.")
    };
    let instead = if is_too_wide { " Where it says /s, totals are hidden at this width." } else { "" };
    writeln!(out)?;
    note(&format!("{counts} Counters run since the nodes started.{instead}"), screen, out)
}

/// The sections as the live screen shows them: lines of texts and where each begins. Values that are different from `before` are
/// bold.
pub(super) fn sections(
    report: &Report,
    judgement: &Judgement,
    before: Option<&Snapshot>,
    width: usize,
) -> Vec<Vec<(usize, Text)>> {
    let metrics = Metrics::of(Facts { before, ..Facts::new(report, Some(judgement)) });
    let mut shown = Shown::new();
    let sections = lines::all(&metrics, Rates::Beside, &mut shown);
    if page::width(&sections) <= width {
        return page::layout(&sections, width);
    }
    shown.clear();
    page::layout(&lines::all(&metrics, Rates::Instead, &mut shown), width)
}

/// The name of the deployment, and lines about it.
fn head(report: &Report, now: Timestamp) -> (String, Vec<String>) {
    let identity = &report.snapshot.identity;
    let known = [&identity.deployment_type, &identity.platform];
    let known: Vec<&str> = known.into_iter().filter_map(Option::as_deref).collect();
    let id = identity.deployment_id.as_ref().map(|id| format!("deployment {id}"));
    let deployment = id.unwrap_or_else(|| "a deployment that does not tell its id".to_owned());
    let known = if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) };
    let title = match &report.profile {
        Some(profile) => format!("{profile}: {deployment}{known}"),
        None => format!("{deployment}{known}"),
    };
    let when = format!("{} UTC, {}", report.scraped_at.strftime("%Y-%m-%d %H:%M:%S"), report.age(now));
    let asked = match report.duration {
        Some(duration) => format!("asked {when}; answered in {}", took(duration)),
        None => format!("saved scrape of {when}"),
    };
    let over = report.window().map(|window| format!("; rates over {}", took(window))).unwrap_or_default();
    (title, report.endpoint.iter().cloned().chain([asked + &over]).collect())
}

/// How many metrics that no catalog knows are listed.
const MOST_OTHERS: usize = 10;

/// Metrics that no catalog knows, under their own names, across the whole width: nobody knows how long those are.
fn write_others(metrics: &Metrics<'_>, shown: &mut Shown, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let unknown: Vec<_> =
        metrics.others.iter().filter(|metric| metric.key.entry().is_none()).take(MOST_OTHERS).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", screen.paint.text(Role::Heading, Group::Other.title()))?;
    let row = |metric: &&Metric<'_>| {
        shown.insert(metric.to_string());
        let name = format!("  {metric}");
        let value = Cell::of(mark::number_role(metrics.severity(metric), metric.value), grouped(metric.value));
        let rate = lines::rate(metric, metrics).unwrap_or_default();
        vec![Cell::new(name), value, Cell::of(rate.1, rate.0)]
    };
    let rows: Vec<Vec<Cell<'_>>> = unknown.iter().map(row).collect();
    let mut columns = vec![Column::text("name").cut(24), Column::number("value")];
    if metrics.facts.window().is_some() {
        columns.push(Column::number("rate"));
    }
    Table { headers: false, ..Table::new(columns, &rows) }.write(out, screen).map(drop)
}
