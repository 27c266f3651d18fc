//! Puts together what the scrapes of each deployment said, and how it changed since an earlier round.

use super::fetch::{Fetched, Fetcher, Times};
use crate::deployment::{Collected, Collector, Elapsed, Rates};
use crate::exit::Exit;
use crate::exposition::ReadError;
use crate::scrape::{Endpoint, Scrape};
use crate::view::{Failure, Report, Warning};
use std::io::Read;
use std::time::{Duration, Instant};

/// What a round of scrapes brought.
#[derive(Debug, Default)]
pub struct Gathered {
    /// One for each deployment that a body told of.
    pub readings: Vec<Reading>,
    pub failures: Vec<Failure>,
    /// Whose each of the failures is: which of the deployments, and which of its endpoints if it could be asked at all.
    pub failed: Vec<(usize, Option<Endpoint>)>,
    /// How long a server asks not to be asked again, and which of the deployments that is.
    pub waits: Vec<(usize, Endpoint, Duration)>,
    pub warnings: Vec<Warning>,
}

/// One deployment in one round.
#[derive(Debug)]
pub struct Reading {
    /// Which of the deployments that were asked; several bodies of one may tell of several deployments.
    pub index: usize,
    pub report: Report,
    pub moments: Moments,
}

/// When each endpoint was asked, and how long it took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Moments {
    pub cluster: Option<(Instant, Duration)>,
    pub data_integration: Option<(Instant, Duration)>,
}

fn read(endpoint: Option<Endpoint>, body: &mut dyn Read) -> Result<Collector, ReadError> {
    let mut collector = Collector::new();
    collector.read(endpoint, body).map(|()| collector)
}

/// Asks one deployment for these endpoints.
pub fn gather_one(fetcher: &Fetcher, index: usize, endpoints: &[Endpoint]) -> Gathered {
    let mut gathered = Gathered::default();
    if let Some(fetched) = fetcher.ask(index, endpoints, read) {
        gathered.take(fetched);
    }
    gathered
}

/// Asks for these endpoints and puts the answers together.
pub fn gather(fetcher: &Fetcher, endpoints: &[Endpoint]) -> Gathered {
    let mut gathered = Gathered::default();
    for fetched in fetcher.round(endpoints, read) {
        gathered.take(fetched);
    }
    gathered
}

impl Gathered {
    /// The exit status where no verdict was asked for: the worst of the failures.
    pub fn exit(&self) -> Exit {
        self.failures.iter().map(|failure| failure.exit).max().unwrap_or(Exit::Ok)
    }

    /// Why that endpoint of that deployment gave no answer.
    pub fn failure(&self, index: usize, endpoint: Endpoint) -> Option<&Failure> {
        let at = self.failed.iter().position(|failed| *failed == (index, Some(endpoint)))?;
        self.failures.get(at)
    }

    /// When `window` has passed since every scrape of this round was begun; `None` where there was none.
    pub fn until(&self, window: Duration) -> Option<Instant> {
        let moments = self.readings.iter().map(|reading| reading.moments);
        let begun = moments.flat_map(|moments| [moments.cluster, moments.data_integration]).flatten();
        begun.map(|(begun, _)| begun).max()?.checked_add(window)
    }

    /// Adds to every report the rates since `earlier`, where that round had the deployment.
    pub fn add_rates(&mut self, earlier: &Gathered) {
        for reading in &mut self.readings {
            reading.report.rates = earlier.before(reading).map(|before| reading.rates_since(before));
        }
    }

    /// The same deployment in this round.
    fn before(&self, later: &Reading) -> Option<&Reading> {
        let id = |reading: &Reading| reading.report.snapshot.identity.deployment_id.clone();
        self.readings.iter().find(|reading| reading.index == later.index && id(reading) == id(later))
    }

    fn take(&mut self, fetched: Fetched<Collector>) {
        let Fetched { index, profile, endpoint, scrapes, failures, waits } = fetched;
        self.waits.extend(waits.into_iter().map(|(endpoint, wait)| (index, endpoint, wait)));
        for (endpoint, failure) in failures {
            self.failures.push(failure);
            self.failed.push((index, endpoint));
        }
        let Some(Times { scraped_at, duration }) = Times::of(&scrapes) else { return };
        let moments = Moments::of(&scrapes);
        let mut collector = Collector::new();
        for (_, scrape) in scrapes {
            collector.merge(scrape.value);
        }
        let Collected { snapshots, warnings } = collector.finish();
        let duration = endpoint.is_some().then_some(duration);
        self.readings.extend(snapshots.into_iter().map(|snapshot| {
            let (profile, endpoint) = (profile.clone(), endpoint.clone());
            let report = Report { profile, endpoint, scraped_at, duration, snapshot, rates: None };
            Reading { index, report, moments }
        }));
        self.warnings.extend(warnings.into_iter().map(|warning| Warning {
            profile: profile.clone(),
            endpoint: endpoint.clone(),
            message: warning.message,
        }));
    }
}

impl Reading {
    fn rates_since(&self, before: &Reading) -> Rates {
        let between = |earlier: Option<(Instant, Duration)>, later: Option<(Instant, Duration)>| {
            Some(later?.0.saturating_duration_since(earlier?.0))
        };
        let elapsed = Elapsed {
            cluster: between(before.moments.cluster, self.moments.cluster),
            data_integration: between(before.moments.data_integration, self.moments.data_integration),
        };
        Rates::between(&before.report.snapshot, &self.report.snapshot, elapsed)
    }
}

impl Moments {
    /// Those of one endpoint; `None` where it was not asked or gave no answer.
    pub fn of_endpoint(&self, endpoint: Endpoint) -> Option<(Instant, Duration)> {
        match endpoint {
            Endpoint::Cluster => self.cluster,
            Endpoint::DataIntegration => self.data_integration,
        }
    }

    fn of<T>(scrapes: &[(Option<Endpoint>, Scrape<T>)]) -> Moments {
        let of = |wanted| {
            let (_, scrape) = scrapes.iter().find(|(endpoint, _)| *endpoint == Some(wanted))?;
            Some((scrape.started, scrape.duration))
        };
        Moments { cluster: of(Endpoint::Cluster), data_integration: of(Endpoint::DataIntegration) }
    }
}
