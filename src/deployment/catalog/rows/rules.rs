//! Data-integration rules.

use crate::deployment::catalog::build::{counter, gauge};
use crate::deployment::catalog::entry::Provenance::*;
use crate::deployment::catalog::entry::{Concern, Entry, Group, Unit};

const HERE: Group = Group::Rules;

pub(super) const ROWS: &[Entry] = &[
    gauge(HERE, "rule_status", Unit::Status)
        .of_deployment()
        .label("rule status")
        .means(
            "Whether a data-integration rule is enabled: 1 if so, 0 if not.",
            "0 means that the rule does not run; somebody disabled it.",
        )
        .labels(&["rule_id"])
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5])
        .chinese("规则状态：1 启用，0 停用"),
    counter(HERE, "rule_matched_count", Unit::Matches)
        .of_deployment()
        .label("rule matched")
        .means(
            "Times that a rule was tried on a message or event, by outcome (label match_status): matched = passed + \
             failed, failed = exception + no_result.",
            "Growth of exception means that the rule's SQL fails on real data; no_result is often ordinary \
             filtering by its WHERE clause.",
        )
        .labels(&["rule_id", "match_status"])
        .note("The vendor declares it a gauge; it only grows, and the vendor's own dashboards take its rate.")
        .seen(&[Sample, Table, Dashboard])
        .chinese("规则匹配次数，按结果（match_status）统计"),
    gauge(HERE, "rule_matched_rate", Unit::MatchesPerSecond)
        .of_deployment()
        .label("rule matched rate")
        .means(
            "Matches of a rule per second.",
            "A fall to 0 while messages flow means that the rule's topics no longer match.",
        )
        .labels(&["rule_id"])
        .note("It stands in the vendor's table and in none of its samples.")
        .seen(&[Table])
        .chinese("规则匹配速率"),
    counter(HERE, "rule_action_execution_count", Unit::Executions)
        .of_deployment()
        .label("action executions")
        .means(
            "Executions of a rule's actions, by outcome (label execution_status): taken counts attempts, success \
             and failed their ends; some may be in flight.",
            "Growth of failed means data that did not reach its target: look at the rule's resource.",
        )
        .labels(&["rule_id", "execution_status"])
        .note("The vendor declares it a gauge; it only grows, and the vendor's own dashboards take its rate.")
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5])
        .chinese("规则动作执行次数，按结果（execution_status）统计"),
    gauge(HERE, "rules_count", Unit::Rules)
        .of_broker()
        .label("rules")
        .means("Rules that exist, enabled or not.", "It changes as rules are created and deleted.")
        .seen(&[Emqx5Rules]),
    gauge(HERE, "rule_enable", Unit::Status)
        .of_broker()
        .label("rule enabled")
        .means("Whether a rule is enabled: 1 or 0.", "0 means that the rule does not run.")
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "rule_matched", Unit::Matches)
        .of_broker()
        .label("matched")
        .means(
            "Times that a rule was tried on a message or event: passed and failed together.",
            "Its rate is the rule's load.",
        )
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "rule_passed", Unit::Matches)
        .of_broker()
        .label("passed")
        .means("Times that a rule's SQL gave a result.", "It is what the rule's actions work on.")
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "rule_failed", Unit::Matches)
        .of_broker()
        .label("failed")
        .means(
            "Times that a rule's SQL gave no result or failed: exception and no result together.",
            "Tell the two apart before you worry.",
        )
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "rule_failed_exception", Unit::Matches)
        .of_broker()
        .label("exception")
        .means("Times that a rule's SQL failed.", "A rise means that it does not fit the data.")
        .concern(Concern::Growth)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "rule_failed_no_result", Unit::Matches)
        .of_broker()
        .label("no result")
        .means("Times that a rule's SQL gave no result.", "Often ordinary filtering by its WHERE clause.")
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "rule_actions_total", Unit::Executions)
        .of_broker()
        .label("actions total")
        .means("Executions of a rule's actions, whatever their end.", "Its rate is the load towards the targets.")
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "rule_actions_success", Unit::Executions)
        .of_broker()
        .label("actions success")
        .means("Executions of a rule's actions that succeeded.", "It follows rule_actions_total.")
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "rule_actions_failed", Unit::Executions)
        .of_broker()
        .label("actions failed")
        .means(
            "Executions of a rule's actions that failed: out of service and unknown together.",
            "A rise means data that did not reach its target.",
        )
        .concern(Concern::Growth)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "rule_actions_failed_out_of_service", Unit::Executions)
        .of_broker()
        .label("out of service")
        .means(
            "Executions of a rule's actions that failed because the target was out of service.",
            "A rise means that a connector is down or overloaded.",
        )
        .concern(Concern::Growth)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "rule_actions_failed_unknown", Unit::Executions)
        .of_broker()
        .label("rule actions failed unknown")
        .means(
            "Executions of a rule's actions that failed for another reason.",
            "A rise calls for a look at the broker's log.",
        )
        .concern(Concern::Growth)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "rule_actions_discarded", Unit::Executions)
        .of_broker()
        .label("actions discarded")
        .means(
            "Executions of a rule's actions that were not carried out, because the action is disabled or does not \
             exist.",
            "A rise means a rule that feeds a disabled action.",
        )
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "rule_topic_hit_count", Unit::Matches)
        .of_broker()
        .label("rule topic hit count")
        .means(
            "Times that a rule was tried on a message or event, as emqx-exporter reads it.",
            "Its rate is the rule's load.",
        )
        .labels(&["node", "rule"])
        .seen(&[Exporter]),
    counter(HERE, "rule_exec_pass_count", Unit::Matches)
        .of_broker()
        .label("rule exec pass count")
        .means(
            "Times that a rule's SQL gave a result, as emqx-exporter reads it.",
            "It is what the rule's actions work on.",
        )
        .labels(&["node", "rule"])
        .seen(&[Exporter]),
    counter(HERE, "rule_exec_failure_count", Unit::Matches)
        .of_broker()
        .label("rule exec failure count")
        .means(
            "Times that a rule's SQL gave no result or failed, as emqx-exporter reads it.",
            "Tell the two apart before you worry.",
        )
        .labels(&["node", "rule"])
        .seen(&[Exporter]),
    counter(HERE, "rule_exec_exception_count", Unit::Matches)
        .of_broker()
        .label("rule exec exception count")
        .means(
            "Times that a rule's SQL failed, as emqx-exporter reads it.",
            "A rise means that it does not fit the data.",
        )
        .concern(Concern::Growth)
        .labels(&["node", "rule"])
        .seen(&[Exporter]),
    counter(HERE, "rule_exec_no_result_count", Unit::Matches)
        .of_broker()
        .label("rule exec no result count")
        .means(
            "Times that a rule's SQL gave no result, as emqx-exporter reads it.",
            "Often ordinary filtering by its WHERE clause.",
        )
        .labels(&["node", "rule"])
        .seen(&[Exporter]),
    counter(HERE, "rule_action_total", Unit::Executions)
        .of_broker()
        .label("rule action total")
        .means(
            "Executions of a rule's actions, as emqx-exporter reads it.",
            "Its rate is the load towards the targets.",
        )
        .labels(&["node", "rule"])
        .seen(&[Exporter]),
    counter(HERE, "rule_action_success", Unit::Executions)
        .of_broker()
        .label("rule action success")
        .means(
            "Executions of a rule's actions that succeeded, as emqx-exporter reads it.",
            "It follows rule_action_total.",
        )
        .labels(&["node", "rule"])
        .seen(&[Exporter]),
    counter(HERE, "rule_action_failed", Unit::Executions)
        .of_broker()
        .label("rule action failed")
        .means(
            "Executions of a rule's actions that failed, as emqx-exporter reads it.",
            "A rise means data that did not reach its target.",
        )
        .concern(Concern::Growth)
        .labels(&["node", "rule"])
        .seen(&[Exporter]),
];
