//! The samples of a scrape as a table and as CSV, whatever server they came from.
//!
//! On a terminal the labels that every sample has stand once, below the table; in a pipe each line has all of its own.

use super::answer::{ScrapeAnswer, Scraped};
use super::csv;
use super::options::Presentation;
use super::screen::Screen;
use super::table::{Cell, Column, Rows, Table, note, note_hidden};
use crate::exposition::{Family, StoredSample};
use crate::style::Role;
use crate::text::{labels, visible};
use crate::units::{counted, grouped, plain};
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes the samples, scrape by scrape.
///
/// # Errors
/// What `out` says.
pub fn write(answer: &ScrapeAnswer, presentation: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    let screen = &presentation.screen;
    for (position, scraped) in answer.scrapes.iter().enumerate() {
        let table = SampleTable::new(scraped, screen);
        if screen.is_terminal() && answer.scrapes.len() > 1 {
            let gap = if position > 0 { "\n" } else { "" };
            writeln!(out, "{gap}{}", screen.paint.text(Role::Heading, &visible(&title(scraped))))?;
        }
        let columns: Vec<Column> = table.columns.iter().map(|column| column.shown_as()).collect();
        // In a pipe the scrapes are one table.
        let headers = presentation.headers && (screen.is_terminal() || position == 0);
        let shown = Table { headers, ..Table::new(columns, &table) };
        let hidden = shown.write(out, screen)?;
        if screen.is_terminal() {
            table.write_notes(&hidden, screen, out)?;
        }
    }
    Ok(())
}

/// Writes the samples as CSV.
///
/// # Errors
/// What `out` says.
pub fn write_csv(answer: &ScrapeAnswer, presentation: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    if presentation.headers {
        let names = ["profile", "url", "family", "type", "name", "labels", "value", "timestamp_ms"];
        csv::write_line(out, names.into_iter().map(Cow::Borrowed))?;
    }
    let on_terminal = presentation.screen.is_terminal();
    let foreign = |text: &str| if on_terminal { visible(text).into_owned() } else { text.to_owned() };
    for scraped in &answer.scrapes {
        for family in scraped.families.iter() {
            for sample in family.samples() {
                let fields = [
                    scraped.profile.clone().unwrap_or_default(),
                    scraped.url.clone().unwrap_or_default(),
                    foreign(family.name),
                    family.kind.as_str().to_owned(),
                    foreign(sample.name),
                    foreign(&labels(sample.labels(), ",")),
                    plain(sample.value),
                    sample.timestamp_ms.map(|milliseconds| milliseconds.to_string()).unwrap_or_default(),
                ];
                csv::write_line(out, fields.into_iter().map(Cow::Owned))?;
            }
        }
    }
    Ok(())
}

/// Where the samples came from.
fn title(scraped: &Scraped) -> String {
    let url = scraped.url.as_deref().unwrap_or("saved scrape");
    match &scraped.profile {
        Some(profile) => format!("{profile}: {url}"),
        None => url.to_owned(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Name,
    Type,
    Value,
    Timestamp,
    Labels,
    Help,
}

impl Kind {
    fn shown_as(self) -> Column {
        match self {
            Kind::Name => Column::text("name").wrapped(48),
            Kind::Type => Column::text("type").importance(30),
            Kind::Value => Column::number("value"),
            Kind::Timestamp => Column::number("timestamp_ms").importance(40),
            Kind::Labels => Column::text("labels").importance(50).wrapped(40),
            Kind::Help => Column::text("help").importance(20).wrapped(40),
        }
    }
}

/// Samples seen as a table.
struct SampleTable<'a> {
    /// A family without samples has a row too.
    rows: Vec<(Family<'a>, Option<StoredSample<'a>>)>,
    columns: Vec<Kind>,
    /// What every sample has; left out of the rows.
    common: Vec<(&'a str, &'a str)>,
    families: usize,
    samples: usize,
    /// For a person: numbers with separators, labels that can be broken.
    grouped: bool,
}

impl<'a> SampleTable<'a> {
    fn new(scraped: &'a Scraped, screen: &Screen) -> SampleTable<'a> {
        let mut rows = Vec::new();
        for family in scraped.families.iter() {
            match family.samples().len() {
                0 => rows.push((family, None)),
                _ => rows.extend(family.samples().map(|sample| (family, Some(sample)))),
            }
        }
        let samples = || rows.iter().filter_map(|(_, sample): &(Family<'a>, Option<StoredSample<'a>>)| *sample);
        let common = if screen.is_terminal() { common_labels(samples()) } else { Vec::new() };
        let has_labels = samples().any(|sample| sample.labels().len() > common.len());
        let has_timestamps = samples().any(|sample| sample.timestamp_ms.is_some());
        let columns = [
            Some(Kind::Name),
            Some(Kind::Type),
            Some(Kind::Value),
            Some(Kind::Timestamp).filter(|_| has_timestamps || !screen.is_terminal()),
            Some(Kind::Labels).filter(|_| has_labels || !screen.is_terminal()),
            Some(Kind::Help).filter(|_| screen.is_terminal()),
        ];
        let columns = columns.into_iter().flatten().collect();
        let (families, samples) = (scraped.families.len(), samples().count());
        SampleTable { rows, columns, common, families, samples, grouped: screen.is_terminal() }
    }

    fn write_notes(&self, hidden: &[&str], screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
        let families = counted(self.families as f64, "family", "families");
        let samples = counted(self.samples as f64, "sample", "samples");
        let common = match self.common.as_slice() {
            [] => String::new(),
            common => format!("; every sample has {}", labels(common.iter().copied(), ", ")),
        };
        note(&format!("{families}, {samples}{common}"), screen, out)?;
        note_hidden(hidden, "", screen, out)
    }
}

impl Rows for SampleTable<'_> {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn row(&self, at: usize) -> Vec<Cell<'_>> {
        let (family, sample) = &self.rows[at];
        let muted = |text: &'static str| Cell::of(Role::Muted, text);
        let cell = |column: &Kind| match (column, sample) {
            (Kind::Name, sample) => Cell::new(sample.map_or(family.name, |sample| sample.name)),
            (Kind::Type, _) => muted(family.kind.as_str()),
            (Kind::Help, _) => Cell::of(Role::Muted, family.help.unwrap_or("-")),
            (_, None) => muted("-"),
            (Kind::Value, Some(sample)) => {
                let text = if self.grouped { grouped(sample.value) } else { plain(sample.value) };
                Cell::of(if sample.value == 0.0 { Role::Muted } else { Role::Plain }, text)
            }
            (Kind::Timestamp, Some(sample)) => {
                sample.timestamp_ms.map_or_else(|| muted("-"), |milliseconds| Cell::new(milliseconds.to_string()))
            }
            (Kind::Labels, Some(sample)) => {
                let own = sample.labels().filter(|label| !self.common.contains(label));
                let text = labels(own, if self.grouped { ", " } else { "," });
                if text.is_empty() { muted("-") } else { Cell::new(text) }
            }
        };
        self.columns.iter().map(cell).collect()
    }
}

/// The labels that all samples have with the same value; none where there is but one sample.
fn common_labels<'a>(mut samples: impl Iterator<Item = StoredSample<'a>>) -> Vec<(&'a str, &'a str)> {
    let Some(first) = samples.next() else { return Vec::new() };
    let mut common: Vec<(&str, &str)> = first.labels().collect();
    let mut alone = true;
    for sample in samples {
        alone = false;
        common.retain(|label| sample.labels().any(|other| other == *label));
    }
    if alone { Vec::new() } else { common }
}
