//! Reads the profile file: what its keys mean.

use super::connect::{self, ConnectLayer};
use super::file::{Profile, ProfileCheck, ProfileFile, Severity};
use super::section::{Section, line_at};
use super::setting::Setting;
use super::{EndpointUrl, Error, Origin, Secret, SecretSource, Sourced, Thresholds};
use crate::files::{self, SmallFileError};
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml_edit::{Document, Item};

const TOP_KEYS: &[&str] = &["default", "defaults", "profiles"];
const DEFAULTS_KEYS: &[&str] = &["output", "color", "pager", "thresholds"];
const PROFILE_KEYS: &[&str] = &["endpoint", "app_id", "min_nodes", "checks", "thresholds"];
const CHECK_KEYS: &[&str] = &["name", "when", "severity"];
/// A profile has exactly one of these.
pub(super) const SECRET_KEYS: &[&str] = &["app_secret", "app_secret_env", "app_secret_file", "app_secret_command"];

/// No profile file is larger; what is, is another file.
const MAX_FILE: u64 = 4 * 1024 * 1024;

impl ProfileFile {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// It is not there, cannot be read, is not TOML, has a key that does not exist outside of the profiles,
    /// or holds a secret that others may read.
    pub fn read(path: &Path) -> Result<ProfileFile, Error> {
        let (text, metadata) = read_text(path)?;
        let document = document(path, &text)?;
        if let Some(mode) = files::mode_within(&metadata, 0o077).filter(|_| holds_secret(document.as_item())) {
            return Err(Error::Exposed { path: path.into(), mode });
        }
        file(path, &document)
    }
}

impl ProfileFile {
    /// Reads a file's text; `path` is where errors say that it stands.
    ///
    /// # Errors
    /// It is not TOML, or has a mistake outside of its profiles.
    pub fn parse(path: &Path, text: &str) -> Result<ProfileFile, Error> {
        file(path, &document(path, text)?)
    }
}

/// The text of the file at `path`, and what the system says about the file that was read.
pub(super) fn read_text(path: &Path) -> Result<(String, Metadata), Error> {
    let unreadable = |reason: String, hint| Error::Unreadable { path: path.into(), reason, hint };
    let (bytes, metadata) = files::read_trusted(path, MAX_FILE).map_err(|error| match error {
        SmallFileError::NotFound => Error::NoFile { path: path.into() },
        error => unreadable(error.to_string(), error.hint()),
    })?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8".into(), None))?;
    Ok((text, metadata))
}

/// Parses the file's text as TOML.
///
/// # Errors
/// What is not TOML, with its line. The line's text is not repeated: a secret may stand in it.
pub(super) fn document(path: &Path, text: &str) -> Result<Document<String>, Error> {
    Document::parse(text.to_owned()).map_err(|error| {
        let line = error.span().map_or(1, |span| line_at(text, span));
        let origin = Origin::Profile { file: path.into(), line };
        Error::setting(origin, "", format!("this is not TOML: {}", error.message()), None)
    })
}

/// Whether a secret stands in it, be it in the right place or not.
pub(super) fn holds_secret(item: &Item) -> bool {
    let table = item.as_table_like();
    table.is_some_and(|table| table.iter().any(|(key, item)| key == "app_secret" || holds_secret(item)))
}

/// Reads what the document says.
///
/// # Errors
/// A mistake outside of all profiles. A mistake in a profile stands in its place.
pub(super) fn file(path: &Path, document: &Document<String>) -> Result<ProfileFile, Error> {
    let path: Arc<Path> = path.into();
    let top = Section::top(path.clone(), document);
    top.only(&[TOP_KEYS])?;
    let (mut defaults, mut output, mut color, mut pager) = (ConnectLayer::default(), None, None, None);
    let mut thresholds = Thresholds::default();
    if let Some(section) = top.defaults("defaults")? {
        section.only(&[connect::KEYS, DEFAULTS_KEYS])?;
        defaults = ConnectLayer::of_section(&section)?;
        output = section.filled("output")?;
        color = section.filled("color")?;
        pager = section.text("pager")?;
        thresholds = Thresholds::read(&section)?;
    }
    let mut profiles = Vec::new();
    if let Some(item) = top.item("profiles") {
        let section = top.section("profiles", item)?;
        for (name, item) in section.entries() {
            let profile = section.section(name, item).and_then(|section| read_profile(name, &section));
            profiles.push((name.to_owned(), profile));
        }
    }
    Ok(ProfileFile { path, default: top.filled("default")?, defaults, thresholds, output, color, pager, profiles })
}

fn read_profile(name: &str, section: &Section<'_>) -> Result<Profile, Error> {
    check_name(name).map_err(|error| section.refuse_name(error))?;
    section.only(&[PROFILE_KEYS, SECRET_KEYS, connect::KEYS])?;
    let app_id = section.made("app_id", section.text("app_id")?, check_app_id)?;
    Ok(Profile {
        endpoint: read_endpoint(section)?,
        app_id: app_id.ok_or_else(|| section.missing("app_id", "add app_id = \"...\", the APP ID of an API key"))?,
        app_secret: read_secret(section)?,
        connect: ConnectLayer::of_section(section)?,
        min_nodes: Setting::read(section, "min_nodes")?,
        checks: read_checks(section)?,
        thresholds: Thresholds::read(section)?,
    })
}

fn read_endpoint(section: &Section<'_>) -> Result<Sourced<EndpointUrl>, Error> {
    let hint = "add endpoint = \"https://HOST:8443/api/v5\"";
    let text = section.text("endpoint")?.ok_or_else(|| section.missing("endpoint", hint))?;
    EndpointUrl::of_setting(text, &section.full("endpoint"))
}

fn read_secret(section: &Section<'_>) -> Result<Sourced<SecretSource>, Error> {
    let hint = || format!("add one of {}", SECRET_KEYS.join(", "));
    let mut keys = SECRET_KEYS.iter().copied().filter(|key| section.item(key).is_some());
    let key = keys.next().ok_or_else(|| section.missing("app_secret", &hint()))?;
    if let Some(second) = keys.next() {
        return Err(section.error(second, format!("there is {key} too, and a profile has one secret"), None));
    }
    let filled = |empty: bool| if empty { Err("this is empty") } else { Ok(()) };
    let source = match key {
        "app_secret_env" => section.filled(key)?.map(|name| name.map(SecretSource::Env)),
        "app_secret_file" => section.made(key, section.path(key)?, |path: PathBuf| {
            filled(path.as_os_str().is_empty()).map(|()| SecretSource::File(path))
        })?,
        "app_secret_command" => section.made(key, section.words(key)?, |words: Vec<String>| {
            filled(words.is_empty()).map(|()| SecretSource::Command(words))
        })?,
        _ => section.made(key, section.text(key)?, |text| {
            let secret = Secret::from_bytes(text.into_bytes()).map_err(|why| format!("the secret {why}"));
            secret.map(SecretSource::Inline)
        })?,
    };
    source.ok_or_else(|| section.missing(key, &hint()))
}

fn read_checks(section: &Section<'_>) -> Result<Vec<ProfileCheck>, Error> {
    let mut checks: Vec<ProfileCheck> = Vec::new();
    for section in section.list("checks")? {
        let check = read_check(&section)?;
        if checks.iter().any(|other| other.name.value == check.name.value) {
            return Err(section.error("name", format!("there are two checks '{}'", check.name.value), None));
        }
        checks.push(check);
    }
    Ok(checks)
}

fn read_check(section: &Section<'_>) -> Result<ProfileCheck, Error> {
    section.only(&[CHECK_KEYS])?;
    let required = |key: &str, hint: &str| section.filled(key)?.ok_or_else(|| section.missing(key, hint));
    let name = required("name", "add name = \"...\", what answers call the check")?;
    let when = required("when", "add when = \"FIELD OP VALUE\", what counts as trouble")?;
    let severity = required("severity", "add severity = \"warning\" or \"critical\"")?;
    let severity = match severity.value.as_str() {
        "warning" => Severity::Warning,
        "critical" => Severity::Critical,
        other => return Err(section.error("severity", format!("{other:?} is neither warning nor critical"), None)),
    };
    Ok(ProfileCheck { name, when, severity })
}

/// Letters, digits, `.`, `_`, `-`: what a shell, a comma-separated list and a TOML key take as it is.
///
/// # Errors
/// Any other name.
pub fn check_name(name: &str) -> Result<(), Error> {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    // With a dash in front it would be an option.
    if plain && !name.is_empty() && !name.starts_with('-') {
        Ok(())
    } else {
        Err(Error::ProfileName { name: name.to_owned() })
    }
}

/// An APP ID that HTTP basic authentication can carry.
///
/// # Errors
/// A clause that says what is wrong with it.
pub fn check_app_id(text: String) -> Result<String, &'static str> {
    match text.as_str() {
        "" => Err("this is empty"),
        // RFC 7617: the first colon ends the user name.
        id if id.contains(':') => Err("this holds a ':', which HTTP basic authentication cannot carry"),
        id if id.contains(char::is_control) => Err("this holds a control character"),
        id if id.trim() != id => Err("this begins or ends with a space"),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ProfileFile, Error> {
        let path = Path::new("/etc/profiles.toml");
        file(path, &document(path, text)?)
    }

    /// The error of the whole file or of its first profile that has one, and its hint.
    fn refused(text: &str) -> (String, String) {
        let error = match read(text) {
            Err(error) => error,
            Ok(file) => file.profiles.into_iter().find_map(|(_, profile)| profile.err()).expect(text),
        };
        (error.to_string(), error.hint().unwrap_or_default())
    }

    const GOOD: &str = "default = \"prod\"\n\
        [defaults]\ntimeout = \"20s\"\noutput = \"json\"\n\
        [profiles.prod]\nendpoint = \"https://h:8443/api/v5/\"\napp_id = \"id\"\napp_secret = \"s\"\n\
        ca_cert = \"corp.pem\"\nmax_body = 1024\ninsecure = true\nmin_nodes = 3\n\
        [[profiles.prod.checks]]\nname = \"drops\"\nwhen = \"failed > 1\"\nseverity = \"warning\"\n";

    #[test]
    fn every_value_knows_its_line() {
        let file = read(GOOD).unwrap();
        assert_eq!(file.default_name(), Ok("prod"));
        let line = |origin: &Origin| match origin {
            Origin::Profile { line, .. } | Origin::Defaults { line, .. } => *line,
            _ => 0,
        };
        let timeout = file.defaults.timeout.clone().unwrap();
        assert!(matches!(timeout.origin, Origin::Defaults { line: 3, .. }));
        assert_eq!(file.output.as_ref().unwrap().value, "json");
        let prod = file.profile("prod").unwrap();
        assert_eq!(prod.endpoint.value.to_string(), "https://h:8443/api/v5");
        assert_eq!((line(&prod.endpoint.origin), line(&prod.app_secret.origin)), (6, 8));
        let ca_cert = prod.connect.ca_cert.as_ref().unwrap();
        assert_eq!((ca_cert.value.as_deref(), line(&ca_cert.origin)), (Some(Path::new("/etc/corp.pem")), 9));
        assert_eq!(prod.connect.max_body.as_ref().unwrap().value, 1024);
        assert_eq!(prod.min_nodes.as_ref().unwrap().value, 3);
        assert_eq!((prod.checks[0].when.value.as_str(), line(&prod.checks[0].when.origin)), ("failed > 1", 15));
    }

    #[test]
    fn a_mistake_is_told_with_file_line_and_key() {
        for (text, message, hint) in [
            ("x = ", "/etc/profiles.toml:1: this is not TOML: ", ""),
            ("\ndefalt = \"a\"", "/etc/profiles.toml:2: defalt: there is no such key", "did you mean 'default'?"),
            ("profiles = 3", "/etc/profiles.toml:1: profiles: this is a whole number, not a table", ""),
            ("[defaults]\nretries = -1", "/etc/profiles.toml:2: defaults.retries: -1 is not a number from 0", ""),
            (
                "[defaults]\ninsecure = \"yes\"",
                "/etc/profiles.toml:2: defaults.insecure: this is text, not true or",
                "",
            ),
            ("[profiles]\na = 1", "/etc/profiles.toml:2: profiles.a: this is a whole number, not a table", ""),
            ("\n[profiles.\"a,b\"]", "/etc/profiles.toml:2: 'a,b' cannot name a profile", ""),
        ] {
            let (said, hinted) = refused(text);
            assert!(said.starts_with(message) && hinted == hint, "{text}: {said} / {hinted}");
        }
    }

    #[test]
    fn a_profile_s_mistake_is_told_with_its_line_and_key() {
        let base = "[profiles.p]\nendpoint = \"https://h\"\napp_id = \"id\"\n";
        let with = |more: &str| refused(&format!("{base}{more}"));
        for (more, message, hint) in [
            ("app_secret = 1", "4: profiles.p.app_secret: this is a whole number, not text in quotes", ""),
            ("app_secret = \"\"", "4: profiles.p.app_secret: the secret is empty", ""),
            ("app_secret_env = \"\"", "4: profiles.p.app_secret_env: this is empty", ""),
            ("app_secret_file = \"\"", "4: profiles.p.app_secret_file: this is empty", ""),
            ("app_secret_command = []", "4: profiles.p.app_secret_command: this is empty", ""),
            ("app_secret_command = \"x\"", "4: profiles.p.app_secret_command: this is text, not a list of words", ""),
            ("app_secret = \"s\"\napp_secret_env = \"X\"", "5: profiles.p.app_secret_env: there is app_secret too", ""),
            ("app_secert = \"s\"", "4: profiles.p.app_secert: there is no such key", "did you mean 'app_secret'?"),
            ("", "1: profiles.p.app_secret: this key is missing", "add one of app_secret, "),
            ("app_secret = \"s\"\ntimeout = 10", "5: profiles.p.timeout: this is a whole number, not a duration", ""),
            ("app_secret = \"s\"\ntimeout = \"10\"", "5: profiles.p.timeout: '10' is not a duration", ""),
            (
                "app_secret = \"s\"\n[[profiles.p.checks]]\nname = \"x\"",
                "5: profiles.p.checks.when: this key is missing",
                "",
            ),
            (
                "app_secret = \"s\"\nchecks = [{name = \"x\", when = \"y\", severity = \"bad\"}]",
                "5: profiles.p.checks.severity: \"bad\" is neither warning nor critical",
                "",
            ),
        ] {
            let (said, hinted) = with(more);
            let said = said.strip_prefix("/etc/profiles.toml:").unwrap();
            assert!(said.starts_with(message) && hinted.starts_with(hint), "{more}: {said} / {hinted}");
        }
        let (said, _) = refused("[profiles.p]\nendpoint = \"https://id:hunter2@h\"\napp_id = \"x\"");
        assert!(said.starts_with("/etc/profiles.toml:2: profiles.p.endpoint: ") && !said.contains("hunter2"), "{said}");
        let (said, _) = refused("[profiles.p]\nendpoint = \"https://h\"\napp_id = \"a:b\"");
        assert!(said.starts_with("/etc/profiles.toml:3: profiles.p.app_id: this holds a ':'"), "{said}");
    }

    #[test]
    fn what_is_not_toml_is_not_repeated() {
        let (said, _) = refused("[profiles.p]\napp_secret = hunter2\n");
        assert!(said.starts_with("/etc/profiles.toml:2: ") && !said.contains("hunter2"), "{said}");
    }

    #[test]
    fn a_table_may_be_written_in_any_way() {
        for text in [
            "profiles = { p = { endpoint = \"https://h\", app_id = \"id\", app_secret = \"s\" } }",
            "[profiles]\np.endpoint = \"https://h\"\np.app_id = \"id\"\np.app_secret = \"s\"",
            "profiles.p = { endpoint = \"https://h\", app_id = \"id\", app_secret = \"s\" }",
        ] {
            assert!(read(text).unwrap().profile("p").is_ok(), "{text}");
            let document = document(Path::new("x"), text).unwrap();
            assert!(holds_secret(document.as_item()), "{text}");
        }
        let document = document(Path::new("x"), "[profiles.p]\napp_secret_env = \"X\"").unwrap();
        assert!(!holds_secret(document.as_item()));
    }

    #[test]
    fn one_bad_profile_does_not_hide_the_others() {
        let file = read(&format!("{GOOD}[profiles.bad]\nendpoint = 1\n")).unwrap();
        assert!(file.profile("prod").is_ok() && file.profile("bad").is_err());
        assert_eq!(file.names(), ["prod", "bad"]);
    }

    #[test]
    fn each_check_has_a_name_of_its_own() {
        let file = |names: [&str; 2]| {
            let check =
                |name| format!("[[profiles.p.checks]]\nname = \"{name}\"\nwhen = \"a > 1\"\nseverity = \"warning\"\n");
            let checks = names.map(check).concat();
            format!("[profiles.p]\nendpoint = \"https://h\"\napp_id = \"i\"\napp_secret = \"s\"\n{checks}")
        };
        assert_eq!(read(&file(["x", "y"])).unwrap().profile("p").unwrap().checks.len(), 2);
        assert!(refused(&file(["x", "x"])).0.ends_with("name: there are two checks 'x'"));
    }

    #[test]
    fn an_app_id_is_what_basic_authentication_can_carry() {
        for (id, refused) in [
            ("", Some("this is empty")),
            ("a:b", Some("this holds a ':', which HTTP basic authentication cannot carry")),
            ("a\tb", Some("this holds a control character")),
            (" a", Some("this begins or ends with a space")),
            ("a ", Some("this begins or ends with a space")),
            ("a b", None),
        ] {
            assert_eq!(check_app_id(id.to_owned()).err(), refused, "{id:?}");
        }
    }

    #[test]
    fn a_value_of_another_type_is_told_by_its_type() {
        for (value, said) in [
            ("app_id = 1", "a whole number"),
            ("app_id = 1.5", "a number"),
            ("app_id = true", "true or false"),
            ("app_id = 2026-01-01", "a date"),
            ("app_id = []", "a list"),
            ("app_id = {}", "a table"),
            ("[[profiles.p.app_id]]\nx = 1", "a list of tables"),
        ] {
            let (message, _) = refused(&format!("[profiles.p]\nendpoint = \"https://h\"\n{value}"));
            assert!(message.ends_with(&format!("profiles.p.app_id: this is {said}, not text in quotes")), "{message}");
        }
    }

    #[test]
    fn a_path_may_begin_at_home() {
        let file = read(&GOOD.replace("corp.pem", "~/corp.pem")).unwrap();
        let ca_cert = file.profile("prod").unwrap().connect.ca_cert.clone().unwrap().value;
        assert_eq!(ca_cert, dirs::home_dir().map(|home| home.join("corp.pem")));
    }
}
