//! The README: what it shows can be typed, and what it tells is so.

use crate::documented::assert_typeable;
use crate::schema;
use std::path::Path;

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The fenced blocks whose first line is "```LANGUAGE", also with words behind it.
fn blocks(language: &str) -> Vec<String> {
    let (mut found, mut current) = (Vec::new(), None);
    for line in readme().lines() {
        match (line.strip_prefix("```"), &mut current) {
            (Some(info), None) => current = Some((info.split(' ').next() == Some(language), String::new())),
            (Some(_), Some((wanted, text))) => {
                if *wanted {
                    found.push(std::mem::take(text));
                }
                current = None;
            }
            (None, Some((_, text))) => *text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    assert!(!found.is_empty(), "no block of {language}");
    found
}

#[test]
fn its_commands_can_be_typed() {
    for block in blocks("sh").into_iter().filter(|block| block.contains("emqstat ") || block.contains("cargo run")) {
        assert_typeable(&block);
    }
}

#[test]
fn it_tells_of_every_command() {
    let readme = readme();
    for command in emqstat::cli::command().get_subcommands() {
        assert!(readme.contains(&format!("`{}`", command.get_name())), "{}", command.get_name());
    }
}

#[test]
fn its_exit_codes_are_those_of_the_program() {
    let rows = emqstat::exit::Exit::ALL
        .map(|exit| format!("| {} | `{}` | {} |\n", exit.code(), exit.word(), exit.meaning()))
        .concat();
    assert!(readme().contains(&format!("| --- | --- | --- |\n{rows}\n")), "the table of exit codes is to be:\n{rows}");
}

#[test]
fn its_profile_file_is_the_one_that_can_be_used() {
    assert_eq!(blocks("toml"), [emqstat::profile::EXAMPLE]);
}

#[test]
fn its_json_is_what_the_schema_describes() {
    for block in blocks("json") {
        schema::assert_valid(&serde_json::from_str(&block).unwrap());
    }
}

#[test]
fn its_links_lead_to_files() {
    let readme = readme();
    let links = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    for link in links.filter(|link| !link.contains("://")) {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(link).exists(), "{link}");
    }
}
