//! A table of text: borderless, two spaces between columns, muted column names.
//!
//! On a terminal it fits the width. A row is one line: a long id is cut in its middle, with `…`, so that its ends can be told
//! apart; what is left is that the least important columns are hidden. Sentences wrap between words; no identifier is broken, no
//! number is parted from its unit. Text that would fill the screen is cut in its middle, and a sentence says so.
//! Which columns there are is decided here; comfy-table gives them their widths, breaks what is too long, and aligns it.
//! Without a width (a pipe, a file) every text is whole and every row is one line; a text that is far longer than others are
//! reaches over its column, so that it does not make every row as long.
//!
//! Rows are made twice, once to measure and once to write, and never held all at once.

use super::Screen;
use crate::style::{Paint, Role};
use crate::text::{bound, cut_end, cut_middle, shortened, visible};
use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, TableStyle, Width,
};
use std::borrow::Cow;
use std::cell::Cell as Flag;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// Where rows come from.
pub trait Rows {
    /// How many there are.
    fn count(&self) -> usize;
    /// The cells of a row below [`Rows::count`], one a column of the table.
    fn row(&self, at: usize) -> Vec<Cell<'_>>;
    /// The name of the section that it stands in.
    fn section(&self, _at: usize) -> Option<&str> {
        None
    }
}

/// Rows that are few enough to be held.
impl Rows for Vec<Vec<Cell<'_>>> {
    fn count(&self) -> usize {
        self.len()
    }

    fn row(&self, at: usize) -> Vec<Cell<'_>> {
        self[at].iter().map(|Cell { text, role }| Cell { text: text.as_ref().into(), role: *role }).collect()
    }
}

/// The text of one cell, with hidden characters made visible.
#[derive(Debug, Clone, Default)]
pub struct Cell<'a> {
    text: Cow<'a, str>,
    role: Role,
}

impl<'a> Cell<'a> {
    /// Plain text.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Cell<'a> {
        Cell::of(Role::Plain, text)
    }

    /// Text with a meaning.
    pub fn of(role: Role, text: impl Into<Cow<'a, str>>) -> Cell<'a> {
        let text = match text.into() {
            Cow::Borrowed(text) => visible(text),
            Cow::Owned(text) => match visible(&text) {
                Cow::Borrowed(_) => text.into(),
                Cow::Owned(shown) => shown.into(),
            },
        };
        Cell { text, role }
    }
}

/// One column: its name and how it gives way on a narrow screen.
#[derive(Debug, Clone)]
pub struct Column {
    /// As `--columns` takes it; shown in capitals.
    name: &'static str,
    heading: Cow<'static, str>,
    right: bool,
    importance: u8,
    gives: Gives,
    /// The blanks behind it.
    gap: usize,
}

/// How the text of a column gives way on a narrow screen, down to so many columns before another column is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    /// Not at all: a number, a status.
    Nothing,
    /// It is wrapped between words.
    Lines(usize),
    /// Its middle: an id.
    Middle(usize),
    /// Its end.
    End(usize),
}

impl Gives {
    /// So many columns at least.
    pub(super) fn least(self) -> Option<usize> {
        match self {
            Gives::Nothing => None,
            Gives::Lines(least) | Gives::Middle(least) | Gives::End(least) => Some(least),
        }
    }
}

impl Column {
    /// A column that is never hidden.
    pub const ESSENTIAL: u8 = u8::MAX;

    /// Text, aligned left, never hidden, never cut.
    pub fn text(name: &'static str) -> Column {
        let heading = name.to_uppercase().into();
        Column { name, heading, right: false, importance: Column::ESSENTIAL, gives: Gives::Nothing, gap: GAP }
    }

    /// Marks, which stand close before what they are about.
    pub fn mark() -> Column {
        Column { gap: 1, ..Column::text("") }
    }

    /// Numbers, aligned right, never hidden.
    pub fn number(name: &'static str) -> Column {
        Column { right: true, ..Column::text(name) }
    }

    /// With another heading than its name.
    pub fn headed(self, heading: &'static str) -> Column {
        Column { heading: heading.into(), ..self }
    }

    /// Columns of the lowest importance are hidden first; of two equal ones, the right one.
    pub fn importance(self, importance: u8) -> Column {
        Column { importance, ..self }
    }

    /// With another way to give way.
    pub(super) fn giving(self, gives: Gives) -> Column {
        Column { gives, ..self }
    }

    /// Sentences, wrapped where the screen is narrow: into `least` columns before any column is hidden, into fewer only where
    /// hiding does not do.
    pub fn wrapped(self, least: usize) -> Column {
        Column { gives: Gives::Lines(least), ..self }
    }

    /// Ids, cut in their middle where the screen is narrow, likewise.
    pub fn cut(self, least: usize) -> Column {
        Column { gives: Gives::Middle(least), ..self }
    }

    /// Text of which the beginning tells most, cut at its end, likewise.
    pub fn clipped(self, least: usize) -> Column {
        Column { gives: Gives::End(least), ..self }
    }
}

/// A table, ready to be written.
pub struct Table<'a> {
    pub columns: Vec<Column>,
    pub rows: &'a dyn Rows,
    /// A last row; empty for none.
    pub totals: Vec<Cell<'a>>,
    pub headers: bool,
}

impl<'a> Table<'a> {
    /// With column names and without totals.
    pub fn new(columns: Vec<Column>, rows: &'a dyn Rows) -> Table<'a> {
        Table { columns, rows, totals: Vec::new(), headers: true }
    }

    /// Writes the table and gives the names of the columns that were hidden for want of width.
    pub fn write(&self, out: &mut dyn Write, screen: &Screen) -> io::Result<Vec<&'static str>> {
        match screen.width {
            Some(width) => self.write_to_terminal(width, screen.paint, out),
            None => self.write_lines(screen.paint, out).map(|()| Vec::new()),
        }
    }

    /// The rows and the totals.
    fn rows(&self) -> impl Iterator<Item = Vec<Cell<'_>>> {
        let rows = (0..self.rows.count()).map(|at| self.rows.row(at));
        rows.chain((!self.totals.is_empty()).then(|| self.totals.clone()))
    }

    /// What the widest of those texts of each column needs that `width` gives a width.
    fn widths(&self, mut widths: Vec<usize>, width: impl Fn(&str) -> Option<usize>) -> Vec<usize> {
        for cells in self.rows() {
            for (widest, cell) in widths.iter_mut().zip(cells) {
                *widest = (*widest).max(width(&cell.text).unwrap_or(0));
            }
        }
        widths
    }

    fn write_lines(&self, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
        let headings: Vec<Cell<'_>> = self.columns.iter().map(|column| Cell::new(column.heading.as_ref())).collect();
        let headings = Some(headings).filter(|_| self.headers);
        let least = |at: usize| headings.iter().map(|headings| width(&headings[at].text)).fold(1, usize::max);
        let aligned = |text: &str| Some(width(text)).filter(|width| *width <= ALIGNED);
        let widths = self.widths((0..self.columns.len()).map(least).collect(), aligned);
        for cells in headings.into_iter().chain(self.rows()) {
            let columns = self.columns.iter().zip(&widths);
            let parts = cells.iter().zip(columns).map(|(Cell { text, role }, (column, full))| {
                let free = full.saturating_sub(width(text));
                let (before, after) = if column.right { (free, 0) } else { (0, free) };
                (before, *role, text.as_ref(), after + column.gap)
            });
            write_line(out, paint, parts)?;
        }
        Ok(())
    }

    fn write_to_terminal(&self, screen: usize, paint: Paint, out: &mut dyn Write) -> io::Result<Vec<&'static str>> {
        let fitted = Fitted::new(self, screen);
        let mut rows: Vec<Vec<Cell<'_>>> = self.headers.then(|| fitted.headings()).into_iter().collect();
        let mut last = None;
        for (at, cells) in self.rows().enumerate() {
            let section = (at < self.rows.count()).then(|| self.rows.section(at)).flatten();
            let title = section.filter(|_| section != last);
            if title.is_some() || rows.len() == ROWS {
                fitted.write(&std::mem::take(&mut rows), paint, out)?;
            }
            if let Some(title) = title {
                let gap = if at > 0 || self.headers { "\n" } else { "" };
                writeln!(out, "{gap}{}", paint.text(Role::Heading, &visible(title)))?;
                last = section;
            }
            rows.push(fitted.shown(cells));
        }
        fitted.write(&rows, paint, out)?;
        if fitted.cuts {
            let said = format!(
                "texts of more than {LONGEST} characters are cut in their middle, with …; -o json has them whole"
            );
            note(&said, &Screen { width: Some(screen), paint, ..Screen::PLAIN }, out)?;
        }
        let is_hidden = |column: &&Column| !fitted.columns.iter().any(|shown| shown.column.name == column.name);
        Ok(self.columns.iter().filter(is_hidden).map(|column| column.name).collect())
    }
}

/// Writes a muted sentence, wrapped where the screen is narrow.
pub(super) fn note(text: &str, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let rows = vec![vec![Cell::of(Role::Muted, text)]];
    let table = Table { headers: false, ..Table::new(vec![Column::text("note").wrapped(1)], &rows) };
    table.write(out, screen).map(drop)
}

/// Names the columns that were hidden, if there are any, and with `how` what to do about it.
pub(super) fn note_hidden(hidden: &[&str], how: &str, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    if hidden.is_empty() {
        return Ok(());
    }
    note(&format!("hidden at this width: {}{how}", hidden.join(", ")), screen, out)
}

/// The blanks between two columns.
const GAP: usize = 2;
/// Stands between cells, in place of one of the blanks. No text has it: control characters were made visible.
const CELL: char = '\u{1f}';
/// A line of these stands between rows.
const ROW: char = '\u{1e}';
/// Text in fewer columns than this is no text any more.
const LEAST_WRAPPED: usize = 8;
/// How many rows are laid out at once.
const ROWS: usize = 500;
/// In a pipe columns are as wide as their widest text, up to this.
const ALIGNED: usize = 256;
/// No more characters of a text are shown on a terminal: five lines of 80 columns.
const LONGEST: usize = 400;

/// The columns that are shown on a terminal.
struct Fitted<'t> {
    columns: Vec<Fit<'t>>,
    /// How wide each is, with the blanks behind it but the last.
    widths: Vec<usize>,
    /// Whether a text is too long to be shown whole.
    cuts: bool,
}

/// A column that is shown.
struct Fit<'t> {
    at: usize,
    column: &'t Column,
    heading: String,
    /// What the widest text in it needs.
    natural: usize,
    /// The least width that it is meant to have.
    least: usize,
}

impl<'t> Fitted<'t> {
    fn new(table: &'t Table<'_>, screen: usize) -> Fitted<'t> {
        let heading = |column: &Column| column.heading.replace('_', " ");
        let headings: Vec<String> =
            table.columns.iter().map(|column| if table.headers { heading(column) } else { String::new() }).collect();
        let longest_word = |heading: &String| heading.split(' ').map(width).max().unwrap_or_default();
        let words: Vec<usize> = headings.iter().map(longest_word).collect();
        let cuts = Flag::new(false);
        let shown = |text: &str| {
            let text = shortened(text, LONGEST);
            cuts.set(cuts.get() || matches!(text, Cow::Owned(_)));
            Some(width(&text))
        };
        let natural = table.widths(words.clone(), shown).into_iter().zip(words);
        let mut columns: Vec<Fit<'_>> = (table.columns.iter().enumerate().zip(headings).zip(natural))
            .map(|(((at, column), heading), (natural, word))| {
                let least = column.gives.least().map_or(natural, |least| natural.min(least.max(word)));
                Fit { at, column, heading, natural, least }
            })
            .collect();
        let needed = |columns: &[Fit<'_>]| {
            columns.iter().map(|fit| fit.least + fit.column.gap).sum::<usize>().saturating_sub(GAP)
        };
        while needed(&columns) > screen {
            match columns.iter().enumerate().rev().min_by_key(|(_, fit)| fit.column.importance) {
                Some((at, fit)) if fit.column.importance < Column::ESSENTIAL => drop(columns.remove(at)),
                _ => break,
            }
        }
        // comfy-table is asked for the widths with a row as wide as the widest texts: rows need not be held all at once.
        let widest: Vec<String> = columns.iter().map(|fit| "-".repeat(fit.natural)).collect();
        let mut ruler = comfy_table(std::iter::once(widest.iter().map(String::as_str)));
        // Behind the last column stands no blank.
        ruler.set_width(narrow(screen + 1)).set_content_arrangement(ContentArrangement::Dynamic);
        let fits = needed(&columns) <= screen;
        for (drawn, Fit { column, least, .. }) in ruler.column_iter_mut().zip(&columns) {
            let blanks = column.gap - 1;
            drawn.set_padding((0, narrow(blanks))).set_constraint(match column.gives.least() {
                None => ColumnConstraint::Absolute(Width::Fixed(narrow(least + blanks))),
                Some(_) if fits => ColumnConstraint::LowerBoundary(Width::Fixed(narrow(least + blanks))),
                Some(_) => ColumnConstraint::LowerBoundary(Width::Fixed(narrow(LEAST_WRAPPED.min(*least) + blanks))),
            });
        }
        let widths = ruler.lines().next().unwrap_or_default().split(CELL).map(width).collect();
        Fitted { columns, widths, cuts: cuts.get() }
    }

    /// The cells of the columns that are shown.
    fn shown<'c>(&self, mut cells: Vec<Cell<'c>>) -> Vec<Cell<'c>> {
        let shown = |(fit, width): (&Fit<'_>, &usize)| {
            let Cell { text, role } = cells.get_mut(fit.at).map(std::mem::take).unwrap_or_default();
            let room = width.saturating_sub(fit.column.gap - 1);
            let fitted = match fit.column.gives {
                Gives::Nothing => shortened(&text, LONGEST),
                Gives::Middle(_) => cut_middle(&text, room),
                Gives::End(_) => cut_end(&text, room),
                Gives::Lines(_) => bound(&shortened(&text, LONGEST), room).into(),
            };
            let text = match fitted {
                Cow::Borrowed(_) => text,
                Cow::Owned(fitted) => fitted.into(),
            };
            Cell { text, role }
        };
        self.columns.iter().zip(&self.widths).map(shown).collect()
    }

    /// The names of the columns; those of several lines stand on the row below them.
    fn headings(&self) -> Vec<Cell<'static>> {
        let mut cells: Vec<Cell<'static>> =
            self.columns.iter().map(|fit| Cell::of(Role::Muted, fit.heading.clone())).collect();
        let lines: Vec<String> = self.draw(std::slice::from_ref(&cells)).lines().collect();
        for (column, cell) in cells.iter_mut().enumerate().filter(|(_, cell)| !cell.text.is_empty()) {
            let is_blank = |line: &&String| line.split(CELL).nth(column).is_none_or(|part| part.trim().is_empty());
            cell.text = format!("{}{}", "\n".repeat(lines.iter().filter(is_blank).count()), cell.text).into();
        }
        cells
    }

    /// The rows as comfy-table lays them out.
    fn draw(&self, rows: &[Vec<Cell<'_>>]) -> comfy_table::Table {
        let mut table = comfy_table(rows.iter().map(|row| row.iter().map(|cell| cell.text.as_ref())));
        for ((drawn, fit), width) in table.column_iter_mut().zip(&self.columns).zip(&self.widths) {
            drawn.set_padding((0, narrow(fit.column.gap - 1)));
            drawn.set_constraint(ColumnConstraint::Absolute(Width::Fixed(narrow(*width))));
            drawn.set_cell_alignment(if fit.column.right { CellAlignment::Right } else { CellAlignment::Left });
        }
        table
    }

    /// Colour is laid on here: comfy-table would count it as width.
    fn write(&self, rows: &[Vec<Cell<'_>>], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
        let mut rows_left = rows.iter();
        let mut row = rows_left.next();
        for line in self.draw(rows).lines() {
            if line.starts_with(ROW) {
                row = rows_left.next();
                continue;
            }
            let parts = line.split(CELL).zip(row.into_iter().flatten()).map(|(part, cell)| {
                let text = part.trim_start_matches(' ');
                let shown = text.trim_end_matches(' ');
                (part.len() - text.len(), cell.role, shown, text.len() - shown.len() + 1)
            });
            write_line(out, paint, parts)?;
        }
        Ok(())
    }
}

/// A table without lines that a person would see.
fn comfy_table<'c>(rows: impl Iterator<Item = impl Iterator<Item = &'c str>>) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    let style = TableStyle::new().content_lines(ContentLineStyle::none().junction(CELL));
    table.load_style(style.row_separator(LineStyle::none().fill(ROW)));
    table.add_rows(rows);
    table
}

fn narrow(width: usize) -> u16 {
    u16::try_from(width).unwrap_or(u16::MAX)
}

/// Writes texts, each with the blanks before and behind it. Nothing but text is painted, and no line ends in blanks.
fn write_line<'a>(
    out: &mut dyn Write,
    paint: Paint,
    parts: impl Iterator<Item = (usize, Role, &'a str, usize)>,
) -> io::Result<()> {
    let mut blanks = 0;
    for (before, role, text, after) in parts {
        blanks += before;
        if !text.is_empty() {
            write_blanks(out, blanks)?;
            // A blank that no line was to be broken at.
            let text = if text.is_ascii() { text.into() } else { Cow::Owned(text.replace('\u{a0}', " ")) };
            write!(out, "{}", paint.text(role, &text))?;
            blanks = 0;
        }
        blanks += after;
    }
    writeln!(out)
}

/// Any number of blanks: the width of a format has 16 bits.
pub(super) fn write_blanks(out: &mut dyn Write, mut count: usize) -> io::Result<()> {
    const BLANKS: &str = "                                ";
    while count > 0 {
        let some = count.min(BLANKS.len());
        out.write_all(&BLANKS.as_bytes()[..some])?;
        count -= some;
    }
    Ok(())
}

/// The columns that text without control characters takes; most of it is ASCII, whose characters take one each.
fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::Paint;
    use crate::text::hidden;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn at(width: usize) -> Screen {
        Screen { width: Some(width), ..Screen::PLAIN }
    }

    fn rules() -> Vec<Vec<Cell<'static>>> {
        vec![
            vec![Cell::new("rule-3394ce25"), Cell::of(Role::Error, "disabled"), Cell::new("1,234,567"), Cell::new("7")],
            vec![Cell::new("部署\u{1b}[2J"), Cell::of(Role::Healthy, "enabled"), Cell::new("0"), Cell::new("12")],
        ]
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::text("rule_id").wrapped(8),
            Column::text("status"),
            Column::number("matched").importance(2),
            Column::number("actions_taken").importance(1),
        ]
    }

    fn written(table: &Table<'_>, screen: &Screen) -> (String, String) {
        let mut out = Vec::new();
        let hidden = table.write(&mut out, screen).unwrap().join(",");
        (String::from_utf8(out).unwrap(), hidden)
    }

    #[test]
    fn a_pipe_gets_one_full_line_a_row() {
        let (text, hidden) = written(&Table::new(columns(), &rules()), &Screen::PLAIN);
        insta::assert_snapshot!(text, @r"
        RULE_ID        STATUS      MATCHED  ACTIONS_TAKEN
        rule-3394ce25  disabled  1,234,567              7
        部署\x1b[2J    enabled           0             12
        ");
        assert_eq!(hidden, "");
    }

    #[test]
    fn a_terminal_gets_narrow_column_names() {
        let (text, hidden) = written(&Table::new(columns(), &rules()), &at(80));
        insta::assert_snapshot!(text, @r"
                                            ACTIONS
        RULE ID        STATUS      MATCHED    TAKEN
        rule-3394ce25  disabled  1,234,567        7
        部署\x1b[2J    enabled           0       12
        ");
        assert_eq!(hidden, "");
    }

    #[test]
    fn text_is_wrapped_before_a_column_is_hidden() {
        let (text, hidden) = written(&Table::new(columns(), &rules()), &at(40));
        insta::assert_snapshot!(text, @r"
                                         ACTIONS
        RULE ID     STATUS      MATCHED    TAKEN
        rule-…ce25  disabled  1,234,567        7
        部署\x1b[2  enabled           0       12
        J
        ");
        assert_eq!(hidden, "");
    }

    #[test]
    fn the_least_important_columns_are_hidden_first() {
        let (text, hidden) = written(&Table::new(columns(), &rules()), &at(30));
        insta::assert_snapshot!(text, @r"
        RULE ID    STATUS      MATCHED
        rule…ce25  disabled  1,234,567
        部署\x1b[  enabled           0
        2J
        ");
        assert_eq!(hidden, "actions_taken");
        assert_eq!(written(&Table::new(columns(), &rules()), &at(25)).1, "matched,actions_taken");
    }

    #[test]
    fn what_must_be_shown_is_cut_in_its_middle_rather_than_hidden() {
        let rows = vec![vec![Cell::new("a-long-name-without-a-break"), Cell::new("up")]];
        let table = Table::new(vec![Column::text("name").wrapped(24), Column::text("status")], &rows);
        let (text, hidden) = written(&table, &at(20));
        insta::assert_snapshot!(text, @r"
        NAME          STATUS
        a-long…break  up
        ");
        assert_eq!(hidden, "");
    }

    #[test]
    fn only_the_text_of_a_cell_is_painted() {
        let screen = Screen { paint: Paint { colored: true }, ..Screen::PLAIN };
        let (text, _) = written(&Table { headers: false, ..Table::new(columns(), &rules()) }, &screen);
        let first = text.lines().next().unwrap();
        assert_eq!(first, "rule-3394ce25  \u{1b}[31;1mdisabled\u{1b}[0m  1,234,567   7");
    }

    #[test]
    fn totals_count_for_the_width() {
        let totals =
            vec![Cell::of(Role::Heading, "2 rules"), Cell::default(), Cell::new("10,000,000"), Cell::new("19")];
        let rows = rules();
        let (text, _) = written(&Table { totals, ..Table::new(columns(), &rows) }, &at(80));
        assert!(text.ends_with("\n2 rules                  10,000,000       19\n"), "{text}");
    }

    proptest! {
        #[test]
        fn a_row_is_one_line_in_a_pipe_and_no_text_acts(
            texts in vec(any::<(String, String)>(), 0..6),
            width in 1_usize..120,
        ) {
            let rows: Vec<Vec<Cell<'_>>> =
                texts.iter().map(|(one, other)| vec![Cell::new(one.as_str()), Cell::new(other.as_str())]).collect();
            let table = Table::new(vec![Column::text("one").wrapped(8), Column::text("other").importance(1)], &rows);
            let (piped, _) = written(&table, &Screen::PLAIN);
            prop_assert_eq!(piped.matches('\n').count(), rows.len() + 1, "{:?}", piped);
            for text in [piped, written(&table, &at(width)).0] {
                prop_assert_eq!(hidden(&text.replace('\n', "")).count(), 0, "{:?}", text);
            }
        }
    }

    #[test]
    fn every_row_has_the_same_width() {
        let rows: Vec<Vec<Cell<'_>>> = (0..1000).map(|i| vec![Cell::new(i.to_string()), Cell::new("x")]).collect();
        let table = Table::new(vec![Column::number("n"), Column::text("x")], &rows);
        let (text, _) = written(&table, &Screen::PLAIN);
        assert_eq!(text.lines().count(), 1001);
        assert!(text.lines().skip(1).all(|line| line.len() == 6 && line.ends_with("  x")), "{text}");
    }
}
