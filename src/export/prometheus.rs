//! The scrape configuration: two jobs a deployment.
//!
//! Written for Prometheus 2.42 and later, and for what VictoriaMetrics takes of the same format
//! (<https://prometheus.io/docs/prometheus/latest/configuration/configuration/>).

use super::yaml::{comment, quoted};
use super::{ENDPOINT_LABEL, PROFILE_LABEL};
use crate::deployment::Endpoint;
use crate::profile::{Connect, EndpointUrl, Secret};
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

/// A deployment to be scraped.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    /// The label `profile`.
    pub name: String,
    pub endpoint: EndpointUrl,
    pub app_id: String,
    pub credential: Credential,
    /// Its time-out, `ca_cert` (absolute) and `insecure` count.
    pub connect: Connect,
}

/// Where Prometheus has the APP Secret from.
#[derive(Debug, Clone)]
pub(crate) enum Credential {
    /// A file, and the command that makes it where nobody has made it yet.
    File { path: PathBuf, made_by: Option<String> },
    /// The configuration itself.
    Inline(Secret),
}

/// What a whole configuration names beside the jobs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Alerting<'a> {
    pub rules: &'a str,
    pub alertmanager: &'a str,
}

/// `scrape_configs` for `jobs`; with `alerting`, a whole `prometheus.yml`.
pub(crate) fn scrape_configuration(jobs: &[Job], interval: Duration, alerting: Option<Alerting<'_>>) -> String {
    let mut out = comment(
        "",
        "Made by 'emqstat export prometheus'.\n\
         An answer can take 4 to 6 s, and the API takes at most 100 calls a second: ask no more often than you need.",
    );
    if let Some(Alerting { rules, alertmanager }) = alerting {
        let (every, rules, alertmanager) = (quoted(&duration(interval)), quoted(rules), quoted(alertmanager));
        out += &format!(
            "\
global:
  scrape_interval: {every}
  evaluation_interval: {every}
# Written by 'emqstat export alerts'.
rule_files: [{rules}]
alerting:
  alertmanagers:
    - static_configs:
        - targets: [{alertmanager}]
"
        );
    }
    out += if jobs.is_empty() { "scrape_configs: []\n" } else { "scrape_configs:\n" };
    for job in jobs {
        out += &comment("  ", &format!("{}: {}", job.name, job.endpoint));
        out.extend(Endpoint::ALL.map(|endpoint| scrape_config(job, endpoint, interval)));
    }
    out
}

/// The same targets for `file_sd_configs`: JSON.
pub(crate) fn targets(jobs: &[Job]) -> String {
    let groups: Vec<serde_json::Value> = jobs
        .iter()
        .flat_map(|job| {
            Endpoint::ALL.map(|endpoint| {
                json!({
                    "targets": [address(&job.endpoint)],
                    "labels": {
                        "__scheme__": job.endpoint.scheme().as_str(),
                        "__metrics_path__": path(job, endpoint),
                        PROFILE_LABEL: job.name,
                        ENDPOINT_LABEL: endpoint.name(),
                    },
                })
            })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::Array(groups))
}

fn scrape_config(job: &Job, endpoint: Endpoint, interval: Duration) -> String {
    let Job { name, endpoint: url, app_id, credential, connect } = job;
    let mut out = format!(
        "  - job_name: {job_name}
    scheme: \"{scheme}\"
    metrics_path: {path}
    scrape_interval: \"{every}\"
    scrape_timeout: \"{timeout}\"
    # What redirects is not the deployment's API.
    follow_redirects: false
    basic_auth:
      username: {app_id}
",
        job_name = quoted(&format!("emqx/{name}/{}", endpoint.name())),
        scheme = url.scheme().as_str(),
        path = quoted(&path(job, endpoint)),
        every = duration(interval),
        // Prometheus refuses a time-out that is longer than the interval.
        timeout = duration(connect.timeout.min(interval)),
        app_id = quoted(app_id),
    );
    match credential {
        Credential::Inline(secret) => out += &format!("      password: {}\n", quoted(secret.expose())),
        Credential::File { path, made_by } => {
            if let Some(command) = made_by.as_ref().filter(|_| endpoint == Endpoint::Cluster) {
                out += &comment("      ", &format!("This command makes the file:\n  {command}"));
            }
            out += &format!("      password_file: {}\n", quoted(&path.display().to_string()));
        }
    }
    if connect.ca_cert.is_some() || connect.insecure {
        out += "    tls_config:\n";
    }
    if let Some(ca) = &connect.ca_cert {
        out += "      # Trusted instead of the system's roots: Prometheus knows no 'beside'.\n";
        out += &format!("      ca_file: {}\n", quoted(&ca.display().to_string()));
    }
    if connect.insecure {
        out += "      # Anybody between here and there can read and change everything, the APP Secret too.\n";
        out += "      insecure_skip_verify: true\n";
    }
    out + &format!(
        "    static_configs:
      - targets: [{}]
        labels:
          {PROFILE_LABEL}: {}
          {ENDPOINT_LABEL}: {}
",
        quoted(&address(url)),
        quoted(name),
        quoted(endpoint.name()),
    )
}

fn path(job: &Job, endpoint: Endpoint) -> String {
    format!("{}{}", job.endpoint.path(), endpoint.path())
}

/// `HOST:PORT`; Prometheus adds the scheme's own port where none is written, and emqstat does not leave it to that.
fn address(url: &EndpointUrl) -> String {
    let host = url.host();
    if host.contains(':') { format!("[{host}]:{}", url.port()) } else { format!("{host}:{}", url.port()) }
}

/// A duration as Prometheus writes it, in its largest whole unit; at least a millisecond.
pub(super) fn duration(duration: Duration) -> String {
    let milliseconds = duration.as_millis().max(1);
    match milliseconds {
        ms if ms % 1000 != 0 => format!("{ms}ms"),
        ms if ms % 60_000 != 0 => format!("{}s", ms / 1000),
        ms if ms % 3_600_000 != 0 => format!("{}m", ms / 60_000),
        ms => format!("{}h", ms / 3_600_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(url: &str) -> Job {
        Job {
            name: "prod".to_owned(),
            endpoint: url.parse().unwrap(),
            app_id: "id\"".to_owned(),
            credential: Credential::File { path: "/s/prod".into(), made_by: Some("emqstat x".to_owned()) },
            connect: Connect { ca_cert: Some("/etc/corp.pem".into()), ..Connect::default() },
        }
    }

    #[test]
    fn each_deployment_is_two_jobs() {
        let text = scrape_configuration(&[job("https://h/api/v5")], Duration::from_secs(10), None);
        let expected = r#"scrape_configs:
  # prod: https://h/api/v5
  - job_name: "emqx/prod/cluster"
    scheme: "https"
    metrics_path: "/api/v5/deployment_metrics"
    scrape_interval: "10s"
    scrape_timeout: "10s"
    # What redirects is not the deployment's API.
    follow_redirects: false
    basic_auth:
      username: "id\""
      # This command makes the file:
      #   emqstat x
      password_file: "/s/prod"
    tls_config:
      # Trusted instead of the system's roots: Prometheus knows no 'beside'.
      ca_file: "/etc/corp.pem"
    static_configs:
      - targets: ["h:443"]
        labels:
          profile: "prod"
          endpoint: "cluster"
  - job_name: "emqx/prod/data_integration"
"#;
        assert!(text.contains(expected), "{text}");
        assert!(text.contains("metrics_path: \"/api/v5/deployment_metrics/data_integration\""), "{text}");
        assert!(!text.contains("rule_files") && !text.contains("insecure"), "{text}");
    }

    #[test]
    fn addresses_have_a_port_and_brackets() {
        for (url, expected) in [("http://h", "h:80"), ("https://[::1]/api", "[::1]:443"), ("https://h:8443", "h:8443")]
        {
            assert_eq!(address(&url.parse().unwrap()), expected);
        }
    }

    #[test]
    fn durations_are_written_in_their_largest_whole_unit() {
        for (ms, text) in
            [(0, "1ms"), (1500, "1500ms"), (30_000, "30s"), (300_000, "5m"), (90_000, "90s"), (7_200_000, "2h")]
        {
            assert_eq!(duration(Duration::from_millis(ms)), text);
        }
    }
}
