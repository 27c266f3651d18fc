//! The fields that rows have, by kind: the one list that columns, sorting and completions are drawn from.

use super::answer::Kind;
use super::table::Column;
use crate::deployment::RuleCount;

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
    /// Whether it tells of change, for which it takes two looks at a deployment.
    pub of_change: bool,
    /// What stands above its column, where that is not its name.
    pub heading: Option<&'static str>,
}

const fn text(name: &'static str, table: Use, csv: bool) -> FieldSpec {
    FieldSpec { name, is_number: false, table, csv, wrap: None, of_change: false, heading: None }
}

const fn wrapped(name: &'static str, table: Use, csv: bool, least: usize) -> FieldSpec {
    FieldSpec { wrap: Some(least), ..text(name, table, csv) }
}

const fn number(name: &'static str, table: Use) -> FieldSpec {
    FieldSpec { is_number: true, ..text(name, table, true) }
}

/// A rate: the name of its field is as it is written in expressions, and no heading of a table.
const fn rate(name: &'static str, heading: &'static str, table: Use) -> FieldSpec {
    FieldSpec { of_change: true, heading: Some(heading), ..number(name, table) }
}

const ESSENTIAL: Use = Use::Always(Column::ESSENTIAL);

const DEPLOYMENT: [FieldSpec; 7] = [
    wrapped("profile", Use::AmongSeveral, true, 8),
    wrapped("deployment_id", Use::AmongSeveral, true, 8),
    wrapped("endpoint", Use::OnRequest, false, 20),
    text("deployment_type", Use::OnRequest, false),
    text("platform", Use::OnRequest, false),
    text("scraped_at", Use::OnRequest, false),
    FieldSpec { of_change: true, ..number("window_seconds", Use::OnRequest) },
];

/// What a rule loses counts most, and that it does so now more than that it ever did.
const RULE: [FieldSpec; 20] = [
    wrapped("rule_id", ESSENTIAL, true, 24),
    text("status", ESSENTIAL, true),
    FieldSpec { is_number: true, ..text("status_code", Use::OnRequest, true) },
    number("matched", Use::Always(80)),
    rate("rate(matched)", "MATCHED/s", Use::Always(110)),
    number("passed", Use::Always(30)),
    rate("rate(passed)", "PASSED/s", Use::Always(65)),
    number("failed", Use::Always(60)),
    rate("rate(failed)", "FAILED/s", Use::Always(105)),
    number("exception", Use::Always(90)),
    rate("rate(exception)", "EXCEPTION/s", Use::Always(115)),
    number("no_result", Use::Always(20)),
    rate("rate(no_result)", "NO_RESULT/s", Use::Always(35)),
    number("actions_taken", Use::Always(40)),
    rate("rate(actions_taken)", "ACTIONS_TAKEN/s", Use::Always(70)),
    number("actions_success", Use::Always(50)),
    rate("rate(actions_success)", "ACTIONS_SUCCESS/s", Use::Always(100)),
    number("actions_failed", Use::Always(95)),
    rate("rate(actions_failed)", "ACTIONS_FAILED/s", Use::Always(120)),
    number("matched_rate", Use::WhereReceived(70)),
];

const RESOURCE: [FieldSpec; 5] = [
    wrapped("resource_id", Use::Always(10), true, 64),
    text("type", ESSENTIAL, true),
    wrapped("name", ESSENTIAL, true, 64),
    text("status", ESSENTIAL, true),
    FieldSpec { is_number: true, ..text("status_code", Use::OnRequest, true) },
];

const METRIC: [FieldSpec; 9] = [
    wrapped("name", ESSENTIAL, true, 40),
    wrapped("family", Use::OnRequest, true, 40),
    wrapped("labels", Use::OnRequest, true, 16),
    number("value", ESSENTIAL),
    rate("rate(value)", "RATE", Use::Always(90)),
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

/// Their names: what `--columns` and `--sort` take, those of change with `--window`.
pub fn field_names(kind: Kind) -> impl Iterator<Item = &'static str> {
    fields(kind).map(|field| field.name)
}

/// The field that `rate(...)` is about; `None` for a name that is none of a rate.
pub fn rated(name: &str) -> Option<&str> {
    name.strip_prefix("rate(")?.strip_suffix(')')
}

/// Whether a row of the kind has a rate of its own of that field.
pub fn has_own_rate(kind: Kind, field: &str) -> bool {
    match kind {
        Kind::Cluster => field == "value",
        Kind::Rules => RuleCount::from_name(field).is_some(),
        Kind::Resources => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rate_of_a_row_is_a_field_beside_its_total() {
        for kind in [Kind::Cluster, Kind::Rules, Kind::Resources] {
            let names: Vec<&str> = field_names(kind).collect();
            for (at, name) in names.iter().enumerate() {
                let beside = names.get(at + 1).and_then(|next| rated(next));
                assert_eq!(beside == Some(name), has_own_rate(kind, name), "{name}");
            }
        }
        assert_eq!(field_names(Kind::Rules).filter(|name| rated(name).is_some()).count(), RuleCount::ALL.len());
    }
}
