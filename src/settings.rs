//! What flags, environment and profile file say together, resolved once into one value. Nothing behind it looks at any of the
//! three.

mod screen;

pub use screen::ScreenError;

use crate::cli::{ColorChoice, Shared, UsageError};
use crate::console::Console;
use crate::env;
use crate::exit::Exit;
use crate::profile::{
    self, Connect, Environment, Failed, Layer, Origin, Overrides, ProfileFile, Request, Resolved, Sourced,
};
use crate::scrape::Input;
use crate::source::{Fetcher, LONGEST, Source};
use crate::units;
use crate::view::{Format, Formats, Screen};
use clap::ValueEnum;
use std::path::PathBuf;
use std::time::Duration;

/// The options of one run, with what environment and profile file add to them.
pub struct Settings<'a> {
    pub shared: &'a Shared,
    /// The profile file; `None` where nothing of it is wanted (`--demo`, `--input`).
    pub file: Option<Result<ProfileFile, profile::Error>>,
    /// What comes out; `None` where nobody said.
    pub output: Option<Format>,
    pub screen: Screen,
    pub console: Console,
    pub environment: Environment<'static>,
}

impl<'a> Settings<'a> {
    /// For a command that asks deployments.
    ///
    /// # Errors
    /// An option, variable or key of the file that does not hold what it takes.
    pub fn open(shared: &'a Shared) -> anyhow::Result<Settings<'a>> {
        let wanted = !shared.demo && shared.input.is_empty();
        let environment = Environment::process();
        let read = || {
            ProfileFile::locate(shared.profile_file.as_deref(), environment).and_then(|path| ProfileFile::read(&path))
        };
        Settings::with(shared, wanted.then(read))
    }

    /// For a command that needs no profile file.
    ///
    /// # Errors
    /// As [`Settings::open`].
    pub fn without_file(shared: &'a Shared) -> anyhow::Result<Settings<'a>> {
        Settings::with(shared, None)
    }

    fn with(shared: &'a Shared, file: Option<Result<ProfileFile, profile::Error>>) -> anyhow::Result<Settings<'a>> {
        let environment = Environment::process();
        let read = file.as_ref().and_then(|file| file.as_ref().ok());
        let in_file = read.and_then(|file| file.output.as_ref());
        let output = choose(shared.output, env::OUTPUT, environment, "output", in_file)?;
        let in_file = read.and_then(|file| file.color.as_ref());
        let color: Option<ColorChoice> = choose(shared.color, env::COLOR, environment, "color", in_file)?;
        let console =
            Console { paint: screen::stderr(color, environment), quiet: shared.quiet, verbose: shared.verbose };
        Ok(Settings { shared, file, output, screen: screen::stdout(color, environment)?, console, environment })
    }

    /// The format among those that the command has, and what goes with it; `default` where nobody said.
    ///
    /// # Errors
    /// One that was asked for and that the command does not have.
    pub fn format<W: Copy>(&self, default: Format, known: &Formats<W>) -> Result<(Format, W), UsageError> {
        let chosen = self.output.unwrap_or(default);
        if let Some(writer) = known.writer(chosen) {
            return Ok((chosen, writer));
        }
        let names: Vec<String> = known.names().iter().map(word).collect();
        let message = format!("this command has no output '{}'", word(&chosen));
        Err(UsageError::with_hint(message, format!("choose one of {}", names.join(", "))))
    }

    /// Everything set up to ask.
    ///
    /// # Errors
    /// The command line is wrong. What else keeps a deployment from being asked is a failure in every round.
    pub fn fetcher(&self) -> anyhow::Result<Fetcher> {
        Ok(Fetcher::new(self.source()?, self.environment, self.console))
    }

    /// What is to be asked.
    fn source(&self) -> anyhow::Result<Source> {
        let shared = self.shared;
        if !shared.input.is_empty() {
            let inputs: Vec<Input> = shared.input.iter().map(|path| Input::from(path.as_os_str())).collect();
            if inputs.iter().filter(|input| **input == Input::Stdin).count() > 1 {
                return Err(UsageError::new("--input - is given twice, and standard input can be read once").into());
            }
            return Ok(Source::Saved(inputs, self.connect()?.max_body));
        }
        if shared.demo {
            return Ok(Source::Demo(self.connect()?));
        }
        match self.deployments(&self.request()) {
            Ok(deployments) => Ok(Source::Live(deployments)),
            Err(error) if Exit::from(&error) == Exit::Usage => Err(error.into()),
            Err(error) => Ok(Source::Live(vec![Err(Failed { profile: None, endpoint: None, error: Box::new(error) })])),
        }
    }

    /// The deployments that `request` means, and how to reach each.
    ///
    /// # Errors
    /// Nothing can be asked at all.
    pub fn deployments(&self, request: &Request) -> Result<Vec<Result<Resolved, Failed>>, profile::Error> {
        let file = self.file.clone().unwrap_or(Err(profile::Error::NoFolder));
        profile::resolve(request, self.environment, file)
    }

    /// What the options say about deployments.
    pub fn request(&self) -> Request {
        let shared = self.shared;
        Request {
            profile_file: shared.profile_file.clone(),
            profiles: shared.profile.clone(),
            all_profiles: shared.all_profiles,
            endpoint: shared.endpoint.clone(),
            connect: self.overrides(),
        }
    }

    /// What the options say about how to connect.
    pub fn overrides(&self) -> Overrides {
        let shared = self.shared;
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
    fn connect(&self) -> Result<Connect, profile::Error> {
        let flags = Layer::of_flags(&self.overrides())?;
        Ok(flags.over(&Layer::of_environment(self.environment)?).over_defaults().connect())
    }

    /// Where the profile file is, whether there is one or not.
    ///
    /// # Errors
    /// The user has no folder for configuration.
    pub fn profile_file(&self) -> Result<PathBuf, profile::Error> {
        ProfileFile::locate(self.shared.profile_file.as_deref(), self.environment)
    }
}

/// For what goes wrong before the options are known to hold.
pub fn plain_console() -> Console {
    Console { paint: screen::stderr(None, Environment::process()), quiet: false, verbose: false }
}

/// What `--window` says, where it was given and leaves time for change.
///
/// # Errors
/// No time at all, more than [`LONGEST`], or saved scrapes, which do not change.
pub fn window(window: Option<Duration>, is_saved: bool) -> Result<Option<Duration>, UsageError> {
    let Some(window) = window else { return Ok(None) };
    if is_saved {
        return Err(UsageError::with_hint(
            "--window takes two looks at a deployment, and a saved scrape does not change",
            "leave --window out, or ask the deployment itself",
        ));
    }
    if window.is_zero() {
        return Err(UsageError::with_hint(
            "--window 0 leaves no time in which anything could change",
            "give it a time, such as --window 10s, or leave it out",
        ));
    }
    if window > LONGEST {
        return Err(UsageError::with_hint(
            format!("--window is longer than {}", units::span(LONGEST)),
            "a shorter window tells what happens now, such as --window 10s",
        ));
    }
    Ok(Some(window))
}

/// The flag, else the variable, else the file's `[defaults]`.
fn choose<T: ValueEnum>(
    flag: Option<T>,
    variable: &'static str,
    environment: Environment<'_>,
    key: &'static str,
    in_file: Option<&Sourced<String>>,
) -> Result<Option<T>, profile::Error> {
    if flag.is_some() {
        return Ok(flag);
    }
    // One that is not UTF-8 is as if it were not set.
    let in_environment = environment.raw(variable).and_then(|value| value.into_string().ok());
    let said = in_environment.map(|value| Sourced::new(value, Origin::Env(variable))).or_else(|| in_file.cloned());
    let Some(said) = said else { return Ok(None) };
    T::from_str(&said.value, false).map(Some).map_err(|_| {
        let names: Vec<String> = T::value_variants().iter().map(word).collect();
        let shown = crate::text::visible(&said.value);
        said.refuse(key, format_args!("'{shown}' is none of {}", names.join(", ")), None)
    })
}

fn word<T: ValueEnum>(value: &T) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_a_time_in_which_something_can_change() {
        let (second, hour) = (Duration::from_secs(1), LONGEST);
        assert_eq!(window(None, true).unwrap(), None);
        for good in [Duration::from_millis(1), second, hour] {
            assert_eq!(window(Some(good), false).unwrap(), Some(good));
        }
        for (given, is_saved, message) in [
            (Duration::ZERO, false, "--window 0 leaves no time in which anything could change"),
            (hour + second, false, "--window is longer than 1 h"),
            (second, true, "--window takes two looks at a deployment, and a saved scrape does not change"),
        ] {
            assert_eq!(window(Some(given), is_saved).unwrap_err().to_string(), message);
        }
    }
}
