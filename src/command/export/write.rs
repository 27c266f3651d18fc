//! Writes what was exported: to stdout, or to a file, whole or not at all.

use crate::cli::Out;
use crate::cli::UsageError;
use crate::console;
use crate::files::{self, Readers, WriteError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Writes `text` where it is wanted; `name` is the file's own in a folder.
///
/// # Errors
/// There is a file already and no `--force`; it cannot be written.
pub(super) fn write(out: &Out, name: &str, text: &str, readers: Readers) -> anyhow::Result<()> {
    // As it was opened for the program, be it a file that is there already.
    let is_stdout = |path: &&PathBuf| {
        ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path.as_os_str() == *name)
    };
    let Some(path) = out.out.as_ref().filter(|path| !is_stdout(path)) else {
        return Ok(console::print(|out| out.write_all(text.as_bytes()))?);
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
        if error.kind() == ErrorKind::AlreadyExists && !force && path.exists() {
            let message = format!("{} is there already", path.display());
            return UsageError::with_hint(message, "replace it with --force, or choose another place").into();
        }
        WriteError { what: path.display().to_string(), source: error }.into()
    })
}
