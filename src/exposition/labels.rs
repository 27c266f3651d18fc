//! The label set of a sample line, read beside that of the sample line before.
//!
//! Lines of one family differ in little: a label's value here, the end of another there. A stretch that
//! is the same as in the line before, from the start of one label to the end of another, says the same
//! again and is taken over after one comparison.

use super::cursor::{Cursor, Fault, excerpt};
use super::escape::Text;
use std::collections::HashSet;

/// A label's name and value.
pub(super) type Pair = (Text, Text);

/// What a sample has in common with the sample before, for whoever wants to do less work.
/// What is not noticed counts as different.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Same {
    /// The metric's name.
    pub(super) name: bool,
    /// The labels' names, every one at its place.
    pub(super) keys: bool,
    /// A bit for each of the first 64 labels: name and value.
    pub(super) labels: u64,
}

/// The labels of one line while they are read.
pub(super) struct LabelSet<'a> {
    /// The line before; empty where it is not at hand.
    pub(super) before: &'a [u8],
    /// The labels read, `count` of them, and behind those the ones of the line before.
    pairs: &'a mut Vec<Pair>,
    count: usize,
    /// How many labels the line before has.
    old: usize,
    pub(super) same: Same,
}

/// The longest stretch that is compared at once, in bytes.
const STRETCH: usize = 1024;

/// What [`LabelSet::take_over`] leaves the cursor at.
enum At {
    /// Some label, or the end of the set.
    Label,
    /// The quote before the value of the label of this name.
    Value(Text),
    /// Behind the set.
    End,
}

impl<'a> LabelSet<'a> {
    /// `pairs` are the labels of the line `before`.
    pub(super) fn new(before: &'a [u8], pairs: &'a mut Vec<Pair>) -> LabelSet<'a> {
        let old = if before.is_empty() { 0 } else { pairs.len() };
        LabelSet { before, pairs, count: 0, old, same: Same { name: false, keys: true, labels: 0 } }
    }

    /// Where the first label of the line before begins, if it has one.
    pub(super) fn first(&self) -> Option<usize> {
        self.pairs.first().filter(|_| self.old > 0).map(|(key, _)| self.start(*key))
    }

    /// There are no braces.
    pub(super) fn none(&mut self) {
        self.pairs.clear();
        self.same.keys = self.old == 0;
    }

    /// Reads everything after `{` up to and with `}`: labels, and the metric's name in quotes unless it came before.
    pub(super) fn read(&mut self, cursor: &mut Cursor<'_>, name: &mut Option<Text>) -> Result<(), Fault> {
        loop {
            cursor.skip_blanks();
            match self.take_over(cursor) {
                At::End => break,
                At::Value(key) => {
                    let value = cursor.quoted()?;
                    self.push((key, value));
                    cursor.skip_blanks();
                }
                At::Label => {
                    cursor.skip_blanks();
                    if cursor.peek() == Some(b'}') {
                        cursor.at += 1;
                        break;
                    }
                    self.entry(cursor, name)?;
                }
            }
            match cursor.peek() {
                Some(b',') => cursor.at += 1,
                Some(b'}') => {
                    cursor.at += 1;
                    break;
                }
                _ => return Err(cursor.unexpected("',' or '}'")),
            }
        }
        self.finish(cursor.line)
    }

    /// Reads a label, or the metric's name in quotes.
    fn entry(&mut self, cursor: &mut Cursor<'_>, name: &mut Option<Text>) -> Result<(), Fault> {
        let start = cursor.at;
        let quoted = cursor.peek() == Some(b'"');
        let key = if quoted {
            cursor.quoted_name()?
        } else {
            cursor.label_name().ok_or_else(|| cursor.unexpected("a label name or '}'"))?
        };
        cursor.skip_blanks();
        match cursor.peek() {
            Some(b'=') => {
                if key.len() == 8 && key.raw(cursor.line) == "__name__" {
                    let reason = "the label name \"__name__\" is reserved for the metric's name";
                    return Err(Fault::new(start, reason));
                }
                cursor.at += 1;
                cursor.skip_blanks();
                if cursor.peek() != Some(b'"') {
                    return Err(cursor.unexpected("a quoted label value"));
                }
                let value = cursor.quoted()?;
                self.push((key, value));
                self.same.keys = false;
                cursor.skip_blanks();
            }
            Some(b',' | b'}') if quoted => {
                if name.is_some() {
                    return Err(Fault::new(start, "a second metric name"));
                }
                *name = Some(key);
            }
            _ => return Err(cursor.unexpected("'=' after the label name")),
        }
        Ok(())
    }

    /// Takes over the labels that stand here as they stand in the line before, and after them a label's name.
    #[inline]
    fn take_over(&mut self, cursor: &mut Cursor<'_>) -> At {
        let Some((first, _)) = self.ahead() else { return At::Label };
        let (here, there) = (cursor.at, self.start(first));
        let rest = cursor.line.as_bytes().get(here..).unwrap_or_default();
        // Only so far: a hostile line must not have its end compared at every label.
        let rest = rest.get(..STRETCH).unwrap_or(rest);
        let same = same_start(rest, self.before.get(there..).unwrap_or_default());
        while let Some((key, value)) = self.ahead() {
            let delimiter = value.end() + 1;
            let ends_set = match self.before.get(delimiter) {
                Some(b',') => false,
                Some(b'}') => true,
                _ => return At::Label,
            };
            let (key, value) = (key.moved(there, here), value.moved(there, here));
            if delimiter - there < same {
                if let Some(bit) = 1u64.checked_shl(self.count as u32) {
                    self.same.labels |= bit;
                }
                self.push((key, value));
                cursor.at = delimiter - there + here + 1;
                if ends_set {
                    return At::End;
                }
            } else if value.start() - here <= same {
                cursor.at = value.start() - 1;
                return At::Value(key);
            } else {
                return At::Label;
            }
        }
        At::Label
    }

    /// Where the label named `key` begins in the line before: at the name, or at the quote before it.
    fn start(&self, key: Text) -> usize {
        let before = key.start().saturating_sub(1);
        if self.before.get(before) == Some(&b'"') { before } else { key.start() }
    }

    /// The label of the line before that stands where the next one of this line will.
    fn ahead(&self) -> Option<Pair> {
        if self.count < self.old { self.pairs.get(self.count).copied() } else { None }
    }

    fn push(&mut self, pair: Pair) {
        match self.pairs.get_mut(self.count) {
            Some(place) => *place = pair,
            None => self.pairs.push(pair),
        }
        self.count += 1;
    }

    /// Refuses a label name that comes twice. Names that stand where they stood do not.
    fn finish(&mut self, line: &str) -> Result<(), Fault> {
        self.pairs.truncate(self.count);
        if self.same.keys {
            self.same.keys = self.count == self.old;
            return Ok(());
        }
        // Pairwise is fastest for the few labels that samples have; a set keeps a hostile line linear.
        let twice = if self.count <= 32 {
            let same = |one: &Text, other: &Text| one.len() == other.len() && one.raw(line) == other.raw(line);
            let comes_before = |at: usize, name: &Text| self.pairs.iter().take(at).any(|(other, _)| same(other, name));
            self.pairs.iter().enumerate().find(|(at, (name, _))| comes_before(*at, name)).map(|(_, label)| label)
        } else {
            let mut seen = HashSet::with_capacity(self.count);
            self.pairs.iter().find(|(name, _)| !seen.insert(name.raw(line)))
        };
        match twice {
            None => Ok(()),
            Some((name, _)) => {
                Err(Fault::new(name.start(), format!("the label name {} comes twice", excerpt(name.raw(line)))))
            }
        }
    }
}

/// How many bytes are the same from the start, or a few less.
#[inline]
fn same_start(one: &[u8], other: &[u8]) -> usize {
    let (many, others) = (one.as_chunks::<32>().0, other.as_chunks::<32>().0);
    let same = many.iter().zip(others).take_while(|(bytes, other)| bytes == other).count() * 32;
    let (one, other) = (one.get(same..).unwrap_or_default(), other.get(same..).unwrap_or_default());
    let (eights, others) = (one.as_chunks::<8>().0, other.as_chunks::<8>().0);
    for (index, (eight, other)) in eights.iter().zip(others).enumerate() {
        let differs = u64::from_le_bytes(*eight) ^ u64::from_le_bytes(*other);
        if differs != 0 {
            return same + index * 8 + differs.trailing_zeros() as usize / 8;
        }
    }
    same + eights.len().min(others.len()) * 8
}
