//! The live screen: what `watch` shows on a terminal.
//!
//! [`Live`] is everything that keys change. [`Live::take`] learns what a tick brought, [`Live::press`] what a key means, and
//! [`Live::draw`] makes a picture of it: a function of the state, the answer and the size of the screen, which tests
//! draw into memory. Who owns the terminal, reads its keys and keeps the time is [`crate::command::watch`].

mod canvas;
mod columns;
mod head;
mod help;
mod history;
mod key;
mod list;
mod overview;

pub use history::KEPT;
pub use key::{Key, Keyboard};
pub use list::Given;

use super::answer::Kind;
use super::settings::RequestError;
use super::style::Paint;
use super::watch::{Sight, WatchAnswer};
use canvas::Canvas;
use history::History;
use jiff::Timestamp;
use list::List;
use ratatui_core::buffer::Buffer;
use ratatui_core::layout::{Rect, Size};
use std::time::Duration;

/// What keys have made of the screen.
pub struct Live {
    paint: Paint,
    sight: Sight,
    /// Which of the deployments that are shown, counted from 0.
    place: usize,
    /// Of cluster, rules and resources.
    lists: [List; 3],
    history: History,
    help: bool,
    /// The filter that is being typed, and why it is refused.
    typing: Option<Typing>,
    size: Size,
}

/// A filter while it is typed.
#[derive(Debug, Default)]
struct Typing {
    text: String,
    refused: Option<String>,
    /// What it was.
    before: String,
}

/// What is drawn beside the state: it is not the screen's to change.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    pub watch: &'a WatchAnswer,
    pub now: Timestamp,
    pub interval: Duration,
    pub paused: bool,
    /// What is waited for: a sentence that says how it stands.
    pub until: Option<&'a str>,
}

/// What a key asks of whoever keeps the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Quit,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-Z.
    Suspend,
    /// Stops, or goes on.
    Pause,
    Faster,
    Slower,
    /// Asks now.
    Refresh,
}

impl Live {
    /// The screen at its beginning. `given` is about the rows of the view that is watched.
    ///
    /// # Errors
    /// Columns, an order or a filter that cannot be.
    pub fn new(sight: Sight, paint: Paint, given: &Given<'_>) -> Result<Live, RequestError> {
        let list = |kind| {
            List::new(
                kind,
                if sight == Sight::View(kind) { given } else { &Given { columns: &[], sort: None, filter: &[] } },
            )
        };
        Ok(Live {
            paint,
            sight,
            place: 0,
            lists: [list(Kind::Cluster)?, list(Kind::Rules)?, list(Kind::Resources)?],
            history: History::default(),
            help: false,
            typing: None,
            size: Size::new(80, 24),
        })
    }

    /// Learns what a tick brought.
    pub fn take(&mut self, watch: &WatchAnswer) {
        self.history.add(watch);
        self.place = self.place.min(watch.answer.reports.len().saturating_sub(1));
        self.refresh(watch);
    }

    /// Learns how large the screen is.
    pub fn resize(&mut self, size: Size) {
        self.size = size;
        let page = self.page();
        if let Some(list) = self.list() {
            list.fit(page);
        }
    }

    /// What a key means; what it asks of others.
    pub fn press(&mut self, key: Key, watch: &WatchAnswer) -> Option<Act> {
        match key {
            Key::Ctrl('c') => return Some(Act::Interrupt),
            Key::Ctrl('z') => return Some(Act::Suspend),
            _ if self.typing.is_some() => self.type_filter(key, watch),
            _ if self.help => {
                self.help = false;
                if key == Key::Char('q') {
                    return Some(Act::Quit);
                }
            }
            Key::Char('q') | Key::Ctrl('d') => return Some(Act::Quit),
            Key::Char(' ') => return Some(Act::Pause),
            Key::Char('+' | '=') => return Some(Act::Faster),
            Key::Char('-') => return Some(Act::Slower),
            Key::Char('r') | Key::Ctrl('r' | 'l') => return Some(Act::Refresh),
            Key::Char('?' | 'h') => self.help = true,
            Key::Char('1' | 'o') => self.show(Sight::Overview, watch),
            Key::Char('2' | 'c') => self.show(Sight::View(Kind::Cluster), watch),
            Key::Char('3' | 'u') => self.show(Sight::View(Kind::Rules), watch),
            Key::Char('4' | 'e') => self.show(Sight::View(Kind::Resources), watch),
            Key::Tab | Key::Right => self.turn(1, watch),
            Key::BackTab | Key::Left => self.turn(SIGHTS.len() - 1, watch),
            Key::Char('n' | ']') => self.go(1, watch),
            Key::Char('p' | '[') => self.go(watch.answer.reports.len().saturating_sub(1), watch),
            key => self.look(key, watch),
        }
        None
    }

    /// Draws the screen.
    pub fn draw(&self, buffer: &mut Buffer, scene: &Scene<'_>) {
        let area = buffer.area;
        let mut canvas = Canvas { buffer, area: Rect { x: 0, y: 0, ..area }, paint: self.paint };
        let (width, height) = (canvas.width(), canvas.height());
        head::draw(&mut canvas.part(0, 0, width, HEAD), self, scene);
        let body = height.saturating_sub(HEAD + FOOT);
        let mut part = canvas.part(0, HEAD, width, body);
        match (scene.watch.answer.reports.get(self.place), scene.watch.watched.get(self.place)) {
            (Some(report), Some(watched)) => match self.of_sight() {
                None => overview::draw(&mut part, self, scene, report, watched),
                Some(list) => list.draw(&mut part, report, watched),
            },
            _ => head::draw_waiting(&mut part, scene),
        }
        if self.help {
            help::draw(&mut canvas.part(0, HEAD, width, body));
        }
        head::draw_foot(&mut canvas.part(0, height.saturating_sub(FOOT), width, FOOT), self);
    }

    /// How many ticks are remembered in all: a bound on what it holds.
    pub fn remembered(&self) -> usize {
        self.history.len()
    }

    fn type_filter(&mut self, key: Key, watch: &WatchAnswer) {
        let Some(mut typing) = self.typing.take() else { return };
        match key {
            Key::Enter if typing.refused.is_none() => return,
            Key::Enter => {}
            Key::Escape => {
                let before = std::mem::take(&mut typing.before);
                self.choose(&before, watch);
                return;
            }
            Key::Backspace => drop(typing.text.pop()),
            Key::Ctrl('u') => typing.text.clear(),
            Key::Char(c) if typing.text.len() < LONGEST_FILTER => typing.text.push(c),
            _ => {}
        }
        typing.refused = self.choose(&typing.text, watch);
        self.typing = Some(typing);
    }

    /// Chooses rows; why not, where it is refused.
    fn choose(&mut self, text: &str, watch: &WatchAnswer) -> Option<String> {
        let refused = self.list()?.choose(text).err();
        self.refresh(watch);
        refused
    }

    fn look(&mut self, key: Key, watch: &WatchAnswer) {
        let page = self.page();
        let Some(list) = self.list() else { return };
        let step = isize::try_from(page.saturating_sub(1).max(1)).unwrap_or(1);
        // Whoever scrolls sees the same rows in the same order: nothing is to be worked out.
        match key {
            Key::Down | Key::Char('j') => return list.scroll(1, page),
            Key::Up | Key::Char('k') => return list.scroll(-1, page),
            Key::PageDown | Key::Ctrl('f') => return list.scroll(step, page),
            Key::PageUp | Key::Ctrl('b') => return list.scroll(-step, page),
            Key::Home | Key::Char('g') => return list.scroll(isize::MIN, page),
            Key::End | Key::Char('G') => return list.scroll(isize::MAX, page),
            Key::Char('s') => list.sort_by_next(true),
            Key::Char('S') => list.sort_by_next(false),
            Key::Char('R') => list.turn(),
            Key::Char('/') => {
                let text = list.filter().to_owned();
                self.typing = Some(Typing { before: text.clone(), text, refused: None });
                return;
            }
            Key::Escape => return drop(self.choose("", watch)),
            _ => return,
        }
        self.refresh(watch);
    }

    fn show(&mut self, sight: Sight, watch: &WatchAnswer) {
        self.sight = sight;
        self.refresh(watch);
    }

    fn turn(&mut self, by: usize, watch: &WatchAnswer) {
        let at = SIGHTS.iter().position(|sight| *sight == self.sight).unwrap_or_default();
        self.show(SIGHTS.get((at + by) % SIGHTS.len()).copied().unwrap_or(Sight::Overview), watch);
    }

    /// Goes on by so many deployments.
    fn go(&mut self, by: usize, watch: &WatchAnswer) {
        let count = watch.answer.reports.len().max(1);
        self.place = (self.place + by) % count;
        self.refresh(watch);
    }

    /// Works out anew what is shown.
    fn refresh(&mut self, watch: &WatchAnswer) {
        let (place, page) = (self.place, self.page());
        let is_overview = self.sight == Sight::Overview;
        let [_, rules, resources] = &mut self.lists;
        // The overview shows the beginnings of both.
        let lists = if is_overview { vec![rules, resources] } else { self.list().into_iter().collect() };
        for list in lists {
            match watch.answer.reports.get(place) {
                Some(report) => list.refresh(report),
                None => list.clear(),
            }
            list.fit(page);
        }
    }

    fn list(&mut self) -> Option<&mut List> {
        let [cluster, rules, resources] = &mut self.lists;
        match self.sight {
            Sight::Overview => None,
            Sight::View(Kind::Cluster) => Some(cluster),
            Sight::View(Kind::Rules) => Some(rules),
            Sight::View(Kind::Resources) => Some(resources),
        }
    }

    fn of_sight(&self) -> Option<&List> {
        let [cluster, rules, resources] = &self.lists;
        match self.sight {
            Sight::Overview => None,
            Sight::View(Kind::Cluster) => Some(cluster),
            Sight::View(Kind::Rules) => Some(rules),
            Sight::View(Kind::Resources) => Some(resources),
        }
    }

    /// How many rows are on the screen.
    fn page(&self) -> usize {
        List::page(usize::from(self.size.height).saturating_sub(HEAD + FOOT))
    }
}

/// In the order of their keys.
const SIGHTS: [Sight; 4] =
    [Sight::Overview, Sight::View(Kind::Cluster), Sight::View(Kind::Rules), Sight::View(Kind::Resources)];
/// Lines above what a view shows.
const HEAD: usize = 3;
/// And below.
const FOOT: usize = 1;
/// Nobody types more.
const LONGEST_FILTER: usize = 200;
