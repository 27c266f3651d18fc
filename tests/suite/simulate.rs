//! `emqstat simulate`: a server to ask, with real sign-in, that ends when it is told to.

use crate::harness::{Port, Running, Sandbox};
use base64::Engine;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;

const CLUSTER: &str = "/api/v5/deployment_metrics";
const INTEGRATION: &str = "/api/v5/deployment_metrics/data_integration";

/// A running simulation, and what it said at its start.
struct Simulation {
    running: Running,
    said: Value,
}

impl Simulation {
    fn start(sandbox: &Sandbox, args: &str) -> Simulation {
        Simulation::start_at(0, sandbox, args)
    }

    /// At this port; 0 is any.
    fn start_at(port: u16, sandbox: &Sandbox, args: &str) -> Simulation {
        let port = port.to_string();
        let call = sandbox.emqstat(["simulate", "--port", &port, "-o", "json"]).args(args.split_whitespace());
        let mut running = call.start();
        let line = running.next_line().unwrap_or_default();
        let said = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
        Simulation { running, said }
    }

    fn text(&self, field: &str) -> &str {
        self.said[field].as_str().unwrap_or_else(|| panic!("no text {field} in {}", self.said))
    }

    fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.said["port"].as_u64().unwrap().try_into().unwrap()))
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address()).unwrap()
    }

    fn authorization(&self) -> String {
        basic(self.text("app_id"), self.text("app_secret"))
    }

    /// Asks on a connection of its own, signed in.
    fn get(&self, path: &str, headers: &str) -> Answer {
        let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\n{}{headers}\r\n", self.authorization());
        ask(self.connect(), request.as_bytes())
    }
}

fn basic(id: &str, secret: &str) -> String {
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}"));
    format!("Authorization: Basic {pair}\r\n")
}

/// One answer, its body put together from its chunks.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

fn ask(mut stream: impl Read + Write, request: &[u8]) -> Answer {
    stream.write_all(request).unwrap();
    answer(&mut stream, true)
}

/// Reads one answer and not a byte more.
fn answer(stream: &mut impl Read, has_body: bool) -> Answer {
    let mut line = || {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            line.push(byte(stream));
        }
        String::from_utf8(line).unwrap()
    };
    let status_line = line();
    let status = status_line.split(' ').nth(1).unwrap().parse().unwrap();
    let mut head = status_line;
    while !head.ends_with("\r\n\r\n") {
        head += &line();
    }
    let mut body = Vec::new();
    if has_body && head.contains("\r\nTransfer-Encoding: chunked\r\n") {
        loop {
            let mut size = Vec::new();
            while !size.ends_with(b"\r\n") {
                size.push(byte(stream));
            }
            let size = u64::from_str_radix(std::str::from_utf8(&size).unwrap().trim_end(), 16).unwrap();
            stream.take(size).read_to_end(&mut body).unwrap();
            assert_eq!([byte(stream), byte(stream)], *b"\r\n");
            if size == 0 {
                break;
            }
        }
    } else if has_body && let Some((_, rest)) = head.split_once("\r\nContent-Length: ") {
        let length = rest.split("\r\n").next().unwrap().parse().unwrap();
        stream.take(length).read_to_end(&mut body).unwrap();
    } else if has_body {
        stream.read_to_end(&mut body).unwrap();
    }
    Answer { status, head, body }
}

fn byte(stream: &mut impl Read) -> u8 {
    let mut one = [0];
    stream.read_exact(&mut one).unwrap();
    one[0]
}

#[test]
fn it_says_how_to_ask_and_answers_at_both_endpoints() {
    let sandbox = Sandbox::new();
    let simulation = Simulation::start(&sandbox, "--rules 3 --resources 2 --deployment-id test1");
    assert_eq!(simulation.text("kind"), "simulate");
    assert_eq!(simulation.text("deployment_id"), "test1");
    assert_eq!(simulation.text("endpoint"), format!("http://{}/api/v5", simulation.address()));
    assert_eq!(simulation.said["ca_file"], Value::Null);

    let cluster = simulation.get(CLUSTER, "");
    assert_eq!(cluster.status, 200, "{cluster:?}");
    assert!(
        cluster.head.contains("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"),
        "{}",
        cluster.head
    );
    assert_eq!(cluster.text().matches("# TYPE ").count(), 123);
    assert!(cluster.text().contains("\ndeployment_emqx_metrics_cluster_nodes_running{deployment_id=\"test1\""));
    let integration = simulation.get(INTEGRATION, "");
    assert_eq!(integration.text().matches("\ndeployment_emqx_rule_status{").count(), 3);
    assert_eq!(integration.text().matches("\ndeployment_emqx_resource_status{").count(), 2);
    // The paths of a v4 deployment.
    assert_eq!(simulation.get("/api/deployment_metrics", "").status, 200);
    let integration = simulation.get("/api/deployment_metrics/data_integration", "");
    assert!(integration.text().starts_with("# HELP deployment_emqx_resource_status "), "{integration:?}");
}

#[test]
fn a_person_reads_what_to_type() {
    let sandbox = Sandbox::new();
    let mut running = sandbox.emqstat(["simulate", "--port", "0", "--tls"]).start();
    let said: Vec<String> =
        std::iter::from_fn(|| running.next_line().filter(|line| line != "  emqstat rules")).collect();
    let exported = |name: &str| {
        let found = said.iter().find_map(|line| line.strip_prefix(&format!("  export {name}=")));
        found.unwrap_or_else(|| panic!("no {name} in {said:#?}")).to_owned()
    };
    assert!(exported("EMQSTAT_ENDPOINT").starts_with("https://127.0.0.1:"));
    assert!(Path::new(&exported("EMQSTAT_CA_CERT")).is_file());
    assert!(said.iter().any(|line| line.ends_with(&exported("EMQSTAT_APP_SECRET")) && line.contains("app secret")));
}

#[test]
fn sign_in_is_real() {
    let sandbox = Sandbox::new();
    let simulation = Simulation::start(&sandbox, "");
    let (id, secret) = (simulation.text("app_id"), simulation.text("app_secret"));
    let wrong = ["", &basic(id, "wrong"), &basic("wrong", secret), &basic(id, ""), "Authorization: Bearer x\r\n"];
    for headers in wrong {
        for path in [CLUSTER, INTEGRATION] {
            let refused = ask(simulation.connect(), format!("GET {path} HTTP/1.1\r\n{headers}\r\n").as_bytes());
            assert_eq!(refused.status, 401, "{headers}");
            assert!(refused.head.contains("\r\nWWW-Authenticate: Basic"), "{}", refused.head);
            assert_eq!(refused.text(), r#"{"code":"BAD_API_KEY_OR_SECRET","message":"Check api_key/api_secret"}"#);
        }
    }
    let other_case = basic(id, secret).replace("Authorization: Basic", "AUTHORIZATION: basic");
    assert_eq!(ask(simulation.connect(), format!("GET {CLUSTER} HTTP/1.1\r\n{other_case}\r\n").as_bytes()).status, 200);
}

#[test]
fn what_it_does_not_serve_is_refused() {
    let sandbox = Sandbox::new();
    let simulation = Simulation::start(&sandbox, "");
    for path in ["/", "/api/v5", "/api/v5/stats", "/api/v5/deployment_metrics/"] {
        let answer = simulation.get(path, "");
        assert_eq!(answer.status, 404, "{path}");
        serde_json::from_slice::<Value>(&answer.body).unwrap();
    }
    let post = format!("POST {CLUSTER} HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello");
    let refused = ask(simulation.connect(), post.as_bytes());
    assert_eq!(refused.status, 405);
    assert!(refused.head.contains("\r\nAllow: GET, HEAD\r\n"), "{}", refused.head);
    assert_eq!(ask(simulation.connect(), b"\x16\x03\x01\x00\x00\r\n\r\n").status, 400);
    let long = format!("GET {CLUSTER} HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(20_000));
    assert_eq!(ask(simulation.connect(), long.as_bytes()).status, 431);
}

#[test]
fn a_connection_serves_many_requests() {
    let sandbox = Sandbox::new();
    let simulation = Simulation::start(&sandbox, "");
    let mut stream = simulation.connect();
    let request = |method: &str, more: &str| {
        format!("{method} {CLUSTER} HTTP/1.1\r\n{}{more}\r\n", simulation.authorization()).into_bytes()
    };
    // Two at once, as a client may send them.
    stream.write_all(&[request("GET", ""), request("HEAD", "")].concat()).unwrap();
    assert_eq!(answer(&mut stream, true).text().matches("# TYPE ").count(), 123);
    assert_eq!(answer(&mut stream, false).status, 200);
    stream.write_all(b"GET /nothing HTTP/1.1\r\n\r\n").unwrap();
    assert_eq!(answer(&mut stream, true).status, 404);
    stream.write_all(&request("GET", "Connection: close\r\n")).unwrap();
    assert!(answer(&mut stream, true).head.contains("\r\nConnection: close\r\n"));
    assert_eq!(stream.read(&mut [0]).unwrap(), 0, "it is closed");
}

#[test]
fn an_old_client_reads_to_the_end_of_the_connection() {
    let sandbox = Sandbox::new();
    let simulation = Simulation::start(&sandbox, "");
    let request = format!("GET {CLUSTER} HTTP/1.0\r\n{}\r\n", simulation.authorization());
    let answer = ask(simulation.connect(), request.as_bytes());
    assert!(!answer.head.contains("chunked"), "{}", answer.head);
    assert!(answer.text().ends_with('\n') && answer.text().matches("# TYPE ").count() == 123);
}

#[test]
fn gzip_is_sent_to_those_who_take_it() {
    let sandbox = Sandbox::new();
    let simulation = Simulation::start(&sandbox, "--rules 2000 --outage never");
    let plain = simulation.get(INTEGRATION, "");
    let packed = simulation.get(INTEGRATION, "Accept-Encoding: deflate, gzip\r\n");
    assert!(packed.head.contains("\r\nContent-Encoding: gzip\r\n") && !plain.head.contains("gzip"), "{}", packed.head);
    assert!(packed.body.len() * 5 < plain.body.len());
    let mut unpacked = String::new();
    flate2::read::GzDecoder::new(&*packed.body).read_to_string(&mut unpacked).unwrap();
    let names =
        |text: &str| text.lines().filter_map(|line| Some(line.rsplit_once(' ')?.0.to_owned())).collect::<Vec<_>>();
    assert_eq!(names(&unpacked), names(plain.text()));
}

#[test]
fn tls_is_trusted_through_the_ca_file() {
    let sandbox = Sandbox::new();
    let simulation = Simulation::start(&sandbox, "--tls --ca-out ca.pem");
    assert_eq!(Path::new(simulation.text("ca_file")), sandbox.home().join("ca.pem"));
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(sandbox.home().join("ca.pem")).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let config = Arc::new(config);
    for name in ["localhost", "127.0.0.1", "::1"] {
        let session = ClientConnection::new(Arc::clone(&config), ServerName::try_from(name).unwrap()).unwrap();
        let stream = StreamOwned::new(session, simulation.connect());
        let request = format!("GET {CLUSTER} HTTP/1.0\r\n{}\r\n", simulation.authorization());
        // Read to the end: a connection that is not closed properly would be an error.
        assert_eq!(ask(stream, request.as_bytes()).text().matches("# TYPE ").count(), 123, "{name}");
    }
    let pem = std::fs::read_to_string(sandbox.home().join("ca.pem")).unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----") && !pem.contains("PRIVATE"), "{pem}");
    // Whoever speaks no TLS is not served.
    let mut plain = simulation.connect();
    plain.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let mut said = Vec::new();
    let _ = plain.read_to_end(&mut said);
    assert!(!said.starts_with(b"HTTP"), "{said:?}");
}

#[test]
fn it_ends_when_told_to_and_cleans_up() {
    for (signal, code) in [("INT", 130), ("TERM", 0)] {
        let sandbox = Sandbox::new();
        let simulation = Simulation::start(&sandbox, "--tls");
        let ca_file = simulation.text("ca_file").to_owned();
        assert!(Path::new(&ca_file).starts_with(sandbox.home()), "{ca_file} is a temporary file");
        simulation.running.signal(signal);
        let (status, stderr) = simulation.running.wait();
        assert_eq!((status.code(), stderr.as_str()), (Some(code), ""), "SIG{signal}");
        assert!(!Path::new(&ca_file).exists(), "{ca_file} is left");
    }
}

#[test]
fn neither_a_silent_client_nor_one_that_reads_nothing_holds_it_up() {
    let sandbox = Sandbox::new();
    let simulation = Simulation::start(&sandbox, "--rules 20000");
    let _silent = simulation.connect();
    let mut kept = simulation.connect();
    kept.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    answer(&mut kept, true);
    // More than the system buffers; the first byte says that the answer is under way.
    let mut stuck = simulation.connect();
    stuck.write_all(format!("GET {INTEGRATION} HTTP/1.1\r\n{}\r\n", simulation.authorization()).as_bytes()).unwrap();
    byte(&mut stuck);
    simulation.running.signal("TERM");
    assert_eq!(simulation.running.wait().0.code(), Some(0));
}

#[test]
fn a_restart_takes_the_same_port_and_lets_the_same_client_in() {
    let sandbox = Sandbox::new();
    let port = Port::reserve();
    let first = Simulation::start_at(port.number(), &sandbox, "--seed 7 --history 24h");
    let (id, secret) = (first.text("app_id").to_owned(), first.text("app_secret").to_owned());
    assert_eq!(first.get(CLUSTER, "").status, 200);
    first.running.signal("TERM");
    first.running.wait();
    let second = Simulation::start_at(port.number(), &sandbox, "--seed 7");
    assert_eq!((second.text("app_id"), second.text("app_secret")), (id.as_str(), secret.as_str()));
    assert_eq!(second.get(CLUSTER, "").status, 200);
    let third = Simulation::start(&sandbox, "--seed 8");
    assert_ne!(third.text("app_secret"), second.text("app_secret"));
    assert_ne!(third.text("deployment_id"), second.text("deployment_id"));
}

#[test]
fn a_secret_from_the_environment_is_let_in_and_never_said() {
    let sandbox = Sandbox::new();
    for format in ["json", "table"] {
        let call = sandbox.emqstat(["simulate", "--port", "0", "-o", format]);
        let mut running = call.env("EMQSTAT_APP_ID", "b4f8").env("EMQSTAT_APP_SECRET", "hush-hush").start();
        let first = running.next_line().unwrap();
        if format == "json" {
            let said: Value = serde_json::from_str(&first).unwrap();
            assert_eq!((said["app_id"].as_str(), &said["app_secret"]), (Some("b4f8"), &Value::Null));
            let port = said["port"].as_u64().unwrap();
            let stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
            let request = format!("GET {CLUSTER} HTTP/1.1\r\n{}\r\n", basic("b4f8", "hush-hush"));
            assert_eq!(ask(stream, request.as_bytes()).status, 200);
        }
        running.signal("TERM");
        let rest: String = std::iter::from_fn(|| running.next_line()).collect();
        let (_, stderr) = running.wait();
        assert!(!format!("{first}{rest}{stderr}").contains("hush"), "{first}{rest}{stderr}");
    }
    let half = sandbox.emqstat(["simulate", "--port", "0"]).env("EMQSTAT_APP_ID", "b4f8").run().expect(64);
    assert!(half.stderr.contains("EMQSTAT_APP_ID is set and EMQSTAT_APP_SECRET is not"), "{half}");
}

#[test]
fn a_resource_is_down_when_the_script_says_so_and_comes_back() {
    let sandbox = Sandbox::new();
    let status = |simulation: &Simulation| {
        let body = simulation.get(INTEGRATION, "");
        let line =
            body.text().lines().find(|line| line.starts_with("deployment_emqx_resource_status{")).unwrap().to_owned();
        line.rsplit_once(' ').unwrap().1.to_owned()
    };
    assert_eq!(status(&Simulation::start(&sandbox, "--outage 0s+1000h")), "0");
    let quick = Simulation::start(&sandbox, "--outage 0s+20000s --speed 100000");
    while status(&quick) == "0" {}
    assert_eq!(status(&quick), "1");
}

#[test]
fn time_passes() {
    let sandbox = Sandbox::new();
    let simulation = Simulation::start(&sandbox, "--speed 1000");
    let received = || {
        let body = simulation.get(CLUSTER, "");
        let name = "deployment_emqx_metrics_messages_received{";
        let line = body.text().lines().find(|line| line.starts_with(name)).unwrap().to_owned();
        line.rsplit_once(' ').unwrap().1.parse::<f64>().unwrap()
    };
    let before = received();
    while received() <= before {}
}

#[test]
fn every_nth_request_fails_when_asked_for() {
    let sandbox = Sandbox::new();
    let simulation = Simulation::start(&sandbox, "--fail-every 3");
    let statuses: Vec<u16> = (0..6).map(|_| simulation.get(CLUSTER, "").status).collect();
    assert_eq!(statuses, [200, 200, 503, 200, 200, 503]);
}

#[test]
fn a_port_that_is_taken_is_an_error_with_a_way_out() {
    let sandbox = Sandbox::new();
    let simulation = Simulation::start(&sandbox, "");
    let port = simulation.address().port();
    let out = sandbox.line(&format!("simulate --port {port}")).expect(69);
    assert!(out.stdout.is_empty() && out.stderr.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{out}");
    assert!(out.stderr.contains("hint: choose another port with --port"), "{out}");
}

#[test]
fn a_wrong_command_line_is_refused() {
    let sandbox = Sandbox::new();
    for args in [
        "--speed 0",
        "--speed 100001",
        "--speed NaN",
        "--nodes 0",
        "--outage sometimes",
        "--ca-out ca.pem",
        "--fail-every 0",
        "--port 65536",
        "-o csv",
        "--demo",
    ] {
        let out = sandbox.line(&format!("simulate {args}")).expect(64);
        assert!(out.stdout.is_empty() && out.stderr.starts_with("error: "), "{out}");
    }
}
