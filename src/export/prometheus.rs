//! The scrape configuration: two jobs a deployment.
//!
//! Written for Prometheus 2.42 and later, and for what VictoriaMetrics takes of the same format
//! (<https://prometheus.io/docs/prometheus/latest/configuration/configuration/>).

use super::yaml::{Entry, Item, Yaml, document, entry};
use super::{ENDPOINT_LABEL, PROFILE_LABEL};
use crate::deployment::Endpoint;
use crate::profile::{Connect, EndpointUrl, Secret};
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

/// A deployment to be scraped.
#[derive(Debug, Clone)]
pub struct Job {
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
pub enum Credential {
    /// A file, and the command that makes it where nobody has made it yet.
    File { path: PathBuf, made_by: Option<String> },
    /// The configuration itself.
    Inline(Secret),
}

/// What a whole configuration names beside the jobs.
#[derive(Debug, Clone, Copy)]
pub struct Alerting<'a> {
    pub rules: &'a str,
    pub alertmanager: &'a str,
}

/// `scrape_configs` for `jobs`; with `alerting`, a whole `prometheus.yml`.
pub fn scrape_configuration(jobs: &[Job], interval: Duration, alerting: Option<Alerting<'_>>) -> String {
    let mut entries = Vec::new();
    if let Some(Alerting { rules, alertmanager }) = alerting {
        let every = || Yaml::Text(duration(interval));
        entries.push(entry("global", vec![entry("scrape_interval", every()), entry("evaluation_interval", every())]));
        entries.push(entry("rule_files", texts(rules)).about("Written by 'emqstat export alerts'."));
        let managers = vec![Item::new("", vec![entry("targets", texts(alertmanager))])];
        let managers = vec![Item::new("", vec![entry("static_configs", managers)])];
        entries.push(entry("alerting", vec![entry("alertmanagers", managers)]));
    }
    let both = Endpoint::ALL;
    let items = jobs.iter().flat_map(|job| both.map(|endpoint| scrape_config(job, endpoint, interval)));
    entries.push(entry("scrape_configs", items.collect::<Vec<_>>()));
    document(
        "Made by 'emqstat export prometheus'.\n\
         An answer can take 4 to 6 s, and the API takes at most 100 calls a second: ask no more often than you need.",
        &entries,
    )
}

/// The same targets for `file_sd_configs`: JSON.
pub fn targets(jobs: &[Job]) -> String {
    let both = Endpoint::ALL;
    let groups: Vec<serde_json::Value> = jobs
        .iter()
        .flat_map(|job| {
            both.map(|endpoint| {
                json!({
                    "targets": [address(&job.endpoint)],
                    "labels": {
                        "__scheme__": job.endpoint.scheme().as_str(),
                        "__metrics_path__": path(job, endpoint),
                        PROFILE_LABEL: job.name,
                        ENDPOINT_LABEL: word(endpoint),
                    },
                })
            })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::Array(groups))
}

/// The value of the label `endpoint`.
pub(super) fn word(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Cluster => "cluster",
        Endpoint::DataIntegration => "data_integration",
    }
}

fn scrape_config(job: &Job, endpoint: Endpoint, interval: Duration) -> Item {
    let Job { name, endpoint: url, app_id, credential, connect } = job;
    let mut config = vec![
        entry("job_name", format!("emqx/{name}/{}", word(endpoint))),
        entry("scheme", url.scheme().as_str()),
        entry("metrics_path", path(job, endpoint)),
        entry("scrape_interval", duration(interval)),
        // Prometheus refuses a time-out that is longer than the interval.
        entry("scrape_timeout", duration(connect.timeout.min(interval))),
        entry("follow_redirects", false).about("What redirects is not the deployment's API."),
        entry("basic_auth", vec![entry("username", app_id.as_str()), password(credential, endpoint)]),
    ];
    let mut tls = Vec::new();
    if let Some(ca) = &connect.ca_cert {
        let place = entry("ca_file", ca.display().to_string());
        tls.push(place.about("Trusted instead of the system's roots: Prometheus knows no 'beside'."));
    }
    if connect.insecure {
        let switched_off = entry("insecure_skip_verify", true);
        tls.push(
            switched_off.about("Anybody between here and there can read and change everything, the APP Secret too."),
        );
    }
    if !tls.is_empty() {
        config.push(entry("tls_config", tls));
    }
    let labels = vec![entry(PROFILE_LABEL, name.as_str()), entry(ENDPOINT_LABEL, word(endpoint))];
    let group = vec![entry("targets", texts(&address(url))), entry("labels", labels)];
    config.push(entry("static_configs", vec![Item::new("", group)]));
    let comment = if endpoint == Endpoint::Cluster { format!("{name}: {url}") } else { String::new() };
    Item::new(comment, config)
}

fn password(credential: &Credential, endpoint: Endpoint) -> Entry {
    match credential {
        Credential::Inline(secret) => entry("password", secret.expose()),
        Credential::File { path, made_by } => {
            let made_by = made_by.as_ref().filter(|_| endpoint == Endpoint::Cluster);
            let comment = made_by.map(|command| format!("This command makes the file:\n  {command}"));
            entry("password_file", path.display().to_string()).about(comment.unwrap_or_default())
        }
    }
}

fn path(job: &Job, endpoint: Endpoint) -> String {
    format!("{}{}", job.endpoint.path(), endpoint.path())
}

/// `HOST:PORT`; Prometheus adds the scheme's own port where none is written, and emqstat does not leave it to that.
fn address(url: &EndpointUrl) -> String {
    let host = url.host();
    if host.contains(':') { format!("[{host}]:{}", url.port()) } else { format!("{host}:{}", url.port()) }
}

fn texts(one: &str) -> Yaml {
    Yaml::Texts(vec![one.to_owned()])
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
