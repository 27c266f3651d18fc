//! `explain`: the metric reference, drawn from the catalog.

use crate::cli::{ExplainArgs, GlobalArgs, Language, UsageError};
use crate::deployment::catalog::{self, Entry, Group, Scope};
use crate::exit::Exit;
use crate::names;
use crate::settings::Settings;
use crate::text::visible;
use crate::view::json::{self, Each, Members, Object, members};
use crate::view::{self, Cell, Column, ColumnHelp, Format, Formats, Role, Rows, Screen, Table, ViewError};
use jiff::Timestamp;
use serde::ser::SerializeMap;
use std::borrow::Cow;
use std::io::Write;

/// Says what a metric is, or lists those that are meant.
///
/// # Errors
/// A name that no metric goes by; a column that there is not; an answer that cannot be written.
pub fn run(args: &ExplainArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let settings = Settings::without_file(global)?;
    let (format, write) = settings.format(Format::Table, &FORMATS)?;
    let (asked, columns_of_views) = select(args.name.as_deref())?;
    let answer = Explained {
        asked,
        columns_of_views,
        columns: view::chosen_columns(&args.columns, format, column)?,
        language: settings.language(args.lang),
        headers: !args.no_headers,
        screen: settings.screen,
    };
    settings.print(|out| write(&answer, out))?;
    Ok(Exit::Ok)
}

type Writer = fn(&Explained, &mut dyn Write) -> std::io::Result<()>;

const FORMATS: Formats<Writer> =
    Formats(&[(Format::Table, write_table), (Format::Json, write_json), (Format::Csv, write_csv)]);

/// What is said, and how.
struct Explained {
    asked: Asked,
    /// The columns of views that go by the name.
    columns_of_views: Vec<ColumnHelp>,
    /// Empty where none was asked for by name.
    columns: Vec<(&'static str, Text)>,
    language: Language,
    headers: bool,
    screen: Screen,
}

/// What was asked for.
enum Asked {
    /// One metric; two where a figure of the platform and one of the brokers share a name.
    Names(Vec<&'static Entry>),
    /// Several, by group or pattern, or all.
    List(Vec<&'static Entry>),
}

impl Asked {
    fn entries(&self) -> &[&'static Entry] {
        let (Asked::Names(entries) | Asked::List(entries)) = self;
        entries
    }
}

/// The metrics that are meant, and the columns of views.
fn select(typed: Option<&str>) -> Result<(Asked, Vec<ColumnHelp>), UsageError> {
    let Some(typed) = typed else { return Ok((Asked::List(catalog::all().collect()), Vec::new())) };
    let columns = view::explained(typed);
    match metrics(pasted(typed)) {
        Ok(asked) => Ok((asked, columns)),
        Err(_) if !columns.is_empty() => Ok((Asked::Names(Vec::new()), columns)),
        Err(error) => Err(error),
    }
}

/// The name in a line of an answer that was pasted: `# HELP name ...`, `name{label="value"} 5`.
fn pasted(text: &str) -> &str {
    let text = text.trim();
    let comment = ["# HELP ", "# TYPE "].into_iter().find_map(|start| text.strip_prefix(start));
    let name = comment.unwrap_or(text).split(['{', ' ', '\t']).next().unwrap_or(text);
    // Words with a blank between them may be what stands above a column.
    if comment.is_some() || name.contains('_') { name } else { text }
}

fn metrics(name: &str) -> Result<Asked, UsageError> {
    if names::is_pattern(name) {
        let entries = catalog::matching(name);
        if entries.is_empty() {
            let message = format!("no metric matches '{}'", visible(name));
            return Err(UsageError::with_hint(message, "'emqstat explain' lists them all"));
        }
        return Ok(Asked::List(entries));
    }
    let entries = catalog::find(name);
    if !entries.is_empty() {
        return Ok(Asked::Names(entries));
    }
    if let Some(group) = Group::from_word(name).filter(|group| *group != Group::Other) {
        return Ok(Asked::List(catalog::all().filter(|entry| entry.group == group).collect()));
    }
    let near = catalog::suggest(name);
    let hint = match near.as_slice() {
        [] => "'emqstat explain' lists the metrics; the columns of views are known by their names".to_owned(),
        [one] => format!("did you mean {one}?"),
        several => format!("did you mean one of {}?", several.join(", ")),
    };
    Err(UsageError::with_hint(format!("there is no metric '{}'", visible(name)), hint))
}

/// The whole of a family. Its name is as the metrics of `cluster` have it: the field of a snapshot, or the whole name of a
/// family with labels of its own.
impl Members for Entry {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        members!(map, "name": name(self), "family": self.family(), "type": self.kind.as_str());
        members!(map, "unit": Some(self.unit.word()).filter(|word| !word.is_empty()), "group": self.group.word());
        members!(map, "description": self.description, "description_zh": self.chinese, "meaning": self.meaning);
        members!(map, "labels": labels(self), "also_called": self.families().split_off(1));
        members!(map, "seen_in": Each(|| self.seen.iter().map(|source| source.phrase())), "note": self.note);
        Ok(())
    }
}

/// The labels of its samples: those that name the deployment, where the platform sends it, then its own.
fn labels(entry: &Entry) -> Vec<&'static str> {
    let identity: &[&str] =
        if entry.scope == Scope::Broker { &[] } else { &["deployment_id", "deployment_type", "platform"] };
    identity.iter().chain(entry.labels).copied().collect()
}

/// Its field in a snapshot, as expressions have it; none for a family with labels of its own, which is many values.
fn field(entry: &Entry) -> Option<String> {
    entry.labels.is_empty().then(|| entry.key())
}

fn name(entry: &Entry) -> String {
    field(entry).unwrap_or_else(|| entry.family())
}

/// A column of the list.
type Text = fn(&'static Entry) -> Cow<'static, str>;

/// Every column: its name, and its text.
const COLUMNS: [(&str, Text); 12] = [
    ("name", |entry| name(entry).into()),
    ("family", |entry| entry.family().into()),
    ("type", |entry| entry.kind.as_str().into()),
    ("unit", |entry| entry.unit.word().into()),
    ("group", |entry| entry.group.word().into()),
    ("description", |entry| entry.description.into()),
    ("description_zh", |entry| entry.chinese.unwrap_or_default().into()),
    ("meaning", |entry| entry.meaning.into()),
    ("labels", |entry| labels(entry).join(" ").into()),
    ("also_called", |entry| entry.families().split_off(1).join(" ").into()),
    ("seen_in", |entry| seen_in(entry).into()),
    ("note", |entry| entry.note.unwrap_or_default().into()),
];

/// The names of the columns, for `--columns`.
pub fn column_names() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|(name, _)| *name)
}

fn column(name: &str) -> Result<(&'static str, Text), ViewError> {
    let name = name.trim();
    let found = COLUMNS.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.ok_or_else(|| ViewError::unknown_column(name, name, column_names()))
}

fn seen_in(entry: &Entry) -> String {
    entry.seen.iter().map(|source| source.phrase()).collect::<Vec<_>>().join(", ")
}

fn write_json(answer: &Explained, out: &mut dyn Write) -> std::io::Result<()> {
    let body = Object(&Body(answer));
    json::write_document("explain", Timestamp::now(), body, (&[], &[]), &answer.screen, out)
}

fn write_csv(answer: &Explained, out: &mut dyn Write) -> std::io::Result<()> {
    let columns = if answer.columns.is_empty() { &COLUMNS } else { answer.columns.as_slice() };
    if answer.headers {
        view::write_csv_line(out, columns.iter().map(|(name, _)| Cow::Borrowed(*name)))?;
    }
    let mut entries = answer.asked.entries().iter();
    entries.try_for_each(|entry| view::write_csv_line(out, columns.iter().map(|(_, text)| text(entry))))
}

/// The families, and the columns of views.
struct Body<'a>(&'a Explained);

impl Members for Body<'_> {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let Explained { asked, columns_of_views, .. } = self.0;
        members!(map, "families": Each(|| asked.entries().iter().map(Object)));
        members!(map, "columns": Each(|| columns_of_views.iter().map(Object)));
        Ok(())
    }
}

impl Members for ColumnHelp {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        members!(map, "view": self.view, "name": self.name, "description": self.meaning, "family": self.family);
        Ok(())
    }
}

/// A page for each metric that was named; several as a list.
fn write_table(answer: &Explained, out: &mut dyn Write) -> std::io::Result<()> {
    let Asked::Names(entries) = &answer.asked else { return write_list(answer, out) };
    if !answer.columns.is_empty() {
        return write_list(answer, out);
    }
    let mut gap = "";
    for column in &answer.columns_of_views {
        write!(out, "{gap}")?;
        let lines = [("counts", Cow::from(column.meaning)), ("family", column.family.unwrap_or_default().into())];
        write_lines(&format!("{}: {}", column.view, column.name), &lines, &answer.screen, out)?;
        gap = "\n";
    }
    for entry in entries {
        write!(out, "{gap}")?;
        write_page(entry, answer.language, &answer.screen, out)?;
        gap = "\n";
    }
    Ok(())
}

/// The list as a table, under the titles of the groups on a terminal.
struct List<'a> {
    entries: &'a [&'static Entry],
    columns: Vec<Text>,
    titles: bool,
}

impl Rows for List<'_> {
    fn count(&self) -> usize {
        self.entries.len()
    }

    fn row(&self, at: usize) -> Vec<Cell<'_>> {
        self.columns.iter().map(|text| Cell::new(text(self.entries[at]))).collect()
    }

    fn section(&self, at: usize) -> Option<&str> {
        self.titles.then(|| self.entries[at].group.title())
    }
}

/// The columns of the list where none was asked for by name.
const LISTED: [&str; 4] = ["name", "type", "unit", "description"];

fn write_list(answer: &Explained, out: &mut dyn Write) -> std::io::Result<()> {
    let Explained { screen, headers, .. } = answer;
    let listed: Vec<_> = COLUMNS.into_iter().filter(|(name, _)| LISTED.contains(name)).collect();
    let columns = if answer.columns.is_empty() { &listed } else { &answer.columns };
    let told: Text = match answer.language {
        Language::En => |entry| entry.description.into(),
        Language::Zh => |entry| entry.chinese.unwrap_or(entry.description).into(),
    };
    let text = |&(name, text): &(&'static str, Text)| if name == "description" { told } else { text };
    let entries = answer.asked.entries();
    let list = List { entries, columns: columns.iter().map(text).collect(), titles: screen.is_terminal() };
    let shape = |&(name, _): &(&'static str, Text)| match name {
        "name" | "family" => Column::text(name).cut(28),
        "type" => Column::text(name).importance(1),
        "unit" => Column::text(name).importance(2),
        "group" => Column::text(name),
        // Squeezed text is not read: type and unit give way first.
        _ => Column::text(name).wrapped(40),
    };
    let table = Table { headers: *headers, ..Table::new(columns.iter().map(shape).collect(), &list) };
    table.write(out, screen).map(drop)
}

/// Everything about one metric.
fn write_page(entry: &'static Entry, language: Language, screen: &Screen, out: &mut dyn Write) -> std::io::Result<()> {
    let counts = entry.chinese.filter(|_| language == Language::Zh).unwrap_or(entry.description);
    let unit = Some(entry.unit.word()).filter(|word| !word.is_empty());
    let also_called = entry.families().split_off(1).join(", ");
    let texts: [Cow<'_, str>; 10] = [
        counts.into(),
        entry.meaning.into(),
        entry.kind.as_str().into(),
        unit.unwrap_or_default().into(),
        entry.group.title().into(),
        labels(entry).join(", ").into(),
        field(entry).unwrap_or_default().into(),
        also_called.into(),
        seen_in(entry).into(),
        entry.note.unwrap_or_default().into(),
    ];
    let names = match language {
        Language::En => ["counts", "means", "type", "unit", "group", "labels", "field", "also", "seen in", "note"],
        Language::Zh => ["含义", "解读", "类型", "单位", "分组", "标签", "字段", "别名", "见于", "备注"],
    };
    let lines: Vec<_> = names.into_iter().zip(texts).collect();
    write_lines(&entry.family(), &lines, screen, out)
}

/// A title, and below it what is known, a name and a text a line; a text that is empty is left out.
fn write_lines(
    title: &str,
    lines: &[(&str, Cow<'_, str>)],
    screen: &Screen,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    writeln!(out, "{}", screen.paint.text(Role::Heading, title))?;
    let rows: Vec<Vec<Cell<'_>>> = lines
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| vec![Cell::default(), Cell::of(Role::Muted, *name), Cell::new(text.as_ref())])
        .collect();
    let columns = vec![Column::text("indent"), Column::text("what"), Column::text("text").wrapped(20)];
    Table { headers: false, ..Table::new(columns, &rows) }.write(out, screen).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_groups_and_patterns_are_told_apart() {
        let of =
            |name: &str| select(Some(name)).map(|(asked, _)| (matches!(asked, Asked::Names(_)), asked.entries().len()));
        assert_eq!(of("delivery_dropped_queue_full").ok(), Some((true, 1)));
        assert_eq!(of("sessions_count").ok(), Some((true, 2)));
        assert_eq!(of("traffic").ok(), Some((false, 2)));
        assert_eq!(of("bytes_*").ok(), Some((false, 2)));
        assert!(of("nothing*").is_err() && of("other").is_err());
        assert_eq!(of("deployment_emqx_metrics_bytes_sent{deployment_id=\"x\"} 5").ok(), Some((true, 1)));
        assert_eq!(of("# HELP deployment_emqx_metrics_bytes_sent Bytes").ok(), Some((true, 1)));
        assert_eq!(of("actions failed").ok(), Some((true, 0)));
        assert_eq!(select(None).map(|(asked, _)| asked.entries().len()).ok(), Some(catalog::all().count()));
    }

    #[test]
    fn every_column_is_known_by_its_name() {
        for name in column_names() {
            assert!(column(name).is_ok(), "{name}");
        }
        assert!(column("colour").is_err());
    }
}
