//! Which deployments are meant, and how each is reached: flag, environment, profile, `[defaults]`,
//! built in, in this order, for every setting.
//!
//! Which deployments: the first of these that is given.
//!
//! | given | asked |
//! | --- | --- |
//! | `--profile` | those, whatever `EMQSTAT_*` says about addresses and credentials |
//! | `--all-profiles` | every profile of the file, likewise |
//! | `--endpoint` | that, with `EMQSTAT_APP_ID` and `EMQSTAT_APP_SECRET` |
//! | `EMQSTAT_PROFILE` | those, as `--profile` |
//! | `EMQSTAT_ENDPOINT` | that, as `--endpoint` |
//! | nothing | the file's `default`, else its only profile; `EMQSTAT_APP_ID` and `EMQSTAT_APP_SECRET` beat what it says |
//!
//! An address from outside the file never goes with credentials from within it: they would reach another host.

use super::connect::{Connect, ConnectLayer, SourcedConnect};
use super::environment::Environment;
use super::file::{Profile, ProfileCheck, ProfileFile};
use super::parse::check_app_id;
use super::{EndpointUrl, Error, Origin, Scheme, Secret, SecretSource, Sourced, Thresholds};
use crate::env;
use std::path::PathBuf;

/// Which deployments the flags select, and how to connect to them.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// `--profile-file`.
    pub profile_file: Option<PathBuf>,
    /// `--profile`, each a name.
    pub profiles: Vec<String>,
    /// `--all-profiles`.
    pub all_profiles: bool,
    /// Whether every profile is meant, rather than the default one, where nothing chooses.
    pub all_by_default: bool,
    /// `--endpoint`, as typed.
    pub endpoint: Option<String>,
    /// How to connect.
    pub connect: ConnectLayer,
}

/// Everything about one deployment but its secret, which is fetched last.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The profile's name; `None` for an address from a flag or the environment.
    pub profile: Option<String>,
    pub endpoint: Sourced<EndpointUrl>,
    pub app_id: Sourced<String>,
    pub app_secret: Sourced<SecretSource>,
    pub connect: SourcedConnect,
    /// How many nodes are planned to run.
    pub min_nodes: Sourced<u32>,
    /// The profile's own checks.
    pub checks: Vec<ProfileCheck>,
    /// What is normal for it, `[defaults.thresholds]` included.
    pub thresholds: Thresholds,
}

/// One deployment's API: resolved, checked, ready to be asked.
#[derive(Debug, Clone)]
pub struct Target {
    /// The profile's name; `None` for `--endpoint` and the environment.
    pub profile: Option<String>,
    /// Where its API lives.
    pub endpoint: EndpointUrl,
    /// Sent as the user name of HTTP basic auth.
    pub app_id: String,
    pub app_secret: Secret,
    /// Whether it is the simulated deployment that the program starts itself.
    pub is_demo: bool,
    /// Whether APP ID or Secret are the environment's, in place of the profile's.
    pub overridden: bool,
    pub connect: Connect,
    /// How many nodes are planned to run.
    pub min_nodes: u32,
    /// The profile's own checks.
    pub checks: Vec<ProfileCheck>,
    /// What is normal for it, `[defaults.thresholds]` included.
    pub thresholds: Thresholds,
}

impl Target {
    /// A text about it, such as a hint, in which each command of emqstat that is named in quotes is about it too:
    /// `'emqstat rules'` becomes `'emqstat rules -p prod'`.
    pub fn name_in_commands(&self, text: &str) -> String {
        let (chosen, tested) = match &self.profile {
            _ if self.is_demo => ("--demo".to_owned(), String::new()),
            Some(name) => (format!("-p {name}"), format!(" {name}")),
            None => (format!("--endpoint {}", self.endpoint), String::new()),
        };
        let about = |text: String, command: &str| {
            text.replace(&format!("'emqstat {command}"), &format!("'emqstat {command} {chosen}"))
        };
        let text = ["cluster", "rules", "resources", "scrape", "check"].into_iter().fold(text.to_owned(), about);
        text.replace("'emqstat profile test'", &format!("'emqstat profile test{tested}'"))
    }

    /// What to call it: the profile's name, else its address.
    pub fn name(&self) -> String {
        self.profile.clone().unwrap_or_else(|| self.endpoint.to_string())
    }
}

/// A deployment that is meant and cannot be asked.
#[derive(Debug, Clone)]
pub struct ResolveError {
    /// The profile's name, as in [`Resolved::profile`].
    pub profile: Option<String>,
    /// Its address, where that much is known.
    pub endpoint: Option<EndpointUrl>,
    pub error: Box<Error>,
}

impl Resolved {
    /// What is allowed and yet not safe, each as a sentence; said at every run.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        let endpoint = &self.endpoint.value;
        let SourcedConnect { insecure, allow_http, .. } = &self.connect;
        if insecure.value && endpoint.scheme() == Scheme::Https {
            warnings.push(format!("certificates are not checked: anybody between here and {endpoint} can read and change everything, the APP Secret too (insecure, from {})", insecure.origin));
        }
        if endpoint.exposes_credentials() {
            warnings.push(format!(
                "APP ID and APP Secret cross the network unencrypted to {endpoint} (allow_http, from {})",
                allow_http.origin
            ));
        }
        warnings
    }
}

impl ResolveError {
    fn new(profile: Option<&str>, endpoint: Option<&EndpointUrl>, error: Error) -> ResolveError {
        ResolveError { profile: profile.map(str::to_owned), endpoint: endpoint.cloned(), error: Box::new(error) }
    }
}

/// A plan has at least one node unless the profile says otherwise (vendor's advice).
const MIN_NODES: u32 = 1;

impl Resolved {
    /// The target that a scrape asks, with its secret fetched.
    ///
    /// # Errors
    /// The secret cannot be had.
    pub fn target(&self, environment: Environment<'_>) -> Result<Target, ResolveError> {
        let failed = |error| ResolveError::new(self.profile.as_deref(), Some(&self.endpoint.value), error);
        Ok(Target {
            profile: self.profile.clone(),
            endpoint: self.endpoint.value.clone(),
            app_id: self.app_id.value.clone(),
            app_secret: self.app_secret.fetch(environment).map_err(failed)?,
            is_demo: false,
            overridden: self.profile.is_some()
                && [&self.app_id.origin, &self.app_secret.origin].iter().any(|from| matches!(from, Origin::Env(_))),
            connect: self.connect.connect(),
            min_nodes: self.min_nodes.value,
            checks: self.checks.clone(),
            thresholds: self.thresholds.clone(),
        })
    }
}

/// Finds out which deployments are meant and how each is reached, in the order they were named.
///
/// # Errors
/// Nothing can be asked: the file is unusable, or nothing says which deployment. What is wrong with one
/// deployment of several is an error in its place of the answer. That there is no file matters only where one
/// is needed or was named.
pub fn resolve(
    selection: &Selection,
    environment: Environment<'_>,
    file: Result<ProfileFile, Error>,
) -> Result<Vec<Result<Resolved, ResolveError>>, Error> {
    let above = selection.connect.clone().check()?.over(&ConnectLayer::of_environment(environment)?);
    let resolver = Resolver { environment, above };
    let file_was_named = ProfileFile::is_named(selection.profile_file.as_deref(), environment);
    match choose(selection, environment)? {
        Choice::Endpoint(endpoint) => {
            let (defaults, thresholds) = match file {
                Ok(file) => (file.defaults, file.thresholds),
                Err(Error::NoFile { .. } | Error::NoFolder) if !file_was_named => Default::default(),
                Err(error) => return Err(error),
            };
            Ok(vec![resolver.endpoint(endpoint, &defaults, thresholds)])
        }
        Choice::Profiles(names) => {
            let file = file?;
            Ok(names.iter().map(|name| resolver.profile(name, &file, false)).collect())
        }
        Choice::All => {
            let file = file?;
            if file.profiles.is_empty() {
                return Err(Error::NoProfile { path: file.path.to_path_buf() });
            }
            Ok(file.names().iter().map(|name| resolver.profile(name, &file, false)).collect())
        }
        Choice::Default => {
            let file = file?;
            Ok(vec![resolver.profile(file.default_name()?, &file, true)])
        }
    }
}

enum Choice {
    Profiles(Vec<String>),
    All,
    Endpoint(Sourced<String>),
    Default,
}

fn choose(selection: &Selection, environment: Environment<'_>) -> Result<Choice, Error> {
    if !selection.profiles.is_empty() {
        let names = distinct(selection.profiles.iter().map(String::as_str));
        // `--profile ''` is a script's empty variable: it must not turn into the default profile.
        let nothing = || Error::ProfileName { name: String::new() };
        return if names.is_empty() { Err(nothing()) } else { Ok(Choice::Profiles(names)) };
    }
    if selection.all_profiles {
        return Ok(Choice::All);
    }
    if let Some(text) = &selection.endpoint {
        return Ok(Choice::Endpoint(Sourced::new(text.clone(), Origin::Flag("--endpoint"))));
    }
    let named = environment.text(env::PROFILE)?.map(|names| distinct(names.value.split(',')));
    if let Some(names) = named.filter(|names| !names.is_empty()) {
        return Ok(Choice::Profiles(names));
    }
    let otherwise = if selection.all_by_default { Choice::All } else { Choice::Default };
    Ok(environment.text(env::ENDPOINT)?.map_or(otherwise, Choice::Endpoint))
}

/// Each name once, in the order of their first coming.
fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names.map(str::trim).filter(|name| !name.is_empty()) {
        if !seen.iter().any(|known| known == name) {
            seen.push(name.to_owned());
        }
    }
    seen
}

struct Resolver<'a> {
    environment: Environment<'a>,
    /// What flags and environment say about how to connect.
    above: ConnectLayer,
}

impl Resolver<'_> {
    /// An address from outside the file.
    fn endpoint(
        &self,
        text: Sourced<String>,
        defaults: &ConnectLayer,
        thresholds: Thresholds,
    ) -> Result<Resolved, ResolveError> {
        let failed = |error| ResolveError::new(None, None, error);
        let endpoint = EndpointUrl::of_setting(text, "endpoint").map_err(failed)?;
        let url = endpoint.value.clone();
        let missing = |name: &'static str, what: &str| {
            let message = format!("this variable is not set, and {url} needs an {what}");
            let hint = format!("set {} and {}, or use a profile", env::APP_ID, env::APP_SECRET);
            Error::setting(Origin::Env(name), name, message, Some(hint))
        };
        let failed = |error| ResolveError::new(None, Some(&url), error);
        let app_id = self.app_id().map_err(failed)?.ok_or_else(|| failed(missing(env::APP_ID, "APP ID")))?;
        let app_secret = self.app_secret().ok_or_else(|| failed(missing(env::APP_SECRET, "APP Secret")))?;
        let (connect, min_nodes, checks) = (ConnectLayer::default(), None, Vec::new());
        let profile = Profile { endpoint, app_id, app_secret, connect, min_nodes, checks, thresholds };
        self.connected(None, profile, defaults)
    }

    /// A profile of the file. One that nobody named takes credentials from the environment.
    fn profile(&self, name: &str, file: &ProfileFile, unnamed: bool) -> Result<Resolved, ResolveError> {
        let mut profile = file.profile(name).map_err(|error| ResolveError::new(Some(name), None, error))?.clone();
        if unnamed {
            let url = &profile.endpoint.value;
            let id = self.app_id().map_err(|error| ResolveError::new(Some(name), Some(url), error))?;
            profile.app_id = id.unwrap_or(profile.app_id);
            profile.app_secret = self.app_secret().unwrap_or(profile.app_secret);
        }
        profile.thresholds = profile.thresholds.over(&file.thresholds);
        self.connected(Some(name), profile, &file.defaults)
    }

    /// With how to connect: over TLS, or to this machine, or where that was given up on purpose.
    fn connected(
        &self,
        name: Option<&str>,
        profile: Profile,
        defaults: &ConnectLayer,
    ) -> Result<Resolved, ResolveError> {
        let Profile { endpoint, app_id, app_secret, connect, min_nodes, checks, thresholds } = profile;
        let connect = self.above.clone().over(&connect).over(defaults).over_built_in();
        if endpoint.value.exposes_credentials() && !connect.allow_http.value {
            let error = Error::PlainHttp { endpoint: endpoint.value.to_string() };
            return Err(ResolveError::new(name, Some(&endpoint.value), error));
        }
        let min_nodes = min_nodes.unwrap_or(Sourced::new(MIN_NODES, Origin::BuiltIn));
        let profile = name.map(str::to_owned);
        Ok(Resolved { profile, endpoint, app_id, app_secret, connect, min_nodes, checks, thresholds })
    }

    fn app_id(&self) -> Result<Option<Sourced<String>>, Error> {
        self.environment.text(env::APP_ID)?.map(|text| text.try_map("app_id", check_app_id)).transpose()
    }

    fn app_secret(&self) -> Option<Sourced<SecretSource>> {
        let source = SecretSource::Env(env::APP_SECRET.to_owned());
        self.environment.raw(env::APP_SECRET).map(|_| Sourced::new(source, Origin::Env(env::APP_SECRET)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::parse;
    use std::path::Path;
    use std::time::Duration;

    const FILE: &str = "default = \"a\"\n\
        [defaults]\ntimeout = \"20s\"\nconnect_timeout = \"4s\"\nretries = 7\n\
        [profiles.a]\nendpoint = \"https://a\"\napp_id = \"ida\"\napp_secret = \"sa\"\n\
        insecure = true\nretries = 5\nca_cert = \"corp.pem\"\n\
        [profiles.b]\nendpoint = \"http://b\"\napp_id = \"idb\"\napp_secret = \"sb\"\n\
        [profiles.c]\nendpoint = \"https://c\"\n";

    /// What is resolved with these flags, variables and file, each as `profile endpoint app_id` or an error.
    fn ask(selection: &Selection, variables: &[(&str, &str)], file: &str) -> Result<Vec<String>, Error> {
        let outcomes = outcomes(selection, variables, file)?;
        let described = |outcome: &Result<Resolved, ResolveError>| match outcome {
            Ok(Resolved { profile, endpoint, app_id, .. }) => {
                format!("{} {} {}", profile.as_deref().unwrap_or("-"), endpoint.value, app_id.value)
            }
            Err(ResolveError { profile, error, .. }) => format!("{}: {error}", profile.as_deref().unwrap_or("-")),
        };
        Ok(outcomes.iter().map(described).collect())
    }

    fn outcomes(
        selection: &Selection,
        variables: &[(&str, &str)],
        text: &str,
    ) -> Result<Vec<Result<Resolved, ResolveError>>, Error> {
        let path = Path::new("/etc/p.toml");
        let file = match text {
            "" => Err(Error::NoFile { path: path.into() }),
            text => parse::document(path, text).and_then(|document| parse::file(path, &document)),
        };
        let lookup = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        resolve(selection, Environment::new(&lookup), file)
    }

    fn named(names: &[&str]) -> Selection {
        Selection { profiles: names.iter().map(|name| (*name).to_owned()).collect(), ..Selection::default() }
    }

    const CREDENTIALS: [(&str, &str); 3] =
        [(env::ENDPOINT, "https://e/api/"), (env::APP_ID, "ide"), (env::APP_SECRET, "se")];

    #[test]
    fn which_deployment_is_decided_in_order() {
        let endpoint = Selection { endpoint: Some("https://f".into()), ..Selection::default() };
        let all_env = [CREDENTIALS.as_slice(), &[(env::PROFILE, "a")]].concat();
        assert_eq!(ask(&named(&["a"]), &all_env, FILE).unwrap(), ["a https://a ida"]);
        assert_eq!(ask(&endpoint, &all_env, FILE).unwrap(), ["- https://f ide"]);
        assert_eq!(ask(&Selection::default(), &all_env, FILE).unwrap(), ["a https://a ida"]);
        assert_eq!(ask(&Selection::default(), &CREDENTIALS, FILE).unwrap(), ["- https://e/api ide"]);
        assert_eq!(ask(&Selection::default(), &CREDENTIALS, "").unwrap(), ["- https://e/api ide"]);
        assert_eq!(ask(&Selection::default(), &[], FILE).unwrap(), ["a https://a ida"]);
        assert_eq!(ask(&Selection::default(), &CREDENTIALS[1..], FILE).unwrap(), ["a https://a ide"]);
        let only = FILE.replace("default = \"a\"\n", "");
        assert!(matches!(ask(&Selection::default(), &[], &only), Err(Error::NoDefault { .. })));
        let only = only.split("[profiles.b]").next().unwrap();
        assert_eq!(ask(&Selection::default(), &[], only).unwrap(), ["a https://a ida"]);
    }

    #[test]
    fn an_address_from_outside_never_goes_with_credentials_from_the_file() {
        let asked = ask(&Selection::default(), &CREDENTIALS[..1], FILE).unwrap();
        assert_eq!(asked, ["-: EMQSTAT_APP_ID: this variable is not set, and https://e/api needs an APP ID"]);
    }

    #[test]
    fn one_bad_deployment_does_not_hide_the_others() {
        let plain = "b: http://b is plain http: APP ID and APP Secret would cross the network unencrypted";
        let missing = "c: /etc/p.toml:17: profiles.c.app_id: this key is missing";
        let asked = ask(&named(&["c", "a", "b", "a", "d"]), &[], FILE).unwrap();
        assert_eq!(asked, [missing, "a https://a ida", plain, "d: there is no profile 'd' in /etc/p.toml"]);
        let all = Selection { all_profiles: true, ..Selection::default() };
        assert_eq!(ask(&all, &[(env::ALLOW_HTTP, "1")], FILE).unwrap(), ["a https://a ida", "b http://b idb", missing]);
    }

    #[test]
    fn every_setting_comes_from_the_first_layer_that_has_it() {
        let insecure = Sourced::flag("--insecure", Some(false));
        let ca_cert = Sourced::flag("--ca-cert", Some(PathBuf::new()));
        let off = ConnectLayer { insecure, ca_cert, ..ConnectLayer::default() };
        let selection = Selection { connect: off, ..named(&["a"]) };
        let outcomes = outcomes(&selection, &[(env::CONNECT_TIMEOUT, "3s"), (env::INSECURE, "true")], FILE).unwrap();
        let settings = outcomes.into_iter().next().unwrap().unwrap().connect;
        let file: std::sync::Arc<Path> = Path::new("/etc/p.toml").into();
        let expect = |value: &str, origin: Origin| (value.to_owned(), origin);
        let rows: Vec<_> =
            settings.rows().into_iter().map(|(_, value, origin)| (value.to_string(), origin.clone())).collect();
        assert_eq!(
            rows,
            [
                expect("20s", Origin::Defaults { file: file.clone(), line: 3 }),
                expect("3s", Origin::Env(env::CONNECT_TIMEOUT)),
                expect("5", Origin::Profile { file, line: 11 }),
                expect("none", Origin::Flag("--ca-cert")),
                expect("false", Origin::Flag("--insecure")),
                expect("false", Origin::BuiltIn),
                expect("256MiB", Origin::BuiltIn),
            ]
        );
        assert_eq!(settings.connect().timeout, Duration::from_secs(20));
    }

    #[test]
    fn a_named_file_has_to_be_there() {
        let named_file = Selection { profile_file: Some("/etc/p.toml".into()), ..Selection::default() };
        assert!(matches!(ask(&named_file, &CREDENTIALS, ""), Err(Error::NoFile { .. })));
        assert!(matches!(ask(&Selection::default(), &[], ""), Err(Error::NoFile { .. })));
    }

    #[test]
    fn an_empty_name_is_not_the_default_profile() {
        assert!(matches!(ask(&named(&[""]), &[], FILE), Err(Error::ProfileName { .. })));
        assert_eq!(ask(&Selection::default(), &[(env::PROFILE, " b , ,a")], FILE).unwrap().len(), 2);
    }

    #[test]
    fn a_default_that_names_nothing_is_told() {
        let error = ask(&Selection::default(), &[], &FILE.replace("default = \"a\"", "default = \"A\"")).unwrap_err();
        assert_eq!(error.to_string(), "/etc/p.toml:1: default: there is no profile 'A'");
        assert_eq!(error.hint().as_deref(), Some("did you mean 'a'?"));
    }
}
