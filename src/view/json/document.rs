//! The wire format as plain structs: what stands here, in this order, is what scripts rely on.
//!
//! A document of `-o json`, one object. Fields keep this order; `schema_version` 1 only ever gains fields:
//!
//! ```text
//! {"schema_version": 1,
//!  "kind": "cluster" | "rules" | "resources" | "check" | "scrape",
//!  "generated_at": TIME,
//!  "status": STATUS,                        check: the worst of all, what could not be asked included
//!  "deployments": [                         cluster, rules, resources, check: one a deployment that answered
//!   {"profile": TEXT?, "endpoint": TEXT?,   null: --endpoint, --input
//!    "deployment_id": TEXT?, "deployment_type": TEXT?, "platform": TEXT?,
//!    "scraped_at": TIME, "duration_ms": NUMBER?,
//!    "window_seconds": NUMBER?,             with --window: the time between the two looks, as measured
//!    "cluster": {NAME: NUMBER}?,            cluster: the families deployment_emqx_NAME
//!    "metrics": {NAME: NUMBER}?,            cluster: the families deployment_emqx_metrics_NAME
//!    "rates": {"cluster": {NAME: NUMBER}?, "metrics": {NAME: NUMBER}?}?,
//!                                           cluster with --window: of what only grows, by the same names
//!    "rules": [RULE]?,                      rules
//!    "resources": [RESOURCE]?,              resources
//!    "series": [{"name": TEXT, "labels": {NAME: TEXT}, "value": NUMBER, "rate": NUMBER?}],
//!                                           cluster, rules, resources: every sample that is none of the above, under its
//!                                           whole name; "rate" with --window only
//!    "health": {"status": STATUS, "checks": [CHECK]}}],
//!                                           check, where "window_seconds" is null without two looks; cluster, rules and
//!                                           resources where --fail-on, --warn-on or --fail-on-empty ask for a verdict
//!  "scrapes": [                             scrape, in place of "deployments"
//!   {"profile": TEXT?, "url": TEXT?, "scraped_at": TIME, "duration_ms": NUMBER?,
//!    "families": [
//!     {"name": TEXT, "type": "counter" | "gauge" | "histogram" | "summary" | "untyped", "help": TEXT?,
//!      "samples": [{"name": TEXT, "labels": {NAME: TEXT}, "value": NUMBER, "timestamp_ms": INTEGER?}]}]}],
//!  "errors": [{"profile": TEXT?, "endpoint": TEXT?, "code": WORD, "message": TEXT, "hint": TEXT?}],
//!  "warnings": [{"profile": TEXT?, "endpoint": TEXT?, "message": TEXT}]}
//!
//! RULE      {"rule_id": TEXT, "status": TEXT?, "status_code": NUMBER?,
//!            "matched": NUMBER?, "passed": NUMBER?, "failed": NUMBER?, "exception": NUMBER?, "no_result": NUMBER?,
//!            "actions_taken": NUMBER?, "actions_success": NUMBER?, "actions_failed": NUMBER?,
//!            "matched_rate": NUMBER,        only where the deployment sends it
//!            "rates": {"matched": NUMBER?, ...}}    with --window: of each of the eight counts from matched on
//! CHECK     {"name": TEXT, "status": STATUS | "skipped", "value": NUMBER?, "unit": "1/s" | "share" | "s" | null,
//!            "warning": RANGE?, "critical": RANGE?, "condition": TEXT, "message": TEXT, "advice": TEXT?}
//! RESOURCE  {"resource_id": TEXT, "type": TEXT?, "name": TEXT, "status": TEXT?, "status_code": NUMBER?}
//! ```
//!
//! - `?`: or null, which says that it was not received. Null is never 0, and 0 is never null.
//! - NUMBER: a JSON number, an integer without a point; what JSON has no number for is `"NaN"`, `"+Inf"` or `"-Inf"`.
//! - STATUS: `ok`, `warning`, `critical` or `unknown`. RANGE: as monitoring plugins write it, in the unit of the value; a share is 0
//!   to 1.
//! - What `--window` adds is per second and stands beside what it is the rate of. Null, or a name that is missing in `rates`:
//!   there is no rate, as of what falls as well as rises, or of what only one of the two looks told of. Without the option
//!   these fields are not there. They are not rounded.
//! - TIME: RFC 3339, UTC, milliseconds, `Z`.
//! - WORD: of the exit-code table ([`crate::exit::Exit::word`]).
//! - A rule's status is `enabled`, `disabled` or the number received; a resource's `connected`, `disconnected` or the number.
//! - `--filter`, and for `cluster` `--group` and `--metric`, leave out what they do not select; `--sort` orders arrays.
//! - Control characters and bidirectional overrides are written as `\uXXXX`, which JSON reads back as they were: no
//!   text from a server can act on a terminal.
//! - On a terminal the object is spread over lines; elsewhere it is one line.
//!
//! `watch` writes an object a tick, each on one line:
//!
//! ```text
//! {"schema_version": 1, "kind": "watch", "generated_at": TIME,
//!  "view": "overview" | "cluster" | "rules" | "resources", "tick": INTEGER,
//!  "deployments": [                         those that have answered at least once
//!   {"profile", "endpoint", "deployment_id", "deployment_type", "platform": as above,
//!    "scraped_at": TIME,                    of the oldest part of this
//!    "duration_ms": NUMBER?,
//!    "stale": BOOL,                         part of this is of an earlier tick: an endpoint has failed since
//!    "endpoints": {"cluster": TOLD?, "data_integration": TOLD?},
//!    "window_seconds": NUMBER?,             null at the first answer
//!    "cluster", "metrics", "rates":         overview, cluster; "rates" is null at the first answer
//!    "rules", "resources":                  overview, and the view of that name
//!    "health":                              overview: of the default checks and those of the profile
//!    "series": as above}],
//!  "errors", "warnings": as above}           what lasts stands in every tick
//!
//! TOLD      {"scraped_at": TIME, "duration_ms": NUMBER, "stale": BOOL}
//! ```
//!
//! A line of `-o jsonl` is one record, complete in itself; failures stand on stderr and in the exit code alone:
//!
//! ```text
//! {"schema_version": 1, "kind": "cluster" | "rules" | "resources" | "check",
//!  "profile": TEXT?, "endpoint": TEXT?, "deployment_id": TEXT?, "deployment_type": TEXT?, "platform": TEXT?,
//!  "scraped_at": TIME, "window_seconds": NUMBER?, ...RULE | ...RESOURCE | ...METRIC | ...CHECK}
//!
//! METRIC    {"name": TEXT, "family": TEXT, "labels": {NAME: TEXT}, "value": NUMBER, "rate": NUMBER?,
//!            "unit": TEXT?, "group": TEXT, "type": as above}
//! ```
//!
//! A metric's name is `cluster.NAME` or `metrics.NAME` as in expressions, or the whole name of a series;
//! its family is the whole name in each case. `scrape -o jsonl`
//! has a line a sample: `{"schema_version": 1, "kind": "scrape", "profile", "url", "scraped_at", "family", "type", "name",
//! "labels", "value", "timestamp_ms"}`.

use super::value::{Labels, Member, Number, Numbers, RuleNumbers, Tenths, Time};
use crate::source::{Failure, Report, Warning};
use serde::Serialize;
use std::borrow::Cow;

/// The version of the format: raised when a field is renamed, removed or retyped.
pub const SCHEMA_VERSION: u32 = 1;

/// A document: an object, or a tick of `watch` on a line. `body` has the fields of its kind; its sequences make their
/// entries one at a time, as they are written.
#[derive(Serialize)]
pub struct Document<'a, B> {
    pub schema_version: u32,
    pub kind: &'static str,
    pub generated_at: Time,
    #[serde(flatten)]
    pub body: B,
    pub errors: Vec<ErrorEntry<'a>>,
    pub warnings: Vec<WarningEntry<'a>>,
}

impl<'a, B> Document<'a, B> {
    /// A document of that kind and time, with what failed and what was odd.
    pub fn new(
        kind: &'static str,
        generated_at: jiff::Timestamp,
        body: B,
        failures: &'a [Failure],
        warnings: &'a [Warning],
    ) -> Document<'a, B> {
        let errors = failures.iter().map(|failure| ErrorEntry {
            profile: failure.profile.as_deref(),
            endpoint: failure.endpoint.as_deref(),
            code: failure.exit.word(),
            message: &failure.message,
            hint: failure.hint.as_deref(),
        });
        let warnings = warnings.iter().map(|warning| WarningEntry {
            profile: warning.profile.as_deref(),
            endpoint: warning.endpoint.as_deref(),
            message: &warning.message,
        });
        Document {
            schema_version: SCHEMA_VERSION,
            kind,
            generated_at: Time(generated_at),
            body,
            errors: errors.collect(),
            warnings: warnings.collect(),
        }
    }
}

/// The body of `cluster`, `rules` and `resources`.
#[derive(Serialize)]
pub struct Deployments<D> {
    pub deployments: D,
}

/// The body of `scrape`.
#[derive(Serialize)]
pub struct Scrapes<S> {
    pub scrapes: S,
}

/// An entry of `errors`.
#[derive(Serialize)]
pub struct ErrorEntry<'a> {
    pub profile: Option<&'a str>,
    pub endpoint: Option<&'a str>,
    pub code: &'static str,
    pub message: &'a str,
    pub hint: Option<&'a str>,
}

/// An entry of `warnings`.
#[derive(Serialize)]
pub struct WarningEntry<'a> {
    pub profile: Option<&'a str>,
    pub endpoint: Option<&'a str>,
    pub message: &'a str,
}

/// What every entry of `deployments` and every line about one begins with.
#[derive(Serialize)]
pub struct Identity<'a> {
    pub profile: Option<&'a str>,
    pub endpoint: Option<&'a str>,
    pub deployment_id: Option<&'a str>,
    pub deployment_type: Option<&'a str>,
    pub platform: Option<&'a str>,
    pub scraped_at: Time,
}

impl<'a> From<&'a Report> for Identity<'a> {
    fn from(report: &'a Report) -> Identity<'a> {
        let identity = &report.snapshot.identity;
        Identity {
            profile: report.profile.as_deref(),
            endpoint: report.endpoint.as_deref(),
            deployment_id: identity.deployment_id.as_deref(),
            deployment_type: identity.deployment_type.as_deref(),
            platform: identity.platform.as_deref(),
            scraped_at: Time(report.scraped_at),
        }
    }
}

/// The members of a deployment that its records are in.
#[derive(Serialize)]
pub struct Records<'a, R, C> {
    #[serde(skip_serializing_if = "Member::is_absent")]
    pub window_seconds: Member<Number>,
    #[serde(skip_serializing_if = "Member::is_absent")]
    pub cluster: Member<Numbers<'a>>,
    #[serde(skip_serializing_if = "Member::is_absent")]
    pub metrics: Member<Numbers<'a>>,
    #[serde(skip_serializing_if = "Member::is_absent")]
    pub rates: Member<RatesEntry<'a>>,
    #[serde(skip_serializing_if = "Member::is_absent")]
    pub rules: Member<R>,
    #[serde(skip_serializing_if = "Member::is_absent")]
    pub resources: Member<C>,
}

/// `rates` of a deployment.
#[derive(Serialize)]
pub struct RatesEntry<'a> {
    pub cluster: Option<Numbers<'a>>,
    pub metrics: Option<Numbers<'a>>,
}

/// An entry of `series`.
#[derive(Serialize)]
pub struct SeriesEntry<'a> {
    pub name: &'a str,
    pub labels: Labels<'a>,
    pub value: Number,
    #[serde(skip_serializing_if = "Member::is_absent")]
    pub rate: Member<Number>,
}

/// RULE.
#[derive(Serialize)]
pub struct RuleEntry<'a> {
    pub rule_id: &'a str,
    pub status: Option<Cow<'static, str>>,
    pub status_code: Option<Number>,
    #[serde(flatten)]
    pub counts: RuleNumbers,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched_rate: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rates: Option<RuleNumbers>,
}

/// RESOURCE.
#[derive(Serialize)]
pub struct ResourceEntry<'a> {
    pub resource_id: &'a str,
    #[serde(rename = "type")]
    pub kind: Option<&'a str>,
    pub name: &'a str,
    pub status: Option<Cow<'static, str>>,
    pub status_code: Option<Number>,
}

/// METRIC.
#[derive(Serialize)]
pub struct MetricEntry<'a> {
    pub name: String,
    pub family: Cow<'a, str>,
    pub labels: Labels<'a>,
    pub value: Number,
    #[serde(skip_serializing_if = "Member::is_absent")]
    pub rate: Member<Number>,
    pub unit: Option<&'static str>,
    pub group: &'static str,
    pub r#type: &'static str,
}

/// A line of `-o jsonl`: one record.
#[derive(Serialize)]
pub struct Line<'a, R> {
    pub schema_version: u32,
    pub kind: &'static str,
    #[serde(flatten)]
    pub identity: Identity<'a>,
    #[serde(skip_serializing_if = "Member::is_absent")]
    pub window_seconds: Member<Number>,
    #[serde(flatten)]
    pub record: R,
}

/// An entry of `scrapes`.
#[derive(Serialize)]
pub struct ScrapeEntry<'a, F> {
    pub profile: Option<&'a str>,
    pub url: Option<&'a str>,
    pub scraped_at: Time,
    pub duration_ms: Option<Tenths>,
    pub families: F,
}

/// An entry of `families`.
#[derive(Serialize)]
pub struct FamilyEntry<'a, S> {
    pub name: &'a str,
    pub r#type: &'static str,
    pub help: Option<&'a str>,
    pub samples: S,
}

/// An entry of `samples`.
#[derive(Serialize)]
pub struct SampleEntry<'a, L> {
    pub name: &'a str,
    pub labels: L,
    pub value: Number,
    pub timestamp_ms: Option<i64>,
}

/// A line of `scrape -o jsonl`.
#[derive(Serialize)]
pub struct SampleLine<'a, L> {
    pub schema_version: u32,
    pub kind: &'static str,
    pub profile: Option<&'a str>,
    pub url: Option<&'a str>,
    pub scraped_at: Time,
    pub family: &'a str,
    pub r#type: &'static str,
    #[serde(flatten)]
    pub sample: SampleEntry<'a, L>,
}
