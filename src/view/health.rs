//! The verdict of `check`: what it found, and as a table.
//!
//! On a terminal a deployment is its verdict in a line; then the checks that are not ok, worst first, each with who is behind it and
//! what to do; then those that are ok, folded. In a pipe a check is one line.

use super::mark;
use super::screen::Screen;
use super::table::{Cell, Column, Table, note, note_hidden, write_blanks};
use crate::console::Console;
use crate::health::{CheckStatus, CheckUnit, Finding, Health, Status, quantity};
use crate::source::{Failure, Report, Warning};
use crate::style::Role;
use crate::text::{cut_middle, visible};
use crate::units::{self, grouped};
use jiff::Timestamp;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};
use std::sync::Arc;
use unicode_width::UnicodeWidthStr;

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

/// Writes every deployment of `answer`, and what could not be asked. On a terminal those that are well are folded, unless
/// everything is asked for; those in trouble stand last where there are several, the worst of them at the very end.
pub(crate) fn write(answer: &HealthAnswer, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let names = answer.names();
    let mut deployments: Vec<(&Judged, &String)> = answer.deployments.iter().zip(&names).collect();
    if !screen.folds() {
        for (judged, name) in deployments {
            verdict(name, judged, screen, out)?;
            about(judged, name, answer.generated_at, screen, out)?;
            writeln!(out)?;
            findings(&judged.health, screen, out)?;
            if screen.is_terminal() {
                advice(&judged.health, screen, out)?;
            }
            writeln!(out)?;
        }
        return failures(answer, screen, out);
    }
    let several = deployments.len() + answer.failures.len() > 1;
    deployments.sort_by_key(|(judged, _)| judged.health.status);
    let (well, trouble): (Vec<_>, Vec<_>) =
        deployments.into_iter().partition(|(judged, _)| judged.health.status == Status::Ok);
    if several && well.len() > screen.height / 2 {
        let all: Vec<&str> = well.iter().map(|(_, name)| name.as_str()).collect();
        clipped(Status::Ok, &format!("{} ok: {}", grouped(well.len() as f64), all.join(", ")), screen, out)?;
    } else {
        for (judged, name) in well {
            verdict(name, judged, screen, out)?;
        }
    }
    if !several && trouble.is_empty() {
        return failures(answer, screen, out);
    }
    let mut text = Vec::new();
    for (judged, name) in &trouble {
        verdict(name, judged, screen, &mut text)?;
        folded(&judged.health, screen, &mut text)?;
    }
    let lines = text.iter().filter(|byte| **byte == b'\n').count();
    out.write_all(&text)?;
    failures(answer, screen, out)?;
    if several {
        let statuses = answer.deployments.iter().map(|judged| judged.health.status);
        let statuses: Vec<Status> = statuses
            .chain(answer.failures.iter().filter(|one| !answer.told_of(one)).map(|_| answer.on_error))
            .collect();
        let all = grouped(statuses.len() as f64);
        let count = |status| statuses.iter().filter(|one| **one == status).count();
        clipped(answer.status(), &format!("{all} deployments: {}", in_words(count)), screen, out)
    } else if let Some((judged, name)) = trouble.first().filter(|_| lines >= screen.height) {
        // The beginning has left the screen.
        writeln!(out)?;
        for finding in worst_first(&judged.health).into_iter().take(3) {
            let (_, role) = mark::of_check(finding.status);
            if role != Role::Healthy && role != Role::Muted {
                let status = finding.status.judged().unwrap_or(Status::Unknown);
                clipped(status, &format!("{}: {}", finding.name, finding.message), screen, out)?;
            }
        }
        verdict(name, judged, screen, out)
    } else {
        Ok(())
    }
}

/// What could not be asked, and is not told of by a check.
fn failures(answer: &HealthAnswer, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    for failure in answer.failures.iter().filter(|failure| !answer.told_of(failure)) {
        let whose = failure.name().map(|whose| format!("{whose}: ")).unwrap_or_default();
        let text = format!("{whose}{}: could not be asked: {}", answer.on_error.word(), failure.message);
        sentence(answer.on_error, &text, screen, out)?;
        if let Some(hint) = failure.hint.as_deref().filter(|_| screen.folds()) {
            let rows = vec![vec![Cell::new(" "), Cell::new(format!("→ {hint}"))]];
            let columns = vec![Column::mark(), Column::text("hint").wrapped(20)];
            Table { headers: false, ..Table::new(columns, &rows) }.write(out, screen)?;
        }
    }
    Ok(())
}

impl HealthAnswer {
    /// The deployments that could not be asked, each once.
    pub(super) fn silent(&self) -> impl Iterator<Item = String> {
        let unasked = self.failures.iter().filter(|failure| !self.told_of(failure));
        unasked.map(|failure| failure.name().cloned().unwrap_or_default()).collect::<BTreeSet<_>>().into_iter()
    }

    /// Whether a deployment that is judged has its check of that endpoint.
    pub(super) fn told_of(&self, failure: &Failure) -> bool {
        let is_it = |judged: &Judged| judged.report.name() == failure.name();
        failure.name().is_some() && self.deployments.iter().any(is_it)
    }
}

/// `✗ prod: 1 critical, 1 warning, 12 ok; 3 skipped                over 5 s`.
fn verdict(name: &str, judged: &Judged, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let health = &judged.health;
    let text = format!("{name}: {}", counts(health));
    let window = judged.report.window().map(|window| format!("over {}", units::took(window)));
    match (window, screen.width) {
        (Some(window), Some(width)) if screen.folds() => {
            let (sign, role) = mark::of_check(CheckStatus::Judged(health.status));
            let text = cut_middle(&visible(&text), width.saturating_sub(window.len() + 4)).into_owned();
            let blanks = width.saturating_sub(text.width() + window.len() + 2);
            write!(out, "{} {}", screen.paint.text(role, sign), screen.paint.text(Role::Heading, &text))?;
            write_blanks(out, blanks)?;
            writeln!(out, "{}", screen.paint.text(Role::Muted, &window))
        }
        _ => sentence(health.status, &text, screen, out),
    }
}

/// Whose verdict it is, of when, over what time.
fn about(judged: &Judged, name: &str, now: Timestamp, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let id = judged.report.snapshot.identity.deployment_id.as_deref().filter(|id| !name.contains(id));
    let id = id.map(|id| format!("deployment {id}, "));
    let window = judged.report.window().map(|window| format!(", change seen over {}", units::took(window)));
    let about = format!("{}{}{}", id.unwrap_or_default(), judged.report.age(now), window.unwrap_or_default());
    note(&about, screen, out)
}

/// `1 critical, 1 warning, 12 ok; 3 skipped; muted: queue_full_drops`.
pub(crate) fn counts(health: &Health) -> String {
    let mut text = in_words(|status| health.count(CheckStatus::Judged(status)));
    if text.is_empty() {
        text.push_str("no check could be made");
    }
    let skipped = health.count(CheckStatus::Skipped);
    let muted: Vec<&str> =
        health.findings.iter().filter(|one| one.muted_until.is_some()).map(|one| one.name.as_str()).collect();
    if skipped > muted.len() {
        text += &format!("; {} skipped", grouped((skipped - muted.len()) as f64));
    }
    if !muted.is_empty() {
        text += &format!("; muted: {}", muted.join(", "));
    }
    text
}

/// `1 critical, 12 ok`: those statuses that there are, the worst first.
fn in_words(count: impl Fn(Status) -> usize) -> String {
    let worst_first = [Status::Critical, Status::Unknown, Status::Warning, Status::Ok];
    let all = worst_first.into_iter().map(|status| (status, count(status))).filter(|(_, count)| *count > 0);
    all.map(|(status, count)| format!("{} {}", grouped(count as f64), status.word())).collect::<Vec<_>>().join(", ")
}

fn sentence(status: Status, text: &str, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    line(status, text, Column::text("verdict").wrapped(20), screen, out)
}

/// On a terminal in one line.
fn clipped(status: Status, text: &str, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    line(status, text, Column::text("verdict").clipped(20), screen, out)
}

fn line(status: Status, text: &str, column: Column, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let (sign, role) = mark::of_check(CheckStatus::Judged(status));
    let rows = vec![vec![Cell::of(role, sign), Cell::of(Role::Heading, text)]];
    let table = Table { headers: false, ..Table::new(vec![Column::mark(), column], &rows) };
    table.write(out, screen).map(drop)
}

/// The checks that are not ok, each with who is behind it and what to do; the others in a line.
fn folded(health: &Health, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let mut rows: Vec<Vec<Cell<'_>>> = Vec::new();
    for finding in worst_first(health) {
        let Some(status) = finding.status.judged().filter(|status| *status > Status::Ok) else { continue };
        let advice = finding.advice.as_deref().map(|advice| format!("→ {advice}"));
        let mut texts = Some(finding.details.clone()).filter(|text| !text.is_empty()).into_iter().chain(advice);
        let role = mark::role(status);
        rows.push(vec![
            Cell::of(role, mark::sign(status)),
            Cell::of(role, finding.name.as_str()),
            Cell::new(value(finding)),
            texts.next().map(Cell::new).unwrap_or_default(),
        ]);
        let blank = Cell::default;
        rows.extend(texts.map(|text| vec![blank(), blank(), blank(), Cell::new(text)]));
    }
    let columns =
        vec![Column::mark(), Column::text("check").cut(12), Column::text("value"), Column::text("found").wrapped(28)];
    Table { headers: false, ..Table::new(columns, &rows) }.write(out, screen)?;
    let names = |wanted: fn(CheckStatus) -> bool| {
        let all = health.findings.iter().filter(|finding| wanted(finding.status));
        all.map(|finding| finding.name.as_str()).collect::<Vec<_>>()
    };
    let ok = names(|status| status == CheckStatus::Judged(Status::Ok));
    if ok.is_empty() {
        return Ok(());
    }
    clipped(Status::Ok, &format!("{} ok: {}", grouped(ok.len() as f64), ok.join(", ")), screen, out)
}

/// What a check measured, as short as can be.
fn value(finding: &Finding) -> String {
    let share = finding.share.and_then(|share| share.value());
    let limits = [finding.warning, finding.critical].into_iter().flatten();
    match (finding.value, finding.total, share) {
        (None, ..) => String::new(),
        (Some(value), Some(total), _) => {
            format!("{} of {}", quantity(value, finding.unit), quantity(total, finding.unit))
        }
        (Some(_), _, Some(share)) if limits.into_iter().any(|limit| limit.is_share) => {
            quantity(share, CheckUnit::Share)
        }
        (Some(value), ..) => quantity(value, finding.unit),
    }
}

fn findings(health: &Health, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<Cell<'_>>> = worst_first(health).into_iter().map(row).collect();
    let columns = vec![
        Column::mark(),
        Column::text("check").cut(16),
        Column::text("status"),
        Column::number("value"),
        Column::text("found").wrapped(24),
        Column::text("alerts").importance(1).wrapped(22),
    ];
    let hidden = Table::new(columns, &rows).write(out, screen)?;
    note_hidden(&hidden, "", screen, out)
}

fn row(finding: &Finding) -> Vec<Cell<'_>> {
    let (sign, role) = mark::of_check(finding.status);
    let is_skipped = finding.status == CheckStatus::Skipped;
    let plain = if is_skipped { Role::Muted } else { Role::Plain };
    vec![
        Cell::of(role, sign),
        Cell::of(plain, finding.name.as_str()),
        Cell::of(role, finding.status.word()),
        finding.value.map_or(Cell::of(Role::Muted, "-"), |value| Cell::new(quantity(value, finding.unit))),
        Cell::of(plain, finding.message.as_str()),
        Cell::of(Role::Muted, finding.condition.as_str()),
    ]
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
    let columns = vec![Column::text("check").cut(16), Column::text("advice").wrapped(24)];
    Table { headers: false, ..Table::new(columns, &rows) }.write(out, screen).map(drop)
}
