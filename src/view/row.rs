//! Rows: one rule, resource or metric, with the deployment it belongs to, all read by field name.

use super::answer::Kind;
use super::field::{FieldSpec, Read, fields, rated};
use super::summary::Summary;
use crate::deployment::catalog::{self, Scope};
use crate::deployment::{
    Endpoint, Field, Metric, PerCount, Record, Resource, ResourceStatus, Rule, RuleCount, RuleStatus,
};
use crate::health::{Expr, Judgement, Status, Truth, Value};
use crate::names;
use crate::source::Report;
use std::time::Duration;

/// One record of an answer.
#[derive(Debug, Clone)]
pub(super) struct Row<'a> {
    pub report: &'a Report,
    pub item: Item<'a>,
    /// How fast a rule's counts grow; `None` for what is no rule, and where nothing can be said.
    pub rule_rates: Option<&'a PerCount>,
    /// What was judged of the deployment; `None` where nobody is shown it.
    pub judgement: Option<&'a Judgement>,
}

/// What the record is.
#[derive(Debug, Clone)]
pub(super) enum Item<'a> {
    Deployment(&'a Summary),
    Rule(&'a Rule),
    Resource(&'a Resource),
    /// Boxed: there may be 100,000 rules, but metrics are few.
    Metric(Box<Metric<'a>>),
}

impl Item<'_> {
    /// What kind of row it is.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Item::Deployment(_) => Kind::Deployments,
            Item::Rule(_) => Kind::Rules,
            Item::Resource(_) => Kind::Resources,
            Item::Metric(_) => Kind::Cluster,
        }
    }

    /// What it is found by: the id of a rule or a resource, the name of a metric.
    pub(super) fn name(&self) -> &str {
        match self {
            Item::Deployment(summary) => &summary.name,
            Item::Rule(rule) => &rule.rule_id,
            Item::Resource(resource) => &resource.resource_id,
            Item::Metric(metric) => metric.key.name(),
        }
    }
}

impl Record for Row<'_> {
    /// The row's own fields, and those of the whole deployment (`metrics.NAME` ...).
    fn field(&self, name: &str) -> Option<Field<'_>> {
        match fields(self.item.kind()).find(|field| field.name == name) {
            Some(field) => Some(self.value(field)),
            None => self.report.snapshot.field(name),
        }
    }
}

impl Row<'_> {
    /// What stands in that field; a row of another kind has nothing there.
    pub(super) fn value(&self, field: &FieldSpec) -> Field<'_> {
        match (field.read, &self.item) {
            (Read::Deployment(read), _) => read(self.report),
            (Read::Identity(read), _) => read(self.report).map_or(Field::Missing, Field::text),
            (Read::Summary(read), Item::Deployment(summary)) => read(summary),
            (Read::Rule(read), Item::Rule(rule)) => read(rule),
            (Read::Count(count), Item::Rule(rule)) => rule.counts[count].into(),
            (Read::Share(read), Item::Rule(rule)) => read(rule),
            (Read::CountRate(count), _) => self.count_rate(count).into(),
            (Read::Resource(read), Item::Resource(resource)) => read(resource),
            (Read::Metric(read), Item::Metric(metric)) => read(metric),
            (Read::Value, Item::Metric(metric)) => Field::Number(metric.value),
            (Read::ValueRate, _) => self.value_rate().into(),
            _ => Field::Missing,
        }
    }

    /// How severe it is, as the checks have it; `None` for a metric that no check is about.
    pub(super) fn severity(&self) -> Option<Status> {
        if let Item::Deployment(summary) = &self.item {
            return Some(summary.status);
        }
        let judgement = self.judgement?;
        match &self.item {
            Item::Deployment(summary) => Some(summary.status),
            Item::Rule(rule) => Some(judgement.of_rule(rule, self.rates_in_window())),
            Item::Resource(resource) => Some(judgement.of_resource(resource)),
            Item::Metric(metric) => judgement.of_field(&metric.field()),
        }
    }

    /// What is said of it where it is a deployment in trouble.
    pub(super) fn trouble(&self) -> Option<(Status, String)> {
        let Item::Deployment(summary) = &self.item else { return None };
        let text = format!("{}: {}", summary.name, summary.worst.as_deref().unwrap_or_default());
        Some((summary.status, text)).filter(|(status, _)| *status > Status::Ok)
    }

    /// The same of what stands in one field.
    pub(super) fn severity_of(&self, field: &FieldSpec) -> Option<Status> {
        match (field.name, field.read, &self.item) {
            ("status", ..) => match &self.item {
                Item::Rule(rule) => Some(self.judgement?.of_rule(rule, None)),
                _ => self.severity(),
            },
            (_, Read::Count(count) | Read::CountRate(count), Item::Rule(_)) => {
                self.judgement?.of_count(count, self.rates_in_window())
            }
            (_, Read::Share(_), Item::Rule(_)) => {
                self.judgement?.of_count(RuleCount::ActionsFailed, self.rates_in_window())
            }
            (_, _, Item::Deployment(_)) => {
                let about: &[&str] = match field.name {
                    "nodes" | "nodes_running" | "nodes_stopped" => {
                        &["metrics.cluster_nodes_stopped", "metrics.cluster_nodes_running"]
                    }
                    "dropped_rate" => &["metrics.messages_dropped", "metrics.delivery_dropped"],
                    "rules" | "rules_disabled" => &["rules.disabled"],
                    "resources" | "resources_down" => &["resources.down"],
                    _ => return None,
                };
                self.judgement?.of_fields(about)
            }
            (_, Read::Value | Read::ValueRate, _) => self.severity(),
            _ => None,
        }
    }

    fn rates_in_window(&self) -> Option<(&PerCount, Duration)> {
        Some((self.rule_rates?, *self.report.rates.as_ref()?.elapsed.get(Endpoint::DataIntegration)?))
    }

    /// How fast a count of a rule grows, per second.
    pub(super) fn count_rate(&self, count: RuleCount) -> Option<f64> {
        self.rule_rates?[count]
    }

    /// How fast the value of a metric grows, per second.
    pub(super) fn value_rate(&self) -> Option<f64> {
        match &self.item {
            Item::Metric(metric) => self.report.rates.as_ref()?.of_metric(metric),
            Item::Deployment(_) | Item::Rule(_) | Item::Resource(_) => None,
        }
    }

    /// The growth per second of one of its own fields (`failed`, of a metric `value`) or of one of the whole deployment
    /// (`metrics.NAME`, `rules.failed`). `None` where it has none.
    fn rate(&self, name: &str) -> Option<f64> {
        match fields(self.item.kind()).find(|field| rated(field.name) == Some(name)).map(|field| self.value(field)) {
            Some(Field::Number(rate)) => Some(rate),
            Some(Field::Missing | Field::Text(_)) => None,
            None => self.report.rates.as_ref()?.of_field(name),
        }
    }

    /// What can be said of the condition: with its rate where it is about one.
    pub(super) fn truth(&self, condition: &Expr) -> Truth {
        if condition.needs_rates() {
            self.rate(condition.field()).map_or(Truth::Unknown, |rate| condition.compare(rate))
        } else {
            condition.evaluate(self)
        }
    }
}

impl Row<'_> {
    /// What can be said of a condition that makes a verdict: unlike for a filter, nothing where it rests on a value that
    /// means nothing, a status with no known word or a count below 0.
    pub(super) fn verdict(&self, condition: &Expr) -> Truth {
        let is_number = matches!(condition.value(), Value::Number(..));
        let in_doubt = match &self.item {
            Item::Rule(rule) => match RuleCount::from_name(condition.field()) {
                Some(count) => rule.counts[count].is_some_and(|count| count < 0.0),
                None => {
                    condition.field() == "status" && matches!(rule.status, Some(RuleStatus::Other(_))) && !is_number
                }
            },
            Item::Resource(resource) => {
                let is_other = matches!(resource.status, Some(ResourceStatus::Other(_)));
                condition.field() == "status" && is_other && !is_number
            }
            // An unknown status says so itself.
            Item::Deployment(_) | Item::Metric(_) => false,
        };
        if in_doubt { Truth::Unknown } else { self.truth(condition) }
    }
}

/// Whether a pattern with `*` and `?` matches its name, with or without what stands before it; or another name of it.
pub(super) fn metric_matches(metric: &Metric<'_>, pattern: &str) -> bool {
    let (key, family) = (metric.key, metric.key.family());
    let bare = Scope::cut(&family).map_or(key.name(), |(_, bare)| bare);
    let is_alias = || key.entry().is_some_and(|entry| catalog::find(pattern).contains(&entry));
    [key.name(), &key.to_string(), &family, bare].into_iter().any(|name| names::matches(pattern, name)) || is_alias()
}
