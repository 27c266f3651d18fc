//! The types that settings have: how a variable, a flag and the profile file give a value, and how the file has it.

use super::section::Section;
use super::{Error, Sourced};
use crate::units;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;
use toml_edit::{Item, Value};

/// A type of setting.
pub(crate) trait Setting: Sized {
    /// Refuses a value that no connection can work with; the clause says why.
    fn check(self) -> Result<Self, String> {
        Ok(self)
    }

    /// The value that text means.
    fn parse(text: &str) -> Result<Self, String>;

    /// The value of a variable.
    fn parse_variable(value: OsString) -> Result<Self, String> {
        Self::parse(value.to_str().ok_or("the value is not UTF-8")?)
    }

    /// What the profile file has under `key`.
    fn read(section: &Section<'_>, key: &str) -> Result<Option<Sourced<Self>>, Error>;

    /// The value as the profile file has it.
    fn value(&self) -> SettingValue;
}

/// A value as the profile file has it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub enum SettingValue {
    Text(String),
    Number(u32),
    Switch(bool),
    /// No value; empty text in the file.
    None,
}

impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingValue::Text(text) => f.write_str(text),
            SettingValue::Number(number) => number.fmt(f),
            SettingValue::Switch(on) => on.fmt(f),
            SettingValue::None => f.write_str("none"),
        }
    }
}

impl From<SettingValue> for Value {
    fn from(value: SettingValue) -> Value {
        match value {
            SettingValue::Text(text) => text.into(),
            SettingValue::Number(number) => i64::from(number).into(),
            SettingValue::Switch(on) => on.into(),
            SettingValue::None => "".into(),
        }
    }
}

/// A time-out.
impl Setting for Duration {
    fn check(self) -> Result<Duration, String> {
        /// Nobody waits longer for a scrape; and what is added to a clock must not overflow it.
        const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
        match self {
            Duration::ZERO => Err("a time-out of nothing lets nothing through".into()),
            _ if self > LONGEST => Err("a time-out is at most 24h".into()),
            _ => Ok(self),
        }
    }

    fn parse(text: &str) -> Result<Duration, String> {
        units::duration(text).map_err(|error| error.to_string())?.check()
    }

    fn read(section: &Section<'_>, key: &str) -> Result<Option<Sourced<Duration>>, Error> {
        let text = section.value(key, "a duration in quotes, such as \"10s\"", Item::as_str)?;
        section.made(key, text, Duration::parse)
    }

    /// As [`units::duration`] reads it back: `10s`, `1m30s`.
    fn value(&self) -> SettingValue {
        SettingValue::Text(match jiff::SignedDuration::try_from(*self) {
            Ok(signed) => format!("{signed:#}").replace(' ', ""),
            Err(_) => format!("{}s", self.as_secs()),
        })
    }
}

/// A number of bytes.
impl Setting for u64 {
    fn check(self) -> Result<u64, String> {
        if self == 0 { Err("a size of nothing lets nothing through".into()) } else { Ok(self) }
    }

    fn parse(text: &str) -> Result<u64, String> {
        units::size(text).map_err(|error| error.to_string())?.check()
    }

    fn read(section: &Section<'_>, key: &str) -> Result<Option<Sourced<u64>>, Error> {
        let wanted = "a number of bytes or a size in quotes, such as \"64MiB\"";
        let text = section.value(key, wanted, |item| match item.as_integer() {
            Some(bytes) => Some(bytes.to_string()),
            None => item.as_str().map(str::to_owned),
        })?;
        section.made(key, text, |text| u64::parse(&text))
    }

    /// As [`units::size`] reads it back: `256MiB`, `1000`.
    fn value(&self) -> SettingValue {
        const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
        SettingValue::Text(match UNITS.iter().find(|(unit, _)| self >= unit && self.is_multiple_of(*unit)) {
            Some((unit, name)) => format!("{}{name}", self / unit),
            None => self.to_string(),
        })
    }
}

/// A whole number from 0 on.
impl Setting for u32 {
    fn parse(text: &str) -> Result<u32, String> {
        text.trim().parse().map_err(|_| format!("'{text}' is not a whole number from 0 on"))
    }

    fn read(section: &Section<'_>, key: &str) -> Result<Option<Sourced<u32>>, Error> {
        let value = section.value(key, "a whole number", Item::as_integer)?;
        section.made(key, value, |number| {
            u32::try_from(number).map_err(|_| format!("{number} is not a number from 0 to {}", u32::MAX))
        })
    }

    fn value(&self) -> SettingValue {
        SettingValue::Number(*self)
    }
}

/// A switch.
impl Setting for bool {
    fn parse(text: &str) -> Result<bool, String> {
        match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(true),
            "false" | "0" | "no" | "off" => Ok(false),
            _ => Err(format!("'{text}' is neither true nor false")),
        }
    }

    fn read(section: &Section<'_>, key: &str) -> Result<Option<Sourced<bool>>, Error> {
        section.value(key, "true or false", Item::as_bool)
    }

    fn value(&self) -> SettingValue {
        SettingValue::Switch(*self)
    }
}

/// A file; an empty path is none, whatever the layers below say.
impl Setting for Option<PathBuf> {
    fn check(self) -> Result<Option<PathBuf>, String> {
        Ok(self.filter(|path| !path.as_os_str().is_empty()))
    }

    fn parse(text: &str) -> Result<Option<PathBuf>, String> {
        Self::parse_variable(text.into())
    }

    fn parse_variable(value: OsString) -> Result<Option<PathBuf>, String> {
        Some(PathBuf::from(value)).check()
    }

    fn read(section: &Section<'_>, key: &str) -> Result<Option<Sourced<Option<PathBuf>>>, Error> {
        let path = section.path(key)?;
        section.made(key, path, |path| Some(path).check())
    }

    fn value(&self) -> SettingValue {
        self.as_ref().map_or(SettingValue::None, |path| SettingValue::Text(path.display().to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_can_be_read_back() {
        for text in ["500ms", "10s", "1m30s", "24h"] {
            assert_eq!(Duration::parse(text).unwrap().value().to_string(), text);
        }
        for text in ["256MiB", "1000", "1025", "3KiB", "1536KiB", "2GiB"] {
            assert_eq!(u64::parse(text).unwrap().value().to_string(), text);
        }
    }

    #[test]
    fn a_limit_of_nothing_is_refused_and_one_beyond_a_day() {
        for bad in ["0", "0s", "25h", "10", "-1s", "99999999999999h"] {
            assert!(Duration::parse(bad).is_err(), "{bad}");
        }
        assert!(u64::parse("0").is_err());
    }
}
