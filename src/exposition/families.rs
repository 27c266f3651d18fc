//! Families: samples grouped under the name, type and help that belong to them.

use super::strings::{Id, Strings};
use super::{Event, Labels, MetricType, Parser, ReadError, Sample, SyntaxError, escape};
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use std::hash::BuildHasher;
use std::io::Read;

/// Every family of one body, in the order in which the names first came.
///
/// A family is a name with its samples, and where it is declared a histogram or a summary `x`, the
/// samples `x_sum` and `x_count` and a histogram's `x_bucket` are its own too. A sample stands for a few
/// numbers: each distinct text is held once.
#[derive(Default)]
pub struct Families {
    strings: Strings,
    shapes: Vec<Shape>,
    families: Vec<Group>,
    duplicates: Vec<Duplicate>,
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
struct Shape {
    name: Id,
    keys: Box<[Id]>,
}

/// A family as it is held.
struct Group {
    name: Id,
    kind: MetricType,
    help: Option<Id>,
    rows: Vec<Row>,
    /// The label values of all rows, one row after the other.
    values: Vec<Id>,
    /// Row and milliseconds, for rows that have a timestamp.
    timestamps: Vec<(u32, i64)>,
}

/// A sample as it is held: 16 bytes, and 4 in its family for each label.
#[derive(Clone, Copy)]
struct Row {
    value: f64,
    shape: u32,
    /// Where its label values begin in its family.
    values: u32,
}

/// A later sample of a series that came before.
struct Duplicate {
    at: Place,
    line: u64,
}

/// A row of a family.
#[derive(Clone, Copy)]
struct Place {
    group: u32,
    row: u32,
}

impl Families {
    /// Reads a whole body.
    ///
    /// # Errors
    /// As [`super::Parser::next`].
    pub fn read(reader: impl Read) -> Result<Families, ReadError> {
        let mut parser = Parser::new(reader);
        let mut builder = Builder::default();
        while let Some(event) = parser.next()? {
            let taken = builder.add(event);
            taken.ok_or_else(|| too_large(parser.line()))?;
            builder.end_of_line(parser.line());
        }
        Ok(builder.families)
    }

    /// The families, in the order in which their names first came; those without samples too.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Family<'_>> {
        self.families.iter().map(|group| Family {
            name: self.strings.get(group.name),
            kind: group.kind,
            help: group.help.map(|help| self.strings.get(help)),
            all: self,
            group,
        })
    }

    /// How many families there are.
    pub fn len(&self) -> usize {
        self.families.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.families.is_empty()
    }

    /// The series that came again, in the order of their lines.
    pub fn duplicates(&self) -> impl ExactSizeIterator<Item = DuplicateSeries> {
        self.duplicates.iter().map(|Duplicate { at, line }| DuplicateSeries { series: self.series(*at), line: *line })
    }

    fn series(&self, at: Place) -> String {
        let Some((shape, values)) = self.row(at) else { return String::new() };
        let mut text = self.strings.get(shape.name).to_owned();
        for (index, (key, value)) in shape.keys.iter().zip(values).enumerate() {
            text.push(if index == 0 { '{' } else { ',' });
            text.push_str(self.strings.get(*key));
            text.push_str("=\"");
            escape::escape_into(self.strings.get(*value), &mut text);
            text.push('"');
        }
        if !values.is_empty() {
            text.push('}');
        }
        text
    }

    fn row(&self, at: Place) -> Option<(&Shape, &[Id])> {
        let group = self.families.get(at.group as usize)?;
        self.shape_and_values(group, group.rows.get(at.row as usize)?)
    }

    fn shape_and_values<'a>(&'a self, group: &'a Group, row: &Row) -> Option<(&'a Shape, &'a [Id])> {
        let shape = self.shapes.get(row.shape as usize)?;
        let start = row.values as usize;
        Some((shape, group.values.get(start..start + shape.keys.len())?))
    }
}

impl<'a> Family<'a> {
    /// Its samples, in the order received; of a series that came twice the first.
    pub fn samples(&self) -> impl ExactSizeIterator<Item = StoredSample<'a>> + use<'a> {
        let Family { all, group, .. } = *self;
        let mut timestamps = group.timestamps.iter().peekable();
        group.rows.iter().enumerate().map(move |(index, row)| {
            let timestamp = timestamps.next_if(|(of, _)| *of as usize == index);
            let (shape, values) = all.shape_and_values(group, row).map_or((None, &[][..]), |(s, v)| (Some(s), v));
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

/// Numbers of 32 bits have run out: some 100 GB of metrics.
fn too_large(line: u64) -> ReadError {
    SyntaxError { line, column: 1, reason: "more than 4 GiB of distinct names and label values".to_owned() }.into()
}

/// What is needed while families are put together, and not after.
#[derive(Default)]
struct Builder {
    families: Families,
    /// Families by the number of their name.
    by_name: HashMap<Id, u32>,
    /// What is known of a sample name since it first came.
    names: HashMap<Id, Name>,
    /// Shapes by what they hold.
    shapes: HashTable<u32>,
    /// Series by what they hold, whatever the order of their labels.
    series: HashTable<Place>,
    hasher: DefaultHashBuilder,
    /// The series that the line in hand repeats.
    repeated: Option<Place>,
    keys: Vec<Id>,
    values: Vec<Id>,
}

/// A sample's name.
#[derive(Clone, Copy)]
struct Name {
    /// The family that its samples go to.
    group: u32,
}

impl Builder {
    /// Takes one event in. `None` where numbers run out.
    fn add(&mut self, event: Event<'_>) -> Option<()> {
        match event {
            Event::Help { family, text } => {
                let group = self.declared(&family)?;
                let help = self.families.strings.intern(&text)?;
                self.families.families.get_mut(group as usize)?.help = Some(help);
            }
            Event::Type { family, kind } => {
                let group = self.declared(&family)?;
                self.families.families.get_mut(group as usize)?.kind = kind;
            }
            Event::Sample(sample) => self.sample(&sample)?,
        }
        Some(())
    }

    fn end_of_line(&mut self, line: u64) {
        if let Some(at) = self.repeated.take() {
            self.families.duplicates.push(Duplicate { at, line });
        }
    }

    /// The family called `name`, a new one if need be.
    fn declared(&mut self, name: &str) -> Option<u32> {
        let name = self.families.strings.intern(name)?;
        self.group(name)
    }

    fn group(&mut self, name: Id) -> Option<u32> {
        if let Some(group) = self.by_name.get(&name) {
            return Some(*group);
        }
        let group = u32::try_from(self.families.families.len()).ok()?;
        self.families.families.push(Group {
            name,
            kind: MetricType::Untyped,
            help: None,
            rows: Vec::new(),
            values: Vec::new(),
            timestamps: Vec::new(),
        });
        self.by_name.insert(name, group);
        Some(group)
    }

    /// The family that samples called `name` belong to.
    fn owner(&mut self, name: &str, id: Id) -> Option<u32> {
        if let Some(name) = self.names.get(&id) {
            return Some(name.group);
        }
        let group = match self.by_name.get(&id) {
            Some(group) => *group,
            None => match self.whole(name) {
                Some(group) => group,
                None => self.group(id)?,
            },
        };
        self.names.insert(id, Name { group });
        Some(group)
    }

    /// The histogram or summary that `name` is a part of.
    fn whole(&mut self, name: &str) -> Option<u32> {
        let (stem, of_summaries) = [("_sum", true), ("_count", true), ("_bucket", false)]
            .into_iter()
            .find_map(|(suffix, of_summaries)| Some((name.strip_suffix(suffix)?, of_summaries)))?;
        let stem = self.families.strings.intern(stem)?;
        let group = *self.by_name.get(&stem)?;
        match self.families.families.get(group as usize)?.kind {
            MetricType::Histogram => Some(group),
            MetricType::Summary if of_summaries => Some(group),
            _ => None,
        }
    }

    fn sample(&mut self, sample: &Sample<'_>) -> Option<()> {
        let name = self.families.strings.intern(&sample.name)?;
        let group_id = self.owner(&sample.name, name)?;
        self.intern_labels(sample.labels)?;
        let shape = self.shape(name)?;
        let place = Place {
            group: group_id,
            row: u32::try_from(self.families.families.get(group_id as usize)?.rows.len()).ok()?,
        };
        let Builder { families, series, hasher, keys, values, .. } = self;
        let hash = series_hash(hasher, name, keys, values);
        let same = |at: &Place| {
            families.row(*at).is_some_and(|(s, v)| s.name == name && same_labels((&s.keys, v), (keys, values)))
        };
        if let Some(first) = series.find(hash, same) {
            self.repeated = Some(*first);
            return Some(());
        }
        let group = families.families.get_mut(group_id as usize)?;
        let start = u32::try_from(group.values.len()).ok()?;
        group.rows.push(Row { value: sample.value, shape, values: start });
        group.values.extend_from_slice(values);
        if let Some(milliseconds) = sample.timestamp_ms {
            group.timestamps.push((place.row, milliseconds));
        }
        series.insert_unique(hash, place, |at| {
            families.row(*at).map_or(0, |(shape, values)| series_hash(hasher, shape.name, &shape.keys, values))
        });
        Some(())
    }

    fn intern_labels(&mut self, labels: Labels<'_>) -> Option<()> {
        self.keys.clear();
        self.values.clear();
        for (key, value) in labels.iter() {
            self.keys.push(self.families.strings.intern(&key)?);
            self.values.push(self.families.strings.intern(&value)?);
        }
        Some(())
    }

    /// The shape of samples called `name` with the labels in hand.
    fn shape(&mut self, name: Id) -> Option<u32> {
        let Builder { families: Families { shapes: all, .. }, shapes, hasher, keys, .. } = self;
        let hash = hasher.hash_one((name, &keys[..]));
        let same =
            |shape: &u32| all.get(*shape as usize).is_some_and(|shape| shape.name == name && *shape.keys == **keys);
        if let Some(shape) = shapes.find(hash, same) {
            return Some(*shape);
        }
        let shape = u32::try_from(all.len()).ok()?;
        all.push(Shape { name, keys: keys.as_slice().into() });
        shapes.insert_unique(hash, shape, |shape| {
            all.get(*shape as usize).map_or(0, |shape| hasher.hash_one((shape.name, &shape.keys[..])))
        });
        Some(shape)
    }
}

/// The same for every order of the labels.
fn series_hash(hasher: &DefaultHashBuilder, name: Id, keys: &[Id], values: &[Id]) -> u64 {
    let labels = keys.iter().zip(values).map(|(key, value)| hasher.hash_one((*key, *value)));
    labels.fold(hasher.hash_one(name), u64::wrapping_add)
}

/// Whether two label sets hold the same names and values in whatever order.
fn same_labels(one: (&[Id], &[Id]), other: (&[Id], &[Id])) -> bool {
    if one.0 == other.0 {
        return one.1 == other.1;
    }
    let sorted = |(keys, values): (&[Id], &[Id])| {
        let mut pairs: Vec<(Id, Id)> = keys.iter().copied().zip(values.iter().copied()).collect();
        pairs.sort_unstable();
        pairs
    };
    one.0.len() == other.0.len() && sorted(one) == sorted(other)
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
