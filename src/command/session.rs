//! What every inspecting command starts with: the options, the profile file, how to write and to whom.

use super::failure::UsageError;
use crate::cli::{ColorChoice, Shared};
use crate::env;
use crate::health::{CheckStatus, Health, Status};
use crate::profile::{self, Environment, Origin, ProfileFile, Sourced};
use crate::view::health::worst_first;
use crate::view::{self, Failure, Format, Formats, Label, Paint, Screen, Warning};
use clap::ValueEnum;
use std::io::Write;

/// The options of one run, with what environment and profile file add to them.
pub struct Session<'a> {
    pub shared: &'a Shared,
    /// The profile file; `None` where nothing of it is wanted (`--demo`, `--input`).
    pub file: Option<Result<ProfileFile, profile::Error>>,
    /// What comes out; `None` where nobody said.
    pub output: Option<Format>,
    pub screen: Screen,
    pub console: Console,
}

/// What is said on stderr, beside the answer.
#[derive(Debug, Clone, Copy)]
pub struct Console {
    paint: Paint,
    quiet: bool,
    verbose: bool,
}

impl<'a> Session<'a> {
    /// For a command that asks deployments.
    ///
    /// # Errors
    /// An option, variable or key of the file that does not hold what it takes.
    pub fn open(shared: &'a Shared) -> anyhow::Result<Session<'a>> {
        let wanted = !shared.demo && shared.input.is_empty();
        let environment = Environment::process();
        let read = || {
            ProfileFile::locate(shared.profile_file.as_deref(), environment).and_then(|path| ProfileFile::read(&path))
        };
        Session::with(shared, wanted.then(read))
    }

    /// For a command that needs no profile file.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn without_file(shared: &'a Shared) -> anyhow::Result<Session<'a>> {
        Session::with(shared, None)
    }

    fn with(shared: &'a Shared, file: Option<Result<ProfileFile, profile::Error>>) -> anyhow::Result<Session<'a>> {
        let read = file.as_ref().and_then(|file| file.as_ref().ok());
        let output = choose(shared.output, env::OUTPUT, "output", read.and_then(|file| file.output.as_ref()))?;
        let color: Option<ColorChoice> =
            choose(shared.color, env::COLOR, "color", read.and_then(|file| file.color.as_ref()))?;
        let console = Console { paint: Screen::stderr(color).paint, quiet: shared.quiet, verbose: shared.verbose };
        Ok(Session { shared, file, output, screen: Screen::stdout(color)?, console })
    }

    /// The format among those that the command has, with what writes it; `default` where nobody said.
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
}

impl Console {
    /// For what goes wrong before the options are known to hold.
    pub fn plain() -> Console {
        Console { paint: Screen::stderr(None).paint, quiet: false, verbose: false }
    }

    /// Something that failed, and what to do about it.
    pub fn error(&self, text: &str, hint: Option<&str>) {
        self.say(Label::Error, text);
        if let Some(hint) = hint {
            self.say(Label::Hint, hint);
        }
    }

    /// What failed and what was odd, after the answer.
    pub fn tell(&self, failures: &[Failure], warnings: &[Warning]) {
        for Warning { profile, endpoint, message } in warnings {
            self.warning(&about(profile.as_ref().or(endpoint.as_ref()), message));
        }
        for Failure { profile, endpoint, message, hint, .. } in failures {
            self.error(&about(profile.as_ref().or(endpoint.as_ref()), message), hint.as_deref());
        }
    }

    /// What makes a verdict other than ok; a warning is kept back by `--quiet`.
    pub fn judged(&self, whose: Option<&String>, health: &Health) {
        for finding in worst_first(health) {
            let text = about(whose, &format!("{}: {}", finding.name, finding.message));
            match finding.status {
                CheckStatus::Judged(Status::Critical) => self.say(Label::Critical, &text),
                CheckStatus::Judged(Status::Unknown) => self.say(Label::Unknown, &text),
                CheckStatus::Judged(Status::Warning) => self.warning(&text),
                CheckStatus::Judged(Status::Ok) | CheckStatus::Skipped => {}
            }
        }
    }

    /// Something odd; kept back by `--quiet`.
    pub fn warning(&self, text: &str) {
        if !self.quiet {
            self.say(Label::Warning, text);
        }
    }

    /// One that keeps back what `--verbose` asks for.
    pub fn without_notes(self) -> Console {
        Console { verbose: false, ..self }
    }

    /// Something worth knowing that is neither odd nor wrong; kept back by `--quiet`.
    pub fn remark(&self, text: &str) {
        if !self.quiet {
            self.say(Label::Note, text);
        }
    }

    /// Something that must not go unsaid, `--quiet` or not.
    pub fn caution(&self, text: &str) {
        self.say(Label::Warning, text);
    }

    /// What is done, for those who asked for it with `--verbose`.
    pub fn note(&self, text: &str) {
        if self.verbose {
            self.say(Label::Note, text);
        }
    }

    fn say(&self, label: Label, text: &str) {
        let mut line = Vec::new();
        // Writing to memory does not fail, and if stderr cannot be written nobody is left to tell.
        let _ = view::message(&mut line, self.paint, label, text);
        let _ = std::io::stderr().lock().write_all(&line);
    }
}

/// Which deployment it is about, and what.
fn about(whose: Option<&String>, message: &str) -> String {
    whose.map_or_else(|| message.to_owned(), |name| format!("{name}: {message}"))
}

/// The flag, else the variable, else the file's `[defaults]`.
fn choose<T: ValueEnum>(
    flag: Option<T>,
    variable: &'static str,
    key: &'static str,
    in_file: Option<&Sourced<String>>,
) -> Result<Option<T>, profile::Error> {
    if flag.is_some() {
        return Ok(flag);
    }
    let in_environment = std::env::var(variable).ok().filter(|value| !value.is_empty());
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
