//! Which EMQX a snapshot is of, told by the names that it was sent: an older or a newer one does not send everything.

use crate::deployment::catalog::{Entry, Provenance, Scope};
use crate::deployment::{MetricKey, Snapshot};

/// A kind of server, by what it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::deployment) enum Version {
    /// The platform today, as on its Prometheus page.
    Platform5,
    /// The platform's v4 deployments, which have older names for authentication and authorization.
    Platform4,
    /// The platform as its newest page has it: rates as gauges, `node_count` in place of the nodes' states.
    PlatformLater,
    /// EMQX 5 itself.
    Broker5,
    /// EMQX 4 itself.
    Broker4,
    /// emqx-exporter, beside a broker.
    Exporter,
}

impl Version {
    /// In words, as messages name it.
    pub(in crate::deployment) fn phrase(self) -> &'static str {
        match self {
            Version::Platform5 => "EMQX Platform",
            Version::Platform4 => "EMQX Platform v4",
            Version::PlatformLater => "this version of EMQX Platform",
            Version::Broker5 => "EMQX 5",
            Version::Broker4 => "EMQX 4",
            Version::Exporter => "emqx-exporter",
        }
    }

    fn sources(self) -> &'static [Provenance] {
        match self {
            Version::Platform5 => &[Provenance::Sample, Provenance::Table],
            Version::Platform4 => &[Provenance::Operators4],
            Version::PlatformLater => &[Provenance::Later],
            Version::Broker5 => &[Provenance::Emqx5, Provenance::Emqx5Auth, Provenance::Emqx5Rules],
            Version::Broker4 => &[Provenance::Emqx4],
            Version::Exporter => &[Provenance::Exporter],
        }
    }

    /// Whether it sends that family.
    fn sends(self, entry: &Entry) -> bool {
        self.sources().iter().any(|source| entry.seen.contains(source))
    }

    /// What the name of one metric says: `None` for a name that several have.
    fn of(key: &MetricKey) -> Option<Version> {
        let entry = key.entry()?;
        let sends = |version: Version| version.sends(entry);
        let only = |version: Version, others: &[Version]| {
            (sends(version) && !others.iter().any(|other| sends(*other))).then_some(version)
        };
        if key.scope() == Some(Scope::Broker) {
            let [five, four, exporter] = [Version::Broker5, Version::Broker4, Version::Exporter];
            return only(five, &[four]).or_else(|| only(four, &[five])).or_else(|| only(exporter, &[five, four]));
        }
        let [five, four, later] = [Version::Platform5, Version::Platform4, Version::PlatformLater];
        if key.name() != entry.name && sends(four) {
            return Some(four);
        }
        only(five, &[four, later]).or_else(|| only(later, &[five, four]))
    }
}

/// Whether it is a family that the platform's v4 deployments know by an older name, under the name that it has since.
fn has_newer_name(key: &MetricKey) -> bool {
    let renamed = |entry: &Entry| !entry.aliases.is_empty() && Version::Platform4.sends(entry);
    key.entry().is_some_and(|entry| key.name() == entry.name && renamed(entry))
}

/// The version that never sends that family; `None` where one that was recognised should have sent it, or none was recognised.
pub(in crate::deployment) fn never_sends(snapshot: &Snapshot, entry: &Entry) -> Option<Version> {
    let metrics = snapshot.metrics.as_ref()?;
    let mut versions: Vec<Version> = metrics.keys().filter_map(Version::of).collect();
    // Nothing else has the older names, unless it has the newer ones beside them.
    if versions.contains(&Version::Platform4) && !metrics.keys().any(has_newer_name) {
        versions = vec![Version::Platform4];
    }
    let has = |name: &str| metrics.keys().any(|key| key.name() == name);
    if has("node_count") && entry.name.starts_with("cluster_nodes_") && versions.contains(&Version::PlatformLater) {
        return Some(Version::PlatformLater);
    }
    let first = *versions.first()?;
    (!versions.iter().any(|version| version.sends(entry))).then_some(first)
}
