//! Whether a module is still the one that was described: a digest of all that runs it.

use std::ffi::OsString;
use std::fs::Metadata;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::FolderError;
use super::file::{self, FileError, Links};
use super::manifest::Manifest;

/// Grows when descriptions that were cached by an older `mgrd` must not be used any more.
const VERSION: &str = "mgrd description 1";

/// Why a module has no fingerprint.
#[derive(Debug, thiserror::Error)]
pub(in crate::module) enum FingerprintError {
    /// Nothing is known of the folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A folder cannot be listed.
    #[error("cannot list {path}: {source}")]
    List { path: PathBuf, source: io::Error },
    /// Too many files.
    #[error("{path} has more than {limit} entries (limits.module.folder_entries)")]
    TooMany { path: PathBuf, limit: usize },
}

/// A digest of the module's folder, of what runs it, and of how. The content of at most `bytes`
/// bytes of files is read; for the others, and for links, size and age stand in for it.
pub(super) fn fingerprint(
    folder: &Path,
    manifest: &Manifest,
    entries: usize,
    bytes: u64,
) -> Result<String, FingerprintError> {
    let mut digest = Parts(Sha256::new());
    digest.part(VERSION.as_bytes());
    for word in &manifest.exec {
        digest.part(word.as_bytes());
        // A program outside the folder is known by its size and age: reading it would take long.
        let outside = word.starts_with('/') && !Path::new(word).starts_with(folder);
        if let (true, Ok(metadata)) = (outside, std::fs::metadata(word)) {
            digest.stand_in(&metadata);
        }
    }
    for (name, value) in &manifest.env {
        digest.part(name.as_bytes());
        digest.part(value.as_bytes());
    }
    let mut left = bytes;
    for (relative, kind) in files(folder, entries)? {
        digest.part(relative.as_bytes());
        let path = folder.join(relative);
        match kind {
            Kind::Regular => digest.file(&path, &mut left)?,
            Kind::Link => digest.link(&path),
        }
    }
    Ok(digest.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Regular,
    Link,
}

/// The files of the folder that matter, by their relative paths in their order. Links are not
/// followed, and what is neither a file nor a link runs nothing.
fn files(root: &Path, limit: usize) -> Result<Vec<(OsString, Kind)>, FingerprintError> {
    let (mut files, mut folders, mut count) = (Vec::new(), vec![PathBuf::new()], 0);
    while let Some(folder) = folders.pop() {
        let path = root.join(&folder);
        let failed = |source| FingerprintError::List { path: path.clone(), source };
        for entry in std::fs::read_dir(&path).map_err(failed)? {
            count += 1;
            if count > limit {
                return Err(FingerprintError::TooMany { path: root.to_owned(), limit });
            }
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let left_behind = ["__pycache__", "node_modules", "target"];
            if name.as_bytes().starts_with(b".") || left_behind.iter().any(|left| name == *left) {
                continue;
            }
            let (kind, relative) = (entry.file_type().map_err(failed)?, folder.join(name));
            if kind.is_dir() {
                folders.push(relative);
            } else if kind.is_file() {
                files.push((relative.into_os_string(), Kind::Regular));
            } else if kind.is_symlink() {
                files.push((relative.into_os_string(), Kind::Link));
            }
        }
    }
    files.sort();
    Ok(files)
}

struct Parts(Sha256);

impl Parts {
    fn part(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    /// The size and age of a file.
    fn stand_in(&mut self, metadata: &Metadata) {
        self.part(&metadata.len().to_le_bytes());
        let age = i128::from(metadata.mtime()) * 1_000_000_000 + i128::from(metadata.mtime_nsec());
        self.part(&age.to_le_bytes());
    }

    /// The content of a file, if it fits into what is `left`.
    fn file(&mut self, path: &Path, left: &mut u64) -> Result<(), FileError> {
        let (mut file, metadata) = file::open(path, Links::Follow)?;
        let size = metadata.len();
        if size > *left {
            self.stand_in(&metadata);
            return Ok(());
        }
        *left -= size;
        self.0.update(size.to_le_bytes());
        let mut buffer = vec![0; 64 << 10];
        // No more than its size: a file that grows meanwhile has no end.
        let mut file = file.by_ref().take(size);
        loop {
            match file.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(read) => self.0.update(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => return Err(FileError::Read { path: path.to_owned(), source }),
            }
        }
    }

    /// Where a link leads, and the size and age of the file there.
    fn link(&mut self, path: &Path) {
        if let Ok(target) = std::fs::read_link(path) {
            self.part(target.as_os_str().as_bytes());
        }
        if let Ok(metadata) = std::fs::metadata(path)
            && metadata.is_file()
        {
            self.stand_in(&metadata);
        }
    }
}

#[cfg(test)]
mod tests;
