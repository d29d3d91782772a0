//! The time of the worker thread: how much of it each caller uses, and who is held back because
//! others wait.
//!
//! Nothing happens while the worker thread has time left. If it is always busy, and a caller that uses
//! little of it makes calls, those that use the most are held back, until the worker thread is idle
//! for half of the time: what the others do then finds it idle most of the time.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// How long to look at what callers use before it is judged.
const WINDOW: Duration = Duration::from_millis(50);
/// The worker thread is busy if it works for callers for more than this part of the time. About a third
/// cannot be attributed, because it passes in the libraries that serve connections.
const BUSY: f64 = 0.55;
/// For this part of the time, it works when callers are held back.
const TARGET: f64 = 0.5;
/// A caller is quiet if it uses less than this part of the average.
const QUIET: f64 = 0.25;
/// What a module uses does not count for it as far as it answers clients: this much for an answer.
const ANSWER: Duration = Duration::from_micros(100);
/// A caller is held back for so long after it last asked for more than it got.
const HOLD: Duration = Duration::from_secs(1);
/// It is never held back to less than this part of the time.
const LEAST_LEVEL: f64 = 0.02;
/// A caller that is held back may use so much at once if it used nothing before.
const CREDIT: Duration = Duration::from_millis(2);
/// A shorter pause is not worth a timer.
const LEAST_PAUSE: Duration = Duration::from_millis(1);
/// The longest pause. More is not paid back.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);
/// After a call, its caller counts as one that waits for so long.
const WAITS: Duration = Duration::from_millis(500);

/// A caller, in [`Shares`].
pub(super) type Id = u64;

/// The time of the worker thread.
#[derive(Debug)]
pub(super) struct Shares(Mutex<Table>);

#[derive(Debug)]
struct Table {
    window: Instant,
    last: Id,
    callers: HashMap<Id, Use>,
    /// Who made a call last, and who else before.
    asked: [(Id, Option<Instant>); 2],
}

/// What a caller used in the current window.
#[derive(Debug, Default)]
struct Use {
    used: Duration,
    calls: u32,
    answers: u32,
    held: Option<Held>,
}

/// A caller is held back.
#[derive(Debug)]
struct Held {
    /// To this part of the time.
    level: f64,
    until: Instant,
    /// When what it used is paid.
    paid: Instant,
    /// Whether it had to wait in the current window.
    has_waited: bool,
}

/// What a caller used in a window, in parts of the time.
#[derive(Clone, Copy, Debug)]
struct Part {
    used: f64,
    /// Whether it makes calls, and answers none.
    asks: bool,
}

impl Shares {
    pub(super) fn new(now: Instant) -> Self {
        let callers = HashMap::new();
        Self(Mutex::new(Table { window: now, last: 0, callers, asked: [(0, None); 2] }))
    }

    /// Adds a caller.
    pub(super) fn add(&self) -> Id {
        let table = &mut *self.0.lock();
        table.last += 1;
        table.callers.insert(table.last, Use::default());
        table.last
    }

    /// Removes a caller.
    pub(super) fn remove(&self, id: Id) {
        self.0.lock().callers.remove(&id);
    }

    /// Counts time that a caller used up to `now`.
    pub(super) fn charge(&self, id: Id, now: Instant, used: Duration) {
        let table = &mut *self.0.lock();
        table.roll(now);
        let Some(caller) = table.callers.get_mut(&id) else { return };
        caller.used += used;
        if let Some(held) = &mut caller.held {
            held.charge(now, used);
        }
    }

    /// Counts a call that a caller makes.
    pub(super) fn asks(&self, id: Id, now: Instant) {
        let table = &mut *self.0.lock();
        let [last, before] = &mut table.asked;
        if last.0 != id {
            *before = *last;
        }
        *last = (id, Some(now));
        if let Some(caller) = table.callers.get_mut(&id) {
            caller.calls += 1;
        }
    }

    /// Counts an answer that a caller gives to a client.
    pub(super) fn answers(&self, id: Id) {
        if let Some(caller) = self.0.lock().callers.get_mut(&id) {
            caller.answers += 1;
        }
    }

    /// Whether others than this caller wait.
    pub(super) fn has_others(&self, id: Id, now: Instant) -> bool {
        self.0.lock().has_others(id, now)
    }

    /// How long to do nothing for a caller, because others wait.
    pub(super) fn pause(&self, id: Id, now: Instant) -> Option<Duration> {
        let table = &mut *self.0.lock();
        table.roll(now);
        let has_others = table.has_others(id, now);
        let held = table.callers.get_mut(&id)?.held.as_mut()?;
        let pause = held.paid.saturating_duration_since(now);
        if pause < LEAST_PAUSE || !has_others {
            return None;
        }
        held.has_waited = true;
        Some(pause)
    }
}

impl Table {
    fn has_others(&self, id: Id, now: Instant) -> bool {
        let mut others = self.asked.iter().filter(|(other, _)| *other != id);
        others.any(|(_, at)| at.is_some_and(|at| now.saturating_duration_since(at) < WAITS))
    }

    /// Judges a window that is over, and begins the next one.
    fn roll(&mut self, now: Instant) {
        let time = now.saturating_duration_since(self.window);
        if time < WINDOW {
            return;
        }
        self.window = now;
        let parts: Vec<Part> = self.callers.values().map(|caller| caller.part(time)).collect();
        let total: f64 = self.callers.values().map(|caller| part(caller.used, time)).sum();
        let level = level(total, &parts);
        for (caller, Part { used, .. }) in self.callers.values_mut().zip(parts) {
            caller.judge(now, used, total, level);
        }
    }
}

impl Use {
    fn part(&self, time: Duration) -> Part {
        let used = self.used.saturating_sub(ANSWER * self.answers);
        Part { used: part(used, time), asks: self.calls > 0 && self.answers == 0 }
    }

    /// Holds the caller back, or no longer, and begins the next window.
    fn judge(&mut self, now: Instant, used: f64, total: f64, level: Option<f64>) {
        let held = match self.held.take() {
            Some(held) => held.judged(now, total),
            None => level.filter(|&level| used > level).map(|level| Held::new(now, level)),
        };
        *self = Self { held, ..Self::default() };
    }
}

impl Held {
    fn new(now: Instant, level: f64) -> Self {
        let level = level.clamp(LEAST_LEVEL, 1.0);
        Self { level, until: now + HOLD, paid: now, has_waited: false }
    }

    fn charge(&mut self, now: Instant, used: Duration) {
        let credit = now.checked_sub(CREDIT + used).unwrap_or(now);
        let paid = self.paid.max(credit) + used.div_f64(self.level);
        self.paid = paid.min(now + LONGEST_PAUSE);
    }

    /// Corrects the level of a caller that still asks for more, by how busy the worker thread was.
    fn judged(mut self, now: Instant, total: f64) -> Option<Self> {
        if self.has_waited {
            self.level = (self.level * (1.0 + TARGET - total)).clamp(LEAST_LEVEL, 1.0);
            self.until = now + HOLD;
            self.has_waited = false;
        }
        (now < self.until).then_some(self)
    }
}

fn part(used: Duration, time: Duration) -> f64 {
    used.as_secs_f64() / time.as_secs_f64()
}

/// To what part of the time the callers that use more are held back, if the worker thread is busy for
/// `total` of it and a quiet caller waits: the largest with which it is busy for no more than
/// [`TARGET`].
fn level(total: f64, parts: &[Part]) -> Option<f64> {
    let mut used: Vec<f64> =
        parts.iter().map(|part| part.used).filter(|&used| used > 0.0).collect();
    let quiet = QUIET * used.iter().sum::<f64>() / f64::from(u32::try_from(used.len()).ok()?);
    if total < BUSY || !parts.iter().any(|part| part.asks && part.used < quiet) {
        return None;
    }
    used.sort_by(f64::total_cmp);
    let (mut room, mut left) = (TARGET, f64::from(u32::try_from(used.len()).ok()?));
    for used in used {
        if used > room / left {
            return Some(room / left);
        }
        room -= used;
        left -= 1.0;
    }
    None
}

#[cfg(test)]
mod tests;
