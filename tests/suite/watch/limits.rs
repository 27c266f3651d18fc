//! What ends a watch, whatever a server asks for or the system withholds.

use super::{cluster, integration, server, watch};
use crate::harness::Sandbox;
use crate::schema::assert_valid;
use crate::server::{Answer, CLUSTER, DATA_INTEGRATION, Gate, Server};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;

/// An hour, and more seconds than there are.
const WAITS: [&str; 2] = ["3600", "18446744073709551615"];

fn overloaded(wait: &str) -> Server {
    let server = Server::start();
    let answer = || Answer::status(503).header("Retry-After", wait);
    server.on(CLUSTER, answer()).on(DATA_INTEGRATION, answer());
    server
}

/// The last good numbers stay, marked as stale.
#[test]
fn ticks_go_on_with_what_is_known() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    let later = || Answer::status(429).header("Retry-After", "3600");
    server.on(CLUSTER, [cluster(10), later()]).on(DATA_INTEGRATION, [integration(5, true), later()]);
    let out = watch(&sandbox, &server, "--count 4 -o jsonl").run().expect(75);
    let ticks = out.json_lines();
    assert_eq!((ticks.len(), server.requests().len()), (4, 4), "{out}");
    for tick in &ticks[1..] {
        assert_valid(tick);
        assert_eq!(tick["deployments"][0]["metrics"]["messages_received"], 10, "{out}");
        assert_eq!(tick["deployments"][0]["health"]["status"], "unknown", "{out}");
    }
}

#[test]
fn a_deadline_before_the_first_answer_is_no_success() {
    let (sandbox, server) = (Sandbox::new(), server());
    let gate = Gate::closed();
    server.on(CLUSTER, cluster(1).behind(&gate)).on(DATA_INTEGRATION, integration(1, true).behind(&gate));
    let out = watch(&sandbox, &server, "--deadline 50ms -o jsonl").run().expect(69);
    assert!(out.stderr.contains("error: the deadline has passed before anybody answered"), "{out}");
}

/// A command that asks once says at once what it was asked for.
#[test]
fn who_asks_once_does_not_wait_for_longer_than_all_retries_may_take() {
    for (wait, said) in [(WAITS[0], "it asks to wait 1 h"), (WAITS[1], "it asks to wait longer than a year")] {
        let (sandbox, server) = (Sandbox::new(), overloaded(wait));
        let call = sandbox.emqstat(["cluster", "--retries", "9", "-o", "json", "--endpoint", &server.endpoint()]);
        let out = call.env("EMQSTAT_APP_ID", "app").env("EMQSTAT_APP_SECRET", "secret").run().expect(75);
        assert!(out.stderr.contains(said) && !out.stderr.contains("--retries"), "{out}");
        assert_eq!((&out.json()["errors"][0]["code"], server.requests().len()), (&"try_later".into(), 1));
    }
}

/// A limit of one process counts threads, for everybody but root: who is root becomes somebody else.
#[test]
fn without_a_thread_to_be_had_it_asks_on_the_one_that_is_there() {
    let (sandbox, server) = (Sandbox::new(), server());
    let program = sandbox.home().join("emqstat");
    std::fs::copy(env!("CARGO_BIN_EXE_emqstat"), &program).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    for command in
        ["watch --count 3 --interval 20ms -o jsonl", "watch rules --count 1", "cluster -o json", "check -o json"]
    {
        let script = format!("ulimit -u 1 && exec ./emqstat {command} --endpoint {}", server.endpoint());
        let call = sandbox.program("/bin/bash", ["-c", &script]);
        let call = call.env("EMQSTAT_APP_ID", "app").env("EMQSTAT_APP_SECRET", "secret");
        let mut program = call.into_command();
        if rustix::process::geteuid().is_root() {
            chown(sandbox.home(), Some(NOBODY), Some(NOBODY)).unwrap();
            program.uid(NOBODY).gid(NOBODY);
        }
        let out = program.output().unwrap();
        let text = String::from_utf8_lossy(&out.stdout);
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(matches!(out.status.code(), Some(0..=3)), "{command}: {:?}\n{text}\n{said}", out.status);
        let lines = text.lines().count();
        assert!(if command.contains("--count 3") { lines == 3 } else { lines > 0 }, "{command}\n{text}\n{said}");
    }
}

/// A user that no process runs as.
const NOBODY: u32 = 48_713;
