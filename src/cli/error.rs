//! A command line that can be read and not carried out.

use crate::health::PolicyError;

/// What is wrong with it, and what to do next.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct UsageError {
    message: String,
    pub hint: Option<String>,
}

impl UsageError {
    /// A sentence that names what is wrong.
    pub fn new(message: impl Into<String>) -> UsageError {
        UsageError { message: message.into(), hint: None }
    }

    /// With what to do next.
    pub fn with_hint(message: impl Into<String>, hint: impl Into<String>) -> UsageError {
        UsageError { message: message.into(), hint: Some(hint.into()) }
    }
}

/// A check or a threshold of the command line that there is not.
impl From<PolicyError> for UsageError {
    fn from(error: PolicyError) -> UsageError {
        UsageError { hint: error.hint(), message: error.to_string() }
    }
}
