//! `profile`: set up, shown, changed and tested.

mod add;
mod asked;
mod edits;
mod tell;
mod test;
mod trust;
