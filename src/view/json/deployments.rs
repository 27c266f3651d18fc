//! The JSON of `deployments`. The format is told in [`super::document`].

use super::document::{identity, window_seconds, write_document};
use super::value::{Each, Members, Number, Object, Pairs, Tenths, members};
use crate::health::Health;
use crate::source::Report;
use crate::view::answer::Answer;
use crate::view::options::Presentation;
use crate::view::row::Row;
use crate::view::select::{Order, shown_rows};
use crate::view::summary::Summary;
use serde::ser::SerializeMap;
use std::io::{self, Write};

/// Writes `answer` as one object; what is chosen, sorted and cut off are the deployments themselves.
pub(super) fn write(answer: &Answer, presentation: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    let rows = shown_rows(answer, presentation, Order::ById);
    let of = |row: &Row<'_>| answer.reports.iter().position(|report| std::ptr::eq(report, row.report));
    let shown: Vec<usize> = rows.iter().filter_map(of).collect();
    let each = Each(|| {
        shown.iter().filter_map(|&at| {
            let (report, summary) = (answer.reports.get(at)?, answer.summaries.get(at)?);
            Some(Object(Entry { summary, report, health: answer.verdicts.get(at) }))
        })
    });
    let odd = (answer.failures.as_slice(), answer.warnings.as_slice());
    let body = Pairs(|| [("deployments", &each)]);
    write_document(answer.kind.word(), answer.generated_at, body, odd, &presentation.screen, out)
}

struct Entry<'a> {
    summary: &'a Summary,
    report: &'a Report,
    health: Option<&'a Health>,
}

impl Members for Entry<'_> {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let Entry { summary, report, health } = *self;
        identity(map, report, report.scraped_at)?;
        members!(map, "duration_ms": report.duration.map(Tenths), "window_seconds": window_seconds(report));
        members!(map, "summary": Object(summary));
        if let Some(health) = health {
            members!(map, "health": Object(health));
        }
        Ok(())
    }
}

/// SUMMARY.
impl Members for Summary {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let number = |value: Option<f64>| value.map(Number);
        members!(map, "status": self.status.word());
        members!(map, "nodes_running": number(self.nodes_running), "nodes_stopped": number(self.nodes_stopped));
        members!(map, "clients": number(self.clients), "sessions": number(self.sessions));
        members!(map, "received_rate": number(self.received_rate), "sent_rate": number(self.sent_rate));
        members!(map, "dropped_rate": number(self.dropped_rate));
        members!(map, "rules_enabled": number(self.rules_enabled), "rules_disabled": number(self.rules_disabled));
        members!(map, "resources_up": number(self.resources_up), "resources_down": number(self.resources_down));
        members!(map, "worst": self.worst);
        Ok(())
    }
}
