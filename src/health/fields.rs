//! The fields of a whole deployment, as expressions ask for them: those of its snapshot, their rates, and `healthy`.

use super::{CheckStatus, Expr, ExprError, Status, Truth};
use crate::deployment::{Absence, Field, FieldKind, Rates, Record, Snapshot, has_rate};

/// The field that holds `true` where the verdict is ok, else `false`; missing where nothing could be judged.
pub const HEALTHY: &str = "healthy";

/// A deployment as expressions see it.
#[derive(Debug, Clone, Copy)]
pub struct DeploymentRecord<'a> {
    pub snapshot: &'a Snapshot,
    /// How it changed; without, whatever is about a rate is unknown.
    pub rates: Option<&'a Rates>,
    /// The verdict; `None` inside of checks, which make it.
    pub verdict: Option<Status>,
}

impl Record for DeploymentRecord<'_> {
    fn field(&self, name: &str) -> Option<Field<'_>> {
        if name != HEALTHY {
            return self.snapshot.field(name);
        }
        Some(match self.verdict {
            None | Some(Status::Unknown) => Field::Missing,
            Some(Status::Ok) => Field::text("true"),
            Some(Status::Warning | Status::Critical) => Field::text("false"),
        })
    }
}

impl DeploymentRecord<'_> {
    /// What the expression's field holds, or its rate. Unlike its own [`Record::field`] this never is `None`: what no
    /// snapshot has is missing.
    pub fn value(&self, expr: &Expr) -> Field<'_> {
        if expr.needs_rates() {
            return self.rates.and_then(|rates| rates.of_field(expr.field())).into();
        }
        self.field(expr.field()).unwrap_or(Field::Missing)
    }

    /// What can be said of the expression.
    pub fn truth(&self, expr: &Expr) -> Truth {
        match self.value(expr) {
            Field::Number(value) if expr.needs_rates() => expr.compare(value),
            _ => expr.evaluate(self),
        }
    }
}

/// Reads an expression over a whole deployment and checks it against the fields that there are.
///
/// # Errors
/// It is none, is about no field, or about the rate of what does not grow.
pub fn deployment_expr(text: &str) -> Result<Expr, ExprError> {
    let expr = Expr::parse(text)?;
    if expr.field() == HEALTHY {
        let reason = "a check is part of the verdict and cannot ask for it".to_owned();
        return Err(ExprError::mismatch(expr.text(), reason, "ask for a field, such as resources.down"));
    }
    check_fields(expr, false)
}

/// The same where the verdict is known: `healthy` is a field too, and alone an expression.
///
/// # Errors
/// As [`deployment_expr`].
pub fn verdict_expr(text: &str) -> Result<Expr, ExprError> {
    let is_word = text.trim() == HEALTHY;
    let expr = if is_word { Expr::parse("healthy == true")?.written_as(text) } else { Expr::parse(text)? };
    check_fields(expr, true)
}

fn check_fields(expr: Expr, with_healthy: bool) -> Result<Expr, ExprError> {
    let kind_of = |name: &str| match name {
        HEALTHY if with_healthy => Some(FieldKind::Word(&["true", "false"])),
        name => Snapshot::field_kind(name),
    };
    expr.check(kind_of, || Snapshot::field_names().chain(with_healthy.then(|| HEALTHY.to_owned())).collect())?;
    if expr.needs_rates() && !has_rate(expr.field()) {
        return Err(ExprError::no_rate(expr.text(), expr.field()));
    }
    Ok(expr)
}

/// The first of these conditions that is about a metric which no catalog knows and none of the snapshots received: a slip. `None`
/// also where not every snapshot tells of the cluster, so that it may yet come.
pub fn slip<'a>(
    conditions: impl IntoIterator<Item = &'a Expr>,
    snapshots: impl IntoIterator<Item = &'a Snapshot, IntoIter: Clone>,
) -> Option<ExprError> {
    let snapshots = snapshots.into_iter();
    if snapshots.clone().next().is_none() || snapshots.clone().any(|snapshot| snapshot.metrics.is_none()) {
        return None;
    }
    let is_slip = |condition: &&Expr| {
        let name = condition.field();
        Snapshot::is_uncatalogued(name)
            && snapshots.clone().all(|one| one.absence(name) == Absence::NotReceived && one.field(name).is_none())
    };
    let slip = conditions.into_iter().find(is_slip)?;
    let received =
        snapshots.clone().flat_map(|one| one.metrics.iter().flat_map(|all| all.keys().map(ToString::to_string)));
    slip.check(|_| None, || Snapshot::field_names().chain(received).collect()).err()
}

/// What a condition that means trouble says of the status: `severity` where it holds.
///
/// | the condition | status |
/// | --- | --- |
/// | holds | its severity |
/// | does not hold | ok |
/// | is about what was not received | unknown |
pub(super) fn judge_condition(truth: Truth, severity: Status) -> CheckStatus {
    CheckStatus::Judged(match truth {
        Truth::True => severity,
        Truth::False => Status::Ok,
        Truth::Unknown => Status::Unknown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::catalog::Scope;
    use crate::deployment::{Endpoint, MetricKey, PerEndpoint};
    use std::time::Duration;

    fn snapshot(dropped: f64) -> Snapshot {
        let metrics = [(MetricKey::field(Scope::Metrics, "messages_dropped"), dropped)].into();
        Snapshot { metrics: Some(metrics), ..Snapshot::default() }
    }

    #[test]
    fn fields_rates_and_the_verdict() {
        let (before, after) = (snapshot(0.0), snapshot(30.0));
        let of_cluster = |endpoint| (endpoint == Endpoint::Cluster).then_some(Duration::from_secs(10));
        let elapsed = PerEndpoint::from_fn(of_cluster);
        let rates = Rates::between(&before, &after, elapsed);
        let truth = |text: &str, rates: Option<&Rates>, verdict| {
            let expr = verdict_expr(text).unwrap_or_else(|error| panic!("{error}"));
            DeploymentRecord { snapshot: &after, rates, verdict }.truth(&expr)
        };
        for (text, with_rates, verdict, expected) in [
            ("metrics.messages_dropped == 30", false, None, Truth::True),
            ("metrics.messages_sent > 0", false, None, Truth::Unknown),
            ("resources.down == 0", false, None, Truth::Unknown),
            ("rate(metrics.messages_dropped) > 2", true, None, Truth::True),
            ("rate(metrics.messages_dropped) > 3", true, None, Truth::False),
            ("rate(metrics.messages_dropped) > 2", false, None, Truth::Unknown),
            ("rate(metrics.messages_sent) > 2", true, None, Truth::Unknown),
            ("rate(rules.failed) > 2", true, None, Truth::Unknown),
            ("healthy", true, Some(Status::Ok), Truth::True),
            ("healthy", true, Some(Status::Warning), Truth::False),
            ("healthy == false", true, Some(Status::Critical), Truth::True),
            ("healthy", true, Some(Status::Unknown), Truth::Unknown),
            ("healthy", true, None, Truth::Unknown),
        ] {
            assert_eq!(truth(text, with_rates.then_some(&rates), verdict), expected, "{text} {verdict:?}");
        }
    }

    #[test]
    fn what_cannot_be_asked_is_refused() {
        type Read = fn(&str) -> Result<Expr, ExprError>;
        let cases: [(&str, Read, &str); 5] = [
            (
                "healthy == true",
                deployment_expr,
                "'healthy == true': a check is part of the verdict and cannot ask for it",
            ),
            (
                "rate(metrics.connections_count) > 1",
                deployment_expr,
                "'rate(metrics.connections_count) > 1': metrics.connections_count does not only grow and has no rate",
            ),
            (
                "rate(resources.down) > 1",
                deployment_expr,
                "'rate(resources.down) > 1': resources.down does not only grow and has no rate",
            ),
            (
                "cluster.rule_status > 1",
                deployment_expr,
                "'cluster.rule_status > 1': there is no field 'cluster.rule_status'",
            ),
            ("healthy > 1", verdict_expr, "'healthy > 1': healthy is text, and '>' compares numbers"),
        ];
        for (text, read, message) in cases {
            let error = read(text).unwrap_err();
            assert_eq!(error.to_string(), message);
            assert!(error.hint().is_some(), "{text}");
        }
    }

    #[test]
    fn a_condition_is_judged_by_its_row_of_the_table() {
        for (truth, status) in
            [(Truth::True, Status::Warning), (Truth::False, Status::Ok), (Truth::Unknown, Status::Unknown)]
        {
            assert_eq!(judge_condition(truth, Status::Warning), CheckStatus::Judged(status));
        }
    }
}
