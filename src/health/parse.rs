//! `FIELD OP VALUE`: how it is read.

use super::error::ExprError;
use super::expr::{Expr, Op, Value};
use crate::text::visible;
use crate::units;
use regex_lite::RegexBuilder;

/// The longest first: each is looked for before what it begins with.
const OPS: [Op; 8] =
    [Op::Equal, Op::NotEqual, Op::GreaterOrEqual, Op::LessOrEqual, Op::Matches, Op::MatchesNot, Op::Greater, Op::Less];

/// What people write for an operator elsewhere, and what it is called here.
const FOREIGN_OPS: [(&str, &str); 6] =
    [("=>", ">="), ("=<", "<="), ("<>", "!="), ("=", "=="), ("~", "=~"), (":", "==")];

/// A compiled pattern may take this much memory.
const PATTERN_BYTES: usize = 256 * 1024;

const EXAMPLE: &str = "write FIELD OP VALUE, such as 'failed > 0', 'status == disabled' or 'rule_id =~ ^prod-'";

/// The text and the place in it.
struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
}

impl Expr {
    /// Reads `FIELD OP VALUE`. Blanks around its parts do not count. FIELD is a name or `rate(NAME)`; OP one of
    /// `== != > >= < <= =~ !~`; VALUE a number with a suffix as `units::number` takes it, a word, text in single or
    /// double quotes, or behind `=~` and `!~` a regular expression, in quotes or without.
    ///
    /// # Errors
    /// [`ExprError::Syntax`] and [`ExprError::Mismatch`] (`status > disabled`), with what to write instead.
    pub fn parse(text: &str) -> Result<Expr, ExprError> {
        let mut reader = Reader { text, rest: text };
        reader.skip_blanks();
        let (field, rate) = reader.field()?;
        reader.skip_blanks();
        let op = reader.op()?;
        reader.skip_blanks();
        let value = reader.value(op)?;
        Expr::new(text, field, rate, op, value)
    }
}

impl<'a> Reader<'a> {
    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// The error at the present place.
    fn refuse(&self, reason: impl Into<String>, hint: impl Into<String>) -> ExprError {
        let before = self.text.len() - self.rest.len();
        let column = self.text.get(..before).map_or(0, |before| before.chars().count()) + 1;
        let reason = visible(&reason.into()).into_owned();
        ExprError::Syntax { text: self.text.to_owned(), column, reason, hint: hint.into() }
    }

    /// What the place holds, for a message.
    fn here(&self) -> String {
        match self.rest.chars().next() {
            Some(c) => format!("'{}'", c.escape_debug()),
            None => "the end".to_owned(),
        }
    }

    fn name(&mut self) -> &'a str {
        let end = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.')));
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        name
    }

    /// `NAME` or `rate(NAME)`.
    fn field(&mut self) -> Result<(&'a str, bool), ExprError> {
        let name = self.name();
        if name.is_empty() {
            return Err(self.refuse(format!("expected the name of a field, found {}", self.here()), EXAMPLE));
        }
        let Some(inner) = self.rest.trim_start().strip_prefix('(') else { return Ok((name, false)) };
        if name != "rate" {
            return Err(self.refuse(
                format!("'{name}' is no function; there is only rate()"),
                "write a field, or its growth per second as rate(FIELD)",
            ));
        }
        self.rest = inner.trim_start();
        let name = self.name();
        if name.is_empty() {
            return Err(self.refuse(
                format!("expected the name of a field in rate(), found {}", self.here()),
                "write rate(FIELD), such as rate(metrics.messages_dropped)",
            ));
        }
        self.skip_blanks();
        match self.rest.strip_prefix(')') {
            Some(rest) => {
                self.rest = rest;
                Ok((name, true))
            }
            None => Err(self.refuse(
                format!("expected ')' after rate({name}, found {}", self.here()),
                format!("write rate({name})"),
            )),
        }
    }

    fn op(&mut self) -> Result<Op, ExprError> {
        let foreign = FOREIGN_OPS.into_iter().find(|(sign, _)| self.rest.starts_with(sign));
        let own = OPS.into_iter().find_map(|op| Some((op, self.rest.strip_prefix(op.sign())?)));
        match (own, foreign) {
            // `=>` begins with no operator of ours, and `<>` begins with one.
            (Some((op, rest)), foreign) if foreign.is_none_or(|(sign, _)| sign.len() <= op.sign().len()) => {
                self.rest = rest;
                Ok(op)
            }
            (_, Some((sign, ours))) => Err(self.refuse(
                format!("'{sign}' is no operator"),
                format!("write '{ours}'; the operators are ==, !=, >, >=, <, <=, =~ and !~"),
            )),
            _ => Err(self.refuse(
                format!("expected an operator, found {}", self.here()),
                "the operators are ==, !=, >, >=, <, <=, =~ and !~",
            )),
        }
    }

    fn value(&mut self, op: Op) -> Result<Value, ExprError> {
        let text = self.rest.trim_end();
        if text.is_empty() {
            return Err(self.refuse(format!("expected a value after '{}', found the end", op.sign()), EXAMPLE));
        }
        let quoted = self.quoted(text)?;
        let bare = quoted.unwrap_or(text);
        if op.is_pattern() {
            return match RegexBuilder::new(bare).size_limit(PATTERN_BYTES).build() {
                Ok(pattern) => Ok(Value::Pattern(pattern)),
                Err(error) => Err(self.refuse(
                    format!("the pattern cannot be read: {error}"),
                    "write a regular expression; put \\ before a sign that stands for itself",
                )),
            };
        }
        if let Some(word) = quoted {
            return Ok(Value::Text(word.to_owned()));
        }
        if let Some(sign) = bare.find(['=', '<', '>', '!', '~']) {
            self.rest = bare.get(sign..).unwrap_or_default();
            return Err(self.refuse(
                format!("expected a value, found {}", self.here()),
                "one comparison an expression; put text that holds such signs in quotes",
            ));
        }
        if let Some(number) = units::number(bare) {
            return Ok(Value::Number(number, bare.to_owned()));
        }
        if let Some(blank) = bare.find(char::is_whitespace) {
            self.rest = bare.get(blank..).unwrap_or_default().trim_start();
            return Err(self.refuse(
                "the value ends before this",
                "put text with blanks in quotes; repeat the option for a further condition",
            ));
        }
        let begins_like_number = bare.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
        if begins_like_number && op.orders() {
            return Err(self.refuse(format!("'{bare}' is no number"), "write a number such as 10, 1.5k, 5% or 64MiB"));
        }
        Ok(Value::Text(bare.to_owned()))
    }

    /// What stands between quotes, if the value begins with one.
    fn quoted(&mut self, text: &'a str) -> Result<Option<&'a str>, ExprError> {
        let Some(quote @ ('\'' | '"')) = text.chars().next() else { return Ok(None) };
        let inner = text.get(1..).unwrap_or_default();
        let Some((word, after)) = inner.split_once(quote) else {
            return Err(self.refuse(
                format!("the quote {quote} is not closed"),
                "close it, or put the text into quotes of the other kind if it holds this one",
            ));
        };
        if !after.is_empty() {
            self.rest = after;
            return Err(self.refuse(
                "the value ends before this",
                "put the whole value into quotes, of the other kind if it holds this one",
            ));
        }
        Ok(Some(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_between_the_parts_are_free() {
        for text in ["failed>0", "failed > 0", "  failed   >   0  ", "failed\t>\t0"] {
            let expr = Expr::parse(text).unwrap();
            assert_eq!((expr.field(), expr.op(), expr.needs_rates()), ("failed", Op::Greater, false), "{text}");
            assert!(matches!(expr.value(), Value::Number(value, _) if *value == 0.0), "{text}");
        }
        for text in ["rate(failed)>=1", "rate( failed ) >= 1", "rate (failed) >= 1"] {
            assert!(Expr::parse(text).unwrap().needs_rates(), "{text}");
        }
    }

    #[test]
    fn operators_are_told_apart() {
        for op in OPS {
            assert_eq!(Expr::parse(&format!("x{}1", op.sign())).unwrap().op(), op);
        }
    }

    #[test]
    fn values_are_numbers_words_quoted_text_or_patterns() {
        let text = |text: &str| match Expr::parse(text).unwrap().value() {
            Value::Text(word) => word.clone(),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(text("x == rule-3394ce25"), "rule-3394ce25");
        assert_eq!(text("x == http:connector-1"), "http:connector-1");
        assert_eq!(text("x == '10'"), "10");
        assert_eq!(text("x != \"a > b\""), "a > b");
        assert_eq!(text("x == 3com"), "3com");
        for (text, number) in [("x > 1.5k", 1500.0), ("x > 5%", 0.05), ("x == -2", -2.0), ("x < 64MiB", 67_108_864.0)] {
            assert!(
                matches!(Expr::parse(text).unwrap().value(), Value::Number(value, _) if *value == number),
                "{text}"
            );
        }
        assert!(matches!(Expr::parse("x =~ a|b = c").unwrap().value(), Value::Pattern(_)));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_column() {
        for (text, column, reason) in [
            ("", 1, "expected the name of a field, found the end"),
            ("  > 3", 3, "expected the name of a field, found '>'"),
            ("failed", 7, "expected an operator, found the end"),
            ("failed 3", 8, "expected an operator, found '3'"),
            ("failed = 3", 8, "'=' is no operator"),
            ("failed => 3", 8, "'=>' is no operator"),
            ("failed <> 3", 8, "'<>' is no operator"),
            ("failed ~ x", 8, "'~' is no operator"),
            ("failed >", 9, "expected a value after '>', found the end"),
            ("failed > ", 10, "expected a value after '>', found the end"),
            ("failed >> 3", 9, "expected a value, found '>'"),
            ("failed === 3", 10, "expected a value, found '='"),
            ("failed > 3 and passed > 4", 23, "expected a value, found '>'"),
            ("failed > 3 apples", 12, "the value ends before this"),
            ("failed > 3x", 10, "'3x' is no number"),
            ("status == 'on", 11, "the quote ' is not closed"),
            ("status == 'on' off", 15, "the value ends before this"),
            ("status =~ (", 11, "the pattern cannot be read: "),
            ("rate(failed > 3", 13, "expected ')' after rate(failed, found '>'"),
            ("rate() > 3", 6, "expected the name of a field in rate(), found ')'"),
            ("sum(failed) > 3", 4, "'sum' is no function; there is only rate()"),
            ("größe > 3", 3, "expected an operator, found 'ö'"),
        ] {
            let error = Expr::parse(text).unwrap_err();
            assert!(error.hint().is_some(), "{text}");
            match error {
                ExprError::Syntax { column: at, reason: said, .. } => {
                    assert!(at == column && said.starts_with(reason), "{text}: column {at}: {said}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_pattern_takes_no_more_than_its_share_of_memory() {
        assert!(Expr::parse("x =~ (a{500}){500}").is_err());
    }
}
