//! The server: a clock for the model, sign-in, connections and their threads.

use super::http::{self, Connection, NoRequest, Problem, Request};
use super::model::{Model, Plan};
use super::render;
use super::tls::{self, CertificateError};
use crate::deployment::Endpoint;
use crate::exit::Exit;
use crate::profile::{EndpointUrl, Scheme, Secret};
use base64::Engine;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// More connections than this at once are closed as they come.
const CONNECTIONS: usize = 256;
/// Answers under way get this long to end when the server stops.
const FAREWELL: Duration = Duration::from_secs(1);

/// How to serve a simulated deployment.
#[derive(Debug, Clone)]
pub struct Options {
    pub plan: Plan,
    /// On 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Simulated seconds per second.
    pub speed: f64,
    pub credentials: Credentials,
    pub tls: Tls,
    /// Every so many-th request is answered with 503.
    pub fail_every: Option<NonZeroU64>,
}

/// What the server lets in.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub app_id: String,
    pub app_secret: Secret,
}

impl Credentials {
    /// Drawn from a seed: they guard nothing but simulated numbers, and a restart keeps them.
    pub fn drawn(seed: u64) -> Credentials {
        // Not the sequence that the model draws from.
        let mut rng = fastrand::Rng::with_seed(!seed);
        let app_id = format!("{:016x}", rng.u64(..));
        Credentials { app_id, app_secret: Secret::new((0..32).map(|_| rng.alphanumeric()).collect()) }
    }

    fn header(&self) -> String {
        let pair = format!("{}:{}", self.app_id, self.app_secret.expose());
        base64::engine::general_purpose::STANDARD.encode(pair)
    }
}

/// Whether the server speaks TLS, with a certificate made at start.
#[derive(Debug, Clone)]
pub enum Tls {
    Off,
    /// The certificate of its authority is written to a file: this one, or a temporary one that goes with the server.
    On {
        ca_file: Option<PathBuf>,
    },
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot write the CA certificate to {}: {source}", path.display())]
    CaFile { path: PathBuf, source: io::Error },
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] CertificateError),
    #[error("cannot start a thread: {0}")]
    Thread(io::Error),
}

impl Error {
    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Listen { .. } => Some("choose another port with --port, or --port 0 for a free one".to_owned()),
            Error::CaFile { .. } => Some("choose another file with --ca-out".to_owned()),
            Error::Certificate(_) | Error::Thread(_) => None,
        }
    }
}

/// A running server. It stops when dropped: answers under way end first, then all its threads have.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
    ca: Option<CaFile>,
}

enum CaFile {
    Kept(PathBuf),
    Temporary(tempfile::NamedTempFile),
}

struct Shared {
    model: Mutex<Model>,
    started: Instant,
    speed: f64,
    /// What follows `Basic ` where the credentials are right.
    credentials: String,
    fail_every: Option<NonZeroU64>,
    requests: AtomicU64,
    tls: Option<Arc<ServerConfig>>,
    stopping: AtomicBool,
    /// Connections that are open, to be ended.
    open: Mutex<HashMap<u64, TcpStream>>,
}

impl Server {
    /// Starts serving; simulated time begins to pass.
    ///
    /// # Errors
    /// A port that is taken, a CA file that cannot be written.
    pub fn start(options: &Options) -> Result<Server, Error> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
        let listening = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).map_err(listening)?;
        let address = listener.local_addr().map_err(listening)?;
        let (tls, ca) = match &options.tls {
            Tls::Off => (None, None),
            Tls::On { ca_file } => {
                let (config, pem) = tls::loopback()?;
                (Some(config), Some(CaFile::write(ca_file.clone(), &pem)?))
            }
        };
        let shared = Arc::new(Shared {
            model: Mutex::new(Model::new(&options.plan)),
            started: Instant::now(),
            speed: options.speed,
            credentials: options.credentials.header(),
            fail_every: options.fail_every,
            requests: AtomicU64::new(0),
            tls,
            stopping: AtomicBool::new(false),
            open: Mutex::default(),
        });
        let accepting = Arc::clone(&shared);
        let acceptor = std::thread::Builder::new()
            .name("simulate-accept".to_owned())
            .spawn(move || accept(&listener, &accepting))
            .map_err(Error::Thread)?;
        Ok(Server { address, shared, acceptor: Some(acceptor), ca })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The API address, as a profile has it.
    pub fn endpoint(&self) -> EndpointUrl {
        let scheme = if self.shared.tls.is_some() { Scheme::Https } else { Scheme::Http };
        EndpointUrl::of_socket(scheme, self.address, "/api/v5")
    }

    /// The certificate to trust, where it speaks TLS.
    pub fn ca_file(&self) -> Option<&Path> {
        self.ca.as_ref().map(|ca| match ca {
            CaFile::Kept(path) => path.as_path(),
            CaFile::Temporary(file) => file.path(),
        })
    }

    /// The label `deployment_id`.
    pub fn deployment_id(&self) -> String {
        locked(&self.shared.model).deployment_id().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        // A connection wakes the thread that waits for one.
        let woken = TcpStream::connect_timeout(&self.address, FAREWELL).is_ok();
        if let Some(acceptor) = self.acceptor.take().filter(|_| woken) {
            // A panic there has been reported by the panic hook.
            let _ = acceptor.join();
        }
    }
}

impl CaFile {
    fn write(path: Option<PathBuf>, pem: &str) -> Result<CaFile, Error> {
        if let Some(path) = path {
            // Whoever reads where it is may stand elsewhere.
            let path = std::path::absolute(&path).unwrap_or(path);
            return match std::fs::write(&path, pem) {
                Ok(()) => Ok(CaFile::Kept(path)),
                Err(source) => Err(Error::CaFile { path, source }),
            };
        }
        let file = tempfile::Builder::new().prefix("emqstat-simulate-ca-").suffix(".pem").tempfile();
        file.and_then(|mut file| file.write_all(pem.as_bytes()).map(|()| CaFile::Temporary(file)))
            .map_err(|source| Error::CaFile { path: std::env::temp_dir(), source })
    }
}

/// A panic while it was held cannot leave the value half-changed in a way that matters here.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes connections until the server stops, then sees them end.
fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    let mut threads: Vec<JoinHandle<()>> = Vec::new();
    for number in 0.. {
        let accepted = listener.accept();
        if shared.stopping.load(Ordering::SeqCst) {
            break;
        }
        threads.retain(|thread| !thread.is_finished());
        let Ok((socket, _)) = accepted else {
            // Out of file descriptors, most likely: they come back as connections end.
            std::thread::sleep(Duration::from_millis(50));
            continue;
        };
        if threads.len() >= CONNECTIONS {
            continue;
        }
        let serving = Arc::clone(shared);
        let thread = std::thread::Builder::new().name(format!("simulate-{number}")).spawn(move || {
            // The client has gone: nobody is left to tell.
            let _ = serving.connection(number, socket);
            locked(&serving.open).remove(&number);
        });
        threads.extend(thread);
    }
    let end = |how| locked(&shared.open).values().for_each(|socket| drop(socket.shutdown(how)));
    // Whoever waits for a request gets none; answers go on.
    end(Shutdown::Read);
    let deadline = Instant::now() + FAREWELL;
    while Instant::now() < deadline && threads.iter().any(|thread| !thread.is_finished()) {
        std::thread::sleep(Duration::from_millis(2));
    }
    end(Shutdown::Both);
    for thread in threads {
        let _ = thread.join();
    }
}

impl Shared {
    fn connection(&self, number: u64, socket: TcpStream) -> io::Result<()> {
        socket.set_nodelay(true)?;
        locked(&self.open).insert(number, socket.try_clone()?);
        if self.stopping.load(Ordering::SeqCst) {
            return Ok(());
        }
        let control = socket.try_clone()?;
        match &self.tls {
            None => self.serve(&mut Connection::new(&socket, control)?)?,
            Some(config) => {
                let session = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
                let mut connection = Connection::new(StreamOwned::new(session, &socket), control)?;
                self.serve(&mut connection)?;
                let mut stream = connection.into_stream();
                stream.conn.send_close_notify();
                // Not `flush`, which would wait for the end of a handshake that failed.
                stream.conn.write_tls(&mut stream.sock)?;
            }
        }
        http::part(&socket)
    }

    fn serve<S: Read + Write>(&self, connection: &mut Connection<S>) -> io::Result<()> {
        loop {
            let mut request = match connection.request() {
                Ok(request) => request,
                Err(NoRequest::Gone) => return Ok(()),
                Err(NoRequest::Refused(problem)) => return connection.problem(&problem, false, false),
            };
            request.keep_alive &= !self.stopping.load(Ordering::SeqCst);
            match self.judge(&request) {
                Ok(endpoint) => {
                    let model = self.now();
                    connection.metrics(&request, |out| match endpoint {
                        Endpoint::Cluster => render::cluster(&model, out),
                        Endpoint::DataIntegration => render::integration(&model, out),
                    })?;
                }
                Err(problem) => connection.problem(&problem, request.head_only, request.keep_alive)?,
            }
            if !request.keep_alive {
                return Ok(());
            }
        }
    }

    fn judge(&self, request: &Request) -> Result<Endpoint, Problem> {
        let endpoint = request.endpoint.as_ref().ok_or(Problem::Path)?;
        if request.other_method {
            return Err(Problem::Method);
        }
        let given = request.authorization.as_deref().and_then(|value| value.split_once(' '));
        if !given.is_some_and(|(scheme, rest)| scheme.eq_ignore_ascii_case("basic") && rest.trim() == self.credentials)
        {
            return Err(Problem::SignIn);
        }
        let number = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        if self.fail_every.is_some_and(|every| number % every == 0) {
            return Err(Problem::Injected);
        }
        Ok(*endpoint)
    }

    /// The deployment as it is now.
    fn now(&self) -> Model {
        let passed = self.started.elapsed().as_secs_f64() * self.speed;
        let elapsed = Duration::try_from_secs_f64(passed).unwrap_or(Duration::MAX);
        let mut model = locked(&self.model);
        let step = elapsed.saturating_sub(model.elapsed());
        model.advance(step);
        model.clone()
    }
}

/// A port that is taken is as if there were no connection; a CA file that cannot be written was named by the user.
impl From<&Error> for Exit {
    fn from(error: &Error) -> Exit {
        match error {
            Error::Listen { .. } | Error::Thread(_) => Exit::Unavailable,
            Error::CaFile { .. } => Exit::Usage,
            Error::Certificate(_) => Exit::Bug,
        }
    }
}
