//! Each distinct text once, in one allocation, known by a number.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// The number of a text in a [`Strings`].
pub(super) type Id = u32;

/// The texts, by number and by content.
pub(super) struct Strings {
    text: String,
    /// Where each text begins in `text`, and where the last one ends.
    bounds: Vec<u32>,
    by_content: HashTable<Id>,
    hasher: DefaultHashBuilder,
}

impl Default for Strings {
    fn default() -> Strings {
        // Room for the names of an ordinary body: growing costs more than they do.
        let by_content = HashTable::with_capacity(448);
        Strings { text: String::new(), bounds: vec![0], by_content, hasher: DefaultHashBuilder::default() }
    }
}

impl Strings {
    /// The number of `text`, a new one if need be. `None` where 4 GiB of texts are held already.
    pub(super) fn intern(&mut self, text: &str) -> Option<Id> {
        let Strings { text: all, bounds, by_content, hasher } = self;
        let hash = hasher.hash_one(text);
        if let Some(id) = by_content.find(hash, |id| slice(all, bounds, *id) == text) {
            return Some(*id);
        }
        let end = u32::try_from(all.len() + text.len()).ok()?;
        let id = Id::try_from(bounds.len() - 1).ok()?;
        all.push_str(text);
        bounds.push(end);
        by_content.insert_unique(hash, id, |id| hasher.hash_one(slice(all, bounds, *id)));
        Some(id)
    }

    /// How many bytes it holds, about: while a table grows the one before is there too.
    pub(super) fn size(&self) -> usize {
        self.text.len() + self.bounds.len() * (size_of::<u32>() + 2 * (size_of::<Id>() + 1))
    }

    /// The text numbered `id`.
    #[inline]
    pub(super) fn get(&self, id: Id) -> &str {
        slice(&self.text, &self.bounds, id)
    }
}

#[inline]
fn slice<'a>(text: &'a str, bounds: &[u32], id: Id) -> &'a str {
    let id = id as usize;
    &text[bounds[id] as usize..bounds[id + 1] as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_held_once() {
        let mut strings = Strings::default();
        let words = ["", "a", "ü", "a\u{0}", "a"];
        let ids: Vec<Id> = words.iter().map(|word| strings.intern(word).unwrap()).collect();
        assert_eq!(ids, [0, 1, 2, 3, 1]);
        for (id, word) in ids.iter().zip(words) {
            assert_eq!(strings.get(*id), word);
        }
        assert_eq!(strings.text, "aüa\u{0}");
    }
}
