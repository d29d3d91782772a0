//! Whether a module is still the one that was described: a digest of all that runs it.

use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::manifest::Manifest;

/// Grows when descriptions that were cached by an older `mgrd` must be made anew.
const VERSION: &str = "mgrd description 1";

/// A digest of the module's folder, of what runs it, and of how.
pub(super) fn fingerprint(folder: &Path, manifest: &Manifest) -> io::Result<String> {
    let mut digest = Sha256::new();
    let mut part = |bytes: &[u8]| {
        digest.update((bytes.len() as u64).to_le_bytes());
        digest.update(bytes);
    };
    part(VERSION.as_bytes());
    for word in &manifest.exec {
        part(word.as_bytes());
        // A program outside the folder is known by its size and age: reading it would take long.
        let outside = word.starts_with('/') && !Path::new(word).starts_with(folder);
        if let (true, Ok(meta)) = (outside, std::fs::metadata(word)) {
            part(&meta.len().to_le_bytes());
            let age = meta.modified().ok().and_then(|m| m.elapsed_since_epoch());
            part(&age.unwrap_or_default().to_le_bytes());
        }
    }
    for (name, value) in &manifest.env {
        part(name.as_bytes());
        part(value.as_bytes());
    }
    let mut files = Vec::new();
    collect(folder, folder, &mut files)?;
    files.sort();
    for relative in files {
        part(relative.as_bytes());
        part(&std::fs::read(folder.join(&relative))?);
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The regular files of the folder that matter, by their relative paths. Links are not followed.
fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') || matches!(&*name, "__pycache__" | "node_modules" | "target") {
            continue;
        }
        let (kind, path) = (entry.file_type()?, entry.path());
        if kind.is_dir() {
            collect(root, &path, files)?;
        } else if path.is_file()
            && let Ok(relative) = path.strip_prefix(root)
        {
            files.push(relative.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

trait SinceEpoch {
    fn elapsed_since_epoch(self) -> Option<u128>;
}

impl SinceEpoch for std::time::SystemTime {
    fn elapsed_since_epoch(self) -> Option<u128> {
        self.duration_since(Self::UNIX_EPOCH).ok().map(|since| since.as_nanos())
    }
}

#[cfg(test)]
#[path = "tests/fingerprint.rs"]
mod tests;
