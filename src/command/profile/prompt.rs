//! Asks a person at a terminal. What is secret is not shown, and the terminal is left as it was found, whatever happens.
//!
//! Keys are read one by one in raw mode: nothing that is typed ahead is shown, and Ctrl-C is a key like others, not
//! a signal that ends the program before the terminal is put back.

use crate::exit::Exit;
use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use unicode_width::UnicodeWidthChar;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// Ctrl-C, or a signal that means the same.
    #[error("interrupted")]
    Interrupted,
    /// Ctrl-D where nothing was typed.
    #[error("nothing was entered")]
    Ended,
    #[error("cannot read from the terminal: {0}")]
    Terminal(#[from] io::Error),
}

impl From<&PromptError> for Exit {
    fn from(error: &PromptError) -> Exit {
        match error {
            PromptError::Interrupted => Exit::Interrupted,
            PromptError::Ended => Exit::Usage,
            PromptError::Terminal(_) => Exit::NoInput,
        }
    }
}

/// No answer is longer.
const MAX_ANSWER: usize = 64 * 1024;
/// How long a signal may wait to be noticed.
const NOTICE: Duration = Duration::from_millis(100);

/// A terminal with somebody in front of it. Prompts go to stderr: stdout belongs to the answer.
pub struct Prompt {
    signalled: Arc<AtomicBool>,
}

impl Prompt {
    /// `None` where stdin or stderr is no terminal.
    ///
    /// # Errors
    /// Signals cannot be watched for.
    pub fn new() -> io::Result<Option<Prompt>> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Ok(None);
        }
        let signalled = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&signalled))?;
        }
        Ok(Some(Prompt { signalled }))
    }

    /// Asks for a line, which is shown as it is typed.
    ///
    /// # Errors
    /// There is no answer.
    pub fn ask(&self, question: &str) -> Result<String, PromptError> {
        self.read(question, true)
    }

    /// Asks for a line that nobody is to see.
    ///
    /// # Errors
    /// There is no answer.
    pub fn ask_unseen(&self, question: &str) -> Result<String, PromptError> {
        self.read(question, false)
    }

    /// Asks a question that is answered with yes or no; without an answer it is no.
    ///
    /// # Errors
    /// There is no answer.
    pub fn confirm(&self, question: &str) -> Result<bool, PromptError> {
        let answer = self.ask(&format!("{question} [y/N] "))?;
        Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
    }

    /// Says something between two questions.
    ///
    /// # Errors
    /// The terminal cannot be written to.
    pub fn say(&self, text: &str) -> io::Result<()> {
        writeln!(io::stderr(), "{}", crate::text::visible(text))
    }

    fn read(&self, question: &str, shown: bool) -> Result<String, PromptError> {
        let _raw = Raw::enter()?;
        let mut terminal = io::stderr().lock();
        write!(terminal, "{question}")?;
        terminal.flush()?;
        let mut line = Line::default();
        let outcome = loop {
            if self.signalled.load(Ordering::Relaxed) {
                break Err(PromptError::Interrupted);
            }
            if !event::poll(NOTICE)? {
                continue;
            }
            let Event::Key(key) = event::read()? else { continue };
            match line.press(key) {
                Effect::Typed(c) if shown => write!(terminal, "{c}")?,
                Effect::Erased(columns) if shown => write!(terminal, "{}", "\u{8} \u{8}".repeat(columns))?,
                Effect::Typed(_) | Effect::Erased(_) => {}
                Effect::Entered => break Ok(std::mem::take(&mut line.text)),
                Effect::Interrupted => break Err(PromptError::Interrupted),
                Effect::Ended => break Err(PromptError::Ended),
            }
            terminal.flush()?;
        };
        // In raw mode a line end does not return to the first column.
        write!(terminal, "\r\n")?;
        terminal.flush()?;
        outcome
    }
}

/// Raw mode, until dropped.
struct Raw;

impl Raw {
    fn enter() -> io::Result<Raw> {
        enable_raw_mode().map(|()| Raw)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // There is no other way to put it back.
        let _ = disable_raw_mode();
    }
}

/// What has been typed so far.
#[derive(Default)]
struct Line {
    text: String,
}

/// What a key did.
#[derive(Debug, PartialEq, Eq)]
enum Effect {
    Typed(char),
    /// So many columns of the screen are to be cleared.
    Erased(usize),
    Entered,
    Interrupted,
    Ended,
}

impl Line {
    fn press(&mut self, key: KeyEvent) -> Effect {
        const NOTHING: Effect = Effect::Erased(0);
        if key.kind == KeyEventKind::Release {
            return NOTHING;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL) && !key.modifiers.contains(KeyModifiers::ALT);
        match key.code {
            // A line end that came while the terminal was not raw yet is a Ctrl-J.
            KeyCode::Enter => Effect::Entered,
            KeyCode::Char('j' | 'm') if control => Effect::Entered,
            KeyCode::Char('c') if control => Effect::Interrupted,
            KeyCode::Char('d') if control && self.text.is_empty() => Effect::Ended,
            KeyCode::Char('u') if control => {
                let columns = self.text.chars().filter_map(char::width).sum();
                self.text.clear();
                Effect::Erased(columns)
            }
            KeyCode::Backspace => self.erase(),
            KeyCode::Char('h') if control => self.erase(),
            KeyCode::Char(c) if !control && !c.is_control() && self.text.len() < MAX_ANSWER => {
                self.text.push(c);
                Effect::Typed(c)
            }
            _ => NOTHING,
        }
    }

    fn erase(&mut self) -> Effect {
        Effect::Erased(self.text.pop().and_then(char::width).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[(KeyCode, KeyModifiers)]) -> (String, Effect) {
        let mut line = Line::default();
        let effects = keys.iter().map(|&(code, modifiers)| line.press(KeyEvent::new(code, modifiers)));
        let last = effects.last().unwrap();
        (line.text, last)
    }

    fn plain(c: char) -> (KeyCode, KeyModifiers) {
        (KeyCode::Char(c), KeyModifiers::NONE)
    }

    fn control(c: char) -> (KeyCode, KeyModifiers) {
        (KeyCode::Char(c), KeyModifiers::CONTROL)
    }

    const BACKSPACE: (KeyCode, KeyModifiers) = (KeyCode::Backspace, KeyModifiers::NONE);

    #[test]
    fn keys_edit_the_line() {
        assert_eq!(typed(&[plain('a'), plain('B')]), ("aB".into(), Effect::Typed('B')));
        assert_eq!(typed(&[plain('a'), plain('漢'), BACKSPACE]), ("a".into(), Effect::Erased(2)));
        assert_eq!(typed(&[plain('a'), control('h')]), (String::new(), Effect::Erased(1)));
        assert_eq!(typed(&[BACKSPACE]), (String::new(), Effect::Erased(0)));
        assert_eq!(typed(&[plain('a'), plain('b'), control('u')]), (String::new(), Effect::Erased(2)));
        assert_eq!(typed(&[(KeyCode::Up, KeyModifiers::NONE)]), (String::new(), Effect::Erased(0)));
    }

    #[test]
    fn keys_end_the_line() {
        for enter in [(KeyCode::Enter, KeyModifiers::NONE), control('j'), control('m')] {
            assert_eq!(typed(&[plain('a'), enter]), ("a".into(), Effect::Entered));
        }
        assert_eq!(typed(&[plain('a'), control('c')]).1, Effect::Interrupted);
        assert_eq!(typed(&[control('d')]).1, Effect::Ended);
        assert_eq!(typed(&[plain('a'), control('d')]), ("a".into(), Effect::Erased(0)));
    }
}
