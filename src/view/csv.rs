//! CSV as RFC 4180 has it, with a line feed at the end of a line: a line of column names, then a line a row.
//!
//! Text that a spreadsheet would take for a formula has a `'` before it, as people write it there; numbers stay numbers.
//! Numbers are plain, what was not received is an empty field. Which columns there are does not depend on the data; those of
//! change are there with `--window`.

use super::answer::Answer;
use super::field::{FieldSpec, fields};
use super::options::Presentation;
use super::screen::Screen;
use super::select::{Order, shown_rows};
use crate::deployment::Field;
use crate::text::visible;
use crate::units;
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes the rows of `answer`.
pub(super) fn write(answer: &Answer, presentation: &Presentation, out: &mut dyn Write) -> io::Result<()> {
    let is_column = |field: &&FieldSpec| field.csv && (presentation.rates || !field.of_change);
    let of_csv = || fields(answer.kind).filter(is_column).collect::<Vec<_>>();
    let columns = presentation.columns.clone().unwrap_or_else(of_csv);
    if presentation.headers {
        write_line(out, columns.iter().map(|field| Cow::Borrowed(field.name)))?;
    }
    for row in shown_rows(answer, presentation, Order::ById) {
        let texts = columns.iter().map(|column| match row.value(column) {
            Field::Missing => Cow::Borrowed(""),
            Field::Number(value) => Cow::Owned(units::plain(value)),
            Field::Text(text) => Cow::Owned(self::text(&text, &presentation.screen)),
        });
        write_line(out, texts)?;
    }
    Ok(())
}

/// A field of text: no formula, whoever wrote it; on a terminal with what is hidden made visible.
pub(super) fn text(text: &str, screen: &Screen) -> String {
    let text = if screen.is_terminal() { visible(text) } else { text.into() };
    if text.starts_with(FORMULA) { format!("'{text}") } else { text.into_owned() }
}

/// What a formula begins with (OWASP, "CSV Injection").
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// One line; a field that holds a comma, a quote or a line end is quoted, and its quotes are doubled.
pub fn write_line<'a>(out: &mut dyn Write, texts: impl Iterator<Item = Cow<'a, str>>) -> io::Result<()> {
    let mut line = String::new();
    for (position, text) in texts.enumerate() {
        if position > 0 {
            line.push(',');
        }
        if text.contains([',', '"', '\n', '\r']) || text.starts_with(' ') || text.ends_with(' ') {
            line.extend(["\"", &text.replace('"', "\"\""), "\""]);
        } else {
            line.push_str(&text);
        }
    }
    // A line of one empty field would read back as no line.
    writeln!(out, "{}", if line.is_empty() { "\"\"" } else { &line })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn line(texts: &[&'static str]) -> String {
        let mut out = Vec::new();
        write_line(&mut out, texts.iter().map(|text| Cow::Borrowed(*text))).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// The fields of every line, read the simplest way there is.
    fn parse(csv: &str) -> Vec<Vec<String>> {
        let (mut lines, mut fields, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
        let mut chars = csv.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
                '"' => quoted = !quoted,
                ',' if !quoted => fields.push(std::mem::take(&mut field)),
                '\n' if !quoted => {
                    fields.push(std::mem::take(&mut field));
                    lines.push(std::mem::take(&mut fields));
                }
                c => field.push(c),
            }
        }
        assert!(!quoted && field.is_empty() && fields.is_empty(), "{csv:?}");
        lines
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(rows in vec(vec(any::<String>(), 3), 0..4)) {
            let mut out = Vec::new();
            for row in &rows {
                write_line(&mut out, row.iter().map(|text| Cow::Borrowed(text.as_str()))).unwrap();
            }
            prop_assert_eq!(parse(&String::from_utf8(out).unwrap()), rows);
        }

        #[test]
        fn no_text_is_a_formula(start in "[=+@\t\r'-]?", rest in any::<String>()) {
            let whole = start + &rest;
            let written = text(&whole, &Screen::PLAIN);
            prop_assert!(!written.starts_with(FORMULA));
            let guarded = format!("'{whole}");
            prop_assert!(written == whole || written == guarded);
        }
    }

    #[test]
    fn quotes_stand_where_they_must() {
        assert_eq!(line(&["a", "", "1.5"]), "a,,1.5\n");
        assert_eq!(
            line(&["a,b", "say \"hi\"", "two\nlines", "\r"]),
            "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"\r\"\n"
        );
        assert_eq!(line(&[" a", "b "]), "\" a\",\"b \"\n");
        assert_eq!(line(&["部署"]), "部署\n");
        assert_eq!(line(&[""]), "\"\"\n");
        assert_eq!(line(&["", ""]), ",\n");
    }
}
