//! Ranges of the monitoring plugins: `10`, `10:`, `~:10`, `10:20`, `@10:20`.
//!
//! A range tells what is normal; a value outside it is what alerts. An `@` turns that round.
//! Source: Monitoring Plugins Development Guidelines, "Threshold and Ranges". Ends belong to the range.
//!
//! | written | alerts when the value is |
//! | --- | --- |
//! | `10` | below 0 or above 10 |
//! | `10:` | below 10 |
//! | `~:10` | above 10 |
//! | `10:20` | below 10 or above 20 |
//! | `@10:20` | from 10 to 20 |

use crate::units;
use std::fmt;
use std::str::FromStr;

/// A range as the plugins write it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// `None`: no lower end (`~`).
    start: Option<f64>,
    /// `None`: no upper end.
    end: Option<f64>,
    /// `@`: a value inside alerts.
    inside: bool,
}

/// Why a range was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is not a range: {reason}; write 10, 10:, ~:10, 10:20 or @10:20")]
pub struct RangeError {
    text: String,
    reason: &'static str,
}

impl Range {
    /// Alerts above `end`, and below 0.
    pub(super) const fn at_most(end: f64) -> Range {
        Range { start: Some(0.0), end: Some(end), inside: false }
    }

    /// Alerts below `start`; nothing is too high.
    pub(super) const fn at_least(start: f64) -> Range {
        Range { start: Some(start), end: None, inside: false }
    }

    /// Whether `value` alerts. A value that is no number has no place in any range, and alerts.
    pub fn alerts(&self, value: f64) -> bool {
        if value.is_nan() {
            return true;
        }
        let within = self.start.is_none_or(|start| value >= start) && self.end.is_none_or(|end| value <= end);
        within == self.inside
    }

    /// What alerts, in words, with its ends as `number` writes them: `above 10`, `below 2`, `outside 10 to 20`. The values
    /// are taken to be none below 0, as counts and times are.
    pub fn condition_with(&self, number: impl Fn(f64) -> String) -> String {
        match (self.inside, self.start, self.end) {
            (false, None | Some(0.0), Some(end)) => format!("above {}", number(end)),
            (false, Some(start), None) => format!("below {}", number(start)),
            (false, Some(start), Some(end)) => format!("outside {} to {}", number(start), number(end)),
            (true, None, Some(end)) => format!("{} or below", number(end)),
            (true, Some(start), None) => format!("{} or above", number(start)),
            (true, Some(start), Some(end)) => format!("from {} to {}", number(start), number(end)),
            (false, None, None) => "never".to_owned(),
            (true, None, None) => "always".to_owned(),
        }
    }

    /// Its lower end, its upper end, and whether a value between them alerts rather than one outside.
    pub fn limits(&self) -> (Option<f64>, Option<f64>, bool) {
        (self.start, self.end, self.inside)
    }

    /// Its ends, as many as it has.
    pub(super) fn ends(&self) -> impl Iterator<Item = f64> {
        self.start.into_iter().chain(self.end)
    }

    /// The same range of values that are so many times as large: a share as a percentage. `factor` is above 0.
    pub fn scaled(&self, factor: f64) -> Range {
        let scale = |end: f64| end * factor;
        Range { start: self.start.map(scale), end: self.end.map(scale), inside: self.inside }
    }
}

impl FromStr for Range {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Range, RangeError> {
        let refused = |reason| RangeError { text: text.to_owned(), reason };
        let (inside, rest) = match text.strip_prefix('@') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let end_of = |part: &str| {
            let plain = !part.contains(char::is_whitespace);
            units::number(part).filter(|_| plain).ok_or(refused("an end is not a number"))
        };
        let (start, end) = match rest.split_once(':') {
            None if rest.is_empty() => return Err(refused("nothing is written")),
            None => (Some(0.0), Some(end_of(rest)?)),
            Some(("", _)) => return Err(refused("nothing stands before the colon")),
            Some(("~", "")) => return Err(refused("it has no end at all")),
            Some(("~", end)) => (None, Some(end_of(end)?)),
            Some((start, "")) => (Some(end_of(start)?), None),
            Some((start, end)) => (Some(end_of(start)?), Some(end_of(end)?)),
        };
        if let (Some(start), Some(end)) = (start, end)
            && start > end
        {
            return Err(refused("it starts above its end"));
        }
        Ok(Range { start, end, inside })
    }
}

/// As the plugins write it: what a perfdata field carries.
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.inside {
            f.write_str("@")?;
        }
        match self.start {
            None => f.write_str("~:")?,
            Some(0.0) if self.end.is_some() => {}
            Some(start) => write!(f, "{start}:")?,
        }
        self.end.map_or(Ok(()), |end| write!(f, "{end}"))
    }
}

/// What is normal for a check: of its value, or of the share that its events are of all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    pub range: Range,
    /// Whether the range is one of shares, 0 to 1; it was written with `%`.
    pub is_share: bool,
}

impl Limit {
    /// A range of the check's own value.
    pub const fn of_value(range: Range) -> Limit {
        Limit { range, is_share: false }
    }

    /// A range of the share.
    pub const fn of_share(range: Range) -> Limit {
        Limit { range, is_share: true }
    }
}

impl FromStr for Limit {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Limit, RangeError> {
        let range: Range = text.parse()?;
        // 0 is 0, with a sign or without.
        let is_number = |end: &&str| !matches!(*end, "" | "~" | "0");
        let mut ends = text.trim_start_matches('@').split(':').filter(is_number).map(|end| end.ends_with('%'));
        let is_share = text.contains('%');
        if is_share && !ends.all(|has_sign| has_sign) {
            let reason = "one end is a share and the other is not";
            return Err(RangeError { text: text.to_owned(), reason });
        }
        Ok(Limit { range, is_share })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_alerts_as_the_guidelines_say() {
        let cases = [
            ("10", vec![(-0.1, true), (0.0, false), (10.0, false), (10.1, true)]),
            ("10:", vec![(9.9, true), (10.0, false), (1e9, false)]),
            ("~:10", vec![(-1e9, false), (10.0, false), (10.1, true)]),
            ("10:20", vec![(9.9, true), (10.0, false), (20.0, false), (20.1, true)]),
            ("@10:20", vec![(9.9, false), (10.0, true), (20.0, true), (20.1, false)]),
            ("-5:5", vec![(-5.1, true), (-5.0, false), (5.0, false)]),
            ("~:5%", vec![(0.05, false), (0.051, true)]),
        ];
        for (text, values) in cases {
            let range: Range = text.parse().unwrap();
            for (value, alerts) in values {
                assert_eq!(range.alerts(value), alerts, "{text} at {value}");
            }
        }
    }

    #[test]
    fn what_is_written_comes_back() {
        for text in ["10", "10:", "~:10", "10:20", "@10:20", "@~:3", "0:", "0.05", "-5:5", "5:5"] {
            assert_eq!(text.parse::<Range>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in
            ["", ":", ":10", "~:", "~", "@", "10:5", "a", "10:20:30", " 10", "10 :20", "1:~", "@@1:2", "nan", "inf"]
        {
            assert!(text.parse::<Range>().is_err(), "{text}");
        }
        assert!("".parse::<Range>().unwrap_err().to_string().contains("nothing is written"));
    }

    #[test]
    fn a_percent_sign_makes_a_limit_one_of_shares() {
        for (text, is_share) in
            [("5%", true), ("10", false), ("0:5%", true), ("~:5%", true), ("@1%:2%", true), ("0", false)]
        {
            let limit: Limit = text.parse().unwrap();
            assert_eq!((limit.is_share, limit.range), (is_share, text.parse().unwrap()), "{text}");
        }
        for text in ["1:5%", "1%:5", "%"] {
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
    }

    #[test]
    fn no_number_is_in_no_range() {
        assert!("10".parse::<Range>().unwrap().alerts(f64::NAN));
    }
}
