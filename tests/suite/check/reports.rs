//! Further reports of the same run: `--report FORMAT=FILE`.

use super::*;
use serde_json::json;
use std::fs;

/// A deployment with a stopped node, one whose rules fail now and then, one that is well, one where nothing is.
fn four() -> (Sandbox, [Server; 4]) {
    let sandbox = Sandbox::new();
    let sick = Deployment::healthy().with("cluster_nodes_stopped", 1.0).without("cluster_nodes_running").serve();
    let before = Deployment::healthy().rules(&[("rule-a", 1, 0, 0, 0)]);
    let failing = before.then(&Deployment::healthy().rules(&[("rule-a", 1, 0, 2, 98)]));
    let all = [sick, failing, Deployment::healthy().serve(), Server::start()];
    profiles(
        &sandbox,
        &[("sick", &all[0], ""), ("failing", &all[1], ""), ("well", &all[2], ""), ("gone", &all[3], "")],
    );
    (sandbox, all)
}

fn read(sandbox: &Sandbox, name: &str) -> String {
    fs::read_to_string(sandbox.home().join(name)).unwrap()
}

#[test]
fn one_run_has_several_reports_and_one_verdict() {
    let (sandbox, servers) = four();
    let reports = "--report nagios=n.txt --report json=j.json --report junit=j.xml --report prometheus=p.prom --report github=g.txt";
    let out = check_profiles(&sandbox, &format!("--all-profiles {reports}")).expect(2);
    assert_eq!(servers[2].requests().len(), 4, "two endpoints, twice, whatever is written");
    assert!(out.stdout.contains("✗ sick: "), "{out}");
    let document: Value = serde_json::from_str(&read(&sandbox, "j.json")).unwrap();
    crate::schema::assert_valid(&document);
    assert_eq!(document["status"], "critical");
    assert!(
        read(&sandbox, "n.txt").starts_with("CRITICAL: sick: 1 critical, 1 unknown, "),
        "{}",
        read(&sandbox, "n.txt")
    );
    // They are replaced, and stay what others can read.
    let mode = |name: &str| {
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(sandbox.home().join(name)).unwrap().permissions()) & 0o777
    };
    let before = mode("p.prom");
    check_profiles(&sandbox, "-p well --report prometheus=p.prom").expect(0);
    assert_eq!((mode("p.prom"), before & 0o400), (before, 0o400));
    assert!(!read(&sandbox, "p.prom").contains("sick"));
    let left: Vec<_> = fs::read_dir(sandbox.home()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 6, "nothing is left beside them: {left:?}");
}

#[test]
fn junit_tells_failures_from_errors_and_passes_warnings() {
    let (sandbox, _servers) = four();
    check_profiles(&sandbox, "--all-profiles --report junit=j.xml").expect(2);
    let suites = junit_parser::from_reader(read(&sandbox, "j.xml").as_bytes()).unwrap();
    let told: Vec<(&str, u64, u64, u64)> =
        suites.suites.iter().map(|suite| (suite.name.as_str(), suite.tests, suite.failures, suite.errors)).collect();
    assert_eq!(told, [("sick", 15, 1, 1), ("failing", 15, 0, 0), ("well", 15, 0, 0), ("gone", 1, 0, 1)]);
    let case =
        |suite: usize, name: &str| suites.suites[suite].cases.iter().find(|case| case.original_name == name).unwrap();
    assert!(case(0, "nodes_stopped").status.is_failure() && case(0, "nodes_running").status.is_error());
    assert!(case(1, "action_failures").status.is_success());
    let said = case(1, "action_failures").system_out.as_deref().unwrap_or_default();
    assert!(said.starts_with("warning: 2 actions failed in "), "{said}");
    assert!(case(3, "could be asked").status.is_error());
}

#[test]
fn prometheus_text_reads_back() {
    let (sandbox, _servers) = four();
    check_profiles(&sandbox, "--all-profiles --report prometheus=p.prom").expect(2);
    let scrape = sandbox.line("scrape --input p.prom -o json").expect(0).json();
    let families = scrape["scrapes"][0]["families"].as_array().unwrap();
    let samples = |name: &str| families.iter().find(|one| one["name"] == name).unwrap()["samples"].as_array().unwrap();
    assert!(families.iter().all(|family| family["type"] == "gauge" && family["help"].is_string()), "{scrape:#}");
    let status = |name: &str| {
        let is_it = |one: &&Value| one["labels"]["deployment"] == name;
        samples("emqstat_deployment_status").iter().find(is_it).unwrap()["value"].clone()
    };
    assert_eq!(["sick", "failing", "well", "gone"].map(status), [json!(2), json!(1), json!(0), json!(3)]);
    let of = |check: &str| samples("emqstat_check_status").iter().filter(|one| one["labels"]["check"] == check).count();
    assert_eq!(of("nodes_stopped"), 3);
    assert_eq!(samples("emqstat_check_timestamp_seconds").len(), 1);
}

#[test]
fn annotations_are_as_many_as_a_step_shows() {
    let (sandbox, servers) = four();
    let names: Vec<String> = (0..14).map(|n| format!("p{n}")).collect();
    let all: Vec<(&str, &Server, &str)> = names.iter().map(|name| (name.as_str(), &servers[0], "")).collect();
    profiles(&sandbox, &all);
    let out = check_profiles(&sandbox, "--all-profiles --report github=- --only nodes_stopped").expect(2);
    let lines: Vec<&str> = out.stdout.lines().collect();
    assert_eq!(lines.iter().filter(|line| line.starts_with("::error title=p")).count(), 10, "{out}");
    assert_eq!(lines.last(), Some(&"::notice title=emqstat::4 more; the log of the step has all"), "{out}");
    assert!(lines[0].contains("%3A nodes_stopped critical::1 node stopped%0ALook at"), "{out}");
}

#[test]
fn a_report_that_cannot_be_is_refused_or_told() {
    let (sandbox, _servers) = four();
    for (args, said) in [
        ("--report junit", "write FORMAT=FILE"),
        ("--report csv=x", "there is no report 'csv'"),
        ("--report github=- -o json", "something else is written to already"),
        ("--report github=- --report nagios=-", "something else is written to already"),
    ] {
        let out = check_profiles(&sandbox, &format!("-p well {args}")).expect(3);
        assert!(out.stderr.contains(said), "{args}: {out}");
    }
    sandbox.write("file", "");
    let out = check_profiles(&sandbox, "-p well --report junit=file/x.xml --report json=j.json").expect(3);
    assert!(out.stderr.contains("cannot write file/x.xml"), "{out}");
    assert!(read(&sandbox, "j.json").contains("\"status\":\"ok\""), "the others are written");
}
