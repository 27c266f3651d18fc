//! The exit-code table: the one place that says how an outcome reaches a script.
//!
//! | code | word | when |
//! | --- | --- | --- |
//! | 0 | `ok` | it worked; with a verdict asked for: healthy |
//! | 1 | `warning` | a verdict was asked for and it is a warning |
//! | 2 | `critical` | a verdict was asked for and it is critical |
//! | 3 | `unknown` | a verdict was asked for and could not be reached |
//! | 64 | `usage` | the command line is wrong |
//! | 65 | `bad_data` | the answer is not metrics, or is truncated |
//! | 66 | `no_input` | an `--input` file cannot be read |
//! | 69 | `unavailable` | no connection, name lookup, TLS, time-out, 5xx |
//! | 70 | `bug` | a fault in emqstat |
//! | 75 | `try_later` | 429 or 503 after the retries |
//! | 77 | `denied` | 401, 403 |
//! | 78 | `config` | profile file or profile |
//! | 130 | `interrupted` | Ctrl-C |
//!
//! 1 to 3 are what monitoring plugins use; 64 to 78 are those of BSD's `sysexits.h`.

use crate::scrape;
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
    Denied,
    Config,
    Usage,
    Bug,
    Interrupted,
}

impl Exit {
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
            Exit::TryLater => 75,
            Exit::Denied => 77,
            Exit::Config => 78,
            Exit::Interrupted => 130,
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
            Exit::TryLater => "try_later",
            Exit::Denied => "denied",
            Exit::Config => "config",
            Exit::Interrupted => "interrupted",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// What the table leaves open: an answer that is no metrics and has no row of its own (a redirect, 404, 400, 422, a body
/// beyond its limit) is `bad_data`, because a server gave it; `config` is what is wrong before anybody was asked.
impl From<&scrape::Error> for Exit {
    fn from(error: &scrape::Error) -> Exit {
        use scrape::Error as E;
        match error {
            E::Address { .. } | E::PlainHttp { .. } | E::AppId | E::CaCert { .. } | E::ProxySetting { .. } => {
                Exit::Config
            }
            E::Lookup { .. }
            | E::Connect { .. }
            | E::Proxy { .. }
            | E::Tls { .. }
            | E::TimedOut { .. }
            | E::Closed { .. }
            | E::Server { .. } => Exit::Unavailable,
            E::Denied { .. } => Exit::Denied,
            E::TryLater { .. } => Exit::TryLater,
            E::NotFound { .. }
            | E::Redirect { .. }
            | E::Refused { .. }
            | E::NotMetrics { .. }
            | E::Truncated { .. }
            | E::Damaged { .. }
            | E::TooLarge { .. } => Exit::BadData,
            E::Input { .. } => Exit::NoInput,
        }
    }
}
