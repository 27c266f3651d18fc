//! A tick of `watch` as one object on one line. The format is told in [`super::document`].

use super::document::{identity, write_document};
use super::records::Records;
use super::value::{Each, Members, Object, Tenths, Time, members};
use crate::source::Report;
use crate::view::answer::Kind;
use crate::view::options::Presentation;
use crate::view::screen::Screen;
use crate::view::watch::{DeploymentState, LastScrape, View, WatchAnswer};
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
///
/// # Errors
/// What `out` says.
pub fn write(watch: &WatchAnswer, presentation: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    let WatchAnswer { answer, view, tick, states } = watch;
    let kinds: Vec<Kind> =
        Kind::ALL.into_iter().filter(|kind| *view == View::Overview || *view == View::Rows(*kind)).collect();
    let entry = |(report, state)| {
        let records = Records::new(report, &kinds, presentation);
        Object(Deployment { report, state, records, with_health: *view == View::Overview })
    };
    let deployments = Each(|| answer.reports.iter().zip(states).map(entry));
    let body = Body { view: view.word(), tick: *tick, deployments };
    let odd = (answer.failures.as_slice(), answer.warnings.as_slice());
    write_document("watch", answer.generated_at, body, odd, &Screen::PLAIN, out)
}

struct Deployment<'a> {
    report: &'a Report,
    state: &'a DeploymentState,
    records: Records<'a>,
    with_health: bool,
}

impl Members for Deployment<'_> {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let Deployment { report, state, .. } = self;
        let oldest = state.scrapes().map(|scrape| scrape.scraped_at).min().unwrap_or(report.scraped_at);
        identity(map, report, oldest)?;
        members!(map, "duration_ms": state.scrapes().map(|scrape| scrape.duration).max().map(Tenths));
        members!(map, "stale": state.is_stale(), "endpoints": Object(Endpoints(state)));
        self.records.members(map)?;
        if self.with_health {
            members!(map, "health": state.health.as_ref().map(Object));
        }
        members!(map, "series": self.records.series());
        Ok(())
    }
}

struct Endpoints<'a>(&'a DeploymentState);

impl Members for Endpoints<'_> {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        members!(map, "cluster": self.0.cluster.map(Object), "data_integration": self.0.data_integration.map(Object));
        Ok(())
    }
}

/// TOLD.
impl Members for LastScrape {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        members!(map, "scraped_at": Time(self.scraped_at), "duration_ms": Tenths(self.duration), "stale": self.stale);
        Ok(())
    }
}
