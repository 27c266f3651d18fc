//! The seeds of the fuzz targets, as ordinary inputs: what holds for every input holds for these, for each that was a finding, and
//! for what resembles them.

#[path = "../../fuzz/checks.rs"]
mod checks;

use proptest::collection::vec;
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// The seeds of a target.
fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(name);
    fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect()
}

#[test]
fn every_seed_passes_its_target() {
    let targets = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
    for (name, check) in checks::ALL {
        assert!(targets.join(format!("{name}.rs")).exists(), "{name}");
        let seeds = seeds(name);
        assert!(seeds.len() >= 5, "{name} has {} seeds", seeds.len());
        seeds.iter().for_each(|seed| check(seed));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// The seeds with some characters changed, cut out or put in: what a fuzzer does, in a second.
    #[test]
    fn what_resembles_a_seed_passes_too(
        target in 0..checks::ALL.len(),
        seed in any::<prop::sample::Index>(),
        changes in vec((any::<prop::sample::Index>(), "[ -~é\u{202e}\n]{0,3}", 0..4_usize), 0..6),
    ) {
        let (name, check) = checks::ALL[target];
        let seeds = seeds(name);
        let mut text: Vec<char> = String::from_utf8_lossy(&seeds[seed.index(seeds.len())]).chars().collect();
        for (place, put_in, cut_out) in changes {
            let at = place.index(text.len() + 1);
            let end = (at + cut_out).min(text.len());
            text.splice(at..end, put_in.chars());
        }
        check(text.into_iter().collect::<String>().as_bytes());
    }

    /// Durations, sizes, numbers and ranges come back as they were written.
    #[test]
    fn what_is_written_of_quantities_comes_back(
        seconds in 0..10_000_000_u64,
        start in -1e6..1e6_f64,
        length in 0.0..1e6_f64,
    ) {
        use emqstat::{health::Range, units};
        let written = format!("{}h{}m{}s", seconds / 3600, seconds / 60 % 60, seconds % 60);
        prop_assert_eq!(units::duration(&written).unwrap(), Duration::from_secs(seconds));
        prop_assert_eq!(units::number(&start.to_string()), Some(start));
        prop_assert_eq!(units::size(&format!("{seconds}KiB")).unwrap(), seconds * 1024);
        let range: Range = format!("@{start}:{}", start + length).parse().unwrap();
        prop_assert_eq!(range.to_string().parse::<Range>().unwrap(), range);
        prop_assert!(range.alerts(start) && !range.alerts(start - 1.0));
    }

    /// An address reads back as itself, however it was pasted.
    #[test]
    fn what_is_written_of_addresses_comes_back(
        host in "[a-z][a-z0-9-]{0,10}(\\.[a-z]{2,5})?",
        port in 1..=u16::MAX,
        path in "(/[a-z0-9_]{1,5}){0,3}",
    ) {
        use emqstat::profile::EndpointUrl;
        let url: EndpointUrl = format!(" HTTPS://{host}:{port}{path}/deployment_metrics/ ").parse().unwrap();
        prop_assert_eq!(url.to_string(), format!("https://{host}:{port}{path}"));
        prop_assert_eq!(url.to_string().parse::<EndpointUrl>().unwrap(), url);
    }
}
