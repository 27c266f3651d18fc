//! One GET, with everything that can go wrong: TLS, proxy, sign-in, time, size, retries.
//!
//! A scrape is read as it arrives: [`Client::scrape`] hands the body to a reader function and calls
//! it afresh when an attempt fails half-way. This room does not know what the bytes mean.

mod client;
mod error;

pub use client::{Client, Endpoint, Scrape};
pub use error::{Error, ScrapeError};
