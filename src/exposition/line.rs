//! The grammar of one line.

use super::MetricType;
use super::escape::{self, Text};
use super::number;
use std::collections::HashSet;
use std::ops::Range;

/// What is wrong with a line, and at which byte of it.
#[derive(Debug, PartialEq)]
pub(super) struct Fault {
    pub at: usize,
    pub reason: String,
}

/// What a line is, told from its beginning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// Blank, or a comment.
    Nothing,
    /// The keyword ends at this byte of the line.
    Help(usize),
    Type(usize),
    Sample,
}

/// A `# HELP` line.
#[derive(Debug, PartialEq)]
pub(super) struct HelpLine {
    pub family: Text,
    pub text: Text,
}

/// A `# TYPE` line.
#[derive(Debug, PartialEq)]
pub(super) struct TypeLine {
    pub family: Text,
    pub kind: MetricType,
}

/// A sample line; its labels stand apart.
#[derive(Debug, PartialEq)]
pub(super) struct SampleLine {
    pub name: Text,
    pub value: f64,
    pub timestamp_ms: Option<i64>,
}

/// Words that OpenMetrics has for types and the text format has not.
const OPENMETRICS_TYPES: [&str; 5] = ["unknown", "info", "stateset", "gaugehistogram", "gauge_histogram"];

/// Tells what `line` is. Blanks may stand before and after the `#`.
pub(super) fn classify(line: &str) -> Kind {
    let mut cursor = Cursor::new(line);
    cursor.skip_blanks();
    match cursor.peek() {
        None => return Kind::Nothing,
        Some(b'#') => cursor.at += 1,
        Some(_) => return Kind::Sample,
    }
    cursor.skip_blanks();
    let keyword = cursor.token();
    cursor.skip_blanks();
    match line.get(keyword.clone()) {
        // Every reference parser skips a HELP that names no metric.
        Some("HELP") if cursor.peek().is_none() => Kind::Nothing,
        Some("HELP") => Kind::Help(keyword.end),
        Some("TYPE") => Kind::Type(keyword.end),
        _ => Kind::Nothing,
    }
}

/// Reads a `# HELP` line after its keyword.
pub(super) fn help(line: &str, keyword_end: usize) -> Result<HelpLine, Fault> {
    let mut cursor = Cursor { line, at: keyword_end };
    cursor.skip_blanks();
    let family = cursor.family_name()?;
    cursor.skip_blanks();
    let end = line.trim_end_matches([' ', '\t']).len().max(cursor.at);
    let text = Text::new(cursor.at, end);
    match escape::unknown_escape(text.of(line)) {
        Some(offset) => Err(Fault { at: cursor.at + offset, reason: bad_escape(line, cursor.at + offset) }),
        None => Ok(HelpLine { family, text }),
    }
}

/// Reads a `# TYPE` line after its keyword.
pub(super) fn type_(line: &str, keyword_end: usize) -> Result<TypeLine, Fault> {
    let mut cursor = Cursor { line, at: keyword_end };
    cursor.skip_blanks();
    let family = cursor.family_name()?;
    cursor.skip_blanks();
    let word = cursor.token();
    let text = line.get(word.clone()).unwrap_or_default();
    let Some(kind) = MetricType::from_word(text) else {
        let reason = if text.is_empty() {
            "expected a type after the metric name, found the end of the line".to_owned()
        } else if OPENMETRICS_TYPES.contains(&text) {
            format!("{} is a type of OpenMetrics, not of the text format 0.0.4", excerpt(text))
        } else {
            format!("{} is no metric type: counter, gauge, histogram, summary or untyped", excerpt(text))
        };
        return Err(Fault { at: word.start, reason });
    };
    cursor.skip_blanks();
    cursor.expect_end("after the type")?;
    Ok(TypeLine { family, kind })
}

/// Reads a sample line and puts where its labels stand into `labels`.
pub(super) fn sample(line: &str, labels: &mut Vec<(Text, Text)>) -> Result<SampleLine, Fault> {
    labels.clear();
    let mut cursor = Cursor::new(line);
    cursor.skip_blanks();
    let mut name = cursor.identifier(true);
    cursor.skip_blanks();
    if cursor.peek() == Some(b'{') {
        let open = cursor.at;
        cursor.at += 1;
        cursor.label_set(&mut name, labels)?;
        if name.is_none() {
            return Err(Fault {
                at: open,
                reason: "the braces hold no quoted metric name and none stands before them".into(),
            });
        }
        no_duplicate(line, labels)?;
        cursor.skip_blanks();
    }
    let Some(name) = name else {
        return Err(cursor.unexpected("a metric name, '{' or '#'"));
    };
    let token = cursor.token();
    let Some(value) = line.get(token.clone()).and_then(number::value) else {
        cursor.at = token.start;
        return Err(cursor.unexpected("a number as the sample's value"));
    };
    cursor.skip_blanks();
    let timestamp_ms = match cursor.peek() {
        None => None,
        Some(b'#') => return Err(cursor.exemplar()),
        Some(_) => Some(cursor.timestamp()?),
    };
    Ok(SampleLine { name, value, timestamp_ms })
}

/// Refuses a label name that comes twice.
fn no_duplicate(line: &str, labels: &[(Text, Text)]) -> Result<(), Fault> {
    let duplicate = |name: Text| Fault {
        at: name.start as usize,
        reason: format!("the label name {} comes twice", excerpt(name.of(line))),
    };
    // Pairwise is fastest for the few labels that samples have; a set keeps a hostile line linear.
    if labels.len() > 32 {
        let mut seen = HashSet::with_capacity(labels.len());
        return match labels.iter().find(|(name, _)| !seen.insert(name.of(line))) {
            Some((name, _)) => Err(duplicate(*name)),
            None => Ok(()),
        };
    }
    let mut earlier = labels.iter();
    while let Some((name, _)) = earlier.next_back() {
        if earlier.as_slice().iter().any(|(other, _)| other.of(line) == name.of(line)) {
            return Err(duplicate(*name));
        }
    }
    Ok(())
}

struct Cursor<'a> {
    line: &'a str,
    at: usize,
}

impl Cursor<'_> {
    fn new(line: &str) -> Cursor<'_> {
        Cursor { line, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.line.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// Up to the next blank.
    fn token(&mut self) -> Range<usize> {
        let start = self.at;
        while !matches!(self.peek(), None | Some(b' ' | b'\t')) {
            self.at += 1;
        }
        start..self.at
    }

    /// An unquoted name; metrics' names may hold colons, labels' may not.
    fn identifier(&mut self, colon: bool) -> Option<Text> {
        let start = self.at;
        while let Some(byte) = self.peek() {
            let fits = byte.is_ascii_alphabetic()
                || byte == b'_'
                || (byte == b':' && colon)
                || (byte.is_ascii_digit() && self.at > start);
            if !fits {
                break;
            }
            self.at += 1;
        }
        (self.at > start).then(|| Text::new(start, self.at))
    }

    /// What stands between this quote and the next that is not escaped.
    fn quoted(&mut self) -> Result<Text, Fault> {
        let open = self.at;
        let start = open + 1;
        let mut at = start;
        let bytes = self.line.as_bytes();
        loop {
            let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) else {
                return Err(Fault { at: open, reason: "this quote is not closed before the end of the line".into() });
            };
            at += found;
            if bytes.get(at) == Some(&b'"') {
                self.at = at + 1;
                return Ok(Text::new(start, at));
            }
            if !matches!(bytes.get(at + 1), Some(b'\\' | b'"' | b'n')) {
                return Err(Fault { at, reason: bad_escape(self.line, at) });
            }
            at += 2;
        }
    }

    /// The quoted text here, which has to say something.
    fn quoted_name(&mut self, what: &str) -> Result<Text, Fault> {
        let at = self.at;
        let name = self.quoted()?;
        if name.start == name.end { Err(Fault { at, reason: format!("{what} must not be empty") }) } else { Ok(name) }
    }

    /// The name in a `# HELP` or `# TYPE` line.
    fn family_name(&mut self) -> Result<Text, Fault> {
        let name = if self.peek() == Some(b'"') {
            self.quoted_name("a metric name")?
        } else {
            self.identifier(true).ok_or_else(|| self.unexpected("a metric name"))?
        };
        match self.peek() {
            None | Some(b' ' | b'\t') => Ok(name),
            Some(_) => Err(self.unexpected("a blank after the metric name")),
        }
    }

    /// Everything after `{` up to and with `}`: labels, and the metric's name in quotes unless it came before.
    fn label_set(&mut self, name: &mut Option<Text>, labels: &mut Vec<(Text, Text)>) -> Result<(), Fault> {
        loop {
            self.skip_blanks();
            let start = self.at;
            let (key, quoted) = match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'"') => (self.quoted_name("a name")?, true),
                _ => (self.identifier(false).ok_or_else(|| self.unexpected("a label name or '}'"))?, false),
            };
            self.skip_blanks();
            match self.peek() {
                Some(b'=') => {
                    if key.of(self.line) == "__name__" {
                        let reason = "the label name \"__name__\" is reserved for the metric's name".into();
                        return Err(Fault { at: start, reason });
                    }
                    self.at += 1;
                    self.skip_blanks();
                    if self.peek() != Some(b'"') {
                        return Err(self.unexpected("a quoted label value"));
                    }
                    labels.push((key, self.quoted()?));
                    self.skip_blanks();
                }
                Some(b',' | b'}') if quoted => {
                    if name.is_some() {
                        return Err(Fault { at: start, reason: "a second metric name".into() });
                    }
                    *name = Some(key);
                }
                _ => return Err(self.unexpected("'=' after the label name")),
            }
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {}
                _ => return Err(self.unexpected("',' or '}'")),
            }
        }
    }

    fn timestamp(&mut self) -> Result<i64, Fault> {
        let token = self.token();
        let Some(timestamp) = self.line.get(token.clone()).and_then(number::timestamp) else {
            self.at = token.start;
            return Err(self.unexpected("a whole number of milliseconds as the timestamp"));
        };
        self.skip_blanks();
        if self.peek() == Some(b'#') {
            return Err(self.exemplar());
        }
        self.expect_end("after the timestamp")?;
        Ok(timestamp)
    }

    fn expect_end(&self, place: &str) -> Result<(), Fault> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected(&format!("the end of the line {place}"))),
        }
    }

    fn exemplar(&self) -> Fault {
        let reason = "this looks like an exemplar of OpenMetrics, which the text format 0.0.4 does not have".into();
        Fault { at: self.at, reason }
    }

    fn unexpected(&self, expected: &str) -> Fault {
        let rest = self.line.get(self.at..).unwrap_or_default();
        let found = rest.split([' ', '\t']).next().filter(|token| !token.is_empty());
        let found = match found.or_else(|| rest.get(..1)) {
            Some(token) => excerpt(token),
            None => "the end of the line".to_owned(),
        };
        Fault { at: self.at, reason: format!("expected {expected}, found {found}") }
    }
}

fn bad_escape(line: &str, at: usize) -> String {
    let escape: String = line.get(at..).unwrap_or_default().chars().take(2).collect();
    format!("{} is no escape: \\\\, \\\" and \\n are", excerpt(&escape))
}

/// A short piece of the input in quotes, with what does not print made visible.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 32;
    let shown: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    let more = if text.chars().nth(LONGEST).is_some() { "…" } else { "" };
    format!("'{shown}{more}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sample line as `name|label=value|…`, value and timestamp, with texts still escaped.
    fn parsed(line: &str) -> Result<(String, f64, Option<i64>), Fault> {
        let mut labels = Vec::new();
        let sample = sample(line, &mut labels)?;
        let mut text = sample.name.of(line).to_owned();
        for (name, value) in labels {
            text += &format!("|{}={}", name.of(line), value.of(line));
        }
        Ok((text, sample.value, sample.timestamp_ms))
    }

    #[test]
    fn samples() {
        let cases: &[(&str, &str, f64, Option<i64>)] = &[
            ("a 1", "a", 1.0, None),
            ("a{} 1", "a", 1.0, None),
            (r#"a{b="c",d="e"} 1 2"#, "a|b=c|d=e", 1.0, Some(2)),
            (r#"a{b="c",} 1 -2"#, "a|b=c", 1.0, Some(-2)),
            (" \ta \t{\tb = \"c\" , d=\"\"\t} \t1\t 2 \t", "a|b=c|d=", 1.0, Some(2)),
            // Blanks are needed only where tokens would merge.
            (r#"a{b="c"}-Inf"#, "a|b=c", f64::NEG_INFINITY, None),
            ("a+1", "a", 1.0, None),
            (r#"a{b="}{,=# \"\\\n"} 1"#, r#"a|b=}{,=# \"\\\n"#, 1.0, None),
            (r#"a{b="日本 ☕"} 1"#, "a|b=日本 ☕", 1.0, None),
            ("a{b=\"\u{0}\r\"} 1", "a|b=\u{0}\r", 1.0, None),
            ("some:rule:rate5m 1", "some:rule:rate5m", 1.0, None),
            ("_1 1", "_1", 1.0, None),
            // Names in quotes; nothing says that the metric's comes first.
            (r#"{"my.metric"} 1"#, "my.metric", 1.0, None),
            (r#"{ "my.metric" , a="b" } 1"#, "my.metric|a=b", 1.0, None),
            (r#"{a="b","my.metric",} 1"#, "my.metric|a=b", 1.0, None),
            (r#"a{"label name"="b"} 1"#, "a|label name=b", 1.0, None),
        ];
        for (line, text, value, timestamp) in cases {
            assert_eq!(parsed(line), Ok(((*text).to_owned(), *value, *timestamp)), "{line}");
        }
    }

    #[test]
    fn malformed_samples() {
        let cases: &[(&str, usize, &str)] = &[
            ("<html>", 0, "expected a metric name, '{' or '#', found '<html>'"),
            ("1a 1", 0, "expected a metric name, '{' or '#', found '1a'"),
            ("é 1", 0, "expected a metric name, '{' or '#', found 'é'"),
            ("a", 1, "expected a number as the sample's value, found the end of the line"),
            ("a-b 1", 1, "expected a number as the sample's value, found '-b'"),
            ("a{} ", 4, "expected a number as the sample's value, found the end of the line"),
            ("a 0x1p3", 2, "expected a number as the sample's value, found '0x1p3'"),
            ("a 1e999", 2, "expected a number as the sample's value, found '1e999'"),
            ("a 1 1.5", 4, "expected a whole number of milliseconds as the timestamp, found '1.5'"),
            ("a 1 2 3", 6, "expected the end of the line after the timestamp, found '3'"),
            ("a{b=\"c\"", 7, "expected ',' or '}', found the end of the line"),
            ("a{b=\"c} 1", 4, "this quote is not closed before the end of the line"),
            ("a{b=c} 1", 4, "expected a quoted label value, found 'c}'"),
            ("a{b='c'} 1", 4, r"expected a quoted label value, found '\'c\'}'"),
            ("a{b} 1", 3, "expected '=' after the label name, found '}'"),
            ("a{b+=\"c\"} 1", 3, "expected '=' after the label name, found '+=\\\"c\\\"}'"),
            ("a{=\"c\"} 1", 2, "expected a label name or '}', found '=\\\"c\\\"}'"),
            ("a{b:c=\"d\"} 1", 3, "expected '=' after the label name, found ':c=\\\"d\\\"}'"),
            ("a{,} 1", 2, "expected a label name or '}', found ',}'"),
            ("a{b=\"c\",,} 1", 8, "expected a label name or '}', found ',}'"),
            ("a{b=\"c\" d=\"e\"} 1", 8, "expected ',' or '}', found 'd=\\\"e\\\"}'"),
            (r#"a{b="\t"} 1"#, 5, r#"'\\t' is no escape: \\, \" and \n are"#),
            ("a{b=\"1\",c=\"2\",b=\"1\"} 1", 14, "the label name 'b' comes twice"),
            ("a{b=\"1\",\"b\"=\"2\"} 1", 9, "the label name 'b' comes twice"),
            ("a{__name__=\"b\"} 1", 2, "the label name \"__name__\" is reserved for the metric's name"),
            ("{} 1", 0, "the braces hold no quoted metric name and none stands before them"),
            ("{a=\"b\"} 1", 0, "the braces hold no quoted metric name and none stands before them"),
            ("{a} 1", 2, "expected '=' after the label name, found '}'"),
            ("{\"\"} 1", 1, "a name must not be empty"),
            ("a{\"\"=\"b\"} 1", 2, "a name must not be empty"),
            ("{\"a\",\"b\"} 1", 5, "a second metric name"),
            ("a{\"b\"} 1", 2, "a second metric name"),
            ("{\"a\".b=\"c\"} 1", 4, "expected '=' after the label name, found '.b=\\\"c\\\"}'"),
            (
                "a 1 # {trace_id=\"x\"} 2",
                4,
                "this looks like an exemplar of OpenMetrics, which the text format 0.0.4 does not have",
            ),
            (
                "a 1 5 # {trace_id=\"x\"} 2",
                6,
                "this looks like an exemplar of OpenMetrics, which the text format 0.0.4 does not have",
            ),
        ];
        for (line, at, reason) in cases {
            assert_eq!(parsed(line), Err(Fault { at: *at, reason: (*reason).to_owned() }), "{line}");
        }
    }

    #[test]
    fn many_labels_are_compared_too() {
        let labels: String = (0..100).map(|number| format!("l{number}=\"\",")).collect();
        assert!(parsed(&format!("a{{{labels}}} 1")).is_ok());
        let fault = parsed(&format!("a{{{labels}l7=\"\"}} 1")).unwrap_err();
        assert_eq!((fault.at, fault.reason.as_str()), (labels.len() + 2, "the label name 'l7' comes twice"));
    }

    #[test]
    fn comments_are_told_apart() {
        for nothing in [
            "",
            " \t",
            "#",
            "# ",
            "# a comment",
            "# EOF",
            "#EOF",
            "# UNIT a seconds",
            "# HELPa b",
            "# help a b",
            "# HELP",
            "# HELP ",
        ] {
            assert_eq!(classify(nothing), Kind::Nothing, "{nothing}");
        }
        // A blank is needed only where tokens would merge.
        assert_eq!(classify("#HELP a b"), Kind::Help(5));
        assert_eq!(classify(" #\t TYPE a b"), Kind::Type(8));
        assert_eq!(classify("# TYPE"), Kind::Type(6));
        assert_eq!(classify(" a 1"), Kind::Sample);
    }

    #[test]
    fn help_lines() {
        let read = |line| match classify(line) {
            Kind::Help(keyword) => help(line, keyword).map(|help| (help.family.of(line), help.text.of(line))),
            _ => panic!("{line}"),
        };
        for (line, family, text) in [
            ("# HELP a b  c", "a", "b  c"),
            ("\t#  HELP\ta \t b ", "a", "b"),
            ("# HELP a", "a", ""),
            ("# HELP a ", "a", ""),
            ("# HELP a C:\\\\ \\n \\\"q\\\" \"r\" ü", "a", "C:\\\\ \\n \\\"q\\\" \"r\" ü"),
            ("# HELP \"my metric\" b", "my metric", "b"),
        ] {
            assert_eq!(read(line), Ok((family, text)), "{line}");
        }
        for (line, at, reason) in [
            ("# HELP 1 b", 7, "expected a metric name, found '1'"),
            ("# HELP a-b c", 8, "expected a blank after the metric name, found '-b'"),
            ("# HELP a \\d", 9, r#"'\\d' is no escape: \\, \" and \n are"#),
            ("# HELP a b\\", 10, r#"'\\' is no escape: \\, \" and \n are"#),
        ] {
            assert_eq!(read(line), Err(Fault { at, reason: reason.to_owned() }), "{line}");
        }
    }

    #[test]
    fn type_lines() {
        let read = |line| match classify(line) {
            Kind::Type(keyword) => type_(line, keyword).map(|type_| (type_.family.of(line), type_.kind)),
            _ => panic!("{line}"),
        };
        for (line, family, kind) in [
            ("# TYPE a counter", "a", MetricType::Counter),
            ("# TYPE a  gauge\t", "a", MetricType::Gauge),
            ("# TYPE a histogram", "a", MetricType::Histogram),
            ("# TYPE a summary", "a", MetricType::Summary),
            ("# TYPE \"a b\" untyped", "a b", MetricType::Untyped),
        ] {
            assert_eq!(read(line), Ok((family, kind)), "{line}");
        }
        for (line, at, reason) in [
            ("# TYPE", 6, "expected a metric name, found the end of the line"),
            ("# TYPE a", 8, "expected a type after the metric name, found the end of the line"),
            ("# TYPE a Counter", 9, "'Counter' is no metric type: counter, gauge, histogram, summary or untyped"),
            ("# TYPE a unknown", 9, "'unknown' is a type of OpenMetrics, not of the text format 0.0.4"),
            ("# TYPE a gauge b", 15, "expected the end of the line after the type, found 'b'"),
        ] {
            assert_eq!(read(line), Err(Fault { at, reason: reason.to_owned() }), "{line}");
        }
    }
}
