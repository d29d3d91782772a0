//! One file that others than `mgrd` write: a regular one, of a bounded size.

use std::fs::{DirBuilder, File, FileType, Metadata, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use nix::libc;

use super::passing::is_passing;

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The system cannot read it.
    #[error(
        "cannot read {path}: {source}; let mgrd read it, or repair the disk or mount that it is on"
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// It is no regular file.
    #[error("{path} is {kind}: put a regular file in its place")]
    NotRegular {
        /// The file.
        path: PathBuf,
        /// What is in its place, with its article.
        kind: &'static str,
    },
    /// It is too large.
    #[error("{path} is larger than {limit} bytes: make it smaller, or raise {setting}")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// How many bytes it may have.
        limit: u64,
        /// The name of the limit.
        setting: &'static str,
    },
    /// It is not text.
    #[error("{path} is not text in UTF-8: save it as such")]
    NotText {
        /// The file.
        path: PathBuf,
    },
}

impl FileError {
    /// Whether trying again later may succeed.
    pub(in crate::module) fn is_passing(&self) -> bool {
        matches!(self, Self::Read { source, .. } if is_passing(source))
    }

    fn is_missing(&self) -> bool {
        matches!(self, Self::Read { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

/// What a link in the place of a file means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Links {
    /// The file that it points to.
    Follow,
    /// That it is not the file which `mgrd` wrote.
    Refuse,
}

impl Links {
    fn metadata(self, path: &Path) -> io::Result<Metadata> {
        match self {
            Self::Follow => std::fs::metadata(path),
            Self::Refuse => std::fs::symlink_metadata(path),
        }
    }

    fn flags(self) -> i32 {
        match self {
            Self::Follow => 0,
            Self::Refuse => libc::O_NOFOLLOW,
        }
    }
}

/// Opens a regular file; anything else is refused and has no effect.
pub(super) fn open(path: &Path, links: Links) -> Result<(File, Metadata), FileError> {
    let failed = |source| FileError::Read { path: path.to_owned(), source };
    // Before it is opened, because opening a device may do something. Afterwards again, because
    // it may have been replaced meanwhile; O_NONBLOCK, because a FIFO would wait for its writer.
    regular(path, &links.metadata(path).map_err(failed)?)?;
    let flags = libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC | links.flags();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    regular(path, &metadata)?;
    Ok((file, metadata))
}

/// The text of a regular file of at most `limit` bytes, which is called `setting`; none if there
/// is no such file.
pub(super) fn text(
    path: &Path,
    links: Links,
    limit: u64,
    setting: &'static str,
) -> Result<Option<String>, FileError> {
    let (file, metadata) = match open(path, links) {
        Err(error) if error.is_missing() => return Ok(None),
        opened => opened?,
    };
    let too_large = || FileError::TooLarge { path: path.to_owned(), limit, setting };
    if metadata.len() > limit {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    // Its size may be no more than a claim.
    let read = file.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|source| FileError::Read { path: path.to_owned(), source })?;
    if bytes.len() as u64 > limit {
        return Err(too_large());
    }
    let text = String::from_utf8(bytes);
    text.map(Some).map_err(|_| FileError::NotText { path: path.to_owned() })
}

/// Lets no other user into a folder, which an older version may have made.
pub(super) fn close_to_others(folder: &Path) -> io::Result<()> {
    match std::fs::metadata(folder) {
        Ok(found) if found.mode() & 0o077 != 0 => {
            std::fs::set_permissions(folder, Permissions::from_mode(0o700))
        }
        _ => Ok(()),
    }
}

/// Puts a new file with these bytes in the place of `path`, and creates its folder. A link, a FIFO or
/// an empty folder there is replaced; it is never written to.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    // Managers that share the folder must not share the draft.
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    match std::fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft);
    written?.write_all(bytes)?;
    if path.symlink_metadata().is_ok_and(|there| there.is_dir()) {
        std::fs::remove_dir(path)?;
    }
    std::fs::rename(&draft, path)
}

/// Checks that there is a regular file; whether it can be read is not known then.
pub(super) fn is_there(path: &Path) -> Result<bool, FileError> {
    match std::fs::metadata(path) {
        Ok(metadata) => regular(path, &metadata).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(FileError::Read { path: path.to_owned(), source }),
    }
}

fn regular(path: &Path, metadata: &Metadata) -> Result<(), FileError> {
    if metadata.is_file() {
        return Ok(());
    }
    Err(FileError::NotRegular { path: path.to_owned(), kind: kind(metadata.file_type()) })
}

fn kind(kind: FileType) -> &'static str {
    if kind.is_dir() {
        "a folder"
    } else if kind.is_symlink() {
        "a link"
    } else if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(test)]
mod tests;
