//! Expressions over the fields of a record: `failed > 0`, `status == disconnected`, `rate(metrics.messages_dropped) > 10`.
//!
//! An [`Expr`] is read once, checked once against the fields that there are, and then asked of one record
//! after the other. It says [`Truth::Unknown`] of what was not received, which is neither healthy nor critical.

mod error;
mod expr;
mod parse;

pub use error::ExprError;
pub use expr::{Expr, Op, Truth, Value};
