//! The options that may stand before the subcommand as well as behind it, and which subcommand takes which of them.
//!
//! clap accepts a global option everywhere. Where it would have no effect it is hidden from the help and refused: an option
//! that is silently ignored misleads.

use super::shared::OUTPUT;
use crate::view::{self, Format};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command, ValueEnum};
use std::path::PathBuf;

/// Which deployment, and what comes out. Each is `None` or empty where it was not typed.
#[derive(Debug, Clone, Default, Args)]
pub struct GlobalArgs {
    /// Profile to ask, or several [env: EMQSTAT_PROFILE]
    ///
    /// Repeat it or separate names by commas.
    #[arg(short, long, global = true, value_name = "NAME", value_delimiter = ',', help_heading = WHICH)]
    #[arg(conflicts_with_all = ["all_profiles", "endpoint", "demo", "input"])]
    pub profile: Vec<String>,

    /// Ask every profile of the file
    #[arg(long, global = true, help_heading = WHICH, conflicts_with_all = ["endpoint", "demo", "input"])]
    pub all_profiles: bool,

    /// API address, with EMQSTAT_APP_ID and EMQSTAT_APP_SECRET in the environment [env: EMQSTAT_ENDPOINT]
    #[arg(long, global = true, value_name = "URL", help_heading = WHICH, conflicts_with_all = ["demo", "input"])]
    pub endpoint: Option<String>,

    /// Profile file [env: EMQSTAT_PROFILE_FILE] [default: profiles.toml in the user's configuration folder]
    #[arg(long, global = true, value_name = "FILE", help_heading = WHICH)]
    pub profile_file: Option<PathBuf>,

    /// Ask a simulated deployment, started inside the program
    #[arg(long, global = true, help_heading = WHICH, conflicts_with = "input")]
    pub demo: bool,

    /// Read a saved scrape instead of asking; repeatable, '-' is stdin
    #[arg(long, global = true, value_name = "FILE", help_heading = WHICH)]
    pub input: Vec<PathBuf>,

    /// What comes out: table, json and others
    ///
    /// Each command has some of them. [env: EMQSTAT_OUTPUT] [default: table; scrape: raw]
    #[arg(short, long, global = true, value_name = "FORMAT", help_heading = OUTPUT, hide_possible_values = true)]
    pub output: Option<Format>,

    /// When to colour [env: EMQSTAT_COLOR, NO_COLOR, CLICOLOR_FORCE] [default: auto]
    #[arg(long, global = true, value_name = "WHEN", help_heading = OUTPUT)]
    pub color: Option<ColorChoice>,

    /// Do not show a long answer in a pager
    ///
    /// On a terminal an answer that is longer than the screen goes through the pager. [env: EMQSTAT_PAGER, PAGER]
    /// [default: less -FRX]
    #[arg(long, global = true, help_heading = OUTPUT)]
    pub no_pager: bool,

    /// Say nothing on stderr but errors
    #[arg(short, long, global = true, help_heading = OUTPUT, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say on stderr what is done: addresses, proxies, attempts, times
    #[arg(short, long, global = true, help_heading = OUTPUT)]
    pub verbose: bool,
}

const WHICH: &str = "Which deployment";

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal that can
    Auto,
    Always,
    Never,
}

const PROFILES: &[&str] = &["profile", "all_profiles", "endpoint", "profile_file"];
const SAVED: &[&str] = &["demo", "input"];
const MESSAGES: &[&str] = &["color", "quiet"];
const FORM: &[&str] = &["output", "color", "no_pager", "quiet", "verbose"];

/// What a subcommand takes of the global options, by its path below the program: their ids, and the formats of `--output`.
fn taken(path: &[&str]) -> (Vec<&'static str>, Vec<Format>) {
    let (groups, formats): (&[&[&str]], Vec<Format>) = match path {
        [] => (&[PROFILES, SAVED, FORM], Format::value_variants().to_vec()),
        ["deployments" | "cluster" | "rules" | "resources"] => (&[PROFILES, SAVED, FORM], view::ROWS.names()),
        ["check"] => (&[PROFILES, SAVED, FORM], view::CHECK.names()),
        // A saved scrape does not change.
        ["watch"] => (&[PROFILES, &["demo"], FORM], view::watch::TICKS.names()),
        ["scrape"] => (&[PROFILES, SAVED, FORM], view::SCRAPE.names()),
        ["explain"] => (&[FORM], vec![Format::Table, Format::Json, Format::Csv]),
        ["profile"] => (&[&["profile_file", "endpoint"], FORM], vec![Format::Table, Format::Json]),
        // What these do is no answer that has a format.
        ["profile", "add"] => (&[&["profile_file", "endpoint"], MESSAGES], Vec::new()),
        ["profile", "remove" | "default"] => (&[&["profile_file"], MESSAGES], Vec::new()),
        ["profile", "show" | "test"] => (&[&["profile_file", "endpoint"], FORM], vec![Format::Table, Format::Json]),
        ["profile", _] => (&[&["profile_file"], FORM], vec![Format::Table, Format::Json]),
        ["export"] | ["export", "prometheus" | "alerts"] => (&[PROFILES, MESSAGES], Vec::new()),
        ["export", "grafana"] => (&[MESSAGES], Vec::new()),
        ["simulate"] => (&[&["output"]], vec![Format::Table, Format::Json]),
        _ => (&[], Vec::new()),
    };
    (groups.concat(), formats)
}

/// Fits the global options to a subcommand of the program, to which clap has handed them down, and to those below it: hidden where
/// they do not apply, `--output` with the formats that there are, and only what is used most in the short help.
pub(super) fn settle(command: Command) -> Command {
    let name = command.get_name().to_owned();
    let global: Vec<Arg> = command.get_arguments().filter(|arg| arg.is_global_set()).cloned().collect();
    let command =
        global.iter().fold(command, |command, arg| command.mut_arg(arg.get_id(), |arg| fitted(arg, &[&name])));
    // clap hands a global option down only where the subcommand does not have it, so the copies stay.
    command.mut_subcommands(|sub| {
        let own = sub.get_name().to_owned();
        let path = [name.as_str(), own.as_str()];
        sub.args(global.iter().map(|arg| fitted(arg.clone(), &path)))
    })
}

fn fitted(arg: Arg, path: &[&str]) -> Arg {
    let (ids, formats) = taken(path);
    let id = arg.get_id().as_str();
    let is_taken = ids.contains(&id);
    let is_most_used = id == "profile" || (id == "output" && is_taken);
    let arg = if id == "output" && is_taken {
        let (short, long) = output_help(path, &formats);
        arg.value_parser(among(&formats)).help(short).long_help(long)
    } else {
        arg
    };
    arg.hide(!is_taken).hide_short_help(!is_most_used)
}

/// The help of `--output`, short and long: the formats, the default one, and the variable that says it too.
fn output_help(path: &[&str], formats: &[Format]) -> (String, String) {
    let names: Vec<String> =
        formats.iter().filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned())).collect();
    let short = format!("What comes out: {}", names.join(", "));
    let long = match path {
        ["scrape"] => "[env: EMQSTAT_OUTPUT] [default: raw]",
        ["simulate"] => "[default: table]",
        _ => "[env: EMQSTAT_OUTPUT] [default: table]",
    };
    let long = format!("{short}\n\n{long}");
    (short, long)
}

/// In the help that `-h` asks for, the command's own options come first, then those that most commands have, with no headings
/// between them: it fits a screen.
pub(super) fn in_short_form(command: Command) -> Command {
    if !std::env::args_os().any(|arg| arg == "-h") {
        return command;
    }
    command.mut_args(|arg| {
        let arg = arg.help_heading(None::<&str>);
        match arg.get_id().as_str() {
            "profile" => arg.display_order(BEFORE_HELP),
            "output" => arg.display_order(BEFORE_HELP + 1),
            _ if arg.is_global_set() => arg.hide_short_help(true),
            _ => arg,
        }
    })
}

/// clap shows `--help` at 999.
const BEFORE_HELP: usize = 900;

/// Takes one of these formats.
fn among(formats: &[Format]) -> impl TypedValueParser<Value = Format> + use<> {
    let values = formats.iter().filter_map(ValueEnum::to_possible_value);
    PossibleValuesParser::new(values).try_map(|word| Format::from_str(&word, false))
}

/// The first global option that was typed and that the command does not take, as an error.
pub(super) fn refuse_what_is_not_taken(command: &mut Command, matches: &ArgMatches) -> Result<(), clap::Error> {
    let mut path = Vec::new();
    let mut leaf = matches;
    while let Some((name, next)) = leaf.subcommand() {
        path.push(name);
        leaf = next;
    }
    let (ids, _) = taken(&path);
    for id in [PROFILES, SAVED, FORM].concat().into_iter().filter(|id| !ids.contains(id)) {
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
