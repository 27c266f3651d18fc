//! `scrape`: everything an endpoint said, as received or as families and samples.

use crate::cli::{GlobalArgs, RowArgs, ScrapeArgs};
use crate::deployment::Endpoint;
use crate::exit::Exit;
use crate::exposition::{DuplicateSeries, Families};
use crate::settings::Settings;
use crate::source::{self, Failure, Fetcher, Response, Rounds, Warning};
use crate::view::{self, Format, ScrapeAnswer, ScrapeRows, ScrapeWriter, Scraped};
use jiff::Timestamp;
use std::io::{self, Read, Seek, Write};
use std::num::NonZeroUsize;

/// A body is held in memory up to this size, in bytes, and in a temporary file beyond it.
const IN_MEMORY: usize = 4 * 1024 * 1024;

/// Fetches and prints.
///
/// # Errors
/// A wrong command line; an answer that cannot be written.
pub(super) fn run(args: &ScrapeArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let settings = Settings::resolve(global, &args.connect)?;
    let fetcher = || settings.fetcher(Rounds::One, settings.deadline(&args.deadline, None)?);
    let endpoints = args.which.as_ref().map_or(&Endpoint::ALL[..], std::slice::from_ref);
    let (format, write) = settings.format(Format::Raw, &view::SCRAPE)?;
    let limit = args.limit.map(NonZeroUsize::get);
    let RowArgs { columns, sort, filter, no_headers } = &args.rows;
    let rows = ScrapeRows::new(format, columns, sort.as_deref(), filter, limit, !no_headers)?;
    match write {
        None => raw(&settings, &fetcher()?, endpoints),
        Some(write) => families(&settings, &fetcher()?, endpoints, rows, write),
    }
}

/// The bytes as they came; a terminal gets what it would obey made visible. A body is printed when it has come whole, so that a broken one leaves nothing behind.
fn raw(settings: &Settings, fetcher: &Fetcher, endpoints: &[Endpoint]) -> anyhow::Result<Exit> {
    let fetched = fetcher.fetch(endpoints, |_, body| {
        let mut held = tempfile::spooled_tempfile(IN_MEMORY);
        copy(body, &mut held)?;
        held.rewind()?;
        Ok(held)
    });
    let (mut bodies, mut failures) = (Vec::new(), Vec::new());
    for Response { scrapes, failures: failed, .. } in fetched {
        bodies.extend(scrapes.into_iter().map(|(_, scrape)| scrape.value));
        failures.extend(failed);
    }
    settings.print(|out| {
        for body in &mut bodies {
            if settings.screen.is_terminal() {
                let mut guard = view::Guard::new(&mut *out);
                copy(body, &mut guard)?;
                guard.finish()?;
            } else {
                copy(body, out)?;
            }
        }
        Ok(())
    })?;
    source::tell(&settings.console, &failures, &[]);
    Ok(Failure::worst(&failures))
}

/// As [`io::copy`], in pieces that make a file worth its system calls.
fn copy(from: &mut dyn Read, to: &mut dyn Write) -> io::Result<()> {
    let mut piece = vec![0; 256 * 1024];
    loop {
        match from.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(count) => to.write_all(&piece[..count])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn families(
    settings: &Settings,
    fetcher: &Fetcher,
    endpoints: &[Endpoint],
    rows: ScrapeRows,
    write: ScrapeWriter,
) -> anyhow::Result<Exit> {
    let fetched = fetcher.fetch(endpoints, |_, body| Families::read(body));
    let mut answer = ScrapeAnswer {
        generated_at: Timestamp::now(),
        scrapes: Vec::new(),
        failures: Vec::new(),
        warnings: Vec::new(),
        rows,
    };
    for Response { profile, endpoint, scrapes, failures, .. } in fetched {
        answer.failures.extend(failures);
        for (_, scrape) in scrapes {
            let told = duplicates(&scrape.value);
            answer.warnings.extend(told.map(|message| Warning {
                profile: profile.clone(),
                endpoint: endpoint.clone(),
                message,
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
    answer.rows.check_received(&answer.scrapes)?;
    Warning::limit(&mut answer.warnings);
    settings.print(|out| write(&answer, &settings.screen, out))?;
    source::tell(&settings.console, &answer.failures, &answer.warnings);
    Ok(Failure::worst(&answer.failures))
}

/// What is said of the series that came more than once.
fn duplicates(families: &Families) -> impl Iterator<Item = String> {
    let named = families.duplicates();
    let one = |one: &DuplicateSeries| format!("line {}: {} came before: the first counts", one.line, one.series);
    let more = families.duplicate_count() - named.len() as u64;
    let rest = format!("{more} more samples repeat a series that came before: the first counts");
    named.iter().map(one).chain((more > 0).then_some(rest))
}
