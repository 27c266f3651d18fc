//! The JSON of verdicts. The format is told in [`super::document`].

use super::document::{Document, Identity};
use super::records::window_seconds;
use super::value::{Member, Number, Tenths};
use super::{write_document, write_line};
use crate::health::{Finding, Health};
use crate::view::health::HealthAnswer;
use crate::view::screen::Screen;
use serde::Serialize;
use std::io::{self, Write};

/// Writes the answer of `check` as one object.
///
/// # Errors
/// What `out` says.
pub fn write(answer: &HealthAnswer, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let deployments = answer.deployments.iter().map(|judged| Deployment {
        identity: Identity::from(&judged.report),
        duration_ms: judged.report.duration.map(Tenths),
        window_seconds: window_seconds(&judged.report),
        health: HealthEntry::of(&judged.health),
    });
    let body = Body { status: answer.status().word(), deployments: deployments.collect::<Vec<_>>() };
    let HealthAnswer { generated_at, failures, warnings, .. } = answer;
    write_document(&Document::new(KIND, *generated_at, body, failures, warnings), screen, out)
}

/// Writes the checks of every deployment, a line each.
///
/// # Errors
/// What `out` says.
pub fn write_lines(answer: &HealthAnswer, _screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    for judged in &answer.deployments {
        for finding in &judged.health.findings {
            write_line(KIND, &judged.report, Member::Absent, check(finding), out)?;
        }
    }
    Ok(())
}

const KIND: &str = "check";

#[derive(Serialize)]
struct Body<D> {
    status: &'static str,
    deployments: D,
}

#[derive(Serialize)]
struct Deployment<'a> {
    #[serde(flatten)]
    identity: Identity<'a>,
    duration_ms: Option<Tenths>,
    window_seconds: Option<Number>,
    health: HealthEntry<'a>,
}

/// The verdict on a deployment.
#[derive(Serialize)]
pub struct HealthEntry<'a> {
    status: &'static str,
    checks: Vec<CheckEntry<'a>>,
}

#[derive(Serialize)]
struct CheckEntry<'a> {
    name: &'a str,
    status: &'static str,
    value: Option<Number>,
    unit: Option<&'static str>,
    warning: Option<String>,
    critical: Option<String>,
    condition: &'a str,
    message: &'a str,
    advice: Option<&'a str>,
}

impl HealthEntry<'_> {
    /// The entry of that verdict.
    pub fn of(health: &Health) -> HealthEntry<'_> {
        HealthEntry { status: health.status.word(), checks: health.findings.iter().map(check).collect() }
    }
}

fn check(finding: &Finding) -> CheckEntry<'_> {
    CheckEntry {
        name: &finding.name,
        status: finding.status.word(),
        value: finding.value.map(Number),
        unit: Some(finding.unit.word()).filter(|word| !word.is_empty()),
        warning: finding.warning.map(|range| range.to_string()),
        critical: finding.critical.map(|range| range.to_string()),
        condition: &finding.condition,
        message: &finding.message,
        advice: finding.advice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::Status;

    #[test]
    fn the_time_is_that_of_the_verdict_and_not_of_printing() {
        let generated_at = "2026-11-22T06:51:07.123Z".parse().unwrap();
        let (deployments, failures, warnings) = (Vec::new(), Vec::new(), Vec::new());
        let answer = HealthAnswer { generated_at, deployments, failures, warnings, on_error: Status::Unknown };
        let mut out = Vec::new();
        write(&answer, &Screen::PLAIN, &mut out).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["generated_at"], "2026-11-22T06:51:07.123Z");
    }
}
