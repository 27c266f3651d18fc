//! A broker of EMQX 5 itself: `emqx_...`, as `/api/v5/prometheus/data_integration` answers.

use super::family::{Dialect, RuleFamily, RuleField, RuleValue};
use crate::deployment::RuleCount::*;

pub(super) const EMQX5: Dialect = Dialect {
    rules: &[
        of("emqx_rule_enable", RuleField::Status),
        of("emqx_rule_matched", RuleField::Count(Matched)),
        of("emqx_rule_passed", RuleField::Count(Passed)),
        of("emqx_rule_failed", RuleField::Count(Failed)),
        of("emqx_rule_failed_exception", RuleField::Count(Exception)),
        of("emqx_rule_failed_no_result", RuleField::Count(NoResult)),
        of("emqx_rule_actions_total", RuleField::Count(ActionsTaken)),
        of("emqx_rule_actions_success", RuleField::Count(ActionsSuccess)),
        of("emqx_rule_actions_failed", RuleField::Count(ActionsFailed)),
    ],
    resources: &[("emqx_connector_status", "id")],
};

const fn of(name: &'static str, field: RuleField) -> RuleFamily {
    RuleFamily { name, id: "id", value: RuleValue::Field(field) }
}
