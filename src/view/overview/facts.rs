//! What was received of a deployment, by the catalog's names, whatever names it came under, and how it changed.

use crate::deployment::{Field, Metric, Record, Snapshot};
use crate::exposition::MetricType;
use crate::health::{Judgement, Status};
use crate::source::Report;
use std::collections::BTreeMap;
use std::time::Duration;

/// The names of the fields of a deployment (`cluster.NAME`, `metrics.NAME`, `rules.NAME`) that a figure may come from.
pub(super) type Names = &'static [&'static str];

/// Values and rates of a deployment by the names of its fields.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub report: &'a Report,
    /// What was judged of it.
    pub judgement: Option<&'a Judgement>,
    /// What it was at the tick before, where values that are different now are to stand out.
    pub before: Option<&'a Snapshot>,
}

impl<'a> Facts<'a> {
    pub(crate) fn new(report: &'a Report, judgement: Option<&'a Judgement>) -> Facts<'a> {
        Facts { report, judgement, before: None }
    }

    /// Whether a metric is different from the tick before.
    pub(super) fn has_moved(self, metric: &Metric<'_>) -> bool {
        let before = self.before.and_then(|before| before.metrics.as_ref());
        before.is_some_and(|before| before.get(metric.key).is_some_and(|value| *value != metric.value))
    }

    /// How severe the checks find these fields, the worst of them.
    pub(crate) fn severity(self, names: &[&str]) -> Option<Status> {
        self.judgement?.of_fields(names)
    }

    /// The value of the first of these that was received.
    pub(crate) fn value(self, names: &[&str]) -> Option<f64> {
        names.iter().find_map(|name| match self.report.snapshot.field(name) {
            Some(Field::Number(value)) => Some(value),
            _ => None,
        })
    }

    /// The growth per second of these counters together; `None` where none of them has any to tell.
    pub(crate) fn rate(self, names: &[&str]) -> Option<f64> {
        let rates = self.report.rates.as_ref()?;
        names.iter().filter_map(|name| rates.of_field(name)).reduce(|sum, rate| sum + rate)
    }

    /// The time over which it is known how they changed.
    pub(crate) fn window(self) -> Option<Duration> {
        self.report.window()
    }

    /// What a counter has counted: within the window where there is one, else in all.
    pub(crate) fn counted(self, name: &str) -> Option<f64> {
        let value = self.value(&[name])?;
        match self.window() {
            // What was counted is whole; the way through a rate may leave a trace behind the point.
            Some(window) => Some((self.rate(&[name])? * window.as_secs_f64()).round()),
            None => Some(value),
        }
    }

    /// Whether a metric is one that may have a rate.
    pub(crate) fn grows(self, metric: &Metric<'_>) -> bool {
        self.window().is_some() && metric.key.kind() == MetricType::Counter
    }

    /// The growth per second of a metric; `None` where there is none to tell.
    pub(crate) fn rate_of(self, metric: &Metric<'_>) -> Option<f64> {
        self.report.rates.as_ref()?.of_metric(metric)
    }
}

/// The metrics of a report.
pub(super) struct Metrics<'a> {
    pub facts: Facts<'a>,
    by_key: BTreeMap<String, Metric<'a>>,
    /// What stands under no key of the catalog: series, and names that it does not know.
    pub others: Vec<Metric<'a>>,
    pub total: usize,
}

impl<'a> Metrics<'a> {
    /// Where a family came under its own and an older name, its own counts.
    pub(super) fn of(facts: Facts<'a>) -> Metrics<'a> {
        let all = facts.report.snapshot.list();
        let mut metrics = Metrics { facts, by_key: BTreeMap::new(), others: Vec::new(), total: all.len() };
        for metric in all {
            match metric.key.entry() {
                Some(entry) if metric.key.is_field() => {
                    let is_own = metric.key.name() == entry.name;
                    if is_own || !metrics.by_key.contains_key(&entry.key()) {
                        metrics.by_key.insert(entry.key(), metric);
                    }
                }
                _ => metrics.others.push(metric),
            }
        }
        metrics
    }

    /// How severe the checks find a metric.
    pub(super) fn severity(&self, metric: &Metric<'_>) -> Option<Status> {
        self.facts.judgement?.of_field(&metric.field())
    }

    /// The first of these that was received.
    pub(super) fn first(&self, names: &[&str]) -> Option<&Metric<'a>> {
        names.iter().find_map(|name| self.by_key.get(*name))
    }

    /// Everything that stands under a key of the catalog.
    pub(super) fn known(&self) -> impl Iterator<Item = (&str, &Metric<'a>)> {
        self.by_key.iter().map(|(key, metric)| (key.as_str(), metric))
    }
}
