//! Which certificates are trusted: those of `ca_cert`, Mozilla's roots, which are built in, and the system's.
//!
//! They are asked in this order within one handshake, each set only where those before it do not know the issuer. So whoever has a
//! certificate from a public authority, or names `ca_cert`, does not pay for reading the system's hundred files, and whoever needs the system's
//! does not pay for a second handshake. Clients with the same settings share one configuration.

use super::error::Error;
use crate::files;
use crate::profile::Connect;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A file of certificates is far smaller.
const CA_FILE: u64 = 16 * 1024 * 1024;

/// Gives the system's root certificates. Called when no others suffice, once.
pub type SystemRoots = Box<dyn Fn() -> Vec<CertificateDer<'static>> + Send + Sync>;

/// The certificates that the clients of a run trust.
pub struct Trust {
    common: Arc<CommonRoots>,
    sessions: Mutex<HashMap<SessionsKey, Arc<Sessions>>>,
}

/// What tells sessions apart: the file of `ca_cert`, and whether certificates are checked at all.
type SessionsKey = (Option<PathBuf>, bool);

/// The roots that do not depend on a profile, each made when it is first needed.
struct CommonRoots {
    bundled: OnceLock<RootCertStore>,
    load_system: SystemRoots,
    system: OnceLock<RootCertStore>,
}

/// What TLS sessions are begun with.
pub(super) struct Sessions {
    roots: Arc<Roots>,
    insecure: bool,
    /// Made for the first session: plain HTTP needs none.
    config: OnceLock<Arc<ClientConfig>>,
}

/// All the roots that a certificate is checked against.
struct Roots {
    /// Those of `ca_cert`.
    ours: Option<RootCertStore>,
    common: Arc<CommonRoots>,
    /// Whether the last certificate that was let pass took the system's.
    by_system: AtomicBool,
}

impl Trust {
    /// Touches nothing yet.
    pub fn new(system: SystemRoots) -> Trust {
        let common = CommonRoots { bundled: OnceLock::new(), load_system: system, system: OnceLock::new() };
        Trust { common: Arc::new(common), sessions: Mutex::default() }
    }

    /// For a target's settings. Reads `ca_cert`, once for all that name the same file.
    ///
    /// # Errors
    /// `ca_cert` cannot be used.
    pub(super) fn sessions(&self, connect: &Connect) -> Result<Arc<Sessions>, Error> {
        let mut known = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (connect.ca_cert.clone(), connect.insecure);
        if let Some(sessions) = known.get(&key) {
            return Ok(Arc::clone(sessions));
        }
        let ours = connect.ca_cert.as_deref().map(read_ca).transpose()?;
        let roots = Roots { ours, common: Arc::clone(&self.common), by_system: AtomicBool::new(false) };
        let sessions = Sessions { roots: Arc::new(roots), insecure: connect.insecure, config: OnceLock::new() };
        Ok(Arc::clone(known.entry(key).or_insert(Arc::new(sessions))))
    }
}

impl Sessions {
    /// What rustls wants to know.
    pub(super) fn config(&self) -> Arc<ClientConfig> {
        let make = || {
            let provider = Arc::new(ring::default_provider());
            let algorithms = provider.signature_verification_algorithms;
            let verifier: Arc<dyn ServerCertVerifier> = if self.insecure {
                Arc::new(Unchecked)
            } else {
                Arc::new(Verifier { roots: Arc::clone(&self.roots), algorithms })
            };
            Arc::new(config(provider, verifier))
        };
        Arc::clone(self.config.get_or_init(make))
    }

    /// What is said of a certificate that was let pass.
    pub(super) fn finding(&self) -> &'static str {
        if self.insecure {
            "certificate not checked"
        } else if self.roots.by_system.load(Ordering::Relaxed) {
            "certificate valid, by the system's roots"
        } else {
            "certificate valid"
        }
    }
}

/// TLS 1.2 and 1.3.
fn config(provider: Arc<CryptoProvider>, checks: Arc<dyn ServerCertVerifier>) -> ClientConfig {
    let builder = ClientConfig::builder_with_provider(provider).with_protocol_versions(rustls::ALL_VERSIONS);
    // ring has ciphers for both versions: what could fail here is a mistake of ours.
    #[allow(clippy::expect_used)]
    let builder = builder.expect("the provider knows the versions");
    builder.dangerous().with_custom_certificate_verifier(checks).with_no_client_auth()
}

/// Checks a server's certificate as rustls does, against one set of roots after the other.
struct Verifier {
    roots: Arc<Roots>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").finish_non_exhaustive()
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let certificate = ParsedCertificate::try_from(end_entity)?;
        let by = |roots: &RootCertStore| {
            verify_server_cert_signed_by_trust_anchor(&certificate, roots, intermediates, now, self.algorithms.all)
        };
        let unknown = || Err(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer));
        let Roots { ours, common, by_system } = &*self.roots;
        let mut verdict = ours.as_ref().map_or_else(unknown, by);
        if is_unknown(&verdict) {
            verdict = by(common.bundled());
        }
        let needs_system = is_unknown(&verdict);
        if needs_system {
            verdict = by(common.system());
        }
        verdict?;
        verify_server_name(&certificate, name)?;
        by_system.store(needs_system, Ordering::Relaxed);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

fn is_unknown(verdict: &Result<(), rustls::Error>) -> bool {
    matches!(verdict, Err(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)))
}

impl CommonRoots {
    /// Mozilla's, prepared at compile time.
    fn bundled(&self) -> &RootCertStore {
        self.bundled.get_or_init(|| RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
    }

    /// The system's; those that cannot be read are left out.
    fn system(&self) -> &RootCertStore {
        self.system.get_or_init(|| {
            let mut store = RootCertStore::empty();
            store.add_parsable_certificates((self.load_system)());
            store
        })
    }
}

/// Takes whatever certificate there is: `insecure`.
#[derive(Debug)]
struct Unchecked;

impl ServerCertVerifier for Unchecked {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        // What is not checked may be signed in ways that nobody checks any more.
        let old = [SignatureScheme::RSA_PKCS1_SHA1, SignatureScheme::ECDSA_NISTP521_SHA512, SignatureScheme::ED448];
        [ring::default_provider().signature_verification_algorithms.supported_schemes(), old.to_vec()].concat()
    }
}

/// The certificates in a PEM file. One that cannot be a root is an error, not left out in silence.
fn read_ca(path: &Path) -> Result<RootCertStore, Error> {
    let refused = |reason: String| Error::CaCert { path: path.to_owned(), reason };
    let (pem, _) = files::read_small(path, CA_FILE).map_err(|error| refused(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    // A key beside the certificates does no harm.
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|_| refused("it is not in PEM form".to_owned()))?;
        let count = roots.len();
        roots.add(certificate).map_err(|_| refused(format!("its certificate {} is damaged", count + 1)))?;
    }
    if roots.is_empty() {
        return Err(refused("it holds no certificate in PEM form".to_owned()));
    }
    Ok(roots)
}
