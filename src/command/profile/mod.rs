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

use crate::cli::profile::{ProfileArgs, ProfileCommand};
use crate::cli::{ConnectArgs, GlobalArgs, UsageError};
use crate::env;
use crate::exit::Exit;
use crate::profile::{Failed, Request, Resolved};
use crate::settings::Settings;
use crate::source::Failure;
use crate::view::{Format, Formats};

/// Runs a subcommand of `profile`.
///
/// # Errors
/// It could not be carried out.
pub fn run(args: &ProfileArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let none = ConnectArgs::default();
    let connect = match &args.command {
        ProfileCommand::Add(add) => &add.connect,
        ProfileCommand::Show { connect, .. } | ProfileCommand::Test { connect, .. } => connect,
        ProfileCommand::List | ProfileCommand::Remove { .. } | ProfileCommand::Default { .. } => &none,
    };
    let mut settings = Settings::resolve(global, connect)?;
    settings.prefer(&FORMATS.names());
    match &args.command {
        ProfileCommand::Add(add) => add::run(add, &settings),
        ProfileCommand::List => list::run(&settings),
        ProfileCommand::Show { name, .. } => show::run(name.as_deref(), &settings),
        ProfileCommand::Remove { name, yes } => change::remove(name, *yes, &settings),
        ProfileCommand::Default { name: Some(name) } => change::set_default(name, &settings),
        ProfileCommand::Default { name: None } => change::print_default(&settings),
        ProfileCommand::Test { name, .. } => test::run(name.as_deref(), &settings),
    }
}

/// What would be asked: the profile `name`, or what flags, environment and file choose where none is named.
fn resolve_one(name: Option<&str>, settings: &Settings) -> anyhow::Result<Result<Resolved, Failure>> {
    let failed = |error| Failed { profile: name.map(str::to_owned), endpoint: None, error: Box::new(error) };
    let request = Request { profiles: name.map(str::to_owned).into_iter().collect(), ..settings.request.clone() };
    match settings.deployments(&request).map_err(failed) {
        Err(failed) => Ok(Err(Failure::from(&failed))),
        Ok(outcomes) => match <[_; 1]>::try_from(outcomes) {
            Ok([outcome]) => Ok(outcome.map_err(|failed| Failure::from(&failed))),
            Err(several) => {
                let message = format!("{} names {} profiles, and this is about one", env::PROFILE, several.len());
                Err(UsageError::with_hint(message, "name the profile").into())
            }
        },
    }
}

/// The formats of what `profile` shows: whether each is JSON.
const FORMATS: Formats<bool> = Formats(&[(Format::Table, false), (Format::Json, true)]);

/// Whether JSON is wanted.
fn wants_json(settings: &Settings) -> anyhow::Result<bool> {
    Ok(settings.format(Format::Table, &FORMATS)?.1)
}
