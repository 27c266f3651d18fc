//! The seeds of the fuzz targets, as ordinary inputs: what holds for every input holds for these, and for each that was a finding.

#[path = "../../fuzz/checks.rs"]
mod checks;

use std::fs;
use std::path::Path;

#[test]
fn every_seed_passes_its_target() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    for (name, check) in checks::ALL {
        assert!(fuzz.join(format!("fuzz_targets/{name}.rs")).exists(), "{name}");
        let seeds: Vec<_> =
            fs::read_dir(fuzz.join("seeds").join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(seeds.len() >= 5, "{name} has {} seeds", seeds.len());
        for seed in seeds {
            check(&fs::read(seed).unwrap());
        }
    }
}
