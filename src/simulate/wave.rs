//! Curves over simulated time. Each is a formula whose sum over time is a formula too, so that a counter at any instant
//! costs the same, however long the simulation ran and in whatever steps.

use std::f64::consts::TAU;

const DAY: f64 = 86_400.0;

/// A curve around 1: `1 + Σ share * sin(TAU * x / period + phase)`. Its shares sum up to less than 1, so it stays positive.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wave<const N: usize>([Sine; N]);

#[derive(Debug, Clone, Copy)]
struct Sine {
    share: f64,
    omega: f64,
    phase: f64,
}

impl<const N: usize> Wave<N> {
    /// Of `(share, period)`, the periods in the unit of `x`; phases are drawn.
    pub(super) fn new(rng: &mut fastrand::Rng, sines: [(f64, f64); N]) -> Wave<N> {
        Wave(sines.map(|(share, period)| Sine { share, omega: TAU / period, phase: rng.f64() * TAU }))
    }

    fn at(&self, x: f64) -> f64 {
        1.0 + self.sum(|sine| sine.share * (sine.omega * x + sine.phase).sin())
    }

    /// The sum from 0 to `x`, which grows with `x`.
    pub(super) fn total(&self, x: f64) -> f64 {
        x + self.sum(|sine| sine.share / sine.omega * (sine.phase.cos() - (sine.omega * x + sine.phase).cos()))
    }

    fn max(&self) -> f64 {
        1.0 + self.sum(|sine| sine.share)
    }

    fn sum(&self, value: impl Fn(&Sine) -> f64) -> f64 {
        self.0.iter().map(value).sum()
    }
}

/// An instant of simulated time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// Since the deployment's first instant.
    pub(super) seconds: f64,
    /// The total of [`Activity`] until then, in seconds of average activity.
    pub(super) activity: f64,
}

/// How busy the deployment is: more by day than by night, never quiet. Every event comes in proportion to it.
#[derive(Debug)]
pub(super) struct Activity(Wave<5>);

impl Activity {
    pub(super) fn new(rng: &mut fastrand::Rng) -> Activity {
        Activity(Wave::new(rng, [(0.35, DAY), (0.08, 3_170.0), (0.06, 431.0), (0.05, 41.3), (0.03, 9.7)]))
    }

    /// The moment `seconds` after the deployment's first instant, before which nothing had happened.
    pub(super) fn moment(&self, seconds: f64) -> Moment {
        let seconds = seconds.max(0.0);
        Moment { seconds, activity: self.0.total(seconds) }
    }
}

/// One kind of event, counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counter {
    /// Events per second of average activity.
    rate: f64,
    shape: Shape,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    Steady(Wave<1>),
    /// `length` seconds out of `period`, the next one `wait` after `start`. All of them seconds of activity.
    Bursts {
        period: f64,
        length: f64,
        wait: f64,
        start: f64,
    },
}

impl Counter {
    /// Events that come all the time.
    pub(super) fn steady(rng: &mut fastrand::Rng, rate: f64) -> Counter {
        let period = 15.0 + 300.0 * rng.f64();
        Counter { rate, shape: Shape::Steady(Wave::new(rng, [(0.15, period)])) }
    }

    /// Events that come in bursts, at `rate` on average. None is under way when the total activity is `start`: a
    /// simulation begins well.
    pub(super) fn bursts(rng: &mut fastrand::Rng, rate: f64, start: f64) -> Counter {
        let period = 500.0 + 1_500.0 * rng.f64();
        let length = 25.0 + 25.0 * rng.f64();
        let wait = 60.0 + (period - length - 60.0) * rng.f64();
        Counter { rate, shape: Shape::Bursts { period, length, wait, start } }
    }

    /// Events so far, a real number that never falls as `activity` grows.
    pub(super) fn total(&self, activity: f64) -> f64 {
        self.rate
            * match self.shape {
                Shape::Steady(wave) => wave.total(activity),
                Shape::Bursts { period, length, wait, start } => {
                    let since = |x: f64| {
                        let bursts = ((x - start - wait) / period).floor();
                        let into = (x - start - wait) - bursts * period;
                        (bursts * length + into.min(length)) * (period / length)
                    };
                    since(activity) - since(0.0)
                }
            }
    }
}

/// A quantity that goes up and down around its mean, slowly enough to be made of comings and goings.
#[derive(Debug)]
pub(super) struct Gauge {
    mean: f64,
    wave: Wave<4>,
}

impl Gauge {
    pub(super) fn new(rng: &mut fastrand::Rng, mean: f64) -> Gauge {
        Gauge { mean, wave: Wave::new(rng, [(0.22, DAY), (0.03, 3_170.0), (0.01, 431.0), (0.001, 41.3)]) }
    }

    /// Its value `seconds` after the deployment's first instant.
    pub(super) fn at(&self, seconds: f64) -> f64 {
        self.mean * self.wave.at(seconds)
    }

    /// What it never exceeds, and after a day has come close to.
    pub(super) fn max(&self) -> f64 {
        self.mean * self.wave.max()
    }
}

/// Bounds, for tests that prove what holds at every instant.
#[cfg(test)]
pub(super) mod bounds {
    use super::*;

    pub(in super::super) fn lowest_activity(activity: &Activity) -> f64 {
        2.0 - activity.0.max()
    }

    /// The fewest events per second of activity.
    pub(in super::super) fn slowest(counter: &Counter) -> f64 {
        match counter.shape {
            Shape::Steady(wave) => counter.rate * (2.0 - wave.max()),
            Shape::Bursts { .. } => 0.0,
        }
    }

    /// The fastest fall per second.
    pub(in super::super) fn steepest(gauge: &Gauge) -> f64 {
        gauge.mean * gauge.wave.sum(|sine| sine.share * sine.omega)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bursts_keep_the_average_and_begin_after_the_start() {
        let mut rng = fastrand::Rng::with_seed(7);
        for _ in 0..50 {
            let start = 250_000.0;
            let counter = Counter::bursts(&mut rng, 2.0, start);
            assert_eq!(counter.total(start + 59.0), counter.total(start), "quiet at the start");
            let average = counter.total(1e7) / 1e7;
            assert!((average - 2.0).abs() < 0.01, "{average}");
        }
    }

    #[test]
    fn a_counter_never_falls() {
        let mut rng = fastrand::Rng::with_seed(7);
        for counter in [Counter::steady(&mut rng, 3.0), Counter::bursts(&mut rng, 3.0, 1_000.0)] {
            let totals: Vec<f64> = (0..100_000).map(|step| counter.total(f64::from(step) * 0.05)).collect();
            assert!(totals.is_sorted(), "{counter:?}");
        }
    }
}
