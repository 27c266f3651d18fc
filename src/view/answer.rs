//! What a command found out, ready to be shown: the input of every renderer.

use super::scrape::ScrapeRows;
use super::summary::Summary;
use crate::exposition::Families;
use crate::health::{Health, Judgement};
use crate::source::{Failure, Report, Warning};
use jiff::Timestamp;
use std::time::Duration;

/// What the rows of an answer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Deployments,
    /// Metrics of the cluster.
    Cluster,
    Rules,
    Resources,
}

impl Kind {
    /// Those that one deployment has.
    pub const OF_DEPLOYMENT: [Kind; 3] = [Kind::Cluster, Kind::Rules, Kind::Resources];

    /// Its name in JSON, which is that of its command.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Deployments => "deployments",
            Kind::Cluster => "cluster",
            Kind::Rules => "rules",
            Kind::Resources => "resources",
        }
    }

    /// What one of its rows is called, and several.
    pub fn nouns(self) -> [&'static str; 2] {
        match self {
            Kind::Deployments => ["deployment", "deployments"],
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
    /// Each of them in a row; none where rows are something else.
    pub summaries: Vec<Summary>,
    /// The verdict on each of them ([`super::judge`]); none where no verdict was asked for.
    pub verdicts: Vec<Health>,
    pub failures: Vec<Failure>,
    pub warnings: Vec<Warning>,
}

/// A deployment of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub report: &'a Report,
    pub judgement: Option<&'a Judgement>,
    pub summary: Option<&'a Summary>,
}

impl<'a> Entry<'a> {
    /// One of which nobody is shown more than its report.
    pub(super) fn of(report: &'a Report) -> Entry<'a> {
        Entry { report, judgement: None, summary: None }
    }
}

impl Answer {
    /// Each deployment, with what was judged of it.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let entry =
            |(at, report)| Entry { report, judgement: self.judgements.get(at), summary: self.summaries.get(at) };
        self.reports.iter().enumerate().map(entry)
    }
}

/// The answer of `scrape`.
pub struct ScrapeAnswer {
    pub generated_at: Timestamp,
    pub scrapes: Vec<Scraped>,
    pub failures: Vec<Failure>,
    pub warnings: Vec<Warning>,
    pub rows: ScrapeRows,
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
