//! Options that the inspecting commands share.

use crate::units;
use crate::view::Format;
use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// Which deployment, how to connect, what comes out. Each is `None` or empty where it was not typed:
/// environment, profile file and defaults are looked at later, in that order.
#[derive(Debug, Clone, Args)]
pub struct Shared {
    /// Profile to ask; repeat it or separate names by commas [env: EMQSTAT_PROFILE]
    #[arg(short, long, global = true, value_name = "NAME", value_delimiter = ',', help_heading = WHICH)]
    #[arg(conflicts_with_all = ["all_profiles", "endpoint", "demo", "input"])]
    pub profile: Vec<String>,

    /// Ask every profile of the file
    #[arg(long, global = true, help_heading = WHICH, conflicts_with_all = ["endpoint", "demo", "input"])]
    pub all_profiles: bool,

    /// API address, with EMQSTAT_APP_ID and EMQSTAT_APP_SECRET in the environment [env: EMQSTAT_ENDPOINT]
    #[arg(long, global = true, value_name = "URL", help_heading = WHICH, conflicts_with_all = ["demo", "input"])]
    pub endpoint: Option<String>,

    /// Profile file [env: EMQSTAT_PROFILE_FILE] [default: profiles.toml in the user's configuration folder]
    #[arg(long, global = true, value_name = "FILE", help_heading = WHICH)]
    pub profile_file: Option<PathBuf>,

    /// Ask a simulated deployment, started inside the program
    #[arg(long, global = true, help_heading = WHICH, conflicts_with = "input")]
    pub demo: bool,

    /// Read a saved scrape instead of asking; repeatable, '-' is stdin
    #[arg(long, global = true, value_name = "FILE", help_heading = WHICH)]
    pub input: Vec<PathBuf>,

    /// Bound on one request, from name lookup to the last byte [env: EMQSTAT_TIMEOUT] [default: 15s]
    #[arg(long, global = true, value_name = "DUR", value_parser = units::duration, help_heading = CONNECT)]
    pub timeout: Option<Duration>,

    /// Bound on name lookup, TCP and TLS of a new connection [env: EMQSTAT_CONNECT_TIMEOUT] [default: 5s]
    #[arg(long, global = true, value_name = "DUR", value_parser = units::duration, help_heading = CONNECT)]
    pub connect_timeout: Option<Duration>,

    /// How often to try again after a failure that may pass [env: EMQSTAT_RETRIES] [default: 2]
    #[arg(long, global = true, value_name = "N", help_heading = CONNECT)]
    pub retries: Option<u32>,

    /// Certificates (PEM) to trust beside the usual roots; --ca-cert= for none [env: EMQSTAT_CA_CERT]
    #[arg(long, global = true, value_name = "FILE", help_heading = CONNECT)]
    #[arg(value_parser = OsStringValueParser::new().map(PathBuf::from))]
    pub ca_cert: Option<PathBuf>,

    /// Do not check certificates; --insecure=false switches off what the profile switches on [env: EMQSTAT_INSECURE]
    #[arg(long, global = true, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(help_heading = CONNECT)]
    pub insecure: Option<bool>,

    /// Allow credentials over plain http to other hosts than loopback [env: EMQSTAT_ALLOW_HTTP]
    #[arg(long, global = true, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(help_heading = CONNECT)]
    pub allow_http: Option<bool>,

    /// Largest answer to take, after decompression [env: EMQSTAT_MAX_BODY] [default: 256MiB]
    #[arg(long, global = true, value_name = "SIZE", value_parser = units::size, help_heading = CONNECT)]
    pub max_body: Option<u64>,

    /// What comes out; raw is for scrape, nagios for check [env: EMQSTAT_OUTPUT] [default: table; scrape: raw]
    #[arg(short, long, global = true, value_name = "FORMAT", help_heading = OUTPUT)]
    pub output: Option<Format>,

    /// Columns to show, in this order, separated by commas (table, csv)
    #[arg(long, global = true, value_name = "A,B", value_delimiter = ',', help_heading = OUTPUT)]
    pub columns: Vec<String>,

    /// Column to sort by; a '-' in front turns the order round
    #[arg(long, global = true, value_name = "[-]COLUMN", allow_hyphen_values = true, help_heading = OUTPUT)]
    pub sort: Option<String>,

    /// Show only the rows that match, such as 'failed > 0' or 'rate(failed) > 0'; repeatable, all must hold
    #[arg(long, global = true, value_name = "EXPR", help_heading = OUTPUT)]
    pub filter: Vec<String>,

    /// Leave out the line of column names
    #[arg(long, global = true, help_heading = OUTPUT)]
    pub no_headers: bool,

    /// Look twice, that far apart (10s, at most 1h), and show beside the totals how they grow per second; check judges change
    /// by it, and skips that with 0 [default: none; check: 5s]
    #[arg(long, global = true, value_name = "DUR", value_parser = units::duration, help_heading = OUTPUT)]
    pub window: Option<Duration>,

    /// Critical (exit status 2) where a condition holds, such as 'failed > 0': of a row that is shown, for cluster of the
    /// deployment ('metrics.messages_dropped > 0'); repeatable
    #[arg(long, global = true, value_name = "EXPR", help_heading = VERDICT)]
    pub fail_on: Vec<String>,

    /// A warning (exit status 1) where a condition holds; repeatable
    #[arg(long, global = true, value_name = "EXPR", help_heading = VERDICT)]
    pub warn_on: Vec<String>,

    /// Critical where no row at all is shown
    #[arg(long, global = true, help_heading = VERDICT)]
    pub fail_on_empty: bool,

    /// When to colour [env: EMQSTAT_COLOR, NO_COLOR, CLICOLOR_FORCE] [default: auto]
    #[arg(long, global = true, value_name = "WHEN", help_heading = OUTPUT)]
    pub color: Option<ColorChoice>,

    /// Say nothing on stderr but errors
    #[arg(short, long, global = true, help_heading = OUTPUT, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say on stderr what is done: addresses, proxies, attempts, times
    #[arg(short, long, global = true, help_heading = OUTPUT)]
    pub verbose: bool,
}

const WHICH: &str = "Which deployment";
const CONNECT: &str = "How to connect";
const OUTPUT: &str = "What comes out";
const VERDICT: &str = "Verdict";

impl Shared {
    /// Whether a verdict on what is shown was asked for.
    pub fn asks_verdict(&self) -> bool {
        self.fail_on_empty || !self.fail_on.is_empty() || !self.warn_on.is_empty()
    }
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal that can
    Auto,
    Always,
    Never,
}
