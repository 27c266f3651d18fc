//! `completions`: the scripts that shells load, and what they ask for at each press of Tab.
//!
//! A script hands the line up to the cursor back to emqstat, with `EMQSTAT_COMPLETE` set; [`answer`] prints a
//! candidate a line, a tab and its description behind it. So candidates come from the command line's own
//! definitions, and from the profile file, the columns and the metric catalog as they are at that moment.

use super::explain;
use crate::cli::{self, Shell};
use crate::console;
use crate::deployment::Snapshot;
use crate::deployment::catalog::{self, Entry, Group};
use crate::exit::Exit;
use crate::health::{CHECKS, HEALTHY};
use crate::profile::check_name;
use crate::settings;
use crate::text::visible;
use crate::view::{Kind, field_names};
use clap::{Arg, Command, ValueHint};
use clap_complete::CompletionCandidate;
use clap_complete::engine::{ArgValueCompleter, complete};
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A candidate that stands for whatever file names the shell finds itself.
const FILES: &str = ":files";

/// Prints the script of a shell: the same as the file in `completions/`.
///
/// # Errors
/// stdout cannot be written.
pub fn run(shell: Shell) -> anyhow::Result<Exit> {
    let script = match shell {
        Shell::Bash => include_str!("../../completions/emqstat.bash"),
        Shell::Zsh => include_str!("../../completions/_emqstat"),
        Shell::Fish => include_str!("../../completions/emqstat.fish"),
    };
    console::print(|out| out.write_all(script.as_bytes()))?;
    Ok(Exit::Ok)
}

/// Prints the candidates for the last of `words`, the first of which is the program.
///
/// # Errors
/// stdout cannot be written.
pub fn answer(mut words: Vec<OsString>) -> anyhow::Result<Exit> {
    let last = words.len().saturating_sub(1);
    let fresh = words.last().is_none_or(|word| word.is_empty());
    // After a single dash long options are offered: they say what they mean.
    if let Some(dash) = words.last_mut().filter(|word| *word == "-") {
        dash.push("-");
    }
    let mut command = cli::command();
    // What the subcommands take is there from here on.
    command.build();
    let mut command = with_completers(command, &mut Vec::new(), &profile_file(&words));
    let mut candidates = complete(&mut command, words, last, None)?;
    // A new word is a subcommand or a value first; options are offered where there is neither, or after a '-'.
    if fresh && candidates.iter().any(|candidate| !is_option(candidate)) {
        candidates.retain(|candidate| !is_option(candidate));
    }
    let mut stdout = console::stdout();
    for candidate in candidates {
        let value = candidate.get_value().to_string_lossy();
        if value.ends_with(FILES) {
            writeln!(stdout, "{FILES}")?;
        } else {
            let help = candidate.get_help().map(ToString::to_string).unwrap_or_default();
            let help = visible(help.lines().next().unwrap_or_default());
            writeln!(stdout, "{}\t{help}", visible(&value))?;
        }
    }
    stdout.flush()?;
    Ok(Exit::Ok)
}

fn is_option(candidate: &CompletionCandidate) -> bool {
    candidate.get_value().to_string_lossy().starts_with('-')
}

/// The command line with completers on the arguments whose values the types do not tell.
fn with_completers(command: Command, path: &mut Vec<String>, file: &Option<PathBuf>) -> Command {
    let command = command.mut_args(|arg| match completer(path, &arg, file) {
        Some(completer) => arg.add(completer),
        None => arg,
    });
    command.mut_subcommands(|sub| {
        path.push(sub.get_name().to_owned());
        let sub = with_completers(sub, path, file);
        path.pop();
        sub
    })
}

fn completer(path: &[String], arg: &Arg, file: &Option<PathBuf>) -> Option<ArgValueCompleter> {
    let completer = match (path.last().map(String::as_str), arg.get_id().as_str()) {
        (Some("show" | "remove" | "default"), "name") | (Some("test"), "names") | (_, "profile") => {
            let file = file.clone();
            ArgValueCompleter::new(move |typed: &OsStr| profiles(typed, file.as_deref()))
        }
        (Some("deployments"), "columns" | "sort" | "filter" | "fail_on" | "warn_on") => fields(Kind::Deployments),
        (Some("cluster"), "columns" | "sort" | "filter") => fields(Kind::Cluster),
        (Some("rules"), "columns" | "sort" | "filter" | "fail_on" | "warn_on") => fields(Kind::Rules),
        (Some("resources"), "columns" | "sort" | "filter" | "fail_on" | "warn_on") => fields(Kind::Resources),
        // Most often it is the rules that are chosen among.
        (Some("watch"), "columns" | "sort" | "filter") => fields(Kind::Rules),
        (Some("watch"), "until") => ArgValueCompleter::new(|typed: &OsStr| {
            let names = std::iter::once(HEALTHY.to_owned()).chain(Snapshot::field_names());
            matching(typed, names.map(|name| (name, None)))
        }),
        (Some("explain"), "columns") => ArgValueCompleter::new(|typed: &OsStr| {
            matching(typed, explain::column_names().map(|name| (name.to_owned(), None)))
        }),
        (Some("cluster"), "fail_on" | "warn_on") => {
            ArgValueCompleter::new(|typed: &OsStr| matching(typed, Snapshot::field_names().map(|name| (name, None))))
        }
        (Some("check" | "alerts"), "only" | "skip") => ArgValueCompleter::new(|typed: &OsStr| checks(typed, "")),
        (Some("check" | "alerts"), "warning" | "critical") => {
            ArgValueCompleter::new(|typed: &OsStr| checks(typed, "="))
        }
        (Some("cluster"), "group") => ArgValueCompleter::new(groups),
        (Some("cluster"), "metric") | (Some("explain"), "name") => ArgValueCompleter::new(metrics),
        (Some("man"), "subcommand") => ArgValueCompleter::new(subcommands),
        _ if arg.get_value_hint() == ValueHint::AnyPath => {
            ArgValueCompleter::new(|_: &OsStr| vec![CompletionCandidate::new(FILES)])
        }
        _ => return None,
    };
    Some(completer)
}

/// The profile file that the line names so far.
fn profile_file(words: &[OsString]) -> Option<PathBuf> {
    const OPTION: &str = "--profile-file";
    let named = words.iter().zip(words.iter().skip(1)).rev().find_map(|(word, next)| {
        let joined = next.to_str().and_then(|next| next.strip_prefix(OPTION)?.strip_prefix('='));
        joined.map(PathBuf::from).or_else(|| (word == OPTION).then(|| PathBuf::from(next)))
    })?;
    // The shell has not had its say yet.
    let below_home = named.strip_prefix("~").ok().and_then(|rest| Some(dirs::home_dir()?.join(rest)));
    Some(below_home.unwrap_or(named))
}

/// The profiles of the file, with their addresses. A file that cannot be read has none: Tab is no place to complain.
fn profiles(typed: &OsStr, file: Option<&Path>) -> Vec<CompletionCandidate> {
    let entries = settings::profile_file(file).map(|file| file.profiles).unwrap_or_default();
    // A profile of another name is refused, whatever it is asked for.
    let named = entries.into_iter().filter(|(name, _)| check_name(name).is_ok());
    let told = named.map(|(name, profile)| (name, profile.ok().map(|p| p.endpoint.value.to_string())));
    matching(typed, told)
}

/// The fields of a view's rows, with a '-' in front where one was typed, as `--sort` takes them.
fn fields(kind: Kind) -> ArgValueCompleter {
    ArgValueCompleter::new(move |typed: &OsStr| {
        let sign = if typed.to_string_lossy().starts_with('-') { "-" } else { "" };
        matching(typed, field_names(kind).map(|name| (format!("{sign}{name}"), None)))
    })
}

/// The default checks, with what they are called to begin something else with.
fn checks(typed: &OsStr, end: &str) -> Vec<CompletionCandidate> {
    matching(typed, CHECKS.iter().map(|check| (format!("{}{end}", check.name), Some(check.why.to_owned()))))
}

fn groups(typed: &OsStr) -> Vec<CompletionCandidate> {
    matching(typed, Group::ALL.iter().map(|group| (group.word().to_owned(), Some(group.title().to_owned()))))
}

/// The metrics by their bare names; by whole names and fields where one of these has been begun.
fn metrics(typed: &OsStr) -> Vec<CompletionCandidate> {
    let told = |name: String, entry: &Entry| (name, Some(entry.description.to_owned()));
    let bare = matching(typed, catalog::all().map(|entry| told(entry.name.to_owned(), entry)));
    let rest = || catalog::all().flat_map(|entry| [entry.key(), entry.family()].map(|name| told(name, entry)));
    if bare.is_empty() { matching(typed, rest()) } else { bare }
}

/// The subcommands that have a man page.
fn subcommands(typed: &OsStr) -> Vec<CompletionCandidate> {
    let command = cli::command();
    let all = command.get_subcommands();
    matching(typed, all.map(|sub| (sub.get_name().to_owned(), sub.get_about().map(ToString::to_string))))
}

/// Those candidates that start as typed, with their descriptions.
fn matching(typed: &OsStr, all: impl Iterator<Item = (String, Option<String>)>) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    all.filter(|(value, _)| value.starts_with(typed.as_ref()))
        .map(|(value, help)| CompletionCandidate::new(value).help(help.map(Into::into)))
        .collect()
}
