//! Puts together what the scrapes of each deployment said.

use super::fetch::{Fetched, Times, fetch};
use super::session::Session;
use crate::deployment::{Collected, Collector};
use crate::exit::Exit;
use crate::scrape::Endpoint;
use crate::view::{Failure, Report, Warning};

/// What a round of scrapes brought.
#[derive(Debug, Default)]
pub struct Gathered {
    /// One for each deployment that a body told of.
    pub reports: Vec<Report>,
    pub failures: Vec<Failure>,
    pub warnings: Vec<Warning>,
}

/// Asks for these endpoints and puts the answers together.
///
/// # Errors
/// The command line is wrong.
pub fn gather(session: &Session<'_>, endpoints: &[Endpoint]) -> anyhow::Result<Gathered> {
    let read = |endpoint: Option<Endpoint>, body: &mut dyn std::io::Read| {
        let mut collector = Collector::new();
        collector.read(endpoint, body).map(|()| collector)
    };
    let mut gathered = Gathered::default();
    for fetched in fetch(session, endpoints, read)? {
        gathered.take(fetched);
    }
    Ok(gathered)
}

impl Gathered {
    /// The exit status where no verdict was asked for: the worst of the failures.
    pub fn exit(&self) -> Exit {
        self.failures.iter().map(|failure| failure.exit).max().unwrap_or(Exit::Ok)
    }

    fn take(&mut self, fetched: Fetched<Collector>) {
        let Fetched { profile, endpoint, scrapes, failures } = fetched;
        self.failures.extend(failures);
        let Some(Times { scraped_at, duration }) = Times::of(&scrapes) else { return };
        let mut collector = Collector::new();
        for scrape in scrapes {
            collector.merge(scrape.value);
        }
        let Collected { snapshots, warnings } = collector.finish();
        let duration = endpoint.is_some().then_some(duration);
        self.reports.extend(snapshots.into_iter().map(|snapshot| Report {
            profile: profile.clone(),
            endpoint: endpoint.clone(),
            scraped_at,
            duration,
            snapshot,
        }));
        self.warnings.extend(warnings.into_iter().map(|warning| Warning {
            profile: profile.clone(),
            endpoint: endpoint.clone(),
            message: warning.message,
        }));
    }
}
