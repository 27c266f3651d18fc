//! One line of a table.

use crate::style::{Paint, Role};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// The blanks between two columns.
pub const GAP: usize = 2;

/// Text with the blanks that align it.
pub struct Aligned<'a> {
    pub role: Role,
    pub before: usize,
    pub text: &'a str,
    pub after: usize,
}

/// Writes one line. Nothing but text is painted, and no line ends in blanks.
///
/// # Errors
/// What `out` says.
pub fn write<'a>(out: &mut dyn Write, paint: Paint, cells: impl Iterator<Item = Aligned<'a>>) -> io::Result<()> {
    let mut blanks = 0;
    for Aligned { role, before, text, after } in cells {
        blanks += before;
        if !text.is_empty() {
            write!(out, "{:blanks$}{}", "", paint.text(role, text))?;
            blanks = 0;
        }
        blanks += after;
    }
    writeln!(out)
}

/// The columns that text without control characters takes; most of it is ASCII, whose characters take one each.
pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}
