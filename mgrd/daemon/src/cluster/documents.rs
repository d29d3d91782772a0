//! All documents, by name. Feeds and `mgrd` itself write them.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::RwLock;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::document::{Document, Newer};

/// The documents that describe the manager. Only `mgrd` writes them: a document of a feed with one of
/// these names is about another manager, and is stored separately.
pub const OWN_DOCUMENTS: [&str; 3] = ["mgr_map", "config", "health"];

/// The document that lists the devices.
const DEVICES: &str = "devices";
/// The prefix of the name of one device's document.
const DEVICE: &str = "device ";

/// The document that contains the document `name`, if there is one.
#[must_use]
pub fn source_of(name: &str) -> Option<&'static str> {
    name.starts_with(DEVICE).then_some(DEVICES)
}

/// The number of removed names that are kept for readers that ask for changes.
const REMOVED_NAMES: usize = 1024;

#[derive(Default)]
struct Slot {
    feed: Option<Document>,
    own: Option<Document>,
    /// The version of the last change that readers could see.
    changed: u64,
}

impl Slot {
    fn visible(&self, name: &str) -> Option<&Document> {
        if OWN_DOCUMENTS.contains(&name) {
            self.own.as_ref()
        } else {
            self.own.as_ref().or(self.feed.as_ref())
        }
    }
}

#[derive(Default)]
struct Slots {
    by_name: HashMap<Arc<str>, Slot>,
    version: u64,
}

/// The documents of the cluster.
pub struct Documents {
    slots: RwLock<Slots>,
    latest: watch::Sender<u64>,
}

impl Default for Documents {
    fn default() -> Self {
        Self { slots: RwLock::default(), latest: watch::Sender::new(0) }
    }
}

impl Documents {
    /// Stores a document of a feed and returns its version. Equal bytes are not a change.
    pub fn put(&self, name: &str, json: Bytes) -> u64 {
        self.store(name, json, |slot| &mut slot.feed)
    }

    /// Stores a document of `mgrd` itself. Readers see it instead of a feed's document of that name.
    pub fn put_own(&self, name: &str, json: Bytes) -> u64 {
        self.store(name, json, |slot| &mut slot.own)
    }

    /// Removes a document of a feed.
    pub fn remove(&self, name: &str) {
        let mut slots = self.slots.write();
        let next = slots.version + 1;
        let Some(slot) = slots.by_name.get_mut(name) else { return };
        let before = slot.visible(name).map(|d| d.version);
        slot.feed = None;
        if slot.visible(name).map(|d| d.version) != before {
            slot.changed = next;
            slots.version = next;
            self.latest.send_replace(next);
        }
        slots.forget_removed();
    }

    fn store(
        &self,
        name: &str,
        json: Bytes,
        side: impl Fn(&mut Slot) -> &mut Option<Document>,
    ) -> u64 {
        let mut slots = self.slots.write();
        let next = slots.version + 1;
        if !slots.by_name.contains_key(name) {
            slots.by_name.insert(name.into(), Slot::default());
        }
        let Some(slot) = slots.by_name.get_mut(name) else { return next };
        if let Some(same) = side(slot).as_ref().filter(|d| d.json == json) {
            return same.version;
        }
        *side(slot) = Some(Document { version: next, json });
        let seen = slot.visible(name).is_some_and(|d| d.version == next);
        if seen {
            slot.changed = next;
        }
        slots.version = next;
        if seen {
            self.latest.send_replace(next);
        }
        next
    }

    /// The current version of a document. `device <id>` is one entry of the document `devices`, or
    /// `{}` if the device is not in it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Document> {
        if let Some(document) = self.slots.read().by_name.get(name).and_then(|s| s.visible(name)) {
            return Some(document.clone());
        }
        let id = name.strip_prefix(DEVICE).filter(|id| !id.is_empty())?;
        self.get(DEVICES).map(|all| device(&all, id))
    }

    /// The current version, if it differs from the version `known`.
    #[must_use]
    pub fn get_if_newer(&self, name: &str, known: u64) -> Newer {
        match self.get(name) {
            None => Newer::Absent,
            Some(document) if document.version == known => Newer::Unchanged,
            Some(document) => Newer::Changed(document),
        }
    }

    /// The document of a feed, even if readers see the one of `mgrd` instead.
    #[must_use]
    pub fn feed_document(&self, name: &str) -> Option<Document> {
        self.slots.read().by_name.get(name).and_then(|slot| slot.feed.clone())
    }

    /// The names of all documents, in order.
    #[must_use]
    pub fn names(&self) -> Vec<Arc<str>> {
        let slots = self.slots.read();
        let visible = slots.by_name.iter().filter(|(name, slot)| slot.visible(name).is_some());
        let mut names: Vec<_> = visible.map(|(name, _)| name.clone()).collect();
        names.sort_unstable();
        names
    }

    /// The latest version. [`Self::changed_since`] lists what changed. A slow reader can miss
    /// versions in between, but not the last one.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.latest.subscribe()
    }

    /// The documents that changed or were removed after `version`, with the version of that change,
    /// oldest change first.
    #[must_use]
    pub fn changed_since(&self, version: u64) -> Vec<(Arc<str>, u64)> {
        let slots = self.slots.read();
        let changed = slots.by_name.iter().filter(|(_, slot)| slot.changed > version);
        let mut changes: Vec<_> = changed.map(|(name, s)| (name.clone(), s.changed)).collect();
        changes.sort_unstable_by_key(|&(_, changed)| changed);
        changes
    }
}

impl Slots {
    fn forget_removed(&mut self) {
        let gone = |slot: &Slot| slot.feed.is_none() && slot.own.is_none();
        if self.by_name.values().filter(|slot| gone(slot)).count() > REMOVED_NAMES {
            self.by_name.retain(|_, slot| !gone(slot));
        }
    }
}

fn device(all: &Document, id: &str) -> Document {
    let list = all.value();
    let found = list["devices"].as_array().into_iter().flatten().find(|d| d["devid"] == id);
    let value = found.map_or_else(|| json!({}), |device: &Value| json!({ "device": device }));
    Document { version: all.version, json: value.to_string().into() }
}

#[cfg(test)]
mod tests;
