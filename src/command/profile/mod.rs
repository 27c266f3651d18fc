//! `profile`: sets up addresses and credentials, shows them and tells whether they work.
//!
//! | file | holds |
//! | --- | --- |
//! | `add` | `profile add`: from flags, from stdin, or asked for |
//! | `change` | `profile remove` and `profile default` |
//! | `list`, `show` | what the file says; never a secret |
//! | `test` | `profile test`: what works, step by step |
//! | `document` | the JSON of the last three |
//! | `prompt` | asks a person at a terminal |

mod add;
mod change;
mod document;
mod list;
mod prompt;
mod show;
mod test;

pub use prompt::PromptError;

use super::failure::{self, UsageError};
use super::session::Session;
use super::source;
use crate::cli::Shared;
use crate::cli::profile::{ProfileArgs, ProfileCommand};
use crate::env;
use crate::exit::Exit;
use crate::profile::{self, Environment, Error, Failed, ProfileFile, Request, Resolved};
use crate::view::{Failure, Format, Formats};

/// Runs a subcommand of `profile`.
///
/// # Errors
/// It could not be carried out.
pub fn run(args: &ProfileArgs, shared: &Shared) -> anyhow::Result<Exit> {
    let session = Session::open(shared)?;
    match &args.command {
        ProfileCommand::Add(add) => add::run(add, &session),
        ProfileCommand::List => list::run(&session),
        ProfileCommand::Show { name } => show::run(name.as_deref(), &session),
        ProfileCommand::Remove { name, yes } => change::remove(name, *yes, &session),
        ProfileCommand::Default { name: Some(name) } => change::set_default(name, &session),
        ProfileCommand::Default { name: None } => change::print_default(&session),
        ProfileCommand::Test { name } => test::run(name.as_deref(), &session),
    }
}

/// The profile file, as it was read for this run.
fn file<'a>(session: &'a Session<'_>) -> Result<&'a ProfileFile, Error> {
    match &session.file {
        Some(Ok(file)) => Ok(file),
        Some(Err(error)) => Err(error.clone()),
        None => Err(Error::NoFolder),
    }
}

/// What would be asked: the profile `name`, or what flags, environment and file choose where none is named.
fn resolve_one(name: Option<&str>, session: &Session<'_>) -> anyhow::Result<Result<Resolved, Failure>> {
    let failed = |error| Failed { profile: name.map(str::to_owned), endpoint: None, error: Box::new(error) };
    let request =
        Request { profiles: name.map(str::to_owned).into_iter().collect(), ..source::request(session.shared) };
    let file = file(session).cloned();
    match profile::resolve(&request, Environment::process(), file).map_err(failed) {
        Err(failed) => Ok(Err(failure::of_profile(&failed))),
        Ok(outcomes) => match <[_; 1]>::try_from(outcomes) {
            Ok([outcome]) => Ok(outcome.map_err(|failed| failure::of_profile(&failed))),
            Err(several) => {
                let message = format!("{} names {} profiles, and this is about one", env::PROFILE, several.len());
                Err(UsageError::with_hint(message, "name the profile").into())
            }
        },
    }
}

/// The formats of what `profile` shows: whether each is JSON.
const FORMATS: Formats<bool> = Formats(&[(Format::Table, false), (Format::Json, true)]);

/// Whether JSON is wanted. A preference for all commands may be a format that these have not; then it is a table.
fn wants_json(session: &Session<'_>) -> anyhow::Result<bool> {
    match session.shared.output {
        Some(_) => Ok(session.format(Format::Table, &FORMATS)?.1),
        None => Ok(session.output == Some(Format::Json)),
    }
}
