//! The simulated deployment as something to ask.

use crate::profile::{Connect, EndpointUrl, Scheme, Secret, Target, Thresholds};
use crate::simulate::{Credentials, Error, Options, Plan, Server};

/// Starts a deployment with traffic that moves, on a free port of loopback, with credentials of its own. It serves as long as
/// the [`Server`] is held.
///
/// # Errors
/// No port, no thread.
pub(super) fn start(connect: Connect) -> Result<(Server, Target), Error> {
    let plan = Plan::default();
    let credentials = Credentials::drawn(plan.seed);
    let options = Options { plan, port: 0, speed: 1.0, credentials, tls: false, fail_every: None };
    let server = Server::start(&options)?;
    let target = Target {
        profile: Some("demo".to_owned()),
        endpoint: EndpointUrl::of_socket(Scheme::Http, server.address(), "/api/v5"),
        app_id: options.credentials.app_id,
        app_secret: Secret::new(options.credentials.app_secret),
        is_demo: true,
        overridden: false,
        connect,
        min_nodes: 1,
        checks: Vec::new(),
        thresholds: Thresholds::default(),
    };
    Ok((server, target))
}
