//! Signals of the system, caught in one place.

pub(crate) use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;
use std::io;

/// From now to the end of the program calls `handle` for each of these signals, on a thread of its own.
///
/// # Errors
/// The system does not let them be caught, or gives no thread.
pub(crate) fn on(signals: &[i32], handle: impl FnMut(i32) + Send + 'static) -> io::Result<()> {
    let mut signals = Signals::new(signals)?;
    std::thread::Builder::new().spawn(move || signals.forever().for_each(handle)).map(drop)
}
