//! What shows a long answer on a terminal, as git and gh have it.
//!
//! The first of these that is set says which program: `EMQSTAT_PAGER`, `pager` in `[defaults]` of the profile file, `PAGER`;
//! else `less`, which is told by `LESS` to end by itself where all of it fits, to show colours and to leave what it showed on
//! the screen (`FRX`). Empty or `cat` is none. The text is a command line for `sh -c`, as POSIX has it of `PAGER`
//! (<https://pubs.opengroup.org/onlinepubs/9799919799/utilities/man.html>).

use crate::signals::{self, SIGINT, SIGQUIT};
use std::io::{self, Write};
use std::process::{Command, Stdio};

/// A program that takes a text on its standard input and shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pager {
    command: String,
}

impl Pager {
    /// The one that is wanted; `said` holds what was set, the first that counts first.
    pub(crate) fn of(said: impl IntoIterator<Item = Option<String>>) -> Option<Pager> {
        let command = said.into_iter().flatten().next().unwrap_or_else(|| "less".to_owned());
        let is_one = !matches!(command.trim(), "" | "cat");
        is_one.then_some(Pager { command })
    }

    /// Shows `text` until whoever reads has had enough. Whether there is such a program.
    pub(crate) fn show(&self, text: &[u8]) -> io::Result<bool> {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(&self.command).stdin(Stdio::piped());
        for (name, value) in [("LESS", "FRX"), ("LV", "-c")] {
            if std::env::var_os(name).is_none() {
                shell.env(name, value);
            }
        }
        let mut child = match shell.spawn() {
            Ok(child) => child,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        // Ctrl-C is the pager's business; both are sent it.
        signals::on(&[SIGINT, SIGQUIT], |_| {})?;
        if let Some(mut stdin) = child.stdin.take() {
            match stdin.write_all(text) {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
                _ => {}
            }
        }
        let status = child.wait()?;
        // What a shell says where it cannot run a command (POSIX, 2.8.2).
        Ok(!matches!(status.code(), Some(126 | 127)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_is_set_counts_and_nothing_is_none() {
        let set = |text: &str| Some(text.to_owned());
        let command = |said: [Option<String>; 2]| Pager::of(said).map(|pager| pager.command);
        assert_eq!(command([None, None]), set("less"));
        assert_eq!(command([set("more -e"), set("less")]), set("more -e"));
        assert_eq!(command([None, set("most")]), set("most"));
        for none in ["", " ", "cat"] {
            assert_eq!(command([set(none), set("less")]), None);
        }
    }
}
