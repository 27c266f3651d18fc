//! The full screen: draws every tick, hands keys on, and keeps what is shown in step with the clock.

use super::follow::Followed;
use super::terminal::{Frames, Taken, size};
use super::{Audience, Event, Pace};
use crate::view::live::{Act, Key, Keyboard, Live, Scene};
use jiff::Timestamp;
use ratatui_core::terminal::Terminal;
use std::io::{self, Read};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

/// Everything that stands on the terminal.
pub struct Screen {
    live: Live,
    keyboard: Keyboard,
    terminal: Terminal<Frames>,
    /// When an escape is a key by itself.
    settles: Option<Instant>,
    /// When ages are told anew.
    next: Instant,
    _taken: Taken,
}

/// What follows an escape that begins a key comes at once.
const ESCAPE: Duration = Duration::from_millis(50);
/// Ages are told in seconds.
const AGES: Duration = Duration::from_secs(1);

impl Screen {
    /// Takes the terminal over, and listens to its keys.
    ///
    /// # Errors
    /// The terminal lets nobody, or the system gives no thread.
    pub fn open(mut live: Live, events: &Sender<Event>) -> io::Result<Screen> {
        let taken = Taken::take()?;
        live.resize(size());
        let events = events.clone();
        std::thread::Builder::new().spawn(move || listen(&events))?;
        let terminal = Terminal::new(Frames::default())?;
        Ok(Screen { live, keyboard: Keyboard::default(), terminal, settles: None, next: Instant::now(), _taken: taken })
    }

    fn draw(&mut self, followed: &Followed, pace: &Pace<'_>) -> io::Result<()> {
        self.next = Instant::now() + AGES;
        let scene = Scene {
            watch: &followed.shown,
            now: Timestamp::now(),
            interval: pace.interval,
            paused: pace.paused,
            until: pace.until.as_deref(),
        };
        let live = &self.live;
        self.terminal.draw(|frame| live.draw(frame.buffer_mut(), &scene)).map(drop)
    }

    fn press(&mut self, keys: Vec<Key>, followed: &Followed, pace: &Pace<'_>) -> io::Result<Vec<Act>> {
        let mut acts = Vec::new();
        for key in keys {
            match self.live.press(key, &followed.shown) {
                Some(Act::Suspend) => self.suspend()?,
                act => acts.extend(act),
            }
        }
        self.draw(followed, pace)?;
        Ok(acts)
    }

    /// Gives the terminal back until the program is woken up again.
    fn suspend(&mut self) -> io::Result<()> {
        #[cfg(unix)]
        {
            super::terminal::restore();
            signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
            self._taken = Taken::take()?;
            self.terminal.clear()?;
        }
        Ok(())
    }
}

impl Audience for Screen {
    fn show(&mut self, followed: &Followed, pace: &Pace<'_>) -> io::Result<()> {
        self.live.take(&followed.shown);
        self.draw(followed, pace)
    }

    fn keys(&mut self, bytes: &[u8], followed: &Followed, pace: &Pace<'_>) -> io::Result<Vec<Act>> {
        let keys = self.keyboard.feed(bytes);
        self.settles = self.keyboard.is_waiting().then(|| Instant::now() + ESCAPE);
        self.press(keys, followed, pace)
    }

    fn wake(&mut self, followed: &Followed, pace: &Pace<'_>) -> io::Result<Vec<Act>> {
        let now = Instant::now();
        let settled = self.settles.is_some_and(|at| at <= now);
        if settled {
            self.settles = None;
            let key = self.keyboard.settle();
            return self.press(key.into_iter().collect(), followed, pace);
        }
        if self.next <= now {
            self.draw(followed, pace)?;
        }
        Ok(Vec::new())
    }

    fn resized(&mut self, followed: &Followed, pace: &Pace<'_>) -> io::Result<()> {
        self.live.resize(size());
        self.draw(followed, pace)
    }

    fn wakes(&self) -> Option<Instant> {
        Some(self.settles.map_or(self.next, |settles| settles.min(self.next)))
    }
}

/// Hands on what is typed. Where nothing can be read any more the terminal is gone.
fn listen(events: &Sender<Event>) {
    let mut bytes = [0; 1024];
    let mut keyboard = io::stdin().lock();
    loop {
        let event = match keyboard.read(&mut bytes) {
            Ok(count @ 1..) => Event::Typed(bytes.get(..count).unwrap_or_default().to_vec()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Ok(0) | Err(_) => Event::Stop,
        };
        let is_end = matches!(event, Event::Stop);
        if events.send(event).is_err() || is_end {
            return;
        }
    }
}
