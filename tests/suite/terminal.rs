//! A terminal with the program on it: keys go in as a person types them, what is shown is read back.
//!
//! ```ignore
//! let mut terminal = Terminal::start(sandbox.emqstat(["profile", "add", "prod"]));
//! terminal.expect("APP ID: ");
//! terminal.press("b4f8\r");
//! let (code, stdout) = terminal.end();
//! ```

use crate::harness::Call;
use rustix::process::{Pid, WaitOptions, waitpid};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, OptionalActions, Winsize, tcgetattr, tcsetattr, tcsetwinsize};
use std::collections::BTreeMap;
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

/// stdin and stderr of a program are this terminal; its stdout is a pipe, or the terminal, too.
pub struct Terminal {
    keyboard: Option<File>,
    /// The program's side, kept open to ask in what state it was left.
    line: File,
    before: LocalModes,
    child: Child,
    arriving: Receiver<Vec<u8>>,
    closing: Arc<AtomicBool>,
    shown: String,
    picture: Picture,
}

impl Terminal {
    pub fn start(call: Call) -> Terminal {
        Terminal::with(call, None)
    }

    /// With stdout on the terminal as well, which has so many columns and lines.
    pub fn full(call: Call, columns: u16, lines: u16) -> Terminal {
        Terminal::with(call, Some((columns, lines)))
    }

    fn with(call: Call, size: Option<(u16, u16)>) -> Terminal {
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
        if let Some((columns, lines)) = size {
            tcsetwinsize(&line, winsize(columns, lines)).unwrap();
        }
        let stdout = if size.is_some() { ends() } else { Stdio::piped() };
        let child = command.stdin(ends()).stderr(ends()).stdout(stdout).spawn().unwrap();
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
        Terminal {
            keyboard: Some(keyboard),
            line,
            before,
            child,
            arriving,
            closing,
            shown: String::new(),
            picture: Picture::default(),
        }
    }

    /// Gives the terminal another size, and tells the program.
    pub fn resize(&mut self, columns: u16, lines: u16) {
        tcsetwinsize(&self.line, winsize(columns, lines)).unwrap();
        self.signal("WINCH");
    }

    /// Waits until `text` is shown after whatever was expected before.
    #[track_caller]
    pub fn expect(&mut self, text: &str) {
        let until = std::time::Instant::now() + HANGS;
        loop {
            if let Some(at) = self.shown.find(text) {
                self.shown.drain(..at + text.len());
                return;
            }
            // Something that redraws itself never is still.
            match self.arriving.recv_timeout(until.saturating_duration_since(std::time::Instant::now())) {
                Ok(bytes) => self.arrived(&bytes),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("'{text}' is not shown, but: {}", self.shown)
                }
            }
        }
    }

    /// Waits until `text` stands in a line of the screen.
    #[track_caller]
    pub fn see(&mut self, text: &str) {
        self.see_that(text, |lines| lines.iter().any(|line| line.contains(text)));
    }

    /// Waits until the lines of the screen are as `holds` wants them; `what` says how.
    #[track_caller]
    pub fn see_that(&mut self, what: &str, holds: impl Fn(&[String]) -> bool) {
        let until = std::time::Instant::now() + HANGS;
        loop {
            let lines = self.lines();
            if holds(&lines) {
                return;
            }
            match self.arriving.recv_timeout(until.saturating_duration_since(std::time::Instant::now())) {
                Ok(bytes) => self.arrived(&bytes),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("'{what}' does not stand on the screen:\n{}", lines.join("\n"))
                }
            }
        }
    }

    /// The lines of the screen as it is now.
    pub fn lines(&self) -> Vec<String> {
        self.picture.lines().collect()
    }

    fn arrived(&mut self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        self.shown.push_str(&text);
        self.picture.take(&text);
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

    /// Waits until the program is stopped, as by Ctrl-Z.
    #[track_caller]
    pub fn wait_for_stop(&self) {
        let child = Pid::from_child(&self.child);
        let (_, status) = waitpid(Some(child), WaitOptions::UNTRACED).unwrap().unwrap();
        assert!(status.stopped(), "{status:?}");
    }

    /// Whether lines are put together and shown by the terminal itself, as a shell wants it.
    pub fn is_as_before(&self) -> bool {
        tcgetattr(&self.line).unwrap().local_modes == self.before
    }

    /// Waits until the program has taken the terminal over.
    #[track_caller]
    pub fn wait_until_taken(&self) {
        let started = std::time::Instant::now();
        while self.is_as_before() {
            assert!(started.elapsed() < HANGS, "the terminal is not taken over; shown: {}", self.shown);
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Puts the terminal into the mode that it was in, as a shell does when its job has stopped.
    pub fn restore(&self) {
        let mut modes = tcgetattr(&self.line).unwrap();
        modes.local_modes = self.before;
        tcsetattr(&self.line, OptionalActions::Now, &modes).unwrap();
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
        if let Some(mut pipe) = self.child.stdout.take() {
            pipe.read_to_string(&mut stdout).unwrap();
        }
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

/// The screen as what was written makes it: places, clearing, text, and nothing else.
#[derive(Default)]
struct Picture {
    cells: BTreeMap<(usize, usize), char>,
    place: (usize, usize),
    /// The beginning of a sequence whose end is still to come.
    begun: String,
}

impl Picture {
    fn take(&mut self, text: &str) {
        let text = std::mem::take(&mut self.begun) + text;
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            if c != '\u{1b}' {
                self.cells.insert(self.place, c);
                self.place.1 += 1;
                continue;
            }
            let sequence = rest.as_str();
            let Some(end) = sequence.find(|c: char| c.is_ascii_alphabetic()) else {
                self.begun = format!("\u{1b}{sequence}");
                return;
            };
            match (&sequence[end..=end], sequence[1..end].split_once(';')) {
                ("H", Some((line, column))) => self.place = (line.parse().unwrap(), column.parse().unwrap()),
                ("J", _) => self.cells.clear(),
                _ => {}
            }
            rest = sequence[end + 1..].chars();
        }
    }

    fn lines(&self) -> impl Iterator<Item = String> {
        let last = self.cells.keys().map(|(line, _)| *line).max().unwrap_or(0);
        (1..=last).map(|line| {
            let cells = || self.cells.range((line, 0)..(line + 1, 0));
            let end = cells().map(|((_, column), _)| *column).max().unwrap_or(0);
            (1..=end).map(|column| self.cells.get(&(line, column)).copied().unwrap_or(' ')).collect()
        })
    }
}

fn winsize(columns: u16, lines: u16) -> Winsize {
    Winsize { ws_col: columns, ws_row: lines, ws_xpixel: 0, ws_ypixel: 0 }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
