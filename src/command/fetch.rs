//! Asks the deployments that the options mean, several at a time, or reads the saved scrapes.

use super::failure;
use super::session::{Console, Session};
use super::source::{Asked, Source};
use crate::exit::Exit;
use crate::exposition::ReadError;
use crate::profile::{Failed, Resolved};
use crate::scrape::{self, Client, Endpoint, Input, Scrape, ScrapeError};
use crate::simulate::Demo;
use crate::view::{Failure, number};
use jiff::Timestamp;
use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How many deployments are asked at the same time: enough to hide their waiting, few enough to be no burden.
pub const AT_ONCE: usize = 16;

/// Asks the deployments that the options mean, as often as wanted, on connections that stay open.
pub struct Fetcher {
    console: Console,
    source: Ready,
}

/// A source with everything set up that one round needs and the next can use again.
enum Ready {
    Live {
        askers: Vec<Result<Asker, Failure>>,
        /// Serves as long as it is held.
        _demo: Option<Box<Demo>>,
    },
    Saved(Vec<Input>, u64),
}

/// One deployment and the connections to it.
struct Asker {
    asked: Asked,
    client: Client,
}

/// What one deployment answered in one round; or all the saved scrapes together.
pub struct Fetched<T> {
    /// Which of the deployments, in the order they were named.
    pub index: usize,
    /// `None` for an address without a profile and for saved scrapes.
    pub profile: Option<String>,
    /// `None` for saved scrapes.
    pub endpoint: Option<String>,
    /// In the order of the endpoints or files, a file without endpoint; those that failed are missing here.
    pub scrapes: Vec<(Option<Endpoint>, Scrape<T>)>,
    pub failures: Vec<(Option<Endpoint>, Failure)>,
    /// How long the server asks not to be asked again.
    pub waits: Vec<(Endpoint, Duration)>,
}

impl Fetcher {
    /// Resolves the options into deployments: profiles, secrets, certificates. Connects to nothing yet.
    ///
    /// # Errors
    /// The command line is wrong. What keeps a deployment from being asked is a failure in every round.
    pub fn open(session: &Session<'_>) -> anyhow::Result<Fetcher> {
        let console = session.console;
        let source = match Source::of(session) {
            Ok(Source::Saved(inputs, max_body)) => Ready::Saved(inputs, max_body),
            Ok(Source::Demo(demo)) => {
                let askers = vec![Asker::new(Asked::demo(&demo), &console)];
                Ready::Live { askers, _demo: Some(demo) }
            }
            Ok(Source::Live(targets)) => {
                let askers = each(&targets, |target: &Result<Resolved, Failed>| {
                    let asked = target.as_ref().map_err(Clone::clone).and_then(Asked::of);
                    asked.map_err(|failed| failure::of_profile(&failed)).and_then(|asked| Asker::new(asked, &console))
                });
                Ready::Live { askers, _demo: None }
            }
            Err(error) => match failure::classify(&error) {
                (Exit::Usage | Exit::Bug, _) => return Err(error),
                (exit, hint) => {
                    let message = format!("{error:#}");
                    let failure = Failure { profile: None, endpoint: None, exit, message, hint };
                    Ready::Live { askers: vec![Err(failure)], _demo: None }
                }
            },
        };
        Ok(Fetcher { console, source })
    }

    /// Where it says what it does.
    pub fn console(&self) -> &Console {
        &self.console
    }

    /// Whether it reads saved scrapes, which do not change.
    pub fn is_saved(&self) -> bool {
        matches!(self.source, Ready::Saved(..))
    }

    /// Every deployment, in the order they were named; `None` for one that cannot be asked. Saved scrapes are none.
    pub fn deployments(&self) -> impl Iterator<Item = Option<&Asked>> {
        let askers = match &self.source {
            Ready::Live { askers, .. } => askers.as_slice(),
            Ready::Saved(..) => &[],
        };
        askers.iter().map(|asker| asker.as_ref().ok().map(|asker| &asker.asked))
    }

    /// What is known of the deployment `index` beside its metrics; `None` for saved scrapes and what cannot be asked.
    pub fn asked(&self, index: usize) -> Option<&Asked> {
        match &self.source {
            Ready::Live { askers, .. } => askers.get(index)?.as_ref().ok().map(|asker| &asker.asked),
            Ready::Saved(..) => None,
        }
    }

    /// How many deployments are asked; saved scrapes count as one.
    pub fn count(&self) -> usize {
        match &self.source {
            Ready::Live { askers, .. } => askers.len(),
            Ready::Saved(..) => 1,
        }
    }

    /// Asks one deployment for these endpoints, all at the same time.
    pub fn ask<T: Send>(
        &self,
        index: usize,
        endpoints: &[Endpoint],
        read: impl Fn(Option<Endpoint>, &mut dyn Read) -> Result<T, ReadError> + Sync,
    ) -> Option<Fetched<T>> {
        let fetched = match &self.source {
            Ready::Saved(inputs, max_body) => read_saved(inputs, *max_body, &read),
            Ready::Live { askers, .. } => ask(askers.get(index)?, endpoints, &self.console, &read),
        };
        Some(Fetched { index, ..fetched })
    }

    /// Asks every deployment for these endpoints, all endpoints of one at the same time. `read` takes a body in, once for
    /// each attempt.
    pub fn round<T: Send>(
        &self,
        endpoints: &[Endpoint],
        read: impl Fn(Option<Endpoint>, &mut dyn Read) -> Result<T, ReadError> + Sync,
    ) -> Vec<Fetched<T>> {
        let mut all = match &self.source {
            Ready::Saved(inputs, max_body) => vec![read_saved(inputs, *max_body, &read)],
            Ready::Live { askers, .. } => each(askers, |asker| ask(asker, endpoints, &self.console, &read)),
        };
        for (index, fetched) in all.iter_mut().enumerate() {
            fetched.index = index;
        }
        all
    }
}

impl<T> Fetched<T> {
    fn nothing(failure: Failure) -> Fetched<T> {
        let (profile, endpoint) = (failure.profile.clone(), failure.endpoint.clone());
        Fetched { index: 0, profile, endpoint, scrapes: Vec::new(), failures: vec![(None, failure)], waits: Vec::new() }
    }

    fn add(&mut self, endpoint: Option<Endpoint>, outcome: Result<Scrape<T>, Failure>) {
        match outcome {
            Ok(scrape) => self.scrapes.push((endpoint, scrape)),
            Err(failure) => self.failures.push((endpoint, failure)),
        }
    }
}

impl Asker {
    fn new(asked: Asked, console: &Console) -> Result<Asker, Failure> {
        let target = &asked.target;
        if target.connect.insecure {
            console.caution(&format!(
                "{}: certificates are not checked (insecure): whoever is in between can read the APP Secret",
                asked.name()
            ));
        }
        let client = Client::new(target).map_err(|error| failure::of_scrape(target, &ScrapeError::Transport(error)))?;
        Ok(Asker { asked, client })
    }

    fn ask<T: Send>(
        &self,
        endpoints: &[Endpoint],
        console: &Console,
        read: &(impl Fn(Option<Endpoint>, &mut dyn Read) -> Result<T, ReadError> + Sync),
    ) -> Fetched<T> {
        let (target, name) = (&self.asked.target, self.asked.name());
        let (profile, address) = (target.profile.clone(), Some(target.endpoint.to_string()));
        let mut fetched = Fetched {
            index: 0,
            profile,
            endpoint: address,
            scrapes: Vec::new(),
            failures: Vec::new(),
            waits: Vec::new(),
        };
        let outcomes = each(endpoints, |endpoint| {
            console.note(&format!("{name}: asking {}", self.client.url(*endpoint)));
            self.client.scrape(*endpoint, |body| read(Some(*endpoint), body))
        });
        for (endpoint, outcome) in endpoints.iter().zip(outcomes) {
            if let Ok(scrape) = &outcome {
                console.note(&format!("{name}: {} answered in {}", scrape.url, number::took(scrape.duration)));
            }
            if let Err(ScrapeError::Transport(scrape::Error::TryLater { retry_after: Some(wait), .. })) = &outcome {
                fetched.waits.push((*endpoint, *wait));
            }
            fetched.add(Some(*endpoint), outcome.map_err(|error| failure::of_scrape(target, &error)));
        }
        fetched
    }
}

fn ask<T: Send>(
    asker: &Result<Asker, Failure>,
    endpoints: &[Endpoint],
    console: &Console,
    read: &(impl Fn(Option<Endpoint>, &mut dyn Read) -> Result<T, ReadError> + Sync),
) -> Fetched<T> {
    match asker {
        Ok(asker) => asker.ask(endpoints, console, read),
        Err(failure) => Fetched::nothing(failure.clone()),
    }
}

fn read_saved<T>(
    inputs: &[Input],
    max_body: u64,
    read: &impl Fn(Option<Endpoint>, &mut dyn Read) -> Result<T, ReadError>,
) -> Fetched<T> {
    let mut fetched = Fetched {
        index: 0,
        profile: None,
        endpoint: None,
        scrapes: Vec::new(),
        failures: Vec::new(),
        waits: Vec::new(),
    };
    for input in inputs {
        let outcome = input.scrape(max_body, |body| read(None, body));
        fetched.add(None, outcome.map_err(|error| failure::of_input(input, &error)));
    }
    fetched
}

/// When the scrapes of a round were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// The earliest: it says how old the answer is.
    pub scraped_at: Timestamp,
    /// The longest: they ran at the same time.
    pub duration: Duration,
}

impl Times {
    /// `None` where there is no scrape.
    pub fn of<T>(scrapes: &[(Option<Endpoint>, Scrape<T>)]) -> Option<Times> {
        let scraped_at = scrapes.iter().map(|(_, scrape)| scrape.scraped_at).min()?;
        let duration = scrapes.iter().map(|(_, scrape)| scrape.duration).max()?;
        Some(Times { scraped_at, duration })
    }
}

/// `work` on every item, several at a time; the results in the items' order.
fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if let [only] = items {
        return vec![work(only)];
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    std::thread::scope(|scope| {
        for _ in 0..items.len().min(AT_ONCE) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let result = work(item);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
