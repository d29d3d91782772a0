//! How large values and stores may be.

use serde::Deserialize;

use crate::limits::limits;
use crate::message_bytes;
use crate::module_limits::{Limit, OwnLimits, Settings};

/// The largest value, in bytes, that a client may set. A module may store larger values.
pub const COMMAND_VALUE_LIMIT: usize = 65536;

limits! {
    /// The limits of the store of each module. A store that already exceeds them can be read and shrunk.
    StoreLimits {
        /// Bytes of all keys and values in the store of one module; a write that exceeds it is refused.
        store_bytes: usize = 256 << 20,
        /// Keys in the store of one module; more are refused.
        store_keys: usize = 100_000,
        /// Bytes of one value in the store of a module; a larger one is refused. At most 64 MiB.
        #[serde(deserialize_with = "message_bytes::deserialize")]
        store_value_bytes: usize = 16 << 20,
    }
}

/// The limits of keys outside of the stores of modules: of those below `mgr/`, and of all others. What `mgrd`
/// itself keeps counts, and has other limits, so that it is never refused because of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct KeyLimits {
    /// Bytes of these keys and their values. A client's write that exceeds it is refused.
    pub bytes: usize,
    /// How many of them there may be. More of a client are refused.
    pub keys: usize,
}

impl Default for KeyLimits {
    fn default() -> Self {
        Self { bytes: 256 << 20, keys: 100_000 }
    }
}

impl StoreLimits {
    /// These limits with what is set for one module.
    #[must_use]
    pub(super) fn with(self, own: &OwnLimits) -> Self {
        Self {
            store_bytes: own.count(Limit::StoreBytes, self.store_bytes),
            store_keys: own.count(Limit::StoreKeys, self.store_keys),
            store_value_bytes: own.count(Limit::StoreValueBytes, self.store_value_bytes),
        }
    }

    /// All of them can be set for one module.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings::default()
            .with(Limit::StoreBytes, Some(self.store_bytes as u64))
            .with(Limit::StoreKeys, Some(self.store_keys as u64))
            .with(Limit::StoreValueBytes, Some(self.store_value_bytes as u64))
    }
}
