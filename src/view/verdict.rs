//! The verdict on what a view shows: its rows, as far as filters let them through, against the conditions that were asked for.

use super::answer::{Answer, Entry, Kind};
use super::options::Presentation;
use super::row::Row;
use super::select::{Order, rows};
use crate::health::{DeploymentRecord, Health};

/// A verdict on each deployment of `answer`; none where no verdict was asked for.
pub fn judge(answer: &Answer, presentation: &Presentation) -> Vec<Health> {
    if presentation.conditions.is_empty() {
        return Vec::new();
    }
    answer.entries().map(|entry| judge_entry(answer.kind, entry, presentation)).collect()
}

fn judge_entry(kind: Kind, entry: Entry<'_>, presentation: &Presentation) -> Health {
    let report = entry.report;
    let (snapshot, conditions) = (&report.snapshot, &presentation.conditions);
    let rows = rows(kind, entry, presentation, Order::ById);
    let received = match kind {
        Kind::Deployments => {
            return conditions.judge_rows(Some(&rows), 0, kind.nouns(), Row::verdict, |row| row.item.name());
        }
        Kind::Rules => snapshot.rules.is_some(),
        Kind::Resources => snapshot.resources.is_some(),
        Kind::Cluster => {
            let received = snapshot.metrics.is_some() || !snapshot.series.is_empty();
            let record = DeploymentRecord { snapshot, rates: report.rates.as_ref(), verdict: None };
            return conditions.judge_deployment(&record, received.then_some(rows.len()));
        }
    };
    let rows = received.then_some(rows.as_slice());
    let doubt = if kind == Kind::Rules { &snapshot.doubts.rules } else { &snapshot.doubts.resources };
    conditions.judge_rows(rows, doubt.unread, kind.nouns(), Row::verdict, |row| row.item.name())
}
