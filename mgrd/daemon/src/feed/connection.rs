//! The voice of one connected feed.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::Value;
use tokio::time::Instant;

use super::feeds::{Feed, FeedError, Feeds, Owner, Registry, ToldDocument};
use crate::cluster::{DaemonChange, DaemonId, LogEntry, OWN_DOCUMENTS};
use crate::health::{Checks, Source, feed_checks};

/// What a feed can say. Every call also says that it is still there. Each fails with
/// [`FeedError::TakenOver`] once a newer connection has the feed's name.
pub struct FeedHandle {
    pub(super) feeds: Feeds,
    pub(super) name: String,
    pub(super) connection: u64,
}

impl FeedHandle {
    /// The feed's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A document has this value, as JSON text. The checks of a `health` document, in Ceph's form,
    /// become the feed's health checks.
    pub fn put_document(&self, name: &str, json: Bytes) -> Result<(), FeedError> {
        let not_json = |why| FeedError::NotJson { name: name.to_owned(), why };
        if let Err(why) = serde_json::from_slice::<serde::de::IgnoredAny>(&json) {
            return Err(not_json(why.to_string()));
        }
        let checks = if name == "health" {
            let checks = feed_checks(&json);
            Some(
                checks
                    .ok_or_else(|| not_json("it must be {\"json\": \"…\"} with checks".into()))?,
            )
        } else {
            None
        };
        self.speak(|registry, feeds| {
            registry.claim_document(&self.name, name, json.len(), feeds)?;
            feeds.0.cluster.documents.put(name, json);
            Ok(())
        })?;
        checks.map_or(Ok(()), |checks| self.put_health_checks(checks))
    }

    /// A document is gone; one the feed never told is fine. With a `health` document go the feed's
    /// health checks.
    pub fn remove_document(&self, name: &str) -> Result<(), FeedError> {
        self.speak(|registry, feeds| {
            let feed = registry.feeds.get_mut(&self.name);
            if feed.and_then(|feed| feed.documents.remove(name)).is_some() {
                feeds.0.cluster.documents.remove(name);
                if name == "health" {
                    feeds.0.health.remove(Source::Feed(self.name.clone()));
                }
            }
            Ok(())
        })
    }

    /// A daemon is there, or its facts have changed.
    pub fn put_daemon(&self, id: &DaemonId, change: DaemonChange) -> Result<(), FeedError> {
        let limits = self.feeds.0.limits;
        let bytes =
            |map: &BTreeMap<String, String>| map.iter().map(|(k, v)| k.len() + v.len()).sum();
        let facts: [usize; 5] = [
            id.kind.len(),
            id.id.len(),
            change.hostname.as_ref().map_or(0, String::len),
            change.metadata.as_ref().map_or(0, bytes),
            change.status.as_ref().map_or(0, bytes),
        ];
        if facts.iter().sum::<usize>() > limits.fact_bytes {
            let what = format!("what is known of daemon {id}");
            return Err(FeedError::TooLarge { what, limit: limits.fact_bytes });
        }
        if change.schema.as_ref().is_some_and(|schema| schema.len() > limits.counters) {
            let (what, limit) = ("perf counters in one daemon", limits.counters);
            return Err(FeedError::TooMany { what, limit });
        }
        self.speak(|registry, feeds| {
            registry.claim_daemon(&self.name, id, feeds)?;
            feeds.0.cluster.daemons.put(id, change);
            Ok(())
        })
    }

    /// A daemon is gone; one the feed never told of is fine.
    pub fn remove_daemon(&self, id: &DaemonId) -> Result<(), FeedError> {
        self.speak(|registry, feeds| {
            if registry.daemons.get(id).is_some_and(|owner| owner.feed == self.name) {
                registry.daemons.remove(id);
                feeds.0.cluster.daemons.remove(id);
                if let Some(feed) = registry.feeds.get_mut(&self.name) {
                    feed.daemons -= 1;
                }
            }
            Ok(())
        })
    }

    /// New values of a daemon's counters, of the time `stamp` in seconds since 1970: one value for
    /// each counter of its schema, one count for each average among them.
    pub fn put_counters(
        &self,
        id: &DaemonId,
        stamp: f64,
        values: &[u64],
        counts: &[u64],
    ) -> Result<(), FeedError> {
        self.speak(|registry, feeds| {
            if registry.daemons.get(id).is_some_and(|owner| owner.feed != self.name) {
                registry.claim_daemon(&self.name, id, feeds)?;
            }
            Ok(feeds.0.cluster.daemons.put_counters(id, stamp, values, counts)?)
        })
    }

    /// Replaces the feed's whole set of health checks.
    pub fn put_health_checks(&self, checks: Checks) -> Result<(), FeedError> {
        self.speak(|registry, feeds| {
            if let Some(feed) = registry.feeds.get_mut(&self.name) {
                feed.checks_told = self.connection;
            }
            feeds.0.health.set(Source::Feed(self.name.clone()), checks);
            Ok(())
        })
    }

    /// Everything there is has been told on this connection: what was told on an earlier one, and
    /// not again, is gone.
    pub fn complete_snapshot(&self) -> Result<(), FeedError> {
        self.speak(|registry, feeds| {
            let cluster = &feeds.0.cluster;
            let Registry { feeds: all, daemons } = registry;
            let Some(feed) = all.get_mut(&self.name) else { return Ok(()) };
            for (name, _) in feed.documents.extract_if(|_, it| it.told != self.connection) {
                cluster.documents.remove(&name);
            }
            let old = |owner: &Owner| owner.feed == self.name && owner.told != self.connection;
            for (id, _) in daemons.extract_if(|_, owner| old(owner)) {
                cluster.daemons.remove(&id);
                feed.daemons -= 1;
            }
            if feed.checks_told != self.connection {
                feeds.0.health.remove(Source::Feed(self.name.clone()));
            }
            Ok(())
        })
    }

    /// Writes a line to the cluster log, and notifies modules that listen for `clog`.
    pub fn cluster_log(&self, entry: LogEntry) -> Result<(), FeedError> {
        self.speak(|_, feeds| {
            let entry = feeds.0.cluster.add_log(entry);
            (feeds.0.notifier)("clog", serde_json::to_value(entry).unwrap_or_default());
            Ok(())
        })
    }

    /// Tells the modules of something, such as `osd_map`, once everything said before is in place.
    pub fn notify(&self, kind: &str, id: Value) -> Result<(), FeedError> {
        self.speak(|_, feeds| {
            (feeds.0.notifier)(kind, id);
            Ok(())
        })
    }

    /// Nothing new, still here.
    pub fn heartbeat(&self) -> Result<(), FeedError> {
        self.speak(|_, _| Ok(()))
    }

    /// Does what the feed says while no newer connection can come between.
    fn speak(
        &self,
        say: impl FnOnce(&mut Registry, &Feeds) -> Result<(), FeedError>,
    ) -> Result<(), FeedError> {
        let mut registry = self.feeds.0.registry.lock();
        let feed = registry.feeds.get_mut(&self.name);
        let Some(feed) = feed.filter(|feed| feed.connection == self.connection) else {
            return Err(FeedError::TakenOver(self.name.clone()));
        };
        if !feed.status().is_fresh() {
            self.feeds.0.turn();
        }
        feed.heard = Instant::now();
        say(&mut registry, &self.feeds)
    }
}

impl Drop for FeedHandle {
    fn drop(&mut self) {
        let mut registry = self.feeds.0.registry.lock();
        let feed = registry.feeds.get_mut(&self.name);
        let Some(feed) = feed.filter(|feed| feed.connection == self.connection) else { return };
        feed.disconnect();
        drop(registry);
        self.feeds.0.turn();
        self.feeds.0.cluster.event("feed", &self.name, "disconnected; its last state stays");
    }
}

impl Registry {
    /// Makes room for a document of `bytes` bytes that `feed` tells.
    fn claim_document(
        &mut self,
        feed: &str,
        name: &str,
        bytes: usize,
        feeds: &Feeds,
    ) -> Result<(), FeedError> {
        let limits = &feeds.0.limits;
        let tells =
            |(other, it): &(&String, &Feed)| *other != feed && it.documents.contains_key(name);
        let about_manager = OWN_DOCUMENTS.contains(&name);
        if let Some((other, _)) = self.feeds.iter().find(tells).filter(|_| !about_manager) {
            let (what, feed) = (format!("document '{name}'"), other.clone());
            return Err(FeedError::Taken { what, feed });
        }
        let Some(feed) = self.feeds.get_mut(feed) else { return Ok(()) };
        let documents = &mut feed.documents;
        if !documents.contains_key(name) && documents.len() >= limits.documents {
            return Err(FeedError::TooMany { what: "documents", limit: limits.documents });
        }
        let others = documents.iter().filter(|(other, _)| *other != name).map(|(_, it)| it.bytes);
        if name.len() > feeds.0.cluster.limits.name_bytes
            || others.sum::<usize>() + bytes > limits.document_bytes
        {
            let what = format!("document '{}' with the feed's others", name.escape_debug());
            return Err(FeedError::TooLarge { what, limit: limits.document_bytes });
        }
        documents.insert(name.to_owned(), ToldDocument { bytes, told: feed.connection });
        Ok(())
    }

    /// Makes room for a daemon that `feed` tells of.
    fn claim_daemon(&mut self, feed: &str, id: &DaemonId, feeds: &Feeds) -> Result<(), FeedError> {
        let Some(teller) = self.feeds.get_mut(feed) else { return Ok(()) };
        match self.daemons.get_mut(id) {
            Some(owner) if owner.feed == feed => {
                owner.told = teller.connection;
                return Ok(());
            }
            Some(owner) => {
                let (what, feed) = (format!("daemon {id}"), owner.feed.clone());
                return Err(FeedError::Taken { what, feed });
            }
            None => {}
        }
        let limit = feeds.0.limits.daemons;
        if teller.daemons >= limit {
            return Err(FeedError::TooMany { what: "daemons", limit });
        }
        teller.daemons += 1;
        let owner = Owner { feed: feed.to_owned(), told: teller.connection };
        self.daemons.insert(id.clone(), owner);
        Ok(())
    }
}
