//! Durations, sizes and numbers as people write them: `10s`, `64MiB`, `1.5k`, `5%`; and durations as they read them.

use std::time::Duration;

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

/// How long something took: `83 ms`, `1.2 s`, `2 min 5 s`.
pub fn took(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 0.000_95 {
        format!("{} µs", duration.as_micros())
    } else if seconds < 0.9995 {
        let ms = seconds * 1000.0;
        if ms < 9.95 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") }
    } else if seconds < 59.95 {
        format!("{seconds:.1} s")
    } else {
        span(duration)
    }
}

/// Whole seconds in at most two units: `3 s`, `2 min 5 s`, `2 h 5 min`, `4 d 3 h`.
pub fn span(duration: Duration) -> String {
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
            (3_250, "3.2 ms"),
            (83_100, "83 ms"),
            (999_400, "999 ms"),
            (999_600, "1.0 s"),
            (65_000_000, "1 min 5 s"),
        ] {
            assert_eq!(took(Duration::from_micros(micros)), text);
        }
    }
}
