//! How events become families.

use super::families::{Duplicate, Families, Group, Row, Shape};
use super::strings::{Id, Strings};
use super::{Event, Labels, MetricType, ReadError, Sample, SyntaxError};
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use std::hash::BuildHasher;

/// Families as they are put together, with what is not needed after.
#[derive(Default)]
pub(super) struct Grouping {
    families: Families,
    /// Families by the number of their name.
    by_name: HashMap<Id, u32>,
    /// The family that samples of a name go to, since the first of them came.
    owners: HashMap<Id, u32>,
    /// Shapes by what they hold.
    shapes: HashTable<u32>,
    /// For each family its series by what they hold, whatever the order of their labels.
    series: Vec<HashTable<Series>>,
    hasher: DefaultHashBuilder,
    last: Last,
    /// The series that the line in hand repeats: family and row.
    repeated: Option<(u32, u32)>,
}

/// A series in a table: half its hash, so that a growing table need not look at rows, and its row.
struct Series {
    hash: u32,
    row: u32,
}

/// The last sample: the next one differs in little.
#[derive(Default)]
struct Last {
    /// Name and family.
    name: Option<(Id, u32)>,
    shape: u32,
    keys: Vec<Id>,
    values: Vec<Id>,
}

impl Grouping {
    /// Takes one event in. `None` where numbers of 32 bits have run out: after some 100 GB of metrics.
    pub fn add(&mut self, event: Event<'_>) -> Option<()> {
        match event {
            Event::Help { family, text } => {
                let group = self.declared(&family)?;
                let help = self.families.strings.intern(&text)?;
                self.families.groups.get_mut(group as usize)?.help = Some(help);
            }
            Event::Type { family, kind } => {
                let group = self.declared(&family)?;
                self.families.groups.get_mut(group as usize)?.kind = kind;
            }
            Event::Sample(sample) => self.sample(&sample)?,
        }
        Some(())
    }

    /// Notes where the event just taken came from; `taken` is what [`Grouping::add`] gave.
    pub fn end_of_line(&mut self, taken: Option<()>, line: u64) -> Result<(), ReadError> {
        if taken.is_none() {
            let reason = "more than 4 GiB of distinct names and label values".to_owned();
            return Err(SyntaxError { line, column: 1, reason }.into());
        }
        if let Some((group, row)) = self.repeated.take() {
            self.families.duplicates.push(Duplicate { group, row, line });
        }
        Ok(())
    }

    /// The families, without the room that was kept for more.
    pub fn finish(mut self) -> Families {
        for group in &mut self.families.groups {
            group.rows.shrink_to_fit();
            group.values.shrink_to_fit();
        }
        self.families
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
        let group = u32::try_from(self.families.groups.len()).ok()?;
        self.families.groups.push(Group {
            name,
            kind: MetricType::Untyped,
            help: None,
            rows: Vec::new(),
            values: Vec::new(),
            timestamps: Vec::new(),
        });
        self.series.push(HashTable::new());
        self.by_name.insert(name, group);
        Some(group)
    }

    /// The family that samples called `name` belong to.
    fn owner(&mut self, name: &str, id: Id) -> Option<u32> {
        if let Some(group) = self.owners.get(&id) {
            return Some(*group);
        }
        let group = match self.by_name.get(&id).copied().or_else(|| self.whole(name)) {
            Some(group) => group,
            None => self.group(id)?,
        };
        self.owners.insert(id, group);
        Some(group)
    }

    /// The histogram or summary that `name` is a part of.
    fn whole(&mut self, name: &str) -> Option<u32> {
        let (stem, of_summaries) = [("_sum", true), ("_count", true), ("_bucket", false)]
            .into_iter()
            .find_map(|(suffix, of_summaries)| Some((name.strip_suffix(suffix)?, of_summaries)))?;
        let stem = self.families.strings.find(stem)?;
        let group = *self.by_name.get(&stem)?;
        match self.families.groups.get(group as usize)?.kind {
            MetricType::Histogram => Some(group),
            MetricType::Summary if of_summaries => Some(group),
            _ => None,
        }
    }

    fn sample(&mut self, sample: &Sample<'_>) -> Option<()> {
        let mut same_shape = true;
        let last = self
            .last
            .name
            .filter(|(last, _)| sample.labels.same.name || self.families.strings.get(*last) == sample.name);
        let (name, group_id) = match last {
            Some(last) => last,
            None => {
                same_shape = false;
                let name = self.families.strings.intern(&sample.name)?;
                (name, self.owner(&sample.name, name)?)
            }
        };
        self.last.name = Some((name, group_id));
        same_shape &= self.labels(sample.labels)?;
        if !same_shape {
            self.last.shape = self.shape(name)?;
        }

        let Grouping { families: Families { groups, shapes, .. }, series, hasher, last, .. } = self;
        let (group, series) = (groups.get_mut(group_id as usize)?, series.get_mut(group_id as usize)?);
        let half = series_hash(hasher, name, &last.keys, &last.values);
        let whole = |half: u32| u64::from(half) << 32 | u64::from(half);
        let same = |other: &Series| {
            other.hash == half
                && group.row(other.row, shapes).is_some_and(|(shape, values)| {
                    shape.name == name && same_labels((&shape.keys, values), (&last.keys, &last.values))
                })
        };
        if let Some(first) = series.find(whole(half), same) {
            self.repeated = Some((group_id, first.row));
            return Some(());
        }
        let row = u32::try_from(group.rows.len()).ok()?;
        let values = u32::try_from(group.values.len()).ok()?;
        group.rows.push(Row { value: sample.value, shape: last.shape, values });
        group.values.extend_from_slice(&last.values);
        if let Some(milliseconds) = sample.timestamp_ms {
            group.timestamps.push((row, milliseconds));
        }
        series.insert_unique(whole(half), Series { hash: half, row }, |series| whole(series.hash));
        Some(())
    }

    /// Puts the numbers of names and values into `last`; tells whether the names are still the same.
    fn labels(&mut self, labels: Labels<'_>) -> Option<bool> {
        let Grouping { families: Families { strings, .. }, last: Last { keys, values, .. }, .. } = self;
        let Labels { line, pairs, same } = labels;
        let mut same_names = keys.len() == pairs.len();
        for (index, (key, value)) in pairs.iter().enumerate() {
            if index < 64 && same.labels >> index & 1 == 1 {
                continue;
            }
            if !same.keys {
                same_names &= update(keys, index, &key.read(line), strings)?;
            }
            update(values, index, &value.read(line), strings)?;
        }
        keys.truncate(pairs.len());
        values.truncate(pairs.len());
        Some(same_names)
    }

    /// The shape of samples called `name` with the labels in hand.
    fn shape(&mut self, name: Id) -> Option<u32> {
        let Grouping { families: Families { shapes: all, .. }, shapes, hasher, last: Last { keys, .. }, .. } = self;
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
fn series_hash(hasher: &DefaultHashBuilder, name: Id, keys: &[Id], values: &[Id]) -> u32 {
    let label = |(key, value): (&Id, &Id)| hasher.hash_one(u64::from(*key) << 32 | u64::from(*value));
    let all = keys.iter().zip(values).map(label).fold(hasher.hash_one(name), u64::wrapping_add);
    (all >> 32) as u32
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
