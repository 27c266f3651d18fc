//! A deployment while its samples come in.

use super::dialect::{RuleFamily, RuleField, SampleKind};
use super::duplicates::Duplicates;
use super::rows::{Rows, fill};
use super::sample_labels::{IDENTITY, SampleLabels};
use super::{Endpoint, Identity, MetricKey, PerEndpoint, Resource, ResourceStatus, Rule, Series, Snapshot};
use crate::exposition::Sample;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// What is known of one deployment so far.
#[derive(Debug, Default)]
pub(super) struct SnapshotBuilder {
    pub identity: Identity,
    /// The endpoints whose families came.
    pub met: PerEndpoint<()>,
    metrics: BTreeMap<MetricKey, f64>,
    series: Rows<Series>,
    rules: Rows<Rule>,
    resources: Rows<Resource>,
}

impl SnapshotBuilder {
    pub(super) fn new(deployment_id: Option<String>) -> SnapshotBuilder {
        let identity = Identity { deployment_id, ..Identity::default() };
        SnapshotBuilder { identity, ..SnapshotBuilder::default() }
    }

    /// Takes one sample in; `key` is its family's.
    pub(super) fn add(
        &mut self,
        kind: SampleKind,
        key: &MetricKey,
        sample: &Sample<'_>,
        labels: SampleLabels<'_>,
        duplicates: &mut Duplicates,
    ) {
        // Type and platform are those of the first sample that has them.
        let Identity { deployment_type, platform, .. } = &mut self.identity;
        for (ours, theirs) in [(deployment_type, labels.deployment_type), (platform, labels.platform)] {
            if ours.is_none() {
                *ours = theirs.map(Cow::into_owned);
            }
        }
        let (id, which) = (labels.id.as_deref(), labels.which.as_deref());
        let is_new = match kind {
            _ if labels.has_others => None,
            SampleKind::Metric => Some(insert(&mut self.metrics, key.clone(), sample.value)),
            SampleKind::Rule(family) => self.add_rule(family, id, which, sample.value),
            SampleKind::Resource(_) => id.map(|id| self.add_resource(id, ResourceStatus::from_code(sample.value))),
            SampleKind::Foreign => None,
        };
        if !is_new.unwrap_or_else(|| self.series.insert(series_of(key, sample)).is_ok()) {
            duplicates.add(|| series_of(key, sample).to_string());
        }
    }

    /// `None` where the labels are not those of a rule's sample; else whether it was new.
    fn add_rule(&mut self, family: &RuleFamily, id: Option<&str>, which: Option<&str>, value: f64) -> Option<bool> {
        let field = family.field(which)?;
        Some(self.rules.update(id?, |rule| field.fill(rule, value)))
    }

    fn add_resource(&mut self, id: &str, status: ResourceStatus) -> bool {
        self.resources.update(id, |resource| fill(&mut resource.status, status))
    }

    /// Whether it holds nothing but series, so that it may belong to another deployment of the same body.
    pub(super) fn is_only_series(&self) -> bool {
        self.metrics.is_empty() && self.rules.is_empty() && self.resources.is_empty()
    }

    /// Takes over what another says of the same deployment; what is here already counts.
    pub(super) fn append(&mut self, other: SnapshotBuilder, duplicates: &mut Duplicates) {
        for (key, value) in other.metrics {
            let family = key.clone();
            if !insert(&mut self.metrics, key, value) {
                duplicates.add(|| family.family().into_owned());
            }
        }
        for series in other.series.into_vec() {
            if let Err(series) = self.series.insert(series) {
                duplicates.add(|| series.to_string());
            }
        }
        for theirs in other.rules.into_vec() {
            for (field, value) in RuleField::all_of(&theirs) {
                if !self.rules.update(&theirs.rule_id, |ours| field.fill(ours, value)) {
                    duplicates.add(|| format!("{field} of rule {}", theirs.rule_id));
                }
            }
        }
        for Resource { resource_id, status } in other.resources.into_vec() {
            if !status.is_none_or(|status| self.add_resource(&resource_id, status)) {
                duplicates.add(|| format!("the status of resource {resource_id}"));
            }
        }
        self.met.complete(other.met);
        self.identity.complete(other.identity);
    }

    /// The deployment as it is given out.
    pub(super) fn finish(self) -> Snapshot {
        let SnapshotBuilder { identity, met, metrics, series, rules, resources } = self;
        let (mut rules, mut resources) = (rules.into_vec(), resources.into_vec());
        rules.sort_unstable_by(|a, b| a.rule_id.cmp(&b.rule_id));
        resources.sort_unstable_by(|a, b| a.resource_id.cmp(&b.resource_id));
        let integration = met.get(Endpoint::DataIntegration);
        Snapshot {
            identity,
            metrics: met.get(Endpoint::Cluster).map(|()| metrics),
            series: series.into_vec(),
            rules: integration.map(|()| rules),
            resources: integration.map(|()| resources),
        }
    }
}

/// Keeps a value under its key; `false` where there was one.
fn insert(metrics: &mut BTreeMap<MetricKey, f64>, key: MetricKey, value: f64) -> bool {
    match metrics.entry(key) {
        Entry::Vacant(slot) => {
            slot.insert(value);
            true
        }
        Entry::Occupied(_) => false,
    }
}

/// A sample under its whole name.
fn series_of(key: &MetricKey, sample: &Sample<'_>) -> Series {
    let own = sample.labels.iter().filter(|(name, _)| !IDENTITY.contains(&&**name));
    let labels = own.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    Series { key: key.as_whole(), labels, value: sample.value }
}
