//! The full screen: draws every tick, takes keys, and keeps the ages of what is shown in step with the clock.

use super::event_loop::{Event, Frontend};
use super::terminal::{Terminal, size};
use crate::view::live::{Action, Key, Keyboard, Live, Scene};
use std::io::{self, Read};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

/// The live screen on the terminal.
pub(super) struct FullScreen {
    live: Live,
    keyboard: Keyboard,
    terminal: Terminal,
    /// When an escape is a key by itself.
    escape: Option<Instant>,
    /// When the screen is drawn anew though nothing happens.
    redraw: Instant,
}

/// What follows an escape that begins a key comes at once.
const ESCAPE: Duration = Duration::from_millis(50);
/// Ages are shown in seconds.
const AGES: Duration = Duration::from_secs(1);

impl FullScreen {
    /// Takes the terminal over, and reads its keys.
    ///
    /// # Errors
    /// The terminal does not let itself be taken over, or the system gives no thread.
    pub(super) fn open(mut live: Live, events: Sender<Event>) -> io::Result<FullScreen> {
        let terminal = Terminal::enter()?;
        live.resize(size());
        std::thread::Builder::new().spawn(move || read_keys(&events))?;
        Ok(FullScreen { live, keyboard: Keyboard::default(), terminal, escape: None, redraw: Instant::now() })
    }

    fn draw(&mut self, scene: &Scene<'_>) -> io::Result<()> {
        self.redraw = Instant::now() + AGES;
        let live = &self.live;
        self.terminal.draw(|buffer| live.draw(buffer, scene))
    }

    fn press(&mut self, keys: impl IntoIterator<Item = Key>, scene: &Scene<'_>) -> io::Result<Vec<Action>> {
        let mut actions = Vec::new();
        for key in keys {
            match key {
                Key::Ctrl('z') => self.terminal.suspend()?,
                key => actions.extend(self.live.press(key, scene.watch)),
            }
        }
        self.draw(scene)?;
        Ok(actions)
    }
}

impl Frontend for FullScreen {
    fn show(&mut self, scene: &Scene<'_>) -> io::Result<()> {
        self.live.take(scene.watch);
        self.draw(scene)
    }

    fn input(&mut self, bytes: &[u8], scene: &Scene<'_>) -> io::Result<Vec<Action>> {
        let keys = self.keyboard.feed(bytes);
        self.escape = self.keyboard.is_waiting().then(|| Instant::now() + ESCAPE);
        self.press(keys, scene)
    }

    fn wake(&mut self, scene: &Scene<'_>) -> io::Result<Vec<Action>> {
        let now = Instant::now();
        if self.escape.take_if(|at| *at <= now).is_some() {
            let key = self.keyboard.settle();
            return self.press(key, scene);
        }
        if self.redraw <= now {
            self.draw(scene)?;
        }
        Ok(Vec::new())
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.terminal.suspend()
    }

    fn resume(&mut self) -> io::Result<()> {
        self.terminal.resume()
    }

    fn redraw(&mut self, scene: &Scene<'_>) -> io::Result<()> {
        self.live.resize(size());
        self.draw(scene)
    }

    fn wakes(&self) -> Option<Instant> {
        Some(self.escape.map_or(self.redraw, |escape| escape.min(self.redraw)))
    }
}

/// Passes on what is typed. Where nothing can be read any more the terminal is gone.
fn read_keys(events: &Sender<Event>) {
    let mut bytes = [0; 1024];
    let mut keyboard = io::stdin().lock();
    loop {
        let event = match keyboard.read(&mut bytes) {
            Ok(count @ 1..) => Event::Typed(bytes.iter().take(count).copied().collect()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Ok(0) | Err(_) => Event::Stop,
        };
        let is_end = matches!(event, Event::Stop);
        if events.send(event).is_err() || is_end {
            return;
        }
    }
}
