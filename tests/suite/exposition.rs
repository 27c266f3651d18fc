//! What `scrape` makes of any text in the Prometheus format, broker or not.

use super::harness::{Outcome, Sandbox};
use serde_json::json;

fn scrape(body: &str) -> Outcome {
    Sandbox::new().emqstat(["scrape", "--input", "-", "-o", "json"]).stdin(body).run()
}

#[test]
fn every_family_comes_with_name_type_help_and_samples() {
    let body = "# TYPE h histogram\n# HELP h In \\\\ two\\nlines.\n\nh_bucket{le=\"+Inf\"} 3 -5\n{\"my.metric\",path=\"C:\\\\\",q=\"\\\"é\\\"\"}\t1.5e3\n\
        h_sum NaN\nh_count 3\n# TYPE empty counter\n# UNIT h seconds\n# EOF\n";
    let out = scrape(body).expect(0);
    let sample = |name: &str, labels, value, timestamp| json!({"name": name, "labels": labels, "value": value, "timestamp_ms": timestamp});
    let families = json!([
        {"name": "h", "type": "histogram", "help": "In \\ two\nlines.", "samples": [
            sample("h_bucket", json!({"le": "+Inf"}), json!(3), json!(-5)),
            sample("h_sum", json!({}), json!("NaN"), json!(null)),
            sample("h_count", json!({}), json!(3), json!(null)),
        ]},
        {"name": "my.metric", "type": "untyped", "help": null, "samples": [
            sample("my.metric", json!({"path": "C:\\", "q": "\"é\""}), json!(1500), json!(null)),
        ]},
        {"name": "empty", "type": "counter", "help": null, "samples": []},
    ]);
    assert_eq!(out.json()["scrapes"][0]["families"], families, "{out}");
}

#[test]
fn a_malformed_body_is_refused_whole_by_line_and_column() {
    for (body, why) in [
        ("a 1\nb{c=\"d} 2\n", "line 2, column 5: this quote is not closed"),
        ("a 1\nb 2", "line 2, column 4: the input ends inside this line"),
        ("a{b=\"1\",b=\"2\"} 1\n", "line 1, column 9: the label name 'b' comes twice"),
        ("a 1 # {trace=\"x\"} 1\n", "line 1, column 5: this looks like an exemplar of OpenMetrics"),
        ("<!doctype html>\n", "line 1, column 1: expected a metric name, '{' or '#', found '<!doctype'"),
    ] {
        let out = scrape(body).expect(65);
        assert!(out.stderr.contains(why), "{out}");
        assert_eq!(
            (&out.json()["errors"][0]["code"], &out.json()["scrapes"]),
            (&json!("bad_data"), &json!([])),
            "{out}"
        );
    }
}

#[test]
fn of_a_duplicate_series_the_first_counts_and_a_warning_names_it() {
    let out = scrape("a{b=\"1\",c=\"2\"} 1\na{c=\"2\",b=\"1\"} 2\n").expect(0);
    let json = out.json();
    assert_eq!(json["scrapes"][0]["families"][0]["samples"].as_array().map(Vec::len), Some(1), "{out}");
    assert_eq!(json["scrapes"][0]["families"][0]["samples"][0]["value"], json!(1));
    assert!(out.stderr.contains("line 2: a{b=\"1\",c=\"2\"} came before"), "{out}");
    assert!(json["warnings"][0]["message"].as_str().is_some_and(|message| message.contains("line 2")), "{out}");
}
