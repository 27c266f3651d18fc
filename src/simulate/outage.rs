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

/// How often and how long a random outage is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habit {
    /// Seconds to the first one: from, to.
    pub first: (f64, f64),
    /// Seconds from the end of one to the start of the next.
    pub gap: (f64, f64),
    pub length: (f64, f64),
}

/// An outage with its place in time, in seconds since the deployment's first instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Window {
    pub start: f64,
    pub end: f64,
    /// Which one of those that can be down.
    pub which: usize,
}

/// The outages of a pattern in order, one at a time.
#[derive(Debug, Clone)]
pub(super) struct Schedule {
    pattern: Outage,
    habit: Habit,
    rng: fastrand::Rng,
    /// How many there are to choose from; a pattern with one outage takes the first.
    count: usize,
    current: Option<Window>,
}

impl Schedule {
    /// The schedule of a simulation that starts `now` seconds after the deployment's first instant.
    pub fn new(pattern: Outage, habit: Habit, count: usize, now: f64, rng: fastrand::Rng) -> Schedule {
        let mut schedule = Schedule { pattern, habit, rng, count, current: None };
        schedule.current = match pattern {
            _ if count == 0 => None,
            Outage::Never => None,
            Outage::Random => Some(schedule.draw(now, habit.first)),
            Outage::Once { start, length } => {
                let start = now + start.as_secs_f64();
                Some(Window { start, end: start + length.as_secs_f64(), which: 0 })
            }
        };
        schedule
    }

    /// The outage that is running or comes next.
    pub fn current(&self) -> Option<Window> {
        self.current
    }

    /// The current outage is over: the next takes its place.
    pub fn next(&mut self) {
        self.current = match (self.pattern, self.current) {
            (Outage::Random, Some(window)) => Some(self.draw(window.end, self.habit.gap)),
            _ => None,
        };
    }

    fn draw(&mut self, after: f64, gap: (f64, f64)) -> Window {
        let mut between = |(low, high): (f64, f64)| low + (high - low) * self.rng.f64();
        let start = after + between(gap);
        let end = start + between(self.habit.length);
        Window { start, end, which: self.rng.usize(..self.count) }
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
