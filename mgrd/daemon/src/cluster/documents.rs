//! All documents, by name: put by feeds or by `mgrd` itself, read by everyone.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::RwLock;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::document::{Document, Newer};

/// The documents that describe the manager, and are therefore only ever `mgrd`'s own: what a
/// feed says under these names is about another manager, and is kept aside.
pub const OWN_DOCUMENTS: [&str; 3] = ["mgr_map", "config", "health"];

/// The document that lists the devices.
const DEVICES: &str = "devices";
/// How the name of one device's document begins.
const DEVICE: &str = "device ";

/// The document that a name's document is cut out of.
#[must_use]
pub fn source_of(name: &str) -> Option<&'static str> {
    name.starts_with(DEVICE).then_some(DEVICES)
}

/// How many names of removed documents are remembered for readers that look for changes.
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
    /// Stores what a feed says. Equal bytes are no change. Returns the document's version.
    pub fn put(&self, name: &str, json: Bytes) -> u64 {
        self.store(name, json, |slot| &mut slot.feed)
    }

    /// Stores what `mgrd` says, which readers see before anything a feed says under that name.
    pub fn put_own(&self, name: &str, json: Bytes) -> u64 {
        self.store(name, json, |slot| &mut slot.own)
    }

    /// Removes what a feed said.
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

    /// The current version of a document. `device <id>` is cut out of `devices`, `{}` if that
    /// does not list the device.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Document> {
        if let Some(document) = self.slots.read().by_name.get(name).and_then(|s| s.visible(name)) {
            return Some(document.clone());
        }
        let id = name.strip_prefix(DEVICE).filter(|id| !id.is_empty())?;
        self.get(DEVICES).map(|all| device(&all, id))
    }

    /// The current version, if it is not the one the reader has.
    #[must_use]
    pub fn get_if_newer(&self, name: &str, known: u64) -> Newer {
        match self.get(name) {
            None => Newer::Absent,
            Some(document) if document.version == known => Newer::Unchanged,
            Some(document) => Newer::Changed(document),
        }
    }

    /// What a feed said under a name that `mgrd` answers for itself, or any other.
    #[must_use]
    pub fn feed_document(&self, name: &str) -> Option<Document> {
        self.slots.read().by_name.get(name).and_then(|slot| slot.feed.clone())
    }

    /// The names of all documents there are, in order.
    #[must_use]
    pub fn names(&self) -> Vec<Arc<str>> {
        let slots = self.slots.read();
        let visible = slots.by_name.iter().filter(|(name, slot)| slot.visible(name).is_some());
        let mut names: Vec<_> = visible.map(|(name, _)| name.clone()).collect();
        names.sort_unstable();
        names
    }

    /// Tells of changes: the receiver holds the latest version, [`Self::changed_since`] says what
    /// changed. A slow reader misses intermediate versions, never the last.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.latest.subscribe()
    }

    /// The documents that changed or went after `version`, with the version of that change, oldest
    /// change first.
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
mod tests {
    use super::*;

    fn text(documents: &Documents, name: &str) -> Option<String> {
        documents.get(name).map(|d| String::from_utf8(d.json.to_vec()).unwrap())
    }

    #[test]
    fn equal_bytes_are_no_change() {
        let documents = Documents::default();
        let first = documents.put("osd_map", "{}".into());
        assert_eq!(documents.put("osd_map", "{}".into()), first);
        assert_eq!(documents.get_if_newer("osd_map", first), Newer::Unchanged);
        assert!(documents.put("osd_map", "{\"epoch\":2}".into()) > first);
        assert!(matches!(documents.get_if_newer("osd_map", first), Newer::Changed(_)));
        assert_eq!(documents.get_if_newer("osd_mop", 0), Newer::Absent);
    }

    #[test]
    fn what_a_feed_says_about_its_manager_is_never_shown_as_ours() {
        let documents = Documents::default();
        let mut latest = documents.subscribe();
        documents.put("mgr_map", "{\"active_name\":\"x\"}".into());
        assert_eq!(documents.get("mgr_map"), None);
        assert!(!latest.has_changed().unwrap());
        assert!(documents.names().is_empty());
        documents.put_own("mgr_map", "{\"active_name\":\"me\"}".into());
        assert!(latest.has_changed().unwrap());
        latest.mark_unchanged();
        documents.put("mgr_map", "{\"active_name\":\"y\"}".into());
        documents.remove("mgr_map");
        assert!(!latest.has_changed().unwrap());
        assert_eq!(text(&documents, "mgr_map").unwrap(), "{\"active_name\":\"me\"}");
    }

    #[test]
    fn our_word_stands_before_a_feeds_under_any_name() {
        let documents = Documents::default();
        documents.put_own("mgr_ips", "1".into());
        documents.put("mgr_ips", "2".into());
        assert_eq!(text(&documents, "mgr_ips").unwrap(), "1");
        assert_eq!(documents.feed_document("mgr_ips").unwrap().json, "2");
    }

    #[test]
    fn changes_are_told_with_removals_and_in_order() {
        let documents = Documents::default();
        documents.put("b", "1".into());
        let seen = documents.put("a", "1".into());
        documents.put("c", "1".into());
        documents.put("b", "2".into());
        documents.remove("a");
        let names: Vec<_> = documents.changed_since(seen).into_iter().map(|(n, _)| n).collect();
        assert_eq!(names, ["c".into(), "b".into(), "a".into()]);
        assert_eq!(*documents.subscribe().borrow(), documents.changed_since(seen)[2].1);
        assert_eq!(documents.get("a"), None);
    }

    #[test]
    fn names_of_removed_documents_do_not_pile_up() {
        let documents = Documents::default();
        for n in 0..5 * REMOVED_NAMES {
            documents.put(&format!("d{n}"), "1".into());
            documents.remove(&format!("d{n}"));
        }
        assert!(documents.slots.read().by_name.len() <= REMOVED_NAMES + 1);
    }

    #[test]
    fn one_device_is_cut_out_of_the_list() {
        let documents = Documents::default();
        assert_eq!(documents.get("device A1"), None);
        documents.put("devices", r#"{"devices":[{"devid":"A1","daemons":["osd.0"]}]}"#.into());
        let found = text(&documents, "device A1").unwrap();
        assert_eq!(found, r#"{"device":{"devid":"A1","daemons":["osd.0"]}}"#);
        assert_eq!(text(&documents, "device B2").unwrap(), "{}");
        assert_eq!(documents.get("device "), None);
    }
}
