//! Terminals: when there is colour, and what foreign text may do there.

use super::{DATA_INTEGRATION, files, samples};
use crate::harness::{Call, Sandbox};

/// Text that would clear the screen, ring, reorder and break lines.
const HOSTILE: &str = "evil\u{1b}[2J\u{7}\u{9b}31m\u{202e}\\nx";

fn hostile() -> Sandbox {
    let body =
        DATA_INTEGRATION.replace("rule-3394ce25", HOSTILE).replace("The current", "\u{1b}]0;gotcha\u{7}The current");
    files(&[("a.prom", &body)])
}

#[track_caller]
fn assert_harmless(text: &str) {
    let obeyed = |c: &char| c.is_control() && *c != '\n' || ('\u{202a}'..='\u{202e}').contains(c);
    assert_eq!(text.chars().find(obeyed), None, "{text}");
}

#[test]
fn foreign_text_cannot_act_on_a_terminal() {
    let sandbox = hostile();
    for output in ["table", "json", "jsonl", "csv"] {
        let args = ["rules", "--input", "a.prom", "--color", "never", "-o", output];
        let text = sandbox.emqstat(args).terminal(120).run().ok();
        assert!(text.contains("evil"), "{text}");
        assert_harmless(&text);
    }
    for output in ["raw", "table", "json", "jsonl", "csv"] {
        let args = ["scrape", "--input", "a.prom", "--color", "never", "-o", output];
        let text = sandbox.emqstat(args).terminal(120).run().ok();
        assert!(text.contains("evil"), "{text}");
        assert_harmless(&text);
    }
}

#[test]
fn a_pipe_gets_foreign_text_as_it_is_where_a_machine_reads_it() {
    let sandbox = hostile();
    let whole = HOSTILE.replace("\\n", "\n");
    let json = sandbox.line("rules --input a.prom -o json").json();
    assert_eq!(json["deployments"][0]["rules"][0]["rule_id"], whole);
    let csv = sandbox.line("rules --input a.prom -o csv --columns rule_id --no-headers").ok();
    assert_eq!(csv, format!("\"{whole}\"\n"));
    let table = sandbox.line("rules --input a.prom --columns rule_id --no-headers").ok();
    assert_eq!(table, "evil\\x1b[2J\\x07\\x9b31m\\u{202e}\\nx\n", "one record a line");
}

#[test]
fn colour_is_decided_by_flag_environment_and_terminal_in_this_order() {
    let sandbox = samples();
    let call = |args: &str| sandbox.emqstat(format!("rules --input di.prom {args}").split_whitespace());
    let is_coloured = |call: Call| call.run().ok().contains('\u{1b}');
    assert!(is_coloured(call("").terminal(80)));
    assert!(!is_coloured(call("")));
    assert!(!is_coloured(call("").terminal(80).env("NO_COLOR", "1")));
    assert!(is_coloured(call("").terminal(80).env("NO_COLOR", "")));
    assert!(is_coloured(call("").env("CLICOLOR_FORCE", "1")));
    assert!(!is_coloured(call("").terminal(80).env("TERM", "dumb")));
    assert!(is_coloured(call("--color always").env("NO_COLOR", "1")));
    assert!(!is_coloured(call("--color never").terminal(80).env("CLICOLOR_FORCE", "1")));
}

#[test]
fn a_wrong_width_is_refused() {
    let out = samples().emqstat(["rules", "--input", "di.prom"]).env("EMQSTAT_FORCE_TTY", "wide").run().expect(64);
    assert!(out.stderr.contains("EMQSTAT_FORCE_TTY"), "{out}");
}

#[test]
fn where_nobody_answered_stdout_is_empty() {
    for view in ["cluster", "rules", "resources"] {
        let sandbox = Sandbox::new();
        let out = sandbox.emqstat([view, "--input", "absent.prom"]).terminal(80).run().expect(66);
        assert_eq!(out.stdout, "", "{out}");
    }
}
