//! `watch`: which view, how often, and when it is over.

use super::shared::{ConnectArgs, RowArgs, at_least_one};
use crate::units;
use clap::{Args, ValueEnum};
use std::num::{NonZeroU32, NonZeroU64};
use std::time::Duration;

/// `watch`.
#[derive(Debug, Args)]
pub struct WatchArgs {
    /// What to show; an overview if no view is named
    ///
    /// The overview is of both endpoints. With several deployments a screen begins with all of them.
    #[arg(value_name = "VIEW")]
    pub view: Option<WatchView>,

    /// Time from one tick to the next
    ///
    /// A tick that is late is left out.
    #[arg(long, value_name = "DUR", default_value = "5s", value_parser = interval, help_heading = HOW_OFTEN)]
    pub interval: Duration,

    /// Number of ticks
    #[arg(long, value_name = "N", value_parser = at_least_one::<NonZeroU64>, help_heading = HOW_OFTEN)]
    pub count: Option<NonZeroU64>,

    /// Give up after so many ticks without any answer
    #[arg(long, value_name = "N", value_parser = at_least_one::<NonZeroU32>, help_heading = HOW_OFTEN)]
    pub max_failures: Option<NonZeroU32>,

    /// End when this holds of every deployment: 'healthy'
    ///
    /// Or 'resources.down == 0', 'rate(rules.actions_failed) < 1'.
    #[arg(long, value_name = "EXPR", help_heading = UNTIL)]
    pub until: Option<String>,

    /// How long it has to have held
    #[arg(long, value_name = "DUR", value_parser = units::duration, requires = "until", help_heading = UNTIL)]
    pub r#for: Option<Duration>,

    /// End after this time, whatever happens
    ///
    /// With --until the exit status is then 2, else that of the last tick.
    #[arg(long, value_name = "DUR", value_parser = units::duration, help_heading = UNTIL)]
    pub deadline: Option<Duration>,

    #[command(flatten)]
    pub rows: RowArgs,

    #[command(flatten)]
    pub connect: ConnectArgs,
}

/// The views by their names on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WatchView {
    Deployments,
    Cluster,
    Rules,
    Resources,
}

const HOW_OFTEN: &str = "How often";
const UNTIL: &str = "Until when";

/// A span of time that is not zero.
fn interval(text: &str) -> Result<Duration, String> {
    match units::duration(text) {
        Ok(Duration::ZERO) => Err("nothing can be asked without a pause: write 1s, or 100ms".to_owned()),
        Ok(interval) => Ok(interval),
        Err(error) => Err(error.to_string()),
    }
}
