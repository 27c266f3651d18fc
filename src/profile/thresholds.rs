//! `[profiles.NAME.thresholds]` and `[defaults.thresholds]`: what is normal for a deployment. As written: which checks there
//! are, and what a range means, is known where they are made.

use super::section::Section;
use super::{Error, Origin, Sourced};
use toml_edit::Item;

/// The keys of the table.
const KEYS: &[&str] = &["skip", "warning", "critical", "mute", "min_events"];

/// What a profile, or `[defaults]`, says about the checks. Names and values are as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thresholds {
    /// Checks that are not made.
    pub skip: Option<Sourced<Vec<String>>>,
    /// What is normal, by check, else it is a warning.
    pub warning: Vec<(String, Sourced<String>)>,
    /// What is normal, by check, else it is critical.
    pub critical: Vec<(String, Sourced<String>)>,
    /// The day, UTC, to whose end warnings of a check do not count.
    pub mute: Vec<(String, Sourced<String>)>,
    /// Of fewer events than this no share is judged.
    pub min_events: Option<Sourced<u32>>,
}

impl Thresholds {
    /// What the table under `thresholds` says; nothing where there is none.
    ///
    /// # Errors
    /// An unknown key, a value of the wrong type.
    pub(super) fn read(section: &Section<'_>) -> Result<Thresholds, Error> {
        let Some(item) = section.item("thresholds") else { return Ok(Thresholds::default()) };
        let section = section.section("thresholds", item)?;
        section.only(&[KEYS])?;
        let min_events = section.value("min_events", "a whole number, such as 50", |item| {
            item.as_integer().and_then(|number| u32::try_from(number).ok())
        });
        Ok(Thresholds {
            skip: section.words("skip")?,
            warning: by_check(&section, "warning", "a range in quotes, such as \"0.5%\"")?,
            critical: by_check(&section, "critical", "a range in quotes, such as \"3:\"")?,
            mute: by_check(&section, "mute", "a date in quotes, such as \"2026-12-24\"")?,
            min_events: min_events?,
        })
    }

    /// What is said, in the order of the keys: the key, its value as written, and where it stands.
    pub fn rows(&self) -> Vec<(String, String, &Origin)> {
        let mut rows: Vec<(String, String, &Origin)> = Vec::new();
        rows.extend(self.skip.iter().map(|skip| ("skip".to_owned(), skip.value.join(", "), &skip.origin)));
        for (key, set) in [("warning", &self.warning), ("critical", &self.critical), ("mute", &self.mute)] {
            rows.extend(set.iter().map(|(name, set)| (format!("{key}.{name}"), set.value.clone(), &set.origin)));
        }
        let events = self.min_events.iter().map(|set| ("min_events".to_owned(), set.value.to_string(), &set.origin));
        rows.extend(events);
        rows
    }

    /// With what `defaults` say where it says nothing itself: check by check.
    #[must_use]
    pub fn over(self, defaults: &Thresholds) -> Thresholds {
        let over = |own: Vec<(String, Sourced<String>)>, defaults: &[(String, Sourced<String>)]| {
            let missing = |(name, _): &&(String, _)| !own.iter().any(|(known, _)| known == name);
            let missing: Vec<_> = defaults.iter().filter(missing).cloned().collect();
            own.into_iter().chain(missing).collect()
        };
        Thresholds {
            skip: self.skip.or_else(|| defaults.skip.clone()),
            warning: over(self.warning, &defaults.warning),
            critical: over(self.critical, &defaults.critical),
            mute: over(self.mute, &defaults.mute),
            min_events: self.min_events.or_else(|| defaults.min_events.clone()),
        }
    }
}

/// The table under `key`: text by the name of a check. A plain number may stand without quotes.
fn by_check(section: &Section<'_>, key: &str, wanted: &str) -> Result<Vec<(String, Sourced<String>)>, Error> {
    let Some(item) = section.item(key) else { return Ok(Vec::new()) };
    let table = section.section(key, item)?;
    let text = |item: &Item| match item {
        Item::Value(value) if value.is_integer() || value.is_float() || value.is_datetime() => {
            Some(value.to_string().trim().to_owned())
        }
        item => item.as_str().map(str::to_owned),
    };
    let entry = |(name, _): (&str, &Item)| Ok(table.value(name, wanted, text)?.map(|value| (name.to_owned(), value)));
    table.entries().filter_map(|one| entry(one).transpose()).collect()
}
