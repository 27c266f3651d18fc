//! (room)
//! A simulated deployment behind a small HTTP server on loopback, for trying emqstat out and for testing it.
//!
//! [`Model`] is the deployment: a pure function of a seed and of simulated time, without a clock. [`Server`]
//! gives it a clock and serves what it says as the platform does: two metrics endpoints, basic auth, chunked
//! answers, gzip, TLS if asked for. [`demo`] starts one inside this process.
//!
//! | file | holds |
//! | --- | --- |
//! | `wave` | curves of simulated time that can be summed without stepping through it |
//! | `flows`, `broker` | clients, sessions, messages, packets: what the cluster endpoint counts |
//! | `integration` | rules and the resources they write to |
//! | `outage` | when something is down |
//! | `model` | the deployment put together, and its clock-less time |
//! | `render` | the text format |
//! | `http`, `tls`, `server` | one request, certificates, connections and threads |

mod broker;
mod flows;
mod integration;
mod model;
mod outage;
mod wave;

pub use model::{Model, Plan};
pub use outage::Outage;
