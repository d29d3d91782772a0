//! Waiting for what comes about in another process.

use std::fmt::Display;
use std::time::{Duration, Instant};

/// Longer than anything here takes; reaching it means that what is waited for will not come.
pub const LONG: Duration = Duration::from_secs(90);

/// Looks again and again until `look` is content.
///
/// # Panics
///
/// With what was seen last, when that does not come about for a long time.
pub fn eventually<T, E: Display>(what: &str, mut look: impl FnMut() -> Result<T, E>) -> T {
    let end = Instant::now() + LONG;
    loop {
        match look() {
            Ok(seen) => return seen,
            Err(last) if Instant::now() > end => panic!("never: {what}; last seen: {last}"),
            Err(_) => std::thread::park_timeout(Duration::from_millis(20)),
        }
    }
}
