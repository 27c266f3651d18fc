//! A long answer on a terminal goes through the user's pager; a short one and a pipe do not.

use crate::harness::{Call, Sandbox};
use crate::server::{Answer, CLUSTER, Server};
use crate::terminal::Terminal;

/// A scrape of forty rules, more than the terminal has lines.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let rules: String =
        (0..40).map(|n| format!("deployment_emqx_rule_status{{rule_id=\"rule-{n:08}\"}} 1\n")).collect();
    sandbox.write("rules.prom", &rules);
    sandbox
}

fn rules(sandbox: &Sandbox, args: &str) -> Call {
    sandbox.line_call(&format!("rules --input rules.prom {args}")).env("TERM", "xterm").env("NO_COLOR", "1")
}

fn shown(call: Call) -> String {
    let (code, _, shown) = Terminal::full(call, 80, 24).end();
    assert_eq!(code, 0, "{shown}");
    shown.replace('\r', "")
}

#[test]
fn a_long_answer_goes_through_the_pager() {
    let sandbox = sandbox();
    let numbered = |text: &str| text.contains("    30\t") && text.contains("rule-00000039");
    let call = rules(&sandbox, "").env("PAGER", "cat -n");
    assert!(numbered(&shown(call)));
    let call = rules(&sandbox, "").env("EMQSTAT_PAGER", "cat -n").env("PAGER", "false");
    assert!(numbered(&shown(call)));
    let call = rules(&sandbox, "-o json --color never").env("PAGER", "head -c 1");
    assert_eq!(shown(call), "{", "who reads no further ends it");
}

#[test]
fn the_profile_file_names_a_pager_for_all() {
    let (sandbox, server) = (sandbox(), Server::start());
    let body: String = (0..40).map(|n| format!("deployment_emqx_x{n:08} 1\n")).collect();
    server.on(CLUSTER, [Answer::metrics(body)]);
    sandbox.profiles(&format!(
        "[defaults]\npager = \"cat -n\"\n[profiles.p]\nendpoint = \"{}\"\napp_id = \"me\"\napp_secret = \"hunter2\"\n",
        server.endpoint()
    ));
    let scrape = || sandbox.line_call("scrape cluster").env("TERM", "xterm").env("PAGER", "false");
    assert!(shown(scrape()).contains("    40\tdeployment_emqx_x00000039 1"));
    assert!(!shown(scrape().env("EMQSTAT_PAGER", "cat")).contains("    40\t"));
}

#[test]
fn a_pager_is_told_what_it_needs_and_what_the_user_says_of_it_stays() {
    let sandbox = sandbox();
    let told = "cat > /dev/null; echo $LESS";
    assert_eq!(shown(rules(&sandbox, "").env("PAGER", told)), "FRX\n");
    assert_eq!(shown(rules(&sandbox, "").env("PAGER", told).env("LESS", "S")), "S\n");
}

#[test]
fn no_pager_where_it_is_not_wanted_or_not_there() {
    let sandbox = sandbox();
    let plain = |call: Call| {
        let text = shown(call);
        assert!(text.contains("rule-00000039") && !text.contains("    30\t"), "{text}");
    };
    plain(rules(&sandbox, "--no-pager").env("PAGER", "cat -n"));
    plain(rules(&sandbox, "").env("EMQSTAT_PAGER", "").env("PAGER", "cat -n"));
    plain(rules(&sandbox, "").env("EMQSTAT_PAGER", "cat").env("PAGER", "cat -n"));
    plain(rules(&sandbox, "").env("PAGER", "cat -n").env("TERM", "dumb"));
    plain(rules(&sandbox, "").env("PAGER", "exec /nowhere/pager 2>/dev/null"));
    let short = shown(rules(&sandbox, "--limit 3").env("PAGER", "cat -n"));
    assert!(!short.contains("     1\t"), "{short}");
    let piped = rules(&sandbox, "").env("PAGER", "false").run().expect(0);
    assert_eq!(piped.stdout.lines().count(), 41);
}
