//! Is it healthy? Expressions over the fields of a record, thresholds, and the verdict.
//!
//! An [`Expr`] (`failed > 0`, `status == disconnected`, `rate(metrics.messages_dropped) > 10`) is read once, checked
//! once against the fields that there are, and then asked of one record after the other. It says [`Truth::Unknown`] of what
//! was not received, which is neither healthy nor critical. A [`Range`] is the monitoring plugins' way to say what is normal.
//!
//! The default checks are one table, [`CHECKS`]. A [`Plan`] says which of them are made and with what thresholds; it judges an
//! [`Observation`], which is everything that was seen of one deployment, and gives its [`Health`]. Nothing here asks, waits or
//! reads a clock.

mod checks;
mod error;
mod expr;
mod fields;
mod judge;
mod measure;
mod parse;
mod plan;
mod range;
mod shown;
mod status;

pub use checks::{CHECKS, Check, Measure, Threshold, Unit, endpoint_of, find};
pub use error::ExprError;
pub use expr::{Expr, Op, Truth, Value};
pub use fields::{HEALTHY, Place, Whole, deployment_expr, judge_condition};
pub use judge::{CheckStatus, Finding, Health, Limits, judge, quantity};
pub use measure::{Asked, Change, Measured, Observation};
pub use plan::{OwnCheck, Plan, PlanError, Wishes};
pub use range::{Range, RangeError};
pub use shown::{Conditions, EMPTY, Shown};
pub use status::Status;

/// A number as thresholds and perfdata write it: the shortest decimal that reads back as the same value.
pub fn number(value: f64) -> String {
    format!("{value}")
}
