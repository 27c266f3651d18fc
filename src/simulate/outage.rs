//! When something is down.

use crate::units;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A pattern of outages, in simulated time since the simulation's start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    Never,
    /// Now and then, drawn from the seed.
    Random,
    /// Once.
    Once {
        start: Duration,
        length: Duration,
    },
}

impl FromStr for Outage {
    type Err = String;

    fn from_str(text: &str) -> Result<Outage, String> {
        match text {
            "never" => return Ok(Outage::Never),
            "random" => return Ok(Outage::Random),
            _ => {}
        }
        let (start, length) = text
            .split_once('+')
            .ok_or_else(|| format!("'{text}' is no pattern: write never, random or START+DURATION, such as 10s+20s"))?;
        let quantity = |part: &str| units::duration(part).map_err(|error| error.to_string());
        Ok(Outage::Once { start: quantity(start)?, length: quantity(length)? })
    }
}

impl fmt::Display for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outage::Never => f.write_str("never"),
            Outage::Random => f.write_str("random"),
            Outage::Once { start, length } => write!(f, "{start:?}+{length:?}"),
        }
    }
}

/// How often and how long a random outage is, in seconds from and to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frequency {
    pub(super) first: (f64, f64),
    /// From the end of one to the start of the next.
    pub(super) gap: (f64, f64),
    pub(super) length: (f64, f64),
}

/// The start or the end of an outage.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    /// In seconds since the deployment's first instant.
    pub(super) at: f64,
    /// Which one of those that can be down.
    pub(super) which: usize,
    pub(super) down: bool,
}

/// The outages of a pattern in order, one at a time.
#[derive(Debug, Clone)]
pub(super) struct Schedule {
    /// `None`: they are not drawn.
    random: Option<Frequency>,
    rng: fastrand::Rng,
    /// How many there are to choose from; a pattern with one outage takes the first.
    count: usize,
    /// The outage under way or the next one.
    window: Option<Window>,
    down: bool,
}

/// In seconds since the deployment's first instant.
#[derive(Debug, Clone, Copy)]
struct Window {
    start: f64,
    end: f64,
    which: usize,
}

impl Schedule {
    /// The schedule of a simulation that starts `now` seconds after the deployment's first instant.
    pub(super) fn new(pattern: Outage, frequency: Frequency, count: usize, now: f64, rng: fastrand::Rng) -> Schedule {
        let random = (pattern == Outage::Random && count > 0).then_some(frequency);
        let mut schedule = Schedule { random, rng, count, window: None, down: false };
        schedule.window = match pattern {
            Outage::Once { start, length } if count > 0 => {
                let start = now + start.as_secs_f64();
                Some(Window { start, end: start + length.as_secs_f64(), which: 0 })
            }
            _ => schedule.draw(now, |frequency| frequency.first),
        };
        schedule
    }

    /// The next start or end, if it is due by `now`.
    pub(super) fn next_change(&mut self, now: f64) -> Option<Change> {
        let Window { start, end, which } = self.window?;
        let change = Change { at: if self.down { end } else { start }, which, down: !self.down };
        if change.at > now {
            return None;
        }
        if self.down {
            self.window = self.draw(end, |frequency| frequency.gap);
        }
        self.down = change.down;
        Some(change)
    }

    fn draw(&mut self, after: f64, gap: impl Fn(&Frequency) -> (f64, f64)) -> Option<Window> {
        let frequency = self.random?;
        let mut between = |(low, high): (f64, f64)| low + (high - low) * self.rng.f64();
        let start = after + between(gap(&frequency));
        let end = start + between(frequency.length);
        Some(Window { start, end, which: self.rng.usize(..self.count) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_read_and_written() {
        let once = Outage::Once { start: Duration::from_secs(10), length: Duration::from_secs(20) };
        for (text, pattern) in [("never", Outage::Never), ("random", Outage::Random), ("10s+20s", once)] {
            assert_eq!(text.parse(), Ok(pattern));
            assert_eq!(pattern.to_string(), text);
        }
        for bad in ["", "always", "10s", "10+20", "+20s", "10s+"] {
            assert!(bad.parse::<Outage>().is_err(), "{bad}");
        }
    }
}
