//! Clients and their sessions.

use crate::deployment::catalog::build::{counter, gauge};
use crate::deployment::catalog::entry::Provenance::*;
use crate::deployment::catalog::entry::{Concern, Entry, Group, Unit};

const HERE: Group = Group::Clients;

pub(super) const ROWS: &[Entry] = &[
    gauge(HERE, "connections_count", Unit::Connections)
        .of_deployment()
        .label("connections")
        .means(
            "Sessions that belong to a client, whether or not it is connected at this moment, over the whole \
             deployment.",
            "A rise means more clients; a sudden fall means that many clients are gone at once, as when a node or a \
             network path is lost.",
        )
        .note(
            "The vendor calls it the number of connections; live_connections_count holds the clients that are \
             connected now.",
        )
        .seen(&[Sample, Table, Operators4, Operators5, Later])
        .chinese("部署当前的连接数，包括暂时离线但保留会话的客户端"),
    gauge(HERE, "connections_count", Unit::Connections)
        .label("connections")
        .means(
            "Sessions that belong to a client, whether or not it is connected at this moment, as the brokers count \
             them.",
            "A rise means more clients; a sudden fall means that many clients are gone at once.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("当前连接数，包括暂时离线但保留会话的客户端"),
    gauge(HERE, "connections_max", Unit::Connections)
        .label("connections peak")
        .means(
            "Peak connections_count of each node since it started, summed over the nodes.",
            "It records a past peak and rises only with a new one; it is not a limit.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("启动以来的连接数峰值（各节点之和，不是上限）"),
    gauge(HERE, "live_connections_count", Unit::Connections)
        .label("live connections")
        .means(
            "Clients that are connected at this moment.",
            "A rise means more clients online; a sudden fall means that many have lost their connection.",
        )
        .seen(&[Sample, Dashboard, Later, Emqx5, Emqx4])
        .chinese("当前在线的连接数"),
    gauge(HERE, "live_connections_max", Unit::Connections)
        .label("live connections peak")
        .means(
            "Peak live_connections_count of each node since it started, summed over the nodes.",
            "It records a past peak and rises only with a new one; it is not a limit.",
        )
        .seen(&[Sample, Later, Emqx5, Emqx4])
        .chinese("启动以来的在线连接数峰值（各节点之和，不是上限）"),
    gauge(HERE, "sessions_count", Unit::Sessions)
        .of_deployment()
        .label("sessions")
        .means(
            "Sessions of the deployment, those of connected clients and those kept for clients that are away.",
            "A rise without more live connections means that sessions are kept for absent clients, with their \
             queues in memory.",
        )
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, Later])
        .chinese("部署当前的会话数，包括在线和离线会话"),
    gauge(HERE, "sessions_count", Unit::Sessions)
        .label("sessions")
        .means(
            "Sessions as the brokers count them, those of connected clients and those kept for clients that are away.",
            "A rise without more live connections means that sessions are kept for absent clients, with their \
             queues in memory.",
        )
        .seen(&[Sample, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("当前会话数，包括在线和离线会话"),
    gauge(HERE, "sessions_max", Unit::Sessions)
        .label("sessions peak")
        .means(
            "Peak sessions_count of each node since it started, summed over the nodes.",
            "It records a past peak and rises only with a new one; it is not a limit.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("启动以来的会话数峰值（各节点之和，不是上限）"),
    gauge(HERE, "channels_count", Unit::Channels)
        .label("channels")
        .means(
            "Channels, the broker's processes that each hold one session; always the same number as sessions_count.",
            "Read it as sessions_count.",
        )
        .note("The vendor's HELP text is the internal name sessions.count.")
        .seen(&[Sample, Emqx5])
        .chinese("当前 Channel 数，与会话数相同"),
    gauge(HERE, "channels_max", Unit::Channels)
        .label("channels peak")
        .means(
            "Peak channels_count of each node since it started, summed over the nodes; the same number as \
             sessions_max.",
            "It records a past peak; it is not a limit.",
        )
        .note("The vendor's HELP text is the internal name session.max.")
        .seen(&[Sample, Emqx5])
        .chinese("启动以来的 Channel 数峰值（与会话数峰值相同，不是上限）"),
    gauge(HERE, "cluster_sessions_count", Unit::Sessions)
        .label("cluster sessions")
        .means(
            "Entries of the cluster's session registry; sessions that are gone may be among them for a while \
             (broker.session_history_retain).",
            "A rise means more clients, or more sessions kept for absent ones.",
        )
        .seen(&[Sample, Later, Emqx5])
        .chinese("集群会话数（按全集群会话注册表统计，不是各节点之和）"),
    gauge(HERE, "cluster_sessions_max", Unit::Sessions)
        .label("cluster sessions peak")
        .means(
            "Peak cluster_sessions_count seen.",
            "It records a past peak and can be lower than sessions_max, which is a sum over nodes; it is not a limit.",
        )
        .seen(&[Sample, Later, Emqx5])
        .chinese("集群启动以来的会话数峰值（不是上限）"),
    gauge(HERE, "disconnected_durable_sessions", Unit::Sessions)
        .of_deployment()
        .label("disconnected durable sessions")
        .means(
            "Durable sessions, stored on disk, whose client is not connected.",
            "A rise means that more clients are away; messages for them are stored until they return or their \
             sessions expire.",
        )
        .seen(&[Later])
        .chinese("客户端未连接的持久会话数"),
    counter(HERE, "client_connect", Unit::Requests)
        .label("connection requests")
        .means(
            "CONNECT requests that the broker began to handle.",
            "A rise far above that of client_connected means that clients are refused, or give up and try again.",
        )
        .seen(&[Sample, Operators4, Operators5, Emqx5])
        .chinese("客户端发起连接请求的次数（含被拒绝的）"),
    counter(HERE, "client_connack", Unit::Replies)
        .label("CONNACK replies")
        .means(
            "CONNACK replies that the broker prepared, accepting or refusing a client.",
            "It follows client_connect; what it exceeds client_connected by was refused.",
        )
        .seen(&[Sample, Operators4, Operators5, Emqx5])
        .chinese("发送 CONNACK 应答的次数"),
    counter(HERE, "client_connected", Unit::Clients)
        .label("connected")
        .means(
            "Times that a client connected successfully.",
            "A fast rise with as fast a client_disconnected means that clients reconnect again and again.",
        )
        .seen(&[Sample, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("客户端成功连接的次数"),
    counter(HERE, "client_disconnected", Unit::Clients)
        .label("disconnected")
        .means(
            "Times that a connected client's connection ended, for whatever reason.",
            "A jump means that many connections were lost at once: a node, a network path or a client release.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("客户端连接断开的次数"),
    counter(HERE, "client_disconnected_reason", Unit::Clients)
        .label("disconnects by reason")
        .means(
            "Times that a client's connection ended, by the reason in the label reason; a broker's own endpoint \
             adds the listener.",
            "The reason that rises tells a keep-alive time-out from a client's own disconnect, a takeover or a refusal.",
        )
        .concern(Concern::Jump)
        .labels(&["reason"])
        .seen(&[Operators5, Emqx5])
        .chinese("按原因统计的客户端断开次数"),
    counter(HERE, "session_created", Unit::Sessions)
        .label("sessions created")
        .means(
            "Sessions created.",
            "A fast rise means many new clients, or clients that ask for a clean session each time they reconnect.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("创建的会话数"),
    counter(HERE, "session_resumed", Unit::Sessions)
        .label("sessions resumed")
        .means(
            "Sessions that a returning client took up again, because it did not ask for a clean one.",
            "A fast rise means that clients come and go; what was queued for them is delivered at once.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("恢复的会话数"),
    counter(HERE, "session_takenover", Unit::Sessions)
        .label("sessions taken over")
        .means(
            "Sessions that moved to a new connection of the same client id while the old connection was still there.",
            "A steady rise often means that two clients use one client id and disconnect each other.",
        )
        .concern(Concern::Jump)
        .also_called(&["session_takeovered"])
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("被接管的会话数"),
    counter(HERE, "session_discarded", Unit::Sessions)
        .label("sessions discarded")
        .means(
            "Sessions discarded because the same client id connected anew with a clean session.",
            "A steady rise often means that two clients use one client id, or that clients reconnect without waiting.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("因 Clean Start 而丢弃的会话数"),
    counter(HERE, "session_terminated", Unit::Sessions)
        .label("sessions terminated")
        .means(
            "Sessions that ended, by disconnecting, by expiry or by an administrator.",
            "It follows the disconnections of clients whose sessions are not kept.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("终止的会话数"),
    gauge(HERE, "banned_count", Unit::Clients)
        .of_broker()
        .label("banned clients")
        .means(
            "Entries on the list of banned clients, users and addresses.",
            "A rise means that somebody, or flapping detection, bans clients.",
        )
        .seen(&[Emqx5Auth]),
];
