//! `profile test`: what works, step by step, up to the first thing that does not.

use super::common::{resolve_one, wants_json};
use super::document::{self, StepEntry, TestEntry};
use crate::deployment::Endpoint;
use crate::exit::Exit;
use crate::exposition::{Families, ReadError};
use crate::profile::{Resolved, Scheme, SecretSource, Target};
use crate::scrape::{self, Proxies, ScrapeError, StepReport, System, diagnose};
use crate::settings::Settings;
use crate::source::{self, Failure, Warning};
use crate::text::visible;
use crate::view::json::Tenths;
use crate::view::{Cell, Column, Role, Screen, Table};
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    File,
    Secret,
    Scrape(scrape::Step),
}

/// The steps before the endpoints are asked, with their words, in the order in which they are taken.
const STEPS: [(&str, Step); 7] = [
    ("file", Step::File),
    ("secret", Step::Secret),
    ("name_lookup", Step::Scrape(scrape::Step::Lookup)),
    ("connection", Step::Scrape(scrape::Step::Connect)),
    ("proxy", Step::Scrape(scrape::Step::Proxy)),
    ("tls", Step::Scrape(scrape::Step::Tls)),
    ("sign_in", Step::Scrape(scrape::Step::SignIn)),
];

/// A step that was taken.
struct StepResult {
    step: Step,
    took: Duration,
    outcome: Result<String, Failure>,
}

/// What is known in the end.
#[derive(Default)]
struct Diagnosis {
    profile: Option<String>,
    endpoint: Option<String>,
    plain: bool,
    results: Vec<StepResult>,
}

/// Tests each of these profiles; the default one where none is named.
pub(super) fn run(names: &[String], settings: &Settings) -> anyhow::Result<Exit> {
    let json = wants_json(settings)?;
    let mut warnings = Vec::new();
    let diagnoses: Vec<Diagnosis> = match names {
        [] => vec![Diagnosis::of(None, settings, &mut warnings)?],
        names => {
            let each = names.iter().map(|name| Diagnosis::of(Some(name), settings, &mut warnings));
            each.collect::<anyhow::Result<_>>()?
        }
    };
    let failures: Vec<Failure> = diagnoses.iter().flat_map(Diagnosis::failures).collect();
    if json {
        let path = settings.file().ok().map(|file| file.path.display().to_string());
        let tests: Vec<TestEntry> = diagnoses.iter().map(Diagnosis::described).collect();
        if let Some(test) = tests.first().cloned() {
            let body = document::Test { path, test, tests };
            document::write("profile_test", &body, &failures, &warnings, &settings.screen)?;
        }
    } else {
        settings.print(|out| {
            for (position, diagnosis) in diagnoses.iter().enumerate() {
                if diagnoses.len() > 1 {
                    let gap = if position > 0 { "\n" } else { "" };
                    let name = visible(diagnosis.profile.as_deref().unwrap_or_default());
                    writeln!(out, "{gap}{}", settings.screen.paint.text(Role::Heading, &name))?;
                }
                diagnosis.write_table(&settings.screen, out)?;
            }
            Ok(())
        })?;
    }
    for Warning { profile, message, .. } in &warnings {
        let name = profile.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
        settings.console.caution(&format!("{name}{message}"));
    }
    source::tell(&settings.console, &failures, &[]);
    Ok(Failure::worst(&failures))
}

impl Diagnosis {
    fn of(name: Option<&str>, settings: &Settings, warnings: &mut Vec<Warning>) -> anyhow::Result<Diagnosis> {
        let mut diagnosis = Diagnosis::default();
        let started = Instant::now();
        match resolve_one(name, settings)? {
            Ok(resolved) => {
                let endpoint = Some(resolved.endpoint.value.to_string());
                let warning =
                    |message| Warning { profile: resolved.profile.clone(), endpoint: endpoint.clone(), message };
                warnings.extend(resolved.warnings().into_iter().map(warning));
                diagnosis.run(&resolved, started, settings);
            }
            Err(failure) => {
                diagnosis.profile = failure.profile.clone();
                diagnosis.endpoint = failure.endpoint.clone();
                diagnosis.add(Step::File, started.elapsed(), Err(failure));
            }
        }
        Ok(diagnosis)
    }

    fn run(&mut self, resolved: &Resolved, started: Instant, settings: &Settings) {
        self.profile = resolved.profile.clone();
        self.endpoint = Some(resolved.endpoint.value.to_string());
        self.plain = resolved.endpoint.value.scheme() == Scheme::Http;
        let found = match (&resolved.profile, settings.file()) {
            (Some(name), Ok(file)) => format!("profile '{name}' in {}", file.path.display()),
            _ => format!("no profile: the address is from {}", resolved.endpoint.origin),
        };
        self.add(Step::File, started.elapsed(), Ok(found));

        let started = Instant::now();
        let target = resolved.target(settings.environment);
        let source = &resolved.app_secret.value;
        let found = match (source, source.exposed()) {
            (SecretSource::Inline(_), _) => "in the profile file; not shown".to_owned(),
            (_, Some(exposed)) => format!("from {source}; {exposed}"),
            (_, None) => format!("from {source}"),
        };
        let outcome = target.as_ref().map(|_| found).map_err(Failure::from);
        self.add(Step::Secret, started.elapsed(), outcome);
        if let Ok(target) = target {
            self.scrape(&target, Proxies::from_env(|name| settings.environment.raw(name)));
        }
    }

    fn scrape(&mut self, target: &Target, proxies: Proxies) {
        let started = Instant::now();
        let system = Arc::new(System::new(proxies, true));
        match diagnose(target, &system, &Endpoint::ALL.map(Endpoint::path), |_, body| summary(body)) {
            Ok(reports) => {
                for StepReport { step, took, outcome } in reports {
                    self.add(Step::Scrape(step), took, outcome.map_err(|error| failure_of(target, &error)));
                }
            }
            Err(error) => {
                let step = match &error {
                    scrape::Error::CaCert { .. } => scrape::Step::Tls,
                    scrape::Error::ProxySetting { .. } => scrape::Step::Proxy,
                    _ => scrape::Step::Connect,
                };
                self.add(Step::Scrape(step), started.elapsed(), Err(Failure::of_scrape(target, &error.into())));
            }
        }
    }

    fn add(&mut self, step: Step, took: Duration, outcome: Result<String, Failure>) {
        self.results.push(StepResult { step, took, outcome });
    }

    fn failures(&self) -> Vec<Failure> {
        self.results.iter().filter_map(|result| result.outcome.as_ref().err().cloned()).collect()
    }

    fn described(&self) -> TestEntry {
        TestEntry {
            profile: self.profile.clone(),
            endpoint: self.endpoint.clone(),
            ok: self.results.iter().all(|result| result.outcome.is_ok()),
            steps: self.steps(),
        }
    }

    /// Each step that was taken, or why it was not.
    fn steps(&self) -> Vec<StepEntry> {
        let result = |step: Step| self.results.iter().find(|result| result.step == step);
        let request = |endpoint: Endpoint| (endpoint.name(), Step::Scrape(scrape::Step::Request(endpoint.path())));
        let steps: Vec<_> = STEPS.into_iter().chain(Endpoint::ALL.map(request)).collect();
        let last = steps.iter().rposition(|(_, step)| result(*step).is_some());
        let steps = steps.into_iter().enumerate().map(|(index, (word, step))| {
            let entry = |status, message, duration_ms| StepEntry { step: word, status, message, duration_ms };
            match result(step) {
                Some(StepResult { took, outcome: Ok(found), .. }) => entry("ok", found.clone(), Some(Tenths(*took))),
                Some(StepResult { took, outcome: Err(failure), .. }) => {
                    entry("failed", failure.message.clone(), Some(Tenths(*took)))
                }
                None => entry("skipped", self.why_skipped(step, last > Some(index)).to_owned(), None),
            }
        });
        steps.collect()
    }

    /// Why a step was not taken; `passed` where a later one was.
    fn why_skipped(&self, step: Step, passed: bool) -> &'static str {
        match step {
            Step::Scrape(scrape::Step::Proxy) if passed => "no proxy in between",
            Step::Scrape(scrape::Step::Tls) if passed && self.plain => "plain http",
            _ if passed => "nothing is known of it",
            _ => "an earlier step failed",
        }
    }

    fn write_table(&self, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
        let rows: Vec<Vec<Cell<'_>>> = self
            .steps()
            .into_iter()
            .map(|StepEntry { step, status, message, duration_ms }| {
                let (mark, role, message_role) = match status {
                    "ok" => ("✓", Role::Healthy, Role::Plain),
                    "failed" => ("✗", Role::Error, Role::Plain),
                    _ => ("-", Role::Muted, Role::Muted),
                };
                let took =
                    duration_ms.map(|Tenths(took)| format!("{:.1} ms", took.as_secs_f64() * 1e3)).unwrap_or_default();
                let step = step.replace('_', " ");
                vec![
                    Cell::of(role, mark),
                    Cell::new(step),
                    Cell::of(role, status),
                    Cell::of(Role::Muted, took),
                    Cell::of(message_role, message),
                ]
            })
            .collect();
        let columns = vec![
            Column::mark(),
            Column::text("step"),
            Column::text("result"),
            Column::number("time"),
            Column::text("what was found").wrapped(20),
        ];
        Table::new(columns, &rows).write(out, screen).map(drop)
    }
}

/// As for every command, but for the hint to run this one.
fn failure_of(target: &Target, error: &ScrapeError<ReadError>) -> Failure {
    let failure = Failure::of_scrape(target, error);
    let refused =
        matches!(error, ScrapeError::Transport(scrape::Error::Denied { response, .. }) if response.status == 401);
    match &target.profile {
        Some(name) if refused => {
            let hint = format!(
                "APP ID or APP Secret is wrong, or the key was deleted: compare with the deployment's API keys, \
                 then 'emqstat profile add {name} --force'"
            );
            Failure { hint: Some(hint), ..failure }
        }
        _ => failure,
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
