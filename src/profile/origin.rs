//! Where a value came from.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// Who said so, in falling rank: a flag beats the environment, that the profile, that `[defaults]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The flag, with its dashes.
    Flag(&'static str),
    /// The environment variable.
    Env(&'static str),
    /// A line of the profile file, in the profile itself (or at its top level).
    Profile { file: Arc<Path>, line: usize },
    /// A line of the profile file, in `[defaults]`.
    Defaults { file: Arc<Path>, line: usize },
    /// Nobody: what emqstat does by itself.
    BuiltIn,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag(flag) => f.write_str(flag),
            Origin::Env(name) => f.write_str(name),
            Origin::Profile { file, line } => write!(f, "{}:{line}", file.display()),
            Origin::Defaults { file, line } => write!(f, "{}:{line} [defaults]", file.display()),
            Origin::BuiltIn => f.write_str("built in"),
        }
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    pub value: T,
    pub origin: Origin,
}

impl<T> Sourced<T> {
    /// A value from `origin`.
    pub fn new(value: T, origin: Origin) -> Sourced<T> {
        Sourced { value, origin }
    }

    /// The value of a flag; `None` where it was not given.
    pub fn flag(name: &'static str, value: Option<impl Into<T>>) -> Option<Sourced<T>> {
        value.map(|value| Sourced::new(value.into(), Origin::Flag(name)))
    }

    /// The value made into another, from the same origin.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced { value: change(self.value), origin: self.origin }
    }
}
