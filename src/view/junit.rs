//! The verdict as JUnit XML, which CI systems show as tests: a suite a deployment, a case a check. A warning passes, with its text;
//! what is unknown is an error, since it says nothing of what was tested.

use super::health::HealthAnswer;
use super::screen::Screen;
use crate::health::{CheckStatus, Finding, Status};
use crate::text::visible;
use std::io::{self, Write};

/// A suite: its name and cases.
struct Suite<'a> {
    name: &'a str,
    cases: Vec<Case<'a>>,
}

struct Case<'a> {
    name: &'a str,
    outcome: Outcome,
    /// What was found.
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    /// It passed, and said something.
    Told,
    Failed,
    Error,
    Skipped,
}

impl From<CheckStatus> for Outcome {
    fn from(status: CheckStatus) -> Outcome {
        match status {
            CheckStatus::Judged(Status::Ok) => Outcome::Passed,
            CheckStatus::Judged(Status::Warning) => Outcome::Told,
            CheckStatus::Judged(Status::Critical) => Outcome::Failed,
            CheckStatus::Judged(Status::Unknown) => Outcome::Error,
            CheckStatus::Skipped => Outcome::Skipped,
        }
    }
}

/// Writes `answer`.
pub(super) fn write(answer: &HealthAnswer, _screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let names = answer.names();
    let silent: Vec<String> = answer.silent().collect();
    let judged = answer
        .deployments
        .iter()
        .zip(&names)
        .map(|(judged, name)| Suite { name, cases: judged.health.findings.iter().map(case).collect() });
    let unasked = silent.iter().map(|name| {
        let failure = answer.failures.iter().find(|failure| failure.name() == Some(name));
        let text = failure.map(|failure| failure.message.clone()).unwrap_or_default();
        let outcome = CheckStatus::Judged(answer.on_error).into();
        Suite { name, cases: vec![Case { name: "could be asked", outcome, text }] }
    });
    let suites: Vec<Suite<'_>> = judged.chain(unasked).collect();
    let all = || suites.iter().flat_map(|suite| &suite.cases);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"emqstat check\"{}>", counts(all()))?;
    for Suite { name, cases } in &suites {
        let time = answer.generated_at.strftime("%Y-%m-%dT%H:%M:%S");
        writeln!(out, "  <testsuite name=\"{}\" timestamp=\"{time}\"{}>", escaped(name), counts(cases.iter()))?;
        for case in cases {
            write_case(name, case, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn case(finding: &Finding) -> Case<'_> {
    let advice = finding.advice.as_deref().map(|advice| format!(" {advice}")).unwrap_or_default();
    let text = format!("{}.{advice}", finding.message.trim_end_matches('.'));
    Case { name: &finding.name, outcome: finding.status.into(), text }
}

fn counts<'a>(cases: impl Iterator<Item = &'a Case<'a>>) -> String {
    let cases: Vec<_> = cases.collect();
    let of = |outcome| cases.iter().filter(|case| case.outcome == outcome).count();
    let (failed, errors, skipped) = (of(Outcome::Failed), of(Outcome::Error), of(Outcome::Skipped));
    let all = cases.len();
    format!(" tests=\"{all}\" failures=\"{failed}\" errors=\"{errors}\" skipped=\"{skipped}\"")
}

fn write_case(suite: &str, case: &Case<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (name, suite, text) = (escaped(case.name), escaped(suite), escaped(&case.text));
    write!(out, "    <testcase name=\"{name}\" classname=\"{suite}\"")?;
    match case.outcome {
        Outcome::Passed => writeln!(out, "/>"),
        Outcome::Told => writeln!(out, "><system-out>warning: {text}</system-out></testcase>"),
        Outcome::Failed => writeln!(out, "><failure type=\"critical\" message=\"{text}\"/></testcase>"),
        Outcome::Error => writeln!(out, "><error type=\"unknown\" message=\"{text}\"/></testcase>"),
        Outcome::Skipped => writeln!(out, "><skipped message=\"{text}\"/></testcase>"),
    }
}

/// Text of XML 1.0, which has no control characters: these are made visible.
fn escaped(text: &str) -> String {
    let text = visible(text);
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // No character of XML.
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
