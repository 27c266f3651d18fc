//! What the verdict says of single numbers and rows: the one place from which every view takes its marks.

use super::checks::{CHECKS, Check, Measure};
use super::judge::judge;
use super::measure::{Measurement, Share};
use super::{Finding, Health, Policy, Status};
use crate::deployment::{PerCount, Resource, ResourceStatus, Rule, RuleCount, RuleStatus};
use jiff::civil::Date;
use std::sync::Arc;
use std::time::Duration;

/// The verdict on a deployment, and how severe it makes each of its numbers and rows.
#[derive(Debug, Clone)]
pub struct Judgement {
    pub health: Arc<Health>,
    policy: Arc<Policy>,
    today: Date,
    /// What a rule that is disabled is, and a resource that is not connected.
    disabled: Status,
    down: Status,
}

/// The field of a deployment that a check marks, where that is one that rules or a metric have.
fn marked(check: &Check) -> impl Iterator<Item = &'static str> {
    let fields: &'static [&'static str] = match check.measure {
        Measure::Growth { plus, .. } => plus,
        Measure::Field(_) | Measure::Share { .. } | Measure::EndpointTime(_) | Measure::Age => &[],
    };
    let one = match check.measure {
        Measure::Field(name) | Measure::Share { part: name, .. } => Some(name),
        Measure::Growth { .. } | Measure::EndpointTime(_) | Measure::Age => None,
    };
    fields.iter().copied().chain(one).chain(check.instead)
}

impl Finding {
    /// Whether it is about that field of a deployment.
    fn is_about(&self, field: &str) -> bool {
        match super::find(&self.name) {
            Some(check) => marked(check).any(|name| name == field),
            None => self.own_field.as_deref() == Some(field),
        }
    }
}

impl Judgement {
    /// With the thresholds that the verdict was made by, on that day (UTC).
    pub(super) fn new(health: Arc<Health>, policy: Arc<Policy>, today: Date) -> Judgement {
        let of_one = |field: &'static str| {
            let check = CHECKS.iter().find(|check| check.measure == Measure::Field(field));
            let limits = check.and_then(|check| policy.limits_of(check, 1));
            let alone = limits.and_then(|limits| judge(&Measurement::Value(1.0), &limits).judged());
            // That others are in doubt says nothing of this one.
            let all = of_field(&health, field).filter(|status| *status != Status::Unknown);
            // Somebody may have wanted it so, and it does not work all the same: worth a look whatever the thresholds say.
            alone.into_iter().chain(all).fold(Status::Warning, Status::max)
        };
        let (disabled, down) = (of_one("rules.disabled"), of_one("resources.down"));
        Judgement { health, policy, today, disabled, down }
    }

    /// The worst that the checks say of that field of the deployment; `None` where none of them judged it.
    pub fn of_field(&self, field: &str) -> Option<Status> {
        of_field(&self.health, field)
    }

    /// The worst of several fields.
    pub fn of_fields(&self, fields: &[&str]) -> Option<Status> {
        fields.iter().filter_map(|field| self.of_field(field)).max()
    }

    /// How severe it is that a resource is as it is.
    pub fn of_resource(&self, resource: &Resource) -> Status {
        match resource.status {
            Some(ResourceStatus::Connected) => Status::Ok,
            Some(ResourceStatus::Disconnected) => self.down,
            Some(ResourceStatus::Other(_)) | None => Status::Unknown,
        }
    }

    /// The same of a rule: its status, and where it is known how its counts grew what the checks of all rules say of this one.
    pub fn of_rule(&self, rule: &Rule, rates: Option<(&PerCount, Duration)>) -> Status {
        let status = match rule.status {
            Some(RuleStatus::Enabled) => Status::Ok,
            Some(RuleStatus::Disabled) => self.disabled,
            Some(RuleStatus::Other(_)) | None => Status::Unknown,
        };
        self.of_counts(rates).map(|(_, status)| status).fold(status, Status::max)
    }

    /// What the checks of all rules say of one count of this rule.
    pub fn of_count(&self, count: RuleCount, rates: Option<(&PerCount, Duration)>) -> Option<Status> {
        self.of_counts(rates).filter(|(of, _)| *of == count).map(|(_, status)| status).max()
    }

    fn of_counts(&self, rates: Option<(&PerCount, Duration)>) -> impl Iterator<Item = (RuleCount, Status)> {
        let checks = rates.into_iter().flat_map(|rates| CHECKS.iter().map(move |check| (rates, check)));
        checks.filter_map(|((rates, window), check)| self.of_check(check, rates, window))
    }

    fn of_check(&self, check: &Check, rates: &PerCount, window: Duration) -> Option<(RuleCount, Status)> {
        let (part, whole) = match check.measure {
            Measure::Growth { plus: [part], minus: [], whole } => (*part, whole),
            Measure::Share { part, whole } => (part, whole),
            _ => return None,
        };
        let count = |field: &str| RuleCount::from_name(field.strip_prefix("rules.")?);
        let grew = |field: &str| Some((rates[count(field)?]? * window.as_secs_f64()).round());
        let limits = self.policy.limits_of(check, 1)?;
        let whole = whole.iter().try_fold(0.0, |sum, field| Some(sum + grew(field)?))?;
        let share = Share { part: grew(part)?, whole };
        let measured = match check.measure {
            Measure::Share { .. } => Measurement::Share(share),
            _ => Measurement::Events { rate: rates[count(part)?]?, share: Some(share) },
        };
        let status = judge(&measured, &limits).judged()?;
        let is_muted = self.policy.muted_until(check).is_some_and(|until| self.today <= until);
        Some((count(part)?, if is_muted && status == Status::Warning { Status::Ok } else { status }))
    }
}

fn of_field(health: &Health, field: &str) -> Option<Status> {
    health.findings.iter().filter(|finding| finding.is_about(field)).filter_map(|finding| finding.status.judged()).max()
}

#[cfg(test)]
mod tests {
    use super::super::measure::NoRates;
    use super::super::measure::tests::{observed, rates, snapshot};
    use super::*;

    fn judgement(policy: Policy, down: f64) -> Judgement {
        let metrics = [("cluster_nodes_stopped", down), ("cluster_nodes_running", 3.0)];
        let snapshot = snapshot(&metrics, &[]);
        let health = policy.judge(&observed(&snapshot, Err(NoRates::OneSnapshot("one look"))), &[]);
        Judgement::new(health.into(), policy.into(), Date::MIN)
    }

    #[test]
    fn a_field_is_as_severe_as_the_worst_check_of_it() {
        let judgement = judgement(Policy::default_checks(), 1.0);
        assert_eq!(judgement.of_field("metrics.cluster_nodes_stopped"), Some(Status::Critical));
        assert_eq!(judgement.of_field("metrics.cluster_nodes_running"), Some(Status::Ok));
        assert_eq!(judgement.of_field("metrics.delivery_dropped"), None, "change takes two looks");
        assert_eq!(judgement.of_field("metrics.packets_sent"), None, "no check is about it");
        let both = ["metrics.cluster_nodes_running", "metrics.cluster_nodes_stopped"];
        assert_eq!(judgement.of_fields(&both), Some(Status::Critical));
    }

    #[test]
    fn a_rule_is_judged_as_all_rules_are() {
        let seconds = Duration::from_secs(10);
        let before = snapshot(&[], &[("few", 0.0, 0.0), ("some", 0.0, 0.0), ("most", 0.0, 0.0)]);
        let after = snapshot(&[], &[("few", 1.0, 9.0), ("some", 6.0, 94.0), ("most", 80.0, 20.0)]);
        let rates = rates(&before, &after);
        let judgement = judgement(Policy::default_checks(), 0.0);
        let rules = after.rules.as_ref().unwrap().iter().zip(rates.rules.as_ref().unwrap());
        let told: Vec<Status> = rules.map(|(rule, rates)| judgement.of_rule(rule, Some((rates, seconds)))).collect();
        assert_eq!(told, [Status::Ok, Status::Warning, Status::Critical]);
        let disabled = Rule { status: Some(RuleStatus::Disabled), ..Rule::default() };
        assert_eq!(judgement.of_rule(&disabled, None), Status::Warning);
        assert_eq!(judgement.of_rule(&Rule::default(), None), Status::Unknown);
    }

    #[test]
    fn a_resource_that_is_down_is_what_the_check_makes_of_it() {
        let resource = |status| Resource { status: Some(status), ..Resource::default() };
        let skipped = Policy { skip: vec!["resources_down".to_owned()], ..Policy::default_checks() };
        let judgement = judgement(skipped, 0.0);
        assert_eq!(judgement.of_resource(&resource(ResourceStatus::Disconnected)), Status::Warning);
        assert_eq!(judgement.of_resource(&resource(ResourceStatus::Connected)), Status::Ok);
        assert_eq!(judgement.of_resource(&resource(ResourceStatus::Other(7.0))), Status::Unknown);
    }
}
