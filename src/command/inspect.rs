//! `cluster`, `rules` and `resources`: ask, and show what was said.

use crate::cli::{ClusterArgs, GlobalArgs, ResourcesArgs, RulesArgs, UsageError, ViewArgs};
use crate::deployment::{Endpoint, Snapshot};
use crate::exit::Exit;
use crate::health::{Judgement, Look, Plans, Policy, Status, Verdicts};
use crate::settings::Settings;
use crate::source::{self, Failure, Fetcher, Report, Round, Rounds, Warning};
use crate::view::{self, Answer, Format, Kind, ViewOptions};
use jiff::Timestamp;
use std::io;
use std::num::NonZeroUsize;

/// Shows the metrics of the cluster.
///
/// # Errors
/// A wrong command line; an answer that cannot be written.
pub(super) fn cluster(args: &ClusterArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let ClusterArgs { view, group, metric, all } = args;
    run(view, global, Kind::Cluster, ViewOptions { group, metric, all: *all, ..ViewOptions::default() })
}

/// Shows the rules.
///
/// # Errors
/// As [`cluster`].
pub(super) fn rules(args: &RulesArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    run(&args.view, global, Kind::Rules, ViewOptions { ids: &args.ids, ..ViewOptions::default() })
}

/// Shows the resources.
///
/// # Errors
/// As [`cluster`].
pub(super) fn resources(args: &ResourcesArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    run(&args.view, global, Kind::Resources, ViewOptions { ids: &args.ids, ..ViewOptions::default() })
}

fn run(args: &ViewArgs, global: &GlobalArgs, kind: Kind, request: ViewOptions<'_>) -> anyhow::Result<Exit> {
    let ViewArgs { rows, window, limit, verdict, connect, deadline } = args;
    let settings = Settings::resolve(global, connect)?;
    let (format, write) = settings.format(Format::Table, &view::ROWS)?;
    let request = ViewOptions {
        columns: &rows.columns,
        sort: rows.sort.as_deref(),
        filter: &rows.filter,
        no_headers: rows.no_headers,
        rates: window.is_some(),
        fail_on: &verdict.fail_on,
        warn_on: &verdict.warn_on,
        fail_on_empty: verdict.fail_on_empty,
        limit: limit.map(NonZeroUsize::get),
        ..request
    };
    let options = view::Presentation::new(kind, format, settings.screen, &request)?;
    let window = settings.window(*window)?;
    let fetcher = settings.fetcher(Rounds::with_window(window), settings.deadline(deadline, window)?)?;
    let round = match window {
        Some(window) => source::two_rounds(&fetcher, options.endpoints(), window),
        None => source::round(&fetcher, options.endpoints()),
    };
    let Round { reports, failures, mut warnings } = round;
    if failures.is_empty() {
        options.check_received(kind, &reports)?;
    }
    let generated_at = Timestamp::now();
    let (judgements, odd) = judge(&fetcher, &options, &reports, &failures, generated_at)?;
    warnings.extend(odd);
    warnings.extend(not_received(kind, &reports, &failures));
    let failures = Failure::distinct(failures);
    let mut answer = Answer {
        kind,
        generated_at,
        reports,
        judgements,
        summaries: Vec::new(),
        verdicts: Vec::new(),
        failures,
        warnings,
    };
    answer.verdicts = view::judge(&answer, &options);
    let exit = if verdict.is_given() { worst(&answer).into() } else { Failure::worst(&answer.failures) };
    match settings.print(|out| write(&answer, &options, out)) {
        // Who reads no further still gets the verdict.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe && verdict.is_given() => {}
        printed => printed?,
    }
    source::tell(&settings.console, &answer.failures, &answer.warnings);
    for (report, health) in answer.reports.iter().zip(&answer.verdicts) {
        view::health::tell(&settings.console, report.name(), health);
    }
    Ok(exit)
}

/// How severe each deployment and what it holds is, by what was asked of it; and what its profile says about checks that cannot be
/// done.
fn judge(
    fetcher: &Fetcher,
    options: &view::Presentation,
    reports: &[Report],
    failures: &[Failure],
    now: Timestamp,
) -> Result<(Vec<Judgement>, Vec<Warning>), UsageError> {
    let plans = Plans::of(fetcher, &Policy::default_checks())?;
    let once = if fetcher.is_saved() { "a saved scrape does not change" } else { "change takes two looks" };
    let look = Look { now, once: Some(once), asked: options.endpoints(), failures };
    let mut known = Verdicts::default();
    let mut judge = |report: &Report| {
        let plan = plans.get(report.index);
        // Of what says nothing of an endpoint nothing of it is judged.
        let asked: Vec<Endpoint> = look.asked.iter().copied().filter(|endpoint| tells_of(report, *endpoint)).collect();
        plan.judgement(known.hold(plan.judge(report, Look { asked: &asked, ..look })), now)
    };
    let judgements = reports.iter().map(&mut judge).collect();
    let warning = |failure: &Failure| Warning {
        profile: failure.profile.clone(),
        endpoint: failure.endpoint.clone(),
        message: failure.message.clone(),
    };
    Ok((judgements, plans.refused().values().map(warning).collect()))
}

fn tells_of(report: &Report, endpoint: Endpoint) -> bool {
    let Snapshot { metrics, rules, resources, .. } = &report.snapshot;
    match endpoint {
        Endpoint::Cluster => metrics.is_some(),
        Endpoint::DataIntegration => rules.is_some() || resources.is_some(),
    }
}

/// A warning for each deployment that says nothing of what is shown, though nothing failed: a saved scrape of the other endpoint.
fn not_received(kind: Kind, reports: &[Report], failures: &[Failure]) -> Vec<Warning> {
    let is_missing = |report: &&Report| {
        let missing = match kind {
            Kind::Deployments => false,
            Kind::Cluster => report.snapshot.metrics.is_none() && report.snapshot.series.is_empty(),
            Kind::Rules => report.snapshot.rules.is_none(),
            Kind::Resources => report.snapshot.resources.is_none(),
        };
        missing && failures.is_empty()
    };
    let [_, many] = kind.nouns();
    let warning = |report: &Report| Warning {
        profile: report.profile.clone(),
        endpoint: report.endpoint.clone(),
        message: format!("{many} were not received"),
    };
    reports.iter().filter(is_missing).map(warning).collect()
}

/// The worst of the verdicts. What could not be asked is unknown, and so is everything where nothing was said.
fn worst(answer: &Answer) -> Status {
    let failed = (!answer.failures.is_empty()).then_some(Status::Unknown);
    Status::worst(answer.verdicts.iter().map(|health| health.status).chain(failed))
}
