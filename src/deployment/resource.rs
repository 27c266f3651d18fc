//! A resource: the connector to a database, broker or service outside.

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
    /// The words that there are.
    pub const WORDS: &[&str] = &["connected", "disconnected"];

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
    fn a_status_is_told_in_a_word() {
        for (code, word) in [(1.0, "connected"), (0.0, "disconnected"), (3.0, "3")] {
            let status = ResourceStatus::from_code(code);
            assert_eq!((status.word().as_ref(), status.code()), (word, code));
        }
    }
}
