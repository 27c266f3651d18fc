//! How a stream is written to.

use crate::style::Paint;

/// How wide a stream is, and whether it is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Columns of the terminal; `None` where the stream is no terminal: then nothing is wrapped, hidden or cut.
    pub width: Option<usize>,
    /// Lines of the terminal.
    pub height: usize,
    /// Whether everything is asked for, with nothing folded.
    pub verbose: bool,
    pub paint: Paint,
}

impl Screen {
    /// A pipe or a file: no width, no colour.
    pub const PLAIN: Screen = Screen { width: None, height: 24, verbose: false, paint: Paint { colored: false } };

    /// Whether what is well is folded.
    pub fn folds(&self) -> bool {
        self.is_terminal() && !self.verbose
    }

    /// Whether a person is taken to be looking.
    pub fn is_terminal(&self) -> bool {
        self.width.is_some()
    }
}
