//! Rows: one rule, resource or metric, with the deployment it belongs to, all read by field name.

use super::answer::Report;
use super::metric::Metric;
use crate::deployment::{Field, Record, Resource, Rule};
use std::borrow::Cow;

/// One record of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub report: &'a Report,
    pub item: Item<'a>,
}

/// What the record is.
#[derive(Debug, Clone, Copy)]
pub enum Item<'a> {
    Rule(&'a Rule),
    Resource(&'a Resource),
    Metric(Metric<'a>),
}

impl Record for Row<'_> {
    fn field(&self, name: &str) -> Option<Field<'_>> {
        let identity = &self.report.snapshot.identity;
        match name {
            "profile" => Some(text(self.report.profile.as_deref())),
            "endpoint" => Some(text(self.report.endpoint.as_deref())),
            "deployment_id" => Some(text(identity.deployment_id.as_deref())),
            "deployment_type" => Some(text(identity.deployment_type.as_deref())),
            "platform" => Some(text(identity.platform.as_deref())),
            "scraped_at" => Some(Field::Text(Cow::Owned(format!("{:.3}", self.report.scraped_at)))),
            _ => match &self.item {
                Item::Rule(rule) => rule.field(name),
                Item::Resource(resource) => resource.field(name),
                Item::Metric(metric) => metric.field(name),
            },
        }
    }
}

/// Text that may be missing.
pub fn text(value: Option<&str>) -> Field<'_> {
    value.map_or(Field::Missing, |value| Field::Text(Cow::Borrowed(value)))
}
