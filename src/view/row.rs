//! Rows: one rule, resource or metric, with the deployment it belongs to, all read by field name.

use super::field::rated;
use crate::deployment::{Field, Metric, PerCount, Record, Resource, Rule, RuleCount};
use crate::health::{Expr, Truth};
use crate::names;
use crate::source::Report;
use std::borrow::Cow;

/// One record of an answer.
#[derive(Debug)]
pub struct Row<'a> {
    pub report: &'a Report,
    pub item: Item<'a>,
    /// How fast a rule's counts grow; `None` for what is no rule, and where nothing can be said.
    pub rule_rates: Option<&'a PerCount>,
}

/// What the record is.
#[derive(Debug)]
pub enum Item<'a> {
    Rule(&'a Rule),
    Resource(&'a Resource),
    /// Boxed: there may be 100,000 rules, but metrics are few.
    Metric(Box<Metric<'a>>),
}

impl Record for Row<'_> {
    /// The deployment's own fields, those of the record, and those of the whole deployment (`metrics.NAME` ...).
    fn field(&self, name: &str) -> Option<Field<'_>> {
        let identity = &self.report.snapshot.identity;
        let own = match name {
            "profile" => Some(text(self.report.profile.as_deref())),
            "endpoint" => Some(text(self.report.endpoint.as_deref())),
            "deployment_id" => Some(text(identity.deployment_id.as_deref())),
            "deployment_type" => Some(text(identity.deployment_type.as_deref())),
            "platform" => Some(text(identity.platform.as_deref())),
            "scraped_at" => Some(Field::Text(Cow::Owned(format!("{:.3}", self.report.scraped_at)))),
            "window_seconds" => Some(self.window_seconds().into()),
            _ if rated(name).is_some() => Some(rated(name).and_then(|field| self.rate(field)).into()),
            _ => match &self.item {
                Item::Rule(rule) => rule.field(name),
                Item::Resource(resource) => resource.field(name),
                Item::Metric(metric) => metric_field(metric, name),
            },
        };
        own.or_else(|| self.report.snapshot.field(name))
    }
}

impl Row<'_> {
    /// The growth per second of one of its own fields (`failed`, of a metric `value`) or of one of the whole deployment
    /// (`metrics.NAME`, `rules.failed`). `None` where it has none.
    pub fn rate(&self, field: &str) -> Option<f64> {
        let rates = self.report.rates.as_ref()?;
        match (&self.item, RuleCount::from_name(field)) {
            (Item::Rule(_), Some(count)) => self.rule_rates?[count],
            (Item::Metric(metric), _) if field == "value" => rates.of_metric(metric),
            _ => rates.of_field(field),
        }
    }

    /// What can be said of the condition: with its rate where it is about one.
    pub fn truth(&self, condition: &Expr) -> Truth {
        match condition.needs_rates() {
            true => self.rate(condition.field()).map_or(Truth::Unknown, |rate| condition.compare(rate)),
            false => condition.evaluate(self),
        }
    }

    /// The time between the two looks.
    fn window_seconds(&self) -> Option<f64> {
        self.report.window().map(|window| window.as_secs_f64())
    }
}

/// The name of a metric here tells `cluster.NAME` from `metrics.NAME`; what it has nothing to say of is missing.
fn metric_field<'a>(metric: &'a Metric<'_>, name: &str) -> Option<Field<'a>> {
    match name {
        "name" => Some(Field::text(metric_name(metric))),
        _ => metric.field(name).map(|field| if field == Field::text("") { Field::Missing } else { field }),
    }
}

/// `cluster.NAME` or `metrics.NAME`, as in expressions, or the whole name of a series.
pub fn metric_name<'a>(metric: &'a Metric<'_>) -> &'a str {
    metric.key.as_deref().unwrap_or(metric.name)
}

/// Its name with its labels, as the text format writes them: `name{label="value"}`.
pub fn metric_series<'a>(metric: &'a Metric<'_>) -> Cow<'a, str> {
    match metric.labels {
        [] => Cow::Borrowed(metric_name(metric)),
        _ => Cow::Owned(format!("{}{{{}}}", metric_name(metric), metric.label_text())),
    }
}

/// Whether a pattern with `*` and `?` matches its name, with or without what stands before it.
pub fn metric_matches(metric: &Metric<'_>, pattern: &str) -> bool {
    let bare = ["deployment_emqx_metrics_", "deployment_emqx_", "emqx_"];
    let bare = bare.into_iter().find_map(|prefix| metric.family.strip_prefix(prefix)).unwrap_or(metric.name);
    [metric.name, metric_name(metric), &metric.family, bare].into_iter().any(|name| names::matches(pattern, name))
}

/// Text that may be missing.
fn text(value: Option<&str>) -> Field<'_> {
    value.map_or(Field::Missing, Field::text)
}
