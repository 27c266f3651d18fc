//! A body, read as it arrives: to its end, and no further than its limit.

use super::error::{Error, ScrapeError};
use flate2::read::MultiGzDecoder;
use std::io::{self, Cursor, Read};
use std::time::{Duration, Instant};

/// What one scrape gave, and when.
#[derive(Debug)]
pub struct Scrape<T> {
    /// The address asked; for a saved scrape, its file's name.
    pub url: String,
    /// When the request that succeeded was sent; for a file, when it was last written.
    pub scraped_at: jiff::Timestamp,
    /// The same moment by a clock that nobody sets: the time between two scrapes is measured with it.
    pub started: Instant,
    /// From sending it to the last byte read.
    pub duration: Duration,
    pub value: T,
}

/// Hands `body` to `read`, then reads what that left, so that a body cut short never passes for a whole one. `what` names the
/// body; `failed` puts an error of `body` into words, told how many bytes had come.
pub(super) fn read_whole<T, E>(
    what: &str,
    body: impl Read,
    limit: u64,
    failed: impl Fn(io::Error, u64) -> Error,
    read: &mut dyn FnMut(&mut dyn Read) -> Result<T, E>,
) -> Result<T, ScrapeError<E>> {
    let mut body = Limited { what, body, limit, failed, received: 0, failure: None };
    let result = read(&mut body);
    if result.is_ok() {
        // What fails here is kept in `failure`.
        let _ = io::copy(&mut body, &mut io::sink());
    }
    match body.failure {
        Some(failure) => Err(failure.into()),
        None => result.map_err(ScrapeError::Content),
    }
}

/// Counts what is read, and keeps the failure that ended it: the reader's own error type may lose it.
struct Limited<'a, R, F> {
    what: &'a str,
    body: R,
    limit: u64,
    failed: F,
    received: u64,
    failure: Option<Error>,
}

impl<R: Read, F: Fn(io::Error, u64) -> Error> Read for Limited<'_, R, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.failure.is_some() {
            return Err(io::Error::other("the body ended in a failure"));
        }
        // One byte more than allowed tells a body at its limit from one beyond it.
        let allowed = usize::try_from((self.limit - self.received).saturating_add(1)).unwrap_or(usize::MAX);
        let room = buffer.len().min(allowed);
        let count = match self.body.read(buffer.get_mut(..room).unwrap_or_default()) {
            Ok(count) => count as u64,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                let shown = io::Error::new(error.kind(), error.to_string());
                self.failure = Some((self.failed)(error, self.received));
                return Err(shown);
            }
        };
        if self.received + count > self.limit {
            self.failure = Some(Error::TooLarge { what: self.what.to_owned(), limit: self.limit });
            return Err(io::Error::other(format!("the body is larger than {} bytes", self.limit)));
        }
        self.received += count;
        Ok(count as usize)
    }
}

/// What `source` holds, decompressed if it begins as gzip does (RFC 1952, section 2.3.1).
pub(super) fn decompressed<'a>(mut source: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let mut first = Vec::new();
    source.by_ref().take(2).read_to_end(&mut first)?;
    let gzip = first == [0x1f, 0x8b];
    let whole = Cursor::new(first).chain(source);
    Ok(if gzip { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(body: &[u8], limit: u64, amount: u64) -> Result<String, ScrapeError<io::Error>> {
        read_whole("it", body, limit, |_, _| unreachable!("a slice does not fail"), &mut |reader| {
            let mut text = String::new();
            reader.take(amount).read_to_string(&mut text).map(|_| text)
        })
    }

    #[test]
    fn a_body_at_its_limit_is_whole() {
        assert!(matches!(read_text(b"four", 4, 99), Ok(text) if text == "four"));
        assert!(matches!(read_text(b"", 0, 99), Ok(text) if text.is_empty()));
    }

    #[test]
    fn a_body_beyond_its_limit_is_refused_wherever_its_reader_stopped() {
        for amount in [99, 4, 1, 0] {
            let result = read_text(b"five5", 4, amount);
            assert!(
                matches!(result, Err(ScrapeError::Transport(Error::TooLarge { limit: 4, .. }))),
                "{amount}: {result:?}"
            );
        }
    }

    #[test]
    fn a_failure_outranks_what_the_reader_made_of_it() {
        let failed =
            |_: io::Error, received| Error::Truncated { what: "it".to_owned(), received, reason: "cut".to_owned() };
        for swallow in [true, false] {
            let body = Read::chain(&b"12345"[..], Failing);
            let result = read_whole("it", body, 99, failed, &mut |reader| {
                let result = io::copy(reader, &mut io::sink());
                if swallow { Ok(0) } else { result }
            });
            assert!(matches!(result, Err(ScrapeError::Transport(Error::Truncated { received: 5, .. }))), "{result:?}");
        }
    }

    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
}
