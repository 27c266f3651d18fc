//! The records of a deployment: metrics, rules and resources, as far as they are shown.

use super::document::{MetricEntry, RatesEntry, Records, ResourceEntry, RuleEntry, SeriesEntry};
use super::value::{Each, Labels, Member, Number, Numbers, RuleNumbers};
use crate::deployment::{Metric, Resource, ResourceStatus, Rule, RuleStatus};
use crate::source::Report;
use crate::view::answer::Kind;
use crate::view::options::Presentation;
use crate::view::row::{Item, Row};
use crate::view::select::{Order, rows};
use serde::Serialize;

/// What is shown of a deployment.
pub struct Shown<'a> {
    report: &'a Report,
    /// Whether rates stand beside what they are the rates of.
    with_rates: bool,
    rows: Vec<(Kind, Vec<Row<'a>>)>,
}

impl<'a> Shown<'a> {
    /// The rows of these kinds.
    pub fn new(report: &'a Report, kinds: impl Iterator<Item = Kind>, presentation: &Presentation) -> Shown<'a> {
        let rows = kinds.map(|kind| (kind, rows(kind, report, presentation, Order::ById)));
        Shown { report, with_rates: presentation.rates, rows: rows.collect() }
    }

    /// `None` where that kind is not shown.
    fn rows(&self, kind: Kind) -> Option<&[Row<'a>]> {
        self.rows.iter().find(|(of, _)| *of == kind).map(|(_, rows)| rows.as_slice())
    }

    pub fn records(&self) -> Records<'_, impl Serialize, impl Serialize> {
        let snapshot = &self.report.snapshot;
        let metrics = self.rows(Kind::Cluster);
        let numbers = |is_cluster, number: fn(&Row<'_>, &Metric<'_>) -> Option<f64>| {
            snapshot.metrics.as_ref().map(|_| numbers(metrics.unwrap_or_default(), is_cluster, number))
        };
        let values =
            |is_cluster| Member::when(metrics.is_some(), || numbers(is_cluster, |_, metric| Some(metric.value)));
        let rates = || {
            let growth = |is_cluster| numbers(is_cluster, |row, _| row.value_rate());
            self.report.rates.as_ref().map(|_| RatesEntry { cluster: growth(true), metrics: growth(false) })
        };
        let rules = self.rows(Kind::Rules);
        let rule = |row: &Row<'a>| match row.item {
            Item::Rule(rule) => Some(rule_entry(rule, self.rule_rates(row))),
            Item::Resource(_) | Item::Metric(_) => None,
        };
        let resources = self.rows(Kind::Resources);
        let resource = |row: &Row<'a>| match row.item {
            Item::Resource(resource) => Some(resource_entry(resource)),
            Item::Rule(_) | Item::Metric(_) => None,
        };
        Records {
            window_seconds: Member::when(self.with_rates, || window_seconds(self.report)),
            cluster: values(true),
            metrics: values(false),
            rates: Member::when(metrics.is_some() && self.with_rates, rates),
            rules: Member::when(rules.is_some(), || {
                snapshot.rules.as_ref().map(|_| Each(move || rules.unwrap_or_default().iter().filter_map(rule)))
            }),
            resources: Member::when(resources.is_some(), || {
                snapshot
                    .resources
                    .as_ref()
                    .map(|_| Each(move || resources.unwrap_or_default().iter().filter_map(resource)))
            }),
        }
    }

    /// Every sample that has no other place. Where metrics are not shown all stand here: there is nothing to select among them.
    pub fn series(&self) -> impl Serialize {
        Each(move || {
            let rates = self.report.rates.as_ref();
            let all = self.report.snapshot.series.iter().enumerate().filter(|_| self.rows(Kind::Cluster).is_none());
            let rate = move |at: usize| rates.and_then(|rates| rates.series.get(at).copied().flatten());
            let all = all.map(move |(at, series)| SeriesEntry {
                name: series.key.name(),
                labels: Labels(&series.labels),
                value: Number(series.value),
                rate: Member::when(self.with_rates, || rate(at).map(Number)),
            });
            all.chain(self.rows(Kind::Cluster).unwrap_or_default().iter().filter_map(|row| match &row.item {
                Item::Metric(metric) if !metric.key.is_field() => Some(SeriesEntry {
                    name: metric.key.name(),
                    labels: Labels(metric.labels),
                    value: Number(metric.value),
                    rate: value_rate(row, self.with_rates),
                }),
                Item::Metric(_) | Item::Rule(_) | Item::Resource(_) => None,
            }))
        })
    }

    fn rule_rates(&self, row: &Row<'_>) -> Option<RuleNumbers> {
        rule_rates(row, self.with_rates)
    }
}

/// A number of each metric among the fields `cluster.NAME`, or among those of `metrics.NAME`, by name.
fn numbers<'a>(
    rows: &'a [Row<'_>],
    is_cluster: bool,
    number: impl Fn(&Row<'_>, &Metric<'_>) -> Option<f64>,
) -> Numbers<'a> {
    let entry = |row: &'a Row<'_>| match &row.item {
        Item::Metric(metric) if metric.key.is_field() && metric.key.is_cluster() == is_cluster => {
            Some((metric.key.name(), number(row, metric)?))
        }
        Item::Metric(_) | Item::Rule(_) | Item::Resource(_) => None,
    };
    let mut numbers: Vec<_> = rows.iter().filter_map(entry).collect();
    numbers.sort_unstable_by_key(|(name, _)| *name);
    Numbers(numbers)
}

/// The time between the two looks.
pub fn window_seconds(report: &Report) -> Option<Number> {
    report.window().map(|window| Number(window.as_secs_f64()))
}

/// `None` where no rates were asked for.
pub fn rule_rates(row: &Row<'_>, with_rates: bool) -> Option<RuleNumbers> {
    with_rates.then(|| RuleNumbers(row.rule_rates.copied().unwrap_or_default()))
}

/// The rate of a metric.
pub fn value_rate(row: &Row<'_>, with_rates: bool) -> Member<Number> {
    Member::when(with_rates, || row.value_rate().map(Number))
}

pub fn rule_entry(rule: &Rule, rates: Option<RuleNumbers>) -> RuleEntry<'_> {
    RuleEntry {
        rule_id: &rule.rule_id,
        status: rule.status.map(RuleStatus::word),
        status_code: rule.status.map(RuleStatus::code).map(Number),
        counts: RuleNumbers(rule.counts),
        matched_rate: rule.matched_rate.map(Number),
        rates,
    }
}

pub fn resource_entry(resource: &Resource) -> ResourceEntry<'_> {
    ResourceEntry {
        resource_id: &resource.resource_id,
        kind: resource.kind(),
        name: resource.name(),
        status: resource.status.map(ResourceStatus::word),
        status_code: resource.status.map(ResourceStatus::code).map(Number),
    }
}

pub fn metric_entry<'a>(metric: &'a Metric<'_>, rate: Member<Number>) -> MetricEntry<'a> {
    MetricEntry {
        name: metric.key.to_string(),
        family: metric.key.family(),
        labels: Labels(metric.labels),
        value: Number(metric.value),
        rate,
        unit: Some(metric.unit().word()).filter(|unit| !unit.is_empty()),
        group: metric.group().word(),
        r#type: metric.key.kind().as_str(),
    }
}
