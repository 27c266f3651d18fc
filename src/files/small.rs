//! Small text files that decide what is run and what is sent: profile files, secrets, certificates. Read with a limit, without
//! waiting for what never comes, and only where nobody else may have written them.

use super::{folder_of, read_at_most, shell_word};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::geteuid;
use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Why a small file cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SmallFileError {
    #[error("there is no such file")]
    NotFound,
    #[error("{}", reason(.0))]
    Io(io::Error),
    #[error("it is larger than {0} bytes")]
    TooLarge(u64),
    #[error("it is {0}")]
    WrongType(&'static str),
    #[error("{} {why}, and could have been changed by somebody else", path.display())]
    Untrusted { path: PathBuf, why: String, hint: String },
}

impl SmallFileError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        if let SmallFileError::Untrusted { hint, .. } = self { Some(hint.clone()) } else { None }
    }
}

/// The system's reason, without its number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

/// How long a pipe or a device may take to say all that it has to say.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same of what the program was started with: somebody is about to write to it, and may have to unlock a password store.
const PATIENCE_WITH_WRITERS: Duration = Duration::from_secs(30);

/// Everything in the file at `path`, without a byte-order mark, and what the system says of the file that was read.
///
/// # Errors
/// It is not there, cannot be read, is larger than `limit` bytes, or is nothing that a text is read from.
pub(crate) fn read_small(path: &Path, limit: u64) -> Result<(Vec<u8>, Metadata), SmallFileError> {
    // A pipe that nobody writes to must not hold up the opening.
    let file =
        OpenOptions::new().read(true).custom_flags(O_NONBLOCK).open(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => SmallFileError::NotFound,
            _ if is_socket(path) => SmallFileError::WrongType("a socket"),
            _ => SmallFileError::Io(error),
        })?;
    let metadata = file.metadata().map_err(SmallFileError::Io)?;
    let kind = metadata.file_type();
    let bytes = match () {
        () if kind.is_file() => read_at_most(file, limit),
        () if kind.is_dir() => return Err(SmallFileError::WrongType("a folder")),
        () if kind.is_block_device() => return Err(SmallFileError::WrongType("a block device")),
        () => {
            let patience = if is_handed_over(path) { PATIENCE_WITH_WRITERS } else { PATIENCE };
            read_at_most(Patient::new(file, Instant::now() + patience), limit)
        }
    };
    let mut bytes = bytes.map_err(SmallFileError::Io)?.ok_or(SmallFileError::TooLarge(limit))?;
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    Ok((bytes, metadata))
}

fn is_socket(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket())
}

/// The same of a file that only its owner and root may have written: what stands in it is run or sent.
///
/// # Errors
/// As [`read_small`]; it, the folder that holds it, or a link that leads to it belongs to somebody else or may be written by
/// others. In a folder with the sticky bit only owners replace their files.
pub(crate) fn read_trusted(path: &Path, limit: u64) -> Result<(Vec<u8>, Metadata), SmallFileError> {
    let read = read_small(path, limit)?;
    if !read.1.is_file() && is_handed_over(path) {
        return Ok(read);
    }
    let own = geteuid().as_raw();
    // As it is told and can be pasted, not as links led to it.
    let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    trust(&real(path), &read.1, own)?;
    let mut path = path.to_owned();
    // As many links as Linux follows.
    for _ in 0..40 {
        let folder = folder_of(&path);
        trust(&real(folder), &fs::metadata(folder).map_err(SmallFileError::Io)?, own)?;
        let Ok(target) = fs::read_link(&path) else { break };
        trust(&path, &fs::symlink_metadata(&path).map_err(SmallFileError::Io)?, own)?;
        path = folder.join(target);
    }
    Ok(read)
}

/// Whether it names a descriptor that the program was started with: stdin, or what a shell makes of `<(...)`. Whoever started it
/// answers for what comes through.
pub(super) fn is_handed_over(path: &Path) -> bool {
    ["/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/fd", "/proc/self/fd"].iter().any(|known| path.starts_with(known))
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const STICKY: u32 = 0o1000;
const O_NONBLOCK: i32 = rustix::fs::OFlags::NONBLOCK.bits() as i32;

/// Whether only `own` and root may have written it.
fn trust(path: &Path, metadata: &Metadata, own: u32) -> Result<(), SmallFileError> {
    let (owner, mode) = (metadata.uid(), metadata.mode() & 0o7777);
    let word = shell_word(path);
    let untrusted = |why: String, hint: String| Err(SmallFileError::Untrusted { path: path.to_owned(), why, hint });
    if owner != own && owner != 0 {
        let why = format!("belongs to another user (uid {owner})");
        let itself = if metadata.is_symlink() { "-h " } else { "" };
        return untrusted(why, format!("look at what stands there, then run: chown {itself}{own} {word}"));
    }
    // Whoever may write into a sticky folder can move only what is theirs; a link has no mode of its own.
    let kind = metadata.file_type();
    let is_exempt = kind.is_char_device() || kind.is_symlink() || kind.is_dir() && mode & STICKY != 0;
    if mode & 0o022 != 0 && !is_exempt {
        let why = format!("may be written by others than its owner (mode {mode:04o})");
        return untrusted(why, format!("look at what stands there, then run: chmod go-w {word}"));
    }
    Ok(())
}

/// Reads what is no file as it comes, until a deadline.
pub(crate) struct Patient<T> {
    source: T,
    deadline: Instant,
    given: Duration,
}

impl<T> Patient<T> {
    pub(crate) fn new(source: T, deadline: Instant) -> Patient<T> {
        Patient { source, deadline, given: deadline.saturating_duration_since(Instant::now()) }
    }
}

impl<T: Read + AsFd> Read for Patient<T> {
    /// # Errors
    /// `TimedOut` after the deadline.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        let left = left.try_into().map_err(|_| io::Error::from(ErrorKind::InvalidInput))?;
        // A signal is an error that whoever reads tries again after.
        if poll(&mut [PollFd::new(&self.source, PollFlags::IN)], Some(&left))? == 0 {
            let text = format!("it is no file, and did not end within {} s", self.given.as_secs_f64().round());
            return Err(io::Error::new(ErrorKind::TimedOut, text));
        }
        self.source.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn refused(path: &Path) -> String {
        read_trusted(path, 100).map(|(bytes, _)| String::from_utf8(bytes)).unwrap_err().to_string()
    }

    #[test]
    fn what_others_may_write_is_refused_with_its_folder_and_behind_a_link() {
        let top = tempfile::tempdir().unwrap();
        let mode = |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        let (folder, file) = (top.path().join("folder"), top.path().join("folder/file"));
        fs::create_dir(&folder).unwrap();
        fs::write(&file, "\u{feff}text\r\n").unwrap();
        let link = top.path().join("link");
        symlink("folder/file", &link).unwrap();
        for path in [&file, &link] {
            mode(&folder, 0o755);
            mode(&file, 0o644);
            assert_eq!(read_trusted(path, 100).unwrap().0, b"text\r\n");
            for bad in [0o664, 0o646, 0o622] {
                mode(&file, bad);
                assert!(refused(path).contains("may be written by others"), "{bad:o}");
            }
            mode(&file, 0o644);
            for bad in [0o775, 0o757] {
                mode(&folder, bad);
                assert!(refused(path).contains("folder may be written by others"), "{bad:o}");
            }
            mode(&folder, 0o1777);
            assert!(read_trusted(path, 100).is_ok(), "sticky");
        }
    }

    /// Root may give files away, everybody else only pretend to be somebody else.
    #[test]
    fn what_belongs_to_somebody_else_is_refused_with_the_chown_to_run() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let root = geteuid().is_root();
        if root {
            std::os::unix::fs::chown(file.path(), Some(12345), None).unwrap();
        }
        let metadata = file.as_file().metadata().unwrap();
        let somebody = if root { 0 } else { metadata.uid() + 1 };
        let refused = trust(file.path(), &metadata, somebody).unwrap_err();
        assert!(refused.to_string().contains("belongs to another user (uid "), "{refused}");
        let hint = refused.hint().unwrap();
        assert!(hint.ends_with(&format!("chown {somebody} {}", file.path().display())), "{hint}");
        assert!(trust(file.path(), &metadata, metadata.uid()).is_ok());
    }

    #[test]
    fn what_is_no_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(refused(folder.path()), "it is a folder");
        assert_eq!(refused(&folder.path().join("none")), "there is no such file");
        let large = folder.path().join("large");
        fs::write(&large, [b'x'; 101]).unwrap();
        assert_eq!(refused(&large), "it is larger than 100 bytes");
        assert_eq!(read_small(Path::new("/dev/null"), 100).unwrap().0, b"");
    }
}
