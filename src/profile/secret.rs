//! The APP Secret: a type that cannot be printed, and the places it can come from.

use super::command::first_line;
use super::environment::Environment;
use super::{Error, Sourced};
use crate::files;
use std::fmt;
use std::path::PathBuf;

/// A secret. It has no `Display`, and its `Debug` says only that there is one.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes the text in.
    pub fn new(text: String) -> Secret {
        Secret(text)
    }

    /// The text, for the one place that signs in with it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Takes in what a file or a pipe held: one line, its line ending cut off.
    ///
    /// # Errors
    /// What cannot be a secret, as a clause that tells about it and not what it is.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Secret, &'static str> {
        let text = String::from_utf8(bytes).map_err(|_| "is not UTF-8")?;
        let mut text = text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned);
        text.truncate(text.trim_end_matches(['\r', '\n']).len());
        if text.is_empty() {
            return Err("is empty");
        }
        // HTTP basic authentication has no way to carry them (RFC 7617).
        if text.contains(['\r', '\n']) {
            return Err("has more than one line");
        }
        if text.contains(char::is_control) {
            return Err("holds a control character");
        }
        Ok(Secret(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Takes secrets out of what is about to be said.
#[derive(Debug, Clone, Default)]
pub struct Redactor(Vec<Secret>);

/// A part of a secret that is at least as long as this is taken for one: an excerpt may begin or end within it.
const PART: usize = 6;

/// What is shorter stands in any text by chance, and no message could be read without it.
const SHORTEST: usize = 4;

impl Redactor {
    /// One for these secrets, also as they are written in a URL.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Redactor {
        let both = |secret: &Secret| {
            let encoded = percent_encoding::utf8_percent_encode(&secret.0, percent_encoding::NON_ALPHANUMERIC);
            [secret.0.clone(), encoded.to_string()]
        };
        let mut all: Vec<String> =
            secrets.into_iter().flat_map(both).filter(|secret| secret.len() >= SHORTEST).collect();
        all.dedup();
        Redactor(all.into_iter().map(Secret).collect())
    }

    /// `text` with `…` for each secret, and for the beginning or the end of one where the text was cut.
    pub fn redact(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for Secret(secret) in &self.0 {
            text = text.replace(secret.as_str(), "…");
            for (at, _) in secret.char_indices().rev().take_while(|(at, _)| *at >= PART) {
                text = text.replace(&secret[..at], "…");
            }
            for (at, _) in secret.char_indices().skip(1).take_while(|(at, _)| secret.len() - at >= PART) {
                text = text.replace(&secret[at..], "…");
            }
        }
        text
    }
}

/// No secret is longer; what is, is the wrong file or command.
pub(super) const MAX_SECRET: u64 = 64 * 1024;

/// Where a secret comes from. It is fetched when it is used and not before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// It stands in the profile file.
    Inline(Secret),
    /// In an environment variable.
    Env(String),
    /// In a file, one line.
    File(PathBuf),
    /// A command prints it on the first line of its stdout: program and arguments, no shell between.
    Command(Vec<String>),
}

impl SecretSource {
    /// The key that says so in the profile file.
    pub fn key(&self) -> &'static str {
        match self {
            SecretSource::Inline(_) => "app_secret",
            SecretSource::Env(_) => "app_secret_env",
            SecretSource::File(_) => "app_secret_file",
            SecretSource::Command(_) => "app_secret_command",
        }
    }

    /// That others may read the file that it comes from. No reason to refuse it: mounted secrets often are like that.
    pub fn exposed(&self) -> Option<String> {
        let SecretSource::File(path) = self else { return None };
        let metadata = std::fs::metadata(path).ok()?;
        files::mode_within(&metadata, 0o044)
            .map(|mode| format!("others than its owner may read {} (mode {mode:04o})", path.display()))
    }
}

/// Says where it comes from: `(inline, hidden)`, `environment variable X`, `file X`, `command X`. Of a command only the
/// program is named: a secret may stand among its words.
impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SecretSource::Inline(_) => f.write_str("(inline, hidden)"),
            SecretSource::Env(name) => write!(f, "environment variable {name}"),
            SecretSource::File(path) => write!(f, "file {}", path.display()),
            SecretSource::Command(words) => write!(f, "command {}", program(words)),
        }
    }
}

fn program(words: &[String]) -> &str {
    words.first().map_or("", String::as_str)
}

impl Sourced<SecretSource> {
    /// Fetches the secret.
    ///
    /// # Errors
    /// A variable that is not set, a file that cannot be read, a command that fails or does not end, a
    /// secret that is empty or can be none.
    pub fn fetch(&self, environment: Environment<'_>) -> Result<Secret, Error> {
        let refuse = |message: String, hint: Option<String>| self.refuse(self.value.key(), message, hint);
        let checked = |what: String, bytes: Vec<u8>| {
            Secret::from_bytes(bytes).map_err(|why| refuse(format!("the secret from {what} {why}"), None))
        };
        match &self.value {
            SecretSource::Inline(secret) => Ok(secret.clone()),
            SecretSource::Env(name) => match environment.raw(name) {
                Some(value) => checked(format!("the environment variable {name}"), value.into_encoded_bytes()),
                None => Err(refuse(
                    format!("the environment variable {name} is not set"),
                    Some(format!("set {name} to the APP Secret, or name another source")),
                )),
            },
            SecretSource::File(path) => {
                let what = path.display().to_string();
                let read = files::read_trusted(path, MAX_SECRET);
                let (bytes, _) = read.map_err(|why| refuse(format!("cannot read {what}: {why}"), why.hint()))?;
                checked(what, bytes)
            }
            SecretSource::Command(words) => {
                let bytes = first_line(words, MAX_SECRET).map_err(|why| refuse(why, None))?;
                checked(format!("'{}'", program(words)), bytes)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Origin;

    fn fetch(source: SecretSource, variables: &[(&str, &str)]) -> Result<Secret, Error> {
        let lookup = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        Sourced::new(source, Origin::BuiltIn).fetch(Environment::new(&lookup))
    }

    #[test]
    fn one_line_is_a_secret_and_its_ending_is_not() {
        let of = |bytes: &[u8]| Secret::from_bytes(bytes.to_vec()).map(|secret| secret.expose().to_owned());
        assert_eq!(of(b"s3cret\n"), Ok("s3cret".into()));
        assert_eq!(of(b"s3cret\r\n"), Ok("s3cret".into()));
        assert_eq!(of(b" with spaces "), Ok(" with spaces ".into()));
        assert_eq!(of(b""), Err("is empty"));
        assert_eq!(of(b"\n\n"), Err("is empty"));
        assert_eq!(of(b"a\nb\n"), Err("has more than one line"));
        assert_eq!(of(b"a\x1bb"), Err("holds a control character"));
        assert_eq!(of(b"\xff"), Err("is not UTF-8"));
    }

    #[test]
    fn nothing_prints_a_secret() {
        let secret = Secret::new("hunter2".into());
        let inline = SecretSource::Inline(secret.clone());
        assert_eq!(format!("{secret:?} {inline:?} {inline}"), "Secret(…) Inline(Secret(…)) (inline, hidden)");
    }

    #[test]
    fn a_secret_is_taken_out_of_what_is_said() {
        let redact = |secret: &str, text: &str| Redactor::new([&Secret::new(secret.into())]).redact(text);
        assert_eq!(redact("hunter2", "the line 'x hunter2 hunt"), "the line 'x … hunt");
        assert_eq!(redact("hunter2", "cut in it: hunter"), "cut in it: …");
        assert_eq!(redact("a/long b", "?k=a%2Flong%20b"), "?k=…");
        // What short ones would leave of a message is no sentence.
        assert_eq!(redact("s", "connection refused"), "connection refused");
    }

    #[test]
    fn a_variable_has_to_be_set() {
        let source = || SecretSource::Env("EMQX_SECRET".into());
        assert_eq!(fetch(source(), &[("EMQX_SECRET", "s")]).unwrap().expose(), "s");
        for variables in [&[][..], &[("EMQX_SECRET", "")]] {
            let error = fetch(source(), variables).unwrap_err().to_string();
            assert_eq!(error, "app_secret_env: the environment variable EMQX_SECRET is not set");
        }
    }

    #[test]
    fn a_file_is_one_line_of_bounded_length() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let fetch = || fetch(SecretSource::File(path.clone()), &[]);
        assert!(fetch().unwrap_err().to_string().contains("cannot read"));
        std::fs::write(&path, "s3cret\n").unwrap();
        assert_eq!(fetch().unwrap().expose(), "s3cret");
        std::fs::write(&path, vec![b'x'; MAX_SECRET as usize + 1]).unwrap();
        assert!(fetch().unwrap_err().to_string().contains("larger than 65536 bytes"));
    }

    #[test]
    fn a_secret_file_that_others_may_read_is_told() {
        use std::os::unix::fs::PermissionsExt;
        let file = tempfile::NamedTempFile::new().unwrap();
        let exposed = |mode| {
            std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).unwrap();
            SecretSource::File(file.path().to_owned()).exposed()
        };
        assert_eq!(exposed(0o600), None);
        for mode in [0o640, 0o604] {
            let told = format!("others than its owner may read {} (mode {mode:04o})", file.path().display());
            assert_eq!(exposed(mode), Some(told));
        }
        assert_eq!(SecretSource::Env("X".into()).exposed(), None);
    }
}
