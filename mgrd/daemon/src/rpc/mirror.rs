//! What a session's mirror of options and store is fed with.
//!
//! It is read straight from the watches of the storage, before anything else that waits for the
//! module: if a client sets an option and then runs a command, the module knows the option.

use std::future::ready;

use mgrd_proto::v1;
use mgrd_proto::v1::attach_response::Message as To;

use super::snapshot::Snapshot;
use crate::options::{OptionChanges, OptionEvent, Options};
use crate::store::{ModuleStore, StoreChanges, StoreEvent};

/// What one module has to know: a snapshot, and the changes since.
pub(super) struct Mirror {
    module: String,
    options: Options,
    store: ModuleStore,
    option_changes: OptionChanges,
    store_changes: StoreChanges,
    /// What is left of the snapshot that is being sent.
    snapshot: Option<Snapshot>,
    /// Whether the module knows the message of a part.
    takes_parts: bool,
}

impl Mirror {
    /// The changes from now on. Make it first, then take the snapshot.
    pub(super) fn new(
        module: &str,
        options: Options,
        store: ModuleStore,
        takes_parts: bool,
    ) -> Self {
        Self {
            module: module.to_owned(),
            option_changes: options.watch_module(module),
            store_changes: store.watch(),
            options,
            store,
            snapshot: None,
            takes_parts,
        }
    }

    /// A snapshot of what there is now.
    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot::new(&self.module, &self.options, self.store.clone())
    }

    /// Sends a snapshot, in parts, with the changes that come about meanwhile.
    pub(super) fn send_snapshot(&mut self) {
        self.snapshot = Some(self.snapshot());
    }

    /// The next change, or else the next part of a snapshot; `None` when storage is closed. Loses
    /// nothing if cancelled.
    pub(super) async fn next(&mut self) -> Option<To> {
        loop {
            tokio::select! {
                biased;
                event = self.option_changes.next() => match event? {
                    OptionEvent::Own { key, value, revision } => {
                        let options = vec![v1::Entry { key, value, revision }];
                        return Some(To::OptionsChanged(v1::OptionsChanged { options }));
                    }
                    OptionEvent::Other => {
                        return Some(To::OptionsChanged(v1::OptionsChanged::default()));
                    }
                    OptionEvent::Lagged => self.send_snapshot(),
                },
                event = self.store_changes.next() => match event? {
                    StoreEvent::Changed { key, value, revision } => {
                        let entries = vec![v1::Entry { key, value, revision }];
                        return Some(To::StoreChanged(v1::StoreChanged { entries }));
                    }
                    StoreEvent::Lagged => self.send_snapshot(),
                },
                // Last of these: with the last part the module knows every change until then.
                () = ready(()), if self.snapshot.is_some() => {
                    if let Some(part) = self.part() {
                        return Some(part);
                    }
                }
            }
        }
    }

    fn part(&mut self) -> Option<To> {
        let part = self.snapshot.as_mut()?.next();
        if part.last {
            self.snapshot = None;
        }
        Some(match self.takes_parts {
            true => To::Snapshot(part),
            false if part.options.is_empty() => {
                To::StoreChanged(v1::StoreChanged { entries: part.store })
            }
            false => To::OptionsChanged(v1::OptionsChanged { options: part.options }),
        })
    }
}

#[cfg(test)]
mod tests;
