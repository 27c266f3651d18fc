//! TLS on a connection, by rustls.

use super::buffers::GrowingBuffers;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use std::fmt;
use std::io::{Read, Write};
use std::sync::Arc;
use ureq::unversioned::transport::time::Instant as Clock;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport, TransportAdapter};

/// A connection that is encrypted up to the server, or to a proxy.
pub(super) struct Tls {
    stream: StreamOwned<ClientConnection, TransportAdapter>,
    buffers: GrowingBuffers,
}

impl Tls {
    /// Shakes hands over `connection` with the host of that name, within `timeout`.
    ///
    /// # Errors
    /// Those of rustls, inside of I/O errors; the connection's.
    pub(super) fn open(
        connection: Box<dyn Transport>,
        config: Arc<ClientConfig>,
        name: ServerName<'static>,
        timeout: NextTimeout,
        clock: Arc<dyn Fn() -> Clock + Send + Sync>,
        buffers: GrowingBuffers,
    ) -> Result<Tls, ureq::Error> {
        let mut session = ClientConnection::new(config, name).map_err(std::io::Error::other)?;
        let mut socket = TransportAdapter::new(connection, clock);
        socket.set_timeout(timeout);
        session.complete_io(&mut socket)?;
        Ok(Tls { stream: StreamOwned::new(session, socket), buffers })
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("on", &self.stream.sock.inner()).finish_non_exhaustive()
    }
}

impl Transport for Tls {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.stream.sock.set_timeout(timeout);
        Ok(self.stream.write_all(&self.buffers.output()[..amount])?)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.stream.sock.set_timeout(timeout);
        let amount = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.sock.get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}
