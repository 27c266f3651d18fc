//! Rows by name, put in order when the program is built.

use super::entry::Entry;
use super::rows::ALL;

/// Bare names, older ones too, and the rows that go by them. Sorted; of two rows of one name the platform's figure is first.
static NAMES: [(&str, &Entry); NAMES_LEN] = {
    let first = &ALL[0][0];
    let mut names = [(first.name, first); NAMES_LEN];
    let (mut len, mut group) = (0, 0);
    while group < ALL.len() {
        let mut row = 0;
        while row < ALL[group].len() {
            let entry = &ALL[group][row];
            let mut alias = 0;
            while alias <= entry.aliases.len() {
                let name = if alias == 0 { entry.name } else { entry.aliases[alias - 1] };
                let mut at = len;
                while at > 0 && is_before((name, entry), names[at - 1]) {
                    names[at] = names[at - 1];
                    at -= 1;
                }
                names[at] = (name, entry);
                (len, alias) = (len + 1, alias + 1);
            }
            row += 1;
        }
        group += 1;
    }
    names
};

const NAMES_LEN: usize = {
    let (mut len, mut group) = (0, 0);
    while group < ALL.len() {
        let mut row = 0;
        while row < ALL[group].len() {
            len += 1 + ALL[group][row].aliases.len();
            row += 1;
        }
        group += 1;
    }
    len
};

const fn is_before((a, first): (&str, &Entry), (b, second): (&str, &Entry)) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() {
        if a[at] != b[at] {
            return a[at] < b[at];
        }
        at += 1;
    }
    if a.len() != b.len() { a.len() < b.len() } else { (first.scope as u8) < second.scope as u8 }
}

/// The rows that go by that bare name, the platform's figure first.
pub(super) fn named(name: &str) -> impl Iterator<Item = &'static Entry> {
    let start = NAMES.partition_point(|(own, _)| *own < name);
    NAMES[start..].iter().take_while(move |(own, _)| *own == name).map(|(_, entry)| *entry)
}

/// Every bare name.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name)
}
