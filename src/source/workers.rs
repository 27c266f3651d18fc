//! Threads that wait for answers, so that who watches waits for none of them.

use super::fetcher::Fetcher;
use super::parallel::STACK;
use super::report::Failure;
use super::round::{Round, round_of};
use crate::deployment::Endpoint;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// A few threads that ask deployments, each of these once at a time.
pub(super) struct Workers {
    crew: Crew,
    /// When the request that is under way was made.
    under_way: Vec<Option<Instant>>,
}

/// Who does the asking.
enum Crew {
    Threads(Sender<Request>),
    /// The system gives no thread at all: whoever asks waits for the answer.
    Nobody(Box<dyn Fn(Request) + Send>),
}

struct Request {
    index: usize,
    endpoints: Vec<Endpoint>,
}

/// What one deployment answered to a request for these of its endpoints.
pub struct Completed {
    pub index: usize,
    pub endpoints: Vec<Endpoint>,
    pub round: Round,
}

impl Completed {
    /// Why that endpoint gave no answer.
    pub fn failure(&self, endpoint: Endpoint) -> Option<&Failure> {
        self.round.failures.iter().find(|failure| failure.request.is_none_or(|request| request == endpoint))
    }
}

impl Workers {
    /// Starts as many threads as the system gives; `completed` is called with each answer and says whether anybody still wants
    /// them. The threads live as long as the program: what they wait for cannot be called off.
    pub(super) fn start(
        fetcher: &Arc<Fetcher>,
        endpoints: &[Endpoint],
        completed: impl Fn(Completed) -> bool + Clone + Send + 'static,
    ) -> Workers {
        let (requests, received) = channel();
        let received = Arc::new(Mutex::new(received));
        let start = |_: &usize| {
            let (fetcher, received, completed) = (Arc::clone(fetcher), Arc::clone(&received), completed.clone());
            std::thread::Builder::new().stack_size(STACK).spawn(move || work(&fetcher, &received, completed)).is_ok()
        };
        let started = (0..fetcher.at_once(endpoints)).take_while(start).count();
        let crew = if started > 0 {
            Crew::Threads(requests)
        } else {
            let fetcher = Arc::clone(fetcher);
            Crew::Nobody(Box::new(move |request| {
                // Who is told is who asks.
                let _ = answer(&fetcher, request, &completed);
            }))
        };
        Workers { crew, under_way: vec![None; fetcher.count()] }
    }

    /// Whether somebody has not answered yet.
    pub(super) fn is_waiting(&self) -> bool {
        self.under_way.iter().any(Option::is_some)
    }

    /// Asks for these endpoints at the tick of that time, unless it is being asked still.
    pub(super) fn ask(&mut self, index: usize, endpoints: Vec<Endpoint>, tick: Instant) {
        let Some(slot) = self.under_way.get_mut(index).filter(|slot| slot.is_none()) else { return };
        let request = Request { index, endpoints };
        let asked = match &self.crew {
            Crew::Threads(requests) => requests.send(request).is_ok(),
            Crew::Nobody(answer) => {
                answer(request);
                true
            }
        };
        if asked {
            *slot = Some(tick);
        }
    }

    /// That one has answered: the time of the tick that it was asked at.
    pub(super) fn done(&mut self, index: usize) -> Option<Instant> {
        self.under_way.get_mut(index).and_then(Option::take)
    }
}

fn work(fetcher: &Fetcher, requests: &Mutex<Receiver<Request>>, completed: impl Fn(Completed) -> bool) {
    loop {
        let request = requests.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(request) = request else { return };
        if !answer(fetcher, request, &completed) {
            return;
        }
    }
}

/// Asks, and hands the answer over. Whether anybody still wants it.
fn answer(fetcher: &Fetcher, Request { index, endpoints }: Request, completed: &impl Fn(Completed) -> bool) -> bool {
    let round = round_of(fetcher, index, &endpoints);
    completed(Completed { index, endpoints, round })
}
