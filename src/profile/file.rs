//! The profile file: where it is, what it says.
//!
//! Each thing it says remembers its line. A mistake in one profile is that profile's own and comes to
//! light when it is used; a mistake outside of all profiles makes the file unusable.

use super::environment::Environment;
use super::parse;
use super::{EndpointUrl, Error, Layer, SecretSource, Sourced};
use crate::env;
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// No profile file is larger; what is, is another file.
const MAX_FILE: u64 = 4 * 1024 * 1024;

/// A file with every key of consequence, told in comments: what man pages and README show.
pub const EXAMPLE: &str = include_str!("example.toml");

/// What the file says.
#[derive(Debug, Clone)]
pub struct ProfileFile {
    pub path: Arc<Path>,
    /// The name of the profile to ask where none is chosen.
    pub default: Option<Sourced<String>>,
    /// `[defaults]`: how to connect where a profile does not say.
    pub defaults: Layer,
    /// `output` in `[defaults]`, as written.
    pub output: Option<Sourced<String>>,
    /// `color` in `[defaults]`, as written.
    pub color: Option<Sourced<String>>,
    /// In the file's order.
    pub profiles: Vec<Entry>,
}

/// One `[profiles.NAME]`, or what is wrong with it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub name: String,
    pub profile: Result<Profile, Error>,
}

/// What one profile says.
#[derive(Debug, Clone)]
pub struct Profile {
    pub endpoint: Sourced<EndpointUrl>,
    pub app_id: Sourced<String>,
    pub app_secret: Sourced<SecretSource>,
    pub layer: Layer,
    /// How many nodes are planned to run.
    pub min_nodes: Option<Sourced<u32>>,
    pub checks: Vec<Check>,
}

/// One `[[profiles.NAME.checks]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
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

    /// Reads the file at `path`.
    ///
    /// # Errors
    /// It is not there, cannot be read, is not TOML, has a key that does not exist outside of the profiles,
    /// or holds a secret that others may read.
    pub fn read(path: &Path) -> Result<ProfileFile, Error> {
        let (text, metadata) = read_text(path)?;
        let document = parse::document(path, &text)?;
        if let Some(mode) = exposing_mode(&metadata).filter(|_| parse::holds_secret(document.as_item())) {
            return Err(Error::Exposed { path: path.into(), mode });
        }
        parse::file(path, &document)
    }

    /// The profiles' names, in the file's order.
    pub fn names(&self) -> Vec<String> {
        self.profiles.iter().map(|entry| entry.name.clone()).collect()
    }

    /// The profile `name`.
    ///
    /// # Errors
    /// There is none, or something is wrong with it.
    pub fn profile(&self, name: &str) -> Result<&Profile, Error> {
        match self.profiles.iter().find(|entry| entry.name == name) {
            Some(entry) => entry.profile.as_ref().map_err(Clone::clone),
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
            (Some(default), profiles) if profiles.iter().any(|entry| entry.name == default.value) => Ok(&default.value),
            (Some(default), _) => {
                let message = format!("there is no profile '{}'", default.value);
                Err(default.refuse("default", message, self.unknown(&default.value).hint()))
            }
            (None, [only]) => Ok(&only.name),
            (None, _) => Err(Error::NoDefault { path: self.path.to_path_buf(), known: self.names() }),
        }
    }

    fn unknown(&self, name: &str) -> Error {
        Error::UnknownProfile { name: name.into(), path: self.path.to_path_buf(), known: self.names() }
    }
}

/// The text of the file at `path`, and what the system says about the file that was read.
pub(super) fn read_text(path: &Path) -> Result<(String, Metadata), Error> {
    let unreadable = |reason: String| Error::Unreadable { path: path.into(), reason };
    let file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::NoFile { path: path.into() },
        _ => unreadable(error.to_string()),
    })?;
    let metadata = file.metadata().map_err(|error| unreadable(error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(unreadable(format!("it is larger than any profile file ({MAX_FILE} bytes)")));
    }
    let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8".into()))?;
    Ok((text, metadata))
}

/// The file's mode, where it lets the group or others read.
#[cfg(unix)]
fn exposing_mode(metadata: &Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(metadata.permissions().mode() & 0o7777).filter(|mode| mode & 0o077 != 0)
}

/// Other systems guard the user's folder by other means.
#[cfg(not(unix))]
fn exposing_mode(_: &Metadata) -> Option<u32> {
    None
}
