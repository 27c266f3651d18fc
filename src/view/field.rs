//! The fields that rows have, by kind: the one list that columns, sorting and completions are drawn from.

use super::answer::Kind;
use super::table::Column;

/// When a field is a column of a table without being asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Always; hidden on a narrow screen in the order of this importance.
    Always(u8),
    /// Where any row has a value for it.
    WhereReceived(u8),
    /// Where the rows come from several deployments.
    AmongSeveral,
    /// Never.
    OnRequest,
}

/// A field of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldSpec {
    pub name: &'static str,
    pub is_number: bool,
    pub table: Use,
    /// Whether it is a column of CSV without being asked for. That set never depends on the data.
    pub csv: bool,
    /// The least width it may be wrapped into.
    pub wrap: Option<usize>,
}

const fn text(name: &'static str, table: Use, csv: bool) -> FieldSpec {
    FieldSpec { name, is_number: false, table, csv, wrap: None }
}

const fn wrapped(name: &'static str, table: Use, csv: bool, least: usize) -> FieldSpec {
    FieldSpec { wrap: Some(least), ..text(name, table, csv) }
}

const fn number(name: &'static str, table: Use) -> FieldSpec {
    FieldSpec { name, is_number: true, table, csv: true, wrap: None }
}

const ESSENTIAL: Use = Use::Always(Column::ESSENTIAL);

const DEPLOYMENT: [FieldSpec; 6] = [
    wrapped("profile", Use::AmongSeveral, true, 8),
    wrapped("deployment_id", Use::AmongSeveral, true, 8),
    wrapped("endpoint", Use::OnRequest, false, 20),
    text("deployment_type", Use::OnRequest, false),
    text("platform", Use::OnRequest, false),
    text("scraped_at", Use::OnRequest, false),
];

const RULE: [FieldSpec; 12] = [
    wrapped("rule_id", ESSENTIAL, true, 24),
    text("status", ESSENTIAL, true),
    FieldSpec { is_number: true, ..text("status_code", Use::OnRequest, true) },
    number("matched", Use::Always(80)),
    number("passed", Use::Always(30)),
    number("failed", Use::Always(60)),
    number("exception", Use::Always(90)),
    number("no_result", Use::Always(20)),
    number("actions_taken", Use::Always(40)),
    number("actions_success", Use::Always(50)),
    number("actions_failed", Use::Always(95)),
    number("matched_rate", Use::WhereReceived(70)),
];

const RESOURCE: [FieldSpec; 5] = [
    wrapped("resource_id", Use::Always(10), true, 64),
    text("type", ESSENTIAL, true),
    wrapped("name", ESSENTIAL, true, 64),
    text("status", ESSENTIAL, true),
    FieldSpec { is_number: true, ..text("status_code", Use::OnRequest, true) },
];

const METRIC: [FieldSpec; 8] = [
    wrapped("name", ESSENTIAL, true, 40),
    wrapped("family", Use::OnRequest, true, 40),
    wrapped("labels", Use::OnRequest, true, 16),
    number("value", ESSENTIAL),
    text("unit", Use::Always(80), true),
    text("group", Use::Always(40), true),
    text("type", Use::OnRequest, true),
    wrapped("description", Use::Always(20), false, 48),
];

/// The fields of a kind's rows, in the order in which they are shown.
pub fn fields(kind: Kind) -> impl Iterator<Item = &'static FieldSpec> {
    let own: &'static [FieldSpec] = match kind {
        Kind::Cluster => &METRIC,
        Kind::Rules => &RULE,
        Kind::Resources => &RESOURCE,
    };
    DEPLOYMENT.iter().chain(own)
}

/// Their names: what `--columns` and `--sort` take.
pub fn field_names(kind: Kind) -> impl Iterator<Item = &'static str> {
    fields(kind).map(|field| field.name)
}
