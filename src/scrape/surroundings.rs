//! What a client takes from outside its target: environment, system certificates, time that passes.

use super::Proxies;
use rustls::pki_types::CertificateDer;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Gives the system's root certificates. Called when the bundled ones do not suffice, once.
pub type SystemRoots = Arc<dyn Fn() -> Vec<CertificateDer<'static>> + Send + Sync>;

/// Where a client runs. [`Surroundings::of_process`] is the real thing; tests put their own in place.
#[derive(Clone)]
pub struct Surroundings {
    pub proxies: Proxies,
    pub system_roots: SystemRoots,
    /// Lets the time between two attempts pass.
    pub sleep: Arc<dyn Fn(Duration) + Send + Sync>,
}

impl Surroundings {
    /// Proxies from the environment, the system's certificates (or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`), real time.
    pub fn of_process() -> Surroundings {
        Surroundings {
            proxies: Proxies::read(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())),
            // Files that cannot be read are left out: the rest may well do, and an unknown issuer is reported.
            system_roots: Arc::new(|| rustls_native_certs::load_native_certs().certs),
            sleep: Arc::new(std::thread::sleep),
        }
    }
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").field("proxies", &self.proxies).finish_non_exhaustive()
    }
}
