//! From what was seen of a deployment to the number that a check judges.

use super::checks::{Check, Measure, endpoint_of};
use crate::deployment::{
    Absence, Endpoint, Field, PerEndpoint, Rates, Record, ResourceStatus, Rule, RuleCount, RuleStatus, Snapshot,
};
use jiff::civil::Date;
use std::time::Duration;

/// Everything that was seen of one deployment. What is judged is this and nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Observation<'a> {
    pub snapshot: &'a Snapshot,
    pub rates: Result<&'a Rates, NoRates>,
    /// How many nodes are planned to run.
    pub min_nodes: u32,
    /// How long each endpoint took to answer, or why it could not be asked. One that was not asked is not among them.
    pub endpoints: PerEndpoint<Result<Duration, &'a str>>,
    /// What was asked for: checks of the other endpoint are not made.
    pub asked: &'a [Endpoint],
    /// How long ago it was scraped, or its oldest sample was taken.
    pub age: Duration,
    /// Why it does not tell of now, a sentence, where it should.
    pub outdated: Option<&'a str>,
    /// The day (UTC).
    pub today: Date,
}

/// Why there are no rates.
#[derive(Debug, Clone, Copy)]
pub enum NoRates {
    /// Two snapshots were meant and one of them failed: what it would have told is missing.
    Lost,
    /// One snapshot was meant, and why: a clause such as `a saved scrape does not change`.
    OneSnapshot(&'static str),
}

/// What measuring gave.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Measurement {
    /// A number, infinities included.
    Value(f64),
    /// Events that were counted, per second, and what they are a share of, where that was asked for.
    Events { rate: f64, share: Option<Share> },
    /// A share itself.
    Share(Share),
    /// Not received, or not to be relied on: what, and why if that is known.
    Missing(String),
    /// The endpoint itself could not be asked: why.
    Unreachable(String),
    /// It cannot be measured in this run: why.
    Skipped(String),
}

/// So many of so many events.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    pub part: f64,
    pub whole: f64,
}

impl Share {
    /// The share, 0 to 1; `None` of nothing.
    pub fn value(self) -> Option<f64> {
        // The counters of several nodes are not read at one instant: a part may be ahead of its whole.
        (self.whole > 0.0).then(|| (self.part / self.whole).min(1.0))
    }
}

impl<'a> Observation<'a> {
    /// Measures what `check` judges, and with `share` how much of its whole that is.
    pub(super) fn measure(&self, check: &Check, share: bool) -> Measurement {
        let of_events = |events: Result<Measurement, Measurement>| events.unwrap_or_else(|missing| missing);
        match check.measure {
            Measure::Field(name) => match (self.field(name), check.instead) {
                (missing @ (Measurement::Missing(_) | Measurement::Skipped(_)), Some(instead)) => {
                    Some(self.field(instead)).filter(|other| matches!(other, Measurement::Value(_))).unwrap_or(missing)
                }
                (measured, _) => measured,
            },
            Measure::Growth { plus, minus, whole } => of_events(self.growth(plus).and_then(|plus| {
                // What explains may likewise be ahead of the rest.
                let part = (plus.count - self.growth(minus)?.count).max(0.0);
                let rate = if part > 0.0 { part / plus.seconds } else { 0.0 };
                let whole = share.then(|| self.growth(whole)).transpose()?;
                Ok(Measurement::Events { rate, share: whole.map(|whole| Share { part, whole: whole.count }) })
            })),
            Measure::Share { part, whole } => {
                of_events(self.growth(&[part]).and_then(|part| {
                    Ok(Measurement::Share(Share { part: part.count, whole: self.growth(whole)?.count }))
                }))
            }
            Measure::EndpointTime(endpoint) => match self.endpoints.get(endpoint) {
                Some(Ok(time)) => Measurement::Value(time.as_secs_f64()),
                Some(Err(why)) => Measurement::Unreachable((*why).to_owned()),
                None => Measurement::Skipped("a saved scrape was not asked for".to_owned()),
            },
            Measure::Age => match self.outdated {
                Some(why) => Measurement::Missing(why.to_owned()),
                None => Measurement::Value(self.age.as_secs_f64()),
            },
        }
    }

    /// The time over which the change of `field` was seen.
    pub(super) fn window(&self, field: &str) -> Option<Duration> {
        self.rates.ok()?.elapsed.get(endpoint_of(field)).copied()
    }

    fn field(&self, name: &str) -> Measurement {
        match self.snapshot.field(name) {
            Some(Field::Number(value)) if value.is_nan() => Measurement::Missing(format!("{name} is no number (NaN)")),
            Some(Field::Number(value)) => Measurement::Value(value),
            _ => self.absent(name, name),
        }
    }

    /// How much these counters grew together; an error where one of them did not say.
    fn growth(&self, fields: &[&str]) -> Result<Growth, Measurement> {
        if let Err(NoRates::OneSnapshot(why)) = self.rates {
            return Err(Measurement::Skipped(why.to_owned()));
        }
        fields.iter().try_fold(Growth::default(), |sum, name| {
            // What did not come at all is missing, not its change.
            if let absent @ (Measurement::Missing(_) | Measurement::Skipped(_)) = self.field(name) {
                return Err(absent);
            }
            let missing = || Measurement::Missing(format!("{name} was received once, and change takes two looks"));
            let rate = self.rates.ok().and_then(|rates| rates.of_field(name)).ok_or_else(missing)?;
            let seconds = self.window(name).ok_or_else(missing)?.as_secs_f64();
            Ok(Growth { count: sum.count + whole(rate * seconds), seconds })
        })
    }

    /// Says that `subject`, which is about `field`, has no value, and why: what this server never sends is no fault of it.
    pub(super) fn absent(&self, subject: &str, field: &str) -> Measurement {
        if let Some(Err(_)) = self.endpoints.get(endpoint_of(field)) {
            return Measurement::Missing(format!("{subject} was not received: its endpoint could not be asked"));
        }
        match self.snapshot.absence(field) {
            Absence::NotReceived => Measurement::Missing(format!("{subject} was not received")),
            Absence::NotSent(version) => Measurement::Skipped(format!("{version} does not send {subject}")),
            Absence::NotUnderstood(why) => Measurement::Missing(why),
        }
    }

    /// How many there are in all of what the check counts.
    pub(super) fn total(&self, check: &Check) -> Option<f64> {
        let all = match check.measure {
            Measure::Field("resources.down") => "resources.total",
            Measure::Field("rules.disabled") => "rules.total",
            _ => return None,
        };
        match self.snapshot.field(all) {
            Some(Field::Number(total)) => Some(total),
            _ => None,
        }
    }

    /// The rules and resources that the check is about, those that matter most first.
    pub(super) fn culprits(&self, check: &Check) -> Vec<&'a str> {
        let (rules, resources) = (self.snapshot.rules.as_deref(), self.snapshot.resources.as_deref());
        let disabled = |rule: &&Rule| rule.status == Some(RuleStatus::Disabled);
        match check.measure {
            Measure::Field("resources.down") => {
                let down = resources.into_iter().flatten().filter(|one| one.status != Some(ResourceStatus::Connected));
                down.map(|one| one.resource_id.as_str()).collect()
            }
            Measure::Field("rules.disabled") => {
                rules.into_iter().flatten().filter(disabled).map(|rule| rule.rule_id.as_str()).collect()
            }
            Measure::Growth { plus: [field], .. } => self.growing(field),
            Measure::Share { part, .. } => self.growing(part),
            Measure::Field(_) | Measure::Growth { .. } | Measure::EndpointTime(_) | Measure::Age => Vec::new(),
        }
    }

    /// The rules in which the count that `field` sums up grows, the fastest first.
    fn growing(&self, field: &str) -> Vec<&'a str> {
        let Some(count) = field.strip_prefix("rules.").and_then(RuleCount::from_name) else { return Vec::new() };
        let rates = self.rates.ok().and_then(|rates| rates.rules.as_deref());
        let rules = self.snapshot.rules.as_deref().into_iter().flatten().zip(rates.into_iter().flatten());
        let mut growing: Vec<(&str, f64)> = rules
            .filter_map(|(rule, rates)| Some((rule.rule_id.as_str(), rates[count]?)))
            .filter(|(_, rate)| *rate > 0.0)
            .collect();
        growing.sort_by(|a, b| b.1.total_cmp(&a.1));
        growing.into_iter().map(|(id, _)| id).collect()
    }
}

/// How much counters grew, and in what time.
#[derive(Debug, Clone, Copy, Default)]
struct Growth {
    count: f64,
    seconds: f64,
}

/// A count that went through a rate, without what rounding has left behind its ninth digit: a share that is exactly at its
/// threshold is not above it.
fn whole(count: f64) -> f64 {
    let rounded = count.round();
    if (count - rounded).abs() <= rounded.abs().max(1.0) * 1e-9 { rounded } else { count }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::deployment::catalog::Scope;
    use crate::deployment::{MetricKey, PerEndpoint, Resource};
    use crate::health::checks::find;

    /// Metrics by bare name, and rules by id with how many of their actions failed and succeeded.
    pub(crate) fn snapshot(metrics: &[(&str, f64)], rules: &[(&str, f64, f64)]) -> Snapshot {
        let rule = |&(id, failed, success): &(&str, f64, f64)| Rule {
            rule_id: id.into(),
            status: Some(RuleStatus::Enabled),
            counts: [(RuleCount::ActionsFailed, failed), (RuleCount::ActionsSuccess, success)].into(),
            ..Rule::default()
        };
        Snapshot {
            metrics: Some(
                metrics.iter().map(|&(name, value)| (MetricKey::field(Scope::Metrics, name), value)).collect(),
            ),
            rules: Some(rules.iter().map(rule).collect()),
            ..Snapshot::default()
        }
    }

    pub(crate) fn observed<'a>(snapshot: &'a Snapshot, rates: Result<&'a Rates, NoRates>) -> Observation<'a> {
        let endpoints = PerEndpoint::from_fn(|_| Some(Ok(Duration::from_millis(80))));
        Observation {
            snapshot,
            rates,
            min_nodes: 1,
            endpoints,
            asked: &Endpoint::ALL,
            age: Duration::ZERO,
            outdated: None,
            today: Date::MIN,
        }
    }

    /// The same where that endpoint could not be asked.
    pub(crate) fn without<'a>(mut observation: Observation<'a>, endpoint: Endpoint, why: &'a str) -> Observation<'a> {
        *observation.endpoints.slot(endpoint) = Some(Err(why));
        observation
    }

    /// The rates between the two, ten seconds apart.
    pub(crate) fn rates(before: &Snapshot, after: &Snapshot) -> Rates {
        Rates::between(before, after, PerEndpoint::from_fn(|_| Some(Duration::from_secs(10))))
    }

    fn measure(name: &str, before: &Snapshot, after: &Snapshot) -> Measurement {
        let rates = rates(before, after);
        observed(after, Ok(&rates)).measure(find(name).unwrap(), false)
    }

    #[test]
    fn growth_is_without_what_explains_it() {
        let all = |in_all, nobody, delivery, local, full| {
            snapshot(
                &[
                    ("messages_dropped", in_all),
                    ("messages_dropped_no_subscribers", nobody),
                    ("delivery_dropped", delivery),
                    ("delivery_dropped_no_local", local),
                    ("delivery_dropped_queue_full", full),
                ],
                &[],
            )
        };
        let zero = all(0.0, 0.0, 0.0, 0.0, 0.0);
        let after = all(30.0, 10.0, 50.0, 10.0, 40.0);
        let events = |rate| Measurement::Events { rate, share: None };
        assert_eq!(measure("other_drops", &zero, &after), events(2.0));
        assert_eq!(measure("queue_full_drops", &zero, &after), events(4.0));
        assert_eq!(measure("other_drops", &zero, &all(0.0, 10.0, 0.0, 0.0, 0.0)), events(0.0), "not below 0");
    }

    #[test]
    fn rounding_is_no_growth() {
        for seconds in [5.001_3, 0.100_7, 59.999] {
            assert_eq!(whole(7.0 / seconds * seconds), 7.0);
            assert_eq!(whole(123_456_789.0 / seconds * seconds), 123_456_789.0);
        }
        assert_eq!(whole(0.25), 0.25);
    }

    #[test]
    fn a_share_of_nothing_is_none() {
        let (before, after) = (snapshot(&[], &[("a", 1.0, 9.0)]), snapshot(&[], &[("a", 4.0, 10.0)]));
        let share = |part, whole| Share { part, whole };
        assert_eq!(measure("action_failure_share", &before, &after), Measurement::Share(share(3.0, 4.0)));
        assert_eq!(measure("action_failure_share", &after, &after), Measurement::Share(share(0.0, 0.0)));
        assert_eq!((share(3.0, 4.0).value(), share(0.0, 0.0).value()), (Some(0.75), None));
        assert_eq!(measure("action_failures", &after, &after), Measurement::Events { rate: 0.0, share: None });
        let rates = rates(&before, &after);
        let measured = observed(&after, Ok(&rates)).measure(find("action_failures").unwrap(), true);
        assert_eq!(measured, Measurement::Events { rate: 0.3, share: Some(share(3.0, 4.0)) });
    }

    #[test]
    fn what_was_not_received_is_missing_and_says_why() {
        let empty = Snapshot { rules: None, ..snapshot(&[], &[]) };
        let missing = |text: &str| Measurement::Missing(text.to_owned());
        assert_eq!(measure("nodes_stopped", &empty, &empty), missing("metrics.cluster_nodes_stopped was not received"));
        assert_eq!(measure("action_failures", &empty, &empty), missing("rules.actions_failed was not received"));
        let observation = without(observed(&empty, Err(NoRates::Lost)), Endpoint::DataIntegration, "no route");
        let measured = |observation: &Observation<'_>, name| observation.measure(find(name).unwrap(), false);
        assert_eq!(
            measured(&observation, "resources_down"),
            missing("resources.down was not received: its endpoint could not be asked")
        );
        assert_eq!(measured(&observation, "endpoint_data_integration"), Measurement::Unreachable("no route".into()));
        assert_eq!(measured(&observation, "endpoint_cluster"), Measurement::Value(0.08));
        let full = snapshot(&[("delivery_dropped_queue_full", 3.0), ("cluster_nodes_stopped", f64::NAN)], &[]);
        let lost = "metrics.delivery_dropped_queue_full was received once, and change takes two looks";
        assert_eq!(measured(&observed(&full, Err(NoRates::Lost)), "queue_full_drops"), missing(lost));
        let nan = "metrics.cluster_nodes_stopped is no number (NaN)";
        assert_eq!(measured(&observed(&full, Err(NoRates::Lost)), "nodes_stopped"), missing(nan));
    }

    #[test]
    fn change_is_skipped_where_nobody_looked_twice() {
        let full = snapshot(&[("delivery_dropped_queue_full", 3.0), ("cluster_nodes_stopped", 1.0)], &[]);
        let mut observation = observed(&full, Err(NoRates::OneSnapshot("one look")));
        observation.endpoints = PerEndpoint::default();
        let measured = |name| observation.measure(find(name).unwrap(), false);
        assert_eq!(measured("queue_full_drops"), Measurement::Skipped("one look".into()));
        assert_eq!(measured("signin_failure_share"), Measurement::Skipped("one look".into()));
        assert_eq!(measured("nodes_stopped"), Measurement::Value(1.0));
        assert_eq!(measured("endpoint_cluster"), Measurement::Skipped("a saved scrape was not asked for".into()));
        assert_eq!(measured("age"), Measurement::Value(0.0));
    }

    #[test]
    fn culprits_are_named_worst_first() {
        let before = snapshot(&[], &[("a", 0.0, 0.0), ("b", 0.0, 0.0), ("c", 0.0, 0.0)]);
        let mut after = snapshot(&[], &[("a", 1.0, 0.0), ("b", 5.0, 0.0), ("c", 0.0, 3.0)]);
        after.resources =
            Some(vec![Resource { resource_id: "http:x".into(), status: Some(ResourceStatus::from_code(0.0)) }]);
        let rates = rates(&before, &after);
        let observation = observed(&after, Ok(&rates));
        let culprits = |name| observation.culprits(find(name).unwrap());
        assert_eq!(culprits("action_failures"), ["b", "a"]);
        assert_eq!(culprits("resources_down"), ["http:x"]);
        assert!(culprits("nodes_stopped").is_empty());
    }
}
