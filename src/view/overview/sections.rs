//! Which metrics the overview shows, section by section.
//!
//! Names, labels, groups and concerns are the catalog's; here stands only what stands beside what. A metric that stands in no
//! row is shown all the same where its value is trouble or no catalog knows it; `--all` shows every one.

use super::facts::Names;
use super::figures::{CONNECTIONS, NODES_RUNNING, NODES_STOPPED, SESSIONS};
use crate::deployment::catalog::{self, Group};

/// A part of the overview: under the group's title, one or more blocks.
pub(super) struct Section {
    pub group: Group,
    pub blocks: &'static [Block],
}

/// Rows under the same column headings.
pub(super) struct Block {
    /// Over the values, left to right; empty for a single column that needs none.
    pub headings: &'static [&'static str],
    pub rows: &'static [RowSpec],
}

/// A label and its values, left to right.
pub(super) struct RowSpec {
    /// Where its values are of several kinds; else the label is that of its first metric.
    pub label: Option<&'static str>,
    /// Each the first of these metrics that was received.
    pub values: &'static [Names],
    pub form: Form,
}

/// How the values of a row are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Number,
    /// In a binary unit.
    Bytes,
    /// A part of the row above it.
    Part,
}

impl RowSpec {
    /// What stands before its values.
    pub(super) fn label(&self) -> &'static str {
        let of_first = || self.values.first()?.first().and_then(|name| catalog::find(name).first().copied());
        self.label.unwrap_or_else(|| of_first().map_or("", |entry| entry.label))
    }
}

const fn row(values: &'static [Names]) -> RowSpec {
    RowSpec { label: None, values, form: Form::Number }
}

const fn part(values: &'static [Names]) -> RowSpec {
    RowSpec { form: Form::Part, ..row(values) }
}

const fn pair(label: &'static str, values: &'static [Names]) -> RowSpec {
    RowSpec { label: Some(label), ..row(values) }
}

const fn pair_part(label: &'static str, values: &'static [Names]) -> RowSpec {
    RowSpec { form: Form::Part, ..pair(label, values) }
}

pub(super) const SECTIONS: &[Section] = &[
    Section {
        group: Group::Nodes,
        blocks: &[Block { headings: &[], rows: &[row(&[NODES_RUNNING]), row(&[NODES_STOPPED])] }],
    },
    Section {
        group: Group::Clients,
        blocks: &[
            Block {
                headings: &["now", "peak"],
                rows: &[
                    row(&[&["metrics.live_connections_count"], &["metrics.live_connections_max"]]),
                    row(&[CONNECTIONS, &["metrics.connections_max"]]),
                    row(&[SESSIONS, &["metrics.sessions_max"]]),
                    row(&[&["metrics.cluster_sessions_count"], &["metrics.cluster_sessions_max"]]),
                ],
            },
            Block {
                headings: &["since start"],
                rows: &[
                    row(&[&["metrics.client_connected"]]),
                    row(&[&["metrics.client_disconnected"]]),
                    row(&[&["metrics.session_created"]]),
                    part(&[&["metrics.session_resumed"]]),
                    part(&[&["metrics.session_takenover"]]),
                    part(&[&["metrics.session_discarded"]]),
                    part(&[&["metrics.session_terminated"]]),
                ],
            },
        ],
    },
    Section {
        group: Group::Subscriptions,
        blocks: &[Block {
            headings: &["now", "peak"],
            rows: &[
                row(&[&["metrics.subscriptions_count", "cluster.subscriptions_count"], &["metrics.subscriptions_max"]]),
                part(&[
                    &["metrics.subscriptions_shared_count", "cluster.shared_subscriptions"],
                    &["metrics.subscriptions_shared_max"],
                ]),
                row(&[&["metrics.subscribers_count"], &["metrics.subscribers_max"]]),
                row(&[&["metrics.topics_count", "cluster.topics_count"], &["metrics.topics_max"]]),
                row(&[&["metrics.retained_count", "cluster.retained_msg_count"], &["metrics.retained_max"]]),
                row(&[&["metrics.delayed_count"], &["metrics.delayed_max"]]),
            ],
        }],
    },
    Section {
        group: Group::Messages,
        blocks: &[
            Block {
                headings: &["received", "sent"],
                rows: &[
                    pair("all", &[&["metrics.messages_received"], &["metrics.messages_sent"]]),
                    pair_part("QoS 0", &[&["metrics.messages_qos0_received"], &["metrics.messages_qos0_sent"]]),
                    pair_part("QoS 1", &[&["metrics.messages_qos1_received"], &["metrics.messages_qos1_sent"]]),
                    pair_part("QoS 2", &[&["metrics.messages_qos2_received"], &["metrics.messages_qos2_sent"]]),
                    pair("per second", &[&["cluster.messages_receive_rate"], &["cluster.messages_send_rate"]]),
                ],
            },
            Block {
                headings: &["since start"],
                rows: &[
                    row(&[&["metrics.messages_publish"]]),
                    row(&[&["metrics.messages_delivered"]]),
                    row(&[&["metrics.messages_acked"]]),
                    row(&[&["metrics.messages_forward"]]),
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
                    label: Some("volume"),
                    values: &[&["metrics.bytes_received"], &["metrics.bytes_sent"]],
                    form: Form::Bytes,
                },
                pair("bytes", &[&["metrics.bytes_received"], &["metrics.bytes_sent"]]),
            ],
        }],
    },
    Section {
        group: Group::Drops,
        blocks: &[Block {
            headings: &["since start"],
            rows: &[
                row(&[&["metrics.messages_dropped"]]),
                part(&[&["metrics.messages_dropped_no_subscribers"]]),
                part(&[&["metrics.messages_dropped_expired"]]),
                part(&[&["metrics.messages_dropped_quota_exceeded"]]),
                part(&[&["metrics.messages_dropped_receive_maximum"]]),
                row(&[&["metrics.delivery_dropped"]]),
                part(&[&["metrics.delivery_dropped_queue_full"]]),
                part(&[&["metrics.delivery_dropped_qos0_msg"]]),
                part(&[&["metrics.delivery_dropped_too_large"]]),
                part(&[&["metrics.delivery_dropped_expired"]]),
                part(&[&["metrics.delivery_dropped_no_local"]]),
                row(&[&["metrics.packets_publish_dropped"]]),
            ],
        }],
    },
    Section {
        group: Group::Access,
        blocks: &[Block {
            headings: &["since start"],
            rows: &[
                row(&[&["metrics.authentication_success"]]),
                part(&[&["metrics.authentication_success_anonymous", "metrics.client_auth_anonymous"]]),
                row(&[&["metrics.authentication_failure"]]),
                row(&[&["metrics.authorization_allow"]]),
                row(&[&["metrics.authorization_deny"]]),
                part(&[&["metrics.authorization_matched_deny"]]),
                part(&[&["metrics.packets_publish_auth_error"]]),
                part(&[&["metrics.packets_subscribe_auth_error"]]),
                row(&[&["metrics.authorization_nomatch"]]),
                row(&[&["metrics.authorization_superuser"]]),
                row(&[&["metrics.authorization_cache_hit"]]),
                row(&[&["metrics.authorization_cache_miss"]]),
            ],
        }],
    },
    Section {
        group: Group::Packets,
        blocks: &[Block {
            headings: &["received", "sent", "errors"],
            rows: &[
                pair("all", &[&["metrics.packets_received"], &["metrics.packets_sent"]]),
                pair_part("CONNECT", &[&["metrics.packets_connect"]]),
                pair_part("CONNACK", &[&[], &["metrics.packets_connack_sent"], &["metrics.packets_connack_error"]]),
                pair_part(
                    "PUBLISH",
                    &[
                        &["metrics.packets_publish_received"],
                        &["metrics.packets_publish_sent"],
                        &["metrics.packets_publish_error"],
                    ],
                ),
                pair_part("PUBACK", &[&["metrics.packets_puback_received"], &["metrics.packets_puback_sent"]]),
                pair_part("PUBREC", &[&["metrics.packets_pubrec_received"], &["metrics.packets_pubrec_sent"]]),
                pair_part("PUBREL", &[&["metrics.packets_pubrel_received"], &["metrics.packets_pubrel_sent"]]),
                pair_part("PUBCOMP", &[&["metrics.packets_pubcomp_received"], &["metrics.packets_pubcomp_sent"]]),
                pair_part(
                    "SUBSCRIBE",
                    &[&["metrics.packets_subscribe_received"], &[], &["metrics.packets_subscribe_error"]],
                ),
                pair_part("SUBACK", &[&[], &["metrics.packets_suback_sent"]]),
                pair_part("UNSUBSCRIBE", &[&["metrics.packets_unsubscribe_received"]]),
                pair_part("UNSUBACK", &[&[], &["metrics.packets_unsuback_sent"]]),
                pair_part("PINGREQ", &[&["metrics.packets_pingreq_received"]]),
                pair_part("PINGRESP", &[&[], &["metrics.packets_pingresp_sent"]]),
                pair_part(
                    "DISCONNECT",
                    &[&["metrics.packets_disconnect_received"], &["metrics.packets_disconnect_sent"]],
                ),
                pair_part("AUTH", &[&["metrics.packets_auth_received"], &["metrics.packets_auth_sent"]]),
            ],
        }],
    },
];

/// Every name that stands in a row.
pub(super) fn placed() -> impl Iterator<Item = &'static str> {
    let rows = SECTIONS.iter().flat_map(|section| section.blocks).flat_map(|block| block.rows);
    rows.flat_map(|row| row.values).flat_map(|names| *names).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_one_of_the_catalog() {
        for name in placed() {
            let found = catalog::find(name);
            assert!(found.len() == 1 && found.iter().all(|entry| entry.key() == name), "{name}");
        }
        let rows = SECTIONS.iter().flat_map(|section| section.blocks).flat_map(|block| block.rows);
        for row in rows {
            assert!(!row.label().contains('_'), "{} needs a label in its row of the catalog", row.label());
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
