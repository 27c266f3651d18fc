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

use super::environment::Environment;
use super::file::{Check, Profile, ProfileFile};
use super::layer::{Layer, Overrides, Settings};
use super::parse::check_app_id;
use super::{EndpointUrl, Error, Origin, Scheme, SecretSource, Sourced, Target};
use crate::env;
use std::path::PathBuf;

/// What the flags say about deployments.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `--profile-file`.
    pub profile_file: Option<PathBuf>,
    /// `--profile`, each a name.
    pub profiles: Vec<String>,
    /// `--all-profiles`.
    pub all_profiles: bool,
    /// `--endpoint`, as typed.
    pub endpoint: Option<String>,
    /// How to connect.
    pub connect: Overrides,
}

/// Everything about one deployment but its secret, which is fetched last.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The profile's name; `None` for an address from a flag or the environment.
    pub profile: Option<String>,
    pub endpoint: Sourced<EndpointUrl>,
    pub app_id: Sourced<String>,
    pub app_secret: Sourced<SecretSource>,
    pub settings: Settings,
    /// How many nodes are planned to run.
    pub min_nodes: Sourced<u32>,
    /// The profile's own checks.
    pub checks: Vec<Check>,
}

/// A deployment that is meant and cannot be asked.
#[derive(Debug, Clone)]
pub struct Failed {
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
        let Settings { insecure, allow_http, .. } = &self.settings;
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

impl Failed {
    fn new(profile: Option<&str>, endpoint: Option<&EndpointUrl>, error: Error) -> Failed {
        Failed { profile: profile.map(str::to_owned), endpoint: endpoint.cloned(), error: Box::new(error) }
    }
}

/// A plan has at least one node unless the profile says otherwise (vendor's advice).
const MIN_NODES: u32 = 1;

impl Resolved {
    /// The target that a scrape asks, with its secret fetched.
    ///
    /// # Errors
    /// The secret cannot be had.
    pub fn target(&self, environment: Environment<'_>) -> Result<Target, Failed> {
        let failed = |error| Failed::new(self.profile.as_deref(), Some(&self.endpoint.value), error);
        Ok(Target {
            profile: self.profile.clone(),
            endpoint: self.endpoint.value.clone(),
            app_id: self.app_id.value.clone(),
            app_secret: self.app_secret.fetch(environment).map_err(failed)?,
            connect: self.settings.connect(),
            min_nodes: self.min_nodes.value,
            checks: self.checks.clone(),
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
    request: &Request,
    environment: Environment<'_>,
    file: Result<ProfileFile, Error>,
) -> Result<Vec<Result<Resolved, Failed>>, Error> {
    let resolver =
        Resolver { environment, above: Layer::of_flags(&request.connect)?.over(&Layer::of_environment(environment)?) };
    let file_was_named = request.profile_file.is_some() || environment.raw(env::PROFILE_FILE).is_some();
    match choose(request, environment)? {
        Choice::Endpoint(endpoint) => {
            let defaults = match file {
                Ok(file) => file.defaults,
                Err(Error::NoFile { .. } | Error::NoFolder) if !file_was_named => Layer::default(),
                Err(error) => return Err(error),
            };
            Ok(vec![resolver.endpoint(&endpoint, &defaults)])
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

fn choose(request: &Request, environment: Environment<'_>) -> Result<Choice, Error> {
    if !request.profiles.is_empty() {
        let names = distinct(request.profiles.iter().map(String::as_str));
        // `--profile ''` is a script's empty variable: it must not turn into the default profile.
        let nothing = || Error::ProfileName { name: String::new() };
        return if names.is_empty() { Err(nothing()) } else { Ok(Choice::Profiles(names)) };
    }
    if request.all_profiles {
        return Ok(Choice::All);
    }
    if let Some(text) = &request.endpoint {
        return Ok(Choice::Endpoint(Sourced::new(text.clone(), Origin::Flag("--endpoint"))));
    }
    let named = environment.text(env::PROFILE)?.map(|names| distinct(names.split(',')));
    if let Some(names) = named.filter(|names| !names.is_empty()) {
        return Ok(Choice::Profiles(names));
    }
    Ok(match environment.text(env::ENDPOINT)? {
        Some(text) => Choice::Endpoint(Sourced::new(text, Origin::Env(env::ENDPOINT))),
        None => Choice::Default,
    })
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
    above: Layer,
}

impl Resolver<'_> {
    /// An address from outside the file.
    fn endpoint(&self, text: &Sourced<String>, defaults: &Layer) -> Result<Resolved, Failed> {
        let failed = |endpoint: Option<EndpointUrl>| move |error| Failed::new(None, endpoint.as_ref(), error);
        let url = text.value.parse::<EndpointUrl>();
        let url = url.map_err(|error| text.refuse("endpoint", &error, error.hint())).map_err(failed(None))?;
        let credential = |name: &'static str| {
            let what = if name == env::APP_ID { "APP ID" } else { "APP Secret" };
            let message = format!("this variable is not set, and {url} needs an {what}");
            let hint = format!("set {} and {}, or use a profile", env::APP_ID, env::APP_SECRET);
            Error::setting(Origin::Env(name), name, message, Some(hint))
        };
        let app_id = self.app_id().and_then(|id| id.ok_or_else(|| credential(env::APP_ID)));
        let app_id = app_id.map_err(failed(Some(url.clone())))?;
        let secret = self.app_secret().ok_or_else(|| credential(env::APP_SECRET));
        let app_secret = secret.map_err(failed(Some(url.clone())))?;
        guarded(Resolved {
            profile: None,
            endpoint: Sourced::new(url, text.origin.clone()),
            app_id,
            app_secret,
            settings: self.above.clone().over(defaults).over_defaults(),
            min_nodes: Sourced::new(MIN_NODES, Origin::BuiltIn),
            checks: Vec::new(),
        })
    }

    /// A profile of the file. One that nobody named takes credentials from the environment.
    fn profile(&self, name: &str, file: &ProfileFile, unnamed: bool) -> Result<Resolved, Failed> {
        let failed = |endpoint: Option<EndpointUrl>| move |error| Failed::new(Some(name), endpoint.as_ref(), error);
        let Profile { endpoint, app_id, app_secret, layer, min_nodes, checks } =
            file.profile(name).map_err(failed(None))?.clone();
        let (mut id, mut secret) = (None, None);
        if unnamed {
            id = self.app_id().map_err(failed(Some(endpoint.value.clone())))?;
            secret = self.app_secret();
        }
        guarded(Resolved {
            profile: Some(name.to_owned()),
            endpoint,
            app_id: id.unwrap_or(app_id),
            app_secret: secret.unwrap_or(app_secret),
            settings: self.above.clone().over(&layer).over(&file.defaults).over_defaults(),
            min_nodes: min_nodes.unwrap_or(Sourced::new(MIN_NODES, Origin::BuiltIn)),
            checks,
        })
    }

    fn app_id(&self) -> Result<Option<Sourced<String>>, Error> {
        let Some(text) = self.environment.text(env::APP_ID)? else { return Ok(None) };
        let id = Sourced::new(text, Origin::Env(env::APP_ID));
        match check_app_id(&id.value) {
            Ok(()) => Ok(Some(id)),
            Err(why) => Err(id.refuse("app_id", why, None)),
        }
    }

    fn app_secret(&self) -> Option<Sourced<SecretSource>> {
        let source = SecretSource::Env(env::APP_SECRET.to_owned());
        self.environment.raw(env::APP_SECRET).map(|_| Sourced::new(source, Origin::Env(env::APP_SECRET)))
    }
}

/// Credentials go over TLS, or to this machine, or where that was given up on purpose.
fn guarded(resolved: Resolved) -> Result<Resolved, Failed> {
    let endpoint = &resolved.endpoint.value;
    if endpoint.exposes_credentials() && !resolved.settings.allow_http.value {
        let error = Error::PlainHttp { endpoint: endpoint.to_string() };
        return Err(Failed::new(resolved.profile.as_deref(), Some(endpoint), error));
    }
    Ok(resolved)
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
    fn ask(request: &Request, variables: &[(&str, &str)], file: &str) -> Result<Vec<String>, Error> {
        let outcomes = outcomes(request, variables, file)?;
        let described = |outcome: &Result<Resolved, Failed>| match outcome {
            Ok(Resolved { profile, endpoint, app_id, .. }) => {
                format!("{} {} {}", profile.as_deref().unwrap_or("-"), endpoint.value, app_id.value)
            }
            Err(Failed { profile, error, .. }) => format!("{}: {error}", profile.as_deref().unwrap_or("-")),
        };
        Ok(outcomes.iter().map(described).collect())
    }

    fn outcomes(
        request: &Request,
        variables: &[(&str, &str)],
        text: &str,
    ) -> Result<Vec<Result<Resolved, Failed>>, Error> {
        let path = Path::new("/etc/p.toml");
        let file = match text {
            "" => Err(Error::NoFile { path: path.into() }),
            text => parse::document(path, text).and_then(|document| parse::file(path, &document)),
        };
        let lookup = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        resolve(request, Environment::new(&lookup), file)
    }

    fn named(names: &[&str]) -> Request {
        Request { profiles: names.iter().map(|name| (*name).to_owned()).collect(), ..Request::default() }
    }

    const CREDENTIALS: [(&str, &str); 3] =
        [(env::ENDPOINT, "https://e/api/"), (env::APP_ID, "ide"), (env::APP_SECRET, "se")];

    #[test]
    fn which_deployment_is_decided_in_order() {
        let endpoint = Request { endpoint: Some("https://f".into()), ..Request::default() };
        let all_env = [CREDENTIALS.as_slice(), &[(env::PROFILE, "a")]].concat();
        assert_eq!(ask(&named(&["a"]), &all_env, FILE).unwrap(), ["a https://a ida"]);
        assert_eq!(ask(&endpoint, &all_env, FILE).unwrap(), ["- https://f ide"]);
        assert_eq!(ask(&Request::default(), &all_env, FILE).unwrap(), ["a https://a ida"]);
        assert_eq!(ask(&Request::default(), &CREDENTIALS, FILE).unwrap(), ["- https://e/api ide"]);
        assert_eq!(ask(&Request::default(), &CREDENTIALS, "").unwrap(), ["- https://e/api ide"]);
        assert_eq!(ask(&Request::default(), &[], FILE).unwrap(), ["a https://a ida"]);
        assert_eq!(ask(&Request::default(), &CREDENTIALS[1..], FILE).unwrap(), ["a https://a ide"]);
        let only = FILE.replace("default = \"a\"\n", "");
        assert!(matches!(ask(&Request::default(), &[], &only), Err(Error::NoDefault { .. })));
        let only = only.split("[profiles.b]").next().unwrap();
        assert_eq!(ask(&Request::default(), &[], only).unwrap(), ["a https://a ida"]);
    }

    #[test]
    fn an_address_from_outside_never_goes_with_credentials_from_the_file() {
        let asked = ask(&Request::default(), &CREDENTIALS[..1], FILE).unwrap();
        assert_eq!(asked, ["-: EMQSTAT_APP_ID: this variable is not set, and https://e/api needs an APP ID"]);
    }

    #[test]
    fn one_bad_deployment_does_not_hide_the_others() {
        let plain = "b: http://b is plain http: APP ID and APP Secret would cross the network unencrypted";
        let missing = "c: /etc/p.toml:17: profiles.c.app_id: this key is missing";
        let asked = ask(&named(&["c", "a", "b", "a", "d"]), &[], FILE).unwrap();
        assert_eq!(asked, [missing, "a https://a ida", plain, "d: there is no profile 'd' in /etc/p.toml"]);
        let all = Request { all_profiles: true, ..Request::default() };
        assert_eq!(ask(&all, &[(env::ALLOW_HTTP, "1")], FILE).unwrap(), ["a https://a ida", "b http://b idb", missing]);
    }

    #[test]
    fn every_setting_comes_from_the_first_layer_that_has_it() {
        let off = Overrides { insecure: Some(false), ca_cert: Some(PathBuf::new()), ..Overrides::default() };
        let request = Request { connect: off, ..named(&["a"]) };
        let outcomes = outcomes(&request, &[(env::CONNECT_TIMEOUT, "3s"), (env::INSECURE, "true")], FILE).unwrap();
        let settings = outcomes.into_iter().next().unwrap().unwrap().settings;
        let file: std::sync::Arc<Path> = Path::new("/etc/p.toml").into();
        let expect = |value: &str, origin: Origin| (Some(value.to_owned()), origin);
        let rows: Vec<_> = settings
            .rows()
            .into_iter()
            .map(|(_, value, origin)| (value.map(|value| value.to_string()), origin.clone()))
            .collect();
        assert_eq!(
            rows,
            [
                expect("20s", Origin::Defaults { file: file.clone(), line: 3 }),
                expect("3s", Origin::Env(env::CONNECT_TIMEOUT)),
                expect("5", Origin::Profile { file, line: 11 }),
                (None, Origin::Flag("--ca-cert")),
                expect("false", Origin::Flag("--insecure")),
                expect("false", Origin::BuiltIn),
                expect("256MiB", Origin::BuiltIn),
            ]
        );
        assert_eq!(settings.connect().timeout, Duration::from_secs(20));
    }

    #[test]
    fn a_named_file_has_to_be_there() {
        let named_file = Request { profile_file: Some("/etc/p.toml".into()), ..Request::default() };
        assert!(matches!(ask(&named_file, &CREDENTIALS, ""), Err(Error::NoFile { .. })));
        assert!(matches!(ask(&Request::default(), &[], ""), Err(Error::NoFile { .. })));
    }

    #[test]
    fn an_empty_name_is_not_the_default_profile() {
        assert!(matches!(ask(&named(&[""]), &[], FILE), Err(Error::ProfileName { .. })));
        assert_eq!(ask(&Request::default(), &[(env::PROFILE, " b , ,a")], FILE).unwrap().len(), 2);
    }

    #[test]
    fn a_default_that_names_nothing_is_told() {
        let error = ask(&Request::default(), &[], &FILE.replace("default = \"a\"", "default = \"A\"")).unwrap_err();
        assert_eq!(error.to_string(), "/etc/p.toml:1: default: there is no profile 'A'");
        assert_eq!(error.hint().as_deref(), Some("did you mean 'a'?"));
    }
}
