//! Which checks are made, and with what thresholds.

use super::checks::{CHECKS, Check, CheckUnit, MIN_EVENTS, Measure, Threshold, endpoint_of, find};
use super::conditions::Condition;
use super::judge::{CheckStatus, Finding, Health, Limits};
use super::measure::Observation;
use super::{Limit, RangeError, Status};
use crate::deployment::Endpoint;
use crate::names;
use crate::profile::{self, Sourced, Thresholds};
use jiff::civil::Date;

/// Which checks are made, with what thresholds, and what a failure to ask counts as.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The names of the checks that are made; empty: all of them.
    pub only: Vec<String>,
    pub skip: Vec<String>,
    /// Thresholds in place of a default check's own.
    pub warning: Vec<(String, Limit)>,
    pub critical: Vec<(String, Limit)>,
    /// Of fewer events than this no share is judged.
    pub min_events: u32,
    /// Checks whose warnings do not count, each to the end of that day (UTC).
    pub mute: Vec<(String, Date)>,
    /// [`Status::Unknown`], or [`Status::Critical`] for those who want it louder.
    pub on_error: Status,
}

/// What was asked for cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    #[error("there is no check '{}'", crate::text::visible(name))]
    Unknown { name: String, near: Vec<String> },
    #[error("the check '{}' has its condition in the profile, and no threshold", crate::text::visible(name))]
    Own { name: String },
    #[error("{option} sets '{name}' twice")]
    Twice { option: &'static str, name: String },
    #[error("{option} {name}: a share is at most 1, and {text} is more")]
    ShareAboveOne { option: &'static str, name: String, text: String },
    #[error("{option} {name}: this check counts no share of anything, and '%' means one")]
    NoShare { option: &'static str, name: String },
}

impl PolicyError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            PolicyError::Unknown { near, .. } if near.is_empty() => {
                let known: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
                Some(format!("the checks are {}", known.join(", ")))
            }
            PolicyError::Unknown { near, .. } => Some(format!("did you mean {}?", near.join(" or "))),
            PolicyError::Own { .. } => Some("change its 'when' in the profile file".to_owned()),
            PolicyError::Twice { .. } => None,
            PolicyError::ShareAboveOne { .. } => Some("write 5% or 0.05".to_owned()),
            PolicyError::NoShare { .. } => Some("write a plain number".to_owned()),
        }
    }
}

impl Policy {
    /// Compares it with the checks that there are: the default ones and `own`, those of the profiles.
    ///
    /// # Errors
    /// A name of no check, a threshold that can do nothing.
    pub fn validate(&self, own: &[&str]) -> Result<(), PolicyError> {
        self.only.iter().chain(&self.skip).try_for_each(|name| known(name, own))?;
        validate_thresholds("--warning", &self.warning, own)?;
        validate_thresholds("--critical", &self.critical, own)
    }

    /// The same for a deployment whose profile says what is normal for it: what is set here already stays. `own` are the names
    /// of its own checks.
    ///
    /// # Errors
    /// A name of no check, a range or a date that is none, a threshold that can do nothing.
    pub fn with_profile(&self, thresholds: &Thresholds, own: &[&str]) -> Result<Policy, profile::Error> {
        let mut policy = self.clone();
        let of_check = |key: &str, name: &str, value: &Sourced<String>| {
            let full = format!("thresholds.{key}.{name}");
            let refuse = |error: PolicyError| value.refuse(&full, &error, error.hint());
            known(name, own).map_err(refuse).map(|()| full.clone())
        };
        for (key, set, into) in [
            ("warning", &thresholds.warning, &mut policy.warning),
            ("critical", &thresholds.critical, &mut policy.critical),
        ] {
            for (name, value) in set {
                let full = of_check(key, name, value)?;
                let limit: Limit = value.value.parse().map_err(|error: RangeError| value.refuse(&full, error, None))?;
                let one = [(name.clone(), limit)];
                let refuse = |error: PolicyError| value.refuse(&full, &error, error.hint());
                validate_thresholds("the threshold", &one, own).map_err(refuse)?;
                if !into.iter().any(|(set, _)| set == name) {
                    into.extend(one);
                }
            }
        }
        for (name, value) in &thresholds.mute {
            let full = of_check("mute", name, value)?;
            let hint = || Some("write the last day as \"2026-12-24\"".to_owned());
            let date: Date = value.value.parse().map_err(|_| {
                let text = crate::text::visible(&value.value);
                value.refuse(&full, format!("'{text}' is no date"), hint())
            })?;
            policy.mute.push((name.clone(), date));
        }
        if let Some(skip) = &thresholds.skip {
            for name in &skip.value {
                known(name, own).map_err(|error| skip.refuse("thresholds.skip", &error, error.hint()))?;
                // What is asked for by name on the command line is made all the same.
                if !policy.only.contains(name) {
                    policy.skip.push(name.clone());
                }
            }
        }
        policy.min_events = thresholds.min_events.as_ref().map_or(policy.min_events, |events| events.value);
        Ok(policy)
    }

    /// Every default check, with its own thresholds.
    pub fn default_checks() -> Policy {
        let (warning, critical) = (Vec::new(), Vec::new());
        let (only, skip, mute) = (Vec::new(), Vec::new(), Vec::new());
        Policy { only, skip, warning, critical, min_events: MIN_EVENTS, mute, on_error: Status::Unknown }
    }

    /// Whether the check of that name is made.
    fn wants(&self, name: &str) -> bool {
        let has = |names: &[String]| names.iter().any(|own| own == name);
        (self.only.is_empty() || has(&self.only)) && !has(&self.skip)
    }

    /// Whether one of the wanted checks judges change.
    pub fn needs_window(&self, own: &[Condition]) -> bool {
        self.checks().any(Check::needs_window) || self.own(own).any(|check| check.when.needs_rates())
    }

    /// The endpoints that the wanted checks speak of; both where none of them speaks of any.
    pub fn endpoints(&self, own: &[Condition]) -> Vec<Endpoint> {
        let needed = |endpoint: &Endpoint| {
            let by_own = self.own(own).any(|check| endpoint_of(check.when.field()) == *endpoint);
            by_own || self.checks().any(|check| check.needs(*endpoint))
        };
        let needed: Vec<Endpoint> = Endpoint::ALL.into_iter().filter(needed).collect();
        if needed.is_empty() { Endpoint::ALL.to_vec() } else { needed }
    }

    /// Makes every wanted check.
    pub fn judge(&self, observation: &Observation<'_>, own: &[Condition]) -> Health {
        let is_asked = |endpoint: Endpoint| observation.asked.contains(&endpoint);
        let can_be_made = |check: &&Check| Endpoint::ALL.into_iter().all(|one| is_asked(one) || !check.needs(one));
        let defaults = self.checks().filter(can_be_made);
        let defaults = defaults.map(|check| check.judge(observation, &self.limits(check, observation.min_nodes)));
        let own = self.own(own).filter(|check| is_asked(endpoint_of(check.when.field())));
        let findings = defaults.chain(own.map(|check| check.judge(observation)));
        let health = Health::of(findings.map(|finding| self.muted(finding, observation.today)).collect());
        // Also where the check of that endpoint is not wanted: what others need of it is not there.
        let failed = observation.endpoints.values().any(Result::is_err);
        if failed { health.at_best(self.on_error) } else { health }
    }

    /// A warning that is not to count today is left out of the verdict, and says so.
    fn muted(&self, finding: Finding, today: Date) -> Finding {
        let mute = self.mute.iter().find(|(name, until)| *name == finding.name && today <= *until);
        match mute {
            Some((_, until)) if finding.status == CheckStatus::Judged(Status::Warning) => Finding {
                status: CheckStatus::Skipped,
                message: format!("muted to the end of {until} (UTC): {}", finding.message),
                muted_until: Some(*until),
                ..finding
            },
            _ => finding,
        }
    }

    fn checks(&self) -> impl Iterator<Item = &'static Check> {
        CHECKS.iter().filter(|check| self.wants(check.name))
    }

    fn own<'a>(&'a self, own: &'a [Condition]) -> impl Iterator<Item = &'a Condition> {
        own.iter().filter(|check| self.wants(&check.name))
    }

    /// The limits of a check for a deployment of so many planned nodes; `None` where it is not made.
    pub fn limits_of(&self, check: &Check, min_nodes: u32) -> Option<Limits> {
        self.wants(check.name).then(|| self.limits(check, min_nodes))
    }

    /// The day to whose end (UTC) warnings of that check do not count.
    pub fn muted_until(&self, check: &Check) -> Option<Date> {
        self.mute.iter().find(|(name, _)| name == check.name).map(|(_, until)| *until)
    }

    fn limits(&self, check: &Check, min_nodes: u32) -> Limits {
        let limit = |set: &[(String, Limit)], default: Threshold| {
            let set = set.iter().find(|(name, _)| name == check.name);
            let limit = set.map(|(_, limit)| *limit).or_else(|| default.limit(min_nodes))?;
            // What is a share itself has one unit, however it was written.
            Some(Limit { is_share: limit.is_share && check.unit() != CheckUnit::Share, ..limit })
        };
        Limits {
            warning: limit(&self.warning, check.warning),
            critical: limit(&self.critical, check.critical),
            min_events: self.min_events,
            on_error: self.on_error,
        }
    }
}

fn known(name: &str, own: &[&str]) -> Result<(), PolicyError> {
    let all = || CHECKS.iter().map(|check| check.name).chain(own.iter().copied());
    if all().any(|known| known == name) {
        return Ok(());
    }
    let near = names::closest(name, all()).into_iter().map(str::to_owned).collect();
    Err(PolicyError::Unknown { name: name.to_owned(), near })
}

fn validate_thresholds(option: &'static str, set: &[(String, Limit)], own: &[&str]) -> Result<(), PolicyError> {
    for (index, (name, limit)) in set.iter().enumerate() {
        known(name, own)?;
        let Some(check) = find(name) else { return Err(PolicyError::Own { name: name.clone() }) };
        let is_share = limit.is_share || check.unit() == CheckUnit::Share;
        if is_share && limit.range.ends().any(|end| end > 1.0) {
            return Err(PolicyError::ShareAboveOne { option, name: name.clone(), text: limit.range.to_string() });
        }
        if limit.is_share && !matches!(check.measure, Measure::Growth { .. } | Measure::Share { .. }) {
            return Err(PolicyError::NoShare { option, name: name.clone() });
        }
        if set.iter().take(index).any(|(earlier, _)| earlier == name) {
            return Err(PolicyError::Twice { option, name: name.clone() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::judge::NOT_RECEIVED;
    use super::super::measure::NoRates;
    use super::super::measure::tests::{observed, rates, snapshot, without};
    use super::*;
    use crate::profile::{self, Origin, Severity, Sourced};

    fn names(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn set(pairs: &[(&str, &str)]) -> Vec<(String, Limit)> {
        pairs.iter().map(|(name, range)| ((*name).to_owned(), range.parse().unwrap())).collect()
    }

    fn policy(only: &[&str], skip: &[&str], critical: &[(&str, &str)]) -> Result<Policy, PolicyError> {
        let (only, skip, critical) = (names(only), names(skip), set(critical));
        let policy = Policy { only, skip, critical, ..Policy::default_checks() };
        policy.validate(&["delivery drops"]).map(|()| policy)
    }

    fn own(when: &str) -> Condition {
        let sourced = |text: &str| Sourced::new(text.to_owned(), Origin::BuiltIn);
        let (name, when) = (sourced("delivery drops"), sourced(when));
        Condition::of_profile(&profile::ProfileCheck { name, when, severity: Severity::Critical }).unwrap()
    }

    #[test]
    fn only_and_skip_choose_checks_and_with_them_what_is_asked() {
        let all = policy(&[], &[], &[]).unwrap();
        assert!(all.needs_window(&[]));
        assert_eq!(all.endpoints(&[]).len(), 2);
        let nodes = policy(&["nodes_stopped", "age"], &[], &[]).unwrap();
        assert!(!nodes.needs_window(&[own("rate(rules.failed) > 1")]), "that one is not wanted");
        assert_eq!(nodes.endpoints(&[]), [Endpoint::Cluster]);
        assert_eq!(policy(&["age"], &[], &[]).unwrap().endpoints(&[]).len(), 2);
        let own_only = policy(&["delivery drops"], &[], &[]).unwrap();
        assert!(own_only.needs_window(&[own("rate(rules.failed) > 1")]));
        assert_eq!(own_only.endpoints(&[own("rate(rules.failed) > 1")]), [Endpoint::DataIntegration]);
        assert!(!policy(&[], &["age"], &[]).unwrap().wants("age"));
    }

    #[test]
    fn slips_are_refused() {
        for (result, message, hint) in [
            (policy(&["node_stopped"], &[], &[]), "there is no check 'node_stopped'", "did you mean nodes_stopped?"),
            (
                policy(&[], &["delivery_drops"], &[]),
                "there is no check 'delivery_drops'",
                "did you mean delivery drops?",
            ),
            (
                policy(&[], &[], &[("delivery drops", "1")]),
                "the check 'delivery drops' has its condition in the profile, and no threshold",
                "change its 'when' in the profile file",
            ),
            (policy(&[], &[], &[("age", "1"), ("age", "2")]), "--critical sets 'age' twice", ""),
            (
                policy(&[], &[], &[("signin_failure_share", "5")]),
                "--critical signin_failure_share: a share is at most 1, and 5 is more",
                "write 5% or 0.05",
            ),
        ] {
            let error = result.unwrap_err();
            assert_eq!((error.to_string().as_str(), error.hint().unwrap_or_default().as_str()), (message, hint));
        }
        assert!(policy(&["zzz"], &[], &[]).unwrap_err().hint().unwrap().starts_with("the checks are nodes_stopped, "));
    }

    #[test]
    fn thresholds_of_the_user_take_the_place_of_the_row_s() {
        let snapshot = snapshot(&[("cluster_nodes_stopped", 2.0), ("cluster_nodes_running", 2.0)], &[]);
        let mut observation = observed(&snapshot, Err(NoRates::OneSnapshot("one look")));
        let status = |policy: &Policy, observation: &Observation<'_>| policy.judge(observation, &[]).status;
        let stopped = |critical: &[(&str, &str)]| policy(&["nodes_stopped"], &[], critical).unwrap();
        assert_eq!(status(&stopped(&[]), &observation), Status::Critical);
        assert_eq!(status(&stopped(&[("nodes_stopped", "2")]), &observation), Status::Ok);
        let running = policy(&["nodes_running"], &[], &[]).unwrap();
        assert_eq!(status(&running, &observation), Status::Ok);
        observation.min_nodes = 3;
        assert_eq!(status(&running, &observation), Status::Critical);
    }

    #[test]
    fn own_checks_are_judged_by_their_condition() {
        let (before, after) =
            (snapshot(&[("delivery_dropped", 0.0)], &[]), snapshot(&[("delivery_dropped", 50.0)], &[]));
        let rates = rates(&before, &after);
        let policy = policy(&["delivery drops"], &[], &[]).unwrap();
        let judged = |when: &str, rates| {
            let health = policy.judge(&observed(&after, rates), &[own(when)]);
            let finding = health.findings.into_iter().next().unwrap();
            format!("{}: {}", finding.status.word(), finding.message)
        };
        let seen = Ok(&rates);
        for (when, rates, expected) in [
            ("rate(metrics.delivery_dropped) > 4", seen, "critical: rate(metrics.delivery_dropped) is 5/s"),
            ("rate(metrics.delivery_dropped) > 5", seen, "ok: rate(metrics.delivery_dropped) is 5/s"),
            ("metrics.delivery_dropped > 5", seen, "critical: metrics.delivery_dropped is 50"),
            ("metrics.messages_sent > 5", seen, "unknown: metrics.messages_sent was not received"),
            (
                "rate(metrics.delivery_dropped) > 4",
                Err(NoRates::Lost),
                "unknown: rate(metrics.delivery_dropped) was not received",
            ),
            ("rate(metrics.delivery_dropped) > 4", Err(NoRates::OneSnapshot("one look")), "skipped: one look"),
        ] {
            assert_eq!(judged(when, rates), expected, "{when}");
        }
    }

    #[test]
    fn an_endpoint_that_could_not_be_asked_counts_even_where_its_check_is_not_wanted() {
        let snapshot = snapshot(&[("cluster_nodes_stopped", 0.0)], &[]);
        let observation = without(observed(&snapshot, Err(NoRates::Lost)), Endpoint::DataIntegration, "no route");
        let mut policy = policy(&["nodes_stopped"], &[], &[]).unwrap();
        assert_eq!(policy.judge(&observation, &[]).status, Status::Unknown);
        policy.on_error = Status::Critical;
        assert_eq!(policy.judge(&observation, &[]).status, Status::Critical);
    }

    #[test]
    fn a_share_up_to_the_whole_may_be_a_threshold() {
        for range in ["5%", "100%", "~:1", "0.5:"] {
            assert!(policy(&[], &[], &[("signin_failure_share", range)]).is_ok(), "{range}");
        }
    }

    #[test]
    fn an_own_check_has_the_unit_of_its_condition_and_advice_where_its_field_did_not_come() {
        let all = |dropped| snapshot(&[("delivery_dropped", dropped), ("messages_sent", f64::NAN)], &[]);
        let (before, after) = (all(0.0), all(50.0));
        let rates = rates(&before, &after);
        let finding = |when: &str| own(when).judge(&observed(&after, Ok(&rates)));
        let rate = finding("rate(metrics.delivery_dropped) > 5");
        assert_eq!((rate.unit, rate.value, rate.advice.as_deref()), (CheckUnit::PerSecond, Some(5.0), None));
        let count = finding("metrics.delivery_dropped > 5");
        assert_eq!((count.unit, count.value, count.advice.as_deref()), (CheckUnit::Count, Some(50.0), None));
        for (when, message) in [
            ("metrics.messages_sent > 5", "metrics.messages_sent is no number (NaN)"),
            ("metrics.messages_received > 5", "metrics.messages_received was not received"),
        ] {
            let finding = finding(when);
            assert_eq!((finding.message.as_str(), finding.advice.as_deref()), (message, Some(NOT_RECEIVED)));
        }
    }
}
