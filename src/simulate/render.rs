//! The text format, written as it is produced: nobody holds the 149 MB that 100,000 rules make.
//!
//! Families, labels and numbers stand in the order and the form in which the platform's server writes them:
//! sorted by name, then by the values of the labels in order of their names, `1e+06` for a million.

use super::integration::RuleCounts;
use super::model::Model;
use crate::deployment::catalog::{self, Entry, Group, Provenance};
use crate::text::label_value;
use std::fmt;
use std::io::{self, Write};

/// What the cluster endpoint answers.
pub(super) fn cluster(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    let value = model.cluster();
    let deployment = deployment_labels(model);
    for (name, entry) in families(|entry| !of_integration(entry)) {
        head(&name, entry, entry.kind.as_str(), out)?;
        writeln!(out, "{name}{{{deployment},platform=\"demo\"}} {}", Number(value(entry)))?;
    }
    Ok(())
}

/// What the data-integration endpoint answers: nothing at all where there is neither rule nor resource.
pub(super) fn integration(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    let deployment = deployment_labels(model);
    let resources: Vec<(&str, bool)> = model.resources().collect();
    let rules: Vec<(&str, RuleCounts)> = model.rules().collect();
    for (name, entry) in families(of_integration) {
        let columns: &[Column] = match entry.name {
            "resource_status" if resources.is_empty() => continue,
            "resource_status" => &[],
            _ if rules.is_empty() => continue,
            "rule_status" => &[("", |rule| rule.enabled.into())],
            "rule_matched_count" => &[
                (",match_status=\"exception\"", |rule| rule.exception),
                (",match_status=\"failed\"", RuleCounts::failed),
                (",match_status=\"matched\"", RuleCounts::matched),
                (",match_status=\"no_result\"", |rule| rule.no_result),
                (",match_status=\"passed\"", |rule| rule.passed),
            ],
            "rule_action_execution_count" => &[
                (",execution_status=\"failed\"", |rule| rule.failed_actions),
                (",execution_status=\"success\"", |rule| rule.success),
                (",execution_status=\"taken\"", |rule| rule.taken),
            ],
            _ => continue,
        };
        // The platform declares as a gauge what counts, too.
        head(&name, entry, "gauge", out)?;
        for (label, value) in columns {
            // The same up to the last label's value for all rules.
            let start = format!("{name}{{{deployment}{label},platform=\"demo\",rule_id=\"");
            for (id, counts) in &rules {
                writeln!(out, "{start}{id}\"}} {}", Number(value(counts)))?;
            }
        }
        if columns.is_empty() {
            for (id, connected) in &resources {
                let status = u8::from(*connected);
                writeln!(out, "{name}{{{deployment},platform=\"demo\",resource_id=\"{id}\"}} {status}")?;
            }
        }
    }
    Ok(())
}

/// A label of rules' samples as it stands between the others, and the value that goes with it.
type Column = (&'static str, fn(&RuleCounts) -> f64);

fn of_integration(entry: &Entry) -> bool {
    matches!(entry.group, Group::Rules | Group::Resources)
}

/// The families that the platform's sample answers hold, sorted by name.
fn families(wanted: fn(&Entry) -> bool) -> Vec<(String, &'static Entry)> {
    let sampled = catalog::all().filter(|entry| entry.seen.contains(&Provenance::Sample) && wanted(entry));
    let mut families: Vec<(String, &Entry)> = sampled.map(|entry| (entry.family(), entry)).collect();
    families.sort_by(|(a, _), (b, _)| a.cmp(b));
    families
}

fn deployment_labels(model: &Model) -> String {
    let id = label_value(model.deployment_id());
    format!("deployment_id=\"{id}\",deployment_type=\"dedicated\"")
}

fn head(name: &str, entry: &Entry, kind: &str, out: &mut dyn Write) -> io::Result<()> {
    let help = entry.description.replace('\\', "\\\\").replace('\n', "\\n");
    writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}")
}

/// A number of at least 0, as Go's `strconv` writes it in its shortest form: with an exponent from a million on.
struct Number(f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Number(value) = self;
        if *value < 1e6 {
            return write!(f, "{value}");
        }
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        write!(f, "{digits}e+{exponent:0>2}")
    }
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
            assert_eq!(Number(value).to_string(), text);
        }
    }
}
