//! One panel, and its JSON.

use super::layout::GridPos;
use crate::deployment::catalog::{Concern, Entry, Unit};
use crate::exposition::MetricType;
use serde_json::{Map, Value, json};

/// How a panel shows its values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Lines over time.
    Lines,
    /// The last value, large.
    Number,
    /// States over time.
    States,
    /// One row a rule or resource.
    Table,
}

/// What a panel asks for.
pub(super) struct Target {
    pub expr: String,
    pub legend: String,
    /// What deserves attention, as the catalog has it.
    pub concern: Concern,
}

/// Colours from a value on; the first counts from below.
pub(super) type Steps = Vec<(Option<f64>, &'static str)>;

/// A panel without its place.
pub(super) struct Panel {
    pub title: String,
    pub description: String,
    pub form: Form,
    /// Grafana's unit.
    pub unit: &'static str,
    /// What the axis counts.
    pub axis: String,
    pub targets: Vec<Target>,
    pub size: (u32, u32),
    pub steps: Steps,
    /// What numbers mean: value, word, colour.
    pub words: &'static [(&'static str, &'static str, &'static str)],
    /// What an empty panel says.
    pub why_empty: &'static str,
    /// Of a table: what the values of each target are called.
    pub columns: &'static [&'static str],
}

impl Panel {
    /// Lines of what has no thresholds.
    pub(super) fn lines(title: &str, targets: Vec<Target>) -> Panel {
        Panel {
            title: title.to_owned(),
            description: String::new(),
            form: Form::Lines,
            unit: "short",
            axis: String::new(),
            targets,
            size: (8, 8),
            steps: vec![(None, "green")],
            words: &[],
            why_empty: "no data: not scraped, or not sent by this deployment",
            columns: &[],
        }
    }

    /// The panel as Grafana has it.
    pub(super) fn json(&self, id: usize, place: GridPos) -> Value {
        let is_table = self.form == Form::Table;
        let target = |(index, target): (usize, &Target)| {
            json!({
                "datasource": datasource(), "editorMode": "code", "expr": target.expr, "legendFormat": target.legend,
                "refId": ref_id(index), "instant": is_table, "range": !is_table,
                "format": if is_table { "table" } else { "time_series" },
            })
        };
        let targets: Vec<Value> = self.targets.iter().enumerate().map(target).collect();
        let (kind, options) = self.drawn();
        let mut panel = json!({
            "id": id, "gridPos": place, "type": kind, "title": self.title, "description": self.description,
            "datasource": datasource(), "targets": targets, "options": options,
            "fieldConfig": { "defaults": self.defaults(), "overrides": self.overrides() },
        });
        panel["fieldConfig"]["defaults"]["noValue"] = json!(self.why_empty);
        if is_table {
            let names = self.columns.iter().enumerate();
            let renamed: Map<String, Value> =
                names.map(|(index, name)| (format!("Value #{}", ref_id(index)), json!(name))).collect();
            panel["transformations"] = json!([
                { "id": "merge", "options": {} },
                { "id": "organize", "options": { "excludeByName": { "Time": true }, "indexByName": {}, "renameByName": renamed } },
            ]);
        }
        panel
    }

    /// The kind of panel, and its options.
    fn drawn(&self) -> (&'static str, Value) {
        match self.form {
            Form::Lines => (
                "timeseries",
                json!({
                    "legend": { "displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": [] },
                    "tooltip": { "mode": "multi", "sort": "desc" },
                }),
            ),
            Form::Number => (
                "stat",
                json!({
                    "reduceOptions": { "calcs": ["lastNotNull"], "fields": "", "values": false }, "colorMode": "value",
                    "graphMode": "area", "textMode": "auto", "justifyMode": "auto", "orientation": "auto",
                }),
            ),
            Form::States => (
                "state-timeline",
                json!({
                    "showValue": "never", "mergeValues": true, "alignValue": "left", "rowHeight": 0.8,
                    "legend": { "displayMode": "list", "placement": "bottom", "showLegend": true },
                    "tooltip": { "mode": "single", "sort": "none" },
                }),
            ),
            Form::Table => ("table", json!({ "showHeader": true, "cellHeight": "sm" })),
        }
    }

    fn defaults(&self) -> Value {
        let (unit, thresholds, by_thresholds) = (self.unit, thresholds(&self.steps), json!({ "mode": "thresholds" }));
        let mappings = if self.words.is_empty() { json!([]) } else { mapped(self.words) };
        match self.form {
            Form::Lines => json!({
                "unit": unit, "thresholds": thresholds, "mappings": mappings, "color": { "mode": "palette-classic" },
                "min": 0,
                "custom": {
                    "axisLabel": self.axis, "drawStyle": "line", "fillOpacity": 8, "lineWidth": 1, "showPoints": "never",
                    "thresholdsStyle": { "mode": if self.steps.len() > 1 { "line" } else { "off" } },
                },
            }),
            Form::Number => {
                json!({ "unit": unit, "thresholds": thresholds, "mappings": mappings, "color": by_thresholds })
            }
            Form::States => json!({
                "unit": unit, "thresholds": thresholds, "mappings": mappings, "color": by_thresholds,
                "custom": { "fillOpacity": 80, "lineWidth": 0 },
            }),
            // Words are those of one column: see the overrides.
            Form::Table => json!({
                "unit": unit, "thresholds": thresholds, "mappings": [],
                "custom": { "align": "auto", "filterable": true },
            }),
        }
    }

    fn overrides(&self) -> Value {
        if self.form == Form::Table {
            let Some(state) = self.columns.first().filter(|_| !self.words.is_empty()) else { return json!([]) };
            return json!([{
                "matcher": { "id": "byName", "options": state },
                "properties": [
                    { "id": "mappings", "value": mapped(self.words) },
                    { "id": "unit", "value": "none" },
                    { "id": "custom.cellOptions", "value": { "type": "color-background" } },
                ],
            }]);
        }
        let steps = |concern| match concern {
            Concern::AboveZero => Some([(None, "green"), (Some(1.0), "red")]),
            Concern::Zero => Some([(None, "red"), (Some(1.0), "green")]),
            // Any rate above 0: the smallest that anybody would see.
            Concern::Growth => Some([(None, "green"), (Some(0.0001), "orange")]),
            Concern::Jump | Concern::None => None,
        };
        let of = |(index, target): (usize, &Target)| {
            let steps = steps(target.concern).filter(|_| self.form == Form::Lines)?;
            Some(json!({
                "matcher": { "id": "byFrameRefID", "options": ref_id(index) },
                "properties": [{ "id": "thresholds", "value": thresholds(&steps) }, { "id": "color", "value": { "mode": "thresholds" } }],
            }))
        };
        self.targets.iter().enumerate().filter_map(of).collect()
    }
}

/// The data source that the dashboard's variable holds.
pub(super) fn datasource() -> Value {
    json!({ "type": "prometheus", "uid": "${datasource}" })
}

/// `A` to `Z`, then `A1` and so on.
fn ref_id(index: usize) -> String {
    let letter = char::from(b'A' + (index % 26) as u8);
    if index < 26 { letter.to_string() } else { format!("{letter}{}", index / 26) }
}

fn thresholds(steps: &[(Option<f64>, &'static str)]) -> Value {
    let steps: Vec<Value> = steps.iter().map(|(value, color)| json!({ "value": value, "color": color })).collect();
    json!({ "mode": "absolute", "steps": steps })
}

fn mapped(words: &[(&str, &str, &str)]) -> Value {
    let options: Map<String, Value> = words
        .iter()
        .enumerate()
        .map(|(index, (value, word, color))| {
            ((*value).to_owned(), json!({ "text": word, "color": color, "index": index }))
        })
        .collect();
    json!([{ "type": "value", "options": options }])
}

/// What Grafana calls the unit of a family as it is shown: a counter by its rate.
pub(super) fn unit(entry: &Entry) -> &'static str {
    let counter = entry.kind == MetricType::Counter;
    match entry.unit {
        Unit::Bytes if counter => "Bps",
        Unit::Bytes => "bytes",
        Unit::Messages if counter => "mps",
        Unit::MessagesPerSecond => "mps",
        Unit::Packets if counter => "pps",
        Unit::Requests if counter => "reqps",
        Unit::Percent => "percent",
        Unit::Seconds => "s",
        Unit::Milliseconds => "ms",
        Unit::Status => "none",
        _ if counter => "cps",
        _ => "short",
    }
}

/// What stands beside the axis.
pub(super) fn axis(entry: &Entry) -> String {
    let rate = if entry.kind == MetricType::Counter { "/s" } else { "" };
    format!("{}{rate}", entry.unit.word())
}
