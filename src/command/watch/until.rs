//! `--until`: whether the condition holds, and for how long it has.

use crate::health::{DeploymentRecord, Expr, HEALTHY, Status, Truth, found};
use std::time::{Duration, Instant};

/// What is waited for.
#[derive(Debug)]
pub(super) struct Until {
    pub condition: Expr,
    hold: Duration,
    /// Since when it has held at every tick.
    since: Option<Instant>,
}

/// What one deployment says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Evaluation {
    pub truth: Truth,
    /// What was found: `resources.down is 1`.
    pub found: String,
}

impl Until {
    pub(super) fn new(condition: Expr, hold: Duration) -> Until {
        Until { condition, hold, since: None }
    }

    /// Takes note of whether it holds at a tick. True once it has held for as long as it has to.
    pub(super) fn update(&mut self, holds: bool, now: Instant) -> bool {
        if !holds {
            self.since = None;
            return false;
        }
        let since = *self.since.get_or_insert(now);
        now.saturating_duration_since(since) >= self.hold
    }

    /// For how long it has held.
    pub(super) fn held(&self) -> Option<Duration> {
        self.since.map(|since| since.elapsed())
    }

    /// What one deployment says of it.
    pub(super) fn evaluate(&self, record: &DeploymentRecord<'_>) -> Evaluation {
        let condition = &self.condition;
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
        let mut look = |seconds, holds| until.update(holds, start + Duration::from_secs(seconds));
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
        assert!(!until.update(false, Instant::now()));
        assert!(until.update(true, Instant::now()));
    }
}
