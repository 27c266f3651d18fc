//! A simulated deployment behind a small HTTP server on loopback, for trying emqstat out and for testing it.
//!
//! The model is a pure function of a [`Plan`] and of simulated time, without a clock. [`Server`] gives it a clock
//! and serves what it says as the platform does: two metrics endpoints, basic auth, chunked answers, gzip, TLS if
//! asked for. [`demo`] starts one inside this process.
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
mod http;
mod integration;
#[cfg(test)]
mod laws;
mod model;
mod outage;
mod render;
mod server;
mod tls;
mod wave;

pub use model::Plan;
pub use outage::Outage;
pub use server::{Credentials, Error, Options, Server, Tls};
pub use tls::CertificateError;

use crate::profile::{Connect, Target};

/// A simulated deployment inside this process, and what is needed to ask it.
pub struct Demo {
    /// Serves until it is dropped.
    pub server: Server,
    pub target: Target,
}

/// Starts a deployment with traffic that moves, on a free port, with credentials of its own.
///
/// # Errors
/// No port, no thread.
pub fn demo() -> Result<Demo, Error> {
    let plan = Plan::default();
    let credentials = Credentials::drawn(plan.seed);
    let options = Options { plan, port: 0, speed: 1.0, credentials, tls: Tls::Off, fail_every: None };
    let server = Server::start(&options)?;
    let target = Target {
        profile: Some("demo".to_owned()),
        endpoint: server.endpoint(),
        app_id: options.credentials.app_id,
        app_secret: options.credentials.app_secret,
        connect: Connect::default(),
    };
    Ok(Demo { server, target })
}
