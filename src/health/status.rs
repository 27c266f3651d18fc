//! The verdict: four states in the order of their severity.

use crate::exit::Exit;

/// The state of a check, or of everything together. The order is that of severity:
/// critical outranks unknown, unknown outranks warning, so `max` gives the whole's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    Ok,
    Warning,
    /// It could not be judged: never healthy, and never critical either.
    Unknown,
    Critical,
}

impl Status {
    /// The word in JSON and in tables.
    pub fn word(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Warning => "warning",
            Status::Unknown => "unknown",
            Status::Critical => "critical",
        }
    }

    /// The worst of several. Of none at all nothing can be said.
    pub fn worst(all: impl IntoIterator<Item = Status>) -> Status {
        all.into_iter().max().unwrap_or(Status::Unknown)
    }
}

impl From<Status> for Exit {
    fn from(status: Status) -> Exit {
        match status {
            Status::Ok => Exit::Ok,
            Status::Warning => Exit::Warning,
            Status::Unknown => Exit::Unknown,
            Status::Critical => Exit::Critical,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn critical_outranks_unknown_outranks_warning() {
        assert_eq!(Status::worst([Status::Warning, Status::Unknown, Status::Ok]), Status::Unknown);
        assert_eq!(Status::worst([Status::Unknown, Status::Critical]), Status::Critical);
        assert_eq!(Status::worst([]), Status::Unknown);
    }
}
