//! The profile file: where it is, what it says.
//!
//! Each thing it says remembers its line. A mistake in one profile is that profile's own and comes to
//! light when it is used; a mistake outside of all profiles makes the file unusable.

use super::environment::Environment;
use super::{ConnectLayer, EndpointUrl, Error, SecretSource, Sourced, Thresholds};
use crate::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file with every key of consequence, told in comments: what man pages and README show.
pub const EXAMPLE: &str = include_str!("example.toml");

/// What the file says.
#[derive(Debug, Clone)]
pub struct ProfileFile {
    pub path: Arc<Path>,
    /// The name of the profile to ask where none is chosen.
    pub default: Option<Sourced<String>>,
    /// `[defaults]`: how to connect where a profile does not say.
    pub defaults: ConnectLayer,
    /// `[defaults.thresholds]`.
    pub thresholds: Thresholds,
    /// `output` in `[defaults]`, as written.
    pub output: Option<Sourced<String>>,
    /// `color` in `[defaults]`, as written.
    pub color: Option<Sourced<String>>,
    /// `pager` in `[defaults]`: a command line, or nothing for none.
    pub pager: Option<Sourced<String>>,
    /// Each `[profiles.NAME]`, or what is wrong with it, in the file's order.
    pub profiles: Vec<(String, Result<Profile, Error>)>,
}

/// What one profile says.
#[derive(Debug, Clone)]
pub struct Profile {
    pub endpoint: Sourced<EndpointUrl>,
    pub app_id: Sourced<String>,
    pub app_secret: Sourced<SecretSource>,
    /// How to connect.
    pub connect: ConnectLayer,
    /// How many nodes are planned to run.
    pub min_nodes: Option<Sourced<u32>>,
    pub checks: Vec<ProfileCheck>,
    /// What is normal for it.
    pub thresholds: Thresholds,
}

/// One `[[profiles.NAME.checks]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileCheck {
    pub name: Sourced<String>,
    /// The condition under which there is trouble, as written.
    pub when: Sourced<String>,
    pub severity: Severity,
}

/// How bad it is when a check's condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Warning,
    Critical,
}

impl Severity {
    /// As the file has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Critical => "critical",
        }
    }
}

impl ProfileFile {
    /// Where the file is: `flag`, else `EMQSTAT_PROFILE_FILE`, else `emqstat/profiles.toml` in the user's
    /// configuration folder (`$XDG_CONFIG_HOME` on any system, else what is usual on it).
    ///
    /// # Errors
    /// The system names no configuration folder.
    pub fn locate(flag: Option<&Path>, environment: Environment<'_>) -> Result<PathBuf, Error> {
        if let Some(path) = flag.map(Path::to_owned).or_else(|| environment.path(env::PROFILE_FILE)) {
            return Ok(path);
        }
        // A relative one is invalid and to be ignored (XDG Base Directory Specification).
        let folder = environment.path(env::XDG_CONFIG_HOME).filter(|path| path.is_absolute());
        let folder = folder.or_else(dirs::config_dir).ok_or(Error::NoFolder)?;
        Ok(folder.join("emqstat").join("profiles.toml"))
    }

    /// Whether a flag or the environment names the file: then it has to be there.
    pub fn is_named(flag: Option<&Path>, environment: Environment<'_>) -> bool {
        flag.is_some() || environment.raw(env::PROFILE_FILE).is_some()
    }

    /// The profiles' names, in the file's order.
    pub fn names(&self) -> Vec<String> {
        self.profiles.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The profile `name`.
    ///
    /// # Errors
    /// There is none, or something is wrong with it.
    pub fn profile(&self, name: &str) -> Result<&Profile, Error> {
        match self.profiles.iter().find(|(known, _)| known == name) {
            Some((_, profile)) => profile.as_ref().map_err(Clone::clone),
            None => Err(self.unknown(name)),
        }
    }

    /// The name to use where none is chosen: `default`, or the only one there is.
    ///
    /// # Errors
    /// There is no profile, there are several and no `default`, or `default` names none of them.
    pub fn default_name(&self) -> Result<&str, Error> {
        match (&self.default, self.profiles.as_slice()) {
            (_, []) => Err(Error::NoProfile { path: self.path.to_path_buf() }),
            (Some(default), profiles) if profiles.iter().any(|(name, _)| *name == default.value) => Ok(&default.value),
            (Some(default), _) => {
                let message = format!("there is no profile '{}'", default.value);
                Err(default.refuse("default", message, self.unknown(&default.value).hint()))
            }
            (None, [(only, _)]) => Ok(only),
            (None, _) => Err(Error::NoDefault { path: self.path.to_path_buf(), known: self.names() }),
        }
    }

    fn unknown(&self, name: &str) -> Error {
        Error::UnknownProfile { name: name.into(), path: self.path.to_path_buf(), known: self.names() }
    }
}
