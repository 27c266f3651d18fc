//! Which certificates are trusted: Mozilla's roots, which are built in, those of `ca_cert`, and the system's.
//!
//! The system's are loaded only when a server's issuer is unknown without them; the handshake is then done once more,
//! and the client keeps what it loaded. So whoever has a certificate from a public authority, or names `ca_cert`, does not
//! pay for reading a hundred files. Whole process, from start to exit, fetching a 34 KB scrape over TLS 1.3 from loopback:
//!
//! | roots | milliseconds |
//! | --- | --- |
//! | (a process that does nothing) | 1.0 |
//! | built in, prepared; certificate not checked | 2.5 |
//! | built in, and `ca_cert` | 2.9 |
//! | system's, needed: as here, with a second handshake | 4.8 one file, 7.4 a folder |
//! | system's, loaded each time | 3.8 one file, 6.2 a folder |
//!
//! Fastest of 200 runs each (`hyperfine -N`), release build, x86-64 Linux with two busy cores, Debian's 144 roots in one
//! file or in a folder of as many; Debian has both, and without `SSL_CERT_FILE` and `SSL_CERT_DIR` both are read.
//! A verifier that loads the system's roots in the midst of the handshake would spare the second one (1.2 ms here, a round
//! trip or two elsewhere, once a process), but needs a TLS transport of our own in place of ureq's.

use super::error::Error;
use crate::files;
use crate::profile::Connect;
use rustls::pki_types::CertificateDer;
use std::path::Path;
use std::sync::OnceLock;
use ureq::Agent;
use ureq::config::Config;
use ureq::tls::{Certificate, PemItem, TlsConfig, parse_pem};
use ureq::unversioned::transport::RustlsConnector;

/// A file of certificates is far smaller.
const CA_FILE: u64 = 16 * 1024 * 1024;

/// Gives the system's root certificates. Called when the bundled ones do not suffice, once.
pub type SystemRoots = Box<dyn Fn() -> Vec<CertificateDer<'static>> + Send + Sync>;

/// The roots trusted from the start, and those that join them when an issuer is unknown.
pub(super) struct Trust {
    initial: Roots,
    ours: Vec<Certificate<'static>>,
    system: SystemRoots,
    /// `None` once asked for: the system has none.
    all: OnceLock<Option<Roots>>,
}

/// A set of roots, ready to shake hands with.
pub(super) struct Roots {
    pub config: Config,
    pub connector: RustlsConnector,
    /// What they say of a certificate that they let pass.
    pub finding: &'static str,
}

impl Trust {
    /// Reads `ca_cert`; the system's certificates are not touched yet.
    pub(super) fn new(connect: &Connect, system: SystemRoots) -> Result<Trust, Error> {
        let ours = match &connect.ca_cert {
            Some(path) => read_ca(path)?,
            None => Vec::new(),
        };
        let mut builder = TlsConfig::builder().disable_verification(connect.insecure);
        // Without any of ours: the same roots as `bundled`, prepared at compile time.
        if !ours.is_empty() {
            builder = builder.root_certs(bundled().chain(ours.iter().cloned()).into());
        }
        let finding = if connect.insecure { "certificate not checked" } else { "certificate valid" };
        Ok(Trust { initial: Roots::new(builder.build(), finding), ours, system, all: OnceLock::new() })
    }

    /// The roots to begin with: all, once they have been needed.
    pub(super) fn roots(&self) -> &Roots {
        self.all.get().and_then(Option::as_ref).unwrap_or(&self.initial)
    }

    /// All roots, the system's among them; `None` if `tried` are all there are. Loads them the first time.
    pub(super) fn beyond(&self, tried: &Roots) -> Option<&Roots> {
        let load = || {
            let system = (self.system)();
            if system.is_empty() {
                return None;
            }
            let system = system.iter().map(|der| Certificate::from_der(der).to_owned());
            let all = bundled().chain(self.ours.iter().cloned()).chain(system);
            let tls = TlsConfig::builder().root_certs(all.into()).build();
            Some(Roots::new(tls, "certificate valid, by the system's roots"))
        };
        self.all.get_or_init(load).as_ref().filter(|all| !std::ptr::eq(*all, tried))
    }
}

impl Roots {
    fn new(tls: TlsConfig, finding: &'static str) -> Roots {
        Roots {
            config: Agent::config_builder().tls_config(tls).build(),
            connector: RustlsConnector::default(),
            finding,
        }
    }
}

/// Mozilla's roots, as certificates.
fn bundled() -> impl Iterator<Item = Certificate<'static>> {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(|der| Certificate::from_der(der))
}

/// The certificates in a PEM file. One that cannot be a root is an error: ureq would leave it out in silence.
fn read_ca(path: &Path) -> Result<Vec<Certificate<'static>>, Error> {
    let refused = |reason: String| Error::CaCert { path: path.to_owned(), reason };
    let (pem, _) = files::read_small(path, CA_FILE).map_err(|error| refused(error.to_string()))?;
    let mut certificates = Vec::new();
    for item in parse_pem(&pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => {
                let der = CertificateDer::from(certificate.der());
                rustls::RootCertStore::empty()
                    .add(der)
                    .map_err(|_| refused(format!("its certificate {} is damaged", certificates.len() + 1)))?;
                certificates.push(certificate);
            }
            // A key beside the certificates does no harm.
            Ok(_) => {}
            Err(_) => return Err(refused("it is not in PEM form".to_owned())),
        }
    }
    if certificates.is_empty() {
        return Err(refused("it holds no certificate in PEM form".to_owned()));
    }
    Ok(certificates)
}
