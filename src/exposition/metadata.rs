//! What may come once: a HELP and a TYPE for each metric name, the TYPE before its samples.
//!
//! The specification says so, and Go's expfmt refuses the rest; Prometheus' server does not look.

use super::cursor::excerpt;
use super::strings::{Id, Strings};

/// The metric names met so far, and what was said of each.
#[derive(Default)]
pub(super) struct Metadata {
    names: Strings,
    /// By the number of the name.
    said: Vec<Said>,
    /// The name of the last line: most lines have the name of the one before.
    last: Option<Id>,
}

#[derive(Default, Clone, Copy)]
struct Said {
    help: bool,
    kind: bool,
    sample: bool,
}

impl Metadata {
    /// Notes a HELP line; an error says why it must not come.
    pub fn help(&mut self, name: &str) -> Result<(), String> {
        let said = self.said(name)?;
        if std::mem::replace(&mut said.help, true) {
            return Err(format!("a second HELP line for {}", excerpt(name)));
        }
        Ok(())
    }

    /// Notes a TYPE line; an error says why it must not come.
    pub fn type_(&mut self, name: &str) -> Result<(), String> {
        let said = self.said(name)?;
        if std::mem::replace(&mut said.kind, true) {
            return Err(format!("a second TYPE line for {}", excerpt(name)));
        }
        if said.sample {
            return Err(format!("the TYPE line for {} comes after a sample of it", excerpt(name)));
        }
        Ok(())
    }

    /// Notes a sample.
    pub fn sample(&mut self, name: &str) -> Result<(), String> {
        self.said(name)?.sample = true;
        Ok(())
    }

    fn said(&mut self, name: &str) -> Result<&mut Said, String> {
        let full = || "more than 4 GiB of metric names".to_owned();
        let id = match self.last.filter(|last| self.names.get(*last) == name) {
            Some(id) => id,
            None => self.names.intern(name).ok_or_else(full)?,
        };
        self.last = Some(id);
        if self.said.len() <= id as usize {
            self.said.resize(id as usize + 1, Said::default());
        }
        self.said.get_mut(id as usize).ok_or_else(full)
    }
}
