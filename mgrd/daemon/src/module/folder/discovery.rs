//! Finding modules in the module path.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::timeout;

use super::complaints::Complaint;
use super::manifest::{Manifest, ManifestError};
use super::{FolderError, Folders, is_missing};

/// What the name of a module must be.
const NAMES: &str = "a module's name is made of letters, digits, '_' and '-', starts with a letter \
                     or '_', and has at most 64 characters";
/// Which of two modules is used.
const SAME_NAME: &str = "two modules have the same name, the first in the module path is used";

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
    let mut complaints = BTreeSet::new();
    let mut complain = |module: Option<&str>, text: String| {
        complaints.insert(Complaint { module: module.map(str::to_owned), text });
    };
    for found in all.into_iter().flatten() {
        let (folder, manifest) = match found {
            Ok(found) => found,
            Err(text) => {
                complain(None, text);
                continue;
            }
        };
        let Some(name) = module_name(&folder) else {
            complain(None, format!("{} is not used: {NAMES}", folder.display()));
            continue;
        };
        if let Some(first) = modules.get(&name) {
            let (hidden, first) = (folder.display(), first.folder.display());
            complain(Some(&name), format!("{hidden} is hidden by {first}: {SAME_NAME}"));
            continue;
        }
        if let Err(error) = &manifest {
            complain(Some(&name), format!("the module cannot be loaded: {error}"));
        }
        modules.insert(name.clone(), Found { name, folder, manifest });
    }
    folders.complaints.log(complaints);
    modules
}

/// The modules in the folder `dir` of the module path, in the order of their names. Each of them is
/// read by itself, so that one that hangs hides no other. An error says why there is none.
async fn inside(
    folders: &Folders,
    dir: &Path,
    patience: Duration,
) -> Vec<Result<(PathBuf, Result<Manifest, ManifestError>), String>> {
    let limit = folders.limits.folder_entries;
    let listed = within(patience, dir, folders.access.read(dir, move |dir| list(dir, limit))).await;
    let none =
        |error: &dyn Display| vec![Err(format!("no modules from {}: {error}", dir.display()))];
    let candidates = match listed {
        Ok(Ok(listed)) => listed,
        Ok(Err(error)) => return none(&error),
        Err(error) => return none(&error),
    };
    let look = async |folder: PathBuf| {
        let (runtimes, limit) = (folders.runtimes.clone(), folders.limits.manifest_bytes);
        let read = move |folder: &Path| {
            looks_like_module(folder).then(|| Manifest::read(folder, &runtimes, limit))
        };
        let found = within(patience, &folder, folders.access.read(&folder, read)).await;
        Some(Ok((folder, found.unwrap_or_else(|error| Some(Err(error.into())))?)))
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
    is_module_name(&name).then(|| name.into_owned())
}

fn is_module_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(allowed)
}

#[cfg(test)]
mod tests;
