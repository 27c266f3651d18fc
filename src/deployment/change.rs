//! Change between two snapshots of a deployment: rates per second, by Prometheus' rules.
//!
//! | before | after | rate |
//! | --- | --- | --- |
//! | a counter | as much or more | the difference over the time between the scrapes |
//! | a counter | less | it was reset (a node restarted): the new value over that time, as `rate()` has it |
//! | missing, or not finite | anything | none |
//! | anything | missing, or not finite | none |
//! | a gauge | a gauge | none |
//! | anything | in doubt, now or before | none |
//!
//! What is a counter is the catalog's word; for what it does not know, the body's. Time is that between the
//! two scrapes of an endpoint, by a clock that nobody sets. Unlike `rate()` nothing is extrapolated to the window's ends: the
//! two scrapes are the ends.

use super::key;
use super::totals::summed;
use super::{Endpoint, Metric, MetricKey, PerCount, PerEndpoint, Rule, RuleCount, Series, Snapshot};
use crate::exposition::MetricType;
use std::collections::BTreeMap;
use std::time::Duration;

/// Rates per second.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rates {
    /// The time between the two scrapes of each endpoint.
    pub elapsed: PerEndpoint<Duration>,
    /// Of the families without labels of their own. What has no rate is missing here.
    pub metrics: BTreeMap<MetricKey, f64>,
    /// One for each of the later snapshot's series, in its order.
    pub series: Vec<Option<f64>>,
    /// One for each of the later snapshot's rules, in its order; `None` where rules were not received twice.
    pub rules: Option<Vec<PerCount>>,
    /// Whether what was received of rules cannot be relied on, so that their sums cannot either.
    pub rules_in_doubt: bool,
}

impl Rates {
    /// The rates from `before` to `after`, which are of the same deployment.
    pub fn between(before: &Snapshot, after: &Snapshot, elapsed: PerEndpoint<Duration>) -> Rates {
        let clock = |endpoint| Clock::of(elapsed.get(endpoint));
        let (cluster, data_integration) = (clock(Endpoint::Cluster), clock(Endpoint::DataIntegration));
        Rates {
            elapsed,
            metrics: metric_rates(before, after, cluster),
            series: series_rates(before, after, cluster, data_integration),
            rules: rule_rates(before, after, data_integration),
            rules_in_doubt: [before, after].iter().any(|one| one.doubts.rules.why.is_some()),
        }
    }

    /// The time that the rates were measured over: the longer one where the endpoints differ.
    pub fn window(&self) -> Option<Duration> {
        self.elapsed.values().max().copied()
    }

    /// The rate of the field `name` of a deployment (`metrics.messages_received`, `rules.failed`), by any spelling
    /// of a family's name. `None` where that field has none.
    pub fn of_field(&self, name: &str) -> Option<f64> {
        if let Some(count) = summed(name) {
            return self.rule_sum(count);
        }
        key::value_of(&self.metrics, name)
    }

    /// The rate of one of the later snapshot's metrics; `None` where it has none.
    pub fn of_metric(&self, metric: &Metric<'_>) -> Option<f64> {
        match metric.series {
            None => self.metrics.get(metric.key).copied(),
            Some(at) => self.series.get(at).copied().flatten(),
        }
    }

    /// The sum over the rules that have this rate, as `sum(rate(...))` has it: a rule that is new has none yet.
    /// `None` where rules were not received twice, or none of them has the rate.
    fn rule_sum(&self, count: RuleCount) -> Option<f64> {
        let rules = self.rules.as_ref().filter(|_| !self.rules_in_doubt)?;
        let mut rates = rules.iter().filter_map(|rule| rule[count]).peekable();
        if rates.peek().is_none() && !rules.is_empty() {
            return None;
        }
        Some(rates.fold(0.0, |sum, rate| sum + rate))
    }
}

/// Whether the field `name` of a deployment is known to grow, or may, so that `rate(name)` has a meaning.
pub fn has_rate(name: &str) -> bool {
    summed(name).is_some()
        || Snapshot::is_uncatalogued(name)
        || key::known(name).is_some_and(|entry| entry.kind == MetricType::Counter)
}

/// The seconds between two scrapes; none where they are missing or no time has passed.
#[derive(Clone, Copy)]
struct Clock(Option<f64>);

impl Clock {
    fn of(elapsed: Option<&Duration>) -> Clock {
        Clock(elapsed.map(Duration::as_secs_f64).filter(|seconds| *seconds > 0.0))
    }

    fn rate(self, before: Option<f64>, after: Option<f64>) -> Option<f64> {
        let (before, after, seconds) = (before?, after?, self.0?);
        if !before.is_finite() || !after.is_finite() {
            return None;
        }
        let growth = if after < before { after } else { after - before };
        Some(growth / seconds)
    }
}

fn metric_rates(before: &Snapshot, after: &Snapshot, clock: Clock) -> BTreeMap<MetricKey, f64> {
    let in_doubt = |key: &MetricKey| [before, after].iter().any(|one| one.doubts.metrics.contains_key(key));
    let (Some(before), Some(after)) = (&before.metrics, &after.metrics) else { return BTreeMap::new() };
    let counters = after.iter().filter(|(key, _)| key.kind() == MetricType::Counter && !in_doubt(key));
    let rates =
        counters.filter_map(|(key, value)| Some((key.clone(), clock.rate(before.get(key).copied(), Some(*value))?)));
    rates.collect()
}

fn series_rates(before: &Snapshot, after: &Snapshot, cluster: Clock, data_integration: Clock) -> Vec<Option<f64>> {
    let earlier: BTreeMap<_, f64> = before.series.iter().map(|series| (identity(series), series.value)).collect();
    // Where a series came from is not kept; the endpoints are scraped at the same time, so either clock will do.
    let clock = if cluster.0.is_some() { cluster } else { data_integration };
    let rate = |series: &Series| {
        let grows = match series.key.kind() {
            MetricType::Counter | MetricType::Histogram => true,
            MetricType::Summary => !series.labels.iter().any(|(name, _)| name == "quantile"),
            MetricType::Gauge | MetricType::Untyped => false,
        };
        clock.rate(earlier.get(&identity(series)).copied(), Some(series.value)).filter(|_| grows)
    };
    after.series.iter().map(rate).collect()
}

/// What tells a series from others: the order of labels tells nothing.
fn identity(series: &Series) -> (&MetricKey, Vec<(&str, &str)>) {
    let mut labels: Vec<_> = series.labels.iter().collect();
    labels.sort_unstable();
    (&series.key, labels)
}

fn rule_rates(before: &Snapshot, after: &Snapshot, clock: Clock) -> Option<Vec<PerCount>> {
    before.rules.as_ref()?;
    let rates = |(at, rule): (usize, &Rule)| {
        let earlier = before.rule_near(at, &rule.rule_id);
        PerCount::from_fn(|count| clock.rate(earlier.and_then(|rule| rule.counts[count]), rule.counts[count]))
    };
    Some(after.rules.as_ref()?.iter().enumerate().map(rates).collect())
}

#[cfg(test)]
mod tests {
    use super::super::LabelSet;
    use super::super::catalog::Scope;
    use super::*;

    fn metrics(pairs: &[(&str, f64)]) -> Snapshot {
        let metrics = pairs.iter().map(|&(name, value)| (MetricKey::field(Scope::Metrics, name), value));
        Snapshot { metrics: Some(metrics.collect()), ..Snapshot::default() }
    }

    fn rules(pairs: &[(&str, Option<f64>)]) -> Snapshot {
        let rule = |&(id, failed): &(&str, Option<f64>)| {
            let counts = PerCount::from_fn(|count| failed.filter(|_| count == RuleCount::Failed));
            Rule { rule_id: id.into(), counts, ..Rule::default() }
        };
        Snapshot { rules: Some(pairs.iter().map(rule).collect()), ..Snapshot::default() }
    }

    /// The rates over ten seconds of the cluster and five of data integration.
    fn between(before: &Snapshot, after: &Snapshot) -> Rates {
        let seconds = |endpoint| if endpoint == Endpoint::Cluster { 10 } else { 5 };
        let elapsed = PerEndpoint::from_fn(|endpoint| Some(Duration::from_secs(seconds(endpoint))));
        Rates::between(before, after, elapsed)
    }

    fn rate(before: f64, after: f64) -> Option<f64> {
        let name = "messages_received";
        let rates = between(&metrics(&[(name, before)]), &metrics(&[(name, after)]));
        rates.of_field("metrics.messages_received")
    }

    #[test]
    fn a_counter_grows_or_was_reset() {
        assert_eq!(rate(100.0, 150.0), Some(5.0));
        assert_eq!(rate(100.0, 100.0), Some(0.0));
        assert_eq!(rate(100.0, 20.0), Some(2.0));
        assert_eq!(rate(f64::NAN, 20.0), None);
        assert_eq!(rate(20.0, f64::INFINITY), None);
    }

    #[test]
    fn what_is_missing_on_one_side_has_no_rate() {
        let (some, none) = (metrics(&[("messages_received", 1.0)]), metrics(&[]));
        assert!(between(&none, &some).metrics.is_empty());
        assert!(between(&some, &none).metrics.is_empty());
        assert!(between(&some, &Snapshot::default()).metrics.is_empty());
        assert!(Rates::between(&some, &some, PerEndpoint::default()).metrics.is_empty());
        let no_time = PerEndpoint::from_fn(|_| Some(Duration::ZERO));
        assert!(Rates::between(&some, &some, no_time).metrics.is_empty());
        assert_eq!(between(&some, &some).window(), Some(Duration::from_secs(10)), "the longer one");
    }

    #[test]
    fn a_gauge_has_no_rate_whatever_it_does() {
        let both = |value| metrics(&[("connections_count", value), ("bytes_received", value)]);
        let rates = between(&both(1.0), &both(11.0));
        assert_eq!(rates.metrics.len(), 1);
        assert_eq!(rates.of_field("metrics.bytes_received"), Some(1.0));
        assert_eq!(rates.of_field("metrics.connections_count"), None);
        assert!(!has_rate("metrics.connections_count") && has_rate("metrics.bytes_received"));
    }

    #[test]
    fn an_older_name_has_the_rate_of_the_newer() {
        let rates = between(&metrics(&[("client_acl_deny", 1.0)]), &metrics(&[("client_acl_deny", 21.0)]));
        assert_eq!(rates.of_field("metrics.authorization_deny"), Some(2.0));
    }

    #[test]
    fn rules_are_matched_by_their_ids_and_a_new_one_waits() {
        let before = rules(&[("a", Some(10.0)), ("c", Some(5.0)), ("gone", Some(1.0))]);
        let after = rules(&[("a", Some(20.0)), ("b", Some(7.0)), ("c", None)]);
        let rates = between(&before, &after);
        let failed: Vec<_> = rates.rules.as_ref().unwrap().iter().map(|rule| rule[RuleCount::Failed]).collect();
        assert_eq!(failed, [Some(2.0), None, None]);
        assert_eq!(rates.of_field("rules.failed"), Some(2.0));
        assert_eq!(rates.of_field("rules.matched"), None, "no rule said");
        assert_eq!(rates.of_field("rules.total"), None);
        let none = between(&rules(&[]), &rules(&[]));
        assert_eq!(none.of_field("rules.failed"), Some(0.0), "no rules fail nothing");
    }

    #[test]
    fn what_no_catalog_knows_goes_by_what_was_declared() {
        let snapshot = |value| {
            let labels: LabelSet = [("a", "b")].into_iter().collect();
            let declared = [("seen", MetricType::Counter), ("level", MetricType::Gauge)];
            let series = declared.map(|(name, kind)| Series {
                key: MetricKey::whole(name).declared(kind).into(),
                labels: labels.clone(),
                value,
            });
            let metric = |(scope, kind)| (MetricKey::field(scope, "brand_new").declared(kind), 2.0 * value);
            let metrics = [(Scope::Deployment, MetricType::Counter), (Scope::Metrics, MetricType::Gauge)].map(metric);
            Snapshot { series: series.into(), metrics: Some(metrics.into()), ..Snapshot::default() }
        };
        let rates = between(&snapshot(0.0), &snapshot(10.0));
        assert_eq!(rates.series, [Some(1.0), None]);
        assert_eq!(rates.of_field("cluster.brand_new"), Some(2.0));
        assert_eq!(rates.of_field("metrics.brand_new"), None);

        let reason = |value| {
            let key = MetricKey::whole("deployment_emqx_metrics_client_disconnected_reason");
            Snapshot {
                series: vec![Series { key: key.into(), labels: LabelSet::default(), value }],
                ..Snapshot::default()
            }
        };
        assert_eq!(between(&reason(0.0), &reason(10.0)).series, [Some(1.0)]);
    }

    #[test]
    fn every_metric_that_is_listed_finds_its_rate() {
        let snapshot = |value: f64| {
            let series = [("b", value), ("a", 3.0 * value)].map(|(reason, value)| Series {
                key: MetricKey::whole("deployment_emqx_metrics_client_disconnected_reason").into(),
                labels: [("reason", reason)].into_iter().collect(),
                value,
            });
            Snapshot { series: series.into(), ..metrics(&[("bytes_sent", 2.0 * value), ("topics_count", value)]) }
        };
        let (before, after) = (snapshot(0.0), snapshot(10.0));
        let rates = between(&before, &after);
        let found: Vec<_> = after.list().iter().map(|metric| (metric.value, rates.of_metric(metric))).collect();
        assert_eq!(found, [(10.0, Some(1.0)), (30.0, Some(3.0)), (10.0, None), (20.0, Some(2.0))]);
    }

    #[test]
    fn quantiles_of_a_summary_do_not_grow_and_its_sums_do() {
        let snapshot = |value| {
            let series = [("quantile", "0.9"), ("code", "200")].map(|(name, label)| Series {
                key: MetricKey::whole("x_seconds").declared(MetricType::Summary).into(),
                labels: [(name, label)].into_iter().collect(),
                value,
            });
            Snapshot { series: series.into(), ..Snapshot::default() }
        };
        assert_eq!(between(&snapshot(0.0), &snapshot(10.0)).series, [None, Some(1.0)]);
    }
}
