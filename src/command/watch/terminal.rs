//! The terminal, taken over and given back: raw mode, the alternate screen, frames without flicker.

use crate::env;
use crate::profile::Environment;
use crate::signals;
use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui_core::buffer::{Buffer, Cell};
use ratatui_core::layout::{Position, Rect, Size};
use ratatui_core::style::{Color, Modifier};
use std::io::{self, IsTerminal, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the terminal is taken over.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// The terminal in raw mode, showing its alternate screen; given back when dropped, and before a panic is reported.
pub(super) struct Terminal {
    shown: Buffer,
}

impl Terminal {
    /// Takes it over.
    ///
    /// # Errors
    /// It does not let itself be taken over.
    pub(super) fn enter() -> io::Result<Terminal> {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let report = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                leave();
                report(panic);
            }));
        });
        let terminal = Terminal { shown: Buffer::default() };
        enter()?;
        Ok(terminal)
    }

    /// Gives it back and stops the program. What is drawn until [`Terminal::resume`] is not shown.
    ///
    /// # Errors
    /// The program cannot be stopped.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        leave();
        signals::stop()
    }

    /// Takes it over again after a stop. One that could not be caught found it taken over, and since then the shell has used it in
    /// its own mode: so it is given back first.
    ///
    /// # Errors
    /// It does not let itself be taken over.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        leave();
        self.shown = Buffer::default();
        enter()
    }

    /// Shows a frame. What differs from the one before is written at once, as a synchronized update: it does not flicker.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(super) fn draw(&mut self, render: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        if !ENTERED.load(Ordering::SeqCst) {
            return Ok(());
        }
        let mut frame = Buffer::empty(Rect::from((Position::ORIGIN, size())));
        render(&mut frame);
        let mut bytes = Vec::new();
        queue!(bytes, BeginSynchronizedUpdate)?;
        if frame.area != self.shown.area {
            self.shown = Buffer::empty(frame.area);
            queue!(bytes, Clear(ClearType::All))?;
        }
        write_cells(&mut bytes, self.shown.diff_iter(&frame))?;
        queue!(bytes, EndSynchronizedUpdate)?;
        self.shown = frame;
        let mut out = io::stdout().lock();
        out.write_all(&bytes)?;
        out.flush()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        leave();
    }
}

/// Whether a full screen can be shown: keys can be read, and stdout is a terminal that moves its cursor.
pub(super) fn is_available(environment: Environment<'_>) -> bool {
    let is_dumb = environment.raw(env::TERM).is_some_and(|term| term == "dumb");
    io::stdin().is_terminal() && io::stdout().is_terminal() && !is_dumb
}

/// The size of the terminal; 80 by 24 where it does not tell.
pub(super) fn size() -> Size {
    let told = terminal_size::terminal_size_of(io::stdout()).filter(|(width, height)| width.0 > 0 && height.0 > 0);
    told.map_or(Size::new(80, 24), |(width, height)| Size::new(width.0, height.0))
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    ENTERED.store(true, Ordering::SeqCst);
    execute!(io::stdout(), EnterAlternateScreen, Hide)
}

fn leave() {
    if ENTERED.swap(false, Ordering::SeqCst) {
        // Nothing else can be tried.
        let _ = execute!(io::stdout(), EndSynchronizedUpdate, LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}

/// Neighbours share one move of the cursor, and one change of style where they look alike.
fn write_cells<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = (u16, u16, &'a Cell)>) -> io::Result<()> {
    let mut next = None;
    let mut style = (Color::Reset, Modifier::empty());
    for (x, y, cell) in cells {
        if next != Some((x, y)) {
            queue!(out, MoveTo(x, y))?;
        }
        if style != (cell.fg, cell.modifier) {
            style = (cell.fg, cell.modifier);
            write!(out, "\x1b[0{}m", parameters(style))?;
        }
        out.extend_from_slice(cell.symbol().as_bytes());
        let width = unicode_width::UnicodeWidthStr::width(cell.symbol());
        next = u16::try_from(width).ok().and_then(|width| x.checked_add(width)).map(|x| (x, y));
    }
    out.extend_from_slice(b"\x1b[0m");
    Ok(())
}

/// The parameters of SGR (ECMA-48) behind the 0 that resets, of those styles that roles have.
fn parameters((color, modifier): (Color, Modifier)) -> String {
    let modifiers = [(Modifier::BOLD, ";1"), (Modifier::DIM, ";2"), (Modifier::REVERSED, ";7")];
    let modifiers = modifiers.into_iter().filter(|(one, _)| modifier.contains(*one)).map(|(_, code)| code);
    let color = match color {
        Color::Red => ";31",
        Color::Green => ";32",
        Color::Magenta => ";35",
        _ => "",
    };
    modifiers.chain([color]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui_core::style::Style;

    #[test]
    fn neighbours_that_look_alike_are_written_in_one_go() {
        let mut bold = Cell::new("b");
        bold.set_style(Style::new().fg(Color::Red).add_modifier(Modifier::BOLD));
        let (plain, wide) = (Cell::new("a"), Cell::new("漢"));
        let cells = [(0, 0, &plain), (1, 0, &wide), (3, 0, &bold), (5, 0, &bold)];
        let mut written = Vec::new();
        write_cells(&mut written, cells.into_iter()).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), "\x1b[1;1Ha漢\x1b[0;1;31mb\x1b[1;6Hb\x1b[0m");
    }
}
