//! `export` and its subcommands.

use super::check::threshold;
use super::shared::ConnectArgs;
use crate::health::Limit;
use crate::units;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::time::Duration;

/// `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    #[command(subcommand)]
    pub command: ExportCommand,
}

/// The subcommands of `export`.
#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    /// Print a scrape configuration for Prometheus, two jobs a profile
    ///
    /// APP ID, address, certificates and the two paths are those of the chosen profiles; the profile's name is the label
    /// 'profile', and the label 'endpoint' tells the two jobs apart. The APP Secret is not in it: Prometheus reads it from
    /// a file, which --write-secrets makes. VictoriaMetrics takes the same configuration.
    Prometheus(PrometheusArgs),
    /// Print alerting and recording rules: the default checks, and the own checks of the chosen profiles
    ///
    /// Thresholds are those of the checks. The alerts carry the labels 'severity' and 'profile', and say what to do.
    /// Without a profile file they are the default checks alone.
    Alerts(AlertsArgs),
    /// Print a Grafana dashboard: every documented metric, rules and resources, of any deployment
    ///
    /// It asks for its data source when it is imported, and shows every deployment that this one knows. Needs no profile.
    Grafana(GrafanaArgs),
}

/// `export grafana`.
#[derive(Debug, Args)]
pub struct GrafanaArgs {
    #[command(flatten)]
    pub out: Out,
}

/// `export alerts`.
#[derive(Debug, Args)]
pub struct AlertsArgs {
    #[command(flatten)]
    pub out: Out,

    /// Leave out the alerts of these checks
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub skip: Vec<String>,

    /// Range of a check outside of which it is a warning
    ///
    /// As 'check' takes it. Repeatable.
    #[arg(short, long, value_name = "NAME=RANGE", value_parser = threshold)]
    pub warning: Vec<(String, Limit)>,

    /// Range of a check outside of which it is critical
    ///
    /// As 'check' takes it. Repeatable.
    #[arg(short, long, value_name = "NAME=RANGE", value_parser = threshold)]
    pub critical: Vec<(String, Limit)>,
}

/// `export prometheus`.
#[derive(Debug, Args)]
pub struct PrometheusArgs {
    #[command(flatten)]
    pub out: Out,

    /// Print a whole prometheus.yml, with rule_files and alerting
    #[arg(long)]
    pub full: bool,

    /// Print the targets for file_sd_configs, as JSON
    ///
    /// Sign-in and certificates then stand in your own jobs.
    #[arg(long, conflicts_with_all = ["full", "inline_secrets", "secrets", "write_secrets", "interval"])]
    pub file_sd: bool,

    /// How often Prometheus asks, 2m at most
    ///
    /// With more time between two scrapes the alerts see too little of change.
    #[arg(long, value_name = "DUR", default_value = "30s", value_parser = interval)]
    pub interval: Duration,

    /// Folder of the secrets' files, one a profile
    ///
    /// Prometheus reads them from there.
    #[arg(long, value_name = "DIR", default_value = "/etc/prometheus/emqstat", conflicts_with = "inline_secrets")]
    pub secrets: PathBuf,

    /// Write those files, too
    ///
    /// For their owner alone (mode 0600): the user that Prometheus runs as has to own them.
    #[arg(long, conflicts_with = "inline_secrets")]
    pub write_secrets: bool,

    /// Put the secrets into the configuration itself
    #[arg(long)]
    pub inline_secrets: bool,

    /// Alerting rules that --full names
    #[arg(long, value_name = "FILE", default_value = "emqx-alerts.yml", requires = "full")]
    pub rules: String,

    /// Alertmanager that --full names
    #[arg(long, value_name = "HOST:PORT", default_value = "localhost:9093", requires = "full")]
    pub alertmanager: String,

    #[command(flatten)]
    pub connect: ConnectArgs,
}

/// What the alerts look at is growth over five minutes, in which at least two scrapes have to lie, one of them late or lost.
const LONGEST_INTERVAL: Duration = Duration::from_secs(120);

fn interval(text: &str) -> Result<Duration, String> {
    let interval = units::duration(text).map_err(|error| error.to_string())?;
    if interval.is_zero() {
        return Err("nothing can be asked without a pause: write 30s".to_owned());
    }
    if interval > LONGEST_INTERVAL {
        let longest = units::span(LONGEST_INTERVAL);
        return Err(format!("the alerts look at growth over 5 min, which takes a scrape every {longest} at least"));
    }
    Ok(interval)
}

/// Where it goes.
#[derive(Debug, Args)]
pub struct Out {
    /// File to write, or its folder, instead of stdout
    ///
    /// A file that is there already is not touched.
    #[arg(short = 'O', long, value_name = "FILE|DIR")]
    pub out: Option<PathBuf>,

    /// Replace files that are there already
    #[arg(long)]
    pub force: bool,
}
