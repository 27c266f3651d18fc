//! Why a field of a deployment has no value, or none to rely on.

use super::catalog::{self, Entry};
use super::dialect::never_sends;
use super::key;
use super::totals::summed;
use super::{RuleCount, Snapshot};

/// Why nothing can be said about a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absence {
    NotReceived,
    /// The server that was recognised never sends it: its name.
    NotSent(&'static str),
    /// It was received and cannot be relied on: why, a clause.
    NotUnderstood(String),
}

impl Snapshot {
    /// Why what was received of the field cannot be relied on; `None` where there is no doubt.
    pub(super) fn doubt(&self, field: &str) -> Option<String> {
        let list = match field.split_once('.') {
            Some(("rules", "enabled" | "disabled")) if self.doubts.rules.why.is_none() => &self.doubts.rule_statuses,
            Some(("rules", _)) => &self.doubts.rules,
            Some(("resources", _)) => &self.doubts.resources,
            _ if self.doubts.metrics.is_empty() => return None,
            _ => return key::value_of(&self.doubts.metrics, field).map(|why| format!("{field} is doubtful: {why}")),
        };
        list.why.clone()
    }

    /// Why the field has no value, or none to rely on.
    pub fn absence(&self, field: &str) -> Absence {
        if let Some(why) = self.doubt(field).or_else(|| self.labelled(field)) {
            return Absence::NotUnderstood(why);
        }
        let entry = match field.split_once('.') {
            Some(("rules", _)) => self.told_by_no_rule(field),
            Some(("resources", _)) => None,
            _ => key::known(field),
        };
        match entry.and_then(|entry| never_sends(self, entry)) {
            Some(version) => Absence::NotSent(version.phrase()),
            None => Absence::NotReceived,
        }
    }

    /// The field's family came with labels that its catalog entry does not have, so that it is many values.
    fn labelled(&self, field: &str) -> Option<String> {
        let entry = key::known(field)?;
        let series = self.series.iter().find(|series| {
            series.key.entry().is_some_and(|own| std::ptr::eq(own, entry)) && !series.labels.is_empty()
        })?;
        let (label, _) = series.labels.iter().next()?;
        Some(format!("{} came with the label '{label}', which is not known", series.key.name()))
    }

    /// The family of a sum over the rules, where none of them came with its count.
    fn told_by_no_rule(&self, field: &str) -> Option<&'static Entry> {
        let count = summed(field)?;
        let rules = self.rules.as_ref()?;
        rules.iter().all(|rule| rule.counts[count].is_none()).then(|| family(count)).flatten()
    }
}

/// The platform's family of a rule's count.
fn family(count: RuleCount) -> Option<&'static Entry> {
    let (label, _) = count.label();
    let of_rules = |entry: &&Entry| entry.group == catalog::Group::Rules && entry.labels.contains(&label);
    catalog::all().find(of_rules)
}
