//! The layout that the crate's documentation tells: a room uses only the rooms that come before it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Each room with those that it may use beside the leaves.
const ROOMS: &[(&str, &[&str])] = &[
    ("profile", &[]),
    ("scrape", &["profile"]),
    ("exposition", &[]),
    ("deployment", &["profile", "exposition"]),
    ("simulate", &["deployment"]),
    ("source", &["profile", "scrape", "exposition", "deployment", "simulate"]),
    ("health", &["profile", "exposition", "deployment", "source"]),
    ("view", &["exposition", "deployment", "source", "health"]),
    ("export", &["profile", "exposition", "deployment", "health"]),
    ("cli", &["deployment", "simulate", "health", "view"]),
    ("settings", &["profile", "scrape", "source", "view", "cli"]),
    (
        "command",
        &[
            "profile",
            "scrape",
            "exposition",
            "deployment",
            "simulate",
            "source",
            "health",
            "view",
            "export",
            "cli",
            "settings",
        ],
    ),
];

/// What every room may use. They know no room, and are files rather than folders.
const LEAVES: &[&str] = &["console", "env", "exit", "files", "names", "pager", "signals", "style", "text", "units"];

fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
}

/// The first names behind `crate::` in a file, with what follows each up to the end of the path.
fn uses(text: &str) -> Vec<(String, String)> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            // use crate::{one, other::Name};
            Some(list) => {
                let list = list.split(';').next().unwrap_or_default();
                let mut depth = 0;
                for part in list.split(|c| {
                    depth += i32::from(c == '{') - i32::from(c == '}');
                    depth == 0 && c == ','
                }) {
                    found.push((word(part.trim()), part.trim().to_owned()));
                }
            }
            None => found.push((word(rest), rest.chars().take(60).collect())),
        }
    }
    found
}

#[test]
fn a_room_uses_only_the_rooms_before_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let allowed: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut seen = 0;
    for file in files {
        let inside = file.strip_prefix(&src).unwrap();
        let room = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if matches!(room, "lib" | "main") {
            continue;
        }
        assert!(allowed.contains_key(room) || LEAVES.contains(&room), "{room} has no place in the layout");
        let may_use = allowed.get(room).copied().unwrap_or_default();
        for (used, path) in uses(&std::fs::read_to_string(&file).unwrap()) {
            let is_room = allowed.contains_key(used.as_str());
            assert!(!is_room || used == room || may_use.contains(&used.as_str()), "{}: {path}", inside.display());
            // Of deployment the simulator knows the catalog and where the endpoints are.
            if room == "simulate" && used == "deployment" {
                let known = ["deployment::catalog", "deployment::Endpoint", "deployment::{Endpoint, catalog"];
                assert!(known.iter().any(|known| path.starts_with(known)), "{}: {path}", inside.display());
            }
            seen += usize::from(is_room);
        }
    }
    assert!(seen > 200, "{seen}");
}
