//! The marks: one sign and one colour for each status, in every table and on the screen.

use super::table::Cell;
use crate::health::{CheckStatus, Status};
use crate::style::Role;

/// What tells a status without colour.
pub(crate) fn sign(status: Status) -> &'static str {
    match status {
        Status::Ok => "✓",
        Status::Warning => "!",
        Status::Unknown => "?",
        Status::Critical => "✗",
    }
}

/// The colour of a status.
pub(crate) fn role(status: Status) -> Role {
    match status {
        Status::Ok => Role::Healthy,
        Status::Warning | Status::Unknown => Role::Warning,
        Status::Critical => Role::Error,
    }
}

/// The colour of a number that is as severe as that: what is well stands back.
pub(super) fn number_role(status: Option<Status>, value: f64) -> Role {
    match status {
        Some(status) if status > Status::Ok => role(status),
        _ if value == 0.0 => Role::Muted,
        _ => Role::Plain,
    }
}

/// The first cell of a row; blank where there is nothing to say.
pub(super) fn cell(status: Option<Status>) -> Cell<'static> {
    status.map_or_else(Cell::default, |status| Cell::of(role(status), sign(status)))
}

/// That of a check, which may have been skipped.
pub(super) fn of_check(status: CheckStatus) -> (&'static str, Role) {
    status.judged().map_or(("-", Role::Muted), |status| (sign(status), role(status)))
}
