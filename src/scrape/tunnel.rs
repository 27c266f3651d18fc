//! Asks an HTTP proxy for a tunnel to the server (CONNECT, RFC 9110, section 9.3.6).

use super::context::ErrorContext;
use super::error::{Error, Phase, io_reason};
use super::proxy::Proxy;
use ureq::unversioned::transport::{NextTimeout, Transport};

/// How the program names itself to servers and proxies.
pub(super) const USER_AGENT: &str = concat!("emqstat/", env!("CARGO_PKG_VERSION"));
/// A proxy's answer is a line and a few headers.
const HEADER: usize = 16 * 1024;

/// Opens the tunnel through `connection`, which leads to the proxy; `left` is the time that remains. What then follows belongs to
/// the server.
pub(super) fn open(
    connection: &mut dyn Transport,
    proxy: &Proxy,
    context: &ErrorContext,
    left: impl Fn() -> NextTimeout,
) -> Result<(), Error> {
    let refused = |status, reason: &str| Error::Proxy {
        proxy: proxy.address.authority(),
        variable: proxy.variable.clone(),
        peer: context.server.clone(),
        status,
        reason: reason.to_owned(),
    };
    let failed = |error| match error {
        ureq::Error::Timeout(reason) => context.timed_out(Phase::Proxy, reason),
        ureq::Error::Io(error) => refused(None, &io_reason(&error)),
        other => refused(None, &other.to_string()),
    };
    let server = &context.server;
    let mut request = format!("CONNECT {server} HTTP/1.1\r\nHost: {server}\r\nUser-Agent: {USER_AGENT}\r\n");
    if let Some(authorization) = &proxy.authorization {
        request.push_str(&format!("Proxy-Authorization: {}\r\n", authorization.expose()));
    }
    request.push_str("\r\n");
    let room = connection.buffers().output().get_mut(..request.len());
    room.ok_or_else(|| refused(None, "the request is too long"))?.copy_from_slice(request.as_bytes());
    connection.transmit_output(request.len(), left()).map_err(failed)?;

    let status = loop {
        let more = connection.await_input(left()).map_err(failed)?;
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
            Ok(httparse::Status::Partial) if more => return Err(refused(None, "its answer has no end")),
            Ok(httparse::Status::Partial) => return Err(refused(None, "it closed the connection")),
            Err(_) => return Err(refused(None, "it does not answer in HTTP")),
        }
    };
    match status {
        200..=299 => Ok(()),
        407 => Err(refused(Some(407), "it wants a sign-in (407)")),
        status => Err(refused(Some(status), &format!("it answered {status}"))),
    }
}
