//! The pull parser.

use super::{Event, ReadError};
use std::io::Read;

/// Reads the text format from `R`, one [`Event`] at a time.
pub struct Parser<R> {
    reader: R,
}

impl<R: Read> Parser<R> {
    /// A parser at the beginning of what `reader` gives.
    pub fn new(reader: R) -> Parser<R> {
        Parser { reader }
    }

    /// The next event, `None` at the end of the input. Not an `Iterator`: an event borrows from the parser.
    ///
    /// # Errors
    /// The first malformed line, or the reader's own failure; the parser gives nothing after either.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Option<Event<'_>>, ReadError> {
        let _ = &mut self.reader;
        unimplemented!()
    }
}
