//! `export`: files for other programs.

use crate::harness::Sandbox;
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;

const PROFILES: &str = r#"default = "prod"
[profiles.prod]
endpoint = "https://emqx.example.com:8443/api/v5"
app_id = "b4f8e0"
app_secret = "hunter2"
ca_cert = "corp.pem"
[profiles.old]
endpoint = "https://10.0.0.5/api"
app_id = "77aa01"
app_secret_file = "old.secret"
insecure = true
timeout = "45s"
"#;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.profiles(PROFILES);
    sandbox
}

#[test]
fn the_default_profile_is_two_jobs_without_its_secret() {
    let sandbox = sandbox();
    let text = sandbox.line("export prometheus").ok();
    for line in [
        "  - job_name: \"emqx/prod/cluster\"",
        "  - job_name: \"emqx/prod/data_integration\"",
        "    metrics_path: \"/api/v5/deployment_metrics/data_integration\"",
        "      - targets: [\"emqx.example.com:8443\"]",
        "          profile: \"prod\"",
        "      password_file: \"/etc/prometheus/emqstat/prod.secret\"",
        "      #   emqstat export prometheus -p prod --secrets /etc/prometheus/emqstat --write-secrets > /dev/null",
        &format!("      ca_file: \"{}\"", sandbox.home().join("config/emqstat/corp.pem").display()),
    ] {
        assert!(text.lines().any(|own| own == line), "{line}\n{text}");
    }
    assert!(!text.contains("hunter2") && !text.contains("10.0.0.5") && !text.contains("rule_files"), "{text}");
}

#[test]
fn a_profile_s_own_file_and_settings_count() {
    let sandbox = sandbox();
    let out = sandbox.line("export prometheus -p old --interval 60s --full --alertmanager am:9093").expect(0);
    assert!(out.stderr.starts_with("warning: certificates are not checked"), "{out}");
    for line in [
        "  scrape_interval: \"1m\"",
        "rule_files: [\"emqx-alerts.yml\"]",
        "        - targets: [\"am:9093\"]",
        "    scrape_timeout: \"45s\"",
        "      insecure_skip_verify: true",
        &format!("      password_file: \"{}\"", sandbox.home().join("config/emqstat/old.secret").display()),
    ] {
        assert!(out.stdout.lines().any(|own| own == line), "{line}\n{out}");
    }
    assert!(!out.stdout.contains("--write-secrets"), "{out}");
}

#[test]
fn secrets_are_written_for_their_owner_alone() {
    let sandbox = sandbox();
    let line = "export prometheus --all-profiles --full --secrets s --write-secrets -O out/";
    sandbox.line(line).expect(0);
    let mode = |name: &str| std::fs::metadata(sandbox.home().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(std::fs::read_to_string(sandbox.home().join("s/prod.secret")).unwrap(), "hunter2");
    assert_eq!((mode("s/prod.secret"), mode("out/prometheus.yml") & 0o600), (0o600, 0o600));
    assert!(!sandbox.home().join("s/old.secret").exists(), "it has a file already");
    let text = std::fs::read_to_string(sandbox.home().join("out/prometheus.yml")).unwrap();
    assert!(text.contains(&format!("password_file: \"{}\"", sandbox.home().join("s/prod.secret").display())), "{text}");
    assert!(!text.contains("hunter2"), "{text}");

    let again = sandbox.line(line).expect(64);
    assert!(again.stderr.contains("prod.secret is there already\nhint: replace it with --force"), "{again}");
    sandbox.line(&format!("{line} --force")).expect(0);
}

#[test]
fn inline_secrets_are_in_a_file_of_the_owner_alone() {
    let sandbox = sandbox();
    assert!(sandbox.line("export prometheus --inline-secrets").ok().contains("      password: \"hunter2\"\n"));
    sandbox.line("export prometheus --inline-secrets -O p.yml").ok();
    let path = sandbox.home().join("p.yml");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_file_that_is_there_is_not_touched() {
    let sandbox = sandbox();
    let path = sandbox.write("p.yml", "mine");
    let out = sandbox.line("export prometheus -O p.yml").expect(64);
    assert!(out.stderr.contains("error: p.yml is there already"), "{out}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    sandbox.line("export prometheus -O p.yml --force").ok();
    assert!(std::fs::read_to_string(&path).unwrap().contains("scrape_configs:"));
    let left: Vec<_> = std::fs::read_dir(sandbox.home()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".tmp")), "{left:?}");
}

#[test]
fn targets_are_json_for_file_sd() {
    let out = sandbox().line("export prometheus --all-profiles --file-sd").expect(0);
    let targets: Value = out.json();
    assert_eq!(targets.as_array().unwrap().len(), 4);
    assert_eq!(targets[0]["targets"][0], "emqx.example.com:8443");
    assert_eq!(targets[3]["labels"]["__metrics_path__"], "/api/deployment_metrics/data_integration");
    assert_eq!(
        (&targets[3]["labels"]["profile"], &targets[3]["labels"]["endpoint"]),
        (&"old".into(), &"data_integration".into())
    );
}

#[test]
fn a_profile_that_is_not_in_order_leaves_nothing_half_written() {
    let sandbox = sandbox();
    let out = sandbox.line("export prometheus -p prod,nobody -O p.yml").expect(78);
    assert!(out.stderr.contains("nobody: there is no profile 'nobody'"), "{out}");
    assert!(!sandbox.home().join("p.yml").exists());
    let out = sandbox.line("--demo export prometheus").expect(64);
    assert!(out.stderr.contains("--demo"), "{out}");
}

#[test]
fn an_interval_at_which_alerts_see_no_change_is_refused() {
    let sandbox = sandbox();
    for (interval, said) in [("3m", "takes a scrape every 2 min at least"), ("0", "without a pause")] {
        let out = sandbox.line(&format!("export prometheus --interval {interval}")).expect(64);
        assert!(out.stderr.contains(said), "{out}");
    }
    sandbox.line("export prometheus --interval 2m").ok();
}

#[test]
fn alerts_take_what_check_takes() {
    let sandbox = sandbox();
    let text = sandbox.line("export alerts -w queue_full_drops=5% -c nodes_stopped=1 --skip rule_exceptions").ok();
    assert!(text.contains("cluster_nodes_stopped > 1") && text.contains(" > 0.05) and "), "{text}");
    assert!(!text.contains("alert: \"EmqxRuleExceptions\""), "{text}");
    let out = sandbox.line("export alerts --skip rule_exception").expect(64);
    assert!(out.stderr.contains("did you mean rule_exceptions?"), "{out}");
    assert!(sandbox.line("export alerts -w age=5%").expect(64).stderr.contains("counts no share"));
}

#[test]
fn what_is_critical_is_no_warning_as_well_and_each_says_for_how_long() {
    let text = Sandbox::new().line("export alerts").ok();
    let alerts = text.matches("- alert: ").count();
    assert_eq!(text.matches("        for: ").count(), alerts);
    assert_eq!(
        text.lines().filter(|line| line.starts_with("        # ") && line.contains("m: ")).count(),
        alerts,
        "{text}"
    );
    assert!(text.matches(") unless (").count() >= 4, "{text}");
    assert!(!text.contains("humanize }}"), "no number in thousandths: {text}");
}

#[test]
fn alerts_need_no_profile() {
    let text = Sandbox::new().line("export alerts").ok();
    assert!(
        text.contains("expr: \"(deployment_emqx_metrics_cluster_nodes_running or deployment_emqx_node_count) < 1\""),
        "{text}"
    );
    assert!(text.contains("# rules_disabled is not among them: it has no threshold unless you set one."), "{text}");
    Sandbox::new().line("export alerts -p prod").expect(78);
}

#[test]
fn alerts_hold_what_the_profiles_say() {
    let sandbox = sandbox();
    sandbox.profiles(&format!(
        "{PROFILES}min_nodes = 3\n[[profiles.old.checks]]\nname = \"sign-in storm\"\n\
         when = \"rate(metrics.authentication_failure) > 50\"\nseverity = \"critical\"\n"
    ));
    sandbox.line("export alerts --all-profiles -O .").ok();
    let text = std::fs::read_to_string(sandbox.home().join("emqx-alerts.yml")).unwrap();
    for expected in [
        "deployment_emqx_node_count{profile=\\\"old\\\"}) < 3\"",
        "deployment_emqx_node_count{profile=\\\"prod\\\"}) < 1\"",
        "- alert: \"sign-in storm\"",
        "client_auth_failure{profile=\\\"old\\\"}[5m])) > 50\"\n        # 2m: the rate is of 5 min already.\n        for: \"2m\"\n        labels:\n          severity: \"critical\"\n          profile: \"old\"",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn the_dashboard_is_json_that_asks_for_its_data_source() {
    let sandbox = Sandbox::new();
    sandbox.line("export grafana -O .").ok();
    let text = std::fs::read_to_string(sandbox.home().join("emqx-dashboard.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(dashboard["__inputs"][0]["name"], "DS_PROMETHEUS");
    let variables: Vec<&str> =
        dashboard["templating"]["list"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(variables, ["datasource", "platform", "deployment", "rule", "resource"]);
    assert_eq!(sandbox.line("export grafana").ok(), text);
    sandbox.line("export grafana -p prod").expect(64);
}
