//! Keeps the store of each module within its limits.

use std::collections::HashMap;
use std::sync::Arc;

use mgrd_storage::{Storage, Usage};
use parking_lot::Mutex;

use super::error::StoreError;
use super::limits::StoreLimits;
use crate::limits_reached::reached;
use crate::module_limits::ModuleLimits;

/// The prefix of the keys of all modules. The name of the module follows.
const MODULES: &str = "mgr/";

/// Admits writes within the limits, and refuses others.
pub(super) struct Quota {
    limits: StoreLimits,
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
        own: Arc<ModuleLimits>,
    ) -> Self {
        Self { limits, own, storage, pending: Mutex::default() }
    }

    /// The limits of the store of a module.
    fn limits_of(&self, module: &str) -> StoreLimits {
        self.own.known(module).map_or(self.limits, |own| self.limits.with(&own))
    }

    /// Admits a write of a value of `value_bytes` bytes. `None` if the key belongs to no module: then
    /// there is no limit.
    pub(super) fn admit(
        &self,
        key: &str,
        value_bytes: usize,
    ) -> Result<Option<Admitted<'_>>, StoreError> {
        let Some(module) = module_of(key) else { return Ok(None) };
        let folder = folder(module);
        let mut pending = self.pending.lock();
        let before = self.storage.get(key).map(|entry| key.len() + entry.value.len());
        let growth = Usage {
            keys: usize::from(before.is_none()),
            bytes: (key.len() + value_bytes).saturating_sub(before.unwrap_or(0)),
        };
        let mut used = self.storage.usage(&folder);
        if let Some(more) = pending.get(&folder) {
            used.keys += more.keys;
            used.bytes += more.bytes;
        }
        // A write that does not grow the store is never refused, so that a store that exceeds its
        // limits can shrink.
        if growth != Usage::default() {
            self.check(module, key, value_bytes, used, growth)?;
        }
        let more = pending.entry(folder.clone()).or_default();
        more.keys += growth.keys;
        more.bytes += growth.bytes;
        Ok(Some(Admitted { quota: self, folder, growth }))
    }

    fn check(
        &self,
        module: &str,
        key: &str,
        value_bytes: usize,
        used: Usage,
        growth: Usage,
    ) -> Result<(), StoreError> {
        let full = |limit| reached(&format_args!("module '{module}'"), limit);
        let StoreLimits { store_bytes: bytes, store_keys: keys, store_value_bytes: one } =
            self.limits_of(module);
        let (module, key) = (module.to_owned(), key.to_owned());
        if value_bytes > one {
            full("limits.module.store_value_bytes");
            return Err(StoreError::ValueTooLarge { module, key, bytes: value_bytes, limit: one });
        }
        let wanted = used.bytes + growth.bytes;
        if growth.bytes > 0 && wanted > bytes {
            full("limits.module.store_bytes");
            return Err(StoreError::Full { module, key, bytes: wanted, limit: bytes });
        }
        if growth.keys > 0 && used.keys >= keys {
            full("limits.module.store_keys");
            return Err(StoreError::TooManyKeys { module, key, keys: used.keys, limit: keys });
        }
        Ok(())
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
