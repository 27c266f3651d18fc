//! The rows, a file for each group. A new metric is one new row.
//!
//! What they say comes from the platform's Prometheus page and its samples, the EMQX documentation (metrics and
//! statistics, broker health indicators), the places in EMQX's source where each number is counted (5.8 and 6), and
//! emqx-exporter's source; the words are our own.

mod access;
mod actions;
mod broker;
mod clients;
mod drops;
mod license;
mod messages;
mod nodes;
mod packets;
mod resources;
mod rules;
mod subscriptions;
mod traffic;

use super::entry::Entry;

/// Every row, the groups in their order.
pub(super) static ALL: [&[Entry]; 13] = [
    nodes::ROWS,
    clients::ROWS,
    subscriptions::ROWS,
    messages::ROWS,
    traffic::ROWS,
    drops::ROWS,
    access::ROWS,
    packets::ROWS,
    rules::ROWS,
    resources::ROWS,
    actions::ROWS,
    broker::ROWS,
    license::ROWS,
];
