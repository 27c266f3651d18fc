//! Ticks that are written one after the other: tables, or an object a line. Nothing in them moves a cursor.

use super::follow::Followed;
use super::{Audience, Pace};
use crate::command::session::Console;
use crate::view::watch::TickWriter;
use crate::view::{Failure, Settings, Warning};
use std::io::Write;

/// Writes every tick to stdout, and what went wrong to stderr, each thing once as long as it lasts.
pub struct Lines {
    write: TickWriter,
    settings: Settings,
    console: Console,
    told: Vec<Failure>,
    warned: Vec<Warning>,
}

impl Lines {
    pub fn new(write: TickWriter, settings: Settings, console: Console) -> Lines {
        Lines { write, settings, console, told: Vec::new(), warned: Vec::new() }
    }
}

impl Audience for Lines {
    fn show(&mut self, followed: &Followed, _pace: &Pace<'_>) -> std::io::Result<()> {
        let mut out = crate::command::stdout();
        (self.write)(&followed.shown, &self.settings, &mut out)?;
        out.flush()?;
        let answer = &followed.shown.answer;
        let new = |failure: &&Failure| !self.told.contains(failure);
        let failures: Vec<Failure> = answer.failures.iter().filter(new).cloned().collect();
        let new = |warning: &&Warning| !self.warned.contains(warning);
        let warnings: Vec<Warning> = answer.warnings.iter().filter(new).cloned().collect();
        self.console.tell(&failures, &warnings);
        for failure in self.told.iter().filter(|told| !answer.failures.contains(told)) {
            let whose = failure.profile.as_ref().or(failure.endpoint.as_ref());
            let is_gone = answer.failures.iter().all(|now| now.profile.as_ref().or(now.endpoint.as_ref()) != whose);
            if let Some(name) = whose.filter(|_| is_gone) {
                self.console.remark(&format!("{name}: answers again"));
            }
        }
        self.told.clone_from(&answer.failures);
        self.warned.clone_from(&answer.warnings);
        Ok(())
    }
}
