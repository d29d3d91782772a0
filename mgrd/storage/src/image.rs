//! The content of a storage in memory, from which all reads are served.

use std::ops::Bound;

use parking_lot::RwLock;

use super::content::Content;
use super::entry::{Entry, Key};
use super::watch::Change;

/// The content, shared between the writer and any number of readers.
#[derive(Debug, Default)]
pub(super) struct Image(RwLock<Content>);

impl Image {
    pub(super) fn new(content: Content) -> Self {
        Self(RwLock::new(content))
    }

    pub(super) fn get(&self, key: &str) -> Option<Entry> {
        self.0.read().entries.get(key).cloned()
    }

    pub(super) fn range(&self, prefix: &str) -> Vec<(Key, Entry)> {
        let content = self.0.read();
        let from = (Bound::Included(prefix), Bound::Unbounded);
        let found = content.entries.range::<str, _>(from);
        found
            .take_while(|(key, _)| key.starts_with(prefix))
            .map(|(key, entry)| (Key::clone(key), entry.clone()))
            .collect()
    }

    pub(super) fn content(&self) -> Content {
        self.0.read().clone()
    }

    pub(super) fn revision(&self) -> u64 {
        self.0.read().revision
    }

    /// Shows other content; returns what differs, in the order of the keys.
    pub(super) fn replace(&self, content: Content) -> Vec<Change> {
        let mut now = self.0.write();
        let removed = now.entries.keys().filter(|key| !content.entries.contains_key(*key));
        let removed = removed.map(|key| (key, None, content.revision));
        let news =
            content.entries.iter().filter(|(key, entry)| now.entries.get(*key) != Some(entry));
        let news = news.map(|(key, entry)| (key, Some(entry.value.clone()), entry.revision));
        let change = |(key, value, revision)| Change { key: Key::clone(key), value, revision };
        let mut changes: Vec<_> = removed.chain(news).map(change).collect();
        changes.sort_by(|a, b| a.key.cmp(&b.key));
        *now = content;
        changes
    }

    /// Shows the changes of one batch to readers, all at once.
    pub(super) fn apply(&self, changes: &[Change]) {
        let mut content = self.0.write();
        for change in changes {
            content.revision = change.revision;
            match &change.value {
                Some(value) => {
                    let entry = Entry { value: value.clone(), revision: change.revision };
                    content.entries.insert(Key::clone(&change.key), entry);
                }
                None => {
                    content.entries.remove(&change.key);
                }
            }
        }
    }
}
