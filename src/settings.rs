//! What flags, environment and profile file say together, resolved once into one value. Nothing behind it looks at any of the
//! three.

mod screen;

pub(crate) use screen::ScreenError;

use crate::cli::{ColorChoice, ConnectArgs, DeadlineArgs, GlobalArgs, Language, UsageError};
use crate::console::{self, Console};
use crate::env;
use crate::exit::Exit;
use crate::pager::Pager;
use crate::profile::{
    self, Connect, ConnectLayer, Environment, Origin, ProfileFile, ResolveError, Resolved, Selection, Sourced,
};
use crate::scrape::{Deadline, Input};
use crate::source::{Fetcher, LONGEST, Rounds, Source};
use crate::units;
use crate::view::{Format, Formats, Screen};
use clap::ValueEnum;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What holds for one run.
pub(crate) struct Settings {
    pub screen: Screen,
    pub console: Console,
    /// What shows a long answer; `None` where nobody is there to see it.
    pager: Option<Pager>,
    pub environment: Environment<'static>,
    /// The profile file, where it is wanted and could be read.
    file: Result<ProfileFile, profile::Error>,
    /// What the flags say about deployments and how to connect.
    pub selection: Selection,
    /// What comes out, and whether a flag says so; `None` where nobody said.
    output: Option<(Format, Origin)>,
    inputs: Vec<PathBuf>,
    demo: bool,
}

impl Settings {
    /// For a command that asks deployments, or is about their profiles.
    ///
    /// # Errors
    /// An option, variable or key of the file that does not hold what it takes.
    pub(crate) fn resolve(global: &GlobalArgs, connect: &ConnectArgs) -> anyhow::Result<Settings> {
        let environment = Environment::process();
        let file = if global.demo || !global.input.is_empty() {
            Err(profile::Error::NoFolder)
        } else {
            profile_file(global.profile_file.as_deref())
        };
        Settings::with(global, connect, environment, file)
    }

    /// For a command that needs no profile file.
    ///
    /// # Errors
    /// As [`Settings::resolve`].
    pub(crate) fn without_file(global: &GlobalArgs) -> anyhow::Result<Settings> {
        let environment = Environment::process();
        Settings::with(global, &ConnectArgs::default(), environment, Err(profile::Error::NoFolder))
    }

    fn with(
        global: &GlobalArgs,
        connect: &ConnectArgs,
        environment: Environment<'static>,
        file: Result<ProfileFile, profile::Error>,
    ) -> anyhow::Result<Settings> {
        let read = file.as_ref().ok();
        let in_file = read.and_then(|file| file.output.as_ref());
        let output = choose(global.output, "--output", env::OUTPUT, environment, "output", in_file)?;
        let in_file = read.and_then(|file| file.color.as_ref());
        let color = choose(global.color, "--color", env::COLOR, environment, "color", in_file)?;
        let color: Option<ColorChoice> = color.map(|(color, _)| color);
        let &GlobalArgs { quiet, verbose, demo, .. } = global;
        Ok(Settings {
            screen: Screen { verbose, ..screen::stdout(color, environment)? },
            console: Console { paint: screen::stderr(color, environment), quiet, verbose },
            pager: pager(global.no_pager, read, environment),
            environment,
            file,
            selection: Selection {
                profile_file: global.profile_file.clone(),
                profiles: global.profile.clone(),
                all_profiles: global.all_profiles,
                all_by_default: false,
                endpoint: global.endpoint.clone(),
                connect: ConnectLayer {
                    timeout: Sourced::flag("--timeout", connect.timeout),
                    connect_timeout: Sourced::flag("--connect-timeout", connect.connect_timeout),
                    retries: Sourced::flag("--retries", connect.retries),
                    ca_cert: Sourced::flag("--ca-cert", connect.ca_cert.clone()),
                    insecure: Sourced::flag("--insecure", connect.insecure),
                    allow_http: Sourced::flag("--allow-http", connect.allow_http),
                    max_body: Sourced::flag("--max-body", connect.max_body),
                },
            },
            output,
            inputs: global.input.clone(),
            demo,
        })
    }

    /// Writes the answer, to the end; on a terminal that is too small for it through the pager.
    ///
    /// # Errors
    /// stdout cannot be written, or the pager cannot be talked to.
    pub(crate) fn print(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let Some(pager) = &self.pager else { return console::print(write) };
        let mut text = Vec::new();
        write(&mut text)?;
        let lines = text.iter().filter(|byte| **byte == b'\n').count();
        if lines >= self.screen.height && pager.show(&text)? {
            return Ok(());
        }
        console::print(|out| out.write_all(&text))
    }

    /// The format among those that the command has, and what goes with it; `default` where nobody said.
    ///
    /// # Errors
    /// One that was asked for and that the command does not have.
    pub(crate) fn format<W: Copy>(&self, default: Format, known: &Formats<W>) -> Result<(Format, W), UsageError> {
        let chosen = self.output.as_ref().map_or(default, |(format, _)| *format);
        if let Some(writer) = known.writer(chosen) {
            return Ok((chosen, writer));
        }
        let names: Vec<String> = known.names().iter().map(word).collect();
        let message = format!("this command has no output '{}'", word(&chosen));
        Err(UsageError::with_hint(message, format!("choose one of {}", names.join(", "))))
    }

    /// Passes over a preference for all commands that this one cannot follow; a flag stays.
    pub(crate) fn prefer(&mut self, known: &[Format]) {
        self.output.take_if(|(format, origin)| !matches!(origin, Origin::Flag(_)) && !known.contains(format));
    }

    /// Everything set up to ask.
    ///
    /// # Errors
    /// The command line is wrong. What else keeps a deployment from being asked is a failure in every round.
    pub(crate) fn fetcher(&self, rounds: Rounds, deadline: Option<Deadline>) -> anyhow::Result<Fetcher> {
        Ok(Fetcher::new(self.source()?, rounds, deadline, self.environment, self.console))
    }

    /// What is to be asked.
    fn source(&self) -> anyhow::Result<Source> {
        if !self.inputs.is_empty() {
            let inputs: Vec<Input> = self.inputs.iter().map(|path| Input::from(path.as_os_str())).collect();
            if inputs.iter().filter(|input| **input == Input::Stdin).count() > 1 {
                return Err(UsageError::new("--input - is given twice, and standard input can be read once").into());
            }
            return Ok(Source::Saved(inputs, self.connect()?.max_body));
        }
        if self.demo {
            return Ok(Source::Demo(self.connect()?));
        }
        match self.deployments(&self.selection) {
            Ok(deployments) => Ok(Source::Live(deployments)),
            Err(error) if Exit::from(&error) == Exit::Usage => Err(error.into()),
            Err(error) => {
                Ok(Source::Live(vec![Err(ResolveError { profile: None, endpoint: None, error: Box::new(error) })]))
            }
        }
    }

    /// The deployments that are selected, and how to reach each.
    ///
    /// # Errors
    /// Nothing can be asked at all.
    pub(crate) fn deployments(
        &self,
        selection: &Selection,
    ) -> Result<Vec<Result<Resolved, ResolveError>>, profile::Error> {
        profile::resolve(selection, self.environment, self.file.clone())
    }

    /// The profile file, as it was read for this run.
    ///
    /// # Errors
    /// It cannot be used, or is not wanted.
    pub(crate) fn file(&self) -> Result<&ProfileFile, profile::Error> {
        self.file.as_ref().map_err(Clone::clone)
    }

    /// Whether saved scrapes are read, which do not change.
    pub(crate) fn reads_saved_scrapes(&self) -> bool {
        !self.inputs.is_empty()
    }

    /// What `--window` says, where it was given and leaves time for change.
    ///
    /// # Errors
    /// No time at all, more than [`LONGEST`], or saved scrapes, which do not change.
    pub(crate) fn window(&self, flag: Option<Duration>) -> Result<Option<Duration>, UsageError> {
        window(flag, self.reads_saved_scrapes())
    }

    /// The time between two looks where change is judged, unless the flag says otherwise; `None` where there is to be one look.
    ///
    /// # Errors
    /// As [`Settings::window`].
    pub(crate) fn judging_window(&self, flag: Option<Duration>) -> Result<Option<Duration>, UsageError> {
        match flag {
            Some(window) if window.is_zero() => Ok(None),
            None if self.reads_saved_scrapes() => Ok(None),
            window => self.window(Some(window.unwrap_or(JUDGING_WINDOW))),
        }
    }

    /// Every profile of the file is meant where nothing chooses among them.
    pub(crate) fn mean_all(&mut self) {
        self.selection.all_by_default = true;
    }

    /// What `--deadline` says, from now on.
    ///
    /// # Errors
    /// It is over before the second look of `window`.
    pub(crate) fn deadline(
        &self,
        args: &DeadlineArgs,
        window: Option<Duration>,
    ) -> Result<Option<Deadline>, UsageError> {
        let Some(time) = args.deadline else { return Ok(None) };
        if let Some(window) = window.filter(|window| *window >= time) {
            let message = format!(
                "--deadline {} is over before the second look, {} after the first",
                units::span(time),
                units::span(window)
            );
            return Err(UsageError::with_hint(message, "give it more time, or shorten the window with --window"));
        }
        Ok(Some(Deadline::after(time)))
    }

    /// How to connect where no profile has a say.
    fn connect(&self) -> Result<Connect, profile::Error> {
        let flags = self.selection.connect.clone().check()?;
        Ok(flags.over(&ConnectLayer::of_environment(self.environment)?).over_built_in().connect())
    }

    /// The language that a flag chooses, else that of the first of the variables for it that holds anything.
    pub(crate) fn language(&self, flag: Option<Language>) -> Language {
        flag.unwrap_or_else(|| language(self.environment))
    }

    /// Where the profile file is, whether there is one or not.
    ///
    /// # Errors
    /// The user has no folder for configuration.
    pub(crate) fn profile_file(&self) -> Result<PathBuf, profile::Error> {
        ProfileFile::locate(self.selection.profile_file.as_deref(), self.environment)
    }
}

/// Long enough for counters to move on a deployment in use, short enough for the ten seconds that monitoring systems commonly
/// give a check (Nagios Plugins Development Guidelines, "Use DEFAULT_SOCKET_TIMEOUT").
const JUDGING_WINDOW: Duration = Duration::from_secs(5);

/// The profile file that a flag names, else that of the environment, else the user's.
///
/// # Errors
/// There is none, or it cannot be used.
pub(crate) fn profile_file(flag: Option<&Path>) -> Result<ProfileFile, profile::Error> {
    ProfileFile::locate(flag, Environment::process()).and_then(|path| ProfileFile::read(&path))
}

/// APP ID and APP Secret of the environment, which the simulated deployment lets in; `None` where neither is set.
///
/// # Errors
/// One of them without the other, or one that is not UTF-8.
pub(crate) fn simulated_credentials() -> Result<Option<(String, String)>, UsageError> {
    let get = |name| {
        let value = Environment::process().raw(name).map(std::ffi::OsString::into_string).transpose();
        value.map_err(|_| UsageError::new(format!("{name} is not UTF-8")))
    };
    let half = |set, missing| {
        let message = format!("{set} is set and {missing} is not");
        Err(UsageError::with_hint(message, "set both to have these let in, or none to have them drawn"))
    };
    match (get(env::APP_ID)?, get(env::APP_SECRET)?) {
        (Some(app_id), Some(app_secret)) => Ok(Some((app_id, app_secret))),
        (None, None) => Ok(None),
        (Some(_), None) => half(env::APP_ID, env::APP_SECRET),
        (None, Some(_)) => half(env::APP_SECRET, env::APP_ID),
    }
}

/// Whether this run is a completion script's question.
pub(crate) fn is_completion() -> bool {
    Environment::process().raw(env::COMPLETE).is_some()
}

/// For what goes wrong before the options are known to hold.
pub(crate) fn plain_console() -> Console {
    Console { paint: screen::stderr(None, Environment::process()), quiet: false, verbose: false }
}

fn language(environment: Environment<'_>) -> Language {
    let order = [env::OWN_LANG, env::LC_ALL, env::LC_MESSAGES, env::LANG];
    match order.into_iter().find_map(|name| environment.raw(name)) {
        Some(value) if value.to_string_lossy().starts_with("zh") => Language::Zh,
        _ => Language::En,
    }
}

fn window(window: Option<Duration>, is_saved: bool) -> Result<Option<Duration>, UsageError> {
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

/// The pager, where somebody looks at a terminal that can be paged on.
fn pager(unwanted: bool, file: Option<&ProfileFile>, environment: Environment<'_>) -> Option<Pager> {
    let text = |name| environment.also_empty(name).map(|value| value.to_string_lossy().into_owned());
    if unwanted || !io::stdout().is_terminal() || text(env::TERM).is_none_or(|term| term == "dumb") {
        return None;
    }
    let in_file = file.and_then(|file| file.pager.as_ref()).map(|pager| pager.value.clone());
    Pager::of([text(env::OWN_PAGER), in_file, text(env::PAGER)])
}

/// The flag, else the variable, else the file's `[defaults]`; and which of them it was.
fn choose<T: ValueEnum>(
    flag: Option<T>,
    flag_name: &'static str,
    variable: &'static str,
    environment: Environment<'_>,
    key: &'static str,
    in_file: Option<&Sourced<String>>,
) -> Result<Option<(T, Origin)>, profile::Error> {
    if let Some(value) = flag {
        return Ok(Some((value, Origin::Flag(flag_name))));
    }
    // One that is not UTF-8 is as if it were not set.
    let in_environment = environment.raw(variable).and_then(|value| value.into_string().ok());
    let said = in_environment.map(|value| Sourced::new(value, Origin::Env(variable))).or_else(|| in_file.cloned());
    let Some(said) = said else { return Ok(None) };
    match T::from_str(&said.value, false) {
        Ok(value) => Ok(Some((value, said.origin))),
        Err(_) => {
            let names: Vec<String> = T::value_variants().iter().map(word).collect();
            let shown = crate::text::visible(&said.value);
            Err(said.refuse(key, format_args!("'{shown}' is none of {}", names.join(", ")), None))
        }
    }
}

fn word<T: ValueEnum>(value: &T) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_that_of_the_first_variable_that_holds_anything() {
        let of = |all: &'static str, messages: &'static str, lang: &'static str| {
            language(Environment::new(&|name: &str| match name {
                "LC_ALL" => Some(all.into()),
                "LC_MESSAGES" => Some(messages.into()),
                "LANG" => Some(lang.into()),
                _ => None,
            }))
        };
        assert_eq!(of("", "", "zh_CN.UTF-8"), Language::Zh);
        assert_eq!(of("C", "zh_CN", "zh_CN"), Language::En);
        assert_eq!(of("", "zh_TW", "en_US"), Language::Zh);
        assert_eq!(language(Environment::new(&|_: &str| None)), Language::En);
    }

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
