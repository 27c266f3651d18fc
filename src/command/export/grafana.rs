//! `export grafana`.

use super::write;
use crate::cli::GrafanaArgs;
use crate::exit::Exit;
use crate::export;
use crate::files::Readers;

/// Prints or writes it.
///
/// # Errors
/// A file that cannot be written.
pub(super) fn run(args: &GrafanaArgs) -> anyhow::Result<Exit> {
    write::write(&args.out, "emqx-dashboard.json", &export::dashboard(), Readers::Usual)?;
    Ok(Exit::Ok)
}
