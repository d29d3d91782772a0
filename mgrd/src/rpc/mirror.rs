//! What a session's mirror of options and store is fed with.
//!
//! It is read straight from the storage's watches, before anything else that waits for the module:
//! whoever sets an option and then runs a command finds that the module knows.

use mgrd_proto::v1;
use mgrd_proto::v1::attach_response::Message as To;

use crate::host::Host;
use crate::options::{OptionChanges, OptionEvent};
use crate::store::{StoreChanges, StoreEvent};

/// The changes that concern one module.
pub(super) struct Mirror {
    module: String,
    options: OptionChanges,
    store: StoreChanges,
}

impl Mirror {
    /// The changes from now on. Make it first, then take the snapshot.
    pub(super) fn new(host: &Host, module: &str) -> Self {
        Self {
            module: module.to_owned(),
            options: host.options.watch_module(module),
            store: host.store.module(module).watch(),
        }
    }

    /// The next change; `None` when storage is closed. Loses nothing if cancelled.
    pub(super) async fn next(&mut self, host: &Host) -> Option<To> {
        tokio::select! {
            biased;
            event = self.options.next() => Some(To::OptionsChanged(match event? {
                OptionEvent::Own { key, value, revision } => {
                    v1::OptionsChanged { options: vec![v1::Entry { key, value, revision }] }
                }
                OptionEvent::Other => v1::OptionsChanged::default(),
                OptionEvent::Lagged => v1::OptionsChanged { options: options(host, &self.module) },
            })),
            event = self.store.next() => Some(To::StoreChanged(match event? {
                StoreEvent::Changed { key, value, revision } => {
                    v1::StoreChanged { entries: vec![v1::Entry { key, value, revision }] }
                }
                StoreEvent::Lagged => v1::StoreChanged { entries: store(host, &self.module) },
            })),
        }
    }
}

/// All options of a module that have a value.
pub(super) fn options(host: &Host, module: &str) -> Vec<v1::Entry> {
    host.options.module_snapshot(module).into_iter().map(entry).collect()
}

/// The whole store of a module.
pub(super) fn store(host: &Host, module: &str) -> Vec<v1::Entry> {
    host.store.module(module).range("").into_iter().map(entry).collect()
}

fn entry((key, (value, revision)): (String, (String, u64))) -> v1::Entry {
    v1::Entry { key, value: Some(value), revision }
}
