//! What the families mean: the metric catalog, cluster, rules, resources.
//!
//! A [`Collector`] reads one or more bodies of the text format and gives a [`Snapshot`] for each
//! deployment it met. It keeps what is asked for and no more. Knows nothing of terminals or HTTP.

pub mod catalog;
mod change;
mod collector;
mod dialect;
mod endpoint;
mod field;
mod metric;
mod partial;
mod resource;
mod rows;
mod rule;
mod snapshot;
mod totals;
mod warning;

pub use change::{Elapsed, Rates, has_rate};
pub use collector::{Collected, Collector};
pub use endpoint::{Endpoint, PerEndpoint};
pub use field::{Field, FieldKind, Record};
pub use metric::Metric;
pub use resource::{Resource, ResourceStatus};
pub use rule::{PerCount, Rule, RuleCount, RuleStatus};
pub use snapshot::{Identity, Series, Snapshot};
pub use warning::Warning;
