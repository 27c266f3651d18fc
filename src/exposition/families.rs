//! Families: samples grouped under the name, type and help that belong to them.

use super::cursor::{is_label_name, is_metric_name};
use super::grouping::Grouping;
use super::strings::{Id, Strings};
use super::{MetricType, Parser, ReadError, escape};
use std::io::Read;

/// Every family of one body, in the order in which the names first came.
///
/// A family is a name with its samples, and where it is declared a histogram or a summary `x`, the
/// samples `x_sum` and `x_count` and a histogram's `x_bucket` are its own too. A sample stands for a few
/// numbers: each distinct text is held once.
#[derive(Default)]
pub struct Families {
    pub(super) strings: Strings,
    pub(super) shapes: Vec<Shape>,
    pub(super) groups: Vec<Group>,
    pub(super) duplicates: Vec<Duplicate>,
}

/// One family.
#[derive(Clone, Copy)]
pub struct Family<'a> {
    pub name: &'a str,
    pub kind: MetricType,
    /// `None` where no `# HELP` came.
    pub help: Option<&'a str>,
    all: &'a Families,
    group: &'a Group,
}

/// One sample of a family: its own name (`x_bucket` in the family `x`), labels, value, timestamp.
#[derive(Clone, Copy)]
pub struct StoredSample<'a> {
    pub name: &'a str,
    pub value: f64,
    /// Milliseconds since 1970-01-01 UTC, where the line had one.
    pub timestamp_ms: Option<i64>,
    all: &'a Families,
    keys: &'a [Id],
    values: &'a [Id],
}

/// A series that came twice in one body; the first counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateSeries {
    /// As the text format writes it: `name{label="value"}`.
    pub series: String,
    /// The line of the later one, counted from 1.
    pub line: u64,
}

/// A sample's name and its labels' names: what most samples of a family have in common.
pub(super) struct Shape {
    pub name: Id,
    pub keys: Box<[Id]>,
}

/// A family as it is held.
pub(super) struct Group {
    pub name: Id,
    pub kind: MetricType,
    pub help: Option<Id>,
    pub rows: Vec<Row>,
    /// The label values of all rows, one row after the other.
    pub values: Vec<Id>,
    /// Row and milliseconds, for rows that have a timestamp.
    pub timestamps: Vec<(u32, i64)>,
}

/// A sample as it is held: 16 bytes, and 4 in its family for each label.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub value: f64,
    pub shape: u32,
    /// Where its label values begin in its family.
    pub values: u32,
}

/// A later sample of a series that came before, at `row` of `group`.
pub(super) struct Duplicate {
    pub group: u32,
    pub row: u32,
    pub line: u64,
}

impl Families {
    /// Reads a whole body.
    ///
    /// # Errors
    /// As [`super::Parser::next`].
    pub fn read(reader: impl Read) -> Result<Families, ReadError> {
        let mut parser = Parser::new(reader);
        let mut grouping = Grouping::default();
        while let Some(event) = parser.next()? {
            let taken = grouping.add(event);
            grouping.end_of_line(taken, parser.line())?;
        }
        Ok(grouping.finish())
    }

    /// The families, in the order in which their names first came; those without samples too.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Family<'_>> {
        self.groups.iter().map(|group| Family {
            name: self.strings.get(group.name),
            kind: group.kind,
            help: group.help.map(|help| self.strings.get(help)),
            all: self,
            group,
        })
    }

    /// How many families there are.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The series that came again, in the order of their lines.
    pub fn duplicates(&self) -> impl ExactSizeIterator<Item = DuplicateSeries> {
        self.duplicates.iter().map(|Duplicate { group, row, line }| {
            let row = self.groups.get(*group as usize).and_then(|group| group.row(*row, &self.shapes));
            let series = row.map(|(shape, values)| self.series(shape, values)).unwrap_or_default();
            DuplicateSeries { series, line: *line }
        })
    }

    /// A series as the text format writes it; a name that is no identifier goes into the braces, in quotes.
    fn series(&self, shape: &Shape, values: &[Id]) -> String {
        let quoted = |text: &str| {
            let mut quoted = String::from('"');
            escape::escape_into(text, &mut quoted);
            quoted.push('"');
            quoted
        };
        let name = self.strings.get(shape.name);
        let mut inside = Vec::new();
        let mut series = String::new();
        if is_metric_name(name) {
            series.push_str(name);
        } else {
            inside.push(quoted(name));
        }
        inside.extend(shape.keys.iter().zip(values).map(|(key, value)| {
            let key = self.strings.get(*key);
            let key = if is_label_name(key) { key.to_owned() } else { quoted(key) };
            format!("{key}={}", quoted(self.strings.get(*value)))
        }));
        if !inside.is_empty() {
            series.push_str(&format!("{{{}}}", inside.join(",")));
        }
        series
    }
}

impl Group {
    /// The shape and the label values of a row.
    pub fn row<'a>(&'a self, row: u32, shapes: &'a [Shape]) -> Option<(&'a Shape, &'a [Id])> {
        let row = self.rows.get(row as usize)?;
        let shape = shapes.get(row.shape as usize)?;
        let start = row.values as usize;
        Some((shape, self.values.get(start..start + shape.keys.len())?))
    }
}

impl<'a> Family<'a> {
    /// Its samples, in the order received; of a series that came twice the first.
    pub fn samples(&self) -> impl ExactSizeIterator<Item = StoredSample<'a>> + use<'a> {
        let Family { all, group, .. } = *self;
        let mut timestamps = group.timestamps.iter().peekable();
        group.rows.iter().enumerate().map(move |(index, row)| {
            let index = index as u32;
            let timestamp = timestamps.next_if(|(of, _)| *of == index);
            let (shape, values) = group.row(index, &all.shapes).map_or((None, &[][..]), |(s, v)| (Some(s), v));
            StoredSample {
                name: shape.map_or("", |shape| all.strings.get(shape.name)),
                value: row.value,
                timestamp_ms: timestamp.map(|(_, milliseconds)| *milliseconds),
                all,
                keys: shape.map_or(&[], |shape| &shape.keys),
                values,
            }
        })
    }
}

impl<'a> StoredSample<'a> {
    /// Names and values of its labels, in the order received.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = (&'a str, &'a str)> + use<'a> {
        let strings = &self.all.strings;
        self.keys.iter().zip(self.values).map(|(key, value)| (strings.get(*key), strings.get(*value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line a family, then one a sample.
    fn told(body: &str) -> Vec<String> {
        let families = Families::read(body.as_bytes()).unwrap();
        let mut lines = Vec::new();
        for family in families.iter() {
            lines.push(format!("{} {} {:?}", family.name, family.kind.as_str(), family.help));
            for sample in family.samples() {
                let labels: Vec<String> = sample.labels().map(|(name, value)| format!("{name}={value}")).collect();
                lines.push(format!(
                    "  {} {} {} {:?}",
                    sample.name,
                    labels.join(","),
                    sample.value,
                    sample.timestamp_ms
                ));
            }
        }
        lines.extend(
            families.duplicates().map(|DuplicateSeries { series, line }| format!("again, line {line}: {series}")),
        );
        lines
    }

    #[test]
    fn interleaved_families_are_regrouped_and_empty_ones_kept() {
        let body = "# HELP b\nc{x=\"1\"} 1 7\n# TYPE a gauge\na 2\nc{x=\"2\"} 3\n# HELP a text\nc{x=\"3\"} 4 -8\na{y=\"\\\"\"} 5\n";
        let expected = [
            "b untyped Some(\"\")",
            "c untyped None",
            "  c x=1 1 Some(7)",
            "  c x=2 3 None",
            "  c x=3 4 Some(-8)",
            "a gauge Some(\"text\")",
            "  a  2 None",
            "  a y=\" 5 None",
        ];
        assert_eq!(told(body), expected);
    }

    #[test]
    fn parts_of_histograms_and_summaries_belong_to_them() {
        let body = "h_sum 0\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 2\nh_count{a=\"b\"} 3\nh 4\n# TYPE s summary\n\
            s{quantile=\"0.5\"} 1\ns_sum 2\ns_count 3\ns_bucket 4\n# TYPE g gauge\ng_sum 1\n# TYPE h_count gauge\n";
        // `h_sum` came before `h` was declared and stays by itself.
        assert!(Families::read(body.as_bytes()).is_err());
        let body = body.replace("# TYPE h_count gauge\n", "");
        let expected = [
            "h_sum untyped None",
            "  h_sum  0 None",
            "h histogram None",
            "  h_bucket le=1 1 None",
            "  h_count a=b 3 None",
            "  h  4 None",
            "s summary None",
            "  s quantile=0.5 1 None",
            "  s_sum  2 None",
            "  s_count  3 None",
            "s_bucket untyped None",
            "  s_bucket  4 None",
            "g gauge None",
            "g_sum untyped None",
            "  g_sum  1 None",
            "again, line 4: h_sum",
        ];
        assert_eq!(told(&body), expected);
    }

    #[test]
    fn of_a_series_that_comes_twice_the_first_counts() {
        let body = "a{x=\"1\",y=\"2\"} 1\na{x=\"1\",y=\"3\"} 2\na{y=\"2\",x=\"1\"} 3 9\na{x=\"2\",y=\"1\"} 4\na{x=\"1\"} 5\nb{x=\"1\"} 6\nb{x=\"1\",y=\"\"} 7\nb{x=\"1\"} 8\n";
        let told = told(body);
        assert_eq!(told.iter().filter(|line| line.starts_with("  ")).count(), 6, "{told:#?}");
        assert_eq!(told[1], "  a x=1,y=2 1 None");
        assert_eq!(told[told.len() - 2..], ["again, line 3: a{x=\"1\",y=\"2\"}", "again, line 8: b{x=\"1\"}"]);
    }
}
