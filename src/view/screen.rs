//! What a stream can show: how wide it is and whether it is coloured. Resolved once from plain inputs.
//!
//! Colour, the first that applies:
//!
//! | when | colour |
//! | --- | --- |
//! | `--color always` or `never` | as it says |
//! | `NO_COLOR` is set and not empty | no |
//! | `CLICOLOR_FORCE` is set, not empty and not `0` | yes |
//! | `TERM` is `dumb` | no |
//! | otherwise | on a terminal |
//!
//! Width: what `EMQSTAT_FORCE_TTY` says (stdout then counts as a terminal), else what the terminal tells, else
//! `COLUMNS`, else 80. What is no terminal has no width: nothing is wrapped, hidden or cut for it.

use super::style::Paint;
use crate::cli::ColorChoice;
use crate::env;
use std::io::IsTerminal;

/// How a stream is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Columns of the terminal; `None` where the stream is no terminal.
    pub width: Option<usize>,
    pub paint: Paint,
}

/// The environment holds a value that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} is '{value}': write a number of columns, such as 100, or unset it", env::FORCE_TTY)]
pub struct ScreenError {
    value: String,
}

/// Everything that the decision rests on.
#[derive(Debug, Clone, Default)]
pub struct ScreenInput {
    pub color: Option<ColorChoice>,
    pub is_terminal: bool,
    /// What the terminal says of its own width.
    pub terminal_width: Option<usize>,
    pub force_tty: Option<String>,
    pub columns: Option<String>,
    pub no_color: Option<String>,
    pub clicolor_force: Option<String>,
    pub term: Option<String>,
}

impl Screen {
    /// The process's stdout.
    ///
    /// # Errors
    /// `EMQSTAT_FORCE_TTY` holds no number.
    pub fn stdout(color: Option<ColorChoice>) -> Result<Screen, ScreenError> {
        let stdout = std::io::stdout();
        Screen::resolve(&ScreenInput {
            is_terminal: stdout.is_terminal(),
            terminal_width: terminal_size::terminal_size_of(&stdout).map(|(width, _)| width.0.into()),
            force_tty: variable(env::FORCE_TTY),
            ..ScreenInput::from_environment(color)
        })
    }

    /// The process's stderr, for messages.
    pub fn stderr(color: Option<ColorChoice>) -> Screen {
        let stderr = std::io::stderr();
        let input = ScreenInput {
            is_terminal: stderr.is_terminal(),
            terminal_width: terminal_size::terminal_size_of(&stderr).map(|(width, _)| width.0.into()),
            ..ScreenInput::from_environment(color)
        };
        // Only the variable for stdout can be wrong.
        Screen::resolve(&input).unwrap_or(Screen::PLAIN)
    }

    /// A pipe or a file: no width, no colour.
    pub const PLAIN: Screen = Screen { width: None, paint: Paint { colored: false } };

    /// Decides, from the tables above.
    ///
    /// # Errors
    /// `force_tty` holds no number.
    pub fn resolve(input: &ScreenInput) -> Result<Screen, ScreenError> {
        let forced = match input.force_tty.as_deref().filter(|value| !value.is_empty()) {
            None => None,
            Some(value) => {
                Some(columns(value).ok_or_else(|| ScreenError { value: crate::text::visible(value).into_owned() })?)
            }
        };
        let is_terminal = input.is_terminal || forced.is_some();
        let told = || input.terminal_width.filter(|width| *width > 0);
        let width = forced.or_else(told).or_else(|| columns(input.columns.as_deref()?)).unwrap_or(80);
        Ok(Screen { width: is_terminal.then_some(width), paint: Paint { colored: colored(input, is_terminal) } })
    }

    /// Whether a person is taken to be looking.
    pub fn is_terminal(&self) -> bool {
        self.width.is_some()
    }
}

impl ScreenInput {
    fn from_environment(color: Option<ColorChoice>) -> ScreenInput {
        ScreenInput {
            color,
            columns: variable(env::COLUMNS),
            no_color: variable(env::NO_COLOR),
            clicolor_force: variable(env::CLICOLOR_FORCE),
            term: variable(env::TERM),
            ..ScreenInput::default()
        }
    }
}

fn colored(input: &ScreenInput, is_terminal: bool) -> bool {
    match input.color {
        Some(ColorChoice::Always) => true,
        Some(ColorChoice::Never) => false,
        None | Some(ColorChoice::Auto) => {
            if input.no_color.as_deref().is_some_and(|value| !value.is_empty()) {
                false
            } else if input.clicolor_force.as_deref().is_some_and(|value| !value.is_empty() && value != "0") {
                true
            } else {
                is_terminal && input.term.as_deref() != Some("dumb")
            }
        }
    }
}

fn columns(value: &str) -> Option<usize> {
    value.trim().parse().ok().filter(|width| *width > 0)
}

fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terminal() -> ScreenInput {
        ScreenInput { is_terminal: true, terminal_width: Some(100), ..ScreenInput::default() }
    }

    fn is_colored(input: ScreenInput) -> bool {
        Screen::resolve(&input).unwrap().paint.colored
    }

    fn set(value: &str) -> Option<String> {
        Some(value.to_owned())
    }

    #[test]
    fn colour_follows_the_table() {
        let pipe = ScreenInput::default;
        assert!(is_colored(terminal()));
        assert!(!is_colored(pipe()));
        assert!(!is_colored(ScreenInput { no_color: set("1"), ..terminal() }));
        assert!(is_colored(ScreenInput { no_color: set(""), ..terminal() }));
        assert!(is_colored(ScreenInput { clicolor_force: set("1"), ..pipe() }));
        assert!(!is_colored(ScreenInput { clicolor_force: set("0"), ..pipe() }));
        assert!(!is_colored(ScreenInput { clicolor_force: set(""), ..pipe() }));
        assert!(!is_colored(ScreenInput { clicolor_force: set("1"), no_color: set("1"), ..terminal() }));
        assert!(!is_colored(ScreenInput { term: set("dumb"), ..terminal() }));
        assert!(is_colored(ScreenInput { term: set("dumb"), clicolor_force: set("1"), ..terminal() }));
        assert!(is_colored(ScreenInput { color: Some(ColorChoice::Always), no_color: set("1"), ..pipe() }));
        assert!(!is_colored(ScreenInput { color: Some(ColorChoice::Never), clicolor_force: set("1"), ..terminal() }));
        assert!(!is_colored(ScreenInput { color: Some(ColorChoice::Auto), no_color: set("1"), ..terminal() }));
    }

    #[test]
    fn width_comes_from_the_first_that_knows() {
        let width = |input: ScreenInput| Screen::resolve(&input).unwrap().width;
        assert_eq!(width(ScreenInput { force_tty: set("60"), columns: set("90"), ..terminal() }), Some(60));
        assert_eq!(width(ScreenInput { columns: set("90"), ..terminal() }), Some(100));
        assert_eq!(width(ScreenInput { columns: set("90"), terminal_width: None, ..terminal() }), Some(90));
        assert_eq!(width(ScreenInput { columns: set("wide"), terminal_width: Some(0), ..terminal() }), Some(80));
        assert_eq!(width(ScreenInput { columns: set("90"), ..ScreenInput::default() }), None);
    }

    #[test]
    fn a_forced_terminal_is_one() {
        let screen = Screen::resolve(&ScreenInput { force_tty: set("120"), ..ScreenInput::default() }).unwrap();
        assert_eq!((screen.width, screen.paint.colored), (Some(120), true));
        for bad in ["wide", "0", "-1"] {
            let error = Screen::resolve(&ScreenInput { force_tty: set(bad), ..terminal() }).unwrap_err();
            assert!(error.to_string().contains("EMQSTAT_FORCE_TTY"), "{error}");
        }
    }
}
