//! One table of the profile file, read key by key. Every mistake is told with its file, line and key.

use super::error::did_you_mean;
use super::{Error, Origin, Sourced};
use std::fmt::Display;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml_edit::{Document, Item, Key, TableLike, Value};

/// The file that a table stands in.
#[derive(Clone)]
struct Source<'a> {
    path: Arc<Path>,
    text: &'a str,
}

/// One table of the file.
#[derive(Clone)]
pub(crate) struct Section<'a> {
    source: Source<'a>,
    /// Its keys from the top, joined by dots.
    name: String,
    table: &'a dyn TableLike,
    /// Where it begins.
    line: usize,
    in_defaults: bool,
}

impl<'a> Section<'a> {
    /// The whole file.
    pub(super) fn top(path: Arc<Path>, document: &'a Document<String>) -> Section<'a> {
        let source = Source { path, text: document.raw() };
        Section { source, name: String::new(), table: document.as_table(), line: 1, in_defaults: false }
    }

    /// The table that stands as `item` under `key`.
    ///
    /// # Errors
    /// It is no table.
    pub(super) fn section(&self, key: &str, item: &'a Item) -> Result<Section<'a>, Error> {
        let table = item.as_table_like().ok_or_else(|| self.wrong_type(key, item, "a table"))?;
        Ok(self.child(key, table, self.line_of(key)))
    }

    /// The table under `key`, where values are `[defaults]`.
    ///
    /// # Errors
    /// It is no table.
    pub(super) fn defaults(&self, key: &str) -> Result<Option<Section<'a>>, Error> {
        let section = self.item(key).map(|item| self.section(key, item)).transpose()?;
        Ok(section.map(|section| Section { in_defaults: true, ..section }))
    }

    /// The tables of the list under `key`.
    ///
    /// # Errors
    /// It is no list of tables.
    pub(super) fn list(&self, key: &str) -> Result<Vec<Section<'a>>, Error> {
        let Some(item) = self.item(key) else { return Ok(Vec::new()) };
        let line = |span: Option<Range<usize>>| span.map_or(self.line_of(key), |span| line_at(self.source.text, span));
        let sections: Option<Vec<Section<'a>>> = match item {
            Item::ArrayOfTables(tables) => {
                Some(tables.iter().map(|table| self.child(key, table, line(table.span()))).collect())
            }
            _ => item.as_array().and_then(|array| {
                let child = |value: &'a Value| Some(self.child(key, value.as_inline_table()?, line(value.span())));
                array.iter().map(child).collect()
            }),
        };
        sections.ok_or_else(|| self.wrong_type(key, item, "a list of tables"))
    }

    fn child(&self, key: &str, table: &'a dyn TableLike, line: usize) -> Section<'a> {
        Section { source: self.source.clone(), name: self.full(key), table, line, in_defaults: false }
    }

    /// Every key with its item.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Item)> + use<'a> {
        self.table.iter()
    }

    /// What stands under `key`.
    pub(super) fn item(&self, key: &str) -> Option<&'a Item> {
        self.table.get(key).filter(|item| !item.is_none())
    }

    /// Refuses keys that are none of `known`.
    ///
    /// # Errors
    /// The first such key, with what may have been meant.
    pub(super) fn only(&self, known: &[&[&str]]) -> Result<(), Error> {
        let known = || known.iter().flat_map(|keys| keys.iter().copied());
        match self.entries().map(|(key, _)| key).find(|key| !known().any(|name| name == *key)) {
            None => Ok(()),
            Some(key) => {
                let list = || format!("the keys here are: {}", known().collect::<Vec<_>>().join(", "));
                let hint = did_you_mean(key, known()).unwrap_or_else(list);
                Err(self.error(key, "there is no such key", Some(hint)))
            }
        }
    }

    /// The error that says what is wrong at `key`; at the section where there is no such key.
    pub(super) fn error(&self, key: &str, message: impl Display, hint: Option<String>) -> Error {
        // That it is in [defaults] is said by the key.
        let origin = Origin::Profile { file: self.source.path.clone(), line: self.line_of(key) };
        Error::setting(origin, &self.full(key), message, hint)
    }

    /// The error that says that this section's name will not do.
    pub(super) fn refuse_name(&self, why: impl Display) -> Error {
        let origin = Origin::Profile { file: self.source.path.clone(), line: self.line };
        Error::setting(origin, "", why, None)
    }

    /// The error that says that `key` has to be there.
    pub(super) fn missing(&self, key: &str, hint: &str) -> Error {
        self.error(key, "this key is missing", Some(hint.to_owned()))
    }

    /// The error that says that a value is of another type than `wanted`. It does not repeat the value.
    pub(super) fn wrong_type(&self, key: &str, item: &Item, wanted: &str) -> Error {
        self.error(key, format!("this is {}, not {wanted}", type_name(item)), None)
    }

    /// The value under `key`, as `read` makes it from the item; `wanted` says what would do.
    ///
    /// # Errors
    /// `read` made nothing from it.
    pub(super) fn value<T>(
        &self,
        key: &str,
        wanted: &str,
        read: impl Fn(&'a Item) -> Option<T>,
    ) -> Result<Option<Sourced<T>>, Error> {
        let Some(item) = self.item(key) else { return Ok(None) };
        let value = read(item).ok_or_else(|| self.wrong_type(key, item, wanted))?;
        let (file, line) = (self.source.path.clone(), self.line_of(key));
        let origin = if self.in_defaults { Origin::Defaults { file, line } } else { Origin::Profile { file, line } };
        Ok(Some(Sourced::new(value, origin)))
    }

    /// The value under `key`, made into another.
    ///
    /// # Errors
    /// The clause that `make` fails with.
    pub(super) fn made<T, U, E: Display>(
        &self,
        key: &str,
        value: Option<Sourced<T>>,
        make: impl Fn(T) -> Result<U, E>,
    ) -> Result<Option<Sourced<U>>, Error> {
        value.map(|value| value.try_map(&self.full(key), make)).transpose()
    }

    /// Text, which may be empty.
    pub(super) fn text(&self, key: &str) -> Result<Option<Sourced<String>>, Error> {
        self.value(key, "text in quotes", |item| item.as_str().map(str::to_owned))
    }

    /// Text that says something.
    pub(super) fn filled(&self, key: &str) -> Result<Option<Sourced<String>>, Error> {
        let text = self.text(key)?;
        self.made(key, text, |text| if text.trim().is_empty() { Err("this is empty") } else { Ok(text) })
    }

    /// A path, taken from the file's own folder; `~/` is the user's home. Empty stays empty.
    pub(super) fn path(&self, key: &str) -> Result<Option<Sourced<PathBuf>>, Error> {
        let text = self.value(key, "a path in quotes", Item::as_str)?;
        Ok(text.map(|text| text.map(|text| self.located(text))))
    }

    fn located(&self, text: &str) -> PathBuf {
        let at_home = text.strip_prefix("~/").and_then(|rest| Some(dirs::home_dir()?.join(rest)));
        match (at_home, self.source.path.parent()) {
            (Some(path), _) => path,
            (None, Some(folder)) if !text.is_empty() => folder.join(text),
            _ => PathBuf::from(text),
        }
    }

    /// A list of words.
    pub(super) fn words(&self, key: &str) -> Result<Option<Sourced<Vec<String>>>, Error> {
        self.value(key, "a list of words in quotes, such as [\"pass\", \"show\", \"emqx/prod\"]", |item| {
            item.as_array()?.iter().map(|word| word.as_str().map(str::to_owned)).collect()
        })
    }

    /// A key of this table, from the top.
    pub(super) fn full(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    fn line_of(&self, key: &str) -> usize {
        self.table.key(key).and_then(Key::span).map_or(self.line, |span| line_at(self.source.text, span))
    }
}

/// The line, counted from 1, on which `span` begins.
pub(super) fn line_at(text: &str, span: Range<usize>) -> usize {
    text.bytes().take(span.start).filter(|&byte| byte == b'\n').count() + 1
}

fn type_name(item: &Item) -> &'static str {
    match item.type_name() {
        "string" => "text",
        "integer" => "a whole number",
        "float" => "a number",
        "boolean" => "true or false",
        "datetime" => "a date",
        "array" => "a list",
        "array of tables" => "a list of tables",
        _ => "a table",
    }
}
