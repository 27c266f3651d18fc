//! What rows are written with: `counter(HERE, "messages_sent", Unit::Messages).means(...).seen(...)`.

use super::entry::{Concern, Entry, Group, Provenance, Scope, Unit};
use crate::exposition::MetricType;

/// A number that only grows, until whoever counts it starts anew.
pub(super) const fn counter(group: Group, name: &'static str, unit: Unit) -> Entry {
    Entry {
        name,
        scope: Scope::Metrics,
        kind: MetricType::Counter,
        unit,
        group,
        label: name,
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
pub(super) const fn gauge(group: Group, name: &'static str, unit: Unit) -> Entry {
    Entry { kind: MetricType::Gauge, ..counter(group, name, unit) }
}

/// Observations counted by size.
pub(super) const fn histogram(group: Group, name: &'static str, unit: Unit) -> Entry {
    Entry { kind: MetricType::Histogram, ..counter(group, name, unit) }
}

/// Without these, a row is of [`Scope::Metrics`], has no labels of its own and is no concern.
impl Entry {
    pub(super) const fn of_deployment(self) -> Entry {
        Entry { scope: Scope::Deployment, in_broker: false, ..self }
    }

    pub(super) const fn of_broker(self) -> Entry {
        Entry { scope: Scope::Broker, ..self }
    }

    pub(super) const fn also_in_broker(self) -> Entry {
        Entry { in_broker: true, ..self }
    }

    pub(super) const fn label(self, label: &'static str) -> Entry {
        Entry { label, ..self }
    }

    pub(super) const fn means(self, description: &'static str, meaning: &'static str) -> Entry {
        Entry { description, meaning, ..self }
    }

    pub(super) const fn concern(self, concern: Concern) -> Entry {
        Entry { concern, ..self }
    }

    pub(super) const fn labels(self, labels: &'static [&'static str]) -> Entry {
        Entry { labels, ..self }
    }

    pub(super) const fn also_called(self, aliases: &'static [&'static str]) -> Entry {
        Entry { aliases, ..self }
    }

    pub(super) const fn seen(self, seen: &'static [Provenance]) -> Entry {
        Entry { seen, ..self }
    }

    pub(super) const fn note(self, note: &'static str) -> Entry {
        Entry { note: Some(note), ..self }
    }

    pub(super) const fn chinese(self, chinese: &'static str) -> Entry {
        Entry { chinese: Some(chinese), ..self }
    }
}
