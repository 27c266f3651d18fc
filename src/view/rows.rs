//! Rules, resources and metrics as tables.
//!
//! On a terminal numbers are grouped, metrics stand under the titles of their groups, a line of totals and what the
//! width has hidden come last. In a pipe there is one record a line, with plain numbers, and nothing else but the
//! line of column names.

use super::answer::{Answer, Kind};
use super::field::{FieldSpec, Read, Use, fields};
use super::options::Presentation;
use super::row::{Item, Row};
use super::select::{LOSSES, Order, all_rows, status};
use super::table::{Cell, Column, Rows, Table, note, note_hidden};
use crate::deployment::catalog::Concern;
use crate::deployment::{Field, Metric};
use crate::source::Report;
use crate::style::Role;
use crate::units;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// Writes the rows of `answer`.
pub(super) fn write(answer: &Answer, presentation: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    let rows = all_rows(answer, presentation, Order::TroubleFirst);
    let screen = &presentation.screen;
    let sections = answer.kind == Kind::Cluster && screen.is_terminal() && presentation.has_own_order();
    let columns =
        presentation.columns.clone().unwrap_or_else(|| default_columns(answer, &rows, sections, presentation.rates));
    let names_have_labels = !columns.iter().any(|field| field.name == "labels");
    let rows = RowTable { rows, columns, sections, names_have_labels, grouped: screen.is_terminal() };
    if rows.rows.is_empty() && screen.is_terminal() {
        // Where nobody answered, the errors say so.
        if answer.reports.is_empty() {
            return Ok(());
        }
        return note(&nothing(answer), screen, out);
    }
    let columns = rows.columns.iter().map(|field| column(field)).collect();
    let totals = if screen.is_terminal() && presentation.headers { rows.totals() } else { Vec::new() };
    let table = Table { totals, headers: presentation.headers, ..Table::new(columns, &rows) };
    let hidden = table.write(out, screen)?;
    if screen.is_terminal() && presentation.headers {
        note(&rows.counts(answer), screen, out)?;
    }
    note_hidden(&hidden, " (--columns shows them)", screen, out)
}

/// The columns that were not asked for by name.
fn default_columns(answer: &Answer, rows: &[Row<'_>], sections: bool, rates: bool) -> Vec<&'static FieldSpec> {
    let is_received = |field: &FieldSpec| rows.iter().any(|row| row.value(field) != Field::Missing);
    let profiles: BTreeSet<Option<&str>> = answer.reports.iter().map(|report| report.profile.as_deref()).collect();
    let is_shown = |field: &&FieldSpec| match (field.table, field.name) {
        _ if field.of_change && !rates => false,
        (Use::Always(_), "group") => !sections,
        (Use::Always(_), _) => true,
        (Use::WhereReceived(_), _) => is_received(field),
        (Use::AmongSeveral, "profile") => answer.reports.len() > 1 && profiles.iter().any(Option::is_some),
        // Where the profile alone does not tell deployments apart.
        (Use::AmongSeveral, _) => profiles.len() < answer.reports.len(),
        (Use::OnRequest, _) => false,
    };
    fields(answer.kind).filter(is_shown).collect()
}

fn column(field: &FieldSpec) -> Column {
    let column = if field.is_number() { Column::number(field.name) } else { Column::text(field.name) };
    let column = field.heading.into_iter().fold(column, Column::headed);
    let column = field.wrap.into_iter().fold(column, Column::wrapped);
    match field.table {
        Use::Always(importance) | Use::WhereReceived(importance) => column.importance(importance),
        Use::AmongSeveral | Use::OnRequest => column,
    }
}

/// Says why there is no row.
fn nothing(answer: &Answer) -> String {
    let has_any = |report: &Report| {
        let snapshot = &report.snapshot;
        match answer.kind {
            Kind::Cluster => snapshot.metrics.is_some() || !snapshot.series.is_empty(),
            Kind::Rules => snapshot.rules.as_ref().is_some_and(|rules| !rules.is_empty()),
            Kind::Resources => snapshot.resources.as_ref().is_some_and(|resources| !resources.is_empty()),
        }
    };
    let [what, _] = answer.kind.nouns();
    if answer.reports.iter().any(has_any) { format!("no {what} matches") } else { format!("no {what} was received") }
}

/// Rows seen as a table.
struct RowTable<'a> {
    rows: Vec<Row<'a>>,
    columns: Vec<&'static FieldSpec>,
    /// Metrics under the titles of their groups.
    sections: bool,
    /// Labels stand behind the name rather than in a column of their own.
    names_have_labels: bool,
    /// Numbers with thousands separators.
    grouped: bool,
}

impl Rows for RowTable<'_> {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn row(&self, at: usize) -> Vec<Cell<'_>> {
        let row = &self.rows[at];
        self.columns.iter().map(|column| self.cell(row, column)).collect()
    }

    fn section(&self, at: usize) -> Option<&str> {
        match &self.rows[at].item {
            Item::Metric(metric) if self.sections => Some(metric.group().title()),
            _ => None,
        }
    }
}

impl<'a> RowTable<'a> {
    fn cell<'c>(&self, row: &'c Row<'a>, column: &FieldSpec) -> Cell<'c> {
        match row.value(column) {
            Field::Missing => Cell::of(Role::Muted, "-"),
            Field::Number(value) => Cell::of(number_role(row, column, value), self.number(row, column, value)),
            Field::Text(text) => match &row.item {
                Item::Metric(metric) if column.name == "name" && self.names_have_labels => {
                    Cell::new(metric.to_string())
                }
                _ => Cell::of(text_role(row, column), text),
            },
        }
    }

    fn number(&self, row: &Row<'_>, column: &FieldSpec, value: f64) -> String {
        match (&row.item, column.is_rate()) {
            (_, true) if !self.grouped => units::plain_rate(value),
            (Item::Metric(metric), true) => metric.unit().rate_text(value),
            (_, true) => units::rate(value),
            (_, false) if self.grouped => units::grouped(value),
            (_, false) => units::plain(value),
        }
    }

    /// The sums of what can be summed: what rules count.
    fn totals(&self) -> Vec<Cell<'_>> {
        let Some(first) = self.rows.first().filter(|row| matches!(row.item, Item::Rule(_))) else { return Vec::new() };
        let mut named = false;
        let totals = self.columns.iter().map(|column| {
            if !matches!(column.read, Read::Count(_) | Read::CountRate(_)) && column.name != "matched_rate" {
                let text = if named { "" } else { "total" };
                named = true;
                return Cell::of(Role::Heading, text);
            }
            let received = self.rows.iter().filter_map(|row| match row.value(column) {
                Field::Number(value) => Some(value),
                Field::Missing | Field::Text(_) => None,
            });
            match received.reduce(|sum, value| sum + value) {
                Some(sum) => Cell::of(Role::Heading, self.number(first, column, sum)),
                None => Cell::of(Role::Muted, "-"),
            }
        });
        totals.collect()
    }

    /// `3 rules: 2 enabled, 1 disabled; of prod, deployment gde1d4ab, 3 s ago`.
    fn counts(&self, answer: &Answer) -> String {
        let [one, many] = answer.kind.nouns();
        let mut text = units::counted(self.rows.len() as f64, one, many);
        let mut words = BTreeMap::new();
        for status in self.rows.iter().filter_map(status) {
            words.entry(status.place()).or_insert((status.word, 0_usize)).1 += 1;
        }
        let words: Vec<String> =
            words.values().map(|(word, count)| format!("{} {word}", units::grouped(*count as f64))).collect();
        if !words.is_empty() {
            text = format!("{text}: {};", words.join(", "));
        }
        match answer.reports.as_slice() {
            [report] => {
                let snapshot_id = report.snapshot.identity.deployment_id.as_deref();
                let id = snapshot_id.map(|id| format!("deployment {id}"));
                let of: Vec<String> = report.profile.iter().cloned().chain(id).collect();
                let of = if of.is_empty() { String::new() } else { format!(" of {}", of.join(", ")) };
                let over = report.window().map_or_else(String::new, |window| match answer.kind {
                    Kind::Resources => "; resources have no counters, and so no rates".to_owned(),
                    Kind::Cluster | Kind::Rules => format!("; rates over {}", units::took(window)),
                });
                format!("{text}{of}, {}{over}", report.age(answer.generated_at))
            }
            reports => format!("{text} of {} deployments", reports.len()),
        }
    }
}

/// Trouble that is counted shows in the rate where there is one: the total tells of the past.
pub(super) fn number_role(row: &Row<'_>, field: &FieldSpec, value: f64) -> Role {
    match (&row.item, field.read) {
        (Item::Metric(metric), Read::Value) => metric_role(metric, row.value_rate()),
        (Item::Metric(metric), Read::ValueRate) => rate_role(metric, value),
        (_, Read::CountRate(count)) if LOSSES.contains(&count) && value > 0.0 => Role::Error,
        (_, Read::Count(count)) if LOSSES.contains(&count) && value > 0.0 && row.count_rate(count).is_none() => {
            Role::Error
        }
        _ if value == 0.0 => Role::Muted,
        _ => Role::Plain,
    }
}

/// What the value of a metric says by itself. Where the rate is known it says whether something grows, not the value.
pub(super) fn metric_role(metric: &Metric<'_>, rate: Option<f64>) -> Role {
    match metric.concern() {
        Concern::Growth if rate.is_some() && metric.value != 0.0 => Role::Plain,
        Concern::AboveZero if metric.value > 0.0 => Role::Error,
        Concern::Zero if metric.value == 0.0 => Role::Error,
        Concern::Growth if metric.value > 0.0 => Role::Warning,
        _ if metric.value == 0.0 => Role::Muted,
        _ => Role::Plain,
    }
}

/// What the rate of a metric says.
pub(super) fn rate_role(metric: &Metric<'_>, rate: f64) -> Role {
    match metric.concern() {
        _ if rate == 0.0 => Role::Muted,
        Concern::Growth => Role::Warning,
        _ => Role::Plain,
    }
}

/// What a text of a row says by itself.
pub(super) fn text_role(row: &Row<'_>, field: &FieldSpec) -> Role {
    match (field.name, &row.item) {
        ("status", _) => status(row).map_or(Role::Plain, |status| status.role),
        ("unit" | "group" | "type" | "description", Item::Metric(_)) => Role::Muted,
        _ => Role::Plain,
    }
}
