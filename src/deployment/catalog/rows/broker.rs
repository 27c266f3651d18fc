//! A broker's insides: its virtual machine, its database, its protection against overload.

use crate::deployment::catalog::build::{counter, gauge};
use crate::deployment::catalog::entry::Provenance::*;
use crate::deployment::catalog::entry::{Concern, Entry, Group, Unit};

const HERE: Group = Group::Broker;

pub(super) const ROWS: &[Entry] = &[
    gauge(HERE, "vm_cpu_use", Unit::Percent)
        .of_broker()
        .label("CPU usage")
        .means("Share of the node's processor time in use.", "Lasting values near 100 mean a node at its limit.")
        .seen(&[First, Emqx5, Emqx4]),
    gauge(HERE, "vm_cpu_idle", Unit::Percent)
        .of_broker()
        .label("CPU idle")
        .means("Share of the node's processor time that is free.", "Lasting values near 0 mean a node at its limit.")
        .seen(&[First, Emqx5, Emqx4]),
    gauge(HERE, "cluster_cpu_load", Unit::Count)
        .of_broker()
        .label("cluster cpu load")
        .means(
            "Load average of the node over 1, 5 or 15 minutes (label load), as emqx-exporter reads it.",
            "Lasting values above the number of processors mean a node at its limit.",
        )
        .labels(&["node", "load"])
        .seen(&[Exporter]),
    gauge(HERE, "vm_total_memory", Unit::Bytes)
        .of_broker()
        .label("total memory")
        .means("Memory of the node.", "It changes with the size of the machine.")
        .seen(&[First, Emqx5, Emqx4]),
    gauge(HERE, "vm_used_memory", Unit::Bytes)
        .of_broker()
        .label("used memory")
        .means(
            "Memory of the node that is in use.",
            "A steady rise towards vm_total_memory ends in a node that is killed.",
        )
        .seen(&[First, Emqx5, Emqx4]),
    gauge(HERE, "vm_run_queue", Unit::Processes)
        .of_broker()
        .label("run queue")
        .means(
            "Processes of the Erlang VM that are ready to run and wait for a processor.",
            "Lasting values above 0 mean that the processors are saturated.",
        )
        .seen(&[First, Emqx5, Emqx4]),
    gauge(HERE, "vm_process_messages_in_queues", Unit::Count)
        .of_broker()
        .label("mailbox messages")
        .means(
            "Messages that wait in the mailboxes of all Erlang processes.",
            "A steady rise means a process that cannot keep up.",
        )
        .seen(&[First, Emqx5, Emqx4]),
    gauge(HERE, "vm_mnesia_tm_mailbox_size", Unit::Count)
        .of_broker()
        .label("vm mnesia tm mailbox size")
        .means(
            "Messages that wait for the transaction manager of the built-in database.",
            "A steady rise means that the database is overloaded.",
        )
        .seen(&[Emqx5]),
    gauge(HERE, "vm_broker_pool_max_mailbox_size", Unit::Count)
        .of_broker()
        .label("vm broker pool max mailbox size")
        .means(
            "Messages that wait for the busiest of the broker's routing workers.",
            "A steady rise means that subscribing and unsubscribing fall behind.",
        )
        .seen(&[Emqx5]),
    gauge(HERE, "vm_uptime_ms", Unit::Milliseconds)
        .of_broker()
        .label("uptime")
        .means("Time since the broker started.", "It rises steadily; a fall means that it was restarted.")
        .seen(&[Emqx5]),
    gauge(HERE, "vm_max_fds", Unit::Files)
        .of_broker()
        .label("file descriptors limit")
        .means(
            "File descriptors that the broker may open: the upper bound of its connections.",
            "It changes only with the node's settings.",
        )
        .seen(&[Emqx5]),
    gauge(HERE, "cluster_node_max_fds", Unit::Files)
        .of_broker()
        .label("cluster node max fds")
        .means(
            "File descriptors that the node may open, as emqx-exporter reads it.",
            "It changes only with the node's settings.",
        )
        .labels(&["node"])
        .seen(&[Exporter]),
    counter(HERE, "overload_protection_delay_ok", Unit::Events)
        .of_broker()
        .label("overload protection delay ok")
        .means(
            "Times that work was put off because of overload and then done.",
            "A rise means a node that is overloaded now and then.",
        )
        .concern(Concern::Jump)
        .seen(&[Emqx5]),
    counter(HERE, "overload_protection_delay_timeout", Unit::Events)
        .of_broker()
        .label("overload protection delay timeout")
        .means(
            "Times that work was put off because of overload until its time ran out.",
            "A rise means a node that stays overloaded.",
        )
        .concern(Concern::Growth)
        .seen(&[Emqx5]),
    counter(HERE, "overload_protection_gc", Unit::Events)
        .of_broker()
        .label("overload protection gc")
        .means(
            "Times that a forced memory clean-up was skipped because of overload.",
            "A rise means an overloaded node, and more memory in use.",
        )
        .concern(Concern::Jump)
        .seen(&[Emqx5]),
    counter(HERE, "overload_protection_hibernation", Unit::Events)
        .of_broker()
        .label("overload protection hibernation")
        .means(
            "Times that putting an idle connection to sleep was skipped because of overload.",
            "A rise means an overloaded node, and more memory in use.",
        )
        .concern(Concern::Jump)
        .seen(&[Emqx5]),
    counter(HERE, "overload_protection_new_conn", Unit::Connections)
        .of_broker()
        .label("overload: conn refused")
        .means("New connections closed because of overload.", "A rise means clients that are turned away.")
        .concern(Concern::Growth)
        .seen(&[Emqx5]),
    gauge(HERE, "mria_last_intercepted_trans", Unit::Transactions)
        .of_broker()
        .label("mria last intercepted trans")
        .means(
            "Transactions of a database shard that a core node has passed on since it started.",
            "Its rate is the load of changes; 0 for long means that nothing is replicated.",
        )
        .labels(&["shard"])
        .seen(&[Emqx5]),
    gauge(HERE, "mria_weight", Unit::Count)
        .of_broker()
        .label("mria weight")
        .means(
            "Load figure by which a core node is chosen for new replicants.",
            "A rise means that the node serves more.",
        )
        .labels(&["shard"])
        .seen(&[Emqx5]),
    gauge(HERE, "mria_replicants", Unit::Nodes)
        .of_broker()
        .label("replicants")
        .means(
            "Replicant nodes that follow a core node for a database shard.",
            "A fall means that replicants are gone or have moved to another core node.",
        )
        .labels(&["shard"])
        .seen(&[Emqx5]),
    gauge(HERE, "mria_server_mql", Unit::Count)
        .of_broker()
        .label("mria server mql")
        .means(
            "Messages that wait for the process which replicates a database shard.",
            "A steady rise means that replication falls behind.",
        )
        .labels(&["shard"])
        .seen(&[Emqx5]),
    gauge(HERE, "mria_lag", Unit::Transactions)
        .of_broker()
        .label("replication lag")
        .means(
            "Transactions by which a replicant is behind its core node.",
            "A steady rise means stale routes and sessions on that node.",
        )
        .concern(Concern::Jump)
        .labels(&["shard"])
        .seen(&[Emqx5]),
    gauge(HERE, "mria_bootstrap_time", Unit::Milliseconds)
        .of_broker()
        .label("mria bootstrap time")
        .means("Time that a replicant took to load a database shard when it joined.", "A high value means slow starts.")
        .labels(&["shard"])
        .seen(&[Emqx5]),
    gauge(HERE, "mria_bootstrap_num_keys", Unit::Records)
        .of_broker()
        .label("mria bootstrap num keys")
        .means("Records that a replicant copied from its core node when it joined.", "It grows with the shard.")
        .labels(&["shard"])
        .seen(&[Emqx5]),
    gauge(HERE, "mria_message_queue_len", Unit::Count)
        .of_broker()
        .label("mria message queue len")
        .means(
            "Messages that wait for the process which receives a replicant's changes.",
            "A steady rise means that the replicant falls behind.",
        )
        .labels(&["shard"])
        .seen(&[Emqx5]),
    gauge(HERE, "mria_replayq_len", Unit::Transactions)
        .of_broker()
        .label("mria replayq len")
        .means(
            "Changes that a replicant has received and not yet applied.",
            "A steady rise means that the replicant falls behind.",
        )
        .labels(&["shard"])
        .seen(&[Emqx5]),
    gauge(HERE, "conf_sync_txid", Unit::Transactions)
        .of_broker()
        .label("config transaction ID")
        .means(
            "Number of the last configuration change that a node has applied.",
            "Nodes that differ for long have different configurations.",
        )
        .seen(&[Emqx5]),
    gauge(HERE, "cert_expiry_at", Unit::UnixSeconds)
        .of_broker()
        .label("certificate expiry")
        .means(
            "Time at which the certificate of a TLS listener expires; 0 if it could not be read.",
            "Past that time clients that check certificates cannot connect.",
        )
        .labels(&["listener_type", "listener_name"])
        .seen(&[Emqx5]),
];
