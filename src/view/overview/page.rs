//! Sections side by side: as many columns of them as the width holds, in order, as even in height as can be.

use crate::health::Status;
use crate::style::Role;
use crate::view::mark::{role, sign};
use crate::view::screen::Screen;
use crate::view::table::write_blanks;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// A line of a section.
#[derive(Debug, Clone)]
pub(super) enum Line {
    Blank,
    /// The name of a section and the headings of the values below it.
    Title(String, Vec<String>),
    /// More headings, for what follows.
    Headings(Vec<String>),
    Values {
        mark: Option<Status>,
        indent: usize,
        label: Text,
        values: Vec<Text>,
    },
}

/// Text and its meaning.
pub(crate) type Text = (String, Role);

/// Writes sections, each a list of lines.
///
/// # Errors
/// What `out` says.
pub(super) fn write(sections: &[Vec<Line>], screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    for row in layout(sections, screen.width.unwrap_or(0)) {
        let mut filled = 0;
        for (at, (text, role)) in row {
            write_blanks(out, at.saturating_sub(filled))?;
            write!(out, "{}", screen.paint.text(role, &text))?;
            filled = at + text.width();
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The lines of sections that stand side by side: texts and where each begins.
pub(super) fn layout(sections: &[Vec<Line>], width: usize) -> Vec<Vec<(usize, Text)>> {
    let columns = arrange(sections, width);
    let row = |row| {
        let mut start = 0;
        let mut pieces = Vec::new();
        for column in &columns {
            let line = column.lines.get(row);
            pieces.extend(
                line.into_iter().flat_map(|line: &&Line| column.pieces(line)).map(|(at, text)| (start + at, text)),
            );
            start += column.width() + GAP;
        }
        pieces
    };
    (0..height(&columns)).map(row).collect()
}

/// What the sections need below each other.
pub(super) fn width(sections: &[Vec<Line>]) -> usize {
    Column::new(sections).width()
}

/// Between columns of sections.
const GAP: usize = 4;
/// Between a label and its values.
const INNER_GAP: usize = 2;
/// A mark and a space.
const GUTTER: usize = 2;
const MOST_COLUMNS: usize = 3;

/// Sections below each other, their values aligned.
struct Column<'a> {
    lines: Vec<&'a Line>,
    /// Of the widest title.
    title: usize,
    label: usize,
    values: Vec<usize>,
}

impl<'a> Column<'a> {
    fn new(sections: &'a [Vec<Line>]) -> Column<'a> {
        let mut lines: Vec<&Line> = Vec::new();
        for section in sections {
            if !lines.is_empty() {
                lines.push(&Line::Blank);
            }
            lines.extend(section);
        }
        let mut column = Column { lines: Vec::new(), title: 0, label: 0, values: Vec::new() };
        for line in &lines {
            column.make_room(line);
        }
        Column { lines, ..column }
    }

    fn make_room(&mut self, line: &Line) {
        let (label, values): (usize, Vec<usize>) = match line {
            Line::Blank => return,
            // A title may reach over its gutter, and over values where it has no headings beside it.
            Line::Title(title, headings) if headings.is_empty() => {
                self.title = self.title.max(title.width());
                return;
            }
            Line::Title(title, headings) => {
                (title.width().saturating_sub(GUTTER), headings.iter().map(|heading| heading.width()).collect())
            }
            Line::Headings(headings) => (0, headings.iter().map(|heading| heading.width()).collect()),
            Line::Values { indent, label, values, .. } => {
                (indent + label.0.width(), values.iter().map(|value| value.0.width()).collect())
            }
        };
        self.label = self.label.max(label);
        for (position, width) in values.into_iter().enumerate() {
            match self.values.get_mut(position) {
                Some(room) => *room = width.max(*room),
                None => self.values.push(width),
            }
        }
    }

    fn width(&self) -> usize {
        let values: usize = self.values.iter().map(|width| INNER_GAP + width).sum();
        self.title.max(GUTTER + self.label + values)
    }

    /// The pieces of a line and where each begins.
    fn pieces(&self, line: &Line) -> Vec<(usize, Text)> {
        let (mut pieces, values): (Vec<(usize, Text)>, Vec<Text>) = match line {
            Line::Blank => return Vec::new(),
            Line::Title(title, headings) => (vec![(0, (title.clone(), Role::Heading))], muted(headings)),
            Line::Headings(headings) => (Vec::new(), muted(headings)),
            Line::Values { mark, indent, label, values } => {
                let mark = mark.map(|status| (0, (sign(status).to_owned(), role(status))));
                (mark.into_iter().chain([(GUTTER + indent, label.clone())]).collect(), values.clone())
            }
        };
        let mut end = GUTTER + self.label;
        for (room, value) in self.values.iter().zip(values) {
            end += INNER_GAP + room;
            pieces.push((end.saturating_sub(value.0.width()), value));
        }
        pieces.retain(|(_, (text, _))| !text.trim().is_empty());
        pieces
    }
}

fn muted(headings: &[String]) -> Vec<Text> {
    headings.iter().map(|heading| (heading.clone(), Role::Muted)).collect()
}

/// Of the ways to fill columns in order that fit, the lowest; one more column has to save a fifth of the height.
fn arrange(sections: &[Vec<Line>], width: usize) -> Vec<Column<'_>> {
    let mut best = vec![Column::new(sections)];
    for count in 2..=MOST_COLUMNS {
        let ways = partitions(sections, count).into_iter();
        let ways = ways.map(|parts| parts.into_iter().map(Column::new).collect::<Vec<_>>());
        let fitting =
            ways.filter(|columns| columns.iter().map(Column::width).sum::<usize>() + GAP * (count - 1) <= width);
        if let Some(lowest) =
            fitting.min_by_key(|columns| height(columns)).filter(|way| height(way) * 5 <= height(&best) * 4)
        {
            best = lowest;
        }
    }
    best
}

fn height(columns: &[Column<'_>]) -> usize {
    columns.iter().map(|column| column.lines.len()).max().unwrap_or(0)
}

/// Every way to cut `sections` into `count` parts, none of them empty.
fn partitions<T>(sections: &[T], count: usize) -> Vec<Vec<&[T]>> {
    if count <= 1 {
        return vec![vec![sections]];
    }
    let mut all = Vec::new();
    for at in 1..sections.len() {
        let (first, rest) = sections.split_at(at);
        for mut parts in partitions(rest, count - 1) {
            parts.insert(0, first);
            all.push(parts);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(title: &str, rows: usize) -> Vec<Line> {
        let text = |text: &str| (text.to_owned(), Role::Plain);
        let row = |n: usize| Line::Values {
            mark: None,
            indent: 0,
            label: text(&format!("row {n}")),
            values: vec![text(&n.to_string())],
        };
        std::iter::once(Line::Title(title.to_owned(), Vec::new())).chain((1..=rows).map(row)).collect()
    }

    fn written(sections: &[Vec<Line>], width: Option<usize>) -> String {
        let mut out = Vec::new();
        write(sections, &Screen { width, ..Screen::PLAIN }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn sections_stand_side_by_side_where_they_fit() {
        let sections = [section("A title that is long", 1), section("B", 2), section("C", 1)];
        insta::assert_snapshot!(written(&sections, Some(60)), @r"
        A title that is long    B             C
          row 1  1                row 1  1      row 1  1
                                  row 2  2
        ");
        assert_eq!(written(&sections, None), written(&sections, Some(10)));
        assert_eq!(written(&sections, None).lines().count(), 9);
    }

    #[test]
    fn no_width_is_too_small() {
        let sections = [section("A title that is long", 3), section("B", 2), section("C", 1), Vec::new()];
        for width in 0..100 {
            assert!(!written(&sections, Some(width)).is_empty());
        }
        assert_eq!(written(&[], Some(80)), "");
    }
}
