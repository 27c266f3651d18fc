//! `simulate`: what the deployment is like, and where it answers.

use super::shared::at_least_one;
use crate::simulate::{Fault, Outage, Plan};
use crate::units;
use clap::Args;
use clap::builder::RangedU64ValueParser;
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::time::Duration;

/// `simulate`.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// Port on loopback; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 18083, help_heading = SERVER)]
    pub port: u16,

    /// Speak TLS, with a certificate made at start
    #[arg(long, help_heading = SERVER)]
    pub tls: bool,

    /// File to write the certificate of the CA to
    ///
    /// [default: a temporary file, removed at the end]
    #[arg(long, value_name = "FILE", requires = "tls", help_heading = SERVER)]
    pub ca_out: Option<PathBuf>,

    /// Answer every N-th request with 503
    #[arg(long, value_name = "N", value_parser = at_least_one::<NonZeroU64>, help_heading = SERVER)]
    pub fail_every: Option<NonZeroU64>,

    /// Number of rules
    #[arg(long, value_name = "N", default_value_t = Plan::default().rules, help_heading = DEPLOYMENT)]
    #[arg(value_parser = RangedU64ValueParser::<u32>::new().range(..=1_000_000))]
    pub rules: u32,

    /// Number of resources
    #[arg(long, value_name = "N", default_value_t = Plan::default().resources, help_heading = DEPLOYMENT)]
    #[arg(value_parser = RangedU64ValueParser::<u32>::new().range(..=100_000))]
    pub resources: u32,

    /// What goes wrong, as the checks call it
    ///
    /// Repeatable.
    #[arg(long, value_name = "CHECK", value_enum, help_heading = DEPLOYMENT)]
    pub fault: Vec<Fault>,

    /// Number of nodes
    #[arg(long, value_name = "N", default_value_t = Plan::default().nodes, help_heading = DEPLOYMENT)]
    #[arg(value_parser = RangedU64ValueParser::<u32>::new().range(1..=1_000))]
    pub nodes: u32,

    /// Value of the label deployment_id
    ///
    /// [default: drawn from the seed]
    #[arg(long, value_name = "ID", help_heading = DEPLOYMENT)]
    pub deployment_id: Option<String>,

    /// Number that chance is drawn from
    #[arg(long, value_name = "N", default_value_t = Plan::default().seed, help_heading = DEPLOYMENT)]
    pub seed: u64,

    /// Simulated seconds per second
    ///
    /// From 0.1 to 100000.
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = speed, help_heading = TIME)]
    pub speed: f64,

    /// How long it has been running at the start
    ///
    /// In simulated time.
    #[arg(long, value_name = "DUR", default_value = "72h", value_parser = units::duration, help_heading = TIME)]
    pub history: Duration,

    /// When a resource is down
    ///
    /// 'never'; 'random' is any of them, now and then; START+DURATION, such as 10s+20s, is the first of them, once, in
    /// simulated time.
    #[arg(long, value_name = "WHEN", default_value_t = Plan::default().outage, help_heading = TIME)]
    pub outage: Outage,

    /// When a node is stopped
    ///
    /// As with --outage; one is always running.
    #[arg(long, value_name = "WHEN", default_value_t = Plan::default().node_outage, help_heading = TIME)]
    pub node_outage: Outage,
}

const SERVER: &str = "Server";
const DEPLOYMENT: &str = "Deployment";
const TIME: &str = "Time";

fn speed(text: &str) -> Result<f64, String> {
    let refused = || format!("'{text}' is not a speed: write a number from 0.1 to 100000");
    text.parse().ok().filter(|speed| (0.1..=100_000.0).contains(speed)).ok_or_else(refused)
}
