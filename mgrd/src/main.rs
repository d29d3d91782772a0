//! `mgrd`, the daemon.
fn main() {}
