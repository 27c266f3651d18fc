//! Which proxy, if any, stands between us and a server: decided from the environment, as curl does.
//!
//! - `https` addresses go through `HTTPS_PROXY`, `http` ones through `HTTP_PROXY`, either through `ALL_PROXY` where its own
//!   is not set. Lower case wins; an empty variable is one that is not set. `HTTP_PROXY` in capitals is ignored where
//!   `REQUEST_METHOD` is set: a CGI server would have filled it from a request's header `Proxy`
//!   (<https://httpoxy.org>).
//! - `NO_PROXY` is a list, separated by commas or blanks: `*`; a domain, which stands for its subdomains too, with or without a dot in front;
//!   an IP address; a range of them (`10.0.0.0/8`); a domain or address with a port.
//! - Loopback is reached without a proxy, always.
//!
//! A proxy is asked for a tunnel (CONNECT), also for plain `http`. SOCKS proxies are refused rather than passed by.

use super::error::Error;
use crate::env;
use crate::profile::{EndpointUrl, Scheme, Secret};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::ffi::OsString;
use std::net::IpAddr;

/// What the environment says about proxies.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    https: Option<Variable>,
    http: Option<Variable>,
    all: Option<Variable>,
    exempt: Vec<Exemption>,
}

/// A variable and its value, which may hold a password.
#[derive(Debug, Clone)]
struct Variable {
    name: String,
    value: Secret,
}

/// A proxy to go through.
#[derive(Debug, Clone)]
pub(super) struct Proxy {
    pub address: EndpointUrl,
    /// The value of `Proxy-Authorization`.
    pub authorization: Option<Secret>,
    /// The variable that names it.
    pub variable: String,
}

impl Proxies {
    /// Reads the variables through `lookup`, which gives `None` for one that is not set.
    pub fn from_env(lookup: impl Fn(&str) -> Option<OsString>) -> Proxies {
        let lookup = |name: &str| {
            let value = lookup(name)?.to_string_lossy().into_owned();
            Some(value).filter(|value| !value.trim().is_empty())
        };
        let either = |name: &str, upper: bool| {
            let lower = name.to_ascii_lowercase();
            let found = lookup(&lower).map(|value| (lower, value));
            let (name, value) = found.or_else(|| lookup(name).filter(|_| upper).map(|v| (name.to_owned(), v)))?;
            Some(Variable { name, value: Secret::new(value) })
        };
        let exempt = either(env::NO_PROXY, true);
        let exempt = exempt.as_ref().map_or("", |variable| variable.value.expose());
        Proxies {
            https: either(env::HTTPS_PROXY, true),
            http: either(env::HTTP_PROXY, lookup(env::REQUEST_METHOD).is_none()),
            all: either(env::ALL_PROXY, true),
            exempt: exempt.split([',', ' ', '\t']).filter_map(Exemption::parse).collect(),
        }
    }

    /// The proxy for a server.
    pub(super) fn choose(&self, server: &EndpointUrl) -> Result<Option<Proxy>, Error> {
        let own = match server.scheme() {
            Scheme::Https => &self.https,
            Scheme::Http => &self.http,
        };
        let Some(variable) = own.as_ref().or(self.all.as_ref()) else { return Ok(None) };
        if server.is_loopback() || self.exempt.iter().any(|exempt| exempt.covers(server)) {
            return Ok(None);
        }
        Proxy::parse(variable).map(Some)
    }
}

impl Proxy {
    /// `[http://|https://][USER[:PASSWORD]@]HOST[:PORT]`, user and password percent-encoded.
    fn parse(variable: &Variable) -> Result<Proxy, Error> {
        // No reason repeats the value: it may hold a password.
        let refused = |reason: &str| Error::ProxySetting { variable: variable.name.clone(), reason: reason.to_owned() };
        let value = variable.value.expose().trim();
        let (scheme, rest) = value.split_once("://").unwrap_or(("http", value));
        let scheme = scheme.to_ascii_lowercase();
        match scheme.as_str() {
            "http" | "https" => {}
            "socks" | "socks4" | "socks4a" | "socks5" | "socks5h" => return Err(refused("SOCKS is not supported")),
            _ => return Err(refused("it is neither http:// nor https://")),
        }
        let (credentials, host) = match rest.rsplit_once('@') {
            Some((credentials, host)) => (Some(credentials), host),
            None => (None, rest),
        };
        let host = host.split(['/', '?', '#']).next().unwrap_or_default();
        let address = format!("{scheme}://{host}").parse().map_err(|_| refused("it names no usable host and port"))?;
        let authorization = credentials.filter(|text| !text.is_empty()).map(|text| {
            let (user, password) = text.split_once(':').unwrap_or((text, ""));
            let mut both: Vec<u8> = percent_encoding::percent_decode_str(user).collect();
            both.push(b':');
            both.extend(percent_encoding::percent_decode_str(password));
            Secret::new(format!("Basic {}", BASE64_STANDARD.encode(both)))
        });
        Ok(Proxy { address, authorization, variable: variable.name.clone() })
    }
}

/// One entry of `NO_PROXY`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Exemption {
    All,
    Range { network: IpAddr, bits: u32, port: Option<u16> },
    Domain { name: String, port: Option<u16> },
}

impl Exemption {
    /// `None` for what cannot match anything.
    fn parse(entry: &str) -> Option<Exemption> {
        if entry == "*" {
            return Some(Exemption::All);
        }
        if let Some((network, bits)) = entry.split_once('/') {
            let network: IpAddr = network.parse().ok()?;
            let bits = bits.parse().ok().filter(|bits| *bits <= width(network))?;
            return Some(Exemption::Range { network, bits, port: None });
        }
        if let Ok(network) = entry.parse::<IpAddr>() {
            return Some(Exemption::Range { network, bits: width(network), port: None });
        }
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (host, Some(port.parse().ok()?)),
            _ => (entry, None),
        };
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if let Ok(network) = bare.parse::<IpAddr>() {
            return Some(Exemption::Range { network, bits: width(network), port });
        }
        let name = host.strip_prefix('*').unwrap_or(host).trim_matches('.').to_ascii_lowercase();
        (!name.is_empty()).then_some(Exemption::Domain { name, port })
    }

    fn covers(&self, server: &EndpointUrl) -> bool {
        match self {
            Exemption::All => true,
            Exemption::Range { network, bits, port } => {
                let inside = server.host().parse().is_ok_and(|ip| prefix(ip, *bits) == prefix(*network, *bits));
                inside && port.is_none_or(|port| port == server.port())
            }
            Exemption::Domain { name, port } => {
                let host = server.host();
                let host = host.trim_end_matches('.');
                let above = host.strip_suffix(name.as_str());
                above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
                    && port.is_none_or(|port| port == server.port())
            }
        }
    }
}

/// How many bits an address has.
fn width(ip: IpAddr) -> u32 {
    if ip.is_ipv4() { 32 } else { 128 }
}

/// The leading `bits` of an address, and which kind it is of.
fn prefix(ip: IpAddr, bits: u32) -> (bool, u128) {
    let value = match ip {
        IpAddr::V4(ip) => u128::from(u32::from(ip)),
        IpAddr::V6(ip) => u128::from(ip),
    };
    (ip.is_ipv4(), value.checked_shr(width(ip).saturating_sub(bits)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(variables: &[(&str, &str)]) -> Proxies {
        Proxies::from_env(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| v.into()))
    }

    fn choose(variables: &[(&str, &str)], endpoint: &str) -> Option<String> {
        let server = endpoint.parse().unwrap();
        proxies(variables).choose(&server).unwrap().map(|proxy| proxy.address.authority())
    }

    fn exempt(no_proxy: &str, endpoint: &str) -> bool {
        choose(&[("ALL_PROXY", "p:1"), ("NO_PROXY", no_proxy)], endpoint).is_none()
    }

    #[test]
    fn the_scheme_chooses_the_variable() {
        let all = [("HTTPS_PROXY", "s:1"), ("HTTP_PROXY", "h:1"), ("ALL_PROXY", "a:1")];
        assert_eq!(choose(&all, "https://mq.example").as_deref(), Some("s:1"));
        assert_eq!(choose(&all, "http://mq.example").as_deref(), Some("h:1"));
        assert_eq!(choose(&all[2..], "https://mq.example").as_deref(), Some("a:1"));
        assert_eq!(choose(&all[1..2], "https://mq.example"), None);
        assert_eq!(choose(&[], "https://mq.example"), None);
    }

    #[test]
    fn lower_case_wins_and_empty_is_unset() {
        let both = [("https_proxy", "lower:1"), ("HTTPS_PROXY", "upper:1")];
        assert_eq!(choose(&both, "https://mq.example").as_deref(), Some("lower:1"));
        let empty = [("https_proxy", ""), ("HTTPS_PROXY", "upper:1")];
        assert_eq!(choose(&empty, "https://mq.example").as_deref(), Some("upper:1"));
    }

    #[test]
    fn a_cgi_request_cannot_set_the_proxy() {
        let upper = [("HTTP_PROXY", "evil:1"), ("REQUEST_METHOD", "GET")];
        assert_eq!(choose(&upper, "http://mq.example"), None);
        let lower = [("http_proxy", "ours:1"), ("REQUEST_METHOD", "GET")];
        assert_eq!(choose(&lower, "http://mq.example").as_deref(), Some("ours:1"));
    }

    #[test]
    fn loopback_goes_direct() {
        for endpoint in ["http://localhost:8080", "https://127.0.0.1", "https://[::1]:8443"] {
            assert_eq!(choose(&[("ALL_PROXY", "p:1")], endpoint), None, "{endpoint}");
        }
    }

    #[test]
    fn no_proxy_names_domains_with_their_subdomains() {
        for list in
            ["mq.example", ".mq.example", "*.mq.example", "MQ.Example", "other, mq.example", "other mq.example", "*"]
        {
            assert!(exempt(list, "https://mq.example"), "{list}");
            assert!(exempt(list, "https://a.b.mq.example"), "{list}");
        }
        for list in ["", ",", "q.example", "mq.exampl", "a.mq.example", ".", "*."] {
            assert!(!exempt(list, "https://mq.example"), "{list}");
        }
        assert!(exempt("mq.example", "https://mq.example."));
    }

    #[test]
    fn no_proxy_names_ports() {
        assert!(exempt("mq.example:8443", "https://mq.example:8443"));
        assert!(exempt("mq.example:443", "https://mq.example"));
        assert!(!exempt("mq.example:8443", "https://mq.example"));
        assert!(exempt("[2001:db8::1]:443", "https://[2001:db8::1]"));
        assert!(!exempt("192.0.2.1:1", "https://192.0.2.1"));
    }

    #[test]
    fn no_proxy_names_addresses_and_ranges() {
        assert!(exempt("192.0.2.1", "https://192.0.2.1"));
        assert!(exempt("192.0.2.0/24", "https://192.0.2.255"));
        assert!(!exempt("192.0.2.0/24", "https://192.0.3.0"));
        assert!(exempt("0.0.0.0/0", "https://192.0.2.1"));
        assert!(!exempt("0.0.0.0/0", "https://[2001:db8::1]"));
        assert!(exempt("2001:db8::/32", "https://[2001:db8:ffff::1]"));
        assert!(exempt("::/0", "https://[2001:db8::1]"));
        // A range says nothing about names; nobody looks them up for it.
        assert!(!exempt("0.0.0.0/0", "https://mq.example"));
        assert!(!exempt("192.0.2.0/33", "https://192.0.2.0"));
    }

    #[test]
    fn credentials_are_decoded_and_never_shown() {
        let variables = [("HTTPS_PROXY", "http://me:p%40ss%3A@corp:3128/")];
        let server = "https://mq.example".parse().unwrap();
        let proxies = proxies(&variables);
        let proxy = proxies.choose(&server).unwrap().unwrap();
        assert_eq!(proxy.address.authority(), "corp:3128");
        let expected = format!("Basic {}", BASE64_STANDARD.encode("me:p@ss:"));
        assert_eq!(proxy.authorization.as_ref().map(Secret::expose), Some(expected.as_str()));
        let shown = format!("{proxies:?} {proxy:?}");
        assert!(!shown.contains("p%40ss") && !shown.contains(&expected), "{shown}");
    }

    #[test]
    fn what_cannot_be_used_is_said_without_the_password() {
        for value in
            ["socks5://me:hush@corp", "ftp://me:hush@corp", "http://me:hush@", "http://me:hush@corp:port", "me:hush"]
        {
            let server = "https://mq.example".parse().unwrap();
            let error = proxies(&[("HTTPS_PROXY", value)]).choose(&server).unwrap_err();
            let text = format!("{error} {:?}", error);
            assert!(text.contains("HTTPS_PROXY") && !text.contains("hush"), "{text}");
        }
    }
}
