//! What one caller uses, over all of its connections.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use mgrd_transport::Peer;
use parking_lot::Mutex;
use tokio::sync::{Notify, Semaphore};
use tokio::task::yield_now;

use super::busy::{Busy, Period};
use super::limits::ConnectionLimits;
use super::shares::{Id, Shares};
use super::writes::Writes;
use crate::authority::{Audit, is_own_user};
use crate::host::BusyCaller;
use crate::metered::Meter;
use crate::module::PeerProcess;
use crate::rate_limit::RateLimit;

/// While so many answers are ready and not read, no more calls begin: what an answer weighs is known only
/// when it is sent.
const UNTAKEN: usize = 32;

/// While others wait, the calls of a caller begin one after another when it has used so much time since the
/// last one began that way: all calls that arrive together are ready to run at the same time.
const SLICE: Duration = Duration::from_micros(200);
/// What it used before a rest of this length no longer counts for that.
const REST: Duration = Duration::from_millis(1);

/// Who has a connection, as the kernel reports it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Caller {
    /// All processes of a module.
    Module(String),
    /// All processes that hide where they come from, or that a module started although it is not known
    /// which.
    Unnamed,
    /// A client process.
    Client(Peer),
    /// A process of a user who may not be a client.
    OtherUser(Peer),
}

impl Caller {
    /// Who makes a new connection.
    pub(super) fn new(peer: &Peer, process: &PeerProcess) -> Self {
        let Peer::Process { uid, .. } = *peer;
        match process.module() {
            Some(module) => Self::Module(module.to_owned()),
            None if !process.is_outside() => Self::Unnamed,
            None if is_own_user(uid) => Self::Client(peer.clone()),
            None => Self::OtherUser(peer.clone()),
        }
    }
}

/// What one caller uses, over all of its connections.
#[derive(Debug)]
pub(super) struct PeerUsage {
    pub(super) caller: Caller,
    /// The bytes of messages that have begun to arrive.
    receiving: AtomicUsize,
    receiving_limit: usize,
    refusals: Mutex<RateLimit>,
    warnings: Mutex<RateLimit>,
    pub(super) audit: Audit,
    shares: Arc<Shares>,
    id: Id,
    writes: Arc<Writes>,
    writer: Id,
    time: Mutex<Time>,
    /// Its calls that wait for their turn.
    turns: Semaphore,
    calls: AtomicUsize,
    call_limit: usize,
    /// The bytes of answers that it has not read.
    unread: AtomicUsize,
    unread_limit: usize,
    /// The answers of which its connections have taken nothing, because it does not read.
    untaken: AtomicUsize,
    room: Notify,
}

/// The time of the worker thread that one caller uses.
#[derive(Debug, Default)]
struct Time {
    /// What it used and waited since the last look at it.
    period: Period,
    /// What it used since its last pause or rest.
    slice: Duration,
    /// When it used some last.
    used: Option<Instant>,
    /// Until when it waits.
    waits: Option<Instant>,
    busy: Busy,
}

/// A caller sends more at a time than it may.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{caller} sends messages of {receiving} bytes that have not arrived whole, and one more of {bytes} \
     bytes; together more than the limit receiving_bytes, which is {limit}: send fewer at a time"
)]
pub(super) struct TooManyBytes {
    pub(super) caller: Caller,
    pub(super) receiving: usize,
    pub(super) bytes: usize,
    pub(super) limit: usize,
}

/// A caller has more calls under way than it may.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "it has {0} calls under way, as many as it may (the limit calls): read the answers, or make fewer \
     calls at a time"
)]
pub(super) struct TooManyCalls(pub(super) usize);

impl PeerUsage {
    pub(super) fn new(
        caller: Caller,
        limits: &ConnectionLimits,
        shares: Arc<Shares>,
        writes: Arc<Writes>,
    ) -> Self {
        Self {
            caller,
            receiving: AtomicUsize::default(),
            receiving_limit: limits.receiving_bytes,
            refusals: Mutex::new(RateLimit::new(limits.refusals_per_second)),
            warnings: Mutex::new(RateLimit::new(1)),
            audit: Audit::default(),
            id: shares.add(),
            shares,
            writer: writes.add(),
            writes,
            time: Mutex::default(),
            turns: Semaphore::new(1),
            calls: AtomicUsize::default(),
            call_limit: limits.calls,
            unread: AtomicUsize::default(),
            unread_limit: limits.unread_bytes,
            untaken: AtomicUsize::default(),
            room: Notify::new(),
        }
    }

    /// Does work for the caller, whose time counts.
    pub(super) fn timed<T>(&self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        self.charge(start);
        done
    }

    /// Counts a new connection: its calls wait for others, too.
    pub(super) fn connects(&self) {
        self.shares.asks(self.id, Instant::now());
    }

    /// Whether others wait.
    pub(super) fn has_others(&self) -> bool {
        self.shares.has_others(self.id, Instant::now())
    }

    /// How long to do nothing for the caller, because it is held back.
    pub(super) fn pause(&self) -> Option<Duration> {
        let now = Instant::now();
        let pauses = [self.shares.pause(self.id, now), self.writes.pause(self.writer, now)];
        let pause = pauses.into_iter().flatten().max()?;
        let time = &mut *self.time.lock();
        let end = now + pause;
        let waits = time.waits.map_or(now, |waits| waits.max(now));
        time.period.waited += end.saturating_duration_since(waits);
        time.waits = Some(end);
        Some(pause)
    }

    /// Looks at what the caller did since the last look; returns it if the caller is busy.
    pub(super) fn busy(&self) -> Option<BusyCaller> {
        let time = &mut *self.time.lock();
        let period = std::mem::take(&mut time.period);
        time.busy.tick(period).then(|| period.of(self.caller.to_string()))
    }

    /// Whether it used enough time for others to have their turn.
    fn is_at_length(&self) -> bool {
        self.time.lock().slice > SLICE && self.has_others()
    }

    /// Waits until a call of the caller may begin: at once, unless it has not read its answers, it has used
    /// much time at once, or it is held back. Then its calls begin one after another.
    pub(super) async fn turn(&self) {
        self.shares.asks(self.id, Instant::now());
        if self.turns.available_permits() > 0
            && self.has_room()
            && !self.is_at_length()
            && self.pause().is_none()
        {
            return;
        }
        let _turn = self.turns.acquire().await;
        loop {
            let mut more = pin!(self.room.notified());
            more.as_mut().enable();
            if self.has_room() {
                break;
            }
            more.await;
        }
        if let Some(pause) = self.pause() {
            tokio::time::sleep(pause).await;
        } else if self.is_at_length() {
            yield_now().await;
        }
        self.time.lock().slice = Duration::ZERO;
    }

    /// Counts a call, until [`Self::end`].
    ///
    /// # Errors
    ///
    /// If the caller has too many under way.
    pub(super) fn begin(&self) -> Result<(), TooManyCalls> {
        let limit = self.call_limit;
        if self.calls.fetch_add(1, Relaxed) < limit {
            return Ok(());
        }
        self.end();
        Err(TooManyCalls(limit))
    }

    /// Counts a call no longer.
    pub(super) fn end(&self) {
        self.calls.fetch_sub(1, Relaxed);
    }

    /// Counts bytes of an answer, until [`Self::has_read`].
    pub(super) fn has_sent(&self, bytes: usize) {
        self.unread.fetch_add(bytes, Relaxed);
    }

    /// Counts bytes of an answer no longer: the caller has taken them, or its call has ended.
    pub(super) fn has_read(&self, bytes: usize) {
        if bytes > 0 {
            self.unread.fetch_sub(bytes, Relaxed);
            if self.has_room() {
                self.room.notify_waiters();
            }
        }
    }

    /// Counts an answer, until [`Self::has_taken`].
    pub(super) fn has_answer(&self) {
        self.untaken.fetch_add(1, Relaxed);
    }

    /// Counts an answer no longer: a connection has begun to take it, or its call has ended.
    pub(super) fn has_taken(&self) {
        if self.untaken.fetch_sub(1, Relaxed) == UNTAKEN {
            self.room.notify_waiters();
        }
    }

    fn has_room(&self) -> bool {
        self.unread.load(Relaxed) < self.unread_limit && self.untaken.load(Relaxed) < UNTAKEN
    }

    /// Counts the bytes of a message that begins to arrive, until [`Self::received`].
    ///
    /// # Errors
    ///
    /// If the caller would then send more at a time than it may.
    pub(super) fn receive(&self, bytes: usize) -> Result<(), TooManyBytes> {
        let receiving = self.receiving.fetch_add(bytes, Relaxed);
        let limit = self.receiving_limit;
        if receiving.saturating_add(bytes) <= limit {
            return Ok(());
        }
        self.received(bytes);
        Err(TooManyBytes { caller: self.caller.clone(), receiving, bytes, limit })
    }

    /// Counts the bytes of a message no longer: it has arrived, or its call has ended.
    pub(super) fn received(&self, bytes: usize) {
        self.receiving.fetch_sub(bytes, Relaxed);
    }

    /// Counts a call that was refused, or a connection without an accepted call. Returns whether it
    /// was one too many.
    pub(super) fn refuse(&self, now: Instant) -> bool {
        !self.refusals.lock().admit(now).0
    }

    /// Whether it had too many refusals a moment ago.
    pub(super) fn is_shut(&self, now: Instant) -> bool {
        self.refusals.lock().is_exhausted(now)
    }

    /// Logs why one of its connections is closed, but not more than once a second.
    pub(super) fn warn(&self, now: Instant, why: &impl fmt::Display) {
        if self.warnings.lock().admit(now).0 {
            tracing::warn!("closed a connection of {}: {why}", self.caller);
        }
    }
}

impl Time {
    /// Counts what it used from `start` to `now`.
    fn count(&mut self, start: Instant, now: Instant) {
        if self.used.is_some_and(|used| start.saturating_duration_since(used) > REST) {
            self.slice = Duration::ZERO;
        }
        self.slice += now.saturating_duration_since(start);
        self.used = Some(now);
    }
}

impl Meter for PeerUsage {
    fn charge(&self, start: Instant) {
        let now = Instant::now();
        self.shares.charge(self.id, now, now - start);
        let time = &mut *self.time.lock();
        time.period.used += now - start;
        time.count(start, now);
    }

    fn answered(&self) {
        self.shares.answers(self.id);
    }

    fn begins_write(&self) {
        self.writes.begin(self.writer, Instant::now());
    }

    fn ends_write(&self, start: Instant) {
        self.writes.end(self.writer, start, Instant::now());
    }
}

impl Drop for PeerUsage {
    fn drop(&mut self) {
        self.shares.remove(self.id);
        self.writes.remove(self.writer);
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Module(module) => write!(f, "module '{module}'"),
            Self::Unnamed => f.write_str("processes of modules that hide where they come from"),
            Self::Client(peer) | Self::OtherUser(peer) => peer.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests;
