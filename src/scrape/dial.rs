//! Opens a connection: name lookup, TCP, a proxy's tunnel, TLS, all within `connect_timeout`.
//!
//! ureq can do this too, but it looks names up for a connection that it then takes from its pool, gives lookup a
//! time limit of its own, tries addresses one after the other, tells one step's failure from another's by the wording only, lets a proxy
//! that trickles its answer go on for ever, and takes a connection that breaks for the end of a body without announced length.

use super::buffers::GrowingBuffers;
use super::context::ErrorContext;
use super::error::{Error, Phase, Step, TlsProblem, io_reason};
use super::forward::Forward;
use super::proxy::Proxy;
use super::tcp::{self, Tcp};
use super::tls::Tls;
use super::trust::Sessions;
use super::tunnel;
use crate::profile::{EndpointUrl, Scheme};
use rustls::pki_types::ServerName;
use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::time::Instant as Clock;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// Connects to one server.
pub(super) struct Dialer {
    pub server: EndpointUrl,
    pub proxy: Option<Proxy>,
    pub sessions: Arc<Sessions>,
    pub context: ErrorContext,
    pub steps: Steps,
    /// Room for the head of a request, in bytes.
    pub request_size: usize,
}

/// The steps of the last connection, as far as they succeeded: for [`super::diagnose()`].
pub(super) type Steps = Arc<Mutex<Vec<TakenStep>>>;

/// A step that succeeded: how long it took and what came of it.
#[derive(Debug, Clone)]
pub(super) struct TakenStep {
    pub step: Step,
    pub took: Duration,
    pub found: String,
}

impl Connector<()> for Dialer {
    type Out = Connection;

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<Connection>, ureq::Error> {
        self.open(details).map(Some).map_err(|error| ureq::Error::Other(Box::new(error)))
    }
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialer").field("server", &self.server).finish_non_exhaustive()
    }
}

impl Dialer {
    fn open(&self, details: &ConnectionDetails) -> Result<Connection, Error> {
        let mut steps = self.start();
        let next_hop = self.proxy.as_ref().map_or(&self.server, |proxy| &proxy.address);
        // What keeps the proxy from being reached is said of the proxy.
        let of_hop = |error: Error| match &self.proxy {
            Some(proxy) => proxy_error(proxy, &self.context, error),
            None => error,
        };
        let addresses = self.look_up(details, next_hop).map_err(of_hop)?;
        steps.done(Step::Lookup, list(&addresses));

        let mut connection = self.tcp(details, &addresses, next_hop).map_err(of_hop)?;
        steps.done(Step::Connect, next_hop.authority());

        if let Some(proxy) = &self.proxy {
            if proxy.address.scheme() == Scheme::Https {
                connection = self.tls(details, connection, next_hop).map_err(of_hop)?;
            }
            connection = if self.server.scheme() == Scheme::Https {
                tunnel::open(&mut *connection, proxy, &self.context, || left(details))?;
                Box::new(Connection { transport: connection, tls: false })
            } else {
                Box::new(Forward::new(connection, proxy, self.server.origin()))
            };
            steps.done(Step::Proxy, proxy.address.authority());
        }
        let tls = self.server.scheme() == Scheme::Https;
        if tls {
            connection = self.tls(details, connection, &self.server)?;
            steps.done(Step::Tls, self.sessions.finding().to_owned());
        }
        Ok(Connection { transport: connection, tls })
    }

    fn start(&self) -> Stopwatch<'_> {
        if let Ok(mut steps) = self.steps.lock() {
            steps.clear();
        }
        Stopwatch { steps: &self.steps, since: Instant::now() }
    }

    /// An address needs no lookup. A name is looked up on a thread of its own, because lookup has no time limit; where the
    /// system gives no thread, on this one.
    fn look_up(&self, details: &ConnectionDetails, peer: &EndpointUrl) -> Result<Vec<SocketAddr>, Error> {
        let host = peer.host();
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, peer.port())]);
        }
        let name = (host.clone(), peer.port());
        let (sender, receiver) = mpsc::channel();
        let on_thread = {
            let name = name.clone();
            // Nobody listens any more where it came too late.
            std::thread::Builder::new().spawn(move || drop(sender.send(resolve(&name))))
        };
        let resolved = match on_thread {
            Ok(_) => receiver
                .recv_timeout(*details.timeout.after)
                .map_err(|_| self.context.timed_out(Phase::Lookup, details.timeout.reason))?,
            Err(_) => resolve(&name),
        };
        let addresses = resolved.map_err(|error| Error::Lookup { host: host.clone(), reason: io_reason(&error) })?;
        if addresses.is_empty() {
            return Err(Error::Lookup { host, reason: "it has no address".to_owned() });
        }
        Ok(addresses)
    }

    fn tcp(
        &self,
        details: &ConnectionDetails,
        addresses: &[SocketAddr],
        peer: &EndpointUrl,
    ) -> Result<Box<dyn Transport>, Error> {
        let limit = left(details);
        let stream = tcp::open(addresses, *limit.after).map_err(|error| match error.kind() {
            ErrorKind::TimedOut => self.context.timed_out(Phase::Connect, limit.reason),
            _ => Error::Connect { peer: peer.authority(), reason: io_reason(&error) },
        })?;
        Ok(Box::new(Tcp::new(stream, GrowingBuffers::new(self.request_size))))
    }

    fn tls(
        &self,
        details: &ConnectionDetails,
        connection: Box<dyn Transport>,
        peer: &EndpointUrl,
    ) -> Result<Box<dyn Transport>, Error> {
        let host = peer.host();
        let no_name = |_| Error::Address { endpoint: peer.authority(), reason: "its host is no host name".to_owned() };
        let name = ServerName::try_from(host.trim_matches(['[', ']'])).map_err(no_name)?.to_owned();
        let config = self.sessions.config();
        let buffers = GrowingBuffers::new(self.request_size);
        match Tls::open(connection, config, name, left(details), Arc::clone(&details.current_time), buffers) {
            Ok(secure) => Ok(Box::new(secure)),
            Err(error) => Err(self.context.no_handshake(peer.authority(), error)),
        }
    }
}

/// What is left of the time to connect.
fn left(details: &ConnectionDetails) -> NextTimeout {
    let passed = match ((details.current_time)(), details.now) {
        (Clock::Exact(now), Clock::Exact(start)) => now.saturating_duration_since(start),
        _ => Duration::ZERO,
    };
    let after = details.timeout.after.saturating_sub(passed);
    NextTimeout { after: after.into(), ..details.timeout }
}

/// The proxy could not be reached.
fn proxy_error(proxy: &Proxy, context: &ErrorContext, error: Error) -> Error {
    match error {
        // Its issuer may be known to the system.
        error @ Error::Tls { problem: TlsProblem::UnknownIssuer, .. } => error,
        error => Error::Proxy {
            proxy: proxy.address.authority(),
            variable: proxy.variable.clone(),
            peer: context.server.clone(),
            status: None,
            reason: error.to_string(),
        },
    }
}

/// Notes the steps of one connection as they succeed.
struct Stopwatch<'a> {
    steps: &'a Mutex<Vec<TakenStep>>,
    since: Instant,
}

impl Stopwatch<'_> {
    fn done(&mut self, step: Step, found: String) {
        let now = Instant::now();
        if let Ok(mut steps) = self.steps.lock() {
            steps.push(TakenStep { step, took: now.duration_since(self.since), found });
        }
        self.since = now;
    }
}

fn resolve(name: &(String, u16)) -> io::Result<Vec<SocketAddr>> {
    (name.0.as_str(), name.1).to_socket_addrs().map(Iterator::collect)
}

fn list(addresses: &[SocketAddr]) -> String {
    let mut shown: Vec<_> = addresses.iter().map(|address| address.ip().to_string()).collect();
    shown.dedup();
    shown.join(", ")
}

/// Gives no address: [`Dialer`] looks names up itself, once it is known that a connection is needed.
#[derive(Debug)]
pub(super) struct NoLookup;

impl Resolver for NoLookup {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        // An address that is none: without any, ureq would not come to ask for a connection.
        Ok(ResolvedSocketAddrs::from_fn(|_| SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0))))
    }
}

/// A connection whose breaks are errors. ureq takes a reset, or a TLS stream without its closing message, for the end of a body
/// whose length was not announced; a scrape cut short would pass for a whole one.
#[derive(Debug)]
pub(super) struct Connection {
    transport: Box<dyn Transport>,
    /// Whether what goes through it is encrypted up to the server; a tunnel is not, whatever it runs in.
    tls: bool,
}

impl Transport for Connection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.transport.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.transport.await_input(timeout).map_err(|error| match error {
            ureq::Error::Io(error)
                if matches!(
                    error.kind(),
                    ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted
                ) =>
            {
                ureq::Error::Other(io_reason(&error).into())
            }
            other => other,
        })
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }

    fn is_tls(&self) -> bool {
        self.tls
    }
}
