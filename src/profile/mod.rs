//! Who and where: the profile file, precedence, where each value came from, secrets.
//!
//! Everything a scrape needs to know about a deployment is resolved here, once, into a [`Target`];
//! nothing behind it looks at flags, environment or file. Knows nothing of HTTP or metrics.
//!
//! [`resolve()`] finds out which deployments are meant and how to reach each; [`Resolved::target`] then
//! fetches the secret. [`Editor`] changes the file.

mod command;
mod edit;
mod endpoint;
mod environment;
mod error;
mod file;
mod layer;
mod origin;
mod parse;
mod replace;
mod resolve;
mod secret;
mod section;
mod target;

pub use edit::{Editor, NewProfile};
pub use endpoint::{CLUSTER_PATH, DATA_INTEGRATION_PATH, EndpointError, EndpointUrl, Scheme};
pub use environment::Environment;
pub use error::Error;
pub use file::{Check, EXAMPLE, Entry, Profile, ProfileFile, Severity};
pub use layer::{Layer, Overrides, SettingValue, Settings};
pub use origin::{Origin, Sourced};
pub use parse::{check_app_id, check_name};
pub use resolve::{Failed, Request, Resolved, resolve};
pub use secret::{Secret, SecretSource};
pub use target::{Connect, Target};
