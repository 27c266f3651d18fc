//! One GET and what can go wrong with it, asked through the library: a real client, a real server on loopback.

mod arrival;
mod asking;
mod input;
mod proxy;
mod steps;
mod tls;

use crate::server::{Answer, CLUSTER, Server};
use emqstat::deployment::Endpoint;
use emqstat::exit::Exit;
use emqstat::profile::{Connect, Secret, Target};
use emqstat::scrape::{Client, Error, Phase, Proxies, Scrape, ScrapeError, System, TimeLimit, Trust};
use std::io::{self, Write};
use std::sync::Arc;

pub const BODY: &str = "emqx_up 1\n";
pub const SECRET: &str = "hush-hush";

/// A profile named `prod`; without retries, so that the first failure shows.
pub fn target(endpoint: &str) -> Target {
    Target {
        min_nodes: 1,
        checks: Vec::new(),
        thresholds: Default::default(),
        profile: Some("prod".to_owned()),
        endpoint: endpoint.parse().unwrap(),
        app_id: "me".to_owned(),
        is_demo: false,
        overridden: false,
        app_secret: Secret::new(SECRET.to_owned()),
        connect: Connect { retries: 0, ..Connect::default() },
    }
}

/// No proxy, no system certificates, and time that passes at once.
pub fn system() -> System {
    let trust = Trust::new(Box::new(Vec::new));
    System { proxies: Proxies::default(), trust, sleep: Box::new(|_| {}), keep_alive: true, deadline: None }
}

pub fn proxies(variable: &str, value: String) -> System {
    let proxies = Proxies::from_env(|name| (name == variable).then(|| value.clone().into()));
    System { proxies, ..system() }
}

/// A client with a system of its own.
pub fn connecting(target: &Target, system: System) -> Result<Client, Error> {
    Client::new(target, &Arc::new(system))
}

pub fn client(target: &Target) -> Client {
    connecting(target, system()).unwrap()
}

pub fn fetch(client: &Client, endpoint: Endpoint) -> Result<Scrape<String>, ScrapeError<io::Error>> {
    client.scrape(endpoint.path(), |body| {
        let mut text = String::new();
        body.read_to_string(&mut text).map(|_| text)
    })
}

pub fn transport(result: Result<Scrape<String>, ScrapeError<io::Error>>) -> Error {
    match result {
        Err(ScrapeError::Transport(error)) => error,
        other => panic!("no failure of transport: {other:?}"),
    }
}

/// What a scrape of a server that gives this answer fails with.
pub fn failure(answer: Answer) -> Error {
    let server = Server::start();
    server.on(CLUSTER, [answer]);
    transport(fetch(&client(&target(&server.endpoint())), Endpoint::Cluster))
}

pub fn exit(error: &Error) -> Exit {
    Exit::from(error)
}

pub fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

pub fn ca_file(server: &Server) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, server.ca_pem()).unwrap();
    file
}

pub fn trusting(server: &Server, endpoint: &str) -> (Target, tempfile::NamedTempFile) {
    let file = ca_file(server);
    let mut target = target(endpoint);
    target.connect.ca_cert = Some(file.path().to_owned());
    (target, file)
}

/// What was going on when the time ran out, and which limit it was.
pub fn timed_out(error: &Error) -> (Phase, TimeLimit) {
    match error {
        Error::TimedOut { phase, setting, .. } => {
            assert_eq!(exit(error), Exit::Unavailable);
            (*phase, *setting)
        }
        other => panic!("no time-out: {other}"),
    }
}
