//! What the cluster endpoint counts: clients, sessions, messages, packets.
//!
//! What happens independently of the rest is simulated, as counters ([`Flows`]) and gauges; every value is a sum of
//! those, so the sums that hold in a real deployment hold here at every instant.

use super::model::Fault;
use super::wave::{Counter, Gauge, Moment};
use crate::deployment::catalog::{Concern, Entry};

/// Declares the independent counters: their names, how they grow, events per client and second, meaning.
macro_rules! flows {
    ($($name:ident $shape:ident $rate:literal $doc:literal;)*) => {
        /// One value for each kind of event: how it comes, or how many came.
        #[derive(Debug)]
        struct Flows<T> { $(#[doc = $doc] $name: T,)* }

        impl Flows<Counter> {
            fn new(rng: &mut fastrand::Rng, clients: f64, start: f64) -> Self {
                Flows { $($name: flows!(@$shape rng, clients * $rate, start),)* }
            }
        }

        impl<T> Flows<T> {
            fn map<U>(&self, value: impl Fn(&T) -> U) -> Flows<U> {
                Flows { $($name: value(&self.$name),)* }
            }
        }
    };
    (@steady $rng:expr, $rate:expr, $start:expr) => { Counter::steady($rng, $rate) };
    (@bursts $rng:expr, $rate:expr, $start:expr) => { Counter::bursts($rng, $rate, $start) };
}

flows! {
    // Sessions. Their rates outweigh the steepest change of the levels below, or a counter would fall.
    left            steady   1.1e-3 "clients that said DISCONNECT and ended their session";
    lost            steady   4.2e-4 "clients whose connection broke and whose session ended with it";
    lapsed          steady   1.4e-4 "sessions without a client that expired";
    resumed         steady   6.7e-4 "clients that came back to their session";
    taken_over      steady   1.0e-5 "clients replaced by one with the same id that keeps the session";
    discarded       steady   4.0e-6 "clients replaced by one with the same id that starts afresh";
    wrong_password  steady   6.0e-6 "sign-ins refused";
    guessed         bursts   6.0e-6 "sign-ins refused, of those who try many";
    turned_away     steady   1.0e-6 "connections refused before sign-in";
    auth_exchanges  steady   2.0e-5 "AUTH packets each way";
    pings           steady   1.6e-2 "PINGREQ packets";
    // Subscriptions, beyond the one that each new session makes.
    resubscribed    steady   1.0e-3 "subscriptions accepted in running sessions";
    subscribe_denied bursts   3.0e-6 "SUBSCRIBE refused by authorization";
    subscribe_failed bursts   1.0e-6 "SUBSCRIBE refused for other reasons";
    unsubscribed    steady   6.0e-4 "UNSUBSCRIBE carried out";
    unsubscribe_failed bursts   5.0e-7 "UNSUBSCRIBE refused";
    // PUBLISH packets in, by what becomes of them.
    routed0         steady   1.1e-1 "QoS 0, routed";
    unrouted0       steady   1.5e-3 "QoS 0, nobody subscribed";
    superuser0      steady   2.0e-3 "QoS 0, from a superuser, routed";
    unmatched0      steady   4.0e-3 "QoS 0, allowed without a matching authorization rule, routed";
    denied0         bursts   2.0e-5 "QoS 0, refused by authorization";
    routed1         steady   7.0e-2 "QoS 1, routed";
    refused1        bursts   4.0e-6 "QoS 1, cannot be published";
    limited1        bursts   6.0e-6 "QoS 1, beyond the receiving limit";
    released2       steady   9.9e-3 "QoS 2, whose exchange was completed";
    unreleased2     bursts   2.0e-6 "QoS 2, dropped because PUBREL did not come in time";
    reused2         bursts   2.0e-6 "QoS 2, with an identifier in use";
    forwarded       steady   5.0e-2 "messages that a node passed to another";
    retained        steady   2.0e-3 "messages stored as retained";
    delayed         steady   1.0e-3 "messages stored for later";
    payload_in      steady   3.4e+1 "bytes of payload received";
    // PUBLISH packets out, by what becomes of them.
    sent0           steady   1.4e-1 "QoS 0";
    acked1          steady   9.0e-2 "QoS 1, acknowledged";
    unacked1        steady   5.0e-5 "QoS 1, never acknowledged";
    completed2      steady   1.1e-2 "QoS 2, whose exchange was completed";
    uncompleted2    steady   1.0e-5 "QoS 2, acknowledged by PUBREC only";
    unacked2        steady   1.0e-5 "QoS 2, never acknowledged";
    payload_out     steady   4.1e+1 "bytes of payload sent";
    // Messages dropped on delivery.
    no_local        bursts   1.0e-4 "not sent back to their publisher";
    too_large       bursts   2.0e-6 "larger than the client takes";
    queue_full      bursts   3.0e-5 "QoS 1 and 2, queue full";
    queue_full0     bursts   8.0e-5 "QoS 0, queue full";
    expired         bursts   2.0e-5 "expired in the queue";
    // Acknowledgements that fit nothing.
    puback_missed   bursts   4.0e-6 "PUBACK, unknown identifier";
    puback_inuse    bursts   2.0e-7 "PUBACK, identifier in use";
    pubrec_missed   bursts   1.0e-6 "PUBREC, unknown identifier";
    pubrec_inuse    bursts   2.0e-7 "PUBREC, identifier in use";
    pubrel_missed   bursts   1.0e-6 "PUBREL, unknown identifier";
    pubcomp_missed  bursts   1.0e-6 "PUBCOMP, unknown identifier";
    pubcomp_inuse   bursts   2.0e-7 "PUBCOMP, identifier in use";
}

impl Flows<f64> {
    fn qos0_received(&self) -> f64 {
        self.routed0 + self.unrouted0 + self.superuser0 + self.unmatched0 + self.denied0
    }
    fn qos1_received(&self) -> f64 {
        self.routed1 + self.refused1 + self.limited1
    }
    fn qos2_received(&self) -> f64 {
        self.released2 + self.unreleased2 + self.reused2
    }
    fn received(&self) -> f64 {
        self.qos0_received() + self.qos1_received() + self.qos2_received()
    }
    fn qos1_sent(&self) -> f64 {
        self.acked1 + self.unacked1
    }
    fn qos2_sent(&self) -> f64 {
        self.completed2 + self.uncompleted2 + self.unacked2
    }
    fn sent(&self) -> f64 {
        self.sent0 + self.qos1_sent() + self.qos2_sent()
    }
}

impl Flows<f64> {
    /// What a fault adds to what has happened since `start`.
    fn plant(&mut self, fault: Fault, start: &Flows<f64>) {
        let since = |now: f64, then: f64| (now - then).max(0.0);
        match fault {
            Fault::QueueFullDrops => self.queue_full += (0.05 * since(self.sent(), start.sent())).floor(),
            Fault::OtherDrops => self.expired += (0.1 * since(self.sent(), start.sent())).floor(),
            Fault::SigninFailures => self.guessed += 20.0 * since(self.resumed, start.resumed),
            Fault::AuthorizationRefusals => self.denied0 += (0.5 * since(self.routed0, start.routed0)).floor(),
            // Those are of the rules.
            Fault::ActionFailures | Fault::RuleExceptions => {}
        }
    }
}

/// Rounding of the flows that a gauge is made from can lift it by this much.
const SLACK: f64 = 5.0;

/// The clients and what they do.
#[derive(Debug)]
pub(super) struct Cluster {
    flows: Flows<Counter>,
    /// The total activity when the simulation starts.
    start: f64,
    nodes: u32,
    live: Gauge,
    offline: Gauge,
    subscriptions: Gauge,
    shared: Gauge,
    topics: Gauge,
    retained: Gauge,
    delayed: Gauge,
}

impl Cluster {
    pub(super) fn new(rng: &mut fastrand::Rng, nodes: u32, start: f64) -> Cluster {
        let clients = rng.u32(2_400..=6_800).into();
        Cluster {
            flows: Flows::new(rng, clients, start),
            start,
            nodes,
            live: Gauge::new(rng, clients),
            offline: Gauge::new(rng, clients * 0.08),
            subscriptions: Gauge::new(rng, clients * 0.4),
            shared: Gauge::new(rng, clients * 0.06),
            topics: Gauge::new(rng, clients * 0.7),
            retained: Gauge::new(rng, clients * 0.3),
            delayed: Gauge::new(rng, clients * 0.02),
        }
    }

    /// The value of each family at `now`. `earlier` is a moment before, to take the rates from; `stopped` nodes are down.
    pub(super) fn values(
        &self,
        now: Moment,
        earlier: Moment,
        stopped: u32,
        faults: &[Fault],
    ) -> impl Fn(&Entry) -> f64 {
        let level = move |gauge: &Gauge| gauge.at(now.seconds).floor();
        let max = |gauge: &Gauge| gauge.max().ceil();
        let exact = self.flows.map(|counter| counter.total(now.activity));
        let start = self.flows.map(|counter| counter.total(self.start).floor());
        let of = |moment: &Flows<f64>| {
            let mut of = moment.map(|total| total.floor());
            for fault in faults {
                of.plant(*fault, &start);
            }
            of
        };
        let (of, before) = (of(&exact), of(&self.flows.map(|counter| counter.total(earlier.activity))));
        let span = (now.seconds - earlier.seconds).max(f64::MIN_POSITIVE);
        let receive_rate = (of.received() - before.received()) / span;
        let send_rate = (of.sent() - before.sent()) / span;
        let stopped = f64::from(stopped);

        let live = self.live.at(now.seconds);
        let live_max = (self.live.max() + SLACK).ceil();
        let offline = self.offline.at(now.seconds);
        // Whoever is here came and did not leave; those who left are counted, so this counts those who came.
        let created = (exact.left + exact.lost + exact.lapsed + exact.discarded + live + offline).floor();
        // Clients that left and kept their session.
        let parked = (exact.resumed + exact.lapsed + offline).floor();
        let connected = created + of.resumed + of.taken_over;
        let disconnected = of.left + of.lost + parked + of.taken_over + of.discarded;
        let terminated = of.left + of.lost + of.lapsed;
        let sessions = created - terminated - of.discarded;
        let sessions_max = (self.live.max() + self.offline.max() + SLACK).ceil();
        let auth_failures = of.wrong_password + of.guessed;
        let connects = connected + auth_failures + of.turned_away;
        let disconnects_sent = of.taken_over + of.discarded;

        let subscribed = created + of.resubscribed;
        let subscribe_received = subscribed + of.subscribe_denied + of.subscribe_failed;
        let unsubscribe_received = of.unsubscribed + of.unsubscribe_failed;
        let subscriptions = 2.0 * sessions + level(&self.subscriptions);
        let subscriptions_max = 2.0 * sessions_max + max(&self.subscriptions);
        let shared = level(&self.shared);

        let published = of.received() - of.denied0 - of.refused1 - of.limited1 - of.reused2;
        let delivery_dropped = of.no_local + of.too_large + of.queue_full + of.queue_full0 + of.expired;
        let denied = of.denied0 + of.subscribe_denied;
        let checked_by_rule = subscribed + of.released2 + of.unreleased2;
        let cache_hits = of.routed0 + of.unrouted0 + of.routed1;
        let cache_misses = of.superuser0 + of.unmatched0 + checked_by_rule + denied;

        let puback_received = of.acked1 + of.puback_missed + of.puback_inuse;
        let pubrec_received = of.completed2 + of.uncompleted2 + of.pubrec_missed + of.pubrec_inuse;
        let pubrel_received = of.released2 + of.pubrel_missed;
        let pubcomp_received = of.completed2 + of.pubcomp_missed + of.pubcomp_inuse;
        // Of those that are answered one for one, or are passed on in either direction.
        let answered = connects + pubrec_received + pubrel_received + subscribe_received + unsubscribe_received;
        let both_ways = answered + of.pings + of.auth_exchanges;
        let packets_received = both_ways + of.received() + puback_received + pubcomp_received + of.left;
        let packets_sent = both_ways + of.sent() + of.qos1_received() + of.qos2_received() + disconnects_sent;

        move |entry| match entry.name {
            "connections_count" | "channels_count" | "cluster_sessions_count" | "sessions_count" => sessions,
            "messages_rate" => receive_rate + send_rate,
            "messages_receive_rate" => receive_rate,
            "messages_send_rate" => send_rate,
            "authentication_failure" | "packets_connack_auth_error" => auth_failures,
            "authentication_success" | "client_connected" => connected,
            "authentication_success_anonymous" | "client_auth_anonymous" => 0.0,
            "authorization_allow" => published + subscribed,
            "authorization_cache_hit" => cache_hits,
            "authorization_cache_miss" | "client_authorize" => cache_misses,
            "authorization_deny" | "authorization_matched_deny" => denied,
            "authorization_matched_allow" => checked_by_rule,
            "authorization_nomatch" => of.unmatched0,
            "authorization_superuser" => of.superuser0,
            "bytes_received" => of.payload_in + 6.0 * packets_received,
            "bytes_sent" => of.payload_out + 6.0 * packets_sent,
            "channels_max" | "cluster_sessions_max" | "connections_max" | "sessions_max" => sessions_max,
            "client_authenticate" => connected + auth_failures,
            "client_connack" | "client_connect" | "packets_connack_sent" | "packets_connect" => connects,
            "client_disconnected" => disconnected,
            "client_subscribe" => subscribed,
            "client_unsubscribe" => of.unsubscribed,
            "cluster_nodes_running" => f64::from(self.nodes) - stopped,
            "cluster_nodes_stopped" => stopped,
            "delayed_count" => level(&self.delayed),
            "delayed_max" => max(&self.delayed),
            "delivery_dropped" => delivery_dropped,
            "delivery_dropped_expired" => of.expired,
            "delivery_dropped_no_local" => of.no_local,
            "delivery_dropped_qos0_msg" => of.queue_full0,
            "delivery_dropped_queue_full" => of.queue_full,
            "delivery_dropped_too_large" => of.too_large,
            "live_connections_count" => connected - disconnected,
            "live_connections_max" => live_max,
            "messages_acked" => of.acked1 + of.completed2 + of.uncompleted2,
            "messages_delayed" => max(&self.delayed) + of.delayed,
            // Counted as they leave the queue (EMQX's source): what was dropped is not among them.
            "messages_delivered" => of.sent(),
            "messages_dropped" => of.unrouted0 + of.unreleased2,
            "messages_dropped_expired" => of.unreleased2,
            "messages_dropped_no_subscribers" => of.unrouted0,
            "messages_forward" if self.nodes == 1 => 0.0,
            "messages_forward" => of.forwarded,
            "messages_publish" => published,
            "messages_qos0_received" => of.qos0_received(),
            "messages_qos0_sent" => of.sent0,
            "messages_qos1_received" | "packets_puback_sent" => of.qos1_received(),
            "messages_qos1_sent" => of.qos1_sent(),
            "messages_qos2_received" | "packets_pubrec_sent" => of.qos2_received(),
            "messages_qos2_sent" => of.qos2_sent(),
            "messages_received" | "packets_publish_received" => of.received(),
            "messages_retained" => max(&self.retained) + of.retained,
            "messages_sent" | "packets_publish_sent" => of.sent(),
            "packets_auth_received" | "packets_auth_sent" => of.auth_exchanges,
            "packets_connack_error" => auth_failures + of.turned_away,
            "packets_disconnect_received" => of.left,
            "packets_disconnect_sent" => disconnects_sent,
            "packets_pingreq_received" | "packets_pingresp_sent" => of.pings,
            "packets_puback_inuse" => of.puback_inuse,
            "packets_puback_missed" => of.puback_missed,
            "packets_puback_received" => puback_received,
            "packets_pubcomp_inuse" => of.pubcomp_inuse,
            "packets_pubcomp_missed" => of.pubcomp_missed,
            "packets_pubcomp_received" => pubcomp_received,
            "packets_pubcomp_sent" | "packets_pubrel_received" => pubrel_received,
            "packets_publish_auth_error" => of.denied0,
            "packets_publish_dropped" => of.limited1,
            "packets_publish_error" => of.refused1,
            "packets_publish_inuse" => of.reused2,
            "packets_pubrec_inuse" => of.pubrec_inuse,
            "packets_pubrec_missed" => of.pubrec_missed,
            "packets_pubrec_received" | "packets_pubrel_sent" => pubrec_received,
            "packets_pubrel_missed" => of.pubrel_missed,
            "packets_received" => packets_received,
            "packets_sent" => packets_sent,
            "packets_suback_sent" | "packets_subscribe_received" => subscribe_received,
            "packets_subscribe_auth_error" => of.subscribe_denied,
            "packets_subscribe_error" => of.subscribe_failed,
            "packets_unsuback_sent" | "packets_unsubscribe_received" => unsubscribe_received,
            "packets_unsubscribe_error" => of.unsubscribe_failed,
            "retained_count" => level(&self.retained),
            "retained_max" => max(&self.retained),
            "session_created" => created,
            "session_discarded" => of.discarded,
            "session_resumed" => of.resumed + of.taken_over,
            "session_takenover" => of.taken_over,
            "session_terminated" => terminated,
            "suboptions_count" | "subscriptions_count" => subscriptions,
            "suboptions_max" | "subscribers_max" | "subscriptions_max" => subscriptions_max,
            "subscribers_count" => subscriptions - shared,
            "subscriptions_shared_count" => shared,
            "subscriptions_shared_max" => max(&self.shared),
            "topics_count" => level(&self.topics),
            "topics_max" => max(&self.topics),
            _ => self.other(entry, now),
        }
    }

    /// A family that nothing above speaks of moves by itself: its row in the catalog is enough to be served.
    fn other(&self, entry: &Entry, now: Moment) -> f64 {
        let seed = entry.name.bytes().fold(0_u64, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
        let mut rng = fastrand::Rng::with_seed(seed);
        let value = match (entry.concern, entry.kind.as_str()) {
            (Concern::Growth, _) => Counter::bursts(&mut rng, 0.01, self.start).total(now.activity),
            (_, "counter") => Counter::steady(&mut rng, 1.0).total(now.activity),
            _ => Gauge::new(&mut rng, 100.0).at(now.seconds),
        };
        value.floor()
    }
}

#[cfg(test)]
mod tests {
    use super::super::wave::{Activity, bounds};
    use super::*;
    use crate::deployment::catalog;

    /// Sessions are counted as they end, and made to add up as they begin: the counter of those would fall if the
    /// gauge fell faster than sessions end.
    #[test]
    fn gauges_never_fall_faster_than_clients_leave() {
        for seed in 0..50 {
            let mut rng = fastrand::Rng::with_seed(seed);
            let lowest = bounds::lowest_activity(&Activity::new(&mut rng));
            let Cluster { flows, live, offline, .. } = Cluster::new(&mut rng, 3, 0.0);
            let flows = flows.map(bounds::slowest);
            let falls = bounds::steepest(&live) + bounds::steepest(&offline);
            assert!((flows.left + flows.lost + flows.lapsed) * lowest > falls);
            assert!((flows.resumed + flows.lapsed) * lowest > bounds::steepest(&offline));
        }
    }

    #[test]
    fn a_row_in_the_catalog_is_enough_to_be_served() {
        let cluster = Cluster::new(&mut fastrand::Rng::with_seed(1), 3, 0.0);
        let at = |seconds| Moment { seconds, activity: seconds };
        for (like, grows) in
            [("messages_received", true), ("delivery_dropped_queue_full", true), ("topics_count", false)]
        {
            let entry = Entry { name: "made_up", ..*catalog::of_metrics(like).unwrap() };
            let value = |seconds| cluster.values(at(seconds), at(seconds), 0, &[])(&entry);
            assert_ne!(value(10_000.0), value(20_000.0), "{like} moves");
            assert!(!grows || value(10_000.0) < value(20_000.0), "{like} grows");
        }
    }
}
