//! Text from elsewhere, made safe to show, and labels as the Prometheus text format writes them.
//!
//! A label value, a HELP text or an error body can hold escape sequences that repaint a terminal,
//! bidirectional overrides that reorder what stands beside them, and characters nobody sees. Machine
//! formats (JSON, CSV, raw) carry such text as it is; whatever a person reads goes through [`visible`].

use std::borrow::Cow;
use std::fmt::Write;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// `text` with every character that is no mark on the screen written as an escape: `\n`, `\t`, `\r`,
/// `\x1b` for the other control characters, `\u{202e}` for the rest. Nothing else is changed, backslashes included, so
/// the result is for reading, not for turning back. Borrows where there was nothing to do.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    // Nearly all text is plain ASCII, of which many bytes are looked at at a time.
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let mut hidden = hidden(text).peekable();
    if hidden.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    let mut done = 0;
    for (at, c) in hidden {
        shown.push_str(&text[done..at]);
        done = at + c.len_utf8();
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            // Writing to a String cannot fail.
            c if c.is_control() => drop(write!(shown, "\\x{:02x}", u32::from(c))),
            c => drop(write!(shown, "\\u{{{:x}}}", u32::from(c))),
        }
    }
    shown.push_str(&text[done..]);
    Cow::Owned(shown)
}

/// The characters that a terminal would obey, that change how their neighbours are shown or that are not shown themselves, and
/// where they stand: two texts that differ must not look the same. What makes one sign of several is no such character between
/// emoji, where people write it: a joiner between two of them, the selector behind one or in a keycap.
pub(crate) fn hidden(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let mut before = None;
    // Whether an emoji stands before, perhaps with a selector behind it.
    let mut behind_emoji = false;
    text.char_indices().filter(move |&(at, c)| {
        let next = || text[at + c.len_utf8()..].chars().next();
        let is_keycap = |c: char| c.is_ascii_digit() || c == '#' || c == '*';
        let belongs = match c {
            EMOJI_STYLE => {
                behind_emoji && before != Some(EMOJI_STYLE)
                    || before.is_some_and(is_keycap) && next() == Some('\u{20e3}')
            }
            JOINER => behind_emoji && next().is_some_and(is_emoji),
            _ => false,
        };
        behind_emoji = is_emoji(c) || belongs && c == EMOJI_STYLE && behind_emoji;
        before = Some(c);
        !belongs && is_hidden(c)
    })
}

const JOINER: char = '\u{200d}';
/// Asks for the coloured form of the sign before it.
const EMOJI_STYLE: char = '\u{fe0f}';

/// `text` in so many characters: of a longer one the middle is left out, with `…` in its place, so that its ends can be told apart.
pub(crate) fn shortened(text: &str, longest: usize) -> Cow<'_, str> {
    // As many bytes hold no more characters.
    if text.len() <= longest || text.char_indices().nth(longest).is_none() {
        return Cow::Borrowed(text);
    }
    let ends = longest.saturating_sub(1);
    let begin = text.char_indices().nth(ends - ends / 2).map_or(text.len(), |(at, _)| at);
    let end = text.char_indices().rev().take(ends / 2).last().map_or(text.len(), |(at, _)| at);
    format!("{}…{}", &text[..begin], &text[end..]).into()
}

/// `text` in so many columns of a screen: of a wider one the middle is left out, with `…` in its place.
pub(crate) fn cut_middle(text: &str, columns: usize) -> Cow<'_, str> {
    if text.width() <= columns {
        return Cow::Borrowed(text);
    }
    let ends = columns.saturating_sub(1);
    let begin = take(text.chars(), ends - ends / 2);
    let end = take(text.chars().rev(), ends / 2);
    format!("{begin}…{}", end.chars().rev().collect::<String>()).into()
}

/// The same with the end left out.
pub(crate) fn cut_end(text: &str, columns: usize) -> Cow<'_, str> {
    if text.width() <= columns {
        Cow::Borrowed(text)
    } else {
        (take(text.chars(), columns.saturating_sub(1)) + "…").into()
    }
}

/// As many of these characters as fit into so many columns.
fn take(chars: impl Iterator<Item = char>, columns: usize) -> String {
    let mut room = columns;
    chars.map_while(|c| room.checked_sub(c.width().unwrap_or(0)).map(|rest| (room = rest, c).1)).collect()
}

/// A sentence to be wrapped into so many columns, in which the blank between a number and its unit is one that no line is broken
/// at, and words that fit no line are cut in their middle. Text in signs that are two columns wide breaks between any two.
pub(crate) fn bound(text: &str, columns: usize) -> String {
    const UNITS: [&str; 12] = ["s", "ms", "µs", "min", "h", "d", "%", "B", "KiB", "MiB", "GiB", "TiB"];
    let mut bound = String::with_capacity(text.len());
    let mut ends_in_number = false;
    for (position, word) in text.split(' ').enumerate() {
        if position > 0 {
            let bare = word.trim_end_matches(|c: char| c.is_ascii_punctuation() && c != '%');
            let is_unit = ends_in_number && UNITS.contains(&bare);
            bound.push(if is_unit { '\u{a0}' } else { ' ' });
        }
        let breaks_anywhere = word.chars().any(|c| c.width() == Some(2));
        bound.push_str(&if breaks_anywhere { Cow::Borrowed(word) } else { cut_middle(word, columns) });
        ends_in_number = word.ends_with(|c: char| c.is_ascii_digit());
    }
    bound
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

/// Control characters (C0, DEL, C1); what Unicode calls Default_Ignorable_Code_Point (DerivedCoreProperties 16.0), which is not
/// shown; further formatting characters; and blanks that are not spaces.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}'                      // soft hyphen
            | '\u{34f}'                   // combining grapheme joiner
            | '\u{61c}'                   // Arabic letter mark
            | '\u{115f}' | '\u{1160}'     // Hangul fillers
            | '\u{17b4}' | '\u{17b5}'     // Khmer inherent vowels
            | '\u{180b}'..='\u{180f}'     // Mongolian variation selectors and vowel separator
            | '\u{200b}'..='\u{200f}'     // zero-width space and joiners, left-to-right and right-to-left marks
            | '\u{2028}'..='\u{202e}'     // line and paragraph separators, bidirectional embeddings and overrides
            | '\u{2060}'..='\u{206f}'     // word joiner, invisible operators, bidirectional isolates, deprecated formatting
            | '\u{2800}'                  // blank Braille pattern
            | '\u{3164}' | '\u{ffa0}'     // Hangul fillers
            | '\u{fe00}'..='\u{fe0f}'     // variation selectors
            | '\u{feff}'                  // byte order mark
            | '\u{fff0}'..='\u{fffb}'     // not assigned, and interlinear annotation
            | '\u{13430}'..='\u{13440}'   // Egyptian hieroglyph format controls
            | '\u{1bca0}'..='\u{1bca3}'   // shorthand format controls
            | '\u{1d159}'                 // null notehead
            | '\u{1d173}'..='\u{1d17a}'   // musical format controls
            | '\u{e0000}'..='\u{e0fff}') // tags, more variation selectors, not assigned
}

/// Whether a sign is one that selectors and joiners are written with: the blocks of Unicode's Extended_Pictographic, and the
/// letters of flags.
fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
        | '\u{2190}'..='\u{21ff}'        // arrows
        | '\u{2300}'..='\u{23ff}' | '\u{24c2}'
        | '\u{25a0}'..='\u{27bf}'        // shapes, symbols, dingbats
        | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}'
        | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{1f000}'..='\u{1faff}')
}

/// A word for a shell, in quotes where it needs them.
pub(crate) fn quoted(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/:._-".contains(c);
    if text.chars().all(plain) { text.into() } else { format!("'{}'", text.replace('\'', r"'\''")).into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn labels_are_written_as_the_text_format_has_them() {
        let pairs = [("a", "1"), ("b", "say \"hi\\\"\n")];
        assert_eq!(labels(pairs, ","), r#"a="1",b="say \"hi\\\"\n""#);
        assert_eq!(labels([("", ""); 0], ","), "");
    }

    #[test]
    fn long_text_keeps_its_ends_and_sentences_their_units() {
        assert_eq!(cut_middle("rule-3394ce25", 13), "rule-3394ce25");
        assert_eq!(cut_middle("rule-3394ce25", 9), "rule…ce25");
        assert_eq!(cut_middle("漢字漢字漢字", 6), "漢…字");
        assert_eq!(cut_end("rule-3394ce25", 6), "rule-…");
        assert_eq!((cut_middle("abc", 1), cut_middle("abc", 0)), ("…".into(), "…".into()));
        assert_eq!(bound("dropped in 5 s, 3 of a-long-word-here", 9), "dropped in 5\u{a0}s, 3 of a-lo…here");
    }

    #[test]
    fn ordinary_text_is_borrowed() {
        for text in ["", "prod", "rule-3394ce25: 42 % — 部署 é 🚀", r"C:\x1b"] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text), "{text}");
        }
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
            '\u{34f}',
            '\u{115f}',
            '\u{1160}',
            '\u{180e}',
            '\u{2800}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{ffa0}',
            '\u{200d}',
        ] {
            assert_eq!(visible(&format!("é{c}x")), format!("é\\u{{{:x}}}x", u32::from(c)));
        }
    }

    #[test]
    fn what_makes_one_emoji_of_several_is_left() {
        for whole in
            ["👩\u{200d}💻", "❤\u{fe0f}\u{200d}🔥", "🏳\u{fe0f}\u{200d}🌈", "✈\u{fe0f}", "1\u{fe0f}\u{20e3}", "👋🏽"]
        {
            assert!(matches!(visible(whole), Cow::Borrowed(_)), "{whole}");
        }
        for (text, shown) in [
            ("a\u{200d}💻", "a\\u{200d}💻"),
            ("💻\u{200d}a", "💻\\u{200d}a"),
            ("💻\u{200d}", "💻\\u{200d}"),
            ("💻\u{200d}\u{200d}💻", "💻\\u{200d}\\u{200d}💻"),
            ("a\u{fe0f}", "a\\u{fe0f}"),
            ("1\u{fe0f}", "1\\u{fe0f}"),
            ("✈\u{fe0f}\u{fe0f}", "✈\u{fe0f}\\u{fe0f}"),
            ("✈\u{fe0e}", "✈\\u{fe0e}"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn the_middle_of_a_long_text_is_left_out() {
        assert_eq!(shortened("abcdefg", 7), "abcdefg");
        assert_eq!(shortened("abcdefg", 6), "abc…fg");
        assert_eq!(shortened("äöüäöüä", 4), "äö…ä");
        assert_eq!(shortened("ab", 1), "…");
        assert_eq!(shortened("ab", 0), "…");
        assert_eq!(shortened("", 0), "");
    }

    proptest! {
        #[test]
        fn nothing_that_is_shown_acts_or_hides(text in any::<String>()) {
            let shown = visible(&text);
            prop_assert_eq!(hidden(&shown).count(), 0, "{:?}", shown);
            prop_assert_eq!(visible(&shown), shown.as_ref(), "shown twice");
        }

        #[test]
        fn a_shortened_text_has_its_length_and_its_ends(text in any::<String>(), longest in 1_usize..40) {
            let shown = shortened(&text, longest);
            prop_assert!(shown.chars().count() <= longest);
            prop_assert!(shown == text.as_str() || shown.split_once('…').is_some_and(|(begin, _)| text.starts_with(begin)));
        }
    }
}
