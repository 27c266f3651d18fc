//! A data-integration rule.

use super::field::{Field, FieldInfo, Record};
use super::status_text;
use std::borrow::Cow;

/// `rule_status`: 1 enabled, 0 disabled (vendor's page); any other value is kept as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RuleStatus {
    Enabled,
    Disabled,
    Other(f64),
}

impl RuleStatus {
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
            RuleStatus::Other(code) => status_text(code).into(),
        }
    }
}

/// A data-integration rule. matched = passed + failed; failed = exception + no_result;
/// actions: success + failed ≤ taken while some are in flight.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rule {
    pub rule_id: String,
    pub status: Option<RuleStatus>,
    pub matched: Option<f64>,
    pub passed: Option<f64>,
    pub failed: Option<f64>,
    pub exception: Option<f64>,
    pub no_result: Option<f64>,
    pub actions_taken: Option<f64>,
    pub actions_success: Option<f64>,
    pub actions_failed: Option<f64>,
    /// Matches per second, where the deployment sends it (in the vendor's table, in no sample).
    pub matched_rate: Option<f64>,
}

impl Rule {
    /// Its fields, in the order of the JSON output.
    pub const FIELDS: [FieldInfo; 12] = [
        FieldInfo::text("rule_id", "the rule's id"),
        FieldInfo::text("status", "enabled or disabled; any other status as its number"),
        FieldInfo::number("status_code", "the status as sent: 1 enabled, 0 disabled"),
        FieldInfo::number("matched", "times the rule was tried: passed and failed"),
        FieldInfo::number("passed", "times its SQL gave a result"),
        FieldInfo::number("failed", "times its SQL gave none: exception and no_result"),
        FieldInfo::number("exception", "times its SQL failed"),
        FieldInfo::number("no_result", "times its SQL gave nothing, often ordinary filtering by WHERE"),
        FieldInfo::number("actions_taken", "executions of its actions"),
        FieldInfo::number("actions_success", "executions that succeeded"),
        FieldInfo::number("actions_failed", "executions that failed"),
        FieldInfo::number("matched_rate", "matches per second, where the deployment sends it"),
    ];

    /// Its counts, which only grow.
    pub const COUNTS: [&str; 8] =
        ["matched", "passed", "failed", "exception", "no_result", "actions_taken", "actions_success", "actions_failed"];

    /// The count of that name, `None` within where it was not received.
    pub fn count(&self, name: &str) -> Option<Option<f64>> {
        Some(match name {
            "matched" => self.matched,
            "passed" => self.passed,
            "failed" => self.failed,
            "exception" => self.exception,
            "no_result" => self.no_result,
            "actions_taken" => self.actions_taken,
            "actions_success" => self.actions_success,
            "actions_failed" => self.actions_failed,
            _ => return None,
        })
    }
}

impl Record for Rule {
    fn field(&self, name: &str) -> Option<Field<'_>> {
        Some(match name {
            "rule_id" => Field::text(&self.rule_id),
            "status" => self.status.map_or(Field::Missing, |status| Field::Text(status.word())),
            "status_code" => self.status.map(RuleStatus::code).into(),
            "matched_rate" => self.matched_rate.into(),
            count => self.count(count)?.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_field_is_there_and_missing_until_it_is_received() {
        let rule = Rule { rule_id: "r".into(), ..Rule::default() };
        for info in Rule::FIELDS {
            let expected = if info.name == "rule_id" { Field::text("r") } else { Field::Missing };
            assert_eq!(rule.field(info.name), Some(expected), "{}", info.name);
        }
        assert_eq!(rule.field("name"), None);
    }

    #[test]
    fn a_status_is_told_in_a_word() {
        for (code, word) in [(1.0, "enabled"), (0.0, "disabled"), (2.0, "2"), (0.5, "0.5"), (f64::NEG_INFINITY, "-Inf")]
        {
            let rule = Rule { status: Some(RuleStatus::from_code(code)), ..Rule::default() };
            assert_eq!(rule.field("status"), Some(Field::text(word)));
            assert_eq!(rule.field("status_code"), Some(Field::Number(code)));
        }
        assert_eq!(RuleStatus::from_code(f64::NAN).word(), "NaN");
    }
}
