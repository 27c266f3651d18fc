//! The table of promises: whatever is received, the answer is true. Each row is a fault, played by a server over HTTP (and over
//! TLS where the wire has a say in it), with how the program ends and what it says of it.

mod files;
mod received;
mod served;
mod sizes;

use crate::harness::{Outcome, Sandbox};
use crate::schema::assert_valid;
use crate::server::{Answer, CLUSTER, DATA_INTEGRATION, Server};

/// A deployment that is well, as the cluster endpoint tells it.
const WELL: &str = "deployment_emqx_metrics_cluster_nodes_running{deployment_id=\"d\"} 3\n\
                    deployment_emqx_metrics_cluster_nodes_stopped{deployment_id=\"d\"} 0\n\
                    deployment_emqx_metrics_messages_dropped{deployment_id=\"d\"} 7\n";

/// What one server answers, and what emqstat makes of it.
struct Promise {
    what: &'static str,
    cluster: Answer,
    integration: Answer,
    args: &'static [&'static str],
    code: i32,
    /// On stdout or stderr.
    says: &'static [&'static str],
}

impl Promise {
    fn server(&self, server: Server) -> Server {
        server.on(CLUSTER, self.cluster.clone());
        server.on(DATA_INTEGRATION, self.integration.clone());
        server
    }

    /// Plays it, once for people and once as JSON, which is valid whatever happens.
    #[track_caller]
    fn play(&self, server: &Server) {
        let sandbox = Sandbox::new();
        let said = |out: &Outcome| {
            let all = format!("{}\n{}", out.stdout, out.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
            for text in self.says {
                assert!(all.contains(text), "{}: '{text}' is not said\n{out}", self.what);
            }
            assert!(!all.contains("hunter2") && !all.contains('\u{1b}'), "{}\n{out}", self.what);
            for debug in ["Other(", "Error(", "Custom {", "Kind("] {
                assert!(!all.contains(debug), "{}: the inside of a library shows\n{out}", self.what);
            }
        };
        let out = ask(&sandbox, server, self.args);
        assert_eq!(out.code, self.code, "{}\n{out}", self.what);
        said(&out);
        if !self.args.contains(&"-o") {
            let json: Vec<&str> = self.args.iter().copied().chain(["-o", "json"]).collect();
            let out = ask(&sandbox, server, &json);
            assert_eq!(out.code, self.code, "{}\n{out}", self.what);
            assert_valid(&out.json());
        }
    }
}

/// emqstat asks that server once.
fn ask(sandbox: &Sandbox, server: &Server, args: &[&str]) -> Outcome {
    let mut call = sandbox.emqstat(args.iter().copied()).args(["--endpoint", &server.endpoint(), "--retries", "0"]);
    if server.endpoint().starts_with("https") {
        sandbox.write("ca.pem", server.ca_pem());
        call = call.args(["--ca-cert", "ca.pem"]);
    }
    call.env("EMQSTAT_APP_ID", "me").env("EMQSTAT_APP_SECRET", "hunter2").run()
}
