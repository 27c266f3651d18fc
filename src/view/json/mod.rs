//! JSON and JSON lines. The format is told in [`document`]; documents are written as they are made, entry by entry.

mod deployments;
mod document;
mod escape;
pub(super) mod health;
pub(super) mod records;
pub(super) mod scrape;
mod value;
pub(super) mod watch;

pub(crate) use document::write_document;
pub(crate) use value::{Each, Members, Object, Tenths, members};
