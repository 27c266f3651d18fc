//! Everything one round of scrapes said about a deployment.

use std::collections::BTreeMap;

/// The labels that name a deployment. `None` where the body did not say (a broker's own metrics, an empty body).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    pub deployment_id: Option<String>,
    pub deployment_type: Option<String>,
    pub platform: Option<String>,
}

/// What one round of scrapes said about one deployment. What was not received is `None`, never 0.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    pub identity: Identity,
    /// The families `deployment_emqx_NAME`, by NAME as received. `None`: no family of the cluster came and its endpoint was not read.
    pub cluster: Option<BTreeMap<String, f64>>,
    /// The families `deployment_emqx_metrics_NAME`, by NAME as received; a broker's own `emqx_NAME` likewise.
    pub metrics: Option<BTreeMap<String, f64>>,
    /// Every sample that is none of the above: further labels, names outside EMQX.
    pub series: Vec<Series>,
    /// Sorted by `rule_id`. `None`: the data-integration endpoint was not read, nor did a family of it come.
    pub rules: Option<Vec<Rule>>,
    /// Sorted by `resource_id`. `None` likewise.
    pub resources: Option<Vec<Resource>>,
}

/// A sample under its whole name, with the labels that do not name the deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub name: String,
    pub labels: Vec<(String, String)>,
    pub value: f64,
}

/// `rule_status`: 1 enabled, 0 disabled (vendor's page); any other value is kept as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RuleStatus {
    Enabled,
    Disabled,
    Other(f64),
}

/// `resource_status`: 1 connected, 0 not (vendor's page); any other value is kept as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ResourceStatus {
    Connected,
    Disconnected,
    Other(f64),
}

/// A data-integration rule. matched = passed + failed; failed = exception + no_result;
/// actions: success + failed ≤ taken while some are in flight.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rule {
    pub rule_id: String,
    pub status: Option<RuleStatus>,
    pub matched: Option<f64>,
    pub passed: Option<f64>,
    pub failed: Option<f64>,
    pub exception: Option<f64>,
    pub no_result: Option<f64>,
    pub actions_taken: Option<f64>,
    pub actions_success: Option<f64>,
    pub actions_failed: Option<f64>,
    /// Matches per second, where the deployment sends it (in the vendor's table, in no sample).
    pub matched_rate: Option<f64>,
}

/// A connector.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resource {
    /// `TYPE:NAME`.
    pub resource_id: String,
    pub status: Option<ResourceStatus>,
}
