//! `scrape`: everything an endpoint said, as received or as families and samples.

use super::fetch::{Fetched, Fetcher};
use super::session::Session;
use crate::cli::{ScrapeArgs, ScrapeEndpoint, Shared};
use crate::exit::Exit;
use crate::exposition::Families;
use crate::scrape::Endpoint;
use crate::view::{self, Failure, Format, ScrapeAnswer, ScrapeWriter, Scraped, Warning};
use jiff::Timestamp;
use std::io::{self, Seek, Write};

/// A body is held in memory up to this size, in bytes, and in a temporary file beyond it.
const IN_MEMORY: usize = 4 * 1024 * 1024;

/// Fetches and prints.
///
/// # Errors
/// A wrong command line; an answer that cannot be written.
pub fn run(args: &ScrapeArgs, shared: &Shared) -> anyhow::Result<Exit> {
    let session = Session::open(shared)?;
    let endpoints = match args.which {
        Some(ScrapeEndpoint::Cluster) => &[Endpoint::Cluster][..],
        Some(ScrapeEndpoint::DataIntegration) => &[Endpoint::DataIntegration],
        None => &[Endpoint::Cluster, Endpoint::DataIntegration],
    };
    match session.format(Format::Raw, &view::SCRAPE)? {
        (_, None) => raw(&session, endpoints),
        (_, Some(write)) => families(&session, endpoints, write),
    }
}

/// The bytes as they came; a terminal gets what it would obey made visible. A body is printed when it has come whole, so that a broken one leaves nothing behind.
fn raw(session: &Session<'_>, endpoints: &[Endpoint]) -> anyhow::Result<Exit> {
    let fetched = Fetcher::open(session)?.round(endpoints, |_, body| {
        let mut held = tempfile::spooled_tempfile(IN_MEMORY);
        io::copy(body, &mut held)?;
        held.rewind()?;
        Ok(held)
    });
    let mut out = super::stdout();
    let mut failures = Vec::new();
    for Fetched { scrapes, failures: failed, .. } in fetched {
        for (_, mut scrape) in scrapes {
            if session.screen.is_terminal() {
                let mut guard = view::Guard::new(&mut out);
                io::copy(&mut scrape.value, &mut guard)?;
                guard.finish()?;
            } else {
                io::copy(&mut scrape.value, &mut out)?;
            }
        }
        failures.extend(failed.into_iter().map(|(_, failure)| failure));
    }
    out.flush()?;
    session.console.tell(&failures, &[]);
    Ok(worst(&failures))
}

fn families(session: &Session<'_>, endpoints: &[Endpoint], write: ScrapeWriter) -> anyhow::Result<Exit> {
    let fetched = Fetcher::open(session)?.round(endpoints, |_, body| Families::read(body));
    let mut answer = ScrapeAnswer {
        generated_at: Timestamp::now(),
        scrapes: Vec::new(),
        failures: Vec::new(),
        warnings: Vec::new(),
    };
    for Fetched { profile, endpoint, scrapes, failures, .. } in fetched {
        answer.failures.extend(failures.into_iter().map(|(_, failure)| failure));
        for (_, scrape) in scrapes {
            answer.warnings.extend(scrape.value.duplicates().iter().map(|duplicate| Warning {
                profile: profile.clone(),
                endpoint: endpoint.clone(),
                message: format!("line {}: {} came before: the first counts", duplicate.line, duplicate.series),
            }));
            answer.scrapes.push(Scraped {
                profile: profile.clone(),
                url: endpoint.is_some().then_some(scrape.url),
                scraped_at: scrape.scraped_at,
                duration: endpoint.is_some().then_some(scrape.duration),
                families: scrape.value,
            });
        }
    }
    let mut out = super::stdout();
    let settings = view::Settings::new(view::Kind::Cluster, Format::Table, session.screen, &view::Request::default())?;
    write(&answer, &settings, &mut out)?;
    out.flush()?;
    session.console.tell(&answer.failures, &answer.warnings);
    Ok(worst(&answer.failures))
}

fn worst(failures: &[Failure]) -> Exit {
    failures.iter().map(|failure| failure.exit).max().unwrap_or(Exit::Ok)
}
