//! Conditions that mean trouble: the own checks of a profile; `--fail-on`, `--warn-on` and `--fail-on-empty`.

use super::checks::{CheckUnit, find};
use super::fields::{DeploymentRecord, deployment_expr, judge_condition};
use super::judge::{CheckStatus, Finding, Health, NOT_RECEIVED, found, named};
use super::measure::{Measurement, NoRates, Observation};
use super::{Expr, Status, Truth};
use crate::deployment::{Absence, Field};
use crate::profile::{self, Severity};

/// Trouble where it holds.
#[derive(Debug, Clone)]
pub struct Condition {
    /// What its finding is called.
    pub name: String,
    pub when: Expr,
    /// [`Status::Warning`] or [`Status::Critical`].
    severity: Status,
}

impl Condition {
    /// A profile's own check.
    ///
    /// # Errors
    /// Its condition is none over a deployment, or its name is taken.
    pub fn of_profile(check: &profile::ProfileCheck) -> Result<Condition, profile::Error> {
        let profile::ProfileCheck { name, when, severity } = check;
        if find(&name.value).is_some() {
            let message = format!("'{}' is the name of a check that every deployment gets", name.value);
            return Err(name.refuse("checks.name", message, Some("choose another name".to_owned())));
        }
        let severity = match severity {
            Severity::Warning => Status::Warning,
            Severity::Critical => Status::Critical,
        };
        match deployment_expr(&when.value) {
            Ok(when) => Ok(Condition { name: name.value.clone(), when, severity }),
            Err(error) => Err(when.refuse("checks.when", &error, error.hint())),
        }
    }

    /// Judges it as a check.
    ///
    /// | the condition | status |
    /// | --- | --- |
    /// | is about a rate, and this run looks once | skipped |
    /// | otherwise | as [`judge_condition`] says |
    pub(super) fn judge(&self, observation: &Observation<'_>) -> Finding {
        if let (true, Err(NoRates::OneSnapshot(why))) = (self.when.needs_rates(), observation.rates) {
            return self.finding(CheckStatus::Skipped, None, why.to_owned());
        }
        let record = DeploymentRecord { snapshot: observation.snapshot, rates: observation.rates.ok(), verdict: None };
        let finding = self.judge_record(&record);
        let subject = self.when.subject();
        let message = match record.value(&self.when) {
            Field::Number(value) if value.is_nan() => format!("{subject} is no number ({value})"),
            Field::Missing => match observation.absent(&subject, self.when.field()) {
                Measurement::Skipped(why) => return self.finding(CheckStatus::Skipped, None, why),
                Measurement::Missing(why) => why,
                _ => finding.message,
            },
            Field::Number(_) | Field::Text(_) => finding.message,
        };
        let advice = (finding.status == CheckStatus::Judged(Status::Unknown)).then_some(NOT_RECEIVED.into());
        Finding { details: message.clone(), message, advice, ..finding }
    }

    fn judge_record(&self, record: &DeploymentRecord<'_>) -> Finding {
        let field = record.value(&self.when);
        let value = if let Field::Number(value) = field { Some(value) } else { None };
        let status = judge_condition(record.truth(&self.when), self.severity);
        let unit = CheckUnit::of_condition(&self.when);
        let message = match (&field, record.snapshot.absence(self.when.field())) {
            (Field::Missing, Absence::NotUnderstood(why)) => why,
            _ => found(&self.when, &field),
        };
        Finding { unit, ..self.finding(status, value, message) }
    }

    fn finding(&self, status: CheckStatus, value: Option<f64>, message: String) -> Finding {
        Finding {
            name: self.name.clone(),
            status,
            value,
            unit: CheckUnit::Count,
            share: None,
            warning: None,
            critical: None,
            condition: format!("{} when {}", self.severity.word(), self.when),
            message,
            details: String::new(),
            total: None,
            advice: None,
            muted_until: None,
            own_field: Some(self.when.field().to_owned()),
        }
    }
}

/// The conditions that make a verdict on what a view shows.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    conditions: Vec<Condition>,
    fail_on_empty: bool,
}

impl Conditions {
    /// Critical where one of `fail_on` holds or, with `fail_on_empty`, where nothing is shown; a warning where one of
    /// `warn_on` holds.
    pub fn new(fail_on: Vec<Expr>, warn_on: Vec<Expr>, fail_on_empty: bool) -> Conditions {
        let with = |severity| move |when: Expr| Condition { name: when.text().to_owned(), when, severity };
        let fail_on = fail_on.into_iter().map(with(Status::Critical));
        Conditions {
            conditions: fail_on.chain(warn_on.into_iter().map(with(Status::Warning))).collect(),
            fail_on_empty,
        }
    }

    /// What each of them says.
    pub fn all(&self) -> impl Iterator<Item = &Expr> {
        self.conditions.iter().map(|condition| &condition.when)
    }

    /// Whether no verdict was asked for.
    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty() && !self.fail_on_empty
    }

    /// Judges `rows`, which are `None` where they were not received: each condition by the worst that can be said of one of
    /// them. `noun` is what one of them is called and what several are: `rule`, `rules`.
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
        rows: Option<&[R]>,
        unread: u64,
        noun: [&str; 2],
        truth: impl Fn(&R, &Expr) -> Truth,
        name: impl Fn(&R) -> &str,
    ) -> Health {
        let [one, many] = noun;
        let findings = self.conditions.iter().map(|condition| {
            let Some(rows) = rows else {
                let message = format!("{many} were not received");
                return condition.finding(CheckStatus::Judged(Status::Unknown), None, message);
            };
            let (mut matching, mut unknown) = (Vec::new(), 0_usize);
            let not_understood = usize::try_from(unread).unwrap_or(usize::MAX);
            for row in rows {
                match truth(row, &condition.when) {
                    Truth::True => matching.push(name(row)),
                    Truth::False => {}
                    Truth::Unknown => unknown += 1,
                }
            }
            let status = judge_truths(!matching.is_empty(), unknown + not_understood > 0, condition.severity);
            let mut message = match rows.len() {
                0 => format!("no {one} is shown"),
                all => format!("{} of {} match{}", matching.len(), count(all, noun), named(&matching)),
            };
            if unknown > 0 {
                message += &format!("; nothing can be said of {}", count(unknown, noun));
            }
            if not_understood > 0 {
                message += &format!("; {} not understood", count(not_understood, ["sample was", "samples were"]));
            }
            condition.finding(status, Some(matching.len() as f64), message)
        });
        Health::of(findings.chain(self.empty(rows.map(<[R]>::len), noun)).collect())
    }

    /// Judges a whole deployment; `shown` is how many metrics are shown of it, `None` where none were received.
    pub fn judge_deployment(&self, record: &DeploymentRecord<'_>, shown: Option<usize>) -> Health {
        let findings = self.conditions.iter().map(|condition| condition.judge_record(record));
        Health::of(findings.chain(self.empty(shown, ["metric", "metrics"])).collect())
    }

    fn empty(&self, shown: Option<usize>, [one, many]: [&str; 2]) -> Option<Finding> {
        let (status, message) = match shown {
            None => (Status::Unknown, format!("{many} were not received")),
            Some(0) => (Status::Critical, format!("no {one} is shown")),
            Some(1) => (Status::Ok, format!("1 {one} is shown")),
            Some(count) => (Status::Ok, format!("{count} {many} are shown")),
        };
        self.fail_on_empty.then(|| Finding {
            name: "empty".to_owned(),
            status: CheckStatus::Judged(status),
            value: shown.map(|count| count as f64),
            unit: CheckUnit::Count,
            share: None,
            warning: None,
            critical: None,
            condition: format!("critical when no {one} is shown"),
            message,
            details: String::new(),
            total: None,
            advice: None,
            muted_until: None,
            own_field: None,
        })
    }
}

/// The last four rows of the table.
fn judge_truths(matches: bool, unknown: bool, severity: Status) -> CheckStatus {
    let matches = if matches { severity } else { Status::Ok };
    let unknown = if unknown { Status::Unknown } else { Status::Ok };
    CheckStatus::Judged(matches.max(unknown))
}

fn count(count: usize, [one, many]: [&str; 2]) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::catalog::Scope;
    use crate::deployment::{MetricKey, Snapshot};

    fn conditions(fail_on: &[&str], warn_on: &[&str], fail_on_empty: bool) -> Conditions {
        let read = |texts: &[&str]| texts.iter().map(|text| Expr::parse(text).unwrap()).collect();
        Conditions::new(read(fail_on), read(warn_on), fail_on_empty)
    }

    /// Rules, and what each says of its field `failed`.
    fn rules(failed: &[Option<f64>]) -> Vec<(String, Option<f64>)> {
        failed.iter().enumerate().map(|(index, failed)| (format!("r{index}"), *failed)).collect()
    }

    fn judge(conditions: &Conditions, rows: Option<&[(String, Option<f64>)]>) -> Health {
        let truth = |(_, failed): &(_, Option<f64>), expr: &Expr| failed.map_or(Truth::Unknown, |n| expr.compare(n));
        conditions.judge_rows(rows, 0, ["rule", "rules"], truth, |(name, _)| name)
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
        let snapshot = Snapshot {
            metrics: Some([(MetricKey::field(Scope::Metrics, "messages_dropped"), 3.0)].into()),
            ..Snapshot::default()
        };
        let record = DeploymentRecord { snapshot: &snapshot, rates: None, verdict: None };
        let judge = |fail_on: &str| {
            let health = conditions(&[fail_on], &[], false).judge_deployment(&record, Some(1));
            format!("{}: {}", health.status.word(), health.findings[0].message)
        };
        assert_eq!(judge("metrics.messages_dropped > 2"), "critical: metrics.messages_dropped is 3");
        assert_eq!(judge("metrics.messages_dropped > 3"), "ok: metrics.messages_dropped is 3");
        assert_eq!(judge("metrics.messages_sent > 3"), "unknown: metrics.messages_sent was not received");
        assert_eq!(
            judge("rate(metrics.messages_dropped) > 3"),
            "unknown: rate(metrics.messages_dropped) was not received"
        );
        assert_eq!(conditions(&[], &[], true).judge_deployment(&record, Some(0)).status, Status::Critical);
    }
}
