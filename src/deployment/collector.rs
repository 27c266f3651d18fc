//! From events to snapshots.

use super::catalog;
use super::dialect::{self, Class, Origin};
use super::partial::{Met, Partial, Sorted};
use super::warning::Duplicates;
use super::{Identity, Snapshot, Warning};
use crate::deployment::Endpoint;
use crate::exposition::{Event, MetricType, Parser, ReadError, Sample};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;

/// What the bodies of one round held.
#[derive(Debug, Default)]
pub struct Collected {
    /// Sorted by identity. Empty where files were read that hold nothing.
    pub snapshots: Vec<Snapshot>,
    pub warnings: Vec<Warning>,
}

/// Reads bodies into snapshots, line by line: it holds what it gives out and no body.
#[derive(Debug, Default)]
pub struct Collector {
    partials: Vec<Partial>,
    duplicates: Duplicates,
    /// What bodies without a single sample tell about every deployment.
    met: Met,
    declared: BTreeMap<String, MetricType>,
}

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
        let mut reading = Reading::default();
        while let Some(event) = parser.next()? {
            reading.take(event);
        }
        match endpoint {
            Some(Endpoint::Cluster) => reading.met.cluster = true,
            Some(Endpoint::DataIntegration) => reading.met.data_integration = true,
            None => {}
        }
        self.merge(reading.finish());
        Ok(())
    }

    /// Takes over what another collector has read, as if it had been read here.
    pub fn merge(&mut self, other: Collector) {
        for theirs in other.partials {
            let id = &theirs.identity.deployment_id;
            match self.partials.iter_mut().find(|ours| ours.identity.deployment_id == *id) {
                Some(ours) => ours.append(theirs, &mut self.duplicates),
                None => self.partials.push(theirs),
            }
        }
        self.duplicates.append(other.duplicates);
        self.met.add(other.met);
        self.declared.extend(other.declared);
    }

    /// The snapshots of everything read. An endpoint that was read and said nothing gives a snapshot too, without identity.
    pub fn finish(mut self) -> Collected {
        if self.partials.is_empty() && self.met != Met::default() {
            self.partials.push(Partial::default());
        }
        let whole = |mut partial: Partial| {
            partial.met.add(self.met);
            partial.declared.extend(self.declared.clone());
            partial.finish()
        };
        let mut snapshots: Vec<Snapshot> = self.partials.into_iter().map(whole).collect();
        snapshots.sort_by(|a, b| a.identity.cmp(&b.identity));
        Collected { snapshots, warnings: self.duplicates.into_warnings() }
    }
}

/// One body while it is read.
#[derive(Debug, Default)]
struct Reading {
    partials: Vec<Partial>,
    /// The deployment of the last sample: nearly always that of the next one.
    last: usize,
    family: CurrentFamily,
    met: Met,
    duplicates: Duplicates,
    declared: BTreeMap<String, MetricType>,
}

/// The name that was met last: the samples of a family stand together, so that a name is looked up once.
#[derive(Debug)]
struct CurrentFamily {
    name: String,
    class: Class,
}

impl Default for CurrentFamily {
    fn default() -> CurrentFamily {
        CurrentFamily { name: String::new(), class: Class::Foreign }
    }
}

impl Reading {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Help { family, .. } => drop(self.meet(&family)),
            Event::Type { family, kind } => {
                self.meet(&family);
                if catalog::by_family(&family).is_none() {
                    self.declared.insert(family.into_owned(), kind);
                }
            }
            Event::Sample(sample) => self.take_sample(&sample),
        }
    }

    fn take_sample(&mut self, sample: &Sample<'_>) {
        let class = self.meet(&sample.name);
        let mut labels = Sorted::of(sample.labels, class);
        let id = labels.deployment_id.take();
        let is_of = |partial: &Partial| partial.identity.deployment_id.as_deref() == id.as_deref();
        if !self.partials.get(self.last).is_some_and(is_of) {
            self.last = self.partials.iter().position(is_of).unwrap_or_else(|| {
                let owned = |value: Option<Cow<'_, str>>| value.map(Cow::into_owned);
                self.partials.push(Partial::new(Identity { deployment_id: owned(id), ..Identity::default() }));
                self.partials.len() - 1
            });
        }
        if let Some(partial) = self.partials.get_mut(self.last) {
            partial.identify(&mut labels);
            partial.take(class, sample, &labels, &mut self.duplicates);
        }
    }

    /// Takes note that a family of that name came, and says what its samples are.
    fn meet(&mut self, name: &str) -> Class {
        if self.family.name != name {
            let class = dialect::classify(name);
            match dialect::origin(name, class) {
                Origin::Cluster => self.met.cluster = true,
                Origin::DataIntegration => self.met.data_integration = true,
                Origin::Elsewhere => {}
            }
            self.family.name.clear();
            self.family.name.push_str(name);
            self.family.class = class;
        }
        self.family.class
    }

    /// What the body said, once it is whole.
    fn finish(mut self) -> Collector {
        self.adopt_strays();
        if self.partials.is_empty() {
            return Collector {
                met: self.met,
                declared: self.declared,
                duplicates: self.duplicates,
                partials: Vec::new(),
            };
        }
        for partial in &mut self.partials {
            partial.met = self.met;
            partial.declared.clone_from(&self.declared);
        }
        Collector { partials: self.partials, duplicates: self.duplicates, ..Collector::default() }
    }

    /// Samples that name no deployment and are nothing of EMQX (of a process, a scrape) belong to the one deployment of
    /// their body, where there is just one.
    fn adopt_strays(&mut self) {
        let is_stray = |partial: &Partial| partial.identity.deployment_id.is_none() && partial.is_only_series();
        let Some(at) = self.partials.iter().position(is_stray) else { return };
        if self.partials.len() != 2 {
            return;
        }
        let stray = self.partials.swap_remove(at);
        if let [deployment] = self.partials.as_mut_slice() {
            deployment.append(stray, &mut self.duplicates);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PerCount, ResourceStatus, RuleCount, RuleStatus};
    use super::*;

    const CLUSTER: &str = include_str!("../../tests/data/sample-cluster.prom");
    const DATA_INTEGRATION: &str = include_str!("../../tests/data/sample-data-integration.prom");

    fn collect(bodies: &[(Option<Endpoint>, &str)]) -> Collected {
        let mut collector = Collector::new();
        for (endpoint, body) in bodies {
            collector.read(*endpoint, body.as_bytes()).unwrap();
        }
        collector.finish()
    }

    /// The one snapshot of a file.
    fn snapshot(body: &str) -> Snapshot {
        let Collected { mut snapshots, warnings } = collect(&[(None, body)]);
        assert_eq!((snapshots.len(), warnings), (1, Vec::new()), "{body}");
        snapshots.remove(0)
    }

    fn ids(collected: &Collected) -> Vec<Option<&str>> {
        collected.snapshots.iter().map(|snapshot| snapshot.identity.deployment_id.as_deref()).collect()
    }

    #[test]
    fn the_cluster_sample_is_kept_whole() {
        let snapshot = snapshot(CLUSTER);
        assert_eq!(snapshot.identity.deployment_id.as_deref(), Some("b9110d11"));
        assert_eq!(snapshot.identity.deployment_type.as_deref(), Some("dedicated"));
        assert_eq!(snapshot.identity.platform.as_deref(), Some("aliyun_en"));
        let (cluster, metrics) = (snapshot.cluster.as_ref().unwrap(), snapshot.metrics.as_ref().unwrap());
        assert_eq!((cluster.len(), metrics.len(), snapshot.series.len()), (7, 116, 0));
        assert_eq!(snapshot.rules, None);
        assert_eq!(snapshot.resources, None);
        let samples = CLUSTER.lines().filter(|line| !line.starts_with('#'));
        for (name, value) in samples.map(|line| (line.split_once('{').unwrap().0, line.rsplit_once(' ').unwrap().1)) {
            let bare = name.strip_prefix("deployment_emqx_").unwrap();
            let kept = bare.strip_prefix("metrics_").map_or_else(|| cluster.get(bare), |bare| metrics.get(bare));
            assert_eq!(kept.copied(), value.parse().ok(), "{name}");
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
        assert_eq!((snapshot.cluster, snapshot.metrics, snapshot.series), (None, None, Vec::new()));
    }

    #[test]
    fn several_deployments_in_one_body_are_several_snapshots() {
        let body = "deployment_emqx_connections_count{deployment_id=\"b\"} 1\n\
                    deployment_emqx_connections_count{deployment_id=\"a\"} 2\n\
                    deployment_emqx_metrics_bytes_sent{deployment_id=\"b\",platform=\"p\"} 3\n";
        let collected = collect(&[(None, body)]);
        assert_eq!(ids(&collected), [Some("a"), Some("b")]);
        let b = &collected.snapshots[1];
        assert_eq!((b.metric("bytes_sent"), b.metric("connections_count")), (Some(3.0), Some(1.0)));
        assert_eq!(b.identity.platform.as_deref(), Some("p"));
    }

    #[test]
    fn bodies_of_one_deployment_are_one_snapshot() {
        let rules = DATA_INTEGRATION.replace("gde1d4ab", "b9110d11");
        let bodies = [(Some(Endpoint::Cluster), CLUSTER), (Some(Endpoint::DataIntegration), rules.as_str())];
        let together = collect(&bodies);
        assert_eq!(ids(&together), [Some("b9110d11")]);
        assert_eq!(together.warnings, []);
        let mut apart = Collector::new();
        apart.read(bodies[1].0, bodies[1].1.as_bytes()).unwrap();
        let mut first = Collector::new();
        first.read(bodies[0].0, bodies[0].1.as_bytes()).unwrap();
        first.merge(apart);
        assert_eq!(first.finish().snapshots, together.snapshots);
        assert_eq!(ids(&collect(&[(None, CLUSTER), (None, DATA_INTEGRATION)])), [Some("b9110d11"), Some("gde1d4ab")]);
    }

    #[test]
    fn an_empty_answer_is_no_rules_and_an_empty_file_is_nothing() {
        let bodies = [(Some(Endpoint::Cluster), CLUSTER), (Some(Endpoint::DataIntegration), "")];
        let collected = collect(&bodies);
        assert_eq!(ids(&collected), [Some("b9110d11")]);
        assert_eq!(collected.snapshots[0].rules, Some(Vec::new()));
        let alone = collect(&bodies[1..]);
        assert_eq!((ids(&alone), &alone.snapshots[0].rules), (vec![None], &Some(Vec::new())));
        assert_eq!(alone.snapshots[0].cluster, None);
        assert!(collect(&[(None, "")]).snapshots.is_empty());
    }

    #[test]
    fn a_declared_family_without_samples_was_received() {
        let body = "# TYPE deployment_emqx_rule_status gauge\n";
        assert_eq!(snapshot(body).rules, Some(Vec::new()));
        assert_eq!(collect(&[(None, CLUSTER), (None, body)]).snapshots[0].rules, Some(Vec::new()));
    }

    #[test]
    fn the_first_of_two_counts() {
        let body = "deployment_emqx_rule_status{rule_id=\"r\"} 1\ndeployment_emqx_rule_status{rule_id=\"r\"} 0\n\
                    deployment_emqx_metrics_bytes_sent 1\ndeployment_emqx_metrics_bytes_sent 2\n\
                    up{a=\"1\",b=\"2\"} 1\nup{b=\"2\",a=\"1\"} 0\n";
        let Collected { snapshots, warnings } = collect(&[(None, body)]);
        assert_eq!(snapshots[0].rules.as_ref().unwrap()[0].status, Some(RuleStatus::Enabled));
        assert_eq!(snapshots[0].metric("bytes_sent"), Some(1.0));
        assert_eq!((snapshots[0].series.len(), snapshots[0].series[0].value), (1, 1.0));
        let messages: Vec<&str> = warnings.iter().map(|warning| warning.message.as_str()).collect();
        assert_eq!(messages.len(), 3, "{messages:?}");
        assert!(
            messages[0].starts_with("deployment_emqx_rule_status{rule_id=\"r\"} came more than once"),
            "{messages:?}"
        );
        assert!(messages[2].starts_with("up{b=\"2\",a=\"1\"} "), "{messages:?}");
    }

    #[test]
    fn a_file_read_twice_changes_nothing() {
        let twice = collect(&[(None, DATA_INTEGRATION), (None, DATA_INTEGRATION)]);
        assert_eq!(twice.snapshots, collect(&[(None, DATA_INTEGRATION)]).snapshots);
        assert_eq!(twice.warnings.len(), 10, "{:?}", twice.warnings);
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
            let snapshot = snapshot(body);
            assert_eq!((snapshot.series.len(), snapshot.series[0].value), (1, 1.0), "{body}");
            assert!(snapshot.rules.iter().all(Vec::is_empty) && snapshot.resources.iter().all(Vec::is_empty), "{body}");
        }
    }

    #[test]
    fn unknown_families_of_emqx_are_kept_beside_the_known_ones() {
        let body = "# TYPE deployment_emqx_brand_new counter\ndeployment_emqx_brand_new{deployment_id=\"d\"} 1\n\
                    deployment_emqx_metrics_brand_new{deployment_id=\"d\"} 2\n";
        let snapshot = snapshot(body);
        assert_eq!(snapshot.cluster.as_ref().unwrap()["brand_new"], 1.0);
        assert_eq!(snapshot.metrics.as_ref().unwrap()["brand_new"], 2.0);
        assert_eq!(snapshot.declared["deployment_emqx_brand_new"], MetricType::Counter);
    }

    #[test]
    fn a_brokers_own_metrics_are_understood() {
        let body = "emqx_connections_count 3\nemqx_rule_enable{id=\"r\"} 1\nemqx_rule_matched{id=\"r\"} 5\n\
                    emqx_rule_failed_exception{id=\"r\"} 2\nemqx_rule_actions_total{id=\"r\"} 4\n\
                    emqx_connector_status{id=\"http:c\"} 0\nemqx_action_queuing{id=\"http:a\"} 7\n";
        let snapshot = snapshot(body);
        assert!(snapshot.is_broker());
        assert_eq!(snapshot.metric("connections_count"), Some(3.0));
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
        assert_eq!(snapshot.series[0].name, "go_threads");
    }

    #[test]
    fn a_malformed_body_leaves_nothing_behind() {
        let mut collector = Collector::new();
        collector.read(None, DATA_INTEGRATION.as_bytes()).unwrap();
        let bad = "deployment_emqx_connections_count{deployment_id=\"x\"} 1\nnonsense here\n";
        let error = collector.read(None, bad.as_bytes()).unwrap_err();
        assert!(error.to_string().starts_with("line 2,"), "{error}");
        assert_eq!(ids(&collector.finish()), [Some("gde1d4ab")]);
    }

    #[test]
    fn rules_are_sorted_by_their_ids() {
        let body = "deployment_emqx_rule_status{rule_id=\"c\"} 1\ndeployment_emqx_rule_status{rule_id=\"a\"} 1\n\
                    deployment_emqx_rule_status{rule_id=\"b\"} NaN\n";
        let snapshot = snapshot(body);
        let rules: Vec<&str> = snapshot.rules.iter().flatten().map(|rule| rule.rule_id.as_str()).collect();
        assert_eq!(rules, ["a", "b", "c"]);
        assert!(matches!(snapshot.rule("b").unwrap().status, Some(RuleStatus::Other(code)) if code.is_nan()));
    }
}
