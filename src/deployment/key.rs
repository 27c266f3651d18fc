//! What a metric is known by.

use super::catalog::{self, Entry, Scope};
use crate::exposition::MetricType;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

/// What a metric is known by, with what the catalog says about it: made once, when its sample is read.
///
/// Keys are told apart by the field that they are: `emqx_NAME` and `deployment_emqx_metrics_NAME` are both `metrics.NAME`.
/// The fields `cluster.NAME` come first.
#[derive(Debug, Clone)]
pub struct MetricKey {
    /// `None` for what is no field and goes by its whole name: families with labels of their own, and those of others.
    scope: Option<Scope>,
    name: Cow<'static, str>,
    entry: Option<&'static Entry>,
    kind: MetricType,
}

impl MetricKey {
    /// The field `name` of that scope.
    pub fn field(scope: Scope, name: &str) -> MetricKey {
        let entry = catalog::in_scope(scope, name);
        let known = entry.and_then(|entry| entry.names().find(|own| *own == name));
        let name = known.map_or_else(|| Cow::Owned(name.to_owned()), Cow::Borrowed);
        MetricKey { scope: Some(scope), name, entry, kind: kind(entry) }
    }

    /// What goes by its whole name.
    pub fn whole(family: &str) -> MetricKey {
        let entry = catalog::by_family(family);
        MetricKey { scope: None, name: Cow::Owned(family.to_owned()), entry, kind: kind(entry) }
    }

    /// What `declared` says it is, where no catalog knows better.
    #[must_use]
    pub fn declared(self, declared: MetricType) -> MetricKey {
        let kind = self.entry.map_or(declared, |entry| entry.kind);
        MetricKey { kind, ..self }
    }

    /// The same family, of whose samples one has labels of its own.
    pub(super) fn as_whole(&self) -> MetricKey {
        MetricKey { scope: None, name: Cow::Owned(self.family().into_owned()), ..*self }
    }

    /// As received: what stands behind the prefix, or the whole name of what is no field.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole name.
    pub fn family(&self) -> Cow<'_, str> {
        self.scope.map_or(Cow::Borrowed(&self.name), |scope| Cow::Owned(scope.family(&self.name)))
    }

    /// The catalog's row; `None` for a family that it does not know.
    pub fn entry(&self) -> Option<&'static Entry> {
        self.entry
    }

    /// What it is: the catalog's word, or else what the body declared.
    pub fn kind(&self) -> MetricType {
        self.kind
    }

    /// The scope that its name tells; `None` for what is no field.
    pub(super) fn scope(&self) -> Option<Scope> {
        self.scope
    }

    /// Whether it is a field of the deployment.
    pub fn is_field(&self) -> bool {
        self.scope.is_some()
    }

    /// Whether it is `cluster.NAME`: worked out by the platform for the deployment as a whole.
    pub fn is_cluster(&self) -> bool {
        self.scope == Some(Scope::Deployment)
    }

    fn identity(&self) -> (u8, &str) {
        let place = match self.scope {
            Some(Scope::Deployment) => 0,
            Some(Scope::Metrics | Scope::Broker) => 1,
            None => 2,
        };
        (place, &self.name)
    }
}

fn kind(entry: Option<&Entry>) -> MetricType {
    entry.map_or(MetricType::Untyped, |entry| entry.kind)
}

/// As expressions and JSON have it: `cluster.NAME`, `metrics.NAME`, or the whole name of what is no field.
impl fmt::Display for MetricKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.scope {
            Some(scope) => write!(f, "{}.{}", scope.map(), self.name),
            None => f.write_str(&self.name),
        }
    }
}

impl PartialEq for MetricKey {
    fn eq(&self, other: &MetricKey) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for MetricKey {}

impl PartialOrd for MetricKey {
    fn partial_cmp(&self, other: &MetricKey) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for MetricKey {
    fn cmp(&self, other: &MetricKey) -> Ordering {
        self.identity().cmp(&other.identity())
    }
}

/// The number of the field `field` of a deployment, found by any of its family's names: `cluster.NAME`, `metrics.NAME` or a
/// whole name. A name that was received counts before the catalog's other names of its family.
pub(super) fn value_of<T: Copy>(numbers: &BTreeMap<MetricKey, T>, field: &str) -> Option<T> {
    let under = |scope: Scope, name: &str| numbers.get(&MetricKey::field(scope, name)).copied();
    let received = match field.split_once('.') {
        Some(("cluster", name)) => under(Scope::Deployment, name),
        Some(("metrics", name)) => under(Scope::Metrics, name),
        _ => None,
    };
    received.or_else(|| {
        let entry = known(field)?;
        entry.names().find_map(|name| under(entry.scope, name))
    })
}

/// The family of the catalog that is the field `field`. One with labels of its own is many values and no field.
pub(super) fn known(field: &str) -> Option<&'static Entry> {
    let entry = match field.split_once('.') {
        Some(("cluster", name)) => catalog::of_cluster(name),
        Some(("metrics", name)) => catalog::of_metrics(name),
        _ => catalog::by_family(field),
    }?;
    entry.labels.is_empty().then_some(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_keeps_the_name_that_was_received() {
        for name in ["client_acl_deny", "authorization_deny", "brand_new"] {
            let key = MetricKey::field(Scope::Metrics, name);
            assert_eq!((key.name(), key.is_field()), (name, true));
        }
        assert!(!MetricKey::whole("up").is_field());
    }

    #[test]
    fn fields_of_the_cluster_come_first_and_what_is_no_field_last() {
        let keys = [
            MetricKey::field(Scope::Deployment, "z"),
            MetricKey::field(Scope::Metrics, "b"),
            MetricKey::field(Scope::Broker, "c"),
            MetricKey::whole("a"),
        ];
        assert!(keys.is_sorted(), "{keys:?}");
    }
}
