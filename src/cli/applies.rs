//! Which shared options mean something to which command.
//!
//! A global option is accepted everywhere by clap. Where it would have no effect it is hidden from the
//! help and refused on the command line: an option that is silently ignored misleads.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

const WHICH: &[&str] = &["profile", "all_profiles", "endpoint", "profile_file", "demo", "input"];
/// [`WHICH`], but for what is gone when the command ends.
const DEPLOYMENTS: &[&str] = &["profile", "all_profiles", "endpoint", "profile_file"];
const CONNECT: &[&str] = &["timeout", "connect_timeout", "retries", "ca_cert", "insecure", "allow_http", "max_body"];
const ROWS: &[&str] = &["columns", "sort", "filter", "no_headers"];
const CHANGE: &[&str] = &["window"];
const VERDICT: &[&str] = &["fail_on", "warn_on", "fail_on_empty"];
const FORM: &[&str] = &["output", "color", "quiet", "verbose"];

/// The groups of shared options that a command takes, by its path below the program.
fn groups(path: &[&str]) -> Vec<&'static [&'static str]> {
    match path {
        [] | ["cluster" | "rules" | "resources"] => vec![WHICH, CONNECT, ROWS, CHANGE, VERDICT, FORM],
        ["check"] => vec![WHICH, CONNECT, CHANGE, FORM],
        // The next tick is the next attempt, and a saved scrape does not change.
        ["watch"] => vec![
            &["profile", "all_profiles", "endpoint", "profile_file", "demo"],
            &["timeout", "connect_timeout", "ca_cert", "insecure", "allow_http", "max_body"],
            ROWS,
            FORM,
        ],
        ["scrape"] => vec![WHICH, CONNECT, FORM],
        ["profile"] => vec![&["profile_file", "endpoint"], CONNECT, FORM],
        // What these do is no answer that has a format.
        ["profile", "add"] => vec![&["endpoint", "profile_file", "color", "quiet"], CONNECT],
        ["profile", "remove" | "default"] => vec![&["profile_file", "color", "quiet"]],
        ["profile", "show" | "test"] => vec![&["profile_file", "endpoint"], CONNECT, FORM],
        ["profile", _] => vec![&["profile_file"], FORM],
        ["explain"] => vec![&["columns", "no_headers"], FORM],
        ["export"] => vec![DEPLOYMENTS, CONNECT, &["color", "quiet"]],
        ["export", "prometheus"] => vec![DEPLOYMENTS, CONNECT, &["color", "quiet"]],
        ["export", "grafana"] => vec![&["color", "quiet"]],
        ["export", "alerts"] => vec![DEPLOYMENTS, &["color", "quiet"]],
        ["simulate"] => vec![&["output"]],
        _ => vec![],
    }
}

fn shared_ids() -> impl Iterator<Item = &'static str> {
    [WHICH, CONNECT, ROWS, CHANGE, VERDICT, FORM].into_iter().flatten().copied()
}

fn applies(path: &[&str], id: &str) -> bool {
    groups(path).iter().any(|group| group.contains(&id))
}

/// Gives each subcommand its own copy of the shared options, hidden where they do not apply: clap hands a
/// global option down only where the subcommand does not have it, so the copy stays.
pub(super) fn hide_what_does_not_apply(command: Command) -> Command {
    let shared: Vec<Arg> = command.get_arguments().filter(|arg| arg.is_global_set()).cloned().collect();
    command.mut_subcommands(|sub| copy_into(sub, &shared, &mut Vec::new()))
}

fn copy_into(mut command: Command, shared: &[Arg], path: &mut Vec<String>) -> Command {
    path.push(command.get_name().to_owned());
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    command = command.args(shared.iter().map(|arg| arg.clone().hide(!applies(&names, arg.get_id().as_str()))));
    command = command.mut_subcommands(|sub| copy_into(sub, shared, path));
    path.pop();
    command
}

/// The first shared option that was typed and means nothing to the command, as an error.
pub(super) fn refuse_what_does_not_apply(command: &mut Command, matches: &ArgMatches) -> Result<(), clap::Error> {
    let mut path = Vec::new();
    let mut leaf = matches;
    while let Some((name, next)) = leaf.subcommand() {
        path.push(name);
        leaf = next;
    }
    for id in shared_ids().filter(|id| !applies(&path, id)) {
        let known = leaf.try_contains_id(id).is_ok();
        if known && leaf.value_source(id) == Some(ValueSource::CommandLine) {
            let long = format!("--{}", id.replace('_', "-"));
            let mut error = clap::Error::new(ErrorKind::UnknownArgument).with_cmd(command);
            error.insert(ContextKind::InvalidArg, ContextValue::String(long));
            let said = format!("it has no meaning for '{}'", path.join(" "));
            error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![said.into()]));
            return Err(error);
        }
    }
    Ok(())
}
