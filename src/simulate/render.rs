//! The text format, written as it is produced: nobody holds the 149 MB that 100,000 rules make.
//!
//! Families, labels and numbers stand in the order and the form in which the platform's server writes them:
//! sorted by name, then by the values of the labels in order of their names, `1e+06` for a million.

use super::integration::RuleCounts;
use super::model::Model;
use crate::deployment::catalog::{self, Entry, Group, Scope, Source};
use crate::exposition::MetricType;
use crate::text::label_value;
use std::io::{self, Write};
use std::sync::LazyLock;

/// The families of the cluster endpoint.
static CLUSTER: LazyLock<Vec<Family>> = LazyLock::new(|| families(|entry| !of_integration(entry)));
/// The families of the data-integration endpoint.
static INTEGRATION: LazyLock<Vec<Family>> = LazyLock::new(|| families(of_integration));

struct Family {
    name: String,
    /// As the platform declares it, which for what rules count is not what it is.
    kind: MetricType,
    entry: &'static Entry,
}

fn of_integration(entry: &Entry) -> bool {
    matches!(entry.group, Group::Rules | Group::Resources)
}

/// The families that the platform's sample answers hold, sorted by name.
fn families(wanted: impl Fn(&Entry) -> bool) -> Vec<Family> {
    let sampled = catalog::all().filter(|entry| entry.seen.contains(&Source::Sample) && wanted(entry));
    let declared = |entry| if of_integration(entry) { MetricType::Gauge } else { entry.kind };
    let mut families: Vec<Family> =
        sampled.map(|entry| Family { name: entry.family(), kind: declared(entry), entry }).collect();
    families.sort_by(|a, b| a.name.cmp(&b.name));
    families
}

/// What the cluster endpoint answers.
pub(super) fn cluster(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    let counts = model.cluster();
    let deployment = label_value(model.deployment_id());
    for family in CLUSTER.iter() {
        let short = family.name.strip_prefix(Scope::Deployment.prefix());
        let Some(value) = short.and_then(|name| counts.value(name)) else { continue };
        head(family, out)?;
        let line = Line::new(&family.name, &deployment, "", "");
        line.write("", value, out)?;
    }
    Ok(())
}

/// What the data-integration endpoint answers: nothing at all where there is neither rule nor resource.
pub(super) fn integration(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    let deployment = label_value(model.deployment_id());
    let rules: Vec<(&str, RuleCounts)> = model.rules().collect();
    for family in INTEGRATION.iter() {
        match family.entry.name {
            "resource_status" => {
                let line = Line::new(&family.name, &deployment, "", "resource_id");
                let mut resources = model.resources().peekable();
                if resources.peek().is_some() {
                    head(family, out)?;
                }
                for (id, connected) in resources {
                    line.write(id, connected.into(), out)?;
                }
            }
            _ if rules.is_empty() => {}
            "rule_status" => rule_family(family, &deployment, &rules, &[("", |rule| rule.enabled.into())], out)?,
            "rule_matched_count" => {
                let columns: [Column; 5] = [
                    ("match_status=\"exception\",", |rule| rule.exception),
                    ("match_status=\"failed\",", RuleCounts::failed),
                    ("match_status=\"matched\",", RuleCounts::matched),
                    ("match_status=\"no_result\",", |rule| rule.no_result),
                    ("match_status=\"passed\",", |rule| rule.passed),
                ];
                rule_family(family, &deployment, &rules, &columns, out)?;
            }
            "rule_action_execution_count" => {
                let columns: [Column; 3] = [
                    ("execution_status=\"failed\",", |rule| rule.failed_actions),
                    ("execution_status=\"success\",", |rule| rule.success),
                    ("execution_status=\"taken\",", |rule| rule.taken),
                ];
                rule_family(family, &deployment, &rules, &columns, out)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// A label of rules' samples, and the value that goes with it.
type Column = (&'static str, fn(&RuleCounts) -> f64);

fn rule_family(
    family: &Family,
    deployment: &str,
    rules: &[(&str, RuleCounts)],
    columns: &[Column],
    out: &mut dyn Write,
) -> io::Result<()> {
    head(family, out)?;
    for (label, value) in columns {
        let line = Line::new(&family.name, deployment, label, "rule_id");
        for (id, counts) in rules {
            line.write(id, value(counts), out)?;
        }
    }
    Ok(())
}

fn head(family: &Family, out: &mut dyn Write) -> io::Result<()> {
    let help = family.entry.description.replace('\\', "\\\\").replace('\n', "\\n");
    writeln!(out, "# HELP {} {help}\n# TYPE {} {}", family.name, family.name, family.kind.as_str())
}

/// A sample line up to the last label's value, the same for all samples that differ in that one alone.
struct Line {
    start: Vec<u8>,
    end: &'static [u8],
}

impl Line {
    /// `middle` stands where its name sorts, between the deployment's labels; `last` is the name of the last label.
    fn new(family: &str, deployment: &str, middle: &str, last: &str) -> Line {
        let start =
            format!("{family}{{deployment_id=\"{deployment}\",deployment_type=\"dedicated\",{middle}platform=\"demo\"");
        match last {
            "" => Line { start: start.into_bytes(), end: b"} " },
            _ => Line { start: format!("{start},{last}=\"").into_bytes(), end: b"\"} " },
        }
    }

    fn write(&self, id: &str, value: f64, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&self.start)?;
        out.write_all(id.as_bytes())?;
        out.write_all(self.end)?;
        number(value, out)?;
        out.write_all(b"\n")
    }
}

/// A number of at least 0 as Go's `strconv` writes it in its shortest form: with an exponent from a million on.
fn number(value: f64, out: &mut dyn Write) -> io::Result<()> {
    if value < 1e6 {
        // Nearly all are counts, and integers are written several times faster.
        return if value.fract() == 0.0 { write!(out, "{}", value as u32) } else { write!(out, "{value}") };
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    write!(out, "{digits}e+{exponent:0>2}")
}

#[cfg(test)]
mod tests {
    use super::super::model::Plan;
    use super::*;

    fn bodies(plan: &Plan) -> [String; 2] {
        let model = Model::new(plan);
        let (mut cluster_body, mut integration_body) = (Vec::new(), Vec::new());
        cluster(&model, &mut cluster_body).unwrap();
        integration(&model, &mut integration_body).unwrap();
        [cluster_body, integration_body].map(|body| String::from_utf8(body).unwrap())
    }

    /// The lines of a body without what differs between deployments: the words of HELP, the values.
    fn shape(body: &str) -> Vec<String> {
        let blank = |line: &str| match line.split_once("# HELP ") {
            Some((_, help)) => format!("# HELP {}", help.split(' ').next().unwrap()),
            None if line.starts_with('#') => line.to_owned(),
            None => {
                let mut pieces: Vec<&str> = line.split('"').collect();
                // Values of labels and of the sample, but for the words that tell samples apart.
                for at in (1..pieces.len()).step_by(2) {
                    if !pieces[at - 1].contains("_status=") {
                        pieces[at] = "";
                    }
                }
                pieces.join("\"").rsplit_once(' ').unwrap().0.to_owned()
            }
        };
        body.lines().map(blank).collect()
    }

    /// Families, their order, types, labels and the order of those are the platform's own.
    #[test]
    fn the_answers_have_the_form_of_the_platforms_samples() {
        let [cluster, integration] = bodies(&Plan { rules: 1, resources: 1, ..Plan::default() });
        assert_eq!(shape(&cluster), shape(include_str!("../../tests/data/sample-cluster.prom")));
        assert_eq!(shape(&integration), shape(include_str!("../../tests/data/sample-data-integration.prom")));
    }

    #[test]
    fn without_rules_and_resources_there_is_nothing_to_say() {
        let [cluster, integration] = bodies(&Plan { rules: 0, resources: 0, ..Plan::default() });
        assert_eq!(cluster.matches("# TYPE").count(), 123);
        assert_eq!(integration, "");
    }

    #[test]
    fn a_label_can_hold_anything() {
        let plan = Plan { deployment_id: Some("a\"b\\c\nd".to_owned()), ..Plan::default() };
        for body in bodies(&plan) {
            assert!(body.contains(r#"{deployment_id="a\"b\\c\nd",deployment_type"#), "{body}");
        }
    }

    #[test]
    fn numbers_are_written_as_the_platform_does() {
        for (value, text) in [
            (0.0, "0"),
            (999_999.0, "999999"),
            (1_000_000.0, "1e+06"),
            (1_234_567.0, "1.234567e+06"),
            (20_000_000_000.0, "2e+10"),
            (812.4, "812.4"),
        ] {
            let mut out = Vec::new();
            number(value, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }
}
