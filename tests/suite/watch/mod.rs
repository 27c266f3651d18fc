//! `watch`: ticks, failures, conditions, signals, and the screen.

mod limits;
mod lines;
mod picture;
mod screen;
mod until;

use crate::harness::{Call, Sandbox};
use crate::server::{Answer, CLUSTER, DATA_INTEGRATION, Server};

const LABELS: &str = "deployment_id=\"gde1d4ab\",deployment_type=\"dedicated\",platform=\"test\"";

/// What the cluster endpoint says when so many messages were received.
pub fn cluster(received: u64) -> Answer {
    Answer::metrics(format!(
        "# TYPE deployment_emqx_metrics_messages_received counter
deployment_emqx_metrics_messages_received{{{LABELS}}} {received}
# TYPE deployment_emqx_metrics_live_connections_count gauge
deployment_emqx_metrics_live_connections_count{{{LABELS}}} 7
"
    ))
}

/// What the data-integration endpoint says: one rule with so many matches, one resource that is up or down.
fn integration(matched: u64, up: bool) -> Answer {
    let up = u8::from(up);
    Answer::metrics(format!(
        "deployment_emqx_rule_status{{{LABELS},rule_id=\"r1\"}} 1
deployment_emqx_rule_matched_count{{{LABELS},rule_id=\"r1\",match_status=\"matched\"}} {matched}
deployment_emqx_resource_status{{{LABELS},resource_id=\"http:c1\"}} {up}
"
    ))
}

/// A server that has both endpoints.
fn server() -> Server {
    let server = Server::start();
    server.on(CLUSTER, cluster(10)).on(DATA_INTEGRATION, integration(5, true));
    server
}

/// `emqstat watch ARGS` on that server, with ticks that are as fast as they can be told apart.
pub fn watch(sandbox: &Sandbox, server: &Server, args: &str) -> Call {
    let call = sandbox.emqstat(["watch", "--endpoint", &server.endpoint()]).args(args.split_whitespace());
    let call = if args.contains("--interval") { call } else { call.args(["--interval", "20ms"]) };
    call.env("EMQSTAT_APP_ID", "app").env("EMQSTAT_APP_SECRET", "secret")
}
