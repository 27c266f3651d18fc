//! Records whose fields can be asked for by name: columns, filters and verdicts all read through this.

use std::borrow::Cow;

/// The value of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Field<'a> {
    /// The field exists and was not received.
    Missing,
    Number(f64),
    Text(Cow<'a, str>),
}

/// Something with named fields: a rule, a resource, a metric, a deployment.
pub trait Record {
    /// The field `name`; `None` where this kind of record has no such field.
    fn field(&self, name: &str) -> Option<Field<'_>>;
}
