//! Answers that are none, and connections that do not come about: each has its sentence, a hint that is true, and its code.

use super::*;
use crate::scrape::gzip;

fn row(what: &'static str, answer: Answer, code: i32, says: &'static [&'static str]) -> Promise {
    Promise { what, cluster: answer.clone(), integration: answer, args: &["cluster"], code, says }
}

fn coded(coding: &str, body: impl Into<Vec<u8>>) -> Answer {
    Answer::status(200).header("Content-Encoding", coding).body(body)
}

fn answers() -> Vec<Promise> {
    let page = || Answer::status(200).header("Content-Type", "text/html").body("<html>");
    let large = format!("{{\"code\":\"BAD\",\"pad\":\"{}\",\"message\":\"too much\"}}", " ".repeat(60_000));
    let raw = |text: &str| Answer::raw(text.as_bytes());
    vec![
        row("204", Answer::status(204), 65, &["the answer is empty"]),
        row(
            "206",
            Answer::status(206).body(WELL),
            65,
            &["did not answer with metrics (206", "hint: check the endpoint"],
        ),
        row("301", Answer::status(301).header("Location", "/x"), 65, &["redirects (301) to /x, which is not followed"]),
        row("302 to nowhere", Answer::status(302), 65, &["to no address"]),
        row("304", Answer::status(304), 65, &["did not answer with metrics (304)", "a cache or a proxy"]),
        row(
            "400",
            Answer::status(400).body("{\"code\":\"BAD_REQUEST\",\"message\":\"no\"}"),
            65,
            &["400 BAD_REQUEST: no"],
        ),
        row("401", Answer::status(401), 77, &["sign-in refused (401)", "check EMQSTAT_APP_ID"]),
        row("403", Answer::status(403), 77, &["access refused (403)", "its role may not read metrics"]),
        row("404", Answer::status(404), 65, &["there is nothing at", "usually ends in /api/v5"]),
        row("418", Answer::status(418), 65, &["did not answer with metrics (418)"]),
        row("429", Answer::status(429).header("Retry-After", "3600"), 75, &["asks to wait 1 h"]),
        row("500", Answer::status(500), 69, &["the server failed (500)", "not well"]),
        row("502 with a page", Answer::status(502).body("<html>"), 69, &["(502: an HTML page)"]),
        row(
            "503",
            Answer::status(503).header("Retry-After", "18446744073709551615"),
            75,
            &["overloaded or limits calls"],
        ),
        row("an error of 60 KB", Answer::status(422).body(large), 65, &["422 BAD: too much"]),
        row(
            "an error with a byte-order mark",
            Answer::status(400).body("\u{feff}{\"code\":\"BAD\"}"),
            65,
            &["400 BAD"],
        ),
        row("a page", page(), 65, &["an HTML page", "another service, a sign-in page or a proxy"]),
        row(
            "JSON",
            Answer::status(200).header("Content-Type", "application/json").body("{}"),
            65,
            &["a JSON document"],
        ),
        row("no metrics", Answer::metrics("hello world\n"), 65, &["the answer is not metrics: line 1"]),
        row("cut short", raw("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nemqx"), 65, &["truncated after 4 bytes"]),
        row("a broken chunk", raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nx"), 65, &["hint: "]),
        row("no HTTP", raw("SSH-2.0-OpenSSH_9.9\r\n\r\n"), 65, &["the answer is damaged"]),
        row("nothing at all", raw(""), 69, &["closed the connection without an answer", "whether it speaks TLS"]),
        row("a TLS alert", Answer::raw(*b"\x15\x03\x01\x00\x02\x02\x46"), 65, &["hint: "]),
        row("gzip", coded("gzip", gzip(WELL.as_bytes())), 0, &["3 nodes running"]),
        row("GZip", coded("GZip", gzip(WELL.as_bytes())), 0, &["3 nodes running"]),
        row("x-gzip", coded("x-gzip", gzip(WELL.as_bytes())), 0, &["3 nodes running"]),
        row("gzip that is not said", Answer::status(200).body(gzip(WELL.as_bytes())), 0, &["3 nodes running"]),
        row("identity", coded("identity", WELL), 0, &["3 nodes running"]),
        row("br", coded("br", "x"), 65, &["comes in the coding 'br'", "ask the deployment itself"]),
        row("deflate", coded("deflate", "x"), 65, &["comes in the coding 'deflate'"]),
        row("damaged gzip", coded("gzip", "\x1f\u{8b}no"), 65, &["hint: "]),
        row("damaged gzip that is not said", Answer::status(200).body([0x1f, 0x8b, 8, 0, 1, 2]), 65, &["hint: "]),
        row("the secret", Answer::metrics("oh hunter2 my\n"), 65, &["the answer is not metrics"]),
        row("the credentials", Answer::metrics("x bWU6aHVudGVyMg==\n"), 65, &["the answer is not metrics"]),
        row("the secret in an error", Answer::status(400).body("no hunter2 here"), 65, &["no … here"]),
    ]
}

#[test]
fn every_answer_has_its_code_its_sentence_and_its_way_out_over_http() {
    for promise in answers() {
        promise.play(&promise.server(Server::start()));
    }
}

#[test]
fn and_over_tls() {
    for promise in answers() {
        promise.play(&promise.server(Server::start_tls(["127.0.0.1"])));
    }
}

/// The handshake fails before anything is asked.
#[test]
fn every_certificate_that_will_not_do_is_told_in_words() {
    for (server, says) in [
        (Server::start_expired(["127.0.0.1"]), &["the certificate expired on 2020-01-02", "must be renewed"][..]),
        (Server::start_tls(["mq.example"]), &["for another host: mq.example", "use the name in the certificate"]),
        (Server::start_nameless(), &["the certificate names no host", "subjectAltName"]),
        (Server::start_as_ca(["127.0.0.1"]), &["that of a CA and not of a server", "signed by that CA"]),
        (Server::start_mutual(["127.0.0.1"]), &["asks for a certificate of the client (mutual TLS)"]),
    ] {
        let promise = row("a certificate", Answer::metrics(WELL), 69, says);
        let server = promise.server(server);
        promise.play(&server);
        assert!(server.requests().is_empty(), "nothing was asked");
    }
}

/// What comes damaged comes damaged again; what may pass is tried again.
#[test]
fn only_what_may_pass_is_asked_for_again() {
    let well = || Answer::metrics(WELL);
    for (what, first, requests) in [
        ("500", Answer::status(500), 2),
        ("nothing", Answer::raw(""), 2),
        ("cut short", Answer::raw("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nemqx"), 2),
        ("401", Answer::status(401), 1),
        ("a page", Answer::status(200).header("Content-Type", "text/html"), 1),
        ("no HTTP", Answer::raw("SSH-2.0-OpenSSH_9.9\r\n\r\n"), 1),
        (
            "damaged gzip",
            Answer::status(200).body([&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &[0xff; 99]].concat()),
            1,
        ),
        ("no metrics", Answer::metrics("hello world\n"), 1),
        ("another coding", coded("br", "x"), 1),
        ("an hour to wait", Answer::status(429).header("Retry-After", "3600"), 1),
    ] {
        let server = Server::start();
        server.on(CLUSTER, [first, well()]);
        let (sandbox, endpoint) = (Sandbox::new(), server.endpoint());
        let call = sandbox.emqstat(["cluster", "-q", "--retries", "3", "--endpoint", &endpoint]);
        let out = call.env("EMQSTAT_APP_ID", "me").env("EMQSTAT_APP_SECRET", "hunter2").run();
        assert_eq!(server.requests().len(), requests, "{what}: {out}");
        assert_eq!(out.code == 0, requests > 1, "{what}: {out}");
    }
}

#[test]
fn credentials_that_beat_the_profile_s_are_named_where_they_are_refused() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    server.on(CLUSTER, [Answer::status(401)]);
    let endpoint = server.endpoint();
    sandbox
        .profiles(&format!("[profiles.prod]\nendpoint = \"{endpoint}\"\napp_id = \"a\"\napp_secret = \"hunter2\"\n"));
    let out = sandbox.line_call("cluster").env("EMQSTAT_APP_ID", "other").run().expect(77);
    assert!(out.stderr.contains("in the environment count before what the profile 'prod' says"), "{out}");
    let out = sandbox.line_call("cluster").run().expect(77);
    assert!(out.stderr.contains("'emqstat profile test prod'"), "{out}");
}

#[test]
fn an_address_with_a_zone_is_refused_in_a_sentence() {
    let out = Sandbox::new().line("cluster --endpoint http://[fe80::1%25eth0]:8081/api").expect(64);
    assert!(out.stderr.contains("has a zone") && out.stderr.contains("hint: use a global"), "{out}");
}

#[test]
fn one_error_is_told_once_and_names_its_endpoint_where_they_differ() {
    let sandbox = Sandbox::new();
    let port = crate::harness::Port::reserve();
    let address = format!("http://{}/api/v5", port.address());
    let check = |endpoint: &str| {
        let call = sandbox.emqstat(["check", "--retries", "0", "--endpoint", endpoint, "-o", "json"]);
        call.env("EMQSTAT_APP_ID", "me").env("EMQSTAT_APP_SECRET", "hunter2").run().expect(3)
    };
    let out = check(&address);
    assert_eq!(
        (out.json()["errors"].as_array().unwrap().len(), out.stderr.matches("error: ").count()),
        (1, 1),
        "{out}"
    );
    let server = Server::start();
    server.on(CLUSTER, [Answer::metrics(WELL)]);
    server.on(DATA_INTEGRATION, [Answer::status(500)]);
    let out = check(&server.endpoint());
    assert!(out.stderr.contains("/deployment_metrics/data_integration: the server failed (500)"), "{out}");
}
