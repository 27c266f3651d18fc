//! The tests' own ground: a sealed environment, and a server that says what it is told.

use crate::harness::Sandbox;
use crate::server::{Answer, CLUSTER, DATA_INTEGRATION, Gate, Server};
use std::io::{Read, Write};
use std::net::TcpStream;

/// Nothing of the tester's environment reaches the program, and its home is the sandbox.
#[test]
fn the_environment_is_sealed() {
    let sandbox = Sandbox::new();
    let out = sandbox.program("/usr/bin/env", [""; 0]).run().ok();
    let mut names: Vec<&str> = out.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    names.sort_unstable();
    let known = ["COLUMNS", "HOME", "LANG", "PATH", "TERM", "TMPDIR", "TZ", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"];
    assert_eq!(names, known);
    assert!(out.contains(&format!("HOME={}\n", sandbox.home().display())), "{out}");
}

#[test]
fn what_runs_beside_a_test_is_heard_and_ended() {
    let sandbox = Sandbox::new();
    let mut running =
        sandbox.shell("echo ready; trap 'echo bye >&2; exit 7' TERM; while :; do sleep 0.01; done").start();
    assert_eq!(running.next_line().as_deref(), Some("ready"));
    running.signal("TERM");
    let (status, stderr) = running.wait();
    assert_eq!((status.code(), stderr.as_str()), (Some(7), "bye\n"));
}

/// Sends `request` and gives what comes back until the server closes or `until` is seen.
fn ask(server: &Server, request: &str, until: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let (mut said, mut buffer) = (String::new(), [0; 512]);
    while !said.contains(until) {
        match stream.read(&mut buffer).unwrap() {
            0 => break,
            n => said.push_str(std::str::from_utf8(&buffer[..n]).unwrap()),
        }
    }
    said
}

#[test]
fn the_server_says_its_answers_in_turn_and_remembers() {
    let server = Server::start();
    server.on(CLUSTER, [Answer::status(503).header("Retry-After", "0").body("busy"), Answer::raw("nonsense")]);
    let get = format!("GET {CLUSTER} HTTP/1.1\r\nAuthorization: Basic eDp5\r\n\r\n");
    let said = ask(&server, &get, "busy");
    assert!(said.starts_with("HTTP/1.1 503 ") && said.contains("\r\nRetry-After: 0\r\n"), "{said}");
    assert_eq!(ask(&server, &get, "for ever"), "nonsense");
    assert_eq!(ask(&server, &get, "for ever"), "nonsense");
    assert!(ask(&server, "GET /other HTTP/1.1\r\n\r\n", "\r\n\r\n").starts_with("HTTP/1.1 404 "));
    let requests = server.requests();
    assert_eq!((requests.len(), server.connections()), (4, 4));
    assert_eq!(requests[0].header("authorization"), Some("Basic eDp5"));
    assert_eq!((requests[3].target.as_str(), requests[3].connection), ("/other", 3));
}

#[test]
fn a_gate_holds_an_answer_back_in_its_middle() {
    let (server, gate) = (Server::start(), Gate::closed());
    server.on(DATA_INTEGRATION, Answer::metrics("first,second").stalled_after(6, &gate));
    let mut stream = TcpStream::connect(server.address()).unwrap();
    write!(stream, "GET {DATA_INTEGRATION} HTTP/1.1\r\n\r\n").unwrap();
    gate.wait_for(1);
    let (mut said, mut byte) = (Vec::new(), [0]);
    while !said.ends_with(b"first,") {
        stream.read_exact(&mut byte).unwrap();
        said.push(byte[0]);
    }
    gate.open();
    let mut rest = [0; 6];
    stream.read_exact(&mut rest).unwrap();
    assert_eq!(&rest, b"second");
}

#[test]
fn a_proxy_passes_on_what_it_is_sent() {
    let (server, proxy) = (Server::start(), Server::start());
    server.on("/", Answer::raw("from the server"));
    proxy.on("emqx.example:443", Answer::tunnel(&server));
    let mut stream = TcpStream::connect(proxy.address()).unwrap();
    write!(stream, "CONNECT emqx.example:443 HTTP/1.1\r\n\r\n").unwrap();
    let mut head = [0; b"HTTP/1.1 200 Scripted\r\n\r\n".len()];
    stream.read_exact(&mut head).unwrap();
    write!(stream, "GET / HTTP/1.1\r\n\r\n").unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    assert_eq!(said, "from the server");
    assert_eq!(proxy.requests()[0].method, "CONNECT");
}
