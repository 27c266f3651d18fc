//! Plain HTTP through a proxy: the proxy is sent the request itself, with the whole address of what is asked for (RFC 9112,
//! section 3.2.2). Many proxies open tunnels to port 443 alone.

use super::proxy::Proxy;
use std::fmt;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

/// A connection to a proxy that passes requests on.
pub(super) struct Forward {
    transport: Box<dyn Transport>,
    /// What stands before the path: `http://HOST:PORT`.
    origin: String,
    /// The header line that signs in to the proxy, or nothing.
    authorization: String,
}

impl Forward {
    pub(super) fn new(transport: Box<dyn Transport>, proxy: &Proxy, origin: String) -> Forward {
        let header = |secret: &crate::profile::Secret| format!("Proxy-Authorization: {}\r\n", secret.expose());
        Forward { transport, origin, authorization: proxy.authorization.as_ref().map(header).unwrap_or_default() }
    }

    /// The head of a request as the proxy takes it; `None` for what is no head.
    fn rewritten(&self, head: &[u8]) -> Option<Vec<u8>> {
        let path = head.strip_prefix(b"GET ").filter(|rest| rest.starts_with(b"/"))?;
        let end = path.windows(2).position(|pair| pair == b"\r\n")? + 2;
        let (line, headers) = path.split_at_checked(end)?;
        Some([b"GET ", self.origin.as_bytes(), line, self.authorization.as_bytes(), headers].concat())
    }
}

impl fmt::Debug for Forward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forward").field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl Transport for Forward {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let head = self.transport.buffers().output().get(..amount).unwrap_or_default().to_vec();
        let Some(head) = self.rewritten(&head) else { return self.transport.transmit_output(amount, timeout) };
        let room = self.transport.buffers().output().get_mut(..head.len());
        let room = room.ok_or_else(|| ureq::Error::Other("the request is too long".into()))?;
        room.copy_from_slice(&head);
        self.transport.transmit_output(head.len(), timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.transport.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }
}
