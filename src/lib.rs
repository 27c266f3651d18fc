//! emqstat inspects EMQX Platform deployments from the terminal.
//!
//! Data goes one way, and a room knows only those before it:
//!
//! ```text
//! profile  →  scrape  →  exposition  →  deployment  →  health  →  view  →  command
//! who, where  bytes       events         meaning        verdict    text      a user's request
//! ```
//!
//! | room | holds |
//! | --- | --- |
//! | [`profile`] | the profile file, precedence, where each value came from, secrets |
//! | [`scrape`] | one GET with everything that can go wrong; saved scrapes from files and stdin |
//! | [`exposition`] | the Prometheus text format: a pull parser, and families grouped from its events |
//! | [`deployment`] | what the families mean: the metric catalog, cluster, rules, resources |
//! | [`health`] | expressions over fields, thresholds, the default checks, the verdict |
//! | [`view`] | table, JSON, JSON lines, CSV, colour, numbers for people, the live screen |
//! | [`export`] | files for Prometheus and Grafana, drawn from profiles, checks and catalog |
//! | [`simulate`] | a simulated deployment behind a small server on loopback |
//! | [`command`] | one file a subcommand |
//!
//! Beside them: [`cli`] (the command line's types), [`exit`] (the exit-code table), [`env`](mod@env) (every
//! environment variable), [`units`] (durations, sizes and numbers as people write them), [`names`] (slips and
//! patterns in names), [`text`] (text from elsewhere made safe to show).

pub mod cli;
pub mod command;
pub mod console;
pub mod deployment;
pub mod env;
pub mod exit;
pub mod export;
pub mod exposition;
pub mod health;
pub mod names;
pub mod profile;
pub mod scrape;
pub mod settings;
mod signals;
pub mod simulate;
pub mod source;
pub mod style;
pub mod text;
pub mod units;
pub mod view;
