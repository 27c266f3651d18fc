//! Saved scrapes.

use super::*;
use emqstat::scrape::Input;
use std::ffi::OsStr;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

fn read(path: &Path, max_body: u64) -> Result<Scrape<String>, ScrapeError<io::Error>> {
    Input::from(path.as_os_str()).scrape(max_body, |body| {
        let mut text = String::new();
        body.read_to_string(&mut text).map(|_| text)
    })
}

fn refusal(path: &Path, max_body: u64) -> (String, Exit) {
    let error = transport(read(path, max_body));
    (error.to_string(), exit(&error))
}

#[test]
fn a_file_was_scraped_when_it_was_written() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, BODY).unwrap();
    file.as_file().set_modified(UNIX_EPOCH + Duration::from_secs(1_000_000_000)).unwrap();
    let scrape = read(file.path(), 10).unwrap();
    assert_eq!((scrape.value.as_str(), scrape.scraped_at.to_string().as_str()), (BODY, "2001-09-09T01:46:40Z"));
    assert_eq!(scrape.url, file.path().display().to_string());
}

#[test]
fn a_compressed_file_is_read_by_what_it_holds_not_by_its_name() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for part in [BODY, ""] {
        std::fs::write(&file, gzip(part.as_bytes())).unwrap();
        assert_eq!(read(file.path(), 10).unwrap().value, part);
        std::fs::write(&file, part).unwrap();
        assert_eq!(read(file.path(), 10).unwrap().value, part);
    }
    // One member after the other, as `cat a.gz b.gz` makes it.
    std::fs::write(&file, gzip(BODY.as_bytes()).repeat(2)).unwrap();
    assert_eq!(read(file.path(), 20).unwrap().value, BODY.repeat(2));
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let shown = folder.path().display();
    let missing = refusal(&folder.path().join("mis\x1bsing"), 10);
    assert_eq!(missing, (format!(r"cannot read {shown}/mis\x1bsing: no such file"), Exit::NoInput));
    assert_eq!(refusal(folder.path(), 10), (format!("cannot read {shown}: it is a directory"), Exit::NoInput));
}

#[test]
fn what_is_cut_short_damaged_or_too_large_is_bad_data() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let shown = file.path().display();
    let whole = gzip(BODY.repeat(100).as_bytes());
    std::fs::write(&file, &whole[..whole.len() - 4]).unwrap();
    let said = format!("{shown} is truncated after 1000 bytes: its gzip stream has no end");
    assert_eq!(refusal(file.path(), 1000), (said, Exit::BadData));

    assert_eq!(refusal(file.path(), 999), (format!("{shown} is larger than 999 bytes"), Exit::BadData));

    let mut damaged = whole;
    damaged[20] ^= 0xff;
    std::fs::write(&file, &damaged).unwrap();
    let (said, exit) = refusal(file.path(), 1000);
    assert!(said.starts_with(&format!("{shown} is damaged: gzip: ")), "{said}");
    assert_eq!(exit, Exit::BadData);
}

#[test]
fn a_dash_is_standard_input() {
    assert_eq!(Input::from(OsStr::new("-")), Input::Stdin);
    assert_eq!(Input::Stdin.to_string(), "standard input");
    assert_eq!(Input::from(OsStr::new("./-")), Input::File("./-".into()));
}
