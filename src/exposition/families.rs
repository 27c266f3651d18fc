//! Families: samples grouped under the name, type and help that belong to them.

use super::cursor::{is_label_name, is_metric_name};
use super::strings::{Id, Strings};
use super::{Event, Labels, MetricType, Parser, ReadError, Sample, SyntaxError};
use crate::text;
use hashbrown::{DefaultHashBuilder, HashMap};
use indexmap::{IndexMap, IndexSet};
use std::borrow::Cow;
use std::hash::BuildHasher;
use std::io::Read;

/// Every family of one body, in the order in which the names first came.
///
/// A family is a name with its samples, and where it is declared a histogram or a summary `x`, the
/// samples `x_sum` and `x_count` and a histogram's `x_bucket` are its own too.
#[derive(Default)]
pub struct Families {
    groups: IndexMap<Box<str>, Group, DefaultHashBuilder>,
    /// Each name and label value of a sample, once.
    strings: Strings,
    /// A sample's name and the names of its labels, which most samples of a family have in common.
    shapes: IndexSet<Box<[Id]>, DefaultHashBuilder>,
    duplicates: Vec<DuplicateSeries>,
    duplicate_count: u64,
}

/// One family.
#[derive(Clone, Copy)]
pub struct Family<'a> {
    pub name: &'a str,
    pub kind: MetricType,
    /// `None` where no `# HELP` came.
    pub help: Option<&'a str>,
    families: &'a Families,
    group: &'a Group,
}

/// One sample of a family: its own name (`x_bucket` in the family `x`), labels, value, timestamp.
#[derive(Clone, Copy)]
pub struct StoredSample<'a> {
    pub name: &'a str,
    pub value: f64,
    /// Milliseconds since 1970-01-01 UTC, where the line had one.
    pub timestamp_ms: Option<i64>,
    strings: &'a Strings,
    keys: &'a [Id],
    values: &'a [Id],
}

/// A series that came twice in one body; the first counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateSeries {
    /// As the text format writes it: `name{label="value"}`; of a long one the middle is left out.
    pub series: String,
    /// The line of the later one, counted from 1.
    pub line: u64,
}

/// How many duplicates are named one by one; the rest is counted.
const NAMED_DUPLICATES: usize = 10;
/// The longest series that is named whole, in characters.
const LONGEST_SERIES: usize = 300;

/// What a family, a shape, a row and the place of one take beside their texts, in bytes: as measured, with the tables that find them.
const GROUP: usize = 350;
const SHAPE: usize = 64;
const ROW: usize = size_of::<Row>() + size_of::<(u32, u32)>();
const LINES: usize = size_of::<(u32, u64)>();

/// Series that come again are looked for when a group has this many rows, then at each time four times as many, and at the end.
const SEARCHED: usize = 64 * 1024;

#[derive(Default)]
struct Group {
    kind: MetricType,
    help: Option<Box<str>>,
    rows: Vec<Row>,
    /// The label values of all rows, one row after the other.
    values: Vec<Id>,
    /// Row and milliseconds, for rows that have a timestamp.
    timestamps: Vec<(u32, i64)>,
    /// How many rows at the beginning are of different series. Of the others, a row and the number of its line, wherever lines begin
    /// that follow each other.
    distinct: usize,
    lines: Vec<(u32, u64)>,
}

/// A sample as it is held: 16 bytes, and 4 in its group for each label.
struct Row {
    value: f64,
    shape: u32,
    /// Where its label values begin in its group.
    values: u32,
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
            match event {
                Event::Help { family, text } => {
                    builder.held += text.len();
                    builder.declared(&family).help = Some(text.into());
                }
                Event::Type { family, kind } => builder.declared(&family).kind = kind,
                Event::Sample(sample) => builder.add(&sample).ok_or_else(|| SyntaxError {
                    line: sample.line,
                    column: 1,
                    reason: "more than 4 GiB of distinct names and label values".to_owned(),
                })?,
            }
            parser.hold(builder.held + builder.families.strings.size())?;
        }
        Ok(builder.finish())
    }

    /// The families, in the order in which their names first came; those without samples too.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Family<'_>> {
        self.groups.iter().map(|(name, group)| Family {
            name,
            kind: group.kind,
            help: group.help.as_deref(),
            families: self,
            group,
        })
    }

    /// The family at that place of [`Families::iter`].
    pub fn get(&self, at: usize) -> Option<Family<'_>> {
        let (name, group) = self.groups.get_index(at)?;
        Some(Family { name, kind: group.kind, help: group.help.as_deref(), families: self, group })
    }

    /// How many families there are.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The first few series that came again, in the order of their lines.
    pub fn duplicates(&self) -> &[DuplicateSeries] {
        &self.duplicates
    }

    /// How many samples came again: no more are named than [`Families::duplicates`] has.
    pub fn duplicate_count(&self) -> u64 {
        self.duplicate_count
    }

    fn sample<'a>(&'a self, group: &'a Group, row: usize) -> StoredSample<'a> {
        let (names, values) = names_and_values(&group.rows, &group.values, &self.shapes, row);
        let timestamp = group.timestamps.binary_search_by_key(&row, |(row, _)| *row as usize);
        StoredSample {
            name: self.strings.get(names[0]),
            value: group.rows[row].value,
            timestamp_ms: timestamp.ok().map(|at| group.timestamps[at].1),
            strings: &self.strings,
            keys: &names[1..],
            values,
        }
    }
}

/// The names and the label values of a row of a group: that of the sample first.
fn names_and_values<'a>(
    rows: &[Row],
    values: &'a [Id],
    shapes: &'a IndexSet<Box<[Id]>, DefaultHashBuilder>,
    row: usize,
) -> (&'a [Id], &'a [Id]) {
    let Row { shape, values: start, .. } = rows[row];
    let (names, start) = (&shapes[shape as usize], start as usize);
    (names, &values[start..start + names.len() - 1])
}

impl<'a> Family<'a> {
    /// Its samples, in the order received; of a series that came twice the first.
    pub fn samples(&self) -> impl ExactSizeIterator<Item = StoredSample<'a>> + use<'a> {
        let Family { families, group, .. } = *self;
        (0..group.rows.len()).map(move |row| families.sample(group, row))
    }

    /// The sample at that place of [`Family::samples`].
    pub fn sample(&self, at: usize) -> Option<StoredSample<'a>> {
        let Family { families, group, .. } = *self;
        (at < group.rows.len()).then(|| families.sample(group, at))
    }
}

impl<'a> StoredSample<'a> {
    /// Names and values of its labels, in the order received.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = (&'a str, &'a str)> + use<'a> {
        let strings = self.strings;
        self.keys.iter().zip(self.values).map(|(key, value)| (strings.get(*key), strings.get(*value)))
    }

    /// As the text format writes it; a name that is no identifier goes into the braces, in quotes.
    fn series(&self) -> String {
        let quoted = |name: &str| format!("\"{}\"", text::label_value(name));
        let key = |key| if is_label_name(key) { Cow::Borrowed(key) } else { quoted(key).into() };
        let labels = text::labels(self.labels().map(|(name, value)| (key(name), value)), ",");
        match (is_metric_name(self.name), labels.as_str()) {
            (true, "") => self.name.to_owned(),
            (true, labels) => format!("{}{{{labels}}}", self.name),
            (false, "") => format!("{{{}}}", quoted(self.name)),
            (false, labels) => format!("{{{},{labels}}}", quoted(self.name)),
        }
    }
}

/// Families as they are put together, with what is not needed after.
#[derive(Default)]
struct Builder {
    families: Families,
    /// The group that samples of a name go to, since the first of them came.
    owners: HashMap<Id, usize>,
    hasher: DefaultHashBuilder,
    /// How many bytes are held beside the strings, about.
    held: usize,
    /// Of each group the first few samples that came again: the line, and the group and the row of the series.
    again: Vec<(u64, usize, u32)>,
    // The last sample, from which the next one differs in little.
    names: Vec<Id>,
    values: Vec<Id>,
    shape: u32,
    group: usize,
}

impl Builder {
    /// The families, without the room that was kept for more.
    fn finish(mut self) -> Families {
        for group in 0..self.families.groups.len() {
            self.drop_repeated(group);
            let group = &mut self.families.groups[group];
            group.rows.shrink_to_fit();
            group.values.shrink_to_fit();
            group.lines = Vec::new();
        }
        self.again.sort_unstable();
        let families = &mut self.families;
        let named = self.again.iter().take(NAMED_DUPLICATES).map(|(line, group, first)| {
            let series = families.sample(&families.groups[*group], *first as usize).series();
            DuplicateSeries { series: text::shortened(&series, LONGEST_SERIES).into_owned(), line: *line }
        });
        families.duplicates = named.collect();
        self.families
    }

    /// Leaves of each series in a group the first row.
    fn drop_repeated(&mut self, at: usize) {
        let Families { groups, shapes, duplicate_count, .. } = &mut self.families;
        let group = &mut groups[at];
        let rows = repeated(group, shapes, &self.hasher);
        *duplicate_count += rows.len() as u64;
        let moved = |first: u32| first - rows.partition_point(|(row, _)| *row < first) as u32;
        let named = rows.iter().take(NAMED_DUPLICATES);
        self.again.extend(named.map(|(row, first)| (group.line(*row), at, moved(*first))));
        self.held -= group.remove(&rows) + group.lines.len() * LINES;
        group.distinct = group.rows.len();
        group.lines.clear();
    }

    /// The group called `name`, a new one if need be.
    fn group(&mut self, name: &str) -> usize {
        let groups = &mut self.families.groups;
        groups.get_index_of(name).unwrap_or_else(|| {
            self.held += GROUP + name.len();
            groups.insert_full(name.into(), Group::default()).0
        })
    }

    fn declared(&mut self, name: &str) -> &mut Group {
        let group = self.group(name);
        &mut self.families.groups[group]
    }

    /// The group that samples called `name` belong to: their own, or that of the histogram or summary they are a part of.
    fn owner(&mut self, name: &str) -> usize {
        let groups = &self.families.groups;
        if let Some(group) = self.owners.get(&self.names[0]) {
            return *group;
        }
        let whole =
            || groups.get_full(MetricType::Histogram.whole(name)?).filter(|(.., of)| of.kind.whole(name).is_some());
        let known = groups.get_index_of(name).or_else(|| whole().map(|(group, ..)| group));
        let group = known.unwrap_or_else(|| self.group(name));
        self.owners.insert(self.names[0], group);
        group
    }

    /// Adds a sample. `None` where numbers of 32 bits have run out: after some 100 GB of metrics.
    fn add(&mut self, sample: &Sample<'_>) -> Option<()> {
        let Builder { families: Families { strings, shapes, .. }, names, values, held, .. } = self;
        let Labels { line, pairs, same } = sample.labels;
        let mut same_names = names.len() == pairs.len() + 1;
        if !same.name {
            same_names &= update(names, 0, &sample.name, strings)?;
        }
        for (index, (key, value)) in pairs.iter().enumerate() {
            if index < 64 && same.labels >> index & 1 == 1 {
                continue;
            }
            if !same.keys {
                same_names &= update(names, index + 1, &key.read(line), strings)?;
            }
            update(values, index, &value.read(line), strings)?;
        }
        names.truncate(pairs.len() + 1);
        values.truncate(pairs.len());
        if !same_names {
            let known = shapes.get_index_of(&names[..]);
            let shape = known.unwrap_or_else(|| {
                *held += SHAPE + size_of_val(&names[..]);
                shapes.insert_full(names.as_slice().into()).0
            });
            self.shape = u32::try_from(shape).ok()?;
            self.group = self.owner(&sample.name);
        }

        let Builder { families, values, held, .. } = self;
        let group = &mut families.groups[self.group];
        *held += ROW + size_of_val(&values[..]);
        let row = u32::try_from(group.rows.len()).ok()?;
        if group.lines.is_empty() || group.line(row) != sample.line {
            *held += LINES;
            group.lines.push((row, sample.line));
        }
        group.rows.push(Row {
            value: sample.value,
            shape: self.shape,
            values: u32::try_from(group.values.len()).ok()?,
        });
        group.values.extend_from_slice(values);
        group.timestamps.extend(sample.timestamp_ms.map(|milliseconds| (row, milliseconds)));
        if group.rows.len() >= SEARCHED.max(group.distinct * 4) {
            self.drop_repeated(self.group);
        }
        Some(())
    }
}

impl Group {
    /// The line that a row came from. For the row that comes next: the line after the last one.
    fn line(&self, row: u32) -> u64 {
        let after = self.lines.partition_point(|(first, _)| *first <= row);
        let (first, line) = self.lines[after - 1];
        line + u64::from(row - first)
    }

    /// Removes those rows, which are in order, and tells how many bytes they took.
    fn remove(&mut self, rows: &[(u32, u32)]) -> usize {
        let Some((first, _)) = rows.first() else { return 0 };
        let before = |row: u32| rows.partition_point(|(removed, _)| *removed < row);
        let is_removed = |row: u32| rows.get(before(row)).is_some_and(|(removed, _)| *removed == row);
        let ends: Vec<u32> = self.rows.iter().skip(1).map(|row| row.values).chain([self.values.len() as u32]).collect();
        let mut kept = self.rows[*first as usize].values as usize;
        let mut row = 0..;
        self.rows.retain_mut(|stored| {
            let Some(row) = row.next().filter(|row| !is_removed(*row)) else { return false };
            if row > *first {
                let values = stored.values as usize..ends[row as usize] as usize;
                stored.values = kept as u32;
                self.values.copy_within(values.clone(), kept);
                kept += values.len();
            }
            true
        });
        let removed_values = self.values.len() - kept;
        self.values.truncate(kept);
        self.timestamps.retain(|(row, _)| !is_removed(*row));
        for (row, _) in &mut self.timestamps {
            *row -= before(*row) as u32;
        }
        rows.len() * ROW + removed_values * size_of::<Id>()
    }
}

/// The rows whose series came before, in order, each with the first of that series.
fn repeated(
    group: &Group,
    shapes: &IndexSet<Box<[Id]>, DefaultHashBuilder>,
    hasher: &DefaultHashBuilder,
) -> Vec<(u32, u32)> {
    let series = |row: u32| names_and_values(&group.rows, &group.values, shapes, row as usize);
    let hash = |row| {
        let (names, values) = series(row);
        (series_hash(hasher, names, values) >> 32) as u32
    };
    // Half of a hash and the row, sorted: a table of all series takes longer and more memory.
    let mut rows: Vec<(u32, u32)> = (0..group.rows.len() as u32).map(|row| (hash(row), row)).collect();
    rows.sort_unstable();
    let mut again = Vec::new();
    for alike in rows.chunk_by(|(one, _), (other, _)| one == other).filter(|alike| alike.len() > 1) {
        let mut firsts: HashMap<(Id, Vec<(Id, Id)>), u32> = HashMap::new();
        for (_, row) in alike {
            let (names, values) = series(*row);
            let first = *firsts.entry(sorted(names, values)).or_insert(*row);
            again.extend((first != *row).then_some((*row, first)));
        }
    }
    again.sort_unstable();
    again
}

/// Makes the text numbered at `index` be `text`; tells whether it was already.
fn update(ids: &mut Vec<Id>, index: usize, text: &str, strings: &mut Strings) -> Option<bool> {
    match ids.get_mut(index) {
        Some(id) if strings.get(*id) == text => return Some(true),
        Some(id) => *id = strings.intern(text)?,
        None => ids.push(strings.intern(text)?),
    }
    Some(false)
}

/// The same for every order of the labels.
fn series_hash(hasher: &DefaultHashBuilder, names: &[Id], values: &[Id]) -> u64 {
    let label = |(key, value): (&Id, &Id)| hasher.hash_one(u64::from(*key) << 32 | u64::from(*value));
    let labels = names.iter().skip(1).zip(values).map(label);
    labels.fold(hasher.hash_one(names[0]), u64::wrapping_add)
}

/// The same for every order of the labels, and for no other series.
fn sorted(names: &[Id], values: &[Id]) -> (Id, Vec<(Id, Id)>) {
    let mut labels: Vec<(Id, Id)> = names.iter().skip(1).copied().zip(values.iter().copied()).collect();
    labels.sort_unstable();
    (names[0], labels)
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
        let again = |DuplicateSeries { series, line }: &DuplicateSeries| format!("again, line {line}: {series}");
        lines.extend(families.duplicates().iter().map(again));
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

    #[test]
    fn what_stays_keeps_its_place_among_rows_that_go() {
        let body = "# a comment\na{x=\"1\"} 1 7\nb 1\na{x=\"1\"} 2 8\na{x=\"2\"} 3 9\n\na{x=\"2\"} 4\na{x=\"3\"} 5 6\nb 2\na{x=\"3\"} 6\n";
        let expected = [
            "a untyped None",
            "  a x=1 1 Some(7)",
            "  a x=2 3 Some(9)",
            "  a x=3 5 Some(6)",
            "b untyped None",
            "  b  1 None",
            "again, line 4: a{x=\"1\"}",
            "again, line 7: a{x=\"2\"}",
            "again, line 9: b",
            "again, line 10: a{x=\"3\"}",
        ];
        assert_eq!(told(body), expected);
    }

    #[test]
    fn of_many_rows_the_first_of_each_series_stays() {
        let (mut body, mut expected, mut again) = (String::new(), IndexMap::new(), Vec::new());
        for number in 0..300_000_u64 {
            // Two thirds come again, some at once and some long after.
            let series = (number / 3).wrapping_mul(7919) % 90_000;
            let labels = if series % 2 == 0 { format!("x=\"{series}\"") } else { format!("y=\"1\",x=\"{series}\"") };
            body += &format!("a{{{labels}}} {number} {number}\n");
            if expected.contains_key(&series) {
                again.push(number + 1);
            } else {
                expected.insert(series, (number as f64, Some(number as i64)));
            }
        }
        let families = Families::read(body.as_bytes()).unwrap();
        let samples = families.get(0).unwrap().samples();
        let found: Vec<_> = samples
            .map(|sample| {
                let (_, series) = sample.labels().last().unwrap();
                (series.parse().unwrap(), (sample.value, sample.timestamp_ms))
            })
            .collect();
        assert!(found.into_iter().eq(expected));
        assert_eq!(families.duplicate_count(), again.len() as u64);
        let named: Vec<u64> = families.duplicates().iter().map(|again| again.line).collect();
        assert_eq!(named, again[..NAMED_DUPLICATES]);
        assert_eq!(families.duplicates()[0].series, "a{x=\"0\"}");
    }
}
