//! Any bytes: no panic, and the same events whether they come at once or one by one.
#![no_main]

use emqstat::exposition::{Families, Parser};
use libfuzzer_sys::fuzz_target;
use std::io::Read;

fn events(input: impl Read) -> Vec<String> {
    let mut parser = Parser::new(input);
    let mut events = Vec::new();
    loop {
        match parser.next() {
            Ok(Some(event)) => events.push(format!("{event:?}")),
            Ok(None) => return events,
            Err(error) => events.push(error.to_string()),
        }
    }
}

/// Gives one byte at a time.
struct Drip<'a>(&'a [u8]);

impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        (&mut self.0).take(1).read(buffer)
    }
}

fuzz_target!(|body: &[u8]| {
    assert_eq!(events(body), events(Drip(body)));
    if let Ok(families) = Families::read(body) {
        for family in families.iter() {
            for sample in family.samples() {
                assert!(sample.labels().all(|(name, _)| !name.is_empty()));
            }
        }
        assert!(families.duplicates().iter().all(|duplicate| !duplicate.series.is_empty()));
    }
});
