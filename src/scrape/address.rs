//! The three things that say where to connect.

use super::Error;
use std::fmt;
use std::net::IpAddr;
use ureq::http::Uri;

/// Scheme, host and port of a server or a proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub https: bool,
    /// Without the brackets of an IPv6 address.
    pub host: String,
    pub port: u16,
}

impl Address {
    /// Takes them out of an API address.
    pub fn of_endpoint(endpoint: &str) -> Result<Address, Error> {
        let refused = |reason: &str| Error::Address {
            endpoint: crate::text::visible(endpoint).into_owned(),
            reason: reason.to_owned(),
        };
        let uri: Uri = endpoint.parse().map_err(|_| refused("it is no URL"))?;
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(refused("it starts with neither https:// nor http://")),
        };
        let authority = uri.authority().ok_or_else(|| refused("it names no host"))?;
        if authority.as_str().contains('@') {
            // The text itself may hold a password.
            let endpoint = "…@…".to_owned();
            return Err(Error::Address { endpoint, reason: "it holds user information".to_owned() });
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err(refused("it names no host"));
        }
        let port = match authority.port() {
            Some(port) if port.as_u16() == 0 => return Err(refused("port 0 cannot be connected to")),
            Some(port) => port.as_u16(),
            None if authority.as_str().contains("]:") || !host.contains(':') && authority.as_str().contains(':') => {
                return Err(refused("its port is not a number from 1 to 65535"));
            }
            None if https => 443,
            None => 80,
        };
        Ok(Address { https, host: host.to_owned(), port })
    }

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
        Address::of_endpoint(endpoint).unwrap()
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

    #[test]
    fn what_cannot_be_asked_is_refused() {
        for endpoint in ["", "mq.example", "/api/v5", "ftp://mq.example", "https://", "https://h:0", "https://h:99999"]
        {
            assert!(Address::of_endpoint(endpoint).is_err(), "{endpoint}");
        }
        let error = Address::of_endpoint("https://me:hush@mq.example/api").unwrap_err();
        assert!(!error.to_string().contains("hush"), "{error}");
    }
}
