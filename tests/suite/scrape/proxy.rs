//! Through a proxy.

use super::*;
use crate::harness::Port;
use crate::server::Gate;
use std::time::Duration;

#[test]
fn https_goes_through_a_tunnel_that_the_credentials_do_not_leave() {
    let server = Server::start_tls(["mq.example"]);
    server.on(CLUSTER, [Answer::metrics(BODY)]);
    let proxy = Server::start();
    proxy.on("mq.example:8443", [Answer::tunnel(&server)]);
    let (target, _ca) = trusting(&server, "https://mq.example:8443/api/v5");
    let system = proxies("HTTPS_PROXY", format!("http://pat:p%40ss@{}", proxy.address()));
    let client = connecting(&target, system).unwrap();
    for _ in 0..2 {
        assert_eq!(fetch(&client, Endpoint::Cluster).unwrap().value, BODY);
    }
    let asked = proxy.requests();
    assert_eq!((asked.len(), asked[0].method.as_str()), (1, "CONNECT"));
    // printf pat:p@ss | base64
    assert_eq!(asked[0].header("proxy-authorization"), Some("Basic cGF0OnBAc3M="));
    assert_eq!(asked[0].header("authorization"), None);
    assert_eq!(server.requests()[0].header("proxy-authorization"), None);
}

#[test]
fn a_proxy_may_be_reached_over_tls() {
    let server = Server::start_tls(["mq.example"]);
    server.on(CLUSTER, [Answer::metrics(BODY)]);
    let proxy = Server::start_tls(["127.0.0.1"]);
    proxy.on("mq.example:8443", [Answer::status(403)]);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, format!("{}{}", server.ca_pem(), proxy.ca_pem())).unwrap();
    let mut target = target("https://mq.example:8443/api/v5");
    target.connect.ca_cert = Some(file.path().to_owned());
    let system = proxies("HTTPS_PROXY", proxy.url());
    let error = transport(fetch(&connecting(&target, system).unwrap(), Endpoint::Cluster));
    assert!(error.to_string().ends_with("did not connect to mq.example:8443: it answered 403"), "{error}");
    assert_eq!(proxy.requests()[0].method, "CONNECT");
}

#[test]
fn plain_http_is_asked_of_the_proxy_by_its_whole_address() {
    let proxy = Server::start();
    proxy.on("http://mq.example/api/v5/deployment_metrics", [Answer::metrics(BODY)]);
    let mut target = target("http://mq.example/api/v5");
    target.connect.allow_http = true;
    let value = format!("http://pat:word@{}", proxy.address());
    let client = connecting(&target, proxies("http_proxy", value)).unwrap();
    for _ in 0..2 {
        assert_eq!(fetch(&client, Endpoint::Cluster).unwrap().value, BODY);
    }
    let requests = proxy.requests();
    assert_eq!((requests.len(), proxy.connections()), (2, 1));
    for request in requests {
        assert_eq!((request.method.as_str(), request.header("host")), ("GET", Some("mq.example")));
        assert_eq!(request.header("proxy-authorization"), Some("Basic cGF0OndvcmQ="));
        assert!(request.header("authorization").is_some_and(|own| own.starts_with("Basic ")));
    }
}

#[test]
fn a_proxy_that_is_not_there_is_named_as_the_proxy() {
    let port = Port::reserve();
    for (variable, endpoint) in
        [("HTTPS_PROXY", "https://mq.example/api/v5"), ("http_proxy", "http://mq.example/api/v5")]
    {
        let mut target = target(endpoint);
        target.connect.allow_http = true;
        let client = connecting(&target, proxies(variable, port.address().to_string())).unwrap();
        let said = transport(fetch(&client, Endpoint::Cluster)).to_string();
        let expected = format!("proxy {} (from {variable}) did not connect to mq.example:", port.address());
        assert!(said.starts_with(&expected) && said.ends_with("connection refused"), "{said}");
    }
}

#[test]
fn a_proxy_that_fails_is_named_and_its_password_is_not() {
    let gate = Gate::closed();
    let cases = [
        (Answer::status(407), "it wants a sign-in (407)"),
        (Answer::status(502), "it answered 502"),
        (Answer::raw(""), "it closed the connection"),
        (Answer::raw("SSH-2.0-OpenSSH_9.9\r\n\r\n"), "it does not answer in HTTP"),
        (Answer::raw(format!("HTTP/1.1 200 OK\r\nx: {}", "y".repeat(99_999))), "its answer has no end"),
        (Answer::status(200).behind(&gate), "time-out"),
        (Answer::trickle("HTTP/1.1 200 OK\r\nx: y"), "time-out"),
    ];
    for (answer, reason) in cases {
        let proxy = Server::start();
        proxy.on("mq.example:443", [answer.clone()]);
        let mut target = target("https://mq.example/api/v5");
        if reason == "time-out" {
            target.connect.connect_timeout = Duration::from_secs(1);
        }
        let value = format!("http://pat:{SECRET}@{}", proxy.address());
        let client = connecting(&target, proxies("ALL_PROXY", value)).unwrap();
        let error = transport(fetch(&client, Endpoint::Cluster));
        if reason == "time-out" {
            assert_eq!(timed_out(&error), (Phase::Proxy, TimeLimit::Connect), "{error}");
        } else {
            let said =
                format!("proxy {} (from ALL_PROXY) did not connect to mq.example:443: {reason}", proxy.address());
            assert_eq!(error.to_string(), said);
        }
        assert_eq!(exit(&error), Exit::Unavailable);
        let everything = format!("{error} {error:?} {:?} {client:?}", error.hint());
        assert!(!everything.contains(SECRET), "{everything}");
    }
}

#[test]
fn a_proxy_that_cannot_be_used_is_not_passed_by() {
    let system = proxies("ALL_PROXY", format!("socks5://pat:{SECRET}@127.0.0.1:1080"));
    let error = connecting(&target("https://mq.example/api"), system).unwrap_err();
    assert_eq!(error.to_string(), "the proxy in ALL_PROXY cannot be used: SOCKS is not supported");
    assert_eq!(exit(&error), Exit::Config);
}
