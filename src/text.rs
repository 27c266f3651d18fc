//! Text from elsewhere, made safe to show, and labels as the Prometheus text format writes them.
//!
//! A label value, a HELP text or an error body can hold escape sequences that repaint a terminal,
//! bidirectional overrides that reorder what stands beside them, and characters nobody sees. Machine
//! formats (JSON, CSV, raw) carry such text as it is; whatever a person reads goes through [`visible`].

use std::borrow::Cow;
use std::fmt::Write;

/// `text` with every character that is no mark on the screen written as an escape: `\n`, `\t`, `\r`,
/// `\x1b` for the other control characters, `\u{202e}` for the rest. Nothing else is changed, backslashes included, so
/// the result is for reading, not for turning back. Borrows where there was nothing to do.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    // Nearly all text is plain ASCII, of which many bytes are looked at at a time.
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let Some(first) = text.find(is_hidden) else { return Cow::Borrowed(text) };
    let (clean, rest) = text.split_at(first);
    let mut shown = String::with_capacity(text.len() + 8);
    shown.push_str(clean);
    let mut before = clean.chars().next_back();
    let mut chars = rest.chars();
    while let Some(c) = chars.next() {
        let after = chars.clone().next();
        match c {
            c if belongs(before, c, after) => shown.push(c),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            // Writing to a String cannot fail.
            c if c.is_control() => drop(write!(shown, "\\x{:02x}", u32::from(c))),
            c if is_hidden(c) => drop(write!(shown, "\\u{{{:x}}}", u32::from(c))),
            c => shown.push(c),
        }
        before = Some(c);
    }
    Cow::Owned(shown)
}

/// `value` as the Prometheus text format writes it between quotes: a backslash, a quote and a line feed escaped.
pub(crate) fn label_value(value: &str) -> Cow<'_, str> {
    if value.contains(['\\', '"', '\n']) {
        value.replace('\\', r"\\").replace('"', r#"\""#).replace('\n', r"\n").into()
    } else {
        value.into()
    }
}

/// Labels as the text format writes them, without braces: `a="1",b="2"`, with `separator` for the comma.
pub(crate) fn labels(labels: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>, separator: &str) -> String {
    let mut text = String::new();
    for (name, value) in labels {
        if !text.is_empty() {
            text.push_str(separator);
        }
        text.extend([name.as_ref(), "=\"", &label_value(value.as_ref()), "\""]);
    }
    text
}

/// Control characters (C0, DEL, C1), and those characters that change how their neighbours are shown or are not shown
/// themselves: two texts that differ must not look the same. Unicode's `Default_Ignorable_Code_Point` (DerivedCoreProperties 16.0),
/// and what is blank without being a space.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}'                      // soft hyphen
            | '\u{34f}'                   // combining grapheme joiner
            | '\u{61c}'                   // Arabic letter mark
            | '\u{115f}'..='\u{1160}'     // Hangul fillers
            | '\u{17b4}'..='\u{17b5}'     // Khmer inherent vowels
            | '\u{180b}'..='\u{180f}'     // Mongolian variation selectors and vowel separator
            | '\u{200b}'..='\u{200f}'     // zero-width space and joiners, left-to-right and right-to-left marks
            | '\u{2028}'..='\u{202e}'     // line and paragraph separators, bidirectional embeddings and overrides
            | '\u{2060}'..='\u{206f}'     // word joiner, invisible operators, bidirectional isolates, deprecated formatting
            | '\u{2800}'                  // Braille pattern blank
            | '\u{3164}'                  // Hangul filler
            | '\u{fe00}'..='\u{fe0f}'     // variation selectors
            | '\u{feff}'                  // byte order mark
            | '\u{ffa0}'                  // halfwidth Hangul filler
            | '\u{fff0}'..='\u{fffb}'     // unassigned, interlinear annotation
            | '\u{1bca0}'..='\u{1bca3}'   // shorthand format controls
            | '\u{1d173}'..='\u{1d17a}'   // musical format controls
            | '\u{e0000}'..='\u{e0fff}') // tags, further variation selectors
}

/// Whether a hidden character stands where it belongs: a joiner between two emoji, a selector behind one.
fn belongs(before: Option<char>, c: char, after: Option<char>) -> bool {
    let is_emoji = |c: Option<char>| {
        c.is_some_and(|c| {
            matches!(
                c,
                '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{3030}' | '\u{303d}'
            ) || matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{27bf}' | '\u{2900}'..='\u{297f}')
                || matches!(c, '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
        })
    };
    match c {
        '\u{200d}' => (is_emoji(before) || before == Some('\u{fe0f}')) && is_emoji(after),
        '\u{fe0f}' => is_emoji(before),
        _ => false,
    }
}

/// A word for a shell, in quotes where it needs them.
pub(crate) fn quoted(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/:._-".contains(c);
    if text.chars().all(plain) { text.into() } else { format!("'{}'", text.replace('\'', r"'\''")).into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_written_as_the_text_format_has_them() {
        let pairs = [("a", "1"), ("b", "say \"hi\\\"\n")];
        assert_eq!(labels(pairs, ","), r#"a="1",b="say \"hi\\\"\n""#);
        assert_eq!(labels([("", ""); 0], ","), "");
    }

    #[test]
    fn ordinary_text_is_borrowed() {
        for text in ["", "prod", "rule-3394ce25: 42 % — 部署 é 🚀", r"C:\x1b"] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn emoji_of_several_characters_are_ordinary_text() {
        for text in ["👨\u{200d}👩\u{200d}👧", "❤\u{fe0f}", "🏳\u{fe0f}\u{200d}🌈"] {
            assert_eq!(visible(text), text);
        }
        assert_eq!(visible("a\u{200d}👧"), "a\\u{200d}👧");
    }

    #[test]
    fn what_a_terminal_would_obey_is_spelled_out() {
        assert_eq!(visible("a\x1b[2Jb"), r"a\x1b[2Jb");
        assert_eq!(visible("\0\x07\x7f"), r"\x00\x07\x7f");
        assert_eq!(visible("a\u{9b}31m"), r"a\x9b31m");
        assert_eq!(visible("one\r\n\ttwo"), r"one\r\n\ttwo");
    }

    #[test]
    fn what_reorders_or_hides_is_spelled_out() {
        for c in [
            '\u{61c}',
            '\u{200b}',
            '\u{200e}',
            '\u{200f}',
            '\u{2028}',
            '\u{2029}',
            '\u{202a}',
            '\u{202e}',
            '\u{2066}',
            '\u{2069}',
            '\u{feff}',
            '\u{e0041}',
            '\u{115f}',
            '\u{3164}',
            '\u{ffa0}',
            '\u{34f}',
            '\u{2800}',
            '\u{fe0f}',
            '\u{200d}',
            '\u{e0100}',
        ] {
            assert_eq!(visible(&format!("é{c}x")), format!("é\\u{{{:x}}}x", u32::from(c)));
        }
    }
}
