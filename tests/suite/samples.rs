//! `scrape -o table` and `-o csv`: samples as rows.

use crate::harness::Sandbox;

#[test]
fn samples_are_rows_that_can_be_chosen_sorted_and_cut_off() {
    let sandbox = Sandbox::new();
    let text = "# TYPE x counter\nx{node=\"a\"} 3\nx{node=\"b\"} 10\nx 7\n# TYPE y gauge\ny{node=\"b\"} 1\n";
    sandbox.write("a.prom", text);
    let rows = |rest: &str| sandbox.shell(&format!("emqstat scrape --input a.prom {rest} --no-headers")).run().ok();
    assert_eq!(rows("-o csv --columns name,value --sort -value"), "x,10\nx,7\nx,3\ny,1\n");
    let with_labels = "x,\"node=\"\"b\"\"\"\ny,\"node=\"\"b\"\"\"\n";
    assert_eq!(rows("-o csv --columns name,labels --filter 'node == b'"), with_labels);
    assert_eq!(rows("-o csv --columns value --filter 'value > 1' --filter 'type == counter' --limit 2"), "3\n10\n");
    let table = rows("-o table --columns value,name --sort value");
    assert_eq!(table.split_whitespace().collect::<Vec<_>>().join(" "), "1 y 3 x 7 x 10 x");
    for (rest, said) in [
        ("-o table --filter 'colour == red'", "colour"),
        ("-o csv --columns colour", "there is no column 'colour'"),
        ("-o json --columns name", "--columns chooses the columns of a table or of CSV"),
        ("--sort value", "--sort is about the rows of a table or of CSV"),
        ("-o csv --filter 'rate(value) > 1'", "rate"),
    ] {
        let out = sandbox.shell(&format!("emqstat scrape --input a.prom {rest}")).run().expect(64);
        assert!(out.stderr.contains(said) && out.stdout.is_empty(), "{out}");
    }
}

/// A screen is for whoever looks, in whose zone the times are; a pipe is for programs, in UTC.
#[test]
fn times_are_the_reader_s_own_on_a_terminal_only() {
    let sandbox = Sandbox::new();
    sandbox.write("r.prom", "deployment_emqx_rule_status{rule_id=\"a\"} 1\n");
    let line =
        || sandbox.line_call("rules --input r.prom --columns scraped_at --no-headers").env("TZ", "Asia/Shanghai");
    let shown = line().terminal(80).run().ok();
    assert!(shown.lines().next().unwrap().trim().ends_with("+08:00"), "{shown}");
    let piped = line().run().ok();
    assert!(piped.trim().ends_with('Z'), "{piped}");
}
