//! `cluster`, `rules` and `resources`: ask, and show what was said.

use crate::cli::{ClusterArgs, Shared};
use crate::exit::Exit;
use crate::health::Status;
use crate::settings::{self, Settings};
use crate::source::{self, Failure, Round};
use crate::view::{self, Answer, Format, Kind, Request, RowWriter};
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
    let settings = Settings::open(shared)?;
    let (format, write) = settings.format(Format::Table, &view::ROWS)?;
    let options = options(&settings, kind, format, request)?;
    let window = settings::window(shared.window, !shared.input.is_empty())?;
    let fetcher = settings.fetcher()?;
    let round = match window {
        Some(window) => source::two_rounds(&fetcher, options.endpoints(), window),
        None => source::round(&fetcher, options.endpoints()),
    };
    let Round { reports, failures, warnings } = round;
    let generated_at = Timestamp::now();
    let mut answer = Answer { kind, generated_at, reports, verdicts: Vec::new(), failures, warnings };
    answer.verdicts = view::judge(&answer, &options);
    let exit = if shared.asks_verdict() { verdict(&answer).into() } else { Failure::worst(&answer.failures) };
    match print(write, &answer, &options) {
        // Who reads no further still gets the verdict.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe && shared.asks_verdict() => {}
        printed => printed?,
    }
    source::tell(&settings.console, &answer.failures, &answer.warnings);
    for (report, health) in answer.reports.iter().zip(&answer.verdicts) {
        view::health::tell(&settings.console, report.name(), health);
    }
    Ok(exit)
}

/// The worst of the verdicts. What could not be asked is unknown, and so is everything where nothing was said.
fn verdict(answer: &Answer) -> Status {
    let failed = (!answer.failures.is_empty()).then_some(Status::Unknown);
    Status::worst(answer.verdicts.iter().map(|health| health.status).chain(failed))
}

fn print(write: RowWriter, answer: &Answer, options: &view::Settings) -> io::Result<()> {
    let mut out = super::stdout();
    write(answer, options, &mut out)?;
    out.flush()
}

fn options(
    settings: &Settings<'_>,
    kind: Kind,
    format: Format,
    request: Request<'_>,
) -> anyhow::Result<view::Settings> {
    let shared = settings.shared;
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
    Ok(view::Settings::new(kind, format, settings.screen, &request)?)
}
