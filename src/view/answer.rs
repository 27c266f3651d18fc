//! What a command found out, ready to be shown: the input of every renderer.

use crate::exposition::Families;
use crate::health::{Health, Judgement};
use crate::source::{Failure, Report, Warning};
use jiff::Timestamp;
use std::time::Duration;

/// What the rows of an answer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Metrics of the cluster.
    Cluster,
    Rules,
    Resources,
}

impl Kind {
    pub const ALL: [Kind; 3] = [Kind::Cluster, Kind::Rules, Kind::Resources];

    /// Its name in JSON, which is that of its command.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Cluster => "cluster",
            Kind::Rules => "rules",
            Kind::Resources => "resources",
        }
    }

    /// What one of its rows is called, and several.
    pub fn nouns(self) -> [&'static str; 2] {
        match self {
            Kind::Cluster => ["metric", "metrics"],
            Kind::Rules => ["rule", "rules"],
            Kind::Resources => ["resource", "resources"],
        }
    }
}

/// The answer of `cluster`, `rules` or `resources`.
#[derive(Debug)]
pub struct Answer {
    pub kind: Kind,
    pub generated_at: Timestamp,
    /// In the order in which the deployments were asked for.
    pub reports: Vec<Report>,
    /// How severe each of them and what it holds is; none where nobody is shown it.
    pub judgements: Vec<Judgement>,
    /// The verdict on each of them ([`super::judge`]); none where no verdict was asked for.
    pub verdicts: Vec<Health>,
    pub failures: Vec<Failure>,
    pub warnings: Vec<Warning>,
}

impl Answer {
    /// Each report, with what was judged of it.
    pub fn judged(&self) -> impl Iterator<Item = (&Report, Option<&Judgement>)> {
        self.reports.iter().enumerate().map(|(at, report)| (report, self.judgements.get(at)))
    }
}

/// The answer of `scrape`.
pub struct ScrapeAnswer {
    pub generated_at: Timestamp,
    pub scrapes: Vec<Scraped>,
    pub failures: Vec<Failure>,
    pub warnings: Vec<Warning>,
}

/// One body of the text format.
pub struct Scraped {
    pub profile: Option<String>,
    /// `None` for a saved scrape.
    pub url: Option<String>,
    pub scraped_at: Timestamp,
    pub duration: Option<Duration>,
    pub families: Families,
}
