//! From events to snapshots.

use super::Snapshot;
use crate::exposition::ReadError;
use crate::scrape::Endpoint;
use std::io::Read;

/// Something odd that did not stop the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// A sentence.
    pub message: String,
}

/// What the bodies of one round held.
#[derive(Debug, Default)]
pub struct Collected {
    /// Sorted by identity.
    pub snapshots: Vec<Snapshot>,
    pub warnings: Vec<Warning>,
}

/// Reads bodies into snapshots.
#[derive(Debug, Default)]
pub struct Collector {}

impl Collector {
    /// One that has read nothing.
    pub fn new() -> Collector {
        Collector::default()
    }

    /// Reads one body. `endpoint` says where it came from, `None` for a file that may hold either.
    ///
    /// # Errors
    /// A malformed body is refused whole: the collector must not be used after it.
    pub fn read(&mut self, _endpoint: Option<Endpoint>, _body: impl Read) -> Result<(), ReadError> {
        unimplemented!()
    }

    /// The snapshots of everything read.
    pub fn finish(self) -> Collected {
        unimplemented!()
    }
}
