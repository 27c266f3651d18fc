//! What people and scripts read: tables, JSON, JSON lines, CSV, colour, numbers for people.
//!
//! This room does not know where its data came from.

mod message;
pub mod number;
mod screen;
mod style;
mod table;

pub use message::{Label, message};
pub use screen::{Screen, ScreenError, ScreenInput};
pub use style::{Paint, Role};
pub use table::{Cell, Column, Rows, Table};
