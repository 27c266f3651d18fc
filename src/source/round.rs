//! Puts together what the scrapes of each deployment said, and how it changed since an earlier round.

use super::fetcher::{Fetcher, Response};
use super::report::{Failure, MAX_AGE, Report, Timing, Warning};
use crate::deployment::{Collected, Collector, Endpoint, PerEndpoint, Rates, Silence};
use crate::exit::Exit;
use crate::exposition::ReadError;
use crate::scrape::Scrape;
use crate::units;
use std::collections::HashMap;
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
    let mut all = Round::default();
    for mut one in fetcher.each(endpoints, |index| round_of(fetcher, index, endpoints)) {
        all.reports.append(&mut one.reports);
        all.failures.append(&mut one.failures);
        all.warnings.append(&mut one.warnings);
    }
    Warning::limit(&mut all.warnings);
    all
}

/// The same of one deployment.
pub fn round_of(fetcher: &Fetcher, index: usize, endpoints: &[Endpoint]) -> Round {
    let mut round = Round::default();
    if let Some(response) = fetcher.fetch_one(index, endpoints, read) {
        round.add(confirmed(fetcher, response, endpoints));
    }
    round
}

/// A deployment without rules answers the second endpoint with nothing; so does one that is not well. Where only that
/// endpoint was asked, the first one is asked too and tells which it is.
fn confirmed(fetcher: &Fetcher, mut response: Response<Collector>, endpoints: &[Endpoint]) -> Response<Collector> {
    let [(Some(Endpoint::DataIntegration), scrape)] = response.scrapes.as_mut_slice() else { return response };
    if endpoints.contains(&Endpoint::Cluster) || !scrape.value.is_empty() {
        return response;
    }
    let cluster = fetcher.fetch_one(response.index, &[Endpoint::Cluster], read);
    let Some(Response { scrapes, failures, .. }) = cluster else { return response };
    if scrapes.iter().any(|(_, cluster)| cluster.value.tells_of_cluster()) {
        scrape.value.trust_empty();
    }
    response.failures.extend(failures);
    response
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
        let id = |report: &Report| (report.index, report.snapshot.identity.deployment_id.clone());
        let earlier: HashMap<_, &Report> = earlier.reports.iter().map(|report| (id(report), report)).collect();
        for report in &mut self.reports {
            report.rates = earlier.get(&id(report)).map(|before| report.rates_since(before));
        }
    }

    fn add(&mut self, response: Response<Collector>) {
        let Response { index, profile, endpoint, scrapes, failures, redactor } = response;
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
        let (saved, empty_files) =
            (endpoint.is_none(), scrapes.iter().filter(|(_, scrape)| scrape.value.is_empty()).count());
        let whose = |message: String| Warning {
            profile: profile.clone(),
            endpoint: endpoint.clone(),
            message: redactor.redact(&message),
        };
        let mut collector = Collector::new();
        for (_, scrape) in scrapes {
            collector.merge(scrape.value);
        }
        let is_empty = collector.is_empty();
        let Collected { snapshots, warnings, silent } = collector.finish();
        let failure = |request, message: String, hint: &str| Failure {
            index,
            request,
            profile: profile.clone(),
            endpoint: endpoint.clone(),
            ..Failure::new(Exit::BadData, message, Some(hint.to_owned()))
        };
        for (asked, silence) in silent.iter() {
            let (what, hint) = match silence {
                Silence::Empty => ("the answer is empty: no metric was received", EMPTY_ANSWER),
                Silence::OfOthers => ("the answer holds metrics, and none of rules or resources", STRANGE_ANSWER),
            };
            self.failures.push(failure(Some(asked), format!("{}: {what}", asked.path()), hint));
        }
        if saved && is_empty {
            let message = "what was read is empty: it holds no metrics".to_owned();
            self.failures.push(failure(None, message, EMPTY_FILE));
        } else if saved && empty_files > 0 {
            self.warnings.push(whose("one of the files that were read is empty: it holds no metrics".to_owned()));
        }
        let told_before = self.reports.len();
        self.reports.extend(snapshots.into_iter().map(|snapshot| {
            let (profile, endpoint) = (profile.clone(), endpoint.clone());
            Report { index, profile, endpoint, scraped_at, duration, timing, snapshot, rates: None }
        }));
        self.warnings.extend(warnings.into_iter().map(whose));
        let outdated = self.reports.iter().skip(told_before).filter_map(Report::outdated).max();
        let ahead = self.reports.iter().skip(told_before).filter_map(Report::ahead).max();
        self.warnings.extend(outdated.map(outdated_by).into_iter().chain(ahead.map(ahead_by)).map(whose));
    }
}

const EMPTY_ANSWER: &str = "the deployment may have just been started; if it stays so, ask the platform's support";
const STRANGE_ANSWER: &str =
    "something else may answer at that address: see what it says with 'emqstat scrape data-integration'";
const EMPTY_FILE: &str = "a scrape that failed leaves an empty file: scrape again, and look at what it says";

/// That the samples are older than `MAX_AGE`, in words.
pub fn outdated_by(age: Duration) -> String {
    let (age, limit) = (units::took(age), units::took(MAX_AGE));
    format!("the samples carry timestamps that are {age} old, more than {limit}: they do not tell of now")
}

fn ahead_by(ahead: Duration) -> String {
    format!("the samples carry timestamps that are {} ahead of this machine's clock", units::took(ahead))
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
