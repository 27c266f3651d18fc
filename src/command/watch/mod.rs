//! `watch`: asks again and again, and shows each answer, until it is told to stop or what it waits for has come.
//!
//! One thread decides; it waits for [`Event`]s and for the next thing to do, whichever comes first. Others ask
//! (`ask`), wait for signals (`signals`) and, where there is a screen, for keys. So nothing that takes its time keeps
//! the program from ending.
//!
//! A tick asks every deployment that is not being asked still, and its answer is complete when all have answered; where
//! one takes longer than the interval the tick is complete without it, as long as another one has answered. An endpoint
//! that fails keeps its last numbers, which are marked as stale, and is asked less often (`pace`).

mod ask;
mod follow;
mod lines;
mod pace;
mod screen;
mod signals;
mod terminal;
mod until;

pub use terminal::restore;

use super::check::own_check;
use super::failure::UsageError;
use super::fetch::Fetcher;
use super::session::Session;
use super::source::Asked;
use crate::cli::{Output, Shared, WatchArgs, WatchView};
use crate::exit::Exit;
use crate::health::{HEALTHY, Place, deployment_expr, endpoint_of};
use crate::scrape::Endpoint;
use crate::view::live::{Act, Given, Live};
use crate::view::watch::Sight;
use crate::view::{Failure, Format, Kind, Request, Settings, number};
use ask::Asking;
use follow::{Answered, Followed};
use lines::Lines;
use pace::{Backoff, Schedule};
use screen::Screen;
use std::borrow::Cow;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use until::Until;

/// What happens.
pub enum Event {
    Answered(Answered),
    /// A signal says so, or the terminal is gone.
    Stop,
    /// The terminal has another size.
    Resized,
    /// Somebody pressed keys: what the terminal made of them.
    Typed(Vec<u8>),
}

/// How it goes on, for whoever shows it.
pub struct Pace<'a> {
    interval: Duration,
    paused: bool,
    /// What is waited for, and how that stands.
    until: Option<Cow<'a, str>>,
}

/// To whom it is shown.
trait Audience {
    /// A tick is complete.
    fn show(&mut self, followed: &Followed, pace: &Pace<'_>) -> io::Result<()>;

    /// Keys were pressed; gives what they ask for.
    fn keys(&mut self, _bytes: &[u8], _followed: &Followed, _pace: &Pace<'_>) -> io::Result<Vec<Act>> {
        Ok(Vec::new())
    }

    /// It is time: what it asked for with [`Audience::wakes`].
    fn wake(&mut self, _followed: &Followed, _pace: &Pace<'_>) -> io::Result<Vec<Act>> {
        Ok(Vec::new())
    }

    /// The terminal has another size.
    fn resized(&mut self, _followed: &Followed, _pace: &Pace<'_>) -> io::Result<()> {
        Ok(())
    }

    /// When it has something to do though nothing happens.
    fn wakes(&self) -> Option<Instant> {
        None
    }
}

/// Watches.
///
/// # Errors
/// A wrong command line; what cannot be written.
pub fn run(args: &WatchArgs, shared: &Shared) -> anyhow::Result<Exit> {
    // The next tick is the next attempt.
    let shared = &Shared { retries: Some(0), ..shared.clone() };
    let mut session = Session::open(shared)?;
    let sight = match args.view {
        None => Sight::Overview,
        Some(WatchView::Cluster) => Sight::View(Kind::Cluster),
        Some(WatchView::Rules) => Sight::View(Kind::Rules),
        Some(WatchView::Resources) => Sight::View(Kind::Resources),
    };
    let settings = settings(&session, sight)?;
    let on_screen = settings.format == Format::Table && settings.headers && terminal::is_one();
    if on_screen && io::stderr().is_terminal() {
        // Nothing is to be written between the lines of the screen.
        session.console = session.console.without_notes();
    }
    let until = args.until.as_deref().map(|text| deployment_expr(text, Place::BehindVerdict)).transpose()?;
    let until = until.map(|condition| Until::new(condition, args.r#for.unwrap_or_default()));

    let fetcher = Arc::new(Fetcher::open(&session)?);
    let (mut deployments, mut names) = (Vec::new(), Vec::new());
    for index in 0..fetcher.count() {
        let asked = fetcher.asked(index);
        deployments.push(match asked {
            Some(asked) => (asked.min_nodes, asked.checks.iter().map(own_check).collect::<Result<_, _>>()?),
            None => (1, Vec::new()),
        });
        names.push(asked.map(Asked::name).unwrap_or_default());
    }
    let (sender, events) = channel();
    signals::listen(&sender)?;
    let now = Instant::now();
    let watch = Watch {
        asking: Asking::start(&fetcher, &sender)?,
        // On a screen every view is one key away.
        endpoints: endpoints(if on_screen { Sight::Overview } else { sight }, until.as_ref()),
        backoffs: vec![Default::default(); fetcher.count()],
        schedule: Schedule::new(args.interval, now),
        followed: Followed::new(sight, deployments),
        deadline: args.deadline.and_then(|deadline| now.checked_add(deadline)),
        started: now,
        until,
        events,
        paused: false,
        has_news: false,
        failed_rounds: 0,
        anybody: false,
        nobody_can_be_asked: (0..fetcher.count()).all(|index| fetcher.asked(index).is_none()),
        names,
        args,
    };
    let (exit, said) = if on_screen && !watch.nobody_can_be_asked {
        let given = Given { columns: &shared.columns, sort: shared.sort.as_deref(), filter: &shared.filter };
        let live = Live::new(sight, session.screen.paint, &given)?;
        let mut screen = Screen::open(live, &sender)?;
        let ended = watch.run(&mut screen);
        drop(screen);
        let (end, failures) = ended?;
        if !matches!(end.0, Exit::Ok | Exit::Interrupted) {
            session.console.tell(&failures, &[]);
        }
        end
    } else {
        watch.run(&mut Lines::new(settings, session.console))?.0
    };
    match said {
        Some(said) if exit == Exit::Ok => session.console.remark(&said),
        Some(said) => session.console.error(&said, None),
        None => {}
    }
    Ok(exit)
}

/// The loop and everything that it decides by.
struct Watch<'a> {
    args: &'a WatchArgs,
    nobody_can_be_asked: bool,
    /// What the deployments are called.
    names: Vec<String>,
    asking: Asking,
    /// The endpoints that every deployment is asked for.
    endpoints: Vec<Endpoint>,
    /// How each of them has been doing, by deployment.
    backoffs: Vec<[Backoff; 2]>,
    schedule: Schedule,
    followed: Followed,
    until: Option<Until>,
    started: Instant,
    deadline: Option<Instant>,
    events: Receiver<Event>,
    paused: bool,
    /// Somebody has answered since the last tick was shown.
    has_news: bool,
    /// In how many rounds in a row nobody answered.
    failed_rounds: u32,
    /// Somebody answered in this round.
    anybody: bool,
}

/// How it ended, and what is left to say about it.
type End = (Exit, Option<String>);

impl Watch<'_> {
    /// Runs to the end; gives what had failed at the last tick, too.
    fn run(mut self, audience: &mut dyn Audience) -> io::Result<(End, Vec<Failure>)> {
        loop {
            if let Some(end) = self.turn(audience)? {
                return Ok((end, self.followed.shown.answer.failures));
            }
        }
    }

    /// Does what is due, and waits for what comes next.
    fn turn(&mut self, audience: &mut dyn Audience) -> io::Result<Option<End>> {
        let now = Instant::now();
        if self.deadline.is_some_and(|deadline| deadline <= now) {
            return Ok(Some((Exit::Critical, Some(self.not_come("the deadline has passed")))));
        }
        if !self.paused && self.schedule.next() <= now {
            if self.has_news
                && let Some(end) = self.complete(audience)?
            {
                return Ok(Some(end));
            }
            self.ask(now);
        }
        if audience.wakes().is_some_and(|at| at <= now) {
            let acts = audience.wake(&self.followed, &self.pace())?;
            if let Some(end) = self.act(acts, audience)? {
                return Ok(Some(end));
            }
        }
        let tick = (!self.paused).then(|| self.schedule.next());
        let next = [tick, self.deadline, audience.wakes()].into_iter().flatten().min();
        let event = match next {
            Some(next) => self.events.recv_timeout(next.saturating_duration_since(Instant::now())),
            None => self.events.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match event {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(Event::Answered(answered)) => {
                self.take(answered);
                if !self.asking.is_waiting() {
                    return self.complete(audience);
                }
            }
            Ok(Event::Typed(bytes)) => {
                let acts = audience.keys(&bytes, &self.followed, &self.pace())?;
                return self.act(acts, audience);
            }
            Ok(Event::Resized) => audience.resized(&self.followed, &self.pace())?,
            Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => return Ok(Some((Exit::Interrupted, None))),
        }
        Ok(None)
    }

    /// Does what keys ask for.
    fn act(&mut self, acts: Vec<Act>, audience: &mut dyn Audience) -> io::Result<Option<End>> {
        let now = Instant::now();
        let changes = !acts.is_empty();
        for act in acts {
            match act {
                // Who waits in a script for a condition has not seen it come true.
                Act::Quit if self.until.is_none() => return Ok(Some((Exit::Ok, None))),
                Act::Quit | Act::Interrupt => return Ok(Some((Exit::Interrupted, None))),
                Act::Suspend => {}
                Act::Pause => {
                    self.paused = !self.paused;
                    if !self.paused {
                        self.schedule.restart(now);
                    }
                }
                Act::Faster => self.schedule.change(step(self.schedule.interval(), false), now),
                Act::Slower => self.schedule.change(step(self.schedule.interval(), true), now),
                Act::Refresh => {
                    self.backoffs.iter_mut().flatten().for_each(Backoff::forgive);
                    self.schedule.restart(now);
                    self.paused = false;
                }
            }
        }
        if changes {
            audience.resized(&self.followed, &self.pace())?;
        }
        Ok(None)
    }

    fn pace(&self) -> Pace<'static> {
        let until = self.until.as_ref().map(|until| {
            let left = self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            let left = left.map(|left| format!("; {} left", number::span(left))).unwrap_or_default();
            let held =
                until.since().map(|since| format!("; held for {}", number::span(since.elapsed()))).unwrap_or_default();
            Cow::Owned(format!("{}{held}{left}: {}", until.condition.text(), self.verdict()))
        });
        Pace { interval: self.schedule.interval(), paused: self.paused, until }
    }

    /// Asks whom it can: who has answered the last time, for those endpoints that are due.
    fn ask(&mut self, now: Instant) {
        let tick = self.schedule.next();
        if !self.schedule.take(now) {
            return;
        }
        for index in (0..self.asking.count()).filter(|index| self.asking.is_idle(*index)).collect::<Vec<_>>() {
            let backoffs = self.backoffs.get(index).copied().unwrap_or_default();
            let is_due = |endpoint: &Endpoint| of(&backoffs, *endpoint).is_due(tick);
            let due: Vec<Endpoint> = self.endpoints.iter().copied().filter(is_due).collect();
            if !due.is_empty() {
                self.asking.ask(index, due, tick);
            }
        }
    }

    fn take(&mut self, answered: Answered) {
        let asked_at = self.asking.done(answered.index).unwrap_or(self.started);
        if let Some(backoffs) = self.backoffs.get_mut(answered.index) {
            for endpoint in &answered.asked {
                let [cluster, data_integration] = &mut *backoffs;
                let backoff = if *endpoint == Endpoint::Cluster { cluster } else { data_integration };
                match answered.has_failed(*endpoint) {
                    true => backoff.failed(asked_at, self.schedule.interval()),
                    false => backoff.answered(),
                }
            }
        }
        self.has_news = true;
        self.anybody |= answered.asked.iter().any(|endpoint| !answered.has_failed(*endpoint));
        self.followed.take(answered, self.until.as_ref());
    }

    /// Shows a tick, and says whether it was the last.
    fn complete(&mut self, audience: &mut dyn Audience) -> io::Result<Option<End>> {
        self.has_news = false;
        self.followed.tick();
        audience.show(&self.followed, &self.pace())?;
        let now = Instant::now();
        let holds = self.until.is_some() && self.followed.holds();
        if self.until.as_mut().is_some_and(|until| until.has_come(holds, now)) {
            return Ok(Some((Exit::Ok, Some(self.has_come(now)))));
        }
        self.failed_rounds = if std::mem::take(&mut self.anybody) { 0 } else { self.failed_rounds.saturating_add(1) };
        if self.args.max_failures.is_some_and(|most| self.failed_rounds >= most.get()) {
            let rounds = number::counted(self.failed_rounds.into(), "round", "rounds");
            return Ok(Some((self.followed.exit(), Some(format!("given up: nobody has answered in {rounds}")))));
        }
        // What is wrong with the settings of every deployment does not mend itself.
        if self.nobody_can_be_asked {
            return Ok(Some((self.followed.exit(), None)));
        }
        if self.args.count.is_some_and(|count| self.followed.shown.tick >= count.get()) {
            return Ok(Some(match self.until {
                Some(_) => (Exit::Critical, Some(self.not_come("that was the last tick"))),
                None => (self.followed.exit(), None),
            }));
        }
        Ok(None)
    }

    /// `demo: resources.down is 0; it took 12 s`.
    fn has_come(&self, now: Instant) -> String {
        format!("{}; it took {}", self.verdict(), number::took(now.saturating_duration_since(self.started)))
    }

    fn not_come(&self, why: &str) -> String {
        let condition = self.until.as_ref().map(|until| until.condition.text().to_owned()).unwrap_or_default();
        let held = self
            .until
            .as_ref()
            .and_then(Until::since)
            .map_or(String::new(), |since| format!(" (held for {} only)", number::took(since.elapsed())));
        format!("{why}, and '{condition}' has not come true{held}: {}", self.verdict())
    }

    /// What each deployment said last.
    fn verdict(&self) -> String {
        let said = self.followed.said().map(|(index, said)| {
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

/// The endpoints that the view and the condition speak of.
fn endpoints(sight: Sight, until: Option<&Until>) -> Vec<Endpoint> {
    let by_condition = |endpoint: Endpoint| {
        let field = until.map(|until| until.condition.field());
        field.is_some_and(|field| field == HEALTHY || endpoint_of(field) == endpoint)
    };
    let by_view = |endpoint| match sight {
        Sight::Overview => true,
        Sight::View(Kind::Cluster) => endpoint == Endpoint::Cluster,
        Sight::View(Kind::Rules | Kind::Resources) => endpoint == Endpoint::DataIntegration,
    };
    let both = [Endpoint::Cluster, Endpoint::DataIntegration];
    both.into_iter().filter(|endpoint| by_view(*endpoint) || by_condition(*endpoint)).collect()
}

/// An overview has no rows: what chooses among them goes with a view.
fn settings(session: &Session<'_>, sight: Sight) -> anyhow::Result<Settings> {
    let shared = session.shared;
    // An endless document would be of no use to anybody: each object of JSON stands on a line.
    let format = match session.format(Output::Table, &[Output::Table, Output::Json, Output::Jsonl])? {
        Output::Json | Output::Jsonl => Format::Jsonl,
        Output::Table | Output::Csv | Output::Raw | Output::Nagios => Format::Table,
    };
    let kind = match sight {
        Sight::View(kind) => kind,
        Sight::Overview => {
            let given = [
                ("--columns", !shared.columns.is_empty()),
                ("--sort", shared.sort.is_some()),
                ("--filter", !shared.filter.is_empty()),
            ];
            if let Some((option, _)) = given.into_iter().find(|(_, given)| *given) {
                let message = format!("the overview has no rows for {option} to choose from");
                return Err(UsageError::with_hint(message, "name a view: emqstat watch rules").into());
            }
            Kind::Cluster
        }
    };
    let request = Request {
        columns: &shared.columns,
        sort: shared.sort.as_deref(),
        filter: &shared.filter,
        no_headers: shared.no_headers,
        rates: true,
        ..Request::default()
    };
    Ok(Settings::new(kind, format, session.screen, &request)?)
}
