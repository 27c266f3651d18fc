//! Sample lines: `name{label="value",…} value timestamp`.

use super::cursor::{Cursor, Fault, excerpt};
use super::escape::Text;
use super::number;
use std::collections::HashSet;

/// A sample line; its labels stand apart.
#[derive(Debug, PartialEq)]
pub(super) struct SampleLine {
    pub name: Text,
    pub value: f64,
    pub timestamp_ms: Option<i64>,
    /// How many labels, from the first, are those of the line before; if any, so is the name.
    pub kept: usize,
}

/// Reads a sample line. `before` is the one before it, if it is at hand, and `labels` are that line's labels.
///
/// Sample lines begin like the one before them, name and first labels: what is the same is not read again.
pub(super) fn sample(line: &str, before: Before<'_>, labels: &mut Vec<(Text, Text)>) -> Result<SampleLine, Fault> {
    let mut cursor = Cursor { line, at: 0 };
    let (mut name, kept) = before.still_true(line, labels);
    labels.truncate(kept);
    if let Some((_, last)) = labels.last() {
        // Past the closing quote and the comma.
        cursor.at = last.end() + 2;
    } else {
        cursor.skip_blanks();
        name = cursor.metric_name();
        cursor.skip_blanks();
    }
    let braces = cursor.at;
    let open = cursor.peek() == Some(b'{');
    if open || kept > 0 {
        cursor.at += usize::from(kept == 0);
        label_set(&mut cursor, &mut name, labels)?;
        if name.is_none() {
            return Err(Fault::new(braces, "the braces hold no quoted metric name and none stands before them"));
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
        Some(b'#') => return Err(exemplar(&cursor)),
        Some(_) => Some(timestamp(&mut cursor)?),
    };
    Ok(SampleLine { name, value, timestamp_ms, kept })
}

/// A sample line that was read before.
#[derive(Clone, Copy)]
pub(super) struct Before<'a> {
    /// Empty where there is none.
    pub line: &'a [u8],
    pub name: Text,
}

impl Before<'_> {
    /// The name, and how many of `labels`, hold for `line` too.
    fn still_true(self, line: &str, labels: &[(Text, Text)]) -> (Option<Text>, usize) {
        let same = same_start(line.as_bytes(), self.line);
        let first = labels.first().map_or(0, |(key, _)| key.start());
        if self.name.end() >= first {
            return (None, 0);
        }
        let bytes = line.as_bytes();
        let follows = |value: &Text| value.end() + 1 < same && bytes.get(value.end() + 1) == Some(&b',');
        let kept = labels.iter().take_while(|(_, value)| follows(value)).count();
        (Some(self.name), kept)
    }
}

/// How many bytes two lines have in common from the start, or a few less.
fn same_start(one: &[u8], other: &[u8]) -> usize {
    let (many, others) = (one.as_chunks::<32>().0, other.as_chunks::<32>().0);
    let same = many.iter().zip(others).take_while(|(bytes, other)| bytes == other).count() * 32;
    let (one, other) = (one.get(same..).unwrap_or_default(), other.get(same..).unwrap_or_default());
    let (eights, others) = (one.as_chunks::<8>().0, other.as_chunks::<8>().0);
    for (index, (eight, other)) in eights.iter().zip(others).enumerate() {
        let differs = u64::from_le_bytes(*eight) ^ u64::from_le_bytes(*other);
        if differs != 0 {
            return same + index * 8 + differs.trailing_zeros() as usize / 8;
        }
    }
    same + eights.len().min(others.len()) * 8
}

/// Refuses a label name that comes twice.
fn no_duplicate(line: &str, labels: &[(Text, Text)]) -> Result<(), Fault> {
    // Pairwise is fastest for the few labels that samples have; a set keeps a hostile line linear.
    let twice = if labels.len() <= 32 {
        let same = |one: &Text, other: &Text| one.len() == other.len() && one.raw(line) == other.raw(line);
        let comes_before = |at: usize, name: &Text| labels.iter().take(at).any(|(other, _)| same(other, name));
        labels.iter().enumerate().find(|(at, (name, _))| comes_before(*at, name)).map(|(_, label)| label)
    } else {
        let mut seen = HashSet::with_capacity(labels.len());
        labels.iter().find(|(name, _)| !seen.insert(name.raw(line)))
    };
    match twice {
        None => Ok(()),
        Some((name, _)) => {
            Err(Fault::new(name.start(), format!("the label name {} comes twice", excerpt(name.raw(line)))))
        }
    }
}

/// Everything after `{` up to and with `}`: labels, and the metric's name in quotes unless it came before.
fn label_set(cursor: &mut Cursor<'_>, name: &mut Option<Text>, labels: &mut Vec<(Text, Text)>) -> Result<(), Fault> {
    loop {
        cursor.skip_blanks();
        let start = cursor.at;
        let (key, quoted) = match cursor.peek() {
            Some(b'}') => {
                cursor.at += 1;
                return Ok(());
            }
            Some(b'"') => (cursor.quoted_name()?, true),
            _ => (cursor.label_name().ok_or_else(|| cursor.unexpected("a label name or '}'"))?, false),
        };
        cursor.skip_blanks();
        match cursor.peek() {
            Some(b'=') => {
                if key.len() == 8 && key.raw(cursor.line) == "__name__" {
                    let reason = "the label name \"__name__\" is reserved for the metric's name";
                    return Err(Fault::new(start, reason));
                }
                cursor.at += 1;
                cursor.skip_blanks();
                if cursor.peek() != Some(b'"') {
                    return Err(cursor.unexpected("a quoted label value"));
                }
                labels.push((key, cursor.quoted()?));
                cursor.skip_blanks();
            }
            Some(b',' | b'}') if quoted => {
                if name.is_some() {
                    return Err(Fault::new(start, "a second metric name"));
                }
                *name = Some(key);
            }
            _ => return Err(cursor.unexpected("'=' after the label name")),
        }
        match cursor.peek() {
            Some(b',') => cursor.at += 1,
            Some(b'}') => {}
            _ => return Err(cursor.unexpected("',' or '}'")),
        }
    }
}

fn timestamp(cursor: &mut Cursor<'_>) -> Result<i64, Fault> {
    let token = cursor.token();
    let Some(timestamp) = cursor.line.get(token.clone()).and_then(number::timestamp) else {
        cursor.at = token.start;
        return Err(cursor.unexpected("a whole number of milliseconds as the timestamp"));
    };
    cursor.skip_blanks();
    if cursor.peek() == Some(b'#') {
        return Err(exemplar(cursor));
    }
    cursor.expect_end("after the timestamp")?;
    Ok(timestamp)
}

#[cold]
fn exemplar(cursor: &Cursor<'_>) -> Fault {
    let reason = "this looks like an exemplar of OpenMetrics, which the text format 0.0.4 does not have";
    Fault::new(cursor.at, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Before<'static> = Before { line: b"", name: Text::plain(0, 0) };

    /// A sample line as `name|label=value|…`, value and timestamp, with texts still escaped.
    fn parsed(line: &str) -> Result<(String, f64, Option<i64>), Fault> {
        let mut labels = Vec::new();
        let sample = sample(line, NOTHING, &mut labels)?;
        let mut text = sample.name.raw(line).to_owned();
        for (name, value) in labels {
            text += &format!("|{}={}", name.raw(line), value.raw(line));
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
            assert_eq!(parsed(line), Err(Fault::new(*at, *reason)), "{line}");
        }
    }

    #[test]
    fn many_labels_are_compared_too() {
        let labels: String = (0..100).map(|number| format!("l{number}=\"\",")).collect();
        assert!(parsed(&format!("a{{{labels}}} 1")).is_ok());
        let fault = parsed(&format!("a{{{labels}l7=\"\"}} 1")).unwrap_err();
        assert_eq!(fault.into_parts(), (labels.len() + 2, "the label name 'l7' comes twice".to_owned()));
    }
}
