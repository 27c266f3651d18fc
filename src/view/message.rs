//! What is said beside the answer, on stderr: a line each, its kind first.

use super::style::{Paint, Role};
use crate::text::visible;
use std::io::{self, Write};

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    Error,
    /// What makes a verdict critical.
    Critical,
    /// What keeps a verdict from being reached.
    Unknown,
    /// What to do about the error above it.
    Hint,
    Warning,
    /// What is going on, for those who asked for it.
    Note,
}

impl Label {
    fn word(self) -> (&'static str, Role) {
        match self {
            Label::Error => ("error:", Role::Error),
            Label::Critical => ("critical:", Role::Error),
            Label::Unknown => ("unknown:", Role::Warning),
            Label::Hint => ("hint:", Role::Heading),
            Label::Warning => ("warning:", Role::Warning),
            Label::Note => ("note:", Role::Muted),
        }
    }
}

/// Writes `label: text` on one line; hidden characters in `text`, line ends included, are made visible.
///
/// # Errors
/// What `out` says.
pub fn message(out: &mut dyn Write, paint: Paint, label: Label, text: &str) -> io::Result<()> {
    let (word, role) = label.word();
    writeln!(out, "{} {}", paint.text(role, word), visible(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_that_no_server_can_break() {
        let mut out = Vec::new();
        message(&mut out, Paint { colored: false }, Label::Error, "prod: 'a\nhint: b\u{1b}[2J' refused").unwrap();
        message(&mut out, Paint { colored: true }, Label::Hint, "do this").unwrap();
        let expected = "error: prod: 'a\\nhint: b\\x1b[2J' refused\n\u{1b}[1mhint:\u{1b}[0m do this\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
