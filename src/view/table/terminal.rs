//! A table on a terminal. Which columns it has is decided here; comfy-table gives them their widths, breaks what is too
//! long for its column, and aligns it. Colour is laid on afterwards: a cell is told from the next by [`CELL`].

use super::line::{Aligned, GAP, width, write};
use super::{Cell, Column, Table};
use crate::style::{Paint, Role};
use crate::text::visible;
use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, TableStyle, Width,
};
use std::io::{self, Write};

/// Stands between cells, in place of one of the blanks. No text has it: control characters were made visible.
const CELL: char = '\u{1f}';
/// A line of these stands between rows.
const ROW: char = '\u{1e}';
/// Text in fewer columns than this is no text any more.
const LEAST_WRAPPED: usize = 8;
/// How many rows are laid out at once.
const ROWS: usize = 500;

/// A column that is shown.
struct Shown<'t> {
    index: usize,
    column: &'t Column,
    heading: String,
    /// What the widest text in it needs.
    natural: usize,
    /// The least width that it is meant to have.
    least: usize,
}

/// Writes the table and gives the names of the columns that were hidden for want of width.
///
/// # Errors
/// What `out` says.
pub fn write_table<'t>(
    table: &'t Table<'_>,
    screen_width: usize,
    paint: Paint,
    out: &mut dyn Write,
) -> io::Result<Vec<&'t str>> {
    let mut shown: Vec<Shown<'_>> =
        (0..).zip(&table.columns).map(|(index, column)| Shown::new(table, index, column)).collect();
    let mut hidden = Vec::new();
    while needed(&shown) > screen_width {
        match shown.iter().enumerate().rev().min_by_key(|(_, shown)| shown.column.importance) {
            Some((at, least)) if least.column.importance < Column::ESSENTIAL => hidden.push(shown.remove(at)),
            _ => break,
        }
    }
    let layout = Layout { widths: widths(&shown, screen_width), shown: &shown, paint };
    let mut rows: Vec<Vec<Cell<'_>>> = table.headers.then(|| layout.headings()).into_iter().collect();
    for row in 0..table.rows.count() {
        let section = table.rows.section(row);
        if section.is_some() || rows.len() == ROWS {
            layout.write(&std::mem::take(&mut rows), out)?;
        }
        if let Some(section) = section {
            let gap = if row > 0 || table.headers { "\n" } else { "" };
            writeln!(out, "{gap}{}", paint.text(Role::Heading, &visible(section)))?;
        }
        rows.push(shown.iter().map(|shown| table.rows.cell(row, shown.index).shown()).collect());
    }
    if !table.totals.is_empty() {
        rows.push(shown.iter().map(|shown| table.total(shown.index).shown()).collect());
    }
    layout.write(&rows, out)?;
    hidden.sort_unstable_by_key(|hidden| hidden.index);
    Ok(hidden.into_iter().map(|hidden| hidden.column.name.as_ref()).collect())
}

impl<'t> Shown<'t> {
    fn new(table: &Table<'_>, index: usize, column: &'t Column) -> Shown<'t> {
        let heading = if table.headers { column.heading().replace('_', " ") } else { String::new() };
        let longest_word = heading.split(' ').map(width).max().unwrap_or_default();
        let cells = (0..table.rows.count()).map(|row| table.rows.cell(row, index));
        let cells = cells.chain((!table.totals.is_empty()).then(|| table.total(index)));
        let natural = cells.map(|cell| width(&visible(&cell.text))).max().unwrap_or_default().max(longest_word);
        let least = column.min.map_or(natural, |min| natural.min(min.max(longest_word)));
        Shown { index, column, heading, natural, least }
    }
}

/// What the columns need at least, with the gaps between them.
fn needed(shown: &[Shown<'_>]) -> usize {
    shown.iter().map(|shown| shown.least + GAP).sum::<usize>().saturating_sub(GAP)
}

/// How wide each column is, with the blank behind it: comfy-table is asked with a row as wide as the widest texts, so that
/// rows need not be held all at once.
fn widths(shown: &[Shown<'_>], screen_width: usize) -> Vec<usize> {
    let fits = needed(shown) <= screen_width;
    let widest: Vec<String> = shown.iter().map(|shown| "-".repeat(shown.natural)).collect();
    let mut ruler = table_of(std::iter::once(widest.iter().map(String::as_str)));
    // Behind the last column stands no blank.
    ruler.set_width(narrow(screen_width + 1)).set_content_arrangement(ContentArrangement::Dynamic);
    for (column, Shown { column: Column { min, .. }, least, .. }) in ruler.column_iter_mut().zip(shown) {
        column.set_padding((0, 1)).set_constraint(match min {
            None => ColumnConstraint::Absolute(Width::Fixed(narrow(least + 1))),
            Some(_) if fits => ColumnConstraint::LowerBoundary(Width::Fixed(narrow(least + 1))),
            Some(_) => ColumnConstraint::LowerBoundary(Width::Fixed(narrow(LEAST_WRAPPED.min(*least) + 1))),
        });
    }
    let line = ruler.lines().next().unwrap_or_default();
    line.split(CELL).map(width).collect()
}

/// How the rows of a table are written.
struct Layout<'a> {
    shown: &'a [Shown<'a>],
    widths: Vec<usize>,
    paint: Paint,
}

impl Layout<'_> {
    /// The names of the columns; those of several lines stand on the row below them.
    fn headings(&self) -> Vec<Cell<'static>> {
        let heading = |shown: &Shown<'_>| Cell::of(Role::Muted, shown.heading.clone());
        let mut cells: Vec<Cell<'static>> = self.shown.iter().map(heading).collect();
        let lines: Vec<String> = self.draw(std::slice::from_ref(&cells)).lines().collect();
        for (column, cell) in cells.iter_mut().enumerate() {
            let is_blank = |line: &&String| line.split(CELL).nth(column).is_none_or(|part| part.trim().is_empty());
            if !cell.text.is_empty() {
                let above = lines.iter().filter(is_blank).count();
                cell.text = format!("{}{}", "\n".repeat(above), cell.text).into();
            }
        }
        cells
    }

    /// The rows as comfy-table lays them out.
    fn draw(&self, rows: &[Vec<Cell<'_>>]) -> comfy_table::Table {
        let mut table = table_of(rows.iter().map(|row| row.iter().map(|cell| cell.text.as_ref())));
        for ((column, shown), width) in table.column_iter_mut().zip(self.shown).zip(&self.widths) {
            column.set_padding((0, 1)).set_constraint(ColumnConstraint::Absolute(Width::Fixed(narrow(*width))));
            if shown.column.right {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }

    fn write(&self, rows: &[Vec<Cell<'_>>], out: &mut dyn Write) -> io::Result<()> {
        let table = self.draw(rows);
        let mut rows = rows.iter();
        let mut row = rows.next();
        for line in table.lines() {
            if line.starts_with(ROW) {
                row = rows.next();
                continue;
            }
            let roles = row.into_iter().flatten().map(|cell| cell.role);
            write(out, self.paint, line.split(CELL).zip(roles).map(|(part, role)| aligned(part, role)))?;
        }
        Ok(())
    }
}

/// A table without lines that a person would see.
fn table_of<'c>(rows: impl Iterator<Item = impl Iterator<Item = &'c str>>) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    let style = TableStyle::new().content_lines(ContentLineStyle::none().junction(CELL));
    table.load_style(style.row_separator(LineStyle::none().fill(ROW)));
    table.add_rows(rows);
    table
}

/// One cell of a line as comfy-table aligned it, and the separator behind it as a blank.
fn aligned(part: &str, role: Role) -> Aligned<'_> {
    let text = part.trim_start_matches(' ');
    let before = part.len() - text.len();
    let trimmed = text.trim_end_matches(' ');
    Aligned { role, before, text: trimmed, after: text.len() - trimmed.len() + 1 }
}

fn narrow(width: usize) -> u16 {
    u16::try_from(width).unwrap_or(u16::MAX)
}
