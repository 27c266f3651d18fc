//! Files: read with a limit, replaced whole or not at all.

use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Whoever the user's umask admits.
    Usual,
    /// The owner alone: there is a secret in it.
    Owner,
}

/// Everything that `source` holds; `None` where that is more than `limit` bytes.
///
/// # Errors
/// It cannot be read.
pub(crate) fn read_at_most(source: impl Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    source.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= limit))
}

/// The permission bits of a file, if one of those in `mask` is among them.
pub(crate) fn mode_within(file: &Metadata, mask: u32) -> Option<u32> {
    Some(file.mode() & 0o7777).filter(|mode| mode & mask != 0)
}

/// Writes a new file at `path` and makes its folder. With `force` it takes the place of one that is there.
///
/// # Errors
/// It cannot be written, or is there already; what was there is then still there, whole.
pub(crate) fn create(path: &Path, text: &str, readers: Readers, force: bool) -> io::Result<()> {
    let folder = folder_of(path);
    fs::create_dir_all(folder)?;
    let new = write_temporary(folder, text, readers)?;
    new.as_file().sync_all()?;
    let kept = if force { new.persist(path) } else { new.persist_noclobber(path) };
    kept.map(drop).map_err(|error| error.error)
}

/// Puts `text` in place of the file at `path`, or makes that file and its folder.
///
/// A new file is its owner's alone (mode 0600, its folder 0700). An old one keeps its owner and its mode, but for the
/// group's and others' share of it where the owner alone may read it. A symbolic link stays and its target is replaced.
///
/// # Errors
/// The folder cannot be made or the file not be written; what was there is then still there, whole.
pub(crate) fn replace(path: &Path, text: &str, readers: Readers) -> io::Result<()> {
    let path = follow_links(path)?;
    let folder = folder_of(&path);
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let new = write_temporary(folder, text, Readers::Owner)?;
    match fs::metadata(&path) {
        Ok(old) => {
            // Only root can; anybody else's new file is their own, as the old one was.
            let _ = fchown(new.as_file(), Some(old.uid()), Some(old.gid()));
            let kept = if readers == Readers::Owner { 0o600 } else { 0o777 };
            new.as_file().set_permissions(Permissions::from_mode(old.mode() & kept))?;
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    new.as_file().sync_all()?;
    new.persist(&path).map_err(|error| error.error)?;
    // A rename lasts through a power failure once its folder is written.
    File::open(folder)?.sync_all()
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn write_temporary(folder: &Path, text: &str, readers: Readers) -> io::Result<NamedTempFile> {
    let mode = match readers {
        // The umask is taken off.
        Readers::Usual => 0o666,
        Readers::Owner => 0o600,
    };
    let mut new = tempfile::Builder::new()
        .prefix(".emqstat-")
        .suffix(".tmp")
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(folder)?;
    new.write_all(text.as_bytes())?;
    Ok(new)
}

/// The file that `path` leads to, which need not exist.
fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    // Linux follows as many.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(target) => path = folder_of(&path).join(target),
            // It is no link, or is not there.
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_file_and_its_folder_are_its_owner_s_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/profiles.toml");
        replace(&path, "text", Readers::Usual).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "text");
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }

    #[test]
    fn an_old_file_keeps_its_mode_unless_it_exposes_a_secret() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profiles.toml");
        for (old, readers, new) in [
            (0o644, Readers::Usual, 0o644),
            (0o644, Readers::Owner, 0o600),
            (0o400, Readers::Owner, 0o400),
            (0o660, Readers::Owner, 0o600),
        ] {
            // A file of mode 0400 can be replaced, not written.
            let _ = fs::remove_file(&path);
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, Permissions::from_mode(old)).unwrap();
            replace(&path, "new", readers).unwrap();
            assert_eq!((mode(&path), fs::read_to_string(&path).unwrap().as_str()), (new, "new"));
        }
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "nothing else is left behind: {left:?}");
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("dotfiles");
        fs::create_dir(&real).unwrap();
        let link = folder.path().join("profiles.toml");
        symlink("dotfiles/real.toml", &link).unwrap();
        for text in ["made", "replaced"] {
            replace(&link, text, Readers::Owner).unwrap();
            assert!(link.is_symlink());
            assert_eq!(fs::read_to_string(real.join("real.toml")).unwrap(), text);
        }
        symlink("loop", folder.path().join("loop")).unwrap();
        assert!(replace(&folder.path().join("loop"), "x", Readers::Owner).is_err());
    }
}
