//! The verdict of `check`: what it found, and as a table.
//!
//! A deployment begins with its verdict in words; then the checks, worst first; then, on a terminal, what to do about those that
//! are not ok. In a pipe a check is one line.

use super::screen::Screen;
use super::table::{Cell, Column, Table, note, note_hidden};
use crate::console::Console;
use crate::health::{CheckStatus, Finding, Health, Status, quantity};
use crate::source::{Failure, Report, Warning};
use crate::style::Role;
use crate::units;
use jiff::Timestamp;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};
use std::sync::Arc;

/// The answer of `check`.
#[derive(Debug)]
pub struct HealthAnswer {
    pub generated_at: Timestamp,
    /// Those that said something, in the order in which they were asked for.
    pub deployments: Vec<Judged>,
    /// What could not be asked; also an endpoint of a deployment above.
    pub failures: Vec<Failure>,
    pub warnings: Vec<Warning>,
    /// What a failure counts as.
    pub on_error: Status,
}

/// One deployment and the verdict on it.
#[derive(Debug)]
pub struct Judged {
    pub report: Report,
    pub health: Arc<Health>,
}

impl HealthAnswer {
    /// The worst of the verdicts. Where there is none nothing can be said.
    pub fn status(&self) -> Status {
        let verdicts = self.deployments.iter().map(|judged| judged.health.status);
        let failed = (!self.failures.is_empty()).then_some(self.on_error);
        Status::worst(verdicts.chain(failed))
    }

    /// What to call each deployment: its profile where that tells them apart, else with its id.
    pub fn names(&self) -> Vec<String> {
        let mut profiles: HashMap<Option<&str>, usize> = HashMap::new();
        for judged in &self.deployments {
            *profiles.entry(judged.report.profile.as_deref()).or_default() += 1;
        }
        let name = |judged: &Judged| {
            let profile = judged.report.profile.as_deref();
            let id = judged.report.snapshot.identity.deployment_id.as_deref();
            let is_alone = profiles.get(&profile) == Some(&1);
            match (profile, id) {
                (Some(profile), Some(id)) if !is_alone => format!("{profile} {id}"),
                (Some(profile), _) => profile.to_owned(),
                (None, Some(id)) => format!("deployment {id}"),
                (None, None) => "the deployment".to_owned(),
            }
        };
        self.deployments.iter().map(name).collect()
    }
}

/// Those of `health`, worst first, skipped ones last; each in the order of the checks.
pub(crate) fn worst_first(health: &Health) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = health.findings.iter().collect();
    findings.sort_by_key(|finding| Reverse(finding.status.judged()));
    findings
}

/// Says on stderr what makes a verdict other than ok; a warning is kept back by `--quiet`.
pub(crate) fn tell(console: &Console, name: Option<&String>, health: &Health) {
    for finding in worst_first(health) {
        let whose = name.map(|name| format!("{name}: ")).unwrap_or_default();
        let text = format!("{whose}{}: {}", finding.name, finding.message);
        match finding.status {
            CheckStatus::Judged(Status::Critical) => console.critical(&text),
            CheckStatus::Judged(Status::Unknown) => console.unknown(&text),
            CheckStatus::Judged(Status::Warning) => console.warning(&text),
            CheckStatus::Judged(Status::Ok) | CheckStatus::Skipped => {}
        }
    }
}

/// Writes every deployment of `answer`, and what could not be asked.
pub(crate) fn write(answer: &HealthAnswer, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    for (judged, name) in answer.deployments.iter().zip(answer.names()) {
        verdict(&name, judged, answer.generated_at, screen, out)?;
        writeln!(out)?;
        findings(&judged.health, screen, out)?;
        if screen.is_terminal() {
            advice(&judged.health, screen, out)?;
        }
        writeln!(out)?;
    }
    let asked: BTreeSet<_> =
        answer.deployments.iter().map(|judged| whose(&judged.report.profile, &judged.report.endpoint)).collect();
    for failure in &answer.failures {
        let whose = whose(&failure.profile, &failure.endpoint);
        // A deployment that is told of above has its check of the endpoint.
        if whose.is_none() || !asked.contains(&whose) {
            let whose = whose.map(|whose| format!("{whose}: ")).unwrap_or_default();
            let text = format!("{whose}{}: could not be asked: {}", answer.on_error.word(), failure.message);
            sentence(answer.on_error, &text, screen, out)?;
        }
    }
    Ok(())
}

fn whose(profile: &Option<String>, endpoint: &Option<String>) -> Option<String> {
    profile.as_ref().or(endpoint.as_ref()).cloned()
}

/// `✗ prod: critical: 1 of 12 checks critical, 1 warning; 3 skipped`.
fn verdict(name: &str, judged: &Judged, now: Timestamp, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let health = &judged.health;
    sentence(health.status, &format!("{name}: {}: {}", health.status.word(), summary(health)), screen, out)?;
    let id = judged.report.snapshot.identity.deployment_id.as_deref().filter(|id| !name.contains(id));
    let id = id.map(|id| format!("deployment {id}, "));
    let window = judged.report.window().map(|window| format!(", change seen over {}", units::took(window)));
    let about = format!("{}{}{}", id.unwrap_or_default(), judged.report.age(now), window.unwrap_or_default());
    note(&about, screen, out)
}

/// `1 of 12 checks critical, 1 warning; 3 skipped`; `12 checks ok; 3 skipped`.
pub(crate) fn summary(health: &Health) -> String {
    let count = |status| health.count(status);
    let skipped = count(CheckStatus::Skipped);
    let judged = health.findings.len() - skipped;
    let worst_first = [Status::Critical, Status::Unknown, Status::Warning];
    let counts = worst_first.map(|status| (status, count(CheckStatus::Judged(status))));
    let mut bad = counts.into_iter().filter(|(_, count)| *count > 0);
    let checks = units::counted(judged as f64, "check", "checks");
    let mut text = match bad.next() {
        None if judged == 0 => "no check could be made".to_owned(),
        None => format!("{checks} ok"),
        Some((status, count)) => format!("{count} of {checks} {}", status.word()),
    };
    for (status, count) in bad {
        text += &format!(", {count} {}", status.word());
    }
    let muted: Vec<&str> =
        health.findings.iter().filter(|one| one.muted_until.is_some()).map(|one| one.name.as_str()).collect();
    if skipped > muted.len() {
        text += &format!("; {} skipped", skipped - muted.len());
    }
    if !muted.is_empty() {
        text += &format!("; muted: {}", muted.join(", "));
    }
    text
}

fn sentence(status: Status, text: &str, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let (sign, role) = sign(CheckStatus::Judged(status));
    let rows = vec![vec![Cell::of(role, sign), Cell::of(Role::Heading, text)]];
    let columns = vec![Column::text("sign"), Column::text("verdict").wrapped(20)];
    Table { headers: false, ..Table::new(columns, &rows) }.write(out, screen).map(drop)
}

fn findings(health: &Health, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<Cell<'_>>> = worst_first(health).into_iter().map(|finding| row(finding, screen)).collect();
    let columns = vec![
        Column::text(""),
        Column::text("check").wrapped(16),
        Column::text("status"),
        Column::number("value"),
        Column::text("found").wrapped(24),
        Column::text("alerts").importance(1).wrapped(22),
    ];
    let hidden = Table::new(columns, &rows).write(out, screen)?;
    note_hidden(&hidden, "", screen, out)
}

fn row<'a>(finding: &'a Finding, screen: &Screen) -> Vec<Cell<'a>> {
    let (sign, role) = sign(finding.status);
    let is_skipped = finding.status == CheckStatus::Skipped;
    let plain = if is_skipped { Role::Muted } else { Role::Plain };
    vec![
        Cell::of(role, sign),
        Cell::of(plain, finding.name.as_str()),
        Cell::of(role, finding.status.word()),
        finding.value.map_or(Cell::of(Role::Muted, "-"), |value| Cell::new(quantity(value, finding.unit))),
        Cell::of(plain, finding.message.as_str()),
        Cell::of(Role::Muted, unbroken(&finding.condition, screen)),
    ]
}

/// On a terminal a threshold stays on one line.
fn unbroken<'a>(condition: &'a str, screen: &Screen) -> Cow<'a, str> {
    // No line is broken at this space.
    if screen.is_terminal() {
        condition.replace(' ', "\u{a0}").replace(",\u{a0}", ", ").into()
    } else {
        condition.into()
    }
}

fn advice(health: &Health, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<Cell<'_>>> = worst_first(health)
        .into_iter()
        .filter_map(|finding| Some(vec![Cell::new(finding.name.as_str()), Cell::new(finding.advice.as_deref()?)]))
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", screen.paint.text(Role::Heading, "What to do"))?;
    let columns = vec![Column::text("check").wrapped(16), Column::text("advice").wrapped(24)];
    Table { headers: false, ..Table::new(columns, &rows) }.write(out, screen).map(drop)
}

/// What says the status without colour.
pub(crate) fn sign(status: CheckStatus) -> (&'static str, Role) {
    match status {
        CheckStatus::Judged(Status::Ok) => ("✓", Role::Healthy),
        CheckStatus::Judged(Status::Warning) => ("!", Role::Warning),
        CheckStatus::Judged(Status::Unknown) => ("?", Role::Warning),
        CheckStatus::Judged(Status::Critical) => ("✗", Role::Error),
        CheckStatus::Skipped => ("-", Role::Muted),
    }
}
