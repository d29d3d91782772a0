//! All feeds: connect one, ask how they are doing, run a command on the cluster.

use std::sync::Arc;
use std::time::Duration;

use mgrd_command::Outcome;
use tokio::sync::watch;

use super::command::{ClusterCommand, ClusterCommandError, Executor};
use super::connection::{Connection, FeedHandle};
use super::error::FeedError;
use super::hello::Hello;
use super::limits::Limits;
use super::registry::Feed;
use super::shared::{Notifier, Shared};
use super::status::FeedStatus;
use crate::authority::Caller;
use crate::cluster::{Cluster, Priority};
use crate::health::{Health, Source};
use crate::text::line;

/// The longest name of a feed, in bytes.
const NAME_BYTES: usize = 64;

/// The feeds. A clone shares them.
#[derive(Clone)]
pub struct Feeds(Arc<Shared>);

impl Feeds {
    /// A set without feeds. Their data goes to `cluster`, `health` and `notifier`.
    #[must_use]
    pub fn new(cluster: Cluster, health: Health, notifier: Notifier, limits: Limits) -> Self {
        Self(Arc::new(Shared::new(cluster, health, notifier, limits)))
    }

    /// The limits of each feed.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Changes when a feed connects, disconnects, or sends again after it was stale. It does not
    /// change when a feed becomes stale: poll for that.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.0.freshness.subscribe()
    }

    /// Connects a feed. A second connection of the same name replaces the first one, and the data
    /// of the first one stays.
    pub fn connect(&self, mut hello: Hello) -> Result<Connection, FeedError> {
        let name = hello.name.clone();
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || name.len() > NAME_BYTES || !name.chars().all(fits) {
            return Err(FeedError::Name(line(&name, NAME_BYTES)));
        }
        for text in [&mut hello.cluster_version, &mut hello.release_name] {
            *text = line(text, self.0.cluster.limits.text_bytes);
        }
        let (executor, commands) = Executor::new(&self.0.limits);
        let executor = hello.commands.then_some(executor);
        let connection = self.0.registry.lock().feed(&hello)?.connect(hello, executor);
        self.0.freshness_changed();
        self.0.cluster.event("feed", &name, "connected");
        let feed = FeedHandle { shared: self.0.clone(), name, connection };
        Ok(Connection { feed, commands })
    }

    /// The status of each feed, by name.
    #[must_use]
    pub fn list(&self) -> Vec<FeedStatus> {
        self.0.registry.lock().feeds.values().map(Feed::status).collect()
    }

    /// Whether the state of the cluster is current: there is a feed, and every feed is connected
    /// and fresh.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        let registry = self.0.registry.lock();
        let mut all = registry.feeds.values().map(|feed| feed.status().is_fresh()).peekable();
        all.peek().is_some() && all.all(|fresh| fresh)
    }

    /// The version text and the release name of the cluster, from the first feed that has them.
    #[must_use]
    pub fn cluster_version(&self) -> Option<(String, String)> {
        let registry = self.0.registry.lock();
        let mut hellos = registry.feeds.values().map(|feed| &feed.hello);
        let hello = hellos.find(|hello| !hello.cluster_version.is_empty())?;
        Some((hello.cluster_version.clone(), hello.release_name.clone()))
    }

    /// Removes a feed that is not connected, and all its data. Returns whether there was one.
    pub fn forget(&self, name: &str) -> bool {
        let mut registry = self.0.registry.lock();
        if registry.feeds.get(name).is_none_or(|feed| feed.connected) {
            return false;
        }
        let Some(feed) = registry.feeds.remove(name) else { return false };
        feed.documents.keys().for_each(|document| self.0.drop_document(&registry, document));
        let gone = registry.daemons.extract_if(|_, owner| owner.feed == name);
        gone.for_each(|(id, _)| {
            self.0.cluster.daemons.remove(&id);
        });
        self.0.health.remove(Source::Feed(name.to_owned()));
        self.0.freshness_changed();
        true
    }

    /// Writes to the cluster log as `name`, such as `mgr.x`. Notifies the modules that listen for
    /// `clog`, except of debug entries, as Ceph does.
    pub fn write_log(&self, name: &str, channel: &str, priority: Priority, message: &str) {
        let entry = self.0.cluster.write_log(name, channel, priority, message);
        if priority >= Priority::Info {
            (self.0.notifier)("clog", serde_json::to_value(entry).unwrap_or_default());
        }
    }

    /// Runs a command on the cluster, through the first feed, by name, that runs commands.
    pub async fn run(
        &self,
        caller: Caller,
        command: ClusterCommand,
        timeout: Duration,
    ) -> Result<Outcome, ClusterCommandError> {
        let (name, executor) = self.executor().ok_or(ClusterCommandError::NoExecutor)?;
        executor.run(name, caller, command, timeout).await
    }

    fn executor(&self) -> Option<(String, Executor)> {
        let registry = self.0.registry.lock();
        let mut connected = registry.feeds.values().filter(|feed| feed.connected);
        connected.find_map(|feed| Some((feed.hello.name.clone(), feed.commands.clone()?)))
    }
}

#[cfg(test)]
mod tests;
