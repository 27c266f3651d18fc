//! What the families mean: the metric catalog, cluster, rules, resources.
//!
//! A [`Collector`] reads one or more bodies of the text format and gives a [`Snapshot`] for each
//! deployment it met. It keeps what is asked for and no more. Knows nothing of terminals or HTTP.

pub mod catalog;
mod collector;
mod field;
mod snapshot;

pub use collector::{Collected, Collector, Warning};
pub use field::{Field, Record};
pub use snapshot::{Identity, Resource, ResourceStatus, Rule, RuleStatus, Series, Snapshot};
