//! Resources: connectors and data bridges.

use crate::deployment::catalog::build::{counter, gauge};
use crate::deployment::catalog::entry::Provenance::*;
use crate::deployment::catalog::entry::{Concern, Entry, Group, Unit};

const HERE: Group = Group::Resources;

pub(super) const ROWS: &[Entry] = &[
    gauge(HERE, "resource_status", Unit::Status)
        .of_deployment()
        .label("resource status")
        .means(
            "Whether a resource, the connector to a database, broker or service outside, is connected: 1 connected, \
             0 not.",
            "0 means that the actions that use it fail or wait.",
        )
        .concern(Concern::Zero)
        .labels(&["resource_id"])
        .seen(&[Sample, Dashboard, Operators4, Operators5])
        .chinese("资源（连接器）状态：1 已连接，0 未连接"),
    gauge(HERE, "connectors_count", Unit::Connectors)
        .of_broker()
        .label("connectors")
        .means("Connectors that exist, enabled or not.", "It changes as connectors are created and deleted.")
        .seen(&[Emqx5Rules]),
    gauge(HERE, "connector_enable", Unit::Status)
        .of_broker()
        .label("connector enabled")
        .means("Whether a connector is enabled: 1 or 0.", "0 means that somebody disabled it.")
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    gauge(HERE, "connector_status", Unit::Status)
        .of_broker()
        .label("connector status")
        .means(
            "Whether a connector is connected: 1 if so, 0 if it connects, is disconnected or stopped.",
            "0 means that the actions that use it fail or wait.",
        )
        .concern(Concern::Zero)
        .labels(&["id"])
        .seen(&[Emqx5Rules]),
    gauge(HERE, "rule_bridge_status", Unit::Status)
        .of_broker()
        .label("rule bridge status")
        .means(
            "Whether a data bridge is connected, as emqx-exporter has it: 2 if so, 1 if not, 0 unknown.",
            "1 means that the actions that use it fail or wait.",
        )
        .labels(&["type", "name"])
        .seen(&[Exporter]),
    gauge(HERE, "rule_bridge_queuing", Unit::Messages)
        .of_broker()
        .label("rule bridge queuing")
        .means(
            "Messages that wait in a data bridge's buffer.",
            "A rise means that the target takes less than comes in; a full buffer drops.",
        )
        .concern(Concern::Jump)
        .labels(&["type", "name"])
        .seen(&[Exporter]),
    gauge(HERE, "rule_bridge_last5m_rate", Unit::MatchesPerSecond)
        .of_broker()
        .label("rule bridge last5m rate")
        .means(
            "Messages that a data bridge handled per second, on average over five minutes.",
            "A fall to 0 while messages flow means that the bridge stands still.",
        )
        .labels(&["type", "name"])
        .seen(&[Exporter]),
    counter(HERE, "rule_bridge_failed", Unit::Messages)
        .of_broker()
        .label("rule bridge failed")
        .means("Messages that a data bridge could not deliver.", "A rise means data that did not reach its target.")
        .concern(Concern::Growth)
        .labels(&["type", "name"])
        .seen(&[Exporter]),
    counter(HERE, "rule_bridge_dropped", Unit::Messages)
        .of_broker()
        .label("rule bridge dropped")
        .means("Messages that a data bridge dropped.", "A rise means lost data.")
        .concern(Concern::Growth)
        .labels(&["type", "name"])
        .seen(&[Exporter]),
];
