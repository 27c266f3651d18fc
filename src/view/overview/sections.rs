//! Which metrics the overview shows, section by section, and what it calls them there.
//!
//! Names, groups and concerns are the catalog's; here stands only what stands beside what. A metric that stands in no
//! row is shown all the same where its value is trouble or no catalog knows it; `--all` shows every one.

use super::facts::Names;
use super::figures::{CONNECTIONS, NODES_RUNNING, NODES_STOPPED, SESSIONS};
use crate::deployment::catalog::Group;

/// A part of the overview: under the group's title, one or more blocks.
pub struct Section {
    pub group: Group,
    pub blocks: &'static [Block],
}

/// Rows under the same column headings.
pub struct Block {
    /// Over the values, left to right; empty for a single column that needs none.
    pub headings: &'static [&'static str],
    pub rows: &'static [RowSpec],
}

/// A label and its values, left to right.
pub struct RowSpec {
    pub label: &'static str,
    /// Each the first of these metrics that was received.
    pub values: &'static [Names],
    pub form: Form,
}

/// How the values of a row are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Number,
    /// In a binary unit.
    Bytes,
    /// A part of the row above it.
    Part,
}

const fn row(label: &'static str, values: &'static [Names]) -> RowSpec {
    RowSpec { label, values, form: Form::Number }
}

const fn part(label: &'static str, values: &'static [Names]) -> RowSpec {
    RowSpec { label, values, form: Form::Part }
}

pub const SECTIONS: &[Section] = &[
    Section {
        group: Group::Nodes,
        blocks: &[Block { headings: &[], rows: &[row("running", &[NODES_RUNNING]), row("stopped", &[NODES_STOPPED])] }],
    },
    Section {
        group: Group::Clients,
        blocks: &[
            Block {
                headings: &["now", "highest"],
                rows: &[
                    row("live connections", &[&["metrics.live_connections_count"], &["metrics.live_connections_max"]]),
                    row("connections", &[CONNECTIONS, &["metrics.connections_max"]]),
                    row("sessions", &[SESSIONS, &["metrics.sessions_max"]]),
                    row("cluster sessions", &[&["metrics.cluster_sessions_count"], &["metrics.cluster_sessions_max"]]),
                ],
            },
            Block {
                headings: &["since start"],
                rows: &[
                    row("connected", &[&["metrics.client_connected"]]),
                    row("disconnected", &[&["metrics.client_disconnected"]]),
                    row("sessions created", &[&["metrics.session_created"]]),
                    part("resumed", &[&["metrics.session_resumed"]]),
                    part("taken over", &[&["metrics.session_takenover"]]),
                    part("discarded", &[&["metrics.session_discarded"]]),
                    part("terminated", &[&["metrics.session_terminated"]]),
                ],
            },
        ],
    },
    Section {
        group: Group::Subscriptions,
        blocks: &[Block {
            headings: &["now", "highest"],
            rows: &[
                row(
                    "subscriptions",
                    &[&["metrics.subscriptions_count", "cluster.subscriptions_count"], &["metrics.subscriptions_max"]],
                ),
                part(
                    "shared",
                    &[
                        &["metrics.subscriptions_shared_count", "cluster.shared_subscriptions"],
                        &["metrics.subscriptions_shared_max"],
                    ],
                ),
                row("subscribers", &[&["metrics.subscribers_count"], &["metrics.subscribers_max"]]),
                row("topics", &[&["metrics.topics_count", "cluster.topics_count"], &["metrics.topics_max"]]),
                row(
                    "retained",
                    &[&["metrics.retained_count", "cluster.retained_msg_count"], &["metrics.retained_max"]],
                ),
                row("delayed", &[&["metrics.delayed_count"], &["metrics.delayed_max"]]),
            ],
        }],
    },
    Section {
        group: Group::Messages,
        blocks: &[
            Block {
                headings: &["received", "sent"],
                rows: &[
                    row("all", &[&["metrics.messages_received"], &["metrics.messages_sent"]]),
                    part("QoS 0", &[&["metrics.messages_qos0_received"], &["metrics.messages_qos0_sent"]]),
                    part("QoS 1", &[&["metrics.messages_qos1_received"], &["metrics.messages_qos1_sent"]]),
                    part("QoS 2", &[&["metrics.messages_qos2_received"], &["metrics.messages_qos2_sent"]]),
                    row("per second", &[&["cluster.messages_receive_rate"], &["cluster.messages_send_rate"]]),
                ],
            },
            Block {
                headings: &["since start"],
                rows: &[
                    row("published", &[&["metrics.messages_publish"]]),
                    row("delivered", &[&["metrics.messages_delivered"]]),
                    row("acknowledged", &[&["metrics.messages_acked"]]),
                    row("forwarded to nodes", &[&["metrics.messages_forward"]]),
                ],
            },
        ],
    },
    Section {
        group: Group::Traffic,
        blocks: &[Block {
            headings: &["received", "sent"],
            rows: &[
                RowSpec {
                    label: "volume",
                    values: &[&["metrics.bytes_received"], &["metrics.bytes_sent"]],
                    form: Form::Bytes,
                },
                row("bytes", &[&["metrics.bytes_received"], &["metrics.bytes_sent"]]),
            ],
        }],
    },
    Section {
        group: Group::Drops,
        blocks: &[Block {
            headings: &["messages"],
            rows: &[
                row("on the way in", &[&["metrics.messages_dropped"]]),
                part("no subscribers", &[&["metrics.messages_dropped_no_subscribers"]]),
                part("PUBREL too late", &[&["metrics.messages_dropped_expired"]]),
                part("quota exceeded", &[&["metrics.messages_dropped_quota_exceeded"]]),
                part("too many open", &[&["metrics.messages_dropped_receive_maximum"]]),
                row("on delivery", &[&["metrics.delivery_dropped"]]),
                part("queue full", &[&["metrics.delivery_dropped_queue_full"]]),
                part("QoS 0 not queued", &[&["metrics.delivery_dropped_qos0_msg"]]),
                part("too large", &[&["metrics.delivery_dropped_too_large"]]),
                part("expired", &[&["metrics.delivery_dropped_expired"]]),
                part("sender's own", &[&["metrics.delivery_dropped_no_local"]]),
                row("over a limit", &[&["metrics.packets_publish_dropped"]]),
            ],
        }],
    },
    Section {
        group: Group::Access,
        blocks: &[
            Block {
                headings: &["sign-ins"],
                rows: &[
                    row("succeeded", &[&["metrics.authentication_success"]]),
                    part(
                        "unchecked",
                        &[&["metrics.authentication_success_anonymous", "metrics.client_auth_anonymous"]],
                    ),
                    row("failed", &[&["metrics.authentication_failure"]]),
                ],
            },
            Block {
                headings: &["requests"],
                rows: &[
                    row("permitted", &[&["metrics.authorization_allow"]]),
                    row("refused", &[&["metrics.authorization_deny"]]),
                    part("by a rule", &[&["metrics.authorization_matched_deny"]]),
                    part("publish", &[&["metrics.packets_publish_auth_error"]]),
                    part("subscribe", &[&["metrics.packets_subscribe_auth_error"]]),
                    row("without a rule", &[&["metrics.authorization_nomatch"]]),
                    row("superuser", &[&["metrics.authorization_superuser"]]),
                    row("cache hits", &[&["metrics.authorization_cache_hit"]]),
                    row("cache misses", &[&["metrics.authorization_cache_miss"]]),
                ],
            },
        ],
    },
    Section {
        group: Group::Packets,
        blocks: &[Block {
            headings: &["received", "sent", "errors"],
            rows: &[
                row("all", &[&["metrics.packets_received"], &["metrics.packets_sent"]]),
                part(
                    "CONNECT, CONNACK",
                    &[
                        &["metrics.packets_connect"],
                        &["metrics.packets_connack_sent"],
                        &["metrics.packets_connack_error"],
                    ],
                ),
                part(
                    "PUBLISH",
                    &[
                        &["metrics.packets_publish_received"],
                        &["metrics.packets_publish_sent"],
                        &["metrics.packets_publish_error"],
                    ],
                ),
                part("PUBACK", &[&["metrics.packets_puback_received"], &["metrics.packets_puback_sent"]]),
                part("PUBREC", &[&["metrics.packets_pubrec_received"], &["metrics.packets_pubrec_sent"]]),
                part("PUBREL", &[&["metrics.packets_pubrel_received"], &["metrics.packets_pubrel_sent"]]),
                part("PUBCOMP", &[&["metrics.packets_pubcomp_received"], &["metrics.packets_pubcomp_sent"]]),
                part(
                    "SUBSCRIBE, SUBACK",
                    &[
                        &["metrics.packets_subscribe_received"],
                        &["metrics.packets_suback_sent"],
                        &["metrics.packets_subscribe_error"],
                    ],
                ),
                part(
                    "UNSUB., UNSUBACK",
                    &[
                        &["metrics.packets_unsubscribe_received"],
                        &["metrics.packets_unsuback_sent"],
                        &["metrics.packets_unsubscribe_error"],
                    ],
                ),
                part("PINGREQ, PINGRESP", &[&["metrics.packets_pingreq_received"], &["metrics.packets_pingresp_sent"]]),
                part("DISCONNECT", &[&["metrics.packets_disconnect_received"], &["metrics.packets_disconnect_sent"]]),
                part("AUTH", &[&["metrics.packets_auth_received"], &["metrics.packets_auth_sent"]]),
            ],
        }],
    },
];

/// Every name that stands in a row.
pub fn placed() -> impl Iterator<Item = &'static str> {
    let rows = SECTIONS.iter().flat_map(|section| section.blocks).flat_map(|block| block.rows);
    rows.flat_map(|row| row.values).flat_map(|names| *names).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::catalog;

    #[test]
    fn every_name_is_one_of_the_catalog() {
        for name in placed() {
            let found = catalog::find(name);
            assert!(found.len() == 1 && found.iter().all(|entry| entry.key() == name), "{name}");
        }
    }

    #[test]
    fn no_row_has_more_values_than_headings() {
        for section in SECTIONS {
            for block in section.blocks {
                let most = block.rows.iter().map(|row| row.values.len()).max().unwrap_or(0);
                assert_eq!(most, block.headings.len().max(1), "{:?} {:?}", section.group, block.headings);
            }
        }
    }
}
