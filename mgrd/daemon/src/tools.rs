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
            let keys = export_to_file(backend, path)?;
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

/// Exports to a new file, which gets its name only when it is complete. An existing file stays. Only
/// the owner can read the file: an export contains secrets.
fn export_to_file(backend: &dyn Backend, path: &Path) -> Result<usize, ToolError> {
    let failed = |source| ToolError::File { path: path.to_owned(), source };
    if path.symlink_metadata().is_ok() {
        return Err(failed(nix::errno::Errno::EEXIST.into()));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let unnamed = tempfile::Builder::new()
        .prefix(".mgrd-export-")
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        // Its own text names the temporary file.
        .map_err(|why| failed(why.kind().into()))?;
    let mut file = BufWriter::new(unnamed);
    let keys = export(backend, &mut file)?;
    file.flush().map_err(failed)?;
    let file = file.into_inner().map_err(|why| failed(why.into_error()))?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist_noclobber(path).map_err(|why| failed(why.error))?;
    Ok(keys)
}

#[cfg(test)]
mod tests;
