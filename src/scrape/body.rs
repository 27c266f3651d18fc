//! A body, taken in as it arrives, no further than its limit, to its end.

use super::{Error, ScrapeError};
use std::io::{self, Read};

/// Lets `read` take `body` in, then reads what it left, so that a body cut short never passes for a whole one.
/// `what` names the body; `broken` puts a failure of `body` into words; it is told how many bytes had come.
pub(super) fn take_in<T, E>(
    what: &str,
    body: impl Read,
    limit: u64,
    broken: impl FnOnce(io::Error, u64) -> Error,
    read: &mut dyn FnMut(&mut dyn Read) -> Result<T, E>,
) -> Result<T, ScrapeError<E>> {
    let mut body = Metered { body, limit, received: 0, stopped: None };
    let result = read(&mut body);
    if result.is_ok() {
        // What fails here is kept in `stopped`.
        let _ = io::copy(&mut body, &mut io::sink());
    }
    match body.stopped {
        Some(Stopped::TooLarge) => Err(Error::TooLarge { what: what.to_owned(), limit }.into()),
        Some(Stopped::Broken(error)) => Err(broken(error, body.received).into()),
        None => result.map_err(ScrapeError::Content),
    }
}

/// Counts what is read, and keeps the failure that ended it: the reader's own error type may lose it.
struct Metered<R> {
    body: R,
    limit: u64,
    received: u64,
    stopped: Option<Stopped>,
}

enum Stopped {
    TooLarge,
    Broken(io::Error),
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stopped.is_some() {
            return Err(io::Error::other("the body ended in a failure"));
        }
        // One byte more than allowed tells a body at its limit from one beyond it.
        let allowed = usize::try_from((self.limit - self.received).saturating_add(1)).unwrap_or(usize::MAX);
        let room = buffer.len().min(allowed);
        let count = match self.body.read(buffer.get_mut(..room).unwrap_or_default()) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                let shown = io::Error::new(error.kind(), error.to_string());
                self.stopped = Some(Stopped::Broken(error));
                return Err(shown);
            }
        };
        if self.received + count as u64 > self.limit {
            self.stopped = Some(Stopped::TooLarge);
            return Err(io::Error::other(format!("the body is larger than {} bytes", self.limit)));
        }
        self.received += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(body: &[u8], limit: u64, amount: u64) -> Result<String, ScrapeError<io::Error>> {
        take_in("it", body, limit, |_, _| unreachable!("a slice does not fail"), &mut |reader| {
            let mut text = String::new();
            reader.take(amount).read_to_string(&mut text).map(|_| text)
        })
    }

    #[test]
    fn a_body_at_its_limit_is_whole() {
        assert!(matches!(take(b"four", 4, 99), Ok(text) if text == "four"));
        assert!(matches!(take(b"", 0, 99), Ok(text) if text.is_empty()));
    }

    #[test]
    fn a_body_beyond_its_limit_is_refused_wherever_its_reader_stopped() {
        for amount in [99, 4, 1, 0] {
            let result = take(b"five5", 4, amount);
            assert!(
                matches!(result, Err(ScrapeError::Transport(Error::TooLarge { limit: 4, .. }))),
                "{amount}: {result:?}"
            );
        }
    }

    #[test]
    fn a_failure_outranks_what_the_reader_made_of_it() {
        let broken =
            |_: io::Error, received| Error::Truncated { what: "it".to_owned(), received, reason: "cut".to_owned() };
        for swallow in [true, false] {
            let body = Read::chain(&b"12345"[..], Failing);
            let result = take_in("it", body, 99, broken, &mut |reader| {
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
