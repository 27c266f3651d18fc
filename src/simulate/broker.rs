//! Clients, sessions, messages and packets: what the cluster endpoint counts.
//!
//! [`super::flows`] and the levels below are simulated; every count is a sum of those, so the sums that hold
//! in a real deployment hold here at every instant.

use super::flows::{Streams, Totals};
use super::wave::Level;

/// An instant of simulated time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// Since the deployment's first instant.
    pub seconds: f64,
    /// The total of [`super::wave::Activity`] then.
    pub activity: f64,
}

/// The clients and what they do.
#[derive(Debug)]
pub(super) struct Broker {
    streams: Streams,
    nodes: u32,
    live: Level,
    offline: Level,
    subscriptions: Level,
    shared: Level,
    topics: Level,
    retained: Level,
    delayed: Level,
}

impl Broker {
    /// `start`: the total activity when the simulation starts.
    pub fn new(rng: &mut fastrand::Rng, nodes: u32, start: f64) -> Broker {
        let clients = rng.u32(2_400..=6_800).into();
        Broker {
            streams: Streams::new(rng, clients, start),
            nodes,
            live: Level::new(rng, clients),
            offline: Level::new(rng, clients * 0.08),
            subscriptions: Level::new(rng, clients * 0.4),
            shared: Level::new(rng, clients * 0.06),
            topics: Level::new(rng, clients * 0.7),
            retained: Level::new(rng, clients * 0.3),
            delayed: Level::new(rng, clients * 0.02),
        }
    }

    /// Everything the broker has counted at `now`. `earlier` is a moment before, to take the rates from; `stopped` nodes are down.
    pub fn counts(&self, now: Moment, earlier: Moment, stopped: u32) -> Counts<'_> {
        let exact = self.streams.totals(now.activity);
        let before = self.streams.totals(earlier.activity).floor();
        let live = self.live.at(now.seconds);
        let offline = self.offline.at(now.seconds);
        let of = exact.floor();
        let span = (now.seconds - earlier.seconds).max(f64::MIN_POSITIVE);
        Counts {
            broker: self,
            of,
            // Whoever is here came and did not leave; those who left are counted, so this counts those who came.
            created: (exact.left + exact.lost + exact.lapsed + exact.discarded + live + offline).floor(),
            parked: (exact.resumed + exact.lapsed + offline).floor(),
            seconds: now.seconds,
            stopped: stopped.into(),
            receive_rate: (of.received() - before.received()) / span,
            send_rate: (of.sent() - before.sent()) / span,
        }
    }
}

/// Rounding of the flows that a level is made from can lift it by this much.
const SLACK: f64 = 5.0;

/// What the broker has counted at one instant.
pub(super) struct Counts<'a> {
    broker: &'a Broker,
    of: Totals,
    created: f64,
    /// Clients that left and kept their session.
    parked: f64,
    seconds: f64,
    stopped: f64,
    receive_rate: f64,
    send_rate: f64,
}

impl Counts<'_> {
    fn connected(&self) -> f64 {
        self.created + self.of.resumed + self.of.taken_over
    }
    fn disconnected(&self) -> f64 {
        self.of.left + self.of.lost + self.parked + self.of.taken_over + self.of.discarded
    }
    fn terminated(&self) -> f64 {
        self.of.left + self.of.lost + self.of.lapsed
    }
    fn sessions(&self) -> f64 {
        self.created - self.terminated() - self.of.discarded
    }
    fn sessions_max(&self) -> f64 {
        (self.broker.live.max() + self.broker.offline.max() + SLACK).ceil()
    }
    fn connects(&self) -> f64 {
        self.connected() + self.of.auth_failures() + self.of.turned_away
    }
    fn subscribed(&self) -> f64 {
        self.created + self.of.resubscribed
    }
    fn subscribe_received(&self) -> f64 {
        self.subscribed() + self.of.subscribe_denied + self.of.subscribe_failed
    }
    fn subscriptions(&self) -> f64 {
        2.0 * self.sessions() + self.broker.subscriptions.at(self.seconds).floor()
    }
    fn subscriptions_max(&self) -> f64 {
        2.0 * self.sessions_max() + self.broker.subscriptions.max().ceil()
    }
    fn shared(&self) -> f64 {
        self.level(&self.broker.shared)
    }
    fn level(&self, level: &Level) -> f64 {
        level.at(self.seconds).floor()
    }
    fn level_max(&self, level: &Level) -> f64 {
        level.max().ceil()
    }
    fn checked_by_rule(&self) -> f64 {
        self.subscribed() + self.of.released2 + self.of.unreleased2
    }
    fn cache_hits(&self) -> f64 {
        self.of.routed0 + self.of.unrouted0 + self.of.routed1
    }
    fn cache_misses(&self) -> f64 {
        self.of.superuser0 + self.of.unmatched0 + self.checked_by_rule() + self.of.denied()
    }
    fn disconnects_sent(&self) -> f64 {
        self.of.taken_over + self.of.discarded
    }
    fn packets_received(&self) -> f64 {
        self.connects()
            + self.of.received()
            + self.of.puback_received()
            + self.of.pubrec_received()
            + self.of.pubrel_received()
            + self.of.pubcomp_received()
            + self.subscribe_received()
            + self.of.unsubscribe_received()
            + self.of.pings
            + self.of.left
            + self.of.auth_exchanges
    }
    fn packets_sent(&self) -> f64 {
        self.connects()
            + self.of.sent()
            + self.of.qos1_received()
            + self.of.qos2_received()
            + self.of.pubrec_received()
            + self.of.pubrel_received()
            + self.subscribe_received()
            + self.of.unsubscribe_received()
            + self.of.pings
            + self.disconnects_sent()
            + self.of.auth_exchanges
    }

    /// The value of the family `deployment_emqx_NAME`; `None` where nothing here is called so.
    pub fn value(&self, name: &str) -> Option<f64> {
        let of = &self.of;
        let broker = self.broker;
        Some(match name {
            "connections_count" => self.sessions(),
            "messages_rate" => self.receive_rate + self.send_rate,
            "messages_receive_rate" => self.receive_rate,
            "messages_send_rate" => self.send_rate,
            "metrics_authentication_failure" => of.auth_failures(),
            "metrics_authentication_success" => self.connected(),
            "metrics_authentication_success_anonymous" => 0.0,
            "metrics_authorization_allow" => of.published() + self.subscribed(),
            "metrics_authorization_cache_hit" => self.cache_hits(),
            "metrics_authorization_cache_miss" => self.cache_misses(),
            "metrics_authorization_deny" => of.denied(),
            "metrics_authorization_matched_allow" => self.checked_by_rule(),
            "metrics_authorization_matched_deny" => of.denied(),
            "metrics_authorization_nomatch" => of.unmatched0,
            "metrics_authorization_superuser" => of.superuser0,
            "metrics_bytes_received" => of.payload_in + 6.0 * self.packets_received(),
            "metrics_bytes_sent" => of.payload_out + 6.0 * self.packets_sent(),
            "metrics_channels_count" => self.sessions(),
            "metrics_channels_max" => self.sessions_max(),
            "metrics_client_auth_anonymous" => 0.0,
            "metrics_client_authenticate" => self.connected() + of.auth_failures(),
            "metrics_client_authorize" => self.cache_misses(),
            "metrics_client_connack" => self.connects(),
            "metrics_client_connect" => self.connects(),
            "metrics_client_connected" => self.connected(),
            "metrics_client_disconnected" => self.disconnected(),
            "metrics_client_subscribe" => self.subscribed(),
            "metrics_client_unsubscribe" => of.unsubscribed,
            "metrics_cluster_nodes_running" => f64::from(broker.nodes) - self.stopped,
            "metrics_cluster_nodes_stopped" => self.stopped,
            "metrics_cluster_sessions_count" => self.sessions(),
            "metrics_cluster_sessions_max" => self.sessions_max(),
            "metrics_connections_count" => self.sessions(),
            "metrics_connections_max" => self.sessions_max(),
            "metrics_delayed_count" => self.level(&broker.delayed),
            "metrics_delayed_max" => self.level_max(&broker.delayed),
            "metrics_delivery_dropped" => of.delivery_dropped(),
            "metrics_delivery_dropped_expired" => of.expired,
            "metrics_delivery_dropped_no_local" => of.no_local,
            "metrics_delivery_dropped_qos0_msg" => of.queue_full0,
            "metrics_delivery_dropped_queue_full" => of.queue_full,
            "metrics_delivery_dropped_too_large" => of.too_large,
            "metrics_live_connections_count" => self.connected() - self.disconnected(),
            "metrics_live_connections_max" => (broker.live.max() + SLACK).ceil(),
            "metrics_messages_acked" => of.acked1 + of.completed2 + of.uncompleted2,
            "metrics_messages_delayed" => self.level_max(&broker.delayed) + of.delayed,
            "metrics_messages_delivered" => of.sent() + of.delivery_dropped(),
            "metrics_messages_dropped" => of.unrouted0 + of.unreleased2,
            "metrics_messages_dropped_expired" => of.unreleased2,
            "metrics_messages_dropped_no_subscribers" => of.unrouted0,
            "metrics_messages_forward" if broker.nodes == 1 => 0.0,
            "metrics_messages_forward" => of.forwarded,
            "metrics_messages_publish" => of.published(),
            "metrics_messages_qos0_received" => of.qos0_received(),
            "metrics_messages_qos0_sent" => of.sent0,
            "metrics_messages_qos1_received" => of.qos1_received(),
            "metrics_messages_qos1_sent" => of.qos1_sent(),
            "metrics_messages_qos2_received" => of.qos2_received(),
            "metrics_messages_qos2_sent" => of.qos2_sent(),
            "metrics_messages_received" => of.received(),
            "metrics_messages_retained" => self.level_max(&broker.retained) + of.retained,
            "metrics_messages_sent" => of.sent(),
            "metrics_packets_auth_received" => of.auth_exchanges,
            "metrics_packets_auth_sent" => of.auth_exchanges,
            "metrics_packets_connack_auth_error" => of.auth_failures(),
            "metrics_packets_connack_error" => of.auth_failures() + of.turned_away,
            "metrics_packets_connack_sent" => self.connects(),
            "metrics_packets_connect" => self.connects(),
            "metrics_packets_disconnect_received" => of.left,
            "metrics_packets_disconnect_sent" => self.disconnects_sent(),
            "metrics_packets_pingreq_received" => of.pings,
            "metrics_packets_pingresp_sent" => of.pings,
            "metrics_packets_puback_inuse" => of.puback_inuse,
            "metrics_packets_puback_missed" => of.puback_missed,
            "metrics_packets_puback_received" => of.puback_received(),
            "metrics_packets_puback_sent" => of.qos1_received(),
            "metrics_packets_pubcomp_inuse" => of.pubcomp_inuse,
            "metrics_packets_pubcomp_missed" => of.pubcomp_missed,
            "metrics_packets_pubcomp_received" => of.pubcomp_received(),
            "metrics_packets_pubcomp_sent" => of.pubrel_received(),
            "metrics_packets_publish_auth_error" => of.denied0,
            "metrics_packets_publish_dropped" => of.limited1,
            "metrics_packets_publish_error" => of.refused1,
            "metrics_packets_publish_inuse" => of.reused2,
            "metrics_packets_publish_received" => of.received(),
            "metrics_packets_publish_sent" => of.sent(),
            "metrics_packets_pubrec_inuse" => of.pubrec_inuse,
            "metrics_packets_pubrec_missed" => of.pubrec_missed,
            "metrics_packets_pubrec_received" => of.pubrec_received(),
            "metrics_packets_pubrec_sent" => of.qos2_received(),
            "metrics_packets_pubrel_missed" => of.pubrel_missed,
            "metrics_packets_pubrel_received" => of.pubrel_received(),
            "metrics_packets_pubrel_sent" => of.pubrec_received(),
            "metrics_packets_received" => self.packets_received(),
            "metrics_packets_sent" => self.packets_sent(),
            "metrics_packets_suback_sent" => self.subscribe_received(),
            "metrics_packets_subscribe_auth_error" => of.subscribe_denied,
            "metrics_packets_subscribe_error" => of.subscribe_failed,
            "metrics_packets_subscribe_received" => self.subscribe_received(),
            "metrics_packets_unsuback_sent" => of.unsubscribe_received(),
            "metrics_packets_unsubscribe_error" => of.unsubscribe_failed,
            "metrics_packets_unsubscribe_received" => of.unsubscribe_received(),
            "metrics_retained_count" => self.level(&broker.retained),
            "metrics_retained_max" => self.level_max(&broker.retained),
            "metrics_session_created" => self.created,
            "metrics_session_discarded" => of.discarded,
            "metrics_session_resumed" => of.resumed + of.taken_over,
            "metrics_session_takenover" => of.taken_over,
            "metrics_session_terminated" => self.terminated(),
            "metrics_sessions_count" => self.sessions(),
            "metrics_sessions_max" => self.sessions_max(),
            "metrics_suboptions_count" => self.subscriptions(),
            "metrics_suboptions_max" => self.subscriptions_max(),
            "metrics_subscribers_count" => self.subscriptions() - self.shared(),
            "metrics_subscribers_max" => self.subscriptions_max(),
            "metrics_subscriptions_count" => self.subscriptions(),
            "metrics_subscriptions_max" => self.subscriptions_max(),
            "metrics_subscriptions_shared_count" => self.shared(),
            "metrics_subscriptions_shared_max" => self.level_max(&broker.shared),
            "metrics_topics_count" => self.level(&broker.topics),
            "metrics_topics_max" => self.level_max(&broker.topics),
            "sessions_count" => self.sessions(),
            "subscriptions_count" => self.subscriptions(),
            "topics_count" => self.level(&broker.topics),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::wave::Activity;
    use super::*;

    /// Sessions are counted as they end, and made to add up as they begin: the counter of those would fall if the
    /// level fell faster than sessions end.
    #[test]
    fn levels_never_fall_faster_than_clients_leave() {
        for seed in 0..50 {
            let mut rng = fastrand::Rng::with_seed(seed);
            let lowest = Activity::new(&mut rng).lowest();
            let Broker { streams, live, offline, .. } = Broker::new(&mut rng, 3, 0.0);
            let ended = streams.left.slowest() + streams.lost.slowest() + streams.lapsed.slowest();
            assert!(ended * lowest > live.steepest() + offline.steepest());
            let returned = streams.resumed.slowest() + streams.lapsed.slowest();
            assert!(returned * lowest > offline.steepest());
        }
    }
}
