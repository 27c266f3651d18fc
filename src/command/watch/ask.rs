//! Those who ask: a few threads that wait for answers, so that whoever watches waits for none of them.

use super::event_loop::Event;
use super::monitor::Answered;
use crate::command::fetch::{AT_ONCE, Fetcher};
use crate::command::gather::gather_one;
use crate::scrape::Endpoint;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Asks deployments, each of them once at a time.
pub struct Asking {
    jobs: Sender<Job>,
    /// When the request that is under way was made.
    under_way: Vec<Option<Instant>>,
}

struct Job {
    index: usize,
    endpoints: Vec<Endpoint>,
}

impl Asking {
    /// Starts the threads. They live as long as the program: what they wait for cannot be called off.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(fetcher: &Arc<Fetcher>, answers: &Sender<Event>) -> std::io::Result<Asking> {
        let (jobs, received) = channel();
        let received = Arc::new(Mutex::new(received));
        for _ in 0..fetcher.count().min(AT_ONCE) {
            let (fetcher, received, answers) = (Arc::clone(fetcher), Arc::clone(&received), answers.clone());
            std::thread::Builder::new().spawn(move || work(&fetcher, &received, &answers))?;
        }
        Ok(Asking { jobs, under_way: vec![None; fetcher.count()] })
    }

    /// How many there are to ask.
    pub fn count(&self) -> usize {
        self.under_way.len()
    }

    /// Whether somebody has not answered yet.
    pub fn is_waiting(&self) -> bool {
        self.under_way.iter().any(Option::is_some)
    }

    pub fn is_idle(&self, index: usize) -> bool {
        self.under_way.get(index).is_some_and(Option::is_none)
    }

    /// Asks for these endpoints at the tick of that time.
    pub fn ask(&mut self, index: usize, endpoints: Vec<Endpoint>, tick: Instant) {
        if let Some(slot) = self.under_way.get_mut(index).filter(|slot| slot.is_none())
            && self.jobs.send(Job { index, endpoints }).is_ok()
        {
            *slot = Some(tick);
        }
    }

    /// That one has answered: the time of the tick that it was asked at.
    pub fn done(&mut self, index: usize) -> Option<Instant> {
        self.under_way.get_mut(index).and_then(Option::take)
    }
}

fn work(fetcher: &Fetcher, jobs: &Mutex<Receiver<Job>>, answers: &Sender<Event>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { index, endpoints: asked }) = job else { return };
        let gathered = gather_one(fetcher, index, &asked);
        if answers.send(Event::Answered(Answered { index, asked, gathered })).is_err() {
            return;
        }
    }
}
