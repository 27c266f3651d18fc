//! Many deployments at once: who answers is not held up by who does not, whatever is scarce.

use crate::harness::{Call, Sandbox};
use crate::schema::assert_valid;
use crate::server::{Answer, CLUSTER, Gate, Server};
use crate::terminal::Terminal;
use serde_json::Value;

const WELL: &str = "deployment_emqx_metrics_cluster_nodes_running{deployment_id=\"d\"} 3\n";

/// A profile for each of so many names, all of this server; the last one at `last`.
fn profiles(sandbox: &Sandbox, count: usize, server: &Server, last: &Server) {
    let text: String = (1..=count)
        .map(|n| {
            let endpoint = if n == count { last } else { server }.endpoint();
            format!("[profiles.p{n}]\nendpoint = \"{endpoint}\"\napp_id = \"me\"\napp_secret = \"hunter2\"\n")
        })
        .collect();
    sandbox.profiles(&text);
}

fn all(sandbox: &Sandbox, args: &str) -> Call {
    sandbox.line_call(&format!("cluster --all-profiles --retries 0 {args}"))
}

fn serving(answer: Answer) -> Server {
    let server = Server::start();
    server.on(CLUSTER, [answer]);
    server
}

#[test]
fn a_hundred_are_asked_at_the_same_time() {
    let (sandbox, gate) = (Sandbox::new(), Gate::closed());
    let server = serving(Answer::metrics(WELL).behind(&gate));
    profiles(&sandbox, 100, &server, &server);
    let run = std::thread::scope(|scope| {
        let run = scope.spawn(|| all(&sandbox, "-o json").run());
        // Opens when all of them stand before it.
        gate.wait_for(100);
        gate.open();
        run.join().unwrap()
    });
    let document = run.expect(0).json();
    let names: Vec<&str> =
        document["deployments"].as_array().unwrap().iter().map(|one| one["profile"].as_str().unwrap()).collect();
    let expected: Vec<String> = (1..=100).map(|n| format!("p{n}")).collect();
    assert_eq!(names, expected, "in the order of the file");
}

#[test]
fn few_descriptors_are_enough() {
    let sandbox = Sandbox::new();
    let server = serving(Answer::metrics(WELL));
    profiles(&sandbox, 150, &server, &server);
    for limit in [48, 64] {
        let line = format!("ulimit -n {limit}; emqstat cluster --all-profiles --retries 0 -o json");
        let document = sandbox.shell(&line).run().expect(0).json();
        assert_eq!(document["deployments"].as_array().unwrap().len(), 150);
        let line =
            format!("ulimit -n {limit}; emqstat watch cluster --all-profiles --count 2 --interval 10ms -o jsonl");
        for tick in sandbox.shell(&line).run().expect(0).json_lines() {
            assert_eq!(tick["errors"], serde_json::json!([]));
        }
    }
}

#[test]
fn a_deadline_ends_it_with_what_has_come() {
    let (sandbox, gate) = (Sandbox::new(), Gate::closed());
    let (server, hanging) = (serving(Answer::metrics(WELL)), serving(Answer::metrics(WELL).behind(&gate)));
    profiles(&sandbox, 3, &server, &hanging);
    // Later than any of them is asked, sooner than any other limit.
    let out = all(&sandbox, "-o json --deadline 3s").run().expect(69);
    let document = out.json();
    assert_valid(&document);
    assert_eq!(document["deployments"].as_array().unwrap().len(), 2, "{out}");
    assert_eq!(document["errors"].as_array().unwrap().len(), 1, "{out}");
    let error = &document["errors"][0];
    assert_eq!((error["profile"].as_str(), error["code"].as_str()), (Some("p3"), Some("unavailable")), "{out}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("took longer than 3 s, the time for the whole command"), "{out}");
    assert!(out.stderr.contains("--deadline gives all deployments together more time"), "{out}");

    let out = sandbox.line("check --all-profiles --retries 0 --window 0 --deadline 3s --only nodes_running").expect(3);
    assert!(out.stdout.contains("✓ p1: 1 ok") && out.stdout.contains("p3"), "{out}");
    gate.open();
}

#[test]
fn a_deadline_before_the_second_look_is_refused() {
    let sandbox = Sandbox::new();
    for (line, code) in [("check --demo --deadline 3s", 3), ("rules --demo --window 5s --deadline 5s", 64)] {
        let out = sandbox.line(line).expect(code);
        assert!(out.stderr.contains("is over before the second look, 5 s after the first"), "{out}");
    }
}

#[test]
fn a_terminal_is_told_who_is_waited_for_and_nobody_else() {
    let (sandbox, gate) = (Sandbox::new(), Gate::closed());
    let (server, slow) = (serving(Answer::metrics(WELL)), serving(Answer::metrics(WELL).behind(&gate)));
    profiles(&sandbox, 3, &server, &slow);
    let mut terminal = Terminal::start(all(&sandbox, "-o json"));
    terminal.expect("\r2 of 3 have answered; waiting for p3, 1 s");
    gate.open();
    let (code, stdout, shown) = terminal.end();
    assert_eq!(code, 0);
    assert_eq!(serde_json::from_str::<Value>(&stdout).unwrap()["deployments"].as_array().unwrap().len(), 3);
    assert!(shown.ends_with("\r\u{1b}[K"), "the line is gone: {shown:?}");
    assert_eq!(all(&sandbox, "-o json").run().expect(0).stderr, "");
}

#[test]
fn a_terminal_is_told_of_the_only_one_that_is_waited_for() {
    let (sandbox, gate) = (Sandbox::new(), Gate::closed());
    let slow = serving(Answer::metrics(WELL).behind(&gate));
    profiles(&sandbox, 1, &slow, &slow);
    let mut terminal = Terminal::start(all(&sandbox, "-o json"));
    terminal.expect("\rwaiting for p1, 1 s");
    gate.open();
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn a_connection_that_was_closed_while_it_was_idle_is_replaced() {
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: {}\r\n\r\n{WELL}", WELL.len());
    for server in [Server::start(), Server::start_tls(["127.0.0.1"])] {
        let sandbox = Sandbox::new();
        // The server says nothing of it and hangs up.
        server.on(CLUSTER, [Answer::raw(answer.as_str())]);
        profiles(&sandbox, 1, &server, &server);
        let line = "watch cluster -p p1 --insecure --count 3 --interval 50ms -o jsonl";
        for tick in sandbox.line(line).expect(0).json_lines() {
            assert_eq!(tick["errors"], serde_json::json!([]));
        }
        assert_eq!((server.requests().len(), server.connections()), (3, 3));
    }
}
