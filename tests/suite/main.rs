//! Everything a user can see, tested through the built program. One module a topic; one binary, so that it links once.

// A test fails by panicking, and one binary has nobody to export to.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod check;
mod completion;
mod connecting;
mod deployments;
mod documented;
mod explain;
mod export;
mod exposition;
mod fleet;
mod frame;
mod fuzzed;
mod generated;
mod harness;
mod help;
mod hostile;
mod layout;
mod pager;
mod picture;
mod profile;
mod promises;
mod readme;
mod samples;
mod schema;
mod scrape;
mod server;
mod simulate;
mod terminal;
mod verdict;
mod view;
mod watch;
mod window;
mod writing;
