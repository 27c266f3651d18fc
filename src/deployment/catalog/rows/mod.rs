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

use super::{Concern, Entry, Group, Scope, Source, Unit};
use crate::exposition::MetricType;

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

/// A number that only grows, until whoever counts it starts anew.
const fn counter(group: Group, name: &'static str, unit: Unit) -> Entry {
    Entry {
        name,
        scope: Scope::Metrics,
        kind: MetricType::Counter,
        unit,
        group,
        description: "",
        meaning: "",
        concern: Concern::None,
        labels: &[],
        aliases: &[],
        seen: &[],
        in_broker: true,
        note: None,
        chinese: None,
    }
}

/// A number that goes up and down.
const fn gauge(group: Group, name: &'static str, unit: Unit) -> Entry {
    Entry { kind: MetricType::Gauge, ..counter(group, name, unit) }
}

/// Observations counted by size.
const fn histogram(group: Group, name: &'static str, unit: Unit) -> Entry {
    Entry { kind: MetricType::Histogram, ..counter(group, name, unit) }
}

/// Without these, a row is of [`Scope::Metrics`], has no labels of its own and is no concern.
impl Entry {
    const fn of_deployment(self) -> Entry {
        Entry { scope: Scope::Deployment, in_broker: false, ..self }
    }

    const fn of_broker(self) -> Entry {
        Entry { scope: Scope::Broker, ..self }
    }

    const fn also_in_broker(self) -> Entry {
        Entry { in_broker: true, ..self }
    }

    const fn means(self, description: &'static str, meaning: &'static str) -> Entry {
        Entry { description, meaning, ..self }
    }

    const fn concern(self, concern: Concern) -> Entry {
        Entry { concern, ..self }
    }

    const fn labels(self, labels: &'static [&'static str]) -> Entry {
        Entry { labels, ..self }
    }

    const fn also_called(self, aliases: &'static [&'static str]) -> Entry {
        Entry { aliases, ..self }
    }

    const fn seen(self, seen: &'static [Source]) -> Entry {
        Entry { seen, ..self }
    }

    const fn note(self, note: &'static str) -> Entry {
        Entry { note: Some(note), ..self }
    }

    const fn chinese(self, chinese: &'static str) -> Entry {
        Entry { chinese: Some(chinese), ..self }
    }
}
