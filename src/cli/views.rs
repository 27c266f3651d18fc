//! What single commands take beside the shared options.

use clap::{Args, ValueEnum};

/// `cluster`.
#[derive(Debug, Args)]
pub struct ClusterArgs {
    /// Show every family of a group, such as drops; repeatable
    #[arg(long, value_name = "GROUP", value_delimiter = ',')]
    pub group: Vec<String>,

    /// Show every family whose name matches, such as '*dropped*'; repeatable
    #[arg(long, value_name = "PATTERN")]
    pub metric: Vec<String>,

    /// Show every family
    #[arg(long)]
    pub all: bool,
}

/// `scrape`.
#[derive(Debug, Args)]
pub struct ScrapeArgs {
    /// The endpoint to fetch; both if none is named
    #[arg(value_name = "ENDPOINT")]
    pub which: Option<ScrapeEndpoint>,
}

/// The endpoints by their names on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScrapeEndpoint {
    /// /deployment_metrics
    Cluster,
    /// /deployment_metrics/data_integration
    DataIntegration,
}

/// `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Name of a metric in any spelling, a group, or a pattern such as '*dropped*'; every metric if none is named
    pub name: Option<String>,

    /// Language of the meaning in tables; other words stay English [env: LC_ALL, LC_MESSAGES, LANG] [default: en]
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<Language>,
}

/// The languages that the catalog's meanings are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    En,
    Zh,
}
