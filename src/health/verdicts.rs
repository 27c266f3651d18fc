//! Verdicts of many deployments: those that are alike are held once.

use super::Health;
use std::collections::VecDeque;
use std::sync::Arc;

/// How many different ones are remembered.
const REMEMBERED: usize = 16;

/// The last verdicts, to be found again. A verdict takes some kilobytes, and an answer may name a great many deployments of which
/// there is little to say, the same of most.
#[derive(Debug, Default)]
pub struct Verdicts(VecDeque<Arc<Health>>);

impl Verdicts {
    /// That verdict, which is one of those before where it is the same.
    pub fn hold(&mut self, health: Health) -> Arc<Health> {
        if let Some(known) = self.0.iter().rev().find(|known| ***known == health) {
            return Arc::clone(known);
        }
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        let health = Arc::new(health);
        self.0.push_back(Arc::clone(&health));
        health
    }
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn what_is_alike_is_held_once() {
        let mut verdicts = Verdicts::default();
        let health = |status| Health { status, findings: Vec::new() };
        let ok = verdicts.hold(health(Status::Ok));
        let warning = verdicts.hold(health(Status::Warning));
        assert!(Arc::ptr_eq(&ok, &verdicts.hold(health(Status::Ok))));
        assert!(!Arc::ptr_eq(&ok, &warning) && warning.status == Status::Warning);
    }
}
