//! The hearts of the loops that must not hang, and how long each of them has been silent.

use std::sync::Arc;
use std::sync::Weak;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use parking_lot::Mutex;

/// Beats for one loop. A loop that has ended drops it.
#[derive(Debug)]
pub(super) struct Heart(Arc<Beats>);

#[derive(Debug)]
struct Beats {
    name: &'static str,
    count: AtomicU64,
}

impl Heart {
    /// The loop goes on.
    pub(super) fn beat(&self) {
        self.0.count.fetch_add(1, Relaxed);
    }
}

/// What became of a loop in one tick of the watchdog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// It goes on, as before.
    Beats,
    /// It is silent, as before, or not for long.
    Silent,
    /// It is silent for long.
    Warning,
    /// It was silent for so long, and goes on now.
    Recovered(Duration),
    /// It does not go on any more.
    Hung,
}

/// After how much silence there are news.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// See [`News::Warning`].
    pub(super) warning: Duration,
    /// See [`News::Hung`]; none means never.
    pub(super) abort: Option<Duration>,
}

/// All hearts.
#[derive(Clone, Debug, Default)]
pub(super) struct Hearts(Arc<Mutex<Vec<Watched>>>);

#[derive(Debug)]
struct Watched {
    beats: Weak<Beats>,
    silence: Silence,
}

impl Hearts {
    /// A heart for the loop with this name.
    pub(super) fn add(&self, name: &'static str) -> Heart {
        let beats = Arc::new(Beats { name, count: AtomicU64::new(0) });
        let silence = Silence::default();
        self.0.lock().push(Watched { beats: Arc::downgrade(&beats), silence });
        Heart(beats)
    }

    /// What became of each loop since the last call, after which this much time has passed.
    pub(super) fn tick(&self, passed: Duration, patience: Patience) -> Vec<(&'static str, News)> {
        let mut news = Vec::new();
        self.0.lock().retain_mut(|watched| {
            let Some(beats) = watched.beats.upgrade() else { return false };
            let count = beats.count.load(Relaxed);
            news.push((beats.name, watched.silence.tick(count, passed, patience)));
            true
        });
        news
    }
}

/// How long one loop has been silent.
#[derive(Debug, Default)]
struct Silence {
    seen: u64,
    lasts: Duration,
}

impl Silence {
    fn tick(&mut self, count: u64, passed: Duration, patience: Patience) -> News {
        let before = self.lasts;
        if count != self.seen {
            (self.seen, self.lasts) = (count, Duration::ZERO);
            let long = before >= patience.warning;
            return if long { News::Recovered(before) } else { News::Beats };
        }
        self.lasts += passed;
        let reached = |limit: Duration| before < limit && self.lasts >= limit;
        if patience.abort.is_some_and(reached) {
            News::Hung
        } else if reached(patience.warning) {
            News::Warning
        } else {
            News::Silent
        }
    }
}

#[cfg(test)]
mod tests;
