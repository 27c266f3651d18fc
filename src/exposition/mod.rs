//! The Prometheus text format, version 0.0.4, with what real servers do beyond it.
//!
//! [`Parser`] is a pull parser: bytes go in as they arrive, [`Event`]s come out, with names and
//! labels borrowed from its buffer. [`Families`] groups those events for whoever wants all of them.
//! This room knows nothing of EMQX.

mod cursor;
mod error;
mod escape;
mod event;
mod families;
mod grouping;
mod line;
mod metadata;
mod number;
mod parser;
mod sample;
mod strings;

pub use error::{ReadError, SyntaxError};
pub use event::{Event, Labels, MetricType, Sample};
pub use families::{DuplicateSeries, Families, Family, StoredSample};
pub use parser::Parser;
