//! What the parser gives out: one event a line that says something.

use super::escape::Text;
use super::labels::Same;
use std::borrow::Cow;
use std::fmt;

/// The type that a `# TYPE` line declares; `Untyped` where none does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MetricType {
    Counter,
    Gauge,
    Histogram,
    Summary,
    #[default]
    Untyped,
}

impl MetricType {
    /// The words of the text format, in the order of the types.
    pub const WORDS: [&'static str; 5] = ["counter", "gauge", "histogram", "summary", "untyped"];

    const ALL: [MetricType; 5] =
        [MetricType::Counter, MetricType::Gauge, MetricType::Histogram, MetricType::Summary, MetricType::Untyped];

    /// The word of the text format.
    pub fn as_str(self) -> &'static str {
        MetricType::WORDS[self as usize]
    }

    /// The type that the text format calls `word`.
    pub(super) fn from_word(word: &str) -> Option<MetricType> {
        MetricType::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The name of the family of this type that samples called `name` are a part of: `x` for `x_sum` and `x_count`, and for a
    /// histogram's `x_bucket`. `None` for every other name.
    pub fn whole(self, name: &str) -> Option<&str> {
        let parts: &[&str] = match self {
            MetricType::Histogram => &["_bucket", "_sum", "_count"],
            MetricType::Summary => &["_sum", "_count"],
            MetricType::Counter | MetricType::Gauge | MetricType::Untyped => &[],
        };
        parts.iter().find_map(|part| name.strip_suffix(part))
    }
}

/// One line that says something, borrowed from the parser's buffer until the next call.
#[derive(Debug)]
pub enum Event<'a> {
    /// `# HELP family text`, unescaped. An empty text is a help that says nothing.
    Help { family: Cow<'a, str>, text: Cow<'a, str> },
    /// `# TYPE family kind`.
    Type { family: Cow<'a, str>, kind: MetricType },
    /// `name{labels} value timestamp`.
    Sample(Sample<'a>),
}

/// One sample line.
#[derive(Debug)]
pub struct Sample<'a> {
    pub name: Cow<'a, str>,
    pub labels: Labels<'a>,
    pub value: f64,
    /// Milliseconds since 1970-01-01 UTC, where the line has one.
    pub timestamp_ms: Option<i64>,
    /// The line it stands on, counted from 1.
    pub line: u64,
}

/// The labels of one sample in the order received, without the metric's name.
///
/// No name comes twice: the parser refuses such a line.
#[derive(Clone, Copy)]
pub struct Labels<'a> {
    pub(super) line: &'a str,
    /// Where names and values stand in `line`.
    pub(super) pairs: &'a [(Text, Text)],
    pub(super) same: Same,
}

impl<'a> Labels<'a> {
    /// The value of the label `name`; only an escaped value allocates.
    pub fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        let Labels { line, pairs, .. } = *self;
        pairs.iter().find(|(key, _)| key.read(line) == name).map(|(_, value)| value.read(line))
    }

    /// Names and values, in the order received.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Cow<'a, str>, Cow<'a, str>)> + 'a {
        let Labels { line, pairs, .. } = *self;
        pairs.iter().map(move |(name, value)| (name.read(line), value.read(line)))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

impl fmt::Debug for Labels<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self.iter()).finish()
    }
}
