//! `export grafana`.

use super::write::{self, Readers};
use crate::cli::GrafanaArgs;
use crate::exit::Exit;
use crate::export;

/// Prints or writes it.
///
/// # Errors
/// A file that cannot be written.
pub fn run(args: &GrafanaArgs) -> anyhow::Result<Exit> {
    write::write(&args.out, "emqx-dashboard.json", &export::dashboard(), Readers::Usual)?;
    Ok(Exit::Ok)
}
