//! What the inspecting commands take.

use super::shared::{ConnectArgs, DeadlineArgs, OUTPUT, RowArgs, VerdictArgs, at_least_one};
use crate::deployment::Endpoint;
use crate::units;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use std::num::NonZeroUsize;
use std::time::Duration;

/// `rules`, `resources` and `cluster`.
#[derive(Debug, Args)]
pub struct ViewArgs {
    #[command(flatten)]
    pub rows: RowArgs,

    /// Look twice, this far apart, and add rates per second
    ///
    /// Such as 10s; at most 1h.
    #[arg(long, value_name = "DUR", value_parser = units::duration, help_heading = OUTPUT)]
    pub window: Option<Duration>,

    /// Show this many rows at most; totals stay those of all
    #[arg(long, value_name = "N", value_parser = at_least_one::<NonZeroUsize>, help_heading = OUTPUT)]
    pub limit: Option<NonZeroUsize>,

    #[command(flatten)]
    pub verdict: VerdictArgs,

    #[command(flatten)]
    pub connect: ConnectArgs,

    #[command(flatten)]
    pub deadline: DeadlineArgs,
}

/// `deployments`.
#[derive(Debug, Args)]
pub struct DeploymentsArgs {
    #[command(flatten)]
    pub rows: RowArgs,

    /// Time between two looks; 0 looks once [default: 5s]
    ///
    /// Rates are seen between two looks, and change is judged; at most 1h.
    #[arg(long, value_name = "DUR", value_parser = units::duration, help_heading = OUTPUT)]
    pub window: Option<Duration>,

    /// Show this many rows at most; totals stay those of all
    #[arg(long, value_name = "N", value_parser = at_least_one::<NonZeroUsize>, help_heading = OUTPUT)]
    pub limit: Option<NonZeroUsize>,

    #[command(flatten)]
    pub verdict: VerdictArgs,

    #[command(flatten)]
    pub connect: ConnectArgs,

    #[command(flatten)]
    pub deadline: DeadlineArgs,
}

/// `rules`.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// The rules to show; all if none is named
    #[arg(value_name = "RULE_ID")]
    pub ids: Vec<String>,

    #[command(flatten)]
    pub view: ViewArgs,
}

/// `resources`.
#[derive(Debug, Args)]
pub struct ResourcesArgs {
    /// The resources to show; all if none is named
    #[arg(value_name = "RESOURCE_ID")]
    pub ids: Vec<String>,

    #[command(flatten)]
    pub view: ViewArgs,
}

/// `cluster`.
#[derive(Debug, Args)]
pub struct ClusterArgs {
    #[command(flatten)]
    pub view: ViewArgs,

    /// Show every family of a group, such as drops
    ///
    /// Repeat it or separate names by commas.
    #[arg(long, value_name = "GROUP", value_delimiter = ',')]
    pub group: Vec<String>,

    /// Show every family with this name, such as '*dropped*'
    ///
    /// Repeat it or separate names by commas.
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    pub metric: Vec<String>,

    /// Show every family
    #[arg(long)]
    pub all: bool,
}

/// `scrape`.
#[derive(Debug, Args)]
pub struct ScrapeArgs {
    /// The endpoint to fetch; both if none is named
    #[arg(value_name = "ENDPOINT", value_parser = endpoint())]
    pub which: Option<Endpoint>,

    #[command(flatten)]
    pub rows: RowArgs,

    /// Show this many rows at most
    #[arg(long, value_name = "N", value_parser = at_least_one::<NonZeroUsize>, help_heading = OUTPUT)]
    pub limit: Option<NonZeroUsize>,

    #[command(flatten)]
    pub connect: ConnectArgs,

    #[command(flatten)]
    pub deadline: DeadlineArgs,
}

/// Takes the name of an endpoint, in the spelling of the command line.
fn endpoint() -> impl TypedValueParser<Value = Endpoint> {
    let word = |endpoint: Endpoint| endpoint.name().replace('_', "-");
    let values = Endpoint::ALL.map(|endpoint| PossibleValue::new(word(endpoint)).help(endpoint.path()));
    PossibleValuesParser::new(values).try_map(move |given| {
        let named = Endpoint::ALL.into_iter().find(|endpoint| word(*endpoint) == given);
        named.ok_or("there is no such endpoint")
    })
}

/// `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A metric, a group, or a pattern such as '*dropped*'
    ///
    /// A metric by any of its spellings. Every metric if none is named.
    pub name: Option<String>,

    /// Language of what is explained
    ///
    /// Of tables; names stay as they are, and JSON holds both. [env: EMQSTAT_LANG, LC_ALL, LC_MESSAGES, LANG] [default: en]
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<Language>,

    /// Columns to show, in this order
    ///
    /// Separated by commas; for tables and CSV.
    #[arg(long, value_name = "A,B", value_delimiter = ',', help_heading = OUTPUT)]
    pub columns: Vec<String>,

    /// Leave out the line of column names
    #[arg(long, help_heading = OUTPUT)]
    pub no_headers: bool,
}

/// The languages that the catalog's meanings are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    En,
    Zh,
}
