//! From an answer to the rows that are shown, in their order.

use super::answer::{Answer, Entry, Kind};
use super::options::Presentation;
use super::row::{Item, Row};
use crate::deployment::{PerCount, ResourceStatus, Rule, RuleCount, RuleStatus};
use crate::health::MIN_EVENTS;
use std::cmp::Reverse;

/// The order where none was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// As in the snapshot: by id, metrics by group and name.
    ById,
    /// What needs a look first.
    TroubleFirst,
}

/// The rows of one deployment.
pub(super) fn rows<'a>(kind: Kind, entry: Entry<'a>, presentation: &Presentation, order: Order) -> Vec<Row<'a>> {
    let Entry { report, judgement, summary } = entry;
    let snapshot = &report.snapshot;
    let row = |item| Row { report, item, rule_rates: None, judgement };
    let rated = |(at, rule)| Row {
        rule_rates: report.rates.as_ref().and_then(|r| r.rules.as_ref()?.get(at)),
        ..row(Item::Rule(rule))
    };
    let mut rows: Vec<Row<'a>> = match kind {
        Kind::Deployments => summary.into_iter().map(Item::Deployment).map(row).collect(),
        Kind::Cluster => snapshot.list().into_iter().map(Box::new).map(Item::Metric).map(row).collect(),
        Kind::Rules => snapshot.rules.iter().flatten().enumerate().map(rated).collect(),
        Kind::Resources => snapshot.resources.iter().flatten().map(Item::Resource).map(row).collect(),
    };
    rows.retain(|row| presentation.selects(row));
    sort(&mut rows, presentation, order);
    rows
}

/// The rows of every deployment as one list, all that filters let through.
pub(super) fn all_rows<'a>(answer: &'a Answer, presentation: &Presentation, order: Order) -> Vec<Row<'a>> {
    let of = |entry| rows(answer.kind, entry, presentation, Order::ById);
    let mut rows: Vec<Row<'a>> = answer.entries().flat_map(of).collect();
    sort(&mut rows, presentation, order);
    rows
}

/// The same, as many as `--limit` lets be shown.
pub(super) fn shown_rows<'a>(answer: &'a Answer, presentation: &Presentation, order: Order) -> Vec<Row<'a>> {
    let mut rows = all_rows(answer, presentation, order);
    rows.truncate(presentation.limit());
    rows
}

/// The same, for each deployment.
pub(super) fn rows_by_report<'a>(answer: &'a Answer, presentation: &Presentation) -> Vec<Vec<Row<'a>>> {
    let mut all: Vec<Vec<Row<'a>>> = answer.reports.iter().map(|_| Vec::new()).collect();
    for row in shown_rows(answer, presentation, Order::ById) {
        if let Some(at) = answer.reports.iter().position(|report| std::ptr::eq(report, row.report)) {
            all[at].push(row);
        }
    }
    all
}

/// Rows that compare alike keep their order.
pub(super) fn sort(rows: &mut [Row<'_>], presentation: &Presentation, order: Order) {
    match (&presentation.sort, order) {
        (Some(sort), _) => rows.sort_by(|a, b| sort.compare(a, b)),
        (None, Order::ById) => {}
        (None, Order::TroubleFirst) => rows.sort_by_cached_key(urgency),
    }
}

/// The most urgent comes first: by severity, then by the share of what failed. Matches without a result are ordinary filtering
/// and no trouble (vendor's notes).
fn urgency(row: &Row<'_>) -> impl Ord + use<> {
    let failing = match &row.item {
        Item::Rule(rule) => failing(rule, row.rule_rates),
        Item::Deployment(_) | Item::Resource(_) | Item::Metric(_) => 0.0,
    };
    // Shares are never below 0, and their bits are in their order.
    Reverse((row.severity(), failing.to_bits()))
}

/// How much of what a rule did failed, 0 to 1: now, where that is known. Of few events no share is taken.
fn failing(rule: &Rule, rates: Option<&PerCount>) -> f64 {
    let counts = rates.unwrap_or(&rule.counts);
    let enough = |whole: f64| rates.is_some() || whole >= f64::from(MIN_EVENTS);
    let share = |part: RuleCount, others: &[RuleCount]| {
        let part = counts[part]?;
        let whole = others.iter().try_fold(0.0, |sum, other| Some(sum + counts[*other]?))?;
        (part > 0.0 && whole > 0.0 && enough(whole)).then(|| (part / whole).min(1.0))
    };
    let actions = share(RuleCount::ActionsFailed, &[RuleCount::ActionsFailed, RuleCount::ActionsSuccess]);
    let exceptions = share(RuleCount::Exception, &[RuleCount::Matched]);
    actions.unwrap_or(0.0).max(exceptions.unwrap_or(0.0))
}

/// What is said of rows that are counted by their status: what is well first. `None` for a metric, which has none.
pub(super) fn status_word(row: &Row<'_>) -> Option<(u8, &'static str)> {
    Some(match &row.item {
        Item::Rule(rule) => match rule.status {
            Some(RuleStatus::Enabled) => (0, "enabled"),
            Some(RuleStatus::Disabled) => (1, "disabled"),
            Some(RuleStatus::Other(_)) => (2, "in another state"),
            None => (3, "of unknown state"),
        },
        Item::Resource(resource) => match resource.status {
            Some(ResourceStatus::Connected) => (0, "connected"),
            Some(ResourceStatus::Disconnected) => (1, "disconnected"),
            Some(ResourceStatus::Other(_)) => (2, "in another state"),
            None => (3, "of unknown state"),
        },
        Item::Deployment(summary) => (summary.status as u8, summary.status.word()),
        Item::Metric(_) => return None,
    })
}
