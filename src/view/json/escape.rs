//! JSON in which nothing can act on a terminal: what is hidden is written as `\uXXXX`, which reads back the same.

use crate::text::hidden;
use std::io::{self, Write};

/// Takes JSON: characters beyond ASCII stand in strings only, and serde_json writes none of them in parts. It comes in very small pieces, which
/// are looked at many at a time. Call [`Escape::finish`] at the end.
pub(super) struct Escape<'o> {
    out: &'o mut dyn Write,
    held: Vec<u8>,
}

/// How much is looked at together, in bytes.
const PIECE: usize = 32 * 1024;

impl<'o> Escape<'o> {
    pub(super) fn new(out: &'o mut dyn Write) -> Escape<'o> {
        Escape { out, held: Vec::new() }
    }

    /// Writes what is held.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.pass_on()
    }

    fn pass_on(&mut self) -> io::Result<()> {
        let Escape { out, held: json } = self;
        // Below 0x20 serde_json escapes by itself.
        if json.iter().fold(true, |plain, byte| plain & (*byte < 0x7f)) {
            out.write_all(json)?;
        } else {
            let text = std::str::from_utf8(json).map_err(io::Error::other)?;
            let mut done = 0;
            // A line end stands between members: in strings serde_json escapes it.
            for (at, hidden) in hidden(text).filter(|(_, hidden)| *hidden != '\n') {
                out.write_all(&json[done..at])?;
                for unit in hidden.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
                done = at + hidden.len_utf8();
            }
            out.write_all(&json[done..])?;
        }
        json.clear();
        Ok(())
    }
}

impl Write for Escape<'_> {
    #[inline]
    fn write(&mut self, json: &[u8]) -> io::Result<usize> {
        self.write_all(json).map(|()| json.len())
    }

    #[inline]
    fn write_all(&mut self, json: &[u8]) -> io::Result<()> {
        self.held.extend_from_slice(json);
        if self.held.len() < PIECE { Ok(()) } else { self.pass_on() }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass_on()?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        let mut escape = Escape::new(&mut out);
        serde_json::to_writer(&mut escape, text).unwrap();
        escape.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    proptest! {
        #[test]
        fn any_text_is_valid_and_reads_back_and_acts_on_no_terminal(text in any::<String>()) {
            let json = written(&text);
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
            prop_assert!(json.chars().all(|c| !c.is_control()));
            prop_assert_eq!(hidden(&json).count(), 0, "{}", json);
        }
    }

    #[test]
    fn pieces_end_where_characters_end() {
        let all: Vec<String> = (0..PIECE / 3).map(|n| format!("é\u{202e}{n}")).collect();
        let mut out = Vec::new();
        let mut escape = Escape::new(&mut out);
        serde_json::to_writer(&mut escape, &all).unwrap();
        escape.finish().unwrap();
        assert_eq!(serde_json::from_slice::<Vec<String>>(&out).unwrap(), all);
        assert!(!String::from_utf8(out).unwrap().contains('\u{202e}'));
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
