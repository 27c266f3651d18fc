//! Paints panels of a dashboard, with what Prometheus answered for them, as an SVG: docs/dashboard.svg.
//!
//! It shows what the panels ask and get, laid out as the dashboard says. It is not Grafana's own rendering.

use serde_json::Value;
use std::fmt::Write;

/// What one series of a panel is called, and its points: seconds since 1970 and the value.
pub struct Line {
    pub legend: String,
    pub points: Vec<(f64, f64)>,
}

/// Width and height of a cell of the dashboard's grid, which has 24 columns; and the gap between two panels.
const CELL: (f64, f64) = (50.0, 30.0);
const GAP: f64 = 6.0;
const COLOURS: [&str; 8] = ["#73bf69", "#f2cc0c", "#5794f2", "#ff9830", "#f2495c", "#b877d9", "#8ab8ff", "#ffa6b0"];
const DIM: &str = "#9a9ba3";

/// A rectangle of the picture, in pixels.
#[derive(Clone, Copy)]
struct Area {
    x: f64,
    y: f64,
    w: f64,
    h: f64,
}

/// The picture of these panels, each with its lines; a row of the dashboard has none.
pub fn svg(title: &str, panels: &[(&Value, Vec<Line>)]) -> String {
    let number = |panel: &Value, key: &str| panel["gridPos"][key].as_f64().unwrap();
    let rows = panels.iter().map(|(panel, _)| number(panel, "y") + number(panel, "h")).fold(0.0, f64::max);
    let (wide, high) = (24.0 * CELL.0 + GAP, rows * CELL.1 + GAP);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\">\n\
         <title>{}</title>\n<rect width=\"{wide}\" height=\"{high}\" fill=\"#111217\"/>\n\
         <g font-family=\"system-ui,'Segoe UI',Helvetica,Arial,'DejaVu Sans',sans-serif\" font-size=\"11\">\n",
        escaped(title)
    );
    for (panel, lines) in panels {
        let area = Area {
            x: number(panel, "x") * CELL.0 + GAP,
            y: number(panel, "y") * CELL.1 + GAP,
            w: number(panel, "w") * CELL.0 - GAP,
            h: number(panel, "h") * CELL.1 - GAP,
        };
        let Area { x, y, w, h } = area;
        let title = panel["title"].as_str().unwrap();
        if panel["type"] == "row" {
            text(&mut svg, (x + 4.0, y + 16.0), "#d8d9df\" font-size=\"14", &format!("⌄ {title}"));
            continue;
        }
        writeln!(svg, r##"<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="2" fill="#181b1f" stroke="#2a2c33"/>"##)
            .unwrap();
        text(&mut svg, (x + 8.0, y + 18.0), "#d8d9df\" font-weight=\"bold", title);
        let defaults = &panel["fieldConfig"]["defaults"];
        if panel["type"] == "stat" {
            stat(&mut svg, area, defaults, lines)
        } else {
            graph(&mut svg, area, defaults, lines)
        }
    }
    svg + "</g>\n</svg>\n"
}

/// The last value of each line in the colour of its threshold, over a small graph.
fn stat(svg: &mut String, Area { x, y, w, h }: Area, defaults: &Value, lines: &[Line]) {
    let part = w / lines.len() as f64;
    for (at, line) in lines.iter().enumerate() {
        let area = Area { x: x + at as f64 * part, y: y + h - 34.0, w: part, h: 30.0 };
        let last = line.points.last().unwrap().1;
        let steps = defaults["thresholds"]["steps"].as_array().unwrap();
        let step = steps.iter().rfind(|step| step["value"].as_f64().is_none_or(|from| last >= from)).unwrap();
        let colour = match step["color"].as_str().unwrap() {
            "green" => COLOURS[0],
            "orange" | "yellow" => COLOURS[3],
            "red" => COLOURS[4],
            other => panic!("no colour for {other}"),
        };
        polyline(svg, area, range(&[line]), (colour, 0.15), &line.points);
        let (value, legend) = (quantity(last, &defaults["unit"]), if lines.len() > 1 { &line.legend } else { "" });
        let middle = |size| format!("{colour}\" text-anchor=\"middle\" font-size=\"{size}");
        let size = if lines.len() > 1 { 20 } else { 28 };
        text(svg, (area.x + part / 2.0, y + h / 2.0 + 12.0), &middle(size), &value);
        text(svg, (area.x + part / 2.0, y + 34.0), &middle(9), legend);
    }
}

/// Every line over a common grid, with the legend below.
fn graph(svg: &mut String, Area { x, y, w, h }: Area, defaults: &Value, lines: &[Line]) {
    let legend = lines.len() as f64 * 13.0;
    let plot = Area { x: x + 62.0, y: y + 32.0, w: w - 76.0, h: h - 58.0 - legend };
    let ((from, to), (low, high)) = range(&lines.iter().collect::<Vec<_>>());
    let low = defaults["min"].as_f64().unwrap_or(low);
    let tenfold = 10_f64.powf(((high - low) / 3.0).log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|n| n * tenfold).into_iter().find(|step| (high - low) / step <= 4.0).unwrap();
    let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
    for tick in 0..=((high - low) / step).round() as u32 {
        let value = low + f64::from(tick) * step;
        let at = plot.y + plot.h * (high - value) / (high - low);
        writeln!(svg, r##"<path d="M{:.1} {at:.1}h{:.1}" stroke="#2a2c33"/>"##, plot.x, plot.w).unwrap();
        let end = format!("{DIM}\" text-anchor=\"end\" font-size=\"10");
        text(svg, (plot.x - 6.0, at + 3.0), &end, &quantity(value, &defaults["unit"]));
    }
    for third in [0.0, 1.0, 2.0, 3.0] {
        let second = (from + (to - from) * third / 3.0) as u64 % 86400;
        let clock = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
        let middle = format!("{DIM}\" text-anchor=\"middle\" font-size=\"10");
        text(svg, (plot.x + plot.w * third / 3.0 - third * 4.0, plot.y + plot.h + 14.0), &middle, &clock);
    }
    for ((at, line), colour) in lines.iter().enumerate().zip(COLOURS.iter().cycle()) {
        polyline(svg, plot, ((from, to), (low, high)), (colour, 0.08), &line.points);
        let below = y + h - 6.0 - legend + 13.0 * (at + 1) as f64 - 4.0;
        writeln!(svg, r#"<path d="M{:.1} {:.1}h14" stroke="{colour}" stroke-width="3"/>"#, x + 10.0, below - 4.0)
            .unwrap();
        text(svg, (x + 30.0, below), DIM, &line.legend);
    }
}

type Ends = (f64, f64);

/// From when to when, and from which value to which; never nothing.
fn range(lines: &[&Line]) -> (Ends, Ends) {
    let points = || lines.iter().flat_map(|line| &line.points);
    let ends = |values: &mut dyn Iterator<Item = f64>| {
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        if high > low { (low, high) } else { (low - 0.5, low + 0.5) }
    };
    (ends(&mut points().map(|point| point.0)), ends(&mut points().map(|point| point.1)))
}

fn polyline(svg: &mut String, area: Area, (time, value): (Ends, Ends), style: (&str, f64), points: &[(f64, f64)]) {
    let (colour, fill) = style;
    let across = |t| area.x + area.w * (t - time.0) / (time.1 - time.0);
    let path: Vec<String> = points
        .iter()
        .map(|(t, v)| format!("{:.1} {:.1}", across(*t), area.y + area.h * (value.1 - v) / (value.1 - value.0)))
        .collect();
    let (path, bottom) = (path.join("L"), area.y + area.h);
    let (first, last) = (across(points[0].0), across(points[points.len() - 1].0));
    writeln!(
        svg,
        r#"<path d="M{first:.1} {bottom:.1}L{path}L{last:.1} {bottom:.1}Z" fill="{colour}" opacity="{fill}"/>"#
    )
    .unwrap();
    writeln!(svg, r#"<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.3"/>"#).unwrap();
}

/// `fill` may go on with further attributes.
fn text(svg: &mut String, (x, y): (f64, f64), fill: &str, text: &str) {
    if !text.is_empty() {
        writeln!(svg, r#"<text x="{x:.1}" y="{y:.1}" fill="{fill}">{}</text>"#, escaped(text)).unwrap();
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A value with its unit, by the names that Grafana has for units.
fn quantity(value: f64, unit: &Value) -> String {
    let (value, unit) = match unit.as_str().unwrap() {
        "percentunit" => (value * 100.0, " %"),
        "s" if value < 1.0 => (value * 1000.0, " ms"),
        "s" => (value, " s"),
        "mps" => (value, " msg/s"),
        "cps" => (value, " c/s"),
        "reqps" => (value, " req/s"),
        "short" => (value, ""),
        other => panic!("no words for {other}"),
    };
    let (value, thousands) = if value.abs() >= 10_000.0 { (value / 1000.0, " K") } else { (value, "") };
    let decimals = if value.abs() >= 100.0 || value.fract() == 0.0 { 0 } else { 2 };
    let text = format!("{value:.decimals$}");
    let short = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{short}{thousands}{unit}")
}
