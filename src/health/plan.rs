//! Which checks are made, and with what thresholds.

use super::checks::{CHECKS, Check, Unit, endpoint_of};
use super::fields::{Place, Whole, deployment_expr, judge_condition};
use super::judge::{CheckStatus, Finding, Health, Limits, NOT_RECEIVED, find_out, quantity};
use super::measure::{Asked, Change, Observation};
use super::{Expr, ExprError, Range, Status, Truth};
use crate::deployment::Endpoint;
use crate::deployment::Field;
use crate::names;
use std::collections::BTreeMap;

/// A check of the user's own: trouble where its condition holds.
#[derive(Debug, Clone)]
pub struct OwnCheck {
    pub name: String,
    when: Expr,
    /// [`Status::Warning`] or [`Status::Critical`].
    severity: Status,
}

impl OwnCheck {
    /// Trouble of that severity where the condition `when` holds.
    ///
    /// # Errors
    /// `when` is no condition over a deployment.
    pub fn new(name: &str, when: &str, severity: Status) -> Result<OwnCheck, ExprError> {
        Ok(OwnCheck { name: name.to_owned(), when: deployment_expr(when, Place::Check)?, severity })
    }

    /// Judges it.
    ///
    /// | the condition | status |
    /// | --- | --- |
    /// | is about a rate, and this run looks once | skipped |
    /// | otherwise | as [`judge_condition`] says |
    fn judge(&self, observation: &Observation<'_>) -> Finding {
        let whole = Whole { snapshot: observation.snapshot, rates: observation.rates(), verdict: None };
        let (value, truth) = (whole.value(&self.when), whole.truth(&self.when));
        let unit = if self.when.needs_rates() { Unit::PerSecond } else { Unit::Count };
        let (status, message) = match (self.when.needs_rates(), observation.change) {
            (true, Change::NotLooked(why)) => (CheckStatus::Skipped, why.to_owned()),
            _ => (judge_condition(truth, self.severity), self.said(&value, truth, unit, observation)),
        };
        Finding {
            name: self.name.clone(),
            status,
            value: if let Field::Number(value) = value { Some(value) } else { None },
            unit,
            warning: None,
            critical: None,
            condition: format!("{} when {}", self.severity.word(), self.when),
            message,
            advice: (status == CheckStatus::Judged(Status::Unknown)).then_some(NOT_RECEIVED),
        }
    }

    fn said(&self, value: &Field<'_>, truth: Truth, unit: Unit, observation: &Observation<'_>) -> String {
        let subject = self.when.subject();
        match value {
            Field::Number(value) if truth == Truth::Unknown => format!("{subject} is no number ({value})"),
            Field::Number(value) => format!("{subject} is {}", quantity(*value, unit)),
            Field::Text(text) => format!("{subject} is {text}"),
            Field::Missing => match observation.asked(endpoint_of(self.when.field())) {
                Asked::Failed(_) => format!("{subject} was not received: its endpoint could not be asked"),
                Asked::Answered(_) | Asked::No => format!("{subject} was not received"),
            },
        }
    }
}

/// Which checks are made, with what thresholds, and what a failure to ask counts as.
#[derive(Debug, Clone)]
pub struct Plan {
    only: Vec<String>,
    skip: Vec<String>,
    warning: BTreeMap<String, Range>,
    critical: BTreeMap<String, Range>,
    pub on_error: Status,
}

/// What was asked for cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("there is no check '{}'", crate::text::visible(name))]
    Unknown { name: String, near: Vec<String> },
    #[error("the check '{}' has its condition in the profile, and no threshold", crate::text::visible(name))]
    Own { name: String },
    #[error("{option} sets '{name}' twice")]
    Twice { option: &'static str, name: String },
    #[error("{option} {name}: a share is at most 1, and {text} is more")]
    ShareAboveOne { option: &'static str, name: String, text: String },
}

impl PlanError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            PlanError::Unknown { near, .. } if near.is_empty() => {
                let known: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
                Some(format!("the checks are {}", known.join(", ")))
            }
            PlanError::Unknown { near, .. } => Some(format!("did you mean {}?", near.join(" or "))),
            PlanError::Own { .. } => Some("change its 'when' in the profile file".to_owned()),
            PlanError::Twice { .. } => None,
            PlanError::ShareAboveOne { .. } => Some("write 5% or 0.05".to_owned()),
        }
    }
}

/// What the user said about checks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wishes<'a> {
    pub only: &'a [String],
    pub skip: &'a [String],
    pub warning: &'a [(String, Range)],
    pub critical: &'a [(String, Range)],
}

impl Plan {
    /// Checks what the user said against the checks that there are: the default ones and `own`, those of the profiles.
    ///
    /// # Errors
    /// A name of no check, a threshold that can do nothing.
    pub fn new(wishes: &Wishes<'_>, own: &[&str], on_error: Status) -> Result<Plan, PlanError> {
        for name in wishes.only.iter().chain(wishes.skip) {
            known(name, own)?;
        }
        Ok(Plan {
            only: wishes.only.to_vec(),
            skip: wishes.skip.to_vec(),
            warning: thresholds("--warning", wishes.warning, own)?,
            critical: thresholds("--critical", wishes.critical, own)?,
            on_error,
        })
    }

    /// Every default check, with its own thresholds.
    pub fn default_checks() -> Plan {
        Plan {
            only: Vec::new(),
            skip: Vec::new(),
            warning: BTreeMap::new(),
            critical: BTreeMap::new(),
            on_error: Status::Unknown,
        }
    }

    /// Whether the check of that name is made.
    pub fn wants(&self, name: &str) -> bool {
        let has = |names: &[String]| names.iter().any(|own| own == name);
        (self.only.is_empty() || has(&self.only)) && !has(&self.skip)
    }

    /// Whether one of the wanted checks judges change.
    pub fn needs_window(&self, own: &[OwnCheck]) -> bool {
        self.checks().any(Check::needs_window) || self.own(own).any(|check| check.when.needs_rates())
    }

    /// The endpoints that the wanted checks speak of; both where none of them speaks of any.
    pub fn endpoints(&self, own: &[OwnCheck]) -> Vec<Endpoint> {
        let both = Endpoint::ALL;
        let needed = |endpoint: &Endpoint| {
            let by_own = self.own(own).any(|check| endpoint_of(check.when.field()) == *endpoint);
            by_own || self.checks().any(|check| check.needs(*endpoint))
        };
        let needed: Vec<Endpoint> = both.into_iter().filter(needed).collect();
        if needed.is_empty() { both.to_vec() } else { needed }
    }

    /// Makes every wanted check.
    pub fn judge(&self, observation: &Observation<'_>, own: &[OwnCheck]) -> Health {
        let defaults = self.checks().map(|check| find_out(check, observation, &self.limits(check, observation)));
        let health = Health::of(defaults.chain(self.own(own).map(|check| check.judge(observation))).collect());
        // Also where the check of that endpoint is not wanted: what others need of it is not there.
        let failed = [observation.cluster, observation.data_integration].iter().any(|a| matches!(a, Asked::Failed(_)));
        if failed { health.at_best(self.on_error) } else { health }
    }

    fn checks(&self) -> impl Iterator<Item = &'static Check> {
        CHECKS.iter().filter(|check| self.wants(check.name))
    }

    fn own<'a>(&'a self, own: &'a [OwnCheck]) -> impl Iterator<Item = &'a OwnCheck> {
        own.iter().filter(|check| self.wants(&check.name))
    }

    fn limits(&self, check: &Check, observation: &Observation<'_>) -> Limits {
        let range = |set: &BTreeMap<String, Range>, default: super::Threshold| {
            set.get(check.name).copied().or_else(|| default.range(observation.min_nodes))
        };
        Limits {
            warning: range(&self.warning, check.warning),
            critical: range(&self.critical, check.critical),
            on_error: self.on_error,
        }
    }
}

fn known(name: &str, own: &[&str]) -> Result<(), PlanError> {
    let all = || CHECKS.iter().map(|check| check.name).chain(own.iter().copied());
    if all().any(|known| known == name) {
        return Ok(());
    }
    let near = names::closest(name, all()).into_iter().map(str::to_owned).collect();
    Err(PlanError::Unknown { name: name.to_owned(), near })
}

fn thresholds(
    option: &'static str,
    set: &[(String, Range)],
    own: &[&str],
) -> Result<BTreeMap<String, Range>, PlanError> {
    let mut ranges = BTreeMap::new();
    for (name, range) in set {
        known(name, own)?;
        let name = name.clone();
        let Some(check) = super::checks::find(&name) else { return Err(PlanError::Own { name }) };
        if check.unit == Unit::Share && range.ends().any(|end| end > 1.0) {
            return Err(PlanError::ShareAboveOne { option, name, text: range.to_string() });
        }
        if ranges.insert(name.clone(), *range).is_some() {
            return Err(PlanError::Twice { option, name });
        }
    }
    Ok(ranges)
}

#[cfg(test)]
mod tests {
    use super::super::measure::tests::{observed, rates, snapshot};
    use super::*;

    fn names(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn set(pairs: &[(&str, &str)]) -> Vec<(String, Range)> {
        pairs.iter().map(|(name, range)| ((*name).to_owned(), range.parse().unwrap())).collect()
    }

    fn plan(only: &[&str], skip: &[&str], critical: &[(&str, &str)]) -> Result<Plan, PlanError> {
        let (only, skip, critical) = (names(only), names(skip), set(critical));
        let wishes = Wishes { only: &only, skip: &skip, warning: &[], critical: &critical };
        Plan::new(&wishes, &["delivery drops"], Status::Unknown)
    }

    fn own(when: &str) -> OwnCheck {
        OwnCheck::new("delivery drops", when, Status::Critical).unwrap()
    }

    #[test]
    fn only_and_skip_choose_checks_and_with_them_what_is_asked() {
        let all = plan(&[], &[], &[]).unwrap();
        assert!(all.needs_window(&[]));
        assert_eq!(all.endpoints(&[]).len(), 2);
        let nodes = plan(&["nodes_stopped", "age"], &[], &[]).unwrap();
        assert!(!nodes.needs_window(&[own("rate(rules.failed) > 1")]), "that one is not wanted");
        assert_eq!(nodes.endpoints(&[]), [Endpoint::Cluster]);
        assert_eq!(plan(&["age"], &[], &[]).unwrap().endpoints(&[]).len(), 2);
        let own_only = plan(&["delivery drops"], &[], &[]).unwrap();
        assert!(own_only.needs_window(&[own("rate(rules.failed) > 1")]));
        assert_eq!(own_only.endpoints(&[own("rate(rules.failed) > 1")]), [Endpoint::DataIntegration]);
        assert!(!plan(&[], &["age"], &[]).unwrap().wants("age"));
    }

    #[test]
    fn slips_are_refused() {
        for (result, message, hint) in [
            (plan(&["node_stopped"], &[], &[]), "there is no check 'node_stopped'", "did you mean nodes_stopped?"),
            (plan(&[], &["delivery_drops"], &[]), "there is no check 'delivery_drops'", "did you mean delivery drops?"),
            (
                plan(&[], &[], &[("delivery drops", "1")]),
                "the check 'delivery drops' has its condition in the profile, and no threshold",
                "change its 'when' in the profile file",
            ),
            (plan(&[], &[], &[("age", "1"), ("age", "2")]), "--critical sets 'age' twice", ""),
            (
                plan(&[], &[], &[("signin_failure_share", "5")]),
                "--critical signin_failure_share: a share is at most 1, and 5 is more",
                "write 5% or 0.05",
            ),
        ] {
            let error = result.unwrap_err();
            assert_eq!((error.to_string().as_str(), error.hint().unwrap_or_default().as_str()), (message, hint));
        }
        assert!(plan(&["zzz"], &[], &[]).unwrap_err().hint().unwrap().starts_with("the checks are nodes_stopped, "));
    }

    #[test]
    fn thresholds_of_the_user_take_the_place_of_the_row_s() {
        let snapshot = snapshot(&[("cluster_nodes_stopped", 2.0), ("cluster_nodes_running", 2.0)], &[]);
        let mut observation = observed(&snapshot, Change::NotLooked("one look"));
        let status = |plan: &Plan, observation: &Observation<'_>| plan.judge(observation, &[]).status;
        let stopped = |critical: &[(&str, &str)]| plan(&["nodes_stopped"], &[], critical).unwrap();
        assert_eq!(status(&stopped(&[]), &observation), Status::Critical);
        assert_eq!(status(&stopped(&[("nodes_stopped", "2")]), &observation), Status::Ok);
        let running = plan(&["nodes_running"], &[], &[]).unwrap();
        assert_eq!(status(&running, &observation), Status::Ok);
        observation.min_nodes = 3;
        assert_eq!(status(&running, &observation), Status::Critical);
    }

    #[test]
    fn own_checks_are_judged_by_their_condition() {
        let (before, after) =
            (snapshot(&[("delivery_dropped", 0.0)], &[]), snapshot(&[("delivery_dropped", 50.0)], &[]));
        let rates = rates(&before, &after);
        let plan = plan(&["delivery drops"], &[], &[]).unwrap();
        let judged = |when: &str, change| {
            let health = plan.judge(&observed(&after, change), &[own(when)]);
            let finding = health.findings.into_iter().next().unwrap();
            format!("{}: {}", finding.status.word(), finding.message)
        };
        let seen = Change::Seen(&rates);
        for (when, change, expected) in [
            ("rate(metrics.delivery_dropped) > 4", seen, "critical: rate(metrics.delivery_dropped) is 5/s"),
            ("rate(metrics.delivery_dropped) > 5", seen, "ok: rate(metrics.delivery_dropped) is 5/s"),
            ("metrics.delivery_dropped > 5", seen, "critical: metrics.delivery_dropped is 50"),
            ("metrics.messages_sent > 5", seen, "unknown: metrics.messages_sent was not received"),
            (
                "rate(metrics.delivery_dropped) > 4",
                Change::Lost,
                "unknown: rate(metrics.delivery_dropped) was not received",
            ),
            ("rate(metrics.delivery_dropped) > 4", Change::NotLooked("one look"), "skipped: one look"),
        ] {
            assert_eq!(judged(when, change), expected, "{when}");
        }
    }

    #[test]
    fn an_endpoint_that_could_not_be_asked_counts_even_where_its_check_is_not_wanted() {
        let snapshot = snapshot(&[("cluster_nodes_stopped", 0.0)], &[]);
        let mut observation = observed(&snapshot, Change::Lost);
        observation.data_integration = Asked::Failed("no route");
        let mut plan = plan(&["nodes_stopped"], &[], &[]).unwrap();
        assert_eq!(plan.judge(&observation, &[]).status, Status::Unknown);
        plan.on_error = Status::Critical;
        assert_eq!(plan.judge(&observation, &[]).status, Status::Critical);
    }
}
