//! Writes what was exported: to stdout, or to a file, whole or not at all.

use crate::cli::Out;
use crate::cli::UsageError;
use crate::console;
use crate::files::{self, Readers};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Writes `text` where it is wanted; `name` is the file's own in a folder.
///
/// # Errors
/// There is a file already and no `--force`; it cannot be written.
pub(super) fn write(out: &Out, name: &str, text: &str, readers: Readers) -> anyhow::Result<()> {
    let Some(path) = &out.out else {
        let mut stdout = console::stdout();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()?;
        return Ok(());
    };
    let ends_as_folder = path.as_os_str().as_encoded_bytes().ends_with(b"/");
    let path = if path.is_dir() || ends_as_folder { path.join(name) } else { path.clone() };
    file(&path, text, readers, out.force)
}

/// Writes the file at `path` and makes its folder.
///
/// # Errors
/// As [`write()`].
pub(super) fn file(path: &Path, text: &str, readers: Readers, force: bool) -> anyhow::Result<()> {
    files::create(path, text, readers, force).map_err(|error| {
        if error.kind() == ErrorKind::AlreadyExists && !force {
            let message = format!("{} is there already", path.display());
            return UsageError::with_hint(message, "replace it with --force, or choose another place").into();
        }
        UsageError::new(format!("cannot write {}: {error}", path.display())).into()
    })
}
