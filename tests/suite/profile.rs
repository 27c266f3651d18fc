//! `profile`: set up, shown, changed and tested.

mod add;
mod asked;
mod tell;
mod test;
