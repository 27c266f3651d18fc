//! What is asked, what is answered, what is asked again.

use super::*;
use crate::server::{DATA_INTEGRATION, Gate};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[test]
fn it_asks_for_text_and_signs_in() {
    let server = Server::start();
    server.on(CLUSTER, [Answer::metrics(BODY)]);
    let scrape = fetch(&client(&target(&server.endpoint())), Endpoint::Cluster).unwrap();
    assert_eq!(scrape.value, BODY);
    assert_eq!(scrape.url, format!("{}{CLUSTER}", server.url()));
    let request = &server.requests()[0];
    assert_eq!(request.method, "GET");
    assert_eq!(request.header("accept"), Some("text/plain;version=0.0.4"));
    assert_eq!(request.header("accept-encoding"), Some("gzip"));
    assert_eq!(request.header("user-agent"), Some(concat!("emqstat/", env!("CARGO_PKG_VERSION"))));
    // printf me:hush-hush | base64
    assert_eq!(request.header("authorization"), Some("Basic bWU6aHVzaC1odXNo"));
}

#[test]
fn a_connection_serves_scrape_after_scrape() {
    let server = Server::start_tls(["localhost"]);
    server.on(CLUSTER, [Answer::metrics(BODY)]);
    server.on(DATA_INTEGRATION, [Answer::metrics(gzip(BODY.as_bytes())).header("Content-Encoding", "gzip")]);
    let endpoint = format!("https://localhost:{}/api/v5", server.address().port());
    let (target, _ca) = trusting(&server, &endpoint);
    let client = client(&target);
    for _ in 0..3 {
        assert_eq!(fetch(&client, Endpoint::Cluster).unwrap().value, BODY);
        assert_eq!(fetch(&client, Endpoint::DataIntegration).unwrap().value, BODY);
    }
    assert_eq!((server.requests().len(), server.connections()), (6, 1));
}

#[test]
fn a_connection_serves_again_after_a_reader_that_stopped_early() {
    let server = Server::start();
    server.on(CLUSTER, [Answer::metrics(BODY.repeat(100_000))]);
    let client = client(&target(&server.endpoint()));
    for _ in 0..2 {
        let scrape = client.scrape(Endpoint::Cluster.path(), |body| body.read_exact(&mut [0; 4]));
        assert!(scrape.is_ok(), "{scrape:?}");
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn both_endpoints_are_asked_at_the_same_time() {
    let server = Server::start();
    let gate = Gate::closed();
    server.on(CLUSTER, [Answer::metrics("a 1\n").behind(&gate)]);
    server.on(DATA_INTEGRATION, [Answer::metrics("b 2\n").behind(&gate)]);
    let client = client(&target(&server.endpoint()));
    std::thread::scope(|scope| {
        let cluster = scope.spawn(|| fetch(&client, Endpoint::Cluster).unwrap().value);
        let rules = scope.spawn(|| fetch(&client, Endpoint::DataIntegration).unwrap().value);
        // Opens when both stand before it.
        gate.wait_for(2);
        gate.open();
        assert_eq!((cluster.join().unwrap().as_str(), rules.join().unwrap().as_str()), ("a 1\n", "b 2\n"));
    });
}

#[test]
fn an_empty_body_is_an_answer() {
    let server = Server::start();
    server.on(CLUSTER, [Answer::metrics("")]).on(DATA_INTEGRATION, [Answer::raw("HTTP/1.1 204 No Content\r\n\r\n")]);
    let client = client(&target(&server.endpoint()));
    assert_eq!(fetch(&client, Endpoint::Cluster).unwrap().value, "");
    assert_eq!(fetch(&client, Endpoint::DataIntegration).unwrap().value, "");
}

#[test]
fn a_refused_sign_in_is_denied() {
    let body = r#"{"code":"BAD_API_KEY_OR_SECRET","message":"Check api_key/api_secret"}"#;
    let error = failure(Answer::status(401).header("WWW-Authenticate", "Basic").body(body));
    assert_eq!(error.to_string(), "sign-in refused (401 BAD_API_KEY_OR_SECRET)");
    assert_eq!(error.hint().unwrap(), "check app_id and app_secret with 'emqstat profile test prod'");
    assert_eq!(exit(&error), Exit::Denied);
    let error = failure(Answer::status(403).body(r#"{"code":"UNAUTHORIZED_ROLE","message":"no"}"#));
    assert_eq!(error.to_string(), "access refused (403 UNAUTHORIZED_ROLE: no)");
    assert_eq!(exit(&error), Exit::Denied);
}

#[test]
fn an_address_without_metrics_is_named() {
    let server = Server::start();
    let error = transport(fetch(&client(&target(&format!("{}/nowhere", server.url()))), Endpoint::Cluster));
    let asked = format!("there is nothing at {}/nowhere/deployment_metrics (404)", server.url());
    assert_eq!(error.to_string(), asked);
    assert!(error.hint().unwrap().contains("/api/v5"));
    assert_eq!(exit(&error), Exit::BadData);
}

#[test]
fn other_statuses_say_what_the_server_said() {
    for status in [400, 422] {
        let error = failure(Answer::status(status).body(r#"{"code":"BAD_REQUEST","message":"\u001b[31mno"}"#));
        let said = format!(r"the server did not answer with metrics ({status} BAD_REQUEST: \x1b[31mno)");
        assert_eq!(error.to_string(), said);
        assert_eq!(exit(&error), Exit::BadData);
    }
    let error = failure(Answer::status(500).body("boom"));
    assert_eq!((error.to_string().as_str(), exit(&error)), ("the server failed (500: boom)", Exit::Unavailable));
    for status in [429, 503] {
        assert_eq!(exit(&failure(Answer::status(status))), Exit::TryLater);
    }
}

#[test]
fn a_page_is_not_metrics() {
    for kind in ["text/html; charset=utf-8", "application/json"] {
        let error = failure(Answer::status(200).header("Content-Type", kind).body("<html>"));
        assert!(matches!(error, Error::NotMetrics { .. }), "{error}");
        assert_eq!(exit(&error), Exit::BadData);
    }
}

#[test]
fn a_redirect_is_reported_and_nobody_else_is_asked() {
    let elsewhere = Server::start();
    for status in [301, 302, 303, 307, 308] {
        let location = format!("http://me:{SECRET}@{}/login?next={SECRET}", elsewhere.address());
        let error = failure(Answer::status(status).header("Location", &location));
        let said =
            format!("the server redirects ({status}) to http://{}/login, which is not followed", elsewhere.address());
        assert_eq!(error.to_string(), said);
        assert_eq!(exit(&error), Exit::BadData);
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn what_may_pass_is_tried_again_on_a_fresh_reader() {
    let broken = Answer::raw("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nemqx_up 1\nemqx");
    for passing in [Answer::status(503), Answer::status(500), Answer::status(429), broken, Answer::raw("")] {
        let server = Server::start();
        server.on(CLUSTER, [passing.clone(), passing.clone(), Answer::metrics(BODY)]);
        let mut target = target(&server.endpoint());
        target.connect.retries = 2;
        assert_eq!(fetch(&client(&target), Endpoint::Cluster).unwrap().value, BODY, "{passing:?}");
        assert_eq!(server.requests().len(), 3);
    }
}

#[test]
fn what_will_not_pass_is_not_tried_again() {
    for status in [301, 400, 401, 403, 404, 422] {
        let server = Server::start();
        server.on(CLUSTER, [Answer::status(status)]);
        let mut target = target(&server.endpoint());
        target.connect.retries = 2;
        transport(fetch(&client(&target), Endpoint::Cluster));
        assert_eq!(server.requests().len(), 1, "{status}");
    }
}

#[test]
fn what_the_reader_refuses_is_not_tried_again() {
    let server = Server::start();
    server.on(CLUSTER, [Answer::metrics(BODY)]);
    let mut target = target(&server.endpoint());
    target.connect.retries = 2;
    let result = client(&target).scrape(Endpoint::Cluster.path(), |_| Err::<(), _>("no"));
    assert!(matches!(result, Err(ScrapeError::Content("no"))), "{result:?}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn the_server_s_own_time_to_wait_is_kept() {
    let server = Server::start();
    server.on(CLUSTER, [Answer::status(429).header("Retry-After", "9"), Answer::metrics(BODY)]);
    let waits: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let noted = Arc::clone(&waits);
    let sleep = Box::new(move |wait| noted.lock().unwrap().push(wait));
    let mut target = target(&server.endpoint());
    target.connect.retries = 1;
    let client = connecting(&target, System { sleep, ..system() }).unwrap();
    fetch(&client, Endpoint::Cluster).unwrap();
    assert_eq!(*waits.lock().unwrap(), [Duration::from_secs(9)]);

    // Longer than anybody would wait at a prompt: the answer says so at once.
    server.on(CLUSTER, [Answer::status(503).header("Retry-After", "3600")]);
    let error = transport(fetch(&client, Endpoint::Cluster));
    assert!(error.to_string().ends_with("it asks to wait 1 h"), "{error}");
    assert_eq!(waits.lock().unwrap().len(), 1);
}
