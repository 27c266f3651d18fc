//! Bodies that are large on purpose: what is made of them grows no faster than they do, whatever their labels hold.

use super::*;

fn body(sandbox: &Sandbox, text: &str) {
    sandbox.write("body.prom", text);
}

#[test]
fn a_label_of_any_length_is_shown() {
    let sandbox = Sandbox::new();
    for length in [70_000, 1_000_000] {
        let id = format!("begin{}end", "x".repeat(length));
        let rules: String = (0..200).map(|n| format!("deployment_emqx_rule_status{{rule_id=\"r{n}\"}} 1\n")).collect();
        body(&sandbox, &format!("{rules}deployment_emqx_rule_status{{rule_id=\"{id}\"}} 1\n"));
        let out = sandbox.line("rules --input body.prom").expect(0);
        assert!(
            out.stdout.contains(&id) && out.stdout.len() < length + 200_000,
            "in a pipe nothing is cut, nor padded"
        );
        let out = sandbox.line_call("rules --input body.prom").terminal(80).run().expect(0);
        assert!(out.stdout.contains("begin") && out.stdout.len() < 200_000, "{}", out.stdout.len());
        let shown = out.stdout.split_whitespace().collect::<String>();
        assert!(shown.contains('…') && shown.contains("xend"), "cut in its middle, and said");
        for args in ["rules -o json", "rules -o csv", "scrape -o table", "scrape -o json"] {
            assert!(sandbox.line(&format!("{args} --input body.prom")).expect(0).stdout.contains(&id), "{args}");
        }
        body(&sandbox, &format!("deployment_emqx_metrics_odd{{label=\"{id}\"}} 1\ndeployment_emqx_metrics_even 2\n"));
        sandbox.line("cluster --input body.prom").expect(0);
        sandbox.line_call("cluster --input body.prom").terminal(80).run().expect(0);
        sandbox.line_call("scrape -o table --input body.prom").terminal(80).run().expect(0);
    }
}

/// With work that grew with the square of it, none of these would end within the time that a test is given.
#[test]
fn many_deployments_rules_labels_and_duplicates_are_read_in_one_pass() {
    let sandbox = Sandbox::new();
    let lines = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    body(&sandbox, &lines(20_000, &|n| format!("deployment_emqx_connections_count{{deployment_id=\"d{n}\"}} 1\n")));
    let all = sandbox.line("cluster -o json --input body.prom").expect(0).json();
    assert_eq!(all["deployments"].as_array().unwrap().len(), 20_000);
    sandbox.line("check --only resources_down -o json --input body.prom").expect(3);
    body(&sandbox, &lines(100_000, &|_| "up{a=\"b\"} 1\n".to_owned()));
    for args in ["cluster -o json", "scrape -o json"] {
        let out = sandbox.line(&format!("{args} --input body.prom")).expect(0);
        let warnings = out.json()["warnings"].as_array().unwrap().len();
        assert!(warnings <= 11 && out.stderr.lines().count() == warnings, "{args}: {warnings}");
    }
    let labels = |order: &mut dyn Iterator<Item = usize>| {
        let pairs: Vec<String> = order.map(|n| format!("l{n}=\"v\"")).collect();
        format!("up{{{}}} 1\n", pairs.join(","))
    };
    body(&sandbox, &(labels(&mut (0..20_000)) + &labels(&mut (0..20_000).rev())));
    let out = sandbox.line("cluster -o json --input body.prom").expect(0).json();
    assert_eq!(out["deployments"][0]["series"].as_array().unwrap().len(), 1, "the order of labels tells nothing");
    let odd = |n| format!("deployment_emqx_rule_status{{rule_id=\"r{n}\",odd{n}=\"x\"}} 1\n");
    body(&sandbox, &lines(20_000, &odd));
    let out = sandbox.line("rules -o json --input body.prom").expect(0).json();
    assert_eq!(out["warnings"].as_array().unwrap().len(), 11);
}

#[test]
fn text_that_is_not_seen_or_would_be_run_is_made_harmless() {
    let sandbox = Sandbox::new();
    let ids = [
        "=cmd()",
        "+1",
        "-2",
        "@x",
        "a\u{115f}b",
        "c\u{3164}d",
        "e\u{34f}f",
        "g\u{2800}h",
        "i\u{fe0f}j",
        "👨\u{200d}👩",
    ];
    body(&sandbox, &ids.map(|id| format!("deployment_emqx_rule_status{{rule_id=\"{id}\"}} 1\n")).concat());
    let csv = sandbox.line("rules -o csv --columns rule_id --no-headers --input body.prom").ok();
    for formula in ["'=cmd()", "'+1", "'-2", "'@x"] {
        assert!(csv.lines().any(|line| line == formula), "{csv}");
    }
    let table = sandbox.line("rules --columns rule_id --no-headers --input body.prom").ok();
    for shown in ["a\\u{115f}b", "c\\u{3164}d", "e\\u{34f}f", "g\\u{2800}h", "i\\u{fe0f}j", "👨\u{200d}👩"] {
        assert!(table.lines().any(|line| line.trim_end() == shown), "{shown}: {table}");
    }
    let json = sandbox.line("rules -o json --input body.prom").ok();
    assert!(json.contains("\"=cmd()\""), "JSON carries text as it is");
    let out = sandbox.run(["rules", "--nonsense\u{1b}[31mred"]).expect(64);
    assert!(!out.stderr.contains('\u{1b}') && out.stderr.contains("red"), "{out}");
}
