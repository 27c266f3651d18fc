//! Keys, as a terminal sends them: bytes in, keys out.

/// A key that means something on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Char(char),
    /// With Ctrl held; in lower case.
    Ctrl(char),
    Enter,
    Escape,
    Tab,
    BackTab,
    Backspace,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Home,
    End,
}

/// Takes bytes apart into keys. What a terminal sends for one key may arrive in parts.
#[derive(Debug, Default)]
pub struct Keyboard {
    /// The beginning of a key whose other bytes are still to come.
    begun: Vec<u8>,
}

/// No key is longer; what is, is none.
const LONGEST: usize = 32;

impl Keyboard {
    /// The keys that are complete with these bytes.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Key> {
        self.begun.extend_from_slice(bytes);
        let mut keys = Vec::new();
        while !self.begun.is_empty() {
            let Some((length, key)) = first(&self.begun) else {
                if self.begun.len() > LONGEST {
                    self.begun.clear();
                }
                break;
            };
            self.begun.drain(..length);
            keys.extend(key);
        }
        keys
    }

    /// Whether an escape has come that may be a key by itself or the beginning of one.
    pub fn is_waiting(&self) -> bool {
        !self.begun.is_empty()
    }

    /// Nothing more has come for a while: an escape was a key by itself.
    pub fn settle(&mut self) -> Option<Key> {
        let begun = std::mem::take(&mut self.begun);
        (begun.first() == Some(&0x1b)).then_some(Key::Escape)
    }
}

/// The first key and its length; no key where the bytes mean nothing here. `None`: it is not complete.
fn first(bytes: &[u8]) -> Option<(usize, Option<Key>)> {
    let (&byte, rest) = bytes.split_first()?;
    Some(match byte {
        0x1b => return sequence(rest).map(|(length, key)| (length + 1, key)),
        b'\r' | b'\n' => (1, Some(Key::Enter)),
        b'\t' => (1, Some(Key::Tab)),
        0x7f | 0x08 => (1, Some(Key::Backspace)),
        0x01..=0x1a => (1, Some(Key::Ctrl(char::from(byte - 1 + b'a')))),
        0x00..=0x1f => (1, None),
        0x20..=0x7e => (1, Some(Key::Char(char::from(byte)))),
        _ => return character(bytes),
    })
}

/// What follows an escape (ECMA-48; the final bytes are those of xterm).
fn sequence(bytes: &[u8]) -> Option<(usize, Option<Key>)> {
    match bytes.split_first()? {
        (b'[', rest) => {
            let end = rest.iter().position(|byte| !(0x20..=0x3f).contains(byte))?;
            let parameters = rest.get(..end)?;
            let key = match (rest.get(end)?, parameters) {
                (b'~', b"1" | b"7") => Some(Key::Home),
                (b'~', b"4" | b"8") => Some(Key::End),
                (b'~', b"5") => Some(Key::PageUp),
                (b'~', b"6") => Some(Key::PageDown),
                (b'Z', _) => Some(Key::BackTab),
                (last, _) => arrow(*last),
            };
            Some((end + 2, key))
        }
        (b'O', rest) => Some((2, arrow(*rest.first()?))),
        // A key with Alt, which means nothing here; two escapes are one key and the beginning of another.
        (0x1b, _) => Some((0, Some(Key::Escape))),
        (_, _) => first(bytes).map(|(length, _)| (length, None)),
    }
}

fn arrow(last: u8) -> Option<Key> {
    Some(match last {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'H' => Key::Home,
        b'F' => Key::End,
        _ => return None,
    })
}

/// A character in UTF-8.
fn character(bytes: &[u8]) -> Option<(usize, Option<Key>)> {
    let chunk = bytes.utf8_chunks().next()?;
    if let Some(c) = chunk.valid().chars().next() {
        return Some((c.len_utf8(), (!c.is_control()).then_some(Key::Char(c))));
    }
    let is_cut = matches!(std::str::from_utf8(bytes), Err(error) if error.error_len().is_none());
    (!is_cut).then_some((chunk.invalid().len().max(1), None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_keys() {
        for (bytes, keys) in [
            (&b"q1/"[..], vec![Key::Char('q'), Key::Char('1'), Key::Char('/')]),
            (b"\x03\t\r\x7f", vec![Key::Ctrl('c'), Key::Tab, Key::Enter, Key::Backspace]),
            (
                b"\x1b[A\x1bOB\x1b[5~\x1b[6~\x1b[H\x1b[4~\x1b[Z",
                vec![Key::Up, Key::Down, Key::PageUp, Key::PageDown, Key::Home, Key::End, Key::BackTab],
            ),
            ("é漢".as_bytes(), vec![Key::Char('é'), Key::Char('漢')]),
            (b"\x1b[1;5Ca\x1bxb\xffc\x1b[200~", vec![Key::Right, Key::Char('a'), Key::Char('b'), Key::Char('c')]),
        ] {
            let mut keyboard = Keyboard::default();
            assert_eq!(keyboard.feed(bytes), keys, "{bytes:?}");
            assert!(!keyboard.is_waiting());
            let mut one_by_one = Keyboard::default();
            let fed: Vec<Key> = bytes.iter().flat_map(|byte| one_by_one.feed(&[*byte])).collect();
            assert_eq!(fed, keys, "{bytes:?}, byte by byte");
        }
    }

    #[test]
    fn an_escape_alone_is_a_key_once_nothing_follows() {
        let mut keyboard = Keyboard::default();
        assert_eq!(keyboard.feed(b"\x1b"), []);
        assert!(keyboard.is_waiting());
        assert_eq!(keyboard.settle(), Some(Key::Escape));
        assert_eq!(keyboard.feed(b"\x1b\x1b[A"), [Key::Escape, Key::Up]);
        assert_eq!(keyboard.settle(), None);
    }
}
