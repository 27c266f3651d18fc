//! A view as rows that scroll. What is shown, and in which order, is worked out at a tick; a frame builds the rows that are on
//! the screen and no more.

use super::canvas::{Canvas, chosen, cut, moved, style};
use super::columns::{Column, columns};
use crate::deployment::{Field, Metric, Snapshot};
use crate::health::Status;
use crate::style::Role;
use crate::text::{cut_middle, visible};
use crate::units::{grouped, percent, rate};
use crate::view::Screen;
use crate::view::answer::{Entry, Kind};
use crate::view::field::Read;
use crate::view::format::Format;
use crate::view::mark::{number_role, role, sign};
use crate::view::options::{Presentation, ViewError, ViewOptions};
use crate::view::row::{Item, Row};
use crate::view::rows::text_role;
use crate::view::select::{self, Order};
use crate::view::summary::Summary;
use crate::view::table::Gives;
use crate::view::watch::{Change, DeploymentState, WatchAnswer};
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

    /// Works out what is shown of the deployment at `place`, or of all.
    pub(super) fn refresh(&mut self, watch: &WatchAnswer, place: usize) {
        let all = &watch.answer;
        let judgement = |at: usize| watch.states.get(at).map(|state: &DeploymentState| &state.judgement);
        let entry = |(at, report)| Entry { report, judgement: judgement(at), summary: all.summaries.get(at) };
        let is_shown = |at: usize| self.kind == Kind::Deployments || at == place;
        let entries = || all.reports.iter().enumerate().filter(|(at, _)| is_shown(*at));
        let rows =
            entries().flat_map(|entry_of| select::rows(self.kind, entry(entry_of), &self.presentation, Order::ById));
        let mut rows: Vec<Row<'_>> = rows.collect();
        select::sort(&mut rows, &self.presentation, Order::TroubleFirst);
        if !is_condition(&self.typed) && !self.typed.is_empty() {
            let part = self.typed.to_lowercase();
            rows.retain(|row| name(row).to_lowercase().contains(&part));
        }
        self.widths = self.columns.iter().map(|column| width(column, &rows)).collect();
        let snapshot = all.reports.get(place).map(|report| &report.snapshot);
        self.total = match self.kind {
            Kind::Deployments => Some(all.reports.len()),
            Kind::Cluster => snapshot.and_then(|one| one.metrics.as_ref().map(|all| all.len() + one.series.len())),
            Kind::Rules => snapshot.and_then(|one| one.rules.as_ref().map(Vec::len)),
            Kind::Resources => snapshot.and_then(|one| one.resources.as_ref().map(Vec::len)),
        };
        let metrics = snapshot.filter(|_| self.kind == Kind::Cluster).map(Snapshot::list).unwrap_or_default();
        // A metric is known by where its key and its labels are kept.
        let key = |metric: &Metric<'_>| (std::ptr::from_ref(metric.key), std::ptr::from_ref(metric.labels));
        let places: HashMap<_, usize> = metrics.iter().enumerate().map(|(at, metric)| (key(metric), at)).collect();
        let place = |row: &Row<'_>| match &row.item {
            Item::Deployment(_) => all.reports.iter().position(|report| std::ptr::eq(report, row.report)),
            Item::Rule(rule) => snapshot?.rules.as_ref()?.binary_search_by(|one| one.rule_id.cmp(&rule.rule_id)).ok(),
            Item::Resource(resource) => {
                snapshot?.resources.as_ref()?.binary_search_by(|one| one.resource_id.cmp(&resource.resource_id)).ok()
            }
            Item::Metric(metric) => places.get(&key(metric)).copied(),
        };
        self.order = rows.iter().filter_map(place).collect();
    }

    /// Whether nothing was chosen, typed or sorted by.
    pub(super) fn is_plain(&self) -> bool {
        self.given.is_empty() && self.typed.is_empty() && self.sort.is_none() && self.presentation.columns.is_none()
    }

    /// Whether a part of a name was typed that no row has, though there are rows.
    pub(super) fn is_unfinished(&self) -> bool {
        let is_part = !self.typed.is_empty() && !is_condition(&self.typed);
        is_part && self.order.is_empty() && self.total.is_some_and(|total| total > 0)
    }

    /// The deployment so many rows away from the one at `place`.
    pub(super) fn step(&self, place: usize, by: isize) -> usize {
        let at = self.order.iter().position(|one| *one == place).unwrap_or(0);
        let at = at.saturating_add_signed(by).min(self.order.len().saturating_sub(1));
        self.order.get(at).copied().unwrap_or(place)
    }

    /// Scrolls until the deployment at `place` is on the screen.
    pub(super) fn follow(&mut self, place: usize, page: usize) {
        if let Some(at) = self.order.iter().position(|one| *one == place) {
            self.offset = self.offset.clamp((at + 1).saturating_sub(page), at);
        }
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

    /// Draws the column names, which stay, and the rows below them; of all deployments with a line of totals.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, watch: &WatchAnswer, place: usize) {
        let places = self.layout(canvas.width());
        let has_totals = self.kind == Kind::Deployments && watch.answer.summaries.len() > 1;
        let page = List::page(canvas.height()).saturating_sub(usize::from(has_totals));
        canvas.text(0, 0, Role::Muted, &self.describe(page));
        for place in &places {
            let Some(column) = self.columns.get(place.column) else { continue };
            let is_sorted = self.sort.is_some_and(|(at, _)| at == place.column);
            let text = cut(column.title, place.width);
            let x = if column.field.right { place.x + place.width - text.width() } else { place.x };
            let style = if is_sorted { chosen() } else { style(Role::Muted, canvas.paint) };
            canvas.styled(x, 1, style, &text);
        }
        let (Some(report), Some(state)) = (watch.answer.reports.get(place), watch.states.get(place)) else { return };
        let metrics = if self.kind == Kind::Cluster { report.snapshot.list() } else { Vec::new() };
        let mut metrics: Vec<Option<Metric<'_>>> = metrics.into_iter().map(Some).collect();
        for (line, at) in self.order.iter().skip(self.offset).take(page).enumerate() {
            let snapshot = &report.snapshot;
            let (mut report, mut state) = (report, state);
            let item = match self.kind {
                Kind::Deployments => {
                    let all = &watch.answer;
                    let one = all.reports.get(*at).zip(watch.states.get(*at)).zip(all.summaries.get(*at));
                    let Some(((of, its), summary)) = one else { continue };
                    (report, state) = (of, its);
                    Some(Item::Deployment(summary))
                }
                Kind::Cluster => {
                    metrics.get_mut(*at).and_then(Option::take).map(|metric| Item::Metric(Box::new(metric)))
                }
                Kind::Rules => snapshot.rules.as_ref().and_then(|rules| rules.get(*at)).map(Item::Rule),
                Kind::Resources => snapshot.resources.as_ref().and_then(|all| all.get(*at)).map(Item::Resource),
            };
            if let Some(item) = item {
                let change = change(&item, state);
                let rates = report.rates.as_ref().and_then(|rates| rates.rules.as_ref());
                let rule_rates = rates.filter(|_| self.kind == Kind::Rules).and_then(|rates| rates.get(*at));
                let row = Row { report, item, rule_rates, judgement: Some(&state.judgement) };
                let is_chosen = self.kind == Kind::Deployments && *at == place;
                self.draw_row(canvas, line + 2, &places, &row, change, is_chosen);
            }
        }
        if let Some(total) = Summary::total(watch.answer.summaries.iter()).filter(|_| has_totals) {
            let y = (self.order.len().saturating_sub(self.offset).min(page)) + 2;
            for place in &places {
                let Some(column) = self.columns.get(place.column) else { continue };
                let text = total_text(&total, column);
                let x =
                    if column.field.right { place.x + place.width - text.width().min(place.width) } else { place.x };
                canvas.text(x, y, Role::Heading, &cut(&text, place.width));
            }
        }
    }

    fn draw_row(
        &self,
        canvas: &mut Canvas<'_>,
        y: usize,
        places: &[Place],
        row: &Row<'_>,
        change: Change,
        is_chosen: bool,
    ) {
        let paint = canvas.paint;
        let (sign, role) = mark(row, change);
        canvas.text(0, y, role, sign);
        for (at, place) in places.iter().enumerate() {
            let Some(column) = self.columns.get(place.column) else { continue };
            let (text, role) = cell(row, column);
            let text = visible(&text);
            let text = match column.field.gives {
                Gives::Middle(_) => cut_middle(&text, place.width),
                _ => cut(&text, place.width).into(),
            };
            let x = if column.field.right { place.x + place.width - text.width() } else { place.x };
            let stands_out = if column.field.is_number() {
                has_moved(row, column, change)
            } else {
                column.field.name == "status" && change == Change::Status
            };
            let style = match (at, stands_out) {
                (0, _) if is_chosen => chosen(),
                (_, true) => moved(role, paint),
                (_, false) => style(role, paint),
            };
            canvas.styled(x, y, style, &text);
        }
    }

    /// Which columns are on the screen, and where. The least important ones give way; what is left over goes to text.
    fn layout(&self, width: usize) -> Vec<Place> {
        let mut places: Vec<Place> = (0..self.columns.len())
            .map(|column| Place { column, x: 0, width: self.widths.get(column).copied().unwrap_or(1) })
            .collect();
        let natural = |place: &Place| self.widths.get(place.column).copied().unwrap_or(1);
        // What can be cut is as narrow as may be before a column is hidden.
        let least = |place: &Place| {
            let column = self.columns.get(place.column);
            let gives =
                column.and_then(|column| column.field.gives.least().map(|least| least.max(column.title.width())));
            natural(place).min(gives.unwrap_or(usize::MAX))
        };
        let needed = |places: &[Place]| {
            GUTTER + places.iter().map(|place| least(place) + GAP).sum::<usize>() - GAP.min(places.len() * GAP)
        };
        let importance = |place: &Place| self.columns.get(place.column).map_or(0, |column| column.importance);
        while needed(&places) > width {
            match places.iter().enumerate().rev().min_by_key(|(_, place)| importance(place)) {
                Some((at, place)) if importance(place) < Column::ESSENTIAL => drop(places.remove(at)),
                _ => break,
            }
        }
        // What is left over goes to those that are narrower than their texts, from left to right.
        let mut left = width.saturating_sub(needed(&places));
        let mut over = needed(&places).saturating_sub(width);
        for place in &mut places {
            let (least, natural) = (least(place), natural(place));
            let more = (natural - least).min(left);
            left -= more;
            // Where even that is too wide the widest text gives way.
            let fewer = over.min(least.saturating_sub(LEAST_TEXT));
            over -= fewer;
            place.width = least + more - fewer;
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
/// Text in fewer columns is none.
const LEAST_TEXT: usize = 8;
/// Text is not shown wider.
const WIDEST_TEXT: usize = 80;

/// Whether what was typed is meant as a condition rather than as a part of a name.
fn is_condition(typed: &str) -> bool {
    ["==", "!=", ">", "<", "=~", "!~"].iter().any(|sign| typed.contains(sign))
}

/// What a row is found by.
fn name(row: &Row<'_>) -> String {
    match &row.item {
        Item::Deployment(summary) => summary.name.clone(),
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
        Item::Deployment(_) => Change::None,
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

/// What stands before a row: that it is new or has another status, else how severe it is.
fn mark(row: &Row<'_>, change: Change) -> (&'static str, Role) {
    match (change, row.severity()) {
        (Change::New, _) => ("+", Role::Heading),
        (Change::Status, Some(status)) => ("*", role(status)),
        // Most metrics are under no check, and what is well needs no look.
        (_, Some(status)) if status > Status::Ok || !matches!(row.item, Item::Metric(_)) => {
            (sign(status), role(status))
        }
        _ => ("", Role::Plain),
    }
}

/// A total as it stands in a column; empty for what cannot be summed up.
fn total_text(total: &Summary, column: &Column) -> String {
    let Read::Summary(read) = column.field.read else { return String::new() };
    match read(total) {
        Field::Missing => String::new(),
        Field::Number(value) => number(column, value),
        Field::Text(_) if column.field.name == "status" => String::new(),
        Field::Text(text) => text.into_owned(),
    }
}
