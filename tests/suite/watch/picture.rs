//! The screen drawn into memory, at the widths that people have.

use emqstat::deployment::{Collector, Endpoint, PerEndpoint, Rates, Snapshot};
use emqstat::health::{Look, Plan, Policy};
use emqstat::source::{Failure, Report, Timing};
use emqstat::view::live::{Action, KEPT, Key, ListOptions, Live, Scene};
use emqstat::view::watch::{DeploymentState, View, WatchAnswer};
use emqstat::view::{Answer, Kind, Paint};
use jiff::Timestamp;
use ratatui_core::buffer::Buffer;
use ratatui_core::layout::{Rect, Size};
use std::time::{Duration, Instant};

const NOW: &str = "2026-11-22T06:51:07Z";

/// A deployment after so many ticks of five seconds: messages come in waves, one rule fails now and then, and from the
/// tenth tick on a resource is down.
fn snapshot(tick: u64) -> Snapshot {
    let id = "deployment_id=\"gde1d4ab\",deployment_type=\"dedicated\",platform=\"aliyun_en\"";
    let sum = |at: u64, base: u64| (0..=at).map(|tick| base + base * (tick % 7)).sum::<u64>();
    let mut text = String::new();
    for (name, value) in [
        ("cluster_nodes_running", 3),
        ("cluster_nodes_stopped", 0),
        ("live_connections_count", 5_000 + 13 * (tick % 11)),
        ("sessions_count", 6_089),
        ("messages_received", 1_000_000 + sum(tick, 5_000)),
        ("messages_sent", 2_000_000 + sum(tick, 9_000)),
        ("bytes_received", sum(tick, 800_000)),
        ("bytes_sent", sum(tick, 1_200_000)),
        ("messages_dropped", sum(tick, 20)),
        ("messages_dropped_no_subscribers", sum(tick, 20)),
        ("delivery_dropped", 2_000 * (tick / 4)),
        ("delivery_dropped_no_local", 0),
        ("delivery_dropped_queue_full", 2_000 * (tick / 4)),
        ("authentication_success", 10 * tick),
        ("authentication_failure", 0),
        ("authorization_deny", 0),
        ("authorization_allow", 300 * tick),
    ] {
        text += &format!("deployment_emqx_metrics_{name}{{{id}}} {value}\n");
    }
    let mut more = String::new();
    for (rule, status, base) in [("rule-a", 1, 40), ("rule-b", 0, 0), ("rule-c", 1, 700)] {
        more += &format!("deployment_emqx_rule_status{{{id},rule_id=\"{rule}\"}} {status}\n");
        let failed = if rule == "rule-c" { 20 * (tick / 2) } else { 0 };
        for (status, value) in
            [("matched", base * tick), ("passed", base * tick), ("failed", 0), ("exception", 0), ("no_result", 0)]
        {
            more += &format!(
                "deployment_emqx_rule_matched_count{{{id},rule_id=\"{rule}\",match_status=\"{status}\"}} {value}\n"
            );
        }
        for (status, value) in [("taken", base * tick), ("success", base * tick - failed), ("failed", failed)] {
            more += &format!(
                "deployment_emqx_rule_action_execution_count{{{id},rule_id=\"{rule}\",execution_status=\"{status}\"}} {value}\n"
            );
        }
    }
    for (resource, up) in [("http:sink", 1), ("kafka_producer:bus", u8::from(tick < 10))] {
        more += &format!("deployment_emqx_resource_status{{{id},resource_id=\"{resource}\"}} {up}\n");
    }
    let mut collector = Collector::new();
    collector.read(Some(Endpoint::Cluster), text.as_bytes()).unwrap();
    let mut other = Collector::new();
    other.read(Some(Endpoint::DataIntegration), more.as_bytes()).unwrap();
    collector.merge(other);
    collector.finish().snapshots.next().unwrap()
}

/// What is shown at that tick.
fn answer(tick: u64) -> WatchAnswer {
    let scraped_at: Timestamp = NOW.parse().unwrap();
    let (before, after) = (snapshot(tick - 1), snapshot(tick));
    let rates = Rates::between(&before, &after, PerEndpoint::from_fn(|_| Some(Duration::from_secs(5))));
    let took = Duration::from_millis(83);
    let timing = Timing { started: Instant::now(), scraped_at, duration: took, stale: false };
    let report = Report {
        index: 0,
        timing: PerEndpoint::from_fn(|_| Some(timing)),
        profile: Some("prod".to_owned()),
        endpoint: Some("https://emqx.example.com:8443/api/v5".to_owned()),
        scraped_at,
        duration: Some(took),
        snapshot: after,
        rates: Some(rates),
    };
    let plan = Plan::without_profile(&Policy::default_checks());
    let look = Look { now: scraped_at, once: None, asked: &Endpoint::ALL, failures: &[] };
    let judgement = plan.judgement(plan.judge(&report, look).into(), scraped_at);
    let state = DeploymentState { judgement: judgement.clone(), before: Some(before) };
    let answer = Answer {
        kind: Kind::Cluster,
        generated_at: scraped_at,
        reports: vec![report],
        judgements: vec![judgement],
        summaries: Vec::new(),
        verdicts: Vec::new(),
        failures: Vec::new(),
        warnings: Vec::new(),
    };
    WatchAnswer { tick, view: View::Overview, answer, states: vec![state] }
}

fn live(view: View) -> Live {
    Live::new(view, false, Paint { colored: true }, &ListOptions::default()).unwrap()
}

/// The screen after so many ticks.
fn after(ticks: u64, view: View) -> (Live, WatchAnswer) {
    let mut live = live(view);
    (1..=ticks).for_each(|tick| live.take(&answer(tick)));
    (live, answer(ticks))
}

fn drawn(live: &mut Live, watch: &WatchAnswer, width: u16, height: u16) -> String {
    let scene =
        Scene { watch, now: NOW.parse().unwrap(), interval: Duration::from_secs(5), paused: false, until: None };
    live.resize(Size::new(width, height));
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    live.draw(&mut buffer, &scene);
    let line = |y| {
        let cells: String = (0..width).map(|x| buffer.cell((x, y)).unwrap().symbol()).collect();
        cells.trim_end().to_owned() + "\n"
    };
    (0..height).map(line).collect()
}

fn picture(view: View, width: u16, height: u16) -> String {
    let (mut live, watch) = after(12, view);
    drawn(&mut live, &watch, width, height)
}

#[test]
fn overview_at_60_columns() {
    insta::assert_snapshot!(picture(View::Overview, 60, 15));
}

#[test]
fn overview_at_80_columns() {
    insta::assert_snapshot!(picture(View::Overview, 80, 24));
}

#[test]
fn overview_at_120_columns() {
    insta::assert_snapshot!(picture(View::Overview, 120, 40));
}

#[test]
fn overview_at_200_columns() {
    insta::assert_snapshot!(picture(View::Overview, 200, 30));
}

#[test]
fn rules_at_60_columns() {
    insta::assert_snapshot!(picture(View::Rows(Kind::Rules), 60, 15));
}

#[test]
fn rules_at_200_columns() {
    insta::assert_snapshot!(picture(View::Rows(Kind::Rules), 200, 15));
}

#[test]
fn resources_at_80_columns() {
    insta::assert_snapshot!(picture(View::Rows(Kind::Resources), 80, 15));
}

#[test]
fn cluster_at_120_columns() {
    insta::assert_snapshot!(picture(View::Rows(Kind::Cluster), 120, 24));
}

#[test]
fn what_fails_stands_in_the_head() {
    let (mut live, mut watch) = after(12, View::Overview);
    let timing = watch.answer.reports[0].timing.slot(Endpoint::DataIntegration).as_mut().unwrap();
    timing.stale = true;
    timing.scraped_at -= Duration::from_secs(42);
    let report = &watch.answer.reports[0];
    watch.answer.failures.push(Failure {
        profile: report.profile.clone(),
        endpoint: report.endpoint.clone(),
        ..Failure::new(
            emqstat::exit::Exit::Unavailable,
            "cannot connect to emqx.example.com:8443: connection refused".to_owned(),
            None,
        )
    });
    let shown = drawn(&mut live, &watch, 100, 24);
    let expected = "✗ numbers of 42 s ago; cannot connect to emqx.example.com:8443: connection refused";
    assert!(shown.lines().nth(2).unwrap().starts_with(expected), "{shown}");
    watch.answer.reports.clear();
    watch.states.clear();
    let shown = drawn(&mut live, &watch, 60, 15);
    assert!(shown.contains("\nprod: cannot connect to emqx.example.com:8443: connection\nrefused\n"), "{shown}");
}

#[test]
fn no_size_is_too_small() {
    for view in [View::Overview, View::Rows(Kind::Cluster), View::Rows(Kind::Rules), View::Rows(Kind::Resources)] {
        let (mut live, watch) = after(12, view);
        for (width, height) in [(1, 1), (2, 3), (3, 2), (10, 4), (20, 5), (59, 7), (500, 3), (7, 200)] {
            drawn(&mut live, &watch, width, height);
            live.press(Key::Char('?'), &watch);
            drawn(&mut live, &watch, width, height);
            live.press(Key::Escape, &watch);
        }
    }
}

#[test]
fn one_deployment_is_shown_at_a_time_and_the_worst_is_told() {
    let (mut live, mut watch) = after(2, View::Overview);
    let other = answer(12);
    watch.answer.reports.extend(other.answer.reports);
    watch.states.extend(other.states);
    watch.answer.reports[1].profile = Some("staging".to_owned());
    watch.answer.reports[1].index = 1;
    live.take(&watch);
    let shown = drawn(&mut live, &watch, 100, 24);
    assert!(shown.starts_with("emqstat  1 of 2, worst critical  prod "), "{shown}");
    for (key, name) in [('n', "staging"), ('n', "prod"), ('p', "staging")] {
        live.press(Key::Char(key), &watch);
        let shown = drawn(&mut live, &watch, 100, 24);
        assert!(shown.lines().next().unwrap().contains(&format!("  {name} ")), "{shown}");
    }
}

/// Sorted by a column, chosen by a condition and by a part of the name; keys that mean something to others are handed on.
#[test]
fn keys_sort_filter_and_ask() {
    let (mut live, watch) = after(12, View::Rows(Kind::Rules));
    let mut press = |keys: &str| {
        keys.chars().for_each(|key| {
            let key = if key == '\n' { Key::Enter } else { Key::Char(key) };
            assert_eq!(live.press(key, &watch), None);
        });
        drawn(&mut live, &watch, 120, 10)
    };
    let first = |shown: &str| {
        shown.lines().nth(5).unwrap().split_whitespace().find(|word| word.starts_with("rule-")).unwrap().to_owned()
    };
    assert_eq!(first(&press("")), "rule-c", "what fails now comes first");
    assert_eq!(first(&press("s")), "rule-a");
    assert_eq!(first(&press("R")), "rule-c");
    let shown = press("ss");
    assert!(first(&shown) == "rule-c" && shown.contains("by matched/s ▼"), "{shown}");
    let shown = press("/rate(matched) > 0\n");
    assert!(shown.contains("2 rules (of 3)") || shown.contains("1-2 of 2 rules (of 3)"), "{shown}");
    let shown = press("/x");
    assert!(shown.contains("filter: rate(matched) > 0x"), "{shown}");
    assert_eq!(live.press(Key::Escape, &watch), None);
    live.press(Key::Escape, &watch);
    for key in "/E-B\n".chars() {
        live.press(if key == '\n' { Key::Enter } else { Key::Char(key) }, &watch);
    }
    let shown = drawn(&mut live, &watch, 120, 10);
    assert!(shown.contains("rule-b") && !shown.contains("rule-a"), "{shown}");
    for (key, act) in [
        (Key::Char('q'), Action::Quit),
        (Key::Ctrl('c'), Action::Interrupt),
        (Key::Char(' '), Action::Pause),
        (Key::Char('+'), Action::Faster),
        (Key::Char('-'), Action::Slower),
        (Key::Char('r'), Action::Refresh),
    ] {
        assert_eq!(live.press(key, &watch), Some(act), "{key:?}");
    }
}

#[test]
fn rows_scroll_below_their_head_and_never_beyond_their_end() {
    let (mut live, mut watch) = after(12, View::Rows(Kind::Rules));
    let rule = watch.answer.reports[0].snapshot.rules.as_ref().unwrap()[0].clone();
    let rules = (0..10_000).map(|at| emqstat::deployment::Rule { rule_id: format!("rule-{at:05}"), ..rule.clone() });
    watch.answer.reports[0].snapshot.rules = Some(rules.collect());
    watch.answer.reports[0].rates = None;
    watch.states[0].before = None;
    live.take(&watch);
    let rows = |shown: &str| -> Vec<String> {
        shown
            .lines()
            .filter_map(|line| line.split_whitespace().find(|word| word.starts_with("rule-")))
            .map(str::to_owned)
            .collect()
    };
    let shown = drawn(&mut live, &watch, 80, 10);
    assert!(shown.contains("1-4 of 10,000 rules, trouble first"), "{shown}");
    assert_eq!(rows(&shown), ["rule-00000", "rule-00001", "rule-00002", "rule-00003"]);
    for (key, first) in [
        (Key::Down, "rule-00001"),
        (Key::PageDown, "rule-00004"),
        (Key::End, "rule-09996"),
        (Key::Down, "rule-09996"),
        (Key::PageUp, "rule-09993"),
        (Key::Home, "rule-00000"),
        (Key::Up, "rule-00000"),
    ] {
        live.press(key, &watch);
        let shown = drawn(&mut live, &watch, 80, 10);
        assert_eq!(rows(&shown)[0], first, "{key:?}");
        assert!(shown.starts_with("emqstat  prod") && shown.lines().nth(4).unwrap().contains("matched/s"), "{shown}");
    }
    // A higher screen has more of them, and they end at its end.
    live.press(Key::End, &watch);
    assert_eq!(rows(&drawn(&mut live, &watch, 80, 30)).last().unwrap(), "rule-09999");
    assert_eq!(rows(&drawn(&mut live, &watch, 80, 30)).len(), 24);
}

/// However long it runs, it remembers so many ticks of the deployments that are shown, and no more.
#[test]
fn what_is_remembered_is_bounded() {
    let mut live = live(View::Overview);
    let watch = answer(3);
    (0..2 * KEPT).for_each(|_| live.take(&watch));
    let full = live.remembered();
    assert_eq!(full % KEPT, 0);
    (0..5).for_each(|_| live.take(&watch));
    assert_eq!(live.remembered(), full);
    let mut other = answer(3);
    other.answer.reports[0].snapshot.identity.deployment_id = Some("another".to_owned());
    live.take(&other);
    assert_eq!(live.remembered(), full / KEPT, "who is gone is forgotten");
}
