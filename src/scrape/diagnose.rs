//! What works and what does not, step by step.

use super::client::{Client, System};
use super::error::{Error, Phase, ScrapeError, Step};
use crate::profile::Target;
use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// One step and how it went.
#[derive(Debug)]
pub struct StepReport<E> {
    pub step: Step,
    pub took: Duration,
    /// What was found, in a few words; or what failed.
    pub outcome: Result<String, ScrapeError<E>>,
}

/// Connects to `target` and asks for what lies at each of `paths`, once, without retries. `read` takes a body in and says in a few words what it holds.
/// Gives the steps that were taken, up to the first that the others depend on and that failed.
///
/// # Errors
/// As [`Client::new`].
pub fn diagnose<E>(
    target: &Target,
    system: &Arc<System>,
    paths: &[&'static str],
    mut read: impl FnMut(&'static str, &mut dyn Read) -> Result<String, E>,
) -> Result<Vec<StepReport<E>>, Error> {
    let client = Client::new(target, system)?;
    let mut reports = Vec::new();
    let mut signed_in = false;
    for &path in paths {
        let started = Instant::now();
        let outcome = client.attempt(path, &mut |body| read(path, body));
        let mut took = started.elapsed();
        if reports.is_empty() {
            for taken in client.steps.lock().map(|steps| steps.clone()).unwrap_or_default() {
                took = took.saturating_sub(taken.took);
                reports.push(StepReport { step: taken.step, took: taken.took, outcome: Ok(taken.found) });
            }
        }
        let step = match &outcome {
            Err(ScrapeError::Transport(Error::Denied { .. })) if signed_in => Step::Request(path),
            Err(ScrapeError::Transport(error)) => step_of(error).unwrap_or(Step::Request(path)),
            _ => Step::Request(path),
        };
        if !signed_in && answered(&outcome) {
            signed_in = true;
            let found = "APP ID and Secret accepted".to_owned();
            reports.push(StepReport { step: Step::SignIn, took, outcome: Ok(found) });
        }
        let stop = !matches!(step, Step::Request(_));
        reports.push(StepReport { step, took, outcome: outcome.map(|scrape| scrape.value) });
        if stop {
            break;
        }
    }
    Ok(reports)
}

/// The step that a failure belongs to; `None` for what is the endpoint's own.
fn step_of(error: &Error) -> Option<Step> {
    match error {
        Error::Lookup { .. } | Error::TimedOut { phase: Phase::Lookup, .. } => Some(Step::Lookup),
        Error::Connect { .. } | Error::TimedOut { phase: Phase::Connect, .. } => Some(Step::Connect),
        Error::Proxy { .. } | Error::TimedOut { phase: Phase::Proxy, .. } => Some(Step::Proxy),
        Error::Tls { .. } | Error::TimedOut { phase: Phase::Tls, .. } => Some(Step::Tls),
        Error::Denied { .. } => Some(Step::SignIn),
        _ => None,
    }
}

/// Whether a body came: then the sign-in worked, whatever became of the body.
fn answered<T, E>(outcome: &Result<T, ScrapeError<E>>) -> bool {
    match outcome {
        Ok(_) | Err(ScrapeError::Content(_)) => true,
        Err(ScrapeError::Transport(error)) => matches!(
            error,
            Error::Truncated { .. } | Error::TooLarge { .. } | Error::TimedOut { phase: Phase::Body, .. }
        ),
    }
}
