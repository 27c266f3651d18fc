//! The labels of a sample, by what they are for.

use super::dialect::SampleKind;
use crate::exposition::Labels;
use std::borrow::Cow;

/// The labels that name a deployment.
pub(super) const IDENTITY: [&str; 3] = ["deployment_id", "deployment_type", "platform"];

/// The labels of a sample, by what they are for: read in one pass.
#[derive(Debug, Default)]
pub(super) struct SampleLabels<'a> {
    pub deployment_id: Option<Cow<'a, str>>,
    pub deployment_type: Option<Cow<'a, str>>,
    pub platform: Option<Cow<'a, str>>,
    /// Names the rule or resource.
    pub id: Option<Cow<'a, str>>,
    /// Tells which count of the rule it is.
    pub which: Option<Cow<'a, str>>,
    pub has_others: bool,
}

impl<'a> SampleLabels<'a> {
    pub(super) fn of(labels: Labels<'a>, kind: SampleKind) -> SampleLabels<'a> {
        let (id, which) = match kind {
            SampleKind::Rule(family) => (family.id, family.label()),
            SampleKind::Resource(id) => (id, ""),
            SampleKind::Metric | SampleKind::Foreign => ("", ""),
        };
        let mut sorted = SampleLabels::default();
        for (name, value) in labels.iter() {
            let slot = match &*name {
                "deployment_id" => &mut sorted.deployment_id,
                "deployment_type" => &mut sorted.deployment_type,
                "platform" => &mut sorted.platform,
                name if name == id => &mut sorted.id,
                name if name == which => &mut sorted.which,
                _ => {
                    sorted.has_others = true;
                    continue;
                }
            };
            // A label without a value is no label (the text format's specification of Prometheus' data model).
            *slot = (!value.is_empty()).then_some(value);
        }
        sorted
    }
}
