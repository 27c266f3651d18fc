//! What the catalog says about a family.

use crate::exposition::MetricType;
use crate::units;

/// One row of the catalog: one family, whatever names it goes by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    /// What stands behind the prefix.
    pub name: &'static str,
    pub scope: Scope,
    /// What it is, which is not always what the vendor declares.
    pub kind: MetricType,
    pub unit: Unit,
    pub group: Group,
    /// What tables, the live screen and dashboards call it: EMQX's own words.
    pub label: &'static str,
    /// A sentence: what it counts.
    pub description: &'static str,
    /// A sentence or two: what a rise, or another value, means to whoever runs the deployment.
    pub meaning: &'static str,
    /// What about it deserves attention.
    pub concern: Concern,
    /// The labels beside those that name the deployment.
    pub labels: &'static [&'static str],
    /// Older and other names of the same family, likewise without a prefix.
    pub aliases: &'static [&'static str],
    /// Where it has been seen.
    pub seen: &'static [Provenance],
    /// A broker or exporter sends it too, as `emqx_NAME`.
    pub in_broker: bool,
    /// Where the vendor's texts contradict the server or each other.
    pub note: Option<&'static str>,
    /// What it counts, in Chinese, for the families of the platform.
    pub chinese: Option<&'static str>,
}

impl Entry {
    /// Its own name, then its older ones.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }

    /// The whole name, as the server sends it.
    pub fn family(&self) -> String {
        self.scope.family(self.name)
    }

    /// Every whole name it goes by: its own first, then a broker's, then those of its aliases.
    pub fn families(&self) -> Vec<String> {
        let broker = (self.in_broker && self.scope != Scope::Broker).then_some(Scope::Broker);
        self.names()
            .flat_map(|name| [Some(self.scope), broker].into_iter().flatten().map(|scope| scope.family(name)))
            .collect()
    }

    /// The name of its field in a snapshot: `cluster.NAME` or `metrics.NAME`. A family with labels of its own is no
    /// field; it stands under its whole name among the series.
    pub fn key(&self) -> String {
        format!("{}.{}", self.scope.map(), self.name)
    }
}

/// Which names a family goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// `deployment_emqx_NAME`: worked out by the platform for the deployment as a whole.
    Deployment,
    /// `deployment_emqx_metrics_NAME`: what the brokers count, passed on by the platform; a broker itself says `emqx_NAME`.
    Metrics,
    /// `emqx_NAME`: only a broker's own endpoint, or an exporter beside it, has it.
    Broker,
}

impl Scope {
    /// What stands before the name.
    pub fn prefix(self) -> &'static str {
        match self {
            Scope::Deployment => "deployment_emqx_",
            Scope::Metrics => "deployment_emqx_metrics_",
            Scope::Broker => "emqx_",
        }
    }

    /// Which of the two objects of JSON its families stand in, and what their fields begin with in expressions.
    pub fn map(self) -> &'static str {
        if self == Scope::Deployment { "cluster" } else { "metrics" }
    }

    /// The scope that a whole name tells, and the name behind its prefix: the longest, since each is the beginning of the
    /// one before it.
    pub fn cut(family: &str) -> Option<(Scope, &str)> {
        [Scope::Metrics, Scope::Deployment, Scope::Broker]
            .into_iter()
            .find_map(|scope| Some((scope, family.strip_prefix(scope.prefix()).filter(|name| !name.is_empty())?)))
    }

    /// The whole name of the family `name`.
    pub fn family(self, name: &str) -> String {
        format!("{}{name}", self.prefix())
    }
}

/// What deserves attention, for whoever colours, checks or alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// No value and no change is trouble by itself.
    None,
    /// Any value above 0 is trouble now.
    AboveZero,
    /// 0 is trouble now.
    Zero,
    /// Growth is trouble.
    Growth,
    /// Some growth is ordinary; a jump is worth a look.
    Jump,
}

/// Sections of the cluster view, in its order; behind them what only the other views or a broker's own endpoint have.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::VariantArray,
    strum::VariantNames,
    strum::IntoStaticStr,
    strum::EnumString,
)]
#[strum(serialize_all = "snake_case", ascii_case_insensitive)]
pub enum Group {
    Nodes,
    Clients,
    Subscriptions,
    Messages,
    Traffic,
    Drops,
    Access,
    Packets,
    Rules,
    Resources,
    Actions,
    Broker,
    License,
    /// What no catalog knows.
    Other,
}

impl Group {
    /// Every group, in order.
    pub const ALL: &[Group] = <Group as strum::VariantArray>::VARIANTS;

    /// Their names, in order.
    pub const WORDS: &[&str] = <Group as strum::VariantNames>::VARIANTS;

    /// Its name on the command line and in machine formats.
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Group::Nodes => "Nodes",
            Group::Clients => "Clients and sessions",
            Group::Subscriptions => "Subscriptions and topics",
            Group::Messages => "Messages",
            Group::Traffic => "Traffic",
            Group::Drops => "Drops",
            Group::Access => "Authentication and authorization",
            Group::Packets => "Packets",
            Group::Rules => "Rules",
            Group::Resources => "Resources",
            Group::Actions => "Actions and schemas",
            Group::Broker => "Broker internals",
            Group::License => "License",
            Group::Other => "Other",
        }
    }

    /// The group of that name.
    pub fn from_word(word: &str) -> Option<Group> {
        word.parse().ok()
    }
}

/// What a value is a number of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Unit {
    Nodes,
    Connections,
    Sessions,
    Channels,
    Clients,
    Subscriptions,
    Subscribers,
    Topics,
    Routes,
    Messages,
    Packets,
    Bytes,
    Requests,
    Replies,
    Authentications,
    Checks,
    Matches,
    Executions,
    Events,
    Rules,
    Actions,
    Connectors,
    Schemas,
    Records,
    Processes,
    Files,
    Transactions,
    #[strum(serialize = "messages/s")]
    MessagesPerSecond,
    #[strum(serialize = "matches/s")]
    MatchesPerSecond,
    /// A state that is told by a number.
    Status,
    #[strum(serialize = "%")]
    Percent,
    #[strum(serialize = "s")]
    Seconds,
    #[strum(serialize = "ms")]
    Milliseconds,
    Days,
    /// A point in time: seconds since 1970-01-01 UTC.
    #[strum(serialize = "s since 1970")]
    UnixSeconds,
    /// A point in time: milliseconds since 1970-01-01 UTC.
    #[strum(serialize = "ms since 1970")]
    UnixMilliseconds,
    /// A plain number, or what no catalog knows.
    #[strum(serialize = "")]
    Count,
}

impl Unit {
    /// A rate with its unit, bytes in a binary one: `12.3/s`, `1.2 KiB/s`.
    pub fn rate_text(self, per_second: f64) -> String {
        match self {
            // A part of a byte tells nothing.
            Unit::Bytes if per_second.abs() >= 9.95 => format!("{}/s", units::bytes(per_second.round())),
            Unit::Bytes => format!("{} B/s", units::rate(per_second)),
            _ => format!("{}/s", units::rate(per_second)),
        }
    }

    /// A value as people read it: a rate in as many digits as tell something.
    pub fn value_text(self, value: f64) -> String {
        match self {
            Unit::MessagesPerSecond | Unit::MatchesPerSecond | Unit::Percent => units::significant(value),
            _ => units::grouped(value),
        }
    }

    /// What to write behind a number; empty where nothing helps.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// Where a family has been seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provenance {
    /// The sample answers on the platform's Prometheus page.
    Sample,
    /// The table on that page.
    Table,
    /// The Grafana dashboard that the platform gives its customers.
    Dashboard,
    /// The platform's Grafana dashboard for operators, of v4 deployments.
    Operators4,
    /// The same of v5 deployments.
    Operators5,
    /// The later, shorter version of the platform's Prometheus page.
    Later,
    /// The platform's first endpoint, `/api/emqx_prometheus`, which passed a broker's own metrics on.
    First,
    /// EMQX 5, `/api/v5/prometheus/stats`.
    Emqx5,
    /// EMQX 5, `/api/v5/prometheus/auth`.
    Emqx5Auth,
    /// EMQX 5, `/api/v5/prometheus/data_integration`.
    Emqx5Rules,
    /// EMQX 5, `/api/v5/prometheus/schema_validation`.
    Emqx5Validation,
    /// EMQX 5, `/api/v5/prometheus/message_transformation`.
    Emqx5Transformation,
    /// EMQX 4, the plugin emqx_prometheus.
    Emqx4,
    /// emqx-exporter, a program beside the broker.
    Exporter,
}

impl Provenance {
    /// In words.
    pub fn phrase(self) -> &'static str {
        match self {
            Provenance::Sample => "the platform's samples",
            Provenance::Table => "the platform's table",
            Provenance::Dashboard => "the platform's dashboard",
            Provenance::Operators4 => "its operators' dashboard (v4)",
            Provenance::Operators5 => "its operators' dashboard (v5)",
            Provenance::Later => "the platform's later page",
            Provenance::First => "the platform's first endpoint",
            Provenance::Emqx5 => "EMQX 5 stats",
            Provenance::Emqx5Auth => "EMQX 5 auth",
            Provenance::Emqx5Rules => "EMQX 5 data_integration",
            Provenance::Emqx5Validation => "EMQX 5 schema_validation",
            Provenance::Emqx5Transformation => "EMQX 5 message_transformation",
            Provenance::Emqx4 => "EMQX 4",
            Provenance::Exporter => "emqx-exporter",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_pass_in_a_binary_unit() {
        assert_eq!(Unit::Messages.rate_text(3.256), "3.26/s");
        for (value, text) in [(0.0, "0 B/s"), (0.5, "0.5 B/s"), (330.4, "330 B/s"), (12_698.0, "12.4 KiB/s")] {
            assert_eq!(Unit::Bytes.rate_text(value), text);
        }
    }
}
