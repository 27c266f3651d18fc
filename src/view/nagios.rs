//! The line that monitoring systems read: `STATUS: text | 'label'=value[UOM];warn;crit;min;max`.
//!
//! Source: Monitoring Plugins Development Guidelines, "Plugin Output for Nagios" and "Performance data": one line; no `|` in
//! the text; a label in single quotes, with a quote in it doubled and no `=`; a value of digits, point and minus, or `U`;
//! a unit of measurement out of `s`, `%`, `B` and `c`, or none; thresholds as ranges, in the unit of the value.

use super::health::{HealthAnswer, Judged, counts, worst_first};
use super::screen::Screen;
use crate::health::{CheckStatus, CheckUnit, Finding, Limit, Status};
use crate::text::visible;
use std::io::{self, Write};

/// Writes `answer` as one line.
pub(crate) fn write(answer: &HealthAnswer, _screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let names = answer.names();
    let several = answer.deployments.len() > 1;
    let failed = answer.failures.iter().map(|failure| {
        let whose = failure.profile.as_ref().or(failure.endpoint.as_ref()).map(|whose| format!("{whose} "));
        (answer.on_error, format!("{}could not be asked: {}", whose.unwrap_or_default(), failure.message))
    });
    let judged = answer.deployments.iter().zip(&names).map(|(judged, name)| (judged.health.status, told(judged, name)));
    let mut sentences: Vec<(Status, String)> = failed.chain(judged).collect();
    sentences.sort_by_key(|(status, _)| std::cmp::Reverse(*status));
    let text: Vec<String> = sentences.into_iter().map(|(_, text)| plain(&text)).collect();
    let text = if text.is_empty() { "nothing was asked".to_owned() } else { text.join("; ") };
    write!(out, "{}: {text}", answer.status().word().to_uppercase())?;
    let data: Vec<String> = answer
        .deployments
        .iter()
        .zip(&names)
        .flat_map(|(judged, name)| {
            let prefix = if several { format!("{name}::") } else { String::new() };
            judged.health.findings.iter().filter_map(move |finding| perfdata(&prefix, finding))
        })
        .collect();
    if !data.is_empty() {
        write!(out, " | {}", data.join(" "))?;
    }
    writeln!(out)
}

/// Writes the line for what kept everything from being asked.
pub(crate) fn write_failure(why: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: nothing was asked: {}", Status::Unknown.word().to_uppercase(), plain(why))
}

/// The deployment, and what is not ok about it.
fn told(judged: &Judged, name: &str) -> String {
    let is_bad = |finding: &&Finding| !matches!(finding.status, CheckStatus::Judged(Status::Ok) | CheckStatus::Skipped);
    let bad: Vec<String> = worst_first(&judged.health)
        .into_iter()
        .filter(is_bad)
        .map(|finding| format!("{} {}: {}", finding.name, finding.status.word(), finding.message))
        .collect();
    let details = if bad.is_empty() { String::new() } else { format!(": {}", bad.join(", ")) };
    format!("{name}: {}{details}", counts(&judged.health))
}

/// Text that neither ends the line nor begins the data.
fn plain(text: &str) -> String {
    visible(text).replace('|', "/")
}

/// `None` for a check that was skipped: it has no number, and its graph no gap to be shown.
fn perfdata(prefix: &str, finding: &Finding) -> Option<String> {
    let (unit, factor, max) = match finding.unit {
        CheckUnit::Count | CheckUnit::PerSecond => ("", 1.0, ""),
        CheckUnit::Seconds => ("s", 1.0, ""),
        CheckUnit::Share => ("%", 100.0, "100"),
    };
    finding.status.judged()?;
    let label = format!("{prefix}{}", finding.name).replace('=', "_").replace('\'', "''");
    let label = plain(&label);
    let value = match finding.value.filter(|value| value.is_finite()) {
        Some(value) => format!("{}{unit}", decimal(value * factor)),
        None => "U".to_owned(),
    };
    // A threshold is in the unit of the value: one of a share says nothing about a rate.
    let range = |limit: Option<Limit>| {
        limit.filter(|limit| !limit.is_share).map(|limit| limit.range.scaled(factor).to_string()).unwrap_or_default()
    };
    Some(format!("'{label}'={value};{};{};0;{max}", range(finding.warning), range(finding.critical)))
}

/// Digits, point and minus: no exponent, no more than six digits behind the point.
fn decimal(value: f64) -> String {
    let text = format!("{value:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
