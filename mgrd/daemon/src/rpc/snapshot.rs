//! A snapshot of a module's options and store, made part by part as the module takes them.

use std::collections::VecDeque;

use mgrd_proto::v1;

use crate::options::Options;
use crate::store::{ModuleStore, Text};

/// How much is sent in one part, in bytes, unless a single entry has more.
const PART_BYTES: usize = 1 << 20;
/// The size of an entry without its key and value: at least its size in a message.
const ENTRY_BYTES: usize = 32;

/// What is left to send of a snapshot. Only the parts that are sent are read from storage, each
/// when it is sent: changes since the beginning may be in it, and come on the session as well.
pub(super) struct Snapshot {
    revision: u64,
    /// Those that are left.
    options: VecDeque<v1::Entry>,
    store: ModuleStore,
    /// The last key of the store that was sent.
    after: String,
}

impl Snapshot {
    /// Begins a snapshot. Watch first.
    pub(super) fn new(module: &str, options: &Options, store: ModuleStore) -> Self {
        let revision = store.revision();
        let options = options.module_snapshot(module).into_iter().map(entry).collect();
        Self { revision, options, store, after: String::new() }
    }

    /// The next part, with options or with keys of the store; there is none after the last.
    pub(super) fn next(&mut self) -> v1::Snapshot {
        let mut part = v1::Snapshot { revision: self.revision, ..v1::Snapshot::default() };
        let mut room = PART_BYTES;
        while let Some(weight) = self.options.front().map(weight)
            && (weight <= room || part.options.is_empty())
        {
            room = room.saturating_sub(weight);
            part.options.extend(self.options.pop_front());
        }
        if !part.options.is_empty() {
            return part;
        }
        let page = self.store.page(&self.after, PART_BYTES);
        if let Some((key, _)) = page.entries.last() {
            self.after.clone_from(key);
        }
        part.store = page.entries.into_iter().map(entry).collect();
        part.last = !page.more;
        part
    }

    /// All that is left, as one part; `None` if it has more than `bytes` bytes.
    pub(super) fn whole(mut self, bytes: usize) -> Option<v1::Snapshot> {
        let mut whole = v1::Snapshot::default();
        let mut room = bytes;
        while !whole.last {
            let part = self.next();
            let weight = part.options.iter().chain(&part.store).map(weight).sum();
            room = room.checked_sub(weight)?;
            whole.options.extend(part.options);
            whole.store.extend(part.store);
            whole.last = part.last;
        }
        Some(whole)
    }
}

fn weight(entry: &v1::Entry) -> usize {
    entry.key.len() + entry.value.as_ref().map_or(0, String::len) + ENTRY_BYTES
}

fn entry((key, (value, revision)): (String, Text)) -> v1::Entry {
    v1::Entry { key, value: Some(value), revision }
}
