//! Options that several commands take.

use crate::units;
use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// How to connect. Each is `None` where it was not typed: environment, profile file and defaults are looked at later, in
/// that order.
#[derive(Debug, Clone, Default, Args)]
pub struct ConnectArgs {
    /// Bound on one request, from name lookup to the last byte [env: EMQSTAT_TIMEOUT] [default: 15s]
    #[arg(long, value_name = "DUR", value_parser = units::duration, help_heading = CONNECT, hide_short_help = true)]
    pub timeout: Option<Duration>,

    /// Bound on name lookup, TCP and TLS of a new connection [env: EMQSTAT_CONNECT_TIMEOUT] [default: 5s]
    #[arg(long, value_name = "DUR", value_parser = units::duration, help_heading = CONNECT, hide_short_help = true)]
    pub connect_timeout: Option<Duration>,

    /// How often to try again after a failure that may pass [env: EMQSTAT_RETRIES] [default: 2; watch: 0]
    #[arg(long, value_name = "N", help_heading = CONNECT, hide_short_help = true)]
    pub retries: Option<u32>,

    /// Certificates (PEM) to trust beside the usual roots; --ca-cert= for none [env: EMQSTAT_CA_CERT]
    #[arg(long, value_name = "FILE", help_heading = CONNECT, hide_short_help = true)]
    #[arg(value_parser = OsStringValueParser::new().map(PathBuf::from))]
    pub ca_cert: Option<PathBuf>,

    /// Do not check certificates; --insecure=false switches off what the profile switches on [env: EMQSTAT_INSECURE]
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(help_heading = CONNECT, hide_short_help = true)]
    pub insecure: Option<bool>,

    /// Allow credentials over plain http to other hosts than loopback [env: EMQSTAT_ALLOW_HTTP]
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(help_heading = CONNECT, hide_short_help = true)]
    pub allow_http: Option<bool>,

    /// Largest answer to take, after decompression [env: EMQSTAT_MAX_BODY] [default: 256MiB]
    #[arg(long, value_name = "SIZE", value_parser = units::size, help_heading = CONNECT, hide_short_help = true)]
    pub max_body: Option<u64>,
}

/// How long in all.
#[derive(Debug, Clone, Default, Args)]
pub struct DeadlineArgs {
    /// End after this time, whatever hangs: who has not answered by then counts as failed
    #[arg(long, value_name = "DUR", value_parser = units::duration, help_heading = CONNECT, hide_short_help = true)]
    pub deadline: Option<Duration>,
}

/// Which rows, in which order, with which columns.
#[derive(Debug, Clone, Default, Args)]
pub struct RowArgs {
    /// Columns to show, in this order
    ///
    /// Separated by commas; for tables and CSV. JSON has every field.
    #[arg(long, value_name = "A,B", value_delimiter = ',', help_heading = OUTPUT)]
    pub columns: Vec<String>,

    /// Column to sort by; a '-' in front reverses the order
    #[arg(long, value_name = "[-]COLUMN", allow_hyphen_values = true, help_heading = OUTPUT)]
    pub sort: Option<String>,

    /// Show only rows that match, such as 'status == enabled'
    ///
    /// Repeatable: all of the conditions must hold. A field, one of == != > >= < <= =~ !~, and a number, a word or a pattern;
    /// with --window also 'rate(actions_failed) > 0'.
    #[arg(long, value_name = "EXPR", help_heading = OUTPUT)]
    pub filter: Vec<String>,

    /// Leave out the line of column names
    #[arg(long, help_heading = OUTPUT)]
    pub no_headers: bool,
}

/// A number of things of which there is at least one.
pub(super) fn at_least_one<T: FromStr>(text: &str) -> Result<T, String> {
    text.trim().parse().map_err(|_| "write a whole number, 1 or more".to_owned())
}

/// What makes a verdict of what is shown.
#[derive(Debug, Clone, Default, Args)]
pub struct VerdictArgs {
    /// Critical (exit status 2) where this condition holds
    ///
    /// Repeatable: one that holds is enough. It is about the rows that are shown ('actions_failed > 0'); for cluster about the
    /// deployment ('metrics.messages_dropped > 0').
    #[arg(long, value_name = "EXPR", help_heading = VERDICT)]
    pub fail_on: Vec<String>,

    /// A warning (exit status 1) where this condition holds
    ///
    /// Repeatable, and written like that of --fail-on.
    #[arg(long, value_name = "EXPR", help_heading = VERDICT)]
    pub warn_on: Vec<String>,

    /// Critical where no row at all is shown
    #[arg(long, help_heading = VERDICT)]
    pub fail_on_empty: bool,
}

/// The heading of the options that say what comes out.
pub(super) const OUTPUT: &str = "What comes out";
const CONNECT: &str = "How to connect";
const VERDICT: &str = "Verdict";

impl VerdictArgs {
    /// Whether a verdict was asked for.
    pub fn is_given(&self) -> bool {
        self.fail_on_empty || !self.fail_on.is_empty() || !self.warn_on.is_empty()
    }
}
