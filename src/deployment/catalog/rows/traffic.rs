//! Bytes.

use crate::deployment::catalog::build::counter;
use crate::deployment::catalog::entry::Provenance::*;
use crate::deployment::catalog::entry::{Entry, Group, Unit};

const HERE: Group = Group::Traffic;

pub(super) const ROWS: &[Entry] = &[
    counter(HERE, "bytes_received", Unit::Bytes)
        .label("bytes received")
        .means(
            "Bytes received from clients over MQTT connections: whole packets, headers included, without TLS and TCP.",
            "Its rate is the bandwidth in use; a rise without more messages means larger messages.",
        )
        .note("The table on the vendor's page calls it a gauge; the sample on the same page, rightly, a counter.")
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("接收的字节数"),
    counter(HERE, "bytes_sent", Unit::Bytes)
        .label("bytes sent")
        .means(
            "Bytes sent to clients over MQTT connections: whole packets, headers included, without TLS and TCP.",
            "Its rate is the bandwidth in use; a rise without more messages means larger messages.",
        )
        .note("The table on the vendor's page calls it a gauge; the sample on the same page, rightly, a counter.")
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("发送的字节数"),
];
