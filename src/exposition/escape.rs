//! Spans of a line, and the escapes that may stand in them.

use std::borrow::Cow;

/// Where a name or a value stands in its line, in bytes, without its quotes and with its escapes.
/// Both ends are character boundaries; a line is shorter than 4 GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Text {
    pub start: u32,
    pub end: u32,
}

impl Text {
    pub fn new(start: usize, end: usize) -> Text {
        // The parser refuses lines far below this bound.
        Text { start: start as u32, end: end as u32 }
    }

    /// The text itself, still escaped.
    pub fn of(self, line: &str) -> &str {
        line.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// Replaces `\\`, `\"` and `\n` by what they stand for; allocates only where there is one.
pub(super) fn unescape(raw: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'\\', raw.as_bytes()) else { return Cow::Borrowed(raw) };
    let (plain, mut rest) = raw.split_at_checked(first).unwrap_or((raw, ""));
    let mut text = String::with_capacity(raw.len());
    text.push_str(plain);
    while let Some(escape) = rest.strip_prefix('\\') {
        let mut after = escape.chars();
        match after.next() {
            Some('n') => text.push('\n'),
            // The parser has refused every other escape.
            Some(other) => text.push(other),
            None => {}
        }
        let tail = after.as_str();
        let next = memchr::memchr(b'\\', tail.as_bytes()).unwrap_or(tail.len());
        let (plain, escaped) = tail.split_at_checked(next).unwrap_or((tail, ""));
        text.push_str(plain);
        rest = escaped;
    }
    Cow::Owned(text)
}

/// Writes `text` as it stands between quotes.
pub(super) fn escape_into(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
}

/// Where in `text` a backslash begins no escape of the text format, if it does.
pub(super) fn unknown_escape(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        at += found;
        match bytes.get(at + 1) {
            Some(b'\\' | b'"' | b'n') => at += 2,
            _ => return Some(at),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_escaped_text_allocates() {
        assert!(matches!(unescape("pläin"), Cow::Borrowed("pläin")));
        for (raw, text) in [(r"a\\b", r"a\b"), (r#"\"q\""#, "\"q\""), (r"\n", "\n"), (r"\\n", r"\n"), (r"ü\\ü", r"ü\ü")]
        {
            assert_eq!(unescape(raw), text);
            let mut back = String::new();
            escape_into(text, &mut back);
            assert_eq!(back, raw);
        }
    }

    #[test]
    fn unknown_escapes_are_found() {
        for (raw, at) in [(r"\t", Some(0)), (r"\\\d", Some(2)), (r"end\", Some(3)), (r#"\\\"\n"#, None), ("", None)] {
            assert_eq!(unknown_escape(raw), at, "{raw}");
        }
    }
}
