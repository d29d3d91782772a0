//! Which feed sends which document and daemon, and how much each feed may send.

use std::collections::{BTreeMap, HashMap};

use tokio::time::Instant;

use super::command::Executor;
use super::error::FeedError;
use super::hello::Hello;
use super::limits::Limits;
use super::status::FeedStatus;
use super::weight::Weight;
use crate::cluster::{DaemonChange, DaemonId, OWN_DOCUMENTS};

/// One feed, connected or not.
pub(super) struct Feed {
    pub(super) hello: Hello,
    /// The number of its latest connection. Only this connection may send.
    pub(super) connection: u64,
    pub(super) connected: bool,
    pub(super) last_message: Instant,
    pub(super) documents: HashMap<String, FeedDocument>,
    pub(super) daemons: usize,
    /// The bytes of its daemons.
    pub(super) daemon_bytes: usize,
    /// The connection that sent its health checks.
    pub(super) checks_connection: u64,
    pub(super) commands: Option<Executor>,
}

/// A document of a feed.
pub(super) struct FeedDocument {
    bytes: usize,
    /// The connection that sent it last.
    pub(super) connection: u64,
}

/// The feed that a daemon belongs to.
pub(super) struct Owner {
    pub(super) feed: String,
    /// The connection that sent the daemon last.
    pub(super) connection: u64,
    pub(super) weight: Weight,
}

/// All feeds and what belongs to them.
pub(super) struct Registry {
    limits: Limits,
    name_bytes: usize,
    pub(super) feeds: BTreeMap<String, Feed>,
    pub(super) daemons: HashMap<DaemonId, Owner>,
}

impl Registry {
    /// A registry without feeds. `name_bytes` limits the name of a document.
    pub(super) fn new(limits: Limits, name_bytes: usize) -> Self {
        Self { limits, name_bytes, feeds: BTreeMap::new(), daemons: HashMap::new() }
    }

    /// The feed of this name, which is added if it is new.
    pub(super) fn feed(&mut self, hello: &Hello) -> Result<&mut Feed, FeedError> {
        let limit = self.limits.feeds;
        if !self.feeds.contains_key(&hello.name) && self.feeds.len() >= limit {
            return Err(FeedError::TooMany { what: "feeds", limit });
        }
        Ok(self.feeds.entry(hello.name.clone()).or_insert_with(|| Feed::new(hello.clone())))
    }

    /// The feed, if `connection` is its latest one.
    pub(super) fn latest(&mut self, name: &str, connection: u64) -> Option<&mut Feed> {
        self.feeds.get_mut(name).filter(|feed| feed.connection == connection)
    }

    /// Records that `feed` sends a document of `bytes` bytes.
    pub(super) fn claim_document(
        &mut self,
        feed: &str,
        name: &str,
        bytes: usize,
    ) -> Result<(), FeedError> {
        let limits = &self.limits;
        let has =
            |(other, it): &(&String, &Feed)| *other != feed && it.documents.contains_key(name);
        let about_manager = OWN_DOCUMENTS.contains(&name);
        if let Some((other, _)) = self.feeds.iter().find(has).filter(|_| !about_manager) {
            let (what, feed) = (format!("document '{name}'"), other.clone());
            return Err(FeedError::Taken { what, feed });
        }
        let Some(feed) = self.feeds.get_mut(feed) else { return Ok(()) };
        let documents = &mut feed.documents;
        if !documents.contains_key(name) && documents.len() >= limits.documents {
            return Err(FeedError::TooMany { what: "documents", limit: limits.documents });
        }
        let others = documents.iter().filter(|(other, _)| *other != name).map(|(_, it)| it.bytes);
        if name.len() > self.name_bytes || others.sum::<usize>() + bytes > limits.document_bytes {
            let what = format!("document '{}' with the feed's others", name.escape_debug());
            return Err(FeedError::TooLarge { what, limit: limits.document_bytes });
        }
        let document = FeedDocument { bytes, connection: feed.connection };
        documents.insert(name.to_owned(), document);
        Ok(())
    }

    /// Whether a feed has a document. Several may have those about the manager.
    pub(super) fn has_document(&self, name: &str) -> bool {
        self.feeds.values().any(|feed| feed.documents.contains_key(name))
    }

    /// Records that `feed` sends a daemon, or a change of it.
    pub(super) fn claim_daemon(
        &mut self,
        feed: &str,
        id: &DaemonId,
        change: &DaemonChange,
    ) -> Result<(), FeedError> {
        let limit = self.limits.daemon_bytes;
        let Some(sender) = self.feeds.get_mut(feed) else { return Ok(()) };
        let grown = |before: usize, after: usize, all: usize| {
            let all = all - before + after;
            if after > before && all > limit {
                let what = format!("daemon {id} with the feed's others");
                return Err(FeedError::TooLarge { what, limit });
            }
            Ok(all)
        };
        match self.daemons.get_mut(id) {
            Some(owner) if owner.feed == feed => {
                let weight = owner.weight.after(change);
                let (before, after) = (owner.weight.bytes(), weight.bytes());
                sender.daemon_bytes = grown(before, after, sender.daemon_bytes)?;
                (owner.connection, owner.weight) = (sender.connection, weight);
                return Ok(());
            }
            Some(owner) => {
                let (what, feed) = (format!("daemon {id}"), owner.feed.clone());
                return Err(FeedError::Taken { what, feed });
            }
            None => {}
        }
        if sender.daemons >= self.limits.daemons {
            let limit = self.limits.daemons;
            return Err(FeedError::TooMany { what: "daemons", limit });
        }
        let weight = Weight::default().after(change);
        sender.daemon_bytes = grown(0, weight.bytes(), sender.daemon_bytes)?;
        sender.daemons += 1;
        let owner = Owner { feed: feed.to_owned(), connection: sender.connection, weight };
        self.daemons.insert(id.clone(), owner);
        Ok(())
    }
}

impl Feed {
    fn new(hello: Hello) -> Self {
        Self {
            hello,
            connection: 0,
            connected: false,
            last_message: Instant::now(),
            documents: HashMap::new(),
            daemons: 0,
            daemon_bytes: 0,
            checks_connection: 0,
            commands: None,
        }
    }

    /// One of its daemons was removed.
    pub(super) fn lost(&mut self, daemon: &Owner) {
        self.daemons -= 1;
        self.daemon_bytes -= daemon.weight.bytes();
    }

    /// Starts the next connection and returns its number.
    pub(super) fn connect(&mut self, hello: Hello, commands: Option<Executor>) -> u64 {
        self.connection += 1;
        (self.hello, self.commands) = (hello, commands);
        (self.connected, self.last_message) = (true, Instant::now());
        self.connection
    }

    /// Ends the connection. Commands without an answer fail.
    pub(super) fn disconnect(&mut self) {
        (self.connected, self.commands) = (false, None);
    }

    pub(super) fn status(&self) -> FeedStatus {
        FeedStatus {
            hello: self.hello.clone(),
            connected: self.connected,
            silent: self.last_message.elapsed(),
            documents: self.documents.len(),
            daemons: self.daemons,
        }
    }
}
