//! The event loop: does what is due, then waits for the next event or the next thing to do, whichever comes first.

use super::monitor::Monitor;
use super::until::Until;
use crate::exit::Exit;
use crate::source::{Completed, Failure, Poller};
use crate::units::{counted, span, took};
use crate::view::live::{Action, Scene};
use jiff::Timestamp;
use std::io;
use std::num::{NonZeroU32, NonZeroU64};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Instant;

/// What happens.
pub(super) enum Event {
    Answered(Completed),
    /// A signal that stops, or the terminal is gone.
    Stop,
    /// The terminal has another size.
    Resized,
    /// The program is to stop until it is continued.
    Suspended,
    /// It goes on, whatever stopped it.
    Continued,
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

    /// Stops the program until it is continued.
    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Takes the terminal over again after a stop.
    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Draws anew: the terminal has another size, or an action has changed something.
    fn redraw(&mut self, _scene: &Scene<'_>) -> io::Result<()> {
        Ok(())
    }
}

/// The loop and everything that it decides by.
pub(super) struct EventLoop {
    pub events: Receiver<Event>,
    pub poller: Poller,
    pub monitor: Monitor,
    pub limits: Limits,
    pub started: Instant,
    /// What the ticks since the last one that was shown have brought.
    pub news: News,
    /// In how many rounds in a row nobody answered.
    pub failed_rounds: u32,
}

/// When it ends by itself.
pub(super) struct Limits {
    /// What is wrong with the settings of every deployment does not mend itself.
    pub one_tick: bool,
    pub ticks: Option<NonZeroU64>,
    pub failed_rounds: Option<NonZeroU32>,
    pub deadline: Option<Instant>,
}

/// What has come since the last tick that was shown. The order is that of importance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum News {
    None,
    Failures,
    Answers,
}

/// How it ended, and what is left to say about it.
pub(super) type End = (Exit, Option<String>);

impl EventLoop {
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

    /// Does what is due, then waits for what comes next.
    fn turn(&mut self, frontend: &mut dyn Frontend) -> io::Result<Option<End>> {
        let now = Instant::now();
        if self.limits.deadline.is_some_and(|deadline| deadline <= now) {
            return Ok(Some(self.deadline_passed()));
        }
        if self.poller.next().is_some_and(|tick| tick <= now) {
            if self.news > News::None
                && let Some(end) = self.complete(frontend)?
            {
                return Ok(Some(end));
            }
            self.poller.ask(now);
            // Everybody who failed is left alone for now: a tick tells so, and counts.
            if !self.poller.is_waiting()
                && let Some(end) = self.complete(frontend)?
            {
                return Ok(Some(end));
            }
        }
        if frontend.wakes().is_some_and(|at| at <= now) {
            let actions = frontend.wake(&self.scene())?;
            if let Some(end) = self.act(&actions, frontend)? {
                return Ok(Some(end));
            }
        }
        let next = [self.poller.next(), self.limits.deadline, frontend.wakes()].into_iter().flatten().min();
        let event = match next {
            Some(next) => self.events.recv_timeout(next.saturating_duration_since(Instant::now())),
            None => self.events.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match event {
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Ok(Event::Answered(completed)) => {
                self.take(completed);
                if self.poller.is_waiting() { Ok(None) } else { self.complete(frontend) }
            }
            Ok(Event::Typed(bytes)) => {
                let actions = frontend.input(&bytes, &self.scene())?;
                self.act(&actions, frontend)
            }
            Ok(Event::Resized) => frontend.redraw(&self.scene()).map(|()| None),
            Ok(Event::Suspended) => frontend.suspend().map(|()| None),
            Ok(Event::Continued) => {
                frontend.resume()?;
                frontend.redraw(&self.scene()).map(|()| None)
            }
            Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => Ok(Some((Exit::Interrupted, None))),
        }
    }

    /// Does what keys ask for.
    fn act(&mut self, actions: &[Action], frontend: &mut dyn Frontend) -> io::Result<Option<End>> {
        let now = Instant::now();
        for action in actions {
            match action {
                // Who waits in a script for a condition has not seen it come true.
                Action::Quit if self.monitor.until.is_none() => return Ok(Some((Exit::Ok, None))),
                Action::Quit | Action::Interrupt => return Ok(Some((Exit::Interrupted, None))),
                Action::Pause => self.poller.pause(now),
                Action::Faster => self.poller.faster(now),
                Action::Slower => self.poller.slower(now),
                Action::Refresh => self.poller.refresh(now),
            }
        }
        if !actions.is_empty() {
            frontend.redraw(&self.scene())?;
        }
        Ok(None)
    }

    /// What there is to show now.
    fn scene(&self) -> Scene<'_> {
        let until = self.monitor.until.as_ref().map(|until| {
            let held = until.held().map(|held| format!("; held for {}", span(held))).unwrap_or_default();
            let left = self.limits.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            let left = left.map(|left| format!("; {} left", span(left))).unwrap_or_default();
            format!("{}{held}{left}: {}", until.condition.text(), self.monitor.evaluations())
        });
        let (interval, paused) = (self.poller.interval(), self.poller.is_paused());
        Scene { watch: &self.monitor.shown, now: Timestamp::now(), interval, paused, until }
    }

    /// Takes an answer in.
    fn take(&mut self, completed: Completed) {
        self.poller.note(&completed);
        let has_answered = completed.endpoints.iter().any(|endpoint| completed.failure(*endpoint).is_none());
        self.news = self.news.max(if has_answered { News::Answers } else { News::Failures });
        self.monitor.take(completed);
    }

    /// Shows a tick, and says whether it was the last.
    fn complete(&mut self, frontend: &mut dyn Frontend) -> io::Result<Option<End>> {
        let now = Instant::now();
        let is_met = self.monitor.tick(now);
        frontend.show(&self.scene())?;
        if let Some(error) = self.monitor.slip() {
            let hint = error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
            return Ok(Some((Exit::Usage, Some(format!("{error}{hint}")))));
        }
        if is_met {
            let time = took(now.saturating_duration_since(self.started));
            return Ok(Some((Exit::Ok, Some(format!("{}; it took {time}", self.monitor.evaluations())))));
        }
        let news = std::mem::replace(&mut self.news, News::None);
        self.failed_rounds = if news == News::Answers { 0 } else { self.failed_rounds.saturating_add(1) };
        let worst = Failure::worst(&self.monitor.shown.answer.failures);
        if self.limits.failed_rounds.is_some_and(|most| self.failed_rounds >= most.get()) {
            let rounds = counted(self.failed_rounds.into(), "round", "rounds");
            return Ok(Some((worst, Some(format!("given up: nobody has answered in {rounds}")))));
        }
        if self.limits.one_tick {
            return Ok(Some((worst, None)));
        }
        if self.limits.ticks.is_some_and(|ticks| self.monitor.shown.tick >= ticks.get()) {
            return Ok(Some(match self.monitor.until {
                Some(_) => (Exit::Critical, Some(self.not_met("that was the last tick"))),
                None => (worst, None),
            }));
        }
        Ok(None)
    }

    /// Without anything to wait for it ends as after the last tick.
    fn deadline_passed(&self) -> End {
        let shown = &self.monitor.shown;
        match self.monitor.until {
            Some(_) => (Exit::Critical, Some(self.not_met("the deadline has passed"))),
            None if shown.tick == 0 => {
                (Exit::Unavailable, Some("the deadline has passed before anybody answered".to_owned()))
            }
            None => (Failure::worst(&shown.answer.failures), None),
        }
    }

    fn not_met(&self, why: &str) -> String {
        let until = self.monitor.until.as_ref();
        let condition = until.map(|until| until.condition.text()).unwrap_or_default();
        let held = until.and_then(Until::held).map(|held| format!(" (held for {} only)", took(held)));
        let held = held.unwrap_or_default();
        format!("{why}, and '{condition}' has not come true{held}: {}", self.monitor.evaluations())
    }
}
