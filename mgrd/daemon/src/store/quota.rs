//! Keeps the store of each module, and all other keys together, within their limits.

use std::collections::HashMap;
use std::sync::Arc;

use mgrd_storage::{Storage, Usage};
use parking_lot::Mutex;

use super::error::StoreError;
use super::limits::{KeyLimits, StoreLimits};
use crate::authority::Writer;
use crate::module_limits::ModuleLimits;

/// The prefix of the keys of all modules. The name of the module follows.
const MODULES: &str = "mgr/";

/// Where a key is, and so whose limits it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// In the store of this module.
    Module(&'a str),
    /// Below the prefix of the keys of modules, and in the store of none: the module is not installed, or not
    /// any more.
    Absent,
    /// Elsewhere.
    Others,
}

impl Place<'_> {
    /// The prefix of the keys. Those in a place with a longer prefix are not in this one.
    fn folder(self) -> String {
        match self {
            Self::Module(module) => folder(module),
            Self::Absent => MODULES.to_owned(),
            Self::Others => String::new(),
        }
    }

    /// These keys, in errors.
    fn group(self) -> &'static str {
        match self {
            Self::Module(_) => "keys in the store of the module",
            Self::Absent => "keys below 'mgr/' that are in the store of no module",
            Self::Others => "keys outside of 'mgr/'",
        }
    }
}

/// Admits writes within the limits, and refuses others.
pub(super) struct Quota {
    limits: StoreLimits,
    others: KeyLimits,
    own: Arc<ModuleLimits>,
    storage: Arc<dyn Storage>,
    /// How much each folder grows through unfinished writes. A write counts until readers see it, so
    /// that two writes cannot use the same free space.
    pending: Mutex<HashMap<String, Usage>>,
}

/// An admitted write. Keep it until the write has ended.
#[must_use]
pub(super) struct Admitted<'a> {
    quota: &'a Quota,
    folder: String,
    growth: Usage,
}

impl Quota {
    pub(super) fn new(
        storage: Arc<dyn Storage>,
        limits: StoreLimits,
        others: KeyLimits,
        own: Arc<ModuleLimits>,
    ) -> Self {
        Self { limits, others, own, storage, pending: Mutex::default() }
    }

    /// Where a key of a client is. What a module leaves when it is removed cannot fill the place of the others.
    pub(super) fn place_of<'a>(&self, key: &'a str) -> Place<'a> {
        match module_of(key) {
            Some(module) if self.own.is_module(module) => Place::Module(module),
            _ if key.starts_with(MODULES) => Place::Absent,
            _ => Place::Others,
        }
    }

    /// The limits of the store of a module.
    fn limits_of(&self, module: &str) -> StoreLimits {
        self.own.known(module).map_or(self.limits, |own| self.limits.with(&own))
    }

    /// Admits a write of a value of `value_bytes` bytes.
    pub(super) fn admit(
        &self,
        place: Place<'_>,
        writer: &Writer,
        key: &str,
        value_bytes: usize,
    ) -> Result<Admitted<'_>, StoreError> {
        let folder = place.folder();
        let mut pending = self.pending.lock();
        let before = self.storage.get(key).map(|entry| key.len() + entry.value.len());
        let growth = Usage {
            keys: usize::from(before.is_none()),
            bytes: (key.len() + value_bytes).saturating_sub(before.unwrap_or(0)),
        };
        // A write that does not grow the store is never refused, so that a store that exceeds its
        // limits can shrink.
        if growth != Usage::default() {
            let more = pending.get(&folder).copied().unwrap_or_default();
            let checked = self.check(place, writer, key, value_bytes, more, growth);
            checked.inspect_err(|error| {
                error.limit().into_iter().for_each(|limit| writer.reached(limit))
            })?;
        }
        let more = pending.entry(folder.clone()).or_default();
        more.keys += growth.keys;
        more.bytes += growth.bytes;
        Ok(Admitted { quota: self, folder, growth })
    }

    /// Checks the growth, in addition to that of unfinished writes.
    fn check(
        &self,
        place: Place<'_>,
        writer: &Writer,
        key: &str,
        value_bytes: usize,
        pending: Usage,
        growth: Usage,
    ) -> Result<(), StoreError> {
        let used = self.used(place);
        let used = Usage { keys: used.keys + pending.keys, bytes: used.bytes + pending.bytes };
        match place {
            Place::Module(module) => {
                self.check_module(module, writer, key, value_bytes, used, growth)
            }
            place => self.check_others(place, writer, key, used, growth),
        }
    }

    fn check_module(
        &self,
        module: &str,
        writer: &Writer,
        key: &str,
        value_bytes: usize,
        used: Usage,
        growth: Usage,
    ) -> Result<(), StoreError> {
        let StoreLimits { store_bytes: bytes, store_keys: keys, store_value_bytes: one } =
            self.limits_of(module);
        let (module, key) = (module.to_owned(), key.to_owned());
        if value_bytes > one {
            return Err(StoreError::ValueTooLarge { module, key, bytes: value_bytes, limit: one });
        }
        let (bytes, keys) = (writer.room(bytes), writer.room(keys));
        let wanted = used.bytes + growth.bytes;
        if growth.bytes > 0 && wanted > bytes.usable {
            return Err(StoreError::Full { module, key, bytes: wanted, limit: bytes });
        }
        if growth.keys > 0 && used.keys >= keys.usable {
            return Err(StoreError::TooManyKeys { module, key, keys: used.keys, limit: keys });
        }
        Ok(())
    }

    fn check_others(
        &self,
        place: Place<'_>,
        writer: &Writer,
        key: &str,
        used: Usage,
        growth: Usage,
    ) -> Result<(), StoreError> {
        let (bytes, keys) = (writer.room(self.others.bytes), writer.room(self.others.keys));
        let (key, group, wanted) = (key.to_owned(), place.group(), used.bytes + growth.bytes);
        if growth.bytes > 0 && wanted > bytes.usable {
            return Err(StoreError::OthersFull { key, group, bytes: wanted, limit: bytes });
        }
        if growth.keys > 0 && used.keys >= keys.usable {
            return Err(StoreError::TooManyOthers { key, group, keys: used.keys, limit: keys });
        }
        Ok(())
    }

    /// How much is in a place.
    fn used(&self, place: Place<'_>) -> Usage {
        let mut used = self.storage.usage(&place.folder());
        let mut without = |folder: &str| {
            let other = self.storage.usage(folder);
            used.keys = used.keys.saturating_sub(other.keys);
            used.bytes = used.bytes.saturating_sub(other.bytes);
        };
        match place {
            Place::Module(_) => {}
            Place::Absent => self.own.each_module(|module| without(&folder(module))),
            Place::Others => without(MODULES),
        }
        used
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        let mut pending = self.quota.pending.lock();
        if let Some(more) = pending.get_mut(&self.folder) {
            more.keys -= self.growth.keys;
            more.bytes -= self.growth.bytes;
            if *more == Usage::default() {
                pending.remove(&self.folder);
            }
        }
    }
}

/// The module that a key belongs to, if there is one.
pub(super) fn module_of(key: &str) -> Option<&str> {
    Some(key.strip_prefix(MODULES)?.split_once('/')?.0)
}

/// The prefix of the keys of a module.
pub(super) fn folder(module: &str) -> String {
    format!("{MODULES}{module}/")
}
