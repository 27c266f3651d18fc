//! JSON and JSON lines. The format is told in [`document`]; documents are written as they are made, entry by entry.

pub mod document;
mod escape;
pub mod health;
mod records;
mod value;
mod watch;

use super::answer::{Answer, Kind, ScrapeAnswer, Scraped};
use super::options::Presentation;
use super::row::Item;
use super::screen::Screen;
use super::select::{Order, all_rows};
use crate::exposition::StoredSample;
use crate::health::Health;
use crate::source::{Failure, Report, Warning};
use document::{
    Deployments, Document, FamilyEntry, Identity, Line, Records, SCHEMA_VERSION, SampleEntry, SampleLine, ScrapeEntry,
    Scrapes,
};
use escape::Layout;
use records::{Shown, metric_entry, resource_entry, rule_entry, rule_rates, value_rate, window_seconds};
use serde::Serialize;
use std::io::{self, Write};
pub use value::Tenths;
use value::{Each, Member, Number, Pairs, Time};
pub use watch::write_watch;

/// Writes `answer` as one object.
///
/// # Errors
/// What `out` says.
pub fn write(answer: &Answer, presentation: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    let entry = |(at, report)| Entry { kind: answer.kind, report, presentation, verdict: answer.verdicts.get(at) };
    let body = Deployments { deployments: Each(|| answer.reports.iter().enumerate().map(entry)) };
    let Answer { generated_at, failures, warnings, .. } = answer;
    write_document(
        &Document::new(answer.kind.word(), *generated_at, body, failures, warnings),
        &presentation.screen,
        out,
    )
}

/// Writes the rows of `answer`, a line each.
///
/// # Errors
/// What `out` says.
pub fn write_lines(answer: &Answer, presentation: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    for row in all_rows(answer, presentation, Order::ById) {
        let (kind, window) = (answer.kind.word(), Member::when(presentation.rates, || window_seconds(row.report)));
        match &row.item {
            Item::Rule(rule) => {
                write_line(kind, row.report, window, rule_entry(rule, rule_rates(&row, presentation.rates)), out)?;
            }
            Item::Resource(resource) => write_line(kind, row.report, window, resource_entry(resource), out)?,
            Item::Metric(metric) => {
                write_line(kind, row.report, window, metric_entry(metric, value_rate(&row, presentation.rates)), out)?;
            }
        }
    }
    Ok(())
}

/// Writes the families of a `scrape` as one object.
///
/// # Errors
/// What `out` says.
pub fn write_scrape(answer: &ScrapeAnswer, presentation: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    let body = Scrapes { scrapes: Each(|| answer.scrapes.iter().map(scrape_entry)) };
    let ScrapeAnswer { generated_at, failures, warnings, .. } = answer;
    write_document(&Document::new(SCRAPE, *generated_at, body, failures, warnings), &presentation.screen, out)
}

/// Writes the samples of a `scrape`, a line each.
///
/// # Errors
/// What `out` says.
pub fn write_scrape_lines(answer: &ScrapeAnswer, _settings: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    for scraped in &answer.scrapes {
        for family in scraped.families.iter() {
            for sample in family.samples() {
                let line = SampleLine {
                    schema_version: SCHEMA_VERSION,
                    kind: SCRAPE,
                    profile: scraped.profile.as_deref(),
                    url: scraped.url.as_deref(),
                    scraped_at: Time(scraped.scraped_at),
                    family: family.name,
                    r#type: family.kind.as_str(),
                    sample: sample_entry(&sample),
                };
                write_json(&line, Layout::line(), out)?;
            }
        }
    }
    Ok(())
}

const SCRAPE: &str = "scrape";

/// Writes a document: spread over lines on a terminal, else as one line.
///
/// # Errors
/// What `out` says.
pub fn write_document(document: &Document<'_, impl Serialize>, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    write_json(document, if screen.is_terminal() { Layout::lines() } else { Layout::line() }, out)
}

/// Writes what is known without asking as one object; `body` has the fields between `generated_at` and `errors`.
///
/// # Errors
/// What `out` says.
pub fn write_kind(
    kind: &'static str,
    body: &impl Serialize,
    (failures, warnings): (&[Failure], &[Warning]),
    screen: &Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_document(&Document::new(kind, jiff::Timestamp::now(), body, failures, warnings), screen, out)
}

/// Writes a record of a deployment as one line.
fn write_line(
    kind: &'static str,
    report: &Report,
    window_seconds: Member<Number>,
    record: impl Serialize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let line = Line { schema_version: SCHEMA_VERSION, kind, identity: Identity::from(report), window_seconds, record };
    write_json(&line, Layout::line(), out)
}

fn write_json(value: &impl Serialize, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, layout))?;
    out.write_all(b"\n")
}

/// A deployment, made into its entry when it is written.
struct Entry<'a> {
    kind: Kind,
    report: &'a Report,
    presentation: &'a Presentation,
    verdict: Option<&'a Health>,
}

#[derive(Serialize)]
struct Deployment<'a, R, C, S> {
    #[serde(flatten)]
    identity: Identity<'a>,
    duration_ms: Option<Tenths>,
    #[serde(flatten)]
    records: Records<'a, R, C>,
    series: S,
    #[serde(skip_serializing_if = "Option::is_none")]
    health: Option<health::HealthEntry<'a>>,
}

impl Serialize for Entry<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = Shown::new(self.report, std::iter::once(self.kind), self.presentation);
        let entry = Deployment {
            identity: Identity::from(self.report),
            duration_ms: self.report.duration.map(Tenths),
            records: shown.records(),
            series: shown.series(),
            health: self.verdict.map(health::HealthEntry::of),
        };
        entry.serialize(serializer)
    }
}

fn scrape_entry(scraped: &Scraped) -> impl Serialize + '_ {
    ScrapeEntry {
        profile: scraped.profile.as_deref(),
        url: scraped.url.as_deref(),
        scraped_at: Time(scraped.scraped_at),
        duration_ms: scraped.duration.map(Tenths),
        families: Each(|| {
            scraped.families.iter().map(|family| FamilyEntry {
                name: family.name,
                r#type: family.kind.as_str(),
                help: family.help,
                samples: Each(move || family.samples().map(|sample| sample_entry(&sample))),
            })
        }),
    }
}

fn sample_entry<'a>(sample: &StoredSample<'a>) -> SampleEntry<'a, impl Serialize + use<'a>> {
    let sample = *sample;
    SampleEntry {
        name: sample.name,
        labels: Pairs(move || sample.labels()),
        value: Number(sample.value),
        timestamp_ms: sample.timestamp_ms,
    }
}
