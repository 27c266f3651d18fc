//! What a scrape needs to know: address, credentials, how to connect.

use super::{Check, EndpointUrl, Secret};
use std::path::PathBuf;
use std::time::Duration;

/// One deployment's API: resolved, checked, ready to be asked.
#[derive(Debug, Clone)]
pub struct Target {
    /// The profile's name; `None` for `--endpoint` and the environment.
    pub profile: Option<String>,
    /// Where its API lives.
    pub endpoint: EndpointUrl,
    /// Sent as the user name of HTTP basic auth.
    pub app_id: String,
    pub app_secret: Secret,
    pub connect: Connect,
    /// How many nodes are planned to run.
    pub min_nodes: u32,
    /// The profile's own checks.
    pub checks: Vec<Check>,
}

impl Target {
    /// What to call it: the profile's name, else its address.
    pub fn name(&self) -> String {
        self.profile.clone().unwrap_or_else(|| self.endpoint.to_string())
    }
}

/// How to connect. The defaults stand in [`Connect::default`] and nowhere else.
#[derive(Debug, Clone)]
pub struct Connect {
    /// Bounds one request, from name lookup to the last byte of the body.
    pub timeout: Duration,
    /// Bounds name lookup, TCP and TLS of one new connection.
    pub connect_timeout: Duration,
    /// How often a failed request is tried again.
    pub retries: u32,
    /// Certificates (PEM) trusted beside the usual roots.
    pub ca_cert: Option<PathBuf>,
    /// Certificates are not checked.
    pub insecure: bool,
    /// Plain `http` to other hosts than loopback is allowed.
    pub allow_http: bool,
    /// The largest body taken, in bytes after decompression.
    pub max_body: u64,
}

impl Default for Connect {
    fn default() -> Connect {
        Connect {
            // A scrape can take 4 to 6 s on a busy cluster (vendor's notes).
            timeout: Duration::from_secs(15),
            connect_timeout: Duration::from_secs(5),
            retries: 2,
            ca_cert: None,
            insecure: false,
            allow_http: false,
            // 100,000 rules make 149 MB.
            max_body: 256 * 1024 * 1024,
        }
    }
}
