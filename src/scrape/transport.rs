//! An open connection that tells a break from an end.

use super::failure::Cut;
use std::io::ErrorKind;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

/// A connection whose breaks are errors. ureq takes a reset, or a TLS stream without its closing message, for the end of a body
/// whose length was not announced; a scrape cut short would pass for a whole one.
#[derive(Debug)]
pub(super) struct Watched {
    pub connection: Box<dyn Transport>,
    /// Whether what goes through it is encrypted up to the server; a tunnel is not, whatever it runs in.
    pub tls: bool,
}

impl Transport for Watched {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.connection.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.connection.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        match self.connection.await_input(timeout) {
            Err(ureq::Error::Io(error)) if is_break(error.kind()) => Err(ureq::Error::Other(Box::new(Cut(error)))),
            outcome => outcome,
        }
    }

    fn is_open(&mut self) -> bool {
        self.connection.is_open()
    }

    fn is_tls(&self) -> bool {
        self.tls
    }
}

fn is_break(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted)
}
