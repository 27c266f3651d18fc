//! What was odd about the samples that were read: a few of each kind are named, the rest is counted, so that a hostile body
//! costs neither memory nor a screen full of warnings.

use crate::text::shortened;
use std::collections::BTreeSet;

/// How many oddities of a kind are named one by one.
const NAMED: usize = 10;

/// The longest text that is named whole, in characters.
const LONGEST: usize = 300;

/// What was odd, by kind.
#[derive(Debug, Default)]
pub(super) struct Oddities {
    repeated: Named,
    contested: Named,
    unread: Named,
    values: Named,
    /// The labels that scraping added.
    added_labels: BTreeSet<&'static str>,
}

/// Some texts of a kind, and how many more there were.
#[derive(Debug, Default)]
struct Named {
    texts: Vec<String>,
    more: u64,
}

impl Named {
    fn add(&mut self, text: impl FnOnce() -> String) {
        if self.texts.len() < NAMED {
            let text = shortened(&text(), LONGEST).into_owned();
            if !self.texts.contains(&text) {
                self.texts.push(text);
            }
        } else {
            self.more += 1;
        }
    }

    fn append(&mut self, other: Named) {
        other.texts.into_iter().for_each(|text| self.add(|| text));
        self.more += other.more;
    }

    fn into_warnings(self, one: &str, rest: &str) -> impl Iterator<Item = String> {
        let named = self.texts.into_iter().map(move |text| format!("{text}{one}"));
        named.chain((self.more > 0).then(|| format!("{} {rest}", self.more)))
    }
}

impl Oddities {
    /// A series came again with the value that it had. `series` is asked for its text only while it is named.
    pub(super) fn repeated(&mut self, series: impl FnOnce() -> String) {
        self.repeated.add(series);
    }

    /// A series came again with another value, and nothing tells which of them is right.
    pub(super) fn contested(&mut self, series: impl FnOnce() -> String) {
        self.contested.add(series);
    }

    /// A sample about a rule or a resource does not say which, or what.
    pub(super) fn unread(&mut self, why: impl FnOnce() -> String) {
        self.unread.add(why);
    }

    /// A value that its family cannot have.
    pub(super) fn value(&mut self, what: impl FnOnce() -> String) {
        self.values.add(what);
    }

    /// A label was left out of account.
    pub(super) fn added_label(&mut self, name: &'static str) {
        self.added_labels.insert(name);
    }

    /// Takes over what another has met.
    pub(super) fn append(&mut self, other: Oddities) {
        self.repeated.append(other.repeated);
        self.contested.append(other.contested);
        self.unread.append(other.unread);
        self.values.append(other.values);
        self.added_labels.extend(other.added_labels);
    }

    /// A sentence for each that is named, and one for the rest of each kind.
    pub(super) fn into_warnings(self) -> Vec<String> {
        let Oddities { repeated, contested, unread, values, added_labels } = self;
        let labels: Vec<&str> = added_labels.into_iter().collect();
        let labels = (!labels.is_empty())
            .then(|| format!("labels that a scraper adds were left out of account: {}", labels.join(", ")));
        let repeated = repeated.into_warnings(
            " came more than once: the first value counts",
            "more samples repeat a series that came before: the first value counts",
        );
        let contested = contested.into_warnings(
            " came with different values: the first is shown, and a verdict on it is unknown",
            "more samples give a series another value: the first is shown, and a verdict on it is unknown",
        );
        let unread = unread.into_warnings("", "more samples were not understood");
        let values = values.into_warnings("", "more values are none that a metric of their kind can have");
        unread.chain(values).chain(contested).chain(repeated).chain(labels).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_named_and_the_rest_is_counted() {
        let mut oddities = Oddities::default();
        (0..12).for_each(|n| oddities.repeated(|| format!("x{n}")));
        let mut more = Oddities::default();
        (0..12).for_each(|n| more.repeated(|| format!("y{n}")));
        oddities.append(more);
        let warnings = oddities.into_warnings();
        assert_eq!(warnings.len(), 11);
        assert_eq!(warnings[0], "x0 came more than once: the first value counts");
        assert!(warnings[10].starts_with("14 more samples"), "{:?}", warnings[10]);
    }

    #[test]
    fn a_long_text_is_cut() {
        let mut oddities = Oddities::default();
        oddities.value(|| "é".repeat(100_000));
        assert_eq!(oddities.into_warnings(), [shortened(&"é".repeat(100_000), LONGEST)]);
    }
}
