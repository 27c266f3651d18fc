//! Who and where: the profile file, precedence, where each value came from, secrets.
//!
//! Everything a scrape needs to know about a deployment is resolved here, once, into a [`Target`];
//! nothing behind it looks at flags, environment or file. Knows nothing of HTTP or metrics.

mod secret;
mod target;

pub use secret::Secret;
pub use target::{Connect, Target};
