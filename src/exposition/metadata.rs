//! What may come once: a HELP and a TYPE for each metric name, the TYPE before its samples.
//!
//! The specification says so, and Go's expfmt refuses the rest; Prometheus' server does not look.

use super::cursor::excerpt;
use hashbrown::HashMap;

/// The metric names met so far, and what was said of each.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    names: HashMap<String, Said>,
    /// The name of the last sample: most samples have the name of the one before.
    last: String,
}

#[derive(Debug, Default, Clone, Copy)]
struct Said {
    help: bool,
    kind: bool,
    sample: bool,
}

impl Metadata {
    /// Notes a HELP line; an error says why it must not come.
    pub fn help(&mut self, name: &str) -> Result<(), String> {
        let said = self.said(name);
        if std::mem::replace(&mut said.help, true) {
            return Err(format!("a second HELP line for {}", excerpt(name)));
        }
        Ok(())
    }

    /// Notes a TYPE line; an error says why it must not come.
    pub fn type_(&mut self, name: &str) -> Result<(), String> {
        let said = self.said(name);
        if std::mem::replace(&mut said.kind, true) {
            return Err(format!("a second TYPE line for {}", excerpt(name)));
        }
        if said.sample {
            return Err(format!("the TYPE line for {} comes after a sample of it", excerpt(name)));
        }
        Ok(())
    }

    /// Notes a sample.
    pub fn sample(&mut self, name: &str) {
        if self.last == name {
            return;
        }
        self.said(name).sample = true;
        self.last.clear();
        self.last.push_str(name);
    }

    fn said(&mut self, name: &str) -> &mut Said {
        self.names.entry_ref(name).or_default()
    }
}
