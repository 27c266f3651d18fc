//! Everything one round of scrapes said about a deployment.

use super::{MetricKey, Resource, Rule};
use crate::text;
use std::collections::BTreeMap;
use std::fmt;

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
}

/// A sample that is no field of the deployment, under its whole name.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub key: MetricKey,
    /// Those that do not name the deployment.
    pub labels: Vec<(String, String)>,
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

pub(super) fn write_series(f: &mut fmt::Formatter<'_>, key: &MetricKey, labels: &[(String, String)]) -> fmt::Result {
    if labels.is_empty() {
        return write!(f, "{key}");
    }
    write!(f, "{key}{{{}}}", text::labels(labels.iter().map(|(name, value)| (name, value)), ","))
}

impl Snapshot {
    /// The rule `rule_id`, where it was received.
    pub fn rule(&self, rule_id: &str) -> Option<&Rule> {
        let rules = self.rules.as_ref()?;
        rules.binary_search_by(|rule| rule.rule_id.as_str().cmp(rule_id)).ok().and_then(|at| rules.get(at))
    }
}
