//! `mgrctl`, the command-line client.
fn main() {}
