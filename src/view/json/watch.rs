//! A tick of `watch` as one object on one line. The format is told in [`super::document`].

use super::document::{Document, Identity, Records};
use super::escape::Layout;
use super::health::HealthEntry;
use super::records::Shown;
use super::value::{Each, Member, Tenths, Time};
use super::write_json;
use crate::source::Report;
use crate::view::answer::Kind;
use crate::view::options::Presentation;
use crate::view::watch::{DeploymentState, LastScrape, View, WatchAnswer};
use serde::{Serialize, Serializer};
use std::io::{self, Write};

#[derive(Serialize)]
struct Body<D> {
    view: &'static str,
    tick: u64,
    deployments: D,
}

/// Writes a tick.
///
/// # Errors
/// What `out` says.
pub fn write_watch(watch: &WatchAnswer, presentation: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    let answer = &watch.answer;
    let entry = |(report, state)| Entry { view: watch.view, report, state, presentation };
    let deployments = Each(|| answer.reports.iter().zip(&watch.states).map(entry));
    let body = Body { view: watch.view.word(), tick: watch.tick, deployments };
    let document = Document::new("watch", answer.generated_at, body, &answer.failures, &answer.warnings);
    write_json(&document, Layout::line(), out)
}

/// A deployment, made into its entry when it is written.
struct Entry<'a> {
    view: View,
    report: &'a Report,
    state: &'a DeploymentState,
    presentation: &'a Presentation,
}

#[derive(Serialize)]
struct Deployment<'a, R, C, S> {
    #[serde(flatten)]
    identity: Identity<'a>,
    duration_ms: Option<Tenths>,
    stale: bool,
    endpoints: Endpoints,
    #[serde(flatten)]
    records: Records<'a, R, C>,
    #[serde(skip_serializing_if = "Member::is_absent")]
    health: Member<HealthEntry<'a>>,
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
        let Entry { view, report, state, presentation } = *self;
        let kinds = Kind::ALL.into_iter().filter(|kind| view == View::Overview || view == View::Rows(*kind));
        let shown = Shown::new(report, kinds, presentation);
        let oldest = state.scrapes().map(|scrape| scrape.scraped_at).min().unwrap_or(report.scraped_at);
        let entry = Deployment {
            identity: Identity { scraped_at: Time(oldest), ..Identity::from(report) },
            duration_ms: state.scrapes().map(|scrape| scrape.duration).max().map(Tenths),
            stale: state.is_stale(),
            endpoints: Endpoints {
                cluster: state.cluster.map(endpoint_entry),
                data_integration: state.data_integration.map(endpoint_entry),
            },
            records: shown.records(),
            health: Member::when(view == View::Overview, || state.health.as_ref().map(HealthEntry::of)),
            series: shown.series(),
        };
        entry.serialize(serializer)
    }
}

fn endpoint_entry(told: LastScrape) -> EndpointEntry {
    EndpointEntry { scraped_at: Time(told.scraped_at), duration_ms: Tenths(told.duration), stale: told.stale }
}
