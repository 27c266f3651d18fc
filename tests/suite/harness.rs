//! The sealed environment that the built program runs in: a home of its own, no variable of the
//! tester's, a fixed time zone, language and width, no proxy.
//!
//! ```ignore
//! let sandbox = Sandbox::new();
//! sandbox.profiles("[profiles.prod]\nendpoint = \"...\"\n");
//! let out = sandbox.emqstat(["cluster", "-o", "json"]).env("NO_COLOR", "1").run();
//! assert_eq!(out.code, 0, "{out}");
//! assert_eq!(out.json()["kind"], "cluster");
//! ```

#![allow(dead_code, reason = "a helper serves whichever topic needs it")]

use rustix::net::{self, AddressFamily, SocketType};
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, SocketAddrV4};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Once};
use std::thread::JoinHandle;
use std::time::Duration;

/// A run that takes this long hangs; it is then killed, and its test fails.
const HANGS: Duration = Duration::from_secs(60);

/// A temporary home, removed at the end of the test.
pub struct Sandbox {
    home: tempfile::TempDir,
}

impl Sandbox {
    pub fn new() -> Sandbox {
        Sandbox { home: tempfile::Builder::new().prefix("emqstat-test-").tempdir().unwrap() }
    }

    /// The home, which is also where programs start.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Writes a file, its folders made, and gives its path. A relative name is taken from the home.
    pub fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Where the program looks for its profiles.
    pub fn profile_file(&self) -> PathBuf {
        self.home().join("config/emqstat/profiles.toml")
    }

    /// Writes the profile file, readable by its owner alone.
    pub fn profiles(&self, toml: &str) -> PathBuf {
        let path = self.write(self.profile_file(), toml);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// A run of emqstat with these arguments, to be refined and started.
    pub fn emqstat<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Call {
        self.program(env!("CARGO_BIN_EXE_emqstat"), args)
    }

    /// Runs emqstat with these arguments and nothing else to say.
    pub fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Outcome {
        self.emqstat(args).run()
    }

    /// As [`Sandbox::run`], the arguments separated by blanks.
    pub fn line(&self, args: &str) -> Outcome {
        self.run(args.split_whitespace())
    }

    /// As [`Sandbox::line`], not started yet.
    pub fn line_call(&self, args: &str) -> Call {
        self.emqstat(args.split_whitespace())
    }

    /// A line for `sh`, which finds `emqstat` on its PATH: for pipes and redirections.
    pub fn shell(&self, script: &str) -> Call {
        let program = Path::new(env!("CARGO_BIN_EXE_emqstat")).parent().unwrap();
        self.program("/bin/sh", ["-c", script]).env("PATH", format!("{}:/usr/bin:/bin", program.display()))
    }

    /// Another program in the same environment.
    pub fn program<A: AsRef<OsStr>>(&self, program: &str, args: impl IntoIterator<Item = A>) -> Call {
        catch_interrupts();
        let home = self.home();
        let mut command = Command::new(program);
        command
            .args(args)
            .env_clear()
            .current_dir(home)
            .env("HOME", home)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("TMPDIR", home)
            .env("PATH", "/usr/bin:/bin")
            .env("TERM", "xterm-256color")
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC")
            .env("COLUMNS", "80");
        Call { command, stdin: None }
    }
}

/// Lets programs start with SIGINT at its default. A suite that a script runs in the background is started with it ignored,
/// and programs inherit that; a handler they do not inherit.
fn catch_interrupts() {
    static ONCE: Once = Once::new();
    let always = || Arc::new(AtomicBool::new(true));
    ONCE.call_once(|| {
        signal_hook::flag::register_conditional_default(signal_hook::consts::SIGINT, always()).unwrap();
    });
}

/// A loopback port where nobody listens, and that nobody else is given: held by a socket that is bound and no more, beside which
/// a server may listen, stop and listen again.
pub struct Port {
    address: SocketAddr,
    _socket: OwnedFd,
}

impl Port {
    pub fn reserve() -> Port {
        let socket = net::socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
        net::sockopt::set_socket_reuseaddr(&socket, true).unwrap();
        net::bind(&socket, &"127.0.0.1:0".parse::<SocketAddrV4>().unwrap()).unwrap();
        Port { address: net::getsockname(&socket).unwrap().try_into().unwrap(), _socket: socket }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn number(&self) -> u16 {
        self.address.port()
    }
}

/// A run that is not started yet.
pub struct Call {
    command: Command,
    stdin: Option<Vec<u8>>,
}

impl Call {
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Call {
        self.command.env(name, value);
        self
    }

    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Call {
        self.command.arg(arg);
        self
    }

    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Call {
        self.command.args(args);
        self
    }

    /// What the program reads from its stdin; without this it is empty.
    pub fn stdin(mut self, text: impl Into<Vec<u8>>) -> Call {
        self.stdin = Some(text.into());
        self
    }

    /// Lets the program take its stdout for a terminal of that many columns.
    pub fn terminal(self, columns: u16) -> Call {
        self.env("EMQSTAT_FORCE_TTY", columns.to_string())
    }

    /// The command, for whoever runs it in a way of their own.
    pub fn into_command(self) -> Command {
        self.command
    }

    /// Runs to the end.
    pub fn run(self) -> Outcome {
        let described = describe(&self.command);
        let mut command = assert_cmd::Command::from_std(self.command);
        let output = command.write_stdin(self.stdin.unwrap_or_default()).timeout(HANGS).output().unwrap();
        assert!(output.status.code().is_some(), "{described}: ended by a signal, or killed as it hung: {output:?}");
        Outcome {
            described,
            code: output.status.code().unwrap(),
            stdout_bytes: output.stdout.clone(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Starts it and lets it run: for what does not end by itself.
    pub fn start(mut self) -> Running {
        let described = describe(&self.command);
        let mut child = self
            .command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("{described}: {e}"));
        let (sender, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut stderr = child.stderr.take().unwrap();
        let stderr = std::thread::spawn(move || {
            let mut text = Vec::new();
            let _ = stderr.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });
        Running { described, child, lines, stderr: Some(stderr) }
    }
}

fn describe(command: &Command) -> String {
    let words: Vec<OsString> = command.get_args().map(OsStr::to_owned).collect();
    format!("{} {}", command.get_program().display(), words.join(OsStr::new(" ")).display())
}

/// How a run ended and what it said.
#[derive(Debug, Clone)]
pub struct Outcome {
    described: String,
    pub code: i32,
    pub stdout: String,
    pub stdout_bytes: Vec<u8>,
    pub stderr: String,
}

impl Outcome {
    /// Itself, when it ended with `code`.
    #[track_caller]
    pub fn expect(self, code: i32) -> Outcome {
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// Its stdout, when it ended with 0 and had nothing to say on stderr.
    #[track_caller]
    pub fn ok(self) -> String {
        assert!(self.code == 0 && self.stderr.is_empty(), "{self}");
        self.stdout
    }

    /// Its stdout as one JSON document.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("stdout is no JSON document: {e}\n{self}"))
    }

    /// Its stdout as JSON lines.
    #[track_caller]
    pub fn json_lines(&self) -> Vec<serde_json::Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line} is no JSON: {e}\n{self}")))
            .collect()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outcome { described, code, stdout, stderr, .. } = self;
        write!(f, "{described}\nexit {code}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}

/// A program that runs beside the test, and is killed with it.
pub struct Running {
    described: String,
    child: Child,
    lines: Receiver<String>,
    stderr: Option<JoinHandle<String>>,
}

impl Running {
    /// The next line of its stdout; `None` at its end.
    pub fn next_line(&mut self) -> Option<String> {
        use std::sync::mpsc::RecvTimeoutError;
        match self.lines.recv_timeout(HANGS) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("{}: no line on stdout in {HANGS:?}", self.described),
        }
    }

    /// Sends it a signal: `INT`, `TERM`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success(), "{}: no SIG{name} sent", self.described);
    }

    /// Waits for its end: how it ended, and what it said on stderr.
    pub fn wait(mut self) -> (ExitStatus, String) {
        while self.next_line().is_some() {}
        let status = self.child.wait().unwrap();
        (status, self.stderr.take().unwrap().join().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
