//! What the subcommands of `profile` do alike: the one profile that is meant, and how they answer.

use crate::cli::UsageError;
use crate::console;
use crate::env;
use crate::profile::{ResolveError, Resolved, Selection};
use crate::settings::Settings;
use crate::source::Failure;
use crate::text::visible;
use crate::view::{Format, Formats};
use std::io::Write;

/// What would be asked: the profile `name`, or what flags, environment and file choose where none is named.
pub(super) fn resolve_one(name: Option<&str>, settings: &Settings) -> anyhow::Result<Result<Resolved, Failure>> {
    let failed = |error| ResolveError { profile: name.map(str::to_owned), endpoint: None, error: Box::new(error) };
    let selection = Selection { profiles: name.map(str::to_owned).into_iter().collect(), ..settings.selection.clone() };
    match settings.deployments(&selection).map_err(failed) {
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
pub(super) const FORMATS: Formats<bool> = Formats(&[(Format::Table, false), (Format::Json, true)]);

/// Whether JSON is wanted.
pub(super) fn wants_json(settings: &Settings) -> anyhow::Result<bool> {
    Ok(settings.format(Format::Table, &FORMATS)?.1)
}

/// Says on stdout what was done.
pub(super) fn say(settings: &Settings, text: &str) -> anyhow::Result<()> {
    if !settings.console.quiet {
        let mut out = console::stdout();
        writeln!(out, "{}", visible(text))?;
        out.flush()?;
    }
    Ok(())
}
