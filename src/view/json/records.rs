//! The JSON of metrics, rules and resources. The format is told in [`super::document`].

use super::deployments;
use super::document::{identity, window_seconds, write_document, write_line};
use super::value::{Each, Members, Number, Object, Pairs, Tenths, members};
use crate::deployment::{LabelSet, Metric, ResourceStatus, RuleStatus};
use crate::health::Health;
use crate::source::Report;
use crate::view::answer::{Answer, Entry, Kind};
use crate::view::options::Presentation;
use crate::view::row::{Item, Row};
use crate::view::select::{Order, rows, rows_by_report, shown_rows};
use serde::Serialize;
use serde::ser::SerializeMap;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes `answer` as one object.
pub(crate) fn write(answer: &Answer, presentation: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    if answer.kind == Kind::Deployments {
        return deployments::write(answer, presentation, out);
    }
    // Where not all are shown it is one list that is cut off.
    let limited = presentation.has_limit().then(|| rows_by_report(answer, presentation));
    let entry = |(at, report)| {
        let records = match limited.as_ref().and_then(|limited| limited.get::<usize>(at)) {
            Some(rows) => Records { report, with_rates: presentation.rates, rows: vec![(answer.kind, rows.clone())] },
            None => Records::new(report, &[answer.kind], presentation),
        };
        Object(Deployment { records, health: answer.verdicts.get(at) })
    };
    let body = Pairs(|| [("deployments", Each(|| answer.reports.iter().enumerate().map(entry)))]);
    let odd = (answer.failures.as_slice(), answer.warnings.as_slice());
    write_document(answer.kind.word(), answer.generated_at, body, odd, &presentation.screen, out)
}

/// Writes the rows of `answer`, a line each.
pub(crate) fn write_lines(answer: &Answer, presentation: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    let with_rates = presentation.rates;
    shown_rows(answer, presentation, Order::ById)
        .iter()
        .try_for_each(|row| write_line(answer.kind.word(), &Line(Record { row, with_rates }), out))
}

/// A deployment, made into its entry when it is written.
struct Deployment<'a> {
    records: Records<'a>,
    health: Option<&'a Health>,
}

impl Members for Deployment<'_> {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let report = self.records.report;
        identity(map, report, report.scraped_at)?;
        members!(map, "duration_ms": report.duration.map(Tenths));
        self.records.members(map)?;
        members!(map, "series": self.records.series());
        if let Some(health) = self.health {
            members!(map, "health": Object(health));
        }
        Ok(())
    }
}

/// The rows of a deployment that are shown.
pub(crate) struct Records<'a> {
    report: &'a Report,
    with_rates: bool,
    rows: Vec<(Kind, Vec<Row<'a>>)>,
}

impl<'a> Records<'a> {
    /// The rows of these kinds.
    pub(crate) fn new(report: &'a Report, kinds: &[Kind], presentation: &Presentation) -> Records<'a> {
        let rows = kinds.iter().map(|&kind| (kind, rows(kind, Entry::of(report), presentation, Order::ById)));
        Records { report, with_rates: presentation.rates, rows: rows.collect() }
    }

    /// Every sample that has no other place. Where metrics are not shown all stand here: there is nothing to select among them.
    pub(crate) fn series(&self) -> impl Serialize {
        Each(|| {
            let Records { report, with_rates, .. } = *self;
            let metrics = self.rows.iter().find(|(kind, _)| *kind == Kind::Cluster).map(|(_, rows)| rows);
            let rate = move |at: usize| report.rates.as_ref().and_then(|rates| *rates.series.get(at)?);
            let all = report.snapshot.series.iter().enumerate().filter(move |_| metrics.is_none());
            let all = all.map(move |(at, series)| (&*series.key, &series.labels, series.value, rate(at)));
            let shown = metrics.into_iter().flatten().filter_map(|row| match &row.item {
                Item::Metric(metric) if !metric.key.is_field() => {
                    Some((metric.key, metric.labels, metric.value, row.value_rate()))
                }
                _ => None,
            });
            all.chain(shown).map(move |(key, labels, value, rate)| {
                Object(Series { name: key.name(), labels, value, rate: rate.map(Number), with_rates })
            })
        })
    }
}

impl Members for Records<'_> {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let Records { report, with_rates, ref rows } = *self;
        if with_rates {
            members!(map, "window_seconds": window_seconds(report));
        }
        for (kind, rows) in rows {
            let each = Each(|| rows.iter().map(|row| Object(Record { row, with_rates })));
            match kind {
                // They are entries of their own.
                Kind::Deployments => {}
                Kind::Cluster => {
                    for (name, values) in numbers(report, rows, |_, metric| Some(metric.value)) {
                        map.serialize_entry(name, &values)?;
                    }
                    if with_rates {
                        let rates = || BTreeMap::from(numbers(report, rows, |row, _| row.value_rate()));
                        members!(map, "rates": report.rates.as_ref().map(|_| rates()));
                    }
                }
                Kind::Rules => members!(map, "rules": report.snapshot.rules.as_ref().map(|_| each)),
                Kind::Resources => members!(map, "resources": report.snapshot.resources.as_ref().map(|_| each)),
            }
        }
        Ok(())
    }
}

/// A number of each metric that is a field, by name.
fn numbers<'a>(
    report: &Report,
    rows: &'a [Row<'_>],
    number: fn(&Row<'_>, &Metric<'_>) -> Option<f64>,
) -> [(&'static str, Option<BTreeMap<&'a str, Number>>); 2] {
    [("cluster", true), ("metrics", false)].map(|(name, is_cluster)| {
        let entry = |row: &'a Row<'_>| match &row.item {
            Item::Metric(metric) if metric.key.is_field() && metric.key.is_cluster() == is_cluster => {
                Some((metric.key.name(), Number(number(row, metric)?)))
            }
            _ => None,
        };
        (name, report.snapshot.metrics.as_ref().map(|_| rows.iter().filter_map(entry).collect()))
    })
}

struct Series<'a> {
    name: &'a str,
    labels: &'a LabelSet,
    value: f64,
    rate: Option<Number>,
    with_rates: bool,
}

impl Members for Series<'_> {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        members!(map, "name": self.name, "labels": labels(self.labels), "value": Number(self.value));
        if self.with_rates {
            members!(map, "rate": self.rate);
        }
        Ok(())
    }
}

/// RULE, RESOURCE or METRIC.
struct Record<'a> {
    row: &'a Row<'a>,
    with_rates: bool,
}

impl Members for Record<'_> {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let Record { row, with_rates } = *self;
        match &row.item {
            Item::Deployment(summary) => summary.members(map)?,
            Item::Rule(rule) => {
                members!(map, "rule_id": rule.rule_id, "status": rule.status.map(RuleStatus::word));
                members!(map, "status_code": rule.status.map(RuleStatus::code).map(Number));
                for (count, number) in rule.counts.iter() {
                    map.serialize_entry(count.name(), &number.map(Number))?;
                }
                if let Some(rate) = rule.matched_rate {
                    members!(map, "matched_rate": Number(rate));
                }
                members!(map, "action_failure_share": rule.action_failure_share().map(Number));
                if with_rates {
                    let rates = row.rule_rates.copied().unwrap_or_default();
                    let rates = Pairs(|| rates.iter().map(|(count, rate)| (count.name(), rate.map(Number))));
                    members!(map, "rates": rates);
                }
            }
            Item::Resource(resource) => {
                members!(map, "resource_id": resource.resource_id, "type": resource.kind(), "name": resource.name());
                members!(map, "status": resource.status.map(ResourceStatus::word));
                members!(map, "status_code": resource.status.map(ResourceStatus::code).map(Number));
            }
            Item::Metric(metric) => {
                members!(map, "name": metric.key.to_string(), "family": metric.key.family());
                members!(map, "labels": labels(metric.labels), "value": Number(metric.value));
                if with_rates {
                    members!(map, "rate": row.value_rate().map(Number));
                }
                members!(map, "unit": Some(metric.unit().word()).filter(|unit| !unit.is_empty()));
                members!(map, "group": metric.group().word(), "type": metric.key.kind().as_str());
            }
        }
        Ok(())
    }
}

/// A record with the deployment that it is of.
struct Line<'a>(Record<'a>);

impl Members for Line<'_> {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let report = self.0.row.report;
        identity(map, report, report.scraped_at)?;
        if self.0.with_rates {
            members!(map, "window_seconds": window_seconds(report));
        }
        self.0.members(map)
    }
}

/// In the order received.
fn labels(labels: &LabelSet) -> impl Serialize {
    Pairs(|| labels.iter())
}
