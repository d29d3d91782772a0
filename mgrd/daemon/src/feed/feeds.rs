//! All feeds: who is connected, who told what, and who can run commands.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use mgrd_command::Outcome;
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::command::{ClusterCommand, ClusterCommandError, Executor, PendingCommand};
use super::connection::FeedHandle;
use super::limits::Limits;
use crate::cluster::{Cluster, CounterError, DaemonId, Priority};
use crate::health::{Health, Source};
use crate::text::line;

/// How long the name of a feed may be.
const NAME_BYTES: usize = 64;

/// Tells the modules of something: its type, such as `osd_map`, and which one. It is called in
/// order, while the feeds are locked: it must neither wait nor call back.
pub type Notifier = Arc<dyn Fn(&str, Value) + Send + Sync>;

/// Who a feed is.
#[derive(Clone, Debug, Default)]
pub struct Hello {
    /// Its name, such as `ceph`.
    pub name: String,
    /// Whether it runs commands on the cluster.
    pub commands: bool,
    /// The cluster's version text; empty if it has none.
    pub cluster_version: String,
    /// The cluster's release name; empty if it has none.
    pub release_name: String,
    /// After how long a silence its state is stale; `None` means never while it is connected.
    pub stale_after: Option<Duration>,
}

/// How a feed is doing.
#[derive(Clone, Debug)]
pub struct FeedStatus {
    /// Who it is.
    pub hello: Hello,
    /// Whether it is connected now.
    pub connected: bool,
    /// How long ago it was last heard of.
    pub silent: Duration,
    /// How many documents it told.
    pub documents: usize,
    /// How many daemons it told of.
    pub daemons: usize,
}

impl FeedStatus {
    /// Whether what it told can be taken as the present state.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.connected && self.hello.stale_after.is_none_or(|limit| self.silent <= limit)
    }

    /// That in a word for people.
    #[must_use]
    pub fn condition(&self) -> &'static str {
        match (self.connected, self.is_fresh()) {
            (true, true) => "connected",
            (true, false) => "silent",
            (false, _) => "disconnected",
        }
    }
}

/// Why something a feed said was refused.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// Its name is invalid.
    #[error("'{0}' is not a name for a feed; use 1 to 64 letters, digits, '-', '_' or '.'")]
    Name(String),
    /// A newer connection has its name.
    #[error("feed '{0}' has connected again; use the newer connection")]
    TakenOver(String),
    /// Not JSON.
    #[error("document '{name}' is not JSON: {why}")]
    NotJson {
        /// Which document.
        name: String,
        /// Where it fails.
        why: String,
    },
    /// Too many.
    #[error("too many {what}: a feed may have {limit}; remove some first")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The bound.
        limit: usize,
    },
    /// Too large.
    #[error("{what} is too large: {limit} bytes are allowed; send less")]
    TooLarge {
        /// What.
        what: String,
        /// The bound.
        limit: usize,
    },
    /// Another feed has it.
    #[error("{what} belongs to feed '{feed}'; let only one feed send it")]
    Taken {
        /// What.
        what: String,
        /// Whose it is.
        feed: String,
    },
    /// The counters do not fit.
    #[error(transparent)]
    Counters(#[from] CounterError),
    /// Some of many do not.
    #[error("{refused} of {all} were refused and the others taken; the first: {first}")]
    Some {
        /// How many were refused.
        refused: usize,
        /// How many there were.
        all: usize,
        /// Why the first one was.
        first: Box<Self>,
    },
}

/// One feed, connected or not.
pub(super) struct Feed {
    pub(super) hello: Hello,
    /// Counts its connections; only the latest may speak.
    pub(super) connection: u64,
    pub(super) connected: bool,
    pub(super) heard: Instant,
    pub(super) documents: HashMap<String, ToldDocument>,
    pub(super) daemons: usize,
    /// The connection on which its health checks were told.
    pub(super) checks_told: u64,
    commands: Option<Executor>,
}

/// A document that a feed told.
pub(super) struct ToldDocument {
    pub(super) bytes: usize,
    /// The connection on which it was told last.
    pub(super) told: u64,
}

/// Whose daemon it is.
pub(super) struct Owner {
    pub(super) feed: String,
    /// The connection on which it was told last.
    pub(super) told: u64,
}

#[derive(Default)]
pub(super) struct Registry {
    pub(super) feeds: BTreeMap<String, Feed>,
    pub(super) daemons: HashMap<DaemonId, Owner>,
}

pub(super) struct Inner {
    pub(super) cluster: Cluster,
    pub(super) health: Health,
    pub(super) notifier: Notifier,
    pub(super) limits: Limits,
    pub(super) registry: Mutex<Registry>,
    /// Counts what may change whether the state is fresh.
    pub(super) turns: watch::Sender<u64>,
}

/// The feeds. Cloning shares them.
#[derive(Clone)]
pub struct Feeds(pub(super) Arc<Inner>);

/// A feed that has just connected.
pub struct Connection {
    /// Its voice. Dropping it ends the connection; what it told stays as the last known state.
    pub feed: FeedHandle,
    /// Commands to run on the cluster; ended at once if the feed runs none, and when a newer
    /// connection takes over.
    pub commands: mpsc::Receiver<PendingCommand>,
}

impl Feeds {
    /// No feeds yet. What they will say goes to `cluster`, `health` and `notifier`.
    #[must_use]
    pub fn new(cluster: Cluster, health: Health, notifier: Notifier, limits: Limits) -> Self {
        let (registry, turns) = (Mutex::default(), watch::Sender::new(0));
        Self(Arc::new(Inner { cluster, health, notifier, limits, registry, turns }))
    }

    /// What each feed is kept to.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Changes when a feed connects, leaves, or speaks again. A feed that falls silent causes no change: poll for that.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.0.turns.subscribe()
    }

    /// Connects a feed. A second connection of the same name takes over from the first, and what
    /// that had told stays.
    pub fn connect(&self, mut hello: Hello) -> Result<Connection, FeedError> {
        let name = hello.name.clone();
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || name.len() > NAME_BYTES || !name.chars().all(fits) {
            return Err(FeedError::Name(line(&name, NAME_BYTES)));
        }
        for text in [&mut hello.cluster_version, &mut hello.release_name] {
            *text = line(text, self.0.cluster.limits.text_bytes);
        }
        let (executor, commands) = Executor::new(self.0.limits.commands);
        let executor = hello.commands.then_some(executor);
        let mut registry = self.0.registry.lock();
        let limit = self.0.limits.feeds;
        if !registry.feeds.contains_key(&name) && registry.feeds.len() >= limit {
            return Err(FeedError::TooMany { what: "feeds", limit });
        }
        let feed = registry.feeds.entry(name.clone()).or_insert_with(|| Feed::new(hello.clone()));
        feed.connection += 1;
        (feed.hello, feed.commands) = (hello, executor);
        (feed.connected, feed.heard) = (true, Instant::now());
        let feed = FeedHandle { feeds: self.clone(), connection: feed.connection, name };
        drop(registry);
        self.0.turn();
        self.0.cluster.event("feed", &feed.name, "connected");
        Ok(Connection { feed, commands })
    }

    /// How each feed is doing, by name.
    #[must_use]
    pub fn list(&self) -> Vec<FeedStatus> {
        self.0.registry.lock().feeds.values().map(Feed::status).collect()
    }

    /// Whether the state of the cluster is the present one: there is a feed, and every feed is
    /// connected and fresh.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        let registry = self.0.registry.lock();
        let mut all = registry.feeds.values().map(|feed| feed.status().is_fresh()).peekable();
        all.peek().is_some() && all.all(|fresh| fresh)
    }

    /// The cluster's version text and release name, from the first feed that tells one.
    #[must_use]
    pub fn cluster_version(&self) -> Option<(String, String)> {
        let registry = self.0.registry.lock();
        let mut hellos = registry.feeds.values().map(|feed| &feed.hello);
        let told = hellos.find(|hello| !hello.cluster_version.is_empty())?;
        Some((told.cluster_version.clone(), told.release_name.clone()))
    }

    /// Forgets a feed that is not connected, with all it told. Whether there was one.
    pub fn forget(&self, name: &str) -> bool {
        let mut registry = self.0.registry.lock();
        if registry.feeds.get(name).is_none_or(|feed| feed.connected) {
            return false;
        }
        let Some(feed) = registry.feeds.remove(name) else { return false };
        feed.documents.keys().for_each(|document| self.0.cluster.documents.remove(document));
        let gone = registry.daemons.extract_if(|_, owner| owner.feed == name);
        gone.for_each(|(id, _)| {
            self.0.cluster.daemons.remove(&id);
        });
        self.0.health.remove(Source::Feed(name.to_owned()));
        self.0.turn();
        true
    }

    /// Writes to the cluster log as `name`, such as `mgr.x`, and tells modules that listen for
    /// `clog`, as the cluster does for what is no mere debugging.
    pub fn write_log(&self, name: &str, channel: &str, priority: Priority, message: &str) {
        let entry = self.0.cluster.write_log(name, channel, priority, message);
        if priority >= Priority::Info {
            (self.0.notifier)("clog", serde_json::to_value(entry).unwrap_or_default());
        }
    }

    /// Has a command run on the cluster by the first feed, by name, that runs commands.
    pub async fn run(
        &self,
        command: ClusterCommand,
        timeout: Duration,
    ) -> Result<Outcome, ClusterCommandError> {
        let (name, executor) = self.executor().ok_or(ClusterCommandError::NoExecutor)?;
        executor.run(name, command, timeout).await
    }

    fn executor(&self) -> Option<(String, Executor)> {
        let registry = self.0.registry.lock();
        let mut connected = registry.feeds.values().filter(|feed| feed.connected);
        connected.find_map(|feed| Some((feed.hello.name.clone(), feed.commands.clone()?)))
    }
}

impl Inner {
    /// A feed may have become fresh, or stopped being fresh.
    pub(super) fn turn(&self) {
        self.turns.send_modify(|turns| *turns += 1);
    }
}

impl Feed {
    fn new(hello: Hello) -> Self {
        Self {
            hello,
            connection: 0,
            connected: false,
            heard: Instant::now(),
            documents: HashMap::new(),
            daemons: 0,
            checks_told: 0,
            commands: None,
        }
    }

    /// Ends the connection; commands that wait are given up.
    pub(super) fn disconnect(&mut self) {
        (self.connected, self.commands) = (false, None);
    }

    pub(super) fn status(&self) -> FeedStatus {
        FeedStatus {
            hello: self.hello.clone(),
            connected: self.connected,
            silent: self.heard.elapsed(),
            documents: self.documents.len(),
            daemons: self.daemons,
        }
    }
}

#[cfg(test)]
mod tests;
