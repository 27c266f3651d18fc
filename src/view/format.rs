//! The output formats.

use clap::ValueEnum;

/// A format. Not every answer has every one: see [`Formats`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// One object
    Json,
    /// A line a record, each complete in itself
    Jsonl,
    /// For spreadsheets
    Csv,
    /// The bytes as received
    Raw,
    /// The line that monitoring systems read
    Nagios,
    /// For a textfile collector
    Prometheus,
    /// Test cases, for CI
    Junit,
    /// Annotations of GitHub Actions
    Github,
}

impl Format {
    /// Whether it has columns that can be chosen.
    pub fn has_columns(self) -> bool {
        matches!(self, Format::Table | Format::Csv)
    }
}

/// The formats of one kind of answer, each with what writes it.
#[derive(Debug, Clone, Copy)]
pub struct Formats<W: 'static>(pub &'static [(Format, W)]);

impl<W: Copy> Formats<W> {
    /// The formats, for help and messages.
    pub fn names(&self) -> Vec<Format> {
        self.0.iter().map(|(format, _)| *format).collect()
    }

    /// What writes that format; `None` where the answer does not have it.
    pub fn writer(&self, format: Format) -> Option<W> {
        self.0.iter().find(|(known, _)| *known == format).map(|(_, writer)| *writer)
    }
}
