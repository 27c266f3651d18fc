//! The samples of a scrape as a table and as CSV, whatever server they came from.
//!
//! On a terminal the labels that every sample has stand once, below the table; in a pipe each line has all of its own.

use super::answer::{ScrapeAnswer, Scraped};
use super::csv;
use super::screen::Screen;
use super::table::{Cell, Column, Rows, Table, note, note_hidden};
use crate::exposition::{Families, Family, StoredSample};
use crate::style::Role;
use crate::text::{labels, visible};
use crate::units::{counted, grouped, plain};
use indexmap::IndexSet;
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes the samples, scrape by scrape.
pub(super) fn write(answer: &ScrapeAnswer, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    for (position, scraped) in answer.scrapes.iter().enumerate() {
        let samples = SampleTable::new(scraped, screen.is_terminal());
        if screen.is_terminal() && answer.scrapes.len() > 1 {
            let gap = if position > 0 { "\n" } else { "" };
            writeln!(out, "{gap}{}", screen.paint.text(Role::Heading, &visible(&title(scraped))))?;
        }
        let columns = samples.columns.iter().filter(|(_, is_shown)| *is_shown).map(|(column, _)| column.clone());
        // In a pipe the scrapes are one table.
        let headers = screen.is_terminal() || position == 0;
        let hidden = Table { headers, ..Table::new(columns.collect(), &samples) }.write(out, screen)?;
        if screen.is_terminal() {
            note(&samples.summary(scraped), screen, out)?;
            note_hidden(&hidden, "", screen, out)?;
        }
    }
    Ok(())
}

/// Writes the samples as CSV.
pub(super) fn write_csv(answer: &ScrapeAnswer, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let names = ["profile", "url", "family", "type", "name", "labels", "value", "timestamp_ms"];
    csv::write_line(out, names.into_iter().map(Cow::Borrowed))?;
    let text = |text: &str| csv::text(text, screen);
    for scraped in &answer.scrapes {
        for family in scraped.families.iter() {
            for sample in family.samples() {
                let fields = [
                    text(scraped.profile.as_deref().unwrap_or_default()),
                    text(scraped.url.as_deref().unwrap_or_default()),
                    text(family.name),
                    family.kind.as_str().to_owned(),
                    text(sample.name),
                    text(&labels(sample.labels(), ",")),
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

/// Samples seen as a table.
struct SampleTable<'a> {
    families: &'a Families,
    /// The places of family and sample. A family without samples has a row too.
    rows: Vec<(u32, u32)>,
    /// Each column, and whether it is shown.
    columns: [(Column, bool); 6],
    /// What every sample has, in the order of the first; left out of the rows.
    common: IndexSet<(&'a str, &'a str)>,
    /// For a person: numbers with separators, labels that can be broken.
    grouped: bool,
}

impl<'a> SampleTable<'a> {
    fn new(scraped: &'a Scraped, grouped: bool) -> SampleTable<'a> {
        let families = &scraped.families;
        let samples = || families.iter().flat_map(|family| family.samples());
        let of_family = |(at, family): (u32, Family<'a>)| {
            let count = u32::try_from(family.samples().len().max(1)).unwrap_or(u32::MAX);
            (0..count).map(move |row| (at, row))
        };
        let rows = (0..).zip(families.iter()).flat_map(of_family).collect();
        let common = if grouped { common_labels(samples()) } else { IndexSet::new() };
        let has_labels = samples().any(|sample| sample.labels().len() > common.len());
        let has_timestamps = samples().any(|sample| sample.timestamp_ms.is_some());
        let columns = [
            (Column::text("name").cut(20), true),
            (Column::text("type").importance(30), true),
            (Column::number("value"), true),
            (Column::number("timestamp_ms").importance(40), has_timestamps || !grouped),
            (Column::text("labels").cut(20), has_labels || !grouped),
            (Column::text("help").importance(20).clipped(40), grouped),
        ];
        SampleTable { families, rows, columns, common, grouped }
    }

    /// What they are, for a person.
    fn summary(&self, scraped: &Scraped) -> String {
        let families = counted(scraped.families.len() as f64, "family", "families");
        let samples: usize = self.families.iter().map(|family| family.samples().len()).sum();
        let samples = counted(samples as f64, "sample", "samples");
        if self.common.is_empty() {
            return format!("{families}, {samples}");
        }
        format!("{families}, {samples}; every sample has {}", labels(self.common.iter().copied(), ", "))
    }

    fn value(&self, sample: StoredSample<'_>) -> Cell<'static> {
        let text = if self.grouped { grouped(sample.value) } else { plain(sample.value) };
        Cell::of(if sample.value == 0.0 { Role::Muted } else { Role::Plain }, text)
    }

    fn labels(&self, sample: StoredSample<'_>) -> Option<Cell<'static>> {
        let own = sample.labels().filter(|label| !self.common.contains(label));
        let text = labels(own, if self.grouped { ", " } else { "," });
        (!text.is_empty()).then(|| Cell::new(text))
    }
}

impl Rows for SampleTable<'_> {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn row(&self, at: usize) -> Vec<Cell<'_>> {
        let (family, sample) = self.rows[at];
        let Some(family) = self.families.get(family as usize) else { return Vec::new() };
        let sample = family.sample(sample as usize);
        let timestamp = sample.and_then(|sample| sample.timestamp_ms);
        let cells = [
            Some(Cell::new(sample.map_or(family.name, |sample| sample.name))),
            Some(Cell::of(Role::Muted, family.kind.as_str())),
            sample.map(|sample| self.value(sample)),
            timestamp.map(|milliseconds| Cell::new(milliseconds.to_string())),
            sample.and_then(|sample| self.labels(sample)),
            family.help.map(|help| Cell::of(Role::Muted, help)),
        ];
        let shown = cells.into_iter().zip(&self.columns).filter(|(_, (_, is_shown))| *is_shown);
        shown.map(|(cell, _)| cell.unwrap_or_else(|| Cell::of(Role::Muted, "-"))).collect()
    }
}

/// The labels that all samples have with the same value; none where there is but one sample.
fn common_labels<'a>(mut samples: impl Iterator<Item = StoredSample<'a>>) -> IndexSet<(&'a str, &'a str)> {
    let Some(first) = samples.next() else { return IndexSet::new() };
    let mut common: IndexSet<(&str, &str)> = first.labels().collect();
    let mut alone = true;
    for sample in samples {
        alone = false;
        // Most often all of them are there; a set is made only where that is not so.
        if common.is_empty() {
            break;
        }
        let shared = sample.labels().filter(|label| common.contains(label)).count();
        if shared < common.len() {
            let own: IndexSet<(&str, &str)> = sample.labels().collect();
            common.retain(|label| own.contains(label));
        }
    }
    if alone { IndexSet::new() } else { common }
}
