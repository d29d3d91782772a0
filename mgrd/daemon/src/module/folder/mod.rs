//! The files of module folders and of the cache: what comes from them is bounded here, in one place.
//!
//! [`Folders`] answers what the rest of the daemon wants to know of them. It reads on threads that
//! may hang (`access`), takes regular files of a bounded size (`file`), and tells a failure that
//! passes (`passing`) from one that an operator must repair.

mod access;
mod cache_file;
mod complaints;
mod discovery;
mod file;
mod fingerprint;
mod limits;
mod manifest;
mod passing;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use access::Access;
pub use access::FolderError;
use complaints::Complaints;
pub(super) use discovery::Found;
pub(super) use fingerprint::FingerprintError;
pub use limits::FolderLimits;
pub use manifest::{Manifest, ManifestError, Runtimes};
pub(super) use passing::is_passing;

/// The folders of the module path.
#[derive(Debug)]
pub(super) struct Folders {
    access: Access,
    module_path: Vec<PathBuf>,
    runtimes: Arc<Runtimes>,
    limits: FolderLimits,
    complaints: Complaints,
}

impl Folders {
    pub(super) fn new(module_path: Vec<PathBuf>, runtimes: Runtimes, limits: FolderLimits) -> Self {
        let access = Access::new(limits.folder_reads, limits.folder_timeout);
        let runtimes = Arc::new(runtimes);
        Self { access, module_path, runtimes, limits, complaints: Complaints::default() }
    }

    /// All modules of the module path by name. Folders that do not answer within `patience` count
    /// as modules whose manifest is unknown.
    pub(super) async fn discover(&self, patience: Duration) -> BTreeMap<String, Found> {
        discovery::discover(self, patience).await
    }

    /// How to run the module in `folder`.
    pub(super) async fn manifest(&self, folder: &Path) -> Result<Manifest, ManifestError> {
        let (runtimes, limit) = (Arc::clone(&self.runtimes), self.limits.manifest_bytes);
        self.access.read(folder, move |folder| Manifest::read(folder, &runtimes, limit)).await?
    }

    /// A digest of the module in `folder`, and of what runs it.
    pub(super) async fn fingerprint(
        &self,
        folder: &Path,
        manifest: Arc<Manifest>,
    ) -> Result<String, FingerprintError> {
        let (entries, bytes) = (self.limits.folder_entries, self.limits.fingerprint_bytes);
        let digest =
            move |folder: &Path| fingerprint::fingerprint(folder, &manifest, entries, bytes);
        self.access.read(folder, digest).await?
    }

    /// Whether `folder` was removed. False if that is not known.
    pub(super) async fn is_gone(&self, folder: &Path) -> bool {
        let gone = |folder: &Path| !is_folder(folder).unwrap_or(true);
        self.access.read(folder, gone).await.unwrap_or(false)
    }
}

/// Whether there is such a folder.
fn is_folder(path: &Path) -> io::Result<bool> {
    match std::fs::metadata(path) {
        Ok(metadata) => Ok(metadata.is_dir()),
        Err(error) if is_missing(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
