//! `FIELD OP VALUE`: what it means.

use super::error::ExprError;
use crate::deployment::{Field, FieldKind, Record};
use crate::names;
use crate::text::visible;
use regex_lite::Regex;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// A condition on one field of a record.
#[derive(Debug, Clone)]
pub struct Expr {
    /// As it was written.
    text: String,
    field: String,
    /// Whether it is about the field's growth per second.
    rate: bool,
    op: Op,
    value: Value,
}

/// How the field's value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Matches,
    MatchesNot,
}

impl Op {
    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Op::Equal => "==",
            Op::NotEqual => "!=",
            Op::Greater => ">",
            Op::GreaterOrEqual => ">=",
            Op::Less => "<",
            Op::LessOrEqual => "<=",
            Op::Matches => "=~",
            Op::MatchesNot => "!~",
        }
    }

    /// Whether it tells more from less.
    pub(super) fn orders(self) -> bool {
        matches!(self, Op::Greater | Op::GreaterOrEqual | Op::Less | Op::LessOrEqual)
    }

    /// Whether a regular expression follows it.
    pub fn is_pattern(self) -> bool {
        matches!(self, Op::Matches | Op::MatchesNot)
    }

    fn holds(self, order: Ordering) -> bool {
        match self {
            Op::Equal | Op::Matches => order.is_eq(),
            Op::NotEqual | Op::MatchesNot => order.is_ne(),
            Op::Greater => order.is_gt(),
            Op::GreaterOrEqual => order.is_ge(),
            Op::Less => order.is_lt(),
            Op::LessOrEqual => order.is_le(),
        }
    }
}

/// What the field's value is compared with.
#[derive(Debug, Clone)]
pub enum Value {
    /// A number as it was written and what it amounts to. Against a field that holds text it is the text.
    Number(f64, String),
    /// A word, or text in quotes.
    Text(String),
    /// A regular expression, found anywhere in the text unless it is anchored with `^` and `$`.
    Pattern(Regex),
}

/// What can be said of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    True,
    False,
    /// What it is about was not received, or is no number (NaN).
    Unknown,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Truth {
        if holds { Truth::True } else { Truth::False }
    }
}

impl Expr {
    pub(super) fn new(text: &str, field: &str, rate: bool, op: Op, value: Value) -> Result<Expr, ExprError> {
        if op.orders() && matches!(value, Value::Text(_)) {
            let reason = format!("'{}' compares numbers, and what follows it is none", op.sign());
            return Err(ExprError::mismatch(
                text,
                reason,
                "write a number such as 10, 1.5k or 5%; text is compared with ==, !=, =~ or !~",
            ));
        }
        let expr = Expr { text: text.trim().to_owned(), field: field.to_owned(), rate, op, value };
        if rate {
            expr.check_kind(FieldKind::Number)?;
        }
        Ok(expr)
    }

    /// As it was written, without blanks around it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same, written in another way.
    pub(super) fn written_as(self, text: &str) -> Expr {
        Expr { text: text.trim().to_owned(), ..self }
    }

    /// The field that it is about.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What it compares: the field or its rate.
    pub fn subject(&self) -> Cow<'_, str> {
        if self.rate { format!("rate({})", self.field).into() } else { self.field.as_str().into() }
    }

    pub fn op(&self) -> Op {
        self.op
    }

    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Whether it speaks of growth per second, for which one snapshot is not enough.
    pub fn needs_rates(&self) -> bool {
        self.rate
    }

    /// Checks it against the fields that its records have: `kind_of` says what a field holds, or that there is none of
    /// that name; `names` lists them, for finding what a slip was meant to be.
    ///
    /// # Errors
    /// [`ExprError::UnknownField`]; [`ExprError::Mismatch`] where operator or value do not go with the field.
    pub fn check(
        &self,
        kind_of: impl Fn(&str) -> Option<FieldKind>,
        names: impl FnOnce() -> Vec<String>,
    ) -> Result<(), ExprError> {
        let Some(kind) = kind_of(&self.field) else {
            let known = names();
            let near = names::closest(&self.field, known.iter().map(String::as_str)).into_iter().map(str::to_owned);
            let (text, field) = (self.text.clone(), self.field.clone());
            return Err(ExprError::UnknownField { text, field, near: near.collect() });
        };
        self.check_kind(kind)?;
        if self.rate && kind != FieldKind::Number {
            let reason = format!("{} is text and has no rate", self.field);
            return Err(ExprError::mismatch(&self.text, reason, "rate() takes a field that holds a number"));
        }
        Ok(())
    }

    fn check_kind(&self, kind: FieldKind) -> Result<(), ExprError> {
        match (kind, &self.value) {
            (FieldKind::Text | FieldKind::Word(_) | FieldKind::State(_), _) if self.op.orders() => {
                Err(ExprError::text_has_no_order(&self.text, &self.field, self.op.sign()))
            }
            (FieldKind::Word(words), value) => self.check_words(words, value, false),
            (FieldKind::State(words), value) => self.check_words(words, value, true),
            (FieldKind::Number, Value::Pattern(_)) => {
                let reason = format!("{} is a number, and '{}' matches text", self.field, self.op.sign());
                Err(ExprError::mismatch(&self.text, reason, "numbers are compared with ==, !=, >, >=, < or <="))
            }
            (FieldKind::Number, Value::Text(word)) => {
                let reason = format!("{} is a number, and '{word}' is none", self.field);
                Err(ExprError::mismatch(&self.text, reason, "write a number such as 10, 1.5k, 5% or 64MiB"))
            }
            _ => Ok(()),
        }
    }

    /// A word that the field never holds makes a condition that never holds, or always.
    fn check_words(&self, words: &[&str], value: &Value, or_number: bool) -> Result<(), ExprError> {
        let (can_be, what) = match value {
            Value::Number(_, text) => (or_number, text.as_str()),
            Value::Text(text) => (words.contains(&text.as_str()), text.as_str()),
            Value::Pattern(pattern) => {
                let digit = |digit: u8| pattern.is_match(&digit.to_string());
                let matches_number = or_number && (0..=9).any(digit);
                (matches_number || words.iter().any(|word| pattern.is_match(word)), pattern.as_str())
            }
        };
        if can_be {
            return Ok(());
        }
        let verb = if self.op.is_pattern() { "matches" } else { "is" };
        let reason = format!("{} never {verb} '{}'", self.field, visible(what));
        let near = names::closest(what, words.iter().copied());
        let meant = near.first().map(|word| format!("did you mean '{word}'? ")).unwrap_or_default();
        Err(ExprError::mismatch(&self.text, reason, format!("{meant}{} is one of {}", self.field, words.join(", "))))
    }

    /// What can be said of `record`. Unknown: the field was not received, holds NaN (which compares with nothing), or is
    /// none of the record's, which [`Expr::check`] finds out beforehand; and whatever is about a rate,
    /// which takes two snapshots.
    pub fn evaluate<R: Record + ?Sized>(&self, record: &R) -> Truth {
        if self.rate {
            return Truth::Unknown;
        }
        match record.field(&self.field) {
            None | Some(Field::Missing) => Truth::Unknown,
            Some(Field::Number(value)) => self.compare(value),
            Some(Field::Text(text)) => self.compare_text(&text),
        }
    }

    /// What can be said of that number in the field's place: for the field itself, or for its rate.
    pub fn compare(&self, value: f64) -> Truth {
        let Value::Number(bound, _) = &self.value else { return Truth::Unknown };
        value.partial_cmp(bound).map_or(Truth::Unknown, |order| self.op.holds(order).into())
    }

    fn compare_text(&self, text: &str) -> Truth {
        match &self.value {
            _ if self.op.orders() => Truth::Unknown,
            Value::Pattern(pattern) => (pattern.is_match(text) == (self.op == Op::Matches)).into(),
            Value::Number(_, wanted) | Value::Text(wanted) => self.op.holds(text.cmp(wanted)).into(),
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Truth::{False, True, Unknown};

    /// Fields by their first letter: `n...` are numbers, `t...` text, `m...` missing numbers, others none.
    struct Fixed(f64, &'static str);

    impl Record for Fixed {
        fn field(&self, name: &str) -> Option<Field<'_>> {
            match name {
                "n" => Some(Field::Number(self.0)),
                "t" => Some(Field::text(self.1)),
                "m" => Some(Field::Missing),
                _ => None,
            }
        }
    }

    fn kind_of(name: &str) -> Option<FieldKind> {
        match name {
            "n" | "m" | "number" => Some(FieldKind::Number),
            "t" => Some(FieldKind::Text),
            "w" => Some(FieldKind::Word(&["true", "false"])),
            "s" => Some(FieldKind::State(&["enabled", "disabled"])),
            _ => None,
        }
    }

    fn evaluate(text: &str, number: f64, word: &'static str) -> Truth {
        let expr = Expr::parse(text).unwrap_or_else(|error| panic!("{error}"));
        expr.check(kind_of, Vec::new).unwrap_or_else(|error| panic!("{error}"));
        expr.evaluate(&Fixed(number, word))
    }

    #[test]
    fn numbers() {
        for (text, value, expected) in [
            ("n == 10", 10.0, True),
            ("n == 10", 11.0, False),
            ("n != 10", 11.0, True),
            ("n > 10", 10.0, False),
            ("n > 10", 10.5, True),
            ("n >= 10", 10.0, True),
            ("n < 1.5k", 1499.0, True),
            ("n <= 64MiB", 67_108_864.0, True),
            ("n < 64MiB", 67_108_864.0, False),
            ("n > 5%", 0.06, True),
            ("n > -1", 0.0, True),
            ("n > 1e3", 1001.0, True),
            ("n > 0", f64::INFINITY, True),
            ("n > 0", f64::NAN, Unknown),
            ("n != 0", f64::NAN, Unknown),
            ("m > 0", 0.0, Unknown),
            ("m != 0", 0.0, Unknown),
        ] {
            assert_eq!(evaluate(text, value, ""), expected, "{text} with {value}");
        }
    }

    #[test]
    fn text() {
        for (text, value, expected) in [
            ("t == enabled", "enabled", True),
            ("t == enabled", "Enabled", False),
            ("t != enabled", "disabled", True),
            ("t == 'two words'", "two words", True),
            ("t == \"it's\"", "it's", True),
            ("t == ''", "", True),
            ("t == 2", "2", True),
            ("t == 2.0", "2", False),
            ("t =~ led$", "enabled", True),
            ("t =~ ^led", "enabled", False),
            ("t =~ ^(mqtt|http):", "http:c1", True),
            ("t =~ 'a b'", "xa by", True),
        ] {
            assert_eq!(evaluate(text, 0.0, value), expected, "{text} with {value}");
        }
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        for (text, message) in [
            ("t > 3", "'t > 3': t is text, and '>' compares numbers"),
            ("n == many", "'n == many': n is a number, and 'many' is none"),
            ("n =~ 1.*", "'n =~ 1.*': n is a number, and '=~' matches text"),
            ("nu > 1", "'nu > 1': there is no field 'nu'"),
            ("rate(t) > 1", "'rate(t) > 1': t is text, and '>' compares numbers"),
            ("rate(t) == 1", "'rate(t) == 1': t is text and has no rate"),
        ] {
            let expr = Expr::parse(text).unwrap();
            let error = expr.check(kind_of, || vec!["n".to_owned(), "number".to_owned()]).unwrap_err();
            assert_eq!(error.to_string(), message);
            assert!(error.hint().is_some(), "{text}");
        }
        let error = Expr::parse("status > disabled").unwrap_err();
        assert_eq!(error.to_string(), "'status > disabled': '>' compares numbers, and what follows it is none");
        assert!(Expr::parse("rate(n) == often").is_err());
    }

    #[test]
    fn a_word_that_there_is_not_is_refused_and_those_that_there_are_are_named() {
        let check = |text: &str| Expr::parse(text).unwrap().check(kind_of, Vec::new);
        for good in ["w == true", "s != disabled", "s == 7", "s =~ ^en", "s =~ [0-9]", "s =~ ^(enabled|7)$"] {
            assert!(check(good).is_ok(), "{good}");
        }
        for (text, message, hint) in [
            ("s == Enabled", "s never is 'Enabled'", "did you mean 'enabled'? s is one of enabled, disabled"),
            ("s != down", "s never is 'down'", "s is one of enabled, disabled"),
            ("s =~ ^up", "s never matches '^up'", "s is one of enabled, disabled"),
            ("w == 1", "w never is '1'", "w is one of true, false"),
            ("w == yes", "w never is 'yes'", "w is one of true, false"),
        ] {
            let error = check(text).unwrap_err();
            assert_eq!(error.to_string(), format!("'{text}': {message}"));
            assert_eq!(error.hint().as_deref(), Some(hint), "{text}");
        }
    }

    #[test]
    fn a_slip_is_told_what_it_was_meant_to_be() {
        let near = |text: &str| {
            let names = || ["failed", "passed", "actions_failed"].map(str::to_owned).to_vec();
            Expr::parse(text).unwrap().check(|_| None, names).unwrap_err().hint()
        };
        assert_eq!(near("faild > 0").as_deref(), Some("did you mean 'failed'?"));
        assert_eq!(near("temperature > 0"), None);
    }

    #[test]
    fn rates_are_read_and_left_to_those_who_have_two_snapshots() {
        let expr = Expr::parse("rate(metrics.delivery_dropped) > 10").unwrap();
        assert!(expr.needs_rates());
        assert_eq!(expr.field(), "metrics.delivery_dropped");
        assert_eq!(Expr::parse("rate(n) > 0").unwrap().evaluate(&Fixed(5.0, "")), Unknown);
        assert_eq!((expr.compare(11.0), expr.compare(10.0)), (True, False));
        assert!(!Expr::parse("rate > 10").unwrap().needs_rates(), "a field of that name");
    }

    #[test]
    fn a_field_that_is_not_there_is_unknown() {
        assert_eq!(Expr::parse("nothing > 0").unwrap().evaluate(&Fixed(1.0, "")), Unknown);
        assert_eq!(Expr::parse("t > 0").unwrap().evaluate(&Fixed(1.0, "x")), Unknown);
        let record: &dyn Record = &Fixed(1.0, "");
        assert_eq!(Expr::parse("n > 0").unwrap().evaluate(record), True);
    }
}
