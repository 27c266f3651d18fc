//! `watch`: asks again and again, and shows each answer, until it is told to stop or what it waits for has come.
//!
//! One thread decides (`turns`); it waits for [`Event`]s and for the next thing to do, whichever comes first. Others ask
//! (`ask`), wait for signals (`signals`) and, where there is a screen, for keys. So nothing that takes its time keeps
//! the program from ending.
//!
//! A tick asks every deployment that is not being asked still, and its answer is complete when all have answered; where
//! one takes longer than the interval the tick is complete without it, as long as another one has answered. An endpoint
//! that fails keeps its last numbers, which are marked as stale, and is asked less often (`pace`).

mod event_loop;
mod lines;
mod monitor;
mod schedule;
mod screen;
mod terminal;
mod until;

use crate::cli::{ConnectArgs, GlobalArgs, RowArgs, UsageError, WatchArgs, WatchView};
use crate::deployment::Endpoint;
use crate::exit::Exit;
use crate::health::{Condition, HEALTHY, endpoint_of, verdict_expr};
use crate::profile::Target;
use crate::settings::Settings;
use crate::signals::{self, SIGHUP, SIGINT, SIGTERM, SIGWINCH};
use crate::source::{self, Workers};
use crate::view::live::{ListOptions, Live};
use crate::view::watch::{TICKS, View};
use crate::view::{self, Format, Kind, ViewOptions};
use event_loop::{Event, EventLoop};
use lines::Lines;
use monitor::Monitor;
use schedule::Schedule;
use screen::FullScreen;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Instant;
use until::Until;

/// Watches.
///
/// # Errors
/// A wrong command line; what cannot be written.
pub fn run(args: &WatchArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let WatchArgs { rows, connect, .. } = args;
    // The next tick is the next attempt.
    let connect = ConnectArgs { retries: connect.retries.or(Some(0)), ..connect.clone() };
    let mut settings = Settings::resolve(global, &connect)?;
    let view = match args.view {
        None => View::Overview,
        Some(WatchView::Cluster) => View::Rows(Kind::Cluster),
        Some(WatchView::Rules) => View::Rows(Kind::Rules),
        Some(WatchView::Resources) => View::Rows(Kind::Resources),
    };
    let (format, write) = settings.format(Format::Table, &TICKS)?;
    let options = options(rows, &settings, format, view)?;
    let on_screen = format == Format::Table && options.headers && terminal::is_available();
    if on_screen && io::stderr().is_terminal() {
        // Nothing is to be written between the lines of the screen.
        settings.console.verbose = false;
    }
    let until = args.until.as_deref().map(verdict_expr).transpose()?;
    let until = until.map(|condition| Until::new(condition, args.r#for.unwrap_or_default()));

    let fetcher = Arc::new(settings.fetcher()?);
    let (mut deployments, mut names) = (Vec::new(), Vec::new());
    for target in fetcher.targets() {
        deployments.push(match target {
            Some(target) => {
                (target.min_nodes, target.checks.iter().map(Condition::of_profile).collect::<Result<_, _>>()?)
            }
            None => (1, Vec::new()),
        });
        names.push(target.map(Target::name).unwrap_or_default());
    }
    let nobody_can_be_asked = fetcher.targets().all(|target| target.is_none());
    let (sender, events) = channel();
    let stop = sender.clone();
    signals::on(&[SIGINT, SIGTERM, SIGHUP, SIGWINCH], move |signal| {
        // When nobody listens any more the program is about to end.
        let _ = stop.send(if signal == SIGWINCH { Event::Resized } else { Event::Stop });
    })?;
    let now = Instant::now();
    let watch = EventLoop {
        workers: Workers::start(&fetcher, {
            let sender = sender.clone();
            move |completed| sender.send(Event::Answered(completed)).is_ok()
        })?,
        // On a screen every view is one key away.
        endpoints: endpoints(if on_screen { View::Overview } else { view }, until.as_ref()),
        backoffs: vec![Default::default(); fetcher.count()],
        schedule: Schedule::new(args.interval, now),
        monitor: Monitor::new(view, deployments),
        deadline: args.deadline.and_then(|deadline| now.checked_add(deadline)),
        started: now,
        until,
        events,
        paused: false,
        has_news: false,
        failed_rounds: 0,
        anybody: false,
        nobody_can_be_asked,
        names,
        args,
    };
    let (exit, said) = if on_screen && !watch.nobody_can_be_asked {
        let given = ListOptions { columns: &rows.columns, sort: rows.sort.as_deref(), filter: &rows.filter };
        let live = Live::new(view, settings.screen.paint, &given)?;
        let mut screen = FullScreen::open(live, sender)?;
        let ended = watch.run(&mut screen);
        drop(screen);
        // A terminal that cannot be drawn on is gone, and with it whoever state.
        let Ok((end, failures)) = ended else { return Ok(Exit::Interrupted) };
        if !matches!(end.0, Exit::Ok | Exit::Interrupted) {
            source::tell(&settings.console, &failures, &[]);
        }
        end
    } else {
        watch.run(&mut Lines::new(write, options, settings.console))?.0
    };
    match said {
        Some(said) if exit == Exit::Ok => settings.console.remark(&said),
        Some(said) => settings.console.error(&said, None),
        None => {}
    }
    Ok(exit)
}

/// The endpoints that the view and the condition speak of.
fn endpoints(view: View, until: Option<&Until>) -> Vec<Endpoint> {
    let by_condition = |endpoint: Endpoint| {
        let field = until.map(|until| until.condition.field());
        field.is_some_and(|field| field == HEALTHY || endpoint_of(field) == endpoint)
    };
    let by_view = |endpoint| match view {
        View::Overview => true,
        View::Rows(Kind::Cluster) => endpoint == Endpoint::Cluster,
        View::Rows(Kind::Rules | Kind::Resources) => endpoint == Endpoint::DataIntegration,
    };
    let both = Endpoint::ALL;
    both.into_iter().filter(|endpoint| by_view(*endpoint) || by_condition(*endpoint)).collect()
}

/// An overview has no rows: what chooses among them goes with a view.
fn options(rows: &RowArgs, settings: &Settings, format: Format, view: View) -> anyhow::Result<view::Presentation> {
    let kind = match view {
        View::Rows(kind) => kind,
        View::Overview => {
            let given = [
                ("--columns", !rows.columns.is_empty()),
                ("--sort", rows.sort.is_some()),
                ("--filter", !rows.filter.is_empty()),
            ];
            if let Some((option, _)) = given.into_iter().find(|(_, given)| *given) {
                let message = format!("the overview has no rows for {option} to choose from");
                return Err(UsageError::with_hint(message, "name a view: emqstat watch rules").into());
            }
            Kind::Cluster
        }
    };
    let request = ViewOptions {
        columns: &rows.columns,
        sort: rows.sort.as_deref(),
        filter: &rows.filter,
        no_headers: rows.no_headers,
        rates: true,
        ..ViewOptions::default()
    };
    Ok(view::Presentation::new(kind, format, settings.screen, &request)?)
}
