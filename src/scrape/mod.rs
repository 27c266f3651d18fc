//! One GET, with everything that can go wrong: TLS, proxy, sign-in, time, size, retries.
//!
//! A scrape is read as it arrives: [`Client::scrape`] hands the body to a reader function and calls
//! it afresh when an attempt fails half-way; [`Input::scrape`] does the same with a saved one. This room does not know what the
//! bytes mean.
//!
//! | file | holds |
//! | --- | --- |
//! | `client` | the requests of one target |
//! | `dial` | a connection, step by step: name lookup, TCP, a proxy, TLS |
//! | `tcp`, `tls`, `tunnel`, `forward` | each of these steps |
//! | `buffers` | what a connection holds |
//! | `trust` | which certificates are trusted |
//! | `proxy` | which proxy, from the environment |
//! | `retry` | when to ask again |
//! | `response`, `body` | what a status and an error body say; a body within its limit |
//! | `error`, `context` | failures in words; from the libraries' errors to these |
//! | `input` | files and standard input |
//! | `diagnose` | what works, step by step |

mod body;
mod buffers;
mod client;
mod context;
mod diagnose;
mod dial;
mod error;
mod forward;
mod input;
mod proxy;
mod response;
mod retry;
mod tcp;
mod tls;
mod trust;
mod tunnel;

pub use body::Scrape;
pub use client::{Client, System};
pub use context::Deadline;
pub use diagnose::{StepReport, diagnose};
pub use error::{Error, ErrorResponse, Phase, ScrapeError, Step, TimeLimit, TlsProblem};
pub use input::Input;
pub use proxy::Proxies;
pub use trust::{SystemRoots, Trust};
