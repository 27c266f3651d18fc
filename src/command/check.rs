//! `check`: is it healthy? One verdict from both endpoints.

use crate::cli::{CheckArgs, GlobalArgs, UsageError};
use crate::console;
use crate::deployment::{Endpoint, PerEndpoint};
use crate::exit::Exit;
use crate::health::{Condition, Health, NoRates, Observation, Policy, Verdicts, slip};
use crate::profile::{self, Target};
use crate::settings::Settings;
use crate::source::{self, Failure, Fetcher, Report, Round, Rounds};
use crate::view::{self, Format, HealthAnswer, Judged};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Asks twice, judges, and ends with the verdict.
///
/// # Errors
/// A wrong command line; an answer that cannot be written. Either leaves the verdict unknown.
pub(super) fn run(args: &CheckArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let result = check(args, global);
    if let (Err(error), Some(Format::Nagios)) = (&result, global.output) {
        console::print(|out| view::nagios::write_failure(&format!("{error:#}"), out))?;
    }
    result
}

fn check(args: &CheckArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let settings = Settings::resolve(global, &args.connect)?;
    let (_, write) = settings.format(Format::Table, &view::CHECK)?;
    let window = window(args.window, &settings)?;
    let fetcher = settings.fetcher(Rounds::with_window(window), settings.deadline(&args.deadline, window)?)?;
    let mut plans = Plans::of(&fetcher, &policy(args))?;
    let look = look(&fetcher, &plans, window);
    plans.refuse_slips(&fetcher, &look.round);
    let answer = judge(plans, look);
    match console::print(|out| write(&answer, &settings.screen, out)) {
        // Who reads no further still gets the verdict.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        printed => printed?,
    }
    source::tell(&settings.console, &answer.failures, &answer.warnings);
    Ok(answer.status().into())
}

/// What is checked of each deployment.
struct Plans {
    /// What the command line says.
    flags: Policy,
    /// In the order in which the deployments are asked.
    by_index: Vec<Plan>,
    /// The deployments whose profile says something about checks that cannot be done.
    refused: BTreeMap<usize, Failure>,
}

/// What is checked of a deployment.
struct Plan {
    policy: Policy,
    own: Vec<Condition>,
    min_nodes: u32,
    /// Whom it is for; `None` for one that cannot be asked and for saved scrapes.
    target: Option<Target>,
}

impl Plan {
    fn of(target: &Target, flags: &Policy) -> Result<Plan, profile::Error> {
        let own = target.checks.iter().map(Condition::of_profile).collect::<Result<Vec<_>, _>>()?;
        let names: Vec<&str> = own.iter().map(|check| check.name.as_str()).collect();
        let policy = flags.with_profile(&target.thresholds, &names)?;
        Ok(Plan { policy, own, min_nodes: target.min_nodes, target: Some(target.clone()) })
    }
}

impl Plans {
    /// # Errors
    /// A check or a threshold of the command line that there is not.
    fn of(fetcher: &Fetcher, flags: &Policy) -> Result<Plans, UsageError> {
        let (mut by_index, mut refused) = (Vec::new(), BTreeMap::new());
        for (index, target) in fetcher.targets().enumerate() {
            let unplanned = Plan { policy: flags.clone(), own: Vec::new(), min_nodes: MIN_NODES, target: None };
            by_index.push(match target.map(|target| Plan::of(target, flags)) {
                None => unplanned,
                Some(Ok(plan)) => plan,
                Some(Err(error)) => {
                    refused.extend(target.map(|target| (index, refusal(index, target, &error))));
                    unplanned
                }
            });
        }
        let names: Vec<&str> = by_index.iter().flat_map(|plan| &plan.own).map(|check| check.name.as_str()).collect();
        flags.validate(&names).map_err(|error| match error.hint() {
            Some(hint) => UsageError::with_hint(error.to_string(), hint),
            None => UsageError::new(error.to_string()),
        })?;
        if by_index.is_empty() {
            by_index.push(Plan { policy: flags.clone(), own: Vec::new(), min_nodes: MIN_NODES, target: None });
        }
        Ok(Plans { flags: flags.clone(), by_index, refused })
    }

    /// Refuses own checks about a metric that no catalog knows and that their deployment did not send.
    fn refuse_slips(&mut self, fetcher: &Fetcher, round: &Round) {
        for (index, target) in fetcher.targets().enumerate() {
            let (Some(target), None) = (target, round.failures.iter().find(|failure| failure.index == index)) else {
                continue;
            };
            let snapshots = round.reports.iter().filter(|report| report.index == index).map(|report| &report.snapshot);
            // The conditions are those of the profile, in its order.
            for (check, own) in target.checks.iter().zip(&self.by_index[index].own) {
                if let Some(error) = slip([&own.when], snapshots.clone()) {
                    let error = check.when.refuse("checks.when", &error, error.hint());
                    self.refused.entry(index).or_insert_with(|| refusal(index, target, &error));
                }
            }
        }
    }

    /// The endpoints that the checks of some deployment speak of.
    fn endpoints(&self) -> Vec<Endpoint> {
        let wanted: Vec<Endpoint> = self.by_index.iter().flat_map(|plan| plan.policy.endpoints(&plan.own)).collect();
        Endpoint::ALL.into_iter().filter(|endpoint| wanted.contains(endpoint)).collect()
    }

    fn need_window(&self) -> bool {
        self.by_index.iter().any(|plan| plan.policy.needs_window(&plan.own))
    }
}

/// What a profile says about checks cannot be done.
fn refusal(index: usize, target: &Target, error: &profile::Error) -> Failure {
    Failure {
        index,
        profile: target.profile.clone(),
        endpoint: Some(target.endpoint.to_string()),
        ..Failure::new(error.into(), error.to_string(), error.hint())
    }
}

fn policy(args: &CheckArgs) -> Policy {
    let CheckArgs { only, skip, warning, critical, on_error, .. } = args.clone();
    Policy { only, skip, warning, critical, on_error: on_error.into(), ..Policy::default_checks() }
}

/// What was seen.
struct Look {
    round: Round,
    /// Why there was no second look.
    once: Option<&'static str>,
}

/// Asks once, and once more when the window has passed, where a wanted check judges change.
fn look(fetcher: &Fetcher, plans: &Plans, window: Option<Duration>) -> Look {
    let endpoints = plans.endpoints();
    let first = source::round(fetcher, &endpoints);
    match window {
        None if fetcher.is_saved() => Look { round: first, once: Some("a saved scrape does not change") },
        None => Look { round: first, once: Some("change takes two looks, and --window is 0") },
        // Where nobody answers at first, a second look has nothing to be compared with.
        Some(window) if plans.need_window() && !first.reports.is_empty() => {
            Look { round: source::second_round(fetcher, &endpoints, window, &first), once: None }
        }
        Some(_) => Look { round: first, once: Some("change takes two looks") },
    }
}

/// The time between two looks; `None` where there is to be one.
fn window(flag: Option<Duration>, settings: &Settings) -> Result<Option<Duration>, UsageError> {
    match flag {
        Some(window) if window.is_zero() => Ok(None),
        None if settings.reads_saved_scrapes() => Ok(None),
        window => settings.window(Some(window.unwrap_or(WINDOW))),
    }
}

/// Long enough for counters to move on a deployment in use, short enough for the ten seconds that monitoring systems commonly
/// give a check (Nagios Plugins Development Guidelines, "Use DEFAULT_SOCKET_TIMEOUT").
const WINDOW: Duration = Duration::from_secs(5);

fn judge(plans: Plans, look: Look) -> HealthAnswer {
    let Look { round, once } = look;
    let generated_at = Timestamp::now();
    let today = generated_at.to_zoned(TimeZone::UTC).date();
    let judge = |report: &Report| {
        let answer = |endpoint| match report.timing.get(endpoint) {
            Some(timing) => Some(Ok(timing.duration)),
            None => Some(Err(round.failure(report.index, endpoint)?.message.as_str())),
        };
        let plan = &plans.by_index[report.index];
        let outdated = report.outdated().map(source::outdated_by);
        let observation = Observation {
            snapshot: &report.snapshot,
            rates: match (once, &report.rates) {
                (Some(why), _) => Err(NoRates::OneSnapshot(why)),
                (None, Some(rates)) => Ok(rates),
                (None, None) => Err(NoRates::Lost),
            },
            min_nodes: plan.min_nodes,
            endpoints: PerEndpoint::from_fn(answer),
            age: report.age_of_samples(generated_at),
            outdated: outdated.as_deref(),
            today,
        };
        let health = plan.policy.judge(&observation, &plan.own);
        match &plan.target {
            Some(target) => health.with_advice(|advice| target.name_in_commands(advice)),
            None => health,
        }
    };
    let mut known = Verdicts::default();
    let verdicts: Vec<Arc<Health>> = round.reports.iter().map(|report| known.hold(judge(report))).collect();
    let judged = round.reports.into_iter().zip(verdicts);
    HealthAnswer {
        generated_at,
        deployments: judged
            .filter(|(report, _)| !plans.refused.contains_key(&report.index))
            .map(|(report, health)| Judged { report, health })
            .collect(),
        failures: Failure::distinct(round.failures.into_iter().chain(plans.refused.into_values()).collect()),
        warnings: round.warnings,
        on_error: plans.flags.on_error,
    }
}

/// The plan of a deployment that no profile tells of.
const MIN_NODES: u32 = 1;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::{Collector, Rates, Snapshot};
    use crate::health::{CheckStatus, Status};
    use crate::simulate::{self, Fault, Outage, Plan};
    use clap::ValueEnum as _;
    use jiff::civil::Date;

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
