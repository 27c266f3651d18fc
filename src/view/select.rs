//! From an answer to the rows that are shown, in their order.

use super::answer::{Answer, Kind};
use super::options::Presentation;
use super::row::{Item, Row};
use crate::deployment::{Resource, ResourceStatus, Rule, RuleCount, RuleStatus};
use crate::source::Report;
use std::cmp::Ordering;

/// The order where none was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As in the snapshot: by id, metrics by group and name.
    ById,
    /// What needs a look first.
    TroubleFirst,
}

/// The rows of one deployment.
pub fn rows<'a>(kind: Kind, report: &'a Report, presentation: &Presentation, order: Order) -> Vec<Row<'a>> {
    let snapshot = &report.snapshot;
    let row = |item| Row { report, item, rule_rates: None };
    let rated = |(at, rule)| Row {
        rule_rates: report.rates.as_ref().and_then(|r| r.rules.as_ref()?.get(at)),
        ..row(Item::Rule(rule))
    };
    let mut rows: Vec<Row<'a>> = match kind {
        Kind::Cluster => snapshot.list().into_iter().map(Box::new).map(Item::Metric).map(row).collect(),
        Kind::Rules => snapshot.rules.iter().flatten().enumerate().map(rated).collect(),
        Kind::Resources => snapshot.resources.iter().flatten().map(Item::Resource).map(row).collect(),
    };
    rows.retain(|row| presentation.selects(row));
    sort(&mut rows, presentation, order);
    rows
}

/// The rows of every deployment as one list.
pub fn all_rows<'a>(answer: &'a Answer, presentation: &Presentation, order: Order) -> Vec<Row<'a>> {
    let of = |report| rows(answer.kind, report, presentation, Order::ById);
    let mut rows: Vec<Row<'a>> = answer.reports.iter().flat_map(of).collect();
    sort(&mut rows, presentation, order);
    rows
}

/// Rows that compare alike keep their order.
fn sort(rows: &mut [Row<'_>], presentation: &Presentation, order: Order) {
    match (&presentation.sort, order) {
        (Some(sort), _) => rows.sort_by(|a, b| sort.compare(a, b)),
        (None, Order::ById) => {}
        (None, Order::TroubleFirst) => rows.sort_by(most_urgent_first),
    }
}

fn most_urgent_first(a: &Row<'_>, b: &Row<'_>) -> Ordering {
    let (rank, other_rank) = (rank(a), rank(b));
    rank.cmp(&other_rank).then_with(|| lost(b).total_cmp(&lost(a)))
}

/// How urgently a row needs a look, 0 first: rules that lose data now, those that do nothing, those whose state is
/// not known, the rest; resources likewise. Matches without a result are ordinary filtering and no trouble
/// (vendor's notes).
fn rank(row: &Row<'_>) -> u8 {
    match &row.item {
        Item::Rule(_) if lost(row) > 0.0 => 0,
        Item::Rule(Rule { status: Some(RuleStatus::Disabled), .. }) => 1,
        Item::Rule(Rule { status: Some(RuleStatus::Other(_)), .. }) => 2,
        Item::Rule(Rule { status: None, .. }) => 3,
        Item::Rule(Rule { status: Some(RuleStatus::Enabled), .. }) => 4,
        Item::Resource(Resource { status: Some(ResourceStatus::Disconnected), .. }) => 0,
        Item::Resource(Resource { status: Some(ResourceStatus::Other(_)), .. }) => 1,
        Item::Resource(Resource { status: None, .. }) => 2,
        Item::Resource(Resource { status: Some(ResourceStatus::Connected), .. }) => 3,
        Item::Metric(_) => 0,
    }
}

/// Matches and actions that failed for another reason than a filter: those of a second where that is known.
fn lost(row: &Row<'_>) -> f64 {
    let Item::Rule(rule) = &row.item else { return 0.0 };
    LOSSES.into_iter().filter_map(|count| row.count_rate(count).or(rule.counts[count])).sum()
}

/// The counts of a rule that mean trouble where they are more than 0.
pub const LOSSES: [RuleCount; 2] = [RuleCount::Exception, RuleCount::ActionsFailed];
