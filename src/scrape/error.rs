//! What can fail between asking and the last byte.

/// A failure of transport, of sign-in or of the answer's form, each naming what failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {}

/// Why a scrape gave nothing: it did not arrive, or its reader refused it.
#[derive(Debug)]
pub enum ScrapeError<E> {
    /// It did not arrive, or not whole.
    Transport(Error),
    /// It arrived as far as the reader went, and the reader refused it.
    Content(E),
}
