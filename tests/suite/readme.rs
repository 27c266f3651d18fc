//! The README and the pages that it leads to: what they show can be typed, and what they tell is so.

use crate::documented::assert_typeable;
use crate::harness::{Running, Sandbox};
use crate::schema;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

/// The README, then every page of `docs/`, then CONTRIBUTING, by their paths.
fn pages() -> Vec<(PathBuf, String)> {
    let docs = std::fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut docs: Vec<PathBuf> = docs.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
    docs.sort();
    docs.insert(0, root().join("README.md"));
    docs.push(root().join("CONTRIBUTING.md"));
    docs.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

fn manual() -> String {
    pages().into_iter().map(|(_, text)| text).collect()
}

/// The fenced blocks whose first line is "```" and one of these.
fn blocks(infos: &[&str]) -> Vec<String> {
    let (mut found, mut current) = (Vec::new(), None);
    for line in manual().lines() {
        match (line.strip_prefix("```"), &mut current) {
            (Some(info), None) => current = Some((infos.contains(&info), String::new())),
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
    assert!(!found.is_empty(), "no block of {infos:?}");
    found
}

#[test]
fn its_commands_can_be_typed() {
    for block in blocks(&["sh", "sh no-run"])
        .into_iter()
        .filter(|block| block.contains("emqstat ") || block.contains("cargo run"))
    {
        assert_typeable(&block);
    }
}

/// Starts a simulated deployment of the `kind` for each profile, and writes the profile file; the first is the default.
pub fn simulate(sandbox: &Sandbox, profiles: &[&str], kind: &[&str]) -> Vec<Running> {
    let (mut file, mut servers) = (format!("default = {:?}\n", profiles[0]), Vec::new());
    for name in profiles {
        let simulate = ["simulate", "--port", "0", "-o", "json", "--deployment-id", name];
        let mut server = sandbox.emqstat(simulate).args(kind).start();
        let told: Value = serde_json::from_str(&server.next_line().unwrap()).unwrap();
        schema::assert_valid(&told);
        let (endpoint, app_id, secret) = (&told["endpoint"], &told["app_id"], &told["app_secret"]);
        file += &format!("[profiles.{name}]\nendpoint = {endpoint}\napp_id = {app_id}\napp_secret = {secret}\n");
        servers.push(server);
    }
    sandbox.profiles(&file);
    servers
}

/// With the profiles prod and staging, each a simulated deployment, every block that is not marked `no-run` does what it
/// says: no line of it fails, or has anything to say on stderr.
#[test]
fn its_recipes_work() {
    let sandbox = Sandbox::new();
    let _servers = simulate(&sandbox, &["prod", "staging"], &["--outage", "never"]);
    // A machine with only Rust has no jq; the recipes for it are then left out.
    let has_jq = Path::new("/usr/bin/jq").exists();
    for block in blocks(&["sh"]).into_iter().filter(|block| has_jq || !block.contains("jq ")) {
        let out = sandbox.shell(&format!("set -e\n{block}")).run();
        assert!(out.code == 0 && out.stderr.is_empty(), "{out}");
    }
    for written in ["rules.csv", "cluster.prom", "resources.json", ".zfunc/_emqstat"] {
        assert!(std::fs::metadata(sandbox.home().join(written)).unwrap().len() > 100, "{written}");
    }
}

#[test]
fn it_tells_of_every_command() {
    let readme = readme();
    for command in emqstat::cli::whole().get_subcommands() {
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
fn its_checks_are_those_of_the_table() {
    use emqstat::health::{CHECKS, Check, CheckUnit, Limit, Threshold, quantity};
    let manual = manual();
    let cells = |line: &str| line.trim_matches('|').split(" |").map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let words = |check: &Check, threshold: Threshold| match threshold {
        Threshold::None => String::new(),
        // What a rate is per stands in the text before it.
        Threshold::At(Limit { range, is_share }) => {
            let unit = if is_share { CheckUnit::Share } else { check.unit() };
            range.condition_with(|end| quantity(end, unit)).replace("/s", "").replace(".0 s", " s")
        }
        Threshold::BelowPlan => "below `min_nodes` of the profile, else 1".to_owned(),
    };
    let told: Vec<Vec<String>> = manual
        .lines()
        .skip_while(|line| !line.starts_with("| check |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            cells(line).into_iter().enumerate().filter(|(at, _)| ![1, 4].contains(at)).map(|(_, cell)| cell).collect()
        })
        .collect();
    let row = |c: &Check| vec![format!("`{}`", c.name), words(c, c.warning), words(c, c.critical)];
    let table: Vec<Vec<String>> = CHECKS.iter().map(row).collect();
    assert_eq!(told, table);
}

#[test]
fn its_profile_file_is_the_one_that_can_be_used() {
    assert_eq!(blocks(&["toml"]), [emqstat::profile::EXAMPLE]);
}

#[test]
fn its_json_is_what_the_schema_describes() {
    for block in blocks(&["json"]) {
        schema::assert_valid(&serde_json::from_str(&block).unwrap());
    }
}

#[test]
fn its_links_lead_to_files() {
    for (path, text) in pages() {
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.contains("://")) {
            let file = link.split('#').next().unwrap();
            assert!(path.parent().unwrap().join(file).exists(), "{}: {link}", path.display());
        }
    }
}

/// What a first visitor needs, and the way to each page of the rest.
#[test]
fn it_is_short_and_leads_to_every_page() {
    let readme = readme();
    assert!(readme.lines().count() <= 200, "{}", readme.lines().count());
    for (path, _) in pages().iter().skip(1) {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        assert!(readme.contains(&format!("]({name})")), "{name}");
    }
}
