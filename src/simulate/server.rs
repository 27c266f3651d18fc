//! The server: a clock for the model, sign-in, connections and their threads.

use super::http::{self, Problem, Request};
use super::model::{Model, Plan};
use super::{render, tls};
use crate::deployment::Endpoint;
use crate::exit::Exit;
use base64::Engine;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// More connections than this at once are closed as they come.
const CONNECTIONS: usize = 256;
/// A connection without a request is closed after this long: longer than who watches pauses between two looks.
const IDLE: Duration = Duration::from_secs(120);
/// What a client does not take in this long is not sent.
const WRITE_TIME: Duration = Duration::from_secs(30);

/// How to serve a simulated deployment.
pub(crate) struct Options {
    pub plan: Plan,
    /// On 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Simulated seconds per second.
    pub speed: f64,
    pub credentials: Credentials,
    /// Whether to speak TLS, with a certificate made at start.
    pub tls: bool,
    /// Every so many-th request is answered with 503.
    pub fail_every: Option<NonZeroU64>,
}

/// What the server lets in. They may be those of a real deployment: no `Debug`.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub app_id: String,
    pub app_secret: String,
}

impl Credentials {
    /// Drawn from a seed: they guard nothing but simulated numbers, and a restart keeps them.
    pub(crate) fn drawn(seed: u64) -> Credentials {
        // Not the sequence that the model draws from.
        let mut rng = fastrand::Rng::with_seed(!seed);
        let app_id = format!("{:016x}", rng.u64(..));
        Credentials { app_id, app_secret: (0..32).map(|_| rng.alphanumeric()).collect() }
    }
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] tls::CertificateError),
    #[error("cannot start a thread: {0}")]
    Thread(io::Error),
}

/// A port that is taken is as if there were no connection.
impl From<&Error> for Exit {
    fn from(error: &Error) -> Exit {
        match error {
            Error::Listen { .. } | Error::Thread(_) => Exit::Unavailable,
            Error::Certificate(_) => Exit::Bug,
        }
    }
}

impl Error {
    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Listen { .. } => Some("choose another port with --port, or --port 0 for a free one".to_owned()),
            Error::Certificate(_) | Error::Thread(_) => None,
        }
    }
}

/// A running server. When dropped it takes no more connections, and those that are open end with the next answer.
pub(crate) struct Server {
    address: SocketAddr,
    ca_pem: Option<String>,
    state: Arc<State>,
}

struct State {
    model: Mutex<Model>,
    started: Instant,
    speed: f64,
    /// What follows `Basic ` where the credentials are right.
    credentials: String,
    fail_every: Option<NonZeroU64>,
    requests: AtomicU64,
    tls: Option<Arc<ServerConfig>>,
    stopping: AtomicBool,
}

impl Server {
    /// Starts serving; simulated time begins to pass.
    ///
    /// # Errors
    /// A port that is taken, no certificate, no thread.
    pub(crate) fn start(options: &Options) -> Result<Server, Error> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
        let listening = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).map_err(listening)?;
        let address = listener.local_addr().map_err(listening)?;
        let (tls, ca_pem) = if options.tls { Some(tls::loopback()?).unzip() } else { (None, None) };
        let Credentials { app_id, app_secret } = &options.credentials;
        let state = Arc::new(State {
            model: Mutex::new(Model::new(&options.plan)),
            started: Instant::now(),
            speed: options.speed,
            credentials: base64::engine::general_purpose::STANDARD.encode(format!("{app_id}:{app_secret}")),
            fail_every: options.fail_every,
            requests: AtomicU64::new(0),
            tls,
            stopping: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&state);
        thread::Builder::new()
            .name("simulate-accept".to_owned())
            .spawn(move || accept(&listener, &accepting))
            .map_err(Error::Thread)?;
        Ok(Server { address, ca_pem, state })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The API address, as a profile has it.
    pub(crate) fn endpoint(&self) -> String {
        let scheme = if self.state.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}/api/v5", self.address)
    }

    /// The certificate (PEM) of the authority to trust, where it speaks TLS.
    pub(crate) fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// The label `deployment_id`.
    pub(crate) fn deployment_id(&self) -> String {
        self.state.now().deployment_id().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.stopping.store(true, Ordering::SeqCst);
        // A connection wakes the thread that waits for one; where there can be none it has ended.
        let _ = TcpStream::connect(self.address);
    }
}

/// Takes connections until the server stops.
fn accept(listener: &TcpListener, state: &Arc<State>) {
    for accepted in listener.incoming() {
        if state.stopping.load(Ordering::SeqCst) {
            return;
        }
        let Ok(socket) = accepted else {
            // Out of file descriptors, most likely: they come back as connections end.
            thread::sleep(Duration::from_millis(50));
            continue;
        };
        // Each connection's thread holds the state, as do the server and this thread.
        if Arc::strong_count(state) >= CONNECTIONS + 2 {
            continue;
        }
        let state = Arc::clone(state);
        // Without a thread, and where the client has gone, nobody is left to tell.
        let _ = thread::Builder::new().name("simulate".to_owned()).spawn(move || state.connection(&socket));
    }
}

impl State {
    fn connection(&self, mut socket: &TcpStream) -> io::Result<()> {
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(IDLE))?;
        socket.set_write_timeout(Some(WRITE_TIME))?;
        match &self.tls {
            // An error: the client has gone, or was silent for too long.
            None => drop(self.serve(&mut socket)),
            Some(config) => {
                let session = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
                let mut stream = StreamOwned::new(session, socket);
                drop(self.serve(&mut stream));
                stream.conn.send_close_notify();
                // Not `flush`, which would wait for the end of a handshake that failed.
                stream.conn.write_tls(&mut stream.sock)?;
            }
        }
        http::part(socket)
    }

    fn serve(&self, stream: &mut (impl Read + Write)) -> io::Result<()> {
        let mut pending = Vec::new();
        loop {
            let request = match http::request(stream, &mut pending)? {
                Ok(request) => request,
                Err(problem) => return http::problem(stream, &problem, true, false),
            };
            let keep_alive = request.keep_alive && !self.stopping.load(Ordering::SeqCst);
            match self.judge(&request) {
                Ok(endpoint) => {
                    let model = self.now();
                    http::metrics(stream, &request, |out| match endpoint {
                        Endpoint::Cluster => render::cluster(&model, out),
                        Endpoint::DataIntegration => render::integration(&model, out),
                    })?;
                }
                Err(problem) => http::problem(stream, &problem, request.method != "HEAD", keep_alive)?,
            }
            if !keep_alive {
                return Ok(());
            }
        }
    }

    fn judge(&self, request: &Request) -> Result<Endpoint, Problem> {
        let endpoint = endpoint(&request.path).ok_or(http::PATH)?;
        if !matches!(&*request.method, "GET" | "HEAD") {
            return Err(http::METHOD);
        }
        let given = request.authorization.as_deref().and_then(|value| value.split_once(' '));
        if !given.is_some_and(|(scheme, rest)| scheme.eq_ignore_ascii_case("basic") && rest.trim() == self.credentials)
        {
            return Err(http::SIGN_IN);
        }
        let number = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        if self.fail_every.is_some_and(|every| number % every == 0) {
            return Err(http::INJECTED);
        }
        Ok(endpoint)
    }

    /// The deployment as it is now.
    fn now(&self) -> Model {
        // A panic elsewhere cannot leave the model half-changed in a way that matters here.
        let mut model = self.model.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = self.started.elapsed().as_secs_f64() * self.speed;
        let elapsed = Duration::try_from_secs_f64(passed).unwrap_or(Duration::MAX);
        let step = elapsed.saturating_sub(model.elapsed());
        model.advance(step);
        model.clone()
    }
}

/// The endpoint at a path, of a v5 deployment (`/api/v5/...`) or a v4 one (`/api/...`).
fn endpoint(path: &str) -> Option<Endpoint> {
    let rest = path.strip_prefix("/api/v5").or_else(|| path.strip_prefix("/api"))?;
    Endpoint::ALL.into_iter().find(|endpoint| endpoint.path() == rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_generations_of_paths_are_known() {
        for (path, found) in [
            ("/api/v5/deployment_metrics", Some(Endpoint::Cluster)),
            ("/api/deployment_metrics", Some(Endpoint::Cluster)),
            ("/api/v5/deployment_metrics/data_integration", Some(Endpoint::DataIntegration)),
            ("/api/deployment_metrics/data_integration", Some(Endpoint::DataIntegration)),
            ("/api/v5/deployment_metrics/", None),
            ("/deployment_metrics", None),
            ("/api/v5", None),
            ("*", None),
        ] {
            assert_eq!(endpoint(path), found, "{path}");
        }
    }
}
