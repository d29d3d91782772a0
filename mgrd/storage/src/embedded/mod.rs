//! The backend for the managers of one host: a data directory with a storage file and a lock file.
//!
//! The file is a database that one process has open, and that one thread writes; see `writer`.

mod backend;
mod device;
mod durable;
mod error;
mod examine;
mod file;
mod lease;
mod lock;
mod mark;
mod place;
mod policy;
mod recent;
mod repair;
mod room;
mod source;
mod stop;
mod storage;
mod tables;
mod trial;
mod unsynced;
mod writer;

pub use backend::EmbeddedBackend;
pub use error::{Damage, FileError};
pub use policy::EmbeddedPolicy;
pub use storage::EmbeddedStorage;

#[cfg(test)]
mod tests;
