//! `watch`: asks again and again, and shows each answer, until it is told to stop or what it waits for has come.
//!
//! One thread decides (`event_loop`): it waits for events and for the next thing to do, whichever comes first. Others ask
//! (`source::Poller`), wait for signals and, where there is a screen, for keys. So nothing that takes its time keeps the program from
//! ending.
//!
//! A tick asks every deployment that is not being asked still, and is complete when all have answered; where one takes longer
//! than the interval it is complete without that one, as long as another one has answered. An endpoint that fails keeps its last
//! numbers, which are marked as stale, and is asked less often.

mod event_loop;
mod lines;
mod monitor;
mod screen;
mod terminal;
mod until;

use crate::cli::{ConnectArgs, GlobalArgs, RowArgs, UsageError, WatchArgs, WatchView};
use crate::deployment::Endpoint;
use crate::exit::Exit;
use crate::health::{HEALTHY, Plan, Policy, endpoint_of, verdict_expr};
use crate::profile::{self, Target};
use crate::settings::Settings;
use crate::signals::{self, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use crate::source::{self, Poller, Rounds};
use crate::view::live::{ListOptions, Live};
use crate::view::watch::{TICKS, View};
use crate::view::{self, Format, Kind, ViewOptions};
use anyhow::Context;
use event_loop::{Event, EventLoop, Limits, News};
use lines::Lines;
use monitor::{Address, Monitor};
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
    // Unless asked to try again at once: the next tick is the next attempt.
    let connect = ConnectArgs { retries: connect.retries.or(Some(0)), ..connect.clone() };
    let mut settings = Settings::resolve(global, &connect)?;
    let view = match args.view {
        None => View::Overview,
        Some(WatchView::Deployments) => View::Rows(Kind::Deployments),
        Some(WatchView::Cluster) => View::Rows(Kind::Cluster),
        Some(WatchView::Rules) => View::Rows(Kind::Rules),
        Some(WatchView::Resources) => View::Rows(Kind::Resources),
    };
    let (format, write) = settings.format(Format::Table, &TICKS)?;
    let options = options(rows, &settings, format, view)?;
    let on_screen = format == Format::Table && options.headers && terminal::is_available(settings.environment);
    if on_screen && io::stderr().is_terminal() {
        // Nothing is to be written between the lines of the screen.
        settings.console.verbose = false;
    }
    let until = args.until.as_deref().map(verdict_expr).transpose()?;
    let until = until.map(|condition| Until::new(condition, args.r#for.unwrap_or_default()));

    if view == View::Rows(Kind::Deployments) {
        settings.mean_all();
    }
    let fetcher = Arc::new(settings.fetcher(Rounds::Several, None)?);
    let addresses = fetcher.targets().map(address).collect::<Result<Vec<_>, _>>()?;
    let nobody_can_be_asked = fetcher.targets().all(|target| target.is_none());
    // On a screen every view is one key away.
    let endpoints = endpoints(if on_screen { View::Overview } else { view }, until.as_ref());
    let (sender, events) = channel();
    let (signalled, answered) = (sender.clone(), sender.clone());
    let on_screen = on_screen && !nobody_can_be_asked;
    let stops = [SIGINT, SIGTERM, SIGHUP, SIGQUIT];
    let of_screens = [SIGTSTP, SIGCONT, SIGWINCH];
    let caught = if on_screen { [&stops[..], &of_screens].concat() } else { stops.to_vec() };
    let catching = signals::on(&caught, move |signal| {
        let event = match signal {
            SIGWINCH => Event::Resized,
            SIGTSTP => Event::Suspended,
            SIGCONT => Event::Continued,
            _ => Event::Stop,
        };
        // When nobody listens any more the program is about to end.
        let _ = signalled.send(event);
    });
    if on_screen {
        // Where nothing has to be put back, signals may do what they do where nobody catches them.
        catching.context(NO_THREAD)?;
    }
    let started = Instant::now();
    let event_loop = EventLoop {
        events,
        poller: Poller::start(&fetcher, endpoints, args.interval, move |completed| {
            answered.send(Event::Answered(completed)).is_ok()
        }),
        monitor: Monitor::new(view, addresses, until),
        limits: Limits {
            one_tick: nobody_can_be_asked,
            ticks: args.count,
            failed_rounds: args.max_failures,
            deadline: args.deadline.and_then(|deadline| started.checked_add(deadline)),
        },
        started,
        news: News::None,
        failed_rounds: 0,
    };
    let (exit, text) = if on_screen {
        let list = ListOptions { columns: &rows.columns, sort: rows.sort.as_deref(), filter: &rows.filter };
        let live = Live::new(view, fetcher.count() > 1, settings.screen.paint, &list)?;
        let mut screen = FullScreen::open(live, sender).context(NO_THREAD)?;
        let ended = event_loop.run(&mut screen);
        drop(screen);
        // A terminal that cannot be drawn on is gone, and with it whoever watched.
        let Ok((end, failures)) = ended else { return Ok(Exit::Interrupted) };
        if !matches!(end.0, Exit::Ok | Exit::Interrupted) {
            source::tell(&settings.console, &failures, &[]);
        }
        end
    } else {
        event_loop.run(&mut Lines::new(write, options, settings.console))?.0
    };
    match text {
        Some(text) if exit == Exit::Ok => settings.console.remark(&text),
        Some(text) => settings.console.error(&text, None),
        None => {}
    }
    Ok(exit)
}

const NO_THREAD: &str = "the full screen takes two threads of its own, one for keys and one for signals";

/// What the monitor has to know of a deployment; of one that cannot be asked next to nothing.
fn address(target: Option<&Target>) -> Result<Address, profile::Error> {
    let flags = Policy::default_checks();
    Ok(match target {
        None => Address::new(None, Plan::without_profile(&flags)),
        Some(target) => Address::new(Some(target), Plan::of(target, &flags)?),
    })
}

/// The endpoints that the view and the condition speak of.
fn endpoints(view: View, until: Option<&Until>) -> Vec<Endpoint> {
    let field = until.map(|until| until.condition.field());
    let by_condition = |endpoint| field.is_some_and(|field| field == HEALTHY || endpoint_of(field) == endpoint);
    let by_view = |endpoint| match view {
        View::Overview | View::Rows(Kind::Deployments) => true,
        View::Rows(Kind::Cluster) => endpoint == Endpoint::Cluster,
        View::Rows(Kind::Rules | Kind::Resources) => endpoint == Endpoint::DataIntegration,
    };
    Endpoint::ALL.into_iter().filter(|endpoint| by_view(*endpoint) || by_condition(*endpoint)).collect()
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
