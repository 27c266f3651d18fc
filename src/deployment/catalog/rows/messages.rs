//! Messages by direction and QoS, and those that wait.

use crate::deployment::catalog::build::{counter, gauge};
use crate::deployment::catalog::entry::Provenance::*;
use crate::deployment::catalog::entry::{Entry, Group, Unit};

const HERE: Group = Group::Messages;

pub(super) const ROWS: &[Entry] = &[
    gauge(HERE, "messages_rate", Unit::MessagesPerSecond)
        .of_deployment()
        .label("messages/s")
        .means(
            "Messages received and sent per second, together.",
            "A rise means more load; a fall to 0 with clients connected means that nothing flows.",
        )
        .seen(&[Sample, Table, Dashboard])
        .chinese("消息总速率（每秒收发之和）"),
    gauge(HERE, "messages_receive_rate", Unit::MessagesPerSecond)
        .of_deployment()
        .label("messages received/s")
        .means(
            "Messages received from clients per second.",
            "A rise means that clients publish more; a sudden fall means that publishers are gone.",
        )
        .also_called(&["received_msg_rate"])
        .seen(&[Sample, Table, Dashboard, Later])
        .chinese("消息接收速率"),
    gauge(HERE, "messages_send_rate", Unit::MessagesPerSecond)
        .of_deployment()
        .label("messages sent/s")
        .means(
            "Messages sent to clients per second.",
            "It grows with what is received times the subscribers of each message; a fall without one on the \
             receiving side means that subscribers are gone.",
        )
        .also_called(&["sent_msg_rate"])
        .seen(&[Sample, Table, Dashboard, Later])
        .chinese("消息发送速率"),
    gauge(HERE, "persisted_rate", Unit::MessagesPerSecond)
        .of_deployment()
        .label("persisted rate")
        .means("Messages stored for durable sessions per second.", "A rise means more work and space on disk.")
        .seen(&[Later])
        .chinese("消息持久化速率"),
    gauge(HERE, "retained_msg_count", Unit::Messages)
        .of_deployment()
        .label("retained msg count")
        .means(
            "Retained messages that the deployment holds.",
            "A steady rise means that retained messages are never cleared; the deployment's plan limits them.",
        )
        .seen(&[Later])
        .chinese("部署当前的保留消息数"),
    counter(HERE, "messages_received", Unit::Messages)
        .label("messages received")
        .means(
            "Messages received from clients; the sum of the three by QoS.",
            "Its rate is the load that publishers bring.",
        )
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("接收的消息数"),
    counter(HERE, "messages_sent", Unit::Messages)
        .label("messages sent")
        .means(
            "Messages sent to clients, without those on the broker's own $SYS topics; the sum of the three by QoS.",
            "Its rate is the load towards subscribers: what is received times the subscribers of each message.",
        )
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("发送的消息数"),
    counter(HERE, "messages_qos0_received", Unit::Messages)
        .label("QoS 0 received")
        .means(
            "QoS 0 messages received from clients (delivered at most once, without a reply).",
            "Its share of messages_received is what publishers can afford to lose.",
        )
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("接收的 QoS 0 消息数"),
    counter(HERE, "messages_qos1_received", Unit::Messages)
        .label("QoS 1 received")
        .means(
            "QoS 1 messages received from clients (acknowledged by PUBACK, possibly repeated).",
            "Its share of messages_received is what publishers need delivered at least once.",
        )
        .note("The vendor's HELP text says QoS 2: those of qos1_received and qos2_received are swapped.")
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("接收的 QoS 1 消息数"),
    counter(HERE, "messages_qos2_received", Unit::Messages)
        .label("QoS 2 received")
        .means(
            "QoS 2 messages received from clients (delivered exactly once, over four packets).",
            "A rise costs the most of the three: four packets and stored state for every message.",
        )
        .note("The vendor's HELP text says QoS 1: those of qos1_received and qos2_received are swapped.")
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("接收的 QoS 2 消息数"),
    counter(HERE, "messages_qos0_sent", Unit::Messages)
        .label("QoS 0 sent")
        .means("QoS 0 messages sent to clients.", "It is not acknowledged: a client that loses it does not tell.")
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("发送的 QoS 0 消息数"),
    counter(HERE, "messages_qos1_sent", Unit::Messages)
        .label("QoS 1 sent")
        .means(
            "QoS 1 messages sent to clients.",
            "A rise above that of packets_puback_received means messages on their way or repeated.",
        )
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("发送的 QoS 1 消息数"),
    counter(HERE, "messages_qos2_sent", Unit::Messages)
        .label("QoS 2 sent")
        .means(
            "QoS 2 messages sent to clients.",
            "A rise costs the most of the three: four packets and stored state for every message.",
        )
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("发送的 QoS 2 消息数"),
    counter(HERE, "messages_publish", Unit::Messages)
        .label("messages published")
        .means(
            "Messages that entered the broker to be routed, from clients, rules, delayed publishing and the API, \
             without those on $SYS topics.",
            "A rise above that of messages_received means that rules or other internal sources publish too.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("发布的消息数（不含 $SYS 系统消息）"),
    counter(HERE, "messages_delivered", Unit::Messages)
        .label("messages delivered")
        .means(
            "Messages that a session passed on to its client's connection, counted as they leave the queue.",
            "What it exceeds messages_sent by was larger than the client takes, or is on $SYS topics.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("投递给订阅者的消息数（出队后计数）"),
    counter(HERE, "messages_acked", Unit::Messages)
        .label("messages acked")
        .means(
            "Messages that a subscriber acknowledged, by PUBACK (QoS 1) or PUBREC (QoS 2).",
            "If it falls behind the QoS 1 and 2 messages sent, subscribers are slow or gone, and queues fill.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("被订阅者确认的消息数"),
    counter(HERE, "messages_forward", Unit::Messages)
        .label("messages forwarded")
        .means(
            "Messages forwarded to another node, because a subscriber is connected there.",
            "Its share of the traffic is what the network between the nodes carries.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("转发到其他节点的消息数"),
    counter(HERE, "messages_retained", Unit::Messages)
        .label("retained events")
        .means(
            "Messages with the retain flag that the broker stored, counted as they come.",
            "A rise means that retained messages are set or replaced; retained_count says how many are held now.",
        )
        .note(
            "The vendor's HELP text describes it as the number stored, which retained_count is. EMQX before \
             6.2.2 does not count it: 0 there says nothing.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("写入保留消息的累计次数（当前数量见 retained_count）"),
    counter(HERE, "messages_delayed", Unit::Messages)
        .label("delayed enqueued")
        .means(
            "Messages accepted for delayed publishing ($delayed topics), counted as they come.",
            "A rise means that clients use delayed publishing; delayed_count says how many wait now.",
        )
        .note("The vendor's HELP text describes it as the number stored, which delayed_count is.")
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("接受的延迟发布消息累计数（当前数量见 delayed_count）"),
    gauge(HERE, "retained_count", Unit::Messages)
        .label("retained messages")
        .means(
            "Retained messages held at this moment.",
            "A steady rise means that retained messages are never cleared: they take memory, and each new \
             subscriber gets those that match.",
        )
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("当前保留消息数量"),
    gauge(HERE, "retained_max", Unit::Messages)
        .label("retained peak")
        .means("Peak retained_count seen.", "It records a past peak; it is not a limit.")
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("启动以来的保留消息数量峰值（不是上限）"),
    gauge(HERE, "delayed_count", Unit::Messages)
        .label("delayed messages")
        .means(
            "Delayed messages that wait for their time at this moment.",
            "A steady rise means that more is put off than comes due.",
        )
        .seen(&[Sample, Later, Emqx5])
        .chinese("当前等待发布的延迟消息数"),
    gauge(HERE, "delayed_max", Unit::Messages)
        .label("delayed peak")
        .means(
            "Peak delayed_count of each node since it started, summed over the nodes.",
            "It records a past peak; it is not a limit.",
        )
        .seen(&[Sample, Later, Emqx5])
        .chinese("启动以来的延迟消息数峰值（各节点之和，不是上限）"),
    gauge(HERE, "messages_input_period_second", Unit::MessagesPerSecond)
        .of_broker()
        .label("messages input period second")
        .means(
            "Messages received per second, as emqx-exporter reads it from the broker.",
            "A rise means that clients publish more.",
        )
        .seen(&[Exporter]),
    gauge(HERE, "messages_output_period_second", Unit::MessagesPerSecond)
        .of_broker()
        .label("messages output period second")
        .means(
            "Messages sent per second, as emqx-exporter reads it from the broker.",
            "A fall without one on the receiving side means that subscribers are gone.",
        )
        .seen(&[Exporter]),
];
