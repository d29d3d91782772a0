//! The books on who is connected: so many connections, refusals and bytes for each caller.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use mgrd_transport::Peer;
use parking_lot::Mutex;
use tonic::codegen::http::HeaderMap;
use tracing::{Span, info_span};

use super::request_id::RequestId;
use crate::authority::Audit;
use crate::config::ConnectionLimits;
use crate::flood::Flood;

/// How many accounts there may be before those without connections are forgotten. They are kept
/// for a while because a flood reconnects.
const FEW_ACCOUNTS: usize = 64;

/// Whom a connection belongs to, as the kernel says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    /// All processes of a module.
    Module(String),
    /// A client process.
    Client(Peer),
    /// A process of a user who is no client.
    Stranger(Peer),
}

/// All callers.
#[derive(Debug)]
pub(super) struct Callers {
    limits: ConnectionLimits,
    last: AtomicU64,
    books: Mutex<Books>,
}

#[derive(Debug, Default)]
struct Books {
    accounts: HashMap<Owner, Entry>,
    /// Open connections of client processes.
    clients: usize,
    /// So many accounts are looked through.
    many: usize,
}

#[derive(Debug)]
struct Entry {
    account: Arc<Account>,
    open: usize,
    unproven: usize,
}

/// What one caller uses, over all of its connections.
#[derive(Debug)]
pub(super) struct Account {
    owner: Owner,
    receiving: AtomicUsize,
    receiving_limit: usize,
    refusals: Mutex<Flood>,
    warned: Mutex<Flood>,
    pub(super) audit: Audit,
}

/// One connection, as every call on it sees it.
#[derive(Debug)]
pub(super) struct Connection {
    id: u64,
    calls: AtomicU64,
    /// The parent of the spans of its calls.
    pub(super) span: Span,
    pub(super) peer: Peer,
    pub(super) account: Arc<Account>,
    callers: Arc<Callers>,
    proven: AtomicBool,
    accepted: AtomicBool,
    closed: AtomicBool,
}

/// Why a connection is closed at once.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum TooMany {
    #[error("it has {0} connections, as many as it may ({1})")]
    Own(usize, &'static str),
    #[error("all clients together have {0} connections, as many as they may (connections)")]
    Clients(usize),
    #[error("it makes too many calls that are refused (refusals_per_second)")]
    Refusals,
}

/// Now; in tests, the clock of the runtime.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

impl Callers {
    pub(super) fn new(limits: ConnectionLimits) -> Arc<Self> {
        Arc::new(Self { limits, last: AtomicU64::default(), books: Mutex::default() })
    }

    /// Takes in a new connection, or says why it is one too many. It leaves the books when the
    /// last owner of the result drops it.
    pub(super) fn admit(
        self: &Arc<Self>,
        peer: Peer,
        owner: Owner,
    ) -> Result<Arc<Connection>, TooMany> {
        let (limits, now) = (&self.limits, now());
        let is_client = matches!(owner, Owner::Client(_));
        let mut books = self.books.lock();
        books.forget_former(now);
        let clients = books.clients;
        let entry =
            books.accounts.entry(owner.clone()).or_insert_with(|| Entry::new(owner, limits));
        entry.account.has_room(now)?;
        let (limit, name) = match entry.account.owner {
            Owner::Module(_) => (limits.module_connections, "module_connections"),
            Owner::Client(_) => (limits.process_connections, "process_connections"),
            Owner::Stranger(_) => (limits.unproven_connections, "unproven_connections"),
        };
        let refusal = if entry.open >= limit {
            Some(TooMany::Own(entry.open, name))
        } else if !is_client && entry.unproven >= limits.unproven_connections {
            Some(TooMany::Own(entry.unproven, "unproven_connections"))
        } else if is_client && clients >= limits.connections {
            Some(TooMany::Clients(clients))
        } else {
            None
        };
        if let Some(refusal) = refusal {
            entry.account.warn(now, &refusal);
            return Err(refusal);
        }
        entry.open += 1;
        entry.unproven += usize::from(!is_client);
        let account = Arc::clone(&entry.account);
        books.clients += usize::from(is_client);
        let id = self.last.fetch_add(1, Relaxed) + 1;
        Ok(Arc::new(Connection {
            id,
            calls: AtomicU64::default(),
            span: info_span!("connection", id, pid = peer.pid, uid = peer.uid),
            peer,
            account,
            callers: Arc::clone(self),
            proven: AtomicBool::new(is_client),
            accepted: AtomicBool::new(false),
            closed: AtomicBool::new(false),
        }))
    }
}

impl Books {
    fn forget_former(&mut self, now: Instant) {
        if self.accounts.len() >= self.many.max(FEW_ACCOUNTS) {
            let is_over = |entry: &Entry| entry.account.has_room(now).is_err();
            self.accounts.retain(|_, entry| entry.open > 0 || is_over(entry));
            self.many = 2 * self.accounts.len();
        }
    }
}

impl Entry {
    fn new(owner: Owner, limits: &ConnectionLimits) -> Self {
        let account = Account {
            owner,
            receiving: AtomicUsize::default(),
            receiving_limit: limits.receiving_bytes,
            refusals: Mutex::new(Flood::new(limits.refusals_per_second)),
            warned: Mutex::new(Flood::new(1)),
            audit: Audit::default(),
        };
        Self { account: Arc::new(account), open: 0, unproven: 0 }
    }
}

impl Account {
    /// Counts the bytes of a message that begins to arrive, until they are given back.
    ///
    /// # Errors
    ///
    /// If they would be more than the caller may send at a time.
    pub(super) fn receive(&self, bytes: usize) -> Result<(), String> {
        let before = self.receiving.fetch_add(bytes, Relaxed);
        if before.saturating_add(bytes) <= self.receiving_limit {
            return Ok(());
        }
        self.received(bytes);
        Err(format!(
            "{} sends messages of {} bytes that have not arrived whole, and one more of {bytes} \
             bytes; together more than the limit receiving_bytes, which is {}: send fewer at a time",
            self.owner, before, self.receiving_limit
        ))
    }

    /// Gives back the bytes of a message that arrived, or never will.
    pub(super) fn received(&self, bytes: usize) {
        self.receiving.fetch_sub(bytes, Relaxed);
    }

    fn has_room(&self, now: Instant) -> Result<(), TooMany> {
        if self.refusals.lock().is_shut(now) { Err(TooMany::Refusals) } else { Ok(()) }
    }

    fn warn(&self, now: Instant, why: &TooMany) {
        if self.warned.lock().admit(now).0 {
            tracing::warn!("closed a connection of {}: {why}", self.owner);
        }
    }

    /// Counts a call that was refused, or a connection that led to nothing. Whether it was one too
    /// many.
    fn refuse(&self) -> bool {
        let now = now();
        let passes = self.refusals.lock().admit(now).0;
        if !passes {
            self.warn(now, &TooMany::Refusals);
        }
        !passes
    }
}

impl Connection {
    /// The name of a new call.
    pub(super) fn request_id(&self, headers: &HeaderMap) -> RequestId {
        RequestId::of(headers, self.id, self.calls.fetch_add(1, Relaxed) + 1)
    }

    /// Counts a call that was accepted.
    pub(super) fn accept(&self) {
        if self.accepted.swap(true, Relaxed) || self.proven.swap(true, Relaxed) {
            return;
        }
        if let Some(entry) = self.callers.books.lock().accounts.get_mut(&self.account.owner) {
            entry.unproven -= 1;
        }
    }

    /// Counts a call that was refused. A caller with nothing but refusals is cut off.
    pub(super) fn refuse(&self) {
        if !self.is_accepted() && self.account.refuse() {
            self.closed.store(true, Relaxed);
        }
    }

    /// How long a caller may say nothing before its first call, and before its first message.
    pub(super) fn hello_timeout(&self) -> Duration {
        self.callers.limits.hello_timeout
    }

    /// Whether a call was accepted on it.
    pub(super) fn is_accepted(&self) -> bool {
        self.accepted.load(Relaxed)
    }

    /// Whether nothing more is read from it.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Relaxed)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if !self.is_accepted() {
            self.account.refuse();
        }
        let mut books = self.callers.books.lock();
        books.clients -= usize::from(matches!(self.account.owner, Owner::Client(_)));
        if let Some(entry) = books.accounts.get_mut(&self.account.owner) {
            entry.open -= 1;
            entry.unproven -= usize::from(!*self.proven.get_mut());
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Module(module) => write!(f, "module '{module}'"),
            Self::Client(peer) | Self::Stranger(peer) => {
                write!(f, "process {} of user {}", peer.pid, peer.uid)
            }
        }
    }
}

#[cfg(test)]
mod tests;
