//! YAML as we write it: block style, every text in double quotes, comments above what they are about.

use std::fmt::Write;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Yaml {
    Text(String),
    Bool(bool),
    List(Vec<Item>),
    Map(Vec<Entry>),
    /// Texts on one line.
    Texts(Vec<String>),
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub comment: String,
    pub value: Yaml,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub comment: String,
    pub key: &'static str,
    pub value: Yaml,
}

/// `key: value`.
pub fn entry(key: &'static str, value: impl Into<Yaml>) -> Entry {
    Entry { comment: String::new(), key, value: value.into() }
}

impl Entry {
    /// With a comment above it; an empty one is none.
    pub fn about(self, comment: impl Into<String>) -> Entry {
        Entry { comment: comment.into(), ..self }
    }
}

impl Item {
    /// A list's entry with a comment above it; an empty one is none.
    pub fn new(comment: impl Into<String>, value: impl Into<Yaml>) -> Item {
        Item { comment: comment.into(), value: value.into() }
    }
}

impl From<&str> for Yaml {
    fn from(text: &str) -> Yaml {
        Yaml::Text(text.to_owned())
    }
}

impl From<String> for Yaml {
    fn from(text: String) -> Yaml {
        Yaml::Text(text)
    }
}

impl From<bool> for Yaml {
    fn from(value: bool) -> Yaml {
        Yaml::Bool(value)
    }
}

impl From<Vec<Entry>> for Yaml {
    fn from(entries: Vec<Entry>) -> Yaml {
        Yaml::Map(entries)
    }
}

impl From<Vec<Item>> for Yaml {
    fn from(items: Vec<Item>) -> Yaml {
        Yaml::List(items)
    }
}

/// A document: a map, with comments above it.
pub fn document(comment: &str, entries: &[Entry]) -> String {
    let mut out = String::new();
    comments(comment, 0, &mut out);
    map(entries, 0, &mut out);
    out
}

fn map(entries: &[Entry], depth: usize, out: &mut String) {
    for Entry { comment, key, value } in entries {
        comments(comment, depth, out);
        indent(depth, out);
        out.push_str(key);
        out.push(':');
        below(value, depth, out);
    }
}

/// What follows `key:`.
fn below(value: &Yaml, depth: usize, out: &mut String) {
    match value {
        Yaml::Map(entries) if entries.is_empty() => out.push_str(" {}\n"),
        Yaml::List(items) if items.is_empty() => out.push_str(" []\n"),
        Yaml::Map(entries) => {
            out.push('\n');
            map(entries, depth + 1, out);
        }
        Yaml::List(items) => {
            out.push('\n');
            for Item { comment, value } in items {
                comments(comment, depth + 1, out);
                list_item(value, depth + 1, out);
            }
        }
        scalar => {
            out.push(' ');
            inline(scalar, out);
            out.push('\n');
        }
    }
}

fn list_item(value: &Yaml, depth: usize, out: &mut String) {
    indent(depth, out);
    out.push_str("- ");
    let mut text = String::new();
    match value {
        // The first key stands behind the dash; a comment of its own would come between.
        Yaml::Map(entries) if !entries.is_empty() => map(entries, depth + 1, &mut text),
        Yaml::Map(_) => text.push_str("{}\n"),
        other => {
            inline(other, &mut text);
            text.push('\n');
        }
    }
    out.push_str(text.trim_start_matches(' '));
}

fn inline(value: &Yaml, out: &mut String) {
    match value {
        Yaml::Text(text) => out.push_str(&quoted(text)),
        Yaml::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Yaml::Texts(texts) => {
            let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
            out.push_str(&format!("[{}]", texts.join(", ")));
        }
        Yaml::List(_) | Yaml::Map(_) => out.push_str("null"),
    }
}

fn indent(depth: usize, out: &mut String) {
    (0..depth).for_each(|_| out.push_str("  "));
}

fn comments(text: &str, depth: usize, out: &mut String) {
    for line in text.lines() {
        indent(depth, out);
        out.push('#');
        if !line.is_empty() {
            out.push(' ');
        }
        // A line break that `lines` does not know, or another control character, must not end the comment.
        out.extend(line.chars().map(|c| if is_plain(c) { c } else { '\u{fffd}' }));
        out.push('\n');
    }
}

/// A character that may stand in YAML as it is and breaks no line (YAML 1.2, 5.1 and 5.4; 1.1 also breaks at U+2028, U+2029).
fn is_plain(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Any text as a double-quoted scalar, which is also a JSON string.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_document_is_laid_out_in_blocks() {
        let jobs = vec![Item::new("one\ntwo", vec![entry("name", "a: b"), entry("on", true)])];
        let entries = [
            entry("jobs", jobs).about("all"),
            entry("none", Yaml::List(vec![])),
            entry("x", Yaml::Texts(vec!["#".into()])),
        ];
        assert_eq!(
            document("top", &entries),
            "# top\n# all\njobs:\n  # one\n  # two\n  - name: \"a: b\"\n    on: true\nnone: []\nx: [\"#\"]\n"
        );
    }

    #[test]
    fn a_comment_stays_a_comment() {
        assert_eq!(document("a\u{85}b\rc: d\u{2028}e", &[]), "# a\u{fffd}b\u{fffd}c: d\u{fffd}e\n");
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
