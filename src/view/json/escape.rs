//! JSON in which nothing can act on a terminal: what is hidden is written as `\uXXXX`, which reads back the same.

use crate::text::hidden;
use std::io::{self, Write};

/// Takes JSON: characters beyond ASCII stand in strings only, and serde_json writes none of them in parts.
pub(super) struct Escape<'o>(pub &'o mut dyn Write);

impl Write for Escape<'_> {
    fn write(&mut self, json: &[u8]) -> io::Result<usize> {
        // Below 0x20 serde_json escapes by itself.
        if json.iter().all(|byte| *byte < 0x7f) {
            self.0.write_all(json)?;
            return Ok(json.len());
        }
        let text = std::str::from_utf8(json).map_err(io::Error::other)?;
        let mut done = 0;
        for (at, hidden) in hidden(text) {
            self.0.write_all(&json[done..at])?;
            for unit in hidden.encode_utf16(&mut [0; 2]) {
                write!(self.0, "\\u{unit:04x}")?;
            }
            done = at + hidden.len_utf8();
        }
        self.0.write_all(&json[done..])?;
        Ok(json.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        serde_json::to_writer(Escape(&mut out), text).unwrap();
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
