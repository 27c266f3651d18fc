//! The environment, passed in: what decides about a deployment can be tried with any environment.

use super::setting::Setting;
use super::{Error, Origin, Sourced};
use std::ffi::OsString;
use std::fmt::Display;
use std::path::PathBuf;

/// Looks environment variables up. Set and empty counts as not set.
#[derive(Clone, Copy)]
pub struct Environment<'a>(&'a (dyn Fn(&str) -> Option<OsString> + Sync));

impl<'a> Environment<'a> {
    /// One that asks `lookup`.
    pub fn new(lookup: &'a (dyn Fn(&str) -> Option<OsString> + Sync)) -> Environment<'a> {
        Environment(lookup)
    }

    /// That of this process.
    pub fn process() -> Environment<'static> {
        Environment(&|name: &str| std::env::var_os(name))
    }

    /// The variable as it is.
    pub fn raw(self, name: &str) -> Option<OsString> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    /// What a variable holds for which empty is an answer.
    pub fn also_empty(self, name: &str) -> Option<OsString> {
        (self.0)(name)
    }

    /// The variable as a path.
    pub(super) fn path(self, name: &str) -> Option<PathBuf> {
        self.raw(name).map(PathBuf::from)
    }

    /// The variable as text.
    ///
    /// # Errors
    /// A value that is not UTF-8.
    pub(super) fn text(self, name: &'static str) -> Result<Option<Sourced<String>>, Error> {
        self.read(name, |value| value.into_string().map_err(|_| "the value is not UTF-8"))
    }

    /// The variable as a setting.
    ///
    /// # Errors
    /// A value that is none.
    pub(super) fn setting<T: Setting>(self, name: &'static str) -> Result<Option<Sourced<T>>, Error> {
        self.read(name, T::parse_variable)
    }

    fn read<T, E: Display>(
        self,
        name: &'static str,
        make: impl FnOnce(OsString) -> Result<T, E>,
    ) -> Result<Option<Sourced<T>>, Error> {
        self.raw(name).map(|value| Sourced::new(value, Origin::Env(name)).try_map(name, make)).transpose()
    }
}
