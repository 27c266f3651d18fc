//! What can fail between asking and the last byte, in words.
//!
//! Each variant names what failed and on what; [`Error::hint`] says what to do next. Text that came from a server has
//! been made visible and shortened before it gets here, and no variant holds a secret.

use super::retry;
use crate::exit::Exit;
use crate::text::visible;
use crate::units;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// A failure of transport, of sign-in or of the answer's form, each naming what failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The API address is none.
    #[error("'{endpoint}' is no address to ask: {reason}")]
    Address { endpoint: String, reason: String },
    /// Plain `http` to another host than loopback.
    #[error("plain http to {host} is refused: APP ID and Secret would travel in the clear")]
    PlainHttp { host: String },
    /// The credentials cannot be sent as HTTP basic auth.
    #[error("the APP ID holds a colon, which ends the user name in HTTP basic auth")]
    AppId,
    /// A `ca_cert` that cannot be read or holds no usable certificate.
    #[error("ca_cert {}: {reason}", .path.display())]
    CaCert { path: PathBuf, reason: String },
    /// A proxy that the environment names and that cannot be used.
    #[error("the proxy in {variable} cannot be used: {reason}")]
    ProxySetting { variable: String, reason: String },

    /// The name has no address, or nobody could be asked.
    #[error("name lookup of {host} failed: {reason}")]
    Lookup { host: String, reason: String },
    /// No TCP connection.
    #[error("no connection to {peer}: {reason}")]
    Connect { peer: String, reason: String },
    /// The proxy did not open a tunnel. `status`: what it answered, if it did.
    #[error("proxy {proxy} (from {variable}) did not connect to {peer}: {reason}")]
    Proxy { proxy: String, variable: String, peer: String, status: Option<u16>, reason: String },
    /// The TLS handshake failed.
    #[error("TLS with {peer} failed: {problem}")]
    Tls { peer: String, problem: TlsProblem },
    /// A time limit was reached.
    #[error("time-out: {phase} {peer} took longer than {}{}", Seconds(*.limit), .setting.in_all())]
    TimedOut { phase: Phase, peer: String, limit: Duration, setting: TimeLimit },
    /// The connection ended before an answer began.
    #[error("{peer} closed the connection without an answer: {reason}")]
    Closed { peer: String, reason: String },

    /// 401 or 403.
    #[error("{} ({response})", if .response.status == 403 { "access refused" } else { "sign-in refused" })]
    Denied { response: ErrorResponse, profile: Option<String>, overridden: bool },
    /// 429 or 503, also after the retries.
    #[error("the server is overloaded or limits calls ({response}){}", Again(*.retry_after))]
    TryLater { response: ErrorResponse, retry_after: Option<Duration> },
    /// Any other 5xx.
    #[error("the server failed ({response})")]
    Server { response: ErrorResponse },

    /// 404.
    #[error("there is nothing at {url} ({response})")]
    NotFound { url: String, response: ErrorResponse },
    /// 3xx. `location` has lost its user info and query.
    #[error("the server redirects ({response}) to {}, which is not followed", .location.as_deref().unwrap_or("no address"))]
    Redirect { response: ErrorResponse, location: Option<String> },
    /// Any other status than 200.
    #[error("the server did not answer with metrics ({response})")]
    Refused { response: ErrorResponse },
    /// 200, and a page or a document.
    #[error("the answer from {url} is not metrics but {what}")]
    NotMetrics { url: String, what: String },
    /// 200, in a coding that was not asked for.
    #[error("the answer from {url} comes in the coding '{coding}', which emqstat did not ask for and cannot undo")]
    Coding { url: String, coding: String },
    /// The body ended before its end. `what`: the answer, or a file's name; likewise below.
    #[error("{what} is truncated after {received} bytes: {reason}")]
    Truncated { what: String, received: u64, reason: String },
    /// The body or the header is not what HTTP or gzip allow.
    #[error("{what} is damaged: {reason}")]
    Damaged { what: String, reason: String },
    /// The body exceeds `max_body` after decompression.
    #[error("{what} is larger than {}", Bytes(*.limit))]
    TooLarge { what: String, limit: u64 },

    /// A saved scrape that cannot be read. `name` is the file's, or `standard input`.
    #[error("cannot read {name}: {reason}")]
    Input { name: String, reason: String },
}

impl Error {
    /// What to do next, where there is something to say.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Error::Address { .. } => "an address looks like https://HOST:8443/api/v5".to_owned(),
            Error::PlainHttp { .. } => "use https, or accept the risk with --allow-http".to_owned(),
            Error::AppId => "check app_id: it has no colon".to_owned(),
            Error::CaCert { .. } => "name a file with one or more certificates in PEM form".to_owned(),
            Error::ProxySetting { .. } => {
                "write http://HOST:PORT or https://HOST:PORT, or exempt the host with NO_PROXY".to_owned()
            }
            Error::Lookup { .. } => "check the host name in the endpoint, and whether this machine has name service \
                                     for it"
                .to_owned(),
            Error::Connect { .. } => {
                "check host and port (usually 8443), and whether a firewall is in between".to_owned()
            }
            Error::Proxy { status: Some(407), variable, .. } => {
                format!("the proxy wants its own sign-in: {variable}=http://USER:PASSWORD@HOST:PORT")
            }
            Error::Proxy { variable, .. } => format!("check {variable}, or exempt the host with NO_PROXY"),
            Error::Tls { problem, .. } => return problem.hint().map(str::to_owned),
            Error::TimedOut { setting: TimeLimit::Connect, .. } => {
                "check host and port; --connect-timeout gives it more time".to_owned()
            }
            Error::TimedOut { setting: TimeLimit::Whole, .. } => {
                "a busy deployment can take 6 s and more; --timeout gives it more time".to_owned()
            }
            Error::TimedOut { setting: TimeLimit::Deadline, .. } => {
                "--deadline gives all deployments together more time".to_owned()
            }
            Error::Denied { response, profile, overridden } => {
                denied_hint(response.status, profile.as_deref(), *overridden)
            }
            // Retries do not wait for that long.
            Error::TryLater { retry_after: Some(wait), .. } if *wait > retry::ALL_WAITS => {
                "ask again when that has passed".to_owned()
            }
            Error::TryLater { .. } => "ask less often, or give it more --retries".to_owned(),
            Error::NotFound { .. } => {
                "the endpoint usually ends in /api/v5 (/api for v4 deployments): check it".to_owned()
            }
            Error::Redirect { .. } => "if that is the deployment's address, put it into the endpoint".to_owned(),
            Error::NotMetrics { .. } => {
                "check the endpoint: another service, a sign-in page or a proxy may have answered".to_owned()
            }
            Error::TooLarge { .. } => "--max-body takes more".to_owned(),
            Error::Coding { .. } => "a proxy in between may compress what passes: ask the deployment itself".to_owned(),
            Error::Closed { .. } => "check the port, and whether it speaks TLS (https) or plain HTTP (http)".to_owned(),
            Error::Server { .. } => "the deployment, or a gateway before it, is not well: try again later".to_owned(),
            Error::Refused { .. } => {
                "check the endpoint: another service, a cache or a proxy may have answered".to_owned()
            }
            Error::Truncated { .. } => "ask again; where it stays so, something in between cuts answers off".to_owned(),
            Error::Damaged { .. } => {
                "where it stays so, something in between changes answers, or it is no metrics".to_owned()
            }
            Error::Input { .. } => return None,
        };
        Some(hint)
    }

    /// How long to wait at least before the same request may well succeed; `None` where it will not.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        let is_transient = match self {
            Error::TryLater { retry_after, .. } => return Some(retry_after.unwrap_or_default()),
            Error::Lookup { .. }
            | Error::Connect { .. }
            | Error::TimedOut { .. }
            | Error::Closed { .. }
            | Error::Server { .. }
            | Error::Truncated { .. } => true,
            // What is damaged comes damaged again.
            Error::Damaged { .. } => false,
            Error::Tls { problem, .. } => matches!(problem, TlsProblem::Broken(_)),
            Error::Proxy { status, .. } => status.is_none_or(|s| s >= 500),
            _ => false,
        };
        is_transient.then_some(Duration::ZERO)
    }

    /// A gzip stream that cannot be decompressed.
    pub(super) fn gzip(what: &str, received: u64, error: &io::Error) -> Error {
        let what = what.to_owned();
        match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                Error::Truncated { what, received, reason: "its gzip stream has no end".to_owned() }
            }
            _ => Error::Damaged { what, reason: format!("gzip: {}", io_reason(error)) },
        }
    }
}

fn denied_hint(status: u16, profile: Option<&str>, overridden: bool) -> String {
    use crate::env::{APP_ID, APP_SECRET};
    match (status, profile) {
        (401, Some(name)) if overridden => {
            format!(
                "{APP_ID} and {APP_SECRET} in the environment count before what the profile '{name}' says: check or unset them"
            )
        }
        (403, _) => "the APP ID is known, but its role may not read metrics: give it one that may".to_owned(),
        (_, Some(name)) => format!("check app_id and app_secret with 'emqstat profile test {name}'"),
        (_, None) => {
            format!("check {} and {}", crate::env::APP_ID, crate::env::APP_SECRET)
        }
    }
}

/// A status that is no success, with what the API said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorResponse {
    pub status: u16,
    /// The API's own word, such as `BAD_API_KEY_OR_SECRET`.
    pub code: Option<String>,
    /// The API's message, or the beginning of a body in another form.
    pub message: Option<String>,
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        match &self.message {
            // A refused sign-in has one cause, which the code names; its message only repeats it.
            Some(message) if !(self.status == 401 && self.code.is_some()) => write!(f, ": {message}"),
            _ => Ok(()),
        }
    }
}

/// Why a TLS handshake failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsProblem {
    #[error("the certificate is signed by an unknown issuer")]
    UnknownIssuer,
    #[error("the certificate expired{}", .0.as_deref().unwrap_or_default())]
    Expired(Option<String>),
    #[error("the certificate is not valid yet{}", .0.as_deref().unwrap_or_default())]
    NotYetValid(Option<String>),
    /// The names that the certificate is valid for, as far as known.
    #[error("the certificate is for another host{}", .0.as_deref().unwrap_or_default())]
    WrongHost(Option<String>),
    /// Any other complaint about the certificate.
    #[error("the certificate is not acceptable: {0}")]
    Certificate(String),
    /// It names no host: the common name alone does not count (RFC 9525).
    #[error("the certificate names no host: it has no subjectAltName, and its common name does not count")]
    NamesNoHost,
    /// A CA's certificate in a server's place.
    #[error("the certificate is that of a CA and not of a server")]
    CaAsServer,
    #[error("the other side offers no version of TLS and no cipher that is safe: TLS 1.2 or 1.3 is needed")]
    NoCommonVersion,
    #[error("the other side asks for a certificate of the client (mutual TLS)")]
    ClientCertificate,
    /// What came back is no TLS.
    #[error("the other side does not speak TLS")]
    NotTls,
    /// The server refused with an alert, or there is no common version or cipher.
    #[error("{0}")]
    Refused(String),
    /// The connection broke during the handshake.
    #[error("the connection broke during the handshake: {0}")]
    Broken(String),
}

impl TlsProblem {
    fn hint(&self) -> Option<&'static str> {
        match self {
            TlsProblem::UnknownIssuer => Some("if it is your organisation's own, name its CA with --ca-cert FILE"),
            TlsProblem::Expired(_) => {
                Some("the server's certificate must be renewed; if it was, check this machine's clock")
            }
            TlsProblem::NotYetValid(_) => Some("check this machine's clock"),
            TlsProblem::WrongHost(_) => Some("use the name in the certificate as the endpoint's host"),
            TlsProblem::NotTls => Some("check the port: this one may speak plain HTTP"),
            TlsProblem::NamesNoHost => Some("the server needs a certificate with its host name as a subjectAltName"),
            TlsProblem::CaAsServer => Some("the server needs a certificate of its own, signed by that CA"),
            TlsProblem::NoCommonVersion => Some("the server, or a gateway before it, has to be brought up to date"),
            TlsProblem::ClientCertificate => {
                Some("emqstat has none to give: use an address that takes the APP ID and Secret alone")
            }
            TlsProblem::Certificate(_) => Some("the server needs another certificate"),
            TlsProblem::Refused(_) | TlsProblem::Broken(_) => {
                Some("check host and port, and whether a proxy or a firewall is in between")
            }
        }
    }
}

/// What was going on when the time ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Lookup,
    Connect,
    Proxy,
    Tls,
    /// From sending the request to the end of the answer's header.
    Answer,
    Body,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Phase::Lookup => "name lookup of",
            Phase::Connect => "connecting to",
            Phase::Proxy => "waiting for the proxy to connect to",
            Phase::Tls => "the TLS handshake with",
            Phase::Answer => "waiting for an answer from",
            Phase::Body => "receiving the answer from",
        })
    }
}

/// Which of the time limits, by its setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeLimit {
    /// `connect_timeout`.
    Connect,
    /// `timeout`.
    Whole,
    /// `--deadline`, for all that a command does.
    Deadline,
}

impl TimeLimit {
    fn in_all(self) -> &'static str {
        if self == TimeLimit::Deadline { ", the time for the whole command" } else { "" }
    }
}

/// Why a scrape gave nothing: it did not arrive, or its reader refused it.
#[derive(Debug)]
pub enum ScrapeError<E> {
    /// It did not arrive, or not whole.
    Transport(Error),
    /// It arrived as far as the reader went, and the reader refused it.
    Content(E),
}

impl<E> From<Error> for ScrapeError<E> {
    fn from(error: Error) -> ScrapeError<E> {
        ScrapeError::Transport(error)
    }
}

/// A step of [`super::diagnose()`], in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The name of the server, or of the proxy in between.
    Lookup,
    Connect,
    Proxy,
    Tls,
    SignIn,
    /// The request for what lies at this path.
    Request(&'static str),
}

/// An I/O error in words, without the number that Rust appends.
pub(super) fn io_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        io::ErrorKind::ConnectionReset => "connection reset".to_owned(),
        io::ErrorKind::UnexpectedEof => "the connection was closed".to_owned(),
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error ").next().unwrap_or_default();
            // What getaddrinfo says begins with what is known already.
            let text = text.strip_prefix("failed to lookup address information: ").unwrap_or(text);
            visible(text).into_owned()
        }
    }
}

/// A duration in seconds with at most three decimals.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0.as_millis() as f64 / 1000.0)
    }
}

/// A number of bytes in the largest binary unit that leaves it whole.
struct Bytes(u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            mib if mib > 0 && mib.is_multiple_of(1 << 20) => write!(f, "{} MiB", mib >> 20),
            kib if kib > 0 && kib.is_multiple_of(1 << 10) => write!(f, "{} KiB", kib >> 10),
            bytes => write!(f, "{bytes} bytes"),
        }
    }
}

/// `; it asks to wait 30 s`, or nothing.
struct Again(Option<Duration>);

const YEAR: Duration = Duration::from_secs(365 * 86_400);

impl fmt::Display for Again {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(wait) if wait > YEAR => f.write_str("; it asks to wait longer than a year"),
            Some(wait) if !wait.is_zero() => write!(f, "; it asks to wait {}", units::span(wait)),
            _ => Ok(()),
        }
    }
}

/// What the table leaves open: an answer that is no metrics and has no row of its own (a redirect, 404, 400, 422, a body
/// beyond its limit) is `bad_data`, because a server gave it; `config` is what is wrong before anybody was asked.
impl From<&Error> for Exit {
    fn from(error: &Error) -> Exit {
        use Error as E;
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
            | E::Coding { .. }
            | E::Truncated { .. }
            | E::Damaged { .. }
            | E::TooLarge { .. } => Exit::BadData,
            E::Input { .. } => Exit::NoInput,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denied(status: u16, code: Option<&str>, profile: Option<&str>) -> Error {
        let response =
            ErrorResponse { status, code: code.map(str::to_owned), message: Some("Check api_key".to_owned()) };
        Error::Denied { response, profile: profile.map(str::to_owned), overridden: false }
    }

    #[test]
    fn a_refused_sign_in_names_the_code_and_the_way_to_check() {
        let error = denied(401, Some("BAD_API_KEY_OR_SECRET"), Some("prod"));
        assert_eq!(error.to_string(), "sign-in refused (401 BAD_API_KEY_OR_SECRET)");
        assert_eq!(error.hint().as_deref(), Some("check app_id and app_secret with 'emqstat profile test prod'"));
        let error = denied(403, Some("UNAUTHORIZED_ROLE"), None);
        assert_eq!(error.to_string(), "access refused (403 UNAUTHORIZED_ROLE: Check api_key)");
    }

    #[test]
    fn time_outs_say_what_was_going_on_and_for_how_long() {
        let error = Error::TimedOut {
            phase: Phase::Body,
            peer: "mq.example:8443".to_owned(),
            limit: Duration::from_millis(1500),
            setting: TimeLimit::Whole,
        };
        assert_eq!(error.to_string(), "time-out: receiving the answer from mq.example:8443 took longer than 1.5 s");
    }

    #[test]
    fn a_limit_is_shown_as_it_was_written() {
        let shown = [0, 999, 1 << 10, 1536, 256 << 20].map(|limit| Bytes(limit).to_string());
        assert_eq!(shown, ["0 bytes", "999 bytes", "1 KiB", "1536 bytes", "256 MiB"]);
    }
}
