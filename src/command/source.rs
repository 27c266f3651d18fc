//! Where an answer comes from: deployments that are asked, or saved scrapes.

use super::failure::UsageError;
use super::session::Session;
use crate::cli::Shared;
use crate::profile::{self, Connect, Environment, Failed, Layer, Overrides, Request, Resolved, Target};
use crate::scrape::Input;
use crate::simulate::{self, Demo};

/// What to ask.
pub enum Source {
    /// Deployments, in the order they were named; what keeps one of them from being asked stands in its place.
    Live(Vec<Result<Resolved, Failed>>),
    /// The simulated deployment, which serves as long as this is held.
    Demo(Box<Demo>),
    /// Saved scrapes, and the largest size taken of one.
    Saved(Vec<Input>, u64),
}

/// One deployment to ask, and what its profile says beside how.
pub struct Asked {
    pub target: Target,
    /// How many nodes are planned to run.
    pub min_nodes: u32,
    /// The profile's own checks.
    pub checks: Vec<profile::Check>,
}

impl Source {
    /// What the options, the environment and the profile file say together.
    ///
    /// # Errors
    /// Nothing can be asked at all.
    pub fn of(session: &Session<'_>) -> anyhow::Result<Source> {
        let (shared, environment) = (session.shared, Environment::process());
        if !shared.input.is_empty() {
            let inputs: Vec<Input> = shared.input.iter().map(|path| Input::from(path.as_os_str())).collect();
            if inputs.iter().filter(|input| **input == Input::Stdin).count() > 1 {
                return Err(UsageError::new("--input - is given twice, and standard input can be read once").into());
            }
            return Ok(Source::Saved(inputs, connect(shared, environment)?.max_body));
        }
        if shared.demo {
            let mut demo = simulate::demo()?;
            demo.target.connect = connect(shared, environment)?;
            return Ok(Source::Demo(Box::new(demo)));
        }
        let file = session.file.clone().unwrap_or(Err(profile::Error::NoFolder));
        Ok(Source::Live(profile::resolve(&request(shared), environment, file)?))
    }
}

impl Asked {
    /// Fetches the secret.
    ///
    /// # Errors
    /// It cannot be had.
    pub fn of(resolved: &Resolved) -> Result<Asked, Failed> {
        Ok(Asked {
            target: resolved.target(Environment::process())?,
            min_nodes: resolved.min_nodes.value,
            checks: resolved.checks.clone(),
        })
    }

    /// What to call it: its profile, else its address.
    pub fn name(&self) -> String {
        self.target.profile.clone().unwrap_or_else(|| self.target.endpoint.to_string())
    }

    /// The simulated deployment as something to ask.
    pub fn demo(demo: &Demo) -> Asked {
        Asked { target: demo.target.clone(), min_nodes: 1, checks: Vec::new() }
    }
}

/// What the options say about deployments.
pub fn request(shared: &Shared) -> Request {
    Request {
        profile_file: shared.profile_file.clone(),
        profiles: shared.profile.clone(),
        all_profiles: shared.all_profiles,
        endpoint: shared.endpoint.clone(),
        connect: overrides(shared),
    }
}

/// What the options say about how to connect.
pub fn overrides(shared: &Shared) -> Overrides {
    Overrides {
        timeout: shared.timeout,
        connect_timeout: shared.connect_timeout,
        retries: shared.retries,
        ca_cert: shared.ca_cert.clone(),
        insecure: shared.insecure,
        allow_http: shared.allow_http,
        max_body: shared.max_body,
    }
}

/// How to connect where no profile has a say.
fn connect(shared: &Shared, environment: Environment<'_>) -> Result<Connect, profile::Error> {
    let flags = Layer::of_flags(&overrides(shared))?;
    Ok(flags.over(&Layer::of_environment(environment)?).over_defaults().connect())
}
