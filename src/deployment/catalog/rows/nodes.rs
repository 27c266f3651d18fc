//! Nodes of the cluster.

use crate::deployment::catalog::build::gauge;
use crate::deployment::catalog::entry::Provenance::*;
use crate::deployment::catalog::entry::{Concern, Entry, Group, Unit};

const HERE: Group = Group::Nodes;

pub(super) const ROWS: &[Entry] = &[
    gauge(HERE, "cluster_nodes_running", Unit::Nodes)
        .label("nodes running")
        .means(
            "Nodes of the cluster that are running.",
            "A fall means that a node has stopped or is cut off from the others; its clients have to reconnect \
             elsewhere.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("集群中正在运行的节点数"),
    gauge(HERE, "cluster_nodes_stopped", Unit::Nodes)
        .label("nodes stopped")
        .means(
            "Nodes that belong to the cluster and are not running.",
            "Any value above 0 is a node that is down: less capacity, and no spare if another one follows.",
        )
        .concern(Concern::AboveZero)
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("集群中已停止的节点数"),
    gauge(HERE, "node_count", Unit::Nodes)
        .of_deployment()
        .label("node count")
        .means(
            "Nodes of the deployment.",
            "A fall means that a node has left; a rise follows a change of the deployment's size.",
        )
        .seen(&[Later])
        .chinese("部署的节点数"),
    gauge(HERE, "cluster_status", Unit::Status)
        .of_deployment()
        .label("cluster status")
        .also_in_broker()
        .means(
            "State of the cluster as the one who measures it judges it: emqx-exporter sends 2 for healthy and 1 for \
             not; the platform does not document its values.",
            "A value that changes means that this judgement has changed: look at the nodes that run and those that \
             have stopped.",
        )
        .seen(&[Operators4, Operators5, Exporter])
        .chinese("集群状态（emqx-exporter：2 正常，1 异常）"),
    gauge(HERE, "cluster_node_uptime", Unit::Seconds)
        .of_broker()
        .label("cluster node uptime")
        .means("Time since the node started.", "It rises steadily; a fall means that the node was restarted.")
        .labels(&["node"])
        .seen(&[Exporter]),
    gauge(HERE, "scrape_collector_success", Unit::Status)
        .of_broker()
        .label("scrape collector success")
        .means(
            "Whether emqx-exporter could collect one part of its data: 1 if so, 0 if not.",
            "0 means that the families of this part are old or absent.",
        )
        .concern(Concern::Zero)
        .labels(&["collector"])
        .seen(&[Exporter]),
];
