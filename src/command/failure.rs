//! From an error to what the user reads and the exit status that says it.

use super::profile::PromptError;
use crate::cli::UsageError;
use crate::exit::Exit;
use crate::files::WriteError;
use crate::health::ExprError;
use crate::settings::{self, ScreenError};
use crate::view::ViewError;
use crate::{profile, scrape, simulate};
use std::io::{ErrorKind, Write};

/// What an error means to a script and what to do next: asked of the first error in the chain that knows.
fn classify(error: &anyhow::Error) -> (Exit, Option<String>) {
    error.chain().find_map(known).unwrap_or((Exit::Bug, None))
}

fn known(cause: &(dyn std::error::Error + 'static)) -> Option<(Exit, Option<String>)> {
    if let Some(error) = cause.downcast_ref::<UsageError>() {
        return Some((Exit::Usage, error.hint.clone()));
    }
    if let Some(error) = cause.downcast_ref::<ViewError>() {
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
    if cause.is::<WriteError>() {
        return Some((Exit::IoError, None));
    }
    let error = cause.downcast_ref::<std::io::Error>()?;
    let is_of_stdout = error.get_ref().is_some_and(|inner| inner.is::<WriteError>());
    Some((if is_of_stdout { Exit::IoError } else { Exit::Unavailable }, None))
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
    settings::plain_console().error(&format!("{error:#}"), hint.as_deref());
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
