//! `-o nagios`: read by a parser that knows the Monitoring Plugins Development Guidelines and nothing of emqstat.

use super::*;

/// A line as a monitoring system takes it apart.
#[derive(Debug)]
struct Line {
    status: String,
    text: String,
    data: Vec<Datum>,
}

/// `'label'=value[UOM];[warn];[crit];[min];[max]`.
#[derive(Debug, Clone, PartialEq)]
struct Datum {
    label: String,
    /// `None`: `U`, which stands for a value that could not be determined.
    value: Option<f64>,
    unit: String,
    warn: String,
    crit: String,
    min: String,
    max: String,
}

/// Reads the output of a plugin, strictly.
fn parse(output: &str) -> Result<Line, String> {
    let line = output.strip_suffix('\n').ok_or("no line end")?;
    if line.chars().any(char::is_control) {
        return Err("a control character".into());
    }
    let (text, data) = match line.split_once('|') {
        Some((text, data)) => (text.strip_suffix(' ').ok_or("no blank before the data")?, data.trim()),
        None => (line, ""),
    };
    let (status, text) = text.split_once(": ").ok_or("no status")?;
    if !["OK", "WARNING", "CRITICAL", "UNKNOWN"].contains(&status) {
        return Err(format!("{status} is no status"));
    }
    let (mut all, mut rest) = (Vec::new(), data);
    while !rest.is_empty() {
        let (datum, left) = datum(rest)?;
        all.push(datum);
        rest = match left.strip_prefix(' ') {
            Some(left) => left,
            None if left.is_empty() => left,
            None => return Err(format!("no blank before {left}")),
        };
    }
    Ok(Line { status: status.to_owned(), text: text.to_owned(), data: all })
}

fn datum(text: &str) -> Result<(Datum, &str), String> {
    let (label, rest) = label(text)?;
    let rest = rest.strip_prefix('=').ok_or_else(|| format!("no '=' behind {label}"))?;
    let (fields, rest) = rest.split_at(rest.find(' ').unwrap_or(rest.len()));
    let fields: Vec<&str> = fields.split(';').collect();
    if fields.len() > 5 {
        return Err(format!("too many fields of {label}"));
    }
    let field = |index: usize| fields.get(index).copied().unwrap_or_default().to_owned();
    let digits = fields[0].find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-')).unwrap_or(fields[0].len());
    let (value, unit) = match fields[0] {
        "U" => (None, ""),
        number => {
            let (value, unit) = number.split_at(digits);
            (Some(value.parse().map_err(|_| format!("{number} is no value"))?), unit)
        }
    };
    if !["", "s", "us", "ms", "%", "B", "KB", "MB", "TB", "c"].contains(&unit) {
        return Err(format!("{unit} is no unit of measurement"));
    }
    for threshold in [field(1), field(2)] {
        if !threshold.is_empty() && !is_range(&threshold) {
            return Err(format!("{threshold} is no range"));
        }
    }
    for end in [field(3), field(4)] {
        if !end.is_empty() && end.parse::<f64>().is_err() {
            return Err(format!("{end} is no number"));
        }
    }
    let datum =
        Datum { label, value, unit: unit.to_owned(), warn: field(1), crit: field(2), min: field(3), max: field(4) };
    Ok((datum, rest))
}

/// A label in single quotes, in which two of them stand for one; without quotes it has no blank.
fn label(text: &str) -> Result<(String, &str), String> {
    let Some(mut rest) = text.strip_prefix('\'') else {
        let end = text.find('=').ok_or("no '='")?;
        let (label, rest) = text.split_at(end);
        let plain = !label.is_empty() && !label.contains([' ', '\'']);
        return if plain { Ok((label.to_owned(), rest)) } else { Err(format!("{label} needs quotes")) };
    };
    let mut label = String::new();
    loop {
        let end = rest.find('\'').ok_or("a quote is open")?;
        label += &rest[..end];
        rest = &rest[end + 1..];
        match rest.strip_prefix('\'') {
            Some(left) => {
                label.push('\'');
                rest = left;
            }
            None if label.contains('=') || label.is_empty() => return Err(format!("{label} is no label")),
            None => return Ok((label, rest)),
        }
    }
}

fn is_range(text: &str) -> bool {
    let number = |part: &str| part.parse::<f64>().is_ok() && !part.contains(['e', 'E', 'n', 'i']);
    let text = text.strip_prefix('@').unwrap_or(text);
    match text.split_once(':') {
        None => number(text),
        Some((start, end)) => (start == "~" || number(start)) && (end.is_empty() || number(end)),
    }
}

#[track_caller]
fn parsed(out: &Outcome) -> Line {
    parse(&out.stdout).unwrap_or_else(|error| panic!("{error}\n{out}"))
}

/// The parser refuses what the guidelines do not allow: without that it would show nothing.
#[test]
fn the_parser_is_strict() {
    for good in ["OK: fine\n", "OK: a | b=1\n", "CRITICAL: x | 'a b'=1.5s;~:2;@1:2;0; 'it''s'=U;;\n"] {
        parse(good).unwrap_or_else(|error| panic!("{good}: {error}"));
    }
    for bad in [
        "OK: no line end",
        "FINE: no status\n",
        "OK: two\nlines\n",
        "OK: a | b | c=1\n",
        "OK: a | b=1x\n",
        "OK: a | b=1e3\n",
        "OK: a | b=NaN\n",
        "OK: a | a b=1\n",
        "OK: a | 'b=1\n",
        "OK: a | 'b=c'=1\n",
        "OK: a | b=1;x\n",
        "OK: a | b=1;;;;;;\n",
        "OK: a | b=1,c=2\n",
    ] {
        assert!(parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn one_line_tells_it_all() {
    let sandbox = Sandbox::new();
    let before = Deployment::healthy().rules(&[("rule-a", 1, 0, 0, 0)]);
    let after = Deployment::healthy().rules(&[("rule-a", 1, 0, 75, 25)]).with("cluster_nodes_stopped", 1.0);
    let out = check(&sandbox, &before.then(&after), "-o nagios").run().expect(2);
    let line = parsed(&out);
    assert_eq!(line.status, "CRITICAL");
    assert!(
        line.text.starts_with("deployment d1: 2 critical, 1 warning, 12 ok: nodes_stopped critical: 1 node stopped, "),
        "{}",
        line.text
    );
    assert_eq!(line.data.len(), 15);
    let datum = |label: &str| line.data.iter().find(|datum| datum.label == label).unwrap();
    let share = datum("action_failure_share");
    assert_eq!(
        (share.value, share.unit.as_str(), share.warn.as_str(), share.crit.as_str()),
        (Some(75.0), "%", "5", "50")
    );
    assert_eq!((share.min.as_str(), share.max.as_str()), ("0", "100"));
    assert_eq!((datum("nodes_running").crit.as_str(), datum("nodes_running").value), ("1:", Some(2.0)));
    assert_eq!((datum("endpoint_cluster").unit.as_str(), datum("endpoint_cluster").warn.as_str()), ("s", "6"));
    assert!(datum("action_failures").value.unwrap() > 0.0);
}

#[test]
fn a_healthy_line_and_one_look() {
    let (sandbox, server) = (Sandbox::new(), Deployment::healthy().serve());
    let line = parsed(&check(&sandbox, &server, "-o nagios").run().expect(0));
    assert_eq!((line.status.as_str(), line.text.as_str()), ("OK", "deployment d1: 15 ok"));
    let line = parsed(&check(&sandbox, &server, "-o nagios --window 0").run().expect(0));
    assert_eq!(line.text, "deployment d1: 7 ok; 8 skipped");
    assert_eq!(line.data.len(), 7, "what was skipped has no number");
}

#[test]
fn what_could_not_be_asked_is_said_apart_from_what_was_judged() {
    let (sandbox, server) = (Sandbox::new(), Server::start());
    let line = parsed(&check(&sandbox, &server, "-o nagios").run().expect(3));
    assert_eq!(line.status, "UNKNOWN");
    assert!(line.text.contains("could not be asked: ") && line.data.is_empty(), "{line:?}");
    let line = parsed(&check(&sandbox, &server, "-o nagios --on-error critical").run().expect(2));
    assert_eq!(line.status, "CRITICAL");
    let line = parsed(&check(&sandbox, &server, "-o nagios --only nothing").run().expect(3));
    assert_eq!(
        (line.status.as_str(), line.text.as_str()),
        ("UNKNOWN", "nothing was asked: there is no check 'nothing'")
    );
    let line = parsed(&Sandbox::new().line("check -o nagios").expect(3));
    assert!(line.text.starts_with("could not be asked: there is no profile file"), "{line:?}");
    let server = Deployment::healthy().without("cluster_nodes_stopped").serve();
    let line = parsed(&check(&sandbox, &server, "-o nagios").run().expect(3));
    assert!(line.text.contains("nodes_stopped unknown: metrics.cluster_nodes_stopped was not received"), "{line:?}");
    assert_eq!(line.data.iter().find(|datum| datum.label == "nodes_stopped").unwrap().value, None);
}

/// Text from the server and from the profile can neither end the line nor forge data.
#[test]
fn no_text_breaks_the_line() {
    let sandbox = Sandbox::new();
    let server = Deployment::healthy().resources(&[("http:a|'x'=1\\nOK: fine\u{1b}[2J", 0)]).serve();
    let own = "[[profiles.prod.checks]]\nname = \"it's | a=b\\n\"\nwhen = \"rules.total > 0\"\nseverity = \"warning\"";
    profiles(&sandbox, &[("prod", &server, own)]);
    let line = parsed(&check_profiles(&sandbox, "-o nagios").expect(2));
    assert!(line.text.contains(r"http:a/'x'=1\nOK: fine\x1b[2J"), "{}", line.text);
    assert_eq!(line.data.last().unwrap().label, r"it's / a_b\n");
    assert_eq!(line.data.len(), 16);
}

#[test]
fn several_deployments_are_one_line_with_labels_of_their_own() {
    let sandbox = Sandbox::new();
    let (good, bad) = (Deployment::healthy().serve(), Deployment::healthy().with("cluster_nodes_stopped", 1.0).serve());
    profiles(&sandbox, &[("good", &good, ""), ("bad", &bad, "")]);
    let line = parsed(&check_profiles(&sandbox, "--all-profiles -o nagios --only nodes_stopped").expect(2));
    assert_eq!(line.text, "bad: 1 critical: nodes_stopped critical: 1 node stopped; good: 1 ok");
    let data: Vec<(&str, Option<f64>)> = line.data.iter().map(|datum| (datum.label.as_str(), datum.value)).collect();
    assert_eq!(data, [("good::nodes_stopped", Some(0.0)), ("bad::nodes_stopped", Some(1.0))]);
}
