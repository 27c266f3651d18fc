//! A table in a pipe or a file: every column in its full width, every row on one line, written as it is asked for.

use super::line::{Aligned, GAP, width, write};
use super::{Cell, Table};
use crate::style::Paint;
use crate::text::visible;
use std::io::{self, Write};

/// Writes the table.
///
/// # Errors
/// What `out` says.
pub fn write_table(table: &Table<'_>, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let headings: Vec<String> = table.columns.iter().map(super::Column::heading).collect();
    let widths = headings.iter().enumerate().map(|(index, heading)| {
        let cells = (0..table.rows.count()).map(|row| width(&visible(&table.rows.cell(row, index).text)));
        cells.max().unwrap_or(0).max(if table.headers { width(heading) } else { 0 }).max(1)
    });
    let widths: Vec<usize> = widths.collect();
    let mut write_row = |cells: Vec<Cell<'_>>| {
        let columns = table.columns.iter().zip(&widths);
        let aligned = cells.iter().zip(columns).map(|(Cell { text, role }, (column, full))| {
            let free = full.saturating_sub(width(text));
            let (before, after) = if column.right { (free, 0) } else { (0, free) };
            Aligned { role: *role, before, text, after: after + GAP }
        });
        write(out, paint, aligned)
    };
    if table.headers {
        write_row(headings.iter().map(|heading| Cell::new(heading.as_str())).collect())?;
    }
    let columns = 0..table.columns.len();
    (0..table.rows.count())
        .try_for_each(|row| write_row(columns.clone().map(|column| table.rows.cell(row, column).shown()).collect()))
}
