//! Licenses.

use crate::deployment::catalog::build::gauge;
use crate::deployment::catalog::entry::Provenance::*;
use crate::deployment::catalog::entry::{Entry, Group, Unit};

const HERE: Group = Group::License;

pub(super) const ROWS: &[Entry] = &[
    gauge(HERE, "license_quota", Unit::Sessions)
        .of_deployment()
        .label("license quota")
        .means(
            "Sessions that the deployment's license allows.",
            "It changes only with the license or plan; compare with sessions_count.",
        )
        .seen(&[Later])
        .chinese("License 允许的最大会话数"),
    gauge(HERE, "license_max_sessions", Unit::Sessions)
        .of_broker()
        .label("license max sessions")
        .means(
            "Sessions that the broker's license allows.",
            "It changes only with the license; compare with sessions_count.",
        )
        .seen(&[Emqx5]),
    gauge(HERE, "license_max_client_limit", Unit::Clients)
        .of_broker()
        .label("license max client limit")
        .means(
            "Clients that the broker's license allows, as emqx-exporter reads it.",
            "It changes only with the license.",
        )
        .seen(&[Exporter]),
    gauge(HERE, "license_issued_at", Unit::UnixSeconds)
        .of_broker()
        .label("license issued at")
        .means("Time at which the broker's license was issued; 0 if unknown.", "It changes only with the license.")
        .seen(&[Emqx5]),
    gauge(HERE, "license_expiry_at", Unit::UnixSeconds)
        .of_broker()
        .label("license expiry")
        .means(
            "Time at which the broker's license expires; 0 if unknown.",
            "Past that time the broker may refuse new sessions.",
        )
        .seen(&[Emqx5]),
    gauge(HERE, "license_expiration_time", Unit::UnixMilliseconds)
        .of_broker()
        .label("license expiration time")
        .means(
            "Time at which the broker's license expires, as emqx-exporter reads it.",
            "Past that time the broker may refuse new sessions.",
        )
        .seen(&[Exporter]),
    gauge(HERE, "license_remaining_days", Unit::Days)
        .of_broker()
        .label("license remaining days")
        .means("Days until the broker's license expires, as emqx-exporter reads it.", "Renew before it reaches 0.")
        .seen(&[Exporter]),
];
