//! A view as rows that scroll. What is shown, and in which order, is worked out at a tick; a frame builds the rows that are on
//! the screen and no more.

use super::canvas::{Canvas, chosen, cut, moved, style};
use super::columns::{Column, columns};
use crate::deployment::{Field, Metric};
use crate::health::Judgement;
use crate::source::Report;
use crate::style::Role;
use crate::text::visible;
use crate::units::{grouped, percent, rate};
use crate::view::Screen;
use crate::view::answer::Kind;
use crate::view::field::Read;
use crate::view::format::Format;
use crate::view::mark::number_role;
use crate::view::options::{Presentation, ViewError, ViewOptions};
use crate::view::row::{Item, Row};
use crate::view::rows::text_role;
use crate::view::select::{self, Order};
use crate::view::watch::{Change, DeploymentState};
use std::collections::HashMap;
use unicode_width::UnicodeWidthStr;

/// The rows of one view, and how they are looked at.
pub(super) struct List {
    kind: Kind,
    columns: Vec<Column>,
    /// Widths of the columns for what is shown at this tick.
    widths: Vec<usize>,
    /// Conditions from the command line: they hold whatever is typed.
    given: Vec<String>,
    /// What was typed.
    typed: String,
    /// Which column it is sorted by, and whether the other way round.
    sort: Option<(usize, bool)>,
    presentation: Presentation,
    /// What is shown, by its place in the snapshot.
    order: Vec<usize>,
    /// How many there are in all; `None` where they were not received.
    total: Option<usize>,
    /// The first row on the screen.
    offset: usize,
}

/// What the command line says about the rows.
#[derive(Debug, Clone, Copy, Default)]
pub struct ListOptions<'a> {
    pub columns: &'a [String],
    pub sort: Option<&'a str>,
    pub filter: &'a [String],
}

impl List {
    /// # Errors
    /// What the command line asks for cannot be done.
    pub(super) fn new(kind: Kind, given: &ListOptions<'_>) -> Result<List, ViewError> {
        let request = ViewOptions {
            columns: given.columns,
            sort: given.sort,
            filter: given.filter,
            rates: true,
            ..ViewOptions::default()
        };
        let presentation = Presentation::new(kind, Format::Table, Screen::PLAIN, &request)?;
        let columns = columns(kind, presentation.columns.as_deref());
        let sort = given.sort.and_then(|typed| {
            let (name, turned) = typed.strip_prefix('-').map_or((typed, false), |name| (name, true));
            let at = columns.iter().position(|column| column.field.name.eq_ignore_ascii_case(name.trim()))?;
            Some((at, turned))
        });
        Ok(List {
            kind,
            widths: Vec::new(),
            given: given.filter.to_vec(),
            typed: String::new(),
            sort,
            presentation,
            order: Vec::new(),
            total: None,
            offset: 0,
            columns,
        })
    }

    /// What was typed to choose rows.
    pub(super) fn filter(&self) -> &str {
        &self.typed
    }

    /// Chooses rows by a condition, or by a part of their names. What is refused leaves everything as it was.
    ///
    /// # Errors
    /// A condition that is none: a sentence.
    pub(super) fn choose(&mut self, typed: &str) -> Result<(), String> {
        let presentation = self.presentation_with(typed, self.sort).map_err(|error| match error.hint() {
            Some(hint) => format!("{error} ({hint})"),
            None => error.to_string(),
        })?;
        self.presentation = presentation;
        self.typed = typed.to_owned();
        self.offset = 0;
        Ok(())
    }

    /// Sorts by the next column, or by the one before; without one in between, what needs a look comes first.
    pub(super) fn sort_by_next(&mut self, forward: bool) {
        let count = self.columns.len();
        let next = match (self.sort, forward) {
            (None, true) => Some(0),
            (None, false) => count.checked_sub(1),
            (Some((at, _)), true) => Some(at + 1).filter(|at| *at < count),
            (Some((at, _)), false) => at.checked_sub(1),
        };
        // The largest numbers first.
        self.sort_by(next.map(|at| (at, self.columns.get(at).is_some_and(|column| column.field.is_number()))));
    }

    /// Turns the order round.
    pub(super) fn turn(&mut self) {
        self.sort_by(self.sort.map(|(at, turned)| (at, !turned)));
    }

    fn sort_by(&mut self, sort: Option<(usize, bool)>) {
        if let Ok(presentation) = self.presentation_with(&self.typed, sort) {
            self.presentation = presentation;
            self.sort = sort;
            self.offset = 0;
        }
    }

    fn presentation_with(&self, typed: &str, sort: Option<(usize, bool)>) -> Result<Presentation, ViewError> {
        let sort = sort.and_then(|(at, turned)| {
            let column = self.columns.get(at)?;
            Some(format!("{}{}", if turned { "-" } else { "" }, column.field.name))
        });
        let mut filter = self.given.clone();
        filter.extend(is_condition(typed).then(|| typed.to_owned()));
        let request = ViewOptions { sort: sort.as_deref(), filter: &filter, rates: true, ..ViewOptions::default() };
        Presentation::new(self.kind, Format::Table, Screen::PLAIN, &request)
    }

    /// Works out what is shown of this report.
    pub(super) fn refresh(&mut self, report: &Report, judgement: Option<&Judgement>) {
        let mut rows = select::rows(self.kind, report, judgement, &self.presentation, Order::TroubleFirst);
        if !is_condition(&self.typed) && !self.typed.is_empty() {
            let part = self.typed.to_lowercase();
            rows.retain(|row| name(row).to_lowercase().contains(&part));
        }
        self.widths = self.columns.iter().map(|column| width(column, &rows)).collect();
        let snapshot = &report.snapshot;
        self.total = match self.kind {
            Kind::Cluster => snapshot.metrics.as_ref().map(|metrics| metrics.len() + snapshot.series.len()),
            Kind::Rules => snapshot.rules.as_ref().map(Vec::len),
            Kind::Resources => snapshot.resources.as_ref().map(Vec::len),
        };
        let metrics = if self.kind == Kind::Cluster { snapshot.list() } else { Vec::new() };
        // A metric is known by where its key and its labels are kept.
        let key = |metric: &Metric<'_>| (std::ptr::from_ref(metric.key), std::ptr::from_ref(metric.labels));
        let places: HashMap<_, usize> = metrics.iter().enumerate().map(|(at, metric)| (key(metric), at)).collect();
        let place = |row: &Row<'_>| match &row.item {
            Item::Rule(rule) => snapshot.rules.as_ref()?.binary_search_by(|one| one.rule_id.cmp(&rule.rule_id)).ok(),
            Item::Resource(resource) => {
                snapshot.resources.as_ref()?.binary_search_by(|one| one.resource_id.cmp(&resource.resource_id)).ok()
            }
            Item::Metric(metric) => places.get(&key(metric)).copied(),
        };
        self.order = rows.iter().filter_map(place).collect();
    }

    /// Forgets what is shown: there is nothing to show.
    pub(super) fn clear(&mut self) {
        self.order.clear();
        self.total = None;
    }

    /// Moves by so many rows; `page` is how many are on the screen.
    pub(super) fn scroll(&mut self, by: isize, page: usize) {
        let last = self.order.len().saturating_sub(page);
        self.offset = self.offset.saturating_add_signed(by).min(last);
    }

    /// Keeps the rows on the screen: it may have grown, or they may have become fewer.
    pub(super) fn fit(&mut self, page: usize) {
        self.scroll(0, page);
    }

    /// How many lines of so high a part of the screen are rows.
    pub(super) fn page(height: usize) -> usize {
        height.saturating_sub(2)
    }

    /// `rules 1-20 of 10,000, sorted by matched/s ▼, matching 'failed > 0'`.
    pub(super) fn describe(&self, page: usize) -> String {
        let [one, many] = self.kind.nouns();
        let Some(total) = self.total else { return format!("{many} were not received") };
        let count = self.order.len();
        let noun = if total == 1 { one } else { many };
        let number = |count: usize| grouped(count as f64);
        let mut text = match count {
            0 if total == 0 => return format!("no {many}"),
            0 => format!("none of {} {noun}", number(total)),
            _ if count <= page && count == total => format!("{} {noun}", number(count)),
            _ => {
                let (first, last) = (self.offset + 1, (self.offset + page).min(count));
                format!("{}-{} of {} {noun}", number(first), number(last), number(count))
            }
        };
        if count < total && count > 0 {
            text = format!("{text} (of {})", number(total));
        }
        text = match self.sort.and_then(|(at, turned)| Some((self.columns.get(at)?, turned))) {
            Some((column, turned)) => format!("{text}, by {} {}", column.title, if turned { "▼" } else { "▲" }),
            None if self.kind == Kind::Cluster => text,
            None => format!("{text}, trouble first"),
        };
        let conditions = self.given.iter().chain(Some(&self.typed).filter(|typed| !typed.is_empty()));
        let conditions: Vec<String> = conditions.map(|text| format!("'{text}'")).collect();
        if conditions.is_empty() { text } else { format!("{text}, matching {}", conditions.join(" and ")) }
    }

    /// Draws the column names, which stay, and the rows below them.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, report: &Report, state: &DeploymentState) {
        let places = self.layout(canvas.width());
        let page = List::page(canvas.height());
        canvas.text(0, 0, Role::Muted, &self.describe(page));
        for place in &places {
            let Some(column) = self.columns.get(place.column) else { continue };
            let is_sorted = self.sort.is_some_and(|(at, _)| at == place.column);
            let text = cut(column.title, place.width);
            let x = if column.field.is_number() { place.x + place.width - text.width() } else { place.x };
            let style = if is_sorted { chosen() } else { style(Role::Muted, canvas.paint) };
            canvas.styled(x, 1, style, &text);
        }
        let metrics = if self.kind == Kind::Cluster { report.snapshot.list() } else { Vec::new() };
        let mut metrics: Vec<Option<Metric<'_>>> = metrics.into_iter().map(Some).collect();
        for (line, at) in self.order.iter().skip(self.offset).take(page).enumerate() {
            let item = match self.kind {
                Kind::Cluster => {
                    metrics.get_mut(*at).and_then(Option::take).map(|metric| Item::Metric(Box::new(metric)))
                }
                Kind::Rules => report.snapshot.rules.as_ref().and_then(|rules| rules.get(*at)).map(Item::Rule),
                Kind::Resources => report.snapshot.resources.as_ref().and_then(|all| all.get(*at)).map(Item::Resource),
            };
            if let Some(item) = item {
                let change = change(&item, state);
                let rates = report.rates.as_ref().and_then(|rates| rates.rules.as_ref());
                let rule_rates = rates.filter(|_| self.kind == Kind::Rules).and_then(|rates| rates.get(*at));
                self.draw_row(
                    canvas,
                    line + 2,
                    &places,
                    &Row { report, item, rule_rates, judgement: Some(&state.judgement) },
                    change,
                );
            }
        }
    }

    fn draw_row(&self, canvas: &mut Canvas<'_>, y: usize, places: &[Place], row: &Row<'_>, change: Change) {
        let paint = canvas.paint;
        let (sign, role) = mark(change);
        canvas.text(0, y, role, sign);
        for place in places {
            let Some(column) = self.columns.get(place.column) else { continue };
            let (text, role) = cell(row, column);
            let text = cut(&visible(&text), place.width);
            let x = if column.field.is_number() { place.x + place.width - text.width() } else { place.x };
            let stands_out = if column.field.is_number() {
                has_moved(row, column, change)
            } else {
                column.field.name == "status" && change == Change::Status
            };
            canvas.styled(x, y, if stands_out { moved(role, paint) } else { style(role, paint) }, &text);
        }
    }

    /// Which columns are on the screen, and where. The least important ones give way; what is left over goes to text.
    fn layout(&self, width: usize) -> Vec<Place> {
        let mut places: Vec<Place> = (0..self.columns.len())
            .map(|column| Place { column, x: 0, width: self.widths.get(column).copied().unwrap_or(1) })
            .collect();
        let needed = |places: &[Place]| {
            GUTTER + places.iter().map(|place| place.width + GAP).sum::<usize>() - GAP.min(places.len() * GAP)
        };
        let importance = |place: &Place| self.columns.get(place.column).map_or(0, |column| column.importance);
        while needed(&places) > width {
            match places.iter().enumerate().rev().min_by_key(|(_, place)| importance(place)) {
                Some((at, place)) if importance(place) < Column::ESSENTIAL => drop(places.remove(at)),
                _ => break,
            }
        }
        // Where even that is too wide the widest text gives way.
        while needed(&places) > width {
            match places.iter_mut().max_by_key(|place| place.width) {
                Some(widest) if widest.width > 8 => widest.width -= 1,
                _ => break,
            }
        }
        let mut x = GUTTER;
        for place in &mut places {
            place.x = x;
            x += place.width + GAP;
        }
        places
    }
}

/// A column on the screen.
struct Place {
    column: usize,
    x: usize,
    width: usize,
}

/// Between columns.
const GAP: usize = 2;
/// The mark in front of a row, and a blank.
const GUTTER: usize = 2;
/// Text is not shown wider.
const WIDEST_TEXT: usize = 48;

/// Whether what was typed is meant as a condition rather than as a part of a name.
fn is_condition(typed: &str) -> bool {
    ["==", "!=", ">", "<", "=~", "!~"].iter().any(|sign| typed.contains(sign))
}

/// What a row is found by.
fn name(row: &Row<'_>) -> String {
    match &row.item {
        Item::Rule(rule) => rule.rule_id.clone(),
        Item::Resource(resource) => resource.resource_id.clone(),
        Item::Metric(metric) => metric.to_string(),
    }
}

/// How wide a column has to be for these rows. Of numbers the largest is the widest.
fn width(column: &Column, rows: &[Row<'_>]) -> usize {
    let widest = if column.field.is_number() {
        let values = rows.iter().filter_map(|row| match row.value(column.field) {
            Field::Number(value) => Some(value),
            Field::Missing | Field::Text(_) => None,
        });
        let largest = values.fold(0.0_f64, |largest, value| largest.max(value.abs()));
        // Smaller ones have digits behind the point.
        number(column, largest).width().max(number(column, 9.99).width())
    } else {
        let texts = rows.iter().map(|row| visible(&cell(row, column).0).width());
        texts.max().unwrap_or(0).min(WIDEST_TEXT)
    };
    widest.max(column.title.width())
}

fn number(column: &Column, value: f64) -> String {
    if column.field.is_share() {
        percent(value)
    } else if column.field.is_rate() {
        rate(value)
    } else {
        grouped(value)
    }
}

fn cell(row: &Row<'_>, column: &Column) -> (String, Role) {
    match row.value(column.field) {
        Field::Missing => ("-".to_owned(), Role::Muted),
        Field::Number(value) => (number(column, value), number_role(row.severity_of(column.field), value)),
        Field::Text(text) => match &row.item {
            Item::Metric(metric) if column.field.name == "name" => (metric.to_string(), Role::Plain),
            _ => (text.into_owned(), text_role(row, column.field)),
        },
    }
}

/// How a row changed.
fn change(item: &Item<'_>, state: &DeploymentState) -> Change {
    let before = state.before.as_ref();
    match item {
        Item::Rule(rule) => Change::of_rule(before, rule),
        Item::Resource(resource) => Change::of_resource(before, resource),
        Item::Metric(metric) => Change::of_metric(before, metric),
    }
}

/// Whether that number of a row is another one than before.
fn has_moved(row: &Row<'_>, column: &Column, change: Change) -> bool {
    match column.field.read {
        Read::Value => change != Change::None,
        Read::Count(count) => row.count_rate(count).is_some_and(|rate| rate > 0.0),
        _ => false,
    }
}

/// The sign of a change.
fn mark(change: Change) -> (&'static str, Role) {
    match change {
        Change::None => ("", Role::Plain),
        Change::Up => ("▲", Role::Muted),
        Change::Down => ("▼", Role::Muted),
        Change::New => ("+", Role::Heading),
        Change::Worse => ("!", Role::Error),
        Change::Status => ("*", Role::Warning),
    }
}
