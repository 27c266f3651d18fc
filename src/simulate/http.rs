//! HTTP/1.1, as far as two endpoints need it: a request head in, an answer out.

use std::io::{self, BufWriter, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// A request head that is larger is refused.
const HEAD_LIMIT: usize = 16 * 1024;
/// How long a client may take to close its end after the server has.
const PARTING: Duration = Duration::from_millis(500);
/// Bytes gathered before they are sent as a chunk.
const CHUNK: usize = 64 * 1024;

/// What a request asks for, as far as the answer depends on it.
#[derive(Debug, PartialEq)]
pub(super) struct Request {
    pub(super) method: String,
    /// Without its query.
    pub(super) path: String,
    pub(super) authorization: Option<String>,
    gzip: bool,
    /// The client speaks HTTP/1.1 and wants to go on.
    pub(super) keep_alive: bool,
    chunked: bool,
}

/// An answer that something is wrong: status line, code and message of the body, further header lines.
#[derive(Debug, PartialEq)]
pub(super) struct Problem(&'static str, &'static str, &'static str, &'static str);

// Codes and the sign-in message are those of EMQX 5.
const MALFORMED: Problem = Problem("400 Bad Request", "BAD_REQUEST", "The request cannot be understood", "");
const TOO_LARGE: Problem =
    Problem("431 Request Header Fields Too Large", "BAD_REQUEST", "The request head is too large", "");
pub(super) const SIGN_IN: Problem = Problem(
    "401 Unauthorized",
    "BAD_API_KEY_OR_SECRET",
    "Check api_key/api_secret",
    "WWW-Authenticate: Basic realm=\"emqx\"\r\n",
);
pub(super) const PATH: Problem = Problem("404 Not Found", "NOT_FOUND", "Request Path Not Found", "");
pub(super) const METHOD: Problem =
    Problem("405 Method Not Allowed", "METHOD_NOT_ALLOWED", "Only GET and HEAD", "Allow: GET, HEAD\r\n");
/// Nothing is wrong: it was asked for that some requests fail.
pub(super) const INJECTED: Problem =
    Problem("503 Service Unavailable", "SERVICE_UNAVAILABLE", "This request was chosen to fail", "Retry-After: 1\r\n");

/// Waits for the next request. `pending` holds what was received and not yet taken; an error means that the client has
/// gone or was silent for too long.
pub(super) fn request(stream: &mut impl Read, pending: &mut Vec<u8>) -> io::Result<Result<Request, Problem>> {
    loop {
        match parse(pending) {
            Ok(Some((request, length))) => {
                pending.drain(..length);
                return Ok(Ok(request));
            }
            Ok(None) if pending.len() >= HEAD_LIMIT => return Ok(Err(TOO_LARGE)),
            Ok(None) => {}
            Err(problem) => return Ok(Err(problem)),
        }
        let mut piece = [0; 4096];
        match stream.read(&mut piece) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => pending.extend_from_slice(&piece[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Answers with what `body` writes, sent as it is produced.
pub(super) fn metrics(
    stream: &mut impl Write,
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
    write!(stream, "{head}\r\n")?;
    if request.method != "HEAD" {
        let mut out = BufWriter::with_capacity(CHUNK, Body { stream: &mut *stream, chunked: request.chunked });
        if request.gzip {
            let packed = flate2::write::GzEncoder::new(&mut out, flate2::Compression::fast());
            let mut packed = BufWriter::with_capacity(CHUNK, packed);
            body(&mut packed)?;
            packed.into_inner()?.finish()?;
        } else {
            body(&mut out)?;
        }
        let sent = out.into_inner()?;
        if sent.chunked {
            sent.stream.write_all(b"0\r\n\r\n")?;
        }
    }
    stream.flush()
}

/// Answers that something is wrong.
pub(super) fn problem(
    stream: &mut impl Write,
    &Problem(status, code, message, header): &Problem,
    with_body: bool,
    keep_alive: bool,
) -> io::Result<()> {
    let body = format!("{{\"code\":\"{code}\",\"message\":\"{message}\"}}");
    let head = head(status, "application/json", keep_alive);
    let shown = if with_body { &*body } else { "" };
    write!(stream, "{head}{header}Content-Length: {}\r\n\r\n{shown}", body.len())?;
    stream.flush()
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

fn head(status: &str, content_type: &str, keep_alive: bool) -> String {
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&jiff::Timestamp::now());
    let date = date.map(|date| format!("Date: {date}\r\n")).unwrap_or_default();
    let connection = if keep_alive { "keep-alive" } else { "close" };
    format!("HTTP/1.1 {status}\r\n{date}Content-Type: {content_type}\r\nConnection: {connection}\r\n")
}

/// The body of an answer, each write a chunk where it is sent in chunks.
struct Body<'a, S> {
    stream: &'a mut S,
    chunked: bool,
}

impl<S: Write> Write for Body<'_, S> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if !self.chunked {
            return self.stream.write(piece);
        }
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
        Err(httparse::Error::TooManyHeaders) => return Err(TOO_LARGE),
        Err(_) => return Err(MALFORMED),
    };
    let values = |name: &'static str| {
        let found = parsed.headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name));
        found.filter_map(|header| std::str::from_utf8(header.value).ok())
    };
    let items = |name| values(name).flat_map(|value| value.split(',')).map(str::trim);
    let chunked = parsed.version == Some(1);
    // Nothing here reads a body: the connection ends behind a request that may have one.
    let has_body =
        values("content-length").any(|value| value.trim() != "0") || values("transfer-encoding").next().is_some();
    let target = parsed.path.unwrap_or_default();
    let request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        path: target.split_once('?').map_or(target, |(path, _query)| path).to_owned(),
        authorization: values("authorization").next().map(str::to_owned),
        gzip: items("accept-encoding").any(accepts_gzip),
        keep_alive: chunked && !has_body && !items("connection").any(|item| item.eq_ignore_ascii_case("close")),
        chunked,
    };
    Ok(Some((request, length)))
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
        assert_eq!(parse(b"\x16\x03\x01 hello\r\n\r\n"), Err(MALFORMED));
    }
}
