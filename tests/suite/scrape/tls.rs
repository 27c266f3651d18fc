//! Certificates: whose are trusted, and what is said of the others.

use super::*;
use crate::server::DATA_INTEGRATION;
use emqstat::scrape::TlsProblem;
use rustls::pki_types::{CertificateDer, pem::PemObject};
use std::io::Read;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

fn tls_problem(error: Error) -> TlsProblem {
    assert_eq!(exit(&error), Exit::Unavailable);
    match error {
        Error::Tls { problem, .. } => problem,
        other => panic!("no failure of TLS: {other}"),
    }
}

#[test]
fn an_unknown_issuer_is_refused_before_anything_is_sent() {
    let server = Server::start_tls(["127.0.0.1"]);
    let error = transport(fetch(&client(&target(&server.endpoint())), Endpoint::Cluster));
    assert!(error.hint().unwrap().contains("--ca-cert"), "{error}");
    assert_eq!(tls_problem(error), TlsProblem::UnknownIssuer);
    assert!(server.requests().is_empty());
}

#[test]
fn the_system_s_certificates_are_loaded_when_needed_and_once() {
    let server = Server::start_tls(["127.0.0.1"]);
    server.on(CLUSTER, [Answer::metrics(BODY)]).on(DATA_INTEGRATION, [Answer::metrics(BODY)]);
    let loads: Arc<Mutex<usize>> = Arc::default();
    let system = || {
        let (noted, pem) = (Arc::clone(&loads), server.ca_pem().to_owned());
        let roots = Box::new(move || {
            *noted.lock().unwrap() += 1;
            vec![CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()]
        });
        System { trust: Trust::new(roots), ..system() }
    };

    let (trusted, _ca) = trusting(&server, &server.endpoint());
    fetch(&connecting(&trusted, system()).unwrap(), Endpoint::Cluster).unwrap();
    assert_eq!(*loads.lock().unwrap(), 0);

    let client = connecting(&target(&server.endpoint()), system()).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| fetch(&client, Endpoint::Cluster).unwrap());
        scope.spawn(|| fetch(&client, Endpoint::DataIntegration).unwrap());
    });
    fetch(&client, Endpoint::Cluster).unwrap();
    assert_eq!(*loads.lock().unwrap(), 1);
    assert_eq!(
        server.connections(),
        3,
        "no handshake is made twice, and the third request of a client finds a connection"
    );
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    let server = Server::start_tls(["mq.example", "127.0.0.9"]);
    let (target, _ca) = trusting(&server, &server.endpoint());
    let error = transport(fetch(&client(&target), Endpoint::Cluster));
    assert!(error.to_string().contains("another host: mq.example"), "{error}");
    assert!(matches!(tls_problem(error), TlsProblem::WrongHost(_)));
    assert!(server.requests().is_empty());
}

#[test]
fn an_expired_certificate_is_refused() {
    let server = Server::start_expired(["127.0.0.1"]);
    let (target, _ca) = trusting(&server, &server.endpoint());
    let error = transport(fetch(&client(&target), Endpoint::Cluster));
    assert!(error.to_string().ends_with("the certificate expired on 2020-01-02"), "{error}");
    assert!(matches!(tls_problem(error), TlsProblem::Expired(_)));
}

#[test]
fn insecure_asks_whoever_is_there() {
    let server = Server::start_expired(["mq.example"]);
    server.on(CLUSTER, [Answer::metrics(BODY)]);
    let mut target = target(&server.endpoint());
    target.connect.insecure = true;
    assert_eq!(fetch(&client(&target), Endpoint::Cluster).unwrap().value, BODY);
}

#[test]
fn a_port_without_tls_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let plain = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_exact(&mut [0; 5]).unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        // Until the client hangs up: a reset could overtake the answer.
        let _ = io::copy(&mut stream, &mut io::sink());
    });
    let error = transport(fetch(&client(&target(&format!("https://{address}/api"))), Endpoint::Cluster));
    plain.join().unwrap();
    assert!(error.hint().unwrap().contains("plain HTTP"), "{error}");
    assert_eq!(tls_problem(error), TlsProblem::NotTls);
}

#[test]
fn a_ca_file_that_will_not_do_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let cases: [(PathBuf, &str); 4] = [
        (folder.path().join("missing.pem"), "there is no such file"),
        (write("empty.pem", ""), "it holds no certificate in PEM form"),
        (write("damaged.pem", damaged), "its certificate 1 is damaged"),
        (folder.path().to_owned(), "it is a folder"),
    ];
    for (path, reason) in cases {
        let mut target = target("https://mq.example/api/v5");
        target.connect.ca_cert = Some(path.clone());
        let error = connecting(&target, system()).unwrap_err();
        assert_eq!(error.to_string(), format!("ca_cert {}: {reason}", path.display()));
        assert_eq!(exit(&error), Exit::Config);
    }
}

#[test]
fn a_ca_file_may_hold_several() {
    let (one, other) = (Server::start_tls(["127.0.0.1"]), Server::start_tls(["127.0.0.1"]));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, format!("{}\n# and\n{}", one.ca_pem(), other.ca_pem())).unwrap();
    for server in [&one, &other] {
        server.on(CLUSTER, [Answer::metrics(BODY)]);
        let mut target = target(&server.endpoint());
        target.connect.ca_cert = Some(file.path().to_owned());
        fetch(&client(&target), Endpoint::Cluster).unwrap();
    }
}
