//! The command line: types that clap fills, and nothing that acts on them.
//!
//! Help, completions and man pages come from here. An option belongs to the commands that take it; those that several take
//! stand in `shared`. Ten may stand before the subcommand as well: see `global`.

mod check;
mod error;
pub mod examples;
mod export;
mod global;
mod lazy;
pub mod profile;
mod shared;
mod simulate;
mod views;
mod watch;

use crate::text::visible;
use clap::error::ContextValue;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;

pub use check::{CheckArgs, OnError};
pub use error::UsageError;
pub use export::{AlertsArgs, ExportArgs, ExportCommand, GrafanaArgs, Out, PrometheusArgs};
pub use global::{ColorChoice, GlobalArgs};
pub use lazy::Lazy;
pub use shared::{ConnectArgs, DeadlineArgs, RowArgs, VerdictArgs};
pub use simulate::SimulateArgs;
pub use views::{ClusterArgs, DeploymentsArgs, ExplainArgs, Language, ResourcesArgs, RulesArgs, ScrapeArgs, ViewArgs};
pub use watch::{WatchArgs, WatchView};

/// Inspect EMQX Platform deployments from the terminal.
#[derive(Debug, Parser)]
#[command(name = "emqstat", version, max_term_width = 100, subcommand_required = true, arg_required_else_help = true)]
#[command(
    about = "Inspect EMQX Platform deployments from the terminal",
    long_about = "Inspect EMQX Platform deployments from the terminal.\n\n\
        emqstat fetches the two metrics endpoints of a dedicated deployment, understands them, and answers \
        a person with tables, a script with JSON, and monitoring with an exit code.",
    after_help = "Start with 'emqstat --demo cluster', or with 'emqstat profile add NAME'."
)]
pub struct Cli {
    #[command(flatten)]
    pub global: GlobalArgs,
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show all deployments at a glance, those in trouble first
    ///
    /// A deployment a row. Every profile is asked if none is named. Those that give no answer are rows, too, and say why. It looks twice, five
    /// seconds apart, because counters only grow; '--window 0' looks once. It ends with a verdict only where --fail-on or
    /// --warn-on asks for one.
    Deployments(Lazy<DeploymentsArgs>),
    /// Show a deployment: nodes, clients, messages, drops and more
    ///
    /// Sections stand side by side where the terminal is wide enough: nodes, connections, sessions, subscriptions, topics,
    /// messages, traffic, drops, authentication, authorization, packets. --group, --metric and --all show each family.
    Cluster(Lazy<ClusterArgs>),
    /// Show the data-integration rules, trouble first
    Rules(Lazy<RulesArgs>),
    /// Show the resources (connectors), those that are down first
    Resources(Lazy<ResourcesArgs>),
    /// Say whether a deployment is healthy, for CI and monitoring
    ///
    /// Each check is ok, a warning, critical, or unknown where what it judges was not received; the worst of them is the
    /// verdict and the exit status: 0 ok, 1 warning, 2 critical, 3 unknown. What cannot be asked, and a command line that is
    /// wrong, end with 3 as well; with '--on-error critical' what cannot be asked ends with 2.
    /// Counters only grow, so their change is judged: the deployment is asked twice, five seconds apart. Rates are
    /// per second, and shares of a whole are 0 to 1; '5%' can be written for 0.05.
    Check(Lazy<CheckArgs>),
    /// Show it live, with rates; or wait until it is well
    ///
    /// On a terminal it is a full screen: press ? there for its keys. Elsewhere a table is written at each tick, or with
    /// -o jsonl an object a line. A failed request is told and the last numbers stay; the next tick is the next attempt, and
    /// an endpoint that goes on failing is asked less often.
    ///
    /// With --until it ends with 0 as soon as that holds, with 2 when the deadline has passed. Ctrl-C, SIGTERM and SIGHUP end
    /// it with 130.
    Watch(Lazy<WatchArgs>),
    /// Print all that an endpoint said, as received or parsed
    ///
    /// As received, or as families, samples and labels: -o table, -o json.
    Scrape(Lazy<ScrapeArgs>),
    /// Set up and test addresses and credentials
    Profile(Lazy<profile::ProfileArgs>),
    /// Look up what a metric counts and what a rise means
    Explain(Lazy<ExplainArgs>),
    /// Write files for Prometheus and Grafana
    ///
    /// They are made from the profiles, the checks and the metric catalog.
    Export(Lazy<export::ExportArgs>),
    /// Serve a simulated deployment on loopback
    ///
    /// It answers at both metrics endpoints, over real HTTP and with real sign-in, with traffic that moves. APP ID and
    /// APP Secret are drawn from the seed and printed, unless EMQSTAT_APP_ID and EMQSTAT_APP_SECRET are set: then these
    /// are let in. Ctrl-C ends it.
    Simulate(Lazy<SimulateArgs>),
    /// Print the completion script of a shell
    Completions(Lazy<CompletionsArgs>),
    /// Print a man page
    Man(Lazy<ManArgs>),
}

/// `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The subcommand whose page to print; the page of emqstat itself if none is named
    #[arg(value_name = "SUBCOMMAND", num_args = 0..)]
    pub subcommand: Vec<String>,
}

/// The shells that completions are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// The command line, with examples. What a subcommand takes is there once clap has built it: see [`Lazy`].
pub fn command() -> clap::Command {
    global::in_short_form(examples::show(Cli::command(), &[]))
}

/// The whole command line, with what every subcommand takes.
pub fn whole() -> clap::Command {
    let mut command = command().disable_help_subcommand(true);
    command.build();
    command
}

/// Whether those arguments, which were refused, are about `check`: as far as they can be read.
pub fn is_about_check(args: &[OsString]) -> bool {
    let read = command().ignore_errors(true).try_get_matches_from(args);
    match read.ok().and_then(|matches| matches.subcommand_name().map(str::to_owned)) {
        Some(name) => name == "check",
        None => args.iter().any(|arg| arg == "check"),
    }
}

/// Whether those arguments ask for the line that monitoring systems read, however they spell it.
pub fn wants_nagios(args: &[OsString]) -> bool {
    let is_option = |arg: &OsString| arg == "-o" || arg == "--output";
    let together = ["-onagios", "-o=nagios", "--output=nagios"];
    args.iter().any(|arg| together.iter().any(|known| arg == known))
        || args.windows(2).any(|pair| matches!(pair, [option, value] if is_option(option) && value == "nagios"))
}

/// Reads the arguments, the program's name first.
///
/// # Errors
/// What clap refuses, help and version (which are errors to clap), and global options that the command does not take.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let mut command = command();
    let parse = || {
        let matches = command.try_get_matches_from_mut(args)?;
        global::refuse_what_is_not_taken(&mut command, &matches)?;
        Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    };
    let read = parse().map_err(with_visible_text);
    // Freeing it takes longer than describing it did, and whoever reads a command line ends soon.
    std::mem::forget(command);
    read
}

/// The error with what was typed made visible: clap repeats it as it is.
fn with_visible_text(mut error: clap::Error) -> clap::Error {
    let shown = |value: &ContextValue| match value {
        ContextValue::String(text) => Some(ContextValue::String(visible(text).into_owned())),
        ContextValue::Strings(all) => {
            Some(ContextValue::Strings(all.iter().map(|text| visible(text).into_owned()).collect()))
        }
        _ => None,
    };
    let context: Vec<_> = error.context().filter_map(|(kind, value)| Some((kind, shown(value)?))).collect();
    for (kind, value) in context {
        error.insert(kind, value);
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn global_options_stand_before_or_after_the_command() {
        for line in [["emqstat", "--demo", "cluster"], ["emqstat", "cluster", "--demo"]] {
            assert!(parse(line.map(OsString::from)).unwrap().global.demo, "{line:?}");
        }
    }

    #[test]
    fn a_global_option_that_means_nothing_is_refused() {
        let line = ["emqstat", "--demo", "completions", "bash"].map(OsString::from);
        let error = parse(line).unwrap_err();
        assert_eq!(error.kind(), clap::error::ErrorKind::UnknownArgument);
        assert!(error.to_string().contains("--demo"), "{error}");
    }

    #[test]
    fn a_refused_line_about_check_is_known() {
        let is_about = |line: &str| is_about_check(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        for line in [
            "emqstat check --nonsense",
            "emqstat -p a,b check -w x",
            "emqstat --nonsense check",
            "emqstat check --window never",
            "emqstat check rules",
            "emqstat -o nonsense check",
        ] {
            assert!(is_about(line), "{line}");
        }
        for line in
            ["emqstat", "emqstat rules --nonsense", "emqstat rules -p check --nonsense", "emqstat man check x -y"]
        {
            assert!(!is_about(line), "{line}");
        }
    }

    #[test]
    fn help_shows_what_applies_and_no_more() {
        let help = |line: &[&str]| parse(line.iter().map(OsString::from)).unwrap_err().to_string();
        assert!(help(&["emqstat", "cluster", "--help"]).contains("--demo"));
        assert!(!help(&["emqstat", "completions", "--help"]).contains("--demo"));
        assert!(help(&["emqstat", "profile", "add", "--help"]).contains("--ca-cert"));
        assert!(!help(&["emqstat", "profile", "list", "--help"]).contains("--ca-cert"));
    }
}
