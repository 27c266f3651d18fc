//! The default checks: one table, a row each. What a check measures is data, so that whoever judges and whoever writes
//! alerting rules for another system read the same row.
//!
//! What to watch is the vendor's advice. It names numbers for few of it; where a threshold is emqstat's own its row says so.
//!
//! What grows is judged by its share of what it is a part of, of at least [`MIN_EVENTS`] events: on a busy deployment some
//! message is always dropped and some client always refused, and that is no trouble.

use super::{Expr, Limit, Range, Status};
use crate::deployment::Endpoint;
use std::time::Duration;

/// What is measured. Fields are those of a whole deployment ([`crate::deployment::Snapshot`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// The value of a field, now.
    Field(&'static str),
    /// The growth per second of the sum of `plus` without what `minus` explains; a share of it is one of the growth of the sum
    /// of `whole`. All are counters.
    Growth { plus: &'static [&'static str], minus: &'static [&'static str], whole: &'static [&'static str] },
    /// How much of the growth of the sum of `whole` is growth of `part`, which is one of them.
    Share { part: &'static str, whole: &'static [&'static str] },
    /// How many seconds an endpoint took to answer; it has to be reachable.
    EndpointTime(Endpoint),
    /// How many seconds ago the deployment was scraped.
    Age,
}

/// What a number of a check counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckUnit {
    /// Things.
    Count,
    /// Things per second.
    PerSecond,
    /// A part of a whole: 0 to 1.
    Share,
    Seconds,
}

impl CheckUnit {
    /// What the number of a condition counts.
    pub(super) fn of_condition(condition: &Expr) -> CheckUnit {
        if condition.needs_rates() { CheckUnit::PerSecond } else { CheckUnit::Count }
    }

    /// The word in JSON; empty for a plain count.
    pub fn word(self) -> &'static str {
        match self {
            CheckUnit::Count => "",
            CheckUnit::PerSecond => "1/s",
            CheckUnit::Share => "share",
            CheckUnit::Seconds => "s",
        }
    }
}

/// When a check alerts, unless the user says otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Threshold {
    /// Never: the number is shown.
    None,
    At(Limit),
    /// Below the number of nodes that the profile plans.
    BelowPlan,
}

impl Threshold {
    /// The range that is normal, for a deployment of so many planned nodes.
    pub fn limit(self, min_nodes: u32) -> Option<Limit> {
        match self {
            Threshold::None => None,
            Threshold::At(limit) => Some(limit),
            Threshold::BelowPlan => Some(Limit::of_value(Range::at_least(min_nodes.into()))),
        }
    }
}

/// A check that every deployment gets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Check {
    /// As options and answers call it.
    pub name: &'static str,
    pub measure: Measure,
    /// The check that judges the same more strictly: where that alerts this one need not.
    pub covered_by: Option<&'static str>,
    /// A field that says the same where a server does not send the one that is measured.
    pub instead: Option<&'static str>,
    pub warning: Threshold,
    pub critical: Threshold,
    /// What the whole of a share consists of: `deliveries`. Empty where nothing is a share.
    pub of: &'static str,
    /// What one of them is and what several are, behind a number: `1 node stopped`, `2 nodes stopped`. Empty for seconds.
    pub one: &'static str,
    pub many: &'static str,
    /// Why it matters. A sentence, like `advice`.
    pub why: &'static str,
    /// What to do where it is not ok.
    pub advice: &'static str,
}

impl Check {
    /// What its number counts.
    pub fn unit(&self) -> CheckUnit {
        match self.measure {
            Measure::Field(_) => CheckUnit::Count,
            Measure::Growth { .. } => CheckUnit::PerSecond,
            Measure::Share { .. } => CheckUnit::Share,
            Measure::EndpointTime(_) | Measure::Age => CheckUnit::Seconds,
        }
    }

    /// How long it should last before a monitoring system that asks all the time alerts, and why.
    pub fn lasting(&self, severity: Status) -> (Duration, &'static str) {
        let minutes = |count: u64| Duration::from_secs(60 * count);
        match (self.measure, severity) {
            (Measure::Field("resources.down"), _) => {
                (minutes(2), "a connector that lost its target tries again, and most are back within two minutes")
            }
            (Measure::Field(_) | Measure::Age, _) => {
                (minutes(1), "one scrape that was cut short is no node that stopped")
            }
            (Measure::Share { .. }, Status::Critical) => {
                (minutes(2), "the share is one over five minutes already; two more tell a restart from an outage")
            }
            (Measure::Growth { .. } | Measure::Share { .. }, _) => {
                (minutes(5), "the vendor's advice: growth over 5 min")
            }
            (Measure::EndpointTime(_), Status::Critical) => (minutes(2), "a busy cluster answers slowly now and then"),
            (Measure::EndpointTime(_), _) => (minutes(5), "a busy cluster takes 4 to 6 s for an answer"),
        }
    }

    /// Whether it judges change, for which one look is not enough.
    pub(super) fn needs_window(&self) -> bool {
        matches!(self.measure, Measure::Growth { .. } | Measure::Share { .. })
    }

    /// Whether that endpoint has to be asked for it.
    pub(super) fn needs(&self, endpoint: Endpoint) -> bool {
        match self.measure {
            Measure::EndpointTime(own) => own == endpoint,
            // Any scrape has an age, and something is asked for in any case.
            Measure::Age => false,
            Measure::Field(_) | Measure::Growth { .. } | Measure::Share { .. } => {
                self.fields().any(|field| endpoint_of(field) == endpoint)
            }
        }
    }

    /// The fields that it is made of.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'static str> {
        let (first, second): (&[&str], &[&str]) = match &self.measure {
            Measure::Field(name) => (std::slice::from_ref(name), &[]),
            Measure::Growth { plus, minus, .. } => (plus, minus),
            Measure::Share { whole, .. } => (whole, &[]),
            Measure::EndpointTime(_) | Measure::Age => (&[], &[]),
        };
        first.iter().chain(second).copied()
    }
}

/// The endpoint that tells of the field of a deployment.
pub fn endpoint_of(field: &str) -> Endpoint {
    match field.split_once('.') {
        Some(("rules" | "resources", _)) => Endpoint::DataIntegration,
        _ => Endpoint::Cluster,
    }
}

/// A check that shows its number, and no more.
const fn check(name: &'static str, measure: Measure) -> Check {
    let (warning, critical) = (Threshold::None, Threshold::None);
    Check {
        name,
        measure,
        covered_by: None,
        instead: None,
        warning,
        critical,
        of: "",
        one: "",
        many: "",
        why: "",
        advice: "",
    }
}

/// How fast this counter grows, and what it is a part of.
const fn grows(plus: &'static [&'static str], whole: &'static [&'static str]) -> Measure {
    Measure::Growth { plus, minus: &[], whole }
}

/// How long an endpoint takes to answer.
const fn endpoint(name: &'static str, endpoint: Endpoint) -> Check {
    // A busy cluster takes 4 to 6 s for an answer (vendor's notes). Prometheus gives a scrape up after 10 s unless told
    // otherwise (its `scrape_timeout`).
    check(name, Measure::EndpointTime(endpoint)).warning(above(6.0)).critical(above(10.0)).means(
        "What is not measured is not watched; an endpoint that gets slow is soon given up by whoever scrapes it.",
        "Run 'emqstat profile test'.",
    )
}

impl Check {
    const fn warning(self, warning: Threshold) -> Check {
        Check { warning, ..self }
    }

    const fn critical(self, critical: Threshold) -> Check {
        Check { critical, ..self }
    }

    const fn instead(self, field: &'static str) -> Check {
        Check { instead: Some(field), ..self }
    }

    const fn covered_by(self, check: &'static str) -> Check {
        Check { covered_by: Some(check), ..self }
    }

    const fn of(self, of: &'static str) -> Check {
        Check { of, ..self }
    }

    const fn counts(self, one: &'static str, many: &'static str) -> Check {
        Check { one, many, ..self }
    }

    const fn means(self, why: &'static str, advice: &'static str) -> Check {
        Check { why, advice, ..self }
    }
}

/// Alerts above this; nothing that is measured is below 0.
const fn above(limit: f64) -> Threshold {
    Threshold::At(Limit::of_value(Range::at_most(limit)))
}

/// Alerts where the share is above this, in percent.
const fn above_percent(limit: f64) -> Threshold {
    Threshold::At(Limit::of_share(Range::at_most(limit / 100.0)))
}

/// Of fewer events than this a share says nothing: with 50 of them one more or less is 2 %. Ours; the vendor names none.
pub const MIN_EVENTS: u32 = 50;

/// What became of the executions of actions that ended: attempts in flight are neither.
const ENDED_ACTIONS: &[&str] = &["rules.actions_failed", "rules.actions_success"];
/// Messages that came to a session: sent on to its client, or dropped.
const DELIVERIES: &[&str] = &["metrics.messages_sent", "metrics.delivery_dropped"];
/// Clients whose identity was checked.
const AUTHENTICATIONS: &[&str] = &["metrics.authentication_failure", "metrics.authentication_success"];

/// The default checks, in the order in which they are listed.
pub const CHECKS: &[Check] = &[
    check("nodes_stopped", Measure::Field("metrics.cluster_nodes_stopped"))
        .critical(above(0.0))
        .counts("node stopped", "nodes stopped")
        .means(
            "A node that has stopped takes its share of the capacity with it, and leaves no spare if another follows.",
            "Look at the platform's console, then its support.",
        ),
    check("nodes_running", Measure::Field("metrics.cluster_nodes_running"))
        // The newest documentation of the platform has the nodes' number alone.
        .instead("cluster.node_count")
        .critical(Threshold::BelowPlan)
        .counts("node running", "nodes running")
        .means(
            "Fewer nodes than planned (min_nodes of the profile, else 1) carry the load of all.",
            "Look at the platform's console; is min_nodes of the profile right?",
        ),
    check("resources_down", Measure::Field("resources.down"))
        .critical(above(0.0))
        .counts("resource down", "resources down")
        .means(
            "The actions that use a resource which is not connected fail or wait.",
            "Run 'emqstat resources': is the target up and reachable?",
        ),
    check("rules_disabled", Measure::Field("rules.disabled")).counts("rule disabled", "rules disabled").means(
        "A rule that is disabled handles no message. Somebody may have wanted it so: it is shown and no trouble by itself.",
        "Run 'emqstat rules', and enable what should run.",
    ),
    check("action_failures", grows(&["rules.actions_failed"], ENDED_ACTIONS))
        .covered_by("action_failure_share")
        // The vendor warns of any growth; on a busy deployment some target always times out once. Ours: a hundredth.
        .warning(above_percent(1.0))
        .of("actions")
        .counts("action failed", "actions failed")
        .means(
            "Data of an action that failed did not reach its target.",
            "Run 'emqstat rules --filter \"actions_failed > 0\"'.",
        ),
    check("action_failure_share", Measure::Share { part: "rules.actions_failed", whole: ENDED_ACTIONS })
        // The vendor names no number; these are ours: one in twenty is more than retries hide, a half is a target that is gone.
        .warning(above_percent(5.0))
        .critical(above_percent(50.0))
        .of("actions")
        .counts("of the actions failed", "of the actions failed")
        .means(
            "A few failures are retried or lost; where most actions fail, their target is as good as gone.",
            "Run 'emqstat resources', then 'emqstat rules --sort -action_failure_share'.",
        ),
    check("rule_exceptions", grows(&["rules.exception"], &["rules.matched"]))
        // The vendor warns of any growth; one odd message in a hundred is ours.
        .warning(above_percent(1.0))
        .of("matches")
        .counts("match of a rule ended in an exception", "matches of rules ended in an exception")
        .means(
            "The SQL of a rule that raises exceptions does not fit the data that comes in; its actions do not run.",
            "Run 'emqstat rules --filter \"exception > 0\"', and test the SQL.",
        ),
    check("queue_full_drops", grows(&["metrics.delivery_dropped_queue_full"], DELIVERIES))
        // The vendor warns of any growth; one slow client among many is no alarm. Ours: a hundredth of the deliveries.
        .warning(above_percent(1.0))
        .of("deliveries")
        .counts("message dropped because a queue was full", "messages dropped because a queue was full")
        .means(
            "A subscriber that is away or too slow for too long loses messages.",
            "Find slow or absent subscribers, or raise mqtt.max_mqueue_len.",
        ),
    check(
        "other_drops",
        Measure::Growth {
            plus: &["metrics.messages_dropped", "metrics.delivery_dropped"],
            // Expected: nobody asked for the message. And what queue_full_drops tells of.
            minus: &[
                "metrics.messages_dropped_no_subscribers",
                "metrics.delivery_dropped_no_local",
                "metrics.delivery_dropped_queue_full",
            ],
            whole: &["metrics.messages_received", "metrics.messages_sent", "metrics.delivery_dropped"],
        },
    )
    // The vendor warns of any growth; ours: a hundredth of what came in and of what was to go out.
    .warning(above_percent(1.0))
    .of("messages and deliveries")
    .counts("message dropped for another reason", "messages dropped for other reasons")
    .means(
        "Messages are lost that somebody wanted: expired, too large, QoS 0 for a subscriber that is away, above a \
         limit.",
        "Run 'emqstat cluster --group drops' for the reasons.",
    ),
    check("signin_failures", grows(&["metrics.authentication_failure"], AUTHENTICATIONS))
        .of("authentications")
        // The vendor watches for a jump and names no number: what is usual differs from deployment to deployment.
        .counts("authentication failed", "authentications failed")
        .means(
            "A jump means wrong credentials after a change, or somebody who guesses them.",
            "Look at the broker's log for the clients.",
        ),
    check("signin_failure_share", Measure::Share { part: "metrics.authentication_failure", whole: AUTHENTICATIONS })
        // The vendor watches for a jump and names no number; ours: devices with an old password are always there, a tenth is not.
        .warning(above_percent(10.0))
        .critical(above_percent(50.0))
        .of("authentications")
        .counts("of the authentications failed", "of the authentications failed")
        .means(
            "Where many authentications fail, credentials or the source that they are checked against are wrong.",
            "Is the authenticator's source reachable? See the broker's log.",
        ),
    check(
        "authorization_refusals",
        // packets_publish_auth_error and packets_subscribe_auth_error count some of the same requests again.
        grows(&["metrics.authorization_deny"], &["metrics.authorization_deny", "metrics.authorization_allow"]),
    )
    // The vendor warns of any growth; ours: a client that asks for a topic it may not use tries it again and again.
    .warning(above_percent(5.0))
    .of("authorization checks")
    .counts("request denied by authorization", "requests denied by authorization")
    .means(
        "Clients ask for topics that they may not use: their rights are too narrow, or they try what they should not.",
        "See the broker's log for client and topic, and the authorization rules.",
    ),
    endpoint("endpoint_cluster", Endpoint::Cluster),
    endpoint("endpoint_data_integration", Endpoint::DataIntegration),
    check("age", Measure::Age)
        // How old a saved scrape may be only its user knows.
        .means(
            "A saved scrape tells how the deployment was then.",
            "Scrape again, or find out why what saves the scrapes has stopped.",
        ),
];

/// The default check of that name.
pub fn find(name: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::{FieldKind, Snapshot, has_rate};

    #[test]
    fn every_row_measures_what_there_is() {
        for check in CHECKS {
            for field in check.fields() {
                assert_eq!(Snapshot::field_kind(field), Some(FieldKind::Number), "{}: {field}", check.name);
                assert!(!check.needs_window() || has_rate(field), "{}: {field}", check.name);
            }
            match check.measure {
                Measure::Share { part, whole } => assert!(whole.contains(&part), "{}", check.name),
                Measure::Growth { whole, .. } => assert!(whole.iter().all(|field| has_rate(field)), "{}", check.name),
                Measure::Field(_) | Measure::EndpointTime(_) | Measure::Age => continue,
            }
            assert!(!check.of.is_empty(), "{}", check.name);
        }
    }

    #[test]
    fn every_row_can_be_named_and_understood() {
        for (index, check) in CHECKS.iter().enumerate() {
            assert!(check.name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}", check.name);
            assert_eq!(check.one.is_empty(), check.unit() == CheckUnit::Seconds, "{}", check.name);
            assert!(check.why.ends_with('.') && check.advice.ends_with(['.', '?']), "{}", check.name);
            // On a screen of 80 columns it takes a line.
            assert!(check.advice.len() <= 76, "{}", check.name);
            assert_eq!(find(check.name).map(|found| found.measure), Some(check.measure));
            assert!(CHECKS.iter().skip(index + 1).all(|other| other.name != check.name), "{}", check.name);
        }
    }

    #[test]
    fn a_check_needs_the_endpoint_that_tells_of_it() {
        let needs = |name: &str| Endpoint::ALL.map(|e| find(name).unwrap().needs(e));
        for (name, needed) in [
            ("nodes_stopped", [true, false]),
            ("resources_down", [false, true]),
            ("action_failure_share", [false, true]),
            ("other_drops", [true, false]),
            ("endpoint_data_integration", [false, true]),
            ("age", [false, false]),
        ] {
            assert_eq!(needs(name), needed, "{name}");
        }
    }
}
