//! What holds for every input of each kind. The fuzz targets try it on bytes that nobody thought of, the test suite on the seeds.

use emqstat::exposition::{Families, Parser};
use emqstat::health::{Expr, Limit, Range, deployment_expr, verdict_expr};
use emqstat::profile::{EndpointUrl, ProfileFile};
use emqstat::units;
use std::io::Read;
use std::path::Path;

/// Tries what holds on one input; it fails by panicking.
pub type Check = fn(&[u8]);

/// The kinds of input, by the names of their targets.
pub const ALL: [(&str, Check); 6] = [
    ("exposition", exposition),
    ("profile", profile),
    ("expression", expression),
    ("range", range),
    ("units", quantity),
    ("url", url),
];

/// A body: no panic, and the same events whether it comes at once or byte by byte.
pub fn exposition(body: &[u8]) {
    assert_eq!(events(body), events(Drip(body)));
    if let Ok(families) = Families::read(body) {
        for family in families.iter() {
            for sample in family.samples() {
                assert!(sample.labels().all(|(name, _)| !name.is_empty()));
            }
        }
        assert!(families.duplicates().iter().all(|duplicate| !duplicate.series.is_empty()));
    }
}

fn events(input: impl Read) -> Vec<String> {
    let mut parser = Parser::new(input);
    let mut events = Vec::new();
    loop {
        match parser.next() {
            Ok(Some(event)) => events.push(format!("{event:?}")),
            Ok(None) => return events,
            Err(error) => events.push(error.to_string()),
        }
    }
}

/// Gives one byte at a time.
struct Drip<'a>(&'a [u8]);

impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        (&mut self.0).take(1).read(buffer)
    }
}

/// A profile file: every mistake is an error with its place, and no secret stands in it.
pub fn profile(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let said = match ProfileFile::parse(Path::new("p.toml"), text) {
        Err(error) => format!("{error} {error:?}"),
        Ok(file) => format!("{file:?}"),
    };
    assert!(!said.contains("s3cr3t-of-the-seed"), "{said}");
}

/// An expression: what is read says what was written, and reads the same again.
pub fn expression(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    for read in [Expr::parse, deployment_expr, verdict_expr] {
        match read(text) {
            Ok(expr) => {
                let again = read(&expr.to_string()).unwrap_or_else(|error| panic!("{error}"));
                assert_eq!((again.field(), again.op()), (expr.field(), expr.op()));
                let _ = expr.compare(f64::NAN);
            }
            Err(error) => assert!(!error.to_string().contains(char::is_control)),
        }
    }
}

/// A range: what is written of it reads the same again.
pub fn range(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    if let Ok(range) = text.parse::<Range>() {
        assert_eq!(range.to_string().parse::<Range>().as_ref(), Ok(&range));
        assert!(range.alerts(f64::NAN));
    }
    let _ = text.parse::<Limit>();
}

/// Durations, sizes and numbers: none overflows.
pub fn quantity(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    if let Ok(duration) = units::duration(text) {
        assert!(!units::took(duration).is_empty());
    }
    if let Some(number) = units::number(text) {
        assert!(number.is_finite(), "{number}");
    }
    let _ = units::size(text);
}

/// An address: what is printed of it reads as the same, and no error repeats what may be a password.
pub fn url(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    match text.parse::<EndpointUrl>() {
        Ok(url) => assert_eq!(url.to_string().parse::<EndpointUrl>().as_ref(), Ok(&url)),
        // What stands before an '@' may be a password, wherever it stands.
        Err(error) => assert!(!text.contains('@') || !error.to_string().contains("s3cr3t"), "{error}"),
    }
}
