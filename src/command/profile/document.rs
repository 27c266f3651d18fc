//! The JSON of `profile list`, `profile show` and `profile test`. Fields keep this order; `schema_version` 1 only ever
//! gains fields:
//!
//! ```text
//! {"schema_version": 1,
//!  "kind": "profile_list" | "profile" | "profile_test",
//!  "generated_at": TIME,
//!  "path": TEXT?,                           the profile file; null: there is none
//!  "default": TEXT?,                        profile_list: what is asked where nothing is chosen
//!  "profiles": [                            profile_list, in the file's order; null: wrong, see "errors"
//!   {"name": TEXT, "default": BOOLEAN, "endpoint": TEXT?, "app_id": TEXT?, "app_secret": SECRET?}],
//!  "profile":                               profile; null: see "errors"
//!   {"name": TEXT?,                         null: --endpoint, EMQSTAT_ENDPOINT
//!    "settings": {KEY: {"value": TEXT? | NUMBER | BOOLEAN, "origin": ORIGIN}},
//!    "checks": [{"name": TEXT, "when": TEXT, "severity": "warning" | "critical", "origin": ORIGIN}]}?,
//!  "test":                                  profile_test
//!   {"profile": TEXT?, "endpoint": TEXT?, "ok": BOOLEAN,
//!    "steps": [{"step": STEP, "status": "ok" | "failed" | "skipped", "message": TEXT, "duration_ms": NUMBER?}]},
//!  "errors": [{"profile": TEXT?, "endpoint": TEXT?, "code": WORD, "message": TEXT, "hint": TEXT?}],
//!  "warnings": [{"profile": TEXT?, "endpoint": TEXT?, "message": TEXT}]}
//!
//! SECRET    {"source": "inline" | "environment" | "file" | "command",
//!            "name": TEXT?}                 the variable, file or program; never the secret
//! ORIGIN    {"source": "flag" | "environment" | "profile" | "defaults" | "built_in",
//!            "name": TEXT?,                 the flag or variable
//!            "file": TEXT?, "line": INTEGER?}
//! STEP      "file", "secret", "name_lookup", "connection", "proxy", "tls", "sign_in", "cluster", "data_integration"
//! ```
//!
//! The value of an inline secret is the text `(inline, hidden)`; that of another says where it comes from. A duration of
//! a step that was skipped is null. Beside the keys of the file, KEY is as in the file.

use crate::console;
use crate::profile::{Origin, SecretSource, SettingValue};
use crate::source::{Failure, Warning};
use crate::view::Screen;
use crate::view::json::{self, Tenths};
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use std::path::Path;

#[derive(Serialize)]
pub(super) struct List {
    pub path: Option<String>,
    pub default: Option<String>,
    pub profiles: Vec<ListEntry>,
}

#[derive(Serialize)]
pub(super) struct ListEntry {
    pub name: String,
    pub default: bool,
    pub endpoint: Option<String>,
    pub app_id: Option<String>,
    pub app_secret: Option<SecretEntry>,
}

#[derive(Serialize)]
pub(super) struct SecretEntry {
    pub source: &'static str,
    pub name: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Show {
    pub path: Option<String>,
    pub profile: Option<ShowEntry>,
}

#[derive(Serialize)]
pub(super) struct ShowEntry {
    pub name: Option<String>,
    #[serde(serialize_with = "in_order")]
    pub settings: Vec<(&'static str, ValueEntry)>,
    pub checks: Vec<CheckEntry>,
    pub thresholds: Vec<ThresholdEntry>,
}

#[derive(Serialize)]
pub(super) struct ThresholdEntry {
    /// `warning.other_drops`, `skip`: the key below `thresholds`.
    pub key: String,
    pub value: String,
    pub origin: OriginEntry,
}

#[derive(Serialize)]
pub(super) struct ValueEntry {
    pub value: SettingValue,
    pub origin: OriginEntry,
}

#[derive(Serialize)]
pub(super) struct CheckEntry {
    pub name: String,
    pub when: String,
    pub severity: &'static str,
    pub origin: OriginEntry,
}

#[derive(Serialize, Default)]
pub(super) struct OriginEntry {
    pub source: &'static str,
    pub name: Option<&'static str>,
    pub file: Option<String>,
    pub line: Option<usize>,
}

#[derive(Serialize)]
pub(super) struct Test {
    pub path: Option<String>,
    /// The first of them.
    pub test: TestEntry,
    pub tests: Vec<TestEntry>,
}

#[derive(Clone, Serialize)]
pub(super) struct TestEntry {
    pub profile: Option<String>,
    pub endpoint: Option<String>,
    pub ok: bool,
    pub steps: Vec<StepEntry>,
}

#[derive(Clone, Serialize)]
pub(super) struct StepEntry {
    pub step: &'static str,
    pub status: &'static str,
    pub message: String,
    pub duration_ms: Option<Tenths>,
}

impl From<&SecretSource> for SecretEntry {
    fn from(source: &SecretSource) -> SecretEntry {
        let (source, name) = match source {
            SecretSource::Inline(_) => ("inline", None),
            SecretSource::Env(name) => ("environment", Some(name.clone())),
            SecretSource::File(path) => ("file", Some(path.display().to_string())),
            SecretSource::Command(words) => ("command", words.first().cloned()),
        };
        SecretEntry { source, name }
    }
}

impl From<&Origin> for OriginEntry {
    fn from(origin: &Origin) -> OriginEntry {
        let in_file = |source, file: &Path, line: &usize| OriginEntry {
            source,
            name: None,
            file: Some(file.display().to_string()),
            line: Some(*line),
        };
        match origin {
            Origin::Flag(name) => OriginEntry { source: "flag", name: Some(name), ..OriginEntry::default() },
            Origin::Env(name) => OriginEntry { source: "environment", name: Some(name), ..OriginEntry::default() },
            Origin::Profile { file, line } => in_file("profile", file, line),
            Origin::Defaults { file, line } => in_file("defaults", file, line),
            Origin::BuiltIn => OriginEntry { source: "built_in", ..OriginEntry::default() },
        }
    }
}

fn in_order<S: Serializer>(pairs: &[(&'static str, ValueEntry)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, value)| (key, value)))
}

/// Writes an answer to stdout.
///
/// # Errors
/// stdout cannot be written.
pub(super) fn write(
    kind: &'static str,
    body: &impl Serialize,
    failures: &[Failure],
    warnings: &[Warning],
    screen: &Screen,
) -> anyhow::Result<()> {
    console::print(|out| json::write_document(kind, Timestamp::now(), body, (failures, warnings), screen, out))?;
    Ok(())
}
