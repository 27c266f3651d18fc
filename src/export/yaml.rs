//! What YAML needs care for: text in quotes, and comments that stay comments.

use std::fmt::Write;

/// Any text as a double-quoted scalar. It is a JSON string and a string of PromQL too.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_plain(c) => out.push(c),
            // All of them are below U+10000. Writing to a String does not fail.
            c => drop(write!(out, "\\u{:04x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// `text` as lines of comments behind `indent`; none for an empty one.
pub(super) fn comment(indent: &str, text: &str) -> String {
    // Control characters, line breaks that `lines` does not know among them, would end the comment.
    let plain = |line: &str| line.chars().map(|c| if is_plain(c) { c } else { '\u{fffd}' }).collect::<String>();
    text.lines().map(|line| format!("{indent}# {}\n", plain(line))).collect()
}

/// A character that may stand in YAML as it is and breaks no line (YAML 1.2, 5.1 and 5.4; 1.1 also breaks at U+2028, U+2029).
fn is_plain(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_comment_stays_a_comment() {
        assert_eq!(comment("  ", "a\nb"), "  # a\n  # b\n");
        assert_eq!(comment("", "a\u{85}b\rc: d\u{2028}e"), "# a\u{fffd}b\u{fffd}c: d\u{fffd}e\n");
    }

    proptest! {
        /// What YAML quotes in double quotes is JSON too.
        #[test]
        fn any_text_comes_back(text in any::<String>()) {
            let quoted = quoted(&text);
            prop_assert!(quoted.chars().all(is_plain), "{quoted:?}");
            prop_assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
        }
    }
}
