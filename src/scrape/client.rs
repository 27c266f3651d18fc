//! The HTTP client for one target.

use super::body::{Scrape, decompressed, read_whole};
use super::context::{ANSWER, Deadline, ErrorContext};
use super::dial::{Dialer, NoLookup, Steps};
use super::error::{Error, Phase, ScrapeError};
use super::proxy::Proxies;
use super::response::ResponseCheck;
use super::retry;
use super::trust::Trust;
use super::tunnel::USER_AGENT;
use crate::profile::{Redactor, Secret, Target};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::fmt;
use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};
use ureq::Agent;
use ureq::http::{HeaderValue, header};

/// The text format, and nothing else: some versions answer a request for JSON with JSON, later ones with 400.
const ACCEPT: &str = "text/plain;version=0.0.4";

/// Room for a request, in bytes, without its address and credentials.
const REQUEST: usize = 2048;

/// How many connections a client keeps: as many as it has endpoints.
const KEPT: usize = 2;

/// What clients take from outside their targets, and share. [`System::new`] is the real thing; tests put their own in place.
pub struct System {
    pub proxies: Proxies,
    pub trust: Trust,
    /// Lets the time between two attempts pass.
    pub sleep: Box<dyn Fn(Duration) + Send + Sync>,
    /// Whether connections stay open when an answer is read, for the next request.
    pub keep_alive: bool,
    /// When everything is over, whatever it waits for.
    pub deadline: Option<Deadline>,
}

impl System {
    /// The system's certificates (or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`), and real time.
    pub fn new(proxies: Proxies, keep_alive: bool) -> System {
        // Files that cannot be read are left out: the rest may well do, and an unknown issuer is reported.
        let trust = Trust::new(Box::new(|| rustls_native_certs::load_native_certs().certs));
        System { proxies, trust, sleep: Box::new(std::thread::sleep), keep_alive, deadline: None }
    }
}

/// Talks to one target. Shared between threads.
pub struct Client {
    agent: Agent,
    context: ErrorContext,
    pub(super) steps: Steps,
    authorization: HeaderValue,
    /// Keeps the credentials out of what is said.
    redactor: Redactor,
    system: Arc<System>,
    target: Target,
}

impl Client {
    /// Sets up for `target`; connects to nothing yet.
    ///
    /// # Errors
    /// An address that cannot be asked, plain `http` that is not allowed, a `ca_cert` that cannot be read, a proxy that
    /// cannot be used.
    pub fn new(target: &Target, system: &Arc<System>) -> Result<Client, Error> {
        let Target { endpoint, connect, .. } = target;
        if endpoint.exposes_credentials() && !connect.allow_http {
            return Err(Error::PlainHttp { host: endpoint.host() });
        }
        if target.app_id.contains(':') {
            return Err(Error::AppId);
        }
        let credentials = format!("{}:{}", target.app_id, target.app_secret.expose());
        let token = BASE64_STANDARD.encode(credentials);
        let mut authorization = HeaderValue::try_from(format!("Basic {token}")).map_err(|_| Error::AppId)?;
        authorization.set_sensitive(true);

        let context = ErrorContext::new(endpoint, connect, system.deadline);
        let steps = Steps::default();
        let proxy = system.proxies.choose(endpoint)?;
        let proxy_head =
            proxy.as_ref().map_or(0, |proxy| proxy.authorization.as_ref().map_or(0, |it| it.expose().len()));
        let dialer = Dialer {
            server: endpoint.clone(),
            proxy,
            sessions: system.trust.sessions(connect)?,
            context: context.clone(),
            steps: Arc::clone(&steps),
            request_size: REQUEST + authorization.len() + proxy_head + 2 * endpoint.to_string().len(),
        };
        let config = Agent::config_builder()
            .timeout_global(Some(context.timeout))
            .timeout_connect(Some(context.connect_timeout))
            .proxy(None)
            // A redirect comes back as it is, and so does an error's body.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(USER_AGENT)
            .accept(ACCEPT)
            .max_idle_connections(if system.keep_alive { KEPT } else { 0 })
            .build();
        let agent = Agent::with_parts(config, dialer, NoLookup);
        let redactor = Redactor::new([&target.app_secret, &Secret::new(token)]);
        Ok(Client {
            agent,
            context,
            steps,
            authorization,
            redactor,
            system: Arc::clone(system),
            target: target.clone(),
        })
    }

    /// Whom it asks.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Takes the credentials out of a text.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// The address of what lies at `path` below the target's API.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.target.endpoint)
    }

    /// Fetches what lies at `path` and lets `read` take the body in as it arrives. `read` is called once for each attempt that gets as
    /// far as a body, so it begins afresh each time; what it leaves unread is read to the end after it.
    ///
    /// # Errors
    /// The last attempt's failure. What `read` refuses is not tried again.
    pub fn scrape<T, E>(
        &self,
        path: &str,
        mut read: impl FnMut(&mut dyn Read) -> Result<T, E>,
    ) -> Result<Scrape<T>, ScrapeError<E>> {
        let least_wait = |error: &ScrapeError<E>| match error {
            ScrapeError::Transport(error) => error.retry_after(),
            ScrapeError::Content(_) => None,
        };
        let most_wait = || self.system.deadline.map_or(Duration::MAX, Deadline::left);
        let attempt = || self.attempt(path, &mut read);
        retry::run(self.target.connect.retries, &*self.system.sleep, least_wait, most_wait, attempt)
    }

    /// One request.
    pub(super) fn attempt<T, E>(
        &self,
        path: &str,
        read: &mut dyn FnMut(&mut dyn Read) -> Result<T, E>,
    ) -> Result<Scrape<T>, ScrapeError<E>> {
        let url = self.url(path);
        let scraped_at = jiff::Timestamp::now();
        let started = Instant::now();
        let mut request = self.agent.get(&url).header(header::AUTHORIZATION, self.authorization.clone());
        if let Some(left) = self.system.deadline.map(Deadline::left).filter(|left| *left < self.context.timeout) {
            if left.is_zero() {
                return Err(self.context.timed_out(Phase::Answer, ureq::Timeout::Global).into());
            }
            request = request.config().timeout_global(Some(left)).build();
        }
        let (head, body) = request.call().map_err(|error| self.context.no_answer(error))?.into_parts();

        let check = ResponseCheck {
            url: &url,
            profile: self.target.profile.as_deref(),
            overridden: self.target.overridden,
            redactor: &self.redactor,
        };
        // One reader for both: a second one would miss what the gzip decoder of the first has taken in.
        let mut body = body.into_reader();
        check.run(head.status, &head.headers, &mut body)?;
        let failed = |error, received| self.context.broken_body(error, received);
        // Not every server that compresses says so.
        let body = decompressed(body).map_err(|error| failed(error, 0))?;
        let value = read_whole(ANSWER, body, self.target.connect.max_body, failed, read)?;
        Ok(Scrape { url, scraped_at, started, duration: started.elapsed(), value })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("target", &self.target).finish_non_exhaustive()
    }
}
