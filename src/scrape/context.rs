//! From the errors of ureq and rustls to ours.

use super::error::{Error, Phase, TimeLimit, TlsProblem, io_reason};
use crate::profile::{Connect, EndpointUrl};
use crate::text::visible;
use rustls::CertificateError;
use std::fmt;
use std::io;
use std::time::{Duration, Instant};

/// What a body from a server is called.
pub(super) const ANSWER: &str = "the answer";

/// Whom an error concerns, and the limits that may have been reached.
#[derive(Clone)]
pub(super) struct ErrorContext {
    /// Host and port of the server itself, also where a proxy is in between.
    pub server: String,
    pub timeout: Duration,
    pub connect_timeout: Duration,
    pub deadline: Option<Deadline>,
}

/// When a whole command ends.
#[derive(Debug, Clone, Copy)]
pub struct Deadline {
    at: Instant,
    /// What it was given.
    time: Duration,
}

impl Deadline {
    /// That far from now.
    pub fn after(time: Duration) -> Deadline {
        let time = time.min(YEAR);
        Deadline { at: Instant::now() + time, time }
    }

    /// What is left of it.
    pub(super) fn left(self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }
}

/// Limits are kept to a year, so that no clock overflows.
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

impl ErrorContext {
    pub(super) fn new(server: &EndpointUrl, connect: &Connect, deadline: Option<Deadline>) -> ErrorContext {
        ErrorContext {
            server: server.authority(),
            timeout: connect.timeout.min(YEAR),
            connect_timeout: connect.connect_timeout.min(YEAR),
            deadline,
        }
    }

    pub(super) fn timed_out(&self, phase: Phase, reason: ureq::Timeout) -> Error {
        let (setting, limit) = match reason {
            _ if self.deadline.is_some_and(|deadline| deadline.left().is_zero()) => {
                (TimeLimit::Deadline, self.deadline.map_or(self.timeout, |deadline| deadline.time))
            }
            ureq::Timeout::Connect | ureq::Timeout::Resolve => (TimeLimit::Connect, self.connect_timeout),
            _ => (TimeLimit::Whole, self.timeout),
        };
        Error::TimedOut { phase, peer: self.server.clone(), limit, setting }
    }

    /// A failure before the answer's header was complete.
    pub(super) fn no_answer(&self, error: ureq::Error) -> Error {
        let peer = self.server.clone();
        match error {
            // Failures of connecting arrive here as they were put into words there.
            ureq::Error::Other(inner) => match inner.downcast::<Error>() {
                Ok(ours) => *ours,
                Err(other) => Error::Closed { peer, reason: other.to_string() },
            },
            ureq::Error::Timeout(reason) => self.timed_out(Phase::Answer, reason),
            ureq::Error::Io(error) => match tls_error(&error) {
                Some(problem) => Error::Tls { peer, problem },
                None => Error::Closed { peer, reason: io_reason(&error) },
            },
            ureq::Error::Http(error) => Error::Address { endpoint: peer, reason: error.to_string() },
            ureq::Error::LargeResponseHeader(_, limit) => damaged(format!("its header is larger than {limit} bytes")),
            other => damaged(shown(&other)),
        }
    }

    /// A failure within the body, of which `received` bytes had come.
    pub(super) fn broken_body(&self, error: io::Error, received: u64) -> Error {
        let truncated = |reason: String| Error::Truncated { what: ANSWER.to_owned(), received, reason };
        match ureq::Error::from(error) {
            ureq::Error::Timeout(reason) => self.timed_out(Phase::Body, reason),
            ureq::Error::Other(inner) => truncated(inner.to_string()),
            ureq::Error::Io(error) => match tls_error(&error) {
                Some(problem) => damaged(format!("TLS: {problem}")),
                // The decoder's complaints; those of connections have other kinds.
                None if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => {
                    Error::gzip(ANSWER, received, &error)
                }
                None => truncated(io_reason(&error)),
            },
            ureq::Error::Decompress(_, error) => Error::gzip(ANSWER, received, &error),
            other => damaged(shown(&other)),
        }
    }

    /// A failure of the TLS handshake with `peer`, the server or a proxy.
    pub(super) fn no_handshake(&self, peer: String, error: ureq::Error) -> Error {
        let problem = match error {
            ureq::Error::Timeout(reason) => return self.timed_out(Phase::Tls, reason),
            ureq::Error::Io(error) => tls_error(&error).unwrap_or_else(|| TlsProblem::Broken(io_reason(&error))),
            other => TlsProblem::Refused(shown(&other)),
        };
        Error::Tls { peer, problem }
    }
}

fn damaged(reason: String) -> Error {
    Error::Damaged { what: ANSWER.to_owned(), reason }
}

/// What a library says, made safe to show.
fn shown(error: &dyn fmt::Display) -> String {
    visible(&error.to_string()).into_owned()
}

/// The complaint of rustls that an I/O error may carry.
fn tls_error(error: &io::Error) -> Option<TlsProblem> {
    error.get_ref()?.downcast_ref::<rustls::Error>().map(tls_problem)
}

fn tls_problem(error: &rustls::Error) -> TlsProblem {
    use rustls::Error as E;
    match error {
        E::InvalidCertificate(problem) => certificate_problem(problem),
        E::InvalidMessage(_) | E::InappropriateMessage { .. } => TlsProblem::NotTls,
        E::AlertReceived(alert) => alert_problem(*alert),
        E::PeerIncompatible(_) => TlsProblem::NoCommonVersion,
        E::PeerMisbehaved(_) | E::InappropriateHandshakeMessage { .. } => {
            TlsProblem::Refused("the other side does not keep to the rules of TLS".to_owned())
        }
        other => TlsProblem::Refused(in_words(&shown(&other))),
    }
}

fn certificate_problem(problem: &CertificateError) -> TlsProblem {
    let date = |time: &rustls::pki_types::UnixTime| {
        let time = jiff::Timestamp::from_second(i64::try_from(time.as_secs()).ok()?).ok()?;
        Some(time.strftime("%Y-%m-%d").to_string())
    };
    match problem {
        CertificateError::UnknownIssuer => TlsProblem::UnknownIssuer,
        CertificateError::Expired => TlsProblem::Expired(None),
        CertificateError::ExpiredContext { not_after, .. } => {
            TlsProblem::Expired(date(not_after).map(|date| format!(" on {date}")))
        }
        CertificateError::NotValidYet => TlsProblem::NotYetValid(None),
        CertificateError::NotValidYetContext { not_before, .. } => {
            TlsProblem::NotYetValid(date(not_before).map(|date| format!(", but from {date} on")))
        }
        CertificateError::NotValidForName => TlsProblem::WrongHost(None),
        CertificateError::NotValidForNameContext { presented, .. } if presented.is_empty() => TlsProblem::NamesNoHost,
        CertificateError::NotValidForNameContext { presented, .. } => {
            TlsProblem::WrongHost(names(presented).map(|names| format!(": {names}")))
        }
        CertificateError::BadSignature => certificate("its signature is wrong"),
        CertificateError::Revoked => certificate("it was revoked"),
        CertificateError::BadEncoding => certificate("it is damaged"),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            certificate("it is not made for servers (extended key usage)")
        }
        // What the verifier says by the name of its case alone.
        CertificateError::Other(other) => match shown(&other.0).as_str() {
            "CaUsedAsEndEntity" => TlsProblem::CaAsServer,
            "UnsupportedCertVersion" => certificate("it is of X.509 version 1, and version 3 is needed"),
            other => TlsProblem::Certificate(in_words(other)),
        },
        other => TlsProblem::Certificate(in_words(&shown(&other))),
    }
}

fn certificate(why: &str) -> TlsProblem {
    TlsProblem::Certificate(why.to_owned())
}

/// What the other side said as it ended the handshake (RFC 8446, section 6.2).
fn alert_problem(alert: rustls::AlertDescription) -> TlsProblem {
    use rustls::AlertDescription as A;
    match alert {
        A::ProtocolVersion | A::InsufficientSecurity => TlsProblem::NoCommonVersion,
        A::CertificateRequired | A::BadCertificate => TlsProblem::ClientCertificate,
        // What servers of TLS 1.2 say for both.
        A::HandshakeFailure => {
            let why = "it takes no cipher of ours, or asks for a certificate of the client (mutual TLS)";
            TlsProblem::Refused(format!("the other side ended the handshake: {why}"))
        }
        A::UnrecognisedName => TlsProblem::Refused("the other side knows no host of that name".to_owned()),
        A::InternalError => TlsProblem::Refused("the other side failed (internal error)".to_owned()),
        A::AccessDenied => TlsProblem::Refused("the other side denied access".to_owned()),
        other => TlsProblem::Refused(format!("the other side refused it ({})", in_words(&format!("{other:?}")))),
    }
}

/// A name in a library's code as words: `UnsupportedCertVersion` is `unsupported cert version`.
fn in_words(name: &str) -> String {
    let is_name = !name.contains(' ') && name.chars().any(char::is_lowercase);
    if !is_name {
        return name.to_owned();
    }
    let mut words = String::new();
    for c in name.chars() {
        match c {
            '(' | ')' | '{' | '}' => words.push(' '),
            c if c.is_uppercase() => words.extend([' ', c.to_ascii_lowercase()]),
            c => words.push(c),
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first few names in a certificate. rustls gives them in its own notation: `DnsName("mq.example")`.
fn names(presented: &[String]) -> Option<String> {
    let plain = |name: &String| {
        let inner = name.strip_prefix("DnsName(\"").and_then(|rest| rest.strip_suffix("\")"));
        visible(inner.unwrap_or(name)).into_owned()
    };
    let shown: Vec<_> = presented.iter().take(3).map(plain).collect();
    let more = if presented.len() > shown.len() { ", …" } else { "" };
    (!shown.is_empty()).then(|| format!("{}{more}", shown.join(", ")))
}
