//! `check`: the verdict on deployments that answer, change, fail and lie.

mod judged;
mod nagios;
mod refused;
mod reports;

use crate::harness::{Call, Outcome, Sandbox};
use crate::server::{Answer, CLUSTER, DATA_INTEGRATION, Server};
use serde_json::Value;
use std::fmt::Write;

/// What a deployment says of itself at one time.
#[derive(Debug, Clone)]
pub struct Deployment {
    pub id: &'static str,
    pub metrics: Vec<(&'static str, f64)>,
    /// Id, status, exceptions, actions that failed, actions that succeeded.
    pub rules: Vec<(&'static str, u8, u32, u32, u32)>,
    /// Id, status.
    pub resources: Vec<(&'static str, u8)>,
}

impl Deployment {
    /// One with nothing to complain about.
    pub fn healthy() -> Deployment {
        let zero = [
            "cluster_nodes_stopped",
            "messages_dropped",
            "messages_dropped_no_subscribers",
            "delivery_dropped",
            "delivery_dropped_no_local",
            "delivery_dropped_queue_full",
            "authentication_failure",
            "authentication_success",
            "authorization_allow",
            "authorization_deny",
            "messages_received",
            "messages_sent",
        ];
        let metrics = zero.into_iter().map(|name| (name, 0.0)).chain([("cluster_nodes_running", 2.0)]).collect();
        let rules = vec![("rule-a", 1, 0, 0, 0), ("rule-b", 1, 0, 0, 0)];
        Deployment { id: "d1", metrics, rules, resources: vec![("http:out", 1), ("mqtt:up", 1)] }
    }

    /// With another value of that metric.
    pub fn with(mut self, name: &'static str, value: f64) -> Deployment {
        self.metrics.retain(|(known, _)| *known != name);
        self.metrics.push((name, value));
        self
    }

    /// Without that metric.
    pub fn without(mut self, name: &str) -> Deployment {
        self.metrics.retain(|(known, _)| *known != name);
        self
    }

    pub fn rules(self, rules: &[(&'static str, u8, u32, u32, u32)]) -> Deployment {
        Deployment { rules: rules.to_vec(), ..self }
    }

    pub fn resources(self, resources: &[(&'static str, u8)]) -> Deployment {
        Deployment { resources: resources.to_vec(), ..self }
    }

    /// The body of the cluster endpoint.
    pub fn cluster(&self) -> String {
        let sample = |(name, value): &(&str, f64)| {
            format!("deployment_emqx_metrics_{name}{{deployment_id=\"{}\"}} {value}\n", self.id)
        };
        self.metrics.iter().map(sample).collect()
    }

    /// The body of the data-integration endpoint.
    pub fn integration(&self) -> String {
        let mut body = String::new();
        let labels = format!("deployment_id=\"{}\"", self.id);
        for (id, status, exception, failed, success) in &self.rules {
            writeln!(body, "deployment_emqx_rule_status{{{labels},rule_id=\"{id}\"}} {status}").unwrap();
            let matches = [("exception", *exception), ("failed", *exception), ("no_result", 0), ("passed", 9)];
            for (word, count) in matches.into_iter().chain([("matched", exception + 9)]) {
                let labels = format!("{labels},rule_id=\"{id}\",match_status=\"{word}\"");
                writeln!(body, "deployment_emqx_rule_matched_count{{{labels}}} {count}").unwrap();
            }
            for (word, count) in [("failed", *failed), ("success", *success), ("taken", failed + success)] {
                let labels = format!("{labels},rule_id=\"{id}\",execution_status=\"{word}\"");
                writeln!(body, "deployment_emqx_rule_action_execution_count{{{labels}}} {count}").unwrap();
            }
        }
        for (id, status) in &self.resources {
            writeln!(body, "deployment_emqx_resource_status{{{labels},resource_id=\"{id}\"}} {status}").unwrap();
        }
        body
    }

    /// A server that says `self` first and `later` from then on.
    pub fn then(&self, later: &Deployment) -> Server {
        let server = Server::start();
        let answers = |first: String, second: String| [Answer::metrics(first), Answer::metrics(second)];
        server.on(CLUSTER, answers(self.cluster(), later.cluster()));
        server.on(DATA_INTEGRATION, answers(self.integration(), later.integration()));
        server
    }

    /// A server that always says `self`.
    pub fn serve(&self) -> Server {
        self.then(self)
    }
}

/// `emqstat check` of that server, with credentials from the environment, a short window and no retries.
pub fn check(sandbox: &Sandbox, server: &Server, args: &str) -> Call {
    let window: &[&str] = if args.contains("--window") { &[] } else { &["--window", "20ms"] };
    let args = args.split_whitespace();
    let call = sandbox.emqstat(["check", "--retries", "0", "--endpoint", &server.endpoint()]).args(window).args(args);
    call.env("EMQSTAT_APP_ID", "me").env("EMQSTAT_APP_SECRET", "hunter2")
}

/// Everything in JSON, ended with `code`, valid by the schema.
#[track_caller]
pub fn judged(sandbox: &Sandbox, server: &Server, args: &str, code: i32) -> Value {
    let document = check(sandbox, server, &format!("{args} -o json")).run().expect(code).json();
    crate::schema::assert_valid(&document);
    document
}

/// The check `name` of the first deployment.
#[track_caller]
pub fn found<'a>(document: &'a Value, name: &str) -> &'a Value {
    let checks = document["deployments"][0]["health"]["checks"].as_array().unwrap_or_else(|| panic!("{document:#}"));
    checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("no check {name}: {document:#}"))
}

/// A profile file with each of these servers as a profile, and what each says beside.
pub fn profiles(sandbox: &Sandbox, all: &[(&str, &Server, &str)]) {
    let profile = |(name, server, more): &(&str, &Server, &str)| {
        let endpoint = server.endpoint();
        format!(
            "[profiles.{name}]\nendpoint = \"{endpoint}\"\napp_id = \"me\"\napp_secret = \"hunter2\"\nretries = 0\n{more}\n"
        )
    };
    sandbox.profiles(&all.iter().map(profile).collect::<String>());
}

/// `emqstat check` with the profile file's deployments, and a short window.
pub fn check_profiles(sandbox: &Sandbox, args: &str) -> Outcome {
    sandbox.emqstat(["check", "--window", "20ms"]).args(args.split_whitespace()).run()
}
