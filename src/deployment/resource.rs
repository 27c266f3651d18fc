//! A resource: the connector to a database, broker or service outside.

use super::field::{Field, Record};
use crate::units;
use std::borrow::Cow;

/// `resource_status`: 1 connected, 0 not (vendor's page); any other value is kept as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ResourceStatus {
    Connected,
    Disconnected,
    Other(f64),
}

impl ResourceStatus {
    /// What the value says.
    pub fn from_code(code: f64) -> ResourceStatus {
        match code {
            1.0 => ResourceStatus::Connected,
            0.0 => ResourceStatus::Disconnected,
            other => ResourceStatus::Other(other),
        }
    }

    /// The value as sent.
    pub fn code(self) -> f64 {
        match self {
            ResourceStatus::Connected => 1.0,
            ResourceStatus::Disconnected => 0.0,
            ResourceStatus::Other(code) => code,
        }
    }

    /// `connected`, `disconnected`, or the value itself.
    pub fn word(self) -> Cow<'static, str> {
        match self {
            ResourceStatus::Connected => "connected".into(),
            ResourceStatus::Disconnected => "disconnected".into(),
            ResourceStatus::Other(code) => units::plain(code).into(),
        }
    }
}

/// A connector.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resource {
    /// `TYPE:NAME`.
    pub resource_id: String,
    pub status: Option<ResourceStatus>,
}

impl Resource {
    /// What stands before the first colon of the id; `None` in an id without one.
    pub fn kind(&self) -> Option<&str> {
        self.resource_id.split_once(':').map(|(kind, _)| kind)
    }

    /// What stands after the first colon of the id; the whole of an id without one.
    pub fn name(&self) -> &str {
        self.resource_id.split_once(':').map_or(&self.resource_id, |(_, name)| name)
    }
}

impl Record for Resource {
    fn field(&self, name: &str) -> Option<Field<'_>> {
        Some(match name {
            "resource_id" => Field::text(&self.resource_id),
            "type" => self.kind().map_or(Field::Missing, Field::text),
            "name" => Field::text(self.name()),
            "status" => self.status.map_or(Field::Missing, |status| Field::Text(status.word())),
            "status_code" => self.status.map(ResourceStatus::code).into(),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_type_and_a_name() {
        for (id, kind, name) in [
            ("http:connector-1", Some("http"), "connector-1"),
            ("mqtt:a:b", Some("mqtt"), "a:b"),
            ("bare", None, "bare"),
            (":x", Some(""), "x"),
        ] {
            let resource = Resource { resource_id: id.into(), status: None };
            assert_eq!((resource.kind(), resource.name()), (kind, name), "{id}");
        }
    }

    #[test]
    fn every_field_is_there() {
        let up = Resource { resource_id: "http:c".into(), status: Some(ResourceStatus::from_code(1.0)) };
        for (name, text) in [("resource_id", "http:c"), ("type", "http"), ("name", "c"), ("status", "connected")] {
            assert_eq!(up.field(name), Some(Field::text(text)));
        }
        assert_eq!(up.field("status_code"), Some(Field::Number(1.0)));
        assert_eq!(up.field("rule_id"), None);
        assert_eq!(ResourceStatus::from_code(0.0).word(), "disconnected");
        assert_eq!(ResourceStatus::from_code(3.0).word(), "3");
    }
}
