//! Tools for a storage that no `mgrd` uses.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use mgrd_storage::archive::{ArchiveError, check, export, import};
use mgrd_storage::{Backend, BackendError};

use crate::config::StorageAction;

/// Why a tool failed.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    #[error(transparent)]
    Backend(#[from] BackendError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("cannot open {}: {source}; name another file", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("cannot write the export: {0}; free some space, or write it elsewhere")]
    Write(#[from] std::io::Error),
}

/// `mgrd storage …`. Writes what a user reads, or the export, to `out`.
///
/// # Errors
///
/// If the storage or the file cannot be read or written.
pub fn storage(
    data_dir: &Path,
    backend: &dyn Backend,
    action: &StorageAction,
    out: &mut impl Write,
) -> Result<(), ToolError> {
    match action {
        StorageAction::Check => writeln!(out, "{}", check(backend)?)?,
        StorageAction::Export { file: None } => {
            export(backend, out)?;
        }
        StorageAction::Export { file: Some(path) } => {
            let failed = |source| ToolError::File { path: path.clone(), source };
            let mut file = BufWriter::new(private_file(path).map_err(failed)?);
            let keys = export(backend, &mut file)?;
            file.flush().map_err(failed)?;
            writeln!(out, "{keys} keys written to {}", path.display())?;
        }
        StorageAction::Import { file: path, force } => {
            let file = File::open(path)
                .map_err(|source| ToolError::File { path: path.clone(), source })?;
            private_folder(data_dir)
                .map_err(|source| ToolError::File { path: data_dir.to_owned(), source })?;
            let keys = import(backend, BufReader::new(file), *force)?;
            writeln!(out, "{keys} keys read from {}", path.display())?;
        }
    }
    Ok(())
}

/// Creates the data directory if it does not exist.
fn private_folder(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Creates a file that only its owner can read: an export contains secrets.
fn private_file(path: &PathBuf) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests;
