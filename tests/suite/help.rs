//! What help shows, and where options may stand.

use crate::harness::Sandbox;
use crate::server::{Answer, CLUSTER, Server};
use crate::watch::{cluster, watch};
use clap::Command;

const SAMPLE: &str = include_str!("../data/sample-cluster.prom");

/// The paths of every command that has no subcommands of its own, and of those that have.
fn paths(command: &Command, path: &[String], all: &mut Vec<Vec<String>>) {
    all.push(path.to_vec());
    for sub in command.get_subcommands() {
        paths(sub, &[path, &[sub.get_name().to_owned()]].concat(), all);
    }
}

fn every_path() -> Vec<Vec<String>> {
    let mut all = Vec::new();
    paths(&emqstat::cli::whole(), &[], &mut all);
    all
}

#[test]
fn short_help_fits_a_screen_and_long_help_has_all() {
    let sandbox = Sandbox::new();
    for path in every_path() {
        let help = |flag: &str| sandbox.emqstat(&path).arg(flag).env("COLUMNS", "80").run().ok();
        let (short, long) = (help("-h"), help("--help"));
        // Those that few people call, and with many options, take a line or six more than the smallest screen has.
        let is_rare = ["simulate", "export", "add"].iter().any(|rare| path.iter().any(|word| word == rare));
        // The program itself has fourteen commands to name.
        let most = if is_rare { 30 } else { 24 + 3 * usize::from(path.is_empty()) };
        assert!(short.lines().count() <= most, "{path:?}: {}\n{short}", short.lines().count());
        assert!(short.lines().all(|line| line.chars().count() <= 80), "{short}");
        let headings = short.lines().filter(|line| line.ends_with(':') && !line.starts_with(' ')).count();
        assert!(headings <= 2, "own options first, then those that others have, too: {short}");
        for line in short.lines().filter(|line| line.trim_start().starts_with("--") && line.contains("<")) {
            let option = line.split_whitespace().next().unwrap();
            assert!(long.contains(option), "{path:?}: {option}");
        }
    }
    let help = |line: &str| sandbox.line(line).ok();
    for option in ["--timeout", "--ca-cert", "--demo", "--color"] {
        assert!(!help("rules -h").contains(option) && help("rules --help").contains(option), "{option}");
    }
    for option in ["--profile", "--output", "--window", "--fail-on"] {
        assert!(help("rules -h").contains(option), "{option}");
    }
}

#[test]
fn every_format_that_help_offers_is_taken() {
    let sandbox = Sandbox::new();
    sandbox.write("c.prom", SAMPLE);
    for (command, rest) in [
        ("cluster", "--input c.prom"),
        ("rules", "--demo"),
        ("resources", "--demo"),
        ("check", "--input c.prom --only nodes_stopped"),
        ("scrape", "--input c.prom"),
        ("explain", "messages_dropped"),
        ("watch", "cluster --demo --count 1"),
    ] {
        let program = emqstat::cli::whole();
        let command_line = program.find_subcommand(command).unwrap();
        let output = command_line.get_arguments().find(|arg| arg.get_id() == "output").unwrap();
        let formats = output.get_possible_values();
        assert!(formats.len() > 1, "{command}");
        // What is well needs no annotation.
        for format in formats.into_iter().filter(|format| format.get_name() != "github") {
            let line = format!("{command} {rest} -o {}", format.get_name());
            let out = sandbox.line(&line);
            assert!(out.code != 64 && !out.stdout.is_empty(), "{line}: {out}");
        }
    }
}

#[test]
fn ten_options_stand_before_the_command_too() {
    let sandbox = Sandbox::new();
    sandbox.write("c.prom", SAMPLE);
    let behind = sandbox.line("cluster --input c.prom -o csv -q --color never").ok();
    assert_eq!(sandbox.line("-q --color never --input c.prom -o csv cluster").ok(), behind);
    for line in ["--timeout 5s cluster --demo", "--columns name cluster --demo", "--fail-on failed>0 rules --demo"] {
        let out = sandbox.line(line).expect(64);
        assert!(out.stderr.contains("unexpected argument"), "{out}");
    }
}

#[test]
fn watch_tries_again_where_it_is_told_to() {
    for (retries, requests) in [("--retries 0", 1), ("", 1), ("--retries 1", 2)] {
        let (sandbox, server) = (Sandbox::new(), Server::start());
        server.on(CLUSTER, [Answer::status(503).header("Retry-After", "0"), cluster(10)]);
        watch(&sandbox, &server, &format!("cluster --count 1 -o jsonl {retries}")).run();
        assert_eq!(server.requests().len(), requests, "{retries}");
    }
}
