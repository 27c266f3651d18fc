//! From an error to what the user reads and the exit status that says it.

use super::profile::PromptError;
use super::session::Console;
use crate::exit::Exit;
use crate::exposition::ReadError;
use crate::health::ExprError;
use crate::profile::{self, Failed, Target};
use crate::scrape::{self, Input, ScrapeError};
use crate::simulate;
use crate::view::{Failure, RequestError, ScreenError};
use std::io::{ErrorKind, Write};

/// The command line can be read but not carried out.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct UsageError {
    message: String,
    hint: Option<String>,
}

impl UsageError {
    /// A sentence that names what is wrong.
    pub fn new(message: impl Into<String>) -> UsageError {
        UsageError { message: message.into(), hint: None }
    }

    /// With what to do next.
    pub fn with_hint(message: impl Into<String>, hint: impl Into<String>) -> UsageError {
        UsageError { message: message.into(), hint: Some(hint.into()) }
    }
}

/// What an error means to a script and what to do next: asked of the first error in the chain that knows.
pub fn classify(error: &anyhow::Error) -> (Exit, Option<String>) {
    error.chain().find_map(known).unwrap_or((Exit::Bug, None))
}

fn known(cause: &(dyn std::error::Error + 'static)) -> Option<(Exit, Option<String>)> {
    if let Some(error) = cause.downcast_ref::<UsageError>() {
        return Some((Exit::Usage, error.hint.clone()));
    }
    if let Some(error) = cause.downcast_ref::<RequestError>() {
        return Some((Exit::Usage, error.hint()));
    }
    if let Some(error) = cause.downcast_ref::<profile::Error>() {
        return Some((error.into(), error.hint()));
    }
    if let Some(error) = cause.downcast_ref::<scrape::Error>() {
        return Some((error.into(), error.hint()));
    }
    if let Some(error) = cause.downcast_ref::<ExprError>() {
        return Some((Exit::Usage, error.hint()));
    }
    if let Some(error) = cause.downcast_ref::<PromptError>() {
        return Some((error.into(), None));
    }
    if cause.is::<ScreenError>() {
        return Some((Exit::Usage, None));
    }
    if let Some(error) = cause.downcast_ref::<simulate::Error>() {
        return Some((error.into(), error.hint()));
    }
    cause.is::<std::io::Error>().then_some((Exit::Unavailable, None))
}

/// A deployment that could not be asked because of its settings.
pub fn of_profile(failed: &Failed) -> Failure {
    Failure {
        profile: failed.profile.clone(),
        endpoint: failed.endpoint.as_ref().map(ToString::to_string),
        exit: (&*failed.error).into(),
        message: failed.error.to_string(),
        hint: failed.error.hint(),
    }
}

/// A deployment that was asked and gave no answer.
pub fn of_scrape(target: &Target, error: &ScrapeError<ReadError>) -> Failure {
    let (exit, message, hint) = described(error);
    Failure { profile: target.profile.clone(), endpoint: Some(target.endpoint.to_string()), exit, message, hint }
}

/// A saved scrape that could not be read.
pub fn of_input(input: &Input, error: &ScrapeError<ReadError>) -> Failure {
    let (exit, mut message, mut hint) = described(error);
    if let ScrapeError::Content(_) = error {
        message = format!("{input}: {message}");
        // What was received is at hand.
        hint = None;
    }
    Failure { profile: None, endpoint: None, exit, message, hint }
}

fn described(error: &ScrapeError<ReadError>) -> (Exit, String, Option<String>) {
    match error {
        ScrapeError::Transport(error) => (error.into(), error.to_string(), error.hint()),
        ScrapeError::Content(error) => (error.into(), format!("the answer is not metrics: {error}"), error.hint()),
    }
}

/// Says on stderr what went wrong and what to do; silent where the reader of stdout has gone.
pub fn report(error: &anyhow::Error) -> Exit {
    if is_broken_pipe(error) {
        return Exit::Ok;
    }
    let (exit, hint) = classify(error);
    // Who pressed Ctrl-C knows.
    if exit == Exit::Interrupted {
        return exit;
    }
    Console::plain().error(&format!("{error:#}"), hint.as_deref());
    exit
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == ErrorKind::BrokenPipe))
}

/// The panic hook: a fault in emqstat is said in one sentence, without a backtrace, and ends the program.
pub fn report_fault(info: &std::panic::PanicHookInfo<'_>) {
    let place = info.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
    let _ = writeln!(std::io::stderr(), "error: a fault in emqstat{place}");
    let _ = writeln!(std::io::stderr(), "hint: please report it with the command line that led to it");
    std::process::exit(Exit::Bug.code().into());
}
