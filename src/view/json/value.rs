//! Values as the wire format writes them.

use crate::units;
use jiff::Timestamp;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::time::Duration;

/// An integer without a point, another finite number as it is, `"NaN"`, `"+Inf"` or `"-Inf"`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number(pub f64);

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
pub(super) struct Time(pub Timestamp);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

/// Milliseconds with one digit behind the point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tenths(pub Duration);

impl Serialize for Tenths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Number((self.0.as_secs_f64() * 10_000.0).round() / 10.0).serialize(serializer)
    }
}

/// A sequence whose entries are made as they are written, so that they are never held all at once.
pub(crate) struct Each<F>(pub F);

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

/// Names and values that are made as they are written.
pub(crate) struct Pairs<F>(pub F);

impl<F, I, K, V> Serialize for Pairs<F>
where
    F: Fn() -> I,
    I: IntoIterator<Item = (K, V)>,
    K: Serialize,
    V: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map((self.0)())
    }
}

/// What is written as an object, member by member: one that it does not have is left out, one that is null was not received.
pub(crate) trait Members {
    /// Writes them in their order.
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

impl<T: Members> Members for &T {
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        (**self).members(map)
    }
}

/// The object itself.
pub(crate) struct Object<T>(pub T);

impl<T: Members> Serialize for Object<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.0.members(&mut map)?;
        map.end()
    }
}

/// Writes members: `members!(map, "name": value, ...)`.
macro_rules! members {
    ($map:expr, $($name:literal: $value:expr),* $(,)?) => {{ $($map.serialize_entry($name, &$value)?;)* }};
}
pub(crate) use members;

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
