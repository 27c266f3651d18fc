//! What people and scripts read: tables, JSON, JSON lines, CSV, colour, numbers for people.
//!
//! This room does not know where its data came from.

mod answer;
mod csv;
mod field;
mod guard;
pub mod health;
pub mod json;
pub mod live;
mod message;
pub mod nagios;
pub mod number;
mod overview;
mod row;
mod rows;
mod scrape;
mod screen;
mod select;
mod settings;
mod style;
mod table;
mod verdict;
pub mod watch;

pub use answer::{Answer, Failure, Kind, Report, ScrapeAnswer, Scraped, Warning};
pub use csv::write_line as write_csv_line;
pub use field::field_names;
pub use guard::Guard;
pub use health::{HealthAnswer, Judged};
pub use message::{Label, message};
pub use screen::{Screen, ScreenError, ScreenInput};
pub use settings::{Format, Request, RequestError, Settings};
pub use style::{Paint, Role};
pub use table::{Cell, Column, Rows, Table};

pub use verdict::judge;

use std::io::{self, Write};

/// Writes `answer` in the format that was asked for.
///
/// # Errors
/// What `out` says.
pub fn render(answer: &Answer, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
    match settings.format {
        Format::Table if answer.kind == Kind::Cluster && !settings.wants_rows() => {
            overview::write(answer, settings, out)
        }
        Format::Table => rows::write(answer, settings, out),
        Format::Json => json::write(answer, settings, out),
        Format::Jsonl => json::write_lines(answer, settings, out),
        Format::Csv => csv::write(answer, settings, out),
    }
}

/// Writes the samples of a scrape in the format that was asked for.
///
/// # Errors
/// What `out` says.
pub fn render_scrape(answer: &ScrapeAnswer, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
    match settings.format {
        Format::Table => scrape::write(answer, settings, out),
        Format::Json => json::write_scrape(answer, settings, out),
        Format::Jsonl => json::write_scrape_lines(answer, out),
        Format::Csv => scrape::write_csv(answer, settings, out),
    }
}
