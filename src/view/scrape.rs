//! The samples of a scrape as a table and as CSV, whatever server they came from.
//!
//! On a terminal the labels that every sample has stand once, below the table; in a pipe each line has all of its own.

use super::answer::{ScrapeAnswer, Scraped};
use super::csv;
use super::format::Format;
use super::options::{ViewError, chosen_columns};
use super::screen::Screen;
use super::table::{Cell, Column, Rows, Table, note, note_hidden};
use crate::deployment::{Field, FieldKind, Record};
use crate::exposition::{Family, StoredSample};
use crate::health::{Expr, ExprError, Truth};
use crate::style::Role;
use crate::text::{labels, visible};
use crate::units::{counted, grouped, plain};
use indexmap::IndexSet;
use std::borrow::Cow;
use std::io::{self, Write};

/// Every column that a sample has.
const COLUMNS: [&str; 9] = ["profile", "url", "family", "type", "name", "labels", "value", "timestamp_ms", "help"];

/// Those of a table, and those of CSV, where none was asked for.
const OF_TABLE: [&str; 6] = ["name", "type", "value", "timestamp_ms", "labels", "help"];
const OF_CSV: [&str; 8] = ["profile", "url", "family", "type", "name", "labels", "value", "timestamp_ms"];

/// Which samples are shown as rows, in which order, with which columns.
#[derive(Debug, Clone)]
pub struct ScrapeRows {
    /// Empty where none was asked for.
    columns: Vec<&'static str>,
    /// By what, and whether the largest comes first.
    sort: Option<(&'static str, bool)>,
    /// All must hold.
    filters: Vec<Expr>,
    limit: Option<usize>,
    headers: bool,
}

impl ScrapeRows {
    /// Reads what was typed.
    ///
    /// # Errors
    /// A column that there is not; a condition that cannot be read; any of it for a format without rows.
    pub fn new(
        format: Format,
        columns: &[String],
        sort: Option<&str>,
        filters: &[String],
        limit: Option<usize>,
        headers: bool,
    ) -> Result<ScrapeRows, ViewError> {
        let find = |typed: &str| {
            let name = typed.trim();
            let found = COLUMNS.into_iter().find(|known| known.eq_ignore_ascii_case(name));
            found.ok_or_else(|| ViewError::unknown_column(name, name, COLUMNS.into_iter()))
        };
        let columns = chosen_columns(columns, format, |name| find(name).map(|name| (name, ())))?;
        let given = [("--sort", sort.is_some()), ("--filter", !filters.is_empty()), ("--limit", limit.is_some())];
        if let Some((option, _)) = given.into_iter().find(|(_, is_given)| *is_given && !format.has_columns()) {
            return Err(ViewError::OfRows { option });
        }
        let sort = sort.map(|typed| {
            let name = typed.strip_prefix('-').unwrap_or(typed);
            find(name).map(|column| (column, name.len() < typed.len()))
        });
        let filters = filters.iter().map(|text| Expr::parse(text)).collect::<Result<_, _>>()?;
        let columns = columns.into_iter().map(|(name, ())| name).collect();
        Ok(ScrapeRows { columns, sort: sort.transpose()?, filters, limit, headers })
    }

    /// What only the answer shows to be a slip: a condition on what is neither a column nor a label of any sample.
    ///
    /// # Errors
    /// There is one.
    pub fn check_received(&self, scrapes: &[Scraped]) -> Result<(), ViewError> {
        if scrapes.is_empty() {
            return Ok(());
        }
        let families = || scrapes.iter().flat_map(|scraped| scraped.families.iter());
        let has_label = |name: &str| {
            families().flat_map(|family| family.samples()).any(|one| one.labels().any(|(label, _)| label == name))
        };
        let kind_of = |name: &str| match name {
            "value" | "timestamp_ms" => Some(FieldKind::Number),
            name if COLUMNS.contains(&name) || has_label(name) => Some(FieldKind::Text),
            _ => None,
        };
        for filter in &self.filters {
            filter.check(kind_of, || COLUMNS.iter().map(|name| (*name).to_owned()).collect())?;
            if filter.needs_rates() {
                return Err(ExprError::no_rate(filter.text(), filter.field()).into());
            }
        }
        Ok(())
    }

    /// The columns of a table or of CSV, and whether they were asked for.
    fn columns(&self, usual: &'static [&'static str]) -> (&[&'static str], bool) {
        if self.columns.is_empty() { (usual, false) } else { (&self.columns, true) }
    }

    /// The places of family and sample of those that are shown. A family without samples has a row, too.
    fn places(&self, scraped: &Scraped, shown: &mut usize) -> Vec<(u32, u32)> {
        let of_family = |(at, family): (u32, Family<'_>)| {
            let count = u32::try_from(family.samples().len().max(1)).unwrap_or(u32::MAX);
            (0..count).map(move |row| (at, row))
        };
        let mut places: Vec<(u32, u32)> = (0..).zip(scraped.families.iter()).flat_map(of_family).collect();
        if !self.filters.is_empty() {
            places.retain(|place| {
                let sample = SampleRow::at(scraped, *place);
                sample.is_some_and(|one| self.filters.iter().all(|filter| filter.evaluate(&one) == Truth::True))
            });
        }
        if let Some((column, descending)) = self.sort {
            let value = |place: &(u32, u32)| SampleRow::at(scraped, *place).and_then(|one| one.field_of(column));
            places.sort_by(|a, b| {
                let order = match (value(a), value(b)) {
                    (Some(Field::Number(a)), Some(Field::Number(b))) => a.total_cmp(&b),
                    (Some(Field::Text(a)), Some(Field::Text(b))) => a.cmp(&b),
                    // What is missing comes last, whichever way round.
                    (a, b) => return is_missing(a.as_ref()).cmp(&is_missing(b.as_ref())),
                };
                if descending { order.reverse() } else { order }
            });
        }
        places.truncate(self.limit.map_or(usize::MAX, |limit| limit.saturating_sub(*shown)));
        *shown += places.len();
        places
    }
}

fn is_missing(field: Option<&Field<'_>>) -> bool {
    matches!(field, None | Some(Field::Missing))
}

/// A sample as a row of columns; a family without samples has none.
struct SampleRow<'a> {
    scraped: &'a Scraped,
    family: Family<'a>,
    sample: Option<StoredSample<'a>>,
}

impl<'a> SampleRow<'a> {
    fn at(scraped: &'a Scraped, (family, sample): (u32, u32)) -> Option<SampleRow<'a>> {
        let family = scraped.families.get(family as usize)?;
        Some(SampleRow { scraped, sample: family.sample(sample as usize), family })
    }

    /// What stands in a column; for another name the value of that label.
    fn field_of(&self, name: &str) -> Option<Field<'a>> {
        let text = |text: Option<&'a str>| text.map(Field::text);
        let sample = self.sample;
        match name {
            "profile" => text(self.scraped.profile.as_deref()),
            "url" => text(self.scraped.url.as_deref()),
            "family" => text(Some(self.family.name)),
            "type" => text(Some(self.family.kind.as_str())),
            "name" => text(Some(sample.map_or(self.family.name, |sample| sample.name))),
            "help" => text(self.family.help),
            "labels" => sample.map(|sample| Field::text(labels(sample.labels(), ","))),
            "value" => sample.map(|sample| Field::Number(sample.value)),
            "timestamp_ms" => sample.and_then(|sample| sample.timestamp_ms).map(|time| Field::Number(time as f64)),
            label => sample
                .and_then(|sample| sample.labels().find(|(name, _)| *name == label))
                .map(|(_, value)| Field::text(value)),
        }
    }
}

impl Record for SampleRow<'_> {
    fn field(&self, name: &str) -> Option<Field<'_>> {
        Some(self.field_of(name).unwrap_or(Field::Missing))
    }
}

/// Writes the samples, scrape by scrape.
pub(super) fn write(answer: &ScrapeAnswer, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let mut shown = 0;
    for (position, scraped) in answer.scrapes.iter().enumerate() {
        let samples = SampleTable::new(scraped, &answer.rows, &mut shown, screen.is_terminal());
        if screen.is_terminal() && answer.scrapes.len() > 1 {
            let gap = if position > 0 { "\n" } else { "" };
            writeln!(out, "{gap}{}", screen.paint.text(Role::Heading, &visible(&title(scraped))))?;
        }
        let columns = samples.columns.iter().map(|(_, column)| column.clone()).collect();
        // In a pipe the scrapes are one table.
        let headers = answer.rows.headers && (screen.is_terminal() || position == 0);
        let hidden = Table { headers, ..Table::new(columns, &samples) }.write(out, screen)?;
        if screen.is_terminal() {
            note(&samples.summary(scraped), screen, out)?;
            note_hidden(&hidden, "", screen, out)?;
        }
    }
    Ok(())
}

/// Writes the samples as CSV.
pub(super) fn write_csv(answer: &ScrapeAnswer, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let (columns, is_chosen) = answer.rows.columns(&OF_CSV);
    if answer.rows.headers {
        csv::write_line(out, columns.iter().map(|name| Cow::Borrowed(*name)))?;
    }
    let mut shown = 0;
    for scraped in &answer.scrapes {
        for place in answer.rows.places(scraped, &mut shown) {
            // A family without samples is no line, unless it is asked for by name.
            let Some(row) = SampleRow::at(scraped, place).filter(|row| is_chosen || row.sample.is_some()) else {
                continue;
            };
            let field = |name: &&'static str| match row.field_of(name) {
                None | Some(Field::Missing) => String::new(),
                Some(Field::Number(value)) => plain(value),
                // The program's own word.
                Some(Field::Text(text)) if *name == "type" => text.into_owned(),
                Some(Field::Text(text)) => csv::text(&text, screen),
            };
            csv::write_line(out, columns.iter().map(field).map(Cow::Owned))?;
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
    scraped: &'a Scraped,
    rows: Vec<(u32, u32)>,
    columns: Vec<(&'static str, Column)>,
    /// What every sample has, in the order of the first; left out of the rows.
    common: IndexSet<(&'a str, &'a str)>,
    /// For a person: numbers with separators, labels that can be broken.
    grouped: bool,
}

impl<'a> SampleTable<'a> {
    fn new(scraped: &'a Scraped, chosen: &ScrapeRows, shown: &mut usize, grouped: bool) -> SampleTable<'a> {
        let samples = || scraped.families.iter().flat_map(|family| family.samples());
        let common = if grouped { common_labels(samples()) } else { IndexSet::new() };
        let (names, is_chosen) = chosen.columns(&OF_TABLE);
        let is_shown = |name: &str| match name {
            _ if is_chosen || !grouped && name != "help" => true,
            "labels" => samples().any(|sample| sample.labels().len() > common.len()),
            "timestamp_ms" => samples().any(|sample| sample.timestamp_ms.is_some()),
            "help" => grouped,
            _ => true,
        };
        // What rows are sorted or chosen by is hidden last, and so is what was asked for.
        let is_wanted = |name: &str| {
            is_chosen
                || chosen.sort.is_some_and(|(column, _)| column == name)
                || chosen.filters.iter().any(|filter| filter.field() == name)
        };
        let shape = |name: &'static str| match name {
            "value" => Column::number(name),
            "timestamp_ms" if is_wanted(name) => Column::number(name),
            "timestamp_ms" => Column::number(name).importance(40),
            "type" if is_wanted(name) => Column::text(name),
            "type" => Column::text(name).importance(30),
            "help" if is_wanted(name) => Column::text(name).clipped(20),
            "help" => Column::text(name).importance(20).clipped(40),
            // The name tells more than the text behind it.
            "name" => Column::text(name).cut(44),
            _ => Column::text(name).cut(20),
        };
        let columns = names.iter().filter(|name| is_shown(name)).map(|name| (*name, shape(name))).collect();
        SampleTable { scraped, rows: chosen.places(scraped, shown), columns, common, grouped }
    }

    /// What they are, for a person.
    fn summary(&self, scraped: &Scraped) -> String {
        let families = counted(scraped.families.len() as f64, "family", "families");
        let samples: usize = scraped.families.iter().map(|family| family.samples().len()).sum();
        let samples = counted(samples as f64, "sample", "samples");
        if self.common.is_empty() {
            return format!("{families}, {samples}");
        }
        format!("{families}, {samples}; every sample has {}", labels(self.common.iter().copied(), ", "))
    }

    fn cell(&self, row: &SampleRow<'a>, name: &str) -> Option<Cell<'a>> {
        if name == "labels" {
            let own = row.sample?.labels().filter(|label| !self.common.contains(label));
            let text = labels(own, if self.grouped { ", " } else { "," });
            return (!text.is_empty()).then(|| Cell::new(text));
        }
        let role = if matches!(name, "type" | "help") { Role::Muted } else { Role::Plain };
        match row.field_of(name)? {
            Field::Missing => None,
            Field::Text(text) => Some(Cell::of(role, text)),
            Field::Number(value) if name == "timestamp_ms" => Some(Cell::new(plain(value))),
            Field::Number(value) => {
                let text = if self.grouped { grouped(value) } else { plain(value) };
                Some(Cell::of(if value == 0.0 { Role::Muted } else { Role::Plain }, text))
            }
        }
    }
}

impl Rows for SampleTable<'_> {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn row(&self, at: usize) -> Vec<Cell<'_>> {
        let Some(row) = SampleRow::at(self.scraped, self.rows[at]) else { return Vec::new() };
        let cells = self.columns.iter().map(|(name, _)| self.cell(&row, name));
        cells.map(|cell| cell.unwrap_or_else(|| Cell::of(Role::Muted, "-"))).collect()
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
