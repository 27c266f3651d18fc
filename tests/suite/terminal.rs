//! A terminal with the program on it: keys go in as a person types them, what is shown is read back.
//!
//! ```ignore
//! let mut terminal = Terminal::start(sandbox.emqstat(["profile", "add", "prod"]));
//! terminal.expect("APP ID: ");
//! terminal.press("b4f8\r");
//! let (code, stdout) = terminal.end();
//! ```

use crate::harness::Call;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// What takes this long hangs.
const HANGS: Duration = Duration::from_secs(60);

/// stdin and stderr of a program are this terminal; its stdout is a pipe.
pub struct Terminal {
    keyboard: Option<File>,
    /// The program's side, kept open to ask in what state it was left.
    line: File,
    before: LocalModes,
    child: Child,
    arriving: Receiver<Vec<u8>>,
    closing: Arc<AtomicBool>,
    shown: String,
}

impl Terminal {
    pub fn start(call: Call) -> Terminal {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        // Who holds it keeps the terminal open: it is not to be handed down to programs.
        #[cfg(target_os = "linux")]
        let flags = flags | OpenptFlags::CLOEXEC;
        // Nor is a copy.
        let keyboard = File::from(openpt(flags).unwrap()).try_clone().unwrap();
        grantpt(&keyboard).unwrap();
        unlockpt(&keyboard).unwrap();
        let name = ptsname(&keyboard, Vec::new()).unwrap().into_string().unwrap();
        let line = File::options().read(true).write(true).open(name).unwrap();
        let before = tcgetattr(&line).unwrap().local_modes;
        let mut command: Command = call.into_command();
        let ends = || Stdio::from(line.try_clone().unwrap());
        let child = command.stdin(ends()).stderr(ends()).stdout(Stdio::piped()).spawn().unwrap();
        // The command holds the terminal, too.
        drop(command);
        let mut screen = keyboard.try_clone().unwrap();
        let (sender, arriving) = channel();
        let closing = Arc::new(AtomicBool::new(false));
        let close = Arc::clone(&closing);
        std::thread::spawn(move || {
            let mut bytes = [0; 1024];
            while let Ok(count @ 1..) = screen.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() || close.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        Terminal { keyboard: Some(keyboard), line, before, child, arriving, closing, shown: String::new() }
    }

    /// Waits until `text` is shown after whatever was expected before.
    #[track_caller]
    pub fn expect(&mut self, text: &str) {
        loop {
            if let Some(at) = self.shown.find(text) {
                self.shown.drain(..at + text.len());
                return;
            }
            match self.arriving.recv_timeout(HANGS) {
                Ok(bytes) => self.shown.push_str(&String::from_utf8_lossy(&bytes)),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("'{text}' is not shown, but: {}", self.shown)
                }
            }
        }
    }

    /// Types.
    pub fn press(&mut self, keys: &str) {
        self.keyboard.as_mut().unwrap().write_all(keys.as_bytes()).unwrap();
    }

    /// Sends the program a signal: `INT`, `TERM`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Closes the terminal and waits for the program's end: its exit code.
    #[track_caller]
    pub fn hang_up(mut self) -> i32 {
        self.keyboard = None;
        // The reader has a hold of it, too, until it is woken.
        self.closing.store(true, Ordering::Relaxed);
        self.line.write_all(b".").unwrap();
        while self.arriving.recv_timeout(HANGS).is_ok() {}
        self.wait().code().unwrap()
    }

    /// Waits for the program's end: its exit code, its stdout, and what was shown since the last thing expected.
    /// The terminal has to be as it was.
    #[track_caller]
    pub fn end(mut self) -> (i32, String, String) {
        let status = self.wait();
        let mut stdout = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        // Through the same line as what the program showed, so that this comes last.
        self.line.write_all(b"<end>").unwrap();
        let mut before_end = std::mem::take(&mut self.shown);
        while !before_end.contains("<end>") {
            before_end.push_str(&String::from_utf8_lossy(&self.arriving.recv_timeout(HANGS).unwrap()));
        }
        let after = tcgetattr(&self.line).unwrap().local_modes;
        assert_eq!(after, self.before, "the terminal is not as it was");
        assert!(after.contains(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG));
        let code = status.code().unwrap_or_else(|| panic!("ended by signal {:?}", status.signal()));
        (code, stdout, before_end.replace("<end>", ""))
    }

    #[track_caller]
    fn wait(&mut self) -> ExitStatus {
        let started = std::time::Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(started.elapsed() < HANGS, "the program does not end; shown: {}", self.shown);
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
