//! All connections, and how many each caller has: both are limited.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use mgrd_transport::Peer;
use parking_lot::Mutex;
use tonic::codegen::http::HeaderMap;
use tracing::{Span, info_span};

use super::limits::ConnectionLimits;
use super::peer_usage::{Caller, PeerUsage};
use super::request_id::RequestId;
use super::shares::Shares;
use super::writes::Writes;
use crate::host::BusyCaller;
use crate::limits_reached::reached;
use crate::log_lines::CONNECTION;
use crate::module::PeerProcess;
use crate::module_limits::{Limit, ModuleLimits};

/// From this number of callers, those without connections are forgotten. They are kept for a
/// while, because a caller that floods `mgrd` connects again.
const FEW_CALLERS: usize = 64;

/// The names of the limits of one caller, as the log and health show them.
const OF_PROCESS: &str = "limits.connection.process_connections";
const UNPROVEN: &str = "limits.connection.unproven_connections";
const OF_EACH_MODULE: &str = "limits.connection.module_connections";
/// If the module has a limit of its own.
const OF_THIS_MODULE: &str = "connections of 'mgr module limit'";

/// All connections.
#[derive(Debug)]
pub(super) struct Connections {
    limits: ConnectionLimits,
    own: Arc<ModuleLimits>,
    last: AtomicU64,
    shares: Arc<Shares>,
    writes: Arc<Writes>,
    callers: Mutex<Callers>,
}

#[derive(Debug, Default)]
struct Callers {
    by_caller: HashMap<Caller, Entry>,
    /// Open connections of client processes.
    clients: usize,
    /// Open connections of all others.
    modules: usize,
    /// At this number of callers, those without connections are forgotten.
    many: usize,
}

#[derive(Debug)]
struct Entry {
    usage: Arc<PeerUsage>,
    open: usize,
    unproven: usize,
}

/// One connection, as every call on it sees it.
#[derive(Debug)]
pub(super) struct Connection {
    id: u64,
    calls: AtomicU64,
    /// The parent of the spans of its calls.
    pub(super) span: Span,
    pub(super) peer: Peer,
    pub(super) process: PeerProcess,
    pub(super) usage: Arc<PeerUsage>,
    all: Arc<Connections>,
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
    #[error(
        "all modules together have {0} connections, as many as they may (all_module_connections)"
    )]
    Modules(usize),
    #[error("it makes too many calls that are refused (refusals_per_second)")]
    Refusals,
}

impl TooMany {
    /// Tells the log and health whose connection is closed.
    fn report(&self, usage: &PeerUsage, now: Instant) {
        usage.warn(now, self);
        match self {
            Self::Own(_, limit) => reached(&usage.caller, limit),
            // It is not known which of them has too many.
            Self::Clients(_) | Self::Modules(_) => {}
            Self::Refusals => reached(&usage.caller, "limits.connection.refusals_per_second"),
        }
    }
}

/// Now; in tests, the clock of the runtime.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

impl Connections {
    /// With these limits for each module, unless it has its `own`.
    pub(super) fn new(limits: ConnectionLimits, own: Arc<ModuleLimits>) -> Arc<Self> {
        let shares = Arc::new(Shares::new(Instant::now()));
        let writes = Arc::new(Writes::new(Instant::now()));
        let (last, callers) = (AtomicU64::default(), Mutex::default());
        Arc::new(Self { limits, own, last, shares, writes, callers })
    }

    /// The limits of a caller, as they are now, and the name of the limit that says how many
    /// connections one module may have.
    fn limits_of(&self, caller: &Caller) -> (ConnectionLimits, &'static str) {
        let Caller::Module(module) = caller else { return (self.limits, OF_EACH_MODULE) };
        let own = self.own.known(module);
        let set = own.as_deref().and_then(|own| own.set(Limit::Connections));
        let name = if set.is_some() { OF_THIS_MODULE } else { OF_EACH_MODULE };
        (self.limits.with(own.as_deref()), name)
    }

    /// Admits a connection. It counts until the last clone of the result is dropped.
    ///
    /// # Errors
    ///
    /// If it is one too many.
    pub(super) fn admit(
        self: &Arc<Self>,
        peer: Peer,
        caller: Caller,
        process: PeerProcess,
    ) -> Result<Arc<Connection>, TooMany> {
        let ((limits, name), now) = (self.limits_of(&caller), now());
        let Peer::Process { pid, uid } = peer;
        let is_client = matches!(caller, Caller::Client(_));
        let mut callers = self.callers.lock();
        callers.forget_former(now);
        let all = if is_client { callers.clients } else { callers.modules };
        let entry = callers.by_caller.entry(caller.clone()).or_insert_with(|| self.entry(caller));
        if let Some(refusal) = entry.refusal(&limits, name, all, now) {
            refusal.report(&entry.usage, now);
            return Err(refusal);
        }
        entry.open += 1;
        entry.unproven += usize::from(!is_client);
        let usage = Arc::clone(&entry.usage);
        if is_client {
            usage.connects();
        }
        callers.clients += usize::from(is_client);
        callers.modules += usize::from(!is_client);
        let id = self.last.fetch_add(1, Relaxed) + 1;
        Ok(Arc::new(Connection {
            id,
            calls: AtomicU64::default(),
            span: info_span!(CONNECTION, id, pid, uid),
            peer,
            process,
            usage,
            all: Arc::clone(self),
            proven: AtomicBool::new(is_client),
            accepted: AtomicBool::new(false),
            closed: AtomicBool::new(false),
        }))
    }

    /// Whether a further connection of a known caller would not be admitted.
    pub(super) fn is_full_for(&self, caller: &Caller) -> bool {
        let ((limits, name), callers) = (self.limits_of(caller), self.callers.lock());
        let is_client = matches!(caller, Caller::Client(_));
        let all = if is_client { callers.clients } else { callers.modules };
        let entry = callers.by_caller.get(caller);
        entry.is_some_and(|entry| entry.refusal(&limits, name, all, now()).is_some())
    }

    /// The callers that have asked for more than their share for some time.
    pub(super) fn busy(&self) -> Vec<BusyCaller> {
        self.callers.lock().by_caller.values().filter_map(|entry| entry.usage.busy()).collect()
    }

    fn entry(&self, caller: Caller) -> Entry {
        let usage = PeerUsage::new(caller, &self.limits, self.shares.clone(), self.writes.clone());
        Entry { usage: Arc::new(usage), open: 0, unproven: 0 }
    }
}

impl Callers {
    fn forget_former(&mut self, now: Instant) {
        if self.by_caller.len() >= self.many.max(FEW_CALLERS) {
            let is_shut = |entry: &Entry| entry.usage.is_shut(now);
            self.by_caller.retain(|_, entry| entry.open > 0 || is_shut(entry));
            self.many = 2 * self.by_caller.len();
        }
    }
}

impl Entry {
    /// Why no more connections are admitted, if there are too many. `of_module` is the name of the limit
    /// for a module. All clients, or all others, have `all` connections.
    fn refusal(
        &self,
        limits: &ConnectionLimits,
        of_module: &'static str,
        all: usize,
        now: Instant,
    ) -> Option<TooMany> {
        let (limit, name, is_client) = match self.usage.caller {
            Caller::Module(_) => (limits.module_connections, of_module, false),
            Caller::Client(_) => (limits.process_connections, OF_PROCESS, true),
            Caller::OtherUser(_) | Caller::Unnamed => {
                (limits.unproven_connections, UNPROVEN, false)
            }
        };
        if self.usage.is_shut(now) {
            Some(TooMany::Refusals)
        } else if self.open >= limit {
            Some(TooMany::Own(self.open, name))
        } else if !is_client && self.unproven >= limits.unproven_connections {
            Some(TooMany::Own(self.unproven, UNPROVEN))
        } else if is_client && all >= limits.connections {
            Some(TooMany::Clients(all))
        } else if !is_client && all >= limits.all_module_connections {
            Some(TooMany::Modules(all))
        } else {
            None
        }
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
        if let Some(entry) = self.all.callers.lock().by_caller.get_mut(&self.usage.caller) {
            entry.unproven -= 1;
        }
    }

    /// Counts a call that was refused. A caller with nothing but refusals is cut off.
    pub(super) fn refuse(&self) {
        if !self.is_accepted() && self.count_refusal() {
            self.closed.store(true, Relaxed);
        }
    }

    /// Closes it and says why in the log.
    pub(super) fn close(&self, why: &impl fmt::Display) {
        self.usage.warn(now(), why);
        self.closed.store(true, Relaxed);
    }

    fn count_refusal(&self) -> bool {
        let now = now();
        let is_one_too_many = self.usage.refuse(now);
        if is_one_too_many {
            TooMany::Refusals.report(&self.usage, now);
        }
        is_one_too_many
    }

    /// How long a caller has until its first call, and then until its first message.
    pub(super) fn hello_timeout(&self) -> Duration {
        self.all.limits.hello_timeout
    }

    /// How many bytes a message may have in a call that carries no data.
    pub(super) fn request_bytes(&self) -> usize {
        self.all.limits.request_bytes
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
            self.count_refusal();
        }
        let mut callers = self.all.callers.lock();
        let is_client = matches!(self.usage.caller, Caller::Client(_));
        callers.clients -= usize::from(is_client);
        callers.modules -= usize::from(!is_client);
        if let Some(entry) = callers.by_caller.get_mut(&self.usage.caller) {
            entry.open -= 1;
            entry.unproven -= usize::from(!*self.proven.get_mut());
        }
    }
}

#[cfg(test)]
mod tests;
