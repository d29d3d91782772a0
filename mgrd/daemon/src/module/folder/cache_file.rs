//! Files of the cache. Every process of the same user can write there, so a file is read like those of
//! a module.

use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::file::{self, FileError, Links};
use super::{FolderError, Folders};

/// Why a file of the cache is not used.
#[derive(Debug, thiserror::Error)]
pub(in crate::module) enum CacheError {
    /// Nothing is known of its folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is not what `mgrd` writes.
    #[error("{path} is not a file of the cache: {source}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// It cannot be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
}

impl Folders {
    /// What the file `path` of the cache holds, which has at most `limit` bytes; that limit comes
    /// from `setting`. None if there is no such file.
    pub(in crate::module) async fn cached<T: DeserializeOwned + Send + 'static>(
        &self,
        path: PathBuf,
        limit: u64,
        setting: &'static str,
    ) -> Result<Option<T>, CacheError> {
        let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
        let read = move |folder: &Path| {
            // If that fails, the cache is as useful as before.
            let _ = file::close_to_others(folder);
            let Some(text) = file::text(&path, Links::Refuse, limit, setting)? else {
                return Ok(None);
            };
            serde_json::from_str(&text).map_err(|source| CacheError::Parse { path, source })
        };
        self.access.read(&folder, read).await?
    }

    /// Writes the file `path` of the cache.
    pub(in crate::module) async fn cache<T: Serialize + Send + 'static>(
        &self,
        path: PathBuf,
        value: T,
    ) -> Result<(), CacheError> {
        let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
        let write = move |_: &Path| {
            let bytes = serde_json::to_vec(&value).map_err(io::Error::other);
            let written = bytes.and_then(|bytes| file::replace(&path, &bytes));
            written.map_err(|source| CacheError::Write { path, source })
        };
        self.access.read(&folder, write).await?
    }
}

#[cfg(test)]
mod tests;
