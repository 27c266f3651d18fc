//! JSON in which nothing can act on a terminal: what is hidden is written as `\uXXXX`, which reads back the same.

use crate::text::is_hidden;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};
use std::io::{self, Write};

/// One line, or spread over lines with two spaces an indent.
pub enum Layout {
    Line(CompactFormatter),
    Lines(PrettyFormatter<'static>),
}

impl Layout {
    pub fn line() -> Layout {
        Layout::Line(CompactFormatter)
    }

    pub fn lines() -> Layout {
        Layout::Lines(PrettyFormatter::new())
    }
}

macro_rules! delegate {
    ($($method:ident($($name:ident: $kind:ty),*);)*) => {$(
        #[inline]
        fn $method<W: ?Sized + Write>(&mut self, writer: &mut W $(, $name: $kind)*) -> io::Result<()> {
            match self {
                Layout::Line(layout) => layout.$method(writer $(, $name)*),
                Layout::Lines(layout) => layout.$method(writer $(, $name)*),
            }
        }
    )*};
}

impl Formatter for Layout {
    delegate! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        // Below 0x20 serde_json escapes by itself.
        if fragment.bytes().all(|byte| byte < 0x7f) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some((clean, hidden)) = rest.char_indices().find(|(_, c)| is_hidden(*c)) {
            let (before, after) = rest.split_at(clean);
            writer.write_all(before.as_bytes())?;
            for unit in hidden.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = after.strip_prefix(hidden).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        text.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Layout::line())).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_a_terminal_would_obey_is_escaped_and_reads_back() {
        for (text, json) in [
            ("部署 é 🚀 \"q\"", r#""部署 é 🚀 \"q\"""#),
            ("a\u{9b}31m\u{7f}", r#""a\u009b31m\u007f""#),
            ("\u{202e}é\u{1b}[2J", r#""\u202eé\u001b[2J""#),
            ("\u{e0041}", r#""\udb40\udc41""#),
        ] {
            assert_eq!(written(text), json);
            assert_eq!(serde_json::from_str::<String>(json).unwrap(), text);
        }
    }
}
