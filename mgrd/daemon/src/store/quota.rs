//! How much the store of each module may hold.

use std::collections::HashMap;
use std::sync::Arc;

use mgrd_storage::{Storage, Usage};
use parking_lot::Mutex;

use super::error::StoreError;
use super::limits::StoreLimits;

/// The parts of the key space that belong to modules begin with this, and the module's name.
const MODULES: &str = "mgr/";

/// Admits the writes that fit.
pub(super) struct Quota {
    limits: StoreLimits,
    storage: Arc<dyn Storage>,
    /// By how much the folders grow with the writes that are under way. A write counts from before
    /// it is committed until after readers see it, so that no two of them fill the same space.
    under_way: Mutex<HashMap<String, Usage>>,
}

/// A write that was admitted. Keep it until the write has ended.
#[must_use]
pub(super) struct Admitted<'a> {
    quota: &'a Quota,
    folder: String,
    growth: Usage,
}

impl Quota {
    pub(super) fn new(storage: Arc<dyn Storage>, limits: StoreLimits) -> Self {
        Self { limits, storage, under_way: Mutex::default() }
    }

    /// Admits setting `key` to a value of so many bytes; `None` if it belongs to no module, so that
    /// no limit is known for it.
    pub(super) fn admit(
        &self,
        key: &str,
        value_bytes: usize,
    ) -> Result<Option<Admitted<'_>>, StoreError> {
        let Some(module) = module_of(key) else { return Ok(None) };
        let folder = folder(module);
        let mut under_way = self.under_way.lock();
        let before = self.storage.get(key).map(|entry| key.len() + entry.value.len());
        let growth = Usage {
            keys: usize::from(before.is_none()),
            bytes: (key.len() + value_bytes).saturating_sub(before.unwrap_or(0)),
        };
        let mut used = self.storage.usage(&folder);
        if let Some(more) = under_way.get(&folder) {
            used.keys += more.keys;
            used.bytes += more.bytes;
        }
        // What does not grow is never refused, so that a store that exceeds its limits can shrink.
        if growth != Usage::default() {
            self.check(module, key, value_bytes, used, growth)?;
        }
        let more = under_way.entry(folder.clone()).or_default();
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
        let (module, key) = (module.to_owned(), key.to_owned());
        let StoreLimits { bytes, keys, value_bytes: one } = self.limits;
        if value_bytes > one {
            return Err(StoreError::ValueTooLarge { module, key, bytes: value_bytes, limit: one });
        }
        let wanted = used.bytes + growth.bytes;
        if growth.bytes > 0 && wanted > bytes {
            return Err(StoreError::Full { module, key, bytes: wanted, limit: bytes });
        }
        if growth.keys > 0 && used.keys >= keys {
            return Err(StoreError::TooManyKeys { module, key, keys: used.keys, limit: keys });
        }
        Ok(())
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        let mut under_way = self.quota.under_way.lock();
        if let Some(more) = under_way.get_mut(&self.folder) {
            more.keys -= self.growth.keys;
            more.bytes -= self.growth.bytes;
            if *more == Usage::default() {
                under_way.remove(&self.folder);
            }
        }
    }
}

/// The module to which a key belongs, if any.
pub(super) fn module_of(key: &str) -> Option<&str> {
    Some(key.strip_prefix(MODULES)?.split_once('/')?.0)
}

/// Where the keys of a module begin.
pub(super) fn folder(module: &str) -> String {
    format!("{MODULES}{module}/")
}
