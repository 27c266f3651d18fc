//! What the families mean: the metric catalog, cluster, rules, resources.
//!
//! A [`Collector`] reads one or more bodies of the text format and gives a [`Snapshot`] for each
//! deployment it met. It keeps what is asked for and no more. Knows nothing of terminals or HTTP.

mod absence;
mod builder;
pub mod catalog;
mod change;
mod collector;
mod dialect;
mod endpoint;
mod field;
mod key;
mod label_set;
mod metric;
mod oddities;
mod resource;
mod rows;
mod rule;
mod sample_labels;
mod snapshot;
mod totals;

pub use absence::Absence;
pub use change::{Rates, has_rate};
pub use collector::{Collected, Collector, Silence, Snapshots};
pub use endpoint::{Endpoint, PerEndpoint};
pub use field::{Field, FieldKind, Record};
pub use key::MetricKey;
pub use label_set::LabelSet;
pub use metric::Metric;
pub use resource::{Resource, ResourceStatus};
pub use rule::{PerCount, Rule, RuleCount, RuleStatus};
pub use snapshot::{Doubt, Doubts, Identity, SampleTimes, Series, Snapshot};
