//! Puts together what the scrapes of each deployment said, and how it changed since an earlier round.

use super::fetcher::{Fetcher, Response};
use super::report::{Failure, Report, Timing, Warning};
use crate::deployment::{Collector, Endpoint, PerEndpoint, Rates};
use crate::exposition::ReadError;
use crate::scrape::Scrape;
use std::io::Read;
use std::time::{Duration, Instant};

/// What a round of scrapes brought.
#[derive(Debug, Default)]
pub struct Round {
    /// One for each deployment that a body told of.
    pub reports: Vec<Report>,
    pub failures: Vec<Failure>,
    pub warnings: Vec<Warning>,
}

/// Asks for these endpoints and puts the answers together.
pub fn round(fetcher: &Fetcher, endpoints: &[Endpoint]) -> Round {
    let mut round = Round::default();
    for response in fetcher.fetch(endpoints, read) {
        round.add(response);
    }
    round
}

/// The same of one deployment.
pub fn round_of(fetcher: &Fetcher, index: usize, endpoints: &[Endpoint]) -> Round {
    let mut round = Round::default();
    if let Some(response) = fetcher.fetch_one(index, endpoints, read) {
        round.add(response);
    }
    round
}

fn read(endpoint: Option<Endpoint>, body: &mut dyn Read) -> Result<Collector, ReadError> {
    let mut collector = Collector::new();
    collector.read(endpoint, body).map(|()| collector)
}

impl Round {
    /// Why that endpoint of that deployment gave no answer.
    pub fn failure(&self, index: usize, endpoint: Endpoint) -> Option<&Failure> {
        self.failures.iter().find(|failure| failure.index == index && failure.request == Some(endpoint))
    }

    /// When `window` has passed since every scrape of this round was begun; `None` where there was none.
    pub(super) fn end_of(&self, window: Duration) -> Option<Instant> {
        let timing = self.reports.iter().flat_map(|report| report.timing.values());
        timing.map(|timing| timing.started).max()?.checked_add(window)
    }

    /// Adds to every report the rates since `earlier`, where that round had the deployment.
    pub(super) fn add_rates(&mut self, earlier: &Round) {
        for report in &mut self.reports {
            report.rates = earlier.before(report).map(|before| report.rates_since(before));
        }
    }

    /// The same deployment in this round.
    fn before(&self, later: &Report) -> Option<&Report> {
        let id = |report: &Report| report.snapshot.identity.deployment_id.clone();
        self.reports.iter().find(|report| report.index == later.index && id(report) == id(later))
    }

    fn add(&mut self, response: Response<Collector>) {
        let Response { index, profile, endpoint, scrapes, failures } = response;
        self.failures.extend(failures);
        // The earliest says how old the answer is, the longest how long it took: they ran at the same time.
        let scraped_at = scrapes.iter().map(|(_, scrape)| scrape.scraped_at).min();
        let Some(scraped_at) = scraped_at else { return };
        let longest = scrapes.iter().map(|(_, scrape)| scrape.duration).max();
        let duration = longest.filter(|_| endpoint.is_some());
        let timing = PerEndpoint::from_fn(|wanted| {
            let (_, scrape) = scrapes.iter().find(|(endpoint, _)| *endpoint == Some(wanted))?;
            let Scrape { started, scraped_at, duration, .. } = *scrape;
            Some(Timing { started, scraped_at, duration, stale: false })
        });
        let mut collector = Collector::new();
        for (_, scrape) in scrapes {
            collector.merge(scrape.value);
        }
        let (snapshots, warnings) = collector.finish();
        self.reports.extend(snapshots.into_iter().map(|snapshot| {
            let (profile, endpoint) = (profile.clone(), endpoint.clone());
            Report { index, profile, endpoint, scraped_at, duration, timing, snapshot, rates: None }
        }));
        self.warnings.extend(warnings.into_iter().map(|message| Warning {
            profile: profile.clone(),
            endpoint: endpoint.clone(),
            message,
        }));
    }
}

impl Report {
    /// How it changed since `before`, which is of the same deployment.
    pub fn rates_since(&self, before: &Report) -> Rates {
        let elapsed = PerEndpoint::from_fn(|endpoint| {
            let (earlier, later) = (before.timing.get(endpoint)?, self.timing.get(endpoint)?);
            Some(later.started.saturating_duration_since(earlier.started))
        });
        Rates::between(&before.snapshot, &self.snapshot, elapsed)
    }
}
