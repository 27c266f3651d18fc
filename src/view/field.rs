//! The fields that rows have, by kind: the one table that columns, sorting, filters, CSV, completions and the live screen
//! are drawn from.

use super::answer::Kind;
use super::summary::Summary;
use super::table::{Column, Gives};
use crate::deployment::catalog::Group;
use crate::deployment::{Field, FieldKind, Metric, Resource, ResourceStatus, Rule, RuleCount, RuleStatus};
use crate::exposition::MetricType;
use crate::source::Report;
use crate::units::grouped;

/// When a field is a column of a table without being asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Always; hidden on a narrow screen in the order of this importance.
    Always(u8),
    /// Where any row has a value for it.
    WhereReceived(u8),
    /// Where the rows come from several deployments.
    AmongSeveral,
    /// Never.
    OnRequest,
}

/// Where the value of a field is read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Read {
    Deployment(for<'a> fn(&'a Report) -> Field<'a>),
    Summary(for<'a> fn(&'a Summary) -> Field<'a>),
    Identity(for<'a> fn(&'a Report) -> Option<&'a str>),
    Rule(for<'a> fn(&'a Rule) -> Field<'a>),
    Count(RuleCount),
    /// A part of a whole, 0 to 1.
    Share(for<'a> fn(&'a Rule) -> Field<'a>),
    /// How fast the count grows, per second.
    CountRate(RuleCount),
    Resource(for<'a> fn(&'a Resource) -> Field<'a>),
    Metric(for<'a> fn(&'a Metric<'a>) -> Field<'a>),
    /// The value of a metric.
    Value,
    /// How fast it grows, per second.
    ValueRate,
}

/// A field of a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct FieldSpec {
    pub name: &'static str,
    pub kind: FieldKind,
    pub read: Read,
    pub table: Use,
    /// Whether it is a column of CSV without being asked for. That set never depends on the data.
    pub csv: bool,
    /// How it gives way on a narrow screen.
    pub gives: Gives,
    /// Whether it is aligned as numbers are.
    pub right: bool,
    /// Whether it tells of change, for which it takes two looks at a deployment.
    pub of_change: bool,
    /// What stands above its column, where that is not its name.
    pub heading: Option<&'static str>,
    /// As a column of the live screen: what stands above it, and its importance there.
    pub live: Option<(&'static str, u8)>,
}

impl FieldSpec {
    pub(super) fn is_number(&self) -> bool {
        self.kind == FieldKind::Number
    }

    /// Whether it is a part of a whole.
    pub(super) fn is_share(&self) -> bool {
        matches!(self.read, Read::Share(_))
    }

    /// Whether it is growth per second.
    pub(super) fn is_rate(&self) -> bool {
        matches!(self.read, Read::CountRate(_) | Read::ValueRate) || self.name.ends_with("_rate")
    }

    const fn state(self, words: &'static [&'static str]) -> FieldSpec {
        FieldSpec { kind: FieldKind::State(words), ..self }
    }

    const fn word(self, words: &'static [&'static str]) -> FieldSpec {
        FieldSpec { kind: FieldKind::Word(words), ..self }
    }

    const fn cut(self, least: usize) -> FieldSpec {
        FieldSpec { gives: Gives::Middle(least), ..self }
    }

    const fn clipped(self, least: usize) -> FieldSpec {
        FieldSpec { gives: Gives::End(least), ..self }
    }

    const fn right(self) -> FieldSpec {
        FieldSpec { right: true, ..self }
    }

    const fn headed(self, heading: &'static str) -> FieldSpec {
        FieldSpec { heading: Some(heading), ..self }
    }

    const fn without_csv(self) -> FieldSpec {
        FieldSpec { csv: false, ..self }
    }

    const fn of_change(self) -> FieldSpec {
        FieldSpec { of_change: true, ..self }
    }

    const fn live(self, title: &'static str, importance: u8) -> FieldSpec {
        FieldSpec { live: Some((title, importance)), ..self }
    }
}

const fn text(name: &'static str, table: Use, read: Read) -> FieldSpec {
    let kind = FieldKind::Text;
    FieldSpec {
        name,
        kind,
        read,
        table,
        csv: true,
        gives: Gives::Nothing,
        right: false,
        of_change: false,
        heading: None,
        live: None,
    }
}

const fn identity(name: &'static str, table: Use, read: for<'a> fn(&'a Report) -> Option<&'a str>) -> FieldSpec {
    text(name, table, Read::Identity(read))
}

const fn number(name: &'static str, table: Use, read: Read) -> FieldSpec {
    FieldSpec { kind: FieldKind::Number, right: true, ..text(name, table, read) }
}

const fn count(name: &'static str, importance: u8, count: RuleCount) -> FieldSpec {
    number(name, Use::Always(importance), Read::Count(count))
}

/// A rate that is a column where it was asked for.
const fn rate_on_request(name: &'static str, heading: &'static str, read: Read) -> FieldSpec {
    FieldSpec { table: Use::OnRequest, ..rate(name, heading, 0, read) }
}

/// A rate: the name of its field is as it is written in expressions, and no heading of a table.
const fn rate(name: &'static str, heading: &'static str, importance: u8, read: Read) -> FieldSpec {
    FieldSpec { of_change: true, heading: Some(heading), ..number(name, Use::Always(importance), read) }
}

const E: u8 = Column::ESSENTIAL;
const ESSENTIAL: Use = Use::Always(E);

const DEPLOYMENT: &[FieldSpec] = {
    use Use::{AmongSeveral, OnRequest};
    &[
        identity("profile", AmongSeveral, |report| report.profile.as_deref()).cut(8),
        identity("deployment_id", AmongSeveral, |report| report.snapshot.identity.deployment_id.as_deref()).cut(8),
        identity("endpoint", OnRequest, |report| report.endpoint.as_deref()).cut(20).without_csv(),
        identity("deployment_type", OnRequest, |report| report.snapshot.identity.deployment_type.as_deref())
            .without_csv(),
        identity("platform", OnRequest, |report| report.snapshot.identity.platform.as_deref()).without_csv(),
        text("scraped_at", OnRequest, Read::Deployment(|of| Field::text(format!("{:.3}", of.scraped_at))))
            .without_csv(),
        number("window_seconds", OnRequest, Read::Deployment(|of| of.window().map(|w| w.as_secs_f64()).into()))
            .of_change(),
    ]
};

/// What a rule loses counts most, and that it does so now more than that it ever did.
const RULE: &[FieldSpec] = {
    use Read::CountRate;
    use RuleCount::{ActionsFailed, ActionsSuccess, ActionsTaken, Exception, Failed, Matched, NoResult, Passed};
    &[
        text("rule_id", ESSENTIAL, Read::Rule(|rule| Field::text(&rule.rule_id))).cut(18).live("rule", E),
        text("status", ESSENTIAL, Read::Rule(|rule| received(rule.status.map(RuleStatus::word))))
            .state(RuleStatus::WORDS)
            .live("status", E),
        number("status_code", Use::OnRequest, Read::Rule(|rule| rule.status.map(RuleStatus::code).into())),
        count("matched", 80, Matched).live("matched", 55),
        rate("rate(matched)", "MATCHED/s", 110, CountRate(Matched)).live("matched/s", 95),
        count("passed", 30, Passed).live("passed", 20),
        rate("rate(passed)", "PASSED/s", 65, CountRate(Passed)).live("passed/s", 45),
        // Ordinary filtering counts here too: its two parts tell more.
        number("failed", Use::OnRequest, Read::Count(Failed)),
        rate_on_request("rate(failed)", "FAILED/s", CountRate(Failed)),
        count("exception", 90, Exception).live("exception", 65),
        rate("rate(exception)", "EXCEPTION/s", 115, CountRate(Exception)).live("exception/s", 85),
        count("no_result", 60, NoResult).live("no result", 30),
        rate("rate(no_result)", "NO_RESULT/s", 63, CountRate(NoResult)).live("no result/s", 40),
        count("actions_taken", 40, ActionsTaken).live("actions taken", 35),
        rate("rate(actions_taken)", "ACTIONS_TAKEN/s", 70, CountRate(ActionsTaken)).live("actions taken/s", 70),
        count("actions_success", 50, ActionsSuccess),
        rate("rate(actions_success)", "ACTIONS_SUCCESS/s", 100, CountRate(ActionsSuccess)),
        count("actions_failed", 95, ActionsFailed).live("actions failed", 75),
        rate("rate(actions_failed)", "ACTIONS_FAILED/s", 120, CountRate(ActionsFailed)).live("actions failed/s", 90),
        number("action_failure_share", Use::Always(97), Read::Share(|rule| rule.action_failure_share().into()))
            .live("failing", 92),
        number("matched_rate", Use::WhereReceived(70), Read::Rule(|rule| rule.matched_rate.into())),
    ]
};

const RESOURCE: &[FieldSpec] = &[
    text("resource_id", Use::Always(10), Read::Resource(|resource| Field::text(&resource.resource_id)))
        .cut(60)
        .live("id", 20),
    text("type", ESSENTIAL, Read::Resource(|resource| received(resource.kind()))).live("type", E),
    text("name", ESSENTIAL, Read::Resource(|resource| Field::text(resource.name()))).cut(20).live("name", E),
    text("status", ESSENTIAL, Read::Resource(|resource| received(resource.status.map(ResourceStatus::word))))
        .state(ResourceStatus::WORDS)
        .live("status", E),
    number("status_code", Use::OnRequest, Read::Resource(|resource| resource.status.map(ResourceStatus::code).into())),
];

/// In a row of their own deployments need no other name.
const OF_SUMMARY: &[FieldSpec] = {
    use Use::OnRequest;
    &[
        identity("profile", OnRequest, |report| report.profile.as_deref()).cut(8),
        identity("deployment_id", OnRequest, |report| report.snapshot.identity.deployment_id.as_deref()).cut(8),
        identity("endpoint", OnRequest, |report| report.endpoint.as_deref()).cut(20).without_csv(),
        number("window_seconds", OnRequest, Read::Deployment(|of| of.window().map(|w| w.as_secs_f64()).into()))
            .without_csv(),
    ]
};

/// What a deployment is and does, few numbers of each.
const SUMMARY: &[FieldSpec] = {
    use Read::Summary as Of;
    use Use::{Always, OnRequest};
    const WORDS: &[&str] = &["ok", "warning", "critical", "unknown"];
    &[
        text("deployment", ESSENTIAL, Of(|one| Field::text(&one.name))).cut(12).live("deployment", E),
        text("status", OnRequest, Of(|one| Field::text(one.status.word()))).word(WORDS),
        text("nodes", Always(92), Of(|one| of(one.nodes_running, one.nodes_stopped)))
            .right()
            .without_csv()
            .live("nodes", 92),
        number("nodes_running", OnRequest, Of(|one| one.nodes_running.into())),
        number("nodes_stopped", OnRequest, Of(|one| one.nodes_stopped.into())),
        number("clients", Always(90), Of(|one| one.clients.into())).live("clients", 90),
        number("sessions", OnRequest, Of(|one| one.sessions.into())),
        number("received_rate", Always(85), Of(|one| one.received_rate.into())).headed("IN/s").live("in/s", 85),
        number("sent_rate", Always(84), Of(|one| one.sent_rate.into())).headed("OUT/s").live("out/s", 84),
        number("dropped_rate", Always(80), Of(|one| one.dropped_rate.into())).headed("DROPS/s").live("drops/s", 80),
        text("rules", Always(70), Of(|one| of(one.rules_enabled, one.rules_disabled)))
            .right()
            .without_csv()
            .live("rules", 70),
        number("rules_enabled", OnRequest, Of(|one| one.rules_enabled.into())),
        number("rules_disabled", OnRequest, Of(|one| one.rules_disabled.into())),
        text("resources", Always(75), Of(|one| of(one.resources_up, one.resources_down)))
            .right()
            .without_csv()
            .live("resources", 75),
        number("resources_up", OnRequest, Of(|one| one.resources_up.into())),
        number("resources_down", OnRequest, Of(|one| one.resources_down.into())),
        text("worst", ESSENTIAL, Of(|one| received(one.worst.as_deref()))).clipped(16).live("worst", E),
    ]
};

/// `2/3`: how many there are of those that are as they should be; of what was not received nothing is said.
fn of(well: Option<f64>, others: Option<f64>) -> Field<'static> {
    received(well.map(|well| match others {
        Some(others) => format!("{}/{}", grouped(well), grouped(well + others)),
        None => grouped(well),
    }))
}

const METRIC: &[FieldSpec] = &[
    text("name", ESSENTIAL, Read::Metric(|metric| Field::text(metric.key.to_string()))).cut(24).live("metric", E),
    text("family", Use::OnRequest, Read::Metric(|metric| Field::Text(metric.key.family()))).cut(24),
    text("labels", Use::OnRequest, Read::Metric(|metric| said(metric.label_text()))).cut(16),
    number("value", ESSENTIAL, Read::Value).live("value", E),
    rate("rate(value)", "RATE", 90, Read::ValueRate).live("per second", 90),
    text("unit", Use::Always(80), Read::Metric(|metric| said(metric.unit().word()))).live("unit", 60),
    text("group", Use::Always(40), Read::Metric(|metric| Field::text(metric.group().word())))
        .word(Group::WORDS)
        .live("group", 40),
    text("type", Use::OnRequest, Read::Metric(|metric| Field::text(metric.key.kind().as_str())))
        .word(&MetricType::WORDS),
    text("description", Use::Always(20), Read::Metric(|metric| said(metric.description())))
        .clipped(30)
        .without_csv()
        .live("meaning", 20),
];

/// The fields of a kind's rows, in the order in which they are shown.
pub(super) fn fields(kind: Kind) -> impl Iterator<Item = &'static FieldSpec> {
    let (identity, own): (&'static [FieldSpec], &'static [FieldSpec]) = match kind {
        Kind::Deployments => (OF_SUMMARY, SUMMARY),
        Kind::Cluster => (DEPLOYMENT, METRIC),
        Kind::Rules => (DEPLOYMENT, RULE),
        Kind::Resources => (DEPLOYMENT, RESOURCE),
    };
    identity.iter().chain(own)
}

/// Their names: what `--columns` and `--sort` take, those of change with `--window`.
pub fn field_names(kind: Kind) -> impl Iterator<Item = &'static str> {
    fields(kind).map(|field| field.name)
}

/// The field that `rate(...)` is about; `None` for a name that is none of a rate.
pub(super) fn rated(name: &str) -> Option<&str> {
    name.strip_prefix("rate(")?.strip_suffix(')')
}

/// Whether a row of the kind has a rate of its own of that field.
pub(super) fn has_own_rate(kind: Kind, name: &str) -> bool {
    fields(kind).any(|field| rated(field.name) == Some(name))
}

/// Text that may be missing.
fn received<'a>(text: Option<impl Into<std::borrow::Cow<'a, str>>>) -> Field<'a> {
    text.map_or(Field::Missing, Field::text)
}

/// Text that is missing where there is nothing to say.
fn said<'a>(text: impl Into<std::borrow::Cow<'a, str>>) -> Field<'a> {
    received(Some(text.into()).filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_is_a_field_of_its_name_with_its_rate_beside_it() {
        let fields: Vec<_> = fields(Kind::Rules).collect();
        for count in RuleCount::ALL {
            let at = fields.iter().position(|field| field.name == count.name()).unwrap();
            assert!(matches!(fields[at].read, Read::Count(read) if read == *count), "{}", count.name());
            assert!(matches!(fields[at + 1].read, Read::CountRate(read) if read == *count), "{}", count.name());
            assert_eq!(rated(fields[at + 1].name), Some(count.name()));
        }
    }
}
