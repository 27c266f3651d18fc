//! What stands above and below every view: whose numbers these are, how old, what went wrong; the keys.

use super::canvas::{Canvas, chosen};
use super::{Live, Scene, VIEWS};
use crate::source::{Failure, Report};
use crate::style::Role;
use crate::text::visible;
use crate::units::{self, span, took};
use crate::view::answer::Kind;
use crate::view::mark::{role, sign};
use crate::view::watch::{DeploymentState, View};
use std::time::Duration;
use unicode_width::UnicodeWidthStr;

/// Three lines: the deployment and the time; the views and the verdict; what went wrong, or a rule.
pub(super) fn draw(canvas: &mut Canvas<'_>, live: &Live, scene: &Scene<'_>) {
    let answer = &scene.watch.answer;
    let shown = answer.reports.get(live.place).zip(scene.watch.states.get(live.place));
    let is_of_all = live.view == View::Rows(Kind::Deployments);
    let width = canvas.width();
    let clock = clock(scene, shown.map(|(report, _)| report), width >= WIDE);
    let room = width.saturating_sub(clock.width() + 2);
    let mut left = canvas.part(0, 0, room, 1);
    let x = left.text(0, 0, Role::Heading, "emqstat");
    if is_of_all {
        let all = units::counted(answer.reports.len() as f64, "deployment", "deployments");
        left.text(x + 2, 0, Role::Heading, &all);
    } else if let Some((report, _)) = shown {
        let (name, about) = title(report);
        let count = answer.reports.len();
        let x = if count > 1 {
            let worst = scene.watch.states.iter().map(|state| state.judgement.health.status).max();
            let own = shown.map(|(_, state)| state.judgement.health.status);
            let worse = worst.filter(|worst| Some(*worst) > own).map(|worst| format!(", worst {}", worst.word()));
            let count = units::grouped(count as f64);
            let text = format!("{} of {count}{}", live.place + 1, worse.unwrap_or_default());
            left.text(x + 2, 0, Role::Muted, &text)
        } else {
            x
        };
        let x = left.text(x + 2, 0, Role::Heading, &name) + 1;
        // Part of an id is of no use: all of it, or none.
        let fitting = about.iter().find(|about| x + visible(about).width() <= room);
        left.text(x, 0, Role::Muted, fitting.map_or("", String::as_str));
    }
    let role = if scene.paused { Role::Warning } else { Role::Muted };
    canvas.right(width, 0, role, &clock);

    tabs(canvas, live, scene, shown.map(|(_, state)| state));
    canvas.rule(2);
    if let Some((role, text)) = trouble(scene, shown).filter(|_| !is_of_all) {
        canvas.text(0, 2, role, &format!("{text} "));
    } else if let Some(until) = &scene.until {
        canvas.text(0, 2, Role::Heading, &format!("until {until} "));
    }
}

/// What there is to see where nobody has answered yet.
pub(super) fn draw_waiting(canvas: &mut Canvas<'_>, scene: &Scene<'_>, index: Option<usize>) {
    let is_about = |failure: &&Failure| index.is_none_or(|index| failure.index == index);
    let failures: Vec<&Failure> = scene.watch.answer.failures.iter().filter(is_about).collect();
    if failures.is_empty() {
        canvas.text(0, 1, Role::Muted, "Asking for the first time ...");
        return;
    }
    let mut y = 1;
    for Failure { profile, endpoint, message, hint, .. } in failures {
        let name = profile.as_deref().or(endpoint.as_deref());
        let text = name.map_or_else(|| message.clone(), |name| format!("{name}: {message}"));
        for (role, text) in
            std::iter::once((Role::Error, text)).chain(hint.iter().map(|hint| (Role::Plain, hint.clone())))
        {
            for line in wrap(&text, canvas.width()) {
                canvas.text(0, y, role, &line);
                y += 1;
            }
        }
        y += 1;
    }
    canvas.text(0, y, Role::Muted, "Asked again and again, less often as it goes on failing.");
}

/// One line: the keys, or the filter that is typed.
pub(super) fn draw_foot(canvas: &mut Canvas<'_>, live: &Live) {
    if let Some(typing) = &live.typing {
        let x = canvas.text(0, 0, Role::Heading, "filter: ");
        let x = canvas.text(x, 0, Role::Plain, &typing.text);
        let x = canvas.styled(x, 0, chosen(), " ");
        match &typing.refused {
            Some(why) => canvas.text(x + 2, 0, Role::Error, why),
            None => canvas.text(x + 2, 0, Role::Muted, "failed > 0, rate(failed) > 1, or part of a name; Enter, Esc"),
        };
        return;
    }
    let of_lists = [("s", "sort"), ("R", "reverse"), ("/", "filter"), ("↑↓", "scroll")];
    let of_several: &[(&str, &str)] = match (live.several, live.view) {
        (true, View::Rows(Kind::Deployments)) => &[("Enter", "open")],
        (true, _) => &[("Esc", "all")],
        (false, _) => &[],
    };
    let of_all = [("space", "pause"), ("+-", "faster, slower"), ("r", "now")];
    // The last ones are never left out: they lead to the others, and away.
    let always = [("?", "help"), ("q", "quit")];
    let width = |keys: &[(&str, &str)]| keys.iter().map(|(key, what)| key.width() + what.width() + 3).sum::<usize>();
    let mut room = (canvas.width() + 2).saturating_sub(width(&always));
    let is_list = live.shown_list().is_some();
    let mut shown: Vec<(&str, &str)> = Vec::new();
    for key in of_several.iter().copied().chain(of_lists.into_iter().filter(|_| is_list)).chain(of_all) {
        let own = width(&[key]);
        if own > room {
            break;
        }
        room -= own;
        shown.push(key);
    }
    let mut x = 0;
    for (key, what) in shown.into_iter().chain(always) {
        x = canvas.text(x, 0, Role::Heading, key);
        x = canvas.text(x + 1, 0, Role::Muted, what) + 2;
    }
}

/// The name, and what else is known of it: more and less of it.
fn title(report: &Report) -> (String, [String; 2]) {
    let identity = &report.snapshot.identity;
    let id = identity.deployment_id.as_ref().map(|id| format!("deployment {id}")).unwrap_or_default();
    let kind = [&identity.deployment_type, &identity.platform].into_iter().flatten().cloned().collect::<Vec<_>>();
    let kind = if kind.is_empty() { String::new() } else { format!(" ({})", kind.join(", ")) };
    match report.profile.clone().or_else(|| report.endpoint.clone()) {
        Some(name) => (name, [format!("{id}{kind}"), id]),
        None => (id, [kind.trim().to_owned(), String::new()]),
    }
}

/// `19:14:05 UTC, in 83 ms, every 5 s`.
fn clock(scene: &Scene<'_>, report: Option<&Report>, wide: bool) -> String {
    let timing = || report.iter().flat_map(|report| report.timing.values());
    let slowest = timing().map(|timing| timing.duration).max().filter(|_| wide);
    let asked = timing().map(|timing| timing.scraped_at).max();
    let when = asked.map(|at| format!("{} UTC, ", at.strftime("%H:%M:%S"))).unwrap_or_default();
    let slowest = slowest.map(|time| format!("in {}, ", took(time))).unwrap_or_default();
    if scene.paused {
        return format!("{when}PAUSED");
    }
    format!("{when}{slowest}every {}", pause(scene.interval))
}

/// From this width on there is room for how long it took.
const WIDE: usize = 100;

/// An interval in words.
fn pause(interval: Duration) -> String {
    if interval < Duration::from_secs(1) || interval.subsec_millis() > 0 { took(interval) } else { span(interval) }
}

/// The verdict, which is there on the narrowest screen; the views.
fn tabs(canvas: &mut Canvas<'_>, live: &Live, scene: &Scene<'_>, state: Option<&DeploymentState>) {
    let worst = || scene.watch.states.iter().map(|state| state.judgement.health.status).max();
    let is_of_all = live.view == View::Rows(Kind::Deployments);
    let status = if is_of_all { worst() } else { state.map(|state| state.judgement.health.status) };
    let mut x = 0;
    if let Some(status) = status {
        x = canvas.text(0, 1, role(status), &format!("{} {}", sign(status), status.word())) + 1;
    }
    let first = VIEWS.len() - live.views().len();
    for (at, view) in VIEWS.iter().enumerate().skip(first) {
        let text = format!("{at} {}", view.word());
        // What is chosen is told by brackets, too.
        x = if *view == live.view {
            canvas.styled(x, 1, chosen(), &format!("[{text}]"))
        } else {
            canvas.text(x, 1, Role::Plain, &format!(" {text} "))
        };
    }
}

/// What went wrong, and how old what is shown has become: of the deployment that is shown before others.
fn trouble(scene: &Scene<'_>, shown: Option<(&Report, &DeploymentState)>) -> Option<(Role, String)> {
    let failures = &scene.watch.answer.failures;
    let of_shown = |failure: &&Failure| {
        shown.is_some_and(|(report, _)| report.profile == failure.profile && report.endpoint == failure.endpoint)
    };
    // Of others their own rows tell.
    let is_alone = scene.watch.answer.reports.len() < 2;
    let failure =
        failures.iter().find(of_shown).or_else(|| failures.first().filter(|_| is_alone && shown.is_some()))?;
    let name = failure.profile.as_deref().or(failure.endpoint.as_deref()).filter(|_| !of_shown(&failure));
    let name = name.map(|name| format!("{name}: ")).unwrap_or_default();
    let since = shown.filter(|_| of_shown(&failure)).and_then(|(report, _)| report.stale_since());
    let age = since.map(|since| Duration::try_from(scene.now.duration_since(since)).unwrap_or_default());
    let age = age.map(|age| format!("numbers of {} ago; ", span(age))).unwrap_or_default();
    // Both endpoints most often fail for the same reason.
    let more = failures.iter().filter(|other| other.message != failure.message).count();
    let more = if more > 0 { format!(" (and {})", units::counted(more as f64, "more", "more")) } else { String::new() };
    Some((Role::Error, format!("✗ {age}{name}{}{more}", failure.message)))
}

/// Lines of at most so many columns, broken between words where that is possible.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
