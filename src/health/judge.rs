//! From a measured number to a status, and from the statuses of checks to the verdict.

use super::checks::{Check, CheckUnit, Measure};
use super::measure::{Measurement, Observation, Share};
use super::{Expr, Limit, Status};
use crate::deployment::Field;
use crate::units::{grouped, significant, took};
use jiff::civil::Date;
use std::borrow::Cow;
use std::time::Duration;

/// The status of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckStatus {
    Judged(Status),
    /// Not part of the verdict: this run could not measure it.
    Skipped,
}

impl CheckStatus {
    /// The word in JSON and in tables.
    pub fn word(self) -> &'static str {
        match self {
            CheckStatus::Judged(status) => status.word(),
            CheckStatus::Skipped => "skipped",
        }
    }

    /// The status; `None` where it was skipped.
    pub fn judged(self) -> Option<Status> {
        match self {
            CheckStatus::Judged(status) => Some(status),
            CheckStatus::Skipped => None,
        }
    }
}

/// What is normal, and what a failure to ask counts as.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    pub warning: Option<Limit>,
    pub critical: Option<Limit>,
    /// Of fewer events than this no share is judged.
    pub min_events: u32,
    /// [`Status::Unknown`], or [`Status::Critical`] for those who want it louder.
    pub on_error: Status,
}

impl Limits {
    /// Whether one of them is a limit of the share.
    fn are_of_share(&self) -> bool {
        [self.warning, self.critical].into_iter().flatten().any(|limit| limit.is_share)
    }
}

/// Judges a measured number; the first row that fits:
///
/// | measured | `critical` alerts | `warning` alerts | status |
/// | --- | --- | --- | --- |
/// | skipped | | | skipped |
/// | the endpoint could not be asked | | | unknown, or critical where that was asked for |
/// | missing | | | unknown |
/// | a number | yes | | critical |
/// | a number | no, or there is none | yes | warning |
/// | a number | no, or there is none | no, or there is none | ok |
///
/// A limit of the share does not alert where there were fewer than `min_events`.
pub(super) fn judge(measured: &Measurement, limits: &Limits) -> CheckStatus {
    let of_share = |limit: Limit, share: Share| {
        let enough = share.whole >= f64::from(limits.min_events);
        share.value().filter(|_| enough).is_some_and(|share| limit.range.alerts(share))
    };
    let alerts = |limit: Option<Limit>| {
        limit.is_some_and(|limit| match *measured {
            Measurement::Value(value) => limit.range.alerts(value),
            Measurement::Share(share) => of_share(limit, share),
            Measurement::Events { share: Some(share), .. } if limit.is_share => of_share(limit, share),
            Measurement::Events { rate, .. } => limit.range.alerts(rate),
            Measurement::Missing(_) | Measurement::Unreachable(_) | Measurement::Skipped(_) => false,
        })
    };
    CheckStatus::Judged(match measured {
        Measurement::Skipped(_) => return CheckStatus::Skipped,
        Measurement::Unreachable(_) => limits.on_error,
        Measurement::Missing(_) => Status::Unknown,
        _ if alerts(limits.critical) => Status::Critical,
        _ if alerts(limits.warning) => Status::Warning,
        _ => Status::Ok,
    })
}

/// What a check found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub name: String,
    pub status: CheckStatus,
    /// What was measured; `None` where nothing was.
    pub value: Option<f64>,
    pub unit: CheckUnit,
    /// How much of its whole that is, where it was asked for.
    pub share: Option<Share>,
    pub warning: Option<Limit>,
    pub critical: Option<Limit>,
    /// What alerts, in words.
    pub condition: String,
    /// What was found, in words. Text from the server may stand in it as it came.
    pub message: String,
    /// What the value does not tell: who is behind it, or of how many events it is a part; else empty.
    pub details: String,
    /// How many there are in all of what the value counts.
    pub total: Option<f64>,
    /// What to do, where it is not ok.
    pub advice: Option<Cow<'static, str>>,
    /// The day to whose end (UTC) its warning does not count; `None` where it counts.
    pub muted_until: Option<Date>,
    /// The field that an own check of the profile is about.
    pub own_field: Option<String>,
}

/// The verdict on one deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    pub status: Status,
    /// In the order of the checks.
    pub findings: Vec<Finding>,
}

impl Health {
    /// The worst of what was judged. Where nothing was, nothing can be said.
    pub(super) fn of(findings: Vec<Finding>) -> Health {
        let status = Status::worst(findings.iter().filter_map(|finding| finding.status.judged()));
        Health { status, findings }
    }

    /// With a status that it cannot be better than.
    pub(super) fn at_best(self, status: Status) -> Health {
        Health { status: self.status.max(status), ..self }
    }

    /// With advice whose commands are about one deployment.
    #[must_use]
    pub fn with_advice(mut self, name: impl Fn(&str) -> String) -> Health {
        for finding in &mut self.findings {
            finding.advice = finding.advice.take().map(|advice| name(&advice).into());
        }
        self
    }

    /// How many checks have that status.
    pub fn count(&self, status: CheckStatus) -> usize {
        self.findings.iter().filter(|finding| finding.status == status).count()
    }
}

/// What to do about a number that did not come.
pub(super) const NOT_RECEIVED: &str =
    "Run 'emqstat scrape' to see what the deployment sends; --skip leaves a check out that it sends nothing for.";

/// How many culprits a message names.
const NAMED: usize = 3;

impl Check {
    /// Measures and judges what it is about.
    pub(super) fn judge(&self, observation: &Observation<'_>, limits: &Limits) -> Finding {
        let measured = observation.measure(self, limits.are_of_share());
        let status = judge(&measured, limits);
        let message = match &measured {
            Measurement::Value(value) => self.told(*value, observation),
            Measurement::Events { rate, share } => self.events_told(*rate, *share, limits, observation),
            Measurement::Share(share) => self.share_told(*share, limits, observation),
            Measurement::Missing(what) => what.clone(),
            Measurement::Unreachable(why) => format!("could not be asked: {why}"),
            Measurement::Skipped(why) => why.clone(),
        };
        Finding {
            name: self.name.to_owned(),
            status,
            value: match measured {
                Measurement::Value(value) | Measurement::Events { rate: value, .. } => Some(value),
                Measurement::Share(share) => share.value(),
                Measurement::Missing(_) | Measurement::Unreachable(_) | Measurement::Skipped(_) => None,
            },
            unit: self.unit(),
            share: match measured {
                Measurement::Events { share, .. } => share,
                Measurement::Share(share) => Some(share),
                _ => None,
            },
            warning: limits.warning,
            critical: limits.critical,
            condition: condition(self.unit(), limits),
            message,
            details: self.details(&measured, observation),
            total: observation.total(self),
            advice: match measured {
                Measurement::Missing(_) => Some(NOT_RECEIVED.into()),
                _ => status.judged().filter(|status| *status != Status::Ok).map(|_| self.advice.into()),
            },
            muted_until: None,
            own_field: None,
        }
    }

    /// Who is behind it, or what share of what.
    fn details(&self, measured: &Measurement, observation: &Observation<'_>) -> String {
        let culprits = observation.culprits(self);
        match *measured {
            Measurement::Missing(ref why) | Measurement::Unreachable(ref why) => why.clone(),
            _ if !culprits.is_empty() => several(&culprits),
            Measurement::Events { share: Some(share), .. } | Measurement::Share(share) => {
                format!("{} of {} {}", grouped(share.part), grouped(share.whole), self.of)
            }
            _ => String::new(),
        }
    }

    /// A number in words.
    fn told(&self, value: f64, observation: &Observation<'_>) -> String {
        match self.measure {
            Measure::EndpointTime(_) => format!("answered in {}", quantity(value, CheckUnit::Seconds)),
            Measure::Age => format!("scraped {} ago", quantity(value, CheckUnit::Seconds)),
            _ => format!("{}{}", counted(value, self), named(&observation.culprits(self))),
        }
    }

    /// `3 actions failed in 5.0 s, 0.2 % of 1,500 actions: rule-1, rule-2`.
    fn events_told(&self, rate: f64, share: Option<Share>, limits: &Limits, observation: &Observation<'_>) -> String {
        // What was counted is a whole number; the rate is what is left of it.
        let window = self.fields().next().and_then(|field| observation.window(field)).unwrap_or_default();
        let count = counted((rate * window.as_secs_f64()).round(), self);
        let share = share.map(|share| match share.value() {
            Some(value) if share.part > 0.0 => {
                let share_is = quantity(value, CheckUnit::Share);
                format!(", {share_is} of {} {}{}", grouped(share.whole), self.of, too_few(share, limits))
            }
            _ => String::new(),
        });
        let culprits = named(&observation.culprits(self));
        format!("{count}{}{}{culprits}", over(self, observation), share.unwrap_or_default())
    }

    /// `7.5 % of the actions failed in 5.0 s: rule-1`.
    fn share_told(&self, share: Share, limits: &Limits, observation: &Observation<'_>) -> String {
        let over = over(self, observation);
        let Some(value) = share.value() else { return format!("nothing happened{over}") };
        let share_is = quantity(value, CheckUnit::Share);
        let (few, culprits) = (too_few(share, limits), named(&observation.culprits(self)));
        format!("{share_is} {}{over}{few}{culprits}", self.many)
    }
}

/// ` (fewer than 50 are not judged)`, where it is so.
fn too_few(share: Share, limits: &Limits) -> String {
    let min = limits.min_events;
    if share.whole < f64::from(min) { format!(" (fewer than {min} are not judged)") } else { String::new() }
}

/// What a condition found in its field: `resources.down is 1`.
pub fn found(condition: &Expr, field: &Field<'_>) -> String {
    let subject = condition.subject();
    match field {
        Field::Number(value) => format!("{subject} is {}", quantity(*value, CheckUnit::of_condition(condition))),
        Field::Text(text) => format!("{subject} is {text}"),
        Field::Missing => format!("{subject} was not received"),
    }
}

/// `: a, b, c and 2 more`; nothing where there is nobody to name.
pub(super) fn named(culprits: &[&str]) -> String {
    if culprits.is_empty() { String::new() } else { format!(": {}", several(culprits)) }
}

/// `a, b, c and 2 more`.
fn several(names: &[&str]) -> String {
    let told = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(NAMED) {
        Some(more) if more > 0 => format!("{told} and {} more", grouped(more as f64)),
        _ => told,
    }
}

/// ` in 5 s`, for what was seen to change.
fn over(check: &Check, observation: &Observation<'_>) -> String {
    let window = check.fields().next().filter(|_| check.needs_window()).and_then(|field| observation.window(field));
    window
        .map(|window: Duration| format!(" in {}", quantity(window.as_secs_f64(), CheckUnit::Seconds)))
        .unwrap_or_default()
}

fn counted(count: f64, check: &Check) -> String {
    format!("{} {}", significant(count), if count == 1.0 { check.one } else { check.many })
}

/// What alerts, in words: `warning above 5 %, critical above 50 %`.
fn condition(unit: CheckUnit, limits: &Limits) -> String {
    let words = |level: &str, limit: Option<Limit>| {
        limit.map(|Limit { range, is_share }| {
            let unit = if is_share { CheckUnit::Share } else { unit };
            format!("{level} {}", range.condition_with(|end| quantity(end, unit)))
        })
    };
    let all: Vec<String> =
        words("warning", limits.warning).into_iter().chain(words("critical", limits.critical)).collect();
    if all.is_empty() { "no threshold".to_owned() } else { all.join(", ") }
}

/// A number in its unit, with as many digits as people read.
pub fn quantity(value: f64, unit: CheckUnit) -> String {
    match unit {
        CheckUnit::Count => significant(value),
        CheckUnit::PerSecond => format!("{}/s", significant(value)),
        CheckUnit::Share => format!("{} %", significant(value * 100.0)),
        CheckUnit::Seconds => Duration::try_from_secs_f64(value).map_or_else(|_| format!("{value} s"), took),
    }
}

#[cfg(test)]
mod tests {
    use super::super::checks::find;
    use super::super::measure::NoRates;
    use super::super::measure::tests::{observed, rates, snapshot};
    use super::*;

    fn limits(warning: &str, critical: &str) -> Limits {
        let range = |text: &str| text.parse().ok();
        Limits { warning: range(warning), critical: range(critical), min_events: 50, on_error: Status::Unknown }
    }

    #[test]
    fn every_row_of_the_table() {
        use Status::*;
        let missing = || Measurement::Missing("it".into());
        let unreachable = || Measurement::Unreachable("it".into());
        let share = |part, whole| Measurement::Share(Share { part, whole });
        let events = |rate, part, whole| Measurement::Events { rate, share: Some(Share { part, whole }) };
        let louder = |limits: Limits| Limits { on_error: Critical, ..limits };
        for (measured, limits, expected) in [
            (Measurement::Skipped("it".into()), limits("1", "1"), None),
            (unreachable(), limits("1", "1"), Some(Unknown)),
            (unreachable(), louder(limits("1", "1")), Some(Critical)),
            (missing(), limits("1", "1"), Some(Unknown)),
            (missing(), louder(limits("", "")), Some(Unknown)),
            (share(0.0, 0.0), limits("@0:1", "@0:1"), Some(Ok)),
            (share(49.0, 49.0), limits("5%", "50%"), Some(Ok)),
            (share(50.0, 50.0), limits("5%", "50%"), Some(Critical)),
            (share(5.0, 100.0), limits("0.05", "50%"), Some(Ok)),
            (share(6.0, 100.0), limits("0.05", "50%"), Some(Warning)),
            (events(9.0, 6.0, 100.0), limits("5%", ""), Some(Warning)),
            (events(9.0, 5.0, 100.0), limits("5%", "10"), Some(Ok)),
            (events(9.0, 5.0, 10.0), limits("5%", ""), Some(Ok)),
            (events(9.0, 5.0, 10.0), limits("5%", "8"), Some(Critical)),
            (Measurement::Value(3.0), limits("1", "2"), Some(Critical)),
            (Measurement::Value(3.0), limits("", "2"), Some(Critical)),
            (Measurement::Value(2.0), limits("1", "2"), Some(Warning)),
            (Measurement::Value(2.0), limits("1", ""), Some(Warning)),
            (Measurement::Value(1.0), limits("1", "2"), Some(Ok)),
            (Measurement::Value(1e9), limits("", ""), Some(Ok)),
        ] {
            assert_eq!(judge(&measured, &limits).judged(), expected, "{measured:?} {limits:?}");
        }
    }

    #[test]
    fn the_verdict_is_the_worst_of_what_was_judged() {
        let health = |statuses: &[CheckStatus]| {
            let snapshot = snapshot(&[("cluster_nodes_stopped", 0.0)], &[]);
            let observation = observed(&snapshot, Err(NoRates::Lost));
            let finding = find("nodes_stopped").unwrap().judge(&observation, &limits("", "0"));
            Health::of(statuses.iter().map(|status| Finding { status: *status, ..finding.clone() }).collect()).status
        };
        use CheckStatus::{Judged, Skipped};
        assert_eq!(health(&[]), Status::Unknown);
        assert_eq!(health(&[Skipped]), Status::Unknown);
        assert_eq!(health(&[Skipped, Judged(Status::Ok)]), Status::Ok);
        assert_eq!(health(&[Judged(Status::Warning), Judged(Status::Ok)]), Status::Warning);
        assert_eq!(health(&[Judged(Status::Warning), Judged(Status::Unknown)]), Status::Unknown);
        assert_eq!(health(&[Judged(Status::Critical), Judged(Status::Unknown)]), Status::Critical);
        assert_eq!(Health::of(Vec::new()).at_best(Status::Critical).status, Status::Critical);
    }

    #[test]
    fn what_was_found_is_said_in_words() {
        let before = snapshot(&[("cluster_nodes_stopped", 1.0)], &[("a", 0.0, 0.0), ("b", 0.0, 0.0)]);
        let after = snapshot(&[("cluster_nodes_stopped", 1.0)], &[("a", 1.0, 37.0), ("b", 2.0, 0.0)]);
        let rates = rates(&before, &after);
        let observation = observed(&after, Ok(&rates));
        let found = |name, warning: &str, critical: &str| {
            let finding = find(name).unwrap().judge(&observation, &limits(warning, critical));
            format!("{} | {} | {}", finding.status.word(), finding.message, finding.condition)
        };
        assert_eq!(found("nodes_stopped", "", "~:0"), "critical | 1 node stopped | critical above 0");
        assert_eq!(
            found("action_failures", "~:0.1", ""),
            "warning | 3 actions failed in 10 s: b, a | warning above 0.1/s"
        );
        assert_eq!(
            found("action_failure_share", "~:5%", "~:50%"),
            "ok | 7.5 % of the actions failed in 10 s (fewer than 50 are not judged): b, a | \
             warning above 5 %, critical above 50 %"
        );
        assert_eq!(found("endpoint_cluster", "~:6", ""), "ok | answered in 80 ms | warning above 6 s");
        assert_eq!(found("rules_disabled", "", ""), "ok | 0 rules disabled | no threshold");
        assert_eq!(
            found("queue_full_drops", "~:0", ""),
            "unknown | metrics.delivery_dropped_queue_full was not received | warning above 0/s"
        );
    }

    #[test]
    fn numbers_are_rounded_for_people() {
        for (value, text) in [(0.083_456, "0.0835"), (5.001_3, "5"), (12.345, "12.3"), (1234.56, "1,235"), (0.0, "0")] {
            assert_eq!(quantity(value, CheckUnit::Count), text);
        }
        assert_eq!(quantity(1.0 / 3.0, CheckUnit::Share), "33.3 %");
        assert_eq!(
            quantity(9_007_199_254_740_991.0, CheckUnit::Count),
            "9,007,199,254,740,991",
            "a count stays what it is"
        );
    }

    #[test]
    fn advice_is_for_what_is_not_in_order() {
        let snapshot = snapshot(&[("cluster_nodes_stopped", 1.0)], &[]);
        let observation = observed(&snapshot, Err(NoRates::Lost));
        let advice = |name, critical: &str| {
            let finding = find(name).unwrap().judge(&observation, &limits("", critical));
            finding.advice.map(Cow::into_owned)
        };
        assert_eq!(advice("nodes_stopped", "~:0"), Some(find("nodes_stopped").unwrap().advice.to_owned()));
        assert_eq!(advice("nodes_stopped", "~:1"), None);
        assert_eq!(advice("nodes_running", "1:"), Some(NOT_RECEIVED.to_owned()));
    }

    #[test]
    fn three_are_named_and_more_are_counted() {
        assert_eq!(named(&[]), "");
        assert_eq!(named(&["a", "b", "c"]), ": a, b, c");
        assert_eq!(named(&["a", "b", "c", "d"]), ": a, b, c and 1 more");
    }
}
