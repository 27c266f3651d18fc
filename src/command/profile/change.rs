//! `profile remove` and `profile default`.

use super::common::say;
use super::prompt::Prompt;
use crate::cli::UsageError;
use crate::console;
use crate::exit::Exit;
use crate::profile::Editor;
use crate::settings::Settings;

/// Removes a profile once that is confirmed.
pub(super) fn remove(name: &str, sure: bool, settings: &Settings) -> anyhow::Result<Exit> {
    let mut editor = open(settings)?;
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
    say(settings, &format!("Removed profile '{name}' from {path}."))?;
    if was_default && left.len() > 1 {
        let message = "there is no default profile now: set one with 'emqstat profile default NAME'";
        settings.console.warning(message);
    }
    Ok(Exit::Ok)
}

/// Makes a profile the default.
pub(super) fn set_default(name: &str, settings: &Settings) -> anyhow::Result<Exit> {
    let mut editor = open(settings)?;
    editor.set_default(name)?;
    editor.save()?;
    say(settings, &format!("The default profile is '{name}' now."))?;
    Ok(Exit::Ok)
}

/// Prints the name of the profile that is asked where none is chosen.
pub(super) fn print_default(settings: &Settings) -> anyhow::Result<Exit> {
    let name = settings.file()?.default_name()?;
    console::print(|out| writeln!(out, "{name}"))?;
    Ok(Exit::Ok)
}

/// The file, to be changed. One that is not there has nothing to change.
fn open(settings: &Settings) -> anyhow::Result<Editor> {
    let path = settings.profile_file()?;
    // Whatever else is wrong with it, the editor tells or mends.
    if let Err(error @ crate::profile::Error::NoFile { .. }) = settings.file() {
        return Err(error.into());
    }
    Ok(Editor::open(&path)?)
}
