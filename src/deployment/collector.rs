//! From events to snapshots.

use super::builder::{Family, SnapshotBuilder};
use super::dialect;
use super::oddities::Oddities;
use super::sample_labels::SampleLabels;
use super::{Endpoint, PerEndpoint, Snapshot};
use crate::exposition::{Event, MetricType, Parser, ReadError, Sample};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::io::Read;

/// Reads bodies into snapshots, line by line: it holds what it gives out and no body.
#[derive(Debug, Default)]
pub struct Collector {
    builders: Builders,
    oddities: Oddities,
    /// What bodies without a single sample tell about every deployment.
    met: PerEndpoint<()>,
    /// The endpoints that answered, and told nothing of what is theirs.
    silent: PerEndpoint<Silence>,
}

/// How an endpoint that answered told nothing of what is its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// It said nothing.
    Empty,
    /// It told of something else, as a gateway does that asks the wrong server.
    OfOthers,
}

/// What a [`Collector`] has read.
#[derive(Debug)]
pub struct Collected {
    pub snapshots: Snapshots,
    /// What was odd, in sentences.
    pub warnings: Vec<String>,
    /// The endpoints that answered, and said nothing that can be relied on.
    pub silent: PerEndpoint<Silence>,
}

/// Snapshots, sorted by identity. There may be many, and each is made when it is taken: then what it was made of is let go of.
#[derive(Debug)]
pub struct Snapshots {
    builders: std::vec::IntoIter<Box<SnapshotBuilder>>,
    /// What is known of each of them.
    met: PerEndpoint<()>,
}

impl Iterator for Snapshots {
    type Item = Snapshot;

    fn next(&mut self) -> Option<Snapshot> {
        let mut builder = self.builders.next()?;
        builder.met.complete(self.met);
        Some(builder.finish())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.builders.size_hint()
    }
}

impl ExactSizeIterator for Snapshots {}

impl Collector {
    /// One that has read nothing.
    pub fn new() -> Collector {
        Collector::default()
    }

    /// Reads one body. `endpoint` says where it came from, `None` for a file that may hold either.
    ///
    /// # Errors
    /// A malformed body, or one whose reader fails, is refused whole: nothing of it is kept.
    pub fn read(&mut self, endpoint: Option<Endpoint>, body: impl Read) -> Result<(), ReadError> {
        let mut parser = Parser::new(body);
        let mut reader = BodyReader::default();
        while let Some(event) = parser.next()? {
            reader.take(event);
            parser.hold(reader.held)?;
        }
        if let Some(endpoint) = endpoint {
            reader.came_from(endpoint);
        }
        self.merge(reader.finish());
        Ok(())
    }

    /// Takes over what another collector has read, as if it had been read here.
    pub fn merge(&mut self, mut other: Collector) {
        if self.builders.all.is_empty() {
            self.builders = std::mem::take(&mut other.builders);
        }
        for theirs in other.builders.all {
            match self.builders.find(theirs.identity.deployment_id.as_deref()) {
                Some(at) => self.builders.all[at].append(*theirs, &mut self.oddities),
                None => {
                    self.builders.push(theirs);
                }
            }
        }
        self.oddities.append(other.oddities);
        self.met.complete(other.met);
        self.silent.complete(other.silent);
    }

    /// Whether not even a family was declared in what was read.
    pub fn is_empty(&self) -> bool {
        self.builders.all.is_empty() && self.met == PerEndpoint::default()
    }

    /// Whether a family of the cluster came with a sample.
    pub fn tells_of_cluster(&self) -> bool {
        self.builders.all.iter().any(|builder| builder.met.get(Endpoint::Cluster).is_some())
    }

    /// The deployment is known to answer: that there is nothing of its rules and resources is what it says of them.
    pub fn trust_empty(&mut self) {
        let silence = self.silent.slot(Endpoint::DataIntegration);
        if silence.take_if(|silence| *silence == Silence::Empty).is_some() {
            *self.met.slot(Endpoint::DataIntegration) = Some(());
        }
    }

    /// What was read. A deployment without rules answers the second endpoint with nothing (vendor's notes): that is believed
    /// where the first told of the cluster, and else is no answer.
    pub fn finish(mut self) -> Collected {
        if self.tells_of_cluster() {
            self.trust_empty();
        }
        if self.builders.all.is_empty() && self.met != PerEndpoint::default() {
            self.builders.push(Box::default());
        }
        for builder in &mut self.builders.all {
            builder.settle(&mut self.oddities);
        }
        self.builders.all.sort_by(|a, b| a.identity.cmp(&b.identity));
        let snapshots = Snapshots { builders: self.builders.all.into_iter(), met: self.met };
        Collected { snapshots, warnings: self.oddities.into_warnings(), silent: self.silent }
    }
}

/// What a deployment, a declared family and a timestamp take beside their texts and what is in them, in bytes: as measured, through to
/// the answer.
const DEPLOYMENT: usize = 600;
const DECLARED: usize = 100;
const STAMP: usize = 40;

/// How many families are held to be met again: a rule has three on the platform, and five on a broker.
const FAMILIES: usize = 8;

/// Deployments by their ids, in the order in which they came. Each is let go of as its snapshot is made.
#[derive(Debug, Default)]
struct Builders {
    #[allow(clippy::vec_box, reason = "a vector lets go of nothing until all is taken")]
    all: Vec<Box<SnapshotBuilder>>,
    by_id: HashTable<usize>,
    hasher: DefaultHashBuilder,
}

impl Builders {
    fn find(&self, id: Option<&str>) -> Option<usize> {
        // One deployment is what most bodies tell of.
        if let [only] = self.all.as_slice() {
            return (only.identity.deployment_id.as_deref() == id).then_some(0);
        }
        let is_of = |at: &usize| self.all[*at].identity.deployment_id.as_deref() == id;
        self.by_id.find(self.hasher.hash_one(id), is_of).copied()
    }

    fn push(&mut self, builder: Box<SnapshotBuilder>) -> usize {
        let Builders { all, by_id, hasher } = self;
        let hash = |builder: &SnapshotBuilder| hasher.hash_one(builder.identity.deployment_id.as_deref());
        let at = all.len();
        let own = hash(&builder);
        all.push(builder);
        by_id.insert_unique(own, at, |at| hash(&all[*at]));
        at
    }
}

/// One body while it is read.
#[derive(Debug, Default)]
struct BodyReader {
    builders: Builders,
    /// The deployment of the last sample: nearly always that of the next one.
    last: usize,
    /// The families that were met last, the one in hand at `family`: samples of a family stand together, or those of one rule after those of
    /// another, so that a name is looked up once.
    families: Vec<Family>,
    family: usize,
    met: PerEndpoint<()>,
    silent: PerEndpoint<Silence>,
    oddities: Oddities,
    /// When the samples that carry a timestamp were taken, by the hash of what tells them apart.
    stamps: HashMap<u64, i64>,
    /// The types of families that the catalog does not know.
    declared: BTreeMap<String, MetricType>,
    /// How many bytes of memory all this takes, about.
    held: usize,
}

impl BodyReader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Help { family, .. } => self.enter(&family),
            Event::Type { family, kind } => {
                self.enter(&family);
                let own = &mut self.families[self.family];
                if own.key.entry().is_none() {
                    own.declare(kind);
                    self.held += DECLARED + family.len();
                    self.declared.insert(family.into_owned(), kind);
                }
            }
            Event::Sample(sample) => self.take_sample(&sample),
        }
    }

    fn take_sample(&mut self, sample: &Sample<'_>) {
        self.enter(&sample.name);
        let mut labels = SampleLabels::of(sample.labels, self.families[self.family].kind, &mut self.oddities);
        let id = labels.deployment_id.take();
        let is_of = |builder: &SnapshotBuilder| builder.identity.deployment_id.as_deref() == id.as_deref();
        if !self.builders.all.get(self.last).is_some_and(|builder| is_of(builder)) {
            let known = self.builders.find(id.as_deref());
            self.last = known.unwrap_or_else(|| {
                self.held += DEPLOYMENT;
                self.builders.push(Box::new(SnapshotBuilder::new(id.map(Cow::into_owned))))
            });
        }
        let age = sample.timestamp_ms.map(|at| {
            let stamps = self.stamps.len();
            let age = order(&mut self.stamps, sample, at);
            self.held += (self.stamps.len() - stamps) * STAMP;
            age
        });
        if age == Some(Ordering::Less) {
            return self.oddities.repeated(|| sample.name.clone().into_owned());
        }
        let newest = age == Some(Ordering::Greater);
        let builder = &mut self.builders.all[self.last];
        let before = builder.size();
        builder.add(&self.families[self.family], sample, labels, newest, &mut self.oddities);
        self.held += builder.size() - before;
    }

    /// Takes note that a family of that name came.
    fn enter(&mut self, name: &str) {
        if self.families.get(self.family).is_some_and(|family| family.name == name) {
            return;
        }
        self.family = self.families.iter().position(|family| family.name == name).unwrap_or_else(|| {
            let (kind, key) = dialect::classify(name);
            if let Some(endpoint) = dialect::endpoint_of(kind, &key) {
                *self.met.slot(endpoint) = Some(());
            }
            let key = key.declared(self.declared_type(name));
            let family = Family::new(name.to_owned(), kind, key);
            if self.families.len() < FAMILIES {
                self.families.push(family);
                self.families.len() - 1
            } else {
                let oldest = (self.family + 1) % FAMILIES;
                self.families[oldest] = family;
                oldest
            }
        });
    }

    /// Takes note of the endpoint that gave the body: what it says nothing of it has not, unless it says nothing of its own at all.
    fn came_from(&mut self, endpoint: Endpoint) {
        let is_empty = self.builders.all.is_empty();
        let silence = match endpoint {
            Endpoint::Cluster if is_empty => Some(Silence::Empty),
            Endpoint::Cluster => None,
            // Families may be declared without a sample.
            Endpoint::DataIntegration if self.met.get(endpoint).is_some() => None,
            Endpoint::DataIntegration if is_empty => Some(Silence::Empty),
            // No list of rules is a list without rules only where nothing else is told instead of it.
            Endpoint::DataIntegration => Some(Silence::OfOthers),
        };
        match silence {
            Some(_) => *self.silent.slot(endpoint) = silence,
            None => *self.met.slot(endpoint) = Some(()),
        }
    }

    /// What the body declared for the family of a sample of that name, where the catalog does not know it.
    fn declared_type(&self, name: &str) -> MetricType {
        let of = |family: &str| self.declared.get(family).copied();
        of(name).or_else(|| of(MetricType::Histogram.whole(name)?)).unwrap_or_default()
    }

    /// What the body said, once it is whole.
    fn finish(mut self) -> Collector {
        self.adopt_strays();
        for builder in &mut self.builders.all {
            builder.met = self.met;
        }
        // Which endpoint was met is told by what came from it, if anything did.
        let met = if self.builders.all.is_empty() { self.met } else { PerEndpoint::default() };
        Collector { builders: self.builders, oddities: self.oddities, met, silent: self.silent }
    }

    /// Samples that name no deployment and are nothing of EMQX (of a process, a scrape) belong to the one deployment of
    /// their body, where there is just one.
    fn adopt_strays(&mut self) {
        let Builders { all, by_id, .. } = &mut self.builders;
        let is_stray = |builder: &SnapshotBuilder| builder.identity.deployment_id.is_none() && builder.is_only_series();
        let [first, second] = all.as_mut_slice() else { return };
        let (stray, deployment) = match (is_stray(first), is_stray(second)) {
            (true, _) => (std::mem::take(first), std::mem::take(second)),
            (_, true) => (std::mem::take(second), std::mem::take(first)),
            (false, false) => return,
        };
        all.clear();
        by_id.clear();
        let at = self.builders.push(deployment);
        self.builders.all[at].append(*stray, &mut self.oddities);
    }
}

/// Whether a sample is newer or older than what came of its series before.
fn order(stamps: &mut HashMap<u64, i64>, sample: &Sample<'_>, at: i64) -> Ordering {
    let mut labels: Vec<_> = sample.labels.iter().collect();
    labels.sort_unstable();
    let series = stamps.hasher().hash_one((&sample.name, labels));
    let before = stamps.entry(series).or_insert(at);
    let order = at.cmp(before);
    *before = at.max(*before);
    order
}

#[cfg(test)]
mod tests {
    use super::super::{Absence, Field, PerCount, Record, ResourceStatus, RuleCount, RuleStatus};
    use super::*;

    const CLUSTER: &str = include_str!("../../tests/data/sample-cluster.prom");
    const DATA_INTEGRATION: &str = include_str!("../../tests/data/sample-data-integration.prom");

    fn collect(bodies: &[(Option<Endpoint>, &str)]) -> (Vec<Snapshot>, Vec<String>) {
        let mut collector = Collector::new();
        for (endpoint, body) in bodies {
            collector.read(*endpoint, body.as_bytes()).unwrap();
        }
        let Collected { snapshots, warnings, .. } = collector.finish();
        (snapshots.collect(), warnings)
    }

    /// The one snapshot of a file.
    fn snapshot(body: &str) -> Snapshot {
        let (mut snapshots, warnings) = collect(&[(None, body)]);
        assert_eq!((snapshots.len(), warnings), (1, Vec::new()), "{body}");
        snapshots.remove(0)
    }

    /// The number of the field `field`.
    fn number(snapshot: &Snapshot, field: &str) -> Option<f64> {
        if let Some(Field::Number(number)) = snapshot.field(field) { Some(number) } else { None }
    }

    fn ids(snapshots: &[Snapshot]) -> Vec<Option<&str>> {
        snapshots.iter().map(|snapshot| snapshot.identity.deployment_id.as_deref()).collect()
    }

    #[test]
    fn the_cluster_sample_is_kept_whole() {
        let snapshot = snapshot(CLUSTER);
        assert_eq!(snapshot.identity.deployment_id.as_deref(), Some("b9110d11"));
        assert_eq!(snapshot.identity.deployment_type.as_deref(), Some("dedicated"));
        assert_eq!(snapshot.identity.platform.as_deref(), Some("aliyun_en"));
        let metrics = snapshot.metrics.as_ref().unwrap();
        let cluster = metrics.keys().filter(|key| key.is_cluster()).count();
        assert_eq!((cluster, metrics.len(), snapshot.series.len()), (7, 7 + 116, 0));
        assert_eq!(snapshot.rules, None);
        assert_eq!(snapshot.resources, None);
        let samples = CLUSTER.lines().filter(|line| !line.starts_with('#'));
        for (name, value) in samples.map(|line| (line.split_once('{').unwrap().0, line.rsplit_once(' ').unwrap().1)) {
            assert_eq!(number(&snapshot, name), value.parse().ok(), "{name}");
        }
    }

    #[test]
    fn the_data_integration_sample_is_a_rule_and_a_resource() {
        let snapshot = snapshot(DATA_INTEGRATION);
        let [rule] = snapshot.rules.as_deref().unwrap() else { panic!("{snapshot:?}") };
        assert_eq!((rule.rule_id.as_str(), rule.status), ("rule-3394ce25", Some(RuleStatus::Enabled)));
        assert_eq!(rule.counts, PerCount::from_fn(|_| Some(0.0)));
        assert_eq!(rule.matched_rate, None);
        let [resource] = snapshot.resources.as_deref().unwrap() else { panic!("{snapshot:?}") };
        assert_eq!((resource.kind(), resource.status), (Some("http"), Some(ResourceStatus::Connected)));
        assert_eq!((snapshot.metrics, snapshot.series), (None, Vec::new()));
    }

    #[test]
    fn several_deployments_in_one_body_are_several_snapshots() {
        let body = "deployment_emqx_connections_count{deployment_id=\"b\"} 1\n\
                    deployment_emqx_connections_count{deployment_id=\"a\"} 2\n\
                    deployment_emqx_metrics_bytes_sent{deployment_id=\"b\",platform=\"p\"} 3\n";
        let (snapshots, _) = collect(&[(None, body)]);
        assert_eq!(ids(&snapshots), [Some("a"), Some("b")]);
        let b = &snapshots[1];
        let numbers = ["metrics.bytes_sent", "cluster.connections_count"].map(|field| number(b, field));
        assert_eq!(numbers, [Some(3.0), Some(1.0)]);
        assert_eq!(b.identity.platform.as_deref(), Some("p"));
    }

    #[test]
    fn bodies_of_one_deployment_are_one_snapshot() {
        let rules = DATA_INTEGRATION.replace("gde1d4ab", "b9110d11");
        let bodies = [(Some(Endpoint::Cluster), CLUSTER), (Some(Endpoint::DataIntegration), rules.as_str())];
        let (together, warnings) = collect(&bodies);
        assert_eq!(ids(&together), [Some("b9110d11")]);
        assert_eq!(warnings, [""; 0]);
        let mut apart = Collector::new();
        apart.read(bodies[1].0, bodies[1].1.as_bytes()).unwrap();
        let mut first = Collector::new();
        first.read(bodies[0].0, bodies[0].1.as_bytes()).unwrap();
        first.merge(apart);
        assert_eq!(first.finish().snapshots.collect::<Vec<_>>(), together);
        assert_eq!(ids(&collect(&[(None, CLUSTER), (None, DATA_INTEGRATION)]).0), [Some("b9110d11"), Some("gde1d4ab")]);
    }

    #[test]
    fn an_empty_answer_is_no_rules_and_an_empty_file_is_nothing() {
        let bodies = [(Some(Endpoint::Cluster), CLUSTER), (Some(Endpoint::DataIntegration), "")];
        let (snapshots, _) = collect(&bodies);
        assert_eq!(ids(&snapshots), [Some("b9110d11")]);
        assert_eq!(snapshots[0].rules, Some(Vec::new()));
        let read = |body: &(Option<Endpoint>, &str)| {
            let mut collector = Collector::new();
            collector.read(body.0, body.1.as_bytes()).unwrap();
            collector
        };
        let alone = read(&bodies[1]).finish();
        assert!(alone.snapshots.len() == 0 && alone.silent.get(Endpoint::DataIntegration).is_some(), "{alone:?}");
        let mut confirmed = read(&bodies[1]);
        confirmed.trust_empty();
        assert_eq!(confirmed.finish().snapshots.next().unwrap().rules, Some(Vec::new()));
        let no_cluster = read(&(Some(Endpoint::Cluster), "# TYPE deployment_emqx_connections_count gauge\n")).finish();
        assert!(no_cluster.silent.get(Endpoint::Cluster).is_some(), "{no_cluster:?}");
        assert!(collect(&[(None, "")]).0.is_empty());
    }

    #[test]
    fn a_declared_family_without_samples_was_received() {
        let body = "# TYPE deployment_emqx_rule_status gauge\n";
        assert_eq!(snapshot(body).rules, Some(Vec::new()));
        assert_eq!(collect(&[(None, CLUSTER), (None, body)]).0[0].rules, Some(Vec::new()));
    }

    #[test]
    fn the_first_of_two_counts() {
        let body = "deployment_emqx_rule_status{rule_id=\"r\"} 1\ndeployment_emqx_rule_status{rule_id=\"r\"} 0\n\
                    deployment_emqx_metrics_bytes_sent 1\ndeployment_emqx_metrics_bytes_sent 2\n\
                    up{a=\"1\",b=\"2\"} 1\nup{b=\"2\",a=\"1\"} 0\n";
        let (snapshots, warnings) = collect(&[(None, body)]);
        assert_eq!(snapshots[0].rules.as_ref().unwrap()[0].status, Some(RuleStatus::Enabled));
        assert_eq!(snapshots[0].metrics.iter().flat_map(|all| all.values()).collect::<Vec<_>>(), [&1.0]);
        assert_eq!((snapshots[0].series.len(), snapshots[0].series[0].value), (1, 1.0));
        let contested = " came with different values: the first is shown, and a verdict on it is unknown";
        assert_eq!(
            warnings,
            ["deployment_emqx_rule_status{rule_id=\"r\"}", "deployment_emqx_metrics_bytes_sent", "up{b=\"2\",a=\"1\"}"]
                .map(|series| format!("{series}{contested}"))
        );
        for field in ["rules.enabled", "metrics.bytes_sent"] {
            assert!(matches!(snapshots[0].absence(field), Absence::NotUnderstood(_)), "{field}");
        }
    }

    #[test]
    fn of_two_the_newest_counts_where_timestamps_tell() {
        for body in [
            "deployment_emqx_metrics_bytes_sent 1 1000\ndeployment_emqx_metrics_bytes_sent 2 2000\n",
            "deployment_emqx_metrics_bytes_sent 2 2000\ndeployment_emqx_metrics_bytes_sent 1 1000\n",
        ] {
            let (snapshots, warnings) = collect(&[(None, body)]);
            assert_eq!(number(&snapshots[0], "metrics.bytes_sent"), Some(2.0), "{body}");
            assert_eq!(warnings.len(), 1, "{warnings:?}");
            assert_eq!(snapshots[0].times.map(|times| times.newest_ms), Some(2000));
        }
    }

    #[test]
    fn labels_that_scraping_adds_are_left_out_of_account() {
        let body = "deployment_emqx_resource_status{deployment_id=\"d\",resource_id=\"http:a\",job=\"x\",instance=\"y\"} 0\n\
                    deployment_emqx_rule_status{exported_deployment_id=\"d\",deployment_id=\"other\",rule_id=\"r\"} 1\n\
                    up{job=\"x\"} 1\n";
        let (snapshots, warnings) = collect(&[(None, body)]);
        let known: Vec<_> = snapshots.iter().filter(|snapshot| snapshot.identity.deployment_id.is_some()).collect();
        let [snapshot] = known.as_slice() else { panic!("{snapshots:?}") };
        assert_eq!(number(snapshot, "resources.down"), Some(1.0));
        assert_eq!(number(snapshot, "rules.enabled"), Some(1.0));
        assert_eq!(warnings, ["labels that a scraper adds were left out of account: exported_, instance, job"]);
    }

    #[test]
    fn a_file_read_twice_changes_nothing() {
        let (snapshots, warnings) = collect(&[(None, DATA_INTEGRATION), (None, DATA_INTEGRATION)]);
        assert_eq!(snapshots, collect(&[(None, DATA_INTEGRATION)]).0);
        assert_eq!(warnings.len(), 10, "{warnings:?}");
    }

    #[test]
    fn what_fits_nowhere_is_kept_under_its_whole_name() {
        for body in [
            "deployment_emqx_rule_status{rule_id=\"r\",node=\"n\"} 1\n",
            "deployment_emqx_rule_matched_count{rule_id=\"r\",match_status=\"postponed\"} 1\n",
            "deployment_emqx_rule_matched_count{rule_id=\"r\"} 1\n",
            "deployment_emqx_metrics_client_disconnected_reason{reason=\"normal\"} 1\n",
            "deployment_emqx_resource_status 1\n",
            "deployment_emqx_rule_status{rule_id=\"\"} 1\n",
            "emqx_rule_matched{id=\"r\",node=\"n\"} 1\n",
            "emqx_rule_topic_hit_count{node=\"n\",rule=\"r\"} 1\n",
            "emqx_connections_count{node=\"n\"} 1\n",
            "{\"http.server.requests\",code=\"200\"} 1\n",
            "up 1\n",
        ] {
            let (snapshots, _) = collect(&[(None, body)]);
            let [snapshot] = snapshots.as_slice() else { panic!("{snapshots:?}") };
            assert_eq!((snapshot.series.len(), snapshot.series[0].value), (1, 1.0), "{body}");
            let about_rules = |kind: &str| body.contains(&format!("_{kind}_")) && !body.contains("topic_hit");
            let doubts = (snapshot.doubts.rules.unread, snapshot.doubts.resources.unread);
            assert_eq!(doubts, (about_rules("rule").into(), about_rules("resource").into()), "{body}");
            assert!(snapshot.rules.iter().all(Vec::is_empty) && snapshot.resources.iter().all(Vec::is_empty), "{body}");
        }
    }

    #[test]
    fn unknown_families_of_emqx_are_kept_beside_the_known_ones() {
        let body = "# TYPE deployment_emqx_brand_new counter\ndeployment_emqx_brand_new{deployment_id=\"d\"} 1\n\
                    deployment_emqx_metrics_brand_new{deployment_id=\"d\"} 2\n";
        let snapshot = snapshot(body);
        assert_eq!(number(&snapshot, "cluster.brand_new"), Some(1.0));
        assert_eq!(number(&snapshot, "metrics.brand_new"), Some(2.0));
        let kinds: Vec<MetricType> = snapshot.list().iter().map(|metric| metric.key.kind()).collect();
        assert_eq!(kinds, [MetricType::Counter, MetricType::Untyped]);
    }

    #[test]
    fn a_brokers_own_metrics_are_understood() {
        let body = "emqx_connections_count 3\nemqx_rule_enable{id=\"r\"} 1\nemqx_rule_matched{id=\"r\"} 5\n\
                    emqx_rule_failed_exception{id=\"r\"} 2\nemqx_rule_actions_total{id=\"r\"} 4\n\
                    emqx_connector_status{id=\"http:c\"} 0\nemqx_action_queuing{id=\"http:a\"} 7\n";
        let snapshot = snapshot(body);
        assert_eq!(number(&snapshot, "metrics.connections_count"), Some(3.0));
        let rule = snapshot.rule("r").unwrap();
        assert_eq!(rule.status, Some(RuleStatus::Enabled));
        let counts = [(RuleCount::Matched, 5.0), (RuleCount::Exception, 2.0), (RuleCount::ActionsTaken, 4.0)];
        assert_eq!(rule.counts, counts.into());
        assert_eq!(snapshot.resources.as_ref().unwrap()[0].status, Some(ResourceStatus::Disconnected));
        assert_eq!(snapshot.series.len(), 1, "{:?}", snapshot.series);
    }

    #[test]
    fn strays_belong_to_the_only_deployment_of_their_body() {
        let body = "go_threads 8\ndeployment_emqx_connections_count{deployment_id=\"d\"} 1\n";
        let snapshot = snapshot(body);
        assert_eq!(snapshot.identity.deployment_id.as_deref(), Some("d"));
        assert_eq!(snapshot.series[0].to_string(), "go_threads");
    }

    #[test]
    fn a_malformed_body_leaves_nothing_behind() {
        let mut collector = Collector::new();
        collector.read(None, DATA_INTEGRATION.as_bytes()).unwrap();
        let bad = "deployment_emqx_connections_count{deployment_id=\"x\"} 1\nnonsense here\n";
        let error = collector.read(None, bad.as_bytes()).unwrap_err();
        assert!(error.to_string().starts_with("line 2,"), "{error}");
        assert_eq!(ids(&collector.finish().snapshots.collect::<Vec<_>>()), [Some("gde1d4ab")]);
    }

    #[test]
    fn rules_are_sorted_by_their_ids() {
        let body = "deployment_emqx_rule_status{rule_id=\"c\"} 1\ndeployment_emqx_rule_status{rule_id=\"a\"} 1\n\
                    deployment_emqx_rule_status{rule_id=\"b\"} NaN\n";
        let (snapshots, warnings) = collect(&[(None, body)]);
        let snapshot = &snapshots[0];
        assert_eq!(warnings, ["Status of rule b is NaN: neither 1 (enabled) nor 0 (disabled)"]);
        let rules: Vec<&str> = snapshot.rules.iter().flatten().map(|rule| rule.rule_id.as_str()).collect();
        assert_eq!(rules, ["a", "b", "c"]);
        assert!(matches!(snapshot.rule("b").unwrap().status, Some(RuleStatus::Other(code)) if code.is_nan()));
    }

    #[test]
    fn what_is_of_emqx_or_names_its_deployment_is_no_stray() {
        for alone in [
            "deployment_emqx_connections_count 8\n",
            "deployment_emqx_rule_status{rule_id=\"r\"} 1\n",
            "deployment_emqx_resource_status{resource_id=\"http:x\"} 1\n",
        ] {
            let body = format!("{alone}deployment_emqx_metrics_bytes_sent{{deployment_id=\"d\"}} 1\n");
            assert_eq!(ids(&collect(&[(None, &body)]).0), [None, Some("d")], "{alone}");
        }
        let body = "up{deployment_id=\"a\"} 1\ndeployment_emqx_connections_count{deployment_id=\"d\"} 1\n";
        assert_eq!(ids(&collect(&[(None, body)]).0), [Some("a"), Some("d")]);
    }

    #[test]
    fn of_two_bodies_of_a_deployment_the_first_counts_and_what_comes_again_is_told() {
        let first = "deployment_emqx_connections_count 1\ndeployment_emqx_rule_status{rule_id=\"r\"} 1\n\
                     deployment_emqx_resource_status{resource_id=\"http:x\"} 1\n";
        let second = "deployment_emqx_connections_count{platform=\"p\"} 2\ndeployment_emqx_sessions_count 5\n\
                      deployment_emqx_rule_status{rule_id=\"r\"} 0\ndeployment_emqx_rule_status{rule_id=\"s\"} 0\n\
                      deployment_emqx_resource_status{resource_id=\"http:x\"} 0\n";
        let (snapshots, warnings) = collect(&[(None, first), (None, second)]);
        let [snapshot] = snapshots.as_slice() else { panic!("{snapshots:?}") };
        let numbers =
            ["cluster.connections_count", "cluster.sessions_count", "rules.enabled", "rules.total", "resources.up"]
                .map(|field| number(snapshot, field));
        assert_eq!(numbers, [None, Some(5.0), None, None, None], "of what they do not agree on nothing can be said");
        let shown = snapshot.rule("r").unwrap().status;
        assert_eq!(shown, Some(RuleStatus::Enabled));
        assert_eq!(snapshot.identity.platform.as_deref(), Some("p"));
        assert_eq!(
            warnings,
            ["deployment_emqx_connections_count", "Status of rule r", "the status of resource http:x"].map(
                |what| format!("{what} came with different values: the first is shown, and a verdict on it is unknown")
            )
        );
    }

    #[test]
    fn a_declared_type_holds_wherever_in_the_body_the_samples_stand() {
        let body = "# TYPE x counter\n# TYPE h histogram\n# TYPE y gauge\ny 1\nh_sum 1\nx 1\nz 1\n";
        let kinds: Vec<_> =
            snapshot(body).series.iter().map(|series| (series.key.name().to_owned(), series.key.kind())).collect();
        let expected = [
            ("y", MetricType::Gauge),
            ("h_sum", MetricType::Histogram),
            ("x", MetricType::Counter),
            ("z", MetricType::Untyped),
        ];
        assert_eq!(kinds, expected.map(|(name, kind)| (name.to_owned(), kind)));
    }
}
