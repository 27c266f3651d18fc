//! Is it healthy? Expressions over the fields of a record, thresholds, and the verdict.
//!
//! An [`Expr`] (`failed > 0`, `status == disconnected`, `rate(metrics.messages_dropped) > 10`) is read once, checked
//! once against the fields that there are, and then asked of one record after the other. It says [`Truth::Unknown`] of what
//! was not received, which is neither healthy nor critical. A [`Range`] is the monitoring plugins' way to say what is normal.
//!
//! The default checks are one table, [`CHECKS`]. A [`Policy`] says which of them are made and with what thresholds, a [`Plan`] for
//! which deployment; it judges an [`Observation`], which is everything that was seen of one, and gives its [`Health`]. A
//! [`Judgement`] tells from it how severe single numbers and rows are. Nothing here asks, waits or reads a clock.

mod checks;
mod conditions;
mod error;
mod expr;
mod fields;
mod judge;
mod measure;
mod parse;
mod plan;
mod policy;
mod range;
mod severity;
mod status;
mod verdicts;

pub use checks::{CHECKS, Check, CheckUnit, MIN_EVENTS, Measure, Threshold, endpoint_of, find};
pub use conditions::{Condition, Conditions};
pub use error::ExprError;
pub use expr::{Expr, Op, Truth, Value};
pub use fields::{DeploymentRecord, HEALTHY, deployment_expr, slip, verdict_expr};
pub use judge::{CheckStatus, Finding, Health, Limits, found, quantity};
pub use measure::{NoRates, Observation, Share};
pub use plan::{Look, Plan, Plans};
pub use policy::{Policy, PolicyError};
pub use range::{Limit, Range, RangeError};
pub use severity::Judgement;
pub use status::Status;
pub use verdicts::Verdicts;
