//! Families: samples grouped under the name, type and help that belong to them.

use super::{MetricType, ReadError};
use std::io::Read;

/// Every family of one body, in the order in which the names first came.
pub struct Families {}

/// One family.
pub struct Family<'a> {
    pub name: &'a str,
    pub kind: MetricType,
    /// `None` where no `# HELP` came.
    pub help: Option<&'a str>,
}

/// One sample of a family: its own name (`x_bucket` in the family `x`), labels, value, timestamp.
pub struct StoredSample<'a> {
    pub name: &'a str,
    pub value: f64,
    pub timestamp_ms: Option<i64>,
}

/// A series that came twice in one body; the first counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateSeries {
    /// As the text format writes it: `name{label="value"}`.
    pub series: String,
    /// The line of the later one, counted from 1.
    pub line: u64,
}

impl Families {
    /// Reads a whole body.
    ///
    /// # Errors
    /// As [`super::Parser::next`].
    pub fn read(_reader: impl Read) -> Result<Families, ReadError> {
        unimplemented!()
    }
}
