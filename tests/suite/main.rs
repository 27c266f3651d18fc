//! Everything a user can see, tested through the built program. One module a topic; one binary, so that it links once.

mod frame;
mod harness;
mod server;
