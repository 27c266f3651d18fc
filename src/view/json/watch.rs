//! A tick of `watch` as one object on one line. The format is told in [`super::document`].

use super::document::{ErrorEntry, RatesEntry, SCHEMA_VERSION, WarningEntry};
use super::escape::Layout;
use super::health::HealthEntry;
use super::value::{Each, Number, Numbers, Tenths, Time};
use super::{errors, numbers, resource_of, rule_of, series_entry, series_of, warnings, window_seconds, write_json};
use crate::source::Report;
use crate::view::answer::Kind;
use crate::view::select::{Default, rows};
use crate::view::settings::Settings;
use crate::view::watch::{DeploymentState, LastScrape, View, WatchAnswer};
use serde::{Serialize, Serializer};
use std::io::{self, Write};

#[derive(Serialize)]
struct Line<'a, D> {
    schema_version: u32,
    kind: &'static str,
    generated_at: Time,
    view: &'static str,
    tick: u64,
    deployments: D,
    errors: Vec<ErrorEntry<'a>>,
    warnings: Vec<WarningEntry<'a>>,
}

/// Writes a tick.
///
/// # Errors
/// What `out` says.
pub fn write_watch(watch: &WatchAnswer, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
    let answer = &watch.answer;
    let entry = |(report, state)| Entry { view: watch.view, report, state, settings };
    let line = Line {
        schema_version: SCHEMA_VERSION,
        kind: "watch",
        generated_at: Time(answer.generated_at),
        view: watch.view.word(),
        tick: watch.tick,
        deployments: Each(|| answer.reports.iter().zip(&watch.states).map(entry)),
        errors: errors(&answer.failures),
        warnings: warnings(&answer.warnings),
    };
    write_json(&line, Layout::line(), out)
}

/// A deployment, made into its entry when it is written.
struct Entry<'a> {
    view: View,
    report: &'a Report,
    state: &'a DeploymentState,
    settings: &'a Settings,
}

/// `None` outside leaves a field out because the view does not have it; `None` inside is null: not received.
#[derive(Serialize)]
struct Deployment<'a, R, C, S> {
    profile: Option<&'a str>,
    endpoint: Option<&'a str>,
    deployment_id: Option<&'a str>,
    deployment_type: Option<&'a str>,
    platform: Option<&'a str>,
    scraped_at: Time,
    duration_ms: Option<Tenths>,
    stale: bool,
    endpoints: Endpoints,
    window_seconds: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<Option<Numbers<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metrics: Option<Option<Numbers<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rates: Option<Option<RatesEntry<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Option<R>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<Option<C>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    health: Option<Option<HealthEntry<'a>>>,
    series: S,
}

#[derive(Serialize)]
struct Endpoints {
    cluster: Option<EndpointEntry>,
    data_integration: Option<EndpointEntry>,
}

#[derive(Serialize)]
struct EndpointEntry {
    scraped_at: Time,
    duration_ms: Tenths,
    stale: bool,
}

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Entry { view, report, state, settings } = self;
        let (snapshot, rates) = (&report.snapshot, report.rates.as_ref());
        let shows = |kind: Kind| (*view == View::Overview || *view == View::Rows(kind)).then_some(());
        let rows = |kind: Kind| shows(kind).map(|()| rows(kind, report, settings, Default::ById)).unwrap_or_default();
        let (listed, rules, resources) = (rows(Kind::Cluster), rows(Kind::Rules), rows(Kind::Resources));
        let cluster = snapshot.cluster.as_ref().map(|_| "cluster");
        let metrics = snapshot.metrics.as_ref().map(|_| "metrics");
        let values = |map: &str| numbers(&listed, map, |_, metric| Some(metric.value));
        let growth = |map: &str| numbers(&listed, map, |row, _| row.rate("value"));
        let told = || state.scrapes();
        let entry = Deployment {
            profile: report.profile.as_deref(),
            endpoint: report.endpoint.as_deref(),
            deployment_id: snapshot.identity.deployment_id.as_deref(),
            deployment_type: snapshot.identity.deployment_type.as_deref(),
            platform: snapshot.identity.platform.as_deref(),
            scraped_at: Time(told().map(|told| told.scraped_at).min().unwrap_or(report.scraped_at)),
            duration_ms: told().map(|told| told.duration).max().map(Tenths),
            stale: state.is_stale(),
            endpoints: Endpoints {
                cluster: state.cluster.map(endpoint_entry),
                data_integration: state.data_integration.map(endpoint_entry),
            },
            window_seconds: window_seconds(report),
            cluster: shows(Kind::Cluster).map(|()| cluster.map(values)),
            metrics: shows(Kind::Cluster).map(|()| metrics.map(values)),
            rates: shows(Kind::Cluster)
                .map(|()| rates.map(|_| RatesEntry { cluster: cluster.map(growth), metrics: metrics.map(growth) })),
            rules: shows(Kind::Rules).map(|()| {
                snapshot.rules.as_ref().map(|_| Each(|| rules.iter().filter_map(|row| rule_of(row, settings))))
            }),
            resources: shows(Kind::Resources)
                .map(|()| snapshot.resources.as_ref().map(|_| Each(|| resources.iter().filter_map(resource_of)))),
            health: (*view == View::Overview).then(|| state.health.as_ref().map(HealthEntry::of)),
            series: Each(|| {
                // The rows of other kinds are no series: there is nothing to select among them.
                let all = snapshot.series.iter().enumerate().filter(|_| shows(Kind::Cluster).is_none());
                let rate = |at| rates.and_then(|rates| rates.series.get(at).copied().flatten());
                let all = all.map(move |(at, series)| series_entry(series, Some(rate(at).map(Number))));
                all.chain(listed.iter().filter_map(|row| series_of(row, settings)))
            }),
        };
        entry.serialize(serializer)
    }
}

fn endpoint_entry(told: LastScrape) -> EndpointEntry {
    EndpointEntry { scraped_at: Time(told.scraped_at), duration_ms: Tenths(told.duration), stale: told.stale }
}
