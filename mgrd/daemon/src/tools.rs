//! Tools for a storage that no `mgrd` uses.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use mgrd_draft::{Draft, DraftError};
use mgrd_storage::archive::{ArchiveError, check, check_export, export, import};
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
    #[error("{}: {source}", path.display())]
    Export { path: PathBuf, source: ArchiveError },
    #[error(transparent)]
    Draft(#[from] DraftError),
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
        StorageAction::Check { file: None } => writeln!(out, "{}", check(backend)?)?,
        StorageAction::Check { file: Some(path) } => {
            let report = check_export(open(path)?).map_err(named(path))?;
            writeln!(out, "{report}")?;
        }
        StorageAction::Export { file: Some(path), force } if !is_standard(path) => {
            let keys = export_to_file(backend, path, *force)?;
            writeln!(out, "{keys} keys written to {}", path.display())?;
        }
        StorageAction::Export { .. } => {
            export(backend, out)?;
        }
        StorageAction::Import { file: path, force } => {
            let file = open(path)?;
            private_folder(data_dir)
                .map_err(|source| ToolError::File { path: data_dir.to_owned(), source })?;
            let keys = import(backend, file, *force).map_err(named(path))?;
            writeln!(out, "{keys} keys read from {}", path.display())?;
        }
    }
    Ok(())
}

/// Whether it stands for the standard input or output.
fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

/// For an error that the content of a file causes: the same with the file.
fn named(path: &Path) -> impl FnOnce(ArchiveError) -> ToolError {
    move |source| match source {
        ArchiveError::Line { .. } | ArchiveError::Read(_) => {
            ToolError::Export { path: path.to_owned(), source }
        }
        other => other.into(),
    }
}

fn open(path: &Path) -> Result<Box<dyn BufRead>, ToolError> {
    if is_standard(path) {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    let file = File::open(path);
    let file = file.map_err(|source| ToolError::File { path: path.to_owned(), source })?;
    Ok(Box::new(BufReader::new(file)))
}

/// Creates the data directory if it does not exist.
fn private_folder(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Exports to a file, which gets its name only when it is complete.
fn export_to_file(backend: &dyn Backend, path: &Path, force: bool) -> Result<usize, ToolError> {
    let mut draft = Draft::new(path, force)?;
    let mut file = BufWriter::new(&mut draft);
    let keys = export(backend, &mut file)?;
    drop(file);
    draft.publish()?;
    Ok(keys)
}

#[cfg(test)]
mod tests;
