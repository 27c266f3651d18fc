//! Rules, resources and metrics as tables.
//!
//! On a terminal numbers are grouped, metrics stand under the titles of their groups, a line of totals and what the
//! width has hidden come last. In a pipe there is one record a line, with plain numbers, and nothing else but the
//! line of column names.

use super::answer::{Answer, Kind};
use super::closing;
use super::field::{FieldSpec, Read, Use, fields};
use super::mark;
use super::options::Presentation;
use super::row::{Item, Row};
use super::select::{Order, all_rows, status_word};
use super::summary::Summary;
use super::table::{Cell, Column, Rows, Table, note, note_hidden};
use crate::deployment::Field;
use crate::health::Status;
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
        presentation.columns.clone().unwrap_or_else(|| default_columns(answer, &rows, sections, presentation));
    let names_have_labels = !columns.iter().any(|field| field.name == "labels");
    // Of metrics few are judged: where none of those shown is in trouble there is nothing to mark.
    let is_trouble = |row: &Row<'_>| row.severity() > Some(Status::Ok);
    // Who leaves out the names of the columns cuts lines by their places.
    let is_chosen = presentation.columns.is_some() || !screen.is_terminal() && !presentation.headers;
    let marks = !is_chosen && (answer.kind != Kind::Cluster || rows.iter().any(is_trouble));
    let shown = rows.len().min(presentation.limit());
    let folded = folded(answer.kind, &rows, presentation);
    let shown = shown - folded;
    let rows = RowTable { rows, shown, columns, marks, sections, names_have_labels, grouped: screen.is_terminal() };
    if rows.rows.is_empty() && screen.is_terminal() {
        // Where nobody answered, the errors say so.
        if answer.reports.is_empty() {
            return Ok(());
        }
        return note(&nothing(answer), screen, out);
    }
    let columns = rows.columns.iter().map(|field| column(field, presentation));
    let columns = rows.marks.then(Column::mark).into_iter().chain(columns).collect();
    let totals = if screen.is_terminal() && presentation.headers { rows.totals() } else { Vec::new() };
    let table = Table { totals, headers: presentation.headers, ..Table::new(columns, &rows) };
    let hidden = table.write(out, screen)?;
    if folded > 0 {
        closing::line(Status::Ok, &format!("{} ok", units::grouped(folded as f64)), screen, out)?;
    }
    if screen.is_terminal() && presentation.headers {
        note(&rows.counts(answer), screen, out)?;
    }
    note_hidden(&hidden, " (--columns shows them)", screen, out)?;
    if !screen.is_terminal() || !presentation.headers {
        return Ok(());
    }
    match answer.kind {
        Kind::Deployments if shown + 6 < screen.height => Ok(()),
        Kind::Deployments => closing::worst(rows.rows.iter().filter_map(Row::trouble), screen, out),
        Kind::Cluster | Kind::Rules | Kind::Resources => closing::write(answer, screen, out),
    }
}

/// How many deployments that are well stand in one line, behind those in trouble: all, where a screen does not hold them.
fn folded(kind: Kind, rows: &[Row<'_>], presentation: &Presentation) -> usize {
    let is_list = kind == Kind::Deployments && presentation.is_plain() && presentation.screen.folds();
    if !is_list || rows.len() + 6 < presentation.screen.height {
        return 0;
    }
    rows.iter().filter(|row| row.severity() == Some(Status::Ok)).count()
}

/// The columns that were not asked for by name.
fn default_columns(
    answer: &Answer,
    rows: &[Row<'_>],
    sections: bool,
    presentation: &Presentation,
) -> Vec<&'static FieldSpec> {
    let is_received = |field: &FieldSpec| rows.iter().any(|row| row.value(field) != Field::Missing);
    let profiles: BTreeSet<Option<&str>> = answer.reports.iter().map(|report| report.profile.as_deref()).collect();
    let is_shown = |field: &&FieldSpec| match (field.table, field.name) {
        _ if field.of_change && !presentation.rates => false,
        // What rows are chosen or sorted by is seen.
        _ if presentation.is_about(field) => true,
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

fn column(field: &FieldSpec, presentation: &Presentation) -> Column {
    let column = if field.right { Column::number(field.name) } else { Column::text(field.name) };
    let column = field.heading.into_iter().fold(column, Column::headed).giving(field.gives);
    match field.table {
        // Hidden last: what rows are chosen or sorted by.
        _ if presentation.is_about(field) => column.importance(Column::ESSENTIAL - 1),
        Use::Always(importance) | Use::WhereReceived(importance) => column.importance(importance),
        Use::AmongSeveral | Use::OnRequest => column,
    }
}

/// Says why there is no row.
fn nothing(answer: &Answer) -> String {
    let how_many = |report: &Report| {
        let snapshot = &report.snapshot;
        match answer.kind {
            Kind::Deployments => 1,
            Kind::Cluster => snapshot.metrics.as_ref().map_or(0, BTreeMap::len) + snapshot.series.len(),
            Kind::Rules => snapshot.rules.as_ref().map_or(0, Vec::len),
            Kind::Resources => snapshot.resources.as_ref().map_or(0, Vec::len),
        }
    };
    let [what, many] = answer.kind.nouns();
    let all: usize = answer.reports.iter().map(how_many).sum();
    let failed: BTreeSet<usize> = answer.failures.iter().map(|failure| failure.index).collect();
    let answered: BTreeSet<usize> = answer.reports.iter().map(|report| report.index).collect();
    let silent = failed.difference(&answered).count();
    let count = |count: usize| units::grouped(count as f64);
    let of = match (answered.len(), silent) {
        (1, 0) => String::new(),
        (answered, 0) => format!(" of {} deployments", count(answered)),
        (1, silent) => format!(" of the deployment that answered; {} did not", count(silent)),
        (answered, silent) => format!(" of {} deployments that answered; {} did not", count(answered), count(silent)),
    };
    if all > 0 {
        format!("no {what} matches, of {} {many}{of}", count(all))
    } else {
        format!("no {what} was received{of}")
    }
}

/// Rows seen as a table.
struct RowTable<'a> {
    rows: Vec<Row<'a>>,
    /// How many of them are shown; totals are over all.
    shown: usize,
    columns: Vec<&'static FieldSpec>,
    /// The first column says how severe each row is.
    marks: bool,
    /// Metrics under the titles of their groups.
    sections: bool,
    /// Labels stand behind the name rather than in a column of their own.
    names_have_labels: bool,
    /// Numbers with thousands separators.
    grouped: bool,
}

impl Rows for RowTable<'_> {
    fn count(&self) -> usize {
        self.shown
    }

    fn row(&self, at: usize) -> Vec<Cell<'_>> {
        let row = &self.rows[at];
        // Of metrics most are under no check: only trouble is marked.
        let severity = || row.severity().filter(|status| !self.is_metrics() || *status > Status::Ok);
        let mark = self.marks.then(|| mark::cell(severity()));
        mark.into_iter().chain(self.columns.iter().map(|column| self.cell(row, column))).collect()
    }

    fn section(&self, at: usize) -> Option<&str> {
        match &self.rows[at].item {
            Item::Metric(metric) if self.sections => Some(metric.group().title()),
            _ => None,
        }
    }
}

impl<'a> RowTable<'a> {
    fn is_metrics(&self) -> bool {
        matches!(self.rows.first().map(|row| &row.item), Some(Item::Metric(_)))
    }

    fn cell<'c>(&self, row: &'c Row<'a>, column: &FieldSpec) -> Cell<'c> {
        match row.value(column) {
            Field::Missing => Cell::of(Role::Muted, "-"),
            Field::Number(value) => {
                Cell::of(mark::number_role(row.severity_of(column), value), self.number(row, column, value))
            }
            Field::Text(text) => match &row.item {
                Item::Metric(metric) if column.name == "name" && self.names_have_labels => {
                    Cell::new(metric.to_string())
                }
                _ if column.name == "scraped_at" && self.grouped => Cell::new(units::local(row.report.scraped_at)),
                _ => Cell::of(text_role(row, column), text),
            },
        }
    }

    fn number(&self, row: &Row<'_>, column: &FieldSpec, value: f64) -> String {
        match (&row.item, column.is_rate()) {
            (_, true) if !self.grouped => units::plain_rate(value),
            (Item::Metric(metric), true) => metric.unit().rate_text(value),
            (_, true) => units::rate(value),
            (_, false) if column.is_share() && self.grouped => units::percent(value),
            (Item::Metric(metric), false) if self.grouped => metric.unit().value_text(value),
            (_, false) if self.grouped => units::grouped(value),
            (_, false) => units::plain(value),
        }
    }

    /// The sums of what can be summed: what rules count.
    fn totals(&self) -> Vec<Cell<'_>> {
        let summaries = self.rows.iter().filter_map(|row| match row.item {
            Item::Deployment(summary) => Some(summary),
            _ => None,
        });
        if let Some(total) = Summary::total(summaries) {
            return self.total_of(&total);
        }
        let Some(first) = self.rows.first().filter(|row| matches!(row.item, Item::Rule(_))) else { return Vec::new() };
        let mut named = false;
        let mark = self.marks.then(Cell::default);
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
        mark.into_iter().chain(totals).collect()
    }

    /// Those of deployments.
    fn total_of(&self, total: &Summary) -> Vec<Cell<'_>> {
        let of = |column: &&'static FieldSpec| {
            let Read::Summary(read) = column.read else { return Cell::default() };
            match read(total) {
                Field::Missing => Cell::default(),
                Field::Number(value) if column.is_rate() => Cell::of(Role::Heading, units::rate(value)),
                Field::Number(value) => Cell::of(Role::Heading, units::grouped(value)),
                Field::Text(_) if column.name == "status" => Cell::default(),
                Field::Text(text) => Cell::of(Role::Heading, text.into_owned()),
            }
        };
        let mark = self.marks.then(Cell::default);
        mark.into_iter().chain(self.columns.iter().map(of)).collect()
    }

    /// `3 rules: 2 enabled, 1 disabled; of prod, deployment gde1d4ab, 3 s ago`.
    fn counts(&self, answer: &Answer) -> String {
        let [one, many] = answer.kind.nouns();
        let mut text = units::counted(self.rows.len() as f64, one, many);
        if self.shown < self.rows.len() {
            text = format!("{} of {text}", units::grouped(self.shown as f64));
        }
        let mut words = BTreeMap::new();
        for (place, word) in self.rows.iter().filter_map(status_word) {
            words.entry(place).or_insert((word, 0_usize)).1 += 1;
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
                    Kind::Deployments | Kind::Cluster | Kind::Rules => format!("; rates over {}", units::took(window)),
                });
                format!("{text}{of}, {}{over}", report.age(answer.generated_at))
            }
            reports if answer.kind == Kind::Deployments => {
                let window = reports.iter().filter_map(Report::window).max();
                format!("{text}{}", window.map(|window| format!(" over {}", units::took(window))).unwrap_or_default())
            }
            reports => format!("{text} of {} deployments", reports.len()),
        }
    }
}

/// What a text of a row says by itself.
pub(super) fn text_role(row: &Row<'_>, field: &FieldSpec) -> Role {
    match (field.name, &row.item) {
        ("status", _) => row.severity_of(field).map_or(Role::Plain, mark::role),
        ("unit" | "group" | "type" | "description", Item::Metric(_)) => Role::Muted,
        ("worst", Item::Deployment(summary)) => mark::role(summary.status),
        (_, Item::Deployment(_)) => {
            row.severity_of(field).filter(|status| *status > Status::Ok).map_or(Role::Plain, mark::role)
        }
        _ => Role::Plain,
    }
}
