//! A table of text: borderless, two spaces between columns, muted column names.
//!
//! On a terminal it fits the width: long text is wrapped down to its column's minimum, then the least important
//! columns are hidden; a number is never broken and nothing is ever cut. [`Table::write`] gives the names of what
//! was hidden. Without a width (a pipe, a file) every column has its full width and every row is one line.
//!
//! Cells are asked for twice, once to measure and once to write, and never held all at once.

mod line;
mod plain;
mod terminal;

use super::Screen;
use crate::style::Role;
use crate::text::visible;
use std::borrow::Cow;
use std::io::{self, Write};

/// Where rows come from.
pub trait Rows {
    /// How many there are.
    fn count(&self) -> usize;
    /// What stands in a row (below [`Rows::count`]) under a column (by its place in [`Table::columns`]).
    fn cell(&self, row: usize, column: usize) -> Cell<'_>;
    /// The name of the section that begins with this row.
    fn section(&self, _row: usize) -> Option<&str> {
        None
    }
}

/// The text of one cell. Foreign text may stand in it as it is: the table makes hidden characters visible.
#[derive(Debug, Clone, Default)]
pub struct Cell<'a> {
    pub text: Cow<'a, str>,
    pub role: Role,
}

impl<'a> Cell<'a> {
    /// Plain text.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Cell<'a> {
        Cell::of(Role::Plain, text)
    }

    /// Text with a meaning.
    pub fn of(role: Role, text: impl Into<Cow<'a, str>>) -> Cell<'a> {
        Cell { text: text.into(), role }
    }

    /// Without what a terminal would obey, line ends included.
    fn shown(self) -> Cell<'a> {
        match visible(&self.text) {
            Cow::Borrowed(_) => self,
            Cow::Owned(text) => Cell::of(self.role, text),
        }
    }
}

/// Rows that are few enough to be held.
impl Rows for Vec<Vec<Cell<'_>>> {
    fn count(&self) -> usize {
        self.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let found = self.get(row).and_then(|cells| cells.get(column));
        found.map(|cell| Cell::of(cell.role, cell.text.as_ref())).unwrap_or_default()
    }
}

/// One column: its name and how it gives way on a narrow screen.
#[derive(Debug, Clone)]
pub struct Column {
    /// As `--columns` takes it; shown in capitals.
    pub name: Cow<'static, str>,
    heading: Option<&'static str>,
    right: bool,
    importance: u8,
    min: Option<usize>,
}

impl Column {
    /// A column that is never hidden.
    pub const ESSENTIAL: u8 = u8::MAX;

    /// Text, aligned left, never hidden, never wrapped.
    pub fn text(name: impl Into<Cow<'static, str>>) -> Column {
        Column { name: name.into(), heading: None, right: false, importance: Column::ESSENTIAL, min: None }
    }

    /// Numbers, aligned right, never hidden.
    pub fn number(name: impl Into<Cow<'static, str>>) -> Column {
        Column { right: true, ..Column::text(name) }
    }

    /// With another heading than its name.
    pub fn headed(self, heading: &'static str) -> Column {
        Column { heading: Some(heading), ..self }
    }

    /// What stands above it.
    fn heading(&self) -> String {
        self.heading.map_or_else(|| self.name.to_uppercase(), str::to_owned)
    }

    /// Columns of the lowest importance are hidden first; of two equal ones, the right one.
    pub fn importance(self, importance: u8) -> Column {
        Column { importance, ..self }
    }

    /// Text that may be wrapped where the screen is narrow: into `min` columns before any column is hidden, into fewer
    /// only where hiding does not do.
    pub fn wrapped(self, min: usize) -> Column {
        Column { min: Some(min), ..self }
    }
}

/// A table, ready to be written.
pub struct Table<'a> {
    pub columns: Vec<Column>,
    pub rows: &'a dyn Rows,
    /// A last row, in bold; empty for none.
    pub totals: Vec<Cell<'a>>,
    pub headers: bool,
}

impl<'a> Table<'a> {
    /// With column names and without totals.
    pub fn new(columns: Vec<Column>, rows: &'a dyn Rows) -> Table<'a> {
        Table { columns, rows, totals: Vec::new(), headers: true }
    }

    /// Writes the table and gives the names of the columns that were hidden for want of width.
    ///
    /// # Errors
    /// What `out` says.
    pub fn write(&self, out: &mut dyn Write, screen: &Screen) -> io::Result<Vec<&str>> {
        match screen.width {
            Some(width) => terminal::write_table(self, width, screen.paint, out),
            None => plain::write_table(self, screen.paint, out).map(|()| Vec::new()),
        }
    }

    fn total(&self, column: usize) -> Cell<'_> {
        self.totals.get(column).cloned().unwrap_or_default()
    }
}

/// Writes a muted sentence, wrapped where the screen is narrow.
///
/// # Errors
/// What `out` says.
pub fn note(text: &str, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let rows = vec![vec![Cell::of(Role::Muted, text)]];
    let table = Table { headers: false, ..Table::new(vec![Column::text("note").wrapped(1)], &rows) };
    table.write(out, screen).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::Paint;

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
        rule-3394c  disabled  1,234,567        7
        e25
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
        rule-3394  disabled  1,234,567
        ce25
        部署\x1b[  enabled           0
        2J
        ");
        assert_eq!(hidden, "actions_taken");
        assert_eq!(written(&Table::new(columns(), &rules()), &at(25)).1, "matched,actions_taken");
    }

    #[test]
    fn what_must_be_shown_is_wrapped_below_its_least_width_rather_than_cut() {
        let rows = vec![vec![Cell::new("a-long-name-without-a-break"), Cell::new("up")]];
        let table = Table::new(vec![Column::text("name").wrapped(24), Column::text("status")], &rows);
        let (text, hidden) = written(&table, &at(20));
        insta::assert_snapshot!(text, @r"
        NAME          STATUS
        a-long-name-  up
        without-a-br
        eak
        ");
        assert_eq!(hidden, "");
    }

    #[test]
    fn only_the_text_of_a_cell_is_painted() {
        let screen = Screen { width: None, paint: Paint { colored: true } };
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

    #[test]
    fn every_row_has_the_same_width() {
        let rows: Vec<Vec<Cell<'_>>> = (0..1000).map(|i| vec![Cell::new(i.to_string()), Cell::new("x")]).collect();
        let table = Table::new(vec![Column::number("n"), Column::text("x")], &rows);
        let (text, _) = written(&table, &Screen::PLAIN);
        assert_eq!(text.lines().count(), 1001);
        assert!(text.lines().skip(1).all(|line| line.len() == 6 && line.ends_with("  x")), "{text}");
    }
}
