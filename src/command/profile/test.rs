//! `profile test`: what works, step by step, up to the first thing that does not.

use super::document::{self, StepEntry, TestEntry};
use super::wants_json;
use crate::console;
use crate::deployment::Endpoint;
use crate::exit::Exit;
use crate::exposition::{Families, ReadError};
use crate::profile::{Resolved, Scheme, SecretSource, Target};
use crate::scrape::{self, Proxies, ScrapeError, StepReport, System, diagnose};
use crate::settings::Settings;
use crate::source::{self, Failure, Warning};
use crate::view::json::Tenths;
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
            scrape::Step::Request(path) if path == Endpoint::Cluster.path() => Step::Cluster,
            scrape::Step::Request(_) => Step::DataIntegration,
        }
    }
}

/// A step that was taken.
struct Taken {
    step: Step,
    took: Duration,
    outcome: Result<String, Failure>,
}

/// What is known in the end.
#[derive(Default)]
struct Report {
    profile: Option<String>,
    endpoint: Option<String>,
    plain: bool,
    taken: Vec<Taken>,
}

pub(super) fn run(name: Option<&str>, settings: &Settings) -> anyhow::Result<Exit> {
    let json = wants_json(settings)?;
    let mut report = Report::default();
    let started = Instant::now();
    let mut warnings = Vec::new();
    match super::resolve_one(name, settings)? {
        Ok(resolved) => {
            let endpoint = Some(resolved.endpoint.value.to_string());
            let warning = |message| Warning { profile: resolved.profile.clone(), endpoint: endpoint.clone(), message };
            warnings.extend(resolved.warnings().into_iter().map(warning));
            report.take_on(&resolved, started, settings);
        }
        Err(failure) => {
            report.profile = failure.profile.clone();
            report.endpoint = failure.endpoint.clone();
            report.add(Step::File, started.elapsed(), Err(failure));
        }
    }
    let failures = report.failures();
    if json {
        let path = settings.file().ok().map(|file| file.path.display().to_string());
        let test = document::Test { path, test: report.described() };
        document::write("profile_test", &test, &failures, &warnings, &settings.screen)?;
    } else {
        report.write_table(settings)?;
    }
    for Warning { profile, message, .. } in &warnings {
        let name = profile.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
        settings.console.caution(&format!("{name}{message}"));
    }
    source::tell(&settings.console, &failures, &[]);
    Ok(failures.first().map_or(Exit::Ok, |failure| failure.exit))
}

impl Report {
    fn take_on(&mut self, resolved: &Resolved, started: Instant, settings: &Settings) {
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
            self.ask(&target, Proxies::from_env(|name| settings.environment.raw(name)));
        }
    }

    fn ask(&mut self, target: &Target, proxies: Proxies) {
        let started = Instant::now();
        match diagnose(target, System::new(proxies), &Endpoint::ALL.map(Endpoint::path), |_, body| summary(body)) {
            Ok(reports) => {
                for StepReport { step, took, outcome } in reports {
                    self.add(step.into(), took, outcome.map_err(|error| fault(target, &error)));
                }
            }
            Err(error) => {
                let step = match &error {
                    scrape::Error::CaCert { .. } => Step::Tls,
                    scrape::Error::ProxySetting { .. } => Step::Proxy,
                    _ => Step::Connection,
                };
                self.add(step, started.elapsed(), Err(Failure::of_scrape(target, &error.into())));
            }
        }
    }

    fn add(&mut self, step: Step, took: Duration, outcome: Result<String, Failure>) {
        self.taken.push(Taken { step, took, outcome });
    }

    fn failures(&self) -> Vec<Failure> {
        self.taken.iter().filter_map(|taken| taken.outcome.as_ref().err().cloned()).collect()
    }

    fn described(&self) -> TestEntry {
        TestEntry {
            profile: self.profile.clone(),
            endpoint: self.endpoint.clone(),
            ok: self.taken.iter().all(|taken| taken.outcome.is_ok()),
            steps: Step::ALL.into_iter().map(|step| self.step(step)).collect(),
        }
    }

    /// A step that was taken, or why it was not.
    fn step(&self, step: Step) -> StepEntry {
        let entry = |status, message, duration_ms| StepEntry { step: step.word(), status, message, duration_ms };
        match self.taken.iter().find(|taken| taken.step == step) {
            Some(Taken { took, outcome, .. }) => match outcome {
                Ok(found) => entry("ok", found.clone(), Some(Tenths(*took))),
                Err(failure) => entry("failed", failure.message.clone(), Some(Tenths(*took))),
            },
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

    fn write_table(&self, settings: &Settings) -> anyhow::Result<()> {
        let rows: Vec<Vec<Cell<'_>>> = Step::ALL
            .into_iter()
            .map(|step| self.step(step))
            .map(|StepEntry { step, status, message, duration_ms }| {
                let (role, message_role) = match status {
                    "ok" => (Role::Healthy, Role::Plain),
                    "failed" => (Role::Error, Role::Plain),
                    _ => (Role::Muted, Role::Muted),
                };
                let took =
                    duration_ms.map(|Tenths(took)| format!("{:.1} ms", took.as_secs_f64() * 1e3)).unwrap_or_default();
                let step = step.replace('_', " ");
                vec![
                    Cell::new(step),
                    Cell::of(role, status),
                    Cell::of(Role::Muted, took),
                    Cell::of(message_role, message),
                ]
            })
            .collect();
        let columns = vec![
            Column::text("step"),
            Column::text("result"),
            Column::number("time"),
            Column::text("what was found").wrapped(20),
        ];
        let mut out = console::stdout();
        Table::new(columns, &rows).write(&mut out, &settings.screen)?;
        out.flush()?;
        Ok(())
    }
}

/// As for every command, but for the hint to run this one.
fn fault(target: &Target, error: &ScrapeError<ReadError>) -> Failure {
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
