//! Replaces a file whole or not at all.

use super::Error;
use std::fs::{self, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Puts `text` in place of the file at `path`, or makes that file and its folder.
///
/// A new file is its owner's alone (mode 0600, its folder 0700). An old one keeps its mode, but for the
/// group's and others' share of it where `secret` is set. A symbolic link stays and its target is replaced.
///
/// # Errors
/// The folder cannot be made or the file not be written; what was there is then still there, whole.
pub(super) fn replace(path: &Path, text: &str, secret: bool) -> Result<(), Error> {
    try_replace(path, text, secret)
        .map_err(|error| Error::Unwritable { path: path.to_owned(), reason: error.to_string() })
}

fn try_replace(path: &Path, text: &str, secret: bool) -> io::Result<()> {
    let path = follow_links(path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    create_folder(folder)?;
    // Made with mode 0600.
    let mut new = tempfile::Builder::new().prefix(".profiles-").suffix(".tmp").tempfile_in(folder)?;
    new.write_all(text.as_bytes())?;
    match fs::metadata(&path) {
        Ok(old) => take_over(new.as_file(), &old, secret)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    new.as_file().sync_all()?;
    new.persist(&path).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// The file that `path` leads to, which need not exist.
fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    // Linux follows as many.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().map_or(target.clone(), |folder| folder.join(&target)),
            // It is no link, or is not there.
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

#[cfg(unix)]
fn create_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Gives the new file the old one's mode and, as far as it may, its owner.
#[cfg(unix)]
fn take_over(new: &fs::File, old: &Metadata, secret: bool) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    // Only root can; anybody else's new file is their own, as the old one was.
    let _ = fchown(new, Some(old.uid()), Some(old.gid()));
    let mode = old.permissions().mode() & if secret { 0o600 } else { 0o777 };
    new.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn take_over(_: &fs::File, _: &Metadata, _: bool) -> io::Result<()> {
    Ok(())
}

/// A rename lasts through a power failure once its folder is written.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_file_and_its_folder_are_its_owner_s_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/profiles.toml");
        replace(&path, "text", false).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "text");
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }

    #[test]
    fn an_old_file_keeps_its_mode_unless_it_exposes_a_secret() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profiles.toml");
        for (old, secret, new) in
            [(0o644, false, 0o644), (0o644, true, 0o600), (0o400, true, 0o400), (0o660, true, 0o600)]
        {
            // A file of mode 0400 can be replaced, not written.
            let _ = fs::remove_file(&path);
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(old)).unwrap();
            replace(&path, "new", secret).unwrap();
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
            replace(&link, text, true).unwrap();
            assert!(link.is_symlink());
            assert_eq!(fs::read_to_string(real.join("real.toml")).unwrap(), text);
        }
        symlink("loop", folder.path().join("loop")).unwrap();
        assert!(replace(&folder.path().join("loop"), "x", true).is_err());
    }
}
