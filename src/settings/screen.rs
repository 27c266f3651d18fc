//! What stdout and stderr can show: how wide they are and whether they are coloured.
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
//! `COLUMNS`, else 80. What is no terminal has no width. Height: what the terminal tells, else `LINES`, else 24.

use crate::cli::ColorChoice;
use crate::env;
use crate::profile::Environment;
use crate::style::Paint;
use crate::view::Screen;
use std::io::IsTerminal;

/// The environment holds a value that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} is '{value}': write a number of columns, such as 100, or unset it", env::FORCE_TTY)]
pub(crate) struct ScreenError {
    value: String,
}

/// Everything that the decision rests on.
#[derive(Debug, Clone, Default)]
struct ScreenInput {
    color: Option<ColorChoice>,
    is_terminal: bool,
    /// What the terminal says of its own width.
    terminal_width: Option<usize>,
    terminal_height: Option<usize>,
    force_tty: Option<String>,
    columns: Option<String>,
    lines: Option<String>,
    no_color: Option<String>,
    clicolor_force: Option<String>,
    term: Option<String>,
}

/// The process's stdout.
///
/// # Errors
/// `EMQSTAT_FORCE_TTY` holds no number.
pub(super) fn stdout(color: Option<ColorChoice>, environment: Environment<'_>) -> Result<Screen, ScreenError> {
    let stdout = std::io::stdout();
    let size = terminal_size::terminal_size_of(&stdout);
    resolve(&ScreenInput {
        is_terminal: stdout.is_terminal(),
        terminal_width: size.map(|(width, _)| width.0.into()),
        terminal_height: size.map(|(_, height)| height.0.into()),
        force_tty: variable(environment, env::FORCE_TTY),
        ..ScreenInput::from_environment(color, environment)
    })
}

/// How the process's stderr is painted.
pub(super) fn stderr(color: Option<ColorChoice>, environment: Environment<'_>) -> Paint {
    let is_terminal = std::io::stderr().is_terminal();
    Paint { colored: colored(&ScreenInput::from_environment(color, environment), is_terminal) }
}

/// Decides, from the tables above.
fn resolve(input: &ScreenInput) -> Result<Screen, ScreenError> {
    let forced = match input.force_tty.as_deref() {
        None => None,
        Some(value) => {
            Some(columns(value).ok_or_else(|| ScreenError { value: crate::text::visible(value).into_owned() })?)
        }
    };
    let is_terminal = input.is_terminal || forced.is_some();
    let told = || input.terminal_width.filter(|width| *width > 0);
    let width = forced.or_else(told).or_else(|| columns(input.columns.as_deref()?)).unwrap_or(80);
    let told = input.terminal_height.filter(|height| *height > 0);
    let height = told.or_else(|| columns(input.lines.as_deref()?)).unwrap_or(24);
    let screen = Screen { width: is_terminal.then_some(width), height, ..Screen::PLAIN };
    Ok(Screen { paint: Paint { colored: colored(input, is_terminal) }, ..screen })
}

impl ScreenInput {
    fn from_environment(color: Option<ColorChoice>, environment: Environment<'_>) -> ScreenInput {
        let variable = |name| variable(environment, name);
        ScreenInput {
            color,
            columns: variable(env::COLUMNS),
            lines: variable(env::LINES),
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
            if input.no_color.is_some() {
                false
            } else if input.clicolor_force.as_deref().is_some_and(|value| value != "0") {
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

/// What a variable holds; set and empty is not set.
fn variable(environment: Environment<'_>, name: &str) -> Option<String> {
    environment.raw(name).map(|value| value.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terminal() -> ScreenInput {
        ScreenInput { is_terminal: true, terminal_width: Some(100), ..ScreenInput::default() }
    }

    fn is_colored(input: ScreenInput) -> bool {
        resolve(&input).unwrap().paint.colored
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
        assert!(is_colored(ScreenInput { clicolor_force: set("1"), ..pipe() }));
        assert!(!is_colored(ScreenInput { clicolor_force: set("0"), ..pipe() }));
        assert!(!is_colored(ScreenInput { clicolor_force: set("1"), no_color: set("1"), ..terminal() }));
        assert!(!is_colored(ScreenInput { term: set("dumb"), ..terminal() }));
        assert!(is_colored(ScreenInput { term: set("dumb"), clicolor_force: set("1"), ..terminal() }));
        assert!(is_colored(ScreenInput { color: Some(ColorChoice::Always), no_color: set("1"), ..pipe() }));
        assert!(!is_colored(ScreenInput { color: Some(ColorChoice::Never), clicolor_force: set("1"), ..terminal() }));
        assert!(!is_colored(ScreenInput { color: Some(ColorChoice::Auto), no_color: set("1"), ..terminal() }));
    }

    #[test]
    fn width_comes_from_the_first_that_knows() {
        let width = |input: ScreenInput| resolve(&input).unwrap().width;
        assert_eq!(width(ScreenInput { force_tty: set("60"), columns: set("90"), ..terminal() }), Some(60));
        assert_eq!(width(ScreenInput { columns: set("90"), ..terminal() }), Some(100));
        assert_eq!(width(ScreenInput { columns: set("90"), terminal_width: None, ..terminal() }), Some(90));
        assert_eq!(width(ScreenInput { columns: set("wide"), terminal_width: Some(0), ..terminal() }), Some(80));
        assert_eq!(width(ScreenInput { columns: set("90"), ..ScreenInput::default() }), None);
    }

    #[test]
    fn a_forced_terminal_is_one() {
        let screen = resolve(&ScreenInput { force_tty: set("120"), ..ScreenInput::default() }).unwrap();
        assert_eq!((screen.width, screen.paint.colored), (Some(120), true));
        for bad in ["wide", "0", "-1"] {
            let error = resolve(&ScreenInput { force_tty: set(bad), ..terminal() }).unwrap_err();
            assert!(error.to_string().contains("EMQSTAT_FORCE_TTY"), "{error}");
        }
    }
}
