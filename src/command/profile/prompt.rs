//! Asks a person at a terminal. What is secret is not shown, and the terminal is left as it was found, whatever happens.
//!
//! The terminal is in raw mode from the first question to the last: nothing that is typed ahead is shown, and Ctrl-C is
//! a key like others. The bytes are read here: crossterm's reader of events never ends once a terminal is closed.

use crate::exit::Exit;
use crate::text::visible;
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::cell::RefCell;
use std::io::{self, IsTerminal, Read, StdinLock, Write};
use unicode_width::UnicodeWidthChar;

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

/// No answer is longer.
const MAX_ANSWER: usize = 64 * 1024;

/// A terminal with somebody in front of it, in raw mode until dropped. Questions go to stderr: stdout belongs to the answer.
pub struct Prompt {
    keyboard: RefCell<StdinLock<'static>>,
    _raw: Raw,
}

impl Prompt {
    /// Whether there is a terminal to ask on: stdin and stderr both are one.
    pub fn is_possible() -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Takes the terminal over.
    ///
    /// # Errors
    /// It cannot be put into raw mode, or signals not be watched for.
    pub fn new() -> Result<Prompt, PromptError> {
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        std::thread::spawn(move || {
            if signals.forever().next().is_some() {
                drop(Raw);
                std::process::exit(Exit::Interrupted.code().into());
            }
        });
        Ok(Prompt { _raw: Raw::enter()?, keyboard: RefCell::new(io::stdin().lock()) })
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

    /// Asks a question that is answered with yes or no; anything else is no.
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
    pub fn say(&self, text: &str) -> Result<(), PromptError> {
        // In raw mode a line end does not return to the first column.
        Ok(write!(io::stderr(), "{}\r\n", visible(text))?)
    }

    fn read(&self, question: &str, shown: bool) -> Result<String, PromptError> {
        let mut terminal = io::stderr();
        write!(terminal, "{}", visible(question))?;
        let outcome = answer(&mut *self.keyboard.borrow_mut(), |effect| match effect {
            _ if !shown => Ok(()),
            Effect::Typed(c) => write!(terminal, "{c}"),
            Effect::Erased(columns) => write!(terminal, "{}", "\u{8} \u{8}".repeat(columns)),
        });
        let ended = write!(terminal, "\r\n");
        let text = outcome?;
        ended?;
        Ok(text)
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

/// What a key does.
#[derive(Debug, PartialEq, Eq)]
enum Key {
    Char(char),
    Enter,
    Backspace,
    /// Ctrl-U.
    Clear,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-D.
    End,
    /// Nothing here: arrows and the like.
    Other,
}

/// What it does to what is shown.
enum Effect {
    Typed(char),
    /// So many columns are to be cleared.
    Erased(usize),
}

/// The line that is typed on `keyboard`.
fn answer(keyboard: &mut dyn Read, mut show: impl FnMut(Effect) -> io::Result<()>) -> Result<String, PromptError> {
    let mut text = String::new();
    loop {
        match key(keyboard) {
            None => return Err(PromptError::Ended),
            Some(Key::End) if text.is_empty() => return Err(PromptError::Ended),
            Some(Key::Interrupt) => return Err(PromptError::Interrupted),
            Some(Key::Enter) => return Ok(text),
            Some(Key::Char(c)) if text.len() < MAX_ANSWER => {
                text.push(c);
                show(Effect::Typed(c))?;
            }
            Some(Key::Backspace) => show(Effect::Erased(text.pop().and_then(char::width).unwrap_or(0)))?,
            Some(Key::Clear) => {
                show(Effect::Erased(text.chars().filter_map(char::width).sum()))?;
                text.clear();
            }
            Some(Key::Char(_) | Key::End | Key::Other) => {}
        }
    }
}

/// The next key; `None` where no key will come any more.
fn key(keyboard: &mut dyn Read) -> Option<Key> {
    let mut first = byte(keyboard)?;
    // An escape begins a sequence, which means nothing here, or stands before a key of its own.
    while first == 0x1b {
        match byte(keyboard)? {
            b'[' => {
                // Parameters, up to a final byte (ECMA-48).
                while let 0x20..=0x3f = byte(keyboard)? {}
                return Some(Key::Other);
            }
            b'O' => return byte(keyboard).map(|_| Key::Other),
            next => first = next,
        }
    }
    Some(match first {
        // A line end that came before the terminal was raw is a line feed.
        b'\r' | b'\n' => Key::Enter,
        0x7f | 0x08 => Key::Backspace,
        0x15 => Key::Clear,
        0x03 => Key::Interrupt,
        0x04 => Key::End,
        0x20..=0x7e => Key::Char(char::from(first)),
        0xc2..=0xdf => wide(first, 1, keyboard)?,
        0xe0..=0xef => wide(first, 2, keyboard)?,
        0xf0..=0xf4 => wide(first, 3, keyboard)?,
        _ => Key::Other,
    })
}

/// A character in UTF-8, by its first byte and how many follow.
fn wide(first: u8, more: usize, keyboard: &mut dyn Read) -> Option<Key> {
    let mut bytes = vec![first];
    for _ in 0..more {
        bytes.push(byte(keyboard)?);
    }
    let c = std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next());
    Some(c.filter(|c| !c.is_control()).map_or(Key::Other, Key::Char))
}

/// `None` at the end: a terminal that cannot be read was closed.
fn byte(keyboard: &mut dyn Read) -> Option<u8> {
    let mut one = [0];
    keyboard.read_exact(&mut one).ok()?;
    one.first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer, and what is shown of it.
    fn typed(mut keys: &[u8]) -> (Result<String, String>, String) {
        let mut shown = String::new();
        let outcome = answer(&mut keys, |effect| {
            match effect {
                Effect::Typed(c) => shown.push(c),
                Effect::Erased(columns) => shown.push_str(&"<".repeat(columns)),
            }
            Ok(())
        });
        (outcome.map_err(|error| error.to_string()), shown)
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
            (b"a\x1b[A\x1b[1;5Cb\x1bOPc\x1bd\r", "abcd", "abcd"),
            (b"a\x01\xffb\r", "ab", "ab"),
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
            (b"ab\x1b", "nothing was entered"),
            (b"", "nothing was entered"),
        ] {
            assert_eq!(typed(keys).0, Err(error.to_owned()), "{keys:?}");
        }
    }
}
