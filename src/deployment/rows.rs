//! Rules, resources and series as they come in: found again fast, each held once.

use super::{LabelSet, MetricKey, Resource, Rule, Series};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;
use std::sync::Arc;

/// What is held once.
pub(super) trait Row {
    /// The hash of what tells it from others.
    fn hash(&self, hasher: &DefaultHashBuilder) -> u64;
    /// What its texts take, in bytes.
    fn texts(&self) -> usize;
}

/// What a text takes, in bytes: with what an allocation takes beside it, which gives no less than 16.
fn held(length: usize) -> usize {
    length.max(16) + 16
}

/// What goes by an id alone.
pub(super) trait Named: Row {
    fn new(id: &str) -> Self;
    fn id(&self) -> &str;
}

impl Named for Rule {
    fn new(id: &str) -> Rule {
        Rule { rule_id: id.to_owned(), ..Rule::default() }
    }

    fn id(&self) -> &str {
        &self.rule_id
    }
}

impl Named for Resource {
    fn new(id: &str) -> Resource {
        Resource { resource_id: id.to_owned(), status: None }
    }

    fn id(&self) -> &str {
        &self.resource_id
    }
}

impl Row for Rule {
    fn hash(&self, hasher: &DefaultHashBuilder) -> u64 {
        hasher.hash_one(self.id())
    }

    fn texts(&self) -> usize {
        held(self.id().len())
    }
}

impl Row for Resource {
    fn hash(&self, hasher: &DefaultHashBuilder) -> u64 {
        hasher.hash_one(self.id())
    }

    fn texts(&self) -> usize {
        held(self.id().len())
    }
}

impl Row for Series {
    /// The order of labels tells nothing, so it must not change the hash.
    fn hash(&self, hasher: &DefaultHashBuilder) -> u64 {
        let name = hasher.hash_one(self.key.name());
        self.labels.iter().fold(name, |sum, label| sum.wrapping_add(hasher.hash_one(label)))
    }

    fn texts(&self) -> usize {
        // The family that it was read with holds the key too: with that one alone this series is the key's first.
        let is_first = Arc::strong_count(&self.key) <= 2;
        let key = if is_first { size_of::<MetricKey>() + 2 * held(self.key.name().len()) } else { 0 };
        held(self.labels.size()) + key
    }
}

/// Rows in the order in which they first came.
#[derive(Debug)]
pub(super) struct Rows<T> {
    rows: Vec<T>,
    /// Where a row stands, by its hash.
    index: HashTable<usize>,
    hasher: DefaultHashBuilder,
    /// The row that was touched last. A body says the ids of each family in the same order, or all about one id together:
    /// the next sample is nearly always about this row or the one behind it.
    last: usize,
    /// What the texts in the rows take, in bytes.
    texts: usize,
}

impl<T> Default for Rows<T> {
    fn default() -> Rows<T> {
        Rows { rows: Vec::new(), index: HashTable::new(), hasher: DefaultHashBuilder::default(), last: 0, texts: 0 }
    }
}

impl<T: Row> Rows<T> {
    fn find(&self, hash: u64, is_same: impl Fn(&T) -> bool) -> Option<usize> {
        self.index.find(hash, |&at| is_same(&self.rows[at])).copied()
    }

    fn push(&mut self, hash: u64, row: T) -> usize {
        let Rows { rows, index, hasher, texts, .. } = self;
        let at = rows.len();
        *texts += row.texts();
        rows.push(row);
        index.insert_unique(hash, at, |&at| rows[at].hash(hasher));
        at
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many bytes it takes, about: while it grows what it was is there too.
    pub(super) fn size(&self) -> usize {
        self.rows.len() * (size_of::<T>() + 2 * size_of::<usize>()) * 3 / 2 + self.texts
    }

    pub(super) fn into_vec(self) -> Vec<T> {
        self.rows
    }

    /// Takes all rows of `other` over where there is none here; else gives them back, to be taken one by one.
    pub(super) fn take_over(&mut self, other: Rows<T>) -> Vec<T> {
        if self.is_empty() {
            *self = other;
            return Vec::new();
        }
        other.into_vec()
    }
}

impl<T: Named> Rows<T> {
    /// Changes the row `id`, which is made where there is none, and passes on what `change` says.
    pub(super) fn update(&mut self, id: &str, change: impl FnOnce(&mut T) -> Filled) -> Filled {
        let is_at = |at: &usize| self.rows.get(*at).is_some_and(|row| row.id() == id);
        let likely = [self.last + 1, self.last].into_iter().find(is_at);
        self.last = likely.unwrap_or_else(|| {
            let hash = self.hasher.hash_one(id);
            self.find(hash, |row| row.id() == id).unwrap_or_else(|| self.push(hash, T::new(id)))
        });
        change(&mut self.rows[self.last])
    }
}

impl Rows<Series> {
    /// Keeps a series, or gives it back where it came before.
    pub(super) fn insert(&mut self, series: Series) -> Result<(), Series> {
        let hash = series.hash(&self.hasher);
        if self.find(hash, |row| is_same(row, &series)).is_some() {
            return Err(series);
        }
        self.push(hash, series);
        Ok(())
    }

    /// The series that is told from others as this one is.
    pub(super) fn find_mut(&mut self, series: &Series) -> Option<&mut Series> {
        let at = self.find(series.hash(&self.hasher), |row| is_same(row, series))?;
        self.rows.get_mut(at)
    }
}

/// Whether two series have one name and the same labels, in whatever order. No label name comes twice in a series.
fn is_same(one: &Series, other: &Series) -> bool {
    one.key == other.key && (one.labels == other.labels || sorted(&one.labels) == sorted(&other.labels))
}

fn sorted(labels: &LabelSet) -> Vec<(&str, &str)> {
    let mut labels: Vec<_> = labels.iter().collect();
    labels.sort_unstable();
    labels
}

/// What became of a value that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filled {
    /// Its place was empty.
    New,
    /// It stands there: the place held the same value, or an older one.
    Same,
    /// Its place holds another value.
    Differs,
}

/// Fills an empty slot, and one that holds an older value where this is the `newest`. `number` is what a value was sent as.
pub(super) fn fill<T: Copy>(slot: &mut Option<T>, value: T, newest: bool, number: impl Fn(T) -> f64) -> Filled {
    let filled = match *slot {
        None => Filled::New,
        Some(there) if newest || same(number(there), number(value)) => Filled::Same,
        Some(_) => Filled::Differs,
    };
    if filled != Filled::Differs {
        *slot = Some(value);
    }
    filled
}

/// Whether two values are the same; two that are no numbers are.
pub(super) fn same(a: f64, b: f64) -> bool {
    a == b || a.is_nan() && b.is_nan()
}

#[cfg(test)]
mod tests {
    use super::super::{MetricKey, RuleCount};
    use super::*;

    #[test]
    fn ids_in_any_order_are_one_row_each() {
        let mut rows = Rows::<Rule>::default();
        for id in ["b", "a", "b", "c", "a", "a", "c", "b"] {
            rows.update(id, |rule| {
                let matched = &mut rule.counts[RuleCount::Matched];
                *matched = Some(matched.unwrap_or(0.0) + 1.0);
                Filled::New
            });
        }
        let seen: Vec<(String, Option<f64>)> =
            rows.into_vec().into_iter().map(|rule| (rule.rule_id, rule.counts[RuleCount::Matched])).collect();
        assert_eq!(seen, [("b".into(), Some(3.0)), ("a".into(), Some(3.0)), ("c".into(), Some(2.0))]);
    }

    #[test]
    fn many_rows_are_found_again() {
        let (mut rules, mut resources, mut series) =
            (Rows::<Rule>::default(), Rows::<Resource>::default(), Rows::default());
        for n in (0..1000).chain((0..1000).rev()) {
            let id = format!("http:{n}");
            rules.update(&id, |_| Filled::New);
            resources.update(&id, |_| Filled::New);
            let labelled = |name: &str, id: &str| Series {
                key: MetricKey::whole(name).into(),
                labels: [("id", id)].into_iter().collect(),
                value: 1.0,
            };
            // Of one name with other labels, and of another name with the same labels.
            let new = [series.insert(labelled("x", &id)).is_ok(), series.insert(labelled(&id, "x")).is_ok()];
            assert_eq!(new[0], new[1]);
        }
        assert_eq!((rules.into_vec().len(), resources.into_vec().len(), series.into_vec().len()), (1000, 1000, 2000));
    }

    #[test]
    fn a_series_is_the_same_whatever_the_order_of_its_labels() {
        let series = |name: &str, labels: &[(&str, &str)]| Series {
            key: MetricKey::whole(name).into(),
            labels: labels.iter().copied().collect(),
            value: 1.0,
        };
        let mut set = Rows::<Series>::default();
        assert!(set.insert(series("x", &[("a", "1"), ("b", "2")])).is_ok());
        assert!(set.insert(series("x", &[("b", "2"), ("a", "1")])).is_err());
        assert!(set.insert(series("x", &[("a", "2"), ("b", "1")])).is_ok());
        assert!(set.insert(series("x", &[("a", "1")])).is_ok());
        assert!(set.insert(series("y", &[("a", "1")])).is_ok());
        assert_eq!(set.into_vec().len(), 4);
    }
}
