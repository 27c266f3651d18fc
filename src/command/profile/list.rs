//! `profile list`: the profiles of the file, where each secret comes from, and which is the default.

use super::common::wants_json;
use super::document::{self, List, ListEntry, SecretEntry};
use crate::exit::Exit;
use crate::profile::{Error, Profile, ProfileFile};
use crate::settings::Settings;
use crate::source::{self, Failure};
use crate::view::{Cell, Column, Role, Table};

/// A profile of the file, or what is wrong with it.
type Entry = (String, Result<Profile, Error>);

pub(super) fn run(settings: &Settings) -> anyhow::Result<Exit> {
    let json = wants_json(settings)?;
    let flag = settings.selection.profile_file.as_deref();
    let mut errors = Vec::new();
    let file = match settings.file() {
        Ok(file) => Some(file),
        // Nobody has set one up yet: the list is empty, which is an answer.
        Err(error @ (Error::NoFile { .. } | Error::NoFolder)) if !ProfileFile::is_named(flag, settings.environment) => {
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
    let own = entries.iter().filter_map(|(name, profile)| Some(failure(Some(name), profile.as_ref().err()?)));
    let failures: Vec<Failure> = whole.chain(own).collect();
    if json {
        let body = List {
            path: file.map(|file| file.path.display().to_string()),
            default: default.map(str::to_owned),
            profiles: entries.iter().map(|entry| described(entry, default)).collect(),
        };
        document::write("profile_list", &body, &failures, &[], &settings.screen)?;
    } else if !entries.is_empty() {
        write_table(entries, default, settings)?;
    }
    source::tell(&settings.console, &failures, &[]);
    Ok(failures.iter().map(|failure| failure.exit).max().unwrap_or(Exit::Ok))
}

fn failure(profile: Option<&String>, error: &Error) -> Failure {
    let (exit, message, hint) = (error.into(), error.to_string(), error.hint());
    Failure { profile: profile.cloned(), ..Failure::new(exit, message, hint) }
}

fn described((name, profile): &Entry, default: Option<&str>) -> ListEntry {
    let profile = profile.as_ref().ok();
    ListEntry {
        name: name.clone(),
        default: default == Some(name.as_str()),
        endpoint: profile.map(|profile| profile.endpoint.value.to_string()),
        app_id: profile.map(|profile| profile.app_id.value.clone()),
        app_secret: profile.map(|profile| SecretEntry::from(&profile.app_secret.value)),
    }
}

fn write_table(entries: &[Entry], default: Option<&str>, settings: &Settings) -> anyhow::Result<()> {
    let row = |(name, profile): &Entry| {
        let mut row = vec![
            Cell::of(Role::Heading, name.clone()),
            Cell::new(if default == Some(name.as_str()) { "yes" } else { "" }),
        ];
        match profile {
            Ok(Profile { endpoint, app_id, app_secret, .. }) => row.extend([
                Cell::new(endpoint.value.to_string()),
                Cell::new(app_id.value.clone()),
                Cell::new(app_secret.value.to_string()),
            ]),
            // The mistake itself is told on stderr.
            Err(_) => row.push(Cell::of(Role::Error, "not usable")),
        }
        row
    };
    let rows: Vec<Vec<Cell<'_>>> = entries.iter().map(row).collect();
    let columns = vec![
        Column::text("profile").cut(8),
        Column::text("default"),
        Column::text("endpoint").cut(24),
        Column::text("app_id").importance(2).cut(8),
        Column::text("app_secret").importance(1).cut(12),
    ];
    settings.print(|out| Table::new(columns, &rows).write(out, &settings.screen).map(drop))?;
    Ok(())
}
