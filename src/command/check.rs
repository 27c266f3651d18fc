//! `check`: is it healthy? One verdict from both endpoints.

use crate::cli::{CheckArgs, GlobalArgs, UsageError};
use crate::console;
use crate::deployment::PerEndpoint;
use crate::exit::Exit;
use crate::health::{Condition, Health, NoRates, Observation, Policy};
use crate::profile;
use crate::settings::Settings;
use crate::source::{self, Failure, Fetcher, Report, Round};
use crate::view::{self, Format, HealthAnswer, Judged};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::io;
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
    let fetcher = settings.fetcher()?;
    let own = OwnChecks::of(&fetcher);
    let policy = policy(args, &own)?;
    let look = look(&fetcher, &policy, &own.all(), window);
    let answer = judge(&fetcher, &policy, own, look);
    match console::print(|out| write(&answer, &settings.screen, out)) {
        // Who reads no further still gets the verdict.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        printed => printed?,
    }
    source::tell(&settings.console, &answer.failures, &answer.warnings);
    Ok(answer.status().into())
}

/// The checks of the profiles.
struct OwnChecks {
    /// By deployment, in the order in which they are asked.
    by_index: Vec<Vec<Condition>>,
    /// The deployments whose profile holds one that cannot be made.
    refused: BTreeMap<usize, Failure>,
}

impl OwnChecks {
    fn of(fetcher: &Fetcher) -> OwnChecks {
        let (mut by_index, mut refused) = (Vec::new(), BTreeMap::new());
        for (index, target) in fetcher.targets().enumerate() {
            let checks =
                target.map_or(Ok(Vec::new()), |target| target.checks.iter().map(Condition::of_profile).collect());
            let checks = checks.unwrap_or_else(|error: profile::Error| {
                let failure = Failure {
                    profile: target.and_then(|target| target.profile.clone()),
                    endpoint: target.map(|target| target.endpoint.to_string()),
                    ..Failure::new((&error).into(), error.to_string(), error.hint())
                };
                refused.insert(index, failure);
                Vec::new()
            });
            by_index.push(checks);
        }
        OwnChecks { by_index, refused }
    }

    fn all(&self) -> Vec<Condition> {
        self.by_index.iter().flatten().cloned().collect()
    }
}

fn policy(args: &CheckArgs, own: &OwnChecks) -> Result<Policy, UsageError> {
    let CheckArgs { only, skip, warning, critical, on_error, .. } = args.clone();
    let policy = Policy { only, skip, warning, critical, on_error: on_error.into() };
    let names: Vec<&str> = own.by_index.iter().flatten().map(|check| check.name.as_str()).collect();
    match policy.validate(&names) {
        Ok(()) => Ok(policy),
        Err(error) => Err(match error.hint() {
            Some(hint) => UsageError::with_hint(error.to_string(), hint),
            None => UsageError::new(error.to_string()),
        }),
    }
}

/// What was seen.
struct Look {
    round: Round,
    /// Why there was no second look.
    once: Option<&'static str>,
}

/// Asks once, and once more when the window has passed, where a wanted check judges change.
fn look(fetcher: &Fetcher, policy: &Policy, own: &[Condition], window: Option<Duration>) -> Look {
    let endpoints = policy.endpoints(own);
    let first = source::round(fetcher, &endpoints);
    match window {
        None if fetcher.is_saved() => Look { round: first, once: Some("a saved scrape does not change") },
        None => Look { round: first, once: Some("change takes two looks, and --window is 0") },
        // Where nobody answers at first, a second look has nothing to be compared with.
        Some(window) if policy.needs_window(own) && !first.reports.is_empty() => {
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

fn judge(fetcher: &Fetcher, policy: &Policy, own: OwnChecks, look: Look) -> HealthAnswer {
    let Look { round, once } = look;
    let generated_at = Timestamp::now();
    let min_nodes: Vec<u32> =
        fetcher.targets().map(|target| target.map_or(MIN_NODES, |target| target.min_nodes)).collect();
    let judge = |report: &Report| {
        let answer = |endpoint| match report.timing.get(endpoint) {
            Some(timing) => Some(Ok(timing.duration)),
            None => Some(Err(round.failure(report.index, endpoint)?.message.as_str())),
        };
        let observation = Observation {
            snapshot: &report.snapshot,
            rates: match (once, &report.rates) {
                (Some(why), _) => Err(NoRates::OneSnapshot(why)),
                (None, Some(rates)) => Ok(rates),
                (None, None) => Err(NoRates::Lost),
            },
            min_nodes: min_nodes.get(report.index).copied().unwrap_or(MIN_NODES),
            endpoints: PerEndpoint::from_fn(answer),
            age: Duration::try_from(generated_at.duration_since(report.scraped_at)).unwrap_or_default(),
        };
        policy.judge(&observation, own.by_index.get(report.index).map_or(&[], Vec::as_slice))
    };
    let verdicts: Vec<Health> = round.reports.iter().map(judge).collect();
    let judged = round.reports.into_iter().zip(verdicts);
    HealthAnswer {
        generated_at,
        deployments: judged
            .filter(|(report, _)| !own.refused.contains_key(&report.index))
            .map(|(report, health)| Judged { report, health })
            .collect(),
        failures: round.failures.into_iter().chain(own.refused.into_values()).collect(),
        warnings: round.warnings,
        on_error: policy.on_error,
    }
}

/// The plan of a deployment that no profile tells of.
const MIN_NODES: u32 = 1;
