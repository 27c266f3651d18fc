//! What may come once: a HELP and a TYPE for each metric name, the TYPE before its samples.
//!
//! The specification says so, and Go's expfmt refuses the rest; Prometheus' server does not look.

use super::cursor::excerpt;
use super::strings::{Id, Strings};

/// The metric names met so far, and which lines they came in.
#[derive(Default)]
pub(super) struct Metadata {
    names: Strings,
    /// By the number of the name.
    seen: Vec<Seen>,
    /// The name of the last line: most lines have the name of the one before.
    last: Option<Id>,
}

#[derive(Default, Clone, Copy)]
struct Seen {
    help: bool,
    kind: bool,
    sample: bool,
}

impl Metadata {
    /// Notes a HELP line; an error says why it must not come.
    pub(super) fn help(&mut self, name: &str) -> Result<(), String> {
        let seen = self.seen(name)?;
        if std::mem::replace(&mut seen.help, true) {
            return Err(format!("a second HELP line for {}", excerpt(name)));
        }
        Ok(())
    }

    /// Notes a TYPE line; an error says why it must not come.
    pub(super) fn type_(&mut self, name: &str) -> Result<(), String> {
        let seen = self.seen(name)?;
        if std::mem::replace(&mut seen.kind, true) {
            return Err(format!("a second TYPE line for {}", excerpt(name)));
        }
        if seen.sample {
            return Err(format!("the TYPE line for {} comes after a sample of it", excerpt(name)));
        }
        Ok(())
    }

    /// Notes a sample.
    pub(super) fn sample(&mut self, name: &str) -> Result<(), String> {
        self.seen(name)?.sample = true;
        Ok(())
    }

    /// How many bytes it holds, about.
    pub(super) fn size(&self) -> usize {
        self.names.size() + self.seen.len() * size_of::<Seen>()
    }

    fn seen(&mut self, name: &str) -> Result<&mut Seen, String> {
        let full = || "more than 4 GiB of metric names".to_owned();
        let id = match self.last.filter(|last| self.names.get(*last) == name) {
            Some(id) => id,
            None => self.names.intern(name).ok_or_else(full)?,
        };
        self.last = Some(id);
        if self.seen.len() <= id as usize {
            self.seen.resize(id as usize + 1, Seen::default());
        }
        self.seen.get_mut(id as usize).ok_or_else(full)
    }
}
