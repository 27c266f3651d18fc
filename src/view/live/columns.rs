//! The columns of the live views. Rates come first: whoever watches looks for what happens now.

use super::super::answer::Kind;
use super::super::field::{FieldSpec, fields};

/// A column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// The field of a row that stands in it.
    pub field: &'static FieldSpec,
    pub title: &'static str,
    /// The least important columns give way on a narrow screen.
    pub importance: u8,
}

impl Column {
    /// Never gives way.
    pub(super) const ESSENTIAL: u8 = u8::MAX;
}

/// The columns that were asked for by name, else those of the kind's rows.
pub(super) fn columns(kind: Kind, asked: Option<&[&'static FieldSpec]>) -> Vec<Column> {
    if let Some(asked) = asked {
        let column = |&field: &&'static FieldSpec| {
            let title = field.live.map_or(field.name, |(title, _)| title);
            Column { field, title, importance: Column::ESSENTIAL }
        };
        return asked.iter().map(column).collect();
    }
    let column = |field: &'static FieldSpec| field.live.map(|(title, importance)| Column { field, title, importance });
    let mut columns: Vec<Column> = fields(kind).filter_map(column).collect();
    if kind != Kind::Deployments {
        columns.sort_by_key(|column| (column.importance < Column::ESSENTIAL, !column.field.is_rate()));
    }
    columns
}
