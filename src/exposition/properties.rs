//! What holds for every input, tried on many.

use super::parser::tests::events;
use super::{Families, MetricType, Parser};
use crate::text::label_value;
use proptest::collection::vec;
use proptest::prelude::*;
use std::io::Read;

/// Gives its bytes in pieces of these lengths, over and over.
struct Pieces<'a> {
    bytes: &'a [u8],
    lengths: std::iter::Cycle<std::slice::Iter<'a, usize>>,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.lengths.next().map_or(1, |length| (*length).clamp(1, buffer.len()));
        (&mut self.bytes).take(length as u64).read(buffer)
    }
}

/// A family as it is written.
#[derive(Debug, Clone)]
struct Written {
    kind: Option<MetricType>,
    help: Option<String>,
    samples: Vec<(WrittenLabels, f64, Option<i64>)>,
}

type WrittenLabels = Vec<(String, String)>;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[a-c]{0,3}", 1 => "[ -~éß☕\\n\\t\\\\\"\u{0}]{0,20}"]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[a-b_][a-b_0-1]{0,2}", 1 => "[a-zA-Z:_][a-zA-Z0-9:_]{0,12}", 1 => "[a-b. é\\\\\"\\n]{1,4}"]
        .prop_filter("reserved", |name| name != "__name__")
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![any::<u32>().prop_map(f64::from), any::<f64>(), Just(0.0), Just(f64::INFINITY), Just(f64::NAN)]
}

fn written() -> impl Strategy<Value = Written> {
    let kind = prop::sample::select(&[MetricType::Counter, MetricType::Gauge, MetricType::Untyped][..]);
    let labels =
        prop::collection::btree_map(name(), text(), 0..5).prop_map(|labels| labels.into_iter().collect::<Vec<_>>());
    let sample = (labels, value(), proptest::option::of(any::<i64>()));
    (proptest::option::of(kind), proptest::option::of(text()), vec(sample, 0..6)).prop_map(
        |(kind, help, mut samples)| {
            samples.sort_by(|one, other| one.0.cmp(&other.0));
            samples.dedup_by(|one, other| one.0 == other.0);
            Written { kind, help: help.map(|help| help.trim_matches([' ', '\t']).to_owned()), samples }
        },
    )
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", label_value(text))
}

fn is_identifier(name: &str, colon: bool) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || (c == ':' && colon);
    name.chars().all(fits) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// The text of one family, with its own blanks.
fn render(name: &str, family: &Written, blank: &str) -> String {
    let family_name = if is_identifier(name, true) { name.to_owned() } else { quoted(name) };
    let mut text = String::new();
    if let Some(help) = &family.help {
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        text += &format!("# HELP{blank} {family_name} {blank}{help}{blank}\n");
    }
    if let Some(kind) = family.kind {
        text += &format!("{blank}#{blank} TYPE {family_name}{blank} {}\n", kind.as_str());
    }
    for (labels, value, timestamp) in &family.samples {
        let pairs = labels.iter().map(|(key, value)| {
            let key = if is_identifier(key, false) { key.clone() } else { quoted(key) };
            format!("{key}{blank}={}", quoted(value))
        });
        if is_identifier(name, true) {
            text += &format!("{blank}{name}{{{}}} {value}", pairs.collect::<Vec<_>>().join(","));
        } else {
            let inside: Vec<String> = std::iter::once(family_name.clone()).chain(pairs).collect();
            text += &format!("{{{}{blank}}}{value}", inside.join(&format!(",{blank}")));
        }
        text += &timestamp.map_or(String::new(), |timestamp| format!(" {timestamp}{blank}"));
        text.push('\n');
    }
    text
}

fn body() -> impl Strategy<Value = String> {
    let blank = prop::sample::select(&["", " ", "\t ", ""][..]);
    let families = prop::collection::btree_map(name(), written(), 0..4);
    (families, blank).prop_map(|(families, blank)| {
        families.iter().map(|(name, family)| render(name, family, blank)).collect::<Vec<_>>().join("\n")
    })
}

/// Well-formed text with some bytes overwritten, put in or taken out.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![any::<u8>(), prop::sample::select(&b"\n\"\\{}=,# \t0aN\r"[..])];
    (body(), vec((any::<prop::sample::Index>(), byte, 0..3), 0..6)).prop_map(|(body, changes)| {
        let mut bytes = body.into_bytes();
        for (index, byte, kind) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = index.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        bytes
    })
}

/// Sample lines that share beginnings, as those of a family do, few of them malformed.
fn similar_lines() -> impl Strategy<Value = Vec<String>> {
    let one_of = |choices: &'static [&'static str]| prop::sample::select(choices);
    let inside = (
        one_of(&[
            r#"b="1","#,
            r#"b="1","#,
            r#"b="","#,
            r#"b="1x,","#,
            r#"b="1\",c=","#,
            r#""m x","#,
            r#""b z"="1","#,
            r#"b z="1","#,
            "",
        ]),
        one_of(&[
            r#"c="22","#,
            r#"c="22","#,
            r#"c="\n","#,
            r#" c="22, ","#,
            r#"c ="a long value","#,
            r#""m y","#,
            r#""c"="22","#,
            "",
        ]),
        one_of(&[
            r#"dd="1""#,
            r#"dd="1","#,
            r#"dd="12""#,
            r#"dd="a long value""#,
            r#""m y""#,
            "b",
            r#"b="2""#,
            r#"c="22""#,
            "",
        ]),
    );
    let line = (one_of(&["a", "a", "a", "a_much_longer_name", "a ", ""]), inside, 0..30u8);
    vec(line.prop_map(|(name, (b, c, d), value)| format!("{name}{{{b}{c}{d}}} {value}")), 1..8)
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..300)) {
        let _ = events(&bytes[..]);
        let _ = Families::read(&bytes[..]).map(|families| families.duplicates().len());
    }

    #[test]
    fn pieces_do_not_matter(bytes in mutated(), lengths in vec(1..40usize, 1..4)) {
        let whole = events(&bytes[..]);
        prop_assert_eq!(events(Pieces { bytes: &bytes, lengths: [1].iter().cycle() }), whole.clone());
        prop_assert_eq!(events(Pieces { bytes: &bytes, lengths: lengths.iter().cycle() }), whole);
        let _ = Families::read(&bytes[..]).map(|families| families.duplicates().len());
    }

    #[test]
    fn a_line_says_the_same_after_any_other(lines in similar_lines()) {
        let mut expected = Vec::new();
        let mut error = None;
        for (index, line) in lines.iter().enumerate() {
            let (events, refused) = events(format!("{line}\n").as_bytes());
            expected.extend(events);
            error = refused.map(|refused| refused.replacen("line 1", &format!("line {}", index + 1), 1));
            if error.is_some() {
                break;
            }
        }
        let body: String = lines.iter().map(|line| format!("{line}\n")).collect();
        prop_assert_eq!(events(body.as_bytes()), (expected, error));
    }

    #[test]
    fn what_is_written_is_read(
        families in prop::collection::btree_map(name(), written(), 0..5),
        blank in prop::sample::select(&["", " ", "\t "][..]),
    ) {
        let body: String = families.iter().map(|(name, family)| render(name, family, blank)).collect();
        let read = Families::read(body.as_bytes());
        let read = read.map_err(|error| TestCaseError::fail(format!("{error} in {body:?}")))?;
        let told = |family: &Written| family.kind.is_some() || family.help.is_some() || !family.samples.is_empty();
        let families: Vec<_> = families.iter().filter(|(_, family)| told(family)).collect();
        prop_assert_eq!(read.len(), families.len());
        for (read, (name, written)) in read.iter().zip(families) {
            prop_assert_eq!(read.name, name);
            prop_assert_eq!(read.kind, written.kind.unwrap_or(MetricType::Untyped));
            prop_assert_eq!(read.help, written.help.as_deref());
            prop_assert_eq!(read.samples().len(), written.samples.len());
            for (sample, (labels, value, timestamp)) in read.samples().zip(&written.samples) {
                prop_assert_eq!(sample.name, name);
                let pairs = labels.iter().map(|(key, value)| (key.as_str(), value.as_str()));
                prop_assert!(sample.labels().eq(pairs), "{:?}", labels);
                prop_assert!(sample.value.to_bits() == value.to_bits() || value.is_nan() && sample.value.is_nan());
                prop_assert_eq!(sample.timestamp_ms, *timestamp);
            }
        }
    }

    #[test]
    fn series_are_the_same_whatever_the_order_of_their_labels(
        labels in prop::collection::btree_map("[a-d]", "[a-b]{0,2}", 1..4),
        other in prop::collection::btree_map("[a-d]", "[a-b]{0,2}", 1..4),
    ) {
        let line = |pairs: Vec<String>| format!("m{{{}}} 1\n", pairs.join(","));
        let pair = |(key, value): (&String, &String)| format!("{key}=\"{value}\"");
        let body = line(labels.iter().map(pair).collect()) + &line(other.iter().rev().map(pair).collect());
        let families = Families::read(body.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(families.duplicates().len(), usize::from(labels == other));
    }

    #[test]
    fn any_float_that_is_written_is_read(value in any::<f64>()) {
        for body in [format!("a {value}\n"), format!("a {value:e}\n"), format!("a {value:.3}\n")] {
            let token = body[2..body.len() - 1].to_owned();
            let mut parser = Parser::new(body.as_bytes());
            match parser.next() {
                Ok(Some(super::Event::Sample(sample))) => {
                    let expected: f64 = token.parse().unwrap();
                    prop_assert!(sample.value.to_bits() == expected.to_bits() || expected.is_nan());
                }
                other => prop_assert!(false, "{body:?}: {other:?}"),
            }
        }
    }
}
