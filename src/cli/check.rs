//! `check`: which checks, with what thresholds.

use super::shared::{ConnectArgs, DeadlineArgs};
use crate::health::{CHECKS as CHECKED, Limit, Status};
use crate::units;
use crate::view::{self, Format};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// `check`.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Make only these checks
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = CHECKS, long_help = only_help())]
    pub only: Vec<String>,

    /// Do not make these checks
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = CHECKS)]
    pub skip: Vec<String>,

    /// Range of a check outside of which it is a warning
    ///
    /// As the monitoring plugins write ranges: 10, 10:, ~:10, 10:20, @10:20, also 5%. Repeatable.
    #[arg(short, long, value_name = "NAME=RANGE", value_parser = threshold, help_heading = CHECKS)]
    pub warning: Vec<(String, Limit)>,

    /// Range of a check outside of which it is critical
    ///
    /// As with --warning. Repeatable.
    #[arg(short, long, value_name = "NAME=RANGE", value_parser = threshold, help_heading = CHECKS)]
    pub critical: Vec<(String, Limit)>,

    /// What a deployment that cannot be asked counts as
    #[arg(long, value_name = "STATUS", default_value = "unknown", help_heading = CHECKS)]
    pub on_error: OnError,

    /// Time between two looks; 0 looks once [default: 5s]
    ///
    /// How counters grow is judged between two looks; those checks are skipped where there is only one. At most 1h.
    #[arg(long, value_name = "DUR", value_parser = units::duration, help_heading = CHECKS)]
    pub window: Option<Duration>,

    /// Write another report of the same run
    ///
    /// FORMAT is nagios, prometheus, junit, github, json or jsonl; FILE '-' is stdout, where --output does not use it.
    /// Repeatable.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report, help_heading = REPORTS)]
    pub report: Vec<(Format, PathBuf)>,

    #[command(flatten)]
    pub connect: ConnectArgs,

    #[command(flatten)]
    pub deadline: DeadlineArgs,
}

const CHECKS: &str = "What is checked";
const REPORTS: &str = "What comes out";

/// The names that there are come from the table of checks.
fn only_help() -> String {
    let names: Vec<&str> = CHECKED.iter().map(|check| check.name).collect();
    format!(
        "Make only these checks; repeat it or separate names by commas. There are {}, and those of \
         the profile",
        names.join(", ")
    )
}

/// What it counts as if a deployment cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnError {
    Unknown,
    Critical,
}

impl From<OnError> for Status {
    fn from(choice: OnError) -> Status {
        match choice {
            OnError::Unknown => Status::Unknown,
            OnError::Critical => Status::Critical,
        }
    }
}

/// `FORMAT=FILE`.
fn report(text: &str) -> Result<(Format, PathBuf), String> {
    let refused = || format!("'{text}' is no report: write FORMAT=FILE, such as junit=emqstat.xml");
    let (word, file) = text.split_once('=').filter(|(_, file)| !file.is_empty()).ok_or_else(refused)?;
    let known = view::CHECK.names().into_iter().filter(|format| *format != Format::Table);
    let names = known.clone().filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()));
    let names = names.collect::<Vec<_>>().join(", ");
    let format = Format::from_str(word, false).ok().filter(|format| known.clone().any(|one| one == *format));
    let format = format.ok_or_else(|| format!("there is no report '{word}': choose one of {names}"))?;
    Ok((format, file.into()))
}

/// `NAME=RANGE`.
pub(super) fn threshold(text: &str) -> Result<(String, Limit), String> {
    let refused = || format!("'{text}' sets nothing: write NAME=RANGE, such as queue_full_drops=10");
    let (name, range) = text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(refused)?;
    let limit: Limit = range.parse().map_err(|error: crate::health::RangeError| error.to_string())?;
    Ok((name.to_owned(), limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_is_a_name_and_a_range() {
        assert_eq!(threshold("age=@1:2"), Ok(("age".to_owned(), "@1:2".parse().unwrap())));
        for bad in ["age", "=1", "age=", "age=x", "age=1=2"] {
            assert!(threshold(bad).is_err(), "{bad}");
        }
        assert_eq!(report("junit=a=b.xml"), Ok((Format::Junit, "a=b.xml".into())));
        for bad in ["junit", "junit=", "table=x", "csv=x", "=x"] {
            assert!(report(bad).is_err(), "{bad}");
        }
    }
}
