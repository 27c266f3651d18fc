//! From an error to what the user reads and the exit status that says it.

use crate::exit::Exit;
use crate::simulate;
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
    for cause in error.chain() {
        if let Some(usage) = cause.downcast_ref::<UsageError>() {
            return (Exit::Usage, usage.hint.clone());
        }
        if let Some(error) = cause.downcast_ref::<simulate::Error>() {
            return (error.into(), error.hint());
        }
    }
    (Exit::Bug, None)
}

/// Says on stderr what went wrong and what to do; silent where the reader of stdout has gone.
pub fn report(error: &anyhow::Error) -> Exit {
    if is_broken_pipe(error) {
        return Exit::Ok;
    }
    let (exit, hint) = classify(error);
    let mut stderr = std::io::stderr().lock();
    // Nobody is left to tell if stderr cannot be written.
    let _ = writeln!(stderr, "error: {error:#}");
    if let Some(hint) = hint {
        let _ = writeln!(stderr, "hint: {hint}");
    }
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
