//! emqstat inspects EMQX deployments from the terminal.
//!
//! The crate is a library that does the work and a thin program on it. Data goes one way, and a room (a folder below `src`)
//! uses only the rooms before it; a test of the suite checks that.
//!
//! ```text
//! profile → scrape → exposition → deployment → source → health → view → command
//! who, where bytes     events        meaning     snapshots verdict  text   a user's request
//! ```
//!
//! | room | holds |
//! | --- | --- |
//! | [`profile`] | the profile file, secrets, where each value came from |
//! | [`scrape`] | one HTTP exchange, with everything that can go wrong; saved scrapes from files and stdin |
//! | [`exposition`] | the Prometheus text format: a pull parser, and families grouped from its events |
//! | [`deployment`] | what the families mean: the metric catalog, dialects, snapshot, rules, resources, change |
//! | [`source`] | where snapshots come from: who is asked, for what, how many at a time, how often; failures beside answers |
//! | [`health`] | expressions, thresholds, the default checks, the verdict |
//! | [`view`] | fields, tables, JSON, CSV and the other formats, the live screen |
//! | `export` | files for Prometheus and Grafana, drawn from catalog, checks and profiles |
//! | `simulate` | the simulated deployment: traffic, and a small server on loopback |
//! | [`cli`] | what was typed: the types that clap fills |
//! | `settings` | flags, environment and profile file, resolved once into one value |
//! | [`command`] | one file a subcommand |
//!
//! Beside them stand leaves, which know no room: [`exit`] (the exit-code table), `units` (every number, size and time as
//! text), `text` (text made safe), `files` (reading and replacing files), `console` (stdout and stderr), `style` (what
//! a colour means), `pager`, `signals`, and `env` (the name of every environment variable).

#[cfg(not(unix))]
compile_error!("emqstat runs on Unix: signals, permissions of files and terminals are asked for in its terms");

pub mod cli;
pub mod command;
mod console;
pub mod deployment;
mod env;
pub mod exit;
mod export;
pub mod exposition;
mod files;
pub mod health;
mod names;
mod pager;
pub mod profile;
pub mod scrape;
mod settings;
mod signals;
mod simulate;
pub mod source;
mod style;
mod text;
pub mod units;
pub mod view;
