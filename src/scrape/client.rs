//! The HTTP client for one target.

use super::answer::Asked;
use super::dial::{Dial, NoLookup};
use super::failure::Context;
use super::retry::{self, Verdict};
use super::surroundings::Surroundings;
use super::trust::Trust;
use super::{Error, ScrapeError, address::Address, body};
use crate::profile::{Secret, Target};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::fmt;
use std::io::Read;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use ureq::Agent;
use ureq::http::{HeaderValue, header};
use ureq::unversioned::transport::{ConnectionDetails, Connector};

/// How the program names itself to servers and proxies.
pub(super) const USER_AGENT: &str = concat!("emqstat/", env!("CARGO_PKG_VERSION"));
/// The text format, and nothing else: some versions answer a request for JSON with JSON, later ones with 400.
const ACCEPT: &str = "text/plain;version=0.0.4";

/// What one scrape gave, and when.
#[derive(Debug)]
pub struct Scrape<T> {
    /// The address asked; for a saved scrape, its file's name.
    pub url: String,
    /// When the request that succeeded was sent; for a file, when it was last written.
    pub scraped_at: jiff::Timestamp,
    /// The same moment by a clock that nobody sets: the time between two scrapes is measured with it.
    pub started: Instant,
    /// From sending it to the last byte read.
    pub duration: Duration,
    pub value: T,
}

/// Talks to one target; keeps its connections for the next scrape. Shared between threads.
pub struct Client {
    agent: Agent,
    pub(super) dial: Arc<Dial>,
    authorization: HeaderValue,
    /// The value of `authorization` as text, to be kept out of messages.
    token: Secret,
    sleep: Arc<dyn Fn(Duration) + Send + Sync>,
    target: Target,
}

impl Client {
    /// Sets up for `target`, with proxies and certificates of this process; connects to nothing yet.
    ///
    /// # Errors
    /// An address that cannot be asked, plain `http` that is not allowed, a `ca_cert` that cannot be read, a proxy that
    /// cannot be used.
    pub fn new(target: &Target) -> Result<Client, Error> {
        Client::in_surroundings(target, Surroundings::of_process())
    }

    /// As [`Client::new`], with proxies, certificates and time from elsewhere.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn in_surroundings(target: &Target, surroundings: Surroundings) -> Result<Client, Error> {
        let connect = &target.connect;
        let server = Address::from(&target.endpoint);
        if !server.https && !server.is_loopback() && !connect.allow_http {
            return Err(Error::PlainHttp { host: server.host });
        }
        if target.app_id.contains(':') {
            return Err(Error::AppId);
        }
        let credentials = format!("{}:{}", target.app_id, target.app_secret.expose());
        let token = BASE64_STANDARD.encode(credentials);
        let mut authorization = HeaderValue::try_from(format!("Basic {token}")).map_err(|_| Error::AppId)?;
        authorization.set_sensitive(true);

        let dial = Arc::new(Dial {
            proxy: surroundings.proxies.choose(&server)?,
            trust: Trust::new(connect, surroundings.system_roots)?,
            insecure: connect.insecure,
            context: Context::new(server, connect),
            steps: Mutex::default(),
        });
        let config = Agent::config_builder()
            .timeout_global(Some(dial.context.timeout))
            .timeout_connect(Some(dial.context.connect_timeout))
            .proxy(None)
            // A redirect comes back as it is, and so does an error's body.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(USER_AGENT)
            .accept(ACCEPT)
            .build();
        let agent = Agent::with_parts(config, Shared(Arc::clone(&dial)), NoLookup);
        let (token, target) = (Secret::new(token), target.clone());
        Ok(Client { agent, dial, authorization, token, sleep: surroundings.sleep, target })
    }

    /// Whom it asks.
    pub fn target(&self) -> &Target {
        &self.target
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
        let verdict = |error: &ScrapeError<E>| match error {
            ScrapeError::Transport(Error::TryLater { retry_after, .. }) => Verdict::Again(*retry_after),
            ScrapeError::Transport(error) if error.is_transient() => Verdict::Again(None),
            _ => Verdict::Final,
        };
        retry::run(self.target.connect.retries, &*self.sleep, verdict, || self.attempt(path, &mut read))
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
        let context = &self.dial.context;
        let request = self.agent.get(&url).header(header::AUTHORIZATION, self.authorization.clone());
        let (head, body) = request.call().map_err(|error| context.no_answer(error))?.into_parts();

        let asked = Asked {
            url: &url,
            profile: self.target.profile.as_deref(),
            secrets: [&self.target.app_secret, &self.token],
        };
        // One reader for both: a second one would miss what the gzip decoder of the first has taken in.
        let mut body = body.into_reader();
        asked.judge(head.status, &head.headers, &mut body)?;
        let broken = |error, received| context.broken_body(error, received);
        let value = body::take_in(super::failure::ANSWER, body, self.target.connect.max_body, broken, read)?;
        Ok(Scrape { url, scraped_at, started, duration: started.elapsed(), value })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("target", &self.target).finish_non_exhaustive()
    }
}

/// The agent's hold of the [`Dial`] that the client keeps for [`super::diagnose()`].
#[derive(Debug)]
struct Shared(Arc<Dial>);

impl Connector<()> for Shared {
    type Out = <Dial as Connector<()>>::Out;

    fn connect(&self, details: &ConnectionDetails, chained: Option<()>) -> Result<Option<Self::Out>, ureq::Error> {
        self.0.connect(details, chained)
    }
}
