//! The metrics of a snapshot, one by one, with what the catalog says of each.

use super::row::text;
use crate::deployment::catalog::{self, Entry, Group};
use crate::deployment::{Field, Snapshot};
use crate::names;
use std::borrow::Cow;

/// One number that was received.
#[derive(Debug, Clone, Copy)]
pub struct Metric<'a> {
    pub place: Place<'a>,
    pub value: f64,
    /// `None` for what no catalog knows.
    pub entry: Option<&'static Entry>,
}

/// Where it stands in the snapshot.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    Cluster(&'a str),
    Metrics(&'a str),
    /// Under its whole name, with labels.
    Series(&'a str, &'a [(String, String)]),
}

impl<'a> Metric<'a> {
    /// Every metric of the snapshot, group by group, those that no catalog knows last.
    pub fn all(snapshot: &'a Snapshot) -> Vec<Metric<'a>> {
        let cluster = snapshot.cluster.iter().flatten().map(|(name, value)| (Place::Cluster(name), *value));
        let metrics = snapshot.metrics.iter().flatten().map(|(name, value)| (Place::Metrics(name), *value));
        let series = snapshot.series.iter().map(|s| (Place::Series(&s.name, &s.labels), s.value));
        let all = cluster.chain(metrics).chain(series);
        let mut all: Vec<Metric<'a>> =
            all.map(|(place, value)| Metric { place, value, entry: look_up(place) }).collect();
        all.sort_by_key(|metric| metric.group());
        all
    }

    /// As expressions have it: `cluster.NAME`, `metrics.NAME`, or the whole name of a series.
    pub fn name(&self) -> Cow<'a, str> {
        match self.place {
            Place::Cluster(name) => Cow::Owned(format!("cluster.{name}")),
            Place::Metrics(name) => Cow::Owned(format!("metrics.{name}")),
            Place::Series(name, _) => Cow::Borrowed(name),
        }
    }

    /// Its labels beside those of the deployment.
    pub fn labels(&self) -> &'a [(String, String)] {
        match self.place {
            Place::Series(_, labels) => labels,
            Place::Cluster(_) | Place::Metrics(_) => &[],
        }
    }

    /// Its name with its labels, as the text format writes them: `name{label="value"}`.
    pub fn series(&self) -> Cow<'a, str> {
        match self.labels() {
            [] => self.name(),
            labels => Cow::Owned(format!("{}{{{}}}", self.name(), label_text(labels))),
        }
    }

    /// What the catalog files it under.
    pub fn group(&self) -> Group {
        self.entry.map_or(Group::Other, |entry| entry.group)
    }

    /// What it is a number of; `None` where no catalog knows or where nothing helps.
    pub fn unit(&self) -> Option<&'static str> {
        self.entry.map(|entry| entry.unit.word()).filter(|word| !word.is_empty())
    }

    /// Whether a pattern with `*` and `?` matches its name, with or without what stands before it.
    pub fn matches(&self, pattern: &str) -> bool {
        let names = match self.place {
            Place::Cluster(name) => [name.to_owned(), format!("cluster.{name}"), format!("deployment_emqx_{name}")],
            Place::Metrics(name) => {
                [name.to_owned(), format!("metrics.{name}"), format!("deployment_emqx_metrics_{name}")]
            }
            Place::Series(name, _) => {
                let short = name.strip_prefix("deployment_emqx_").unwrap_or(name);
                [name.to_owned(), short.to_owned(), short.strip_prefix("metrics_").unwrap_or(short).to_owned()]
            }
        };
        names.iter().any(|name| names::matches(pattern, name))
    }

    /// As [`crate::deployment::Record::field`].
    pub fn field(&self, name: &str) -> Option<Field<'a>> {
        Some(match name {
            "name" => Field::Text(self.name()),
            "labels" if self.labels().is_empty() => Field::Missing,
            "labels" => Field::Text(Cow::Owned(label_text(self.labels()))),
            "value" => Field::Number(self.value),
            "unit" => text(self.unit()),
            "group" => Field::Text(Cow::Borrowed(self.group().word())),
            "type" => text(self.entry.map(|entry| entry.kind.as_str())),
            "description" => text(self.entry.map(|entry| entry.description)),
            _ => return None,
        })
    }
}

fn look_up(place: Place<'_>) -> Option<&'static Entry> {
    match place {
        Place::Cluster(name) => catalog::of_cluster(name),
        Place::Metrics(name) => catalog::of_metrics(name),
        Place::Series(name, _) => catalog::by_family(name),
    }
}

/// `a="1",b="2"`, as the text format writes labels.
fn label_text(labels: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, value) in labels {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(name);
        text.push_str("=\"");
        text.push_str(&value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"));
        text.push('"');
    }
    text
}
