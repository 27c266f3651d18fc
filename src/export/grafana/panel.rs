//! One panel, and its JSON.

use crate::deployment::catalog::{Concern, Entry, Unit};
use crate::exposition::MetricType;
use serde_json::{Value, json};

/// How a panel shows its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
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
#[derive(Debug, Clone)]
pub struct Target {
    pub expr: String,
    pub legend: String,
    /// What deserves attention, as the catalog has it.
    pub concern: Concern,
}

/// A panel without its place.
#[derive(Debug, Clone)]
pub struct Panel {
    pub title: String,
    pub description: String,
    pub form: Form,
    /// Grafana's unit.
    pub unit: &'static str,
    /// What the axis counts.
    pub axis: String,
    pub targets: Vec<Target>,
    pub size: (u32, u32),
    /// Colours from a value on; the first counts from below.
    pub steps: Vec<(Option<f64>, &'static str)>,
    /// What numbers mean: value, word, colour.
    pub words: &'static [(&'static str, &'static str, &'static str)],
    /// Of a table: what the values of each target are called.
    pub columns: &'static [&'static str],
}

impl Panel {
    /// Lines of what has no thresholds.
    pub fn lines(title: impl Into<String>, targets: Vec<Target>) -> Panel {
        Panel {
            title: title.into(),
            description: String::new(),
            form: Form::Lines,
            unit: "short",
            axis: String::new(),
            targets,
            size: (8, 8),
            steps: vec![(None, "green")],
            words: &[],
            columns: &[],
        }
    }

    /// The panel as Grafana has it, but for its place and id.
    pub fn json(&self) -> Value {
        let source = datasource();
        let is_table = self.form == Form::Table;
        let targets: Vec<Value> = self
            .targets
            .iter()
            .enumerate()
            .map(|(index, target)| {
                json!({
                    "datasource": source, "editorMode": "code", "expr": target.expr, "legendFormat": target.legend,
                    "refId": ref_id(index), "instant": is_table, "range": !is_table,
                    "format": if is_table { "table" } else { "time_series" },
                })
            })
            .collect();
        let mut panel = json!({
            "type": match self.form {
                Form::Lines => "timeseries", Form::Number => "stat", Form::States => "state-timeline", Form::Table => "table",
            },
            "title": self.title, "description": self.description, "datasource": source, "targets": targets,
            "fieldConfig": { "defaults": self.defaults(), "overrides": self.overrides() },
            "options": self.options(),
        });
        if is_table {
            let names = self.columns.iter().enumerate();
            let renamed: serde_json::Map<String, Value> =
                names.map(|(index, name)| (format!("Value #{}", ref_id(index)), json!(name))).collect();
            panel["transformations"] = json!([
                { "id": "merge", "options": {} },
                { "id": "organize", "options": { "excludeByName": { "Time": true }, "indexByName": {}, "renameByName": renamed } },
            ]);
        }
        panel
    }

    fn defaults(&self) -> Value {
        let mut defaults =
            json!({ "unit": self.unit, "thresholds": thresholds(&self.steps), "mappings": self.mappings() });
        match self.form {
            Form::Lines => {
                defaults["color"] = json!({ "mode": "palette-classic" });
                defaults["min"] = json!(0);
                defaults["custom"] = json!({
                    "axisLabel": self.axis, "drawStyle": "line", "fillOpacity": 8, "lineWidth": 1, "showPoints": "never",
                    "thresholdsStyle": { "mode": if self.steps.len() > 1 { "line" } else { "off" } },
                });
            }
            Form::Number => defaults["color"] = json!({ "mode": "thresholds" }),
            Form::States => {
                defaults["color"] = json!({ "mode": "thresholds" });
                defaults["custom"] = json!({ "fillOpacity": 80, "lineWidth": 0 });
            }
            Form::Table => defaults["custom"] = json!({ "align": "auto", "filterable": true }),
        }
        defaults
    }

    fn mappings(&self) -> Value {
        // In a table they are those of one column.
        if self.words.is_empty() || self.form == Form::Table { json!([]) } else { mapped(self.words) }
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

    fn options(&self) -> Value {
        let last = json!({ "calcs": ["lastNotNull"], "fields": "", "values": false });
        match self.form {
            Form::Lines => json!({
                "legend": { "displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": [] },
                "tooltip": { "mode": "multi", "sort": "desc" },
            }),
            Form::Number => json!({
                "reduceOptions": last, "colorMode": "value", "graphMode": "area", "textMode": "auto", "justifyMode": "auto",
                "orientation": "auto",
            }),
            Form::States => json!({
                "showValue": "never", "mergeValues": true, "alignValue": "left", "rowHeight": 0.8,
                "legend": { "displayMode": "list", "placement": "bottom", "showLegend": true },
                "tooltip": { "mode": "single", "sort": "none" },
            }),
            Form::Table => json!({ "showHeader": true, "cellHeight": "sm", "footer": { "show": false } }),
        }
    }
}

/// The data source that the dashboard's variable holds.
pub fn datasource() -> Value {
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
    let options: serde_json::Map<String, Value> = words
        .iter()
        .enumerate()
        .map(|(index, (value, word, color))| {
            ((*value).to_owned(), json!({ "text": word, "color": color, "index": index }))
        })
        .collect();
    json!([{ "type": "value", "options": options }])
}

/// What Grafana calls the unit of a family as it is shown: a counter by its rate.
pub fn unit(entry: &Entry) -> &'static str {
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
pub fn axis(entry: &Entry) -> String {
    let rate = if entry.kind == MetricType::Counter { "/s" } else { "" };
    format!("{}{rate}", entry.unit.word())
}
