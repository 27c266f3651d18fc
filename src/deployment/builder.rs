//! A deployment while its samples come in.

use super::catalog::Unit;
use super::dialect::{RuleFamily, RuleField, SampleKind, classify};
use super::oddities::Oddities;
use super::rows::{Filled, Rows, fill, same};
use super::sample_labels::{IDENTITY, SampleLabels, added};
use super::snapshot::{Doubts, SampleTimes};
use super::{Endpoint, Identity, MetricKey, PerEndpoint, Resource, ResourceStatus, Rule, RuleStatus, Series, Snapshot};
use crate::exposition::{MetricType, Sample};
use crate::units;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// What a metric takes, in bytes.
const METRIC: usize = 200;

/// What is known of a family by its name.
#[derive(Debug)]
pub(super) struct Family {
    pub name: String,
    pub kind: SampleKind,
    pub key: MetricKey,
    /// What its samples go by that are no field.
    whole: Arc<MetricKey>,
}

impl Family {
    pub(super) fn new(name: String, kind: SampleKind, key: MetricKey) -> Family {
        let whole = Arc::new(key.as_whole());
        Family { name, kind, key, whole }
    }

    /// The body declares what it is.
    pub(super) fn declare(&mut self, kind: MetricType) {
        self.key = self.key.clone().declared(kind);
        self.whole = Arc::new(self.key.as_whole());
    }
}

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
    doubts: Doubts,
    times: Option<SampleTimes>,
}

impl SnapshotBuilder {
    pub(super) fn new(deployment_id: Option<String>) -> SnapshotBuilder {
        let identity = Identity { deployment_id, ..Identity::default() };
        SnapshotBuilder { identity, ..SnapshotBuilder::default() }
    }

    /// How many bytes of memory its rows take, about.
    pub(super) fn size(&self) -> usize {
        self.metrics.len() * METRIC + self.rules.size() + self.resources.size() + self.series.size()
    }

    /// Takes one sample of a family in. `newest` where its timestamp tells that it is newer than what came before.
    pub(super) fn add(
        &mut self,
        family: &Family,
        sample: &Sample<'_>,
        labels: SampleLabels<'_>,
        newest: bool,
        oddities: &mut Oddities,
    ) {
        let Family { kind, ref key, .. } = *family;
        // Type and platform are those of the first sample that has them.
        let Identity { deployment_type, platform, .. } = &mut self.identity;
        for (ours, theirs) in [(deployment_type, labels.deployment_type), (platform, labels.platform)] {
            if ours.is_none() {
                *ours = theirs.map(Cow::into_owned);
            }
        }
        if let (Some(at), false) = (sample.timestamp_ms, kind == SampleKind::Foreign) {
            self.times = Some(SampleTimes::of(at).and(self.times));
        }
        let value = sample.value;
        let (id, which, other) = (labels.id.as_deref(), labels.which.as_deref(), labels.other.as_deref());
        let filled = match kind {
            SampleKind::Foreign => None,
            SampleKind::Metric if other.is_some() => None,
            SampleKind::Metric => {
                self.doubt_metric(key, value, oddities);
                Some(insert(&mut self.metrics, key.clone(), value, newest))
            }
            SampleKind::Rule(_) | SampleKind::Resource(_) if other.is_some() => {
                let name = other.unwrap_or_default();
                self.unread(kind, || format!("{} has a label '{name}' that is not known", key.family()), oddities);
                None
            }
            SampleKind::Rule(of_rules) => match (id, of_rules.field(which)) {
                (Some(id), Some(field)) => {
                    self.doubt_rule(field, id, value, oddities);
                    Some(self.rules.update(id, |rule| field.fill(rule, value, newest)))
                }
                (id, _) => {
                    self.unread(kind, || unnamed(key, of_rules, id.is_some(), which), oddities);
                    None
                }
            },
            SampleKind::Resource(label) => {
                if id.is_none() {
                    self.unread(kind, || format!("{} came without the label '{label}'", key.family()), oddities);
                }
                id.map(|id| {
                    self.doubt_resource(id, value, oddities);
                    let status = ResourceStatus::from_code(value);
                    self.resources
                        .update(id, |resource| fill(&mut resource.status, status, newest, ResourceStatus::code))
                })
            }
        };
        let filled = filled.unwrap_or_else(|| match self.series.insert(series_of(family, sample)) {
            Ok(()) => Filled::New,
            Err(series) => self.replace(series, newest),
        });
        match filled {
            Filled::New => {}
            Filled::Same => oddities.repeated(|| series_of(family, sample).to_string()),
            Filled::Differs => {
                oddities.contested(|| series_of(family, sample).to_string());
                self.contest(kind, key);
            }
        }
    }

    /// A series that is there already.
    fn replace(&mut self, series: Series, newest: bool) -> Filled {
        let Some(ours) = self.series.find_mut(&series) else { return Filled::New };
        if same(ours.value, series.value) {
            return Filled::Same;
        }
        if newest {
            ours.value = series.value;
            return Filled::Same;
        }
        Filled::Differs
    }

    /// Which of two values is right is not known.
    fn contest(&mut self, kind: SampleKind, key: &MetricKey) {
        let why = || format!("{} came with different values", key.family());
        match kind {
            SampleKind::Rule(_) => self.doubts.rules.note(0, why),
            SampleKind::Resource(_) => self.doubts.resources.note(0, why),
            SampleKind::Metric | SampleKind::Foreign => {
                self.doubts.metrics.entry(key.clone()).or_insert("it came with different values");
            }
        }
    }

    /// A sample about rules or resources that does not say which, or what.
    fn unread(&mut self, kind: SampleKind, why: impl Fn() -> String, oddities: &mut Oddities) {
        match kind {
            SampleKind::Rule(_) => self.doubts.rules.note(1, &why),
            SampleKind::Resource(_) => self.doubts.resources.note(1, &why),
            SampleKind::Metric | SampleKind::Foreign => return,
        }
        oddities.unread(|| format!("{}: the sample is left out of rules and resources", why()));
    }

    fn doubt_metric(&mut self, key: &MetricKey, value: f64, oddities: &mut Oddities) {
        let Some(why) = impossible(key, value) else { return };
        self.doubts.metrics.entry(key.clone()).or_insert(why);
        oddities.value(|| format!("{} is {}: {why}", key.family(), units::plain(value)));
    }

    fn doubt_rule(&mut self, field: RuleField, id: &str, value: f64, oddities: &mut Oddities) {
        let why = match field {
            RuleField::Status => match RuleStatus::from_code(value) {
                RuleStatus::Enabled | RuleStatus::Disabled => return,
                RuleStatus::Other(_) => "neither 1 (enabled) nor 0 (disabled)",
            },
            RuleField::Count(_) | RuleField::MatchedRate => match impossible_count(value) {
                Some(why) => why,
                None => return,
            },
        };
        let why = || format!("{field} of rule {id} is {}: {why}", units::plain(value));
        let doubt = if field == RuleField::Status { &mut self.doubts.rule_statuses } else { &mut self.doubts.rules };
        doubt.note(0, why);
        oddities.value(why);
    }

    fn doubt_resource(&mut self, id: &str, value: f64, oddities: &mut Oddities) {
        if let ResourceStatus::Other(_) = ResourceStatus::from_code(value) {
            let value = units::plain(value);
            let why = || format!("the status of resource {id} is {value}: neither 1 (connected) nor 0 (disconnected)");
            self.doubts.resources.note(0, why);
            oddities.value(why);
        }
    }

    /// Whether it holds nothing but series, so that it may belong to another deployment of the same body.
    pub(super) fn is_only_series(&self) -> bool {
        self.metrics.is_empty() && self.rules.is_empty() && self.resources.is_empty()
    }

    /// Takes over what another body says of the same deployment; what is here already is shown.
    pub(super) fn append(&mut self, other: SnapshotBuilder, oddities: &mut Oddities) {
        self.doubts.append(other.doubts);
        self.times = match (self.times, other.times) {
            (Some(ours), theirs) => Some(ours.and(theirs)),
            (None, theirs) => theirs,
        };
        let mut told = |filled, doubts: &mut dyn FnMut(), what: &dyn Fn() -> String| match filled {
            Filled::New => {}
            Filled::Same => oddities.repeated(what),
            Filled::Differs => {
                oddities.contested(what);
                doubts();
            }
        };
        let Doubts { rules: rule_doubts, resources: resource_doubts, metrics: metric_doubts, .. } = &mut self.doubts;
        for (key, value) in other.metrics {
            let filled = insert(&mut self.metrics, key.clone(), value, false);
            let mut contest = || {
                metric_doubts.insert(key.clone(), "two bodies give it different values");
            };
            told(filled, &mut contest, &|| key.family().into_owned());
        }
        for series in self.series.take_over(other.series) {
            if let Err(series) = self.series.insert(series) {
                let is_same = self.series.find_mut(&series).is_some_and(|ours| same(ours.value, series.value));
                let filled = if is_same { Filled::Same } else { Filled::Differs };
                told(filled, &mut || {}, &|| series.to_string());
            }
        }
        for theirs in self.rules.take_over(other.rules) {
            for (field, value) in RuleField::all_of(&theirs) {
                let what = || format!("{field} of rule {}", theirs.rule_id);
                let filled = self.rules.update(&theirs.rule_id, |ours| field.fill(ours, value, false));
                let mut contest = || rule_doubts.note(0, || format!("two bodies tell different values: {}", what()));
                told(filled, &mut contest, &what);
            }
        }
        for Resource { resource_id, status } in self.resources.take_over(other.resources) {
            let Some(status) = status else { continue };
            let what = || format!("the status of resource {resource_id}");
            let filled = self
                .resources
                .update(&resource_id, |resource| fill(&mut resource.status, status, false, ResourceStatus::code));
            let mut contest = || resource_doubts.note(0, || format!("two bodies tell different values: {}", what()));
            told(filled, &mut contest, &what);
        }
        self.met.complete(other.met);
        self.identity.complete(other.identity);
    }

    /// Takes note of figures that were told twice, and not alike: under two names of their family, or with a label that the
    /// family does not have beside a sample without one. Which of them is the deployment's is not known.
    pub(super) fn settle(&mut self, oddities: &mut Oddities) {
        let mut doubtful: Vec<(MetricKey, &'static str)> = Vec::new();
        for (key, value) in &self.metrics {
            let (Some(scope), Some(entry)) = (key.scope(), key.entry()) else { continue };
            let others = entry.names().filter(|name| *name != key.name()).map(|name| MetricKey::field(scope, name));
            if others.filter_map(|other| self.metrics.get(&other)).any(|other| !same(*other, *value)) {
                oddities.contested(|| key.family().into_owned());
                doubtful.push((key.clone(), "another name of it came with another value"));
            }
        }
        let mut last = None;
        for series in self.series.iter().filter(|series| !series.labels.is_empty()) {
            if last.replace(&series.key).is_some_and(|last| Arc::ptr_eq(last, &series.key)) {
                continue;
            }
            let (SampleKind::Metric, key) = classify(series.key.name()) else { continue };
            let is_one_value = key.entry().is_none_or(|entry| entry.labels.is_empty());
            if !is_one_value || !self.metrics.contains_key(&key) {
                continue;
            }
            if let Some((label, _)) = series.labels.iter().next() {
                oddities.unread(|| format!("{} came with the label '{label}' and without", key.family()));
                doubtful.push((key, "it came with a label that is not known and without"));
            }
        }
        for (key, why) in doubtful {
            self.doubts.metrics.entry(key).or_insert(why);
        }
    }

    /// The deployment as it is given out.
    pub(super) fn finish(self) -> Snapshot {
        let SnapshotBuilder { identity, met, metrics, series, rules, resources, doubts, times } = self;
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
            doubts,
            times,
        }
    }
}

/// Why a value is none that a metric of its kind can have.
fn impossible(key: &MetricKey, value: f64) -> Option<&'static str> {
    match key.entry() {
        // An undefined gauge is NaN (EMQX's own exposition), and that is no number wherever it is asked for.
        Some(entry) if entry.kind == MetricType::Gauge && value.is_nan() => None,
        // A license that is over has days left below 0.
        Some(entry) if entry.unit == Unit::Days => None,
        Some(_) => impossible_count(value),
        None => (key.kind() == MetricType::Counter).then(|| impossible_count(value)).flatten(),
    }
}

fn impossible_count(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("no number")
    } else if value.is_infinite() {
        Some("not finite")
    } else {
        (value < 0.0).then_some("below 0")
    }
}

/// Why a sample of a rule's family tells of no rule.
fn unnamed(key: &MetricKey, family: &RuleFamily, has_id: bool, which: Option<&str>) -> String {
    let (name, label) = (key.family(), family.label());
    match which {
        _ if !has_id => format!("{name} came without the label '{}'", family.id),
        Some(which) => format!("{name} has a value of '{label}' that is not known: '{which}'"),
        None => format!("{name} came without the label '{label}'"),
    }
}

/// Keeps a value under its key.
fn insert(metrics: &mut BTreeMap<MetricKey, f64>, key: MetricKey, value: f64, newest: bool) -> Filled {
    match metrics.entry(key) {
        Entry::Vacant(slot) => {
            slot.insert(value);
            Filled::New
        }
        Entry::Occupied(slot) if same(*slot.get(), value) => Filled::Same,
        Entry::Occupied(mut slot) if newest => {
            slot.insert(value);
            Filled::Same
        }
        Entry::Occupied(_) => Filled::Differs,
    }
}

/// A sample under its whole name.
fn series_of(family: &Family, sample: &Sample<'_>) -> Series {
    let is_own = |name: &str| !IDENTITY.contains(&name) && added(name, family.kind).is_none();
    let labels = sample.labels.iter().filter(|(name, _)| is_own(name)).collect();
    Series { key: Arc::clone(&family.whole), labels, value: sample.value }
}
