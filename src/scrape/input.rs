//! Saved scrapes: files and standard input, also compressed with gzip.

use super::body::{Scrape, decompressed, read_whole};
use super::error::{Error, ScrapeError, io_reason};
use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::time::Instant;

/// Where a saved scrape is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    File(PathBuf),
    Stdin,
}

impl From<&OsStr> for Input {
    /// `-` is standard input.
    fn from(name: &OsStr) -> Input {
        if name == "-" { Input::Stdin } else { Input::File(name.into()) }
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Input::File(path) => f.write_str(&crate::text::visible(&path.to_string_lossy())),
            Input::Stdin => f.write_str("standard input"),
        }
    }
}

impl Input {
    /// Lets `read` take the contents in, no more than `max_body` bytes of them once decompressed. They count as scraped when
    /// the file was last written; from standard input, now.
    ///
    /// # Errors
    /// What cannot be read, is truncated or too large; what `read` refuses.
    pub fn scrape<T, E>(
        &self,
        max_body: u64,
        mut read: impl FnMut(&mut dyn Read) -> Result<T, E>,
    ) -> Result<Scrape<T>, ScrapeError<E>> {
        let started = Instant::now();
        let (source, scraped_at) = self.open().map_err(|error| self.unreadable(&error))?;
        let plain = decompressed(source).map_err(|error| self.unreadable(&error))?;
        let name = self.to_string();
        let failed = |error: io::Error, received| match error.kind() {
            // The decoder's complaints; those of files have other kinds.
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                Error::gzip(&name, received, &error)
            }
            _ => self.unreadable(&error),
        };
        let value = read_whole(&name, plain, max_body, failed, &mut read)?;
        Ok(Scrape { url: name, scraped_at, started, duration: started.elapsed(), value })
    }

    fn open(&self) -> io::Result<(Box<dyn Read>, jiff::Timestamp)> {
        let now = jiff::Timestamp::now();
        match self {
            Input::Stdin => Ok((Box::new(io::stdin().lock()), now)),
            Input::File(path) => {
                let file = File::open(path)?;
                let about = file.metadata()?;
                if about.is_dir() {
                    return Err(io::ErrorKind::IsADirectory.into());
                }
                let written = about.modified().ok().and_then(|time| jiff::Timestamp::try_from(time).ok());
                Ok((Box::new(file), written.unwrap_or(now)))
            }
        }
    }

    fn unreadable(&self, error: &io::Error) -> Error {
        Error::Input { name: self.to_string(), reason: io_reason(error) }
    }
}
