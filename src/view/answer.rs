//! What a command found out, ready to be shown: the input of every renderer.

use super::number;
use crate::deployment::{Rates, Snapshot};
use crate::exit::Exit;
use crate::exposition::Families;
use crate::health::Health;
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
    /// Its name in JSON, which is that of its command.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Cluster => "cluster",
            Kind::Rules => "rules",
            Kind::Resources => "resources",
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
    /// The verdict on each of them ([`super::judge`]); none where no verdict was asked for.
    pub verdicts: Vec<Health>,
    pub failures: Vec<Failure>,
    pub warnings: Vec<Warning>,
}

/// One deployment, at one time.
#[derive(Debug)]
pub struct Report {
    pub profile: Option<String>,
    /// `None` for a saved scrape.
    pub endpoint: Option<String>,
    /// When it was asked, or how old the saved scrape is.
    pub scraped_at: Timestamp,
    /// How long it took to answer; `None` for a saved scrape.
    pub duration: Option<Duration>,
    pub snapshot: Snapshot,
    /// How it changed since an earlier round; `None` where there was none.
    pub rates: Option<Rates>,
}

impl Report {
    /// The time that its rates were measured over.
    pub fn window(&self) -> Option<Duration> {
        self.rates.as_ref()?.window()
    }

    /// How long ago it was asked, in words.
    pub fn age(&self, now: Timestamp) -> String {
        number::ago(Duration::try_from(now.duration_since(self.scraped_at)).unwrap_or_default())
    }
}

/// A deployment, or an endpoint of it, that gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub profile: Option<String>,
    pub endpoint: Option<String>,
    pub exit: Exit,
    pub message: String,
    pub hint: Option<String>,
}

/// Something odd that did not stop the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    pub profile: Option<String>,
    pub endpoint: Option<String>,
    pub message: String,
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
