//! `--until`: whether the condition holds, and for how long it has.

use crate::health::{DeploymentRecord, Expr, HEALTHY, Status, Truth, found};
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
    pub fn ask(&self, record: &DeploymentRecord<'_>) -> Evaluation {
        let Until { condition, .. } = self;
        let found = match condition.field() {
            HEALTHY => format!("the verdict is {}", record.verdict.unwrap_or(Status::Unknown).word()),
            _ => found(condition, &record.value(condition)),
        };
        Evaluation { truth: record.truth(condition), found }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::verdict_expr;

    fn until(seconds: u64) -> Until {
        Until::new(verdict_expr("healthy").unwrap(), Duration::from_secs(seconds))
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
