//! The full screen, in a terminal of its own.

use super::{LABELS, cluster, integration, watch};
use crate::harness::Sandbox;
use crate::server::{Answer, CLUSTER, DATA_INTEGRATION, Gate, Server};
use crate::terminal::Terminal;

/// To the other screen and back.
const ENTER: &str = "\u{1b}[?1049h";
const LEAVE: &str = "\u{1b}[?1049l";
const CTRL_C: &str = "\u{3}";
const CTRL_Z: &str = "\u{1a}";

fn demo(sandbox: &Sandbox, more: &str) -> Terminal {
    let call = sandbox.line_call(&format!("watch --demo {more}"));
    let call = if more.contains("--interval") { call } else { call.args(["--interval", "100ms"]) };
    let mut terminal = Terminal::full(call, 80, 24);
    terminal.expect(ENTER);
    terminal.see("[1 overview]");
    terminal
}

#[test]
fn keys_switch_views_and_q_gives_the_terminal_back() {
    let sandbox = Sandbox::new();
    let mut terminal = demo(&sandbox, "");
    terminal.see("received");
    terminal.press("3");
    terminal.see("[3 rules]");
    terminal.see("12 rules, trouble first");
    terminal.press("\t");
    terminal.see("[4 resources]");
    terminal.see("kafka_producer");
    terminal.press("/mqtt");
    terminal.see("filter: mqtt");
    terminal.press("\r");
    terminal.see("matching 'mqtt'");
    terminal.press("?");
    terminal.see("back; reverse");
    terminal.press("xq");
    let (code, _, shown) = terminal.end();
    assert_eq!(code, 0);
    // The other screen is left, the cursor is shown, and nothing follows.
    let (_, after) = shown.split_once(LEAVE).unwrap_or_else(|| panic!("{shown:?}"));
    assert_eq!(after, "\u{1b}[?25h");
}

#[test]
fn a_filter_that_cannot_be_is_told_as_it_is_typed() {
    let sandbox = Sandbox::new();
    let mut terminal = demo(&sandbox, "");
    terminal.press("3/faild > 0");
    terminal.see("there is no field 'faild'");
    terminal.press(CTRL_C);
    assert_eq!(terminal.end().0, 130);
}

#[test]
fn it_follows_the_size_of_the_terminal() {
    let sandbox = Sandbox::new();
    let mut terminal = demo(&sandbox, "");
    // The views stand in the second line, and the keys in the last one, wherever that is.
    for (columns, lines) in [(60, 15), (200, 50), (30, 4), (80, 24)] {
        terminal.resize(columns, lines);
        terminal.expect(&format!("\u{1b}[{lines};1H"));
        terminal.see_that("the views above and the keys below", |shown| {
            let line = |at: usize| shown.get(at).map(String::as_str).unwrap_or_default();
            line(1).contains("[1 overview]") && line(usize::from(lines) - 1).contains("q quit")
        });
    }
    terminal.press("q");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn signals_and_keys_that_stop_give_it_back() {
    let sandbox = Sandbox::new();
    for signal in ["TERM", "INT", "HUP", "QUIT"] {
        let terminal = demo(&sandbox, "");
        terminal.signal(signal);
        let (code, _, shown) = terminal.end();
        assert!(code == 130 && shown.contains(LEAVE), "{signal}: {code} {shown:?}");
    }
    let mut terminal = demo(&sandbox, "");
    terminal.press(CTRL_C);
    let (code, _, shown) = terminal.end();
    assert!(code == 130 && shown.contains(LEAVE));
}

/// By the key, by the signal that it stands for, and by the one that cannot be caught.
#[test]
fn it_gives_the_terminal_back_when_it_is_stopped_and_takes_it_again_when_it_goes_on() {
    let sandbox = Sandbox::new();
    for how in ["key", "TSTP", "STOP"] {
        let mut terminal = demo(&sandbox, "");
        if how == "key" {
            terminal.press(CTRL_Z)
        } else {
            terminal.signal(how)
        }
        if how != "STOP" {
            terminal.expect(LEAVE);
        }
        terminal.wait_for_stop();
        assert!(how == "STOP" || terminal.is_as_before(), "{how}");
        terminal.restore();
        terminal.signal("CONT");
        terminal.expect(ENTER);
        // Everything is drawn anew, and keys are read as they are pressed.
        terminal.expect("[1 overview]");
        assert!(!terminal.is_as_before(), "{how}");
        terminal.press("3");
        terminal.see("[3 rules]");
        // And once more.
        terminal.press(CTRL_Z);
        terminal.expect(LEAVE);
        terminal.wait_for_stop();
        terminal.signal("CONT");
        terminal.expect(ENTER);
        terminal.press("q");
        let (code, _, shown) = terminal.end();
        assert!(code == 0 && shown.contains(LEAVE), "{how}: {code} {shown:?}");
    }
}

#[test]
fn a_terminal_that_is_closed_ends_it() {
    let sandbox = Sandbox::new();
    assert_eq!(demo(&sandbox, "--interval 1h").hang_up(), 130);
}

#[test]
fn a_condition_that_comes_true_ends_it_and_is_told_on_the_first_screen() {
    let sandbox = Sandbox::new();
    let (code, _, shown) = demo(&sandbox, "--until resources.total==6 --for 1ms").end();
    let (_, after) = shown.split_once(LEAVE).unwrap_or_else(|| panic!("{shown:?}"));
    assert!(code == 0 && after.contains("demo: resources.total is 6; it took"), "{after:?}");
    let mut terminal = demo(&sandbox, "--until resources.total==7");
    terminal.see("until resources.total==7");
    terminal.press("q");
    assert_eq!(terminal.end().0, 130, "who waits for it has not seen it");
}

#[test]
fn failures_stand_in_the_head_with_the_age_of_the_numbers() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    server.on(CLUSTER, [cluster(1), Answer::status(500)]).on(DATA_INTEGRATION, integration(1, true));
    let mut terminal = Terminal::full(watch(&sandbox, &server, ""), 100, 24);
    terminal.see("✗ numbers of ");
    terminal.see("s ago; ");
    terminal.press("q");
    terminal.end();
}

#[test]
fn nobody_has_to_answer_for_the_keys_to_work() {
    let (sandbox, server, gate) = (Sandbox::new(), Server::start(), Gate::closed());
    server.on(CLUSTER, cluster(1).behind(&gate)).on(DATA_INTEGRATION, integration(1, true).behind(&gate));
    let mut terminal = Terminal::full(watch(&sandbox, &server, ""), 80, 24);
    gate.wait_for(2);
    terminal.press("2");
    terminal.see("[2 cluster]");
    terminal.press("q");
    assert_eq!(terminal.end().0, 0);
}

/// What a server says reaches the screen as marks, never as something the terminal obeys.
#[test]
fn text_from_the_server_cannot_act() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    let hostile = format!("deployment_emqx_rule_status{{{LABELS},rule_id=\"a\u{1b}[2Jb\u{202e}\u{9b}31mc\"}} 1\n");
    server.on(CLUSTER, cluster(1)).on(DATA_INTEGRATION, Answer::metrics(hostile));
    let mut terminal = Terminal::full(watch(&sandbox, &server, "rules"), 100, 24);
    terminal.see(r"a\x1b[2Jb\u…");
    terminal.press("q");
    let (_, _, shown) = terminal.end();
    assert!(!shown.contains('\u{202e}') && !shown.contains('\u{9b}'), "{shown:?}");
}

#[test]
fn without_colour_nothing_is_coloured() {
    let sandbox = Sandbox::new();
    for (variable, colored) in [("NO_COLOR", false), ("HARMLESS", true)] {
        let call = sandbox.emqstat("watch rules --demo".split(' ')).env(variable, "1");
        let mut terminal = Terminal::full(call, 80, 24);
        terminal.see("rule-");
        terminal.press("q");
        let (_, _, shown) = terminal.end();
        assert_eq!(shown.contains(";32m"), colored, "{variable}: {shown:?}");
    }
}
