//! Signals of the system, caught in one place.

pub(crate) use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;
use std::io;
use std::sync::mpsc::channel;

/// From now to the end of the program calls `handle` for each of these signals, on a thread of its own.
///
/// # Errors
/// The system does not let them be caught, or gives no thread.
pub(crate) fn on(signals: &[i32], handle: impl FnMut(i32) + Send + 'static) -> io::Result<()> {
    // The thread first: a signal that is caught and that nobody looks at does nothing at all.
    let (sender, caught) = channel::<Signals>();
    std::thread::Builder::new().spawn(move || {
        if let Ok(mut signals) = caught.recv() {
            signals.forever().for_each(handle);
        }
    })?;
    // The thread waits for nothing else.
    let _ = sender.send(Signals::new(signals)?);
    Ok(())
}

/// Stops the process until it is continued, as Ctrl-Z does where nothing catches it.
///
/// # Errors
/// The system does not let it.
pub(crate) fn stop() -> io::Result<()> {
    signal_hook::low_level::emulate_default_handler(SIGTSTP)
}
