//! `check`: is it healthy? One verdict from both endpoints.

use super::failure::UsageError;
use super::fetch::Fetcher;
use super::gather::{Gathered, Reading, gather};
use super::rounds;
use super::session::Session;
use crate::cli::{CheckArgs, Shared};
use crate::exit::Exit;
use crate::health::{Asked, Change, Health, Observation, OwnCheck, Plan, Status, Wishes, find};
use crate::profile::{self, Severity};
use crate::scrape::Endpoint;
use crate::view::{self, CheckWriter, Failure, Format, HealthAnswer, Judged};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

/// Asks twice, judges, and ends with the verdict.
///
/// # Errors
/// A wrong command line; an answer that cannot be written. Either leaves the verdict unknown.
pub fn run(args: &CheckArgs, shared: &Shared) -> anyhow::Result<Exit> {
    let result = check(args, shared);
    if let (Err(error), Some(Format::Nagios)) = (&result, shared.output) {
        let mut out = super::stdout();
        view::nagios::write_failure(&format!("{error:#}"), &mut out)?;
        out.flush()?;
    }
    result
}

fn check(args: &CheckArgs, shared: &Shared) -> anyhow::Result<Exit> {
    let session = Session::open(shared)?;
    let (_, write) = session.format(Format::Table, &view::CHECK)?;
    let window = window(shared)?;
    let fetcher = Fetcher::open(&session)?;
    let own = OwnChecks::of(&fetcher);
    let plan = plan(args, &own)?;
    let look = look(&fetcher, &plan, &own.all(), window);
    let answer = judge(&fetcher, &plan, own, look);
    match print(write, &answer, &session) {
        // Who reads no further still gets the verdict.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        printed => printed?,
    }
    session.console.tell(&answer.failures, &answer.warnings);
    Ok(answer.status().into())
}

/// The checks of the profiles.
struct OwnChecks {
    /// By deployment, in the order in which they are asked.
    by_index: Vec<Vec<OwnCheck>>,
    /// The deployments whose profile holds one that cannot be made.
    refused: BTreeMap<usize, Failure>,
}

impl OwnChecks {
    fn of(fetcher: &Fetcher) -> OwnChecks {
        let (mut by_index, mut refused) = (Vec::new(), BTreeMap::new());
        for (index, asked) in fetcher.deployments().enumerate() {
            let checks = asked.map_or(Ok(Vec::new()), |asked| asked.checks.iter().map(own_check).collect());
            let checks = checks.unwrap_or_else(|error: profile::Error| {
                let target = asked.map(|asked| &asked.target);
                let failure = Failure {
                    profile: target.and_then(|target| target.profile.clone()),
                    endpoint: target.map(|target| target.endpoint.to_string()),
                    exit: (&error).into(),
                    message: error.to_string(),
                    hint: error.hint(),
                };
                refused.insert(index, failure);
                Vec::new()
            });
            by_index.push(checks);
        }
        OwnChecks { by_index, refused }
    }

    fn all(&self) -> Vec<OwnCheck> {
        self.by_index.iter().flatten().cloned().collect()
    }
}

/// A check of a profile, as something that judges.
///
/// # Errors
/// Its condition is none, or its name is taken.
pub fn own_check(check: &profile::Check) -> Result<OwnCheck, profile::Error> {
    if find(&check.name.value).is_some() {
        let message = format!("'{}' is the name of a check that every deployment gets", check.name.value);
        return Err(check.name.refuse("checks.name", message, Some("choose another name".to_owned())));
    }
    let severity = match check.severity {
        Severity::Warning => Status::Warning,
        Severity::Critical => Status::Critical,
    };
    OwnCheck::new(&check.name.value, &check.when.value, severity)
        .map_err(|error| check.when.refuse("checks.when", &error, error.hint()))
}

fn plan(args: &CheckArgs, own: &OwnChecks) -> Result<Plan, UsageError> {
    let CheckArgs { only, skip, warning, critical, on_error, .. } = args;
    let names: Vec<&str> = own.by_index.iter().flatten().map(|check| check.name.as_str()).collect();
    Plan::new(&Wishes { only, skip, warning, critical }, &names, (*on_error).into()).map_err(|error| {
        let message = error.to_string();
        error.hint().map_or_else(|| UsageError::new(&message), |hint| UsageError::with_hint(&message, hint))
    })
}

/// What was seen.
struct Look {
    gathered: Gathered,
    /// Why there was no second look.
    once: Option<&'static str>,
}

/// Asks once, and once more when the window has passed, where a wanted check judges change.
fn look(fetcher: &Fetcher, plan: &Plan, own: &[OwnCheck], window: Option<Duration>) -> Look {
    let endpoints = plan.endpoints(own);
    let first = gather(fetcher, &endpoints);
    match window {
        None if fetcher.is_saved() => Look { gathered: first, once: Some("a saved scrape does not change") },
        None => Look { gathered: first, once: Some("change takes two looks, and --window is 0") },
        // Where nobody answers at first, a second look has nothing to be compared with.
        Some(window) if plan.needs_window(own) && !first.readings.is_empty() => {
            Look { gathered: rounds::second_round(fetcher, &endpoints, window, &first), once: None }
        }
        Some(_) => Look { gathered: first, once: Some("change takes two looks") },
    }
}

/// The time between two looks; `None` where there is to be one.
fn window(shared: &Shared) -> Result<Option<Duration>, UsageError> {
    match shared.window {
        Some(window) if window.is_zero() => Ok(None),
        None if !shared.input.is_empty() => Ok(None),
        window => rounds::checked(Some(window.unwrap_or(WINDOW)), !shared.input.is_empty()),
    }
}

/// Long enough for counters to move on a deployment in use, short enough for the ten seconds that monitoring systems commonly
/// give a check (Nagios Plugins Development Guidelines, "Use DEFAULT_SOCKET_TIMEOUT").
const WINDOW: Duration = Duration::from_secs(5);

fn judge(fetcher: &Fetcher, plan: &Plan, own: OwnChecks, look: Look) -> HealthAnswer {
    let Look { gathered, once } = look;
    let generated_at = Timestamp::now();
    let judge = |reading: &Reading| {
        let asked = |endpoint| match (reading.moments.of_endpoint(endpoint), gathered.failure(reading.index, endpoint))
        {
            (Some((_, took)), _) => Asked::Answered(took),
            (None, Some(failure)) => Asked::Failed(failure.message.as_str()),
            (None, None) => Asked::No,
        };
        let observation = Observation {
            snapshot: &reading.report.snapshot,
            change: match (once, &reading.report.rates) {
                (Some(why), _) => Change::NotLooked(why),
                (None, Some(rates)) => Change::Seen(rates),
                (None, None) => Change::Lost,
            },
            min_nodes: fetcher.asked(reading.index).map_or(MIN_NODES, |asked| asked.min_nodes),
            cluster: asked(Endpoint::Cluster),
            data_integration: asked(Endpoint::DataIntegration),
            age: Duration::try_from(generated_at.duration_since(reading.report.scraped_at)).unwrap_or_default(),
        };
        plan.judge(&observation, own.by_index.get(reading.index).map_or(&[], Vec::as_slice))
    };
    let verdicts: Vec<Health> = gathered.readings.iter().map(judge).collect();
    let judged = gathered.readings.into_iter().zip(verdicts);
    HealthAnswer {
        generated_at,
        deployments: judged
            .filter(|(reading, _)| !own.refused.contains_key(&reading.index))
            .map(|(reading, health)| Judged { report: reading.report, health })
            .collect(),
        failures: gathered.failures.into_iter().chain(own.refused.into_values()).collect(),
        warnings: gathered.warnings,
        on_error: plan.on_error,
    }
}

/// The plan of a deployment that no profile tells of.
const MIN_NODES: u32 = 1;

fn print(write: CheckWriter, answer: &HealthAnswer, session: &Session<'_>) -> io::Result<()> {
    let mut out = super::stdout();
    write(answer, &session.screen, &mut out)?;
    out.flush()
}
