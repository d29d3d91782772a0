//! Changes of options, for the mirrors of modules.

use mgrd_storage::{Change, Watch, WatchEvent};

use super::handle::{Options, PREFIX};
use super::section::Section;

/// A change of options that this manager reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionEvent {
    /// An option of the module.
    Own {
        /// `<option>` or `<mgr id>/<option>`.
        key: String,
        /// The value that now applies. `None` if it is no longer set.
        value: Option<String>,
        /// The revision of the change.
        revision: u64,
    },
    /// Another option, of the manager or of another module.
    Other,
    /// The reader was too slow and missed changes: read the snapshot again.
    Lagged,
}

/// The changes of the options that concern one module, in order.
pub struct OptionChanges {
    options: Options,
    watch: Watch,
    /// `mgr/<module>/`.
    prefix: String,
    module: String,
}

impl Options {
    /// All changes from now on. Watch first, then read the snapshot.
    #[must_use]
    pub fn watch_module(&self, module: &str) -> OptionChanges {
        OptionChanges {
            options: self.clone(),
            watch: self.storage.watch(PREFIX),
            prefix: format!("mgr/{module}/"),
            module: module.to_owned(),
        }
    }
}

impl OptionChanges {
    /// The next event. `None` when the storage is closed. Cancelling loses no event.
    pub async fn next(&mut self) -> Option<OptionEvent> {
        loop {
            match self.watch.next().await? {
                WatchEvent::Lagged => return Some(OptionEvent::Lagged),
                WatchEvent::Change(change) => {
                    if let Some(event) = self.event(&change) {
                        return Some(event);
                    }
                }
            }
        }
    }

    fn event(&self, change: &Change) -> Option<OptionEvent> {
        let (section, name) = Section::split_key(&change.key[PREFIX.len()..])?;
        if !Section::daemon("mgr", self.options.mgr_id()).layers().contains(&section) {
            return None;
        }
        let Some(key) = name.strip_prefix(&self.prefix) else { return Some(OptionEvent::Other) };
        // The value read here can be newer than this change. Then it comes twice, which is harmless.
        let now = self.options.module_option(&self.module, key);
        let revision = now.as_ref().map_or(0, |(_, set)| *set).max(change.revision);
        let value = now.map(|(value, _)| value);
        Some(OptionEvent::Own { key: key.to_owned(), value, revision })
    }
}
