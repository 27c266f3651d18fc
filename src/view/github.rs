//! Annotations of GitHub Actions: a line each for what is not ok, the worst first.
//!
//! Source: GitHub's documentation of workflow commands, and actions/toolkit#734 for how many a step shows: ten errors and ten
//! warnings. What is more is summed up in a notice.

use super::health::{HealthAnswer, worst_first};
use super::screen::Screen;
use crate::health::Status;
use crate::text::visible;
use std::io::{self, Write};

/// So many of a kind are shown.
const MOST: usize = 10;

/// Writes `answer`.
pub(super) fn write(answer: &HealthAnswer, _screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let names = answer.names();
    let mut all: Vec<(Status, String, String)> = Vec::new();
    for (judged, name) in answer.deployments.iter().zip(&names) {
        for finding in worst_first(&judged.health) {
            let Some(status) = finding.status.judged().filter(|status| *status > Status::Ok) else { continue };
            let advice = finding.advice.as_deref().map(|advice| format!("\n{advice}")).unwrap_or_default();
            let title = format!("{name}: {} {}", finding.name, status.word());
            all.push((status, title, format!("{}{advice}", finding.message)));
        }
    }
    for failure in answer.failures.iter().filter(|failure| !answer.told_of(failure)) {
        let name = failure.name().map_or("emqstat", String::as_str);
        let hint = failure.hint.as_deref().map(|hint| format!("\n{hint}")).unwrap_or_default();
        all.push((answer.on_error, format!("{name}: could not be asked"), format!("{}{hint}", failure.message)));
    }
    all.sort_by_key(|(status, ..)| std::cmp::Reverse(*status));
    let mut more = 0;
    for (kind, is_kind) in [("error", true), ("warning", false)] {
        let of_kind = all.iter().filter(|(status, ..)| (*status > Status::Warning) == is_kind);
        for (at, (_, title, text)) in of_kind.enumerate() {
            if at < MOST {
                writeln!(out, "::{kind} title={}::{}", property(title), data(text))?;
            } else {
                more += 1;
            }
        }
    }
    if more > 0 {
        writeln!(out, "::notice title=emqstat::{more} more; the log of the step has all")?;
    }
    Ok(())
}

/// The text of a command: a line end would end it.
fn data(text: &str) -> String {
    let line = |line: &str| visible(line).replace('%', "%25");
    text.lines().map(line).collect::<Vec<_>>().join("%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
