//! The last minutes of a few numbers, for sparklines. It holds so many ticks and no more, however long it runs.

use super::super::watch::{Figures, WatchAnswer};
use std::collections::{BTreeMap, VecDeque};

/// How many ticks are kept: as many as the widest sparkline has columns.
pub const KEPT: usize = 120;

/// What is kept of each deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Curve {
    Clients,
    Sessions,
    Received,
    Sent,
    BytesReceived,
    BytesSent,
    Dropped,
    Lost,
    SignInFailures,
    Refused,
    Matched,
    Exceptions,
    Actions,
    ActionsFailed,
}

impl Curve {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Curve; 14] = [
        Curve::Clients,
        Curve::Sessions,
        Curve::Received,
        Curve::Sent,
        Curve::BytesReceived,
        Curve::BytesSent,
        Curve::Dropped,
        Curve::Lost,
        Curve::SignInFailures,
        Curve::Refused,
        Curve::Matched,
        Curve::Exceptions,
        Curve::Actions,
        Curve::ActionsFailed,
    ];

    /// Whether it starts at nothing; else what counts is how it moves.
    pub fn is_rate(self) -> bool {
        !matches!(self, Curve::Clients | Curve::Sessions)
    }

    /// Its value now; `None` where it was not received, or has no rate yet.
    pub fn of(self, figures: &Figures<'_>) -> Option<f64> {
        match self {
            Curve::Clients => figures.value(&[
                "metrics.live_connections_count",
                "metrics.connections_count",
                "cluster.connections_count",
            ]),
            Curve::Sessions => figures.value(&["metrics.sessions_count", "cluster.sessions_count"]),
            Curve::Received => figures.rate("metrics.messages_received"),
            Curve::Sent => figures.rate("metrics.messages_sent"),
            Curve::BytesReceived => figures.rate("metrics.bytes_received"),
            Curve::BytesSent => figures.rate("metrics.bytes_sent"),
            Curve::Dropped => figures.dropped(),
            Curve::Lost => figures.lost(),
            Curve::SignInFailures => figures.rate("metrics.authentication_failure"),
            Curve::Refused => figures.rate("metrics.authorization_deny"),
            Curve::Matched => figures.rate("rules.matched"),
            Curve::Exceptions => figures.rate("rules.exception"),
            Curve::Actions => figures.rate("rules.actions_taken"),
            Curve::ActionsFailed => figures.rate("rules.actions_failed"),
        }
    }
}

/// A deployment: which of the addresses, and its id.
type Who = (usize, Option<String>);

/// One deployment's curves, in the order of [`Curve::ALL`]; a value that is missing is `NaN`.
type Curves = [VecDeque<f64>; Curve::ALL.len()];

/// The last ticks of every deployment.
#[derive(Debug, Default)]
pub struct History {
    curves: BTreeMap<Who, Curves>,
}

impl History {
    /// Adds a tick. Who is not shown any more is forgotten.
    pub fn add(&mut self, watch: &WatchAnswer) {
        let shown = || watch.answer.reports.iter().zip(&watch.states);
        let who = |index: usize, id: &Option<String>| (index, id.clone());
        let known: Vec<Who> =
            shown().map(|(report, one)| who(one.index, &report.snapshot.identity.deployment_id)).collect();
        self.curves.retain(|one, _| known.contains(one));
        for ((report, state), who) in shown().zip(known) {
            let figures = Figures { snapshot: &report.snapshot, rates: report.rates.as_ref() };
            let curves = self.curves.entry(who).or_default();
            for (curve, values) in Curve::ALL.into_iter().zip(curves) {
                // A number that is kept because nobody answered is none of this tick.
                let fresh = !state.is_stale() || report.rates.is_some();
                values.push_back(curve.of(&figures).filter(|_| fresh).unwrap_or(f64::NAN));
                while values.len() > KEPT {
                    values.pop_front();
                }
            }
        }
    }

    /// The last `count` values, oldest first.
    pub fn last(&self, index: usize, id: Option<&str>, curve: Curve, count: usize) -> Vec<f64> {
        let curves = self.curves.get(&(index, id.map(str::to_owned)));
        let at = Curve::ALL.iter().position(|one| *one == curve).unwrap_or_default();
        let values = curves.and_then(|curves| curves.get(at));
        values
            .map(|values| values.iter().skip(values.len().saturating_sub(count)).copied().collect())
            .unwrap_or_default()
    }

    /// How many values are held in all.
    pub fn len(&self) -> usize {
        self.curves.values().flatten().map(VecDeque::len).sum()
    }
}

/// A line of blocks, one a value, from nothing up to the highest of them. What is missing is blank; a curve that does not
/// start at nothing is drawn between its ends.
pub fn sparkline(values: &[f64], from_zero: bool) -> String {
    // The full block would touch the line above.
    const BLOCKS: [char; 7] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let highest = finite().fold(f64::NEG_INFINITY, f64::max);
    let lowest = if from_zero { 0.0 } else { finite().fold(f64::INFINITY, f64::min) };
    let span = highest - lowest;
    let block = |value: f64| {
        if !value.is_finite() {
            return ' ';
        }
        let part = if span > 0.0 { (value - lowest) / span } else { 0.0 };
        let at = (part * 6.0).round().clamp(0.0, 6.0) as usize;
        // Little is not nothing.
        let at = if from_zero && value > 0.0 { at.max(1) } else { at };
        BLOCKS.get(at).copied().unwrap_or(' ')
    };
    values.iter().map(|value| block(*value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_tell_nothing_from_little_and_missing() {
        assert_eq!(sparkline(&[0.0, 0.1, 50.0, 100.0, f64::NAN], true), "▁▂▄▇ ");
        assert_eq!(sparkline(&[0.0, 0.0], true), "▁▁");
        assert_eq!(sparkline(&[1000.0, 1001.0, 1002.0], false), "▁▄▇");
        assert_eq!(sparkline(&[7.0, 7.0], false), "▁▁");
        assert_eq!(sparkline(&[], true), "");
    }
}
