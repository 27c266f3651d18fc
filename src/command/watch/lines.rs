//! Ticks that are written one after the other: tables, or an object a line. Nothing in them moves a cursor.

use super::event_loop::Frontend;
use crate::console::{self, Console};
use crate::source::{self, Failure, Warning};
use crate::view::Presentation;
use crate::view::live::Scene;
use crate::view::watch::TickWriter;
use std::io::{self, Write};

/// Writes every tick to stdout, and what went wrong to stderr, each thing once as long as it lasts.
pub(super) struct Lines {
    write: TickWriter,
    settings: Presentation,
    console: Console,
    /// As of the tick before.
    failures: Vec<Failure>,
    warnings: Vec<Warning>,
}

impl Lines {
    pub(super) fn new(write: TickWriter, settings: Presentation, console: Console) -> Lines {
        Lines { write, settings, console, failures: Vec::new(), warnings: Vec::new() }
    }
}

impl Frontend for Lines {
    fn show(&mut self, scene: &Scene<'_>) -> io::Result<()> {
        let mut out = console::stdout();
        (self.write)(scene.watch, &self.settings, &mut out)?;
        out.flush()?;
        let now = &scene.watch.answer;
        let failures: Vec<Failure> = now.failures.iter().filter(|one| !self.failures.contains(one)).cloned().collect();
        let warnings: Vec<Warning> = now.warnings.iter().filter(|one| !self.warnings.contains(one)).cloned().collect();
        source::tell(&self.console, &failures, &warnings);
        let name = |failure: &Failure| failure.profile.clone().or_else(|| failure.endpoint.clone());
        for failure in self.failures.iter().filter(|one| !now.failures.contains(one)) {
            let whose = name(failure);
            let is_mended = now.failures.iter().all(|one| name(one) != whose);
            if let Some(whose) = whose.filter(|_| is_mended) {
                self.console.remark(&format!("{whose}: answers again"));
            }
        }
        self.failures.clone_from(&now.failures);
        self.warnings.clone_from(&now.warnings);
        Ok(())
    }
}
