//! `export alerts`.

use super::write;
use super::{chosen, label};
use crate::cli::AlertsArgs;
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
    let own = |resolved: &profile::Resolved| {
        let names: Vec<&str> = resolved.checks.iter().map(|check| check.name.value.as_str()).collect();
        Ok(AlertProfile {
            name: label(resolved),
            min_nodes: resolved.min_nodes.value,
            policy: Policy::default_checks().with_profile(&resolved.thresholds, &names)?,
            checks: resolved.checks.clone(),
        })
    };
    let profiles: Vec<AlertProfile> = deployments.iter().map(own).collect::<Result<_, profile::Error>>()?;
    write::write(&args.out, "emqx-alerts.yml", &export::rules(&profiles), Readers::Usual)?;
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
