//! Two rounds a window apart, and the rates between them: `--window`.

use super::failure::UsageError;
use super::fetch::Fetcher;
use super::gather::{Gathered, gather};
use crate::scrape::Endpoint;
use crate::view::{Warning, number};
use std::time::{Duration, Instant};

/// The longest window: what is slower than that is the business of something that keeps running.
pub const LONGEST: Duration = Duration::from_secs(60 * 60);

/// What `--window` says, checked, for [`two_rounds`]; `None` where it was not given.
///
/// # Errors
/// No time at all, more than [`LONGEST`], or saved scrapes, which do not change.
pub fn checked(window: Option<Duration>, is_saved: bool) -> Result<Option<Duration>, UsageError> {
    let Some(window) = window else { return Ok(None) };
    if is_saved {
        return Err(UsageError::with_hint(
            "--window takes two looks at a deployment, and a saved scrape does not change",
            "leave --window out, or ask the deployment itself",
        ));
    }
    if window.is_zero() {
        return Err(UsageError::with_hint(
            "--window 0 leaves no time in which anything could change",
            "give it a time, such as --window 10s, or leave it out",
        ));
    }
    if window > LONGEST {
        return Err(UsageError::with_hint(
            format!("--window is longer than {}", number::span(LONGEST)),
            "a shorter window tells what happens now, such as --window 10s",
        ));
    }
    Ok(Some(window))
}

/// Asks twice, from start to start at least `window` apart, and gives the second answer with the rates since the first:
/// failures and warnings are the second's. What the first round lacks has no rates, and a warning says so.
///
/// The time between is measured, for each endpoint. Where nothing answered at first there is nothing to wait for, and the
/// second round follows at once. Whoever interrupts the program interrupts the waiting.
pub fn two_rounds(fetcher: &Fetcher, endpoints: &[Endpoint], window: Duration) -> Gathered {
    second_round(fetcher, endpoints, window, &gather(fetcher, endpoints))
}

/// The second of [`two_rounds`].
pub fn second_round(fetcher: &Fetcher, endpoints: &[Endpoint], window: Duration, first: &Gathered) -> Gathered {
    if let Some(until) = first.until(window) {
        let rest = until.saturating_duration_since(Instant::now());
        fetcher.console().note(&format!("asking again in {}, --window {}", number::took(rest), number::took(window)));
        std::thread::sleep(rest);
    }
    let mut second = gather(fetcher, endpoints);
    second.add_rates(first);
    let warnings = without_rates(first, &second);
    second.warnings.extend(warnings);
    second
}

/// A warning for each deployment of the second round that the first round cannot be compared with, or not at each endpoint.
fn without_rates(first: &Gathered, second: &Gathered) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = Vec::new();
    for reading in &second.readings {
        let failed = first.failed.iter().zip(&first.failures).filter(|((index, endpoint), _)| {
            *index == reading.index && endpoint.is_none_or(|endpoint| reading.moments.of_endpoint(endpoint).is_some())
        });
        let mut messages: Vec<String> = failed
            .map(|(_, failure)| format!("no rates: the first of two scrapes failed: {}", failure.message))
            .collect();
        if messages.is_empty() && reading.report.rates.is_none() {
            messages.push("no rates: the first of two scrapes did not tell of this deployment".to_owned());
        }
        let report = &reading.report;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_a_time_in_which_something_can_change() {
        let (second, hour) = (Duration::from_secs(1), LONGEST);
        assert_eq!(checked(None, true).unwrap(), None);
        for good in [Duration::from_millis(1), second, hour] {
            assert_eq!(checked(Some(good), false).unwrap(), Some(good));
        }
        for (window, is_saved, message) in [
            (Duration::ZERO, false, "--window 0 leaves no time in which anything could change"),
            (hour + second, false, "--window is longer than 1 h"),
            (second, true, "--window takes two looks at a deployment, and a saved scrape does not change"),
        ] {
            assert_eq!(checked(Some(window), is_saved).unwrap_err().to_string(), message);
        }
    }
}
