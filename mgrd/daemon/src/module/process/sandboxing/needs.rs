//! What a module needs of a folder that it no longer sees.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The entries of `folder` in which there is something of `needed`. Each stays as a whole, because what
/// is needed may be more than is known, such as the libraries beside an interpreter.
pub(super) fn in_folder(folder: &Path, needed: &[PathBuf]) -> BTreeSet<PathBuf> {
    let real = |path: &PathBuf| std::fs::canonicalize(path).ok();
    let paths = needed.iter().cloned().chain(needed.iter().filter_map(real));
    // A path may name the folder by a link.
    let parent = |path: &Path| path.parent().and_then(|parent| parent.canonicalize().ok());
    let known_by_link =
        paths.clone().filter_map(|path| Some(parent(&path)?.join(path.file_name()?)));
    let entry = |path: PathBuf| {
        let first = path.strip_prefix(folder).ok()?.components().next()?;
        Some(folder.join(first))
    };
    let entries = paths.chain(known_by_link).filter_map(entry);
    entries.filter(|entry| entry.symlink_metadata().is_ok()).collect()
}

/// The paths that a text of the environment may name.
pub(in crate::module::process) fn paths_in(value: &str) -> impl Iterator<Item = PathBuf> {
    value.split(':').filter(|part| part.starts_with('/')).map(PathBuf::from)
}
