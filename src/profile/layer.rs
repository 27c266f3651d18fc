//! How to connect, said in layers: each may say something, and the first that does counts.

use super::environment::Environment;
use super::{Connect, Error, Origin, Sourced};
use crate::{env, units};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// The keys of the profile file that say how to connect. Each is a flag (`--connect-timeout`) and a
/// variable (`EMQSTAT_CONNECT_TIMEOUT`) too.
pub(super) const KEYS: &[&str] =
    &["timeout", "connect_timeout", "retries", "ca_cert", "insecure", "allow_http", "max_body"];

/// Nobody waits longer for a scrape; and what is added to a clock must not overflow it.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// What the flags say about how to connect: `None` where one was not given.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    pub timeout: Option<Duration>,
    pub connect_timeout: Option<Duration>,
    pub retries: Option<u32>,
    /// An empty path switches off what the file says.
    pub ca_cert: Option<PathBuf>,
    pub insecure: Option<bool>,
    pub allow_http: Option<bool>,
    pub max_body: Option<u64>,
}

/// What one layer says. Every value in it will do.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    pub timeout: Option<Sourced<Duration>>,
    pub connect_timeout: Option<Sourced<Duration>>,
    pub retries: Option<Sourced<u32>>,
    /// An empty path: no certificates beside the usual ones, whatever the layers below say.
    pub ca_cert: Option<Sourced<PathBuf>>,
    pub insecure: Option<Sourced<bool>>,
    pub allow_http: Option<Sourced<bool>>,
    pub max_body: Option<Sourced<u64>>,
}

/// What all layers together say: [`Connect`], and where each value came from.
#[derive(Debug, Clone)]
pub struct Settings {
    pub timeout: Sourced<Duration>,
    pub connect_timeout: Sourced<Duration>,
    pub retries: Sourced<u32>,
    pub ca_cert: Sourced<Option<PathBuf>>,
    pub insecure: Sourced<bool>,
    pub allow_http: Sourced<bool>,
    pub max_body: Sourced<u64>,
}

impl Layer {
    /// What the flags say.
    ///
    /// # Errors
    /// A value that no connection can work with, such as a time-out of nothing.
    pub fn of_flags(flags: &Overrides) -> Result<Layer, Error> {
        Ok(Layer {
            timeout: given(flags.timeout, "--timeout", checked_time)?,
            connect_timeout: given(flags.connect_timeout, "--connect-timeout", checked_time)?,
            retries: given(flags.retries, "--retries", Ok)?,
            ca_cert: given(flags.ca_cert.clone(), "--ca-cert", Ok)?,
            insecure: given(flags.insecure, "--insecure", Ok)?,
            allow_http: given(flags.allow_http, "--allow-http", Ok)?,
            max_body: given(flags.max_body, "--max-body", checked_size)?,
        })
    }

    /// What the environment says.
    ///
    /// # Errors
    /// A variable that does not hold what its flag takes.
    pub fn of_environment(environment: Environment<'_>) -> Result<Layer, Error> {
        Ok(Layer {
            timeout: variable(environment, env::TIMEOUT, time)?,
            connect_timeout: variable(environment, env::CONNECT_TIMEOUT, time)?,
            retries: variable(environment, env::RETRIES, count)?,
            ca_cert: environment.path(env::CA_CERT).map(|path| Sourced::new(path, Origin::Env(env::CA_CERT))),
            insecure: variable(environment, env::INSECURE, switch)?,
            allow_http: variable(environment, env::ALLOW_HTTP, switch)?,
            max_body: variable(environment, env::MAX_BODY, size)?,
        })
    }

    /// This layer, and `below` where it says nothing.
    pub fn over(self, below: &Layer) -> Layer {
        Layer {
            timeout: self.timeout.or_else(|| below.timeout.clone()),
            connect_timeout: self.connect_timeout.or_else(|| below.connect_timeout.clone()),
            retries: self.retries.or_else(|| below.retries.clone()),
            ca_cert: self.ca_cert.or_else(|| below.ca_cert.clone()),
            insecure: self.insecure.or_else(|| below.insecure.clone()),
            allow_http: self.allow_http.or_else(|| below.allow_http.clone()),
            max_body: self.max_body.or_else(|| below.max_body.clone()),
        }
    }

    /// This layer, and the defaults where it says nothing.
    pub fn over_defaults(self) -> Settings {
        let Connect { timeout, connect_timeout, retries, ca_cert, insecure, allow_http, max_body } = Connect::default();
        Settings {
            timeout: or_built_in(self.timeout, timeout),
            connect_timeout: or_built_in(self.connect_timeout, connect_timeout),
            retries: or_built_in(self.retries, retries),
            ca_cert: match self.ca_cert {
                Some(path) => path.map(|path| Some(path).filter(|path| !path.as_os_str().is_empty())),
                None => Sourced::new(ca_cert, Origin::BuiltIn),
            },
            insecure: or_built_in(self.insecure, insecure),
            allow_http: or_built_in(self.allow_http, allow_http),
            max_body: or_built_in(self.max_body, max_body),
        }
    }
}

impl Settings {
    /// The values, without where they came from.
    pub fn connect(&self) -> Connect {
        Connect {
            timeout: self.timeout.value,
            connect_timeout: self.connect_timeout.value,
            retries: self.retries.value,
            ca_cert: self.ca_cert.value.clone(),
            insecure: self.insecure.value,
            allow_http: self.allow_http.value,
            max_body: self.max_body.value,
        }
    }

    /// Key, value and origin of each setting, a value as the file would have it; `None` where there is none.
    pub fn rows(&self) -> Vec<(&'static str, Option<SettingValue>, &Origin)> {
        let Settings { timeout, connect_timeout, retries, ca_cert, insecure, allow_http, max_body } = self;
        let path = |path: &PathBuf| SettingValue::Text(path.display().to_string());
        vec![
            ("timeout", Some(SettingValue::Text(time_text(timeout.value))), &timeout.origin),
            ("connect_timeout", Some(SettingValue::Text(time_text(connect_timeout.value))), &connect_timeout.origin),
            ("retries", Some(SettingValue::Number(retries.value)), &retries.origin),
            ("ca_cert", ca_cert.value.as_ref().map(path), &ca_cert.origin),
            ("insecure", Some(SettingValue::Switch(insecure.value)), &insecure.origin),
            ("allow_http", Some(SettingValue::Switch(allow_http.value)), &allow_http.origin),
            ("max_body", Some(SettingValue::Text(size_text(max_body.value))), &max_body.origin),
        ]
    }
}

/// A value as the profile file would have it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub enum SettingValue {
    Text(String),
    Number(u32),
    Switch(bool),
}

impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingValue::Text(text) => f.write_str(text),
            SettingValue::Number(number) => number.fmt(f),
            SettingValue::Switch(on) => on.fmt(f),
        }
    }
}

fn or_built_in<T>(said: Option<Sourced<T>>, built_in: T) -> Sourced<T> {
    said.unwrap_or_else(|| Sourced::new(built_in, Origin::BuiltIn))
}

fn given<T>(
    value: Option<T>,
    flag: &'static str,
    check: impl Fn(T) -> Result<T, String>,
) -> Result<Option<Sourced<T>>, Error> {
    let origin = Origin::Flag(flag);
    let Some(value) = value else { return Ok(None) };
    let value = check(value).map_err(|why| Error::setting(origin.clone(), flag, why, None))?;
    Ok(Some(Sourced::new(value, origin)))
}

fn variable<T>(
    environment: Environment<'_>,
    name: &'static str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<Sourced<T>>, Error> {
    let origin = Origin::Env(name);
    let Some(text) = environment.text(name)? else { return Ok(None) };
    let value = read(&text).map_err(|why| Error::setting(origin.clone(), name, why, None))?;
    Ok(Some(Sourced::new(value, origin)))
}

/// A time-out as text.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    units::duration(text).map_err(|error| error.to_string()).and_then(checked_time)
}

/// A size as text.
pub(super) fn size(text: &str) -> Result<u64, String> {
    units::size(text).map_err(|error| error.to_string()).and_then(checked_size)
}

fn count(text: &str) -> Result<u32, String> {
    text.trim().parse().map_err(|_| format!("'{text}' is not a whole number from 0 on"))
}

fn switch(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(format!("'{text}' is neither true nor false")),
    }
}

pub(super) fn checked_time(value: Duration) -> Result<Duration, String> {
    match value {
        Duration::ZERO => Err("a time-out of nothing lets nothing through".into()),
        _ if value > LONGEST => Err("a time-out is at most 24h".into()),
        _ => Ok(value),
    }
}

pub(super) fn checked_size(value: u64) -> Result<u64, String> {
    if value == 0 { Err("a size of nothing lets nothing through".into()) } else { Ok(value) }
}

/// A duration as [`units::duration`] reads it back: `10s`, `1m30s`.
pub fn time_text(value: Duration) -> String {
    match jiff::SignedDuration::try_from(value) {
        Ok(signed) => format!("{signed:#}").replace(' ', ""),
        Err(_) => format!("{}s", value.as_secs()),
    }
}

/// A size as [`units::size`] reads it back: `256MiB`, `1000`.
pub fn size_text(value: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match UNITS.iter().find(|(unit, _)| value >= *unit && value.is_multiple_of(*unit)) {
        Some((unit, name)) => format!("{}{name}", value / unit),
        None => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_can_be_read_back() {
        for text in ["500ms", "10s", "1m30s", "24h"] {
            assert_eq!(time_text(units::duration(text).unwrap()), text);
        }
        for text in ["256MiB", "1000", "3KiB", "2GiB"] {
            assert_eq!(size_text(units::size(text).unwrap()), text);
        }
    }

    #[test]
    fn a_limit_of_nothing_is_refused_and_one_beyond_a_day() {
        for bad in ["0", "0s", "25h", "10", "-1s", "99999999999999h"] {
            assert!(time(bad).is_err(), "{bad}");
        }
        assert!(size("0").is_err());
        let flags = Overrides { timeout: Some(Duration::ZERO), ..Overrides::default() };
        let error = Layer::of_flags(&flags).unwrap_err().to_string();
        assert_eq!(error, "--timeout: a time-out of nothing lets nothing through");
    }

    #[test]
    fn a_variable_takes_what_its_flag_takes() {
        let layer = |name: &'static str, value: &'static str| {
            Layer::of_environment(Environment::new(&|asked: &str| (asked == name).then(|| value.into())))
        };
        assert!(layer(env::INSECURE, "1").unwrap().insecure.unwrap().value);
        assert!(!layer(env::INSECURE, "False").unwrap().insecure.unwrap().value);
        assert_eq!(layer(env::MAX_BODY, "1MiB").unwrap().max_body.unwrap().value, 1 << 20);
        assert!(layer(env::TIMEOUT, "").unwrap().timeout.is_none(), "empty is not set");
        for (name, bad) in [(env::INSECURE, "maybe"), (env::RETRIES, "-1"), (env::TIMEOUT, "10")] {
            let error = layer(name, bad).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{name}: '{bad}' ")), "{error}");
        }
    }
}
