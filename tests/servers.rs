//! What is exported, tried with the programs that it is for: `cargo test --features servers --test servers`.
//!
//! They are those of Debian 12: prometheus (with promtool), prometheus-alertmanager, victoria-metrics. Everything stays
//! on loopback, on free ports, in a temporary folder.

#[path = "suite/harness.rs"]
mod harness;

use harness::{Outcome, Running, Sandbox};

/// Fails with what to install where the program `name` is not there.
fn program(name: &str) -> String {
    let path = format!("/usr/bin/{name}");
    assert!(
        std::path::Path::new(&path).exists(),
        "{name} is not installed; on Debian 12: apt-get install prometheus prometheus-alertmanager victoria-metrics"
    );
    path
}

fn promtool(sandbox: &Sandbox, args: &str) -> Outcome {
    sandbox.program(&program("promtool"), args.split_whitespace()).run()
}

/// Starts a simulated deployment that speaks TLS, with its CA in `ca.pem`: the server, and what it tells of itself.
fn simulate(sandbox: &Sandbox, args: &str) -> (Running, serde_json::Value) {
    let simulate = "simulate --port 0 --tls --ca-out ca.pem -o json";
    let mut running = sandbox.emqstat(simulate.split_whitespace()).args(args.split_whitespace()).start();
    let told = serde_json::from_str(&running.next_line().unwrap()).unwrap();
    (running, told)
}

const PROFILES: &str = r#"
[profiles.prod]
endpoint = "https://emqx.example.com:8443/api/v5"
app_id = "a\"b\\ # 'c"
app_secret = "hunter2"
[profiles.staging]
endpoint = "https://[::1]:8443/api"
app_id = "77aa01"
app_secret = "hunter3"
insecure = true
timeout = "45s"
"#;

#[test]
fn promtool_and_victoria_metrics_take_the_scrape_configuration() {
    let sandbox = Sandbox::new();
    sandbox.profiles(PROFILES);
    let _simulated = simulate(&sandbox, "");
    let export =
        "export prometheus --all-profiles --full --secrets s --write-secrets --ca-cert ca.pem -O prometheus.yml";
    sandbox.line(export).expect(0);
    sandbox.write("emqx-alerts.yml", "groups: []\n");
    let out = promtool(&sandbox, "check config prometheus.yml").expect(0);
    assert!(out.stdout.contains("prometheus.yml is valid prometheus config file syntax"), "{out}");

    let targets = sandbox.line("export prometheus --all-profiles --file-sd -O targets.json").expect(0);
    assert_eq!(targets.stdout, "");
    sandbox.write("sd.yml", "scrape_configs: [{job_name: emqx, file_sd_configs: [{files: [targets.json]}]}]\n");
    promtool(&sandbox, "check config sd.yml").expect(0);

    sandbox.line("export prometheus --all-profiles --secrets s --ca-cert ca.pem -O scrape.yml").expect(0);
    let flags = ["-promscrape.config=scrape.yml", "-promscrape.config.strictParse=true", "-dryRun"];
    sandbox.program(&program("victoria-metrics"), flags).run().expect(0);
}
