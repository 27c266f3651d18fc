//! What comes out: tables at several widths, pipes, JSON, JSON lines, CSV, colour.

mod machines;
mod overview;
mod rows;
mod terminal;

use crate::harness::Sandbox;
use std::fmt::Write;

/// The vendor's two sample answers, byte for byte.
const CLUSTER: &str = include_str!("../../data/sample-cluster.prom");
const DATA_INTEGRATION: &str = include_str!("../../data/sample-data-integration.prom");

/// A sandbox that holds these bodies as files.
fn files(bodies: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    for (name, body) in bodies {
        sandbox.write(name, body);
    }
    sandbox
}

fn samples() -> Sandbox {
    files(&[("cluster.prom", CLUSTER), ("di.prom", DATA_INTEGRATION)])
}

/// What a terminal of that width shows, without colour and without the age of the file.
fn shown(sandbox: &Sandbox, args: &str, width: u16) -> String {
    let text = sandbox.emqstat(args.split_whitespace()).terminal(width).env("NO_COLOR", "1").run().expect(0).stdout;
    ageless(&text)
}

/// The time and the age of a saved scrape change from run to run.
fn ageless(text: &str) -> String {
    let line = |line: &str| match line.find("saved scrape of ") {
        Some(at) => format!("{}saved scrape of TIME, AGE", &line[..at]),
        None => match line.rfind(", ").filter(|_| line.ends_with(" ago") || line.ends_with(", now")) {
            Some(at) => format!("{}, AGE", &line[..at]),
            None => line.to_owned(),
        },
    };
    text.lines().map(|text| line(text) + "\n").collect()
}

/// A body with rules: id, status, then matched, failed, exception, actions taken, actions failed.
pub fn rules(rows: &[(&str, u8, [u64; 5])]) -> String {
    let mut body = String::new();
    let labels = r#"deployment_id="gde1d4ab",deployment_type="dedicated",platform="aliyun_en""#;
    for (id, status, [matched, failed, exception, taken, actions_failed]) in rows {
        let matches = [
            ("matched", *matched),
            ("passed", matched - failed),
            ("failed", *failed),
            ("exception", *exception),
            ("no_result", failed - exception),
        ];
        let actions = [("taken", *taken), ("success", taken - actions_failed), ("failed", *actions_failed)];
        for (word, count) in matches {
            let line = format!(r#"rule_matched_count{{{labels},match_status="{word}",rule_id="{id}"}} {count}"#);
            writeln!(body, "deployment_emqx_{line}").unwrap();
        }
        for (word, count) in actions {
            let line =
                format!(r#"rule_action_execution_count{{{labels},execution_status="{word}",rule_id="{id}"}} {count}"#);
            writeln!(body, "deployment_emqx_{line}").unwrap();
        }
        writeln!(body, r#"deployment_emqx_rule_status{{{labels},rule_id="{id}"}} {status}"#).unwrap();
    }
    body
}

/// A body with resources: id, status.
pub fn resources(rows: &[(&str, u8)]) -> String {
    let labels = r#"deployment_id="gde1d4ab",deployment_type="dedicated",platform="aliyun_en""#;
    rows.iter()
        .map(|(id, status)| format!("deployment_emqx_resource_status{{{labels},resource_id=\"{id}\"}} {status}\n"))
        .collect()
}

/// One sample of the deployment `id`.
pub fn sample(name: &str, id: &str, value: &str) -> String {
    format!("{name}{{deployment_id=\"{id}\",deployment_type=\"dedicated\",platform=\"aliyun_en\"}} {value}\n")
}
