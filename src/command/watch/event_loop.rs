//! The event loop: does what is due, then waits for the next event or the next thing to do, whichever comes first.

use super::monitor::Monitor;
use super::schedule::{Backoff, Schedule};
use super::until::Until;
use crate::cli::WatchArgs;
use crate::deployment::Endpoint;
use crate::exit::Exit;
use crate::source::{Completed, Failure, Workers};
use crate::units;
use crate::view::live::{Action, Scene};
use jiff::Timestamp;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// What happens.
pub(super) enum Event {
    Answered(Completed),
    /// A signal that stops, or the terminal is gone.
    Stop,
    /// The terminal has another size.
    Resized,
    /// What the terminal makes of the keys that are pressed.
    Typed(Vec<u8>),
}

/// What shows the ticks: lines that are appended, or a full screen that takes keys.
pub(super) trait Frontend {
    /// Shows a tick that is complete.
    fn show(&mut self, scene: &Scene<'_>) -> io::Result<()>;

    /// Takes what was typed; gives what it asks for.
    fn input(&mut self, _bytes: &[u8], _scene: &Scene<'_>) -> io::Result<Vec<Action>> {
        Ok(Vec::new())
    }

    /// Does what the time has come for.
    fn wake(&mut self, _scene: &Scene<'_>) -> io::Result<Vec<Action>> {
        Ok(Vec::new())
    }

    /// When to wake it.
    fn wakes(&self) -> Option<Instant> {
        None
    }

    /// Draws anew: the terminal has another size, or an action has changed something.
    fn redraw(&mut self, _scene: &Scene<'_>) -> io::Result<()> {
        Ok(())
    }
}

/// The loop and everything that it decides by.
pub(super) struct EventLoop<'a> {
    pub args: &'a WatchArgs,
    pub nobody_can_be_asked: bool,
    /// What the deployments are called.
    pub names: Vec<String>,
    pub workers: Workers,
    /// The endpoints that every deployment is asked for.
    pub endpoints: Vec<Endpoint>,
    /// How each of them has been doing, by deployment.
    pub backoffs: Vec<[Backoff; 2]>,
    pub schedule: Schedule,
    pub monitor: Monitor,
    pub until: Option<Until>,
    pub started: Instant,
    pub deadline: Option<Instant>,
    pub events: Receiver<Event>,
    pub paused: bool,
    /// Somebody has answered since the last tick was shown.
    pub has_news: bool,
    /// In how many rounds in a row nobody answered.
    pub failed_rounds: u32,
    /// Somebody answered in this round.
    pub anybody: bool,
}

/// How it ended, and what is left to say about it.
pub(super) type End = (Exit, Option<String>);

impl EventLoop<'_> {
    /// Runs to the end; gives what had failed at the last tick, too.
    ///
    /// # Errors
    /// What cannot be written.
    pub(super) fn run(mut self, frontend: &mut dyn Frontend) -> io::Result<(End, Vec<Failure>)> {
        loop {
            if let Some(end) = self.turn(frontend)? {
                return Ok((end, self.monitor.shown.answer.failures));
            }
        }
    }

    /// Does what is due, and waits for what comes next.
    fn turn(&mut self, frontend: &mut dyn Frontend) -> io::Result<Option<End>> {
        let now = Instant::now();
        if self.deadline.is_some_and(|deadline| deadline <= now) {
            return Ok(Some((Exit::Critical, Some(self.not_come("the deadline has passed")))));
        }
        if !self.paused && self.schedule.next() <= now {
            if self.has_news
                && let Some(end) = self.complete(frontend)?
            {
                return Ok(Some(end));
            }
            self.ask(now);
        }
        if frontend.wakes().is_some_and(|at| at <= now) {
            let actions = frontend.wake(&self.scene())?;
            if let Some(end) = self.act(actions, frontend)? {
                return Ok(Some(end));
            }
        }
        let tick = (!self.paused).then(|| self.schedule.next());
        let next = [tick, self.deadline, frontend.wakes()].into_iter().flatten().min();
        let event = match next {
            Some(next) => self.events.recv_timeout(next.saturating_duration_since(Instant::now())),
            None => self.events.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match event {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(Event::Answered(answered)) => {
                self.take(answered);
                if !self.workers.is_waiting() {
                    return self.complete(frontend);
                }
            }
            Ok(Event::Typed(bytes)) => {
                let actions = frontend.input(&bytes, &self.scene())?;
                return self.act(actions, frontend);
            }
            Ok(Event::Resized) => frontend.redraw(&self.scene())?,
            Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => return Ok(Some((Exit::Interrupted, None))),
        }
        Ok(None)
    }

    /// Does what keys ask for.
    fn act(&mut self, actions: Vec<Action>, frontend: &mut dyn Frontend) -> io::Result<Option<End>> {
        let now = Instant::now();
        for action in &actions {
            match action {
                // Who waits in a script for a condition has not seen it come true.
                Action::Quit if self.until.is_none() => return Ok(Some((Exit::Ok, None))),
                Action::Quit | Action::Interrupt => return Ok(Some((Exit::Interrupted, None))),
                Action::Pause => {
                    self.paused = !self.paused;
                    if !self.paused {
                        self.schedule.restart(now);
                    }
                }
                Action::Faster => self.schedule.change(step(self.schedule.interval(), false), now),
                Action::Slower => self.schedule.change(step(self.schedule.interval(), true), now),
                Action::Refresh => {
                    self.backoffs.iter_mut().flatten().for_each(Backoff::forgive);
                    self.schedule.restart(now);
                    self.paused = false;
                }
            }
        }
        if !actions.is_empty() {
            frontend.redraw(&self.scene())?;
        }
        Ok(None)
    }

    /// What there is to show now.
    fn scene(&self) -> Scene<'_> {
        let until = self.until.as_ref().map(|until| {
            let left = self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            let left = left.map(|left| format!("; {} left", units::span(left))).unwrap_or_default();
            let held =
                until.since().map(|since| format!("; held for {}", units::span(since.elapsed()))).unwrap_or_default();
            format!("{}{held}{left}: {}", until.condition.text(), self.verdict())
        });
        Scene {
            watch: &self.monitor.shown,
            now: Timestamp::now(),
            interval: self.schedule.interval(),
            paused: self.paused,
            until,
        }
    }

    /// Asks whom it can: who has answered the last time, for those endpoints that are due.
    fn ask(&mut self, now: Instant) {
        let tick = self.schedule.next();
        if !self.schedule.take(now) {
            return;
        }
        for index in (0..self.workers.count()).filter(|index| self.workers.is_idle(*index)).collect::<Vec<_>>() {
            let backoffs = self.backoffs.get(index).copied().unwrap_or_default();
            let is_due = |endpoint: &Endpoint| of(&backoffs, *endpoint).is_due(tick);
            let due: Vec<Endpoint> = self.endpoints.iter().copied().filter(is_due).collect();
            if !due.is_empty() {
                self.workers.ask(index, due, tick);
            }
        }
    }

    fn take(&mut self, completed: Completed) {
        let asked_at = self.workers.done(completed.index).unwrap_or(self.started);
        if let Some(backoffs) = self.backoffs.get_mut(completed.index) {
            for endpoint in &completed.endpoints {
                let [cluster, data_integration] = &mut *backoffs;
                let backoff = if *endpoint == Endpoint::Cluster { cluster } else { data_integration };
                match completed.failure(*endpoint) {
                    Some(failure) => {
                        let wait = failure.retry_after.unwrap_or_default();
                        backoff.failed(asked_at, self.schedule.interval(), wait);
                    }
                    None => backoff.answered(),
                }
            }
        }
        self.has_news = true;
        self.anybody |= completed.endpoints.iter().any(|endpoint| completed.failure(*endpoint).is_none());
        self.monitor.take(completed, self.until.as_ref());
    }

    /// Shows a tick, and says whether it was the last.
    fn complete(&mut self, frontend: &mut dyn Frontend) -> io::Result<Option<End>> {
        self.has_news = false;
        self.monitor.tick();
        frontend.show(&self.scene())?;
        let now = Instant::now();
        let holds = self.until.is_some() && self.monitor.holds();
        if self.until.as_mut().is_some_and(|until| until.has_come(holds, now)) {
            return Ok(Some((Exit::Ok, Some(self.has_come(now)))));
        }
        self.failed_rounds = if std::mem::take(&mut self.anybody) { 0 } else { self.failed_rounds.saturating_add(1) };
        if self.args.max_failures.is_some_and(|most| self.failed_rounds >= most.get()) {
            let rounds = units::counted(self.failed_rounds.into(), "round", "rounds");
            return Ok(Some((self.monitor.exit(), Some(format!("given up: nobody has answered in {rounds}")))));
        }
        // What is wrong with the settings of every deployment does not mend itself.
        if self.nobody_can_be_asked {
            return Ok(Some((self.monitor.exit(), None)));
        }
        if self.args.count.is_some_and(|count| self.monitor.shown.tick >= count.get()) {
            return Ok(Some(match self.until {
                Some(_) => (Exit::Critical, Some(self.not_come("that was the last tick"))),
                None => (self.monitor.exit(), None),
            }));
        }
        Ok(None)
    }

    /// `demo: resources.down is 0; it took 12 s`.
    fn has_come(&self, now: Instant) -> String {
        format!("{}; it took {}", self.verdict(), units::took(now.saturating_duration_since(self.started)))
    }

    fn not_come(&self, why: &str) -> String {
        let condition = self.until.as_ref().map(|until| until.condition.text().to_owned()).unwrap_or_default();
        let held = self
            .until
            .as_ref()
            .and_then(Until::since)
            .map_or(String::new(), |since| format!(" (held for {} only)", units::took(since.elapsed())));
        format!("{why}, and '{condition}' has not come true{held}: {}", self.verdict())
    }

    /// What each deployment said last.
    fn verdict(&self) -> String {
        let said = self.monitor.said().map(|(index, said)| {
            let said = said.map_or("has not answered", |said| said.found.as_str());
            match self.names.get(index).filter(|name| !name.is_empty()) {
                Some(name) => format!("{name}: {said}"),
                None => said.to_owned(),
            }
        });
        said.collect::<Vec<_>>().join("; ")
    }
}

fn of(backoffs: &[Backoff; 2], endpoint: Endpoint) -> Backoff {
    let [cluster, data_integration] = *backoffs;
    match endpoint {
        Endpoint::Cluster => cluster,
        Endpoint::DataIntegration => data_integration,
    }
}

/// The interval that a key makes of one: the next of these.
fn step(interval: Duration, slower: bool) -> Duration {
    let steps = [100, 250, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000].map(Duration::from_millis);
    let next = match slower {
        true => steps.into_iter().find(|step| *step > interval),
        false => steps.into_iter().rev().find(|step| *step < interval),
    };
    next.unwrap_or(interval)
}
