//! Opens a connection: name lookup, TCP, a proxy's tunnel, TLS, all within `connect_timeout`.
//!
//! ureq can do this too, but it looks names up for a connection that it then takes from its pool, gives lookup a
//! time limit of its own, tells one step's failure from another's by the wording only, lets a proxy that trickles its
//! answer go on for ever, and takes a connection that breaks for the end of a body without announced length.

use super::error::{Phase, Step, TlsProblem};
use super::failure::{Context, io_reason};
use super::proxy::Proxy;
use super::transport::Watched;
use super::trust::{Tls, Trust};
use super::{Error, address::Address, tunnel};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::time::Instant as Clock;
use ureq::unversioned::transport::{ConnectionDetails, Connector, Either, NextTimeout, TcpConnector, Transport};

/// The way to one server.
#[derive(Debug)]
pub(super) struct Dial {
    pub context: Context,
    pub proxy: Option<Proxy>,
    pub trust: Trust,
    pub insecure: bool,
    /// For [`super::diagnose()`].
    pub steps: Mutex<Vec<Taken>>,
}

/// A step that succeeded: how long it took and what came of it.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    pub step: Step,
    pub took: Duration,
    pub found: String,
}

impl Connector<()> for Dial {
    type Out = Watched;

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<Watched>, ureq::Error> {
        self.open(details).map(Some).map_err(|error| ureq::Error::Other(Box::new(error)))
    }
}

impl Dial {
    /// The steps of the last connection that succeeded.
    pub fn steps_taken(&self) -> Vec<Taken> {
        self.steps.lock().map(|steps| steps.clone()).unwrap_or_default()
    }

    /// Connects with the usual roots, and once more with the system's if those do not know the issuer.
    fn open(&self, details: &ConnectionDetails) -> Result<Watched, Error> {
        let wider = self.trust.wider_if_loaded();
        match self.attempt(details, wider.unwrap_or(self.trust.usual())) {
            Err(unknown) if wider.is_none() && is_unknown_issuer(&unknown) => match self.trust.wider() {
                Some(wider) => self.attempt(details, wider),
                None => Err(unknown),
            },
            outcome => outcome,
        }
    }

    fn attempt(&self, details: &ConnectionDetails, tls: &Tls) -> Result<Watched, Error> {
        let mut steps = self.start();
        let server = &self.context.server;
        let next_hop = self.proxy.as_ref().map_or(server, |proxy| &proxy.address);

        let hop_uri = uri(next_hop).ok_or_else(|| Error::Address {
            endpoint: next_hop.to_string(),
            reason: "its host is no host name".to_owned(),
        })?;
        let addresses = self.look_up(details, &hop_uri, next_hop)?;
        steps.done(Step::Lookup, list(&addresses));

        let hop = Hop { details, uri: &hop_uri, config: &tls.config };
        let mut connection = self.tcp(&hop, addresses, next_hop)?;
        steps.done(Step::Connect, next_hop.to_string());

        if let Some(proxy) = &self.proxy {
            if proxy.address.https {
                connection = self.tls(&hop, tls, connection, next_hop)?;
            }
            let tunnel = tunnel::open(connection, server, proxy, &|| hop.left());
            connection = tunnel.map_err(|failure| self.no_tunnel(proxy, failure))?;
            steps.done(Step::Proxy, proxy.address.to_string());
        }
        if server.https {
            let hop = Hop { details, uri: details.uri, config: &tls.config };
            connection = self.tls(&hop, tls, connection, server)?;
            steps.done(Step::Tls, self.trusted(tls));
        }
        Ok(Watched { connection, tls: server.https })
    }

    fn start(&self) -> Stopwatch<'_> {
        if let Ok(mut steps) = self.steps.lock() {
            steps.clear();
        }
        Stopwatch { steps: &self.steps, since: Instant::now() }
    }

    fn look_up(&self, details: &ConnectionDetails, uri: &Uri, peer: &Address) -> Result<ResolvedSocketAddrs, Error> {
        let host = peer.host.clone();
        DefaultResolver::default().resolve(uri, details.config, details.timeout).map_err(|error| match error {
            ureq::Error::Timeout(reason) => self.context.timed_out(Phase::Lookup, reason),
            ureq::Error::Io(error) => Error::Lookup { host, reason: io_reason(&error) },
            _ => Error::Lookup { host, reason: "it has no address".to_owned() },
        })
    }

    fn tcp(&self, hop: &Hop, addresses: ResolvedSocketAddrs, peer: &Address) -> Result<Box<dyn Transport>, Error> {
        let details = hop.details(addresses);
        // A limit of zero would be taken for a second.
        if details.timeout.after.is_zero() {
            return Err(self.context.timed_out(Phase::Connect, details.timeout.reason));
        }
        match TcpConnector::default().connect(&details, None::<()>) {
            Ok(Some(Either::B(tcp))) => Ok(Box::new(tcp)),
            // With nothing to build on, the connector gives a socket of its own or an error.
            Ok(_) => Err(Error::Connect { peer: peer.to_string(), reason: "there is no socket".to_owned() }),
            Err(ureq::Error::Timeout(reason)) => Err(self.context.timed_out(Phase::Connect, reason)),
            Err(ureq::Error::Io(error)) => Err(Error::Connect { peer: peer.to_string(), reason: io_reason(&error) }),
            Err(other) => Err(Error::Connect { peer: peer.to_string(), reason: other.to_string() }),
        }
    }

    fn tls(
        &self,
        hop: &Hop,
        tls: &Tls,
        connection: Box<dyn Transport>,
        peer: &Address,
    ) -> Result<Box<dyn Transport>, Error> {
        let details = hop.details(no_addresses());
        match tls.connector.connect(&details, Some(connection)) {
            Ok(Some(secure)) => Ok(Box::new(secure)),
            Ok(None) => Err(self.context.no_handshake(peer, ureq::Error::TlsRequired)),
            Err(error) => Err(self.context.no_handshake(peer, error)),
        }
    }

    fn no_tunnel(&self, proxy: &Proxy, failure: tunnel::Failure) -> Error {
        match failure {
            tunnel::Failure::TimedOut(reason) => self.context.timed_out(Phase::Proxy, reason),
            tunnel::Failure::Refused { status, reason } => Error::Proxy {
                proxy: proxy.address.to_string(),
                variable: proxy.variable.clone(),
                peer: self.context.server.to_string(),
                status,
                reason,
            },
        }
    }

    /// What the TLS step says of the certificate.
    fn trusted(&self, tls: &Tls) -> String {
        if self.insecure {
            "certificate not checked".to_owned()
        } else if std::ptr::eq(tls, self.trust.usual()) {
            "certificate valid".to_owned()
        } else {
            "certificate valid, by the system's roots".to_owned()
        }
    }
}

/// What one step of connecting needs to know.
struct Hop<'a> {
    details: &'a ConnectionDetails<'a>,
    uri: &'a Uri,
    config: &'a Config,
}

impl Hop<'_> {
    /// What is left of the time to connect.
    fn left(&self) -> NextTimeout {
        let passed = match ((self.details.current_time)(), self.details.now) {
            (Clock::Exact(now), Clock::Exact(start)) => now.saturating_duration_since(start),
            _ => Duration::ZERO,
        };
        let after = self.details.timeout.after.saturating_sub(passed);
        NextTimeout { after: after.into(), ..self.details.timeout }
    }

    /// As ureq's connectors want it, with the time that is left.
    fn details(&self, addrs: ResolvedSocketAddrs) -> ConnectionDetails<'_> {
        ConnectionDetails {
            uri: self.uri,
            addrs,
            config: self.config,
            // The TLS configuration is always one of ours, and worth keeping.
            request_level: false,
            resolver: self.details.resolver,
            now: (self.details.current_time)(),
            timeout: self.left(),
            current_time: self.details.current_time.clone(),
            run_connector: self.details.run_connector.clone(),
            register_shutdown: self.details.register_shutdown.clone(),
        }
    }
}

/// Notes the steps of one connection as they succeed.
struct Stopwatch<'a> {
    steps: &'a Mutex<Vec<Taken>>,
    since: Instant,
}

impl Stopwatch<'_> {
    fn done(&mut self, step: Step, found: String) {
        let now = Instant::now();
        if let Ok(mut steps) = self.steps.lock() {
            steps.push(Taken { step, took: now.duration_since(self.since), found });
        }
        self.since = now;
    }
}

fn uri(address: &Address) -> Option<Uri> {
    let scheme = if address.https { "https" } else { "http" };
    format!("{scheme}://{}/", address.authority()).parse().ok()
}

fn list(addresses: &ResolvedSocketAddrs) -> String {
    let mut shown: Vec<_> = addresses.iter().map(|address| address.ip().to_string()).collect();
    shown.dedup();
    shown.join(", ")
}

fn is_unknown_issuer(error: &Error) -> bool {
    matches!(error, Error::Tls { problem: TlsProblem::UnknownIssuer, .. })
}

fn no_addresses() -> ResolvedSocketAddrs {
    ResolvedSocketAddrs::from_fn(|_| SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)))
}

/// Gives no address: [`Dial`] looks names up itself, once it is known that a connection is needed.
#[derive(Debug)]
pub(super) struct NoLookup;

impl Resolver for NoLookup {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(no_addresses())
    }
}
