//! The HTTP client for one target.

use super::{Error, ScrapeError};
use crate::profile::Target;
use std::io::Read;
use std::time::Duration;

/// The two metrics endpoints of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    Cluster,
    DataIntegration,
}

impl Endpoint {
    /// What follows the API address (vendor's page).
    pub fn path(self) -> &'static str {
        match self {
            Endpoint::Cluster => "/deployment_metrics",
            Endpoint::DataIntegration => "/deployment_metrics/data_integration",
        }
    }
}

/// What one scrape gave, and when.
#[derive(Debug)]
pub struct Scrape<T> {
    pub url: String,
    /// When the request that succeeded was sent.
    pub scraped_at: jiff::Timestamp,
    /// From sending it to the last byte read.
    pub duration: Duration,
    pub value: T,
}

/// Talks to one target; keeps its connections for the next scrape. Shared between threads.
pub struct Client {}

impl Client {
    /// Sets up for `target`; connects to nothing yet.
    ///
    /// # Errors
    /// A `ca_cert` that cannot be read, a proxy that cannot be used.
    pub fn new(_target: &Target) -> Result<Client, Error> {
        unimplemented!()
    }

    /// Fetches one endpoint and lets `read` take the body in as it arrives. `read` is called once for each attempt.
    ///
    /// # Errors
    /// The last attempt's failure.
    pub fn scrape<T, E>(
        &self,
        _endpoint: Endpoint,
        _read: impl FnMut(&mut dyn Read) -> Result<T, E>,
    ) -> Result<Scrape<T>, ScrapeError<E>> {
        unimplemented!()
    }
}
