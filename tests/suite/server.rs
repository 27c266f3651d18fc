//! A scripted HTTP server on loopback: it says what the test tells it to say, and remembers what it was asked.
//!
//! ```ignore
//! let server = Server::start();
//! server.on("/api/v5/deployment_metrics", [Answer::status(503).header("Retry-After", "0"), Answer::metrics(BODY)]);
//! let out = sandbox.emqstat(["cluster", "--endpoint", &server.endpoint()])...
//! assert_eq!(server.requests().len(), 2);
//! ```

#![allow(dead_code, reason = "a helper serves whichever topic needs it")]

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::collections::{HashMap, VecDeque};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// The cluster endpoint's path below [`Server::url`].
pub const CLUSTER: &str = "/api/v5/deployment_metrics";
/// The data-integration endpoint's path below [`Server::url`].
pub const DATA_INTEGRATION: &str = "/api/v5/deployment_metrics/data_integration";

/// What the server says to one request.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    form: Form,
    gate: Option<(Hold, Gate)>,
}

#[derive(Debug, Clone, PartialEq)]
enum Form {
    /// Well-formed, with its `Content-Length`; the connection stays open.
    Whole,
    /// These bytes and no head of ours; then the connection is closed.
    Raw,
    /// These bytes and no head of ours, the last of them again and again.
    Trickle,
    /// A connection to this address, passed through both ways after the head: a proxy's `CONNECT`.
    Tunnel(SocketAddr),
}

/// Where an answer waits for its gate.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Hold {
    BeforeHead,
    /// After so many bytes of the body.
    InBody(usize),
}

impl Answer {
    /// An empty answer.
    pub fn status(status: u16) -> Answer {
        Answer { status, headers: Vec::new(), body: Vec::new(), form: Form::Whole, gate: None }
    }

    /// Metrics, with the type that deployments send.
    pub fn metrics(text: impl Into<Vec<u8>>) -> Answer {
        Answer::status(200).header("Content-Type", "text/plain; version=0.0.4").body(text)
    }

    /// Whatever bytes, head and all, after which the connection is closed: truncated and malformed answers.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Answer {
        Answer { form: Form::Raw, ..Answer::status(200).body(bytes) }
    }

    /// These bytes, head and all, and then the last one again and again until the client is gone.
    pub fn trickle(bytes: impl Into<Vec<u8>>) -> Answer {
        Answer { form: Form::Trickle, ..Answer::raw(bytes) }
    }

    /// What a proxy says to `CONNECT`; the bytes then go to `server`.
    pub fn tunnel(server: &Server) -> Answer {
        Answer { form: Form::Tunnel(server.address), ..Answer::status(200) }
    }

    pub fn header(mut self, name: &str, value: &str) -> Answer {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn body(mut self, bytes: impl Into<Vec<u8>>) -> Answer {
        self.body = bytes.into();
        self
    }

    /// Says nothing until the gate is opened.
    pub fn behind(mut self, gate: &Gate) -> Answer {
        self.gate = Some((Hold::BeforeHead, gate.clone()));
        self
    }

    /// Says the head and so many bytes of the body, and the rest when the gate is opened.
    pub fn stalled_after(mut self, bytes: usize, gate: &Gate) -> Answer {
        self.gate = Some((Hold::InBody(bytes), gate.clone()));
        self
    }
}

impl From<Answer> for Vec<Answer> {
    fn from(answer: Answer) -> Vec<Answer> {
        vec![answer]
    }
}

/// Holds answers back until the test opens it.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<(Mutex<GateState>, Condvar)>);

#[derive(Debug, Default)]
struct GateState {
    open: bool,
    waiting: usize,
}

impl Gate {
    pub fn closed() -> Gate {
        Gate::default()
    }

    /// Lets everybody through, now and later.
    pub fn open(&self) {
        self.0.0.lock().unwrap().open = true;
        self.0.1.notify_all();
    }

    /// Waits until `count` requests stand before it.
    pub fn wait_for(&self, count: usize) {
        let state = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(state, |state| state.waiting < count).unwrap());
    }

    fn pass(&self) {
        let mut state = self.0.0.lock().unwrap();
        state.waiting += 1;
        self.0.1.notify_all();
        drop(self.0.1.wait_while(state, |state| !state.open).unwrap());
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// As on the request line: a path; a whole address where the server is a proxy; `HOST:PORT` with `CONNECT`.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Which connection it came on, counted from 0.
    pub connection: usize,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Debug, Default)]
struct State {
    routes: HashMap<String, VecDeque<Answer>>,
    requests: Vec<Request>,
    connections: usize,
}

impl State {
    fn answer(&mut self, request: Request) -> Answer {
        let answers = self.routes.get_mut(&request.target);
        self.requests.push(request);
        match answers {
            Some(answers) if answers.len() > 1 => answers.pop_front(),
            Some(answers) => answers.front().cloned(),
            None => None,
        }
        .unwrap_or_else(|| Answer::status(404))
    }
}

/// A server that runs until the test's end.
pub struct Server {
    address: SocketAddr,
    tls: Option<Certificate>,
    state: Arc<Mutex<State>>,
}

impl Server {
    /// Plain HTTP.
    pub fn start() -> Server {
        Server::listen(None)
    }

    /// HTTPS, with a certificate for these names (`127.0.0.1`, `localhost`) from a new CA: [`Server::ca_pem`].
    pub fn start_tls<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Server {
        Server::listen(Some(Certificate::new(names.into_iter().map(Into::into).collect())))
    }

    /// HTTPS with a certificate that ran out on 2020-01-02.
    pub fn start_expired<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Server {
        let names = names.into_iter().map(Into::into).collect();
        Server::listen(Some(Certificate::adjusted(names, |leaf| leaf.not_after = rcgen::date_time_ymd(2020, 1, 2))))
    }

    /// HTTPS with a certificate that names its host in its common name alone.
    pub fn start_nameless() -> Server {
        Server::listen(Some(Certificate::new(Vec::new())))
    }

    /// HTTPS with the certificate of a CA.
    pub fn start_as_ca(names: [&str; 1]) -> Server {
        let names = names.map(str::to_owned).to_vec();
        let is_ca = |leaf: &mut CertificateParams| leaf.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Server::listen(Some(Certificate::adjusted(names, is_ca)))
    }

    /// HTTPS that asks for a certificate of the client.
    pub fn start_mutual(names: [&str; 1]) -> Server {
        let mut certificate = Certificate::new(names.map(str::to_owned).to_vec());
        certificate.mutual = true;
        Server::listen(Some(certificate))
    }

    fn listen(tls: Option<Certificate>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server { address: listener.local_addr().unwrap(), tls, state: Arc::default() };
        let config = server.tls.as_ref().map(Certificate::config);
        let state = Arc::clone(&server.state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (Ok(stream), state, config) = (stream, Arc::clone(&state), config.clone()) else { return };
                let connection = {
                    let mut state = state.lock().unwrap();
                    state.connections += 1;
                    state.connections - 1
                };
                // A client that hangs up is the test's business, not an error here.
                thread::spawn(move || {
                    let tcp = stream.try_clone()?;
                    match config {
                        None => serve(stream, &tcp, &state, connection),
                        Some(config) => {
                            let tls = rustls::ServerConnection::new(config).unwrap();
                            serve(rustls::StreamOwned::new(tls, stream), &tcp, &state, connection)
                        }
                    }
                });
            }
        });
        server
    }

    /// Says these answers to requests of `target`, one after the other; the last one for ever. Others get 404.
    pub fn on(&self, target: &str, answers: impl Into<Vec<Answer>>) -> &Server {
        self.state.lock().unwrap().routes.insert(target.to_owned(), VecDeque::from(answers.into()));
        self
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`, or `https`.
    pub fn url(&self) -> String {
        format!("{}://{}", if self.tls.is_some() { "https" } else { "http" }, self.address)
    }

    /// The API address that a profile holds.
    pub fn endpoint(&self) -> String {
        format!("{}/api/v5", self.url())
    }

    /// The certificate of the CA that signed the server's own.
    pub fn ca_pem(&self) -> &str {
        &self.tls.as_ref().expect("a server with TLS").ca_pem
    }

    /// What was asked so far, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.state.lock().unwrap().requests.clone()
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }
}

/// Answers one connection's requests until it is closed. `tcp` is the connection below `stream`.
fn serve(stream: impl Read + Write, tcp: &TcpStream, state: &Mutex<State>, connection: usize) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read_request(&mut stream, connection)? {
        let answer = state.lock().unwrap().answer(request);
        let out = stream.get_mut();
        if let Some((Hold::BeforeHead, gate)) = &answer.gate {
            gate.pass();
        }
        if matches!(answer.form, Form::Raw | Form::Trickle) {
            out.write_all(&answer.body)?;
            out.flush()?;
            while let (Form::Trickle, Some(last)) = (&answer.form, answer.body.last()) {
                thread::sleep(std::time::Duration::from_millis(5));
                out.write_all(&[*last])?;
                out.flush()?;
            }
            return Ok(());
        }
        write!(out, "HTTP/1.1 {} Scripted\r\n", answer.status)?;
        for (name, value) in &answer.headers {
            write!(out, "{name}: {value}\r\n")?;
        }
        if let Form::Tunnel(address) = answer.form {
            write!(out, "\r\n")?;
            out.flush()?;
            return tunnel(tcp, address);
        }
        write!(out, "Content-Length: {}\r\n\r\n", answer.body.len())?;
        let held = match &answer.gate {
            Some((Hold::InBody(bytes), gate)) => Some((*bytes, gate)),
            _ => None,
        };
        let (first, rest) = answer.body.split_at(held.map_or(answer.body.len(), |(bytes, _)| bytes));
        out.write_all(first)?;
        out.flush()?;
        if let Some((_, gate)) = held {
            gate.pass();
        }
        out.write_all(rest)?;
        out.flush()?;
    }
    Ok(())
}

/// Passes bytes both ways until either side has said its last.
fn tunnel(client: &TcpStream, address: SocketAddr) -> io::Result<()> {
    let server = TcpStream::connect(address)?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    let upstream = thread::spawn(move || {
        let copied = io::copy(&mut from_client, &mut to_server);
        to_server.shutdown(Shutdown::Write).and(copied)
    });
    io::copy(&mut &server, &mut &*client)?;
    client.shutdown(Shutdown::Both)?;
    upstream.join().map_err(|_| io::Error::other("the way up broke"))?.map(drop)
}

fn read_request(stream: &mut impl BufRead, connection: usize) -> io::Result<Option<Request>> {
    let mut line = || -> io::Result<String> {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    };
    let first = line()?;
    let mut words = first.split(' ').map(str::to_owned);
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let mut headers = Vec::new();
    loop {
        let header = line()?;
        let Some((name, value)) = header.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    Ok(Some(Request { method, target, headers, connection }))
}

/// A server certificate and the CA that signed it.
#[derive(Debug)]
struct Certificate {
    ca_pem: String,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    /// Whether clients have to have one too, from the same CA.
    mutual: bool,
    ca: CertificateDer<'static>,
}

impl Certificate {
    fn new(names: Vec<String>) -> Certificate {
        Certificate::adjusted(names, |_| {})
    }

    fn adjusted(names: Vec<String>, adjust: impl FnOnce(&mut CertificateParams)) -> Certificate {
        let mut ca = CertificateParams::default();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca_key = KeyPair::generate().unwrap();
        let signed = ca.self_signed(&ca_key).unwrap();
        let (ca_pem, ca_der) = (signed.pem(), signed.der().clone());
        let key = KeyPair::generate().unwrap();
        let mut leaf = CertificateParams::new(names).unwrap();
        adjust(&mut leaf);
        let leaf = leaf.signed_by(&key, &Issuer::new(ca, ca_key)).unwrap();
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        Certificate { ca_pem, chain: vec![leaf.der().clone()], key, mutual: false, ca: ca_der }
    }

    fn config(&self) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions().unwrap();
        let builder = if self.mutual {
            let mut roots = rustls::RootCertStore::empty();
            roots.add(self.ca.clone()).unwrap();
            let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        } else {
            builder.with_no_client_auth()
        };
        let config = builder.with_single_cert(self.chain.clone(), self.key.clone_key());
        Arc::new(config.unwrap())
    }
}
