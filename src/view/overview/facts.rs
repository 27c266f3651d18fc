//! The metrics of a snapshot by the catalog's names, whatever names they came under, and how they changed.

use crate::deployment::{Metric, Rates};
use crate::exposition::MetricType;
use crate::view::answer::Report;
use std::collections::BTreeMap;
use std::time::Duration;

/// What was received.
pub struct Facts<'a> {
    by_key: BTreeMap<String, Metric<'a>>,
    rates: Option<&'a Rates>,
    /// What stands under no key of the catalog: series, and names that it does not know.
    pub others: Vec<Metric<'a>>,
    pub total: usize,
}

impl<'a> Facts<'a> {
    /// Where a family came under its own and an older name, its own counts.
    pub fn new(report: &'a Report) -> Facts<'a> {
        let (all, rates) = (report.snapshot.list(), report.rates.as_ref());
        let mut facts = Facts { by_key: BTreeMap::new(), rates, others: Vec::new(), total: all.len() };
        for metric in all {
            match metric.entry {
                Some(entry) if metric.key.is_some() => {
                    let is_own = metric.name == entry.name;
                    if is_own || !facts.by_key.contains_key(&entry.key()) {
                        facts.by_key.insert(entry.key(), metric);
                    }
                }
                _ => facts.others.push(metric),
            }
        }
        facts
    }

    /// The first of these that was received.
    pub fn first(&self, keys: &[&str]) -> Option<&Metric<'a>> {
        keys.iter().find_map(|key| self.by_key.get(*key))
    }

    /// The value of the first of these that was received.
    pub fn value(&self, keys: &[&str]) -> Option<f64> {
        self.first(keys).map(|metric| metric.value)
    }

    /// The time over which it is known how they changed.
    pub fn window(&self) -> Option<Duration> {
        self.rates?.window()
    }

    /// Whether a metric is one that may have a rate.
    pub fn grows(&self, metric: &Metric<'_>) -> bool {
        self.window().is_some() && metric.kind() == MetricType::Counter
    }

    /// Growth per second; `None` where there is none to tell.
    pub fn rate(&self, metric: &Metric<'_>) -> Option<f64> {
        self.rates?.of_metric(metric)
    }

    /// What a counter has counted: within the window where there is one, else in all.
    pub fn counted(&self, key: &str) -> Option<f64> {
        let metric = self.first(&[key])?;
        match self.window() {
            // What was counted is whole; the way through a rate may leave a trace behind the point.
            Some(window) => Some((self.rate(metric)? * window.as_secs_f64()).round()),
            None => Some(metric.value),
        }
    }

    /// Everything that stands under a key of the catalog.
    pub fn known(&self) -> impl Iterator<Item = (&str, &Metric<'a>)> {
        self.by_key.iter().map(|(key, metric)| (key.as_str(), metric))
    }
}
