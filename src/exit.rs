//! The exit-code table: the one place that says how an outcome reaches a script. [`Exit::ALL`] is the table;
//! [`Exit::code`], [`Exit::word`] and [`Exit::meaning`] are its columns.
//!
//! 1 to 3 are what monitoring plugins use; 64 to 78 are those of BSD's `sysexits.h`; 130 is a shell's 128 + SIGINT.

use std::process::ExitCode;

/// How a run ended. The order of the variants is their rank: where several deployments end
/// differently, the run ends as the greatest of them, so `max` finds it.
///
/// Among failures the rank goes from what may pass by itself to what somebody has to mend.
/// With a verdict, `Critical` outranks `Unknown`, which outranks `Warning`; failures are folded into
/// `Unknown` before they are compared, so the two halves never meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    Ok,
    Warning,
    Unknown,
    Critical,
    TryLater,
    Unavailable,
    BadData,
    NoInput,
    IoError,
    Denied,
    Config,
    Usage,
    Bug,
    Interrupted,
}

impl Exit {
    /// Every outcome, by exit status.
    pub const ALL: [Exit; 14] = [
        Exit::Ok,
        Exit::Warning,
        Exit::Critical,
        Exit::Unknown,
        Exit::Usage,
        Exit::BadData,
        Exit::NoInput,
        Exit::Unavailable,
        Exit::Bug,
        Exit::IoError,
        Exit::TryLater,
        Exit::Denied,
        Exit::Config,
        Exit::Interrupted,
    ];

    /// The process's exit status.
    pub fn code(self) -> u8 {
        match self {
            Exit::Ok => 0,
            Exit::Warning => 1,
            Exit::Critical => 2,
            Exit::Unknown => 3,
            Exit::Usage => 64,
            Exit::BadData => 65,
            Exit::NoInput => 66,
            Exit::Unavailable => 69,
            Exit::Bug => 70,
            Exit::IoError => 74,
            Exit::TryLater => 75,
            Exit::Denied => 77,
            Exit::Config => 78,
            Exit::Interrupted => 130,
        }
    }

    /// The outcome where a verdict was asked for: what kept it from being reached leaves it unknown.
    pub fn as_verdict(self) -> Exit {
        match self {
            Exit::Ok | Exit::Warning | Exit::Unknown | Exit::Critical | Exit::Bug | Exit::Interrupted => self,
            Exit::Usage
            | Exit::BadData
            | Exit::NoInput
            | Exit::IoError
            | Exit::Unavailable
            | Exit::TryLater
            | Exit::Denied
            | Exit::Config => Exit::Unknown,
        }
    }

    /// The word that stands for it in `errors[].code`.
    pub fn word(self) -> &'static str {
        match self {
            Exit::Ok => "ok",
            Exit::Warning => "warning",
            Exit::Critical => "critical",
            Exit::Unknown => "unknown",
            Exit::Usage => "usage",
            Exit::BadData => "bad_data",
            Exit::NoInput => "no_input",
            Exit::Unavailable => "unavailable",
            Exit::Bug => "bug",
            Exit::IoError => "io_error",
            Exit::TryLater => "try_later",
            Exit::Denied => "denied",
            Exit::Config => "config",
            Exit::Interrupted => "interrupted",
        }
    }

    /// When a run ends so, as man pages and README tell it.
    pub fn meaning(self) -> &'static str {
        match self {
            Exit::Ok => "it worked; with a verdict asked for: healthy",
            Exit::Warning => "a verdict was asked for, and it is a warning",
            Exit::Critical => "a verdict was asked for, and it is critical",
            Exit::Unknown => "a verdict was asked for, and could not be reached",
            Exit::Usage => "the command line is wrong",
            Exit::BadData => "the answer is not metrics, or is truncated",
            Exit::NoInput => "an --input file cannot be read",
            Exit::Unavailable => "no connection, name lookup, TLS, time-out, 5xx",
            Exit::Bug => "a fault in emqstat",
            Exit::IoError => "stdout or a file cannot be written",
            Exit::TryLater => "429 or 503 after the retries",
            Exit::Denied => "401, 403",
            Exit::Config => "profile file or profile",
            Exit::Interrupted => "interrupted, as by Ctrl-C",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_no_status_or_word_stands_twice() {
        let codes = Exit::ALL.map(Exit::code);
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
        let mut words = Exit::ALL.map(Exit::word);
        words.sort_unstable();
        assert!(words.windows(2).all(|pair| pair[0] != pair[1]), "{words:?}");
    }
}
