//! Signals, turned into events so that they end every wait.

use super::Event;
use std::sync::mpsc::Sender;

/// Listens until the program's end. SIGINT, SIGTERM and SIGHUP mean to stop, SIGWINCH that the terminal has another size.
///
/// # Errors
/// The system does not let them be caught.
#[cfg(unix)]
pub fn listen(events: &Sender<Event>) -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGWINCH};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP, SIGWINCH])?;
    let events = events.clone();
    let forward = move || {
        for signal in signals.forever() {
            let event = if signal == SIGWINCH { Event::Resized } else { Event::Stop };
            if events.send(event).is_err() {
                return;
            }
        }
    };
    std::thread::Builder::new().spawn(forward).map(drop)
}

/// Where there are no signals the system ends the program.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn listen(_events: &Sender<Event>) -> std::io::Result<()> {
    Ok(())
}
