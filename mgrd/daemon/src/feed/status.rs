//! How a feed is doing.

use std::time::Duration;

use super::hello::Hello;

/// One feed, connected or not, at one time.
#[derive(Clone, Debug)]
pub struct FeedStatus {
    /// How it introduced itself.
    pub hello: Hello,
    /// Whether it is connected.
    pub connected: bool,
    /// The time since its last message.
    pub silent: Duration,
    /// The number of its documents.
    pub documents: usize,
    /// The number of its daemons.
    pub daemons: usize,
}

impl FeedStatus {
    /// Whether its data is the current state of the cluster.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.connected && self.hello.stale_after.is_none_or(|limit| self.silent <= limit)
    }

    /// The same in one word for people.
    #[must_use]
    pub fn condition(&self) -> &'static str {
        match (self.connected, self.is_fresh()) {
            (true, true) => "connected",
            (true, false) => "stale",
            (false, _) => "disconnected",
        }
    }
}
