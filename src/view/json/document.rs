//! The wire format as plain structs: what stands here, in this order, is what scripts rely on.
//!
//! A document of `-o json`, one object. Fields keep this order; `schema_version` 1 only ever gains fields:
//!
//! ```text
//! {"schema_version": 1,
//!  "kind": "deployments" | "cluster" | "rules" | "resources" | "check" | "scrape",
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
//!    "summary": SUMMARY,                    deployments: one a deployment, also those that gave no answer
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
//! SUMMARY   {"status": STATUS, "nodes_running": NUMBER?, "nodes_stopped": NUMBER?, "clients": NUMBER?, "sessions": NUMBER?,
//!            "received_rate": NUMBER?, "sent_rate": NUMBER?, "dropped_rate": NUMBER?,
//!            "rules_enabled": NUMBER?, "rules_disabled": NUMBER?, "resources_up": NUMBER?, "resources_down": NUMBER?,
//!            "worst": TEXT?}                null where all is well
//! RULE      {"rule_id": TEXT, "status": TEXT?, "status_code": NUMBER?,
//!            "matched": NUMBER?, "passed": NUMBER?, "failed": NUMBER?, "exception": NUMBER?, "no_result": NUMBER?,
//!            "actions_taken": NUMBER?, "actions_success": NUMBER?, "actions_failed": NUMBER?,
//!            "matched_rate": NUMBER,        only where the deployment sends it
//!            "action_failure_share": NUMBER?,    0 to 1: of the actions that ended, since they are counted
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
//!    "endpoints": {"cluster": TIMING?, "data_integration": TIMING?},
//!    "window_seconds": NUMBER?,             null at the first answer
//!    "cluster", "metrics", "rates":         overview, cluster; "rates" is null at the first answer
//!    "rules", "resources":                  overview, and the view of that name
//!    "health":                              overview: of the default checks and those of the profile
//!    "series": as above}],
//!  "errors", "warnings": as above}           what lasts stands in every tick
//!
//! TIMING    {"scraped_at": TIME, "duration_ms": NUMBER, "stale": BOOL}
//! ```
//!
//! A line of `-o jsonl` is one record, complete in itself; failures stand on stderr and in the exit code alone:
//!
//! ```text
//! {"schema_version": 1, "kind": "deployments" | "cluster" | "rules" | "resources" | "check",
//!  "profile": TEXT?, "endpoint": TEXT?, "deployment_id": TEXT?, "deployment_type": TEXT?, "platform": TEXT?,
//!  "scraped_at": TIME, "window_seconds": NUMBER?, ...SUMMARY | ...RULE | ...RESOURCE | ...METRIC | ...CHECK}
//!
//! METRIC    {"name": TEXT, "family": TEXT, "labels": {NAME: TEXT}, "value": NUMBER, "rate": NUMBER?,
//!            "unit": TEXT?, "group": TEXT, "type": as above}
//! ```
//!
//! A metric's name is `cluster.NAME` or `metrics.NAME` as in expressions, or the whole name of a series;
//! its family is the whole name in each case. `scrape -o jsonl`
//! has a line a sample: `{"schema_version": 1, "kind": "scrape", "profile", "url", "scraped_at", "family", "type", "name",
//! "labels", "value", "timestamp_ms"}`.

use super::escape::Escape;
use super::value::{Each, Members, Number, Object, Time, members};
use crate::source::{Failure, Report, Warning};
use crate::view::screen::Screen;
use jiff::Timestamp;
use serde::Serialize;
use serde::ser::SerializeMap;
use std::io::{self, Write};

/// The version of the format: raised when a field is renamed, removed or retyped.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<B, E, W> {
    schema_version: u32,
    kind: &'static str,
    generated_at: Time,
    #[serde(flatten)]
    body: B,
    errors: E,
    warnings: W,
}

/// Writes a document: spread over lines on a terminal, else as one line. `body` has the fields of its kind.
pub(crate) fn write_document(
    kind: &'static str,
    generated_at: Timestamp,
    body: impl Serialize,
    (failures, warnings): (&[Failure], &[Warning]),
    screen: &Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    let document = Document {
        schema_version: SCHEMA_VERSION,
        kind,
        generated_at: Time(generated_at),
        body,
        errors: Each(|| failures.iter().map(Object)),
        warnings: Each(|| warnings.iter().map(Object)),
    };
    let mut escape = Escape::new(out);
    if screen.is_terminal() {
        serde_json::to_writer_pretty(&mut escape, &document)?;
    } else {
        serde_json::to_writer(&mut escape, &document)?;
    }
    escape.write_all(b"\n")?;
    escape.finish()
}

/// Writes a record as one line that is complete in itself.
pub(super) fn write_line(kind: &str, record: &impl Members, out: &mut dyn Write) -> io::Result<()> {
    let mut escape = Escape::new(out);
    serde_json::to_writer(&mut escape, &Object(Line { kind, record }))?;
    escape.write_all(b"\n")?;
    escape.finish()
}

struct Line<'a, R> {
    kind: &'a str,
    record: &'a R,
}

impl<R: Members> Members for Line<'_, R> {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        members!(map, "schema_version": SCHEMA_VERSION, "kind": self.kind);
        self.record.members(map)
    }
}

impl Members for Failure {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        members!(map, "profile": self.profile, "endpoint": self.endpoint, "code": self.exit.word());
        members!(map, "message": self.message, "hint": self.hint);
        Ok(())
    }
}

impl Members for Warning {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        members!(map, "profile": self.profile, "endpoint": self.endpoint, "message": self.message);
        Ok(())
    }
}

/// What every entry of `deployments` and every line about one begins with.
pub(super) fn identity<M: SerializeMap>(map: &mut M, report: &Report, scraped_at: Timestamp) -> Result<(), M::Error> {
    let identity = &report.snapshot.identity;
    members!(map, "profile": report.profile, "endpoint": report.endpoint);
    members!(map, "deployment_id": identity.deployment_id, "deployment_type": identity.deployment_type);
    // One that never answered has no such time.
    let scraped_at = report.has_answered().then_some(Time(scraped_at));
    members!(map, "platform": identity.platform, "scraped_at": scraped_at);
    Ok(())
}

/// The time between the two looks.
pub(super) fn window_seconds(report: &Report) -> Option<Number> {
    report.window().map(|window| Number(window.as_secs_f64()))
}
