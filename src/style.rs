//! Styles named by what they mean. Whether a stream is coloured is decided once, with its screen.

use std::fmt;

/// What a piece of text means. A role never stands alone: words or marks say the same without colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    #[default]
    Plain,
    /// The name of a section or of a deployment, a line of totals.
    Heading,
    Healthy,
    /// Worth a look.
    Warning,
    /// Has to be mended.
    Error,
    /// Zeroes, units, column names, notes.
    Muted,
}

impl Role {
    /// Only basic colours that themes keep readable on dark and on light backgrounds: yellow is not one of them (xterm's
    /// on white has a contrast of 1.7). Muted is faint rather than grey: some themes paint bright black like the background.
    fn style(self) -> owo_colors::Style {
        let style = owo_colors::Style::new();
        match self {
            Role::Plain => style,
            Role::Heading => style.bold(),
            Role::Healthy => style.green(),
            Role::Warning => style.magenta().bold(),
            Role::Error => style.red().bold(),
            Role::Muted => style.dimmed(),
        }
    }
}

/// Paints text for one stream, or leaves it plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    pub colored: bool,
}

impl Paint {
    /// `text` in the style of `role`, for `write!`.
    pub fn text<'a>(self, role: Role, text: &'a str) -> impl fmt::Display + use<'a> {
        Painted { role: if self.colored { role } else { Role::Plain }, text }
    }
}

struct Painted<'a> {
    role: Role,
    text: &'a str,
}

impl fmt::Display for Painted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.role == Role::Plain || self.text.is_empty() {
            return f.write_str(self.text);
        }
        write!(f, "{}", self.role.style().style(self.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paint_colours_only_where_it_may() {
        let on = Paint { colored: true };
        assert_eq!(on.text(Role::Healthy, "up").to_string(), "\u{1b}[32mup\u{1b}[0m");
        assert_eq!(on.text(Role::Plain, "up").to_string(), "up");
        assert_eq!(on.text(Role::Error, "").to_string(), "");
        assert_eq!(Paint { colored: false }.text(Role::Error, "down").to_string(), "down");
    }
}
