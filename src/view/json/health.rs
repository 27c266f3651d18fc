//! The JSON of verdicts. The format is told in [`super::document`].

use super::document::SCHEMA_VERSION;
use super::escape::Layout;
use super::value::{Number, Tenths, Time};
use super::{write_json, write_kind};
use crate::health::{Finding, Health};
use crate::view::health::{HealthAnswer, Judged};
use crate::view::screen::Screen;
use serde::Serialize;
use std::io::{self, Write};

/// Writes the answer of `check` as one object.
///
/// # Errors
/// What `out` says.
pub fn write(answer: &HealthAnswer, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let body = Body {
        status: answer.status().word(),
        deployments: answer
            .deployments
            .iter()
            .map(|judged| Deployment {
                origin: origin(judged),
                duration_ms: judged.report.duration.map(Tenths),
                window_seconds: super::window_seconds(&judged.report),
                health: HealthEntry::of(&judged.health),
            })
            .collect(),
    };
    write_kind(KIND, &body, (&answer.failures, &answer.warnings), screen, out)
}

/// Writes the checks of every deployment, a line each.
///
/// # Errors
/// What `out` says.
pub fn write_lines(answer: &HealthAnswer, _screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    for judged in &answer.deployments {
        for finding in &judged.health.findings {
            let line =
                Line { schema_version: SCHEMA_VERSION, kind: KIND, origin: origin(judged), check: check(finding) };
            write_json(&line, Layout::line(), out)?;
        }
    }
    Ok(())
}

const KIND: &str = "check";

#[derive(Serialize)]
struct Body<'a> {
    status: &'static str,
    deployments: Vec<Deployment<'a>>,
}

#[derive(Serialize)]
struct Deployment<'a> {
    #[serde(flatten)]
    origin: Origin<'a>,
    duration_ms: Option<Tenths>,
    window_seconds: Option<Number>,
    health: HealthEntry<'a>,
}

#[derive(Serialize)]
struct Line<'a> {
    schema_version: u32,
    kind: &'static str,
    #[serde(flatten)]
    origin: Origin<'a>,
    #[serde(flatten)]
    check: CheckEntry<'a>,
}

#[derive(Serialize)]
struct Origin<'a> {
    profile: Option<&'a str>,
    endpoint: Option<&'a str>,
    deployment_id: Option<&'a str>,
    deployment_type: Option<&'a str>,
    platform: Option<&'a str>,
    scraped_at: Time,
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

fn origin(judged: &Judged) -> Origin<'_> {
    let report = &judged.report;
    let identity = &report.snapshot.identity;
    Origin {
        profile: report.profile.as_deref(),
        endpoint: report.endpoint.as_deref(),
        deployment_id: identity.deployment_id.as_deref(),
        deployment_type: identity.deployment_type.as_deref(),
        platform: identity.platform.as_deref(),
        scraped_at: Time(report.scraped_at),
    }
}
