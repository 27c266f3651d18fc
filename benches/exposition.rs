//! How fast the text format is read.
//!
//! Run with `cargo bench --bench exposition`, or one measurement with `cargo bench --bench exposition -- events/10000`.
//! Throughput is in bytes of the body. `events` is the parser alone, with every name, label and value
//! looked at; `families` is the whole body grouped and held. `cluster` is 29 KB of 123 families; the numbers are
//! rules with nine samples each: 1.5 MB, 15 MB and 147 MB.
//!
//! `BENCHMARKS.md` has the figures. The crate prometheus-parse 0.2.5 read 52, 50, 44 and 36 MB/s in a run in which `events` read
//! 1,050, 1,200, 1,000 and 990 (November 2026, MB/s of CPU time, from `cluster` to 100,000 rules).
//!
//! At 147 MB the parser needs 2 MB of memory and the families 52 MB.

// A test fails by panicking, and one binary has nobody to export to.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr
)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use emqstat::exposition::{Event, Families, Parser};
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

/// A data-integration body with `rules` rules: nine samples each, as deployments send them.
fn data_integration(rules: usize) -> String {
    const LABELS: &str = "deployment_id=\"gde1d4ab\",deployment_type=\"dedicated\"";
    let families: [(&str, &str, &[&str]); 3] = [
        ("rule_action_execution_count", "execution_status", &["failed", "success", "taken"]),
        ("rule_matched_count", "match_status", &["exception", "failed", "matched", "no_result", "passed"]),
        ("rule_status", "", &[""]),
    ];
    let mut body = String::with_capacity(rules * 1500 + 1000);
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for (family, key, statuses) in families {
        let _ = writeln!(body, "# HELP deployment_emqx_{family} What it counts\n# TYPE deployment_emqx_{family} gauge");
        for rule in 0..rules {
            for status in statuses {
                let _ = write!(body, "deployment_emqx_{family}{{{LABELS},");
                if !key.is_empty() {
                    let _ = write!(body, "{key}=\"{status}\",");
                }
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                // Counters of every size; the multiplication spreads identifiers as hashes are spread.
                let value = if key.is_empty() { random % 2 } else { (random >> 32) >> (random % 32) };
                let id = (rule as u32).wrapping_mul(0x9e37_79b1);
                let _ = writeln!(body, "platform=\"aliyun_en\",rule_id=\"rule-{id:08x}\"}} {value}");
            }
        }
    }
    body
}

/// A cluster body: 123 families of one sample each.
fn cluster() -> String {
    let mut body = String::new();
    for family in 0..123 {
        let name = format!("deployment_emqx_metrics_messages_kind_{family}");
        let _ = writeln!(body, "# HELP {name} Number of messages of this kind\n# TYPE {name} counter");
        let _ = writeln!(
            body,
            "{name}{{deployment_id=\"gde1d4ab\",deployment_type=\"dedicated\",platform=\"aliyun_en\"}} {}",
            family * 7919
        );
    }
    body
}

/// Looks at every event, label and value.
fn events(body: &str) -> f64 {
    let mut parser = Parser::new(body.as_bytes());
    let (mut length, mut total) = (0, 0.0);
    while let Some(event) = parser.next().unwrap() {
        match event {
            Event::Help { family, text } => length += family.len() + text.len(),
            Event::Type { family, .. } => length += family.len(),
            Event::Sample(sample) => {
                total += sample.value;
                length += sample.name.len();
                for (name, value) in sample.labels.iter() {
                    length += name.len() + value.len();
                }
            }
        }
    }
    total + length as f64
}

/// Groups and holds the whole body.
fn families(body: &str) -> f64 {
    Families::read(body.as_bytes()).unwrap().len() as f64
}

type Run = (&'static str, fn(&str) -> f64);

fn exposition(criterion: &mut Criterion) {
    let bodies = [
        ("cluster", cluster()),
        ("1000", data_integration(1_000)),
        ("10000", data_integration(10_000)),
        ("100000", data_integration(100_000)),
    ];
    let runs: [Run; 2] = [("events", events), ("families", families)];
    for (name, run) in runs {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
        for (size, body) in &bodies {
            group.throughput(Throughput::Bytes(body.len() as u64));
            group.bench_with_input(BenchmarkId::from_parameter(size), body.as_str(), |bencher, body| {
                bencher.iter(|| run(black_box(body)))
            });
        }
        group.finish();
    }
}

criterion_group!(benches, exposition);
criterion_main!(benches);
