//! `profile test`: what works, step by step, up to the first thing that does not.

use super::document::{self, ErrorEntry, StepEntry, TestEntry};
use super::{file, wants_json};
use crate::command;
use crate::command::session::Session;
use crate::exit::Exit;
use crate::exposition::{Families, ReadError};
use crate::profile::{Environment, Failed, Resolved, Scheme, Target};
use crate::scrape::{self, Endpoint, ScrapeError, StepReport, Surroundings, diagnose};
use crate::view::{Cell, Column, Role, Table};
use std::io::{Read, Write};
use std::time::{Duration, Instant};

/// The steps, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    File,
    Secret,
    Lookup,
    Connection,
    Proxy,
    Tls,
    SignIn,
    Cluster,
    DataIntegration,
}

impl Step {
    const ALL: [Step; 9] = [
        Step::File,
        Step::Secret,
        Step::Lookup,
        Step::Connection,
        Step::Proxy,
        Step::Tls,
        Step::SignIn,
        Step::Cluster,
        Step::DataIntegration,
    ];

    fn word(self) -> &'static str {
        match self {
            Step::File => "file",
            Step::Secret => "secret",
            Step::Lookup => "name_lookup",
            Step::Connection => "connection",
            Step::Proxy => "proxy",
            Step::Tls => "tls",
            Step::SignIn => "sign_in",
            Step::Cluster => "cluster",
            Step::DataIntegration => "data_integration",
        }
    }
}

impl From<scrape::Step> for Step {
    fn from(step: scrape::Step) -> Step {
        match step {
            scrape::Step::Lookup => Step::Lookup,
            scrape::Step::Connect => Step::Connection,
            scrape::Step::Proxy => Step::Proxy,
            scrape::Step::Tls => Step::Tls,
            scrape::Step::SignIn => Step::SignIn,
            scrape::Step::Endpoint(Endpoint::Cluster) => Step::Cluster,
            scrape::Step::Endpoint(Endpoint::DataIntegration) => Step::DataIntegration,
        }
    }
}

/// A step that was taken.
struct Taken {
    step: Step,
    took: Duration,
    outcome: Result<String, Fault>,
}

/// Why a step failed.
struct Fault {
    exit: Exit,
    message: String,
    hint: Option<String>,
}

/// What is known in the end.
#[derive(Default)]
struct Report {
    profile: Option<String>,
    endpoint: Option<String>,
    plain: bool,
    taken: Vec<Taken>,
}

pub(super) fn run(name: Option<&str>, session: &Session<'_>) -> anyhow::Result<Exit> {
    let json = wants_json(session)?;
    let mut report = Report::default();
    let started = Instant::now();
    match super::resolve_one(name, session)? {
        Ok(resolved) => {
            for warning in resolved.warnings() {
                session.console.caution(&warning);
            }
            report.take_on(&resolved, started, session);
        }
        Err(failed) => {
            report.profile = failed.profile.clone();
            report.endpoint = failed.endpoint.as_ref().map(ToString::to_string);
            report.add(Step::File, started.elapsed(), Err(Fault::from(&failed)));
        }
    }
    let path = file(session).ok().map(|file| file.path.display().to_string());
    if json {
        let test = document::Test { path, test: report.described() };
        document::write("profile_test", &test, &report.errors(), &[], &session.screen)?;
    } else {
        report.write_table(session)?;
    }
    let name = report.profile.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
    for fault in report.faults() {
        session.console.error(&format!("{name}{}", fault.message), fault.hint.as_deref());
    }
    Ok(report.faults().next().map_or(Exit::Ok, |fault| fault.exit))
}

impl Report {
    fn take_on(&mut self, resolved: &Resolved, started: Instant, session: &Session<'_>) {
        self.profile = resolved.profile.clone();
        self.endpoint = Some(resolved.endpoint.value.to_string());
        self.plain = resolved.endpoint.value.scheme() == Scheme::Http;
        let found = match (&resolved.profile, file(session)) {
            (Some(name), Ok(file)) => format!("profile '{name}' in {}", file.path.display()),
            _ => format!("no profile: the address is from {}", resolved.endpoint.origin),
        };
        self.add(Step::File, started.elapsed(), Ok(found));

        let started = Instant::now();
        let target = resolved.target(Environment::process());
        let source = &resolved.app_secret.value;
        let found = match source.exposed() {
            Some(exposed) => format!("from {source}; {exposed}"),
            None => format!("from {source}"),
        };
        let outcome = target.as_ref().map(|_| found).map_err(Fault::from);
        self.add(Step::Secret, started.elapsed(), outcome);
        if let Ok(target) = target {
            self.ask(&target);
        }
    }

    fn ask(&mut self, target: &Target) {
        let started = Instant::now();
        match diagnose(target, Surroundings::of_process(), |_, body| summary(body)) {
            Ok(reports) => {
                for StepReport { step, took, outcome } in reports {
                    self.add(step.into(), took, outcome.map_err(|error| Fault::from(&error)));
                }
            }
            Err(error) => {
                let step = match &error {
                    scrape::Error::CaCert { .. } => Step::Tls,
                    scrape::Error::ProxySetting { .. } => Step::Proxy,
                    _ => Step::Connection,
                };
                self.add(step, started.elapsed(), Err(Fault::from(&error)));
            }
        }
    }

    fn add(&mut self, step: Step, took: Duration, outcome: Result<String, Fault>) {
        self.taken.push(Taken { step, took, outcome });
    }

    fn faults(&self) -> impl Iterator<Item = &Fault> {
        self.taken.iter().filter_map(|taken| taken.outcome.as_ref().err())
    }

    fn errors(&self) -> Vec<ErrorEntry> {
        let entry = |fault: &Fault| ErrorEntry {
            profile: self.profile.clone(),
            endpoint: self.endpoint.clone(),
            code: fault.exit.word(),
            message: fault.message.clone(),
            hint: fault.hint.clone(),
        };
        self.faults().map(entry).collect()
    }

    fn described(&self) -> TestEntry {
        TestEntry {
            profile: self.profile.clone(),
            endpoint: self.endpoint.clone(),
            ok: self.faults().next().is_none(),
            steps: Step::ALL.into_iter().map(|step| self.step(step)).collect(),
        }
    }

    /// A step that was taken, or why it was not.
    fn step(&self, step: Step) -> StepEntry {
        let entry = |status, message, duration_ms| StepEntry { step: step.word(), status, message, duration_ms };
        match self.taken.iter().find(|taken| taken.step == step) {
            Some(Taken { took, outcome, .. }) => {
                let tenths = Some((took.as_secs_f64() * 10_000.0).round() / 10.0);
                match outcome {
                    Ok(found) => entry("ok", found.clone(), tenths),
                    Err(fault) => entry("failed", fault.message.clone(), tenths),
                }
            }
            None => entry("skipped", self.why_skipped(step).to_owned(), None),
        }
    }

    fn why_skipped(&self, step: Step) -> &'static str {
        let reached = self.taken.iter().map(|taken| taken.step).max() > Some(step);
        match step {
            Step::Proxy if reached => "no proxy in between",
            Step::Tls if reached && self.plain => "plain http",
            _ if reached => "nothing is known of it",
            _ => "an earlier step failed",
        }
    }

    fn write_table(&self, session: &Session<'_>) -> anyhow::Result<()> {
        let rows: Vec<Vec<Cell<'_>>> = Step::ALL
            .into_iter()
            .map(|step| self.step(step))
            .map(|StepEntry { step, status, message, duration_ms }| {
                let (role, message_role) = match status {
                    "ok" => (Role::Healthy, Role::Plain),
                    "failed" => (Role::Error, Role::Plain),
                    _ => (Role::Muted, Role::Muted),
                };
                let took = duration_ms.map(|took| format!("{took:.1} ms")).unwrap_or_default();
                let step = step.replace('_', " ");
                vec![Cell::new(step), Cell::of(role, status), Cell::of(Role::Muted, took), Cell::of(message_role, message)]
            })
            .collect();
        let columns = vec![
            Column::text("step"),
            Column::text("result"),
            Column::number("time"),
            Column::text("what was found").wrapped(20),
        ];
        let mut out = command::stdout();
        Table::new(columns, &rows).write(&mut out, &session.screen)?;
        out.flush()?;
        Ok(())
    }
}

/// What a body holds, in a few words.
fn summary(body: &mut dyn Read) -> Result<String, ReadError> {
    let families = Families::read(body)?;
    let samples: usize = families.iter().map(|family| family.samples().len()).sum();
    Ok(match families.len() {
        0 => "empty: nothing to tell, as without any rule".to_owned(),
        1 => format!("1 family, {samples} samples"),
        count => format!("{count} families, {samples} samples"),
    })
}

impl From<&Failed> for Fault {
    fn from(failed: &Failed) -> Fault {
        let error = &*failed.error;
        Fault { exit: error.into(), message: error.to_string(), hint: error.hint() }
    }
}

impl From<&scrape::Error> for Fault {
    fn from(error: &scrape::Error) -> Fault {
        Fault { exit: error.into(), message: error.to_string(), hint: error.hint() }
    }
}

impl From<&ScrapeError<ReadError>> for Fault {
    fn from(error: &ScrapeError<ReadError>) -> Fault {
        match error {
            ScrapeError::Transport(error) => error.into(),
            ScrapeError::Content(error) => Fault {
                exit: error.into(),
                message: format!("the answer is not metrics: {error}"),
                hint: error.hint(),
            },
        }
    }
}
