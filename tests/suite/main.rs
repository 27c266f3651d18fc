//! Everything a user can see, tested through the built program. One module a topic; one binary, so that it links once.

mod completion;
mod frame;
mod generated;
mod harness;
mod scrape;
mod server;
