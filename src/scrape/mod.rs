//! One GET, with everything that can go wrong: TLS, proxy, sign-in, time, size, retries.
//!
//! A scrape is read as it arrives: [`Client::scrape`] hands the body to a reader function and calls
//! it afresh when an attempt fails half-way; [`Input::scrape`] does the same with a saved one. This room does not know what the
//! bytes mean.
//!
//! | file | holds |
//! | --- | --- |
//! | `client` | the requests of one target |
//! | `dial`, `tunnel`, `transport` | a connection: name lookup, TCP, a proxy's tunnel, TLS; one that tells a break from an end |
//! | `trust` | which certificates are trusted |
//! | `proxy` | which proxy, from the environment |
//! | `retry` | when to ask again |
//! | `answer`, `body` | what a status and an error body say; a body within its limit |
//! | `error`, `failure` | failures in words; from the libraries' errors to these |
//! | `input` | files and standard input |
//! | `diagnose` | what works, step by step |
//! | `address`, `surroundings` | host and port; what a client takes from outside its target |

mod address;
mod answer;
mod body;
mod client;
mod diagnose;
mod dial;
mod error;
mod failure;
mod input;
mod proxy;
mod retry;
mod surroundings;
mod transport;
mod trust;
mod tunnel;

pub use client::{Client, Scrape};
pub use diagnose::{StepReport, diagnose};
pub use error::{Answer, Error, Phase, ScrapeError, Setting, Step, TlsProblem};
pub use input::Input;
pub use proxy::Proxies;
pub use surroundings::{Surroundings, SystemRoots};

use client::USER_AGENT;
