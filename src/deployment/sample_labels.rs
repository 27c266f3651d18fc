//! The labels of a sample, by what they are for.

use super::dialect::SampleKind;
use super::oddities::Oddities;
use crate::exposition::Labels;
use std::borrow::Cow;

/// The labels that name a deployment.
pub(super) const IDENTITY: [&str; 3] = ["deployment_id", "deployment_type", "platform"];

/// Labels that whoever scrapes and stores metrics adds, and no EMQX sends: of the target (`job`, `instance`), of the target in
/// Kubernetes as the Prometheus Operator names it, of the Prometheus and its replica (`external_labels`, Thanos, Mimir), and
/// those of the jobs that `emqstat export prometheus` writes.
const ADDED: [&str; 18] = [
    "__replica__",
    "__tenant_id__",
    "cluster",
    "container",
    "endpoint",
    "instance",
    "job",
    "monitor",
    "pod",
    "profile",
    "prometheus",
    "prometheus_replica",
    "receive",
    "receive_replica",
    "replica",
    "scrape_job",
    "service",
    "tenant_id",
];

/// What Prometheus puts before a label of a sample where its target has a label of that name too (`honor_labels`).
const EXPORTED: &str = "exported_";

/// The labels of a sample, by what they are for: read in one pass.
#[derive(Debug, Default)]
pub(super) struct SampleLabels<'a> {
    pub deployment_id: Option<Cow<'a, str>>,
    pub deployment_type: Option<Cow<'a, str>>,
    pub platform: Option<Cow<'a, str>>,
    /// Names the rule or resource.
    pub id: Option<Cow<'a, str>>,
    /// Tells which count of the rule it is.
    pub which: Option<Cow<'a, str>>,
    /// One that is none of these and that no scraper adds.
    pub other: Option<Cow<'a, str>>,
}

impl<'a> SampleLabels<'a> {
    pub(super) fn of(labels: Labels<'a>, kind: SampleKind, oddities: &mut Oddities) -> SampleLabels<'a> {
        let (id, which) = match kind {
            SampleKind::Rule(family) => (family.id, family.label()),
            SampleKind::Resource(id) => (id, ""),
            SampleKind::Metric | SampleKind::Foreign => ("", ""),
        };
        let mut sorted = SampleLabels::default();
        for (name, value) in labels.iter() {
            // A label without a value is no label (the text format's specification of Prometheus' data model).
            let value = (!value.is_empty()).then_some(value);
            if let Some(slot) = sorted.slot(&name, id, which) {
                *slot = slot.take().or(value);
                continue;
            }
            // Where a label of the target hides one of EMQX's, this is EMQX's.
            if let Some(slot) = name.strip_prefix(EXPORTED).and_then(|own| sorted.slot(own, id, which)) {
                *slot = value;
                oddities.added_label("exported_");
                continue;
            }
            match added(&name, kind) {
                Some(added) => oddities.added_label(added),
                None if value.is_some() => sorted.other = sorted.other.take().or(Some(name)),
                None => {}
            }
        }
        sorted
    }

    fn slot(&mut self, name: &str, id: &str, which: &str) -> Option<&mut Option<Cow<'a, str>>> {
        Some(match name {
            "deployment_id" => &mut self.deployment_id,
            "deployment_type" => &mut self.deployment_type,
            "platform" => &mut self.platform,
            "" => return None,
            name if name == id => &mut self.id,
            name if name == which => &mut self.which,
            _ => return None,
        })
    }
}

/// The label as a warning names it, where scraping added it to a sample of EMQX.
pub(super) fn added(name: &str, kind: SampleKind) -> Option<&'static str> {
    if kind == SampleKind::Foreign {
        return None;
    }
    let known = ADDED.iter().find(|added| **added == name).copied();
    known.or_else(|| name.starts_with(EXPORTED).then_some("exported_"))
}
