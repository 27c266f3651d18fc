//! From what was received to the lines of the sections: labels, values and, with two looks, rates beside them.

use super::facts::Metrics;
use super::page::{Line, Text};
use super::sections::{self, Block, Form, RowSpec, SECTIONS, Section};
use crate::deployment::Metric;
use crate::health::Status;
use crate::style::Role;
use crate::units::bytes;
use crate::view::mark::number_role;
use std::collections::BTreeSet;

/// The series that are shown.
pub(super) type Shown = BTreeSet<String>;

/// Where the rates stand of values that stand side by side themselves. A single value has its rate beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rates {
    Beside,
    /// In their place, where the width does not hold both.
    Instead,
}

/// The lines of every section of which something was received.
pub(super) fn all(metrics: &Metrics<'_>, rates: Rates, shown: &mut Shown) -> Vec<Vec<Line>> {
    let mut sections: Vec<Vec<Line>> =
        SECTIONS.iter().map(|section| section_lines(section, metrics, rates, shown)).collect();
    sections.retain(|lines| !lines.is_empty());
    sections
}

fn section_lines(section: &Section, metrics: &Metrics<'_>, rates: Rates, shown: &mut Shown) -> Vec<Line> {
    let mut lines = Vec::new();
    for block in section.blocks {
        let form = BlockForm::of(block, metrics, rates);
        let rows: Vec<Line> = block.rows.iter().filter_map(|row| row_line(row, form, metrics, shown)).collect();
        if rows.is_empty() {
            continue;
        }
        let headings = block.headings.iter().flat_map(|heading| form.headings(heading)).collect();
        let title = section.group.title();
        let is_short = title.len() <= LONGEST_LABEL;
        match (lines.is_empty(), is_short) {
            (true, true) => lines.push(Line::Title(title.to_owned(), headings)),
            // A long title would push the values of all rows aside.
            (true, false) => lines.extend([Line::Title(title.to_owned(), Vec::new()), Line::Headings(headings)]),
            (false, _) => lines.push(Line::Headings(headings)),
        }
        lines.extend(rows);
    }
    let placed: BTreeSet<&str> = sections::placed().collect();
    for (key, metric) in metrics.known().filter(|(_, metric)| metric.group() == section.group) {
        if !placed.contains(key) && metrics.severity(metric) > Some(Status::Ok) {
            if lines.is_empty() {
                lines.push(Line::Title(section.group.title().to_owned(), Vec::new()));
            }
            lines.push(metric_line(metric, metrics, shown));
        }
    }
    lines
}

/// A title of more columns has a line of its own.
const LONGEST_LABEL: usize = 26;

/// What stands in the place of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BlockForm {
    Totals,
    /// The total and its rate.
    Both,
    /// The rate; of what has none the value.
    Rates,
}

impl BlockForm {
    fn of(block: &Block, metrics: &Metrics<'_>, rates: Rates) -> BlockForm {
        let mut received = block.rows.iter().flat_map(|row| row.values).filter_map(|names| metrics.first(names));
        if !received.any(|metric| metrics.facts.grows(metric)) {
            BlockForm::Totals
        } else if rates == Rates::Instead && block.headings.len() > 1 {
            BlockForm::Rates
        } else {
            BlockForm::Both
        }
    }

    fn headings(self, heading: &str) -> Vec<String> {
        match self {
            BlockForm::Totals => vec![heading.to_owned()],
            BlockForm::Both => vec![heading.to_owned(), "rate".to_owned()],
            BlockForm::Rates => vec![format!("{heading}/s")],
        }
    }
}

fn row_line(row: &RowSpec, form: BlockForm, metrics: &Metrics<'_>, shown: &mut Shown) -> Option<Line> {
    let received: Vec<Option<&Metric<'_>>> = row.values.iter().map(|names| metrics.first(names)).collect();
    let is_empty = received.iter().all(Option::is_none);
    // Below a KiB the row of exact bytes says it all.
    let is_small = row.form == Form::Bytes && received.iter().flatten().all(|metric| metric.value < 1024.0);
    // The same metrics in another unit have the same rates.
    let is_told = received.iter().flatten().all(|metric| shown.contains(&metric.to_string()));
    if is_empty || is_small || is_told && form == BlockForm::Rates {
        return None;
    }
    shown.extend(received.iter().flatten().map(|metric| metric.to_string()));
    let value = |(names, metric): (&&[&str], &Option<&Metric<'_>>)| {
        let Some(metric) = metric else {
            let total = if names.is_empty() { Default::default() } else { ("-".to_owned(), Role::Muted) };
            return if form == BlockForm::Both { vec![total, Default::default()] } else { vec![total] };
        };
        let text = match row.form {
            Form::Bytes => bytes(metric.value),
            Form::Number | Form::Part => metric.unit().value_text(metric.value),
        };
        let total = (
            text,
            match number_role(metrics.severity(metric), metric.value) {
                Role::Plain if metrics.facts.has_moved(metric) => Role::Heading,
                role => role,
            },
        );
        let rate = rate(metric, metrics);
        match form {
            BlockForm::Totals => vec![total],
            BlockForm::Both if is_told => vec![total, Default::default()],
            BlockForm::Both => vec![total, rate.unwrap_or_default()],
            BlockForm::Rates => vec![rate.map_or(total, |(text, role)| (bare(&text).to_owned(), role))],
        }
    };
    let values: Vec<Text> = row.values.iter().zip(&received).flat_map(value).collect();
    let all_zero = received.iter().flatten().all(|metric| metric.value == 0.0);
    let severity = received.iter().flatten().filter_map(|metric| metrics.severity(metric)).max();
    Some(Line::Values {
        mark: severity.filter(|status| *status > Status::Ok),
        indent: if row.form == Form::Part { 2 } else { 0 },
        label: (row.label().to_owned(), if all_zero { Role::Muted } else { Role::Plain }),
        values,
    })
}

/// The rate of what may have one.
pub(super) fn rate(metric: &Metric<'_>, metrics: &Metrics<'_>) -> Option<Text> {
    metrics.facts.grows(metric).then(|| match metrics.facts.rate_of(metric) {
        None => ("-".to_owned(), Role::Muted),
        Some(0.0) => ("0/s".to_owned(), Role::Muted),
        Some(rate) => (format!("+{}", metric.unit().rate_text(rate)), number_role(metrics.severity(metric), rate)),
    })
}

/// A rate under a heading that says what it is.
fn bare(rate: &str) -> &str {
    let rate = rate.strip_prefix('+').unwrap_or(rate);
    rate.strip_suffix("/s").unwrap_or(rate)
}

/// A metric of the catalog that no row has a place for, under its own name.
fn metric_line(metric: &Metric<'_>, metrics: &Metrics<'_>, shown: &mut Shown) -> Line {
    shown.insert(metric.to_string());
    let severity = metrics.severity(metric);
    let total = (metric.unit().value_text(metric.value), number_role(severity, metric.value));
    let values: Vec<Text> = std::iter::once(total).chain(rate(metric, metrics)).collect();
    let mark = severity.filter(|status| *status > Status::Ok);
    Line::Values { mark, indent: 0, label: (metric.key.to_string(), Role::Plain), values }
}
