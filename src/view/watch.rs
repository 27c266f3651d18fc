//! What `watch` shows at a tick: an answer, and beside each report how old its parts are, the verdict, and what changed.

use super::answer::{Answer, Kind};
use super::format::{Format, Formats};
use super::json;
use super::mark;
use super::options::Presentation;
use super::overview::{FIGURES, Facts};
use super::screen::Screen;
use super::table::{Cell, Column, Table, note};
use crate::deployment::{Metric, Resource, Rule, RuleCount, Snapshot};
use crate::health::Judgement;
use crate::source::Report;
use crate::style::Role;
use crate::units::{grouped, span};
use std::io::{self, Write};
use std::time::Duration;

/// What is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Both endpoints at a glance.
    Overview,
    /// The rows of one kind.
    Rows(Kind),
}

impl View {
    /// Its name in JSON and on the screen.
    pub fn word(self) -> &'static str {
        match self {
            View::Overview => "overview",
            View::Rows(kind) => kind.word(),
        }
    }
}

/// A tick.
#[derive(Debug)]
pub struct WatchAnswer {
    /// Counted from 1.
    pub tick: u64,
    pub view: View,
    /// Its kind is that of the view, and nothing where that is the overview.
    pub answer: Answer,
    /// One for each report; those that have not answered yet have one, too.
    pub states: Vec<DeploymentState>,
}

/// What is known of a deployment beside its report.
#[derive(Debug)]
pub struct DeploymentState {
    /// Of what came at this tick.
    pub judgement: Judgement,
    /// What is left of the tick before once its parts were taken over that did not come again.
    pub before: Option<Snapshot>,
}

/// How one record changed. The order is that of importance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    #[default]
    None,
    /// A number of it is another one; of a metric: a larger one.
    Up,
    /// Of a metric: a smaller one.
    Down,
    /// It was not there.
    New,
    /// What it lost became more.
    Worse,
    /// Its status is another one.
    Status,
}

impl WatchAnswer {
    /// Those that have answered at least once.
    pub fn answered(&self) -> impl Iterator<Item = (&Report, &DeploymentState)> {
        self.answer.reports.iter().zip(&self.states).filter(|(report, _)| report.has_answered())
    }

    /// Takes out what is shown of the address `index`.
    pub fn take(&mut self, index: usize) -> Vec<(Report, DeploymentState)> {
        let (reports, state) = (std::mem::take(&mut self.answer.reports), std::mem::take(&mut self.states));
        let (own, others): (Vec<_>, Vec<_>) =
            reports.into_iter().zip(state).partition(|(report, _)| report.index == index);
        (self.answer.reports, self.states) = others.into_iter().unzip();
        own
    }

    /// Puts in what is shown of the address `index`: behind those that were named before it.
    pub fn put(&mut self, index: usize, own: Vec<(Report, DeploymentState)>) {
        let at = self.answer.reports.iter().take_while(|one| one.index < index).count();
        let (reports, state): (Vec<Report>, Vec<DeploymentState>) = own.into_iter().unzip();
        self.answer.reports.splice(at..at, reports);
        self.states.splice(at..at, state);
    }
}

impl Change {
    /// How a rule changed; `None` where there was nothing to compare with.
    pub fn of_rule(before: Option<&Snapshot>, after: &Rule) -> Change {
        let Some(before) = before.filter(|before| before.rules.is_some()) else { return Change::None };
        let Some(before) = before.rule(&after.rule_id) else { return Change::New };
        let grew = |count: RuleCount| after.counts[count] > before.counts[count];
        if before.status != after.status {
            Change::Status
        } else if grew(RuleCount::Exception) || grew(RuleCount::ActionsFailed) {
            Change::Worse
        } else if before != after {
            Change::Up
        } else {
            Change::None
        }
    }

    /// Likewise, of a resource.
    pub fn of_resource(before: Option<&Snapshot>, after: &Resource) -> Change {
        let Some(before) = before.and_then(|before| before.resources.as_ref()) else { return Change::None };
        match before.binary_search_by(|one| one.resource_id.cmp(&after.resource_id)).ok().and_then(|at| before.get(at))
        {
            None => Change::New,
            Some(before) if before.status != after.status => Change::Status,
            Some(_) => Change::None,
        }
    }

    /// Likewise, of a metric that is a field.
    pub fn of_metric(before: Option<&Snapshot>, after: &Metric<'_>) -> Change {
        let before = before.and_then(|before| before.metrics.as_ref()).filter(|before| !before.is_empty());
        let Some(before) = before.filter(|_| after.key.is_field()) else { return Change::None };
        match before.get(after.key) {
            None => Change::New,
            Some(before) if *before < after.value => Change::Up,
            Some(before) if *before > after.value => Change::Down,
            Some(_) => Change::None,
        }
    }
}

/// Writes a tick as a table, appended to those before: what stands on no screen.
///
/// # Errors
/// What `out` says.
fn write_tick(watch: &WatchAnswer, presentation: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    let Presentation { screen, headers, .. } = presentation;
    if *headers {
        if watch.tick > 1 {
            writeln!(out)?;
        }
        let when = watch.answer.generated_at.strftime("%Y-%m-%d %H:%M:%S");
        let line = format!("{when} UTC, tick {}{}", grouped(watch.tick as f64), staleness(watch));
        writeln!(out, "{}", screen.paint.text(Role::Heading, &line))?;
    }
    match watch.view {
        View::Overview => write_overview(watch, screen, *headers, out),
        View::Rows(Kind::Deployments) => super::write_table(&watch.answer, presentation, out),
        View::Rows(_) if watch.answered().next().is_none() => note("no deployment has answered yet", screen, out),
        View::Rows(_) => super::write_table(&watch.answer, presentation, out),
    }
}

/// Writes a tick; fails with what the output says.
pub type TickWriter = fn(&WatchAnswer, &Presentation, &mut dyn Write) -> io::Result<()>;

/// The formats of `watch`. An endless document would be of no use to anybody: each object of JSON stands on a line.
pub const TICKS: Formats<TickWriter> =
    Formats(&[(Format::Table, write_tick), (Format::Json, json::watch::write), (Format::Jsonl, json::watch::write)]);

/// `; prod: numbers of 12 s ago`, where there are any that are not of this tick.
fn staleness(watch: &WatchAnswer) -> String {
    let stale = watch.answer.reports.iter().filter_map(|report| Some((report, report.stale_since()?)));
    let texts = stale.map(|(report, since)| {
        let age = Duration::try_from(watch.answer.generated_at.duration_since(since)).unwrap_or_default();
        let name = report.name().map_or("deployment", String::as_str);
        format!("; {}: numbers of {} ago", crate::text::visible(name), span(age))
    });
    texts.collect()
}

/// A row a deployment: the verdict, and what moves.
fn write_overview(watch: &WatchAnswer, screen: &Screen, headers: bool, out: &mut dyn Write) -> io::Result<()> {
    if watch.answered().next().is_none() {
        return note("no deployment has answered yet", screen, out);
    }
    let mut columns = vec![Column::text("deployment").cut(12), Column::text("health")];
    let figures = || FIGURES.iter().filter_map(|figure| Some((figure, figure.column?)));
    columns.extend(figures().map(|(figure, name)| Column::number(name).importance(figure.importance)));
    let number = |value: Option<f64>| match value {
        None => Cell::of(Role::Muted, "-"),
        Some(value) if screen.is_terminal() => Cell::new(grouped(value)),
        Some(value) => Cell::new(crate::units::plain(rounded(value))),
    };
    let rows: Vec<Vec<Cell<'_>>> = watch
        .answered()
        .map(|(report, state)| {
            let name = report.profile.as_deref().or(report.snapshot.identity.deployment_id.as_deref()).unwrap_or("-");
            let status = state.judgement.health.status;
            let health =
                if report.is_stale() { format!("{} (stale)", status.word()) } else { status.word().to_owned() };
            let mut row = vec![Cell::new(name), Cell::of(mark::role(status), health)];
            row.extend(figures().map(|(figure, _)| number(figure.of(Facts::new(report, None)))));
            row
        })
        .collect();
    Table { headers, ..Table::new(columns, &rows) }.write(out, screen).map(drop)
}

/// Three digits behind the point are enough of a rate for people.
fn rounded(value: f64) -> f64 {
    if value.is_finite() { (value * 1000.0).round() / 1000.0 } else { value }
}
