//! The backend in a data directory: the election is a lock file, the storage is a file beside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;

use super::durable::{Durable, Opened};
use super::file;
use super::lease::EmbeddedLease;
use super::lock::LockFile;
use super::place::Place;
use super::policy::EmbeddedPolicy;
use super::source::{self, Source};
use crate::backend::{Backend, Stored};
use crate::batch::Entries;
use crate::content::Content;
use crate::election::{Campaign, Election, Leader, Lease};
use crate::entry::{Entry, Key};
use crate::error::BackendError;
use crate::image::Image;

/// The storage, inside the data directory.
pub(super) const STORAGE_FILE: &str = "mgrd.redb";
/// The file whose lock the leader holds, inside the data directory.
pub(super) const LOCK_FILE: &str = "lock";

/// The backend in a data directory.
#[derive(Clone, Debug)]
pub struct EmbeddedBackend {
    data_dir: PathBuf,
    name: String,
    place: Arc<Place>,
    policy: EmbeddedPolicy,
}

impl EmbeddedBackend {
    /// The backend in `data_dir`, which must exist.
    #[must_use]
    pub fn new(data_dir: &Path, policy: EmbeddedPolicy) -> Self {
        let name = format!("data directory '{}'", data_dir.display());
        let place = Arc::new(Place::new(storage_file(data_dir)));
        Self { data_dir: data_dir.to_owned(), name, place, policy }
    }

    fn lock_file(&self) -> LockFile {
        LockFile::new(self.data_dir.join(LOCK_FILE))
    }
}

impl Backend for EmbeddedBackend {
    fn name(&self) -> &str {
        &self.name
    }

    fn initialise(&self) -> Result<(), BackendError> {
        file::create_if_missing(self.place.path()).map_err(BackendError::new)
    }

    fn inspect(&self) -> Result<Stored, BackendError> {
        source::in_file(Arc::clone(&self.place)).inspect().map_err(BackendError::new)
    }

    fn replace(&self, values: BTreeMap<String, Bytes>, revision: u64) -> Result<(), BackendError> {
        let opened =
            Durable::open(Box::new(source::in_file(Arc::clone(&self.place))), &Content::default());
        let Opened { mut durable, content, .. } = opened.map_err(BackendError::new)?;
        let revision = content.revision.max(revision) + 1;
        let mut entries: Entries =
            content.entries.keys().map(|key| (Key::clone(key), None)).collect();
        for (key, value) in values {
            entries.insert(key.into(), Some(Entry { value, revision }));
        }
        let written = durable.commit(&entries, revision, &Image::new(content));
        written.map_err(BackendError::new)
    }
}

impl Election for EmbeddedBackend {
    fn campaign(&self, candidate: &Leader) -> Campaign {
        let acquired = self.lock_file().acquire(candidate.clone());
        let (place, policy) = (Arc::clone(&self.place), self.policy.clone());
        place.look();
        Box::pin(async move {
            let lock = acquired.await.map_err(BackendError::new)?;
            Ok(Box::new(EmbeddedLease { lock, place, policy }) as Box<dyn Lease>)
        })
    }

    fn leader(&self) -> Option<Leader> {
        self.lock_file().leader()
    }
}

pub(super) fn storage_file(data_dir: &Path) -> PathBuf {
    data_dir.join(STORAGE_FILE)
}
