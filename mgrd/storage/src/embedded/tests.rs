//! The promises of the embedded backend.

mod commits;
mod conformance;
mod crashes;
mod disk;
mod files;
mod known;
mod model;
mod recent;
mod space;
mod syncs;
mod torture;

use std::path::Path;
use std::sync::Arc;

use super::backend::{LOCK_FILE, STORAGE_FILE, storage_file};
use super::error::FileError;
use super::place::Place;
use super::*;
use crate::backend::Backend;
use crate::content::{Content, Known};
use crate::error::{CommitError, StorageFault};
use crate::storage::Storage;
use crate::transaction::{Committed, Precondition, Transaction};
use crate::watch::{Change, WatchEvent};

/// The place of a storage file.
fn place(path: &Path) -> Arc<Place> {
    Arc::new(Place::new(path.to_owned()))
}

/// Opens the storage in a file, or creates it.
fn open(path: &Path) -> Result<EmbeddedStorage, FileError> {
    EmbeddedStorage::open(&place(path), Known::default())
}

/// Commits one key.
async fn put(storage: &EmbeddedStorage, key: &str, value: &str) -> Result<Committed, CommitError> {
    storage.commit(Transaction::new().put(key, value.to_owned())).await
}

/// All content as text.
fn content(storage: &EmbeddedStorage) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let all = storage.range("");
    all.into_iter().map(|(key, entry)| (key.to_string(), text(&entry.value))).collect()
}
