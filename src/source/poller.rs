//! Asks again and again: at every tick each deployment that is not being asked still, for those of its endpoints that are
//! due. An endpoint that fails is asked less often.

use super::fetcher::Fetcher;
use super::schedule::{Backoff, Schedule};
use super::workers::{Completed, Workers};
use crate::deployment::{Endpoint, PerEndpoint};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Who is asked when.
pub struct Poller {
    workers: Workers,
    /// What every deployment is asked for.
    endpoints: Vec<Endpoint>,
    schedule: Schedule,
    paused: bool,
    /// By deployment, of those endpoints that failed the last time.
    backoffs: Vec<PerEndpoint<Backoff>>,
}

impl Poller {
    /// Starts the threads; the first tick is due at once. `completed` is called with each answer and says whether anybody
    /// still wants them.
    pub fn start(
        fetcher: &Arc<Fetcher>,
        endpoints: Vec<Endpoint>,
        interval: Duration,
        completed: impl Fn(Completed) -> bool + Clone + Send + 'static,
    ) -> Poller {
        let backoffs = vec![PerEndpoint::default(); fetcher.count()];
        let schedule = Schedule::new(interval, Instant::now());
        let workers = Workers::start(fetcher, &endpoints, completed);
        Poller { workers, endpoints, schedule, paused: false, backoffs }
    }

    /// When the next tick is due; `None` while it is paused.
    pub fn next(&self) -> Option<Instant> {
        (!self.paused).then(|| self.schedule.next())
    }

    pub fn interval(&self) -> Duration {
        self.schedule.interval()
    }

    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// Whether somebody has not answered yet.
    pub fn is_waiting(&self) -> bool {
        self.workers.is_waiting()
    }

    /// Asks whom it can, if a tick is due.
    pub fn ask(&mut self, now: Instant) {
        let Some(tick) = self.schedule.take(now) else { return };
        for (index, backoffs) in self.backoffs.iter().enumerate() {
            let is_due = |endpoint: &Endpoint| backoffs.get(*endpoint).is_none_or(|backoff| backoff.is_due(tick));
            let due: Vec<Endpoint> = self.endpoints.iter().copied().filter(is_due).collect();
            if !due.is_empty() {
                self.workers.ask(index, due, tick);
            }
        }
    }

    /// Takes note of an answer: which endpoints failed, and whether the deployment can be asked again.
    pub fn note(&mut self, completed: &Completed) {
        let Some(tick) = self.workers.done(completed.index) else { return };
        let backoffs = &mut self.backoffs[completed.index];
        for &endpoint in &completed.endpoints {
            let backoff = backoffs.slot(endpoint);
            match completed.failure(endpoint) {
                Some(failure) => {
                    let interval = self.schedule.interval();
                    backoff.get_or_insert_default().failed(tick, interval, failure.retry_after);
                }
                None => *backoff = None,
            }
        }
    }

    /// Pauses; or goes on, with a tick now.
    pub fn pause(&mut self, now: Instant) {
        self.paused = !self.paused;
        if !self.paused {
            self.schedule.restart(now);
        }
    }

    /// Asks everybody now.
    pub fn refresh(&mut self, now: Instant) {
        for backoffs in &mut self.backoffs {
            Endpoint::ALL
                .into_iter()
                .for_each(|endpoint| backoffs.slot(endpoint).iter_mut().for_each(Backoff::forgive));
        }
        self.paused = false;
        self.schedule.restart(now);
    }

    /// The next shorter one of the usual intervals.
    pub fn faster(&mut self, now: Instant) {
        let interval = self.interval();
        self.change(INTERVALS.into_iter().rev().find(|shorter| *shorter < interval), now);
    }

    /// The next longer one.
    pub fn slower(&mut self, now: Instant) {
        let interval = self.interval();
        self.change(INTERVALS.into_iter().find(|longer| *longer > interval), now);
    }

    fn change(&mut self, interval: Option<Duration>, now: Instant) {
        if let Some(interval) = interval {
            self.schedule.change(interval, now);
        }
    }
}

const INTERVALS: [Duration; 10] = [
    Duration::from_millis(100),
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_secs(60),
    Duration::from_secs(300),
];
