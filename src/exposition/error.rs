//! Why a body could not be read as metrics.

use crate::exit::Exit;

/// A malformed line. The scrape that holds it is refused whole, as Prometheus does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct SyntaxError {
    /// Counted from 1.
    pub line: u64,
    /// In bytes, counted from 1.
    pub column: u64,
    /// What was found and what was expected; holds no more than a short excerpt of the input.
    pub reason: String,
}

/// The reader failed, or what it gave is no metrics.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
}

impl ReadError {
    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        match self {
            ReadError::Io(_) => None,
            ReadError::Syntax(_) => Some("see what was received with 'emqstat scrape -o raw'".to_owned()),
        }
    }
}

/// A body that is no metrics is bad data. A reader's failure counts as that of a connection; who reads
/// from a file has to say so instead.
impl From<&ReadError> for Exit {
    fn from(error: &ReadError) -> Exit {
        match error {
            ReadError::Io(_) => Exit::Unavailable,
            ReadError::Syntax(_) => Exit::BadData,
        }
    }
}
