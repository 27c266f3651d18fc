//! Tokens of a line, and what is said of a line that has other ones.

use super::escape::Text;
use std::ops::Range;

/// What is wrong with a line, and at which byte of it. A pointer, so that results stay in registers.
#[derive(Debug, PartialEq)]
pub(super) struct Fault(Box<(usize, String)>);

impl Fault {
    #[cold]
    pub(super) fn new(at: usize, reason: impl Into<String>) -> Fault {
        Fault(Box::new((at, reason.into())))
    }

    pub(super) fn into_parts(self) -> (usize, String) {
        *self.0
    }
}

/// A place in a line.
pub(super) struct Cursor<'a> {
    pub(super) line: &'a str,
    pub(super) at: usize,
}

impl Cursor<'_> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.line.as_bytes().get(self.at).copied()
    }

    pub(super) fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// Up to the next blank.
    pub(super) fn token(&mut self) -> Range<usize> {
        let start = self.at;
        while !matches!(self.peek(), None | Some(b' ' | b'\t')) {
            self.at += 1;
        }
        start..self.at
    }

    /// An unquoted metric name.
    pub(super) fn metric_name(&mut self) -> Option<Text> {
        self.identifier(METRIC)
    }

    /// An unquoted label name: as a metric's, without colons.
    pub(super) fn label_name(&mut self) -> Option<Text> {
        self.identifier(LABEL)
    }

    /// Bytes of the kind `kind`, the first one no digit.
    #[inline]
    fn identifier(&mut self, kind: u8) -> Option<Text> {
        let start = self.at;
        let rest = self.line.as_bytes().get(start..).unwrap_or_default();
        let length = identifier_length(rest, kind);
        if length == 0 || rest.first().is_some_and(u8::is_ascii_digit) {
            return None;
        }
        self.at += length;
        Some(Text::plain(start, self.at))
    }

    /// What stands between this quote and the next that is not escaped.
    #[inline]
    pub(super) fn quoted(&mut self) -> Result<Text, Fault> {
        let start = self.at + 1;
        let rest = self.line.as_bytes().get(start..).unwrap_or_default();
        match quote_or_backslash(rest) {
            Some(length) if rest.get(length) == Some(&b'"') => {
                self.at = start + length + 1;
                Ok(Text::plain(start, start + length))
            }
            _ => self.quoted_with_escapes(),
        }
    }

    #[cold]
    fn quoted_with_escapes(&mut self) -> Result<Text, Fault> {
        let start = self.at + 1;
        let bytes = self.line.as_bytes();
        let mut at = start;
        loop {
            let Some(found) = quote_or_backslash(bytes.get(at..).unwrap_or_default()) else {
                let reason = "this quote is not closed before the end of the line";
                return Err(Fault::new(self.at, reason));
            };
            at += found;
            match (bytes.get(at), bytes.get(at + 1)) {
                (Some(b'"'), _) => {
                    self.at = at + 1;
                    return Ok(Text::escaped(start, at));
                }
                (_, Some(b'\\' | b'"' | b'n')) => at += 2,
                _ => return Err(self.bad_escape(at)),
            }
        }
    }

    /// The quoted text here, which has to say something.
    pub(super) fn quoted_name(&mut self) -> Result<Text, Fault> {
        let at = self.at;
        let name = self.quoted()?;
        if name.len() == 0 { Err(Fault::new(at, "a name must not be empty")) } else { Ok(name) }
    }

    pub(super) fn expect_end(&self, place: &str) -> Result<(), Fault> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected(&format!("the end of the line {place}"))),
        }
    }

    /// Says what should stand here and what does.
    #[cold]
    pub(super) fn unexpected(&self, expected: &str) -> Fault {
        let rest = self.line.get(self.at..).unwrap_or_default();
        let found = rest.split([' ', '\t']).next().filter(|token| !token.is_empty());
        let found = match found.or_else(|| rest.get(..1)) {
            Some(token) => excerpt(token),
            None => "the end of the line".to_owned(),
        };
        Fault::new(self.at, format!("expected {expected}, found {found}"))
    }

    /// Says that the backslash at `at` begins no escape.
    #[cold]
    pub(super) fn bad_escape(&self, at: usize) -> Fault {
        let escape: String = self.line.get(at..).unwrap_or_default().chars().take(2).collect();
        Fault::new(at, format!("{} is no escape: \\\\, \\\" and \\n are", excerpt(&escape)))
    }
}

/// A short piece of the input in quotes, with what does not print made visible.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 32;
    let shown: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    let more = if text.chars().nth(LONGEST).is_some() { "…" } else { "" };
    format!("'{shown}{more}'")
}

/// Whether `text` can stand as a metric's name without quotes.
pub(super) fn is_metric_name(text: &str) -> bool {
    is_identifier(text, METRIC)
}

/// Whether `text` can stand as a label's name without quotes.
pub(super) fn is_label_name(text: &str) -> bool {
    is_identifier(text, LABEL)
}

fn is_identifier(text: &str, kind: u8) -> bool {
    let mut cursor = Cursor { line: text, at: 0 };
    cursor.identifier(kind).is_some() && cursor.peek().is_none()
}

const LABEL: u8 = 1;
const METRIC: u8 = 2;

/// Which names a byte may stand in.
static BYTES: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let of_names = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_';
        kinds[byte] = if of_names { LABEL | METRIC } else { 0 };
        byte += 1;
    }
    kinds[b':' as usize] = METRIC;
    kinds
};

// Names and values are too short for a call to a vectorized search to pay: eight bytes are looked at as
// one number, in which each byte's answer is its high bit.
const ONES: u64 = u64::MAX / 255;
const HIGHS: u64 = ONES << 7;

/// How many bytes at the beginning are of the kind `kind`.
#[inline]
fn identifier_length(bytes: &[u8], kind: u8) -> usize {
    let mut at = 0;
    let mut rest = bytes;
    while let Some((eight, after)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*eight);
        // With the high bits away no sum reaches into the next byte.
        let low = word & !HIGHS;
        let from = |first: u8, word: u64| word + ONES * u64::from(0x80 - first);
        let letter = from(b'a', low | (ONES << 5)) & !from(b'z' + 1, low | (ONES << 5));
        // '0' to '9', and the colon behind them.
        let last = if kind == METRIC { b':' } else { b'9' };
        let digit = from(b'0', low) & !from(last + 1, low);
        let underscore = !from(1, low ^ (ONES * u64::from(b'_')));
        let other = !(letter | digit | underscore) & HIGHS | word & HIGHS;
        if other != 0 {
            return at + other.trailing_zeros() as usize / 8;
        }
        at += 8;
        rest = after;
    }
    at + rest.iter().take_while(|byte| BYTES[**byte as usize] & kind != 0).count()
}

/// Where the first quote or backslash stands.
#[inline]
fn quote_or_backslash(bytes: &[u8]) -> Option<usize> {
    // Exact up to the first that is zero, which is the one asked for.
    let zeroes = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let mut at = 0;
    let mut rest = bytes;
    while let Some((eight, after)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*eight);
        let found = zeroes(word ^ (ONES * u64::from(b'"'))) | zeroes(word ^ (ONES * u64::from(b'\\')));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
        rest = after;
    }
    rest.iter().position(|byte| matches!(byte, b'"' | b'\\')).map(|found| at + found)
}

/// Whether there are escapes in `text`; an error is where a backslash begins none.
pub(super) fn has_escapes(text: &str) -> Result<bool, usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        at += found;
        match bytes.get(at + 1) {
            Some(b'\\' | b'"' | b'n') => at += 2,
            _ => return Err(at),
        }
    }
    Ok(at > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bytes_at_a_time_or_one_find_the_same() {
        for byte in 0..=255u8 {
            for at in 0..17 {
                let mut bytes = [b'a'; 17];
                bytes[at] = byte;
                for (kind, more) in [(LABEL, "_"), (METRIC, "_:")] {
                    let belongs = byte.is_ascii_alphanumeric() || more.as_bytes().contains(&byte);
                    let expected = if belongs { 17 } else { at };
                    assert_eq!(identifier_length(&bytes, kind), expected, "byte {byte} at {at}");
                }
                let expected = matches!(byte, b'"' | b'\\').then_some(at);
                assert_eq!(quote_or_backslash(&bytes), expected, "byte {byte} at {at}");
            }
        }
    }

    #[test]
    fn unknown_escapes_are_found() {
        for (text, expected) in [
            (r"\t", Err(0)),
            (r"\\\d", Err(2)),
            (r"end\", Err(3)),
            (r#"\\\"\n"#, Ok(true)),
            (r"a\\", Ok(true)),
            ("a", Ok(false)),
        ] {
            assert_eq!(has_escapes(text), expected, "{text}");
        }
    }
}
