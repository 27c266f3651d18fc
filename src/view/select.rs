//! From an answer to the rows that are shown, in their order.

use super::answer::{Answer, Kind};
use super::options::Presentation;
use super::row::{Item, Row};
use crate::deployment::{ResourceStatus, RuleCount, RuleStatus};
use crate::source::Report;
use crate::style::Role;
use std::cmp::Ordering;

/// The order where none was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// As in the snapshot: by id, metrics by group and name.
    ById,
    /// What needs a look first.
    TroubleFirst,
}

/// The rows of one deployment.
pub(super) fn rows<'a>(kind: Kind, report: &'a Report, presentation: &Presentation, order: Order) -> Vec<Row<'a>> {
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
pub(super) fn all_rows<'a>(answer: &'a Answer, presentation: &Presentation, order: Order) -> Vec<Row<'a>> {
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

/// How urgently a row needs a look, 0 first: rules that lose data now, then by their status; resources likewise. Matches
/// without a result are ordinary filtering and no trouble (vendor's notes).
fn rank(row: &Row<'_>) -> u8 {
    if lost(row) > 0.0 { 0 } else { status(row).map_or(0, |status| status.rank) }
}

/// What the status of a rule or a resource means.
pub(super) struct Status {
    rank: u8,
    /// What is said of those that are counted.
    pub word: &'static str,
    pub role: Role,
}

impl Status {
    /// In which order they are told of: what is well first.
    pub(super) fn place(&self) -> (bool, u8) {
        (self.role != Role::Healthy, self.rank)
    }
}

/// What the status of a row means; `None` for a metric, which has none.
pub(super) fn status(row: &Row<'_>) -> Option<Status> {
    let (rank, word, role) = match &row.item {
        Item::Rule(rule) => match rule.status {
            Some(RuleStatus::Disabled) => (1, "disabled", Role::Warning),
            Some(RuleStatus::Other(_)) => (2, "in another state", Role::Warning),
            None => (3, "of unknown state", Role::Warning),
            Some(RuleStatus::Enabled) => (4, "enabled", Role::Healthy),
        },
        Item::Resource(resource) => match resource.status {
            Some(ResourceStatus::Disconnected) => (0, "disconnected", Role::Error),
            Some(ResourceStatus::Other(_)) => (1, "in another state", Role::Warning),
            None => (2, "of unknown state", Role::Warning),
            Some(ResourceStatus::Connected) => (3, "connected", Role::Healthy),
        },
        Item::Metric(_) => return None,
    };
    Some(Status { rank, word, role })
}

/// Matches and actions that failed for another reason than a filter: those of a second where that is known.
fn lost(row: &Row<'_>) -> f64 {
    let Item::Rule(rule) = &row.item else { return 0.0 };
    LOSSES.into_iter().filter_map(|count| row.count_rate(count).or(rule.counts[count])).sum()
}

/// The counts of a rule that mean trouble where they are more than 0.
pub(super) const LOSSES: [RuleCount; 2] = [RuleCount::Exception, RuleCount::ActionsFailed];
