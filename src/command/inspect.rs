//! `cluster`, `rules` and `resources`: ask, and show what was said.

use super::fetch::Fetcher;
use super::gather::{Gathered, gather};
use super::rounds;
use super::session::Session;
use crate::cli::{ClusterArgs, Output, Shared};
use crate::exit::Exit;
use crate::scrape::Endpoint;
use crate::view::{self, Answer, Format, Kind, Request, Settings};
use jiff::Timestamp;
use std::io::Write;

/// Shows the metrics of the cluster.
///
/// # Errors
/// A wrong command line; an answer that cannot be written.
pub fn cluster(args: &ClusterArgs, shared: &Shared) -> anyhow::Result<Exit> {
    let request = Request { group: &args.group, metric: &args.metric, all: args.all, ..Request::default() };
    run(shared, Kind::Cluster, Endpoint::Cluster, request)
}

/// Shows the rules.
///
/// # Errors
/// As [`cluster`].
pub fn rules(shared: &Shared) -> anyhow::Result<Exit> {
    run(shared, Kind::Rules, Endpoint::DataIntegration, Request::default())
}

/// Shows the resources.
///
/// # Errors
/// As [`cluster`].
pub fn resources(shared: &Shared) -> anyhow::Result<Exit> {
    run(shared, Kind::Resources, Endpoint::DataIntegration, Request::default())
}

fn run(shared: &Shared, kind: Kind, endpoint: Endpoint, request: Request<'_>) -> anyhow::Result<Exit> {
    let session = Session::open(shared)?;
    let settings = settings(&session, kind, request)?;
    let window = rounds::checked(shared.window, !shared.input.is_empty())?;
    let fetcher = Fetcher::open(&session)?;
    let gathered = match window {
        Some(window) => rounds::two_rounds(&fetcher, &[endpoint], window),
        None => gather(&fetcher, &[endpoint]),
    };
    let exit = gathered.exit();
    let Gathered { readings, failures, warnings, .. } = gathered;
    let reports = readings.into_iter().map(|reading| reading.report).collect();
    let answer = Answer { kind, generated_at: Timestamp::now(), reports, failures, warnings };
    let mut out = super::stdout();
    view::render(&answer, &settings, &mut out)?;
    out.flush()?;
    session.console.tell(&answer.failures, &answer.warnings);
    Ok(exit)
}

fn settings(session: &Session<'_>, kind: Kind, request: Request<'_>) -> anyhow::Result<Settings> {
    let shared = session.shared;
    let format = match session.format(Output::Table, &[Output::Table, Output::Json, Output::Jsonl, Output::Csv])? {
        Output::Json => Format::Json,
        Output::Jsonl => Format::Jsonl,
        Output::Csv => Format::Csv,
        Output::Table | Output::Raw => Format::Table,
    };
    let request = Request {
        columns: &shared.columns,
        sort: shared.sort.as_deref(),
        filter: &shared.filter,
        no_headers: shared.no_headers,
        rates: shared.window.is_some(),
        ..request
    };
    Ok(Settings::new(kind, format, session.screen, &request)?)
}
