//! A simulated deployment behind a small HTTP server on loopback, for trying emqstat out and for testing it.
//!
//! The model is a pure function of a [`Plan`] and of simulated time, without a clock. [`Server`] gives it a clock
//! and serves what it says as the platform does: two metrics endpoints, basic auth, chunked answers, gzip, TLS if
//! asked for.
//!
//! | file | holds |
//! | --- | --- |
//! | `wave` | curves of simulated time that can be summed without stepping through it |
//! | `cluster` | clients, sessions, messages, packets: what the cluster endpoint counts |
//! | `integration` | rules and the resources they write to |
//! | `outage` | when something is down |
//! | `model` | the deployment put together, and its clock-less time |
//! | `invariants` | tests of what always holds, at any instant and whatever the seed |
//! | `render` | the text format |
//! | `http`, `tls`, `server` | one request, certificates, connections and threads |

mod cluster;
mod http;
mod integration;
#[cfg(test)]
mod invariants;
mod model;
mod outage;
mod render;
mod server;
mod tls;
mod wave;

pub(crate) use model::{Fault, Plan};
pub(crate) use outage::Outage;
pub(crate) use server::{Credentials, Error, Options, Server};

/// What both endpoints of a deployment of that plan answer when so much simulated time has passed.
#[cfg(test)]
pub(crate) fn answers(plan: &Plan, elapsed: std::time::Duration) -> [Vec<u8>; 2] {
    let mut model = model::Model::new(plan);
    model.advance(elapsed);
    let mut bodies = [Vec::new(), Vec::new()];
    let [cluster, integration] = &mut bodies;
    render::cluster(&model, cluster).and_then(|()| render::integration(&model, integration)).unwrap();
    bodies
}
