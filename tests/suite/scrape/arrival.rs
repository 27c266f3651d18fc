//! What does not connect, does not arrive in time, or not whole.

use super::*;
use crate::harness::Port;
use crate::server::Gate;
use std::net::TcpListener;
use std::time::Duration;

#[test]
fn nobody_there_is_said_with_host_and_port() {
    let port = Port::reserve();
    let address = port.address();
    let error = transport(fetch(&client(&target(&format!("http://{address}/api"))), Endpoint::Cluster));
    assert_eq!(error.to_string(), format!("no connection to {address}: connection refused"));
    assert_eq!(exit(&error), Exit::Unavailable);
}

#[test]
fn a_name_that_is_none_is_said() {
    // A label has at most 63 characters: the resolver refuses it without asking anybody.
    let host = format!("{}.example", "x".repeat(64));
    let error = transport(fetch(&client(&target(&format!("https://{host}/api"))), Endpoint::Cluster));
    assert!(matches!(error, Error::Lookup { .. }) && error.to_string().contains(&host), "{error}");
    assert_eq!(exit(&error), Exit::Unavailable);
}

#[test]
fn a_server_that_hangs_up_is_said() {
    let error = failure(Answer::raw(""));
    assert!(matches!(error, Error::Closed { .. }), "{error}");
    assert_eq!(exit(&error), Exit::Unavailable);
}

#[test]
fn plain_http_stays_on_the_machine_unless_allowed() {
    let mut target = target("http://mq.example:18083/api/v5");
    let error = connecting(&target, system()).unwrap_err();
    assert!(error.hint().unwrap().contains("--allow-http"));
    assert_eq!(exit(&error), Exit::Config);
    target.connect.allow_http = true;
    assert!(connecting(&target, system()).is_ok());
}

#[test]
fn a_server_that_stalls_or_trickles_is_left() {
    let gate = Gate::closed();
    let cases = [
        (Answer::metrics(BODY).behind(&gate), Phase::Answer),
        (Answer::trickle("HTTP/1.1 200 OK\r\nx: y"), Phase::Answer),
        (Answer::metrics(BODY).stalled_after(5, &gate), Phase::Body),
        (Answer::trickle("HTTP/1.1 200 OK\r\ncontent-length: 999999\r\n\r\n#"), Phase::Body),
    ];
    // Long enough for a busy machine to get as far as the phase in question.
    let timeout = Duration::from_secs(1);
    let check = |answer: Answer, phase| {
        let server = Server::start();
        server.on(CLUSTER, [answer.clone()]);
        let mut target = target(&server.endpoint());
        target.connect.timeout = timeout;
        let error = transport(fetch(&client(&target), Endpoint::Cluster));
        assert_eq!(timed_out(&error), (phase, TimeLimit::Whole), "{answer:?}");
        assert!(error.to_string().ends_with(&format!("{} took longer than 1 s", server.address())), "{error}");
    };
    std::thread::scope(|scope| {
        for (answer, phase) in cases {
            scope.spawn(move || check(answer, phase));
        }
    });
}

#[test]
fn a_handshake_without_end_is_left() {
    // Accepted by the kernel, answered by nobody.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut target = target(&format!("https://{}/api/v5", silent.local_addr().unwrap()));
    target.connect.connect_timeout = Duration::from_secs(1);
    let error = transport(fetch(&client(&target), Endpoint::Cluster));
    assert_eq!(timed_out(&error), (Phase::Tls, TimeLimit::Connect));
    assert!(error.hint().unwrap().contains("--connect-timeout"));
}

#[test]
fn limits_of_any_size_are_kept() {
    let server = Server::start();
    server.on(CLUSTER, [Answer::metrics(BODY)]);
    let mut target = target(&server.endpoint());
    (target.connect.timeout, target.connect.connect_timeout) = (Duration::MAX, Duration::MAX);
    assert!(fetch(&client(&target), Endpoint::Cluster).is_ok());
    target.connect.timeout = Duration::ZERO;
    timed_out(&transport(fetch(&client(&target), Endpoint::Cluster)));
}

#[test]
fn a_body_cut_short_is_truncated() {
    let whole = gzip(BODY.as_bytes());
    let cut = &whole[..whole.len() - 4];
    let head = "HTTP/1.1 200 OK\r\n";
    let with_length = format!("{head}content-length: 99\r\n\r\n{BODY}");
    let chunked = format!("{head}transfer-encoding: chunked\r\n\r\na\r\n{BODY}\r\n5\r\nem");
    let gzipped = [format!("{head}content-encoding: gzip\r\n\r\n").as_bytes(), cut].concat();
    for answer in [with_length.into_bytes(), chunked.into_bytes(), gzipped] {
        let error = failure(Answer::raw(answer.clone()));
        assert!(matches!(error, Error::Truncated { .. }), "{error}: {:?}", String::from_utf8_lossy(&answer));
        assert_eq!(exit(&error), Exit::BadData);
    }
}

/// Without a length, only TLS tells an end from a break.
#[test]
fn a_body_without_length_ends_where_tls_says_so() {
    let server = Server::start_tls(["127.0.0.1"]);
    server.on(CLUSTER, [Answer::raw(format!("HTTP/1.1 200 OK\r\n\r\n{BODY}"))]);
    let (target, _ca) = trusting(&server, &server.endpoint());
    let error = transport(fetch(&client(&target), Endpoint::Cluster));
    assert!(matches!(error, Error::Truncated { received: 10, .. }), "{error}");

    let server = Server::start();
    server.on(CLUSTER, [Answer::raw(format!("HTTP/1.1 200 OK\r\n\r\n{BODY}"))]);
    assert_eq!(fetch(&client(&self::target(&server.endpoint())), Endpoint::Cluster).unwrap().value, BODY);
}

#[test]
fn a_damaged_answer_is_bad_data() {
    let mut damaged = gzip(BODY.repeat(100).as_bytes());
    damaged[20] ^= 0xff;
    let header = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "y".repeat(100_000));
    let chunk = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n";
    for answer in [
        Answer::metrics(damaged).header("Content-Encoding", "gzip"),
        Answer::raw("SSH-2.0-OpenSSH_9.9\r\n\r\n"),
        Answer::raw(header),
        Answer::raw(chunk),
    ] {
        let error = failure(answer.clone());
        assert!(matches!(error, Error::Damaged { .. }), "{error}: {answer:?}");
        assert_eq!(exit(&error), Exit::BadData);
    }
}

#[test]
fn a_body_is_taken_up_to_its_limit_after_decompression() {
    let bomb = gzip(&vec![b'#'; 10 << 20]);
    assert!(bomb.len() < 64 << 10);
    let server = Server::start();
    server.on(CLUSTER, [Answer::metrics(bomb).header("Content-Encoding", "gzip")]);
    let mut target = target(&server.endpoint());
    target.connect.max_body = 10 << 20;
    assert_eq!(fetch(&client(&target), Endpoint::Cluster).unwrap().value.len(), 10 << 20);
    target.connect.max_body -= 1;
    target.connect.retries = 2;
    let error = transport(fetch(&client(&target), Endpoint::Cluster));
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    assert_eq!((exit(&error), server.requests().len()), (Exit::BadData, 2));
}
