//! Actions of the rules; schemas and transformations.

use crate::deployment::catalog::build::{counter, gauge};
use crate::deployment::catalog::entry::Provenance::*;
use crate::deployment::catalog::entry::{Concern, Entry, Group, Unit};

const HERE: Group = Group::Actions;

pub(super) const ROWS: &[Entry] = &[
    counter(HERE, "action_events_count", Unit::Events)
        .of_deployment()
        .label("action events count")
        .means(
            "Events of the deployment's actions, by kind (label event).",
            "Which event rises says whether actions succeed, fail or are retried.",
        )
        .labels(&["event"])
        .note(
            "Only the vendor's own dashboard speaks of it; its type is not documented, and the dashboard takes its \
             rate.",
        )
        .seen(&[Operators5])
        .chinese("动作事件次数，按事件（event）统计"),
    counter(HERE, "action_queued_count", Unit::Messages)
        .of_deployment()
        .label("action queued count")
        .means(
            "Messages queued by the deployment's actions, by state (label queue_status).",
            "A rise means targets that take less than comes in.",
        )
        .labels(&["queue_status"])
        .note(
            "Only the vendor's own dashboard speaks of it; its type is not documented, and the dashboard takes its \
             rate.",
        )
        .seen(&[Operators5])
        .chinese("动作队列消息数，按队列状态（queue_status）统计"),
    gauge(HERE, "actions_count", Unit::Actions)
        .of_broker()
        .label("actions")
        .means(
            "Actions that the rules use, counted once for each rule.",
            "It changes as rules and actions are created and deleted.",
        )
        .seen(&[Emqx5Rules]),
    gauge(HERE, "action_enable", Unit::Status)
        .of_broker()
        .label("action enabled")
        .means("Whether an action is enabled: 1 or 0.", "0 means that somebody disabled it.")
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    gauge(HERE, "action_status", Unit::Status)
        .of_broker()
        .label("action status")
        .means("Whether an action's target is connected: 1 or 0.", "0 means that the action fails or queues.")
        .concern(Concern::Zero)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "action_matched", Unit::Messages)
        .of_broker()
        .label("action matched")
        .means("Messages handed to an action.", "Its rate is the action's load.")
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "action_received", Unit::Messages)
        .of_broker()
        .label("action received")
        .means(
            "Messages that an action received from its target side, where it works in that direction.",
            "Its rate is the load from outside.",
        )
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "action_success", Unit::Messages)
        .of_broker()
        .label("sent successfully")
        .means("Messages that an action delivered.", "It follows action_matched.")
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "action_failed", Unit::Messages)
        .of_broker()
        .label("sent failed")
        .means("Messages that an action could not deliver.", "A rise means data that did not reach its target.")
        .concern(Concern::Growth)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    gauge(HERE, "action_inflight", Unit::Messages)
        .of_broker()
        .label("sent inflight")
        .means("Messages on their way to an action's target, without a reply yet.", "A rise means a slow target.")
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    gauge(HERE, "action_queuing", Unit::Messages)
        .of_broker()
        .label("queued")
        .means(
            "Messages that wait in an action's buffer.",
            "A rise means that the target takes less than comes in; a full buffer drops.",
        )
        .concern(Concern::Jump)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "action_late_reply", Unit::Messages)
        .of_broker()
        .label("late reply")
        .means(
            "Replies of an action's target that came after the time allowed.",
            "A rise means a slow target; the message may have been delivered all the same.",
        )
        .concern(Concern::Jump)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "action_retried", Unit::Messages)
        .of_broker()
        .label("retried")
        .means("Messages that an action tried again.", "A rise means a target that fails now and then.")
        .concern(Concern::Jump)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "action_retried_success", Unit::Messages)
        .of_broker()
        .label("action retried success")
        .means(
            "Messages that an action delivered on another try.",
            "A rise means a target that fails now and then and recovers.",
        )
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "action_retried_failed", Unit::Messages)
        .of_broker()
        .label("action retried failed")
        .means(
            "Messages that an action could not deliver on another try.",
            "A rise means data that did not reach its target.",
        )
        .concern(Concern::Growth)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "action_dropped", Unit::Messages)
        .of_broker()
        .label("dropped")
        .means(
            "Messages that an action dropped, for any reason.",
            "A rise means lost data; the families by reason say why.",
        )
        .concern(Concern::Growth)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "action_dropped_expired", Unit::Messages)
        .of_broker()
        .label("action dropped expired")
        .means(
            "Messages that an action dropped because they waited longer than allowed.",
            "A rise means a target that is too slow or down.",
        )
        .concern(Concern::Growth)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "action_dropped_queue_full", Unit::Messages)
        .of_broker()
        .label("queue full")
        .means(
            "Messages that an action dropped because its buffer was full.",
            "A rise means a target that is too slow or down, or a buffer too small.",
        )
        .concern(Concern::Growth)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "action_dropped_resource_not_found", Unit::Messages)
        .of_broker()
        .label("action dropped resource not found")
        .means(
            "Messages that an action dropped because its connector does not exist.",
            "A rise means a configuration that points nowhere.",
        )
        .concern(Concern::Growth)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "action_dropped_resource_stopped", Unit::Messages)
        .of_broker()
        .label("action dropped resource stopped")
        .means(
            "Messages that an action dropped because its connector was stopped.",
            "A rise means that somebody stopped it while a rule still feeds it.",
        )
        .concern(Concern::Growth)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    counter(HERE, "action_dropped_other", Unit::Messages)
        .of_broker()
        .label("action dropped other")
        .means("Messages that an action dropped for another reason.", "A rise calls for a look at the broker's log.")
        .concern(Concern::Growth)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    gauge(HERE, "schema_registrys_count", Unit::Schemas)
        .of_broker()
        .label("schema registrys count")
        .means("Schemas in the schema registry.", "It changes as schemas are created and deleted.")
        .seen(&[Emqx5Rules]),
    gauge(HERE, "schema_validation_enable", Unit::Status)
        .of_broker()
        .label("schema validation enable")
        .means("Whether a schema validation is enabled: 1 or 0.", "0 means that it does not run.")
        .labels(&["validation_name"])
        .seen(&[Emqx5Validation]),
    counter(HERE, "schema_validation_matched", Unit::Messages)
        .of_broker()
        .label("schema validation matched")
        .means("Messages that a schema validation was applied to.", "Its rate is the load.")
        .labels(&["validation_name"])
        .seen(&[Emqx5Validation]),
    counter(HERE, "schema_validation_succeeded", Unit::Messages)
        .of_broker()
        .label("schema validation succeeded")
        .means("Messages that passed a schema validation.", "It follows schema_validation_matched.")
        .labels(&["validation_name"])
        .seen(&[Emqx5Validation]),
    counter(HERE, "schema_validation_failed", Unit::Messages)
        .of_broker()
        .label("schema validation failed")
        .means(
            "Messages that failed a schema validation.",
            "A rise means data that is not what was agreed; the message may be dropped.",
        )
        .concern(Concern::Growth)
        .labels(&["validation_name"])
        .seen(&[Emqx5Validation]),
    gauge(HERE, "message_transformation_enable", Unit::Status)
        .of_broker()
        .label("message transformation enable")
        .means("Whether a message transformation is enabled: 1 or 0.", "0 means that it does not run.")
        .labels(&["validation_name"])
        .seen(&[Emqx5Transformation]),
    counter(HERE, "message_transformation_matched", Unit::Messages)
        .of_broker()
        .label("message transformation matched")
        .means("Messages that a message transformation was applied to.", "Its rate is the load.")
        .labels(&["validation_name"])
        .seen(&[Emqx5Transformation]),
    counter(HERE, "message_transformation_succeeded", Unit::Messages)
        .of_broker()
        .label("message transformation succeeded")
        .means("Messages that a message transformation changed as told.", "It follows message_transformation_matched.")
        .labels(&["validation_name"])
        .seen(&[Emqx5Transformation]),
    counter(HERE, "message_transformation_failed", Unit::Messages)
        .of_broker()
        .label("message transformation failed")
        .means(
            "Messages on which a message transformation failed.",
            "A rise means data that is not what was agreed; the message may be dropped.",
        )
        .concern(Concern::Growth)
        .labels(&["validation_name"])
        .seen(&[Emqx5Transformation]),
];
