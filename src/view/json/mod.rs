//! JSON and JSON lines. The format is told in [`document`]; documents are written as they are made, entry by entry.

pub mod document;
mod escape;
pub mod health;
mod value;
mod watch;

use super::answer::{Answer, Kind, ScrapeAnswer, Scraped};
use super::row::{Item, Row, metric_name};
use super::screen::Screen;
use super::select::{Default, all_rows, rows};
use super::settings::Settings;
use crate::deployment::{Metric, Resource, ResourceStatus, Rule, RuleStatus, Series};
use crate::health::Health;
use crate::source::{Failure, Report, Warning};
use document::{
    Deployment, Document, ErrorEntry, FamilyEntry, Line, MetricEntry, OtherDocument, RatesEntry, RecordEntry,
    ResourceEntry, RuleEntry, SCHEMA_VERSION, SampleEntry, SampleLine, ScrapeEntry, SeriesEntry, WarningEntry,
};
use escape::Layout;
use serde::Serialize;
use std::io::{self, Write};
pub use value::Tenths;
use value::{Each, Labels, Number, Numbers, Pairs, RuleNumbers, Time};
pub use watch::write_watch;

/// Writes `answer` as one object.
///
/// # Errors
/// What `out` says.
pub fn write(answer: &Answer, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
    let deployments = Each(|| entries(answer, settings));
    let document = Document {
        schema_version: SCHEMA_VERSION,
        kind: answer.kind.word(),
        generated_at: Time(answer.generated_at),
        deployments: Some(deployments),
        scrapes: None::<()>,
        errors: errors(&answer.failures),
        warnings: warnings(&answer.warnings),
    };
    write_document(&document, settings.screen.is_terminal(), out)
}

/// Writes the rows of `answer`, a line each.
///
/// # Errors
/// What `out` says.
pub fn write_lines(answer: &Answer, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
    for row in all_rows(answer, settings, Default::ById) {
        let identity = &row.report.snapshot.identity;
        let line = Line {
            schema_version: SCHEMA_VERSION,
            kind: answer.kind.word(),
            profile: row.report.profile.as_deref(),
            endpoint: row.report.endpoint.as_deref(),
            deployment_id: identity.deployment_id.as_deref(),
            deployment_type: identity.deployment_type.as_deref(),
            platform: identity.platform.as_deref(),
            scraped_at: Time(row.report.scraped_at),
            window_seconds: settings.rates.then(|| window_seconds(row.report)),
            record: match &row.item {
                Item::Rule(rule) => RecordEntry::Rule(Box::new(rule_entry(rule, rule_rates(&row, settings)))),
                Item::Resource(resource) => RecordEntry::Resource(resource_entry(resource)),
                Item::Metric(metric) => RecordEntry::Metric(metric_entry(metric, rate_entry(&row, settings))),
            },
        };
        write_json(&line, Layout::line(), out)?;
    }
    Ok(())
}

/// Writes the families of a `scrape` as one object.
///
/// # Errors
/// What `out` says.
pub fn write_scrape(answer: &ScrapeAnswer, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
    let scrapes = Each(|| answer.scrapes.iter().map(scrape_entry));
    let document = Document {
        schema_version: SCHEMA_VERSION,
        kind: SCRAPE,
        generated_at: Time(answer.generated_at),
        deployments: None::<()>,
        scrapes: Some(scrapes),
        errors: errors(&answer.failures),
        warnings: warnings(&answer.warnings),
    };
    write_document(&document, settings.screen.is_terminal(), out)
}

/// Writes an answer of another kind as one object; `body` has the fields between `generated_at` and `errors`.
///
/// # Errors
/// What `out` says.
pub fn write_kind(
    kind: &'static str,
    body: &impl Serialize,
    (failures, found_odd): (&[Failure], &[Warning]),
    screen: &Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    let document = OtherDocument {
        schema_version: SCHEMA_VERSION,
        kind,
        generated_at: Time(jiff::Timestamp::now()),
        body,
        errors: errors(failures),
        warnings: warnings(found_odd),
    };
    write_document(&document, screen.is_terminal(), out)
}

/// Writes the samples of a `scrape`, a line each.
///
/// # Errors
/// What `out` says.
pub fn write_scrape_lines(answer: &ScrapeAnswer, _settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
    for scraped in &answer.scrapes {
        for family in scraped.families.iter() {
            for sample in family.samples() {
                let line = SampleLine {
                    schema_version: SCHEMA_VERSION,
                    kind: SCRAPE,
                    profile: scraped.profile.as_deref(),
                    url: scraped.url.as_deref(),
                    scraped_at: Time(scraped.scraped_at),
                    family: family.name,
                    r#type: family.kind.as_str(),
                    name: sample.name,
                    labels: Pairs(|| sample.labels()),
                    value: Number(sample.value),
                    timestamp_ms: sample.timestamp_ms,
                };
                write_json(&line, Layout::line(), out)?;
            }
        }
    }
    Ok(())
}

const SCRAPE: &str = "scrape";

fn write_document(document: &impl Serialize, on_terminal: bool, out: &mut dyn Write) -> io::Result<()> {
    write_json(document, if on_terminal { Layout::lines() } else { Layout::line() }, out)
}

fn write_json(value: &impl Serialize, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, layout))?;
    out.write_all(b"\n")
}

fn entries<'a>(answer: &'a Answer, settings: &'a Settings) -> impl Iterator<Item = Entry<'a>> {
    let entry = move |(at, report)| Entry { kind: answer.kind, report, settings, verdict: answer.verdicts.get(at) };
    answer.reports.iter().enumerate().map(entry)
}

/// A deployment, made into its entry when it is written.
struct Entry<'a> {
    kind: Kind,
    report: &'a Report,
    settings: &'a Settings,
    verdict: Option<&'a Health>,
}

impl Serialize for Entry<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Report { profile, endpoint, scraped_at, duration, snapshot, rates, .. } = self.report;
        let rates = rates.as_ref();
        let rows = rows(self.kind, self.report, self.settings, Default::ById);
        let identity = &snapshot.identity;
        let cluster = snapshot.cluster.as_ref().map(|_| "cluster");
        let metrics = snapshot.metrics.as_ref().map(|_| "metrics");
        let values = |map: &str| numbers(&rows, map, |_, metric| Some(metric.value));
        let growth = |map: &str| numbers(&rows, map, |row, _| row.rate("value"));
        let with_rates = self.settings.rates.then_some(());
        let of = |kind: Kind| (self.kind == kind).then_some(());
        let entry = Deployment {
            profile: profile.as_deref(),
            endpoint: endpoint.as_deref(),
            deployment_id: identity.deployment_id.as_deref(),
            deployment_type: identity.deployment_type.as_deref(),
            platform: identity.platform.as_deref(),
            scraped_at: Time(*scraped_at),
            duration_ms: duration.map(Tenths),
            window_seconds: with_rates.map(|()| window_seconds(self.report)),
            cluster: of(Kind::Cluster).map(|()| cluster.map(values)),
            metrics: of(Kind::Cluster).map(|()| metrics.map(values)),
            rates: of(Kind::Cluster)
                .and(with_rates)
                .map(|()| rates.map(|_| RatesEntry { cluster: cluster.map(growth), metrics: metrics.map(growth) })),
            rules: of(Kind::Rules).map(|()| {
                snapshot.rules.as_ref().map(|_| Each(|| rows.iter().filter_map(|row| rule_of(row, self.settings))))
            }),
            resources: of(Kind::Resources)
                .map(|()| snapshot.resources.as_ref().map(|_| Each(|| rows.iter().filter_map(resource_of)))),
            series: Each(|| {
                // The rows of other kinds are no series: there is nothing to select among them.
                let all = snapshot.series.iter().enumerate().filter(|_| self.kind != Kind::Cluster);
                let rate = |at| rates.and_then(|rates| rates.series.get(at).copied().flatten());
                let all = all.map(move |(at, series)| series_entry(series, with_rates.map(|()| rate(at).map(Number))));
                all.chain(rows.iter().filter_map(|row| series_of(row, self.settings)))
            }),
            health: self.verdict.map(health::HealthEntry::of),
        };
        entry.serialize(serializer)
    }
}

/// A number of each metric that stands in that map, by name.
fn numbers<'a>(rows: &'a [Row<'_>], map: &str, number: impl Fn(&Row<'_>, &Metric<'_>) -> Option<f64>) -> Numbers<'a> {
    let entry = |row: &'a Row<'_>| {
        let Item::Metric(metric) = &row.item else { return None };
        let (of, name) = metric.key.as_deref()?.split_once('.')?;
        if of == map { Some((name, number(row, metric)?)) } else { None }
    };
    let mut numbers: Vec<_> = rows.iter().filter_map(entry).collect();
    numbers.sort_unstable_by_key(|(name, _)| *name);
    Numbers(numbers)
}

fn window_seconds(report: &Report) -> Option<Number> {
    report.window().map(|window| Number(window.as_secs_f64()))
}

/// `None` where no rates were asked for.
fn rule_rates(row: &Row<'_>, settings: &Settings) -> Option<RuleNumbers> {
    settings.rates.then(|| RuleNumbers(row.rule_rates.copied().unwrap_or_default()))
}

/// `None` outside where no rates were asked for.
fn rate_entry(row: &Row<'_>, settings: &Settings) -> Option<Option<Number>> {
    settings.rates.then(|| row.rate("value").map(Number))
}

fn rule_of<'a>(row: &Row<'a>, settings: &Settings) -> Option<RuleEntry<'a>> {
    if let Item::Rule(rule) = row.item { Some(rule_entry(rule, rule_rates(row, settings))) } else { None }
}

fn resource_of<'a>(row: &Row<'a>) -> Option<ResourceEntry<'a>> {
    if let Item::Resource(resource) = row.item { Some(resource_entry(resource)) } else { None }
}

fn series_of<'a>(row: &'a Row<'_>, settings: &Settings) -> Option<SeriesEntry<'a>> {
    match &row.item {
        Item::Metric(metric) if metric.key.is_none() => {
            let (labels, value) = (Labels(metric.labels), Number(metric.value));
            Some(SeriesEntry { name: metric.name, labels, value, rate: rate_entry(row, settings) })
        }
        Item::Metric(_) | Item::Rule(_) | Item::Resource(_) => None,
    }
}

fn series_entry(series: &Series, rate: Option<Option<Number>>) -> SeriesEntry<'_> {
    SeriesEntry { name: &series.name, labels: Labels(&series.labels), value: Number(series.value), rate }
}

fn rule_entry(rule: &Rule, rates: Option<RuleNumbers>) -> RuleEntry<'_> {
    RuleEntry {
        rule_id: &rule.rule_id,
        status: rule.status.map(RuleStatus::word),
        status_code: rule.status.map(RuleStatus::code).map(Number),
        counts: RuleNumbers(rule.counts),
        matched_rate: rule.matched_rate.map(Number),
        rates,
    }
}

fn resource_entry(resource: &Resource) -> ResourceEntry<'_> {
    ResourceEntry {
        resource_id: &resource.resource_id,
        kind: resource.kind(),
        name: resource.name(),
        status: resource.status.map(ResourceStatus::word),
        status_code: resource.status.map(ResourceStatus::code).map(Number),
    }
}

fn metric_entry<'a>(metric: &'a Metric<'_>, rate: Option<Option<Number>>) -> MetricEntry<'a> {
    MetricEntry {
        name: metric_name(metric),
        family: &metric.family,
        labels: Labels(metric.labels),
        value: Number(metric.value),
        rate,
        unit: Some(metric.unit().word()).filter(|unit| !unit.is_empty()),
        group: metric.group().word(),
        r#type: metric.kind().as_str(),
    }
}

fn scrape_entry(scraped: &Scraped) -> impl Serialize + '_ {
    ScrapeEntry {
        profile: scraped.profile.as_deref(),
        url: scraped.url.as_deref(),
        scraped_at: Time(scraped.scraped_at),
        duration_ms: scraped.duration.map(Tenths),
        families: Each(|| {
            scraped.families.iter().map(|family| FamilyEntry {
                name: family.name,
                r#type: family.kind.as_str(),
                help: family.help,
                samples: Each(move || {
                    family.samples().map(|sample| SampleEntry {
                        name: sample.name,
                        labels: Pairs(move || sample.labels()),
                        value: Number(sample.value),
                        timestamp_ms: sample.timestamp_ms,
                    })
                }),
            })
        }),
    }
}

fn errors(failures: &[Failure]) -> Vec<ErrorEntry<'_>> {
    let entries = failures.iter().map(|failure| ErrorEntry {
        profile: failure.profile.as_deref(),
        endpoint: failure.endpoint.as_deref(),
        code: failure.exit.word(),
        message: &failure.message,
        hint: failure.hint.as_deref(),
    });
    entries.collect()
}

fn warnings(warnings: &[Warning]) -> Vec<WarningEntry<'_>> {
    let entries = warnings.iter().map(|warning| WarningEntry {
        profile: warning.profile.as_deref(),
        endpoint: warning.endpoint.as_deref(),
        message: &warning.message,
    });
    entries.collect()
}
