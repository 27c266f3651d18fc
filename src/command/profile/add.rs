//! `profile add`: from flags and stdin, or asked for at a terminal.

use super::common::say;
use super::prompt::Prompt;
use crate::cli::UsageError;
use crate::cli::profile::AddArgs;
use crate::exit::Exit;
use crate::files;
use crate::profile::{self, ConnectLayer, Editor, EndpointUrl, NewProfile, Origin, Secret, SecretSource, Sourced};
use crate::settings::Settings;
use anyhow::Context;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

pub(super) fn run(args: &AddArgs, settings: &Settings) -> anyhow::Result<Exit> {
    let name = args.name.as_str();
    profile::check_name(name)?;
    let path = settings.profile_file()?;
    let mut editor = Editor::open(&path)?;
    // Before anything is asked for.
    let replaces = editor.file().names().iter().any(|known| known == name);
    if replaces && !args.force {
        return Err(profile::Error::ProfileExists { name: name.to_owned(), path }.into());
    }
    let mut connect = settings.selection.connect.clone().check()?;
    if let Some(Sourced { value: Some(path), .. }) = &mut connect.ca_cert {
        *path = whole(path)?;
    }
    let new = Dialog::new(args, settings, &connect)?.profile()?;
    editor.add(name, &new, args.force)?;
    if args.default {
        editor.set_default(name)?;
    }
    let is_default = editor.file().default_name().is_ok_and(|default| default == name);
    editor.save()?;
    let done = if replaces { "Replaced" } else { "Added" };
    let role = if is_default { ", the default," } else { "" };
    say(settings, &format!("{done} profile '{name}'{role} in {}.", path.display()))?;
    if Prompt::is_possible() {
        say(settings, &format!("See whether it works: emqstat profile test {name}"))?;
    }
    Ok(Exit::Ok)
}

/// Takes each value from the flags, else asks for it.
struct Dialog<'a> {
    args: &'a AddArgs,
    settings: &'a Settings,
    connect: &'a ConnectLayer,
    /// `None` where there is nothing to ask.
    prompt: Option<Prompt>,
}

impl Dialog<'_> {
    /// # Errors
    /// Something is missing, and there is nobody to ask for it.
    fn new<'a>(args: &'a AddArgs, settings: &'a Settings, connect: &'a ConnectLayer) -> anyhow::Result<Dialog<'a>> {
        let AddArgs { app_id, secret_stdin, app_secret_env, app_secret_file, app_secret_command, .. } = args;
        let has_source = app_secret_env.is_some() || app_secret_file.is_some() || !app_secret_command.is_empty();
        let can_ask = Prompt::is_possible();
        let missing: Vec<&str> = [
            ("--endpoint URL", settings.selection.endpoint.is_some()),
            ("--app-id ID", app_id.is_some()),
            // What comes from a terminal is asked for, so that it is not shown.
            ("a secret", has_source || *secret_stdin && !can_ask),
        ]
        .into_iter()
        .filter_map(|(what, given)| (!given).then_some(what))
        .collect();
        if missing.is_empty() || can_ask {
            let prompt = if missing.is_empty() { None } else { Some(Prompt::new()?) };
            return Ok(Dialog { args, settings, connect, prompt });
        }
        let message = format!("there is no terminal to ask on, and something is missing: {}", missing.join(", "));
        let hint = if missing.contains(&"a secret") {
            "the secret comes from --secret-stdin, --app-secret-env NAME, --app-secret-file FILE or \
             --app-secret-command COMMAND"
        } else {
            "give it on the command line"
        };
        Err(UsageError::with_hint(message, hint).into())
    }

    /// The profile. The terminal is given back with it.
    fn profile(self) -> anyhow::Result<NewProfile> {
        Ok(NewProfile {
            endpoint: self.endpoint()?,
            app_id: self.app_id()?,
            app_secret: self.secret()?,
            connect: self.connect.clone(),
        })
    }

    fn endpoint(&self) -> anyhow::Result<EndpointUrl> {
        if let Some(text) = &self.settings.selection.endpoint {
            let text = Sourced::new(text.clone(), Origin::Flag("--endpoint"));
            let url = EndpointUrl::of_setting(text, "endpoint")?.value;
            self.may_be_asked(&url)?;
            return Ok(url);
        }
        self.ask("Endpoint (https://HOST:8443/api/v5): ", |text| {
            let url: EndpointUrl = text.parse().map_err(|error: profile::EndpointError| {
                let hint = error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
                format!("{error}{hint}")
            })?;
            self.may_be_asked(&url).map_err(|error| error.to_string())?;
            Ok(url)
        })
    }

    fn may_be_asked(&self, url: &EndpointUrl) -> Result<(), profile::Error> {
        if url.exposes_credentials() && !self.connect.allow_http.as_ref().is_some_and(|allowed| allowed.value) {
            return Err(profile::Error::PlainHttp { endpoint: url.to_string() });
        }
        Ok(())
    }

    fn app_id(&self) -> anyhow::Result<String> {
        let checked = |text: &str| profile::check_app_id(text.trim().to_owned());
        match &self.args.app_id {
            Some(text) => Ok(checked(text).map_err(|why| UsageError::new(format!("--app-id: {why}")))?),
            None => self.ask("APP ID: ", |text| checked(text).map_err(str::to_owned)),
        }
    }

    fn secret(&self) -> anyhow::Result<SecretSource> {
        let AddArgs { app_secret_env, app_secret_file, app_secret_command, .. } = self.args;
        if let Some(name) = app_secret_env {
            return Ok(SecretSource::Env(name.clone()));
        }
        if let Some(path) = app_secret_file {
            return Ok(SecretSource::File(whole(path)?));
        }
        if !app_secret_command.is_empty() {
            return Ok(SecretSource::Command(app_secret_command.clone()));
        }
        if let Some(prompt) = &self.prompt {
            loop {
                let text = prompt.ask_unseen("APP Secret (not shown): ")?;
                match Secret::from_bytes(text.into_bytes()) {
                    Ok(secret) => return Ok(SecretSource::Inline(secret)),
                    Err(why) => prompt.say(&format!("The secret {why}."))?,
                }
            }
        }
        let secret = Secret::from_bytes(read_stdin()?);
        Ok(SecretSource::Inline(secret.map_err(|why| UsageError::new(format!("the secret on stdin {why}")))?))
    }

    /// Asks until the answer will do.
    fn ask<T>(&self, question: &str, read: impl Fn(&str) -> Result<T, String>) -> anyhow::Result<T> {
        let prompt = self.prompt.as_ref().context("there is no terminal to ask on")?;
        loop {
            match read(&prompt.ask(question)?) {
                Ok(value) => return Ok(value),
                Err(why) => prompt.say(&format!("{why}."))?,
            }
        }
    }
}

fn read_stdin() -> anyhow::Result<Vec<u8>> {
    /// As much as a secret's file may hold.
    const LIMIT: u64 = 64 * 1024;
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        let message =
            "the secret would be shown on the terminal as it is typed: stderr is none, so it cannot be asked for";
        return Err(UsageError::with_hint(message, "pipe the secret in, or do not redirect stderr").into());
    }
    let bytes = files::read_at_most(stdin.lock(), LIMIT).context("cannot read stdin")?;
    Ok(bytes.ok_or_else(|| UsageError::new("what comes on stdin is larger than any secret"))?)
}

/// The path from the root: in the file a relative one would start elsewhere.
fn whole(path: &Path) -> anyhow::Result<PathBuf> {
    if path.as_os_str().is_empty() || path.starts_with("~") {
        return Ok(path.to_owned());
    }
    if path.to_str().is_none() {
        return Err(UsageError::new(format!("{} is not UTF-8, and the profile file is", path.display())).into());
    }
    std::path::absolute(path).with_context(|| format!("cannot tell where {} is", path.display()))
}
