//! `--until`: whether the condition holds, and for how long it has.

use crate::deployment::Field;
use crate::health::{Expr, Status, Truth, Unit, Whole, quantity};
use std::time::{Duration, Instant};

/// What is waited for.
#[derive(Debug)]
pub struct Until {
    pub condition: Expr,
    hold: Duration,
    /// Since when it has held at every tick.
    since: Option<Instant>,
}

/// What one deployment says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    pub truth: Truth,
    /// What was found: `resources.down is 1`.
    pub found: String,
}

impl Until {
    pub fn new(condition: Expr, hold: Duration) -> Until {
        Until { condition, hold, since: None }
    }

    /// Takes note of what a tick brought. True once the condition has held for as long as it has to.
    pub fn has_come(&mut self, holds: bool, now: Instant) -> bool {
        if !holds {
            self.since = None;
            return false;
        }
        let since = *self.since.get_or_insert(now);
        now.saturating_duration_since(since) >= self.hold
    }

    /// Since when it holds, for whoever shows it.
    pub fn since(&self) -> Option<Instant> {
        self.since
    }

    /// What one deployment says of it.
    pub fn ask(&self, whole: &Whole<'_>) -> Evaluation {
        let Until { condition, .. } = self;
        let rate = condition.needs_rates();
        let subject = if rate { format!("rate({})", condition.field()) } else { condition.field().to_owned() };
        let found = match (whole.value(condition), whole.verdict) {
            _ if condition.field() == crate::health::HEALTHY => {
                format!("the verdict is {}", whole.verdict.unwrap_or(Status::Unknown).word())
            }
            (Field::Number(value), _) => {
                format!("{subject} is {}", quantity(value, if rate { Unit::PerSecond } else { Unit::Count }))
            }
            (Field::Text(text), _) => format!("{subject} is {text}"),
            (Field::Missing, _) => format!("{subject} was not received"),
        };
        Evaluation { truth: whole.truth(condition), found }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::{Place, deployment_expr};

    fn until(seconds: u64) -> Until {
        Until::new(deployment_expr("healthy", Place::BehindVerdict).unwrap(), Duration::from_secs(seconds))
    }

    #[test]
    fn it_has_to_hold_without_a_break() {
        let start = Instant::now();
        let mut until = until(10);
        let mut look = |seconds, holds| until.has_come(holds, start + Duration::from_secs(seconds));
        assert!(!look(0, true));
        assert!(!look(9, true));
        assert!(!look(10, false));
        assert!(!look(11, true));
        assert!(!look(20, true));
        assert!(look(21, true));
    }

    #[test]
    fn without_a_span_once_is_enough() {
        let mut until = until(0);
        assert!(!until.has_come(false, Instant::now()));
        assert!(until.has_come(true, Instant::now()));
    }
}
