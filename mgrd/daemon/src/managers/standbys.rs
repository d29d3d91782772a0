//! The standbys that are registered.

use std::collections::BTreeMap;

use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::watch;

use super::manager::Manager;

/// The standbys that are registered.
#[derive(Default)]
pub(super) struct Standbys {
    table: Mutex<Table>,
    version: watch::Sender<u64>,
}

#[derive(Default)]
struct Table {
    by_id: BTreeMap<String, Registered>,
    registrations: u64,
}

struct Registered {
    manager: Manager,
    registration: u64,
    dropped: watch::Sender<bool>,
}

impl Standbys {
    /// All of them, in the order of their names.
    pub(super) fn list(&self) -> Vec<Manager> {
        self.table.lock().by_id.values().map(|waiting| waiting.manager.clone()).collect()
    }

    /// Changes with every change of [`Self::list`].
    pub(super) fn version(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Adds a standby. Returns the number of its registration, and whether that is dropped; none if
    /// another standby has its name. A second registration of the same start replaces the first.
    pub(super) fn add(&self, manager: Manager) -> Option<(u64, watch::Receiver<bool>)> {
        let mut table = self.table.lock();
        let another = |waiting: &Registered| waiting.manager.gid != manager.gid;
        if table.by_id.get(&manager.id).is_some_and(another) {
            return None;
        }
        table.registrations += 1;
        let (registration, (dropped, drops)) = (table.registrations, watch::channel(false));
        let id = manager.id.clone();
        table.by_id.insert(id, Registered { manager, registration, dropped });
        drop(table);
        self.changed();
        Some((registration, drops))
    }

    /// Keeps what the modules of a standby offer, unless its registration was replaced.
    pub(super) fn set_modules(&self, id: &str, registration: u64, available: Value) {
        let mut table = self.table.lock();
        let Some(waiting) = table.by_id.get_mut(id) else { return };
        if waiting.registration == registration {
            waiting.manager.available_modules = available;
            drop(table);
            self.changed();
        }
    }

    /// Removes a standby, unless its registration was replaced.
    pub(super) fn remove(&self, id: &str, registration: u64) {
        let mut table = self.table.lock();
        if table.by_id.get(id).is_some_and(|waiting| waiting.registration == registration) {
            table.by_id.remove(id);
            drop(table);
            self.changed();
        }
    }

    /// Drops the registration of a standby.
    pub(super) fn drop_registration(&self, id: &str) {
        if let Some(waiting) = self.table.lock().by_id.remove(id) {
            waiting.dropped.send_replace(true);
        }
        self.changed();
    }

    fn changed(&self) {
        self.version.send_modify(|version| *version += 1);
    }
}
