//! The Prometheus text format, version 0.0.4, with what real servers do beyond it.
//!
//! [`Parser`] is a pull parser: bytes go in as they arrive, [`Event`]s come out, with names and
//! labels borrowed from its buffer, which holds a line and never the body. [`Families`] groups those
//! events for whoever wants all of them. This room knows nothing of EMQX.
//!
//! # What is accepted
//!
//! The text of the specification
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>) decides. It leaves things open, and
//! the parsers that people know differ: that of Prometheus' server (`model/textparse/promparse.go`), that
//! of Go's client (`prometheus/common`, `expfmt/text_parse.go`) and Python's (`client_python`, `parser.py`), as
//! they stood in November 2026. What all of them take is taken; where they differ, the specification
//! counts, then the two in Go.
//!
//! | input | server | expfmt | Python | here, and why |
//! | --- | --- | --- | --- | --- |
//! | last line without line feed | takes | refuses | takes | refused: the specification wants it, and it tells a whole body from a truncated one. Trailing blanks alone are no line |
//! | line ending CR LF | refuses | refuses | takes | refused, with a reason that says so; in HELP, a label's value and a comment a CR is a character |
//! | `#HELP a b`, no blank before the keyword | comment | HELP | comment | HELP: blanks are needed only where tokens would merge |
//! | `# HELP` without a name | mostly skips | skips | skips | skipped |
//! | `# TYPE` without a name or a type | partly skips | skips | refuses | refused: two tokens are expected |
//! | several blanks around a type or before a help text; blanks after a type, a value or a timestamp | partly refuses | partly refuses | takes | taken: leading and trailing blanks are ignored. A help text loses those at its end |
//! | `# TYPE a Gauge` | refuses | takes | refuses | refused |
//! | `# TYPE a unknown` and other types of OpenMetrics | refuses | partly refuses | takes | refused, by name |
//! | exemplar: `a 1 # {b="c"} 2` | refuses | refuses | takes the 2 for a timestamp | refused, by name |
//! | second HELP or TYPE for a name, TYPE after a sample | takes | refuses | takes | refused: the specification allows one each, TYPE first |
//! | `\"` in HELP | two characters | `"` | two characters | `"` |
//! | another backslash in HELP or in a value | takes | refuses | takes | refused: it has to be escaped |
//! | line feed in a label's value | takes | refuses | refuses | refused: it has to be escaped |
//! | `{a="1" b="2"}`, no comma | takes | refuses | refuses | refused |
//! | `{a}`, metric name in braces without quotes | refuses | takes | refuses | refused |
//! | `{a="1","m"}`, metric name behind a label | takes | takes | takes | taken |
//! | duplicate label name, label `__name__` | refuses later | refuses | refuses | refused |
//! | `a-1`, `a{}1`: no blank before the value | takes | takes | partly refuses | taken |
//! | negative timestamp | refuses | takes | takes | taken |
//! | value `1_0`, `0x1p3`, `1e999`, `+NaN` | refuses | refuses | partly takes | refused |
//! | byte that is no UTF-8 in a comment | takes | takes | refuses | refused: the encoding is UTF-8 |
//! | `le` or `quantile` that is no number, a negative bucket | takes | refuses | takes | taken: what samples mean is not for the grammar |
//! | duplicate series | drops it | takes | takes | the first counts; [`Families::duplicates`] names the later ones |
//!
//! OpenMetrics is another format, and is told apart rather than misread: `# EOF` and `# UNIT` are comments
//! as for the parsers above; what only OpenMetrics has is refused with a reason that says so.

mod cursor;
mod error;
mod escape;
mod event;
mod families;
mod labels;
mod line;
mod metadata;
mod number;
mod parser;
#[cfg(test)]
mod properties;
mod sample;
mod strings;

pub use error::{ReadError, SyntaxError};
pub use event::{Event, Labels, MetricType, Sample};
pub use families::{DuplicateSeries, Families, Family, StoredSample};
pub use parser::Parser;
