//! Thresholds and verdicts.

mod range;
mod status;

pub use range::{Range, RangeError};
pub use status::Status;

/// A number as thresholds and perfdata write it: the shortest decimal that reads back as the same value.
pub fn number(value: f64) -> String {
    format!("{value}")
}
