//! Writes what was exported: to stdout, or to a file, whole or not at all.

use crate::cli::Out;
use crate::cli::UsageError;
use crate::console;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Whoever the user lets read new files.
    Usual,
    /// The owner alone: there is a secret in it.
    Owner,
}

/// Writes `text` where it is wanted; `name` is the file's own in a folder.
///
/// # Errors
/// There is a file already and no `--force`; it cannot be written.
pub fn write(out: &Out, name: &str, text: &str, readers: Readers) -> anyhow::Result<()> {
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
pub fn file(path: &Path, text: &str, readers: Readers, force: bool) -> anyhow::Result<()> {
    try_file(path, text, readers, force).map_err(|error| {
        if error.kind() == ErrorKind::AlreadyExists && !force {
            let message = format!("{} is there already", path.display());
            return UsageError::with_hint(message, "replace it with --force, or choose another place").into();
        }
        UsageError::new(format!("cannot write {}: {error}", path.display())).into()
    })
}

fn try_file(path: &Path, text: &str, readers: Readers, force: bool) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".emqstat-").suffix(".tmp");
    // Otherwise it is made with mode 0600.
    #[cfg(unix)]
    if readers == Readers::Usual {
        use std::os::unix::fs::PermissionsExt;
        // The user's umask is taken off.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut new = builder.tempfile_in(folder)?;
    new.write_all(text.as_bytes())?;
    new.as_file().sync_all()?;
    let kept = if force { new.persist(path) } else { new.persist_noclobber(path) };
    kept.map(drop).map_err(|error| error.error)
}
