//! Keys and values: the modules' private ones under `mgr/<module>/`, and the general space around
//! them that `config-key` shows.

mod changes;
mod error;
mod limits;
mod module_store;
mod quota;
mod space;

#[cfg(test)]
mod tests;

pub use changes::{StoreChanges, StoreEvent};
pub use error::StoreError;
pub use limits::StoreLimits;
pub use module_store::{ModuleStore, Text};
pub use space::Store;
