//! CSV as RFC 4180 has it, with a line feed at the end of a line: a line of column names, then a line a row.
//!
//! Numbers are plain, what was not received is an empty field. Which columns there are does not depend on the data; those of
//! change are there with `--window`.

use super::answer::Answer;
use super::field::{FieldSpec, fields};
use super::options::Presentation;
use super::select::{Order, all_rows};
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
    let on_terminal = presentation.screen.is_terminal();
    if presentation.headers {
        write_line(out, columns.iter().map(|field| Cow::Borrowed(field.name)))?;
    }
    for row in all_rows(answer, presentation, Order::ById) {
        let texts = columns.iter().map(|column| match row.value(column) {
            Field::Missing => Cow::Borrowed(""),
            Field::Number(value) => Cow::Owned(units::plain(value)),
            Field::Text(text) if on_terminal => Cow::Owned(inert(visible(&text)).into_owned()),
            Field::Text(text) => Cow::Owned(inert(text).into_owned()),
        });
        write_line(out, texts)?;
    }
    Ok(())
}

/// Text that a spreadsheet would take for a formula, with a quote before it that says it is text (OWASP, "CSV Injection").
fn inert(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}").into() } else { text }
}

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

    fn line(texts: &[&'static str]) -> String {
        let mut out = Vec::new();
        write_line(&mut out, texts.iter().map(|text| Cow::Borrowed(*text))).unwrap();
        String::from_utf8(out).unwrap()
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
