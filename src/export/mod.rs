//! Files for other programs, drawn from the profiles, the checks and the metric catalog.
//!
//! Pure functions from what is known to text: nothing here reads, writes or asks.
//!
//! | file | holds |
//! | --- | --- |
//! | `yaml` | quotes and comments of YAML |
//! | `promql` | the fields of a deployment as PromQL asks for them |
//! | `alerts` | alerting and recording rules |
//! | `grafana` | the dashboard |
//! | `prometheus` | the scrape configuration |

mod alerts;
mod grafana;
mod prometheus;
mod promql;
mod yaml;

pub(crate) use alerts::{AlertProfile, rules};
pub(crate) use grafana::dashboard;
pub(crate) use prometheus::{Alerting, Credential, Job, scrape_configuration, targets};

/// The label that tells the two jobs of a profile apart.
pub(crate) const ENDPOINT_LABEL: &str = "endpoint";
/// The label that holds the profile's name.
pub(crate) const PROFILE_LABEL: &str = "profile";
