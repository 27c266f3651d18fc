//! The verdict on what a view shows: `--fail-on`, `--warn-on` and `--fail-on-empty`.

use super::checks::Unit;
use super::fields::{Whole, judge_condition};
use super::judge::{CheckStatus, Finding, Health, named, quantity};
use super::{Expr, Status, Truth};
use crate::deployment::Field;

/// The conditions that make a verdict on what is shown.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    conditions: Vec<(Expr, Status)>,
    fail_on_empty: bool,
}

/// The name of the finding of `--fail-on-empty`.
pub const EMPTY: &str = "empty";

/// Records of one kind, and what they are called.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a, R> {
    /// Those that are shown; `None` where they were not received.
    pub rows: Option<&'a [R]>,
    /// `rule`, `rules`.
    pub one: &'static str,
    pub many: &'static str,
}

impl Conditions {
    /// Critical where one of `fail_on` holds or, with `fail_on_empty`, where nothing is shown; a warning where one of
    /// `warn_on` holds.
    pub fn new(fail_on: Vec<Expr>, warn_on: Vec<Expr>, fail_on_empty: bool) -> Conditions {
        let with = |severity| move |expr| (expr, severity);
        let fail_on = fail_on.into_iter().map(with(Status::Critical));
        Conditions {
            conditions: fail_on.chain(warn_on.into_iter().map(with(Status::Warning))).collect(),
            fail_on_empty,
        }
    }

    /// The fields that they are about.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.conditions.iter().map(|(expr, _)| expr.field())
    }

    /// Whether no verdict was asked for.
    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty() && !self.fail_on_empty
    }

    /// Judges rows: each condition by the worst that can be said of one of them.
    ///
    /// | rows | a row matches | of a row nothing can be said | status of the condition |
    /// | --- | --- | --- | --- |
    /// | not received | | | unknown |
    /// | none is shown | | | ok |
    /// | some | no | no | ok |
    /// | some | no | yes | unknown |
    /// | some | yes | no | its severity |
    /// | some | yes | yes | critical; unknown where its severity is a warning |
    ///
    /// `--fail-on-empty`: unknown where rows were not received, critical where none is shown, else ok.
    pub fn judge_rows<R>(
        &self,
        shown: &Shown<'_, R>,
        truth: impl Fn(&R, &Expr) -> Truth,
        name: impl Fn(&R) -> &str,
    ) -> Health {
        let findings = self.conditions.iter().map(|(expr, severity)| {
            let Some(rows) = shown.rows else {
                let message = format!("{} were not received", shown.many);
                return finding(expr, *severity, CheckStatus::Judged(Status::Unknown), None, message);
            };
            let (mut matching, mut unknown) = (Vec::new(), 0_usize);
            for row in rows {
                match truth(row, expr) {
                    Truth::True => matching.push(name(row)),
                    Truth::False => {}
                    Truth::Unknown => unknown += 1,
                }
            }
            let status = judge_truths(!matching.is_empty(), unknown > 0, *severity);
            let mut message = match rows.len() {
                0 => format!("no {} is shown", shown.one),
                all => format!("{} of {} match{}", matching.len(), count(all, shown), named(&matching)),
            };
            if unknown > 0 {
                message += &format!("; nothing can be said of {}", count(unknown, shown));
            }
            finding(expr, *severity, status, Some(matching.len() as f64), message)
        });
        Health::of(findings.chain(self.empty(shown.rows.map(<[R]>::len), shown.one, shown.many)).collect())
    }

    /// Judges a deployment as a whole; `shown` is how many metrics are shown of it, `None` where none were received.
    pub fn judge_whole(&self, whole: &Whole<'_>, shown: Option<usize>) -> Health {
        let findings = self.conditions.iter().map(|(expr, severity)| {
            let unit = if expr.needs_rates() { Unit::PerSecond } else { Unit::Count };
            let subject = expr.subject();
            let (value, message) = match whole.value(expr) {
                Field::Number(value) => (Some(value), format!("{subject} is {}", quantity(value, unit))),
                Field::Text(text) => (None, format!("{subject} is {text}")),
                Field::Missing => (None, format!("{subject} was not received")),
            };
            let status = judge_condition(whole.truth(expr), *severity);
            Finding { unit, ..finding(expr, *severity, status, value, message) }
        });
        Health::of(findings.chain(self.empty(shown, "metric", "metrics")).collect())
    }

    fn empty(&self, shown: Option<usize>, one: &str, many: &str) -> Option<Finding> {
        let (status, message) = match shown {
            None => (Status::Unknown, format!("{many} were not received")),
            Some(0) => (Status::Critical, format!("no {one} is shown")),
            Some(1) => (Status::Ok, format!("1 {one} is shown")),
            Some(count) => (Status::Ok, format!("{count} {many} are shown")),
        };
        self.fail_on_empty.then(|| Finding {
            name: EMPTY.to_owned(),
            status: CheckStatus::Judged(status),
            value: shown.map(|count| count as f64),
            unit: Unit::Count,
            warning: None,
            critical: None,
            condition: format!("critical when no {one} is shown"),
            message,
            advice: None,
        })
    }
}

/// The last four rows of the table.
fn judge_truths(matches: bool, unknown: bool, severity: Status) -> CheckStatus {
    let matches = if matches { severity } else { Status::Ok };
    let unknown = if unknown { Status::Unknown } else { Status::Ok };
    CheckStatus::Judged(matches.max(unknown))
}

fn count<R>(count: usize, shown: &Shown<'_, R>) -> String {
    format!("{count} {}", if count == 1 { shown.one } else { shown.many })
}

fn finding(expr: &Expr, severity: Status, status: CheckStatus, value: Option<f64>, message: String) -> Finding {
    Finding {
        name: expr.text().to_owned(),
        status,
        value,
        unit: Unit::Count,
        warning: None,
        critical: None,
        condition: format!("{} when {expr}", severity.word()),
        message,
        advice: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::{PerCount, Rule, RuleCount, Snapshot};

    fn conditions(fail_on: &[&str], warn_on: &[&str], fail_on_empty: bool) -> Conditions {
        let read = |texts: &[&str]| texts.iter().map(|text| Expr::parse(text).unwrap()).collect();
        Conditions::new(read(fail_on), read(warn_on), fail_on_empty)
    }

    fn rules(failed: &[Option<f64>]) -> Vec<Rule> {
        let rule = |(index, failed): (usize, &Option<f64>)| Rule {
            rule_id: format!("r{index}"),
            counts: PerCount::from_fn(|count| failed.filter(|_| count == RuleCount::Failed)),
            ..Rule::default()
        };
        failed.iter().enumerate().map(rule).collect()
    }

    fn judge(conditions: &Conditions, rows: Option<&[Rule]>) -> Health {
        let shown = Shown { rows, one: "rule", many: "rules" };
        conditions.judge_rows(&shown, |rule, expr| expr.evaluate(rule), |rule| &rule.rule_id)
    }

    #[test]
    fn every_row_of_the_table() {
        use Status::*;
        let (yes, no, unknown) = (Some(5.0), Some(0.0), None);
        for (rows, fail, warn, empty) in [
            (None, Unknown, Unknown, Unknown),
            (Some(vec![]), Ok, Ok, Critical),
            (Some(vec![no]), Ok, Ok, Ok),
            (Some(vec![no, unknown]), Unknown, Unknown, Ok),
            (Some(vec![no, yes]), Critical, Warning, Ok),
            (Some(vec![yes, unknown]), Critical, Unknown, Ok),
        ] {
            let rows = rows.map(|failed| rules(&failed));
            let status = |conditions| judge(&conditions, rows.as_deref()).status;
            assert_eq!(status(conditions(&["failed > 0"], &[], false)), fail, "{rows:?}");
            assert_eq!(status(conditions(&[], &["failed > 0"], false)), warn, "{rows:?}");
            assert_eq!(status(conditions(&[], &[], true)), empty, "{rows:?}");
        }
    }

    #[test]
    fn the_worst_condition_counts_and_each_is_told() {
        let rows = rules(&[Some(1.0), Some(9.0), None, Some(0.0), Some(2.0), Some(3.0), Some(4.0)]);
        let health = judge(&conditions(&["failed > 8"], &["failed > 0"], true), Some(&rows));
        assert_eq!(health.status, Status::Critical);
        let told: Vec<String> =
            health.findings.iter().map(|f| format!("{} {}: {}", f.status.word(), f.name, f.message)).collect();
        assert_eq!(
            told,
            [
                "critical failed > 8: 1 of 7 rules match: r1; nothing can be said of 1 rule",
                "unknown failed > 0: 5 of 7 rules match: r0, r1, r4 and 2 more; nothing can be said of 1 rule",
                "ok empty: 7 rules are shown",
            ]
        );
        assert!(conditions(&[], &[], false).is_empty());
    }

    #[test]
    fn a_deployment_is_judged_as_a_whole() {
        let snapshot = Snapshot { metrics: Some([("messages_dropped".to_owned(), 3.0)].into()), ..Snapshot::default() };
        let whole = Whole { snapshot: &snapshot, rates: None, verdict: None };
        let judge = |fail_on: &str| {
            let health = conditions(&[fail_on], &[], false).judge_whole(&whole, Some(1));
            format!("{}: {}", health.status.word(), health.findings[0].message)
        };
        assert_eq!(judge("metrics.messages_dropped > 2"), "critical: metrics.messages_dropped is 3");
        assert_eq!(judge("metrics.messages_dropped > 3"), "ok: metrics.messages_dropped is 3");
        assert_eq!(judge("metrics.messages_sent > 3"), "unknown: metrics.messages_sent was not received");
        assert_eq!(
            judge("rate(metrics.messages_dropped) > 3"),
            "unknown: rate(metrics.messages_dropped) was not received"
        );
        assert_eq!(conditions(&[], &[], true).judge_whole(&whole, Some(0)).status, Status::Critical);
    }
}
