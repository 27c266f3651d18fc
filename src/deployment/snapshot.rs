//! Everything one round of scrapes said about a deployment.

use super::{LabelSet, MetricKey, Resource, Rule};
use crate::text;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The labels that name a deployment. `None` where the body did not say (a broker's own metrics, an empty body).
///
/// The id alone tells deployments apart; type and platform are those that came first with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    pub deployment_id: Option<String>,
    pub deployment_type: Option<String>,
    pub platform: Option<String>,
}

/// What one round of scrapes said about one deployment. What was not received is `None`, never 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot {
    pub identity: Identity,
    /// The families without labels of their own. `None`: no family of the cluster came and its endpoint was not read.
    pub metrics: Option<BTreeMap<MetricKey, f64>>,
    /// Every sample that is none of the above: further labels, names outside EMQX. In the order received.
    pub series: Vec<Series>,
    /// Sorted by `rule_id`. `None`: the data-integration endpoint was not read, nor did a family of it come.
    pub rules: Option<Vec<Rule>>,
    /// Sorted by `resource_id`. `None` likewise.
    pub resources: Option<Vec<Resource>>,
    /// What of this cannot be relied on.
    pub doubts: Doubts,
    /// What the samples say about when they were taken; `None` where none of EMQX's carries a timestamp.
    pub times: Option<SampleTimes>,
}

/// What was received and cannot be relied on: a verdict that rests on it is unknown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Doubts {
    pub rules: Doubt,
    /// Why nothing can be said of how many rules are enabled: statuses that are no known word.
    pub rule_statuses: Doubt,
    pub resources: Doubt,
    /// By field, and why: a clause about its value.
    pub metrics: BTreeMap<MetricKey, &'static str>,
}

/// Why a list cannot be relied on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Doubt {
    /// Samples that do not tell which of the list they are about, or what: so many of it may be missing.
    pub unread: u64,
    /// The first reason, a clause; `None` where there is no doubt.
    pub why: Option<String>,
}

/// When the samples were taken that carry a timestamp, in milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleTimes {
    pub oldest_ms: i64,
    pub newest_ms: i64,
}

impl Doubt {
    /// Takes note of another reason, and of samples that were not understood.
    pub(super) fn note(&mut self, unread: u64, why: impl FnOnce() -> String) {
        self.unread += unread;
        self.why.get_or_insert_with(why);
    }

    fn append(&mut self, other: Doubt) {
        if let Some(why) = other.why {
            self.note(other.unread, || why);
        }
    }
}

impl Doubts {
    /// Takes over what another body left in doubt.
    pub(super) fn append(&mut self, other: Doubts) {
        self.rules.append(other.rules);
        self.rule_statuses.append(other.rule_statuses);
        self.resources.append(other.resources);
        self.metrics.extend(other.metrics);
    }
}

impl SampleTimes {
    /// Those of one sample.
    pub(super) fn of(at_ms: i64) -> SampleTimes {
        SampleTimes { oldest_ms: at_ms, newest_ms: at_ms }
    }

    /// Those of more samples.
    pub(super) fn and(self, others: Option<SampleTimes>) -> SampleTimes {
        let others = others.unwrap_or(self);
        SampleTimes { oldest_ms: self.oldest_ms.min(others.oldest_ms), newest_ms: self.newest_ms.max(others.newest_ms) }
    }
}

/// A sample that is no field of the deployment, under its whole name.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// One for all series of a family in a body.
    pub key: Arc<MetricKey>,
    /// Those that do not name the deployment.
    pub labels: LabelSet,
    pub value: f64,
}

impl Identity {
    /// Takes over what it does not know itself.
    pub fn complete(&mut self, other: Identity) {
        let Identity { deployment_id, deployment_type, platform } = other;
        self.deployment_id = self.deployment_id.take().or(deployment_id);
        self.deployment_type = self.deployment_type.take().or(deployment_type);
        self.platform = self.platform.take().or(platform);
    }
}

/// As the text format writes it: `name{label="value"}`.
impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_series(f, &self.key, &self.labels)
    }
}

pub(super) fn write_series(f: &mut fmt::Formatter<'_>, key: &MetricKey, labels: &LabelSet) -> fmt::Result {
    if labels.is_empty() {
        return write!(f, "{key}");
    }
    write!(f, "{key}{{{}}}", text::labels(labels.iter(), ","))
}

impl Snapshot {
    /// The rule `rule_id`, where it was received.
    pub fn rule(&self, rule_id: &str) -> Option<&Rule> {
        let rules = self.rules.as_ref()?;
        rules.binary_search_by(|rule| rule.rule_id.as_str().cmp(rule_id)).ok().and_then(|at| rules.get(at))
    }

    /// The same, looked for at the place `at` first: from one look to the next rules seldom come and go.
    pub fn rule_near(&self, at: usize, rule_id: &str) -> Option<&Rule> {
        let likely = self.rules.as_ref()?.get(at).filter(|rule| rule.rule_id == rule_id);
        likely.or_else(|| self.rule(rule_id))
    }
}
