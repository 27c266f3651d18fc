//! Findings that last: one appears on the screen when it is strong or has been there for some ticks, and goes when it has been
//! gone for some. A number at the edge of its threshold makes no line come and go.

use crate::health::{Finding, Status};
use crate::view::watch::WatchAnswer;
use std::collections::BTreeMap;

/// For so many ticks a finding has to be there before it appears; one that is critical appears at once.
const LASTING: u32 = 2;
/// For so many ticks it has to be gone before it goes.
const GONE: u32 = 3;

/// What is known of a check that was not ok.
#[derive(Debug, Default)]
struct Seen {
    there: u32,
    gone: u32,
    is_shown: bool,
}

/// The findings of every deployment that are shown.
#[derive(Debug, Default)]
pub(super) struct Steady {
    deployments: BTreeMap<(usize, Option<String>), BTreeMap<String, Seen>>,
}

impl Steady {
    /// Takes a tick in. A deployment that is not watched any more is forgotten.
    pub(super) fn add(&mut self, watch: &WatchAnswer) {
        let mut before = std::mem::take(&mut self.deployments);
        for (report, state) in watch.answered() {
            let key = (report.index, report.snapshot.identity.deployment_id.clone());
            let mut all = before.remove(&key).unwrap_or_default();
            for finding in &state.judgement.health.findings {
                let status = finding.status.judged().unwrap_or(Status::Ok);
                if status == Status::Ok && !all.contains_key(&finding.name) {
                    continue;
                }
                let seen = all.entry(finding.name.clone()).or_default();
                seen.note(status);
            }
            all.retain(|_, seen| seen.is_shown || seen.there > 0);
            self.deployments.insert(key, all);
        }
    }

    /// Whether a finding of that deployment is shown: also one that has just gone.
    pub(super) fn shows(&self, key: &(usize, Option<String>), finding: &Finding) -> bool {
        self.deployments.get(key).and_then(|all| all.get(&finding.name)).is_some_and(|seen| seen.is_shown)
    }
}

impl Seen {
    fn note(&mut self, status: Status) {
        if status == Status::Ok {
            (self.there, self.gone) = (0, self.gone + 1);
            self.is_shown &= self.gone < GONE;
        } else {
            (self.there, self.gone) = (self.there + 1, 0);
            self.is_shown |= status >= Status::Unknown || self.there >= LASTING;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_and_goes_moves_nothing() {
        let shown = |statuses: &[Status]| {
            let mut seen = Seen::default();
            statuses.iter().map(|status| (seen.note(*status), seen.is_shown).1).collect::<Vec<_>>()
        };
        use Status::{Critical, Ok, Warning};
        assert_eq!(shown(&[Warning, Ok, Warning, Ok]), [false; 4]);
        assert_eq!(shown(&[Warning, Warning, Ok, Ok, Warning]), [false, true, true, true, true]);
        assert_eq!(shown(&[Critical, Ok, Ok, Ok]), [true, true, true, false]);
    }
}
