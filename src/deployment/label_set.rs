//! The labels of a series, in one allocation: a body may hold millions.

use std::fmt;

/// Names and values in the order received, without those that name the deployment.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelSet(
    /// Texts, each behind its length: seven bits a byte, the lowest first, the high bit where more follow. Nothing where there are none.
    Option<Box<[u8]>>,
);

impl LabelSet {
    /// No labels.
    pub(super) const NONE: LabelSet = LabelSet(None);

    /// Names and values, in the order received.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> + Clone + use<'_> {
        let mut rest = self.0.as_deref().unwrap_or_default();
        std::iter::from_fn(move || Some((take(&mut rest)?, take(&mut rest)?)))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// How many bytes they take.
    pub(super) fn size(&self) -> usize {
        self.0.as_ref().map_or(0, |bytes| bytes.len())
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for LabelSet {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(labels: I) -> LabelSet {
        let mut bytes = Vec::new();
        for (name, value) in labels {
            put(&mut bytes, name.as_ref());
            put(&mut bytes, value.as_ref());
        }
        LabelSet((!bytes.is_empty()).then(|| bytes.into()))
    }
}

impl fmt::Debug for LabelSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

fn put(bytes: &mut Vec<u8>, text: &str) {
    let mut length = text.len();
    while length > 0x7f {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend_from_slice(text.as_bytes());
}

/// The next text; `None` at the end.
fn take<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let mut length = 0;
    for shift in (0..usize::BITS).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    #[test]
    fn lengths_of_several_bytes_are_read() {
        for length in [0, 1, 127, 128, 16_383, 16_384, 3_000_000] {
            let value = "é".repeat(length / 2) + &"x".repeat(length % 2);
            let labels: LabelSet = [("name", value.as_str()), ("other", "")].into_iter().collect();
            assert_eq!(labels.iter().collect::<Vec<_>>(), [("name", value.as_str()), ("other", "")]);
        }
        assert!(LabelSet::default().is_empty() && LabelSet::default().iter().next().is_none());
    }

    proptest! {
        #[test]
        fn what_is_put_in_comes_out(labels in vec(any::<(String, String)>(), 0..6)) {
            let set: LabelSet = labels.iter().map(|(name, value)| (name, value)).collect();
            let expected: Vec<(&str, &str)> = labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), expected);
            prop_assert_eq!(set.is_empty(), labels.is_empty());
        }
    }
}
