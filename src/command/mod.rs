//! One file a subcommand, each reading like the sentence that describes it.
//!
//! [`main`] turns arguments into an exit status; everything that went wrong passes through [`failure`].

mod check;
pub mod completions;
mod deployments;
pub mod explain;
mod export;
pub mod failure;
mod inspect;
pub mod man;
mod profile;
mod scrape;
mod simulate;
pub mod watch;

use crate::cli::{self, Cli, Command};
use crate::exit::Exit;
use crate::text::{self, visible};
use crate::{console, settings, view};
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

/// Runs the program: the whole of `main`.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    std::panic::set_hook(Box::new(failure::report_fault));
    if settings::is_completion() {
        return completions::answer(args.into_iter().collect()).unwrap_or_else(|error| failure::report(&error)).into();
    }
    let args: Vec<OsString> = args.into_iter().collect();
    let exit = match cli::parse(args.clone()) {
        Ok(cli) => {
            let exit = run(&cli).unwrap_or_else(|error| failure::report(&error));
            if matches!(cli.command, Command::Check(_)) { exit.as_verdict() } else { exit }
        }
        Err(error) => refuse(&error, &args),
    };
    exit.into()
}

fn run(cli: &Cli) -> anyhow::Result<Exit> {
    let global = &cli.global;
    match &cli.command {
        Command::Completions(args) => completions::run(args.shell),
        Command::Man(args) => man::run(&args.subcommand),
        Command::Deployments(args) => deployments::run(args, global),
        Command::Cluster(args) => inspect::cluster(args, global),
        Command::Rules(args) => inspect::rules(args, global),
        Command::Resources(args) => inspect::resources(args, global),
        Command::Check(args) => check::run(args, global),
        Command::Watch(args) => watch::run(args, global),
        Command::Scrape(args) => scrape::run(args, global),
        Command::Simulate(args) => simulate::run(args, global.output),
        Command::Profile(args) => profile::run(args, global),
        Command::Export(args) => export::run(args, global),
        Command::Explain(args) => explain::run(args, global),
    }
}

/// Help and version are answers and go to stdout; a wrong command line goes to stderr, and monitoring gets its line all the same.
fn refuse(error: &clap::Error, args: &[OsString]) -> Exit {
    let is_about_check = error.use_stderr() && cli::is_about_check(args);
    let said = if is_about_check && cli::wants_nagios(args) {
        let text = error.render().to_string();
        let reason = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        console::print(|out| view::nagios::write_failure(reason, out))
    } else {
        Ok(())
    };
    // What was typed may hold what a terminal would obey.
    let hidden = args.iter().any(|arg| text::hidden(&arg.to_string_lossy()).next().is_some());
    let shown = if error.use_stderr() && hidden {
        let lines: String = error.render().to_string().lines().map(|line| format!("{}\n", visible(line))).collect();
        io::stderr().write_all(lines.as_bytes())
    } else {
        error.print().and_then(|()| io::stdout().flush())
    };
    let shown = shown.map_err(console::of_stdout).and_then(|()| console::is_writable());
    match (error.use_stderr(), said.and(shown)) {
        (false, Err(error)) => failure::report(&error.into()),
        (false, Ok(())) => Exit::Ok,
        (true, _) if is_about_check => Exit::Unknown,
        (true, _) => Exit::Usage,
    }
}
