//! Which sample says what. A dialect is a file of its own and a line in [`DIALECTS`].

mod emqx5;
mod family;
mod platform;
mod version;

use super::catalog::{Group, Provenance, Scope};
use super::{Endpoint, MetricKey};
use family::Dialect;

pub(super) use family::{RuleFamily, RuleField};
pub(super) use version::never_sends;

const DIALECTS: [&Dialect; 2] = [&platform::PLATFORM, &emqx5::EMQX5];

/// What a family's samples are, told by its name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SampleKind {
    /// A field of the deployment.
    Metric,
    /// About a rule.
    Rule(&'static RuleFamily),
    /// A resource's status; the label that names the resource.
    Resource(&'static str),
    /// Nothing of EMQX.
    Foreign,
}

/// What the samples of that name are, and what they are known by where they have no labels of their own.
pub(super) fn classify(name: &str) -> (SampleKind, MetricKey) {
    let rule = || DIALECTS.iter().flat_map(|dialect| dialect.rules).find(|family| family.name == name);
    let resource = || DIALECTS.iter().flat_map(|dialect| dialect.resources).find(|(family, _)| *family == name);
    if let Some(family) = rule() {
        (SampleKind::Rule(family), MetricKey::whole(name))
    } else if let Some((_, id)) = resource() {
        (SampleKind::Resource(id), MetricKey::whole(name))
    } else if let Some((scope, bare)) = Scope::cut(name) {
        (SampleKind::Metric, MetricKey::field(scope, bare))
    } else {
        (SampleKind::Foreign, MetricKey::whole(name))
    }
}

/// The endpoint that such a family comes from, where its name tells; what no catalog knows is the cluster's.
pub(super) fn endpoint_of(kind: SampleKind, key: &MetricKey) -> Option<Endpoint> {
    if kind == SampleKind::Foreign {
        return None;
    }
    let Some(entry) = key.entry() else { return Some(Endpoint::Cluster) };
    let about_rules = matches!(entry.group, Group::Rules | Group::Resources | Group::Actions);
    match (about_rules, entry.scope) {
        (false, _) => Some(Endpoint::Cluster),
        (true, Scope::Deployment) => Some(Endpoint::DataIntegration),
        (true, _) if entry.seen.contains(&Provenance::Emqx5Rules) => Some(Endpoint::DataIntegration),
        // An exporter beside the broker, whose rules are told node by node.
        (true, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_samples_are() {
        for (name, kind, key) in [
            ("deployment_emqx_connections_count", SampleKind::Metric, "cluster.connections_count"),
            ("deployment_emqx_brand_new", SampleKind::Metric, "cluster.brand_new"),
            ("deployment_emqx_metrics_bytes_sent", SampleKind::Metric, "metrics.bytes_sent"),
            ("emqx_bytes_sent", SampleKind::Metric, "metrics.bytes_sent"),
            ("deployment_emqx_resource_status", SampleKind::Resource("resource_id"), "deployment_emqx_resource_status"),
            ("emqx_connector_status", SampleKind::Resource("id"), "emqx_connector_status"),
            ("emqx_", SampleKind::Foreign, "emqx_"),
            ("deployment_emqx_metrics_", SampleKind::Metric, "cluster.metrics_"),
            ("erlang_vm_process_count", SampleKind::Foreign, "erlang_vm_process_count"),
            ("up", SampleKind::Foreign, "up"),
        ] {
            let (found, known_by) = classify(name);
            assert_eq!((found, known_by.to_string().as_str()), (kind, key));
        }
        let id = |name| if let SampleKind::Rule(family) = classify(name).0 { family.id } else { "" };
        assert_eq!((id("deployment_emqx_rule_status"), id("emqx_rule_enable")), ("rule_id", "id"));
    }

    #[test]
    fn names_tell_the_endpoint() {
        for (name, expected) in [
            ("deployment_emqx_rule_status", Some(Endpoint::DataIntegration)),
            ("deployment_emqx_resource_status", Some(Endpoint::DataIntegration)),
            ("emqx_rules_count", Some(Endpoint::DataIntegration)),
            ("emqx_action_queuing", Some(Endpoint::DataIntegration)),
            ("emqx_rule_topic_hit_count", None),
            ("emqx_bytes_sent", Some(Endpoint::Cluster)),
            ("deployment_emqx_brand_new", Some(Endpoint::Cluster)),
            ("up", None),
        ] {
            let (kind, key) = classify(name);
            assert_eq!(endpoint_of(kind, &key), expected, "{name}");
        }
    }
}
