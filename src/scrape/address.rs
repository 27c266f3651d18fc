//! The three things that say where to connect.

use crate::profile::{EndpointUrl, Scheme};
use std::fmt;
use std::net::IpAddr;

/// Scheme, host and port of a server or a proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub https: bool,
    /// Without the brackets of an IPv6 address.
    pub host: String,
    pub port: u16,
}

impl From<&EndpointUrl> for Address {
    fn from(endpoint: &EndpointUrl) -> Address {
        Address { https: endpoint.scheme() == Scheme::Https, host: endpoint.host(), port: endpoint.port() }
    }
}

impl Address {
    /// `127.0.0.0/8`, `::1` and the name `localhost`: what does not leave the machine.
    pub fn is_loopback(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(ip) => ip.is_loopback(),
            Err(_) => self.host.eq_ignore_ascii_case("localhost"),
        }
    }

    /// `HOST:PORT`, as a CONNECT request has it.
    pub fn authority(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.authority())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(endpoint: &str) -> Address {
        Address::from(&endpoint.parse().unwrap())
    }

    #[test]
    fn ports_default_by_scheme() {
        assert_eq!(address("https://mq.example/api/v5").to_string(), "mq.example:443");
        assert_eq!(address("http://mq.example/api").to_string(), "mq.example:80");
        assert_eq!(address("https://[2001:db8::1]:8443/api/v5").to_string(), "[2001:db8::1]:8443");
        assert_eq!(address("https://[2001:db8::1]/api/v5").to_string(), "[2001:db8::1]:443");
    }

    #[test]
    fn loopback_is_what_stays_on_the_machine() {
        for endpoint in ["http://localhost/api", "http://LOCALHOST:1", "http://127.9.9.9", "http://[::1]:8080/api"] {
            assert!(address(endpoint).is_loopback(), "{endpoint}");
        }
        for endpoint in ["http://localhost.example", "http://128.0.0.1", "http://127.example", "http://[::2]"] {
            assert!(!address(endpoint).is_loopback(), "{endpoint}");
        }
    }
}
