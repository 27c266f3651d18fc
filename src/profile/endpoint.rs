//! The address of a deployment's API, taken as people paste it and kept in one form.

use super::{Error, Sourced};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

/// What follows the API address for the broker's own metrics (vendor's page).
pub const CLUSTER_PATH: &str = "/deployment_metrics";
/// What follows the API address for rules and resources (vendor's page).
pub const DATA_INTEGRATION_PATH: &str = "/deployment_metrics/data_integration";

/// `https://HOST[:PORT][/PATH]` in one form: no trailing slash, metrics path, user info, query or fragment.
///
/// Made by [`str::parse`]; printed by `Display`, to which a metrics path can be added as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointUrl {
    scheme: Scheme,
    host: Host,
    port: Option<u16>,
    path: String,
}

/// The two schemes that metrics are served under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Http,
    Https,
}

impl Scheme {
    /// As it stands in a URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Host {
    Name(String),
    V4(Ipv4Addr),
    V6(Ipv6Addr),
}

impl EndpointUrl {
    /// The API of a server whose socket is known, below `path` (`/api/v5`).
    pub fn of_socket(scheme: Scheme, address: SocketAddr, path: &str) -> EndpointUrl {
        let host = match address.ip() {
            IpAddr::V4(ip) => Host::V4(ip),
            IpAddr::V6(ip) => Host::V6(ip),
        };
        EndpointUrl { scheme, host, port: Some(address.port()), path: path.to_owned() }
    }

    /// The address that a setting, written under `key`, holds.
    ///
    /// # Errors
    /// It is none.
    pub fn of_setting(text: Sourced<String>, key: &str) -> Result<Sourced<EndpointUrl>, Error> {
        match text.value.parse::<EndpointUrl>() {
            Ok(url) => Ok(text.map(|_| url)),
            Err(error) => Err(text.refuse(key, &error, error.hint())),
        }
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The name or address to look up, an IPv6 address without its brackets.
    pub fn host(&self) -> String {
        match &self.host {
            Host::Name(name) => name.clone(),
            Host::V4(address) => address.to_string(),
            Host::V6(address) => address.to_string(),
        }
    }

    /// The port, the scheme's own where none is written.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.scheme {
            Scheme::Http => 80,
            Scheme::Https => 443,
        })
    }

    /// The path below which the API lives; empty, or starts with a slash and does not end with one.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// `SCHEME://HOST[:PORT]`: what credentials are meant for, and nobody else.
    pub fn origin(&self) -> String {
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{}{port}", self.scheme.as_str(), self.bracketed_host())
    }

    /// `HOST:PORT`, the port always named.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.bracketed_host(), self.port())
    }

    fn bracketed_host(&self) -> String {
        match &self.host {
            Host::V6(address) => format!("[{address}]"),
            _ => self.host(),
        }
    }

    /// Whether it is this machine: `localhost`, 127.0.0.0/8 or `::1`. No other name counts, whatever it resolves to.
    pub fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Name(name) => name == "localhost",
            Host::V4(address) => address.is_loopback(),
            Host::V6(address) => address.is_loopback(),
        }
    }

    /// Whether credentials sent there could be read on the way: plain `http` to another machine.
    pub fn exposes_credentials(&self) -> bool {
        self.scheme == Scheme::Http && !self.is_loopback()
    }
}

impl fmt::Display for EndpointUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin(), self.path)
    }
}

/// Why an address was refused. What was written is repeated only where no password can be in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    #[error("the address is empty")]
    Empty,
    #[error("the address has no scheme")]
    NoScheme { guess: Option<String> },
    #[error("the scheme '{0}' is not http or https")]
    Scheme(String),
    #[error("the address holds '@': a user name or password in it would be shown wherever the address is")]
    UserInfo,
    #[error("the address has a query ('?') or a fragment ('#'), which an API address has not")]
    Query,
    #[error("the address names no host")]
    NoHost,
    #[error("'{0}' is not a host name or address")]
    Host(String),
    #[error(
        "'{0}' has a zone (what follows the '%'), and an address that means something on one machine only is not asked"
    )]
    Zone(String),
    #[error("'{0}' is not a port: a port is a number from 1 to 65535")]
    Port(String),
    #[error("the address holds {0:?}, which a URL may not")]
    Character(char),
}

impl EndpointError {
    /// What to write instead.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            EndpointError::NoScheme { guess: Some(guess) } => format!("did you mean '{guess}'?"),
            EndpointError::UserInfo => {
                "leave user and password out: app_id and app_secret are kept beside the address".into()
            }
            EndpointError::Query => "cut the address off before it".into(),
            EndpointError::Zone(_) => {
                "use a global or unique local address (2000::/3, fc00::/7), or a host name".into()
            }
            EndpointError::Host(text) if text.contains(':') => {
                format!("an IPv6 address stands in brackets: https://[{text}]")
            }
            EndpointError::Host(text) if !text.is_ascii() => {
                "write an international name in its ASCII form (xn--...)".into()
            }
            _ => "an address looks like https://HOST:8443/api/v5".into(),
        })
    }
}

impl FromStr for EndpointUrl {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<EndpointUrl, EndpointError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(EndpointError::Empty);
        }
        // Anywhere at all: a password may itself hold a slash, and must not end up in a message about paths.
        if text.contains('@') {
            return Err(EndpointError::UserInfo);
        }
        let (scheme, rest) = split_scheme(text)?;
        if rest.contains(['?', '#']) {
            return Err(EndpointError::Query);
        }
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let (host, port) = split_port(authority)?;
        let host = parse_host(host)?;
        if let Some(bad) = path.chars().find(|&c| !is_path_char(c)) {
            return Err(EndpointError::Character(bad));
        }
        Ok(EndpointUrl { scheme, host, port, path: cut_metrics_path(path).to_owned() })
    }
}

fn split_scheme(text: &str) -> Result<(Scheme, &str), EndpointError> {
    let is_scheme = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    match text.split_once("://") {
        Some((word, rest)) if word.eq_ignore_ascii_case("https") => Ok((Scheme::Https, rest)),
        Some((word, rest)) if word.eq_ignore_ascii_case("http") => Ok((Scheme::Http, rest)),
        Some((word, _)) if is_scheme(word) => Err(EndpointError::Scheme(word.to_owned())),
        _ => {
            let guess = format!("https://{}", text.trim_start_matches('/'));
            Err(EndpointError::NoScheme { guess: guess.parse::<EndpointUrl>().is_ok().then_some(guess) })
        }
    }
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), EndpointError> {
    // The colons of an IPv6 address stand inside brackets.
    let after_host = authority.rfind(']').unwrap_or(0);
    let Some(colon) = authority.rfind(':').filter(|&at| at >= after_host) else {
        return Ok((authority, None));
    };
    let (host, port) = authority.split_at(colon);
    if host.contains(':') && !host.starts_with('[') {
        return Err(EndpointError::Host(authority.to_owned()));
    }
    let digits = port.trim_start_matches(':');
    match digits.parse::<u16>() {
        Ok(number) if number > 0 && digits.bytes().all(|b| b.is_ascii_digit()) => Ok((host, Some(number))),
        _ => Err(EndpointError::Port(digits.to_owned())),
    }
}

fn parse_host(text: &str) -> Result<Host, EndpointError> {
    let refused = || EndpointError::Host(text.to_owned());
    if text.is_empty() {
        return Err(EndpointError::NoHost);
    }
    if text.starts_with('[') && text.contains('%') {
        return Err(EndpointError::Zone(text.to_owned()));
    }
    if let Some(inside) = text.strip_prefix('[') {
        let address = inside.strip_suffix(']').and_then(|inside| inside.parse().ok());
        return address.map(Host::V6).ok_or_else(refused);
    }
    let mut labels = text.strip_suffix('.').unwrap_or(text).split('.');
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !labels.clone().all(is_label) {
        return Err(refused());
    }
    // No top-level domain is a number: what ends in one is meant as an IPv4 address.
    let is_number = |label: &str| label.bytes().all(|b| b.is_ascii_digit());
    if labels.next_back().is_some_and(is_number) {
        return text.parse().map(Host::V4).map_err(|_| refused());
    }
    Ok(Host::Name(text.to_ascii_lowercase()))
}

/// RFC 3986: unreserved, percent escapes, sub-delims, `:`; without `@` (refused before).
fn is_path_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/-._~%!$&'()*+,;=:".contains(c)
}

/// The base of the API. What was pasted twice is cut twice: an address that is printed reads as the same.
fn cut_metrics_path(path: &str) -> &str {
    let mut base = path.trim_end_matches('/');
    // The longer one first: the other is its beginning.
    while let Some(cut) = base.strip_suffix(DATA_INTEGRATION_PATH).or_else(|| base.strip_suffix(CLUSTER_PATH)) {
        base = cut.trim_end_matches('/');
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> EndpointUrl {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn refused(text: &str) -> EndpointError {
        text.parse::<EndpointUrl>().expect_err(text)
    }

    #[test]
    fn is_taken_as_people_paste_it() {
        let plain = "https://xxxx.example.com:8443/api/v5";
        for pasted in [
            "https://xxxx.example.com:8443/api/v5",
            "  https://xxxx.example.com:8443/api/v5/\n",
            "https://xxxx.example.com:8443/api/v5//",
            "https://xxxx.example.com:8443/api/v5/deployment_metrics",
            "https://xxxx.example.com:8443/api/v5/deployment_metrics/",
            "https://xxxx.example.com:8443/api/v5/deployment_metrics/data_integration",
            "https://xxxx.example.com:8443/api/v5/deployment_metrics/data_integration/",
            "HTTPS://XXXX.Example.com:8443/api/v5",
        ] {
            assert_eq!(url(pasted).to_string(), plain, "{pasted}");
        }
    }

    #[test]
    fn its_parts_can_be_asked_for() {
        let full = url("https://xxxx.example.com:8443/api/v5");
        assert_eq!((full.host().as_str(), full.port(), full.path()), ("xxxx.example.com", 8443, "/api/v5"));
        assert_eq!(full.origin(), "https://xxxx.example.com:8443");
        assert_eq!(url("https://h").port(), 443);
        assert_eq!(url("http://h/api").authority(), "h:80");
        assert_eq!(url("https://h/").to_string(), "https://h");
        assert_eq!(url("https://a-b_c.example").host().as_str(), "a-b_c.example");
        let six = url("https://[2001:DB8::1]:8443/api");
        assert_eq!((six.host().as_str(), six.port()), ("2001:db8::1", 8443));
        assert_eq!(six.to_string(), "https://[2001:db8::1]:8443/api");
        assert_eq!(url("https://[::1]/api").authority(), "[::1]:443");
    }

    #[test]
    fn only_loopback_may_be_asked_in_the_clear() {
        for here in ["http://localhost:1", "http://LOCALHOST", "http://127.0.0.1:18083/api", "http://[::1]:1"] {
            assert!(!url(here).exposes_credentials(), "{here}");
        }
        for elsewhere in ["http://h", "http://10.0.0.1", "http://localhost.example.com", "http://[2001:db8::1]"] {
            assert!(url(elsewhere).exposes_credentials(), "{elsewhere}");
        }
        assert!(!url("https://h").exposes_credentials());
    }

    #[test]
    fn a_password_is_refused_and_not_repeated() {
        for text in ["https://id:hunter2@h", "id:hunter2@h", "https://id:hun/ter2@h/api", "https://id:hunter2#@h"] {
            let error = refused(text);
            assert_eq!(error, EndpointError::UserInfo, "{text}");
            assert!(!format!("{error} {:?} {error:?}", error.hint()).contains("ter2"), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert_eq!(refused(" "), EndpointError::Empty);
        let guess = Some("https://h:8443/api".to_owned());
        assert_eq!(refused("h:8443/api"), EndpointError::NoScheme { guess });
        assert_eq!(refused("ftp://h"), EndpointError::Scheme("ftp".into()));
        assert_eq!(refused("1http://h"), EndpointError::NoScheme { guess: None }, "a scheme begins with a letter");
        assert_eq!(refused("https://h/api?x=1"), EndpointError::Query);
        assert_eq!(refused("https://h/api#x"), EndpointError::Query);
        for none in ["https://", "https:///api", "https://:8443"] {
            assert_eq!(refused(none), EndpointError::NoHost, "{none}");
        }
        for port in ["https://h:", "https://h:0", "https://h:65536", "https://h:+1", "https://h:8443x"] {
            assert!(matches!(refused(port), EndpointError::Port(_)), "{port}");
        }
        for host in ["https://2001:db8::1", "https://a..b", "https://a b", "https://1.2.3", "https://[::1", "https://é"]
        {
            assert!(matches!(refused(host), EndpointError::Host(_)), "{host}: {:?}", refused(host));
        }
        assert_eq!(refused("https://h/a b"), EndpointError::Character(' '));
        assert_eq!(refused("https://h/\u{202e}"), EndpointError::Character('\u{202e}'));
    }

    #[test]
    fn what_is_refused_comes_with_what_to_write_instead() {
        for (text, hint) in [
            ("h:8443/api", "did you mean 'https://h:8443/api'?"),
            ("https://id:s@h", "leave user and password out: app_id and app_secret are kept beside the address"),
            ("https://h/api?x", "cut the address off before it"),
            ("https://2001:db8::1", "an IPv6 address stands in brackets: https://[2001:db8::1]"),
            ("https://m\u{fc}nchen.example", "write an international name in its ASCII form (xn--...)"),
            ("https://a b", "an address looks like https://HOST:8443/api/v5"),
            ("ftp://h", "an address looks like https://HOST:8443/api/v5"),
        ] {
            assert_eq!(refused(text).hint().as_deref(), Some(hint), "{text}");
        }
    }
}
