//! The last values of the key figures, for sparklines. It holds so many ticks and no more, however long it runs.

use super::super::overview::{FIGURES, Facts};
use super::super::watch::WatchAnswer;
use std::collections::{BTreeMap, VecDeque};

/// How many ticks are kept: as many as the widest sparkline has columns.
pub const KEPT: usize = 120;

/// Of more deployments than that nobody looks at each: the last ones have no history.
const MOST: usize = 1000;

/// Which of the addresses, and the deployment's id.
type Key = (usize, Option<String>);

/// The values of [`FIGURES`] at a tick.
type Values = [Option<f64>; FIGURES.len()];

/// The last ticks of every deployment.
#[derive(Debug, Default)]
pub(super) struct History {
    ticks: BTreeMap<Key, VecDeque<Values>>,
}

impl History {
    /// Adds a tick. A deployment that is not shown any more is forgotten.
    pub(super) fn add(&mut self, watch: &WatchAnswer) {
        let mut before = std::mem::take(&mut self.ticks);
        for (report, _) in watch.answered().take(MOST) {
            let key = (report.index, report.snapshot.identity.deployment_id.clone());
            let mut ticks = before.remove(&key).unwrap_or_default();
            // A number that is kept because nobody answered is none of this tick.
            let fresh = !report.is_stale() || report.rates.is_some();
            let facts = Facts::new(report, None);
            ticks.push_back(std::array::from_fn(|at| FIGURES.get(at).filter(|_| fresh)?.of(facts)));
            if ticks.len() > KEPT {
                ticks.pop_front();
            }
            self.ticks.insert(key, ticks);
        }
    }

    /// The last `count` values of a figure by its place in [`FIGURES`], oldest first.
    pub(super) fn last(&self, key: &Key, figure: usize, count: usize) -> Vec<Option<f64>> {
        let Some(ticks) = self.ticks.get(key) else { return Vec::new() };
        let last = ticks.iter().skip(ticks.len().saturating_sub(count));
        last.map(|values| values.get(figure).copied().flatten()).collect()
    }

    /// How many ticks of one deployment are held.
    pub(super) fn ticks(&self, key: &Key) -> usize {
        self.ticks.get(key).map_or(0, VecDeque::len)
    }

    /// How many ticks are held in all.
    pub(super) fn len(&self) -> usize {
        self.ticks.values().map(VecDeque::len).sum()
    }
}

/// A line of blocks, one a value, from 0 up to the highest of them. What is missing is blank.
pub(super) fn sparkline(values: &[Option<f64>]) -> String {
    // The full block would touch the line above.
    const BLOCKS: [char; 7] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];
    let finite = values.iter().flatten().copied().filter(|value| value.is_finite());
    let highest = finite.fold(0.0, f64::max);
    let block = |value: Option<f64>| {
        let Some(value) = value.filter(|value| value.is_finite()) else { return ' ' };
        let part = if highest > 0.0 { value / highest } else { 0.0 };
        let at = (part * 6.0).round().clamp(0.0, 6.0) as usize;
        // Little is not nothing.
        BLOCKS[if value > 0.0 { at.max(1) } else { at }]
    };
    values.iter().map(|value| block(*value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_tell_nothing_from_little_and_missing() {
        let line = |values: &[f64]| {
            sparkline(&values.iter().map(|value| Some(*value).filter(|one| *one >= 0.0)).collect::<Vec<_>>())
        };
        assert_eq!(line(&[0.0, 0.1, 50.0, 100.0, -1.0]), "▁▂▄▇ ");
        assert_eq!(line(&[0.0, 0.0]), "▁▁");
        assert_eq!(line(&[1000.0, 1001.0, 1002.0]), "▇▇▇", "every curve starts at 0");
        assert_eq!(line(&[]), "");
    }
}
