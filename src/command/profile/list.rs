//! `profile list`: the profiles of the file, where each secret comes from, and which is the default.

use super::document::{self, List, ListEntry, SecretEntry};
use super::wants_json;
use crate::console;
use crate::env;
use crate::exit::Exit;
use crate::profile::{Entry, Error};
use crate::settings::Settings;
use crate::source::{self, Failure};
use crate::view::{Cell, Column, Role, Rows, Table};
use std::io::Write;

pub(super) fn run(settings: &Settings) -> anyhow::Result<Exit> {
    let json = wants_json(settings)?;
    let mut errors = Vec::new();
    let file = match settings.file() {
        Ok(file) => Some(file),
        // Nobody has set one up yet: the list is empty, which is an answer.
        Err(error @ (Error::NoFile { .. } | Error::NoFolder)) if !named(settings) => {
            settings.console.warning(&format!("{error}: 'emqstat profile add NAME' makes one"));
            None
        }
        Err(error) => {
            errors.push(error);
            None
        }
    };
    let entries = file.map(|file| file.profiles.as_slice()).unwrap_or_default();
    let default = file.and_then(|file| match file.default_name() {
        Ok(name) => Some(name),
        // That none is set is no mistake; that it names no profile is one.
        Err(Error::NoDefault { .. } | Error::NoProfile { .. }) => None,
        Err(error) => {
            errors.push(error);
            None
        }
    });

    let whole = errors.iter().map(|error| failure(None, error));
    let own = entries.iter().filter_map(|entry| Some(failure(Some(&entry.name), entry.profile.as_ref().err()?)));
    let failures: Vec<Failure> = whole.chain(own).collect();
    if json {
        let body = List {
            path: file.map(|file| file.path.display().to_string()),
            default: default.map(str::to_owned),
            profiles: entries.iter().map(|entry| described(entry, default)).collect(),
        };
        document::write("profile_list", &body, &failures, &[], &settings.screen)?;
    } else if !entries.is_empty() {
        let rows: Vec<Vec<Cell<'_>>> = entries.iter().map(|entry| row(entry, default)).collect();
        write_table(&rows, settings)?;
    }
    source::tell(&settings.console, &failures, &[]);
    Ok(failures.iter().map(|failure| failure.exit).max().unwrap_or(Exit::Ok))
}

fn failure(profile: Option<&String>, error: &Error) -> Failure {
    let (exit, message, hint) = (error.into(), error.to_string(), error.hint());
    Failure { profile: profile.cloned(), ..Failure::new(exit, message, hint) }
}

/// Whether a file was asked for by its name: then it has to be there.
fn named(settings: &Settings) -> bool {
    settings.request.profile_file.is_some() || settings.environment.raw(env::PROFILE_FILE).is_some()
}

fn described(entry: &Entry, default: Option<&str>) -> ListEntry {
    let profile = entry.profile.as_ref().ok();
    ListEntry {
        name: entry.name.clone(),
        default: default == Some(entry.name.as_str()),
        endpoint: profile.map(|profile| profile.endpoint.value.to_string()),
        app_id: profile.map(|profile| profile.app_id.value.clone()),
        app_secret: profile.map(|profile| SecretEntry::from(&profile.app_secret.value)),
    }
}

fn row<'a>(entry: &'a Entry, default: Option<&str>) -> Vec<Cell<'a>> {
    let name = Cell::of(Role::Heading, entry.name.as_str());
    let is_default = Cell::new(if default == Some(entry.name.as_str()) { "yes" } else { "" });
    match &entry.profile {
        Ok(profile) => vec![
            name,
            is_default,
            Cell::new(profile.endpoint.value.to_string()),
            Cell::new(profile.app_id.value.as_str()),
            Cell::new(profile.app_secret.value.to_string()),
        ],
        // The mistake itself is told on stderr.
        Err(_) => vec![name, is_default, Cell::of(Role::Error, "not usable")],
    }
}

fn write_table(rows: &dyn Rows, settings: &Settings) -> anyhow::Result<()> {
    let columns = vec![
        Column::text("profile"),
        Column::text("default"),
        Column::text("endpoint").wrapped(24),
        Column::text("app_id").importance(2).wrapped(8),
        Column::text("app_secret").importance(1).wrapped(12),
    ];
    let mut out = console::stdout();
    Table::new(columns, rows).write(&mut out, &settings.screen)?;
    out.flush()?;
    Ok(())
}
