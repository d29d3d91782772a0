//! What a session's mirror of options, store and counters is fed with.
//!
//! It is read straight from the watches of storage and cluster, before anything else that waits for
//! the module: whoever sets an option and then runs a command finds that the module knows.

use mgrd_proto::v1;
use mgrd_proto::v1::attach_response::Message as To;
use tokio::sync::watch;

use crate::host::Host;
use crate::module::Attached;
use crate::options::{OptionChanges, OptionEvent};
use crate::store::{StoreChanges, StoreEvent};

/// The changes that concern one module.
pub(super) struct Mirror {
    module: String,
    options: OptionChanges,
    store: StoreChanges,
    counters: watch::Receiver<u64>,
}

impl Mirror {
    /// The changes from now on. Make it first, then take the snapshot.
    pub(super) fn new(host: &Host, module: &str) -> Self {
        Self {
            module: module.to_owned(),
            options: host.options.watch_module(module),
            store: host.store.module(module).watch(),
            counters: host.cluster.daemons.watch_counters(),
        }
    }

    /// The next change; `None` when storage is closed. Loses nothing if cancelled.
    pub(super) async fn next(&mut self, host: &Host, session: &Attached) -> Option<To> {
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
            told = counters(&mut self.counters, session) => told,
        }
    }
}

/// Waits until counters change that the module has read.
async fn counters(changes: &mut watch::Receiver<u64>, session: &Attached) -> Option<To> {
    loop {
        changes.changed().await.ok()?;
        if session.counters_changed() {
            return Some(To::CountersChanged(v1::CountersChanged {}));
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
