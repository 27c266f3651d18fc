//! The dashboard: a row for each section of the cluster view, then rules and resources.
//!
//! | file | holds |
//! | --- | --- |
//! | `rows` | what stands on it, from the catalog and the checks |
//! | `panel` | one panel as Grafana has it |
//! | `layout` | where panels stand |

mod layout;
mod panel;
mod rows;

use layout::{GridPos, WIDTH, place};
use serde_json::{Value, json};

/// The dashboard, for Grafana 10 and later: import asks for the data source.
pub(crate) fn dashboard() -> String {
    let (mut panels, mut top): (Vec<Value>, u32) = (Vec::new(), 0);
    let mut id = 0;
    let mut next = || {
        id += 1;
        id
    };
    for rows::Row { title, panels: row, collapsed } in rows::rows() {
        let heading = GridPos { x: 0, y: top, w: WIDTH, h: 1 };
        let own = next();
        let sizes: Vec<(u32, u32)> = row.iter().map(|panel| panel.size).collect();
        let (places, below) = place(&sizes, top + 1);
        let drawn: Vec<Value> = row.iter().zip(places).map(|(panel, place)| panel.json(next(), place)).collect();
        // Those of a row that is folded stand in it, and take no room.
        let (inside, beside) = if collapsed { (drawn, Vec::new()) } else { (Vec::new(), drawn) };
        panels.push(json!({
            "id": own, "gridPos": heading, "type": "row", "title": title, "collapsed": collapsed, "panels": inside,
        }));
        panels.extend(beside);
        top = if collapsed { top + 1 } else { below };
    }
    let plugin = |kind: &str, id: &str, name: &str, version: &str| json!({ "type": kind, "id": id, "name": name, "version": version });
    let dashboard = json!({
        "__inputs": [{
            "name": "DS_PROMETHEUS", "label": "Prometheus", "description": "Where the deployments' metrics are",
            "type": "datasource", "pluginId": "prometheus", "pluginName": "Prometheus",
        }],
        "__elements": {},
        "__requires": [
            plugin("grafana", "grafana", "Grafana", "10.0.0"),
            plugin("datasource", "prometheus", "Prometheus", "1.0.0"),
            plugin("panel", "timeseries", "Time series", ""),
            plugin("panel", "stat", "Stat", ""),
            plugin("panel", "table", "Table", ""),
            plugin("panel", "state-timeline", "State timeline", ""),
        ],
        "id": null,
        "uid": "emqstat-deployments",
        "title": "EMQX deployments",
        "description": "Made by 'emqstat export grafana'.",
        "tags": ["emqx", "mqtt"],
        "schemaVersion": 39,
        "version": 1,
        "editable": true,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": { "from": "now-1h", "to": "now" },
        "timepicker": {},
        "timezone": "browser",
        "annotations": { "list": [alerts()] },
        "links": [],
        "templating": { "list": variables() },
        "panels": panels,
    });
    format!("{dashboard:#}\n")
}

/// Marks on every panel where an alert fires.
fn alerts() -> Value {
    json!({
        "name": "Alerts", "enable": true, "hide": false, "iconColor": "red", "datasource": panel::datasource(),
        "expr": "ALERTS{alertstate=\"firing\",alertname=~\"Emqx.*\",deployment_id=~\"$deployment|\"}", "step": "30s",
        "titleFormat": "{{alertname}}", "textFormat": "{{severity}} {{profile}} {{deployment_id}}",
        "tagKeys": "severity", "useValueForTime": false,
    })
}

fn variables() -> Vec<Value> {
    let values = |name: &str, label: &str, series: &str, of: &str| {
        let query = format!("label_values({series}, {of})");
        json!({
            "type": "query", "name": name, "label": label, "datasource": panel::datasource(), "definition": query,
            "query": { "query": query, "refId": name }, "refresh": 2, "sort": 1, "multi": true, "includeAll": true,
            "allValue": ".*", "current": { "text": ["All"], "value": ["$__all"] }, "options": [], "hide": 0,
            "regex": "", "skipUrlSync": false,
        })
    };
    let nodes = "deployment_emqx_metrics_cluster_nodes_running";
    let of_deployment = "{platform=~\"$platform\",deployment_id=~\"$deployment\"}";
    vec![
        json!({
            "type": "datasource", "name": "datasource", "label": "Data source", "query": "prometheus", "regex": "",
            "current": { "text": "${DS_PROMETHEUS}", "value": "${DS_PROMETHEUS}" }, "options": [], "refresh": 1, "hide": 0,
            "multi": false, "includeAll": false, "skipUrlSync": false,
        }),
        values("platform", "Platform", nodes, "platform"),
        values("deployment", "Deployment", &format!("{nodes}{{platform=~\"$platform\"}}"), "deployment_id"),
        values("rule", "Rule", &format!("deployment_emqx_rule_status{of_deployment}"), "rule_id"),
        values("resource", "Resource", &format!("deployment_emqx_resource_status{of_deployment}"), "resource_id"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::promql;
    use std::collections::BTreeSet;

    fn panels() -> Vec<Value> {
        let dashboard: Value = serde_json::from_str(&dashboard()).unwrap();
        let all = dashboard["panels"].as_array().unwrap().iter();
        all.flat_map(|panel| [vec![panel.clone()], panel["panels"].as_array().cloned().unwrap_or_default()].concat())
            .collect()
    }

    #[test]
    fn every_documented_family_is_on_a_panel_that_tells_of_it() {
        let panels = panels();
        for entry in rows::documented() {
            for name in promql::names(entry) {
                let asks = |panel: &&Value| {
                    panel["targets"].as_array().is_some_and(|targets| {
                        targets.iter().any(|target| target["expr"].as_str().unwrap().contains(&format!("{name}{{")))
                    })
                };
                let on: Vec<&Value> = panels.iter().filter(asks).collect();
                let told = |panel: &&Value| panel["description"].as_str().unwrap().contains(entry.description);
                assert!(on.iter().any(told), "{name}: {on:#?}");
            }
        }
    }

    #[test]
    fn panels_have_a_title_of_their_own_a_unit_and_a_place() {
        let mut titles = BTreeSet::new();
        for panel in panels().iter().filter(|panel| panel["type"] != "row") {
            let title = panel["title"].as_str().unwrap();
            assert!(titles.insert(title.to_owned()), "{title} twice");
            let why = panel["fieldConfig"]["defaults"]["noValue"].as_str();
            assert!(why.is_some_and(|why| !why.is_empty()), "{title} does not say why it is empty");
            assert!(panel["fieldConfig"]["defaults"]["unit"].is_string(), "{title}");
            assert!(panel["gridPos"]["w"].as_u64().unwrap() > 0, "{title}");
        }
    }

    #[test]
    fn no_panel_stands_over_another() {
        let dashboard: Value = serde_json::from_str(&dashboard()).unwrap();
        let places: Vec<[u64; 4]> = dashboard["panels"]
            .as_array()
            .unwrap()
            .iter()
            .map(|panel| ["x", "y", "w", "h"].map(|key| panel["gridPos"][key].as_u64().unwrap()))
            .collect();
        for (index, a) in places.iter().enumerate() {
            for b in &places[index + 1..] {
                assert!(
                    a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0] || a[1] + a[3] <= b[1] || b[1] + b[3] <= a[1],
                    "{a:?} {b:?}"
                );
            }
        }
    }

    #[test]
    fn every_expression_is_of_what_is_chosen_and_legends_tell_whose_it_is() {
        for panel in panels().iter().filter(|panel| panel["type"] != "row") {
            for target in panel["targets"].as_array().unwrap() {
                let (expr, legend) = (target["expr"].as_str().unwrap(), target["legendFormat"].as_str().unwrap());
                assert!(expr.contains("$deployment") && expr.contains("$platform"), "{}: {expr}", panel["title"]);
                let is_table = panel["type"] == "table";
                assert!(is_table || legend.contains("{{deployment_id}}"), "{}: {legend}", panel["title"]);
            }
            assert!(panel["options"]["footer"].is_null(), "{}", panel["title"]);
        }
    }
}
