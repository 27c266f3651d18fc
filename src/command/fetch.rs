//! Asks the deployments that the options mean, several at a time, or reads the saved scrapes.

use super::failure;
use super::session::{Console, Session};
use super::source::{Asked, Source};
use crate::exit::Exit;
use crate::exposition::ReadError;
use crate::profile::{Failed, Resolved};
use crate::scrape::{Client, Endpoint, Input, Scrape, ScrapeError};
use crate::view::{Failure, number};
use jiff::Timestamp;
use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How many deployments are asked at the same time: enough to hide their waiting, few enough to be no burden.
const AT_ONCE: usize = 16;

/// What one deployment answered; or all the saved scrapes together.
pub struct Fetched<T> {
    /// `None` for an address without a profile and for saved scrapes.
    pub profile: Option<String>,
    /// `None` for saved scrapes.
    pub endpoint: Option<String>,
    /// In the order of the endpoints or files; those that failed are missing here.
    pub scrapes: Vec<Scrape<T>>,
    pub failures: Vec<Failure>,
}

/// Asks every deployment for these endpoints, all endpoints of one at the same time. `read` takes a body in, once for each attempt.
///
/// # Errors
/// The command line is wrong. Whatever else keeps a deployment from answering is a failure in the answer.
pub fn fetch<T: Send>(
    session: &Session<'_>,
    endpoints: &[Endpoint],
    read: impl Fn(Option<Endpoint>, &mut dyn Read) -> Result<T, ReadError> + Sync,
) -> anyhow::Result<Vec<Fetched<T>>> {
    let console = &session.console;
    let ask = |asked: &Asked| ask(asked, endpoints, console, &read);
    Ok(match Source::of(session) {
        Ok(Source::Saved(inputs, max_body)) => vec![read_saved(&inputs, max_body, &read)],
        Ok(Source::Demo(demo)) => vec![ask(&Asked::demo(&demo))],
        Ok(Source::Live(targets)) => each(&targets, |target: &Result<Resolved, Failed>| {
            let asked = target.as_ref().map_err(Clone::clone).and_then(Asked::of);
            asked.map_or_else(|failed| Fetched::nothing(failure::of_profile(&failed)), |asked| ask(&asked))
        }),
        Err(error) => match failure::classify(&error) {
            (Exit::Usage | Exit::Bug, _) => return Err(error),
            (exit, hint) => {
                let message = format!("{error:#}");
                vec![Fetched::nothing(Failure { profile: None, endpoint: None, exit, message, hint })]
            }
        },
    })
}

impl<T> Fetched<T> {
    fn nothing(failure: Failure) -> Fetched<T> {
        let (profile, endpoint) = (failure.profile.clone(), failure.endpoint.clone());
        Fetched { profile, endpoint, scrapes: Vec::new(), failures: vec![failure] }
    }

    fn add(&mut self, outcome: Result<Scrape<T>, Failure>) {
        match outcome {
            Ok(scrape) => self.scrapes.push(scrape),
            Err(failure) => self.failures.push(failure),
        }
    }
}

fn ask<T: Send>(
    asked: &Asked,
    endpoints: &[Endpoint],
    console: &Console,
    read: &(impl Fn(Option<Endpoint>, &mut dyn Read) -> Result<T, ReadError> + Sync),
) -> Fetched<T> {
    let target = &asked.target;
    let name = target.profile.clone().unwrap_or_else(|| target.endpoint.to_string());
    if target.connect.insecure {
        console.caution(&format!(
            "{name}: certificates are not checked (insecure): whoever is in between can read the APP Secret"
        ));
    }
    let client = match Client::new(target) {
        Ok(client) => client,
        Err(error) => return Fetched::nothing(failure::of_scrape(target, &ScrapeError::Transport(error))),
    };
    let mut fetched = Fetched {
        profile: target.profile.clone(),
        endpoint: Some(target.endpoint.to_string()),
        scrapes: Vec::new(),
        failures: Vec::new(),
    };
    let outcomes = each(endpoints, |endpoint| {
        console.note(&format!("{name}: asking {}", client.url(*endpoint)));
        client.scrape(*endpoint, |body| read(Some(*endpoint), body))
    });
    for outcome in outcomes {
        if let Ok(scrape) = &outcome {
            console.note(&format!("{name}: {} answered in {}", scrape.url, number::took(scrape.duration)));
        }
        fetched.add(outcome.map_err(|error| failure::of_scrape(target, &error)));
    }
    fetched
}

fn read_saved<T>(
    inputs: &[Input],
    max_body: u64,
    read: &impl Fn(Option<Endpoint>, &mut dyn Read) -> Result<T, ReadError>,
) -> Fetched<T> {
    let mut fetched = Fetched { profile: None, endpoint: None, scrapes: Vec::new(), failures: Vec::new() };
    for input in inputs {
        let outcome = input.scrape(max_body, |body| read(None, body));
        fetched.add(outcome.map_err(|error| failure::of_input(input, &error)));
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
    pub fn of<T>(scrapes: &[Scrape<T>]) -> Option<Times> {
        let scraped_at = scrapes.iter().map(|scrape| scrape.scraped_at).min()?;
        let duration = scrapes.iter().map(|scrape| scrape.duration).max()?;
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
