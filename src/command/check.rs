//! `check`: is it healthy? One verdict from both endpoints.

use crate::cli::{CheckArgs, GlobalArgs, UsageError};
use crate::console;
use crate::deployment::Endpoint;
use crate::exit::Exit;
use crate::files::{self, Readers, WriteError};
use crate::health::{Judgement, Look, Plans, Policy, Verdicts};
use crate::settings::Settings;
use crate::source::{self, Failure, Report, Rounds, Seen};
use crate::view::{self, CheckWriter, Format, HealthAnswer, Judged, Screen};
use jiff::Timestamp;
use std::io;
use std::path::{Path, PathBuf};

/// Asks twice, judges, and ends with the verdict.
///
/// # Errors
/// A wrong command line; an answer that cannot be written. Either leaves the verdict unknown.
pub(super) fn run(args: &CheckArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let result = check(args, global);
    let is_nagios = |(format, path): &(Format, PathBuf)| *format == Format::Nagios && path.as_os_str() == "-";
    let wants_line = global.output == Some(Format::Nagios) || args.report.iter().any(is_nagios);
    if let (Err(error), true) = (&result, wants_line) {
        console::print(|out| view::nagios::write_failure(&format!("{error:#}"), out))?;
    }
    result
}

fn check(args: &CheckArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let settings = Settings::resolve(global, &args.connect)?;
    let (format, write) = settings.format(Format::Table, &view::CHECK)?;
    let (to_stdout, reports) = reports(&args.report, global.output.is_some())?;
    let window = settings.judging_window(args.window)?;
    let fetcher = settings.fetcher(Rounds::with_window(window), settings.deadline(&args.deadline, window)?)?;
    let mut plans = Plans::of(&fetcher, &policy(args)).map_err(UsageError::from)?;
    let endpoints = plans.endpoints();
    let seen = source::look(&fetcher, &endpoints, window, plans.need_window());
    plans.refuse_slips(&fetcher, &seen.round);
    let answer = judge(plans, seen);
    // One that cannot be written keeps none of the others back.
    let written: Vec<_> = reports.iter().map(|(writer, path)| report(&answer, *writer, path)).collect();
    let unwritten = written.into_iter().find_map(Result::err);
    let (write, screen) = match to_stdout {
        Some((_, writer)) => (writer, Screen::PLAIN),
        None => (write, settings.screen),
    };
    match settings.print(|out| write(&answer, &screen, out)) {
        // Who reads no further still gets the verdict.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        printed => printed?,
    }
    // On a terminal the verdict says why.
    let is_told = format == Format::Table && to_stdout.is_none() && settings.screen.folds();
    source::tell(&settings.console, if is_told { &[] } else { &answer.failures }, &answer.warnings);
    match unwritten {
        Some(error) => Err(error.into()),
        None => Ok(answer.status().into()),
    }
}

/// What is written to stdout in place of the answer, and what to files.
type Reports<'a> = (Option<(Format, CheckWriter)>, Vec<(CheckWriter, &'a Path)>);

fn reports(all: &[(Format, PathBuf)], is_taken: bool) -> Result<Reports<'_>, UsageError> {
    let (mut to_stdout, mut files) = (None, Vec::new());
    for (format, path) in all {
        let Some(writer) = view::CHECK.writer(*format) else { continue };
        if path.as_os_str() != "-" {
            files.push((writer, path.as_path()));
        } else if is_taken || to_stdout.is_some() {
            let message = "--report to '-' writes to stdout, which something else is written to already";
            return Err(UsageError::with_hint(message, "leave --output out, or write the report to a file"));
        } else {
            to_stdout = Some((*format, writer));
        }
    }
    Ok((to_stdout, files))
}

/// Writes a report to a file, aside and then in its place: who reads it meanwhile reads a whole one.
fn report(answer: &HealthAnswer, write: CheckWriter, path: &Path) -> Result<(), WriteError> {
    let mut text = Vec::new();
    let written = write(answer, &Screen::PLAIN, &mut text);
    let text = String::from_utf8_lossy(&text);
    let put = written.and_then(|()| files::create(path, &text, Readers::Usual, true));
    put.map_err(|source| WriteError { what: path.display().to_string(), source })
}

fn policy(args: &CheckArgs) -> Policy {
    let CheckArgs { only, skip, warning, critical, on_error, .. } = args.clone();
    Policy { only, skip, warning, critical, on_error: on_error.into(), ..Policy::default_checks() }
}

fn judge(plans: Plans, seen: Seen) -> HealthAnswer {
    let Seen { round, once } = seen;
    let generated_at = Timestamp::now();
    let look = Look { now: generated_at, once, asked: &Endpoint::ALL, failures: &round.failures };
    let mut known = Verdicts::default();
    let mut judgement = |report: &Report| {
        let plan = plans.get(report.index);
        plan.judgement(known.hold(plan.judge(report, look)), generated_at)
    };
    let judgements: Vec<Judgement> = round.reports.iter().map(&mut judgement).collect();
    let judged = round.reports.into_iter().zip(judgements);
    HealthAnswer {
        generated_at,
        deployments: judged
            .filter(|(report, _)| !plans.refused().contains_key(&report.index))
            .map(|(report, judgement)| Judged { report, health: judgement.health })
            .collect(),
        failures: Failure::distinct(round.failures.into_iter().chain(plans.refused().values().cloned()).collect()),
        warnings: round.warnings,
        on_error: plans.flags.on_error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::{Collector, PerEndpoint, Rates, Snapshot};
    use crate::health::{CheckStatus, Observation, Status};
    use crate::simulate::{self, Fault, Outage, Plan};
    use clap::ValueEnum as _;
    use jiff::civil::Date;
    use std::time::Duration;

    const LOOK: Duration = Duration::from_secs(5);

    fn snapshot(plan: &Plan, elapsed: Duration) -> Snapshot {
        let mut collector = Collector::new();
        for (endpoint, body) in Endpoint::ALL.into_iter().zip(simulate::answers(plan, elapsed)) {
            collector.read(Some(endpoint), body.as_slice()).unwrap();
        }
        collector.finish().snapshots.next().unwrap()
    }

    /// What `check` says of that deployment after an hour, over five seconds: the checks that are not ok.
    fn judged(plan: &Plan) -> Vec<(String, Status)> {
        let hour = Duration::from_secs(3600);
        let (before, after) = (snapshot(plan, hour), snapshot(plan, hour + LOOK));
        let rates = Rates::between(&before, &after, PerEndpoint::from_fn(|_| Some(LOOK)));
        let observation = Observation {
            snapshot: &after,
            rates: Ok(&rates),
            min_nodes: plan.nodes,
            endpoints: PerEndpoint::from_fn(|_| Some(Ok(Duration::from_millis(80)))),
            asked: &Endpoint::ALL,
            age: Duration::ZERO,
            outdated: None,
            today: Date::MIN,
        };
        let health = Policy::default_checks().judge(&observation, &[]);
        let bad = |finding: &crate::health::Finding| match finding.status {
            CheckStatus::Judged(status) if status != Status::Ok => Some((finding.name.clone(), status)),
            _ => None,
        };
        health.findings.iter().filter_map(bad).collect()
    }

    fn well(seed: u64) -> Plan {
        Plan { seed, outage: Outage::Never, rules: 40, ..Plan::default() }
    }

    #[test]
    fn a_busy_deployment_that_is_well_is_ok_fifty_times_of_fifty() {
        for seed in 0..50 {
            assert_eq!(judged(&well(seed)), [], "seed {seed}");
        }
    }

    #[test]
    fn each_planted_fault_is_found_fifty_times_of_fifty_and_no_other() {
        for seed in 0..50 {
            for fault in Fault::value_variants() {
                let bad = judged(&Plan { faults: vec![*fault], ..well(seed) });
                // A flood of sign-ins that fail is judged by its share.
                let name = match fault {
                    Fault::SigninFailures => "signin_failure_share".to_owned(),
                    fault => fault.to_possible_value().unwrap().get_name().to_owned(),
                };
                let is_found = |(found, _): &(String, Status)| *found == name;
                let others = bad.iter().filter(|one| !is_found(one) && one.0 != "action_failure_share");
                assert!(bad.iter().any(is_found) && others.count() == 0, "seed {seed}, {fault:?}: {bad:?}");
            }
            let outage: Outage = "0s+10h".parse().unwrap();
            let down = judged(&Plan { outage, ..well(seed) });
            assert!(down.contains(&("resources_down".to_owned(), Status::Critical)), "seed {seed}: {down:?}");
            let stopped = judged(&Plan { node_outage: outage, ..well(seed) });
            assert!(stopped.contains(&("nodes_stopped".to_owned(), Status::Critical)), "seed {seed}: {stopped:?}");
        }
    }
}
