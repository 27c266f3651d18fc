//! Files: read with a limit, replaced whole or not at all.

mod small;

pub(crate) use small::{Patient, SmallFileError, read_small, read_trusted};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
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

/// Something could not be written, and what: a file, stdout.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {what}")]
pub(crate) struct WriteError {
    pub what: String,
    pub source: io::Error,
}

/// Writes a new file at `path` and makes its folder. With `force` it takes the place of one that is there, which keeps its mode
/// and owner; a symbolic link stays, and its target is replaced. What is no file (a pipe, a device) is written to, and so is what
/// the program was started with (`/dev/stdout`). The folder of a file that is its owner's alone is that, too.
///
/// # Errors
/// It cannot be written, or is there already; what was there is then still there, whole.
pub(crate) fn create(path: &Path, text: &str, readers: Readers, force: bool) -> io::Result<()> {
    let target = follow_links(path)?;
    match fs::metadata(path) {
        Ok(there) if there.is_dir() => Err(io::Error::from(ErrorKind::IsADirectory)),
        Ok(there) if !there.is_file() || small::is_handed_over(path) => {
            OpenOptions::new().append(true).open(path)?.write_all(text.as_bytes())
        }
        Ok(_) if !force => Err(ErrorKind::AlreadyExists.into()),
        Ok(there) => put(&target, text, Some(&there), readers, EXPORT),
        Err(_) => {
            let folder = folder_of(&target);
            match readers {
                Readers::Owner => make_private(folder)?,
                Readers::Usual => fs::create_dir_all(folder)?,
            }
            let new = write_temporary(folder, text, readers, EXPORT)?;
            new.as_file().sync_all()?;
            new.persist_noclobber(&target).map(drop).map_err(|error| error.error)
        }
    }
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
    let old = match fs::metadata(&path) {
        Ok(old) => Some(old),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    put(&path, text, old.as_ref(), readers, EDIT)
}

/// Writes the file at `path`, which is no link, in place of `old`.
fn put(path: &Path, text: &str, old: Option<&Metadata>, readers: Readers, purpose: &str) -> io::Result<()> {
    let folder = folder_of(path);
    let new = write_temporary(folder, text, Readers::Owner, purpose)?;
    if let Some(old) = old {
        // Only root can; anybody else's new file is their own, as the old one was.
        let _ = fchown(new.as_file(), Some(old.uid()), Some(old.gid()));
        let kept = if readers == Readers::Owner { 0o600 } else { 0o777 };
        new.as_file().set_permissions(Permissions::from_mode(old.mode() & kept))?;
    }
    new.as_file().sync_all()?;
    new.persist(path).map_err(|error| error.error)?;
    // A rename lasts through a power failure once its folder is written.
    File::open(folder)?.sync_all()
}

/// The right to edit a file, which one process has at a time. It ends with this value, or with the process. A file system that
/// has no locks (some of those over a network) gives it to everybody.
#[derive(Debug)]
pub(crate) struct EditLock {
    _folder: File,
}

/// How long somebody else's edit is waited for.
const LONGEST_EDIT: Duration = Duration::from_secs(10);

/// Waits for the right to edit the file at `path`, and clears what edits left behind that were killed. Makes the file's folder,
/// its owner's alone.
///
/// # Errors
/// The folder cannot be made; somebody else's edit takes too long.
pub(crate) fn lock(path: &Path) -> io::Result<EditLock> {
    let path = follow_links(path)?;
    let folder = folder_of(&path);
    make_private(folder)?;
    let held = File::open(folder)?;
    let begun = Instant::now();
    while flock(&held, FlockOperation::NonBlockingLockExclusive) == Err(Errno::WOULDBLOCK) {
        if begun.elapsed() > LONGEST_EDIT {
            let seconds = LONGEST_EDIT.as_secs();
            let text = format!("somebody else has been editing it for {seconds} s; try again when that has ended");
            return Err(io::Error::new(ErrorKind::WouldBlock, text));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    for left in fs::read_dir(folder)?.flatten() {
        if left.file_name().to_str().is_some_and(|name| name.starts_with(EDIT) && name.ends_with(TEMPORARY)) {
            // Whoever cannot remove it cannot be hurt by it either.
            let _ = fs::remove_file(left.path());
        }
    }
    Ok(EditLock { _folder: held })
}

/// Makes a folder and those above it, each of mode 0700 whatever the umask.
fn make_private(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent().filter(|above| !above.as_os_str().is_empty()) {
        make_private(above)?;
    }
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        // The umask may have taken off even what its owner needs.
        Ok(()) => fs::set_permissions(folder, Permissions::from_mode(0o700)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// How the names of unfinished files begin: those of edits, which the next one clears, and others.
const EDIT: &str = ".emqstat-edit-";
const EXPORT: &str = ".emqstat-export-";
/// And how they end.
const TEMPORARY: &str = ".tmp";

fn write_temporary(folder: &Path, text: &str, readers: Readers, purpose: &str) -> io::Result<NamedTempFile> {
    let mode = match readers {
        // The umask is taken off.
        Readers::Usual => 0o666,
        Readers::Owner => 0o600,
    };
    let mut new = tempfile::Builder::new()
        .prefix(purpose)
        .suffix(TEMPORARY)
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(folder)?;
    if readers == Readers::Owner {
        // The umask may have taken off even what its owner needs.
        new.as_file().set_permissions(Permissions::from_mode(mode))?;
    }
    new.write_all(text.as_bytes())?;
    Ok(new)
}

/// A path as a shell takes it.
pub(crate) fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:@%".contains(c);
    if text.chars().all(plain) && !text.is_empty() { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
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
        drop(lock(&path).unwrap());
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
    fn one_edits_at_a_time_and_clears_what_a_killed_edit_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profiles.toml");
        let left = folder.path().join(".emqstat-edit-x.tmp");
        fs::write(&left, "half").unwrap();
        let held = lock(&path).unwrap();
        assert!(!left.exists());
        let other = File::open(folder.path()).unwrap();
        assert!(flock(&other, FlockOperation::NonBlockingLockExclusive).is_err());
        drop(held);
        assert!(flock(&other, FlockOperation::NonBlockingLockExclusive).is_ok());
    }

    #[test]
    fn what_is_written_over_keeps_its_mode_and_what_is_no_file_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("out"), folder.path().join("link"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        symlink("out", &link).unwrap();
        let refused = create(&link, "new", Readers::Usual, false).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
        create(&link, "new", Readers::Usual, true).unwrap();
        assert!(link.is_symlink());
        assert_eq!((mode(&path), fs::read_to_string(&path).unwrap().as_str()), (0o600, "new"));
        create(Path::new("/dev/null"), "gone", Readers::Usual, true).unwrap();
        assert!(!Path::new("/dev/null").is_file());
        symlink("later", folder.path().join("dangling")).unwrap();
        create(&folder.path().join("dangling"), "made", Readers::Usual, false).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("later")).unwrap(), "made");
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
