//! The terminal, taken over and given back: raw mode, the other screen, frames without flicker.
//!
//! It is given back whatever happens: at the end, on signals and keys that stop, before a fault is told ([`restore`]), and
//! while the program is suspended. Nothing of a frame is written before the whole of it is, and then within the marks that
//! let a terminal show it in one go (<https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036>).

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui_core::backend::{Backend, ClearType, WindowSize};
use ratatui_core::buffer::Cell;
use ratatui_core::layout::{Position, Size};
use ratatui_core::style::{Color, Modifier};
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the terminal is taken over.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal, until dropped.
pub struct Taken;

impl Taken {
    /// Takes it over.
    ///
    /// # Errors
    /// It lets nobody.
    pub fn take() -> io::Result<Taken> {
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        let taken = Taken;
        execute!(io::stdout(), EnterAlternateScreen, Hide, Clear(crossterm::terminal::ClearType::All))?;
        Ok(taken)
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back as it was, if it is taken over.
pub fn restore() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        // There is no other way, and nobody left to tell.
        let _ = execute!(io::stdout(), EndSynchronizedUpdate, LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}

/// Whether there is a terminal for a full screen: to read keys from and to draw on, and one that can.
pub fn is_one() -> bool {
    let is_dumb = std::env::var_os(crate::env::TERM).is_some_and(|term| term == "dumb");
    io::stdin().is_terminal() && io::stdout().is_terminal() && !is_dumb
}

/// How large the terminal is; what is usual where it does not tell.
pub fn size() -> Size {
    let told = terminal_size::terminal_size_of(io::stdout()).filter(|(width, height)| width.0 > 0 && height.0 > 0);
    told.map_or(Size::new(80, 24), |(width, height)| Size::new(width.0, height.0))
}

/// Collects a frame and writes it in one go.
#[derive(Debug, Default)]
pub struct Frames {
    frame: Vec<u8>,
}

impl Backend for Frames {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut next = None;
        let mut look = String::new();
        for (x, y, cell) in content {
            if next != Some((x, y)) {
                queue!(self.frame, MoveTo(x, y))?;
            }
            let own = attributes(cell);
            if own != look {
                write!(self.frame, "\x1b[0{own}m")?;
                look = own;
            }
            self.frame.extend_from_slice(cell.symbol().as_bytes());
            let width = unicode_width::UnicodeWidthStr::width(cell.symbol());
            next = u16::try_from(width).ok().and_then(|width| x.checked_add(width)).map(|x| (x, y));
        }
        self.frame.extend_from_slice(b"\x1b[0m");
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        queue!(self.frame, Hide)
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        queue!(self.frame, Show)
    }

    /// The cursor is hidden: wherever it is, nothing depends on it.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        queue!(self.frame, MoveTo(x, y))
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        use crossterm::terminal::ClearType as Region;
        queue!(
            self.frame,
            Clear(match region {
                ClearType::All => Region::All,
                ClearType::AfterCursor => Region::FromCursorDown,
                ClearType::BeforeCursor => Region::FromCursorUp,
                ClearType::CurrentLine => Region::CurrentLine,
                ClearType::UntilNewLine => Region::UntilNewLine,
            })
        )
    }

    fn size(&self) -> io::Result<Size> {
        Ok(size())
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: size(), pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        let mut whole = Vec::with_capacity(self.frame.len() + 16);
        queue!(whole, BeginSynchronizedUpdate)?;
        whole.append(&mut self.frame);
        queue!(whole, EndSynchronizedUpdate)?;
        let mut out = io::stdout().lock();
        out.write_all(&whole)?;
        out.flush()
    }
}

/// How a cell looks, as parameters behind a reset (ECMA-48's SGR); of colours those that roles have.
fn attributes(cell: &Cell) -> String {
    let mut look = String::new();
    for (modifier, code) in [(Modifier::BOLD, ";1"), (Modifier::DIM, ";2"), (Modifier::REVERSED, ";7")] {
        if cell.modifier.contains(modifier) {
            look.push_str(code);
        }
    }
    look.push_str(match cell.fg {
        Color::Red => ";31",
        Color::Green => ";32",
        Color::Magenta => ";35",
        _ => "",
    });
    look
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui_core::style::Style;

    #[test]
    fn neighbours_that_look_alike_are_written_in_one_go() {
        let mut frames = Frames::default();
        let mut bold = Cell::new("b");
        bold.set_style(Style::new().fg(Color::Red).add_modifier(Modifier::BOLD));
        let (plain, wide) = (Cell::new("a"), Cell::new("漢"));
        let cells = [(0, 0, &plain), (1, 0, &wide), (3, 0, &bold), (5, 0, &bold)];
        frames.draw(cells.into_iter()).unwrap();
        assert_eq!(String::from_utf8(frames.frame).unwrap(), "\x1b[1;1Ha漢\x1b[0;1;31mb\x1b[1;6Hb\x1b[0m");
    }
}
