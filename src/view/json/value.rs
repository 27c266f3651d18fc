//! Values as the wire format writes them.

use crate::deployment::PerCount;
use crate::units;
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use std::time::Duration;

/// An integer without a point, another finite number as it is, `"NaN"`, `"+Inf"` or `"-Inf"`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(pub f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = self.0;
        // Every float in this range that has no fraction is an i64, exactly.
        let is_integer = value.fract() == 0.0 && (-9.2e18..=9.2e18).contains(&value);
        if is_integer {
            serializer.serialize_i64(value as i64)
        } else if value.is_finite() {
            serializer.serialize_f64(value)
        } else {
            serializer.serialize_str(&units::plain(value))
        }
    }
}

/// RFC 3339, UTC, milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Time(pub Timestamp);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

/// Milliseconds with one digit behind the point.
#[derive(Debug, Clone, Copy)]
pub struct Tenths(pub Duration);

impl Serialize for Tenths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Number((self.0.as_secs_f64() * 10_000.0).round() / 10.0).serialize(serializer)
    }
}

/// A member of an object that not every kind or view has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Member<T> {
    /// Left out: the kind or the view does not have it.
    Absent,
    /// Not received.
    Null,
    Value(T),
}

impl<T> Member<T> {
    /// `value`, where the object `has` this member.
    pub fn when(has: bool, value: impl FnOnce() -> Option<T>) -> Member<T> {
        if has { value().map_or(Member::Null, Member::Value) } else { Member::Absent }
    }

    pub fn is_absent(&self) -> bool {
        matches!(self, Member::Absent)
    }
}

impl<T: Serialize> Serialize for Member<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Member::Absent | Member::Null => serializer.serialize_none(),
            Member::Value(value) => value.serialize(serializer),
        }
    }
}

/// A sequence whose entries are made as they are written, so that they are never held all at once.
pub struct Each<F>(pub F);

impl<F, I> Serialize for Each<F>
where
    F: Fn() -> I,
    I: IntoIterator,
    I::Item: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// Numbers by name, in the order given.
pub struct Numbers<'a>(pub Vec<(&'a str, f64)>);

impl Serialize for Numbers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, Number(*value))))
    }
}

/// A rule's counts or their rates by name, null where there is none.
pub struct RuleNumbers(pub PerCount);

impl Serialize for RuleNumbers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(count, number)| (count.name(), number.map(Number))))
    }
}

/// Names and values that are made as they are written.
pub struct Pairs<F>(pub F);

impl<'a, F, I> Serialize for Pairs<F>
where
    F: Fn() -> I,
    I: IntoIterator<Item = (&'a str, &'a str)>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map((self.0)())
    }
}

/// Label names and values, in the order received.
pub struct Labels<'a>(pub &'a [(String, String)]);

impl Serialize for Labels<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(value: impl Serialize) -> String {
        serde_json::to_string(&value).unwrap()
    }

    #[test]
    fn numbers_are_integers_where_they_can_be() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1_200_000.0, "1200000"),
            (9_007_199_254_740_992.0, "9007199254740992"),
            (-3.0, "-3"),
            (0.1, "0.1"),
            (1e21, "1e+21"),
            (f64::NAN, "\"NaN\""),
            (f64::INFINITY, "\"+Inf\""),
            (f64::NEG_INFINITY, "\"-Inf\""),
        ] {
            assert_eq!(json(Number(value)), text);
        }
    }

    #[test]
    fn times_have_milliseconds_and_z() {
        let time = |text: &str| json(Time(text.parse().unwrap()));
        assert_eq!(time("2026-11-22T06:51:07.1239Z"), "\"2026-11-22T06:51:07.123Z\"");
        assert_eq!(time("2026-11-22T07:51:07+01:00"), "\"2026-11-22T06:51:07.000Z\"");
        assert_eq!(json(Tenths(Duration::from_micros(83_120))), "83.1");
        assert_eq!(json(Tenths(Duration::from_secs(2))), "2000");
    }
}
