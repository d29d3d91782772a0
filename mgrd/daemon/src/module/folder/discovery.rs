//! Finding modules in the module path.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::timeout;

use super::manifest::{Manifest, ManifestError};
use super::{FolderError, Folders, is_missing};

/// A folder that is a module, whether or not it can be run.
#[derive(Debug)]
pub(in crate::module) struct Found {
    pub(in crate::module) name: String,
    pub(in crate::module) folder: PathBuf,
    pub(in crate::module) manifest: Result<Manifest, ManifestError>,
}

/// All modules of the module path by name. Of two with one name the first in the path wins.
pub(super) async fn discover(folders: &Folders, patience: Duration) -> BTreeMap<String, Found> {
    let mut modules: BTreeMap<String, Found> = BTreeMap::new();
    let all = join_all(folders.module_path.iter().map(|dir| inside(folders, dir, patience))).await;
    for (folder, manifest) in all.into_iter().flatten() {
        let Some(name) = module_name(&folder) else { continue };
        if let Some(first) = modules.get(&name) {
            tracing::warn!(
                module = name,
                "{} is hidden by {}: two modules have the same name, the first in the module path \
                 is used",
                folder.display(),
                first.folder.display()
            );
            continue;
        }
        if let Err(error) = &manifest {
            tracing::warn!(module = name, "the module cannot be loaded: {error}");
        }
        modules.insert(name.clone(), Found { name, folder, manifest });
    }
    modules
}

/// The modules in the folder `dir` of the module path, in the order of their names. Each of them is
/// read by itself, so that one that hangs hides no other.
async fn inside(
    folders: &Folders,
    dir: &Path,
    patience: Duration,
) -> Vec<(PathBuf, Result<Manifest, ManifestError>)> {
    let limit = folders.limits.folder_entries;
    let listed = within(patience, dir, folders.access.read(dir, move |dir| list(dir, limit))).await;
    let candidates = match listed {
        Ok(Ok(listed)) => listed,
        Ok(Err(error)) => {
            tracing::warn!("no modules from {}: {error}", dir.display());
            return Vec::new();
        }
        Err(error) => {
            tracing::warn!("no modules from {}: {error}", dir.display());
            return Vec::new();
        }
    };
    let look = async |folder: PathBuf| {
        let (runtimes, limit) = (folders.runtimes.clone(), folders.limits.manifest_bytes);
        let read = move |folder: &Path| {
            looks_like_module(folder).then(|| Manifest::read(folder, &runtimes, limit))
        };
        let found = within(patience, &folder, folders.access.read(&folder, read)).await;
        Some((folder, found.unwrap_or_else(|error| Some(Err(error.into())))?))
    };
    join_all(candidates.into_iter().map(look)).await.into_iter().flatten().collect()
}

/// Waits no longer than `patience` for what is read from `folder`.
async fn within<T>(
    patience: Duration,
    folder: &Path,
    reading: impl Future<Output = Result<T, FolderError>>,
) -> Result<T, FolderError> {
    let silent = || FolderError::Silent { folder: folder.to_owned(), limit: patience };
    timeout(patience, reading).await.unwrap_or_else(|_| Err(silent()))
}

/// The folders in `dir`, in the order of their names; of more than `limit` entries the rest is left
/// out.
fn list(dir: &Path, limit: usize) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for (count, entry) in std::fs::read_dir(dir)?.enumerate() {
        if count >= limit {
            tracing::warn!(
                "{} has more than {limit} entries (limits.module.folder_entries): some of its \
                 modules may be left out",
                dir.display()
            );
            break;
        }
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() || kind.is_symlink() {
            folders.push(std::path::absolute(entry.path())?);
        }
    }
    folders.sort();
    Ok(folders)
}

/// Whether `folder` has a file of a module, of any kind. A folder that cannot be
/// read counts, too, because the reason is then shown.
fn looks_like_module(folder: &Path) -> bool {
    let there = |name: &str| match std::fs::symlink_metadata(folder.join(name)) {
        Ok(_) => true,
        Err(error) => !is_missing(&error),
    };
    there("module.toml") || there("module.py")
}

/// The module's name, if the folder's name can be one.
fn module_name(folder: &Path) -> Option<String> {
    let name = folder.file_name()?.to_string_lossy();
    if is_module_name(&name) {
        return Some(name.into_owned());
    }
    tracing::warn!(
        "{} is not used: a module's name is made of letters, digits, '_' and '-', starts with a \
         letter or '_', and has at most 64 characters",
        folder.display()
    );
    None
}

fn is_module_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(allowed)
}

#[cfg(test)]
mod tests;
