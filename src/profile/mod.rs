//! Who and where: the profile file, precedence, where each value came from, secrets.
//!
//! Everything a scrape needs to know about a deployment is resolved here, once, into a [`Target`];
//! nothing behind it looks at flags, environment or file. Knows nothing of HTTP or metrics.
//!
//! [`resolve()`] finds out which deployments are meant and how to reach each; [`Resolved::target`] then
//! fetches the secret. [`Editor`] changes the file.

mod command;
mod connect;
mod edit;
mod endpoint;
mod environment;
mod error;
mod file;
mod origin;
mod parse;
mod resolve;
mod secret;
mod section;
mod setting;
mod thresholds;

pub use connect::{Connect, ConnectLayer, SourcedConnect};
pub use edit::{Editor, NewProfile};
pub use endpoint::{CLUSTER_PATH, DATA_INTEGRATION_PATH, EndpointError, EndpointUrl, Scheme};
pub use environment::Environment;
pub use error::Error;
pub use file::{EXAMPLE, Profile, ProfileCheck, ProfileFile, Severity};
pub use origin::{Origin, Sourced};
pub use parse::{check_app_id, check_name};
pub use resolve::{ResolveError, Resolved, Selection, Target, resolve};
pub use secret::{Redactor, Secret, SecretSource};
pub use setting::SettingValue;
pub use thresholds::Thresholds;
