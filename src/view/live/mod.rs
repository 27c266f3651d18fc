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
pub use list::ListOptions;

use super::answer::Kind;
use super::options::ViewError;
use super::watch::{View, WatchAnswer};
use crate::style::Paint;
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
    view: View,
    /// Which of the deployments that are shown, counted from 0.
    place: usize,
    /// Of cluster, rules and resources.
    lists: [List; 3],
    history: History,
    help: bool,
    /// The filter that is being typed, and why it is refused.
    typing: Option<FilterInput>,
    size: Size,
}

/// A filter while it is typed.
#[derive(Debug, Default)]
struct FilterInput {
    text: String,
    refused: Option<String>,
    /// What it was.
    before: String,
}

/// What there is to show, and how the loop behind it stands.
#[derive(Debug)]
pub struct Scene<'a> {
    pub watch: &'a WatchAnswer,
    pub now: Timestamp,
    pub interval: Duration,
    pub paused: bool,
    /// The condition that is waited for, and how it stands.
    pub until: Option<String>,
}

/// What a key asks of the event loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Quit,
    /// Ctrl-C.
    Interrupt,
    /// Pauses, or goes on.
    Pause,
    Faster,
    Slower,
    /// Asks now.
    Refresh,
}

impl Live {
    /// The screen at its beginning. `options` are about the rows of the view that is watched.
    ///
    /// # Errors
    /// Columns, an order or a filter that cannot be.
    pub fn new(view: View, paint: Paint, options: &ListOptions<'_>) -> Result<Live, ViewError> {
        let list = |kind| {
            let none = ListOptions::default();
            List::new(kind, if view == View::Rows(kind) { options } else { &none })
        };
        Ok(Live {
            paint,
            view,
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
    pub fn press(&mut self, key: Key, watch: &WatchAnswer) -> Option<Action> {
        match key {
            Key::Ctrl('c') => return Some(Action::Interrupt),
            _ if self.typing.is_some() => self.type_filter(key, watch),
            _ if self.help => {
                self.help = false;
                if key == Key::Char('q') {
                    return Some(Action::Quit);
                }
            }
            Key::Char('q') | Key::Ctrl('d') => return Some(Action::Quit),
            Key::Char(' ') => return Some(Action::Pause),
            Key::Char('+' | '=') => return Some(Action::Faster),
            Key::Char('-') => return Some(Action::Slower),
            Key::Char('r') | Key::Ctrl('r' | 'l') => return Some(Action::Refresh),
            Key::Char('?' | 'h') => self.help = true,
            Key::Char('1' | 'o') => self.show(View::Overview, watch),
            Key::Char('2' | 'c') => self.show(View::Rows(Kind::Cluster), watch),
            Key::Char('3' | 'u') => self.show(View::Rows(Kind::Rules), watch),
            Key::Char('4' | 'e') => self.show(View::Rows(Kind::Resources), watch),
            Key::Tab | Key::Right => self.turn(1, watch),
            Key::BackTab | Key::Left => self.turn(VIEWS.len() - 1, watch),
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
        match (scene.watch.answer.reports.get(self.place), scene.watch.states.get(self.place)) {
            (Some(report), Some(state)) => match self.shown_list() {
                None => overview::draw(&mut part, self, scene, report, state),
                Some(list) => list.draw(&mut part, report, state),
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
                self.typing = Some(FilterInput { before: text.clone(), text, refused: None });
                return;
            }
            Key::Escape => return drop(self.choose("", watch)),
            _ => return,
        }
        self.refresh(watch);
    }

    fn show(&mut self, view: View, watch: &WatchAnswer) {
        self.view = view;
        self.refresh(watch);
    }

    fn turn(&mut self, by: usize, watch: &WatchAnswer) {
        let at = VIEWS.iter().position(|view| *view == self.view).unwrap_or_default();
        self.show(VIEWS.get((at + by) % VIEWS.len()).copied().unwrap_or(View::Overview), watch);
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
        let is_overview = self.view == View::Overview;
        let [_, rules, resources] = &mut self.lists;
        // The overview shows the beginnings of both.
        let lists = if is_overview { vec![rules, resources] } else { self.list().into_iter().collect() };
        for list in lists {
            match watch.answer.reports.get(place) {
                Some(report) => list.refresh(report, watch.states.get(place).map(|state| &state.judgement)),
                None => list.clear(),
            }
            list.fit(page);
        }
    }

    fn list(&mut self) -> Option<&mut List> {
        let [cluster, rules, resources] = &mut self.lists;
        match self.view {
            View::Overview => None,
            View::Rows(Kind::Cluster) => Some(cluster),
            View::Rows(Kind::Rules) => Some(rules),
            View::Rows(Kind::Resources) => Some(resources),
        }
    }

    fn shown_list(&self) -> Option<&List> {
        let [cluster, rules, resources] = &self.lists;
        match self.view {
            View::Overview => None,
            View::Rows(Kind::Cluster) => Some(cluster),
            View::Rows(Kind::Rules) => Some(rules),
            View::Rows(Kind::Resources) => Some(resources),
        }
    }

    /// How many rows are on the screen.
    fn page(&self) -> usize {
        List::page(usize::from(self.size.height).saturating_sub(HEAD + FOOT))
    }
}

/// In the order of their keys.
const VIEWS: [View; 4] =
    [View::Overview, View::Rows(Kind::Cluster), View::Rows(Kind::Rules), View::Rows(Kind::Resources)];
/// Lines above what a view shows.
const HEAD: usize = 3;
/// And below.
const FOOT: usize = 1;
/// Nobody types more.
const LONGEST_FILTER: usize = 200;
