//! The keys, over whatever is shown.

use super::canvas::Canvas;
use crate::style::Role;
use unicode_width::UnicodeWidthStr;

const KEYS: &[(&str, &str)] = &[
    ("0 1 2 3 4", "all, overview, cluster, rules, resources"),
    ("Tab ← →", "the next view, the one before"),
    ("Enter Esc", "open a deployment, back to all"),
    ("n p", "the next deployment, the one before"),
    ("↑ ↓ PgUp PgDn", "move; Home, End"),
    ("s S R", "sort by the next column, back; reverse"),
    ("/", "filter: a condition, or part of a name"),
    ("space + -", "pause; faster, slower"),
    ("r", "ask now"),
    ("q Ctrl-C", "quit"),
    ("✗ ! ? ✓", "critical, warning, unknown, ok"),
    ("* +", "another status, new; bold: it moved"),
];

/// Draws it in the middle.
pub(super) fn draw(canvas: &mut Canvas<'_>) {
    let keys = KEYS.iter().map(|(key, _)| key.width()).max().unwrap_or(0);
    let wide = keys + 2 + KEYS.iter().map(|(_, what)| what.width()).max().unwrap_or(0);
    let (width, height) = ((wide + 4).min(canvas.width()), (KEYS.len() + 2).min(canvas.height()));
    let x = (canvas.width() - width) / 2;
    let y = (canvas.height() - height) / 2;
    let mut part = canvas.part(x, y, width, height);
    part.clear();
    frame(&mut part);
    let mut inner = part.part(2, 1, width.saturating_sub(4), height.saturating_sub(2));
    for (y, (key, what)) in KEYS.iter().enumerate() {
        inner.text(0, y, Role::Heading, key);
        inner.text(keys + 2, y, Role::Plain, what);
    }
}

fn frame(canvas: &mut Canvas<'_>) {
    let (width, height) = (canvas.width(), canvas.height());
    let side = "─".repeat(width.saturating_sub(2));
    canvas.text(0, 0, Role::Muted, &format!("┌{side}┐"));
    for y in 1..height.saturating_sub(1) {
        canvas.text(0, y, Role::Muted, "│");
        canvas.right(width, y, Role::Muted, "│");
    }
    canvas.text(0, height.saturating_sub(1), Role::Muted, &format!("└{side}┘"));
}
