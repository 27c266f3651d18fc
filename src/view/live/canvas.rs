//! Text on the screen: roles become styles here, and nothing is drawn outside of its area.

use crate::style::{Paint, Role};
use crate::text::visible;
use ratatui_core::buffer::Buffer;
use ratatui_core::layout::Rect;
use ratatui_core::style::{Color, Modifier, Style};
use unicode_width::UnicodeWidthStr;

/// A part of the screen to draw on.
pub(super) struct Canvas<'a> {
    pub buffer: &'a mut Buffer,
    pub area: Rect,
    pub paint: Paint,
}

impl Canvas<'_> {
    pub(super) fn width(&self) -> usize {
        self.area.width.into()
    }

    pub(super) fn height(&self) -> usize {
        self.area.height.into()
    }

    /// A part of it, cut off at its ends.
    pub(super) fn part(&mut self, x: usize, y: usize, width: usize, height: usize) -> Canvas<'_> {
        let clip = |value: usize, most: u16| u16::try_from(value).unwrap_or(u16::MAX).min(most);
        let (x, y) = (clip(x, self.area.width), clip(y, self.area.height));
        let area = Rect {
            x: self.area.x + x,
            y: self.area.y + y,
            width: clip(width, self.area.width - x),
            height: clip(height, self.area.height - y),
        };
        Canvas { buffer: &mut *self.buffer, area, paint: self.paint }
    }

    /// Writes text, cut off at the end of the line with a sign, and gives the column behind it. What a terminal would obey is
    /// made visible.
    pub(super) fn text(&mut self, x: usize, y: usize, role: Role, text: &str) -> usize {
        self.styled(x, y, style(role, self.paint), text)
    }

    /// Likewise, in a style.
    pub(super) fn styled(&mut self, x: usize, y: usize, style: Style, text: &str) -> usize {
        let room = self.width().saturating_sub(x);
        if y >= self.height() || room == 0 {
            return x;
        }
        let text = visible(text);
        let text = cut(&text, room);
        let (left, top) = (self.area.x + x as u16, self.area.y + y as u16);
        // What stood there before leaves nothing of its style.
        self.buffer.set_stringn(left, top, &text, room, Style::reset().patch(style));
        x + text.width()
    }

    /// Writes text that ends before the column `end`.
    pub(super) fn right(&mut self, end: usize, y: usize, role: Role, text: &str) {
        let width = visible(text).width();
        self.text(end.saturating_sub(width), y, role, text);
    }

    /// A rule from end to end.
    pub(super) fn rule(&mut self, y: usize) {
        self.text(0, y, Role::Muted, &"─".repeat(self.width()));
    }

    /// Blanks it.
    pub(super) fn clear(&mut self) {
        for y in 0..self.height() {
            let blank = " ".repeat(self.width());
            self.styled(0, y, Style::reset(), &blank);
        }
    }
}

/// `text` in so many columns; what does not fit ends with `…`.
pub(super) fn cut(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut width = 0;
    for c in text.chars() {
        let more = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if width + more + 1 > room {
            break;
        }
        width += more;
        kept.push(c);
    }
    kept + "…"
}

/// The style of a role: the same colours as in tables. Without colour what is bold or faint stays so.
pub(super) fn style(role: Role, paint: Paint) -> Style {
    let color = |color| if paint.colored { Style::new().fg(color) } else { Style::new() };
    match role {
        Role::Plain => Style::new(),
        Role::Heading => Style::new().add_modifier(Modifier::BOLD),
        Role::Healthy => color(Color::Green),
        Role::Warning => color(Color::Magenta).add_modifier(Modifier::BOLD),
        Role::Error => color(Color::Red).add_modifier(Modifier::BOLD),
        Role::Muted => Style::new().add_modifier(Modifier::DIM),
    }
}

/// What stands out: what is chosen.
pub(super) fn chosen() -> Style {
    Style::new().add_modifier(Modifier::REVERSED)
}

/// The same role, moved: what is different from the tick before.
pub(super) fn moved(role: Role, paint: Paint) -> Style {
    let style = style(role, paint);
    style.remove_modifier(Modifier::DIM).add_modifier(Modifier::BOLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_drawn_outside_and_nothing_acts() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 3));
        let mut canvas = Canvas { buffer: &mut buffer, area: Rect::new(0, 0, 10, 3), paint: Paint { colored: true } };
        let mut part = canvas.part(4, 1, 100, 100);
        assert_eq!((part.width(), part.height()), (6, 2));
        assert_eq!(part.text(0, 0, Role::Plain, "a\x1b[2Jb"), 6);
        part.text(0, 7, Role::Plain, "below");
        part.text(70, 0, Role::Plain, "beside");
        part.right(3, 1, Role::Plain, "漢字漢字");
        let lines: Vec<String> =
            (0..3).map(|y| (0..10).map(|x| buffer.cell((x, y)).unwrap().symbol()).collect()).collect();
        assert_eq!(lines[0], "          ");
        assert_eq!(lines[1], "    a\\x1b…");
        assert_eq!(cut("漢字漢字", 5), "漢字…");
    }
}
