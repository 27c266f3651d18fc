//! HTTP/1.1, as far as two endpoints need it: a request head in, an answer out.

use crate::deployment::Endpoint;
use std::io::{self, BufWriter, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// A request head that is larger is refused.
const HEAD_LIMIT: usize = 16 * 1024;
/// A connection without a request is closed after this long: longer than who watches pauses between two looks.
const IDLE: Duration = Duration::from_secs(120);
/// From a request's first byte to the end of its head.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// What a client does not take in this long is not sent.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// How long a client may take to close its end after the server has.
const PARTING: Duration = Duration::from_millis(500);
/// Bytes gathered before they are sent as a chunk.
const CHUNK: usize = 64 * 1024;

/// What a request asks for, as far as the answer depends on it.
#[derive(Debug, PartialEq)]
pub(super) struct Request {
    /// Neither `GET` nor `HEAD`.
    pub other_method: bool,
    pub head_only: bool,
    /// `None`: nothing here is called so.
    pub endpoint: Option<Endpoint>,
    pub authorization: Option<String>,
    pub gzip: bool,
    /// The client speaks HTTP/1.1 and wants to go on.
    pub keep_alive: bool,
    chunked: bool,
}

/// A connection that has been accepted.
pub(super) struct Connection<S> {
    stream: S,
    /// The same connection, for its time-outs.
    socket: TcpStream,
    /// Received and not yet taken.
    pending: Vec<u8>,
}

/// How reading a request ended without one.
pub(super) enum NoRequest {
    /// The client has gone, or was silent for too long: nothing to say.
    Gone,
    /// Not understood: the answer to give, before the connection is closed.
    Refused(Problem),
}

impl<S: Read + Write> Connection<S> {
    /// `socket` is what `stream` reads from.
    pub fn new(stream: S, socket: TcpStream) -> io::Result<Connection<S>> {
        socket.set_write_timeout(Some(WRITE_TIME))?;
        Ok(Connection { stream, socket, pending: Vec::new() })
    }

    /// Waits for the next request.
    pub fn request(&mut self) -> Result<Request, NoRequest> {
        let mut deadline = (!self.pending.is_empty()).then(|| Instant::now() + HEAD_TIME);
        loop {
            if let Some((request, length)) = parse(&self.pending).map_err(NoRequest::Refused)? {
                self.pending.drain(..length);
                return Ok(request);
            }
            if self.pending.len() >= HEAD_LIMIT {
                return Err(NoRequest::Refused(Problem::TooLarge));
            }
            let wait = deadline.map_or(IDLE, |deadline| deadline.saturating_duration_since(Instant::now()));
            if wait.is_zero() || self.socket.set_read_timeout(Some(wait)).is_err() {
                return Err(NoRequest::Gone);
            }
            let mut piece = [0; 4096];
            match self.stream.read(&mut piece) {
                Ok(0) => return Err(NoRequest::Gone),
                Ok(count) => self.pending.extend_from_slice(piece.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Err(NoRequest::Gone),
            }
            deadline = deadline.or_else(|| Some(Instant::now() + HEAD_TIME));
        }
    }

    /// Answers with what `body` writes, sent as it is produced.
    pub fn metrics(
        &mut self,
        request: &Request,
        body: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut head = head("200 OK", "text/plain; version=0.0.4; charset=utf-8", request.keep_alive);
        head += "Vary: Accept-Encoding\r\n";
        if request.chunked {
            head += "Transfer-Encoding: chunked\r\n";
        }
        if request.gzip {
            head += "Content-Encoding: gzip\r\n";
        }
        head += "\r\n";
        self.stream.write_all(head.as_bytes())?;
        if request.head_only {
            return self.stream.flush();
        }
        if request.chunked {
            let chunks = encoded(Chunks { stream: &mut self.stream }, request.gzip, body)?;
            chunks.stream.write_all(b"0\r\n\r\n")?;
        } else {
            encoded(&mut self.stream, request.gzip, body)?;
        }
        self.stream.flush()
    }

    /// Takes the connection apart when all is said.
    pub fn into_stream(self) -> S {
        self.stream
    }

    /// Answers that something is wrong.
    pub fn problem(&mut self, problem: &Problem, head_only: bool, keep_alive: bool) -> io::Result<()> {
        let (status, code, message, header) = problem.parts();
        let body = format!("{{\"code\":\"{code}\",\"message\":\"{message}\"}}");
        let head = head(status, "application/json", keep_alive);
        let shown = if head_only { "" } else { &body };
        write!(self.stream, "{head}{header}Content-Length: {}\r\n\r\n{shown}", body.len())?;
        self.stream.flush()
    }
}

/// Closes for writing, then waits a moment for the client to close: what it sent and nobody read would otherwise
/// make the system take back the last answer.
pub(super) fn part(mut socket: &TcpStream) -> io::Result<()> {
    socket.shutdown(Shutdown::Write)?;
    socket.set_read_timeout(Some(PARTING))?;
    let deadline = Instant::now() + PARTING;
    while Instant::now() < deadline && socket.read(&mut [0; 4096])? > 0 {}
    Ok(())
}

/// What can be wrong with a request.
#[derive(Debug, PartialEq)]
pub(super) enum Problem {
    Malformed,
    TooLarge,
    SignIn,
    Path,
    Method,
    /// Nothing is: it was asked for that some requests fail.
    Injected,
}

impl Problem {
    /// Status line, code, message, further headers. Codes and the sign-in message are those of EMQX 5.
    fn parts(&self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Problem::Malformed => ("400 Bad Request", "BAD_REQUEST", "The request cannot be understood", ""),
            Problem::TooLarge => {
                ("431 Request Header Fields Too Large", "BAD_REQUEST", "The request head is too large", "")
            }
            Problem::SignIn => (
                "401 Unauthorized",
                "BAD_API_KEY_OR_SECRET",
                "Check api_key/api_secret",
                "WWW-Authenticate: Basic realm=\"emqx\"\r\n",
            ),
            Problem::Path => ("404 Not Found", "NOT_FOUND", "Request Path Not Found", ""),
            Problem::Method => {
                ("405 Method Not Allowed", "METHOD_NOT_ALLOWED", "Only GET and HEAD", "Allow: GET, HEAD\r\n")
            }
            Problem::Injected => (
                "503 Service Unavailable",
                "SERVICE_UNAVAILABLE",
                "This request was chosen to fail",
                "Retry-After: 1\r\n",
            ),
        }
    }
}

fn head(status: &str, content_type: &str, keep_alive: bool) -> String {
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&jiff::Timestamp::now());
    let date = date.map(|date| format!("Date: {date}\r\n")).unwrap_or_default();
    let connection = if keep_alive { "keep-alive" } else { "close" };
    format!("HTTP/1.1 {status}\r\n{date}Content-Type: {content_type}\r\nConnection: {connection}\r\n")
}

/// Lets `body` write to `to`, if wanted through a compressor: in large pieces on either side of it.
fn encoded<W: Write>(to: W, gzip: bool, body: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<W> {
    if !gzip {
        return gathered(to, body);
    }
    gathered(to, |out| {
        let packed = flate2::write::GzEncoder::new(out, flate2::Compression::fast());
        gathered(packed, body)?.finish().map(drop)
    })
}

/// Lets `body` write to `to` through a buffer.
fn gathered<W: Write>(to: W, body: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<W> {
    let mut buffer = BufWriter::with_capacity(CHUNK, to);
    body(&mut buffer)?;
    buffer.into_inner().map_err(io::IntoInnerError::into_error)
}

/// Sends each write as a chunk.
struct Chunks<'a, S> {
    stream: &'a mut S,
}

impl<S: Write> Write for Chunks<'_, S> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        // An empty chunk would end the body.
        if !piece.is_empty() {
            write!(self.stream, "{:x}\r\n", piece.len())?;
            self.stream.write_all(piece)?;
            self.stream.write_all(b"\r\n")?;
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// The request whose head `bytes` begin with, and that head's length; `None` while it is incomplete.
fn parse(bytes: &[u8]) -> Result<Option<(Request, usize)>, Problem> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut parsed = httparse::Request::new(&mut headers);
    let length = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Problem::TooLarge),
        Err(_) => return Err(Problem::Malformed),
    };
    let values = |name: &'static str| {
        let found = parsed.headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name));
        found.filter_map(|header| std::str::from_utf8(header.value).ok())
    };
    let items = |name| values(name).flat_map(|value| value.split(',')).map(str::trim);
    let method = parsed.method.unwrap_or_default();
    let current = parsed.version == Some(1);
    // Nothing here reads a body: the connection ends behind a request that may have one.
    let has_body =
        values("content-length").any(|value| value.trim() != "0") || values("transfer-encoding").next().is_some();
    let request = Request {
        other_method: !matches!(method, "GET" | "HEAD"),
        head_only: method == "HEAD",
        endpoint: endpoint(parsed.path.unwrap_or_default()),
        authorization: values("authorization").next().map(str::to_owned),
        gzip: items("accept-encoding").any(accepts_gzip),
        keep_alive: current && !has_body && !items("connection").any(|item| item.eq_ignore_ascii_case("close")),
        chunked: current,
    };
    Ok(Some((request, length)))
}

/// The endpoint at a path, of a v5 deployment (`/api/v5/...`) or a v4 one (`/api/...`).
fn endpoint(target: &str) -> Option<Endpoint> {
    let path = target.split_once('?').map_or(target, |(path, _query)| path);
    let rest = path.strip_prefix("/api/v5").or_else(|| path.strip_prefix("/api"))?;
    Endpoint::ALL.into_iter().find(|endpoint| endpoint.path() == rest)
}

/// One item of `Accept-Encoding`: `gzip`, unless its weight is 0.
fn accepts_gzip(item: &str) -> bool {
    let mut parts = item.split(';').map(str::trim);
    let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
    let weight = parts.find_map(|part| part.strip_prefix("q=")).and_then(|q| q.parse::<f32>().ok());
    named && weight != Some(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(text: &str) -> Request {
        parse(text.as_bytes()).unwrap().unwrap().0
    }

    #[test]
    fn both_generations_of_paths_are_known() {
        for (path, found) in [
            ("/api/v5/deployment_metrics", Some(Endpoint::Cluster)),
            ("/api/deployment_metrics?a=b", Some(Endpoint::Cluster)),
            ("/api/v5/deployment_metrics/data_integration", Some(Endpoint::DataIntegration)),
            ("/api/deployment_metrics/data_integration", Some(Endpoint::DataIntegration)),
            ("/api/v5/deployment_metrics/", None),
            ("/deployment_metrics", None),
            ("/api/v5", None),
            ("*", None),
        ] {
            assert_eq!(endpoint(path), found, "{path}");
        }
    }

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        for (item, taken) in
            [("gzip", true), ("GZIP;q=0.5", true), ("gzip; q=0", false), ("gzip;q=0.0", false), ("br", false)]
        {
            assert_eq!(accepts_gzip(item), taken, "{item}");
        }
        assert!(request("GET / HTTP/1.1\r\nAccept-Encoding: br, gzip\r\n\r\n").gzip);
    }

    #[test]
    fn a_connection_ends_where_the_next_request_cannot_be_found() {
        assert!(request("GET / HTTP/1.1\r\n\r\n").keep_alive);
        assert!(request("GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n").keep_alive);
        for text in [
            "GET / HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.1\r\nConnection: Close\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        ] {
            assert!(!request(text).keep_alive, "{text}");
        }
    }

    #[test]
    fn an_incomplete_head_is_waited_for_and_a_malformed_one_refused() {
        assert_eq!(parse(b"GET / HTTP/1.1\r\nHost: a\r\n"), Ok(None));
        assert_eq!(parse(b"\x16\x03\x01 hello\r\n\r\n"), Err(Problem::Malformed));
    }
}
