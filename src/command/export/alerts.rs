//! `export alerts`.

use super::write;
use super::{chosen, label};
use crate::cli::{AlertsArgs, UsageError};
use crate::exit::Exit;
use crate::export::{self, AlertProfile};
use crate::files::Readers;
use crate::health::Policy;
use crate::profile;
use crate::settings::Settings;

/// Prints or writes them.
///
/// # Errors
/// A profile that is not in order, a file that cannot be written.
pub(super) fn run(args: &AlertsArgs, settings: &Settings) -> anyhow::Result<Exit> {
    let deployments = match chosen(settings) {
        Err(error) if is_unset(settings, &error) => Vec::new(),
        outcome => outcome?,
    };
    let AlertsArgs { skip, warning, critical, .. } = args;
    let flags =
        Policy { skip: skip.clone(), warning: warning.clone(), critical: critical.clone(), ..Policy::default_checks() };
    let own_names = deployments.iter().flat_map(|resolved| &resolved.checks).map(|check| check.name.value.as_str());
    flags.validate(&own_names.collect::<Vec<_>>()).map_err(UsageError::from)?;
    let own = |resolved: &profile::Resolved| {
        let names: Vec<&str> = resolved.checks.iter().map(|check| check.name.value.as_str()).collect();
        Ok(AlertProfile {
            name: label(resolved),
            min_nodes: resolved.min_nodes.value,
            policy: flags.with_profile(&resolved.thresholds, &names)?,
            checks: resolved.checks.clone(),
        })
    };
    let profiles: Vec<AlertProfile> = deployments.iter().map(own).collect::<Result<_, profile::Error>>()?;
    write::write(&args.out, "emqx-alerts.yml", &export::rules(&flags, &profiles), Readers::Usual)?;
    Ok(Exit::Ok)
}

/// Whether nothing says which deployment, and nobody asked for one: the default checks need none.
fn is_unset(settings: &Settings, error: &anyhow::Error) -> bool {
    let selection = &settings.selection;
    let asked = !selection.profiles.is_empty() || selection.all_profiles || selection.profile_file.is_some();
    let unset = matches!(
        error.downcast_ref(),
        Some(profile::Error::NoFile { .. } | profile::Error::NoFolder | profile::Error::NoProfile { .. })
    );
    unset && !asked
}
