//! What `watch` shows at a tick: an answer, and beside each report how old its parts are, the verdict, and what changed.

use super::answer::{Answer, Kind};
use super::format::{Format, Formats};
use super::json;
use super::options::Presentation;
use super::overview::{FIGURES, Facts};
use super::screen::Screen;
use super::table::{Cell, Column, Table, note};
use crate::deployment::{MetricKey, Resource, Rule, RuleCount, Snapshot};
use crate::health::{Health, Status};
use crate::source::Report;
use crate::style::Role;
use crate::units::{grouped, span};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::{Duration, Instant};

/// What is state.
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
    /// One for each report.
    pub states: Vec<DeploymentState>,
}

/// What is known of a deployment beside its report.
#[derive(Debug, Default)]
pub struct DeploymentState {
    /// Which of the deployments that were asked.
    pub index: usize,
    /// `None`: that endpoint has not answered yet, or is not asked for this view.
    pub cluster: Option<LastScrape>,
    pub data_integration: Option<LastScrape>,
    /// Judged by what came at this tick. `None` where the view shows no verdict.
    pub health: Option<Health>,
    pub changes: Changes,
}

/// When an endpoint gave what is shown of it.
#[derive(Debug, Clone, Copy)]
pub struct LastScrape {
    pub at: Instant,
    pub scraped_at: Timestamp,
    pub duration: Duration,
    /// It has been asked since, and failed.
    pub stale: bool,
}

/// What is different from the tick before.
#[derive(Debug, Default)]
pub struct Changes {
    /// One for each rule; empty where there was nothing to compare with.
    pub rules: Vec<Change>,
    /// One for each resource, likewise.
    pub resources: Vec<Change>,
    /// The metrics as they were.
    pub before: BTreeMap<MetricKey, f64>,
}

/// How one record changed. The order is that of importance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    #[default]
    None,
    /// A number of it is another one; of a metric: a larger one.
    Moved,
    /// A smaller one.
    Fallen,
    /// It was not there.
    New,
    /// What it lost became more.
    Worse,
    /// Its status is another one.
    Status,
}

impl WatchAnswer {
    /// Takes out what is shown of the address `index`.
    pub fn take(&mut self, index: usize) -> Vec<(Report, DeploymentState)> {
        let (reports, state) = (std::mem::take(&mut self.answer.reports), std::mem::take(&mut self.states));
        let (own, others): (Vec<_>, Vec<_>) = reports.into_iter().zip(state).partition(|(_, one)| one.index == index);
        (self.answer.reports, self.states) = others.into_iter().unzip();
        own
    }

    /// Puts in what is shown of the address `index`: behind those that were named before it.
    pub fn put(&mut self, index: usize, own: Vec<(Report, DeploymentState)>) {
        let at = self.states.iter().take_while(|one| one.index < index).count();
        let (reports, state): (Vec<Report>, Vec<DeploymentState>) = own.into_iter().unzip();
        self.answer.reports.splice(at..at, reports);
        self.states.splice(at..at, state);
    }
}

impl DeploymentState {
    /// What is shown of both endpoints.
    pub fn scrapes(&self) -> impl Iterator<Item = LastScrape> {
        self.cluster.into_iter().chain(self.data_integration)
    }

    /// Whether part of what is shown comes from an earlier tick because an endpoint failed.
    pub fn is_stale(&self) -> bool {
        self.scrapes().any(|told| told.stale)
    }
}

impl Changes {
    /// From `before` to `after`.
    pub fn between(before: &mut Snapshot, after: &Snapshot) -> Changes {
        let rules = before.rules.as_ref().map(|_| {
            let rules = after.rules.iter().flatten();
            rules.map(|rule| of_rule(before.rule(&rule.rule_id), rule)).collect()
        });
        let resources = before.resources.as_ref().map(|before| {
            let earlier = |resource: &Resource| {
                let at = before.binary_search_by(|one| one.resource_id.cmp(&resource.resource_id)).ok()?;
                before.get(at)
            };
            let resources = after.resources.iter().flatten();
            resources.map(|resource| of_resource(earlier(resource), resource)).collect()
        });
        Changes {
            rules: rules.unwrap_or_default(),
            resources: resources.unwrap_or_default(),
            before: before.metrics.take().unwrap_or_default(),
        }
    }
}

fn of_rule(before: Option<&Rule>, after: &Rule) -> Change {
    let Some(before) = before else { return Change::New };
    let grew = |count| after.counts[count] > before.counts[count];
    if before.status != after.status {
        Change::Status
    } else if grew(RuleCount::Exception) || grew(RuleCount::ActionsFailed) {
        Change::Worse
    } else if before != after {
        Change::Moved
    } else {
        Change::None
    }
}

fn of_resource(before: Option<&Resource>, after: &Resource) -> Change {
    match before {
        None => Change::New,
        Some(before) if before.status != after.status => Change::Status,
        Some(_) => Change::None,
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
        View::Rows(_) if watch.answer.reports.is_empty() => note("no deployment has answered yet", screen, out),
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
    let stale = watch.answer.reports.iter().zip(&watch.states).filter(|(_, state)| state.is_stale());
    let said = stale.map(|(report, state)| {
        let oldest = state.scrapes().filter(|told| told.stale).map(|told| told.scraped_at).min();
        let age = oldest.map(|at| Duration::try_from(watch.answer.generated_at.duration_since(at)).unwrap_or_default());
        let name = report.profile.as_deref().or(report.endpoint.as_deref()).unwrap_or("deployment");
        format!("; {}: numbers of {} ago", crate::text::visible(name), span(age.unwrap_or_default()))
    });
    said.collect()
}

/// A row a deployment: the verdict, and what moves.
fn write_overview(watch: &WatchAnswer, screen: &Screen, headers: bool, out: &mut dyn Write) -> io::Result<()> {
    if watch.answer.reports.is_empty() {
        return note("no deployment has answered yet", screen, out);
    }
    let mut columns = vec![Column::text("deployment").wrapped(12), Column::text("health")];
    let figures = || FIGURES.iter().filter_map(|figure| Some((figure, figure.column?)));
    columns.extend(figures().map(|(figure, name)| Column::number(name).importance(figure.importance)));
    let number = |value: Option<f64>| match value {
        None => Cell::of(Role::Muted, "-"),
        Some(value) if screen.is_terminal() => Cell::new(grouped(value)),
        Some(value) => Cell::new(crate::units::plain(rounded(value))),
    };
    let rows: Vec<Vec<Cell<'_>>> = watch
        .answer
        .reports
        .iter()
        .zip(&watch.states)
        .map(|(report, state)| {
            let name = report.profile.as_deref().or(report.snapshot.identity.deployment_id.as_deref()).unwrap_or("-");
            let status = state.health.as_ref().map_or(Status::Unknown, |health| health.status);
            let health = if state.is_stale() { format!("{} (stale)", status.word()) } else { status.word().to_owned() };
            let mut row = vec![Cell::new(name), Cell::of(status_role(status), health)];
            row.extend(figures().map(|(figure, _)| number(figure.of(Facts::new(report)))));
            row
        })
        .collect();
    Table { headers, ..Table::new(columns, &rows) }.write(out, screen).map(drop)
}

/// Three digits behind the point are enough of a rate for people.
fn rounded(value: f64) -> f64 {
    if value.is_finite() { (value * 1000.0).round() / 1000.0 } else { value }
}

/// The colour of a verdict.
pub fn status_role(status: Status) -> Role {
    match status {
        Status::Ok => Role::Healthy,
        Status::Warning | Status::Unknown => Role::Warning,
        Status::Critical => Role::Error,
    }
}
