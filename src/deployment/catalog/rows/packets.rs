//! MQTT packets by type.

use crate::deployment::catalog::build::counter;
use crate::deployment::catalog::entry::Provenance::*;
use crate::deployment::catalog::entry::{Concern, Entry, Group, Unit};

const HERE: Group = Group::Packets;

pub(super) const ROWS: &[Entry] = &[
    counter(HERE, "packets_received", Unit::Packets)
        .label("packets received")
        .means(
            "MQTT packets of all types received from clients.",
            "Its rate is the work that clients bring, messages or not.",
        )
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("已接收报文数"),
    counter(HERE, "packets_sent", Unit::Packets)
        .label("packets sent")
        .means(
            "MQTT packets of all types sent to clients, without messages on $SYS topics.",
            "Its rate is the work towards clients, messages or not.",
        )
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("已发送报文数"),
    counter(HERE, "packets_connect", Unit::Packets)
        .label("CONNECT received")
        .means(
            "CONNECT packets received: a client asks to connect.",
            "A fast rise means that clients reconnect again and again.",
        )
        .also_called(&["packets_connect_received"])
        .note("The vendor's HELP text says sent; its table calls the family packets_connect_received.")
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("已接收 CONNECT 报文数"),
    counter(HERE, "packets_connack_sent", Unit::Packets)
        .label("CONNACK sent")
        .means(
            "CONNACK packets sent: the reply to CONNECT, accepting or refusing.",
            "It follows packets_connect; packets_connack_error counts the refusals.",
        )
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("已发送 CONNACK 报文数"),
    counter(HERE, "packets_disconnect_received", Unit::Packets)
        .label("DISCONNECT received")
        .means(
            "DISCONNECT packets received: a client disconnects.",
            "A client that goes without one counts in client_disconnected only.",
        )
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("已接收 DISCONNECT 报文数"),
    counter(HERE, "packets_disconnect_sent", Unit::Packets)
        .label("DISCONNECT sent")
        .means(
            "DISCONNECT packets sent: the broker ends an MQTT 5 connection and says why.",
            "A rise means that the broker disconnects clients: takeovers, limits, errors or an administrator.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("已发送 DISCONNECT 报文数"),
    counter(HERE, "packets_publish_received", Unit::Packets)
        .label("PUBLISH received")
        .means(
            "PUBLISH packets received: a client publishes a message.",
            "Its rate is the load that publishers bring, denied and dropped messages included.",
        )
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("已接收 PUBLISH 报文数"),
    counter(HERE, "packets_publish_sent", Unit::Packets)
        .label("PUBLISH sent")
        .means("PUBLISH packets sent: a message goes to a subscriber.", "Its rate is the load towards subscribers.")
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("已发送 PUBLISH 报文数"),
    counter(HERE, "packets_publish_error", Unit::Packets)
        .label("PUBLISH error")
        .means(
            "PUBLISH packets received that were answered with an error code, for any reason; QoS 0 has no answer, and \
             does not count.",
            "A rise means messages that were not published; packets_publish_auth_error says how many for lack of \
             rights.",
        )
        .concern(Concern::Growth)
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已接收、以错误原因码应答的 PUBLISH 报文数（QoS 1、2）"),
    counter(HERE, "packets_publish_inuse", Unit::Packets)
        .label("PUBLISH ID in use")
        .means(
            "QoS 2 PUBLISH packets received whose packet identifier is still in use by another message.",
            "A rise means a client that repeats itself or counts identifiers wrongly.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已接收的、报文标识符已被占用的 PUBLISH 报文数"),
    counter(HERE, "packets_puback_received", Unit::Packets)
        .label("PUBACK received")
        .means(
            "PUBACK packets received: the reply to a QoS 1 PUBLISH.",
            "It follows messages_qos1_sent; falling behind means subscribers that do not acknowledge.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已接收 PUBACK 报文数"),
    counter(HERE, "packets_puback_sent", Unit::Packets)
        .label("PUBACK sent")
        .means("PUBACK packets sent: the reply to a QoS 1 PUBLISH.", "It follows messages_qos1_received.")
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已发送 PUBACK 报文数"),
    counter(HERE, "packets_puback_inuse", Unit::Packets)
        .label("PUBACK ID in use")
        .means(
            "PUBACK packets received for an identifier that is in use at another step of its exchange.",
            "A rise means clients that repeat replies or mix up identifiers.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已接收的、报文标识符已被占用的 PUBACK 报文数"),
    counter(HERE, "packets_puback_missed", Unit::Packets)
        .label("PUBACK unknown ID")
        .means(
            "PUBACK packets received for an identifier that the broker does not know.",
            "A rise means replies that come too late, after a time-out or a lost session.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已接收的、报文标识符未知的 PUBACK 报文数"),
    counter(HERE, "packets_pubrec_received", Unit::Packets)
        .label("PUBREC received")
        .means(
            "PUBREC packets received: the first reply to a QoS 2 PUBLISH.",
            "It follows messages_qos2_sent; falling behind means subscribers that do not acknowledge.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已接收 PUBREC 报文数"),
    counter(HERE, "packets_pubrec_sent", Unit::Packets)
        .label("PUBREC sent")
        .means("PUBREC packets sent: the first reply to a QoS 2 PUBLISH.", "It follows messages_qos2_received.")
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已发送 PUBREC 报文数"),
    counter(HERE, "packets_pubrec_inuse", Unit::Packets)
        .label("PUBREC ID in use")
        .means(
            "PUBREC packets received for an identifier that is in use at another step of its exchange.",
            "A rise means clients that repeat replies or mix up identifiers.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已接收的、报文标识符已被占用的 PUBREC 报文数"),
    counter(HERE, "packets_pubrec_missed", Unit::Packets)
        .label("PUBREC unknown ID")
        .means(
            "PUBREC packets received for an identifier that the broker does not know.",
            "A rise means replies that come too late, after a time-out or a lost session.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已接收的、报文标识符未知的 PUBREC 报文数"),
    counter(HERE, "packets_pubrel_received", Unit::Packets)
        .label("PUBREL received")
        .means(
            "PUBREL packets received: the release of a QoS 2 message.",
            "It follows packets_pubrec_sent; falling behind means publishers that break off the exchange.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已接收 PUBREL 报文数"),
    counter(HERE, "packets_pubrel_sent", Unit::Packets)
        .label("PUBREL sent")
        .means("PUBREL packets sent: the release of a QoS 2 message.", "It follows packets_pubrec_received.")
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已发送 PUBREL 报文数"),
    counter(HERE, "packets_pubrel_missed", Unit::Packets)
        .label("PUBREL unknown ID")
        .means(
            "PUBREL packets received for an identifier that the broker does not know.",
            "A rise means replies that come too late, after a time-out or a lost session.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已接收的、报文标识符未知的 PUBREL 报文数"),
    counter(HERE, "packets_pubcomp_received", Unit::Packets)
        .label("PUBCOMP received")
        .means(
            "PUBCOMP packets received: the end of a QoS 2 exchange.",
            "It follows packets_pubrel_sent; falling behind means subscribers that break off the exchange.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已接收 PUBCOMP 报文数"),
    counter(HERE, "packets_pubcomp_sent", Unit::Packets)
        .label("PUBCOMP sent")
        .means("PUBCOMP packets sent: the end of a QoS 2 exchange.", "It follows packets_pubrel_received.")
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已发送 PUBCOMP 报文数"),
    counter(HERE, "packets_pubcomp_inuse", Unit::Packets)
        .label("PUBCOMP ID in use")
        .means(
            "PUBCOMP packets received for an identifier that is in use at another step of its exchange.",
            "A rise means clients that repeat replies or mix up identifiers.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已接收的、报文标识符已被占用的 PUBCOMP 报文数"),
    counter(HERE, "packets_pubcomp_missed", Unit::Packets)
        .label("PUBCOMP unknown ID")
        .means(
            "PUBCOMP packets received for an identifier that the broker does not know.",
            "A rise means replies that come too late, after a time-out or a lost session.",
        )
        .concern(Concern::Jump)
        .note("The vendor's HELP text speaks of missed PUBCOMP packets; they were received, for an unknown identifier.")
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已接收的、报文标识符未知的 PUBCOMP 报文数"),
    counter(HERE, "packets_subscribe_received", Unit::Packets)
        .label("SUBSCRIBE received")
        .means("SUBSCRIBE packets received.", "A fast rise follows reconnecting clients that subscribe again.")
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("已接收 SUBSCRIBE 报文数"),
    counter(HERE, "packets_subscribe_error", Unit::Packets)
        .label("SUBSCRIBE error")
        .means(
            "SUBSCRIBE packets received of which at least one subscription failed, for any reason.",
            "A rise means clients without the subscriptions they asked for.",
        )
        .concern(Concern::Growth)
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已接收的、订阅失败的 SUBSCRIBE 报文数"),
    counter(HERE, "packets_suback_sent", Unit::Packets)
        .label("SUBACK sent")
        .means("SUBACK packets sent: the reply to SUBSCRIBE.", "It follows packets_subscribe_received.")
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已发送 SUBACK 报文数"),
    counter(HERE, "packets_unsubscribe_received", Unit::Packets)
        .label("UNSUBSCRIBE received")
        .means("UNSUBSCRIBE packets received.", "A fast rise means clients that change their topics often.")
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("已接收 UNSUBSCRIBE 报文数"),
    counter(HERE, "packets_unsubscribe_error", Unit::Packets)
        .label("UNSUBSCRIBE error")
        .means(
            "UNSUBSCRIBE packets received that failed; EMQX 5 and 6 have the counter and never count it.",
            "0 says nothing.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("取消订阅失败的 UNSUBSCRIBE 报文数（EMQX 5、6 未统计，恒为 0）"),
    counter(HERE, "packets_unsuback_sent", Unit::Packets)
        .label("UNSUBACK sent")
        .means("UNSUBACK packets sent: the reply to UNSUBSCRIBE.", "It follows packets_unsubscribe_received.")
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("已发送 UNSUBACK 报文数"),
    counter(HERE, "packets_pingreq_received", Unit::Packets)
        .label("PINGREQ received")
        .means(
            "PINGREQ packets received: an idle client shows that it is alive.",
            "Many of them with few messages mean idle clients, or very short keep-alive times.",
        )
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("已接收 PINGREQ 报文数"),
    counter(HERE, "packets_pingresp_sent", Unit::Packets)
        .label("PINGRESP sent")
        .means("PINGRESP packets sent: the reply to PINGREQ.", "It follows packets_pingreq_received.")
        .note("The vendor's HELP text says PUBRESP, which MQTT does not have.")
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("已发送 PINGRESP 报文数"),
    counter(HERE, "packets_auth_received", Unit::Packets)
        .label("AUTH received")
        .means(
            "AUTH packets received, of MQTT 5 enhanced authentication.",
            "A rise means clients that use it, or authenticate again on an open connection.",
        )
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("已接收 AUTH 报文数"),
    counter(HERE, "packets_auth_sent", Unit::Packets)
        .label("AUTH sent")
        .means("AUTH packets sent, of MQTT 5 enhanced authentication.", "It follows packets_auth_received.")
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("已发送 AUTH 报文数"),
];
