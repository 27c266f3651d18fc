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
mod steady;

pub use history::KEPT;
pub use key::{Key, Keyboard};
pub use list::ListOptions;

use super::answer::Kind;
use super::options::ViewError;
use super::watch::{DeploymentState, View, WatchAnswer};
use crate::source::Report;
use crate::style::{Paint, Role};
use crate::view;
use canvas::Canvas;
use history::History;
use jiff::Timestamp;
use list::List;
use ratatui_core::buffer::Buffer;
use ratatui_core::layout::{Rect, Size};
use std::time::Duration;
use steady::Steady;

/// What keys have made of the screen.
pub struct Live {
    paint: Paint,
    view: View,
    /// Whether there are several deployments, and so a list of them.
    several: bool,
    /// Which of the deployments that are shown, counted from 0.
    place: usize,
    /// The same by its address and id: it stays where it is when others come and go.
    chosen: Option<Deployment>,
    /// Of deployments, cluster, rules and resources.
    lists: [List; 4],
    /// How far the sections of the cluster are scrolled.
    scrolled: usize,
    history: History,
    steady: Steady,
    help: bool,
    /// The filter that is being typed, and why it is refused.
    typing: Option<FilterInput>,
    size: Size,
}

/// Which of the addresses, and the deployment's id.
type Deployment = (usize, Option<String>);

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
    pub fn new(view: View, several: bool, paint: Paint, options: &ListOptions<'_>) -> Result<Live, ViewError> {
        let list = |kind| {
            let none = ListOptions::default();
            List::new(kind, if view == View::Rows(kind) { options } else { &none })
        };
        Ok(Live {
            paint,
            // Where there are several, all of them come first.
            view: if several && view == View::Overview { View::Rows(Kind::Deployments) } else { view },
            several,
            place: 0,
            chosen: None,
            lists: [list(Kind::Deployments)?, list(Kind::Cluster)?, list(Kind::Rules)?, list(Kind::Resources)?],
            scrolled: 0,
            history: History::default(),
            steady: Steady::default(),
            help: false,
            typing: None,
            size: Size::new(80, 24),
        })
    }

    /// Learns what a tick brought.
    pub fn take(&mut self, watch: &WatchAnswer) {
        self.history.add(watch);
        self.steady.add(watch);
        let id = |report: &Report| (report.index, report.snapshot.identity.deployment_id.clone());
        let reports = &watch.answer.reports;
        // One that answers for the first time has an id from then on.
        let same = |chosen: &Deployment| reports.iter().position(|report| id(report) == *chosen);
        let near = |chosen: &Deployment| reports.iter().position(|report| report.index == chosen.0);
        let place = self.chosen.as_ref().and_then(|chosen| same(chosen).or_else(|| near(chosen)));
        self.choose_place(place.unwrap_or(self.place), watch);
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
            Key::Char('0' | 'd') if self.several => self.show(View::Rows(Kind::Deployments), watch),
            Key::Enter if self.view == View::Rows(Kind::Deployments) => self.show(View::Overview, watch),
            Key::Escape if self.several && self.list().is_none_or(|list| list.filter().is_empty()) => {
                self.show(View::Rows(Kind::Deployments), watch);
            }
            Key::Char('1' | 'o') => self.show(View::Overview, watch),
            Key::Char('2' | 'c') => self.show(View::Rows(Kind::Cluster), watch),
            Key::Char('3' | 'u') => self.show(View::Rows(Kind::Rules), watch),
            Key::Char('4' | 'e') => self.show(View::Rows(Kind::Resources), watch),
            Key::Tab | Key::Right => self.turn(1, watch),
            Key::BackTab | Key::Left => self.turn(self.views().len() - 1, watch),
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
        let shown = scene.watch.answer.reports.get(self.place).zip(scene.watch.states.get(self.place));
        match (shown.filter(|(report, _)| report.has_answered()), self.shown_list()) {
            (_, Some(list)) if self.view == View::Rows(Kind::Deployments) && !scene.watch.states.is_empty() => {
                list.draw(&mut part, scene.watch, self.place);
            }
            (None, _) => head::draw_waiting(&mut part, scene, shown.map(|(report, _)| report.index)),
            (Some((report, state)), Some(list)) if self.view == View::Rows(Kind::Cluster) && list.is_plain() => {
                self.draw_sections(&mut part, report, state);
            }
            (Some(_), Some(list)) => list.draw(&mut part, scene.watch, self.place),
            (Some((report, state)), None) => overview::draw(&mut part, self, scene, report, state),
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

    /// Sections as `cluster` has them, with rates, scrolled.
    fn draw_sections(&self, canvas: &mut Canvas<'_>, report: &Report, state: &DeploymentState) {
        let width = canvas.width();
        let lines = view::overview::sections(report, &state.judgement, state.before.as_ref(), width);
        let room = canvas.height().saturating_sub(1);
        let first = self.scrolled.min(lines.len().saturating_sub(room));
        for (y, line) in lines.iter().skip(first).take(room).enumerate() {
            for (x, (text, role)) in line {
                canvas.text(*x, y, *role, text);
            }
        }
        let last = (first + room).min(lines.len());
        let told = format!("lines {}-{last} of {}; / lists every metric", first + 1, lines.len());
        canvas.text(0, room, Role::Muted, &told);
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
        let is_without = typing.refused.is_none() && self.list().is_some_and(|list| list.is_unfinished());
        if is_without {
            // What is not yet a condition, and no part of a name, leaves the rows as they are.
            self.choose("", watch);
            typing.refused = Some("no row has that in its name".to_owned());
        }
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
        let step = isize::try_from(page.saturating_sub(1).max(1)).unwrap_or(1);
        let by = match key {
            Key::Down | Key::Char('j') => Some(1),
            Key::Up | Key::Char('k') => Some(-1),
            Key::PageDown | Key::Ctrl('f') => Some(step),
            Key::PageUp | Key::Ctrl('b') => Some(-step),
            Key::Home | Key::Char('g') => Some(isize::MIN),
            Key::End | Key::Char('G') => Some(isize::MAX),
            _ => None,
        };
        if let (Some(by), View::Rows(Kind::Deployments)) = (by, self.view) {
            let [deployments, ..] = &mut self.lists;
            let place = deployments.step(self.place, by);
            deployments.follow(place, page.saturating_sub(1));
            return self.choose_place(place, watch);
        }
        if let (Some(by), View::Rows(Kind::Cluster)) = (by, self.view) {
            // There are no more lines than metrics and titles.
            self.scrolled = self.scrolled.saturating_add_signed(by).min(LONGEST_PAGE);
        }
        let Some(list) = self.list() else { return };
        // Whoever scrolls sees the same rows in the same order: nothing is to be worked out.
        if let Some(by) = by {
            return list.scroll(by, page);
        }
        match key {
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

    /// The views that there are, in the order of their keys.
    fn views(&self) -> &'static [View] {
        if self.several { &VIEWS } else { &VIEWS[1..] }
    }

    fn turn(&mut self, by: usize, watch: &WatchAnswer) {
        let views = self.views();
        let at = views.iter().position(|view| *view == self.view).unwrap_or_default();
        self.show(views.get((at + by) % views.len()).copied().unwrap_or(View::Overview), watch);
    }

    /// Goes on by so many deployments, in the order in which they were named.
    fn go(&mut self, by: usize, watch: &WatchAnswer) {
        let count = watch.answer.reports.len().max(1);
        self.choose_place((self.place + by) % count, watch);
        self.refresh(watch);
    }

    fn choose_place(&mut self, place: usize, watch: &WatchAnswer) {
        self.place = place.min(watch.answer.reports.len().saturating_sub(1));
        let report = watch.answer.reports.get(self.place);
        self.chosen = report.map(|report| (report.index, report.snapshot.identity.deployment_id.clone()));
    }

    /// Works out anew what is shown.
    fn refresh(&mut self, watch: &WatchAnswer) {
        let (place, page) = (self.place, self.page());
        let view = self.view;
        let [deployments, _, rules, resources] = &mut self.lists;
        let lists = match view {
            // The overview shows the beginnings of both.
            View::Overview => vec![rules, resources],
            View::Rows(Kind::Deployments) => vec![deployments],
            View::Rows(_) => self.list().into_iter().collect(),
        };
        for list in lists {
            list.refresh(watch, place);
            list.fit(page);
        }
        if view == View::Rows(Kind::Deployments) {
            let [deployments, ..] = &mut self.lists;
            deployments.follow(place, page.saturating_sub(1));
        }
    }

    fn list(&mut self) -> Option<&mut List> {
        let [deployments, cluster, rules, resources] = &mut self.lists;
        match self.view {
            View::Overview => None,
            View::Rows(Kind::Deployments) => Some(deployments),
            View::Rows(Kind::Cluster) => Some(cluster),
            View::Rows(Kind::Rules) => Some(rules),
            View::Rows(Kind::Resources) => Some(resources),
        }
    }

    fn shown_list(&self) -> Option<&List> {
        let [deployments, cluster, rules, resources] = &self.lists;
        match self.view {
            View::Overview => None,
            View::Rows(Kind::Deployments) => Some(deployments),
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
const VIEWS: [View; 5] = [
    View::Rows(Kind::Deployments),
    View::Overview,
    View::Rows(Kind::Cluster),
    View::Rows(Kind::Rules),
    View::Rows(Kind::Resources),
];
/// The sections of a cluster have fewer lines.
const LONGEST_PAGE: usize = 400;
/// Lines above what a view shows.
const HEAD: usize = 3;
/// And below.
const FOOT: usize = 1;
/// Nobody types more.
const LONGEST_FILTER: usize = 200;
