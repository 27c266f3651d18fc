//! Lines that begin with `#`.

use super::MetricType;
use super::cursor::{Cursor, Fault, excerpt, has_escapes};
use super::escape::Text;

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

/// Words that OpenMetrics has for types and the text format has not.
const OPENMETRICS_TYPES: [&str; 5] = ["unknown", "info", "stateset", "gaugehistogram", "gauge_histogram"];

/// Tells what `line` is. Blanks may stand before and after the `#`.
pub(super) fn classify(line: &[u8]) -> Kind {
    let blanks = |from: usize| {
        let rest = line.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    };
    let hash = blanks(0);
    match line.get(hash) {
        None => return Kind::Nothing,
        Some(b'#') => {}
        Some(_) => return Kind::Sample,
    }
    let keyword = blanks(hash + 1);
    let end = keyword + 4;
    // Every reference parser skips a HELP that names no metric.
    match (line.get(keyword..end), line.get(end)) {
        (Some(b"HELP"), Some(b' ' | b'\t')) if blanks(end) < line.len() => Kind::Help(end),
        (Some(b"TYPE"), None | Some(b' ' | b'\t')) => Kind::Type(end),
        _ => Kind::Nothing,
    }
}

/// The family and the text of a `# HELP` line.
pub(super) fn help(line: &str, keyword_end: usize) -> Result<(Text, Text), Fault> {
    let mut cursor = Cursor { line, at: keyword_end };
    cursor.skip_blanks();
    let family = family_name(&mut cursor)?;
    cursor.skip_blanks();
    let end = line.trim_end_matches([' ', '\t']).len().max(cursor.at);
    match has_escapes(line.get(cursor.at..end).unwrap_or_default()) {
        Ok(false) => Ok((family, Text::plain(cursor.at, end))),
        Ok(true) => Ok((family, Text::escaped(cursor.at, end))),
        Err(offset) => Err(cursor.bad_escape(cursor.at + offset)),
    }
}

/// The family and the type in a `# TYPE` line.
pub(super) fn type_(line: &str, keyword_end: usize) -> Result<(Text, MetricType), Fault> {
    let mut cursor = Cursor { line, at: keyword_end };
    cursor.skip_blanks();
    let family = family_name(&mut cursor)?;
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
        return Err(Fault::new(word.start, reason));
    };
    cursor.skip_blanks();
    cursor.expect_end("after the type")?;
    Ok((family, kind))
}

/// The name in a `# HELP` or `# TYPE` line.
fn family_name(cursor: &mut Cursor<'_>) -> Result<Text, Fault> {
    let name = if cursor.peek() == Some(b'"') {
        cursor.quoted_name()?
    } else {
        cursor.metric_name().ok_or_else(|| cursor.unexpected("a metric name"))?
    };
    match cursor.peek() {
        None | Some(b' ' | b'\t') => Ok(name),
        Some(_) => Err(cursor.unexpected("a blank after the metric name")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(classify(nothing.as_bytes()), Kind::Nothing, "{nothing}");
        }
        // A blank is needed only where tokens would merge.
        assert_eq!(classify(b"#HELP a b"), Kind::Help(5));
        assert_eq!(classify(b" #\t TYPE a b"), Kind::Type(8));
        assert_eq!(classify(b"# TYPE"), Kind::Type(6));
        assert_eq!(classify(b" a 1"), Kind::Sample);
    }

    #[test]
    fn help_lines() {
        let read = |line: &'static str| match classify(line.as_bytes()) {
            Kind::Help(keyword) => help(line, keyword).map(|(family, text)| (family.raw(line), text.raw(line))),
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
            assert_eq!(read(line), Err(Fault::new(at, reason)), "{line}");
        }
    }

    #[test]
    fn type_lines() {
        let read = |line: &'static str| match classify(line.as_bytes()) {
            Kind::Type(keyword) => type_(line, keyword).map(|(family, kind)| (family.raw(line), kind)),
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
            assert_eq!(read(line), Err(Fault::new(at, reason)), "{line}");
        }
    }
}
