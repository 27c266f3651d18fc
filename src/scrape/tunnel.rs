//! Asks an HTTP proxy for a tunnel to the server (CONNECT, RFC 9110, section 9.3.6).

use super::address::Address;
use super::failure::io_reason;
use super::proxy::Proxy;
use super::transport::Watched;
use ureq::unversioned::transport::{NextTimeout, Transport};

/// A proxy's answer is a line and a few headers.
const HEADER: usize = 16 * 1024;

/// Opens the tunnel through `connection`, which leads to the proxy; `left` is the time that remains.
/// A time-out comes back as ureq's, so that the caller can say which limit it was.
pub(super) fn open(
    mut connection: Box<dyn Transport>,
    server: &Address,
    proxy: &Proxy,
    left: &dyn Fn() -> NextTimeout,
) -> Result<Box<dyn Transport>, Failure> {
    let target = server.authority();
    let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nUser-Agent: {}\r\n", super::USER_AGENT);
    if let Some(authorization) = &proxy.authorization {
        request.push_str(&format!("Proxy-Authorization: {}\r\n", authorization.expose()));
    }
    request.push_str("\r\n");
    send(&mut *connection, request.as_bytes(), left())?;

    let status = loop {
        let more = connection.await_input(left())?;
        let buffers = connection.buffers();
        let input = buffers.input();
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut response = httparse::Response::new(&mut headers);
        match response.parse(input) {
            Ok(httparse::Status::Complete(used)) => {
                let status = response.code.unwrap_or_default();
                buffers.input_consume(used);
                break status;
            }
            Ok(httparse::Status::Partial) if more && input.len() < HEADER => {}
            Ok(httparse::Status::Partial) if more => return Err(Failure::said("its answer has no end")),
            Ok(httparse::Status::Partial) => return Err(Failure::said("it closed the connection")),
            Err(_) => return Err(Failure::said("it does not answer in HTTP")),
        }
    };
    match status {
        // What follows belongs to the server: TLS starts anew.
        200..=299 => Ok(Box::new(Watched { connection, tls: false })),
        407 => Err(Failure::Refused { status: Some(407), reason: "it wants a sign-in (407)".to_owned() }),
        status => Err(Failure::Refused { status: Some(status), reason: format!("it answered {status}") }),
    }
}

fn send(connection: &mut dyn Transport, bytes: &[u8], left: NextTimeout) -> Result<(), Failure> {
    let output = connection.buffers().output();
    // ureq's output buffer has 128 KiB; a password can be longer only if somebody means it.
    let room = output.get_mut(..bytes.len()).ok_or_else(|| Failure::said("the request is too long"))?;
    room.copy_from_slice(bytes);
    Ok(connection.transmit_output(bytes.len(), left)?)
}

/// Why there is no tunnel.
pub(super) enum Failure {
    TimedOut(ureq::Timeout),
    Refused { status: Option<u16>, reason: String },
}

impl Failure {
    fn said(reason: &str) -> Failure {
        Failure::Refused { status: None, reason: reason.to_owned() }
    }
}

impl From<ureq::Error> for Failure {
    fn from(error: ureq::Error) -> Failure {
        match error {
            ureq::Error::Timeout(reason) => Failure::TimedOut(reason),
            ureq::Error::Io(error) => Failure::Refused { status: None, reason: io_reason(&error) },
            other => Failure::Refused { status: None, reason: other.to_string() },
        }
    }
}
