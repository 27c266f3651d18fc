//! The verdict in the Prometheus text format, for a node_exporter's textfile collector: gauges without timestamps, since a run
//! that is over counts nothing.

use super::health::HealthAnswer;
use super::screen::Screen;
use crate::health::{CheckUnit, Status};
use crate::text::labels;
use crate::units::plain;
use std::io::{self, Write};

/// A metric: name, HELP, and its samples as labels and value.
struct Metric {
    name: &'static str,
    help: &'static str,
    samples: Vec<(String, f64)>,
}

/// Writes `answer`, each deployment with its checks; one that could not be asked with its status alone.
pub(super) fn write(answer: &HealthAnswer, _screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let mut status = Metric {
        name: "emqstat_deployment_status",
        help: "The verdict on a deployment: 0 ok, 1 warning, 2 critical, 3 unknown.",
        samples: Vec::new(),
    };
    let mut check = Metric {
        name: "emqstat_check_status",
        help: "What a check says: 0 ok, 1 warning, 2 critical, 3 unknown. One that was skipped is not there.",
        samples: Vec::new(),
    };
    let mut value = Metric {
        name: "emqstat_check_value",
        help: "What a check measured, in the unit of the label: of a share 0 to 1.",
        samples: Vec::new(),
    };
    let names = answer.names();
    for (judged, name) in answer.deployments.iter().zip(&names) {
        let id = judged.report.snapshot.identity.deployment_id.as_deref().unwrap_or_default();
        let profile = judged.report.profile.as_deref().unwrap_or_default();
        let of = [("deployment", name.as_str()), ("deployment_id", id), ("profile", profile)];
        status.samples.push((labels(of, ","), code(judged.health.status)));
        for finding in &judged.health.findings {
            let Some(judged) = finding.status.judged() else { continue };
            let own = || of.into_iter().chain([("check", finding.name.as_str())]);
            check.samples.push((labels(own(), ","), code(judged)));
            let unit = match finding.unit {
                CheckUnit::Count => "count",
                CheckUnit::PerSecond => "per_second",
                CheckUnit::Share => "share",
                CheckUnit::Seconds => "seconds",
            };
            let number = finding.value.map(|number| (labels(own().chain([("unit", unit)]), ","), number));
            value.samples.extend(number);
        }
    }
    for name in answer.silent() {
        let of = [("deployment", name.as_str()), ("deployment_id", ""), ("profile", name.as_str())];
        status.samples.push((labels(of, ","), code(answer.on_error)));
    }
    let at = Metric {
        name: "emqstat_check_timestamp_seconds",
        help: "When these verdicts were reached, in seconds since 1970-01-01 UTC.",
        samples: vec![(String::new(), answer.generated_at.as_second() as f64)],
    };
    [status, check, value, at].iter().filter(|metric| !metric.samples.is_empty()).try_for_each(|metric| {
        let Metric { name, help, samples } = metric;
        writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge")?;
        samples.iter().try_for_each(|(labels, value)| match labels.as_str() {
            "" => writeln!(out, "{name} {}", plain(*value)),
            labels => writeln!(out, "{name}{{{labels}}} {}", plain(*value)),
        })
    })
}

/// As the exit code has it.
fn code(status: Status) -> f64 {
    match status {
        Status::Ok => 0.0,
        Status::Warning => 1.0,
        Status::Critical => 2.0,
        Status::Unknown => 3.0,
    }
}
