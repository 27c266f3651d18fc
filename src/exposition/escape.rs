//! Spans of a line, and the escapes that may stand in them.

use std::borrow::Cow;

/// Where a name or a value stands in its line, in bytes, without its quotes and with its escapes.
///
/// Both ends are character boundaries. In one number, so that it travels in a register: 32 bits of
/// start, 31 of end, one that says whether an escape is in it. A line is far shorter than 2 GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Text(u64);

impl Text {
    const ESCAPED: u64 = 1 << 63;

    /// One without escapes.
    pub(super) const fn plain(start: usize, end: usize) -> Text {
        Text((end as u64) << 32 | start as u64)
    }

    /// One with escapes.
    pub(super) const fn escaped(start: usize, end: usize) -> Text {
        Text(Text::plain(start, end).0 | Text::ESCAPED)
    }

    pub(super) fn start(self) -> usize {
        self.0 as u32 as usize
    }

    pub(super) fn end(self) -> usize {
        (self.0 >> 32) as usize & 0x7fff_ffff
    }

    pub(super) fn len(self) -> usize {
        self.end() - self.start()
    }

    /// The same text in a line where what was at `from` stands at `to`.
    pub(super) fn moved(self, from: usize, to: usize) -> Text {
        let by = (to as u64).wrapping_sub(from as u64);
        let moved = |at: u64| at.wrapping_add(by) & 0x7fff_ffff;
        Text(self.0 & Text::ESCAPED | moved(self.end() as u64) << 32 | moved(self.start() as u64))
    }

    /// The text as it stands in the line. The escapes of names and values are such that equal raw texts
    /// are equal texts and different ones different.
    #[inline]
    pub(super) fn raw(self, line: &str) -> &str {
        line.get(self.start()..self.end()).unwrap_or_default()
    }

    /// The text itself; allocates only where an escape is in it.
    #[inline]
    pub(super) fn read(self, line: &str) -> Cow<'_, str> {
        let raw = self.raw(line);
        if self.0 & Text::ESCAPED != 0 { unescape(raw) } else { Cow::Borrowed(raw) }
    }
}

/// Replaces `\\`, `\"` and `\n` by what they stand for; allocates only where there is one.
#[cold]
fn unescape(raw: &str) -> Cow<'_, str> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::label_value;

    #[test]
    fn only_an_escaped_text_allocates() {
        let line = "pläin \\n";
        assert!(matches!(Text::plain(0, 6).read(line), Cow::Borrowed("pläin")));
        assert!(matches!(Text::escaped(7, 9).read(line), Cow::Owned(text) if text == "\n"));
        for (raw, text) in [(r"a\\b", r"a\b"), (r#"\"q\""#, "\"q\""), (r"\n", "\n"), (r"\\n", r"\n"), (r"ü\\ü", r"ü\ü")]
        {
            assert_eq!(unescape(raw), text);
            assert_eq!(label_value(text), raw);
        }
    }
}
