//! How an answer ends on a terminal: the verdict and the worst of what was found stand where the eye is when the command is done.

use super::answer::Answer;
use super::health::{self, worst_first};
use super::mark;
use super::screen::Screen;
use super::table::{Cell, Column, Table};
use crate::health::{CheckStatus, Finding, Judgement, Status};
use crate::source::Report;
use std::cmp::Reverse;
use std::io::{self, Write};

/// How many findings are told.
const MOST: usize = 3;

/// Writes a line a deployment in trouble, one for all those that are well, and the worst findings.
pub(super) fn write(answer: &Answer, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let mut judged: Vec<(&Report, &Judgement)> =
        answer.entries().filter_map(|entry| Some((entry.report, entry.judgement?))).collect();
    judged.retain(|(_, judgement)| judgement.health.findings.iter().any(|one| one.status.judged().is_some()));
    judged.sort_by_key(|(_, judgement)| Reverse(judgement.health.status));
    let several = answer.reports.len() > 1;
    let mut rows: Vec<Vec<Cell<'_>>> = Vec::new();
    let mut told = 0;
    for (report, judgement) in judged.iter().take_while(|(_, judgement)| judgement.health.status > Status::Ok) {
        for finding in worst_first(&judgement.health) {
            let Some(status) = finding.status.judged().filter(|status| *status > Status::Ok && told < MOST) else {
                continue;
            };
            told += 1;
            let name = report.name().filter(|_| several).map(|name| format!("{name}: ")).unwrap_or_default();
            rows.push(vec![
                mark::cell(Some(status)),
                Cell::new(format!("{name}{}: {}", finding.name, finding.message)),
            ]);
        }
    }
    let trouble: usize =
        judged.iter().map(|(_, judgement)| judgement.health.findings.iter().filter(is_bad).count()).sum();
    let worst = judged.iter().map(|(_, judgement)| judgement.health.status).max();
    let Some(worst) = worst else { return Ok(()) };
    let more = if trouble > told { format!(", the worst {told} of {trouble} above") } else { String::new() };
    let text = match judged.as_slice() {
        [(report, judgement)] => {
            let name = report.name().map(|name| format!("{name}: ")).unwrap_or_default();
            format!("{name}{}{more}", health::counts(&judgement.health))
        }
        all => {
            let well = all.iter().filter(|(_, judgement)| judgement.health.status == Status::Ok).count();
            let count = |count: usize| crate::units::grouped(count as f64);
            format!("{} of {} deployments ok{more}", count(well), count(all.len()))
        }
    };
    let change = if answer.reports.iter().all(|report| report.rates.is_none())
        && answer.reports.iter().any(|report| report.endpoint.is_some())
    {
        "; what grows takes two looks: --window 10s"
    } else {
        ""
    };
    rows.push(vec![mark::cell(Some(worst)), Cell::new(format!("{text}{change}"))]);
    let columns = vec![Column::mark(), Column::text("found").clipped(20)];
    Table { headers: false, ..Table::new(columns, &rows) }.write(out, screen).map(drop)
}

/// Writes the worst of several, for an answer whose beginning has left the screen.
pub(super) fn worst(
    all: impl Iterator<Item = (Status, String)>,
    screen: &Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    all.take(MOST).try_for_each(|(status, text)| line(status, &text, screen, out))
}

/// Writes a sentence in one line, its mark before it.
pub(super) fn line(status: Status, text: &str, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let rows = vec![vec![mark::cell(Some(status)), Cell::new(text)]];
    let columns = vec![Column::mark(), Column::text("found").clipped(20)];
    Table { headers: false, ..Table::new(columns, &rows) }.write(out, screen).map(drop)
}

fn is_bad(finding: &&Finding) -> bool {
    !matches!(finding.status, CheckStatus::Judged(Status::Ok) | CheckStatus::Skipped)
}
