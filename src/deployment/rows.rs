//! Rules, resources and series as they come in: found again fast, each held once.

use super::{Resource, Rule, Series};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// What goes by an id.
pub(super) trait Named {
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

/// Rows by id, in the order in which the ids first came.
#[derive(Debug)]
pub(super) struct Rows<T> {
    rows: Vec<T>,
    /// Where a row stands, by its id's hash.
    index: HashTable<usize>,
    hasher: DefaultHashBuilder,
    /// The row that was touched last. A body says the ids of each family in the same order, or all about one id together:
    /// the next sample is nearly always about this row or the one behind it.
    last: usize,
}

impl<T> Default for Rows<T> {
    fn default() -> Rows<T> {
        Rows { rows: Vec::new(), index: HashTable::new(), hasher: DefaultHashBuilder::default(), last: 0 }
    }
}

impl<T: Named> Rows<T> {
    /// Changes the row `id`, which is made where there is none, and passes on what `change` says.
    pub(super) fn update(&mut self, id: &str, change: impl FnOnce(&mut T) -> bool) -> bool {
        let is_at = |at: usize| self.rows.get(at).is_some_and(|row| row.id() == id);
        let likely = [self.last + 1, self.last].into_iter().find(|&at| is_at(at));
        self.last = likely.unwrap_or_else(|| self.find_or_add(id));
        self.rows.get_mut(self.last).is_some_and(change)
    }

    fn find_or_add(&mut self, id: &str) -> usize {
        let Rows { rows, index, hasher, .. } = self;
        let same = |&at: &usize| rows.get(at).is_some_and(|row| row.id() == id);
        let hash = hasher.hash_one(id);
        if let Some(&at) = index.find(hash, same) {
            return at;
        }
        let at = rows.len();
        index.insert_unique(hash, at, |&at| hasher.hash_one(rows.get(at).map_or("", Named::id)));
        rows.push(T::new(id));
        at
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn into_vec(self) -> Vec<T> {
        self.rows
    }
}

/// Series by name and labels, in the order received.
#[derive(Debug, Default)]
pub(super) struct SeriesSet {
    rows: Vec<Series>,
    index: HashTable<usize>,
    hasher: DefaultHashBuilder,
}

impl SeriesSet {
    /// Keeps a series; `false` where it came before.
    pub(super) fn insert(&mut self, series: Series) -> bool {
        self.try_insert(series).is_ok()
    }

    /// Keeps a series, or gives it back where it came before.
    pub(super) fn try_insert(&mut self, series: Series) -> Result<(), Series> {
        let SeriesSet { rows, index, hasher } = self;
        let hash = hash_of(hasher, &series);
        if index.find(hash, |&at| rows.get(at).is_some_and(|row| is_same(row, &series))).is_some() {
            return Err(series);
        }
        let at = rows.len();
        index.insert_unique(hash, at, |&at| rows.get(at).map_or(0, |row| hash_of(hasher, row)));
        rows.push(series);
        Ok(())
    }

    pub(super) fn into_vec(self) -> Vec<Series> {
        self.rows
    }
}

/// The order of labels tells nothing, so it must not change the hash.
fn hash_of(hasher: &DefaultHashBuilder, series: &Series) -> u64 {
    series.labels.iter().fold(hasher.hash_one(&series.name), |sum, label| sum.wrapping_add(hasher.hash_one(label)))
}

/// No label name comes twice in a series.
fn is_same(a: &Series, b: &Series) -> bool {
    a.name == b.name && a.labels.len() == b.labels.len() && a.labels.iter().all(|label| b.labels.contains(label))
}

/// Fills an empty slot; `false` where it is full.
pub(super) fn fill<T>(slot: &mut Option<T>, value: T) -> bool {
    let empty = slot.is_none();
    if empty {
        *slot = Some(value);
    }
    empty
}

#[cfg(test)]
mod tests {
    use super::super::RuleCount;
    use super::*;

    #[test]
    fn ids_in_any_order_are_one_row_each() {
        let mut rows = Rows::<Rule>::default();
        for id in ["b", "a", "b", "c", "a", "a", "c", "b"] {
            rows.update(id, |rule| {
                let matched = &mut rule.counts[RuleCount::Matched];
                *matched = Some(matched.unwrap_or(0.0) + 1.0);
                true
            });
        }
        let seen: Vec<(String, Option<f64>)> =
            rows.into_vec().into_iter().map(|rule| (rule.rule_id, rule.counts[RuleCount::Matched])).collect();
        assert_eq!(seen, [("b".into(), Some(3.0)), ("a".into(), Some(3.0)), ("c".into(), Some(2.0))]);
    }

    #[test]
    fn many_rows_are_found_again() {
        let mut rows = Rows::<Resource>::default();
        for n in (0..1000).chain((0..1000).rev()) {
            rows.update(&format!("http:{n}"), |_| true);
        }
        assert_eq!(rows.into_vec().len(), 1000);
    }

    #[test]
    fn a_series_is_the_same_whatever_the_order_of_its_labels() {
        let series = |name: &str, labels: &[(&str, &str)]| Series {
            name: name.into(),
            labels: labels.iter().map(|&(name, value)| (name.into(), value.into())).collect(),
            value: 1.0,
        };
        let mut set = SeriesSet::default();
        assert!(set.insert(series("x", &[("a", "1"), ("b", "2")])));
        assert!(!set.insert(series("x", &[("b", "2"), ("a", "1")])));
        assert!(set.insert(series("x", &[("a", "2"), ("b", "1")])));
        assert!(set.insert(series("x", &[("a", "1")])));
        assert!(set.insert(series("y", &[("a", "1")])));
        assert_eq!(set.into_vec().len(), 4);
    }
}
