//! A data-integration rule.

use crate::units;
use std::borrow::Cow;
use std::ops::{Index, IndexMut};

/// `rule_status`: 1 enabled, 0 disabled (vendor's page); any other value is kept as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RuleStatus {
    Enabled,
    Disabled,
    Other(f64),
}

impl RuleStatus {
    /// The words that there are.
    pub const WORDS: &[&str] = &["enabled", "disabled"];

    /// What the value says.
    pub fn from_code(code: f64) -> RuleStatus {
        match code {
            1.0 => RuleStatus::Enabled,
            0.0 => RuleStatus::Disabled,
            other => RuleStatus::Other(other),
        }
    }

    /// The value as sent.
    pub fn code(self) -> f64 {
        match self {
            RuleStatus::Enabled => 1.0,
            RuleStatus::Disabled => 0.0,
            RuleStatus::Other(code) => code,
        }
    }

    /// `enabled`, `disabled`, or the value itself.
    pub fn word(self) -> Cow<'static, str> {
        match self {
            RuleStatus::Enabled => "enabled".into(),
            RuleStatus::Disabled => "disabled".into(),
            RuleStatus::Other(code) => units::plain(code).into(),
        }
    }
}

/// What is counted of a rule. matched = passed + failed; failed = exception + no_result; actions: success + failed ≤ taken
/// while some are in flight. A count only grows, until whoever counts starts anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray, strum::IntoStaticStr, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum RuleCount {
    /// Times the rule was tried.
    Matched,
    /// Times its SQL gave a result.
    Passed,
    /// Times its SQL gave none.
    Failed,
    /// Times its SQL failed.
    Exception,
    /// Times its SQL gave nothing, often ordinary filtering by WHERE.
    NoResult,
    /// Executions of its actions.
    ActionsTaken,
    /// Executions that succeeded.
    ActionsSuccess,
    /// Executions that failed.
    ActionsFailed,
}

impl RuleCount {
    /// Every count, in the order of JSON and tables.
    pub const ALL: &[RuleCount] = <RuleCount as strum::VariantArray>::VARIANTS;

    /// Its name as a field: `no_result`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The label, and its value, that tells this count from the others of its family (the platform's sample).
    pub fn label(self) -> (&'static str, &'static str) {
        match self {
            RuleCount::Matched => ("match_status", "matched"),
            RuleCount::Passed => ("match_status", "passed"),
            RuleCount::Failed => ("match_status", "failed"),
            RuleCount::Exception => ("match_status", "exception"),
            RuleCount::NoResult => ("match_status", "no_result"),
            RuleCount::ActionsTaken => ("execution_status", "taken"),
            RuleCount::ActionsSuccess => ("execution_status", "success"),
            RuleCount::ActionsFailed => ("execution_status", "failed"),
        }
    }

    /// The count of that name.
    pub fn from_name(name: &str) -> Option<RuleCount> {
        name.parse().ok()
    }
}

/// A number for each [`RuleCount`]: the counts of a rule, or their rates. `None` where there is none.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PerCount([Option<f64>; RuleCount::ALL.len()]);

impl PerCount {
    /// The number that `of` gives for each count.
    pub fn from_fn(of: impl Fn(RuleCount) -> Option<f64>) -> PerCount {
        PerCount(std::array::from_fn(|at| of(RuleCount::ALL[at])))
    }

    /// Counts and numbers, in the order of [`RuleCount::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (RuleCount, Option<f64>)> {
        RuleCount::ALL.iter().copied().zip(self.0)
    }
}

impl Index<RuleCount> for PerCount {
    type Output = Option<f64>;

    fn index(&self, count: RuleCount) -> &Option<f64> {
        &self.0[count as usize]
    }
}

impl IndexMut<RuleCount> for PerCount {
    fn index_mut(&mut self, count: RuleCount) -> &mut Option<f64> {
        &mut self.0[count as usize]
    }
}

/// These numbers, and none for the other counts.
impl<const N: usize> From<[(RuleCount, f64); N]> for PerCount {
    fn from(numbers: [(RuleCount, f64); N]) -> PerCount {
        PerCount::from_fn(|count| numbers.iter().find(|(of, _)| *of == count).map(|(_, number)| *number))
    }
}

/// A data-integration rule.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rule {
    pub rule_id: String,
    pub status: Option<RuleStatus>,
    pub counts: PerCount,
    /// Matches per second, where the deployment sends it (in the vendor's table, in no sample).
    pub matched_rate: Option<f64>,
}

impl Rule {
    /// How many of the executions of its actions that ended failed, 0 to 1, since they are counted; `None` where none ended or the
    /// counts did not come.
    pub fn action_failure_share(&self) -> Option<f64> {
        let (failed, success) = (self.counts[RuleCount::ActionsFailed]?, self.counts[RuleCount::ActionsSuccess]?);
        let whole = failed + success;
        // A count that is none makes no share.
        (failed >= 0.0 && success >= 0.0 && whole > 0.0 && whole.is_finite()).then(|| failed / whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_missing_until_it_is_received() {
        let mut rule = Rule::default();
        assert!(rule.counts.iter().all(|(_, count)| count.is_none()));
        rule.counts[RuleCount::NoResult] = Some(3.0);
        assert_eq!(rule.counts, [(RuleCount::NoResult, 3.0)].into());
    }

    #[test]
    fn a_status_is_told_in_a_word() {
        for (code, word) in [(1.0, "enabled"), (0.0, "disabled"), (2.0, "2"), (0.5, "0.5"), (f64::NEG_INFINITY, "-Inf")]
        {
            let status = RuleStatus::from_code(code);
            assert_eq!((status.word().as_ref(), status.code()), (word, code));
        }
        assert_eq!(RuleStatus::from_code(f64::NAN).word(), "NaN");
    }
}
