//! `deployments`: all of them at a glance, one a row, those in trouble first.

use crate::cli::{DeploymentsArgs, GlobalArgs, UsageError};
use crate::deployment::Endpoint;
use crate::exit::Exit;
use crate::health::{Judgement, Look, Plans, Policy, Status, Verdicts};
use crate::settings::Settings;
use crate::source::{self, Failure, Report, Rounds, Seen};
use crate::view::{self, Answer, Format, Kind, Summary, ViewOptions};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::io;
use std::num::NonZeroUsize;

/// Asks twice, and shows a row a deployment; also those that gave no answer.
///
/// # Errors
/// A wrong command line; an answer that cannot be written.
pub(super) fn run(args: &DeploymentsArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let DeploymentsArgs { rows, window, limit, verdict, connect, deadline } = args;
    let mut settings = Settings::resolve(global, connect)?;
    settings.mean_all();
    let (format, write) = settings.format(Format::Table, &view::ROWS)?;
    let request = ViewOptions {
        columns: &rows.columns,
        sort: rows.sort.as_deref(),
        filter: &rows.filter,
        no_headers: rows.no_headers,
        rates: true,
        fail_on: &verdict.fail_on,
        warn_on: &verdict.warn_on,
        fail_on_empty: verdict.fail_on_empty,
        limit: limit.map(NonZeroUsize::get),
        ..ViewOptions::default()
    };
    let options = view::Presentation::new(Kind::Deployments, format, settings.screen, &request)?;
    let window = settings.judging_window(*window)?;
    let fetcher = settings.fetcher(Rounds::with_window(window), settings.deadline(deadline, window)?)?;
    let mut plans = Plans::of(&fetcher, &Policy::default_checks()).map_err(UsageError::from)?;
    let seen = source::look(&fetcher, options.endpoints(), window, true);
    plans.refuse_slips(&fetcher, &seen.round);
    if seen.round.failures.is_empty() {
        options.check_received(Kind::Deployments, &seen.round.reports)?;
    }
    let mut answer = answer(&plans, seen);
    answer.verdicts = view::judge(&answer, &options);
    let exit = if verdict.is_given() {
        Status::worst(answer.verdicts.iter().map(|health| health.status)).into()
    } else {
        Failure::worst(&answer.failures)
    };
    match settings.print(|out| write(&answer, &options, out)) {
        // Who reads no further still gets the verdict.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe && verdict.is_given() => {}
        printed => printed?,
    }
    // On a terminal the rows say why; what kept everything from being asked has no row.
    let is_told = format == Format::Table && settings.screen.folds() && request.columns.is_empty();
    let rows: BTreeSet<usize> = answer.reports.iter().map(|report| report.index).collect();
    let untold = answer.failures.iter().filter(|failure| !is_told || !rows.contains(&failure.index));
    source::tell(&settings.console, &untold.cloned().collect::<Vec<_>>(), &answer.warnings);
    for (report, health) in answer.reports.iter().zip(&answer.verdicts) {
        view::health::tell(&settings.console, report.name(), health);
    }
    Ok(exit)
}

fn answer(plans: &Plans, seen: Seen) -> Answer {
    let Seen { round, once } = seen;
    let generated_at = Timestamp::now();
    let mut failures = round.failures;
    failures.extend(plans.refused().values().cloned());
    let mut reports = round.reports;
    // Those that gave no answer are rows, too; not what kept everything from being asked.
    let named = failures.iter().filter(|failure| failure.name().is_some());
    let silent: BTreeSet<usize> = named.map(|failure| failure.index).collect();
    let answered: BTreeSet<usize> = reports.iter().map(|report| report.index).collect();
    for index in silent.difference(&answered) {
        let failure = failures.iter().find(|failure| failure.index == *index);
        reports.extend(failure.map(|failure| {
            let Failure { index, profile, endpoint, .. } = failure.clone();
            Report::unanswered(index, profile, endpoint, generated_at)
        }));
    }
    reports.sort_by_key(|report| report.index);
    let look = Look { now: generated_at, once, asked: &Endpoint::ALL, failures: &failures };
    let mut known = Verdicts::default();
    let mut judgement = |report: &Report| {
        let plan = plans.get(report.index);
        plan.judgement(known.hold(plan.judge(report, look)), generated_at)
    };
    let judgements: Vec<Judgement> = reports.iter().map(&mut judgement).collect();
    let summary = |(report, judgement)| Summary::of(report, judgement, &failures, generated_at);
    Answer {
        kind: Kind::Deployments,
        generated_at,
        summaries: reports.iter().zip(&judgements).map(summary).collect(),
        verdicts: Vec::new(),
        failures: Failure::distinct(failures),
        warnings: round.warnings,
        reports,
        judgements,
    }
}
