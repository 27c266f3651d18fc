//! Bodies that are made to break what reads them: text of any length, more of everything than there ever is, characters that
//! nobody sees. What is quadratic in them takes minutes here, and its test is ended as one that hangs.

use crate::harness::{Outcome, Sandbox};
use crate::schema::assert_valid;
use crate::server::{Answer, DATA_INTEGRATION, Server};
use serde_json::Value;
use std::fmt::Write;

/// One rule of that id.
fn rule(id: &str) -> String {
    format!("deployment_emqx_rule_status{{deployment_id=\"d\",rule_id=\"{id}\"}} 1\n")
}

/// Runs a command on a saved body.
fn on(body: &str, args: &str) -> Outcome {
    let sandbox = Sandbox::new();
    sandbox.write("a.prom", body);
    sandbox.line(&format!("{args} --input a.prom"))
}

/// The same on a terminal of 80 columns.
fn on_terminal(body: &str, args: &str) -> String {
    let sandbox = Sandbox::new();
    sandbox.write("a.prom", body);
    sandbox.line_call(&format!("{args} --input a.prom")).terminal(80).env("NO_COLOR", "1").run().ok()
}

#[test]
fn a_text_of_any_width_is_whole_in_a_pipe_and_makes_no_other_row_longer() {
    let id = "i".repeat(70_000);
    let body = rule(&id) + &rule("short");
    let table = on(&body, "rules").ok();
    let lines: Vec<&str> = table.lines().collect();
    let long = lines.iter().find(|line| line.contains(&id)).unwrap();
    assert!(
        long.ends_with(
            "  enabled        -       -          -          -              -                -               -                     -"
        ),
        "{}",
        &long[70_000..]
    );
    assert!(lines.iter().filter(|line| !line.contains(&id)).all(|line| line.len() < 400), "{lines:?}");
    // One that is just short enough has its column as wide as itself.
    let edge = on(&(rule(&"e".repeat(256)) + &rule("short")), "rules --columns rule_id,status --no-headers").ok();
    assert!(edge.contains(&format!("\nshort{}  enabled\n", " ".repeat(251))), "{edge}");
    for args in [
        "rules -o json",
        "rules -o jsonl",
        "rules -o csv",
        "scrape",
        "scrape -o table",
        "scrape -o json",
        "scrape -o csv",
    ] {
        assert!(on(&body, args).ok().contains(&id), "{args}");
    }
}

#[test]
fn a_watched_text_may_have_any_width() {
    let server = Server::start();
    server.on(DATA_INTEGRATION, Answer::metrics(rule(&"w".repeat(70_000))));
    let sandbox = Sandbox::new();
    let call = sandbox.line_call(&format!("watch rules --count 1 --endpoint {}", server.endpoint()));
    let out = call.env("EMQSTAT_APP_ID", "app").env("EMQSTAT_APP_SECRET", "secret").run();
    assert!(out.code == 0 && out.stdout.contains(&"w".repeat(70_000)), "{}", out.stderr);
}

#[test]
fn a_terminal_shows_the_ends_of_a_long_text_and_says_so() {
    let id = format!("begin{}end", "x".repeat(1_000_000));
    for (body, args) in [
        (rule(&id), "rules"),
        (rule(&id), "rules --columns rule_id"),
        (rule(&id), "scrape -o table"),
        (format!("# HELP up {id}\nup{{a=\"{id}\"}} 1\nup{{a=\"{id}\",b=\"2\"}} 1\n"), "scrape -o table"),
        (format!("deployment_emqx_x{{deployment_id=\"{id}\"}} 1\n"), "cluster"),
        (format!("deployment_emqx_x{{y=\"{id}\"}} 1\n"), "cluster --all"),
    ] {
        let text = on_terminal(&body, args);
        assert!(text.len() < 10_000 && text.lines().all(|line| line.chars().count() <= 80), "{args}: {text}");
        // Before the value of a label stands its name.
        let has_begin = text.contains("begin") || args.starts_with("scrape");
        assert!(has_begin && text.contains('…') && text.contains("end"), "{args}: {text}");
    }
}

#[test]
fn a_terminal_may_have_any_width() {
    let sandbox = Sandbox::new();
    sandbox.write("a.prom", rule("r") + &format!("# HELP up {}\nup 1\n", "h".repeat(70_000)));
    for width in ["1", "65535", "65536", "1000000"] {
        for args in ["rules", "cluster", "scrape -o table", "check"] {
            let out = sandbox.line_call(&format!("{args} --input a.prom")).env("EMQSTAT_FORCE_TTY", width).run();
            assert!(out.code < 4, "{width}: {out}");
        }
    }
}

#[test]
fn many_deployments_cost_no_more_than_they_are() {
    let mut body = String::new();
    for n in 0..10_000 {
        writeln!(body, "deployment_emqx_connections_count{{deployment_id=\"d{n}\"}} 1").unwrap();
    }
    // In another order, so that none is the one that came last.
    for n in (0..10_000).rev() {
        writeln!(body, "deployment_emqx_sessions_count{{deployment_id=\"d{n}\"}} 2").unwrap();
    }
    let document = on(&body, "cluster -o json").json();
    assert_eq!(document["deployments"].as_array().unwrap().len(), 10_000);
    let last = &document["deployments"][9_999];
    assert_eq!((&last["cluster"]["connections_count"], &last["cluster"]["sessions_count"]), (&1.into(), &2.into()));
    let checked = on(&body, "check -o json --only nodes_stopped").json();
    assert_eq!(checked["deployments"].as_array().unwrap().len(), 10_000);
    assert_eq!(on(&body, "cluster --all").ok().lines().count(), 20_001);
}

#[test]
fn a_body_that_would_take_all_memory_is_refused() {
    let body: String = (0..500_000).map(|n| format!("a{n:x} 1\n")).collect();
    for args in ["rules -o json", "scrape -o json"] {
        let out = on(&body, args).expect(65);
        assert_eq!(out.json()["errors"][0]["code"], "bad_data");
        assert!(out.stderr.contains("more than three times its size in memory"), "{}", out.stderr);
    }
    // As the hint says, what was received can be seen.
    assert_eq!(on(&body, "scrape -o raw").ok(), body);
}

#[test]
fn a_hundred_thousand_deployments_are_told_of() {
    let line = |n: usize| format!("deployment_emqx_connections_count{{deployment_id=\"d{n}\"}} 1\n");
    let body: String = (0..100_000).map(line).collect();
    assert_eq!(on(&body, "cluster -o jsonl").ok().lines().count(), 100_000);
}

#[test]
fn a_watched_server_may_tell_of_many_deployments() {
    let server = Server::start();
    let body: String = (0..10_000)
        .map(|n| format!("deployment_emqx_rule_status{{deployment_id=\"d{n}\",rule_id=\"r\"}} 1\n"))
        .collect();
    server.on(DATA_INTEGRATION, Answer::metrics(body));
    let sandbox = Sandbox::new();
    let call =
        sandbox.line_call(&format!("watch rules --count 2 -o jsonl --interval 10ms --endpoint {}", server.endpoint()));
    let out = call.env("EMQSTAT_APP_ID", "app").env("EMQSTAT_APP_SECRET", "secret").run();
    assert_eq!(out.code, 0, "{}", out.stderr);
    let ticks = out.json_lines();
    assert_eq!(ticks[1]["deployments"].as_array().unwrap().len(), 10_000);
    assert!(ticks[1]["deployments"][7]["window_seconds"].is_number());
}

#[test]
fn many_labels_of_one_sample_cost_no_more_than_they_are() {
    let labels = |order: &mut dyn Iterator<Item = usize>| order.map(|n| format!("l{n}=\"\",")).collect::<String>();
    let body = format!(
        "a{{{}}} 1\na{{{}}} 1\na{{{}x=\"1\"}} 1\n",
        labels(&mut (0..30_000)),
        labels(&mut (0..30_000).rev()),
        labels(&mut (0..30_000).rev())
    );
    for args in ["cluster -o json", "scrape -o json", "scrape -o table"] {
        let out = on(&body, args);
        assert_eq!((out.code, out.stderr.lines().count()), (0, 1), "{}", out.stderr);
    }
    let shown =
        on_terminal(&body.lines().step_by(2).map(|line| format!("{line}\n")).collect::<String>(), "scrape -o table");
    assert!(shown.contains("every sample has"), "{shown}");
}

#[test]
fn what_comes_again_is_told_a_few_times_and_counted() {
    let rule = |n: usize| format!("deployment_emqx_rule_status{{rule_id=\"{n}\"}} 1\n");
    let up = |n: usize| format!("up{{a=\"{n}\"}} 1\n");
    let body: String = (0..40_000).map(|n| rule(n / 2) + &up(n / 2)).collect();
    for args in ["scrape -o json", "cluster -o json", "rules -o json", "check -o json"] {
        let out = on(&body, args);
        let document = out.json();
        assert_valid(&document);
        let warnings = document["warnings"].as_array().unwrap();
        assert!(warnings.len() <= 20, "{args}: {} warnings", warnings.len());
        let counted = |warning: &Value| warning["message"].as_str().unwrap().contains("more samples repeat");
        assert!(warnings.iter().any(counted), "{args}: {warnings:?}");
        assert!(out.stderr.lines().count() <= 60, "{args}: {}", out.stderr);
    }
}

#[test]
fn a_warning_about_a_long_series_is_no_longer_than_one_about_a_short_one() {
    let long = "l".repeat(1_000_000);
    for (body, args) in [
        (format!("up{{a=\"{long}\"}} 1\n").repeat(3), "scrape -o json"),
        (format!("up{{a=\"{long}\"}} 1\n").repeat(3), "cluster -o json"),
        (rule(&long) + &rule(&long).replace("} 1", "} 0"), "rules -o json"),
        (rule("r").replace("rule_id", &format!("{long}=\"\",rule_id")), "check -o json --only rules_disabled"),
    ] {
        let out = on(&body, args);
        assert!(out.stderr.lines().all(|line| line.chars().count() < 600), "{args}: {}", out.stderr.len());
        for warning in out.json()["warnings"].as_array().unwrap() {
            assert!(warning["message"].as_str().unwrap().len() < 600, "{args}");
        }
    }
}

#[test]
fn warnings_about_many_at_once_are_counted_too() {
    let sandbox = Sandbox::new();
    let mut args = vec!["scrape".to_owned(), "-o".to_owned(), "json".to_owned()];
    for n in 0..50 {
        let body: String = (0..20).map(|twice| format!("a{twice}_{n} 1\na{twice}_{n} 1\n")).collect();
        sandbox.write(format!("{n}.prom"), body);
        args.extend(["--input".to_owned(), format!("{n}.prom")]);
    }
    let out = sandbox.run(args).expect(0);
    let document = out.json();
    let warnings = document["warnings"].as_array().unwrap();
    assert_eq!((warnings.len(), out.stderr.lines().count()), (201, 201));
    assert_eq!(warnings[200]["message"], "350 more warnings");
}

#[test]
fn what_nobody_sees_is_spelled_out_where_a_person_reads() {
    let hidden = ["115f", "1160", "3164", "ffa0", "34f", "2800", "180e", "fe0f", "200b", "e0041", "ad"];
    let id: String =
        hidden.iter().map(|code| char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap()).collect();
    for args in ["rules --columns rule_id", "scrape -o table"] {
        let text = on(&rule(&id), args).ok();
        for code in hidden {
            assert!(text.contains(&format!("\\u{{{code}}}")), "{args}: {code} in {text}");
        }
    }
    let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{2764}\u{fe0f}";
    assert!(on(&rule(family), "rules").ok().contains(family), "what makes one emoji is no attack");
    let json = on(&rule(&id), "rules -o json").json();
    assert_eq!(json["deployments"][0]["rules"][0]["rule_id"], id, "a program gets what was sent");
}

#[test]
fn a_spreadsheet_gets_no_formula_and_numbers_stay_numbers() {
    let ids = ["=cmd|'/c calc'!A1", "+1", "-1", "@x", "\tx", "\rx", "a=b", "'q"];
    let body: String =
        ids.iter().map(|id| rule(id)).collect::<String>() + "deployment_emqx_metrics_a{deployment_id=\"d\"} -5\n";
    let csv = on(&body, "rules -o csv --columns rule_id --no-headers").ok();
    let mut lines: Vec<&str> = csv.split('\n').filter(|line| !line.is_empty()).collect();
    lines.sort_unstable();
    let mut expected = ["'=cmd|'/c calc'!A1", "'+1", "'-1", "'@x", "'\tx", "\"'\rx\"", "a=b", "'q"];
    expected.sort_unstable();
    assert_eq!(lines, expected);
    assert_eq!(on(&body, "cluster -o csv --columns name,value --no-headers").stdout, "metrics.a,-5\n");
    let scraped = on("{\"=x\",\"@y\"=\"1\"} -1\n", "scrape -o csv").ok();
    assert!(scraped.ends_with(",,'=x,untyped,'=x,\"'@y=\"\"1\"\"\",-1,\n"), "{scraped}");
}

#[test]
fn what_was_typed_is_told_without_acting() {
    let sandbox = Sandbox::new();
    for args in [
        vec!["\u{1b}[31mx"],
        vec!["rules", "--\u{1b}[2Jx"],
        vec!["rules", "-o", "\u{1b}]0;t\u{7}"],
        vec!["rules", "--timeout", "\u{9b}31m"],
        vec!["check", "\u{202e}x"],
        vec!["completions", "ba\u{3164}sh"],
        vec!["explain", "\u{1b}[31mx"],
        vec!["profile", "show", "\u{1b}[31mx"],
    ] {
        for colour in ["0", "1"] {
            let out = sandbox.emqstat(&args).env("CLICOLOR_FORCE", colour).run();
            assert_ne!(out.code, 0, "{out}");
            let acts = |c: char| c.is_control() && c != '\n' && c != '\u{1b}' || matches!(c, '\u{202e}' | '\u{3164}');
            assert!(!out.stderr.contains(acts) && !out.stderr.contains("\u{1b}[2J"), "{out}");
            assert!(out.stderr.contains("\\x") || out.stderr.contains("\\u{"), "{out}");
            if colour == "0" {
                assert!(!out.stderr.contains('\u{1b}'), "{out}");
            }
        }
    }
}
