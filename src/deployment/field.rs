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

impl<'a> Field<'a> {
    /// Text that is there.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Field<'a> {
        Field::Text(text.into())
    }
}

impl From<Option<f64>> for Field<'_> {
    fn from(value: Option<f64>) -> Self {
        value.map_or(Field::Missing, Field::Number)
    }
}

/// Something with named fields: a row of a view, a deployment.
pub trait Record {
    /// The field `name`; `None` where this kind of record has no such field.
    fn field(&self, name: &str) -> Option<Field<'_>>;
}

/// What a field holds when it is not missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    Number,
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words, or a number where a server sends one that none of them stands for.
    State(&'static [&'static str]),
}
