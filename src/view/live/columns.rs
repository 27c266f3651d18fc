//! The columns of the live views. Rates come first: whoever watches looks for what happens now.

use super::super::answer::Kind;
use super::super::field::{FieldSpec, fields};
use super::super::format::Format;
use super::super::screen::Screen;
use super::super::settings::{Request, RequestError, Settings};
use std::borrow::Cow;

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// The field of a row that stands in it.
    pub field: Cow<'static, str>,
    pub title: Cow<'static, str>,
    pub is_number: bool,
    /// The least important columns give way on a narrow screen.
    pub importance: u8,
}

impl Column {
    /// Never gives way.
    pub const ESSENTIAL: u8 = u8::MAX;

    /// Whether it shows growth per second.
    pub fn is_rate(&self) -> bool {
        self.field.starts_with("rate(")
    }
}

const E: u8 = Column::ESSENTIAL;

const RULES: &[(&str, &str, u8)] = &[
    ("rule_id", "rule", E),
    ("status", "status", E),
    ("rate(matched)", "matched/s", 95),
    ("rate(passed)", "passed/s", 45),
    ("rate(failed)", "failed/s", 60),
    ("rate(exception)", "exceptions/s", 85),
    ("rate(actions_taken)", "actions/s", 70),
    ("rate(actions_failed)", "failed actions/s", 90),
    ("matched", "matched", 55),
    ("passed", "passed", 20),
    ("failed", "failed", 30),
    ("exception", "exceptions", 65),
    ("actions_taken", "actions", 35),
    ("actions_failed", "failed actions", 75),
];

const RESOURCES: &[(&str, &str, u8)] =
    &[("type", "type", E), ("name", "name", E), ("status", "status", E), ("resource_id", "id", 20)];

const METRICS: &[(&str, &str, u8)] = &[
    ("name", "metric", E),
    ("value", "value", E),
    ("rate(value)", "per second", 90),
    ("unit", "unit", 60),
    ("group", "group", 40),
    ("description", "meaning", 20),
];

/// The columns of a kind's rows, or those that were asked for by name.
///
/// # Errors
/// A name of no column.
pub fn columns(kind: Kind, asked: &[String]) -> Result<Vec<Column>, RequestError> {
    // The same check as for tables.
    Settings::new(kind, Format::Table, Screen::PLAIN, &Request { columns: asked, rates: true, ..Request::default() })?;
    let specs: &[(&str, &str, u8)] = match kind {
        Kind::Cluster => METRICS,
        Kind::Rules => RULES,
        Kind::Resources => RESOURCES,
    };
    let is_number = |name: &str| name.starts_with("rate(") || spec(kind, name).is_some_and(|spec| spec.is_number);
    if asked.is_empty() {
        let column = |&(field, title, importance): &(&'static str, &'static str, u8)| Column {
            field: Cow::Borrowed(field),
            title: Cow::Borrowed(title),
            is_number: is_number(field),
            importance,
        };
        return Ok(specs.iter().map(column).collect());
    }
    let column = |name: &String| {
        let field = spec(kind, name.trim()).map_or(name.trim(), |spec| spec.name).to_owned();
        let title = specs.iter().find(|(known, ..)| *known == field).map(|(_, title, _)| Cow::Borrowed(*title));
        let (is_number, title) = (is_number(&field), title.unwrap_or_else(|| field.clone().into()));
        Column { field: field.into(), title, is_number, importance: E }
    };
    Ok(asked.iter().map(column).collect())
}

fn spec(kind: Kind, name: &str) -> Option<&'static FieldSpec> {
    fields(kind).find(|field| field.name.eq_ignore_ascii_case(name))
}
