//! `profile`: sets up addresses and credentials, shows them and tells whether they work.
//!
//! | file | holds |
//! | --- | --- |
//! | `add` | `profile add`: from flags, from stdin, or asked for |
//! | `change` | `profile remove` and `profile default` |
//! | `list`, `show` | what the file says; never a secret |
//! | `test` | `profile test`: what works, step by step |
//! | `common` | the one profile that is meant, how they answer |
//! | `document` | the JSON of `list`, `show` and `test` |
//! | `prompt` | asks a person at a terminal |

mod add;
mod change;
mod common;
mod document;
mod list;
mod prompt;
mod show;
mod test;

pub(super) use prompt::PromptError;

use crate::cli::profile::{ProfileArgs, ProfileCommand};
use crate::cli::{ConnectArgs, GlobalArgs};
use crate::exit::Exit;
use crate::settings::Settings;

/// Runs a subcommand of `profile`.
///
/// # Errors
/// It could not be carried out.
pub(super) fn run(args: &ProfileArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let none = ConnectArgs::default();
    let connect = match &args.command {
        ProfileCommand::Add(add) => &add.connect,
        ProfileCommand::Show { connect, .. } | ProfileCommand::Test { connect, .. } => connect,
        ProfileCommand::List | ProfileCommand::Remove { .. } | ProfileCommand::Default { .. } => &none,
    };
    let mut settings = Settings::resolve(global, connect)?;
    settings.prefer(&common::FORMATS.names());
    match &args.command {
        ProfileCommand::Add(add) => add::run(add, &settings),
        ProfileCommand::List => list::run(&settings),
        ProfileCommand::Show { name, .. } => show::run(name.as_deref(), &settings),
        ProfileCommand::Remove { name, yes } => change::remove(name, *yes, &settings),
        ProfileCommand::Default { name: Some(name) } => change::set_default(name, &settings),
        ProfileCommand::Default { name: None } => change::print_default(&settings),
        ProfileCommand::Test { names, .. } => test::run(names, &settings),
    }
}
