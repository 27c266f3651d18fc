//! A tick of `watch` as one object on one line. The format is told in [`super::document`].

use super::document::{identity, write_document};
use super::records::Records;
use super::value::{Each, Members, Object, Tenths, Time, members};
use crate::deployment::Endpoint;
use crate::source::{Report, Timing};
use crate::view::answer::Kind;
use crate::view::options::Presentation;
use crate::view::screen::Screen;
use crate::view::summary::Summary;
use crate::view::watch::{DeploymentState, View, WatchAnswer};
use serde::Serialize;
use serde::ser::SerializeMap;
use std::io::{self, Write};

#[derive(Serialize)]
struct Body<D> {
    view: &'static str,
    tick: u64,
    deployments: D,
}

/// Writes a tick.
pub(crate) fn write(watch: &WatchAnswer, presentation: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    let WatchAnswer { answer, view, tick, states } = watch;
    let kinds: Vec<Kind> =
        Kind::OF_DEPLOYMENT.into_iter().filter(|kind| *view == View::Overview || *view == View::Rows(*kind)).collect();
    let entry = |(at, (report, state)): (usize, (_, _))| {
        let records = Records::new(report, &kinds, presentation);
        let summary = answer.summaries.get(at).filter(|_| *view == View::Rows(Kind::Deployments));
        Object(Deployment { report, state, records, summary, with_health: *view == View::Overview })
    };
    // One that never answered is told of where a row tells why.
    let is_told = |report: &Report| report.has_answered() || *view == View::Rows(Kind::Deployments);
    let all = || answer.reports.iter().zip(states).enumerate().filter(|(_, (report, _))| is_told(report));
    let deployments = Each(|| all().map(entry));
    let body = Body { view: view.word(), tick: *tick, deployments };
    let odd = (answer.failures.as_slice(), answer.warnings.as_slice());
    write_document("watch", answer.generated_at, body, odd, &Screen::PLAIN, out)
}

struct Deployment<'a> {
    report: &'a Report,
    state: &'a DeploymentState,
    records: Records<'a>,
    summary: Option<&'a Summary>,
    with_health: bool,
}

impl Members for Deployment<'_> {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let Deployment { report, state, .. } = self;
        let oldest = report.timing.values().map(|timing| timing.scraped_at).min().unwrap_or(report.scraped_at);
        identity(map, report, oldest)?;
        members!(map, "duration_ms": report.timing.values().map(|timing| timing.duration).max().map(Tenths));
        members!(map, "stale": report.is_stale(), "endpoints": Object(Endpoints(report)));
        self.records.members(map)?;
        if let Some(summary) = self.summary {
            members!(map, "summary": Object(summary));
        }
        if self.with_health {
            members!(map, "health": Object(&*state.judgement.health));
        }
        members!(map, "series": self.records.series());
        Ok(())
    }
}

struct Endpoints<'a>(&'a Report);

impl Members for Endpoints<'_> {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        Endpoint::ALL
            .into_iter()
            .try_for_each(|endpoint| map.serialize_entry(endpoint.name(), &self.0.timing.get(endpoint).map(Object)))
    }
}

/// TIMING.
impl Members for Timing {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        members!(map, "scraped_at": Time(self.scraped_at), "duration_ms": Tenths(self.duration), "stale": self.stale);
        Ok(())
    }
}
