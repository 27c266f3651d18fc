//! What can be wrong with a profile, its file, or what stands in for them.

use super::{Origin, Sourced};
use crate::exit::Exit;
use crate::files::shell_word;
use crate::names;
use std::fmt;
use std::path::PathBuf;

/// Why a deployment's settings could not be had. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The profile file is not there.
    #[error("there is no profile file {}", path.display())]
    NoFile { path: PathBuf },
    /// The system names no folder to look for it in.
    #[error("there is no configuration folder to look for profiles.toml in: neither XDG_CONFIG_HOME nor HOME is set")]
    NoFolder,
    /// The profile file cannot be read or is no text.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable { path: PathBuf, reason: String, hint: Option<String> },
    /// It holds a secret, and its mode lets others read that.
    #[error("{} holds an app_secret, and its mode {mode:04o} lets others than its owner read or change it", path.display())]
    Exposed { path: PathBuf, mode: u32 },
    /// It cannot be replaced, or its folder not be made.
    #[error("cannot write {}: {reason}", path.display())]
    Unwritable { path: PathBuf, reason: String },
    /// A setting that will not do, and where it stands.
    #[error("{place}: {message}")]
    Setting { origin: Origin, place: String, message: String, hint: Option<String> },
    /// No profile has that name.
    #[error("there is no profile '{name}' in {}", path.display())]
    UnknownProfile { name: String, path: PathBuf, known: Vec<String> },
    /// A profile of that name is there already.
    #[error("there is a profile '{name}' in {} already", path.display())]
    ProfileExists { name: String, path: PathBuf },
    /// What cannot name a profile.
    #[error("'{}' cannot name a profile: a name is made of letters, digits, '.', '_' and '-'", name.escape_debug())]
    ProfileName { name: String },
    /// The file has no profile at all.
    #[error("{} has no profile", path.display())]
    NoProfile { path: PathBuf },
    /// Several profiles, and nothing says which.
    #[error("which deployment? {} has the profiles {} and no default", path.display(), known.join(", "))]
    NoDefault { path: PathBuf, known: Vec<String> },
    /// Credentials would cross a network in the clear.
    #[error("{endpoint} is plain http: APP ID and APP Secret would cross the network unencrypted")]
    PlainHttp { endpoint: String },
}

impl Error {
    /// The setting `key` from `origin` will not do. `key` is how the file names it; a flag or variable has its own name.
    pub fn setting(origin: Origin, key: &str, message: impl fmt::Display, hint: Option<String>) -> Error {
        let place = match &origin {
            Origin::Flag(name) | Origin::Env(name) => (*name).to_owned(),
            Origin::Profile { file, line } | Origin::Defaults { file, line } if key.is_empty() => {
                format!("{}:{line}", file.display())
            }
            Origin::Profile { file, line } | Origin::Defaults { file, line } => {
                format!("{}:{line}: {key}", file.display())
            }
            Origin::BuiltIn => key.to_owned(),
        };
        Error::Setting { origin, place, message: message.to_string(), hint }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::NoFile { .. } | Error::NoProfile { .. } => {
                Some("set one up with 'emqstat profile add NAME', or try 'emqstat --demo cluster'".into())
            }
            Error::NoFolder => Some("name the file with --profile-file or EMQSTAT_PROFILE_FILE".into()),
            Error::Unreadable { hint, .. } => hint.clone(),
            Error::Unwritable { .. } => None,
            Error::Exposed { path, .. } => Some(format!("run: chmod 600 {}", shell_word(path))),
            Error::Setting { hint, .. } => hint.clone(),
            Error::UnknownProfile { name, known, .. } => {
                did_you_mean(name, known.iter().map(String::as_str)).or_else(|| match known.as_slice() {
                    [] => Some(format!("set it up with 'emqstat profile add {name}'")),
                    _ => Some(format!("it has: {}", known.join(", "))),
                })
            }
            Error::ProfileExists { name, .. } => {
                Some(format!("replace it with 'emqstat profile add {name} --force', or choose another name"))
            }
            Error::ProfileName { .. } => None,
            Error::NoDefault { .. } => Some(
                "choose with --profile NAME or --all-profiles, or set one with 'emqstat profile default NAME'".into(),
            ),
            Error::PlainHttp { .. } => {
                Some("use https, or accept the risk with --allow-http (in the file: allow_http = true)".into())
            }
        }
    }
}

impl<T> Sourced<T> {
    /// The error that says this value, written under `key`, will not do.
    pub fn refuse(&self, key: &str, message: impl fmt::Display, hint: Option<String>) -> Error {
        Error::setting(self.origin.clone(), key, message, hint)
    }

    /// The value, written under `key`, made into another.
    ///
    /// # Errors
    /// The clause that `make` fails with.
    pub fn try_map<U, E: fmt::Display>(
        self,
        key: &str,
        make: impl FnOnce(T) -> Result<U, E>,
    ) -> Result<Sourced<U>, Error> {
        match make(self.value) {
            Ok(value) => Ok(Sourced::new(value, self.origin)),
            Err(why) => Err(Error::setting(self.origin, key, why, None)),
        }
    }
}

/// `did you mean 'timeout'?` where one of `known` is near to what was written.
pub(super) fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    names::closest(written, known).first().map(|name| format!("did you mean '{name}'?"))
}

/// `path` as a shell reads it back.
impl From<&Error> for Exit {
    fn from(error: &Error) -> Exit {
        match error {
            Error::Setting { origin: Origin::Flag(_), .. } => Exit::Usage,
            Error::Unwritable { .. } => Exit::IoError,
            Error::Setting { .. }
            | Error::NoFile { .. }
            | Error::NoFolder
            | Error::Unreadable { .. }
            | Error::Exposed { .. }
            | Error::UnknownProfile { .. }
            | Error::ProfileExists { .. }
            | Error::ProfileName { .. }
            | Error::NoProfile { .. }
            | Error::NoDefault { .. }
            | Error::PlainHttp { .. } => Exit::Config,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_gets_the_nearest_the_list_or_the_way_to_set_it_up() {
        let hint = |known: &[&str]| {
            let known = known.iter().map(|name| (*name).to_owned()).collect();
            Error::UnknownProfile { name: "prod".into(), path: "p.toml".into(), known }.hint().unwrap()
        };
        assert_eq!(hint(&["prd", "test"]), "did you mean 'prd'?");
        assert_eq!(hint(&["a", "b"]), "it has: a, b");
        assert_eq!(hint(&[]), "set it up with 'emqstat profile add prod'");
    }

    #[test]
    fn the_chmod_can_be_pasted() {
        let exposed = |path: &str| Error::Exposed { path: path.into(), mode: 0o644 };
        let hint = exposed("/home/u/.config/emqstat/profiles.toml").hint();
        assert_eq!(hint.as_deref(), Some("run: chmod 600 /home/u/.config/emqstat/profiles.toml"));
        let hint = exposed("/Users/u/Application Support/it's.toml").hint();
        assert_eq!(hint.as_deref(), Some(r"run: chmod 600 '/Users/u/Application Support/it'\''s.toml'"));
    }
}
