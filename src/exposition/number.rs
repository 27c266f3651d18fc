//! Values and timestamps, as Go's `strconv.ParseFloat` and `ParseInt` read them.

/// A sample's value. `None` for what Go's parsers of the text format refuse: hexadecimal, `_`, a
/// signed NaN, and a number too large for a float (`1e999`). Infinity and NaN may be in any case.
pub(super) fn value(token: &str) -> Option<f64> {
    small_integer(token.as_bytes()).or_else(|| float(token))
}

/// Up to 15 digits: exact in a float, and by far the most frequent.
fn small_integer(token: &[u8]) -> Option<f64> {
    if token.is_empty() || token.len() > 15 {
        return None;
    }
    let mut total = 0u64;
    for byte in token {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        total = total * 10 + u64::from(digit);
    }
    Some(total as f64)
}

/// Rust's grammar is Go's but for the signed NaN and for what is too large, which Rust rounds to infinity.
fn float(token: &str) -> Option<f64> {
    let parsed: f64 = token.parse().ok()?;
    let unsigned = token.strip_prefix(['+', '-']);
    let in_words = unsigned.unwrap_or(token).starts_with(|first: char| first.is_ascii_alphabetic());
    let refused = if in_words { parsed.is_nan() && unsigned.is_some() } else { parsed.is_infinite() };
    (!refused).then_some(parsed)
}

/// Milliseconds since 1970-01-01 UTC: a decimal `i64` with an optional sign.
pub(super) fn timestamp(token: &str) -> Option<i64> {
    token.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_what_go_reads() {
        let cases: [(&str, f64); 17] = [
            ("0", 0.0),
            ("007", 7.0),
            ("999999999999999", 999_999_999_999_999.0),
            ("9007199254740993", 9_007_199_254_740_992.0),
            ("18446744073709551616", 18_446_744_073_709_551_616.0),
            ("-3e3", -3000.0),
            ("+1.5", 1.5),
            ("1.", 1.0),
            (".5", 0.5),
            ("1E5", 100_000.0),
            ("1.2e+06", 1_200_000.0),
            ("7.424100000000001e-05", 7.424_100_000_000_001e-5),
            ("1e-999", 0.0),
            ("+Inf", f64::INFINITY),
            ("-iNfInItY", f64::NEG_INFINITY),
            ("INF", f64::INFINITY),
            ("1.7976931348623157e308", f64::MAX),
        ];
        for (token, expected) in cases {
            assert_eq!(value(token).map(f64::to_bits), Some(expected.to_bits()), "{token}");
        }
        assert_eq!(value("-0").map(f64::to_bits), Some((-0.0f64).to_bits()));
        for nan in ["NaN", "nan", "NAN"] {
            assert!(value(nan).is_some_and(f64::is_nan), "{nan}");
        }
    }

    #[test]
    fn values_that_go_refuses() {
        let refused = [
            "", "+", ".", "e5", "1e", "1e+", "1_2", "0x1", "0x1p-3", "0b1", "+nan", "-NaN", "1e999", "-1e999", "infi",
            "in", "true", "1,5", "1\r", "--1", "1 2", "١",
        ];
        for token in refused {
            assert_eq!(value(token), None, "{token}");
        }
    }

    #[test]
    fn timestamps_are_signed_and_whole() {
        for (token, expected) in [
            ("-3982045", Some(-3_982_045)),
            ("+5", Some(5)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("1.5", None),
            ("1_000", None),
            ("-", None),
        ] {
            assert_eq!(timestamp(token), expected, "{token}");
        }
    }
}
