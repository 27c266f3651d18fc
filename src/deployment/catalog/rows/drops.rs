//! What was dropped, and why.

use crate::deployment::catalog::build::{counter, gauge};
use crate::deployment::catalog::entry::Provenance::*;
use crate::deployment::catalog::entry::{Concern, Entry, Group, Unit};

const HERE: Group = Group::Drops;

pub(super) const ROWS: &[Entry] = &[
    counter(HERE, "messages_dropped", Unit::Messages)
        .label("messages dropped")
        .means(
            "Messages that the broker dropped before it handed them to any session; its reasons are the \
             messages_dropped_ families, but for receive_maximum, which is not part of the sum.",
            "A rise for no_subscribers can be normal: nobody asked for the message. For other reasons messages are \
             lost that somebody wanted.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("在接收阶段丢弃的消息总数"),
    counter(HERE, "messages_dropped_no_subscribers", Unit::Messages)
        .label("no subscribers")
        .means(
            "Messages dropped because no client subscribes to their topic.",
            "Often normal, as with telemetry that nobody reads; a jump can mean that subscribers are gone. Messages \
             that only rules read count here too.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("因没有订阅者而丢弃的消息数"),
    counter(HERE, "messages_dropped_expired", Unit::Messages)
        .label("await PUBREL timeout")
        .means(
            "QoS 2 messages dropped because the publisher did not send the PUBREL that releases them in time \
             (await_pubrel_timeout).",
            "A rise means publishers that break off the QoS 2 handshake, as on bad networks.",
        )
        .concern(Concern::Growth)
        .note(
            "The vendor's HELP text says that the messages expired; the broker counts the time-out of PUBREL under \
             this name.",
        )
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("因等待 PUBREL 超时而丢弃的 QoS 2 消息数"),
    counter(HERE, "messages_dropped_quota_exceeded", Unit::Messages)
        .of_broker()
        .label("quota exceeded")
        .means(
            "QoS 0 messages dropped because their publisher exceeded its quota.",
            "A rise means that a rate limit is at work: too low, or a client out of control.",
        )
        .concern(Concern::Growth)
        .seen(&[Emqx5]),
    counter(HERE, "messages_dropped_receive_maximum", Unit::Messages)
        .of_broker()
        .label("Receive Maximum")
        .means(
            "QoS 2 messages dropped because their publisher had more of them open than Receive Maximum allows; it \
             is disconnected.",
            "A rise means clients that ignore the limit the broker told them.",
        )
        .concern(Concern::Growth)
        .seen(&[Emqx5]),
    gauge(HERE, "dropped_msg_rate", Unit::MessagesPerSecond)
        .of_deployment()
        .label("dropped msg rate")
        .means(
            "Messages dropped per second.",
            "A rise means that more is lost or unwanted; the dropped families of the metrics say why.",
        )
        .concern(Concern::Jump)
        .seen(&[Later])
        .chinese("消息丢弃速率"),
    counter(HERE, "delivery_dropped", Unit::Messages)
        .label("deliveries dropped")
        .means(
            "Messages dropped on their way from the broker to a subscriber's connection; its reasons are the \
             delivery_dropped_ families.",
            "A rise means that subscribers miss messages that were meant for them.",
        )
        .concern(Concern::Growth)
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("在投递阶段丢弃的消息总数"),
    counter(HERE, "delivery_dropped_queue_full", Unit::Messages)
        .label("queue full")
        .means(
            "Messages dropped because the subscriber's queue was full: it was away, or too slow, for too long.",
            "A rise means lost messages; find the slow or absent subscribers, or raise the queue's length \
             (mqtt.max_mqueue_len).",
        )
        .concern(Concern::Growth)
        .note("The vendor's HELP text speaks of QoS 1 and 2 only; QoS 0 counts here too where the queue keeps it.")
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("因消息队列已满而丢弃的消息数"),
    counter(HERE, "delivery_dropped_qos0_msg", Unit::Messages)
        .label("QoS 0")
        .means(
            "QoS 0 messages dropped because they would have had to wait in the subscriber's queue, which does not \
             keep QoS 0 (mqtt.mqueue_store_qos0).",
            "A rise means subscribers that are slow or away; their QoS 0 messages are lost, as the setting says.",
        )
        .concern(Concern::Growth)
        .note(
            "The vendor's HELP text says that the queue was full; a queue that keeps QoS 0 and is full counts as \
             queue_full.",
        )
        .seen(&[Sample, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("因消息队列不保存 QoS 0 消息而丢弃的消息数"),
    counter(HERE, "delivery_dropped_too_large", Unit::Messages)
        .label("too large")
        .means(
            "Messages dropped because they are larger than the Maximum Packet Size that the subscriber announced.",
            "A rise means publishers whose messages some subscribers can never take.",
        )
        .concern(Concern::Growth)
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("因超过客户端最大报文长度而丢弃的消息数"),
    counter(HERE, "delivery_dropped_expired", Unit::Messages)
        .label("expired")
        .means(
            "Messages dropped on delivery because their expiry interval had passed.",
            "A rise means that messages wait longer than their publishers gave them: slow or absent subscribers.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("投递时因消息过期而丢弃的消息数"),
    counter(HERE, "delivery_dropped_no_local", Unit::Messages)
        .label("No Local")
        .means(
            "Messages not sent back to the client that published them, because it subscribed with the No Local \
             option.",
            "Normal: the client asked for it.",
        )
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("因 No Local 订阅选项而丢弃的消息数"),
    counter(HERE, "packets_publish_dropped", Unit::Packets)
        .label("PUBLISH dropped")
        .means(
            "PUBLISH packets dropped: QoS 0 above a quota, QoS 2 above the limit of messages that wait for their PUBREL.",
            "A rise means publishers above their limits; their messages are lost.",
        )
        .concern(Concern::Growth)
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("因超出配额（QoS 0）或待释放消息上限（QoS 2）而丢弃的 PUBLISH 报文数"),
];
