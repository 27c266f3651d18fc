//! Changes the profile file and leaves what is not meant as it is: comments, order, blank lines.

use super::connect::{self, ConnectLayer};
use super::file::ProfileFile;
use super::parse::{self, SECRET_KEYS};
use super::{EndpointUrl, Error, SecretSource, check_name};
use crate::files::{self, Readers};
use std::path::{Path, PathBuf};
use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value};

/// A profile as it is to be written.
#[derive(Debug, Clone)]
pub struct NewProfile {
    pub endpoint: EndpointUrl,
    pub app_id: String,
    pub app_secret: SecretSource,
    /// What is `None` is not written.
    pub connect: ConnectLayer,
}

/// The profile file, being changed. Nothing is written before [`Editor::save`].
pub struct Editor {
    path: PathBuf,
    /// What the file said.
    original: String,
    document: DocumentMut,
    /// What the file will say.
    file: ProfileFile,
    changes: Vec<Change>,
}

/// What is to be changed, so that it can be made anew where somebody else has written the file meanwhile.
enum Change {
    Add { name: String, new: Box<NewProfile>, force: bool },
    Remove(String),
    Default(String),
}

impl Editor {
    /// Opens the file at `path`; one that is not there is empty. That others may read it is no obstacle: saving mends it.
    ///
    /// # Errors
    /// It cannot be read, or is wrong outside of its profiles.
    pub fn open(path: &Path) -> Result<Editor, Error> {
        let text = match parse::read_text(path) {
            Ok((text, _)) => text,
            Err(Error::NoFile { .. }) => String::new(),
            Err(error) => return Err(error),
        };
        let document = parse::document(path, &text)?;
        let file = parse::file(path, &document)?;
        let (path, changes) = (path.to_owned(), Vec::new());
        Ok(Editor { path, original: text, document: document.into_mut(), file, changes })
    }

    /// What the file says, with the changes so far.
    pub fn file(&self) -> &ProfileFile {
        &self.file
    }

    /// Adds a profile. With `force` it may take the place of one, whose checks, `min_nodes` and comments stay.
    /// The first profile becomes the default.
    ///
    /// # Errors
    /// There is one of that name, or it is no name.
    pub fn add(&mut self, name: &str, new: &NewProfile, force: bool) -> Result<(), Error> {
        check_name(name)?;
        let known = self.file.names();
        if known.iter().any(|known| known == name) && !force {
            return Err(Error::ProfileExists { name: name.into(), path: self.path.clone() });
        }
        let profiles = self.document.as_table_mut().entry("profiles").or_insert_with(implicit_table);
        let in_braces = profiles.is_inline_table();
        if let Some(profiles) = profiles.as_table_like_mut() {
            if profiles.get(name).is_none_or(|item| !item.is_table_like()) {
                let inline = Item::Value(Value::InlineTable(InlineTable::new()));
                profiles.insert(name, if in_braces { inline } else { Item::Table(Table::new()) });
            }
            if let Some(profile) = profiles.get_mut(name).and_then(Item::as_table_like_mut) {
                write_profile(profile, new);
            }
        }
        if known.is_empty() {
            self.write_default(name);
        }
        self.reread()?;
        // What was written is what will be read, or it is not written at all.
        self.file.profile(name)?;
        self.changes.push(Change::Add { name: name.to_owned(), new: Box::new(new.clone()), force });
        Ok(())
    }

    /// Removes a profile, and `default` with it where that names it. Whether it did is the answer.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn remove(&mut self, name: &str) -> Result<bool, Error> {
        self.known(name)?;
        let profiles = self.document.get_mut("profiles").and_then(Item::as_table_like_mut);
        if let Some(Item::Table(removed)) = profiles.and_then(|profiles| profiles.remove(name)) {
            let above = removed.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
            // What a blank line parts from the header is not about this profile.
            if let Some(end) = above.rfind("\n\n") {
                let kept = above.get(..=end).unwrap_or_default().to_owned();
                self.hand_on(&kept, removed.position().unwrap_or(0));
            }
        }
        let was_default = self.file.default.as_ref().is_some_and(|default| default.value == name);
        if was_default {
            let removed = self.document.as_table_mut().remove_entry("default");
            let above = removed.as_ref().and_then(|(key, _)| key.leaf_decor().prefix()?.as_str()).unwrap_or_default();
            self.hand_on(above, isize::MIN);
        }
        self.reread()?;
        self.changes.push(Change::Remove(name.to_owned()));
        Ok(was_default)
    }

    /// Makes a profile the default.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn set_default(&mut self, name: &str) -> Result<(), Error> {
        self.known(name)?;
        self.write_default(name);
        self.changes.push(Change::Default(name.to_owned()));
        self.reread()
    }

    /// Writes the file, atomically. What somebody else has written into it since it was opened stays: the changes are then made
    /// in that.
    ///
    /// # Errors
    /// It cannot be written; a change cannot be made any more. The old file is still there then.
    pub fn save(self) -> Result<(), Error> {
        let path = self.path.clone();
        let unwritable = |error: std::io::Error| Error::Unwritable { path: path.clone(), reason: error.to_string() };
        let _lock = files::lock(&self.path).map_err(unwritable)?;
        let mut current = Editor::open(&self.path)?;
        if current.original == self.original {
            return self.write().map_err(unwritable);
        }
        for change in &self.changes {
            match change {
                Change::Add { name, new, force } => current.add(name, new, *force)?,
                Change::Remove(name) => current.remove(name).map(drop)?,
                Change::Default(name) => current.set_default(name)?,
            }
        }
        current.write().map_err(unwritable)
    }

    fn write(&self) -> std::io::Result<()> {
        let readers = if parse::holds_secret(self.document.as_item()) { Readers::Owner } else { Readers::Usual };
        files::replace(&self.path, &self.document.to_string(), readers)
    }

    fn known(&self, name: &str) -> Result<(), Error> {
        match self.file.profile(name) {
            Err(error @ Error::UnknownProfile { .. }) => Err(error),
            // A profile with a mistake in it can be removed, too.
            _ => Ok(()),
        }
    }

    fn write_default(&mut self, name: &str) {
        let top = self.document.as_table_mut();
        let fresh = top.get_values().is_empty();
        set(top, "default", name.into());
        if fresh {
            // The tables' comments stay apart from it.
            self.hand_on("\n", isize::MIN);
        }
    }

    /// Puts `text` (comments, blank lines) before the first table that stands after `position`, else at the end.
    fn hand_on(&mut self, text: &str, position: isize) {
        let mut positions = Vec::new();
        collect_positions(self.document.as_table(), &mut positions);
        let next = positions.into_iter().filter(|&other| other > position).min();
        match next.and_then(|next| table_at(self.document.as_table_mut(), next)) {
            Some(table) => {
                let prefix = table.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
                // One blank line is enough.
                let prefix = if text.ends_with('\n') { prefix.trim_start_matches('\n') } else { prefix };
                let gap = if text.trim().is_empty() { "" } else { "\n" };
                let joined = format!("{text}{gap}{prefix}");
                table.decor_mut().set_prefix(joined);
            }
            None if !text.trim().is_empty() => {
                let trailing = format!("{text}{}", self.document.trailing().as_str().unwrap_or_default());
                self.document.set_trailing(trailing);
            }
            None => {}
        }
    }

    fn reread(&mut self) -> Result<(), Error> {
        let document = parse::document(&self.path, &self.document.to_string())?;
        self.file = parse::file(&self.path, &document)?;
        Ok(())
    }
}

fn implicit_table() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

fn write_profile(profile: &mut dyn TableLike, new: &NewProfile) {
    let path_text = |path: &Path| Value::from(path.to_string_lossy().into_owned());
    set(profile, "endpoint", new.endpoint.to_string().into());
    set(profile, "app_id", new.app_id.as_str().into());
    // The connection of the profile that was there is gone with it: an `insecure` must not come along unseen.
    for key in SECRET_KEYS.iter().chain(connect::KEYS).filter(|&&key| key != new.app_secret.key()) {
        profile.remove(key);
    }
    let secret = match &new.app_secret {
        SecretSource::Inline(secret) => secret.expose().into(),
        SecretSource::Env(name) => name.as_str().into(),
        SecretSource::File(path) => path_text(path),
        SecretSource::Command(words) => Value::Array(words.iter().map(String::as_str).collect()),
    };
    set(profile, new.app_secret.key(), secret);
    for (key, value) in new.connect.values() {
        set(profile, key, value.into());
    }
}

/// Sets `key`, and keeps the spaces and the comment around a value that was there.
fn set(table: &mut dyn TableLike, key: &str, mut value: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

fn collect_positions(table: &Table, positions: &mut Vec<isize>) {
    positions.extend(table.position().filter(|_| !table.is_implicit()));
    for (_, item) in table.iter() {
        match item {
            Item::Table(table) => collect_positions(table, positions),
            Item::ArrayOfTables(tables) => tables.iter().for_each(|table| collect_positions(table, positions)),
            _ => {}
        }
    }
}

fn table_at(table: &mut Table, position: isize) -> Option<&mut Table> {
    if table.position() == Some(position) {
        return Some(table);
    }
    table.iter_mut().find_map(|(_, item)| match item {
        Item::Table(table) => table_at(table, position),
        Item::ArrayOfTables(tables) => tables.iter_mut().find_map(|table| table_at(table, position)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Secret, Sourced};

    fn editor(text: &str) -> Editor {
        let path = Path::new("/etc/p.toml");
        let document = parse::document(path, text).unwrap();
        let file = parse::file(path, &document).unwrap();
        Editor {
            path: path.into(),
            original: text.to_owned(),
            document: document.into_mut(),
            file,
            changes: Vec::new(),
        }
    }

    fn new_profile() -> NewProfile {
        NewProfile {
            endpoint: "https://new:8443/api/v5".parse().unwrap(),
            app_id: "id".into(),
            app_secret: SecretSource::Inline(Secret::new("s\"3\\".into())),
            connect: ConnectLayer {
                timeout: Sourced::flag("--timeout", seconds(90)),
                max_body: Sourced::flag("--max-body", Some(1_u64 << 20)),
                ..ConnectLayer::default()
            },
        }
    }

    fn seconds(count: u64) -> Option<std::time::Duration> {
        Some(std::time::Duration::from_secs(count))
    }

    const NEW: &str = "endpoint = \"https://new:8443/api/v5\"\napp_id = \"id\"\napp_secret = 's\"3\\'\n\
        timeout = \"1m30s\"\nmax_body = \"1MiB\"\n";

    const OLD: &str = "# Kept by operations.\n\n# Used most.\ndefault = \"a\" # for now\n\n\
        # Slow network.\n[defaults]\ntimeout = \"20s\"\n\n\
        # About all profiles.\n\n# The first.\n[profiles.a]\nendpoint = \"https://a\" # moved\napp_id = \"ida\"\n\
        app_secret_env = \"A\"\ninsecure = true\nmin_nodes = 3\n\n\
        # Its check.\n[[profiles.a.checks]]\nname = \"x\"\nwhen = \"y > 1\"\nseverity = \"warning\"\n\n\
        # The second.\n[profiles.b]\nendpoint = \"https://b\"\napp_id = \"idb\"\napp_secret_env = \"B\"\n# The end.\n";

    #[test]
    fn the_first_profile_becomes_the_default() {
        let mut editor = editor("");
        editor.add("p", &new_profile(), false).unwrap();
        assert_eq!(editor.document.to_string(), format!("default = \"p\"\n\n[profiles.p]\n{NEW}"));
        editor.add("q", &new_profile(), false).unwrap();
        assert!(editor.document.to_string().ends_with(&format!("\n\n[profiles.q]\n{NEW}")));
        assert_eq!(editor.file.default_name(), Ok("p"));
    }

    #[test]
    fn adding_leaves_the_rest_as_it_is() {
        let mut editor = editor(OLD);
        editor.add("c", &new_profile(), false).unwrap();
        let expected = OLD.replace("# The end.\n", &format!("\n[profiles.c]\n{NEW}# The end.\n"));
        assert_eq!(editor.document.to_string(), expected);
        let again = editor.add("c", &new_profile(), false);
        assert!(matches!(again, Err(Error::ProfileExists { .. })));
        assert!(matches!(editor.add("a,b", &new_profile(), false), Err(Error::ProfileName { .. })));
    }

    #[test]
    fn a_replaced_profile_keeps_its_checks_and_comments_and_no_connection() {
        let mut editor = editor(OLD);
        editor.add("a", &new_profile(), true).unwrap();
        let text = editor.document.to_string();
        let profile = text.split("# The first.\n").nth(1).unwrap().split("# The second.").next().unwrap();
        assert_eq!(
            profile,
            "[profiles.a]\nendpoint = \"https://new:8443/api/v5\" # moved\napp_id = \"id\"\nmin_nodes = 3\n\
             app_secret = 's\"3\\'\ntimeout = \"1m30s\"\nmax_body = \"1MiB\"\n\n\
             # Its check.\n[[profiles.a.checks]]\nname = \"x\"\nwhen = \"y > 1\"\nseverity = \"warning\"\n\n"
        );
    }

    #[test]
    fn removing_takes_what_is_about_the_profile_and_no_more() {
        let mut first = editor(OLD);
        assert_eq!(first.remove("a"), Ok(true));
        assert_eq!(
            first.document.to_string(),
            "# Kept by operations.\n\n# Used most.\n\n# Slow network.\n[defaults]\ntimeout = \"20s\"\n\n\
             # About all profiles.\n\n# The second.\n[profiles.b]\n\
             endpoint = \"https://b\"\napp_id = \"idb\"\napp_secret_env = \"B\"\n# The end.\n"
        );
        assert!(matches!(first.remove("a"), Err(Error::UnknownProfile { .. })));
        let mut last = editor(OLD);
        assert_eq!(last.remove("b"), Ok(false));
        assert!(last.document.to_string().ends_with("severity = \"warning\"\n# The end.\n"));
    }

    #[test]
    fn the_default_changes_in_its_place() {
        let mut changed = editor(OLD);
        changed.set_default("b").unwrap();
        assert_eq!(changed.document.to_string(), OLD.replace("default = \"a\"", "default = \"b\""));
        assert!(matches!(changed.set_default("z"), Err(Error::UnknownProfile { .. })));
        let bare = "# Mine.\n\n[profiles.a]\nendpoint = \"https://a\"\napp_id = \"i\"\napp_secret_env = \"A\"\n";
        let mut added = editor(bare);
        added.set_default("a").unwrap();
        assert_eq!(added.document.to_string(), format!("default = \"a\"\n\n{bare}"));
    }

    #[test]
    fn tables_in_other_forms_are_changed_too() {
        let inline = "profiles = { a = { endpoint = \"https://a\", app_id = \"i\", app_secret_env = \"A\" } }\n";
        let dotted = "profiles.a = { endpoint = \"https://a\", app_id = \"i\", app_secret_env = \"A\" }\n";
        let broken = "[profiles]\nb = 3\na = { endpoint = \"https://a\", app_id = \"i\", app_secret_env = \"A\" }\n";
        for text in [inline, dotted, broken] {
            let mut editor = editor(text);
            editor.add("b", &new_profile(), true).unwrap();
            editor.add("a", &new_profile(), true).unwrap();
            for name in ["a", "b"] {
                let profile = editor.file.profile(name).unwrap();
                assert_eq!(profile.endpoint.value, new_profile().endpoint, "{text}");
                assert_eq!(editor.remove(name), Ok(false), "{text}");
            }
            assert!(editor.file.names().is_empty(), "{text}");
        }
    }

    #[test]
    fn what_a_blank_line_parts_from_a_removed_profile_stays() {
        let profile = |name: &str| {
            format!("[profiles.{name}]\nendpoint = \"https://h\"\napp_id = \"i\"\napp_secret_env = \"S\"\n")
        };
        let (a, b) = (profile("a"), profile("b"));
        let mut last = editor(&format!("{a}\n# Apart.\n\n# The last.\n{b}"));
        last.remove("b").unwrap();
        assert_eq!(last.document.to_string(), format!("{a}\n# Apart.\n"));
        let check = "[[profiles.b.checks]]\nname = \"x\"\nwhen = \"y > 1\"\nseverity = \"warning\"\n";
        let mut before_a_list = editor(&format!("{b}\n# Apart.\n\n# Another.\n{a}\n# Its check.\n{check}"));
        before_a_list.remove("a").unwrap();
        assert_eq!(before_a_list.document.to_string(), format!("{b}\n# Apart.\n\n# Its check.\n{check}"));
    }
}
