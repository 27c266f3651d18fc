//! Samples that came more than once.

/// How many duplicate series are named one by one; the rest is counted.
const NAMED: usize = 10;

/// Duplicate series as they are met: a few by name, the rest by number, so that a hostile body costs no memory.
#[derive(Debug, Default)]
pub(super) struct Duplicates {
    named: Vec<String>,
    more: u64,
}

impl Duplicates {
    /// Takes note of one; `series` is asked for its text only while they are named.
    pub(super) fn add(&mut self, series: impl FnOnce() -> String) {
        if self.named.len() < NAMED {
            self.named.push(series());
        } else {
            self.more += 1;
        }
    }

    /// Takes over what another has met.
    pub(super) fn append(&mut self, other: Duplicates) {
        other.named.into_iter().for_each(|series| self.add(|| series));
        self.more += other.more;
    }

    /// A sentence for each that is named, and one for the rest.
    pub(super) fn into_warnings(self) -> Vec<String> {
        let one = |series| format!("{series} came more than once: the first value counts");
        let rest = (self.more > 0)
            .then(|| format!("{} more samples repeat a series that came before: the first value counts", self.more));
        self.named.into_iter().map(one).chain(rest).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_named_and_the_rest_is_counted() {
        let mut duplicates = Duplicates::default();
        (0..12).for_each(|n| duplicates.add(|| format!("x{n}")));
        let mut more = Duplicates::default();
        (0..12).for_each(|n| more.add(|| format!("y{n}")));
        duplicates.append(more);
        let warnings = duplicates.into_warnings();
        assert_eq!(warnings.len(), 11);
        assert_eq!(warnings[0], "x0 came more than once: the first value counts");
        assert!(warnings[10].starts_with("14 more samples"), "{:?}", warnings[10]);
    }
}
