//! The families of a scrape as a table.
