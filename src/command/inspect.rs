//! `cluster`, `rules` and `resources`: ask, and show what was said.

use super::fetch::Fetcher;
use super::gather::{Gathered, gather};
use super::rounds;
use super::session::Session;
use crate::cli::{ClusterArgs, Shared};
use crate::exit::Exit;
use crate::health::Status;
use crate::view::{self, Answer, Format, Kind, Request, RowWriter, Settings};
use jiff::Timestamp;
use std::io::{self, Write};

/// Shows the metrics of the cluster.
///
/// # Errors
/// A wrong command line; an answer that cannot be written.
pub fn cluster(args: &ClusterArgs, shared: &Shared) -> anyhow::Result<Exit> {
    let request = Request { group: &args.group, metric: &args.metric, all: args.all, ..Request::default() };
    run(shared, Kind::Cluster, request)
}

/// Shows the rules.
///
/// # Errors
/// As [`cluster`].
pub fn rules(shared: &Shared) -> anyhow::Result<Exit> {
    run(shared, Kind::Rules, Request::default())
}

/// Shows the resources.
///
/// # Errors
/// As [`cluster`].
pub fn resources(shared: &Shared) -> anyhow::Result<Exit> {
    run(shared, Kind::Resources, Request::default())
}

fn run(shared: &Shared, kind: Kind, request: Request<'_>) -> anyhow::Result<Exit> {
    let session = Session::open(shared)?;
    let (format, write) = session.format(Format::Table, &view::ROWS)?;
    let settings = settings(&session, kind, format, request)?;
    let window = rounds::checked(shared.window, !shared.input.is_empty())?;
    let fetcher = Fetcher::open(&session)?;
    let gathered = match window {
        Some(window) => rounds::two_rounds(&fetcher, settings.endpoints(), window),
        None => gather(&fetcher, settings.endpoints()),
    };
    let no_verdict = gathered.exit();
    let Gathered { readings, failures, warnings, .. } = gathered;
    let reports = readings.into_iter().map(|reading| reading.report).collect();
    let generated_at = Timestamp::now();
    let mut answer = Answer { kind, generated_at, reports, verdicts: Vec::new(), failures, warnings };
    answer.verdicts = view::judge(&answer, &settings);
    let exit = if shared.asks_verdict() { verdict(&answer).into() } else { no_verdict };
    match print(write, &answer, &settings) {
        // Who reads no further still gets the verdict.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe && shared.asks_verdict() => {}
        printed => printed?,
    }
    session.console.tell(&answer.failures, &answer.warnings);
    for (report, health) in answer.reports.iter().zip(&answer.verdicts) {
        session.console.judged(report.profile.as_ref().or(report.endpoint.as_ref()), health);
    }
    Ok(exit)
}

/// The worst of the verdicts. What could not be asked is unknown, and so is everything where nothing was said.
fn verdict(answer: &Answer) -> Status {
    let failed = (!answer.failures.is_empty()).then_some(Status::Unknown);
    Status::worst(answer.verdicts.iter().map(|health| health.status).chain(failed)).unwrap_or(Status::Unknown)
}

fn print(write: RowWriter, answer: &Answer, settings: &Settings) -> io::Result<()> {
    let mut out = super::stdout();
    write(answer, settings, &mut out)?;
    out.flush()
}

fn settings(session: &Session<'_>, kind: Kind, format: Format, request: Request<'_>) -> anyhow::Result<Settings> {
    let shared = session.shared;
    let request = Request {
        columns: &shared.columns,
        sort: shared.sort.as_deref(),
        filter: &shared.filter,
        no_headers: shared.no_headers,
        rates: shared.window.is_some(),
        fail_on: &shared.fail_on,
        warn_on: &shared.warn_on,
        fail_on_empty: shared.fail_on_empty,
        ..request
    };
    Ok(Settings::new(kind, format, session.screen, &request)?)
}
