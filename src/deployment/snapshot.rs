//! Everything one round of scrapes said about a deployment.

use super::catalog::{self, Entry, Scope};
use super::{Resource, Rule};
use crate::exposition::MetricType;
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
    /// The families `deployment_emqx_NAME`, by NAME as received. `None`, like `metrics`: no family of the cluster came and
    /// its endpoint was not read.
    pub cluster: Option<BTreeMap<String, f64>>,
    /// The families `deployment_emqx_metrics_NAME`, by NAME as received; a broker's own `emqx_NAME` likewise.
    pub metrics: Option<BTreeMap<String, f64>>,
    /// Every sample that is none of the above: further labels, names outside EMQX. In the order received.
    pub series: Vec<Series>,
    /// Sorted by `rule_id`. `None`: the data-integration endpoint was not read, nor did a family of it come.
    pub rules: Option<Vec<Rule>>,
    /// Sorted by `resource_id`. `None` likewise.
    pub resources: Option<Vec<Resource>>,
    /// The types that the bodies declare for families that the catalog does not know, by whole name.
    pub declared: BTreeMap<String, MetricType>,
}

/// A sample under its whole name, with the labels that do not name the deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub name: String,
    pub labels: Vec<(String, String)>,
    pub value: f64,
}

impl Identity {
    /// Takes over what it does not know itself.
    pub(super) fn complete(&mut self, other: Identity) {
        let Identity { deployment_id, deployment_type, platform } = other;
        self.deployment_id = self.deployment_id.take().or(deployment_id);
        self.deployment_type = self.deployment_type.take().or(deployment_type);
        self.platform = self.platform.take().or(platform);
    }
}

/// As the text format writes it: `name{label="value"}`.
impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if self.labels.is_empty() {
            return Ok(());
        }
        write!(f, "{{{}}}", text::labels(self.labels.iter().map(|(name, value)| (name, value)), ","))
    }
}

impl Snapshot {
    /// The value of a family without labels of its own, by any spelling of its name. A bare name that both the brokers
    /// and the platform use is the brokers'.
    pub fn metric(&self, name: &str) -> Option<f64> {
        let received = self.metrics.as_ref().and_then(|metrics| metrics.get(name)).copied();
        received.or_else(|| catalog::find(name).into_iter().rev().find_map(|entry| self.received(entry)))
    }

    /// What came for that family, under whichever of its names.
    pub(super) fn received(&self, entry: &Entry) -> Option<f64> {
        let map = if entry.scope == Scope::Deployment { &self.cluster } else { &self.metrics };
        let map = map.as_ref()?;
        std::iter::once(&entry.name).chain(entry.aliases).find_map(|name| map.get(*name)).copied()
    }

    /// Whether these are a broker's own metrics rather than a deployment's.
    pub fn is_broker(&self) -> bool {
        let nothing = |map: &Option<BTreeMap<String, f64>>| map.as_ref().is_none_or(BTreeMap::is_empty);
        self.identity.deployment_id.is_none() && nothing(&self.cluster)
    }

    /// The rule `rule_id`, where it was received.
    pub fn rule(&self, rule_id: &str) -> Option<&Rule> {
        let rules = self.rules.as_ref()?;
        rules.binary_search_by(|rule| rule.rule_id.as_str().cmp(rule_id)).ok().and_then(|at| rules.get(at))
    }
}
