//! What one caller uses, over all of its connections.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use mgrd_transport::Peer;
use parking_lot::Mutex;

use super::limits::ConnectionLimits;
use crate::authority::{Audit, is_own_user};
use crate::module::PeerProcess;
use crate::rate_limit::RateLimit;

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

impl PeerUsage {
    pub(super) fn new(caller: Caller, limits: &ConnectionLimits) -> Self {
        Self {
            caller,
            receiving: AtomicUsize::default(),
            receiving_limit: limits.receiving_bytes,
            refusals: Mutex::new(RateLimit::new(limits.refusals_per_second)),
            warnings: Mutex::new(RateLimit::new(1)),
            audit: Audit::default(),
        }
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
