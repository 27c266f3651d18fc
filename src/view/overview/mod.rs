//! The cluster at a glance: the deployment, its health in words, how old all this is, then sections.
//!
//! On a terminal sections stand side by side where the width allows; elsewhere they stand below each other.

mod facts;
mod glance;
mod page;
mod sections;

use super::answer::{Answer, Report};
use super::number::{bytes, counted, grouped, took};
use super::row::{metric_name, metric_series};
use super::rows::metric_role;
use super::screen::Screen;
use super::settings::Settings;
use super::style::Role;
use super::table::{Cell, Column, Table, note};
use crate::deployment::catalog::Group;
use crate::deployment::{Metric, Snapshot};
use facts::Facts;
use jiff::Timestamp;
use page::{Line, Mark, Text};
use sections::{Form, RowSpec, SECTIONS, Section};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Writes every deployment of `answer`.
///
/// # Errors
/// What `out` says.
pub fn write(answer: &Answer, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
    for (position, report) in answer.reports.iter().enumerate() {
        if position > 0 {
            writeln!(out, "\n")?;
        }
        write_report(report, answer.generated_at, settings, out)?;
    }
    Ok(())
}

fn write_report(report: &Report, now: Timestamp, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
    let screen = &settings.screen;
    let facts = Facts::new(&report.snapshot);
    let (title, about) = head(report, now);
    let head: Vec<Vec<Cell<'_>>> = std::iter::once(vec![Cell::of(Role::Heading, title)])
        .chain(about.into_iter().map(|line| vec![Cell::of(Role::Muted, line)]))
        .collect();
    let lines = Table { headers: false, ..Table::new(vec![Column::text("about").wrapped(1)], &head) };
    lines.write(out, screen)?;
    writeln!(out)?;
    if facts.total == 0 {
        let Snapshot { rules, resources, .. } = &report.snapshot;
        let elsewhere = if rules.is_some() || resources.is_some() { ": see 'rules' and 'resources'" } else { "" };
        return note(&format!("no metric of the cluster was received{elsewhere}"), screen, out);
    }
    let sentences: Vec<Vec<Cell<'_>>> = glance::sentences(&facts)
        .into_iter()
        .map(|(mark, sentence)| {
            let (sign, role) = mark.text();
            let sentence_role = if mark == Mark::Healthy { Role::Plain } else { role };
            vec![Cell::of(role, sign), Cell::of(sentence_role, sentence)]
        })
        .collect();
    if !sentences.is_empty() {
        let columns = vec![Column::text("mark"), Column::text("sentence").wrapped(20)];
        Table { headers: false, ..Table::new(columns, &sentences) }.write(out, screen)?;
        writeln!(out)?;
    }
    let mut shown = BTreeSet::new();
    let mut sections: Vec<Vec<Line>> =
        SECTIONS.iter().map(|section| section_lines(section, &facts, &mut shown)).collect();
    sections.retain(|lines| !lines.is_empty());
    page::write(&sections, screen, out)?;
    write_others(&facts, &mut shown, screen, out)?;
    let all = counted(facts.total as f64, "metric", "metrics");
    let counts = match shown.len() < facts.total {
        true => format!("{} of {all} shown, --all shows every one.", grouped(shown.len() as f64)),
        false => format!("{all}."),
    };
    writeln!(out)?;
    note(&format!("{counts} Counters run since the nodes started."), screen, out)
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
    (title, report.endpoint.iter().cloned().chain([asked]).collect())
}

/// The series that are shown.
type Shown = BTreeSet<String>;

/// The lines of a section; none where nothing of it was received.
fn section_lines(section: &Section, facts: &Facts<'_>, shown: &mut Shown) -> Vec<Line> {
    let mut lines = Vec::new();
    for block in section.blocks {
        let rows: Vec<Line> = block.rows.iter().filter_map(|row| row_line(row, facts, shown)).collect();
        if rows.is_empty() {
            continue;
        }
        let headings = block.headings.iter().map(|heading| (*heading).to_owned()).collect();
        lines.push(match lines.is_empty() {
            true => Line::Title(section.group.title().to_owned(), headings),
            false => Line::Headings(headings),
        });
        lines.extend(rows);
    }
    let placed: BTreeSet<&str> = sections::placed().collect();
    for (key, metric) in facts.known().filter(|(_, metric)| metric.group() == section.group) {
        if !placed.contains(key) && matches!(metric_role(metric), Role::Warning | Role::Error) {
            if lines.is_empty() {
                lines.push(Line::Title(section.group.title().to_owned(), Vec::new()));
            }
            lines.push(metric_line(metric, shown));
        }
    }
    lines
}

fn row_line(row: &RowSpec, facts: &Facts<'_>, shown: &mut Shown) -> Option<Line> {
    let received: Vec<Option<&Metric<'_>>> = row.values.iter().map(|names| facts.first(names)).collect();
    let is_empty = received.iter().all(Option::is_none);
    // Below a KiB the row of exact bytes says it all.
    let is_small = row.form == Form::Bytes && received.iter().flatten().all(|metric| metric.value < 1024.0);
    if is_empty || is_small {
        return None;
    }
    shown.extend(received.iter().flatten().map(|metric| metric_series(metric).into_owned()));
    let values: Vec<Text> = row
        .values
        .iter()
        .zip(&received)
        .map(|(names, metric)| match metric {
            Some(metric) if row.form == Form::Bytes => (bytes(metric.value), metric_role(metric)),
            Some(metric) => (grouped(metric.value), metric_role(metric)),
            None if names.is_empty() => Default::default(),
            None => ("-".to_owned(), Role::Muted),
        })
        .collect();
    let all_zero = received.iter().flatten().all(|metric| metric.value == 0.0);
    Some(Line::Values {
        mark: mark(&values),
        indent: if row.form == Form::Part { 2 } else { 0 },
        label: (row.label.to_owned(), if all_zero { Role::Muted } else { Role::Plain }),
        values,
    })
}

/// A metric of the catalog that no row has a place for, under its own name.
fn metric_line(metric: &Metric<'_>, shown: &mut Shown) -> Line {
    shown.insert(metric_series(metric).into_owned());
    let values = vec![(grouped(metric.value), metric_role(metric))];
    Line::Values { mark: mark(&values), indent: 0, label: (metric_name(metric).to_owned(), Role::Plain), values }
}

/// How many metrics that no catalog knows are listed.
const MOST_OTHERS: usize = 10;

/// Metrics that no catalog knows, under their own names, across the whole width: nobody knows how long those are.
fn write_others(facts: &Facts<'_>, shown: &mut Shown, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let unknown: Vec<_> = facts.others.iter().filter(|metric| metric.entry.is_none()).take(MOST_OTHERS).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", screen.paint.text(Role::Heading, Group::Other.title()))?;
    let row = |metric: &&Metric<'_>| {
        shown.insert(metric_series(metric).into_owned());
        let name = format!("  {}", metric_series(metric));
        vec![Cell::new(name), Cell::of(metric_role(metric), grouped(metric.value))]
    };
    let rows: Vec<Vec<Cell<'_>>> = unknown.iter().map(row).collect();
    let columns = vec![Column::text("name").wrapped(24), Column::number("value")];
    Table { headers: false, ..Table::new(columns, &rows) }.write(out, screen).map(drop)
}

fn mark(values: &[Text]) -> Mark {
    let has = |role: Role| values.iter().any(|(_, of)| *of == role);
    if has(Role::Error) {
        Mark::Error
    } else if has(Role::Warning) {
        Mark::Warning
    } else {
        Mark::None
    }
}
