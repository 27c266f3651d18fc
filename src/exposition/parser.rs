//! The pull parser: whole lines out of whatever pieces the reader gives.

use super::cursor::Fault;
use super::error::{ReadError, SyntaxError};
use super::escape::Text;
use super::event::{Event, Labels, Sample};
use super::labels::Pair;
use super::line::{self, Kind};
use super::metadata::Metadata;
use super::sample::{self, Before, SampleLine};
use std::io::{ErrorKind, Read};
use std::ops::Range;

/// The longest line that is read, in bytes. A line is all that the parser holds.
const MAX_LINE: usize = 16 * 1024 * 1024;

/// How many times its own size a body may take in memory, and how many bytes in any case.
const TIMES: usize = 3;
const FREE: usize = 64 * 1024 * 1024;

/// How much is asked of the reader at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// Reads the text format from `R`, one [`Event`] at a time.
pub struct Parser<R> {
    reader: R,
    /// What has been read and not yet parsed stands at `at..filled`, then comes room.
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    /// Up to here there is no line feed after `at`.
    searched: usize,
    input: Input,
    /// The number of the line in hand.
    line: u64,
    /// Where the last sample line stands in `buffer`, while it is there, and its name in it.
    before: (Range<usize>, Text),
    /// The labels of the last sample line.
    labels: Vec<Pair>,
    metadata: Metadata,
    /// How many bytes have been read.
    read: usize,
}

/// What is still to come from the reader.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Input {
    More,
    /// Everything is in `buffer`.
    End,
    /// An error was given out.
    Failed,
}

impl<R: Read> Parser<R> {
    /// A parser at the beginning of what `reader` gives.
    pub fn new(reader: R) -> Parser<R> {
        Parser {
            reader,
            buffer: vec![0; CHUNK],
            at: 0,
            filled: 0,
            searched: 0,
            input: Input::More,
            line: 0,
            before: (0..0, Text::plain(0, 0)),
            labels: Vec::new(),
            metadata: Metadata::default(),
            read: 0,
        }
    }

    /// Says how many bytes of memory are held of what was read so far, beside what the parser itself holds.
    ///
    /// # Errors
    /// They are more than `TIMES` what was read and `FREE` bytes: bodies that are made to be dear end here, and the parser with
    /// them. A body of many metrics, rules or deployments with the names that servers give them takes a fraction of its own size.
    pub fn hold(&mut self, bytes: usize) -> Result<(), ReadError> {
        if bytes.saturating_add(self.metadata.size()) <= FREE.saturating_add(self.read.saturating_mul(TIMES)) {
            return Ok(());
        }
        self.input = Input::Failed;
        let reason = "up to here the answer takes more than three times its size in memory: \
            it is made of a great many very short samples, and is no answer of a deployment";
        Err(syntax_error(self.line, b"", Fault::new(0, reason)))
    }

    /// The next event, `None` at the end of the input. Not an `Iterator`: an event borrows from the parser.
    ///
    /// # Errors
    /// The first malformed line, or the reader's own failure; the parser gives nothing after either.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Option<Event<'_>>, ReadError> {
        if self.input == Input::Failed {
            return Ok(None);
        }
        let (place, kind) = loop {
            let Some(place) = self.next_line()? else { return Ok(None) };
            match line::classify(&self.buffer[place.clone()]) {
                // A comment has to be UTF-8 too.
                Kind::Nothing if std::str::from_utf8(&self.buffer[place.clone()]).is_ok() => {}
                kind => break (place, kind),
            }
        };
        let bytes = &self.buffer[place.clone()];
        let before = Before { line: &self.buffer[self.before.0.clone()], name: self.before.1 };
        let number = self.line;
        let event = utf8(bytes).and_then(|line| match kind {
            Kind::Help(keyword) => help(line, keyword, &mut self.metadata),
            Kind::Type(keyword) => type_(line, keyword, &mut self.metadata),
            Kind::Nothing => unreachable!("all but malformed ones are passed over"),
            Kind::Sample => {
                let SampleLine { name, value, timestamp_ms, same } = sample::sample(line, before, &mut self.labels)?;
                self.before = (place, name);
                let text = name.read(line);
                // The name of the sample before is known already.
                if !same.name {
                    self.metadata.sample(&text).map_err(|reason| Fault::new(name.start(), reason))?;
                }
                let labels = Labels { line, pairs: &self.labels, same };
                Ok(Event::Sample(Sample { name: text, labels, value, timestamp_ms, line: number }))
            }
        });
        event.map(Some).map_err(|fault| {
            self.input = Input::Failed;
            syntax_error(number, bytes, fault)
        })
    }

    /// Where the next line stands in the buffer, without its line feed.
    fn next_line(&mut self) -> Result<Option<Range<usize>>, ReadError> {
        loop {
            let rest = self.buffer.get(self.searched..self.filled).unwrap_or_default();
            if let Some(length) = memchr::memchr(b'\n', rest) {
                let place = self.at..self.searched + length;
                self.at = place.end + 1;
                self.searched = self.at;
                self.line += 1;
                return Ok(Some(place));
            }
            self.searched = self.filled;
            let rest = self.buffer.get(self.at..self.filled).unwrap_or_default();
            let (at, reason) = match self.input {
                Input::More if rest.len() > MAX_LINE => {
                    (0, format!("the line is longer than {} MiB", MAX_LINE / (1024 * 1024)))
                }
                Input::More => {
                    if let Err(error) = self.fill() {
                        self.input = Input::Failed;
                        return Err(error.into());
                    }
                    continue;
                }
                Input::Failed => return Ok(None),
                Input::End if rest.iter().all(|byte| matches!(byte, b' ' | b'\t')) => return Ok(None),
                Input::End => {
                    (rest.len(), "the input ends inside this line, without a line feed: it may be truncated".to_owned())
                }
            };
            self.input = Input::Failed;
            return Err(syntax_error(self.line + 1, b"", Fault::new(at, reason)));
        }
    }

    /// Reads once, after what is there of a line.
    fn fill(&mut self) -> std::io::Result<()> {
        self.buffer.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        self.searched = self.filled;
        (self.at, self.before.0) = (0, 0..0);
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.filled * 2, 0);
        }
        let room = self.buffer.get_mut(self.filled..).unwrap_or_default();
        let count = loop {
            match self.reader.read(room) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        if count == 0 {
            self.input = Input::End;
        }
        self.filled = self.buffer.len().min(self.filled + count);
        self.read = self.read.saturating_add(count);
        Ok(())
    }
}

// A line at a time: a vectorized check (simdutf8) was measured and brought three parts in a hundred.
fn utf8(line: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(line).map_err(|error| Fault::new(error.valid_up_to(), "this byte is not UTF-8"))
}

fn help<'a>(line: &'a str, keyword: usize, metadata: &mut Metadata) -> Result<Event<'a>, Fault> {
    let (name, text) = line::help(line, keyword)?;
    let family = name.read(line);
    metadata.help(&family).map_err(|reason| Fault::new(name.start(), reason))?;
    Ok(Event::Help { family, text: text.read(line) })
}

fn type_<'a>(line: &'a str, keyword: usize, metadata: &mut Metadata) -> Result<Event<'a>, Fault> {
    let (name, kind) = line::type_(line, keyword)?;
    let family = name.read(line);
    metadata.type_(&family).map_err(|reason| Fault::new(name.start(), reason))?;
    Ok(Event::Type { family, kind })
}

#[cold]
fn syntax_error(line: u64, bytes: &[u8], fault: Fault) -> ReadError {
    let (at, mut reason) = fault.into_parts();
    if bytes.ends_with(b"\r") {
        reason.push_str(" (the line ends in a carriage return; the text format ends lines with a line feed alone)");
    }
    SyntaxError { line, column: at as u64 + 1, reason }.into()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Every event as a line of text, and the error that ended them.
    pub(in crate::exposition) fn events(input: impl Read) -> (Vec<String>, Option<String>) {
        let mut parser = Parser::new(input);
        let mut events = Vec::new();
        loop {
            match parser.next() {
                Ok(Some(Event::Help { family, text })) => events.push(format!("help {family} {text}")),
                Ok(Some(Event::Type { family, kind })) => events.push(format!("type {family} {}", kind.as_str())),
                Ok(Some(Event::Sample(Sample { name, labels, value, timestamp_ms, .. }))) => {
                    let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
                    let timestamp = timestamp_ms.map_or(String::new(), |timestamp| format!(" {timestamp}"));
                    events.push(format!("{name} {} {value}{timestamp}", labels.join("|")));
                }
                Ok(None) => return (events, None),
                Err(error) => {
                    assert!(matches!(parser.next(), Ok(None)), "nothing follows an error");
                    return (events, Some(error.to_string()));
                }
            }
        }
    }

    #[test]
    fn a_body_is_its_lines() {
        let body =
            b"# HELP a It's \\\"a\\\"\\n.\n# TYPE a gauge\n\n  \t\na{b=\"\\\\\"} 1\n#comment\n{\"x y\"} 2\n# EOF\n \t";
        let expected = ["help a It's \"a\"\n.", "type a gauge", "a b=\\ 1", "x y  2"];
        assert_eq!(events(&body[..]), (expected.map(str::to_owned).to_vec(), None));
        assert_eq!(events(&b""[..]), (vec![], None));
    }

    #[test]
    fn malformed_bodies_are_named_by_line_and_column() {
        let cases: &[(&[u8], &str)] = &[
            (b"a 1\n\nb{\n", "line 3, column 3: expected a label name or '}', found the end of the line"),
            (
                b"a 1\nb 2",
                "line 2, column 4: the input ends inside this line, without a line feed: it may be truncated",
            ),
            (
                b"a 1\n# b",
                "line 2, column 4: the input ends inside this line, without a line feed: it may be truncated",
            ),
            (b"a 1\nb{c=\"\xff\"} 1\n", "line 2, column 6: this byte is not UTF-8"),
            (b"# \xc3\xc3\n", "line 1, column 3: this byte is not UTF-8"),
            (b"# \xc3", "line 1, column 4: the input ends inside this line, without a line feed: it may be truncated"),
            (
                b"a 1\r\n",
                "line 1, column 3: expected a number as the sample's value, found '1\\r' (the line ends in a carriage return; the text format ends lines with a line feed alone)",
            ),
            (b"# HELP a b\n# HELP a b\n", "line 2, column 8: a second HELP line for 'a'"),
            (b"# TYPE a gauge\n# TYPE a gauge\n", "line 2, column 8: a second TYPE line for 'a'"),
            (b"a 1\nb 1\n# TYPE a gauge\n", "line 3, column 8: the TYPE line for 'a' comes after a sample of it"),
        ];
        for (body, error) in cases {
            assert_eq!(events(*body).1.as_deref(), Some(*error), "{}", body.escape_ascii());
        }
    }

    #[test]
    fn metadata_may_come_in_either_order_and_help_after_samples() {
        let body =
            b"# TYPE a gauge\n# HELP a b\n# HELP c d\n# TYPE c gauge\ne 1\n# HELP e f\na_sum 1\n# TYPE a_s gauge\n";
        let (_, error) = events(&body[..]);
        assert_eq!(error, None);
    }

    #[test]
    fn a_line_may_be_long_but_not_endless() {
        let long = format!("a{{b=\"{}\"}} 1\nb 2\n", "x".repeat(300_000));
        assert_eq!(events(long.as_bytes()).0.len(), 2);
        let mut parser = Parser::new(std::io::repeat(b'x'));
        let error = parser.next().unwrap_err().to_string();
        assert_eq!(error, "line 1, column 1: the line is longer than 16 MiB");
    }

    #[test]
    fn the_readers_failure_is_handed_on() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(ErrorKind::ConnectionReset.into())
            }
        }
        let mut parser = Parser::new((&b"a 1\nb "[..]).chain(Broken));
        assert!(matches!(parser.next(), Ok(Some(_))));
        assert!(matches!(parser.next(), Err(ReadError::Io(error)) if error.kind() == ErrorKind::ConnectionReset));
        assert!(matches!(parser.next(), Ok(None)));
    }
}
