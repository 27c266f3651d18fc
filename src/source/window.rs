//! Two rounds a window apart, and the rates between them: `--window`.

use super::fetcher::Fetcher;
use super::report::Warning;
use super::round::{Round, round};
use crate::console::Waiting;
use crate::deployment::Endpoint;
use crate::units;
use std::time::{Duration, Instant};

/// The longest window: what is slower than that is the business of something that keeps running.
pub const LONGEST: Duration = Duration::from_secs(60 * 60);

/// Asks twice, from start to start at least `window` apart, and gives the second answer with the rates since the first:
/// failures and warnings are the second's. What the first round lacks has no rates, and a warning says so.
///
/// The time between is measured, for each endpoint. Where nothing answered at first there is nothing to wait for, and the
/// second round follows at once. Whoever interrupts the program interrupts the waiting.
pub fn two_rounds(fetcher: &Fetcher, endpoints: &[Endpoint], window: Duration) -> Round {
    second_round(fetcher, endpoints, window, &round(fetcher, endpoints))
}

/// What was seen of change.
pub struct Seen {
    pub round: Round,
    /// Why there was no second look.
    pub once: Option<&'static str>,
}

/// Asks once, and once more when the window has passed, where change is wanted.
pub fn look(fetcher: &Fetcher, endpoints: &[Endpoint], window: Option<Duration>, wants_change: bool) -> Seen {
    let first = round(fetcher, endpoints);
    match window {
        None if fetcher.is_saved() => Seen { round: first, once: Some("a saved scrape does not change") },
        None => Seen { round: first, once: Some("change takes two looks, and --window is 0") },
        // Where nobody answers at first, a second look has nothing to be compared with.
        Some(window) if wants_change && !first.reports.is_empty() => {
            Seen { round: second_round(fetcher, endpoints, window, &first), once: None }
        }
        Some(_) => Seen { round: first, once: Some("change takes two looks") },
    }
}

/// The second of [`two_rounds`].
fn second_round(fetcher: &Fetcher, endpoints: &[Endpoint], window: Duration, first: &Round) -> Round {
    if let Some(until) = first.end_of(window) {
        let rest = until.saturating_duration_since(Instant::now());
        fetcher.console().note(&format!("asking again in {}, --window {}", units::took(rest), units::took(window)));
        wait(fetcher, until);
    }
    let mut second = round(fetcher, endpoints);
    second.add_rates(first);
    let warnings = without_rates(first, &second);
    second.warnings.extend(warnings);
    Warning::limit(&mut second.warnings);
    second
}

/// Waits for the second look; a terminal is told when it will be.
fn wait(fetcher: &Fetcher, until: Instant) {
    let rest = || until.saturating_duration_since(Instant::now());
    let line = fetcher.console().waiting();
    let Some(line) = line else { return std::thread::sleep(rest()) };
    std::thread::sleep(rest().min(Waiting::AFTER));
    while !rest().is_zero() {
        line.write(&format!("looking again in {} s", rest().as_secs() + 1));
        std::thread::sleep(rest().min(Waiting::EVERY));
    }
}

/// A warning for each deployment of the second round that the first round cannot be compared with, or not at each endpoint.
fn without_rates(first: &Round, second: &Round) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = Vec::new();
    for report in &second.reports {
        let failed = first.failures.iter().filter(|failure| {
            failure.index == report.index
                && failure.request.is_none_or(|endpoint| report.timing.get(endpoint).is_some())
        });
        let mut messages: Vec<String> =
            failed.map(|failure| format!("no rates: the first of two scrapes failed: {}", failure.message)).collect();
        if messages.is_empty() && report.rates.is_none() {
            messages.push("no rates: the first of two scrapes did not tell of this deployment".to_owned());
        }
        let (profile, endpoint) = (&report.profile, &report.endpoint);
        warnings.extend(messages.into_iter().map(|message| Warning {
            profile: profile.clone(),
            endpoint: endpoint.clone(),
            message,
        }));
    }
    // One body may tell of several deployments, and its failure is one.
    warnings.dedup();
    warnings
}
