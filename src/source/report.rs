//! What is known of one deployment, and what failed or was odd on the way.

use crate::console::Console;
use crate::deployment::{Endpoint, PerEndpoint, Rates, Series, Snapshot};
use crate::exit::Exit;
use crate::exposition::ReadError;
use crate::profile::{ResolveError, Target};
use crate::scrape::{self, Input, ScrapeError};
use crate::units;
use jiff::Timestamp;
use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};

/// One deployment, at one time.
#[derive(Debug)]
pub struct Report {
    /// Which of those that were asked, in the order they were named; one body may tell of several deployments.
    pub index: usize,
    pub profile: Option<String>,
    /// `None` for a saved scrape.
    pub endpoint: Option<String>,
    /// When it was asked, or how old the saved scrape is.
    pub scraped_at: Timestamp,
    /// How long it took to answer; `None` for a saved scrape.
    pub duration: Option<Duration>,
    /// Those endpoints that answered, now or before.
    pub timing: PerEndpoint<Timing>,
    pub snapshot: Snapshot,
    /// How it changed since an earlier round; `None` where there was none.
    pub rates: Option<Rates>,
}

/// Samples of a live answer that are older than this are outdated: for so long a Prometheus goes on telling the last sample of
/// what is gone (its look-back).
pub(super) const MAX_AGE: Duration = Duration::from_secs(300);

/// When an endpoint was asked, and how long it took to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// By a clock that nobody sets.
    pub started: Instant,
    pub scraped_at: Timestamp,
    pub duration: Duration,
    /// It has been asked since, and failed: what it said is old.
    pub stale: bool,
}

impl Report {
    /// What to call it: its profile, else its address.
    pub fn name(&self) -> Option<&String> {
        self.profile.as_ref().or(self.endpoint.as_ref())
    }

    /// The time that its rates were measured over.
    pub fn window(&self) -> Option<Duration> {
        self.rates.as_ref()?.window()
    }

    /// Whether part of it is from an earlier round because an endpoint failed.
    pub fn is_stale(&self) -> bool {
        self.timing.values().any(|timing| timing.stale)
    }

    /// When the oldest part was scraped that is from an earlier round.
    pub fn stale_since(&self) -> Option<Timestamp> {
        self.timing.values().filter(|timing| timing.stale).map(|timing| timing.scraped_at).min()
    }

    /// Takes over from `earlier` what the endpoints that did not answer this time said last; gives what is left of it.
    pub fn complete(&mut self, earlier: Report) -> Snapshot {
        let mut was = earlier.snapshot;
        let now = &mut self.snapshot;
        for (endpoint, timing) in earlier.timing.iter() {
            if self.timing.get(endpoint).is_some() {
                continue;
            }
            match endpoint {
                Endpoint::Cluster => now.metrics = was.metrics.take(),
                Endpoint::DataIntegration => (now.rules, now.resources) = (was.rules.take(), was.resources.take()),
            }
            // Which endpoint a series is of is not known: what did not come again is taken to be of the one that failed.
            let known: BTreeSet<_> = now.series.iter().map(|one| (&one.key, &one.labels)).collect();
            let kept = was.series.drain(..).filter(|one| !known.contains(&(&one.key, &one.labels)));
            let kept: Vec<Series> = kept.collect();
            now.series.extend(kept);
            *self.timing.slot(endpoint) = Some(Timing { stale: true, ..*timing });
        }
        now.identity.complete(std::mem::take(&mut was.identity));
        was
    }

    /// A deployment that gave no answer at all.
    pub fn unanswered(index: usize, profile: Option<String>, endpoint: Option<String>, now: Timestamp) -> Report {
        Report {
            index,
            profile,
            endpoint,
            scraped_at: now,
            duration: None,
            timing: PerEndpoint::default(),
            snapshot: Snapshot::default(),
            rates: None,
        }
    }

    /// Whether anything has come of it.
    pub fn has_answered(&self) -> bool {
        self.duration.is_some() || self.snapshot != Snapshot::default()
    }

    /// The same deployment, of which nothing has come.
    pub fn silent(&self) -> Report {
        Report {
            profile: self.profile.clone(),
            endpoint: self.endpoint.clone(),
            timing: PerEndpoint::default(),
            snapshot: Snapshot { identity: self.snapshot.identity.clone(), ..Snapshot::default() },
            rates: None,
            ..*self
        }
    }

    /// Nothing of it has come this time.
    pub fn expire(&mut self) {
        self.rates = None;
        for endpoint in Endpoint::ALL {
            if let Some(timing) = self.timing.slot(endpoint) {
                timing.stale = true;
            }
        }
    }

    /// How long ago the oldest of what it tells was taken: by the samples' own timestamps where they carry some, else by the
    /// time of the scrape.
    pub fn age_of_samples(&self, now: Timestamp) -> Duration {
        let stamped = self.snapshot.times.and_then(|times| Timestamp::from_millisecond(times.oldest_ms).ok());
        let taken_at = stamped.map_or(self.scraped_at, |stamped| stamped.min(self.scraped_at));
        Duration::try_from(now.duration_since(taken_at)).unwrap_or_default()
    }

    /// How old the samples of an answer were when it came, where that is more than `MAX_AGE`: a server that passes on what
    /// others measured may have lost them. A saved scrape is old by nature.
    pub fn outdated(&self) -> Option<Duration> {
        self.endpoint.as_ref()?;
        Some(self.age_of_samples(self.scraped_at)).filter(|age| *age > MAX_AGE)
    }

    /// How far the samples of an answer lie ahead of when it came, where that is more than [`MAX_AGE`]: one of two clocks is wrong.
    pub(super) fn ahead(&self) -> Option<Duration> {
        self.endpoint.as_ref()?;
        let newest = Timestamp::from_millisecond(self.snapshot.times?.newest_ms).ok()?;
        Duration::try_from(newest.duration_since(self.scraped_at)).ok().filter(|ahead| *ahead > MAX_AGE)
    }

    /// How long ago it was asked, in words.
    pub fn age(&self, now: Timestamp) -> String {
        units::ago(Duration::try_from(now.duration_since(self.scraped_at)).unwrap_or_default())
    }
}

/// A deployment, or an endpoint of it, that gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Which of those that were asked, as in [`Report::index`].
    pub index: usize,
    /// Which of its endpoints; `None` where it could not be asked at all.
    pub request: Option<Endpoint>,
    pub profile: Option<String>,
    pub endpoint: Option<String>,
    pub exit: Exit,
    pub message: String,
    pub hint: Option<String>,
    /// How long the server asks not to be asked again.
    pub retry_after: Option<Duration>,
}

/// Something odd that did not stop the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    pub profile: Option<String>,
    pub endpoint: Option<String>,
    pub message: String,
}

impl Warning {
    /// How many are told one by one.
    const MOST: usize = 200;

    /// Keeps so many as somebody may read, and the number of the others: what is odd about a hostile answer, or about many at once,
    /// fills no screen and no log.
    pub fn limit(warnings: &mut Vec<Warning>) {
        let more = warnings.len().saturating_sub(Warning::MOST);
        if more > 0 {
            warnings.truncate(Warning::MOST);
            warnings.push(Warning { profile: None, endpoint: None, message: format!("{more} more warnings") });
        }
    }
}

impl Failure {
    /// Nothing more is known than what went wrong and what to do about it.
    pub fn new(exit: Exit, message: String, hint: Option<String>) -> Failure {
        Failure { index: 0, request: None, profile: None, endpoint: None, exit, message, hint, retry_after: None }
    }

    /// Whom it is about: its profile, else its address.
    pub fn name(&self) -> Option<&String> {
        self.profile.as_ref().or(self.endpoint.as_ref())
    }

    /// `target` was asked and gave no answer.
    pub fn of_scrape(target: &Target, error: &ScrapeError<ReadError>) -> Failure {
        let retry_after = match error {
            ScrapeError::Transport(scrape::Error::TryLater { retry_after, .. }) => *retry_after,
            _ => None,
        };
        let (profile, endpoint) = (target.profile.clone(), Some(target.endpoint.to_string()));
        let failure = Failure::of_error(error);
        let hint = failure.hint.as_deref().map(|hint| target.name_in_commands(hint));
        Failure { profile, endpoint, retry_after, hint, ..failure }
    }

    /// A saved scrape that could not be read.
    pub(super) fn of_input(input: &Input, error: &ScrapeError<ReadError>) -> Failure {
        let failure = Failure::of_error(error);
        match error {
            ScrapeError::Transport(_) => failure,
            // What was received is at hand: there is nothing to hint at.
            ScrapeError::Content(_) => {
                Failure { message: format!("{input}: {}", failure.message), hint: None, ..failure }
            }
        }
    }

    fn of_error(error: &ScrapeError<ReadError>) -> Failure {
        match error {
            ScrapeError::Transport(error) => Failure::new(error.into(), error.to_string(), error.hint()),
            ScrapeError::Content(error) => {
                Failure::new(error.into(), format!("the answer is not metrics: {error}"), error.hint())
            }
        }
    }

    /// Where several endpoints were asked and did not all fail alike, each failure says which it is about.
    pub(super) fn name_endpoints(failures: &mut [Failure], asked: &[Endpoint]) {
        let [first, others @ ..] = failures else { return };
        let are_alike = others.len() + 1 == asked.len() && others.iter().all(|other| other.message == first.message);
        if asked.len() < 2 || are_alike {
            return;
        }
        for failure in failures {
            let path = failure.request.map_or("", Endpoint::path);
            if !failure.message.contains(path) {
                failure.message = format!("{path}: {}", failure.message);
            }
        }
    }

    /// Each of them once: what keeps a deployment from being asked is the same for each of its endpoints.
    pub fn distinct(failures: Vec<Failure>) -> Vec<Failure> {
        let mut seen = HashSet::new();
        failures.into_iter().filter(|failure| seen.insert((failure.index, failure.message.clone()))).collect()
    }

    /// The worst of several: the exit status where no verdict was asked for.
    pub fn worst(failures: &[Failure]) -> Exit {
        failures.iter().map(|failure| failure.exit).max().unwrap_or(Exit::Ok)
    }
}

/// A deployment that could not be asked because of its settings.
impl From<&ResolveError> for Failure {
    fn from(failed: &ResolveError) -> Failure {
        let ResolveError { profile, endpoint, error } = failed;
        Failure {
            profile: profile.clone(),
            endpoint: endpoint.as_ref().map(ToString::to_string),
            ..Failure::new((&**error).into(), error.to_string(), error.hint())
        }
    }
}

/// Says on stderr, after the answer, what was odd and what failed.
pub fn tell(console: &Console, failures: &[Failure], warnings: &[Warning]) {
    let about = |name: Option<&String>, message: &str| {
        name.map_or_else(|| message.to_owned(), |name| format!("{name}: {message}"))
    };
    for Warning { profile, endpoint, message } in warnings {
        console.warning(&about(profile.as_ref().or(endpoint.as_ref()), message));
    }
    for failure in failures {
        console.error(&about(failure.name(), &failure.message), failure.hint.as_deref());
    }
}
