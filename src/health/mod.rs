//! Is it healthy? Expressions over the fields of a record, thresholds, and the verdict.
//!
//! An [`Expr`] (`failed > 0`, `status == disconnected`, `rate(metrics.messages_dropped) > 10`) is read once, checked
//! once against the fields that there are, and then asked of one record after the other. It says [`Truth::Unknown`] of what
//! was not received, which is neither healthy nor critical. A [`Range`] is the monitoring plugins' way to say what is normal.

mod error;
mod expr;
mod parse;
mod range;
mod status;

pub use error::ExprError;
pub use expr::{Expr, Op, Truth, Value};
pub use range::{Range, RangeError};
pub use status::Status;

/// A number as thresholds and perfdata write it: the shortest decimal that reads back as the same value.
pub fn number(value: f64) -> String {
    format!("{value}")
}
