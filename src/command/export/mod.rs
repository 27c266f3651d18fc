//! `export`: files for Prometheus and Grafana.
//!
//! | file | holds |
//! | --- | --- |
//! | `prometheus` | `export prometheus`: the scrape configuration, and the files with the secrets |
//! | `alerts` | `export alerts`: alerting and recording rules |
//! | `grafana` | `export grafana`: the dashboard |
//! | `write` | stdout, or a file, whole or not at all |

mod alerts;
mod grafana;
mod prometheus;
mod write;

use crate::cli::{ConnectArgs, ExportArgs, ExportCommand, GlobalArgs};
use crate::exit::Exit;
use crate::profile::{self, Resolved};
use crate::settings::Settings;

/// Runs a subcommand of `export`.
///
/// # Errors
/// A profile that is not in order, a file that cannot be written.
pub(super) fn run(args: &ExportArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    match &args.command {
        ExportCommand::Grafana(grafana) => grafana::run(grafana),
        ExportCommand::Alerts(alerts) => alerts::run(alerts, &Settings::resolve(global, &ConnectArgs::default())?),
        ExportCommand::Prometheus(prometheus) => {
            prometheus::run(prometheus, &Settings::resolve(global, &prometheus.connect)?)
        }
    }
}

/// The deployments that are meant. Unlike a view, an export is about all of them or none: a file without one of them misleads.
fn chosen(settings: &Settings) -> anyhow::Result<Vec<Resolved>> {
    let outcomes = settings.deployments(&settings.selection)?;
    outcomes.into_iter().map(|outcome| outcome.map_err(told)).collect()
}

fn told(failed: profile::ResolveError) -> anyhow::Error {
    let name = failed.profile.or(failed.endpoint.map(|endpoint| endpoint.to_string()));
    let error = anyhow::Error::new(*failed.error);
    match name {
        Some(name) => error.context(name),
        None => error,
    }
}

/// What the label `profile` holds: the profile's name, else the address's host and port.
fn label(resolved: &Resolved) -> String {
    let endpoint = &resolved.endpoint.value;
    resolved.profile.clone().unwrap_or_else(|| format!("{}:{}", endpoint.host(), endpoint.port()))
}
