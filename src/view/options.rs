//! What was asked of the view, checked once: format, columns, order, filters, which metrics.

use super::answer::Kind;
use super::field::{FieldSpec, field_names, fields, has_own_rate, rated};
use super::format::Format;
use super::row::{Item, Row, metric_matches};
use super::screen::Screen;
use crate::deployment::Endpoint;
use crate::deployment::catalog::{self, Group};
use crate::deployment::{Field, Snapshot, has_rate};
use crate::health::{Conditions, Expr, ExprError, Truth, deployment_expr, endpoint_of, slip};
use crate::names;
use crate::source::Report;
use crate::text::visible;
use std::cmp::Ordering;

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct ViewOptions<'a> {
    pub columns: &'a [String],
    pub sort: Option<&'a str>,
    pub filter: &'a [String],
    pub no_headers: bool,
    pub group: &'a [String],
    pub metric: &'a [String],
    pub all: bool,
    /// Whether two looks are taken, so that there are rates.
    pub rates: bool,
    pub fail_on: &'a [String],
    pub warn_on: &'a [String],
    pub fail_on_empty: bool,
    /// The rules or resources that were named.
    pub ids: &'a [String],
    /// How many rows are shown; all where it is not said.
    pub limit: Option<usize>,
}

/// What was typed cannot be done; the command line is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ViewError {
    #[error("there is no column '{name}'")]
    UnknownColumn { name: String, near: Vec<&'static str>, known: String },
    #[error("'{name}' stands twice among the columns")]
    ColumnTwice { name: String },
    #[error("--columns chooses the columns of a table or of CSV; JSON has every field")]
    ColumnsOfJson,
    #[error("{option} is about the rows of a table or of CSV")]
    OfRows { option: &'static str },
    #[error("there is no group '{name}'")]
    UnknownGroup { name: String, known: String },
    #[error(transparent)]
    Filter(#[from] ExprError),
    #[error("'{text}' is about change, and one look at a deployment tells of none")]
    NeedsWindow { text: String },
    #[error("there is no metric '{name}'")]
    UnknownMetric { name: String, near: Vec<String> },
    #[error("there is no {what} '{id}'{of}")]
    UnknownId { what: &'static str, id: String, of: String, near: Vec<String> },
    #[error("{field} does not only grow and has no rate")]
    NoRate { field: String, known: String },
}

impl ViewError {
    /// There is no column of that name among those that are known.
    pub fn unknown_column(typed: &str, name: &str, known: impl Iterator<Item = &'static str>) -> ViewError {
        let known: Vec<&str> = known.collect();
        let near = names::closest(name, known.iter().copied());
        ViewError::UnknownColumn { name: visible(typed.trim()).into_owned(), near, known: known.join(", ") }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            ViewError::UnknownColumn { near, known, .. } => Some(match near.as_slice() {
                [] => format!("the columns are {known}"),
                near => format!("did you mean {}? the columns are {known}", near.join(" or ")),
            }),
            ViewError::UnknownMetric { near, .. } if near.is_empty() => {
                Some("'emqstat cluster --all' lists those that there are; a pattern is written '*dropped*'".to_owned())
            }
            ViewError::UnknownId { near, .. } if near.is_empty() => None,
            ViewError::UnknownMetric { near, .. } | ViewError::UnknownId { near, .. } => {
                Some(format!("did you mean {}?", near.join(" or ")))
            }
            ViewError::UnknownGroup { known, .. } => Some(format!("the groups are {known}")),
            ViewError::OfRows { .. } => Some("add -o table or -o csv".to_owned()),
            ViewError::ColumnsOfJson => Some("choose fields with jq, or use -o csv".to_owned()),
            ViewError::Filter(error) => error.hint(),
            ViewError::NeedsWindow { .. } => Some("take two looks with --window 10s".to_owned()),
            ViewError::NoRate { known, .. } if known.is_empty() => None,
            ViewError::NoRate { known, .. } => Some(format!("the rates are {known}")),
            ViewError::ColumnTwice { .. } => None,
        }
    }
}

/// Everything that the renderers need beside the answer.
pub struct Presentation {
    pub screen: Screen,
    pub headers: bool,
    /// Whether rates stand beside what they are the rates of.
    pub rates: bool,
    /// All must hold.
    pub(super) filters: Vec<Expr>,
    pub(super) columns: Option<Vec<&'static FieldSpec>>,
    pub(super) sort: Option<Sort>,
    pub(super) metrics: Metrics,
    /// The ids of the rules or resources that were named; all where none was.
    ids: Vec<String>,
    limit: Option<usize>,
    /// What makes the verdict.
    pub(super) conditions: Conditions,
    /// The endpoints that view and verdict need.
    endpoints: Vec<Endpoint>,
}

/// The field to sort by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sort {
    field: &'static FieldSpec,
    descending: bool,
}

/// Which metrics of the cluster are shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Metrics {
    groups: Vec<Group>,
    patterns: Vec<String>,
    all: bool,
}

impl Presentation {
    /// Checks what was typed against the fields of `kind`.
    ///
    /// # Errors
    /// Unknown columns and groups, columns for a format that has none.
    pub fn new(
        kind: Kind,
        format: Format,
        screen: Screen,
        options: &ViewOptions<'_>,
    ) -> Result<Presentation, ViewError> {
        let field = |name: &str| find(kind, name, options.rates);
        let columns = chosen_columns(options.columns, format, |name| field(name).map(|field| (field.name, field)))?;
        let sort = options.sort.map(|typed| {
            let name = typed.strip_prefix('-').unwrap_or(typed);
            field(name).map(|field| Sort { field, descending: name.len() < typed.len() })
        });
        let sort = sort.transpose()?;
        let groups = options.group.iter().map(|word| {
            let known = || Group::ALL.iter().map(|group| group.word()).collect::<Vec<_>>().join(", ");
            Group::from_word(word)
                .ok_or_else(|| ViewError::UnknownGroup { name: visible(word).into_owned(), known: known() })
        });
        let read = |texts: &[String]| {
            texts.iter().map(|text| condition(kind, text, options.rates)).collect::<Result<Vec<_>, _>>()
        };
        let conditions = Conditions::new(read(options.fail_on)?, read(options.warn_on)?, options.fail_on_empty);
        let filters = options.filter.iter().map(|text| filter(kind, text, options.rates));
        let filters = filters.collect::<Result<Vec<_>, _>>()?;
        Ok(Presentation {
            endpoints: endpoints(kind, conditions.all().chain(&filters)),
            conditions,
            screen,
            headers: !options.no_headers,
            rates: options.rates,
            filters,
            columns: (!columns.is_empty()).then(|| columns.into_iter().map(|(_, field)| field).collect()),
            sort,
            metrics: Metrics {
                groups: groups.collect::<Result<_, _>>()?,
                patterns: options.metric.to_vec(),
                all: options.all,
            },
            ids: options.ids.to_vec(),
            limit: options.limit,
        })
    }

    /// The endpoints to ask: that of the view, and another one where a condition is about what that tells.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// What only the answer shows to be a slip: a condition or a name about a metric that no catalog knows and that nothing
    /// received; the id of a rule or resource that there is not.
    ///
    /// # Errors
    /// There is one.
    pub fn check_received(&self, kind: Kind, reports: &[Report]) -> Result<(), ViewError> {
        let all = self.conditions.all().chain(&self.filters);
        if let Some(error) = slip(all, reports.iter().map(|report| &report.snapshot)) {
            return Err(error.into());
        }
        if reports.is_empty() {
            return Ok(());
        }
        for pattern in &self.metrics.patterns {
            let has = |report: &Report| report.snapshot.list().iter().any(|metric| metric_matches(metric, pattern));
            // A pattern may match nothing; a name that nobody has is a slip.
            if !names::is_pattern(pattern) && catalog::find(pattern).is_empty() && !reports.iter().any(has) {
                let near = catalog::suggest(pattern).into_iter().map(|name| name.to_string()).collect();
                return Err(ViewError::UnknownMetric { name: visible(pattern).into_owned(), near });
            }
        }
        let of = |report: &Report| -> Vec<String> {
            let snapshot = &report.snapshot;
            match kind {
                Kind::Rules => snapshot.rules.iter().flatten().map(|rule| rule.rule_id.clone()).collect(),
                Kind::Resources => snapshot.resources.iter().flatten().map(|one| one.resource_id.clone()).collect(),
                Kind::Deployments | Kind::Cluster => Vec::new(),
            }
        };
        let [what, _] = kind.nouns();
        for id in &self.ids {
            let known: Vec<String> = reports.iter().flat_map(of).collect();
            if !known.contains(id) {
                let near =
                    names::closest(id, known.iter().map(String::as_str)).into_iter().map(|id| visible(id).into_owned());
                let of = match reports {
                    [report] => report.name().map(|name| format!(" in {name}")).unwrap_or_default(),
                    reports => format!(" in any of {} deployments", reports.len()),
                };
                let id = visible(id).into_owned();
                return Err(ViewError::UnknownId { what, id, of, near: near.collect() });
            }
        }
        Ok(())
    }

    /// Whether not all rows may be shown.
    pub(super) fn has_limit(&self) -> bool {
        self.limit.is_some()
    }

    /// How many rows are shown at most.
    pub(super) fn limit(&self) -> usize {
        self.limit.unwrap_or(usize::MAX)
    }

    /// Whether rows are sorted or chosen by that field: it is hidden last.
    pub(super) fn is_about(&self, field: &FieldSpec) -> bool {
        let is_of = |expr: &Expr| {
            if expr.needs_rates() { rated(field.name) == Some(expr.field()) } else { field.name == expr.field() }
        };
        self.sort.is_some_and(|sort| sort.field.name == field.name) || self.filters.iter().any(is_of)
    }

    /// Whether the metrics are shown as rows rather than as the overview.
    pub(super) fn wants_rows(&self) -> bool {
        let Metrics { groups, patterns, all } = &self.metrics;
        let chosen = *all || !groups.is_empty() || !patterns.is_empty();
        chosen || self.columns.is_some() || self.sort.is_some() || !self.filters.is_empty()
    }

    /// Whether nothing chooses among rows, sorts them or cuts them off.
    pub(super) fn is_plain(&self) -> bool {
        self.has_own_order() && self.filters.is_empty() && self.limit.is_none()
    }

    /// Whether rows keep the order of their kind.
    pub(super) fn has_own_order(&self) -> bool {
        self.sort.is_none() && self.columns.is_none()
    }

    /// Whether the groups, patterns and filters let a row through.
    pub(super) fn selects(&self, row: &Row<'_>) -> bool {
        let chosen = match &row.item {
            Item::Metric(metric) => {
                let Metrics { groups, patterns, .. } = &self.metrics;
                let by_group = groups.is_empty() || groups.contains(&metric.group());
                by_group && (patterns.is_empty() || patterns.iter().any(|pattern| metric_matches(metric, pattern)))
            }
            Item::Deployment(_) => true,
            Item::Rule(_) | Item::Resource(_) => self.ids.is_empty() || self.ids.iter().any(|id| id == row.item.name()),
        };
        chosen && self.filters.iter().all(|filter| row.truth(filter) == Truth::True)
    }
}

impl Sort {
    /// The order of two rows. Numbers come before text, what was not received comes last, whichever way round.
    pub(super) fn compare(&self, a: &Row<'_>, b: &Row<'_>) -> Ordering {
        let (a, b) = (a.value(self.field), b.value(self.field));
        let order = match (&a, &b) {
            (Field::Missing, Field::Missing) => return Ordering::Equal,
            (Field::Missing, _) => return Ordering::Greater,
            (_, Field::Missing) => return Ordering::Less,
            (Field::Number(a), Field::Number(b)) => a.total_cmp(b),
            (Field::Number(_), Field::Text(_)) => Ordering::Less,
            (Field::Text(_), Field::Number(_)) => Ordering::Greater,
            (Field::Text(a), Field::Text(b)) => a.cmp(b),
        };
        if self.descending { order.reverse() } else { order }
    }
}

/// The columns that were asked for, by name; each once, and only of a format that has columns.
///
/// # Errors
/// What `find` says of a name; a column that stands twice; a format without columns.
pub fn chosen_columns<T>(
    names: &[String],
    format: Format,
    find: impl Fn(&str) -> Result<(&'static str, T), ViewError>,
) -> Result<Vec<(&'static str, T)>, ViewError> {
    if !names.is_empty() && !format.has_columns() {
        return Err(ViewError::ColumnsOfJson);
    }
    let mut columns: Vec<(&'static str, T)> = Vec::new();
    for name in names {
        let (name, column) = find(name)?;
        if columns.iter().any(|(known, _)| *known == name) {
            return Err(ViewError::ColumnTwice { name: name.to_owned() });
        }
        columns.push((name, column));
    }
    Ok(columns)
}

fn find(kind: Kind, typed: &str, rates: bool) -> Result<&'static FieldSpec, ViewError> {
    let name: String = typed.split_whitespace().collect();
    let known = || fields(kind).filter(|field| rates || !field.of_change).map(|field| field.name);
    match fields(kind).find(|field| field.name.eq_ignore_ascii_case(&name)) {
        Some(field) if field.of_change && !rates => Err(ViewError::NeedsWindow { text: field.name.to_owned() }),
        Some(field) => Ok(field),
        None => Err(match rated(&name).filter(|field| known().any(|name| name == *field)) {
            Some(field) => {
                let rates: Vec<_> = field_names(kind).filter(|name| rated(name).is_some()).collect();
                ViewError::NoRate { field: field.to_owned(), known: rates.join(", ") }
            }
            None => ViewError::unknown_column(typed, &name, known()),
        }),
    }
}

/// A filter is about a field of the rows or of the whole deployment, or about the rate of one. What was not received
/// matches no filter.
fn filter(kind: Kind, text: &str, rates: bool) -> Result<Expr, ViewError> {
    let expr = Expr::parse(text)?;
    let of_row = |name: &str| fields(kind).find(|field| field.name == name);
    let kind_of = |name: &str| match of_row(name) {
        Some(field) => Some(field.kind),
        None => Snapshot::field_kind(name),
    };
    let names = || fields(kind).map(|field| field.name.to_owned()).filter(|name| rated(name).is_none());
    expr.check(kind_of, || names().chain(Snapshot::field_names()).collect())?;
    if expr.needs_rates() && !has_own_rate(kind, expr.field()) && !has_rate(expr.field()) {
        return Err(ExprError::no_rate(expr.text(), expr.field()).into());
    }
    if !rates && (expr.needs_rates() || of_row(expr.field()).is_some_and(|field| field.of_change)) {
        return Err(ViewError::NeedsWindow { text: visible(expr.text()).into_owned() });
    }
    Ok(expr)
}

/// A condition of the verdict: on a row of rules and resources, on the deployment as a whole where rows are its metrics.
fn condition(kind: Kind, text: &str, rates: bool) -> Result<Expr, ViewError> {
    if kind != Kind::Cluster {
        return filter(kind, text, rates);
    }
    let expr = deployment_expr(text)?;
    if expr.needs_rates() && !rates {
        return Err(ViewError::NeedsWindow { text: visible(expr.text()).into_owned() });
    }
    Ok(expr)
}

fn endpoints<'a>(kind: Kind, conditions: impl Iterator<Item = &'a Expr>) -> Vec<Endpoint> {
    let own = match kind {
        Kind::Cluster => Endpoint::Cluster,
        Kind::Rules | Kind::Resources => Endpoint::DataIntegration,
        Kind::Deployments => return Endpoint::ALL.to_vec(),
    };
    let is_of_row = |name: &str| kind != Kind::Cluster && fields(kind).any(|field| field.name == name);
    let of_whole = conditions.map(Expr::field).filter(|name| !is_of_row(name)).map(endpoint_of);
    let mut all: Vec<Endpoint> = std::iter::once(own).chain(of_whole).collect();
    all.sort_unstable();
    all.dedup();
    all
}
