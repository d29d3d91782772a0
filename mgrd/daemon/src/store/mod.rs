//! The store: keys and values. A module has its private keys under `mgr/<module>/`. The command
//! `config-key` reads and writes all keys.

mod changes;
mod error;
mod limits;
mod module_store;
mod quota;
mod reserved;
mod space;

#[cfg(test)]
mod tests;

pub use changes::{StoreChanges, StoreEvent};
pub use error::StoreError;
pub use limits::{KeyLimits, StoreLimits};
pub use module_store::{ModuleStore, Text};
pub use space::Store;
