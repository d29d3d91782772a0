//! Changes of a module's keys, for the mirror in the module.

use mgrd_storage::{Watch, WatchEvent};

/// A change of a module's keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreEvent {
    /// A key was set or removed.
    Changed {
        /// The key, without the module's prefix.
        key: String,
        /// The new value. `None` if the key was removed.
        value: Option<String>,
        /// The revision of the write.
        revision: u64,
    },
    /// The reader was too slow and missed changes: read everything again.
    Lagged,
}

/// The changes of one module's keys, in order.
#[derive(Debug)]
pub struct StoreChanges {
    pub(super) watch: Watch,
    /// The length of the module's prefix.
    pub(super) prefix: usize,
}

impl StoreChanges {
    /// The next event. `None` when the storage is closed. Cancelling loses no event.
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
