//! The streams of the process: stdout for the answer, stderr for what is said beside it, a line each, its kind first.

use crate::files::WriteError;
use crate::style::{Paint, Role};
use crate::text::{cut_end, visible};
use std::cell::Cell;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// The answer's stream: locked and buffered. Flush it before the end to learn whether it was taken.
pub(crate) fn stdout() -> impl Write {
    io::BufWriter::with_capacity(64 * 1024, Stdout(io::stdout().lock()))
}

/// stdout, whose errors say that they are its.
struct Stdout(io::StdoutLock<'static>);

impl Write for Stdout {
    // By the system's call: the standard library takes a stdout that cannot be written to for one that takes everything.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        rustix::io::write(&self.0, bytes).map_err(|error| of_stdout(error.into()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(of_stdout)
    }
}

/// Whether stdout can be written to at all, for what others write.
///
/// # Errors
/// It cannot.
pub(crate) fn is_writable() -> io::Result<()> {
    Stdout(io::stdout().lock()).write(&[]).map(drop)
}

/// The same error, which names stdout.
pub(crate) fn of_stdout(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), WriteError { what: "stdout".to_owned(), source: error })
}

/// Writes the answer, to the end.
///
/// # Errors
/// stdout cannot be written.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = stdout();
    write(&mut out)?;
    out.flush()
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Error,
    /// What makes a verdict critical.
    Critical,
    /// What keeps a verdict from being reached.
    Unknown,
    /// What to do about the error above it.
    Hint,
    Warning,
    /// What is going on, for those who asked for it.
    Note,
}

impl Label {
    fn word(self) -> (&'static str, Role) {
        match self {
            Label::Error => ("error:", Role::Error),
            Label::Critical => ("critical:", Role::Error),
            Label::Unknown => ("unknown:", Role::Warning),
            Label::Hint => ("hint:", Role::Heading),
            Label::Warning => ("warning:", Role::Warning),
            Label::Note => ("note:", Role::Muted),
        }
    }
}

/// The process's stderr: how it is painted, and what it is spared.
#[derive(Debug, Clone, Copy)]
pub struct Console {
    pub paint: Paint,
    /// Nothing but errors.
    pub quiet: bool,
    /// Also what is done.
    pub verbose: bool,
}

impl Console {
    /// Something that failed, and what to do about it.
    pub fn error(&self, text: &str, hint: Option<&str>) {
        self.say(Label::Error, text);
        if let Some(hint) = hint {
            self.say(Label::Hint, hint);
        }
    }

    /// What makes a verdict critical.
    pub fn critical(&self, text: &str) {
        self.say(Label::Critical, text);
    }

    /// What keeps a verdict from being reached.
    pub fn unknown(&self, text: &str) {
        self.say(Label::Unknown, text);
    }

    /// Something odd; kept back by `--quiet`.
    pub fn warning(&self, text: &str) {
        if !self.quiet {
            self.say(Label::Warning, text);
        }
    }

    /// Something that must not go unsaid, `--quiet` or not.
    pub fn caution(&self, text: &str) {
        self.say(Label::Warning, text);
    }

    /// Something worth knowing that is neither odd nor wrong; kept back by `--quiet`.
    pub fn remark(&self, text: &str) {
        if !self.quiet {
            self.say(Label::Note, text);
        }
    }

    /// What is done, for those who asked for it with `--verbose`.
    pub fn note(&self, text: &str) {
        if self.verbose {
            self.say(Label::Note, text);
        }
    }

    /// A line for whoever waits at a terminal; nobody else, and not beside what `--verbose` says.
    pub fn waiting(&self) -> Option<Waiting> {
        let is_wanted = !self.quiet && !self.verbose && io::stderr().is_terminal();
        is_wanted.then(|| Waiting { since: Instant::now(), told: Cell::new(false) })
    }

    fn say(&self, label: Label, text: &str) {
        let mut line = Vec::new();
        // Writing to memory does not fail, and if stderr cannot be written nobody is left to tell.
        let _ = message(&mut line, self.paint, label, text);
        let _ = io::stderr().lock().write_all(&line);
    }
}

/// A line on stderr that is written over until it is dropped, and gone then.
#[derive(Debug)]
pub struct Waiting {
    since: Instant,
    told: Cell<bool>,
}

impl Waiting {
    /// When what takes longer is told of, and how often from then on.
    pub const AFTER: Duration = Duration::from_secs(1);
    pub const EVERY: Duration = Duration::from_millis(250);

    /// So many of all these have not answered yet, and these are the first of them.
    pub fn tell(&self, first: &[String], missing: usize, of: usize) {
        let mut names = first.join(", ");
        if missing > first.len() {
            names += &format!(" and {} more", missing - first.len());
        }
        let answered = if of > 1 { format!("{} of {of} have answered; ", of - missing) } else { String::new() };
        self.write(&format!("{answered}waiting for {names}, {} s", self.since.elapsed().as_secs()));
    }

    /// What it waits for instead.
    pub fn write(&self, text: &str) {
        let width = terminal_size::terminal_size_of(io::stderr()).map_or(80, |(width, _)| usize::from(width.0));
        // A line that is full may make the terminal begin another, which would stay.
        self.put(&format!("\r{}{ERASE_REST}", cut_end(&visible(text), width.saturating_sub(1))));
        self.told.set(true);
    }

    fn put(&self, text: &str) {
        // If stderr cannot be written nobody is left to tell.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.told.get() {
            self.put(&format!("\r{ERASE_REST}"));
        }
    }
}

/// Erases from the cursor to the end of the line (ECMA-48, EL).
const ERASE_REST: &str = "\x1b[K";

/// Writes `label: text` on one line; hidden characters in `text`, line ends included, are made visible.
fn message(out: &mut dyn Write, paint: Paint, label: Label, text: &str) -> io::Result<()> {
    let (word, role) = label.word();
    writeln!(out, "{} {}", paint.text(role, word), visible(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_that_no_server_can_break() {
        let mut out = Vec::new();
        message(&mut out, Paint { colored: false }, Label::Error, "prod: 'a\nhint: b\u{1b}[2J' refused").unwrap();
        message(&mut out, Paint { colored: true }, Label::Hint, "do this").unwrap();
        let expected = "error: prod: 'a\\nhint: b\\x1b[2J' refused\n\u{1b}[1mhint:\u{1b}[0m do this\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
