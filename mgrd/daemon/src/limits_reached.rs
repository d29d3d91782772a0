//! Who has reached which limit lately, for health.
//!
//! Only what is refused or dropped comes here, so that callers within their limits pay nothing.

use std::fmt::Display;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// How long it is remembered.
const LATELY: Duration = Duration::from_secs(60);
/// How many callers and limits are remembered. Others are not, until one of these is forgotten.
const MOST: usize = 64;

static REACHED: Mutex<Reached> = Mutex::new(Reached(Vec::new()));

/// Remembers that something of `caller` is refused or dropped because of the limit of this name.
pub(crate) fn reached(caller: &impl Display, limit: &'static str) {
    let caller = caller.to_string();
    REACHED.lock().note(caller, limit, Instant::now());
}

/// The callers that reached a limit lately, each with the names of its limits.
pub(crate) fn lately() -> Vec<(String, Vec<&'static str>)> {
    REACHED.lock().lately(Instant::now())
}

/// Callers and limits, and when each caller reached the limit last.
struct Reached(Vec<(String, &'static str, Instant)>);

impl Reached {
    fn note(&mut self, caller: String, limit: &'static str, now: Instant) {
        let known = self.0.iter_mut().find(|(who, what, _)| *who == caller && *what == limit);
        if let Some((_, _, last)) = known {
            *last = now;
            return;
        }
        if self.0.len() >= MOST {
            self.forget(now);
        }
        if self.0.len() < MOST {
            self.0.push((caller, limit, now));
        }
    }

    fn forget(&mut self, now: Instant) {
        self.0.retain(|(_, _, last)| now.saturating_duration_since(*last) < LATELY);
    }

    fn lately(&mut self, now: Instant) -> Vec<(String, Vec<&'static str>)> {
        self.forget(now);
        let mut lately: std::collections::BTreeMap<&str, Vec<_>> = Default::default();
        for (caller, limit, _) in &self.0 {
            lately.entry(caller).or_default().push(*limit);
        }
        lately.values_mut().for_each(|limits| limits.sort_unstable());
        lately.into_iter().map(|(caller, limits)| (caller.to_owned(), limits)).collect()
    }
}

#[cfg(test)]
mod tests;
