//! `profile remove` and `profile default`.

use super::file;
use super::prompt::Prompt;
use crate::command;
use crate::command::failure::UsageError;
use crate::command::session::Session;
use crate::exit::Exit;
use crate::profile::{Editor, Environment, ProfileFile};
use std::io::Write;

/// Removes a profile once that is confirmed.
pub(super) fn remove(name: &str, sure: bool, session: &Session<'_>) -> anyhow::Result<Exit> {
    let mut editor = open(session)?;
    let was_default = editor.remove(name)?;
    let path = editor.file().path.display().to_string();
    if !sure {
        if !Prompt::is_possible() {
            let message = format!("removing '{name}' has to be confirmed, and there is no terminal to ask on");
            return Err(UsageError::with_hint(message, "add --yes").into());
        }
        let prompt = Prompt::new()?;
        if !prompt.confirm(&format!("Remove profile '{name}' from {path}?"))? {
            prompt.say("Nothing was removed.")?;
            return Ok(Exit::Ok);
        }
    }
    let left = editor.file().names();
    editor.save()?;
    say(session, &format!("Removed profile '{name}' from {path}."))?;
    if was_default && left.len() > 1 {
        let message = "there is no default profile now: set one with 'emqstat profile default NAME'";
        session.console.warning(message);
    }
    Ok(Exit::Ok)
}

/// Makes a profile the default.
pub(super) fn set_default(name: &str, session: &Session<'_>) -> anyhow::Result<Exit> {
    let mut editor = open(session)?;
    editor.set_default(name)?;
    editor.save()?;
    say(session, &format!("The default profile is '{name}' now."))?;
    Ok(Exit::Ok)
}

/// Prints the name of the profile that is asked where none is chosen.
pub(super) fn print_default(session: &Session<'_>) -> anyhow::Result<Exit> {
    let mut out = command::stdout();
    writeln!(out, "{}", file(session)?.default_name()?)?;
    out.flush()?;
    Ok(Exit::Ok)
}

/// The file, to be changed. One that is not there has nothing to change.
fn open(session: &Session<'_>) -> anyhow::Result<Editor> {
    let path = ProfileFile::locate(session.shared.profile_file.as_deref(), Environment::process())?;
    // Whatever else is wrong with it, the editor tells or mends.
    if let Err(error @ crate::profile::Error::NoFile { .. }) = file(session) {
        return Err(error.into());
    }
    Ok(Editor::open(&path)?)
}

/// Says on stdout what was done.
pub(super) fn say(session: &Session<'_>, text: &str) -> anyhow::Result<()> {
    if !session.shared.quiet {
        let mut out = command::stdout();
        writeln!(out, "{}", crate::text::visible(text))?;
        out.flush()?;
    }
    Ok(())
}
