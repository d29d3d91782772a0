//! Finding modules in the module path.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::manifest::{Manifest, ManifestError, Runtimes};

/// A folder that is a module, whether or not it can be run.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) name: String,
    pub(super) folder: PathBuf,
    pub(super) manifest: Result<Manifest, ManifestError>,
}

/// All modules of the module path by name. Of two with one name the first in the path wins.
pub(super) fn discover(module_path: &[PathBuf], runtimes: &Runtimes) -> BTreeMap<String, Found> {
    let mut modules: BTreeMap<String, Found> = BTreeMap::new();
    for folder in module_path.iter().flat_map(|dir| folders(dir)) {
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
        let manifest = Manifest::read(&folder, runtimes);
        if let Err(error) = &manifest {
            tracing::warn!(module = name, "module cannot be used: {error}");
        }
        modules.insert(name.clone(), Found { name, folder, manifest });
    }
    modules
}

/// The folders in `dir` that could be modules, in the order of their names.
fn folders(dir: &Path) -> Vec<PathBuf> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) => {
            tracing::warn!("no modules from {}: {error}", dir.display());
            return Vec::new();
        }
    };
    let mut folders: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join("module.py").is_file() || path.join("module.toml").is_file())
        .filter_map(|path| std::path::absolute(path).ok())
        .collect();
    folders.sort();
    folders
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
#[path = "tests/discovery.rs"]
mod tests;
