//! A row of a table, written as one line, or as several where a cell is wider than its place.

use super::Cell;
use super::layout::{GAP, Place};
use crate::style::Role;
use crate::view::screen::Screen;
use comfy_table::{ColumnConstraint, ContentLineStyle, TableStyle, Width};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// Stands between cells while they are wrapped. It cannot be part of one: control characters were made visible.
const SEPARATOR: char = '\u{1f}';

/// Writes one row; its cells hold no control characters, but for line ends where a cell has several lines.
///
/// # Errors
/// What `out` says.
pub fn write_row(out: &mut dyn Write, screen: &Screen, places: &[Place], cells: &[Cell<'_>]) -> io::Result<()> {
    let fits = |(cell, place): (&Cell<'_>, &Place)| !cell.text.contains('\n') && width(&cell.text) <= place.width;
    if cells.iter().zip(places).all(fits) {
        return write_line(out, screen, places, cells.iter().map(|cell| (cell.role, cell.text.as_ref())));
    }
    for line in wrap(places, cells).lines() {
        let parts = line.split(SEPARATOR).map(|part| part.trim_end_matches(' '));
        write_line(out, screen, places, cells.iter().map(|cell| cell.role).zip(parts))?;
    }
    Ok(())
}

/// The columns that text without control characters takes; most of it is ASCII, whose characters take one each.
pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// Aligns each text in its place. Nothing but text is painted, and no line ends in blanks.
fn write_line<'a>(
    out: &mut dyn Write,
    screen: &Screen,
    places: &[Place],
    texts: impl Iterator<Item = (Role, &'a str)>,
) -> io::Result<()> {
    let mut blanks = 0;
    for (place, (role, text)) in places.iter().zip(texts) {
        let free = place.width.saturating_sub(width(text));
        let (before, after) = if place.right { (free, 0) } else { (0, free) };
        blanks += before;
        if !text.is_empty() {
            write!(out, "{:blanks$}{}", "", screen.paint.text(role, text))?;
            blanks = 0;
        }
        blanks += after + GAP;
    }
    writeln!(out)
}

/// The library breaks text between words, and words where they must be; it is told the widths and nothing else.
fn wrap(places: &[Place], cells: &[Cell<'_>]) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    let line = ContentLineStyle::none().junction(SEPARATOR);
    table.load_style(TableStyle::new().content_lines(line));
    table.add_row(cells.iter().map(|cell| cell.text.as_ref()));
    for (column, place) in table.column_iter_mut().zip(places) {
        let width = u16::try_from(place.width).unwrap_or(u16::MAX);
        column.set_padding((0, 0));
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
    }
    table
}
