//! Runs the command that prints a secret, bounded in time and size.

use crate::files::{self, Patient};
use std::io::ErrorKind;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Long enough to unlock a password store by hand.
const PATIENCE: Duration = Duration::from_secs(30);

/// The first line that the program `words[0]` prints on stdout when it is given the rest.
///
/// No shell reads the words. stdin is empty and stderr that of emqstat, so that the command can say
/// what it is waiting for.
///
/// # Errors
/// A clause: it cannot be started, fails, prints more than `limit` bytes, or takes longer than 30 seconds.
pub(super) fn first_line(words: &[String], limit: u64) -> Result<Vec<u8>, String> {
    run(words, limit, PATIENCE)
}

fn run(words: &[String], limit: u64, patience: Duration) -> Result<Vec<u8>, String> {
    let (program, arguments) = words.split_first().ok_or("the command is empty")?;
    let deadline = Instant::now() + patience;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run '{program}': {error}"))?;
    let ended = read_and_wait(&mut child, limit, deadline);
    if ended.is_err() {
        // Both fail only where it has ended by itself.
        let _ = child.kill();
        let _ = child.wait();
    }
    let (mut output, status) = ended.map_err(|why| match why {
        Trouble::Late => format!("'{program}' did not end within {} seconds", patience.as_secs()),
        Trouble::TooMuch => format!("'{program}' printed more than {limit} bytes"),
        Trouble::Io(error) => format!("cannot read what '{program}' prints: {error}"),
    })?;
    if !status.success() {
        return Err(format!("'{program}' failed ({status})"));
    }
    // `pass show` and its like print the secret first and notes below it.
    output.truncate(output.iter().position(|&byte| byte == b'\n').unwrap_or(output.len()));
    Ok(output)
}

enum Trouble {
    Late,
    TooMuch,
    Io(std::io::Error),
}

fn read_and_wait(child: &mut Child, limit: u64, deadline: Instant) -> Result<(Vec<u8>, ExitStatus), Trouble> {
    let stdout = child.stdout.take().ok_or(Trouble::TooMuch)?;
    let output = files::read_at_most(Patient::new(stdout, deadline), limit).map_err(|error| match error.kind() {
        ErrorKind::TimedOut => Trouble::Late,
        _ => Trouble::Io(error),
    })?;
    let output = output.ok_or(Trouble::TooMuch)?;
    // What has closed its stdout has as good as ended: the wait is short, and rarely happens.
    loop {
        match child.try_wait().map_err(Trouble::Io)? {
            Some(status) => return Ok((output, status)),
            None if Instant::now() >= deadline => return Err(Trouble::Late),
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, patience: Duration) -> Result<Vec<u8>, String> {
        run(&["sh".into(), "-c".into(), script.into()], 100, patience)
    }

    #[test]
    fn the_first_line_counts() {
        assert_eq!(shell("echo s3cret; echo notes", PATIENCE), Ok(b"s3cret".to_vec()));
        assert_eq!(shell("printf s3cret", PATIENCE), Ok(b"s3cret".to_vec()));
        assert_eq!(shell("cat", PATIENCE), Ok(Vec::new()), "stdin is empty");
        assert_eq!(shell("echo s3cret; exec >&-; sleep 0.1", PATIENCE), Ok(b"s3cret".to_vec()), "it may end later");
    }

    #[test]
    fn no_shell_reads_the_words() {
        let words = ["echo".to_owned(), "$HOME; a  b".to_owned()];
        assert_eq!(run(&words, 100, PATIENCE), Ok(b"$HOME; a  b".to_vec()));
    }

    #[test]
    fn what_goes_wrong_is_told() {
        assert_eq!(shell("echo s3cret; exit 3", PATIENCE), Err("'sh' failed (exit status: 3)".into()));
        assert_eq!(shell("exec yes", PATIENCE), Err("'sh' printed more than 100 bytes".into()));
        // Without a process of its own: nothing outlives the test.
        assert_eq!(shell("exec sleep 60", Duration::ZERO), Err("'sh' did not end within 0 seconds".into()));
        assert_eq!(
            shell("exec >&-; exec sleep 60", Duration::from_millis(300)),
            Err("'sh' did not end within 0 seconds".into()),
            "closing stdout is not ending"
        );
        let missing = run(&["emqstat-no-such-program".into()], 100, PATIENCE).unwrap_err();
        assert!(missing.starts_with("cannot run 'emqstat-no-such-program': "), "{missing}");
        assert_eq!(run(&[], 100, PATIENCE), Err("the command is empty".into()));
    }
}
