//! `profile show`: every value of a profile and where it comes from; never a secret.

use super::common::{resolve_one, wants_json};
use super::document::{self, CheckEntry, OriginEntry, Show, ShowEntry, ThresholdEntry, ValueEntry};
use crate::console;
use crate::exit::Exit;
use crate::profile::{Origin, ProfileCheck, Resolved, SettingValue};
use crate::settings::Settings;
use crate::source;
use crate::text::visible;
use crate::view::{Cell, Column, Role, Screen, Table};
use std::io::Write;
use std::slice;

pub(super) fn run(name: Option<&str>, settings: &Settings) -> anyhow::Result<Exit> {
    let json = wants_json(settings)?;
    let outcome = resolve_one(name, settings)?;
    let failures = outcome.as_ref().err().map(slice::from_ref).unwrap_or_default();
    if json {
        let path = settings.file().ok().map(|file| file.path.display().to_string());
        let body = Show { path, profile: outcome.as_ref().ok().map(described) };
        document::write("profile", &body, failures, &[], &settings.screen)?;
    } else if let Ok(resolved) = &outcome {
        write_tables(resolved, settings)?;
    }
    source::tell(&settings.console, failures, &[]);
    Ok(failures.first().map_or(Exit::Ok, |failure| failure.exit))
}

/// Key, value and origin, in the order in which the file has them.
fn rows(resolved: &Resolved) -> Vec<(&'static str, SettingValue, &Origin)> {
    let Resolved { endpoint, app_id, app_secret, connect, min_nodes, .. } = resolved;
    let text = |value: &dyn ToString| SettingValue::Text(value.to_string());
    let mut rows = vec![
        ("endpoint", text(&endpoint.value), &endpoint.origin),
        ("app_id", text(&app_id.value), &app_id.origin),
        (app_secret.value.key(), text(&app_secret.value), &app_secret.origin),
    ];
    rows.extend(connect.rows());
    rows.push(("min_nodes", SettingValue::Number(min_nodes.value), &min_nodes.origin));
    rows
}

fn described(resolved: &Resolved) -> ShowEntry {
    let setting =
        |(key, value, origin): (_, _, &Origin)| (key, ValueEntry { value, origin: OriginEntry::from(origin) });
    let check = |check: &ProfileCheck| CheckEntry {
        name: check.name.value.clone(),
        when: check.when.value.clone(),
        severity: check.severity.as_str(),
        origin: OriginEntry::from(&check.name.origin),
    };
    let threshold =
        |(key, value, origin): (_, _, &Origin)| ThresholdEntry { key, value, origin: OriginEntry::from(origin) };
    ShowEntry {
        name: resolved.profile.clone(),
        settings: rows(resolved).into_iter().map(setting).collect(),
        checks: resolved.checks.iter().map(check).collect(),
        thresholds: resolved.thresholds.rows().into_iter().map(threshold).collect(),
    }
}

/// Where a value comes from, below a heading that names the file.
fn place(origin: &Origin) -> String {
    match origin {
        Origin::Profile { line, .. } => format!("line {line}"),
        Origin::Defaults { line, .. } => format!("line {line}, [defaults]"),
        other => other.to_string(),
    }
}

fn write_tables(resolved: &Resolved, settings: &Settings) -> anyhow::Result<()> {
    let muted = |origin: &Origin| Cell::of(Role::Muted, place(origin));
    let setting = |(key, value, origin): (&'static str, SettingValue, &Origin)| {
        let role = if value == SettingValue::None { Role::Muted } else { Role::Plain };
        vec![Cell::new(key), Cell::of(role, value.to_string()), muted(origin)]
    };
    let threshold = |(key, value, origin): (String, String, &Origin)| {
        vec![Cell::new(format!("thresholds.{key}")), Cell::new(value), muted(origin)]
    };
    let thresholds = resolved.thresholds.rows().into_iter().map(threshold);
    let values: Vec<Vec<Cell<'_>>> = rows(resolved).into_iter().map(setting).chain(thresholds).collect();
    let columns = vec![Column::text("key"), Column::text("value").cut(16), Column::text("from")];
    let mut out = console::stdout();
    if let (Some(name), Ok(file)) = (&resolved.profile, settings.file()) {
        let path = file.path.display().to_string();
        let Screen { paint, .. } = settings.screen;
        writeln!(out, "{}  {}\n", paint.text(Role::Heading, name), paint.text(Role::Muted, &visible(&path)))?;
    }
    Table::new(columns, &values).write(&mut out, &settings.screen)?;
    if !resolved.checks.is_empty() {
        let checks: Vec<Vec<Cell<'_>>> = resolved
            .checks
            .iter()
            .map(|check| {
                let (name, when) = (Cell::new(check.name.value.as_str()), Cell::new(check.when.value.as_str()));
                vec![name, when, Cell::new(check.severity.as_str()), muted(&check.name.origin)]
            })
            .collect();
        let columns = vec![
            Column::text("check").cut(12),
            Column::text("when").cut(16),
            Column::text("severity"),
            Column::text("from"),
        ];
        writeln!(out)?;
        Table::new(columns, &checks).write(&mut out, &settings.screen)?;
    }
    out.flush()?;
    Ok(())
}
