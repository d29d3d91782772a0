//! Changes of a module's keys, for its mirror.

use mgrd_storage::{Watch, WatchEvent};

/// What happened to a module's keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreEvent {
    /// A key was set, or removed if there is no value.
    Changed {
        /// The key, without the module's prefix.
        key: String,
        /// Its new value.
        value: Option<String>,
        /// The revision of the write.
        revision: u64,
    },
    /// Changes were dropped because the watcher was too slow: read everything again.
    Lagged,
}

/// The changes of one module's keys, in order.
#[derive(Debug)]
pub struct StoreChanges {
    pub(super) watch: Watch,
    /// Length of the module's prefix.
    pub(super) prefix: usize,
}

impl StoreChanges {
    /// The next event; `None` when the storage is closed. Loses nothing if cancelled.
    pub async fn next(&mut self) -> Option<StoreEvent> {
        Some(match self.watch.next().await? {
            WatchEvent::Lagged => StoreEvent::Lagged,
            WatchEvent::Change(change) => StoreEvent::Changed {
                key: change.key[self.prefix..].to_owned(),
                value: change.value.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
                revision: change.revision,
            },
        })
    }
}
