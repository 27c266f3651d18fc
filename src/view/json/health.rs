//! The JSON of verdicts. The format is told in [`super::document`].

use super::document::{identity, window_seconds, write_document, write_line};
use super::value::{Each, Members, Number, Object, Tenths, members};
use crate::health::{Finding, Health, Limit, Share};
use crate::source::Report;
use crate::view::health::{HealthAnswer, Judged};
use crate::view::screen::Screen;
use serde::Serialize;
use serde::ser::SerializeMap;
use std::io::{self, Write};

#[derive(Serialize)]
struct Body<D> {
    status: &'static str,
    deployments: D,
}

/// Writes the answer of `check` as one object.
pub(crate) fn write(answer: &HealthAnswer, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    let deployments = Each(|| answer.deployments.iter().map(Object));
    let body = Body { status: answer.status().word(), deployments };
    write_document(KIND, answer.generated_at, body, (&answer.failures, &answer.warnings), screen, out)
}

/// Writes the checks of every deployment, a line each.
pub(crate) fn write_lines(answer: &HealthAnswer, _screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    for Judged { report, health } in &answer.deployments {
        for finding in &health.findings {
            write_line(KIND, &Line { report, finding }, out)?;
        }
    }
    Ok(())
}

const KIND: &str = "check";

impl Members for Judged {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let Judged { report, health } = self;
        identity(map, report, report.scraped_at)?;
        members!(map, "duration_ms": report.duration.map(Tenths), "window_seconds": window_seconds(report));
        members!(map, "health": Object(&**health));
        Ok(())
    }
}

struct Line<'a> {
    report: &'a Report,
    finding: &'a Finding,
}

impl Members for Line<'_> {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        identity(map, self.report, self.report.scraped_at)?;
        self.finding.members(map)
    }
}

impl Members for Health {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        members!(map, "status": self.status.word(), "checks": Each(|| self.findings.iter().map(Object)));
        Ok(())
    }
}

/// CHECK.
impl Members for Finding {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let unit = Some(self.unit.word()).filter(|word| !word.is_empty());
        members!(map, "name": self.name, "status": self.status.word(), "value": self.value.map(Number), "unit": unit);
        // A limit is in the unit of the value, or one of the share.
        let range = |limit: Option<Limit>, is_share| {
            limit.filter(|limit| limit.is_share == is_share).map(|limit| limit.range.to_string())
        };
        members!(map, "warning": range(self.warning, false), "critical": range(self.critical, false));
        members!(map, "condition": self.condition, "message": self.message, "advice": self.advice);
        members!(map, "share": self.share.and_then(Share::value).map(Number));
        members!(map, "events": self.share.map(|share| Number(share.whole)));
        members!(map, "warning_share": range(self.warning, true), "critical_share": range(self.critical, true));
        members!(map, "muted_until": self.muted_until.map(|until| until.to_string()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::Status;

    #[test]
    fn the_time_is_that_of_the_verdict_and_not_of_printing() {
        let generated_at = "2026-11-22T06:51:07.123Z".parse().unwrap();
        let (deployments, failures, warnings) = (Vec::new(), Vec::new(), Vec::new());
        let answer = HealthAnswer { generated_at, deployments, failures, warnings, on_error: Status::Unknown };
        let mut out = Vec::new();
        write(&answer, &Screen::PLAIN, &mut out).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["generated_at"], "2026-11-22T06:51:07.123Z");
    }
}
