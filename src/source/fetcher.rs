//! Asks the deployments that are meant, several at a time, or reads the saved scrapes.

use super::demo;
use super::parallel::{Tell, at_once, each, may_stay_open, raise_descriptors, together};
use super::report::Failure;
use crate::console::Console;
use crate::deployment::Endpoint;
use crate::exposition::ReadError;
use crate::profile::{Connect, Environment, Redactor, ResolveError, Resolved, Target};
use crate::scrape::{Client, Deadline, Input, Proxies, Scrape, ScrapeError, System};
use crate::simulate::Server;
use crate::units;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

/// What to ask.
pub enum Source {
    /// Deployments, in the order they were named; what keeps one of them from being asked stands in its place.
    Live(Vec<Result<Resolved, ResolveError>>),
    /// The simulated deployment.
    Demo(Connect),
    /// Saved scrapes, and the largest size taken of one, in bytes.
    Saved(Vec<Input>, u64),
}

/// How often everybody is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounds {
    /// Connections are closed as they are read.
    One,
    /// Connections stay open from one round to the next, where there are descriptors for all of them.
    Several,
}

impl Rounds {
    /// Two where change is looked for, and that takes a window.
    pub fn with_window(window: Option<Duration>) -> Rounds {
        if window.is_some() { Rounds::Several } else { Rounds::One }
    }
}

/// Asks the deployments of a [`Source`].
pub struct Fetcher {
    console: Console,
    peers: Peers,
    /// The simulated deployment serves as long as it is held.
    _demo: Option<Server>,
}

/// How many of those that are waited for are named.
const NAMED: usize = 3;

/// Whom to ask, with everything set up that one round needs and the next can use again.
enum Peers {
    Live(Vec<Result<Client, Box<Failure>>>),
    Saved(Vec<Input>, u64),
}

/// What one deployment answered in one round; or all the saved scrapes together.
pub struct Response<T> {
    /// As in [`super::Report::index`].
    pub index: usize,
    /// `None` for an address without a profile and for saved scrapes.
    pub profile: Option<String>,
    /// `None` for saved scrapes.
    pub endpoint: Option<String>,
    /// In the order of the endpoints or files, a file without endpoint; those that failed are missing here.
    pub scrapes: Vec<(Option<Endpoint>, Scrape<T>)>,
    pub failures: Vec<Failure>,
    /// Keeps the deployment's credentials out of what is said about its answers.
    pub redactor: Redactor,
}

impl Fetcher {
    /// Gets everything ready: secrets, certificates, the simulated deployment. Connects to nothing yet. What keeps a deployment
    /// from being asked is a failure in every round.
    pub fn new(
        source: Source,
        rounds: Rounds,
        deadline: Option<Deadline>,
        environment: Environment<'_>,
        console: Console,
    ) -> Fetcher {
        let mut server = None;
        let count = if let Source::Live(deployments) = &source { deployments.len() } else { 1 };
        if count > 1 {
            raise_descriptors();
        }
        let keep_alive = rounds == Rounds::Several && may_stay_open(count * Endpoint::ALL.len());
        let proxies = Proxies::from_env(|name| environment.raw(name));
        let system = Arc::new(System { deadline, ..System::new(proxies, keep_alive) });
        let peers = match source {
            Source::Saved(inputs, max_body) => Peers::Saved(inputs, max_body),
            Source::Demo(connect) => Peers::Live(vec![match demo::start(connect) {
                Ok((started, target)) => {
                    server = Some(started);
                    client(target, &system)
                }
                Err(error) => Err(Box::new(Failure::new((&error).into(), error.to_string(), error.hint()))),
            }]),
            Source::Live(deployments) => {
                let set_up = |_: usize, resolved: &Result<Resolved, ResolveError>| {
                    let target = |resolved: &Resolved| {
                        let target = resolved.target(environment)?;
                        for warning in resolved.warnings() {
                            console.caution(&format!("{}: {warning}", target.name()));
                        }
                        Ok(target)
                    };
                    let target = resolved.as_ref().map_err(Clone::clone).and_then(target);
                    target.map_err(|failed| Box::new(Failure::from(&failed))).and_then(|target| client(target, &system))
                };
                // A secret may come from a command, which takes its time and a few descriptors.
                Peers::Live(each(&deployments, at_once(count, 2), set_up, None))
            }
        };
        Fetcher { console, peers, _demo: server }
    }

    /// Where it says what it does.
    pub(super) fn console(&self) -> &Console {
        &self.console
    }

    /// Whether it reads saved scrapes, which do not change.
    pub fn is_saved(&self) -> bool {
        matches!(self.peers, Peers::Saved(..))
    }

    /// Every deployment, in the order they were named; `None` for one that cannot be asked. Saved scrapes are none.
    pub fn targets(&self) -> impl Iterator<Item = Option<&Target>> {
        let peers = match &self.peers {
            Peers::Live(peers) => peers.as_slice(),
            Peers::Saved(..) => &[],
        };
        peers.iter().map(|peer| peer.as_ref().ok().map(Client::target))
    }

    /// How many deployments are asked; saved scrapes count as one.
    pub fn count(&self) -> usize {
        match &self.peers {
            Peers::Live(peers) => peers.len(),
            Peers::Saved(..) => 1,
        }
    }

    /// Asks one deployment for these endpoints, all at the same time. `None` where there are not so many.
    pub(super) fn fetch_one<T: Send>(
        &self,
        index: usize,
        endpoints: &[Endpoint],
        read: impl Fn(Option<Endpoint>, &mut dyn Read) -> Result<T, ReadError> + Sync,
    ) -> Option<Response<T>> {
        match &self.peers {
            Peers::Saved(inputs, max_body) => Some(read_saved(inputs, *max_body, &read)),
            Peers::Live(peers) => Some(self.ask(index, peers.get(index)?, endpoints, &read)),
        }
    }

    /// Asks every deployment for these endpoints, all endpoints of one at the same time. `read` takes a body in, once for
    /// each attempt.
    pub fn fetch<T: Send>(
        &self,
        endpoints: &[Endpoint],
        read: impl Fn(Option<Endpoint>, &mut dyn Read) -> Result<T, ReadError> + Sync,
    ) -> Vec<Response<T>> {
        self.each(endpoints, |index| self.fetch_one(index, endpoints, &read)).into_iter().flatten().collect()
    }

    /// `work` for every deployment, as many at a time as can be asked for these endpoints; the results in the order of the deployments. A terminal
    /// is told who is waited for.
    pub(super) fn each<R: Send>(&self, endpoints: &[Endpoint], work: impl Fn(usize) -> R + Sync) -> Vec<R> {
        let all: Vec<usize> = (0..self.count()).collect();
        // Whoever types into `--input -` knows what is waited for.
        let line = self.console.waiting().filter(|_| !self.is_saved());
        let tell = line.as_ref().map(|line| {
            |missing: &[usize]| {
                let targets: Vec<Option<&Target>> = self.targets().collect();
                let names = missing.iter().filter_map(|index| Some((*targets.get(*index)?)?.name()));
                let names: Vec<String> = names.take(NAMED).collect();
                line.tell(&names, missing.len(), all.len());
            }
        });
        let tell = tell.as_ref().map(|tell| tell as Tell<'_>);
        each(&all, self.at_once(endpoints), |_, index| work(*index), tell)
    }

    /// How many deployments can be asked for these endpoints at the same time.
    pub(super) fn at_once(&self, endpoints: &[Endpoint]) -> usize {
        at_once(self.count(), endpoints.len())
    }

    fn ask<T: Send>(
        &self,
        index: usize,
        peer: &Result<Client, Box<Failure>>,
        endpoints: &[Endpoint],
        read: &(impl Fn(Option<Endpoint>, &mut dyn Read) -> Result<T, ReadError> + Sync),
    ) -> Response<T> {
        let client = match peer {
            Ok(client) => client,
            Err(failure) => {
                let failure = Failure { index, ..(**failure).clone() };
                let (profile, endpoint) = (failure.profile.clone(), failure.endpoint.clone());
                let (scrapes, redactor) = (Vec::new(), Redactor::default());
                return Response { index, profile, endpoint, scrapes, failures: vec![failure], redactor };
            }
        };
        let (target, name) = (client.target(), client.target().name());
        let outcomes = together(endpoints, |endpoint| {
            self.console.note(&format!("{name}: asking {}", client.url(endpoint.path())));
            client.scrape(endpoint.path(), |body| read(Some(*endpoint), body))
        });
        let (profile, endpoint) = (target.profile.clone(), Some(target.endpoint.to_string()));
        let redactor = client.redactor().clone();
        let mut response = Response { index, profile, endpoint, scrapes: Vec::new(), failures: Vec::new(), redactor };
        for (&endpoint, outcome) in endpoints.iter().zip(outcomes) {
            if let Ok(scrape) = &outcome {
                self.console.note(&format!("{name}: {} answered in {}", scrape.url, units::took(scrape.duration)));
            }
            response.add(Some(endpoint), outcome, |error| Failure::of_scrape(target, error));
        }
        Failure::name_endpoints(&mut response.failures, endpoints);
        for failure in &mut response.failures {
            failure.message = response.redactor.redact(&failure.message);
        }
        response
    }
}

impl<T> Response<T> {
    fn add(
        &mut self,
        endpoint: Option<Endpoint>,
        outcome: Result<Scrape<T>, ScrapeError<ReadError>>,
        failure: impl FnOnce(&ScrapeError<ReadError>) -> Failure,
    ) {
        match outcome {
            Ok(scrape) => self.scrapes.push((endpoint, scrape)),
            Err(error) => self.failures.push(Failure { index: self.index, request: endpoint, ..failure(&error) }),
        }
    }
}

/// The connections to `target`.
fn client(target: Target, system: &Arc<System>) -> Result<Client, Box<Failure>> {
    Client::new(&target, system).map_err(|error| Box::new(Failure::of_scrape(&target, &ScrapeError::Transport(error))))
}

fn read_saved<T>(
    inputs: &[Input],
    max_body: u64,
    read: &impl Fn(Option<Endpoint>, &mut dyn Read) -> Result<T, ReadError>,
) -> Response<T> {
    let (scrapes, failures, redactor) = (Vec::new(), Vec::new(), Redactor::default());
    let mut response = Response { index: 0, profile: None, endpoint: None, scrapes, failures, redactor };
    for input in inputs {
        let outcome = input.scrape(max_body, |body| read(None, body));
        response.add(None, outcome, |error| Failure::of_input(input, error));
    }
    response
}
