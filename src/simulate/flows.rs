//! The flows: everything that happens in a deployment independently of the rest, and the sums that are made of flows alone.

use super::wave::Stream;

/// Declares the independent flows: their names, how they come, events per client and second, meaning.
macro_rules! flows {
    ($($name:ident $shape:ident $rate:literal $doc:literal;)*) => {
        /// How each flow comes.
        #[derive(Debug)]
        pub(super) struct Streams { $(#[doc = $doc] pub $name: Stream,)* }

        /// How much of each flow has come.
        #[derive(Debug, Clone, Copy)]
        pub(super) struct Totals { $(#[doc = $doc] pub $name: f64,)* }

        impl Streams {
            pub fn new(rng: &mut fastrand::Rng, clients: f64, start: f64) -> Streams {
                Streams { $($name: flows!(@$shape rng, clients * $rate, start),)* }
            }

            pub fn totals(&self, activity: f64) -> Totals {
                Totals { $($name: self.$name.total(activity),)* }
            }
        }

        impl Totals {
            pub fn floor(self) -> Totals {
                Totals { $($name: self.$name.floor(),)* }
            }
        }
    };
    (@steady $rng:expr, $rate:expr, $start:expr) => { Stream::steady($rng, $rate) };
    (@episodes $rng:expr, $rate:expr, $start:expr) => { Stream::episodes($rng, $rate, $start) };
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
    guessed         episodes 2.0e-5 "sign-ins refused, of those who try many";
    turned_away     steady   1.0e-6 "connections refused before sign-in";
    auth_exchanges  steady   2.0e-5 "AUTH packets each way";
    pings           steady   1.6e-2 "PINGREQ packets";
    // Subscriptions, beyond the one that each new session makes.
    resubscribed    steady   1.0e-3 "subscriptions accepted in running sessions";
    subscribe_denied episodes 3.0e-6 "SUBSCRIBE refused by authorization";
    subscribe_failed episodes 1.0e-6 "SUBSCRIBE refused for other reasons";
    unsubscribed    steady   6.0e-4 "UNSUBSCRIBE carried out";
    unsubscribe_failed episodes 5.0e-7 "UNSUBSCRIBE refused";
    // PUBLISH packets in, by what becomes of them.
    routed0         steady   1.1e-1 "QoS 0, routed";
    unrouted0       steady   1.5e-3 "QoS 0, nobody subscribed";
    superuser0      steady   2.0e-3 "QoS 0, from a superuser, routed";
    unmatched0      steady   4.0e-3 "QoS 0, allowed without a matching authorization rule, routed";
    denied0         episodes 2.0e-5 "QoS 0, refused by authorization";
    routed1         steady   7.0e-2 "QoS 1, routed";
    refused1        episodes 4.0e-6 "QoS 1, cannot be published";
    limited1        episodes 6.0e-6 "QoS 1, beyond the receiving limit";
    released2       steady   9.9e-3 "QoS 2, whose exchange was completed";
    unreleased2     episodes 2.0e-6 "QoS 2, dropped because PUBREL did not come in time";
    reused2         episodes 2.0e-6 "QoS 2, with an identifier in use";
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
    no_local        episodes 1.0e-4 "not sent back to their publisher";
    too_large       episodes 2.0e-6 "larger than the client takes";
    queue_full      episodes 3.0e-5 "QoS 1 and 2, queue full";
    queue_full0     episodes 8.0e-5 "QoS 0, queue full";
    expired         episodes 2.0e-5 "expired in the queue";
    // Acknowledgements that fit nothing.
    puback_missed   episodes 4.0e-6 "PUBACK, unknown identifier";
    puback_inuse    episodes 2.0e-7 "PUBACK, identifier in use";
    pubrec_missed   episodes 1.0e-6 "PUBREC, unknown identifier";
    pubrec_inuse    episodes 2.0e-7 "PUBREC, identifier in use";
    pubrel_missed   episodes 1.0e-6 "PUBREL, unknown identifier";
    pubcomp_missed  episodes 1.0e-6 "PUBCOMP, unknown identifier";
    pubcomp_inuse   episodes 2.0e-7 "PUBCOMP, identifier in use";
}

impl Totals {
    pub fn qos0_received(&self) -> f64 {
        self.routed0 + self.unrouted0 + self.superuser0 + self.unmatched0 + self.denied0
    }
    pub fn qos1_received(&self) -> f64 {
        self.routed1 + self.refused1 + self.limited1
    }
    pub fn qos2_received(&self) -> f64 {
        self.released2 + self.unreleased2 + self.reused2
    }
    pub fn received(&self) -> f64 {
        self.qos0_received() + self.qos1_received() + self.qos2_received()
    }
    /// Those received that the broker took in.
    pub fn published(&self) -> f64 {
        self.received() - self.denied0 - self.refused1 - self.limited1 - self.reused2
    }
    pub fn qos1_sent(&self) -> f64 {
        self.acked1 + self.unacked1
    }
    pub fn qos2_sent(&self) -> f64 {
        self.completed2 + self.uncompleted2 + self.unacked2
    }
    pub fn sent(&self) -> f64 {
        self.sent0 + self.qos1_sent() + self.qos2_sent()
    }
    pub fn delivery_dropped(&self) -> f64 {
        self.no_local + self.too_large + self.queue_full + self.queue_full0 + self.expired
    }
    pub fn denied(&self) -> f64 {
        self.denied0 + self.subscribe_denied
    }
    pub fn auth_failures(&self) -> f64 {
        self.wrong_password + self.guessed
    }
    pub fn puback_received(&self) -> f64 {
        self.acked1 + self.puback_missed + self.puback_inuse
    }
    pub fn pubrec_received(&self) -> f64 {
        self.completed2 + self.uncompleted2 + self.pubrec_missed + self.pubrec_inuse
    }
    pub fn pubrel_received(&self) -> f64 {
        self.released2 + self.pubrel_missed
    }
    pub fn pubcomp_received(&self) -> f64 {
        self.completed2 + self.pubcomp_missed + self.pubcomp_inuse
    }
    pub fn unsubscribe_received(&self) -> f64 {
        self.unsubscribed + self.unsubscribe_failed
    }
}
