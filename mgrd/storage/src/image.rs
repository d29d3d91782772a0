//! The content of a storage in memory, which serves all reads and watches.

use std::collections::HashMap;
use std::ops::Bound;

use imbl::ordmap::DiffItem;
use parking_lot::RwLock;

use super::content::Content;
use super::entry::{Entry, Key};
use super::page::Page;
use super::usage::{Usage, folders};
use super::watch::{Change, Watch, Watchers};

/// The weight of an entry of a page in addition to its key and value, so that a page of small entries
/// is also bounded.
const ENTRY_BYTES: usize = 32;

/// The content of a storage in memory, shared between the writer and any number of readers, and the
/// watches on it.
#[derive(Debug, Default)]
pub struct Image {
    shown: RwLock<Shown>,
    watchers: Watchers,
}

/// The content, and the usage of each of its folders.
#[derive(Debug, Default)]
struct Shown {
    content: Content,
    usage: HashMap<Box<str>, Usage>,
}

impl Image {
    pub(super) fn new(content: Content) -> Self {
        Self { shown: RwLock::new(Shown::new(content)), watchers: Watchers::default() }
    }

    pub(super) fn get(&self, key: &str) -> Option<Entry> {
        self.shown.read().content.entries.get(key).cloned()
    }

    pub(super) fn usage(&self, folder: &str) -> Usage {
        self.shown.read().usage.get(folder).copied().unwrap_or_default()
    }

    pub(super) fn page(&self, prefix: &str, after: &str, bytes: usize) -> Page {
        let shown = self.shown.read();
        let from = match after.starts_with(prefix) {
            true => Bound::Excluded(after),
            false => Bound::Included(prefix),
        };
        let found = shown.content.entries.range::<_, str>((from, Bound::Unbounded));
        let (mut page, mut room) = (Page::default(), bytes);
        for (key, entry) in found.take_while(|(key, _)| key.starts_with(prefix)) {
            let weight = key.len() + entry.value.len() + ENTRY_BYTES;
            if weight > room && !page.entries.is_empty() {
                page.more = true;
                break;
            }
            room = room.saturating_sub(weight);
            page.entries.push((Key::clone(key), entry.clone()));
        }
        page
    }

    pub(super) fn range(&self, prefix: &str) -> Vec<(Key, Entry)> {
        // The content is shared, so no writer waits until all has been read.
        let content = self.content();
        let from = (Bound::Included(prefix), Bound::Unbounded);
        let found = content.entries.range::<_, str>(from);
        found
            .take_while(|(key, _)| key.starts_with(prefix))
            .map(|(key, entry)| (Key::clone(key), entry.clone()))
            .collect()
    }

    pub(super) fn content(&self) -> Content {
        self.shown.read().content.clone()
    }

    pub(super) fn revision(&self) -> u64 {
        self.shown.read().content.revision
    }

    /// The changes, from now on, of all keys that begin with `prefix`.
    pub(super) fn watch(&self, prefix: &str) -> Watch {
        self.watchers.add(prefix)
    }

    /// Ends all watches.
    pub(super) fn close_watches(&self) {
        self.watchers.close();
    }

    /// Shows other content, and sends watchers what differs, in the order of the keys.
    ///
    /// What has many keys is compared and freed without the lock, because readers wait for it. Only
    /// the one writer of this image calls this.
    pub(super) fn replace(&self, content: Content) {
        let changes = self.changes_to(&content);
        let shown = Shown::new(content);
        let before = std::mem::replace(&mut *self.shown.write(), shown);
        drop(before);
        self.publish(&changes);
    }

    /// What differs in other content, in the order of the keys.
    pub(super) fn changes_to(&self, other: &Content) -> Vec<Change> {
        let (now, revision) = (self.content(), other.revision);
        let changes = now.entries.diff(&other.entries).map(|item| match item {
            DiffItem::Add(key, entry) | DiffItem::Update { new: (key, entry), .. } => {
                let value = Some(entry.value.clone());
                Change { key: Key::clone(key), value, revision: entry.revision }
            }
            DiffItem::Remove(key, _) => Change { key: Key::clone(key), value: None, revision },
        });
        changes.collect()
    }

    /// Shows the changes of one batch to readers, all at once, and then sends them to watchers.
    pub(super) fn apply(&self, changes: &[Change]) {
        self.show(changes);
        self.publish(changes);
    }

    /// Shows changes to readers.
    pub(super) fn show(&self, changes: &[Change]) {
        let mut shown = self.shown.write();
        for change in changes {
            shown.apply(change);
        }
    }

    /// Sends changes to watchers. Readers must already see them, so that a watcher that reads
    /// everything again in between misses nothing.
    pub(super) fn publish(&self, changes: &[Change]) {
        self.watchers.publish(changes);
    }
}

impl Shown {
    fn new(content: Content) -> Self {
        let mut usage: HashMap<Box<str>, Usage> = HashMap::new();
        for (key, entry) in &content.entries {
            for folder in folders(key) {
                usage.entry(folder.into()).or_default().add(key, entry);
            }
        }
        Self { content, usage }
    }

    fn apply(&mut self, Change { key, value, revision }: &Change) {
        self.content.revision = *revision;
        let now = value.clone().map(|value| Entry { value, revision: *revision });
        let before = match &now {
            Some(entry) => self.content.entries.insert(Key::clone(key), entry.clone()),
            None => self.content.entries.remove(key),
        };
        for folder in folders(key) {
            let mut usage = self.usage.remove(folder).unwrap_or_default();
            if let Some(before) = &before {
                usage.remove(key, before);
            }
            if let Some(now) = &now {
                usage.add(key, now);
            }
            if usage.keys > 0 {
                self.usage.insert(folder.into(), usage);
            }
        }
    }
}
