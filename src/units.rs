//! Durations, sizes and numbers as people write them: `10s`, `64MiB`, `1.5k`, `5%`; and numbers, sizes, times and shares as
//! people and machines read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::time::Duration;

/// A time in the reader's own zone, with its offset from UTC: `2026-11-22 07:51:07+01:00`.
pub fn local(time: Timestamp) -> String {
    time.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S%:z").to_string()
}

/// Why a quantity was refused, as a sentence that names what was written and what would do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct QuantityError(String);

/// A span of time: a number and its unit, also several (`1m30s`); never negative. `0` needs no unit.
///
/// # Errors
/// What is no duration, negative, or too large to count.
pub fn duration(text: &str) -> Result<Duration, QuantityError> {
    let trimmed = text.trim();
    if trimmed == "0" {
        return Ok(Duration::ZERO);
    }
    let refused =
        || QuantityError(format!("'{text}' is not a duration: write a number and a unit, such as 500ms, 10s or 2m"));
    let parsed: jiff::SignedDuration = trimmed.parse().map_err(|_| refused())?;
    Duration::try_from(parsed).map_err(|_| refused())
}

/// A number of bytes: `1048576`, `64MiB`, `64M` (both binary and decimal units; a bare letter is decimal).
///
/// # Errors
/// What is no size, negative, not whole, or above `u64::MAX`.
pub fn size(text: &str) -> Result<u64, QuantityError> {
    let refused = || {
        QuantityError(format!(
            "'{text}' is not a size: write bytes or a number and a unit, such as 512KiB, 64MiB or 1GB"
        ))
    };
    let value = number(text).ok_or_else(refused)?;
    let whole = value.is_finite() && value >= 0.0 && value.fract() == 0.0 && value < 18_446_744_073_709_551_616.0;
    if whole && !text.trim().ends_with('%') { Ok(value as u64) } else { Err(refused()) }
}

/// A number with an optional suffix: decimal (`k M G T`, with or without `B`), binary (`Ki Mi Gi Ti`,
/// likewise) or `%` (a hundredth). `None` for anything else.
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let split = text.find(|c: char| c.is_ascii_alphabetic() && c != 'e' && c != 'E' || c == '%');
    let (digits, suffix) = match split {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    // `1E` alone would otherwise be a float with an empty exponent; the parser below refuses it.
    let starts_well = digits.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    let value: f64 = digits.trim_end().parse().ok().filter(|_| starts_well)?;
    let factor = match suffix.strip_suffix('B').unwrap_or(suffix) {
        "" => 1.0,
        "%" if suffix == "%" => 0.01,
        "k" | "K" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "Ki" => 1024.0,
        "Mi" => 1024.0 * 1024.0,
        "Gi" => 1024.0 * 1024.0 * 1024.0,
        "Ti" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    // A division keeps `5%` at the value nearest to 0.05.
    let scaled = if suffix == "%" { value / 100.0 } else { value * factor };
    scaled.is_finite().then_some(scaled)
}

/// How long something took, in three significant digits: `83.1 ms`, `998 ms`, `1.2 s`, `2 min 5 s`.
pub fn took(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 0.000_999_5 {
        format!("{} µs", duration.as_micros())
    } else if seconds < 0.9995 {
        format!("{} ms", significant(seconds * 1000.0))
    } else if seconds < 59.95 {
        format!("{} s", significant(seconds))
    } else {
        span(duration)
    }
}

/// Whole seconds in at most two units: `3 s`, `2 min 5 s`, `2 h 5 min`, `4 d 3 h`.
pub(crate) fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let (large, small) = if days > 0 {
        (format!("{days} d"), Some((hours % 24, "h")))
    } else if hours > 0 {
        (format!("{hours} h"), Some((minutes % 60, "min")))
    } else if minutes > 0 {
        (format!("{minutes} min"), Some((seconds % 60, "s")))
    } else {
        (format!("{seconds} s"), None)
    };
    match small {
        Some((rest, unit)) if rest > 0 => format!("{large} {rest} {unit}"),
        _ => large,
    }
}

/// Plain digits for machines and pipes: integers without a point, otherwise the shortest decimal that reads back as
/// the same value; `NaN`, `+Inf`, `-Inf`.
pub(crate) fn plain(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned()
    } else if value.fract() == 0.0 && value.abs() < WHOLE {
        (value as i64).to_string()
    } else {
        value.to_string()
    }
}

/// Whole numbers below this are written as integers, which takes a fifth of the time.
const WHOLE: f64 = 9e15;

/// With thousands separators: `1,234,567`, `12.5`. Fractions are rounded: two digits, or as many as it takes to show
/// that a small value is not 0.
pub(crate) fn grouped(value: f64) -> String {
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
pub(crate) fn bytes(value: f64) -> String {
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

/// Three significant digits, more of what is larger, and none that are 0 behind the point: `77,985`, `2.1`, `0.437`.
pub(crate) fn significant(value: f64) -> String {
    let magnitude = value.abs();
    if !value.is_finite() || value.fract() == 0.0 || magnitude >= 99.95 {
        return grouped(value.round());
    }
    if magnitude < 1e-6 {
        return format!("{value:.2e}");
    }
    // Of 9.996 two digits behind the point are one too many.
    let digits = if magnitude >= 9.995 { 1 } else { (2.0 - magnitude.log10().floor()).clamp(2.0, 9.0) as usize };
    let text = format!("{value:.digits$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A rate: `0.25`, `3.3`, `1,235`.
pub(crate) fn rate(per_second: f64) -> String {
    significant(per_second)
}

/// A rate for machines, without the digits behind what can be measured.
pub(crate) fn plain_rate(per_second: f64) -> String {
    format!("{per_second:.5e}").parse().map_or_else(|_| plain(per_second), plain)
}

/// A share as a percentage with at most one digit behind the point: `11.1 %`, `5 %`. A share that would round to 0 or to 100 without being it says so.
pub(crate) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.05 {
        "< 0.1 %".to_owned()
    } else if (99.95..100.0).contains(&percent) {
        "> 99.9 %".to_owned()
    } else {
        format!("{} %", significant((percent * 10.0).round() / 10.0))
    }
}

/// How long ago something was: `now`, `3 s ago`, `2 h 5 min ago`.
pub(crate) fn ago(age: Duration) -> String {
    if age < Duration::from_secs(1) { "now".to_owned() } else { format!("{} ago", span(age)) }
}

/// `1 rule`, `2 rules`: the count, grouped, and the noun in the number that fits.
pub(crate) fn counted(count: f64, singular: &str, plural: &str) -> String {
    format!("{} {}", grouped(count), if count == 1.0 { singular } else { plural })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1m30s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("0"), Ok(Duration::ZERO));
        for bad in ["10", "-1s", "s", "", "1 fortnight"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_are_whole_bytes() {
        assert_eq!(size("64MiB"), Ok(64 * 1024 * 1024));
        assert_eq!(size("1GB"), Ok(1_000_000_000));
        assert_eq!(size("512"), Ok(512));
        for bad in ["-1", "1.5", "5%", "1e30", "MiB", "64 buckets"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_take_suffixes() {
        assert_eq!(number("1.5k"), Some(1500.0));
        assert_eq!(number("5%"), Some(0.05));
        assert_eq!(number("1e3"), Some(1000.0));
        assert_eq!(number("-2"), Some(-2.0));
        for bad in ["", "k", "nan", "inf", "1x", "%", "enabled"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }

    #[test]
    fn times_have_at_most_two_units() {
        for (millis, text) in
            [(0, "0 s"), (3_400, "3 s"), (125_000, "2 min 5 s"), (7_500_000, "2 h 5 min"), (357_000_000, "4 d 3 h")]
        {
            assert_eq!(span(Duration::from_millis(millis)), text);
        }
        assert_eq!(span(Duration::from_secs(86_400)), "1 d");
    }

    #[test]
    fn durations_keep_what_matters() {
        for (micros, text) in [
            (80, "80 µs"),
            (3_250, "3.25 ms"),
            (83_100, "83.1 ms"),
            (999_400, "999 ms"),
            (999_600, "1 s"),
            (5_003_000, "5 s"),
            (12_340_000, "12.3 s"),
            (65_000_000, "1 min 5 s"),
        ] {
            assert_eq!(took(Duration::from_micros(micros)), text);
        }
    }

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
            (0.333_3, "0.333"),
            (0.999_6, "1"),
            (7.994, "7.99"),
            (9.996, "10"),
            (12.34, "12.3"),
            (99.96, "100"),
            (1234.56, "1,235"),
        ] {
            assert_eq!(rate(value), text);
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
