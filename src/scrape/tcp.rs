//! TCP: a connection to one of several addresses, as RFC 8305 (Happy Eyeballs) says, and reading and writing within limits of time.

use super::buffers::GrowingBuffers;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, FdFlags, fcntl_setfd, ioctl_fionbio};
use rustix::net::sockopt::socket_error;
use rustix::net::{AddressFamily, SocketType, connect, socket};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

/// For so long an address has the network to itself before the next one is tried beside it (RFC 8305, section 5: "Connection Attempt Delay").
const HEAD_START: Duration = Duration::from_millis(250);

/// Connects to the first of `addresses` that lets it, `limit` at most.
///
/// # Errors
/// The last address's; `TimedOut` if none has answered by then.
pub(super) fn open(addresses: &[SocketAddr], limit: Duration) -> io::Result<TcpStream> {
    let deadline = Instant::now().checked_add(limit);
    let left_of = |until: Option<Instant>| until.map(|until| until.saturating_duration_since(Instant::now()));
    let mut ahead = alternating(addresses).into_iter().peekable();
    let mut attempts: Vec<OwnedFd> = Vec::new();
    let mut next_start = Instant::now();
    let mut failure = io::Error::from(ErrorKind::ConnectionRefused);
    loop {
        if (attempts.is_empty() || next_start <= Instant::now())
            && let Some(address) = ahead.next()
        {
            next_start = Instant::now() + HEAD_START;
            match begin(address) {
                Ok(attempt) => attempts.push(attempt),
                Err(error) => {
                    failure = error;
                    continue;
                }
            }
        }
        if attempts.is_empty() {
            return Err(failure);
        }
        let until = if ahead.peek().is_some() { Some(next_start).min(deadline.or(Some(next_start))) } else { deadline };
        wait(&attempts, left_of(until))?;
        if left_of(deadline).is_some_and(|left| left.is_zero()) {
            return Err(ErrorKind::TimedOut.into());
        }
        let mut at = 0;
        while let Some(attempt) = attempts.get(at) {
            match outcome(attempt)? {
                None => at += 1,
                Some(Ok(())) => return ready(attempts.swap_remove(at)),
                Some(Err(error)) => {
                    failure = error.into();
                    attempts.swap_remove(at);
                    // The next one need not wait for one that is over.
                    next_start = Instant::now();
                }
            }
        }
    }
}

/// The addresses of both families by turns, that of the first one first (RFC 8305, section 4).
fn alternating(addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (mut one, mut other): (Vec<SocketAddr>, Vec<SocketAddr>) =
        addresses.iter().partition(|address| address.is_ipv6() == first_is_v6);
    let mut all = Vec::with_capacity(addresses.len());
    one.reverse();
    other.reverse();
    while let Some(next) = one.pop() {
        all.push(next);
        all.extend(other.pop());
    }
    other.reverse();
    all.extend(other);
    all
}

/// Begins to connect, and does not wait for it.
fn begin(address: SocketAddr) -> io::Result<OwnedFd> {
    let family = if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
    let attempt = socket(family, SocketType::STREAM, None)?;
    fcntl_setfd(&attempt, FdFlags::CLOEXEC)?;
    ioctl_fionbio(&attempt, true)?;
    match connect(&attempt, &address) {
        Ok(()) | Err(Errno::INPROGRESS) => Ok(attempt),
        Err(error) => Err(error.into()),
    }
}

/// Waits until one of the attempts is over, or the time is.
fn wait(attempts: &[OwnedFd], limit: Option<Duration>) -> io::Result<()> {
    let mut waiting: Vec<PollFd<'_>> = attempts.iter().map(|attempt| PollFd::new(attempt, PollFlags::OUT)).collect();
    let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
    match poll(&mut waiting, limit.as_ref()) {
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// How an attempt ended; `None` while it goes on.
fn outcome(attempt: &OwnedFd) -> io::Result<Option<Result<(), Errno>>> {
    let mut state = [PollFd::new(attempt, PollFlags::OUT)];
    match poll(&mut state, Some(&Timespec::default())) {
        Ok(0) | Err(Errno::INTR) => Ok(None),
        Ok(_) => Ok(Some(socket_error(attempt)?)),
        Err(error) => Err(error.into()),
    }
}

fn ready(connected: OwnedFd) -> io::Result<TcpStream> {
    let stream = TcpStream::from(connected);
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// A connection that reads and writes within limits of time.
#[derive(Debug)]
pub(super) struct Tcp {
    stream: TcpStream,
    buffers: GrowingBuffers,
    /// The limits that the system knows of: telling it the same again costs a call.
    read_limit: Option<Duration>,
    write_limit: Option<Duration>,
}

impl Tcp {
    pub(super) fn new(stream: TcpStream, buffers: GrowingBuffers) -> Tcp {
        Tcp { stream, buffers, read_limit: None, write_limit: None }
    }
}

impl Transport for Tcp {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let timeout = timeout.for_write();
        let limit = remaining(&timeout)?;
        if limit != self.write_limit {
            self.stream.set_write_timeout(limit)?;
            self.write_limit = limit;
        }
        self.stream.write_all(&self.buffers.output()[..amount]).map_err(|error| in_time(error, &timeout))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let timeout = timeout.for_read();
        let mut limit = remaining(&timeout)?;
        let started = Instant::now();
        loop {
            if limit != self.read_limit {
                self.stream.set_read_timeout(limit)?;
                self.read_limit = limit;
            }
            match self.stream.read(self.buffers.input_append_buf()) {
                Ok(amount) => {
                    self.buffers.input_appended(amount);
                    return Ok(amount > 0);
                }
                // Linux does not take up a read with a limit again by itself (signal(7)).
                Err(error) if error.kind() == ErrorKind::Interrupted => {
                    limit = limit.map(|limit| limit.saturating_sub(started.elapsed()));
                    if limit.is_some_and(|limit| limit.is_zero()) {
                        return Err(ureq::Error::Timeout(timeout.reason));
                    }
                }
                Err(error) => return Err(in_time(error, &timeout)),
            }
        }
    }

    /// Whether it is idle: a server that has closed it, or says something unasked, is asked on another one.
    fn is_open(&mut self) -> bool {
        let is_idle = |stream: &TcpStream| match stream.peek(&mut [0]) {
            Err(error) => error.kind() == ErrorKind::WouldBlock,
            Ok(_) => false,
        };
        self.stream.set_nonblocking(true).is_ok() && is_idle(&self.stream) && self.stream.set_nonblocking(false).is_ok()
    }
}

/// What is left of the time; none at all is a timeout, because the system would take it for no limit.
fn remaining(timeout: &NextTimeout) -> Result<Option<Duration>, ureq::Error> {
    if timeout.after.is_zero() {
        return Err(ureq::Error::Timeout(timeout.reason));
    }
    Ok(timeout.not_zero().map(|limit| *limit))
}

fn in_time(error: io::Error, timeout: &NextTimeout) -> ureq::Error {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => ureq::Error::Timeout(timeout.reason),
        _ => ureq::Error::Io(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    fn listener() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    /// A port where nobody listens.
    fn refusing() -> SocketAddr {
        listener().1
    }

    #[test]
    fn families_take_turns() {
        let parse = |text: &str| text.split(' ').map(|one| one.parse().unwrap()).collect::<Vec<SocketAddr>>();
        for (given, tried) in [
            ("[::1]:1 [::2]:1 [::3]:1 1.1.1.1:1 2.2.2.2:1", "[::1]:1 1.1.1.1:1 [::2]:1 2.2.2.2:1 [::3]:1"),
            ("1.1.1.1:1 [::1]:1 [::2]:1 [::3]:1", "1.1.1.1:1 [::1]:1 [::2]:1 [::3]:1"),
            ("1.1.1.1:1 2.2.2.2:1", "1.1.1.1:1 2.2.2.2:1"),
        ] {
            assert_eq!(alternating(&parse(given)), parse(tried));
        }
        assert!(alternating(&[]).is_empty());
    }

    #[test]
    fn an_address_that_refuses_or_never_answers_holds_nobody_up() {
        let (_living, address) = listener();
        // A queue of no length that is full: the system leaves whoever comes next without an answer.
        let dead = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
        rustix::net::bind(&dead, &"127.0.0.1:0".parse::<SocketAddr>().unwrap()).unwrap();
        rustix::net::listen(&dead, 0).unwrap();
        let silent = SocketAddr::try_from(rustix::net::getsockname(&dead).unwrap()).unwrap();
        let _queue: Vec<OwnedFd> = (0..4).map(|_| begin(silent).unwrap()).collect();

        let minute = Duration::from_secs(60);
        for addresses in
            [vec![address], vec![refusing(), address], vec![silent, address], vec![silent, refusing(), address]]
        {
            let stream = open(&addresses, minute).unwrap();
            assert_eq!(stream.peer_addr().unwrap(), address, "{addresses:?}");
        }
        let error = open(&[silent, refusing()], Duration::from_millis(300)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert_eq!(open(&[refusing(), refusing()], minute).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    }
}
