//! Asks a person at a terminal. What is secret is not shown, and the terminal is left as it was found, whatever happens.
//!
//! The terminal is in raw mode from the first question to the last: an answer that is pasted ahead, the secret above all,
//! is not shown before its question, and Ctrl-C is read like any other key.

use crate::exit::Exit;
use crate::signals::{self, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use crate::text::visible;
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use std::io::{self, IsTerminal, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use unicode_width::UnicodeWidthStr;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// Ctrl-D where nothing was typed, or nobody is there any more.
    #[error("nothing was entered")]
    Ended,
    #[error("cannot ask on the terminal: {0}")]
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

/// Whether the terminal is taken over: what goes on after a stop takes it again only then.
static ASKING: AtomicBool = AtomicBool::new(false);

/// A terminal with somebody in front of it, in raw mode until dropped. Questions go to stderr: stdout belongs to the answer.
pub(super) struct Prompt(());

impl Prompt {
    /// Whether there is a terminal to ask on: stdin and stderr both are one.
    pub(super) fn is_possible() -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Takes the terminal over.
    ///
    /// # Errors
    /// It cannot be put into raw mode, or signals not be watched for.
    pub(super) fn new() -> Result<Prompt, PromptError> {
        signals::on(&[SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT], |signal| {
            // There is no other way to put it back.
            let _ = disable_raw_mode();
            match signal {
                // Nothing else can be tried.
                SIGTSTP => drop(signals::stop()),
                SIGCONT if ASKING.load(Ordering::SeqCst) => drop(enable_raw_mode()),
                SIGCONT => {}
                _ => std::process::exit(Exit::Interrupted.code().into()),
            }
        })?;
        ASKING.store(true, Ordering::SeqCst);
        enable_raw_mode()?;
        Ok(Prompt(()))
    }

    /// Asks for a line, which is shown as it is typed.
    ///
    /// # Errors
    /// There is no answer.
    pub(super) fn ask(&self, question: &str) -> Result<String, PromptError> {
        Prompt::read(question, &mut io::stderr())
    }

    /// Asks for a line that nobody is to see.
    ///
    /// # Errors
    /// There is no answer.
    pub(super) fn ask_unseen(&self, question: &str) -> Result<String, PromptError> {
        Prompt::read(question, &mut io::sink())
    }

    /// Asks a question that is answered with yes or no; anything else is no.
    ///
    /// # Errors
    /// There is no answer.
    pub(super) fn confirm(&self, question: &str) -> Result<bool, PromptError> {
        let answer = self.ask(&format!("{question} [y/N] "))?;
        Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
    }

    /// Says something between two questions.
    ///
    /// # Errors
    /// The terminal cannot be written to.
    pub(super) fn say(&self, text: &str) -> Result<(), PromptError> {
        // In raw mode a line end does not return to the first column.
        Ok(write!(io::stderr(), "{}\r\n", visible(text))?)
    }

    /// The answer to a question, shown on `screen` as it is typed.
    fn read(question: &str, screen: &mut dyn Write) -> Result<String, PromptError> {
        write!(io::stderr(), "{}", visible(question))?;
        let outcome = read_line(&mut io::stdin().lock(), screen);
        let ended = write!(io::stderr(), "\r\n");
        let text = outcome?;
        ended?;
        Ok(text)
    }
}

impl Drop for Prompt {
    fn drop(&mut self) {
        ASKING.store(false, Ordering::SeqCst);
        // There is no other way to put it back.
        let _ = disable_raw_mode();
    }
}

const CTRL_C: u8 = 0x03;
const CTRL_D: u8 = 0x04;
const CTRL_U: u8 = 0x15;
const BACKSPACE: u8 = 0x08;
const DELETE: u8 = 0x7f;

/// The line that is typed on `keyboard`, shown on `screen` as it is. Keys without a character of their own (arrows and the
/// like) stand in it as control characters, which no answer may have.
fn read_line(keyboard: &mut dyn Read, screen: &mut dyn Write) -> Result<String, PromptError> {
    let mut line = Vec::new();
    loop {
        let mut byte = [0];
        // A terminal that cannot be read was closed.
        keyboard.read_exact(&mut byte).map_err(|_| PromptError::Ended)?;
        let erased = match byte {
            [CTRL_C] => return Err(PromptError::Interrupted),
            [CTRL_D] if line.is_empty() => return Err(PromptError::Ended),
            // A line end that came before the terminal was raw is a line feed.
            [b'\r' | b'\n'] => break,
            [CTRL_D] => continue,
            [BACKSPACE | DELETE] => line.split_off(line.iter().rposition(|&byte| !is_continuation(byte)).unwrap_or(0)),
            [CTRL_U] => std::mem::take(&mut line),
            [byte] => {
                line.push(byte);
                screen.write_all(&[if byte < b' ' { b'^' } else { byte }])?;
                continue;
            }
        };
        screen.write_all("\u{8} \u{8}".repeat(String::from_utf8_lossy(&erased).width()).as_bytes())?;
    }
    String::from_utf8(line).map_err(|_| io::Error::other("what was typed is not UTF-8").into())
}

/// Whether a byte of UTF-8 goes on with the character before it.
fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer, and what is shown of it, a column that is erased as `<`.
    fn typed(mut keys: &[u8]) -> (Result<String, String>, String) {
        let mut shown = Vec::new();
        let outcome = read_line(&mut keys, &mut shown).map_err(|error| error.to_string());
        (outcome, String::from_utf8_lossy(&shown).replace("\u{8} \u{8}", "<"))
    }

    #[test]
    fn keys_edit_the_line() {
        for (keys, text, shown) in [
            (&b"ab\r"[..], "ab", "ab"),
            (b"ab\nc", "ab", "ab"),
            (b"abc\x7f\x08d\r", "ad", "abc<<d"),
            ("a漢\x7f\r".as_bytes(), "a", "a漢<<"),
            (b"ab\x15c\r", "c", "ab<<c"),
            (b"\x7f\x15x\x04\r", "x", "x"),
            (b"a\x1b[A\x7f\x7f\x7f\r", "a", "a^[A<<<"),
        ] {
            assert_eq!(typed(keys), (Ok(text.to_owned()), shown.to_owned()), "{keys:?}");
        }
    }

    #[test]
    fn some_keys_end_the_question() {
        for (keys, error) in [
            (&b"ab\x03\r"[..], "interrupted"),
            (b"\x04", "nothing was entered"),
            (b"ab", "nothing was entered"),
            (b"", "nothing was entered"),
            (b"a\xff\r", "cannot ask on the terminal: what was typed is not UTF-8"),
        ] {
            assert_eq!(typed(keys).0, Err(error.to_owned()), "{keys:?}");
        }
    }
}
