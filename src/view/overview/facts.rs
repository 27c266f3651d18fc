//! The metrics of a snapshot by the catalog's names, whatever names they came under.

use crate::deployment::Snapshot;
use crate::view::metric::{Metric, Place};
use std::collections::BTreeMap;

/// What was received.
pub struct Facts<'a> {
    by_key: BTreeMap<String, Metric<'a>>,
    /// What stands under no key: series, names that no catalog knows.
    pub others: Vec<Metric<'a>>,
    pub total: usize,
}

impl<'a> Facts<'a> {
    /// Of a name and its older spelling in one snapshot, the catalog's own counts.
    pub fn new(snapshot: &'a Snapshot) -> Facts<'a> {
        let all = Metric::all(snapshot);
        let mut facts = Facts { by_key: BTreeMap::new(), others: Vec::new(), total: all.len() };
        for metric in all {
            match (metric.entry, metric.place) {
                (Some(entry), Place::Cluster(name) | Place::Metrics(name)) => {
                    let is_own = name == entry.name;
                    let known = facts.by_key.entry(entry.key());
                    known
                        .and_modify(|known| {
                            if is_own {
                                *known = metric
                            }
                        })
                        .or_insert(metric);
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
