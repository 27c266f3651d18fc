//! Answers that are no answer: what the wire can do.

use super::*;
