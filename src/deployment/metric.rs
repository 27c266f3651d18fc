//! Metrics as rows: every sample of a snapshot that is no rule and no resource, with what the catalog says about it.

use super::catalog::{self, Concern, Entry, Group, Scope, Unit};
use super::field::{Field, Record};
use super::{Series, Snapshot};
use crate::exposition::MetricType;
use crate::text;
use std::collections::BTreeMap;

/// One value and what it means.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric<'a> {
    /// As received: what stands behind the prefix, or the whole name of a family with labels of its own.
    pub name: &'a str,
    /// Its field in the snapshot: `cluster.NAME` or `metrics.NAME`. `None` for a family with labels of its own.
    pub key: Option<String>,
    /// The whole name.
    pub family: String,
    pub value: f64,
    /// The labels that do not name the deployment.
    pub labels: &'a [(String, String)],
    /// The catalog's row; `None` for a family that it does not know.
    pub entry: Option<&'static Entry>,
    /// Where it stands among the snapshot's series, for a family with labels of its own.
    pub(super) series: Option<usize>,
    /// What the body declared, where the catalog does not know.
    declared: MetricType,
}

impl Metric<'_> {
    pub fn group(&self) -> Group {
        self.entry.map_or(Group::Other, |entry| entry.group)
    }

    /// What it is: the catalog's word, or else what the body declared.
    pub fn kind(&self) -> MetricType {
        self.entry.map_or(self.declared, |entry| entry.kind)
    }

    pub fn unit(&self) -> Unit {
        self.entry.map_or(Unit::Count, |entry| entry.unit)
    }

    pub fn concern(&self) -> Concern {
        self.entry.map_or(Concern::None, |entry| entry.concern)
    }

    /// Empty for a family that the catalog does not know.
    pub fn description(&self) -> &'static str {
        self.entry.map_or("", |entry| entry.description)
    }

    /// The labels as the text format writes them, without braces; empty where there are none.
    pub fn label_text(&self) -> String {
        text::labels(self.labels.iter().map(|(name, value)| (name, value)), ",")
    }
}

impl Record for Metric<'_> {
    fn field(&self, name: &str) -> Option<Field<'_>> {
        Some(match name {
            "name" => Field::text(self.name),
            "family" => Field::text(&self.family),
            "group" => Field::text(self.group().word()),
            "type" => Field::text(self.kind().as_str()),
            "unit" => Field::text(self.unit().word()),
            "value" => Field::Number(self.value),
            "labels" => Field::text(self.label_text()),
            "description" => Field::text(self.description()),
            _ => return None,
        })
    }
}

impl Snapshot {
    /// Every sample that is no rule and no resource: by group, in the catalog's order, what it does not know last and by name.
    pub fn list(&self) -> Vec<Metric<'_>> {
        let metrics = self.metrics_scope();
        let mut all: Vec<Metric<'_>> = Vec::new();
        for (map, field, scope) in [(&self.cluster, "cluster", Scope::Deployment), (&self.metrics, "metrics", metrics)]
        {
            all.extend(map.iter().flatten().map(|(name, &value)| self.plain(field, scope, name, value)));
        }
        all.extend(self.series.iter().enumerate().map(|(at, series)| self.labelled(at, series)));
        let order: BTreeMap<*const Entry, usize> =
            catalog::all().enumerate().map(|(at, entry)| (std::ptr::from_ref(entry), at)).collect();
        let place = |metric: &Metric<'_>| metric.entry.and_then(|entry| order.get(&std::ptr::from_ref(entry)));
        all.sort_by_cached_key(|metric| (place(metric).copied().unwrap_or(usize::MAX), metric.name.to_owned()));
        all
    }

    fn plain<'a>(&'a self, field: &str, scope: Scope, name: &'a str, value: f64) -> Metric<'a> {
        let family = scope.family(name);
        let entry = catalog::by_family(&family);
        let declared = self.declared_type(&family);
        Metric { name, key: Some(format!("{field}.{name}")), family, value, labels: &[], entry, series: None, declared }
    }

    fn labelled<'a>(&'a self, at: usize, series: &'a Series) -> Metric<'a> {
        let Series { name, labels, value } = series;
        let (entry, declared) = (catalog::by_family(name), self.declared_type(name));
        Metric { name, key: None, family: name.clone(), value: *value, labels, entry, series: Some(at), declared }
    }

    /// Which names the families under `metrics` have.
    pub(super) fn metrics_scope(&self) -> Scope {
        if self.is_broker() { Scope::Broker } else { Scope::Metrics }
    }

    /// What a body declared for the family of a sample of that name.
    pub(super) fn declared_type(&self, name: &str) -> MetricType {
        let of = |family: &str| self.declared.get(family).copied();
        of(name).or_else(|| of(MetricType::Histogram.whole(name)?)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot() -> Snapshot {
        let map = |pairs: &[(&str, f64)]| Some(pairs.iter().map(|&(name, value)| (name.to_owned(), value)).collect());
        let reason = ("reason".to_owned(), "a \"b\"".to_owned());
        Snapshot {
            cluster: map(&[("connections_count", 2.0)]),
            metrics: map(&[("zz_new", 9.0), ("messages_dropped", 1.0), ("cluster_nodes_running", 2.0)]),
            series: vec![
                Series { name: "up".into(), labels: Vec::new(), value: 1.0 },
                Series {
                    name: "deployment_emqx_metrics_client_disconnected_reason".into(),
                    labels: vec![reason],
                    value: 4.0,
                },
            ],
            declared: [("deployment_emqx_metrics_zz_new".to_owned(), MetricType::Counter)].into(),
            ..Snapshot::default()
        }
    }

    #[test]
    fn rows_stand_in_the_order_of_the_view_and_unknown_ones_last() {
        let snapshot = snapshot();
        let rows: Vec<(&str, Group)> = snapshot.list().iter().map(|metric| (metric.name, metric.group())).collect();
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
        let dropped = list.iter().find(|metric| metric.name == "messages_dropped").unwrap();
        assert_eq!(dropped.key.as_deref(), Some("metrics.messages_dropped"));
        assert_eq!(dropped.field("family"), Some(Field::text("deployment_emqx_metrics_messages_dropped")));
        assert_eq!(dropped.field("type"), Some(Field::text("counter")));
        assert_eq!(dropped.field("unit"), Some(Field::text("messages")));
        let new = list.iter().find(|metric| metric.name == "zz_new").unwrap();
        assert_eq!(new.field("type"), Some(Field::text("counter")), "as declared");
        assert_eq!(new.field("unit"), Some(Field::text("")));
        let reasons = list.iter().find(|metric| metric.name.ends_with("_reason")).unwrap();
        assert_eq!(reasons.field("labels"), Some(Field::text(r#"reason="a \"b\"""#)));
        assert_eq!(reasons.field("group"), Some(Field::text("clients")));
        assert_eq!(reasons.field("value"), Some(Field::Number(4.0)));
        assert!(matches!(reasons.field("description"), Some(Field::Text(text)) if text.ends_with('.')));
        assert_eq!(reasons.field("reason"), None);
    }

    #[test]
    fn a_brokers_own_families_keep_their_names() {
        let snapshot = Snapshot { metrics: Some([("bytes_sent".to_owned(), 1.0)].into()), ..Snapshot::default() };
        assert!(snapshot.is_broker());
        assert_eq!(snapshot.list().first().map(|metric| metric.family.as_str()), Some("emqx_bytes_sent"));
    }
}
