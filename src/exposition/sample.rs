//! Sample lines: `name{label="value",…} value timestamp`.

use super::cursor::{Cursor, Fault};
use super::escape::Text;
use super::labels::{LabelSet, Pair, Same};
use super::number;

/// A sample line; its labels stand apart.
#[derive(Debug, PartialEq)]
pub(super) struct SampleLine {
    pub(super) name: Text,
    pub(super) value: f64,
    pub(super) timestamp_ms: Option<i64>,
    pub(super) same: Same,
}

/// The sample line before, if it is at hand.
#[derive(Clone, Copy)]
pub(super) struct Before<'a> {
    /// Empty where there is none.
    pub(super) line: &'a [u8],
    pub(super) name: Text,
}

/// Reads a sample line. `labels` are those of the line `before`, and after it those of this line.
pub(super) fn sample(line: &str, before: Before<'_>, labels: &mut Vec<Pair>) -> Result<SampleLine, Fault> {
    let mut cursor = Cursor { line, at: 0 };
    // A metric name behind a label would get lost when labels around it are taken over.
    let usable = labels.first().is_some_and(|(first, _)| before.name.end() < first.start());
    let mut labels = LabelSet::new(if usable { before.line } else { &[] }, labels);
    let (mut name, opened) = match labels.first() {
        Some(first) if line.as_bytes().get(..first) == labels.before.get(..first) => {
            labels.same.name = true;
            cursor.at = first;
            (Some(before.name), true)
        }
        _ => {
            cursor.skip_blanks();
            let name = cursor.metric_name();
            cursor.skip_blanks();
            (name, cursor.peek() == Some(b'{'))
        }
    };
    let open = cursor.at;
    if opened {
        cursor.at += usize::from(!labels.same.name);
        labels.read(&mut cursor, &mut name)?;
        if name.is_none() {
            let reason = "the braces hold no quoted metric name and none stands before them";
            return Err(Fault::new(open, reason));
        }
        cursor.skip_blanks();
    } else {
        labels.none();
    }
    let same = labels.same;
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
    Ok(SampleLine { name, value, timestamp_ms, same })
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
