//! The metrics of a snapshot by the catalog's names, whatever names they came under.

use crate::deployment::{Metric, Snapshot};
use std::collections::BTreeMap;

/// What was received.
pub struct Facts<'a> {
    by_key: BTreeMap<String, Metric<'a>>,
    /// What stands under no key of the catalog: series, and names that it does not know.
    pub others: Vec<Metric<'a>>,
    pub total: usize,
}

impl<'a> Facts<'a> {
    /// Where a family came under its own and an older name, its own counts.
    pub fn new(snapshot: &'a Snapshot) -> Facts<'a> {
        let all = snapshot.list();
        let mut facts = Facts { by_key: BTreeMap::new(), others: Vec::new(), total: all.len() };
        for metric in all {
            match metric.entry {
                Some(entry) if metric.key.is_some() => {
                    let is_own = metric.name == entry.name;
                    if is_own || !facts.by_key.contains_key(&entry.key()) {
                        facts.by_key.insert(entry.key(), metric);
                    }
                }
                _ => facts.others.push(metric),
            }
        }
        facts
    }

    /// The first of these that was received.
    pub fn first(&self, keys: &[&str]) -> Option<&Metric<'a>> {
        keys.iter().find_map(|key| self.by_key.get(*key))
    }

    /// The value of the first of these that was received.
    pub fn value(&self, keys: &[&str]) -> Option<f64> {
        self.first(keys).map(|metric| metric.value)
    }

    /// Everything that stands under a key of the catalog.
    pub fn known(&self) -> impl Iterator<Item = (&str, &Metric<'a>)> {
        self.by_key.iter().map(|(key, metric)| (key.as_str(), metric))
    }
}
