//! Waits for something to happen in another process.

use std::fmt::Display;
use std::time::{Duration, Instant};

/// Longer than anything in a test takes. After it, the test fails.
pub const LONG: Duration = Duration::from_secs(90);

/// Calls `look` repeatedly until it succeeds, and returns its result.
///
/// # Panics
///
/// If it still fails after [`LONG`]. The message contains the last error.
pub fn eventually<T, E: Display>(what: &str, mut look: impl FnMut() -> Result<T, E>) -> T {
    let end = Instant::now() + LONG;
    loop {
        match look() {
            Ok(seen) => return seen,
            Err(last) if Instant::now() > end => panic!("timed out: {what}; last seen: {last}"),
            Err(_) => std::thread::park_timeout(Duration::from_millis(20)),
        }
    }
}
