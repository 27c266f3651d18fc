//! Numbers, sizes, times and shares as people read them.

use crate::deployment::catalog::Unit;
pub use crate::units::{span, took};
use std::time::Duration;

/// Plain digits for machines and pipes: integers without a point, otherwise the shortest decimal that reads back as
/// the same value; `NaN`, `+Inf`, `-Inf`.
pub fn plain(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned()
    } else {
        // Adding zero turns -0 into 0.
        format!("{}", value + 0.0)
    }
}

/// With thousands separators: `1,234,567`, `12.5`. Fractions are rounded: two digits, or as many as it takes to show
/// that a small value is not 0.
pub fn grouped(value: f64) -> String {
    if !value.is_finite() || value.fract() == 0.0 {
        return group(&plain(value));
    }
    let magnitude = value.abs();
    let text = if magnitude >= 0.01 {
        format!("{value:.2}")
    } else if magnitude >= 1e-6 {
        format!("{value:.6}")
    } else {
        return format!("{value:e}");
    };
    group(text.trim_end_matches('0').trim_end_matches('.'))
}

/// Puts commas into the integer part of a decimal.
fn group(decimal: &str) -> String {
    let (sign, digits) = match decimal.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", decimal),
    };
    let whole = digits.bytes().take_while(u8::is_ascii_digit).count();
    let mut text = String::with_capacity(decimal.len() + whole / 3);
    text.push_str(sign);
    for (position, c) in digits.chars().enumerate() {
        if position > 0 && position < whole && (whole - position) % 3 == 0 {
            text.push(',');
        }
        text.push(c);
    }
    text
}

/// A number of bytes in the binary unit that suits it: `330 B`, `12.4 MiB`.
pub fn bytes(value: f64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if !value.is_finite() || value.abs() < 1024.0 {
        return format!("{} B", grouped(value));
    }
    let mut scaled = value / 1024.0;
    let mut unit = "KiB";
    for next in UNITS.iter().skip(1) {
        // What would be shown as 1024.0 is shown in the next unit.
        if scaled.abs() < 1023.95 {
            break;
        }
        scaled /= 1024.0;
        unit = next;
    }
    format!("{} {unit}", group(&format!("{scaled:.1}")))
}

/// A rate in as many digits as tell something: `0.25`, `3.3`, `1,235`.
pub fn rate(per_second: f64) -> String {
    match per_second.abs() {
        rate if rate >= 99.95 => grouped(per_second.round()),
        rate if rate >= 0.995 => grouped((per_second * 10.0).round() / 10.0),
        _ => grouped(per_second),
    }
}

/// The same with its unit, bytes in a binary one: `12.3/s`, `1.2 KiB/s`.
pub fn rate_of(per_second: f64, unit: Unit) -> String {
    match unit {
        // A part of a byte tells nothing.
        Unit::Bytes if per_second.abs() >= 9.95 => format!("{}/s", bytes(per_second.round())),
        Unit::Bytes => format!("{} B/s", rate(per_second)),
        _ => format!("{}/s", rate(per_second)),
    }
}

/// A rate for machines, without the digits behind what can be measured.
pub fn plain_rate(per_second: f64) -> String {
    format!("{per_second:.5e}").parse().map_or_else(|_| plain(per_second), plain)
}

/// A share as a percentage with one digit: `11.1 %`. A share that would round to 0 or to 100 without being it says so.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.05 {
        "< 0.1 %".to_owned()
    } else if (99.95..100.0).contains(&percent) {
        "> 99.9 %".to_owned()
    } else if percent == 0.0 || percent == 100.0 {
        format!("{percent} %")
    } else {
        format!("{percent:.1} %")
    }
}

/// How long ago something was: `now`, `3 s ago`, `2 h 5 min ago`.
pub fn ago(age: Duration) -> String {
    if age < Duration::from_secs(1) { "now".to_owned() } else { format!("{} ago", span(age)) }
}

/// `1 rule`, `2 rules`: the count, grouped, and the noun in the number that fits.
pub fn counted(count: f64, singular: &str, plural: &str) -> String {
    format!("{} {}", grouped(count), if count == 1.0 { singular } else { plural })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers_are_for_machines() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1_200_000.0, "1200000"),
            (0.1, "0.1"),
            (-2.5, "-2.5"),
            (1e21, "1000000000000000000000"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(plain(value), text);
        }
    }

    #[test]
    fn people_get_thousands_separators() {
        for (value, text) in [
            (0.0, "0"),
            (999.0, "999"),
            (1000.0, "1,000"),
            (-1_234_567.0, "-1,234,567"),
            (1234.5, "1,234.5"),
            (12.345, "12.35"),
            (0.5, "0.5"),
            (0.001_25, "0.00125"),
            (2e-9, "2e-9"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
        ] {
            assert_eq!(grouped(value), text);
        }
    }

    #[test]
    fn bytes_take_the_unit_that_suits() {
        for (value, text) in [
            (0.0, "0 B"),
            (330.0, "330 B"),
            (1023.0, "1,023 B"),
            (1024.0, "1.0 KiB"),
            (1_048_575.0, "1.0 MiB"),
            (13_002_342.0, "12.4 MiB"),
            (1e30, "867,361,737,988.4 EiB"),
        ] {
            assert_eq!(bytes(value), text);
        }
    }

    #[test]
    fn rates_have_the_digits_that_tell_something() {
        for (value, text) in [
            (0.0, "0"),
            (0.000_2, "0.0002"),
            (0.333_3, "0.33"),
            (0.996, "1"),
            (7.994, "8"),
            (12.34, "12.3"),
            (99.96, "100"),
            (1234.56, "1,235"),
        ] {
            assert_eq!(rate(value), text);
        }
        assert_eq!(rate_of(3.256, Unit::Messages), "3.3/s");
        for (value, text) in [(0.0, "0 B/s"), (0.5, "0.5 B/s"), (330.4, "330 B/s"), (12_698.0, "12.4 KiB/s")] {
            assert_eq!(rate_of(value, Unit::Bytes), text);
        }
        for (value, text) in [(0.0, "0"), (2.999_999_7, "3"), (1.0 / 3.0, "0.333333"), (1e9 + 1.0, "1000000000")] {
            assert_eq!(plain_rate(value), text);
        }
    }

    #[test]
    fn a_share_never_rounds_to_none_or_all() {
        for (share, text) in [
            (0.0, "0 %"),
            (1.0 / 9.0, "11.1 %"),
            (0.000_01, "< 0.1 %"),
            (0.0005, "0.1 %"),
            (0.999_99, "> 99.9 %"),
            (1.0, "100 %"),
        ] {
            assert_eq!(percent(share), text);
        }
    }

    #[test]
    fn what_is_less_than_a_second_old_is_new() {
        assert_eq!(ago(Duration::from_millis(999)), "now");
        assert_eq!(ago(Duration::from_secs(3)), "3 s ago");
    }
}
