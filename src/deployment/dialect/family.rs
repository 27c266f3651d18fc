//! What a dialect says about its families.

use crate::deployment::rows::{Filled, fill};
use crate::deployment::{Rule, RuleCount, RuleStatus};
use std::fmt;

/// How a server speaks of rules and resources. Every other family is told by the prefix of its name.
pub(in crate::deployment) struct Dialect {
    pub rules: &'static [RuleFamily],
    /// The families of a resource's status, and the label that names the resource.
    pub resources: &'static [(&'static str, &'static str)],
}

/// A family about rules.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::deployment) struct RuleFamily {
    pub name: &'static str,
    /// The label that names the rule.
    pub id: &'static str,
    pub value: RuleValue,
}

/// What the samples of a family say about their rule.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::deployment) enum RuleValue {
    /// One thing, whatever its labels.
    Field(RuleField),
    /// One of the counts that this label tells apart, see [`RuleCount::label`].
    Counts(&'static str),
}

impl RuleFamily {
    /// The label that tells what a sample says; empty where none does.
    pub(crate) fn label(&self) -> &'static str {
        match self.value {
            RuleValue::Field(_) => "",
            RuleValue::Counts(label) => label,
        }
    }

    /// What a sample says, by the value of that label.
    pub(crate) fn field(&self, value: Option<&str>) -> Option<RuleField> {
        match (&self.value, value) {
            (RuleValue::Field(field), None) => Some(*field),
            (RuleValue::Counts(label), Some(value)) => RuleCount::ALL
                .iter()
                .find(|count| count.label() == (label, value))
                .map(|count| RuleField::Count(*count)),
            _ => None,
        }
    }
}

/// A field of a rule that a sample can fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::deployment) enum RuleField {
    Status,
    Count(RuleCount),
    MatchedRate,
}

impl RuleField {
    /// Fills the field of `rule`, as [`fill`] does.
    pub(crate) fn fill(self, rule: &mut Rule, value: f64, newest: bool) -> Filled {
        match self {
            RuleField::Status => fill(&mut rule.status, RuleStatus::from_code(value), newest, RuleStatus::code),
            RuleField::Count(count) => fill(&mut rule.counts[count], value, newest, |count| count),
            RuleField::MatchedRate => fill(&mut rule.matched_rate, value, newest, |rate| rate),
        }
    }

    /// The fields of `rule` that are filled, and what they hold.
    pub(crate) fn all_of(rule: &Rule) -> impl Iterator<Item = (RuleField, f64)> {
        let status = (RuleField::Status, rule.status.map(RuleStatus::code));
        let counts = rule.counts.iter().map(|(count, value)| (RuleField::Count(count), value));
        let all = std::iter::once(status).chain(counts).chain([(RuleField::MatchedRate, rule.matched_rate)]);
        all.filter_map(|(field, value)| Some((field, value?)))
    }
}

/// As warnings name it.
impl fmt::Display for RuleField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RuleField::Count(count) => write!(f, "{count:?}"),
            field => write!(f, "{field:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_filled_once() {
        let mut rule = Rule::default();
        let matched = RuleField::Count(RuleCount::Matched);
        assert_eq!(matched.fill(&mut rule, 1.0, false), Filled::New);
        assert_eq!(matched.fill(&mut rule, 1.0, false), Filled::Same);
        assert_eq!(matched.fill(&mut rule, 2.0, false), Filled::Differs);
        assert_eq!(rule.counts[RuleCount::Matched], Some(1.0));
        assert_eq!(matched.fill(&mut rule, 3.0, true), Filled::Same);
        assert_eq!(RuleField::all_of(&rule).collect::<Vec<_>>(), [(matched, 3.0)]);
    }
}
