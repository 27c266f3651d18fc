//! What a user sees of connections that fail, and of those that environment and options make work.

use crate::harness::{Call, Sandbox};
use crate::scrape::{BODY, SECRET, gzip};
use crate::server::{Answer, CLUSTER, DATA_INTEGRATION, Server};

/// `scrape cluster` of an address, once, with credentials from the environment.
fn scrape(sandbox: &Sandbox, endpoint: &str) -> Call {
    sandbox
        .emqstat(["scrape", "cluster", "--retries", "0", "--endpoint", endpoint])
        .env("EMQSTAT_APP_ID", "me")
        .env("EMQSTAT_APP_SECRET", SECRET)
}

#[test]
fn every_failure_has_its_code_its_sentence_and_its_way_out() {
    let cases = [
        (Answer::status(401).body(r#"{"code":"BAD_API_KEY_OR_SECRET"}"#), 77, "(401 BAD_API_KEY_OR_SECRET)", true),
        (Answer::status(403).body(r#"{"code":"UNAUTHORIZED_ROLE"}"#), 77, "(403 UNAUTHORIZED_ROLE)", true),
        (Answer::status(404), 65, "there is nothing at", true),
        (Answer::status(302).header("Location", "https://login.example/?x=1"), 65, "to https://login.example/,", true),
        (Answer::status(429).header("Retry-After", "7"), 75, "asks to wait 7 s", true),
        (Answer::status(500).body("\x1b]0;title\x07"), 69, r"(500: \x1b]0;title\x07)", true),
        (Answer::status(200).header("Content-Type", "text/html").body("<html>"), 65, "an HTML page", true),
        (Answer::raw("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nemqx"), 65, "is truncated after 4 bytes", true),
    ];
    let sandbox = Sandbox::new();
    for (answer, code, said, hinted) in cases {
        let server = Server::start();
        server.on(CLUSTER, [answer]);
        let out = scrape(&sandbox, &server.endpoint()).run().expect(code);
        assert!(out.stderr.contains(said) && out.stdout.is_empty(), "{said}: {out}");
        assert_eq!(out.stderr.contains("hint: "), hinted, "{out}");
        assert!(!out.stderr.contains(SECRET), "{out}");
    }
}

#[test]
fn a_certificate_is_trusted_by_file_option_or_not_at_all() {
    let sandbox = Sandbox::new();
    let server = Server::start_tls(["127.0.0.1"]);
    server.on(CLUSTER, [Answer::metrics(BODY)]);
    let ca = sandbox.write("ca.pem", server.ca_pem());

    let out = scrape(&sandbox, &server.endpoint()).run().expect(69);
    assert!(out.stderr.contains("unknown issuer") && out.stderr.contains("--ca-cert"), "{out}");
    assert_eq!(scrape(&sandbox, &server.endpoint()).arg("--ca-cert").arg(&ca).run().ok(), BODY);
    assert_eq!(scrape(&sandbox, &server.endpoint()).env("SSL_CERT_FILE", &ca).run().ok(), BODY);
    let out = scrape(&sandbox, &server.endpoint()).arg("--insecure").arg("--quiet").run().expect(0);
    assert!(out.stdout == BODY && out.stderr.contains("certificates are not checked"), "{out}");
}

#[test]
fn the_proxy_comes_from_the_environment() {
    let sandbox = Sandbox::new();
    let server = Server::start_tls(["mq.example"]);
    server.on(CLUSTER, [Answer::metrics(BODY)]);
    let proxy = Server::start();
    proxy.on("mq.example:8443", [Answer::tunnel(&server)]);
    let ca = sandbox.write("ca.pem", server.ca_pem());
    let call = || scrape(&sandbox, "https://mq.example:8443/api/v5").arg("--ca-cert").arg(&ca);
    assert_eq!(call().env("https_proxy", proxy.url()).run().ok(), BODY);
    let out = call().env("HTTPS_PROXY", format!("socks5://pat:{SECRET}@127.0.0.1:1")).run().expect(78);
    assert!(out.stderr.contains("SOCKS is not supported") && !out.stderr.contains(SECRET), "{out}");
}

#[test]
fn plain_http_needs_to_be_allowed() {
    let out = scrape(&Sandbox::new(), "http://mq.example/api/v5").run().expect(78);
    assert!(out.stderr.contains("--allow-http"), "{out}");
}

#[test]
fn credentials_in_the_clear_are_told_of_at_every_run_and_once() {
    let (sandbox, server, proxy) = (Sandbox::new(), Server::start(), Server::start());
    server.on(CLUSTER, [Answer::metrics(BODY)]).on(DATA_INTEGRATION, [Answer::metrics(BODY)]);
    proxy.on("mq.example:8080", [Answer::tunnel(&server)]);
    let endpoint = "http://mq.example:8080/api/v5";
    let call = |args: &str| {
        let call = sandbox.line_call(args).args(["--quiet", "--insecure", "--allow-http", "--endpoint", endpoint]);
        call.env("EMQSTAT_APP_ID", "me").env("EMQSTAT_APP_SECRET", SECRET).env("http_proxy", proxy.url())
    };
    let expected = format!(
        "warning: {endpoint}: APP ID and APP Secret cross the network unencrypted to {endpoint} (allow_http, from --allow-http)\n"
    );
    for args in ["scrape cluster", "scrape", "rules --window 100ms"] {
        let out = call(args).run();
        assert_eq!(out.stderr.matches(&expected).count(), 1, "{out}");
        assert!(!out.stderr.contains("certificates"), "{out}");
    }
}

#[test]
fn without_tls_there_is_no_certificate_to_warn_of() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    server.on(CLUSTER, [Answer::metrics(BODY)]);
    assert_eq!(scrape(&sandbox, &server.endpoint()).arg("--insecure").run().ok(), BODY);
    assert!(sandbox.line("scrape cluster --demo --insecure").ok().contains("emqx"));
}

#[test]
fn both_endpoints_are_asked_and_either_may_fail() {
    let sandbox = Sandbox::new();
    let server = Server::start();
    server.on(CLUSTER, [Answer::status(503)]).on(DATA_INTEGRATION, [Answer::status(503)]);
    let out = sandbox
        .emqstat(["profile", "test", "--endpoint", &server.endpoint()])
        .env("EMQSTAT_APP_ID", "me")
        .env("EMQSTAT_APP_SECRET", SECRET)
        .run();
    assert_eq!((out.code, server.requests().len()), (75, 2), "{out}");
}

#[test]
fn a_saved_scrape_may_be_compressed_and_must_be_there() {
    let sandbox = Sandbox::new();
    let saved = sandbox.write("saved.gz", gzip(BODY.as_bytes()));
    assert_eq!(sandbox.emqstat(["scrape", "--input"]).arg(&saved).run().ok(), BODY);
    assert_eq!(sandbox.emqstat(["scrape", "--input", "-"]).stdin(gzip(BODY.as_bytes())).run().ok(), BODY);
    for (name, reason) in [("missing", "no such file"), (".", "it is a directory")] {
        let out = sandbox.run(["scrape", "--input", name]).expect(66);
        assert!(out.stderr.contains(&format!("cannot read {name}: {reason}")), "{out}");
    }
}
