//! Why an expression cannot be used.

use crate::exit::Exit;
use crate::text::visible;

/// What is wrong with an expression. Whoever wrote it has to change it: on the command line that is a usage error, in a
/// profile a fault of the profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExprError {
    /// It is not `FIELD OP VALUE`.
    #[error("'{}', column {column}: {reason}", visible(text))]
    Syntax {
        text: String,
        /// In characters, counted from 1.
        column: usize,
        reason: String,
        hint: String,
    },
    /// The records that it is asked of have no such field.
    #[error("'{}': there is no field '{}'", visible(text), visible(field))]
    UnknownField { text: String, field: String, near: Vec<String> },
    /// Operator or value do not go with what the field holds.
    #[error("'{}': {reason}", visible(text))]
    Mismatch { text: String, reason: String, hint: String },
}

impl ExprError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            ExprError::Syntax { hint, .. } | ExprError::Mismatch { hint, .. } => Some(hint.clone()),
            ExprError::UnknownField { near, .. } => match near.as_slice() {
                [] => None,
                [one] => Some(format!("did you mean '{one}'?")),
                several => Some(format!("did you mean one of {}?", several.join(", "))),
            },
        }
    }

    pub(super) fn mismatch(text: &str, reason: String, hint: impl Into<String>) -> ExprError {
        // What was written is repeated in it.
        let reason = visible(&reason).into_owned();
        ExprError::Mismatch { text: text.to_owned(), reason, hint: hint.into() }
    }

    /// `field` may fall as well as rise.
    pub fn no_rate(text: &str, field: &str) -> ExprError {
        let reason = format!("{field} does not only grow and has no rate");
        ExprError::mismatch(text, reason, "rate() takes a counter; compare what does not only grow as it is")
    }

    /// `field` holds text, which has no order.
    pub(super) fn text_has_no_order(text: &str, field: &str, sign: &str) -> ExprError {
        let reason = format!("{field} is text, and '{sign}' compares numbers");
        ExprError::mismatch(text, reason, "text is compared with ==, !=, =~ or !~")
    }
}

/// An expression on the command line; who reads one from a profile has to say so instead.
impl From<&ExprError> for Exit {
    fn from(error: &ExprError) -> Exit {
        match error {
            ExprError::Syntax { .. } | ExprError::UnknownField { .. } | ExprError::Mismatch { .. } => Exit::Usage,
        }
    }
}
