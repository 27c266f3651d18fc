//! The platform: `deployment_emqx_...`, as in the samples on its Prometheus page.

use super::family::{Dialect, RuleFamily, RuleField, RuleValue};

pub(super) const PLATFORM: Dialect = Dialect {
    rules: &[
        of("deployment_emqx_rule_status", RuleValue::Field(RuleField::Status)),
        of("deployment_emqx_rule_matched_rate", RuleValue::Field(RuleField::MatchedRate)),
        of("deployment_emqx_rule_matched_count", RuleValue::Counts("match_status")),
        of("deployment_emqx_rule_action_execution_count", RuleValue::Counts("execution_status")),
    ],
    resources: &[("deployment_emqx_resource_status", "resource_id")],
};

const fn of(name: &'static str, value: RuleValue) -> RuleFamily {
    RuleFamily { name, id: "rule_id", value }
}
