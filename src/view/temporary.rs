use crate::deployment::*;
use std::borrow::Cow;
fn n(v: Option<f64>) -> Option<Field<'static>> {
    Some(v.map_or(Field::Missing, Field::Number))
}
impl Record for Rule {
    fn field(&self, name: &str) -> Option<Field<'_>> {
        match name {
            "rule_id" => Some(Field::Text(Cow::Borrowed(&self.rule_id))),
            "status" => Some(match self.status {
                None => Field::Missing,
                Some(RuleStatus::Enabled) => Field::Text("enabled".into()),
                Some(RuleStatus::Disabled) => Field::Text("disabled".into()),
                Some(RuleStatus::Other(v)) => Field::Text(v.to_string().into()),
            }),
            "status_code" => Some(match self.status {
                None => Field::Missing,
                Some(RuleStatus::Enabled) => Field::Number(1.0),
                Some(RuleStatus::Disabled) => Field::Number(0.0),
                Some(RuleStatus::Other(v)) => Field::Number(v),
            }),
            "matched" => n(self.matched),
            "passed" => n(self.passed),
            "failed" => n(self.failed),
            "exception" => n(self.exception),
            "no_result" => n(self.no_result),
            "actions_taken" => n(self.actions_taken),
            "actions_success" => n(self.actions_success),
            "actions_failed" => n(self.actions_failed),
            "matched_rate" => n(self.matched_rate),
            _ => None,
        }
    }
}
impl Record for Resource {
    fn field(&self, name: &str) -> Option<Field<'_>> {
        let (kind, rest) =
            self.resource_id.split_once(':').map_or((None, self.resource_id.as_str()), |(k, r)| (Some(k), r));
        match name {
            "resource_id" => Some(Field::Text(Cow::Borrowed(&self.resource_id))),
            "type" => Some(kind.map_or(Field::Missing, |k| Field::Text(k.into()))),
            "name" => Some(Field::Text(rest.into())),
            "status" => Some(match self.status {
                None => Field::Missing,
                Some(ResourceStatus::Connected) => Field::Text("connected".into()),
                Some(ResourceStatus::Disconnected) => Field::Text("disconnected".into()),
                Some(ResourceStatus::Other(v)) => Field::Text(v.to_string().into()),
            }),
            "status_code" => Some(match self.status {
                None => Field::Missing,
                Some(ResourceStatus::Connected) => Field::Number(1.0),
                Some(ResourceStatus::Disconnected) => Field::Number(0.0),
                Some(ResourceStatus::Other(v)) => Field::Number(v),
            }),
            _ => None,
        }
    }
}
