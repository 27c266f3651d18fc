//! Files in the repository that the program makes: they are what it makes today.

use crate::harness::Sandbox;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Writes them anew.
pub const REFRESH: &str = "EMQSTAT_TEST_REFRESH=1 cargo test --test suite generated";

/// Compares the files of `folder` with `made`, name by name; writes them instead when asked to refresh.
fn compare(folder: &str, made: &BTreeMap<String, String>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    if std::env::var_os("EMQSTAT_TEST_REFRESH").is_some() {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir(&folder).unwrap();
        made.iter().for_each(|(name, text)| std::fs::write(folder.join(name), text).unwrap());
    }
    let found: BTreeMap<String, String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|e| (e.file_name().into_string().unwrap(), std::fs::read_to_string(e.path()).unwrap()))
        .collect();
    let names: BTreeSet<&String> = made.keys().chain(found.keys()).collect();
    let old: Vec<&String> = names.into_iter().filter(|name| made.get(*name) != found.get(*name)).collect();
    assert!(old.is_empty(), "not what the program makes: {old:?} in {}; run: {REFRESH}", folder.display());
}

#[test]
fn generated_man_pages_are_current() {
    let sandbox = Sandbox::new();
    let mut made = BTreeMap::new();
    let mut paths: Vec<Vec<String>> = vec![vec![]];
    while let Some(path) = paths.pop() {
        let mut command = &emqstat::cli::whole();
        for name in &path {
            command = command.find_subcommand(name).unwrap();
        }
        paths.extend(command.get_subcommands().map(|sub| [&path[..], &[sub.get_name().to_owned()]].concat()));
        let page = sandbox.emqstat(["man"]).args(&path).run().ok();
        let words: Vec<&str> = std::iter::once("emqstat").chain(path.iter().map(String::as_str)).collect();
        made.insert(format!("{}.1", words.join("-")), page);
    }
    compare("man", &made);
}

#[test]
fn generated_completions_are_current() {
    let sandbox = Sandbox::new();
    let made = [("bash", "emqstat.bash"), ("zsh", "_emqstat"), ("fish", "emqstat.fish")]
        .map(|(shell, file)| (file.to_owned(), sandbox.run(["completions", shell]).ok()));
    compare("completions", &BTreeMap::from(made));
}

#[test]
fn generated_dashboards_are_current() {
    let made = Sandbox::new().line("export grafana").ok();
    compare("dashboards", &BTreeMap::from([("emqx-dashboard.json".to_owned(), made)]));
}

#[test]
fn a_man_page_of_nothing_is_refused() {
    let out = Sandbox::new().line("man profile nothing").expect(64);
    assert_eq!(out.stdout, "");
    assert!(out.stderr.contains("'emqstat profile' has no subcommand 'nothing'"), "{out}");
    assert!(out.stderr.contains("hint: one of add, list,"), "{out}");
}
