//! `man`: a page for emqstat and one for each subcommand, as in `man/`.
//!
//! Options and descriptions come from the command line's own types, environment variables from `env`, exit
//! statuses from [`Exit`], examples from [`examples`].

use crate::cli::UsageError;
use crate::cli::{self, examples::examples};
use crate::console;
use crate::env;
use crate::exit::Exit;
use crate::profile::EXAMPLE;
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};
use std::io::Write;

/// Of the last release whose pages changed.
const DATE: &str = "2026-11-22";

const PROGRAM: &str = "emqstat";

/// Prints the page of the subcommand that `path` names; of emqstat itself if it is empty.
///
/// # Errors
/// There is no such subcommand; stdout cannot be written.
pub fn run(path: &[String]) -> anyhow::Result<Exit> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let program = cli::whole();
    let mut command = &program;
    for name in &path {
        command = command.find_subcommand(name).ok_or_else(|| {
            let known: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
            let hint =
                if known.is_empty() { "it has no subcommands".into() } else { format!("one of {}", known.join(", ")) };
            UsageError::with_hint(
                format!("'{}' has no subcommand '{name}'", command.get_bin_name().unwrap_or(PROGRAM)),
                hint,
            )
        })?;
    }
    let mut text = Vec::new();
    page(command, &path, &mut text)?;
    console::print(|out| out.write_all(in_short_lines(&String::from_utf8_lossy(&text)).as_bytes()))?;
    Ok(Exit::Ok)
}

fn page(command: &Command, path: &[&str], out: &mut dyn Write) -> std::io::Result<()> {
    let command = &with_values_in_a_sentence(command.clone());
    let name = command.get_display_name().unwrap_or(PROGRAM);
    let man = Man::new(command.clone())
        .title(name.to_uppercase())
        .date(DATE)
        .source(concat!("emqstat ", env!("CARGO_PKG_VERSION")))
        .manual("emqstat manual");
    man.render_title(out)?;
    unhyphenated().to_writer(out)?;
    man.render_name_section(out)?;
    synopsis(command).to_writer(out)?;
    man.render_description_section(out)?;
    if command.get_arguments().any(|arg| !arg.is_hide_set()) {
        man.render_options_section(out)?;
    }
    if command.has_subcommands() {
        man.render_subcommands_section(out)?;
    }
    if path.is_empty() {
        exit_status().to_writer(out)?;
        environment().to_writer(out)?;
        files().to_writer(out)?;
    }
    if path == ["profile"] {
        profile_file().to_writer(out)?;
    }
    let shown = examples(path);
    if !shown.is_empty() {
        example_section(shown).to_writer(out)?;
    }
    see_also(command, path).to_writer(out)
}

/// Says in one sentence what a list of an item each would spread over half a page.
fn with_values_in_a_sentence(command: Command) -> Command {
    command.mut_args(|arg| {
        let values = arg.get_possible_values();
        let told: Vec<String> = values
            .iter()
            .filter(|value| !value.is_hide_set())
            .map(|value| match value.get_help() {
                Some(help) => format!("{} ({})", value.get_name(), lower_first(&help.to_string())),
                None => value.get_name().to_owned(),
            })
            .collect();
        match arg.get_help() {
            Some(help) if !told.is_empty() => {
                let help = format!("{help}. One of {}.", told.join(", "));
                arg.hide_possible_values(true).long_help(help)
            }
            _ => arg,
        }
    })
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// Names of variables and options stay whole.
fn unhyphenated() -> Roff {
    let mut roff = Roff::new();
    roff.control("nh", []);
    roff.control("ad", ["l"]);
    roff
}

/// The usage line, as help has it: every option by name would hide what matters.
fn synopsis(command: &Command) -> Roff {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    let name = command.get_bin_name().unwrap_or(PROGRAM);
    let rest = usage.strip_prefix(name).unwrap_or(usage);
    section("SYNOPSIS", [bold(name), roman(rest)])
}

fn exit_status() -> Roff {
    let mut roff = section("EXIT STATUS", [roman("The word stands in ‘errors[].code’ of JSON output.")]);
    for exit in Exit::ALL {
        entry(&mut roff, [bold(exit.code().to_string()), roman(" "), italic(exit.word())], exit.meaning());
    }
    roff.control("PP", []);
    roff.text([roman("Of several deployments each is asked; the exit status is that of the worst outcome.")]);
    roff
}

fn environment() -> Roff {
    let intro = "A flag on the command line comes before the environment, and that before the profile file.";
    let mut roff = section("ENVIRONMENT", [roman(intro)]);
    for (name, meaning) in env::REFERENCE {
        entry(&mut roff, [bold(*name)], meaning.trim());
    }
    roff
}

fn files() -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["FILES"]);
    entry(
        &mut roff,
        [italic("$XDG_CONFIG_HOME/emqstat/profiles.toml")],
        "The profile file; ~/.config/emqstat/profiles.toml where XDG_CONFIG_HOME is not set. \
         Only its owner may read it if it holds a secret. ‘emqstat profile add’ writes it; its keys are told in emqstat-profile(1).",
    );
    roff
}

fn profile_file() -> Roff {
    let intro = "A flag or environment variable comes before the profile, the profile before ‘[defaults]’. \
        ‘emqstat profile show’ says where each value came from.";
    let mut roff = section("PROFILE FILE", [roman(intro)]);
    roff.control("PP", []);
    as_it_stands(&mut roff, EXAMPLE);
    roff
}

fn example_section(shown: &[(&str, &str)]) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXAMPLES"]);
    for (at, (purpose, lines)) in shown.iter().enumerate() {
        if at > 0 {
            roff.control("PP", []);
        }
        roff.text([roman(*purpose)]);
        as_it_stands(&mut roff, lines);
    }
    roff
}

/// The pages above, beside and below this one.
fn see_also(command: &Command, path: &[&str]) -> Roff {
    let mut pages: Vec<String> = (0..path.len())
        .map(|depth| std::iter::once(PROGRAM).chain(path.iter().take(depth).copied()).collect::<Vec<_>>().join("-"))
        .collect();
    pages.extend(command.get_subcommands().filter_map(Command::get_display_name).map(str::to_owned));
    let listed = pages.iter().map(|page| format!("{page}(1)")).collect::<Vec<_>>().join(", ");
    let mut roff = section("SEE ALSO", [roman(listed)]);
    if !path.is_empty() {
        roff.control("PP", []);
        roff.text([roman("Exit statuses, environment variables and files are told in emqstat(1).")]);
    }
    roff
}

/// An indented block whose lines stay as they are.
fn as_it_stands(roff: &mut Roff, lines: &str) {
    roff.control("RS", ["4"]);
    roff.control("nf", []);
    for line in lines.lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff.control("RE", []);
}

fn section<const N: usize>(title: &str, text: [Inline; N]) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [title]);
    roff.text(text);
    roff
}

/// A tagged paragraph; backticks of doc comments become bold.
fn entry<const N: usize>(roff: &mut Roff, tag: [Inline; N], text: &str) {
    roff.control("TP", []);
    roff.text(tag);
    let spans = text.split('`').enumerate();
    roff.text(spans.map(|(at, span)| if at % 2 == 1 { bold(span) } else { roman(span) }).collect::<Vec<_>>());
}

/// Breaks long lines of running text at blanks, which changes nothing on the page.
fn in_short_lines(page: &str) -> String {
    const LONGEST: usize = 78;
    let mut out = String::with_capacity(page.len() + page.len() / 40);
    let (mut as_it_stands, mut tag) = (false, false);
    for line in page.lines() {
        as_it_stands = (as_it_stands || line == ".nf") && line != ".fi";
        let mut rest = line;
        while rest.len() > LONGEST && !(as_it_stands || tag || line.starts_with('.')) {
            let fits = rest.char_indices().take_while(|(at, _)| *at <= LONGEST);
            // A line that starts with one of these would be a request.
            let request = |at: usize| rest.get(at + 1..).is_some_and(|next| next.starts_with(['.', '\'', ' ']));
            let Some((at, _)) = fits.filter(|(at, c)| *at > 0 && *c == ' ' && !request(*at)).last() else { break };
            let (head, tail) = rest.split_at(at);
            out.push_str(head);
            out.push('\n');
            rest = tail.trim_start();
        }
        out.push_str(rest);
        out.push('\n');
        tag = line == ".TP";
    }
    out
}
