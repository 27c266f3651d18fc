//! Curves of simulated time. Each is a formula whose sum over time is a formula too, so that a counter at
//! any instant costs the same, however long the simulation ran and in whatever steps.
//!
//! Everything that happens follows [`Activity`], the common day-and-night wave; a [`Stream`] counts one kind of
//! event in proportion to it, a [`Level`] is a quantity that goes up and down.

use std::f64::consts::TAU;

const DAY: f64 = 86_400.0;

/// One sine around zero: `share * sin(TAU * x / period + phase)`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ripple {
    share: f64,
    omega: f64,
    phase: f64,
}

impl Ripple {
    /// With the period in the unit of `x`, and the phase drawn.
    pub fn new(rng: &mut fastrand::Rng, share: f64, period: f64) -> Ripple {
        Ripple { share, omega: TAU / period, phase: rng.f64() * TAU }
    }

    fn at(&self, x: f64) -> f64 {
        self.share * (self.omega * x + self.phase).sin()
    }

    /// The sum from 0 to `x`.
    pub fn total(&self, x: f64) -> f64 {
        self.share / self.omega * (self.phase.cos() - (self.omega * x + self.phase).cos())
    }
}

/// How busy the deployment is: 1 on average, more by day than by night, never quiet.
#[derive(Debug)]
pub(super) struct Activity {
    ripples: [Ripple; 5],
}

impl Activity {
    /// The shares sum up to less than 1, which keeps the rate positive and every counter growing.
    pub fn new(rng: &mut fastrand::Rng) -> Activity {
        let shares = [(0.35, DAY), (0.08, 3_170.0), (0.06, 431.0), (0.05, 41.3), (0.03, 9.7)];
        Activity { ripples: shares.map(|(share, period)| Ripple::new(rng, share, period)) }
    }

    /// The sum from the deployment's first instant to `seconds` after it, in seconds of average activity.
    pub fn total(&self, seconds: f64) -> f64 {
        seconds + self.ripples.iter().map(|ripple| ripple.total(seconds)).sum::<f64>()
    }
}

/// A kind of event, counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stream {
    /// Events per second of average activity.
    rate: f64,
    shape: Shape,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    /// All the time, with a wave of its own.
    Steady(Ripple),
    /// In episodes: `lit` seconds out of `period`, the next one `wait` after `start`. All of them seconds of activity.
    Episodes { period: f64, lit: f64, wait: f64, start: f64 },
}

impl Stream {
    /// Events that come all the time.
    pub fn steady(rng: &mut fastrand::Rng, rate: f64) -> Stream {
        let period = 15.0 + 300.0 * rng.f64();
        Stream { rate, shape: Shape::Steady(Ripple::new(rng, 0.15, period)) }
    }

    /// Events that come in episodes, at `rate` on average. None runs when the total activity is `start`: a
    /// simulation begins well.
    pub fn episodes(rng: &mut fastrand::Rng, rate: f64, start: f64) -> Stream {
        let period = 500.0 + 1_500.0 * rng.f64();
        let lit = 25.0 + 25.0 * rng.f64();
        let wait = 60.0 + (period - lit - 60.0) * rng.f64();
        Stream { rate, shape: Shape::Episodes { period, lit, wait, start } }
    }

    /// Events so far, a real number that never falls as `activity` grows.
    pub fn total(&self, activity: f64) -> f64 {
        self.rate
            * match self.shape {
                Shape::Steady(ripple) => activity + ripple.total(activity),
                Shape::Episodes { period, lit, wait, start } => {
                    let since = |x: f64| {
                        let episodes = ((x - start - wait) / period).floor();
                        let into = (x - start - wait) - episodes * period;
                        (episodes * lit + into.min(lit)) * (period / lit)
                    };
                    since(activity) - since(0.0)
                }
            }
    }
}

/// A quantity that goes up and down around its mean, slowly enough for [`super::broker`] to make it from comings and goings.
#[derive(Debug)]
pub(super) struct Level {
    mean: f64,
    ripples: [Ripple; 4],
}

impl Level {
    pub fn new(rng: &mut fastrand::Rng, mean: f64) -> Level {
        let shares = [(0.22, DAY), (0.03, 3_170.0), (0.01, 431.0), (0.001, 41.3)];
        Level { mean, ripples: shares.map(|(share, period)| Ripple::new(rng, share, period)) }
    }

    /// Its value `seconds` after the deployment's first instant.
    pub fn at(&self, seconds: f64) -> f64 {
        self.mean * (1.0 + self.ripples.iter().map(|ripple| ripple.at(seconds)).sum::<f64>())
    }

    /// What it never exceeds, and after a day has come close to.
    pub fn max(&self) -> f64 {
        self.mean * (1.0 + self.ripples.iter().map(|ripple| ripple.share).sum::<f64>())
    }
}

/// Bounds, for tests that prove what holds at every instant.
#[cfg(test)]
impl Activity {
    /// The lowest rate.
    pub fn lowest(&self) -> f64 {
        1.0 - self.ripples.iter().map(|ripple| ripple.share).sum::<f64>()
    }
}

#[cfg(test)]
impl Stream {
    /// The fewest events per second of activity.
    pub fn slowest(&self) -> f64 {
        match self.shape {
            Shape::Steady(ripple) => self.rate * (1.0 - ripple.share),
            Shape::Episodes { .. } => 0.0,
        }
    }
}

#[cfg(test)]
impl Level {
    /// The fastest fall per second.
    pub fn steepest(&self) -> f64 {
        self.mean * self.ripples.iter().map(|ripple| ripple.share * ripple.omega).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn episodes_keep_the_average_and_begin_after_the_start() {
        let mut rng = fastrand::Rng::with_seed(7);
        for _ in 0..50 {
            let start = 250_000.0;
            let stream = Stream::episodes(&mut rng, 2.0, start);
            assert_eq!(stream.total(start + 59.0), stream.total(start), "quiet at the start");
            let average = stream.total(1e7) / 1e7;
            assert!((average - 2.0).abs() < 0.01, "{average}");
        }
    }

    #[test]
    fn a_stream_never_falls() {
        let mut rng = fastrand::Rng::with_seed(7);
        for stream in [Stream::steady(&mut rng, 3.0), Stream::episodes(&mut rng, 3.0, 1_000.0)] {
            let totals: Vec<f64> = (0..100_000).map(|step| stream.total(f64::from(step) * 0.05)).collect();
            assert!(totals.is_sorted(), "{stream:?}");
        }
    }
}
