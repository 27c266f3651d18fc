//! Metrics as rows: every sample of a snapshot that is no rule and no resource, with what the catalog says about it.

use super::catalog::{Concern, Entry, Group, Unit};
use super::snapshot::write_series;
use super::{LabelSet, MetricKey, Snapshot};
use crate::text;
use std::fmt;

/// One value and what it means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metric<'a> {
    pub key: &'a MetricKey,
    pub value: f64,
    /// The labels that do not name the deployment.
    pub labels: &'a LabelSet,
    /// Where it stands among the snapshot's series, for what is no field.
    pub(super) series: Option<usize>,
}

impl Metric<'_> {
    pub fn group(&self) -> Group {
        self.key.entry().map_or(Group::Other, |entry| entry.group)
    }

    pub fn unit(&self) -> Unit {
        self.key.entry().map_or(Unit::Count, |entry| entry.unit)
    }

    pub fn concern(&self) -> Concern {
        self.key.entry().map_or(Concern::None, |entry| entry.concern)
    }

    /// Its field, as checks and expressions call it, whatever name it came under.
    pub fn field(&self) -> String {
        self.key.entry().map_or_else(|| self.key.to_string(), |entry| entry.key())
    }

    /// Empty for a family that the catalog does not know.
    pub fn description(&self) -> &'static str {
        self.key.entry().map_or("", |entry| entry.description)
    }

    /// The labels as the text format writes them, without braces; empty where there are none.
    pub fn label_text(&self) -> String {
        text::labels(self.labels.iter(), ",")
    }
}

/// Its key with its labels, as the text format writes them: `name{label="value"}`.
impl fmt::Display for Metric<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_series(f, self.key, self.labels)
    }
}

/// Those of a metric that is a field.
static NO_LABELS: LabelSet = LabelSet::NONE;

impl Snapshot {
    /// Every sample that is no rule and no resource: by group, in the catalog's order, what it does not know last and by name.
    pub fn list(&self) -> Vec<Metric<'_>> {
        let fields = self.metrics.iter().flatten();
        let fields = fields.map(|(key, &value)| Metric { key, value, labels: &NO_LABELS, series: None });
        let series = self.series.iter().enumerate().map(|(at, series)| Metric {
            key: &series.key,
            value: series.value,
            labels: &series.labels,
            series: Some(at),
        });
        let mut all: Vec<Metric<'_>> = fields.chain(series).collect();
        // The rows of a group stand in one slice, in their order.
        let place = |metric: &Metric<'_>| metric.key.entry().map(std::ptr::from_ref::<Entry>);
        all.sort_by_key(|metric| (metric.group(), place(metric), metric.key.name()));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::super::Series;
    use super::super::catalog::Scope;
    use super::*;
    use crate::exposition::MetricType;

    fn snapshot() -> Snapshot {
        let metric = |(scope, name, value)| (MetricKey::field(scope, name).declared(MetricType::Counter), value);
        let metrics = [
            (Scope::Deployment, "connections_count", 2.0),
            (Scope::Metrics, "zz_new", 9.0),
            (Scope::Metrics, "messages_dropped", 1.0),
            (Scope::Metrics, "cluster_nodes_running", 2.0),
        ];
        let reason = ("reason".to_owned(), "a \"b\"".to_owned());
        let reasons = MetricKey::whole("deployment_emqx_metrics_client_disconnected_reason");
        Snapshot {
            metrics: Some(metrics.map(metric).into()),
            series: vec![
                Series { key: MetricKey::whole("up").into(), labels: LabelSet::default(), value: 1.0 },
                Series { key: reasons.into(), labels: [reason].into_iter().collect(), value: 4.0 },
            ],
            ..Snapshot::default()
        }
    }

    #[test]
    fn rows_stand_in_the_order_of_the_view_and_unknown_ones_last() {
        let snapshot = snapshot();
        let rows: Vec<(&str, Group)> =
            snapshot.list().iter().map(|metric| (metric.key.name(), metric.group())).collect();
        let expected = [
            ("cluster_nodes_running", Group::Nodes),
            ("connections_count", Group::Clients),
            ("deployment_emqx_metrics_client_disconnected_reason", Group::Clients),
            ("messages_dropped", Group::Drops),
            ("up", Group::Other),
            ("zz_new", Group::Other),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn a_row_says_what_the_catalog_says() {
        let snapshot = snapshot();
        let list = snapshot.list();
        let dropped = list.iter().find(|metric| metric.key.name() == "messages_dropped").unwrap();
        assert_eq!(dropped.to_string(), "metrics.messages_dropped");
        assert_eq!(dropped.key.family(), "deployment_emqx_metrics_messages_dropped");
        assert_eq!(dropped.key.kind(), MetricType::Counter);
        assert_eq!(dropped.unit().word(), "messages");
        let new = list.iter().find(|metric| metric.key.name() == "zz_new").unwrap();
        assert_eq!(new.key.kind(), MetricType::Counter, "as declared");
        assert_eq!(new.unit().word(), "");
        let reasons = list.iter().find(|metric| metric.key.name().ends_with("_reason")).unwrap();
        assert_eq!(reasons.label_text(), r#"reason="a \"b\"""#);
        let written = r#"deployment_emqx_metrics_client_disconnected_reason{reason="a \"b\""}"#;
        assert_eq!(reasons.to_string(), written);
        assert_eq!(reasons.group(), Group::Clients);
        assert_eq!(reasons.value.to_bits(), 4.0_f64.to_bits());
        assert!(reasons.description().ends_with('.'));
    }

    #[test]
    fn a_brokers_own_families_keep_their_names() {
        let key = MetricKey::field(Scope::Broker, "bytes_sent");
        assert_eq!((key.family().as_ref(), key.to_string().as_str()), ("emqx_bytes_sent", "metrics.bytes_sent"));
        assert_eq!(key, MetricKey::field(Scope::Metrics, "bytes_sent"));
    }
}
