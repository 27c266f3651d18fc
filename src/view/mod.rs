//! What people and scripts read: tables, JSON, JSON lines, CSV, colour, numbers for people.
//!
//! This room does not know where its data came from.

mod answer;
mod closing;
mod column_help;
mod csv;
mod field;
mod format;
mod github;
mod guard;
pub(crate) mod health;
pub(crate) mod json;
mod junit;
pub mod live;
pub(crate) mod mark;
pub(crate) mod nagios;
mod options;
mod overview;
mod prometheus;
mod row;
mod rows;
mod scrape;
mod screen;
mod select;
mod summary;
mod table;
mod verdict;
pub mod watch;

pub use crate::style::{Paint, Role};
pub use answer::{Answer, Kind, ScrapeAnswer, Scraped};
pub use column_help::{ColumnHelp, explained};
pub use csv::write_line as write_csv_line;
pub use field::field_names;
pub use format::{Format, Formats};
pub use guard::Guard;
pub use health::{HealthAnswer, Judged};
pub use options::{Presentation, ViewError, ViewOptions, chosen_columns};
pub use scrape::ScrapeRows;
pub use screen::Screen;
pub use summary::Summary;
pub use table::{Cell, Column, Rows, Table};
pub use verdict::judge;

use std::io::{self, Write};

/// Writes the rows of an answer; fails with what the output says.
pub type RowWriter = fn(&Answer, &Presentation, &mut dyn Write) -> io::Result<()>;
/// Writes the samples of a scrape; fails with what the output says.
pub type ScrapeWriter = fn(&ScrapeAnswer, &Screen, &mut dyn Write) -> io::Result<()>;
/// Writes the verdict of `check`; fails with what the output says.
pub type CheckWriter = fn(&HealthAnswer, &Screen, &mut dyn Write) -> io::Result<()>;

/// The formats of `deployments`, `cluster`, `rules` and `resources`.
pub const ROWS: Formats<RowWriter> = Formats(&[
    (Format::Table, write_table),
    (Format::Json, json::records::write),
    (Format::Jsonl, json::records::write_lines),
    (Format::Csv, csv::write),
]);

/// The formats of `scrape`; raw is written as it arrives, and by no writer.
pub const SCRAPE: Formats<Option<ScrapeWriter>> = Formats(&[
    (Format::Raw, None),
    (Format::Table, Some(scrape::write)),
    (Format::Json, Some(json::scrape::write)),
    (Format::Jsonl, Some(json::scrape::write_lines)),
    (Format::Csv, Some(scrape::write_csv)),
]);

/// The formats of `check`.
pub const CHECK: Formats<CheckWriter> = Formats(&[
    (Format::Table, health::write),
    (Format::Json, json::health::write),
    (Format::Jsonl, json::health::write_lines),
    (Format::Nagios, nagios::write),
    (Format::Prometheus, prometheus::write),
    (Format::Junit, junit::write),
    (Format::Github, github::write),
]);

/// The cluster at a glance, unless its metrics were chosen one by one.
fn write_table(answer: &Answer, presentation: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    if answer.kind == Kind::Cluster && !presentation.wants_rows() {
        overview::write(answer, presentation, out)
    } else {
        rows::write(answer, presentation, out)
    }
}
