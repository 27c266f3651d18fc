//! A deployment while its samples come in.

use super::catalog::Scope;
use super::dialect::{Class, RuleFamily, RuleField};
use super::rows::{Rows, SeriesSet, fill};
use super::warning::Duplicates;
use super::{Identity, Resource, ResourceStatus, Rule, Series, Snapshot};
use crate::exposition::{Labels, MetricType, Sample};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The labels that name a deployment.
const IDENTITY: [&str; 3] = ["deployment_id", "deployment_type", "platform"];

/// Which endpoints' families were met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Met {
    pub cluster: bool,
    pub data_integration: bool,
}

impl Met {
    pub(super) fn add(&mut self, other: Met) {
        self.cluster |= other.cluster;
        self.data_integration |= other.data_integration;
    }
}

/// What is known of one deployment so far.
#[derive(Debug, Default)]
pub(super) struct Partial {
    pub identity: Identity,
    pub met: Met,
    pub declared: BTreeMap<String, MetricType>,
    cluster: BTreeMap<String, f64>,
    metrics: BTreeMap<String, f64>,
    series: SeriesSet,
    rules: Rows<Rule>,
    resources: Rows<Resource>,
}

/// The labels of a sample, sorted out in one pass.
#[derive(Debug, Default)]
pub(super) struct Sorted<'a> {
    pub deployment_id: Option<Cow<'a, str>>,
    pub deployment_type: Option<Cow<'a, str>>,
    pub platform: Option<Cow<'a, str>>,
    /// The value of the label that names the rule or resource.
    id: Option<Cow<'a, str>>,
    /// The value of the label that tells what the sample says about the rule.
    told: Option<Cow<'a, str>>,
    /// How many others there are.
    further: usize,
}

impl<'a> Sorted<'a> {
    pub(super) fn of(labels: Labels<'a>, class: Class) -> Sorted<'a> {
        let (id, told) = match class {
            Class::Rule(RuleFamily { id, column }) => (id, column.label()),
            Class::Resource(id) => (id, ""),
            _ => ("", ""),
        };
        let mut sorted = Sorted::default();
        for (name, value) in labels.iter() {
            let slot = match &*name {
                "deployment_id" => &mut sorted.deployment_id,
                "deployment_type" => &mut sorted.deployment_type,
                "platform" => &mut sorted.platform,
                name if name == id => &mut sorted.id,
                name if name == told => &mut sorted.told,
                _ => {
                    sorted.further += 1;
                    continue;
                }
            };
            // A label without a value is no label (the text format's specification of Prometheus' data model).
            *slot = (!value.is_empty()).then_some(value);
        }
        sorted
    }
}

impl Partial {
    pub(super) fn new(identity: Identity) -> Partial {
        Partial { identity, ..Partial::default() }
    }

    /// Learns type and platform from the first sample that has them.
    pub(super) fn identify(&mut self, labels: &mut Sorted<'_>) {
        let Identity { deployment_type, platform, .. } = &mut self.identity;
        for (ours, theirs) in [(deployment_type, &mut labels.deployment_type), (platform, &mut labels.platform)] {
            if ours.is_none() {
                *ours = theirs.take().map(Cow::into_owned);
            }
        }
    }

    /// Takes one sample in.
    pub(super) fn take(&mut self, class: Class, sample: &Sample<'_>, labels: &Sorted<'_>, duplicates: &mut Duplicates) {
        let value = sample.value;
        let known = match class {
            _ if labels.further > 0 => None,
            Class::Cluster(at) => sample.name.get(at..).map(|name| insert(&mut self.cluster, name, value)),
            Class::Metrics(at) => sample.name.get(at..).map(|name| insert(&mut self.metrics, name, value)),
            Class::Rule(family) => self.take_rule(family, labels, value),
            Class::Resource(_) => self.take_resource(labels, value),
            Class::Foreign => None,
        };
        if !known.unwrap_or_else(|| self.series.insert(series_of(sample))) {
            duplicates.add(|| series_of(sample).to_string());
        }
    }

    /// `None` where the labels are not those of a rule's sample; else whether it was new.
    fn take_rule(&mut self, family: RuleFamily, labels: &Sorted<'_>, value: f64) -> Option<bool> {
        let field = family.column.field(labels.told.as_deref())?;
        Some(self.rules.update(labels.id.as_deref()?, |rule| field.fill(rule, value)))
    }

    /// Likewise of a resource's.
    fn take_resource(&mut self, labels: &Sorted<'_>, value: f64) -> Option<bool> {
        let id = labels.id.as_deref()?;
        Some(self.resources.update(id, |resource| fill(&mut resource.status, ResourceStatus::from_code(value))))
    }

    /// Whether it holds nothing but series, so that it may belong to another deployment of the same body.
    pub(super) fn is_only_series(&self) -> bool {
        self.cluster.is_empty() && self.metrics.is_empty() && self.rules.is_empty() && self.resources.is_empty()
    }

    /// Takes over what another says of the same deployment; what is here already counts.
    pub(super) fn append(&mut self, other: Partial, duplicates: &mut Duplicates) {
        for (ours, theirs, scope) in
            [(&mut self.cluster, other.cluster, Scope::Deployment), (&mut self.metrics, other.metrics, Scope::Metrics)]
        {
            for (name, value) in theirs {
                if !insert(ours, &name, value) {
                    duplicates.add(|| scope.family(&name));
                }
            }
        }
        for series in other.series.into_vec() {
            if let Err(series) = self.series.try_insert(series) {
                duplicates.add(|| series.to_string());
            }
        }
        for theirs in other.rules.into_vec() {
            self.append_rule(&theirs, duplicates);
        }
        for Resource { resource_id, status } in other.resources.into_vec() {
            let new = |ours: &mut Resource| status.is_none_or(|status| fill(&mut ours.status, status));
            if !self.resources.update(&resource_id, new) {
                duplicates.add(|| format!("the status of resource {resource_id}"));
            }
        }
        self.met.add(other.met);
        self.declared.extend(other.declared);
        self.identity.complete(other.identity);
    }

    fn append_rule(&mut self, theirs: &Rule, duplicates: &mut Duplicates) {
        for (field, value) in RuleField::all_of(theirs) {
            if !self.rules.update(&theirs.rule_id, |ours| field.fill(ours, value)) {
                duplicates.add(|| format!("{field} of rule {}", theirs.rule_id));
            }
        }
    }

    /// The deployment as it is given out.
    pub(super) fn finish(self) -> Snapshot {
        let Partial { identity, met, declared, cluster, metrics, series, rules, resources } = self;
        let (mut rules, mut resources) = (rules.into_vec(), resources.into_vec());
        rules.sort_unstable_by(|a, b| a.rule_id.cmp(&b.rule_id));
        resources.sort_unstable_by(|a, b| a.resource_id.cmp(&b.resource_id));
        Snapshot {
            identity,
            cluster: met.cluster.then_some(cluster),
            metrics: met.cluster.then_some(metrics),
            series: series.into_vec(),
            rules: met.data_integration.then_some(rules),
            resources: met.data_integration.then_some(resources),
            declared,
        }
    }
}

/// Keeps a value under its name; `false` where there was one.
fn insert(map: &mut BTreeMap<String, f64>, name: &str, value: f64) -> bool {
    let new = !map.contains_key(name);
    if new {
        map.insert(name.to_owned(), value);
    }
    new
}

/// A sample under its whole name.
fn series_of(sample: &Sample<'_>) -> Series {
    let own = sample.labels.iter().filter(|(name, _)| !IDENTITY.contains(&&**name));
    let labels = own.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    Series { name: sample.name.clone().into_owned(), labels, value: sample.value }
}
