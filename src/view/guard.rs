//! Bytes as received, on a terminal: what the terminal would obey is made visible on the way.

use crate::text::visible;
use std::io::{self, Write};

/// Passes text on with hidden characters made visible, line by line as they were; bytes that are no UTF-8 become `\xNN`.
pub struct Guard<W: Write> {
    out: W,
    /// The beginning of a character whose other bytes are still to come.
    cut: Vec<u8>,
}

impl<W: Write> Guard<W> {
    /// A guard before `out`.
    pub fn new(out: W) -> Guard<W> {
        Guard { out, cut: Vec::new() }
    }

    /// Ends the text: a character that is still cut is written byte by byte.
    pub fn finish(mut self) -> io::Result<()> {
        let cut = std::mem::take(&mut self.cut);
        write_bytes(&mut self.out, &cut)?;
        self.out.flush()
    }
}

impl<W: Write> Write for Guard<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut text = std::mem::take(&mut self.cut);
        text.extend_from_slice(bytes);
        let mut chunks = text.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            for line in chunk.valid().split_inclusive('\n') {
                let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
                write!(self.out, "{}{end}", visible(line))?;
            }
            // At the end it may be a character that the next bytes complete.
            if chunks.peek().is_none() && is_beginning(chunk.invalid()) {
                self.cut = chunk.invalid().to_vec();
            } else {
                write_bytes(&mut self.out, chunk.invalid())?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Whether more bytes can make a character of these.
fn is_beginning(bytes: &[u8]) -> bool {
    matches!(std::str::from_utf8(bytes), Err(error) if error.error_len().is_none())
}

fn write_bytes(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    bytes.iter().try_for_each(|byte| write!(out, "\\x{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guarded(parts: &[&[u8]]) -> String {
        let mut out = Vec::new();
        let mut guard = Guard::new(&mut out);
        parts.iter().for_each(|part| guard.write_all(part).unwrap());
        guard.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_stay_and_escapes_show() {
        assert_eq!(guarded(&[b"a 1\n# HELP a \x1b[2J\nb 2"]), "a 1\n# HELP a \\x1b[2J\nb 2");
        assert_eq!(guarded(&["é\u{202e}\u{9b}".as_bytes()]), "é\\u{202e}\\x9b");
        assert_eq!(guarded(&[b"\xff\xfeok\xc3"]), "\\xff\\xfeok\\xc3");
    }

    #[test]
    fn characters_may_come_in_parts() {
        let text = "部署\u{202e}🚀\n";
        let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        assert_eq!(guarded(&bytes), "部署\\u{202e}🚀\n");
    }
}
