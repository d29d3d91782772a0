//! One file of a module's folder: a regular one, of a bounded size.

use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::libc;

use super::passing::is_passing;

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The system refuses.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is something else than a file.
    #[error("{path} is {kind}: put a regular file in its place")]
    NotRegular {
        /// Which.
        path: PathBuf,
        /// What it is.
        kind: &'static str,
    },
    /// It is too large.
    #[error("{path} is larger than {limit} bytes: make it smaller, or raise the limit {setting}")]
    TooLarge {
        /// Which.
        path: PathBuf,
        /// The limit.
        limit: u64,
        /// The name of the limit.
        setting: &'static str,
    },
    /// It is not text.
    #[error("{path} is not text in UTF-8: save it as such")]
    NotText {
        /// Which.
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

/// Opens a regular file; anything else is refused and has no effect.
pub(super) fn open(path: &Path) -> Result<(File, Metadata), FileError> {
    let failed = |source| FileError::Read { path: path.to_owned(), source };
    // Before it is opened, because opening a device may do something. Afterwards again, because
    // it may have been replaced meanwhile; O_NONBLOCK, because a FIFO would wait for its writer.
    regular(path, &std::fs::metadata(path).map_err(failed)?)?;
    let flags = libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    regular(path, &metadata)?;
    Ok((file, metadata))
}

/// The text of a regular file of at most `limit` bytes, which is called `setting`; none if there
/// is no such file.
pub(super) fn text(
    path: &Path,
    limit: u64,
    setting: &'static str,
) -> Result<Option<String>, FileError> {
    let (file, metadata) = match open(path) {
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
    } else if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use nix::sys::stat::Mode;

    use super::*;

    const LIMIT: u64 = 100;

    fn read(path: &Path) -> Result<Option<String>, String> {
        text(path, LIMIT, "some_bytes").map_err(|error| error.to_string())
    }

    #[test]
    fn a_regular_file_is_read_through_a_link_too_and_none_is_no_error() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("file"), dir.path().join("link"));
        std::fs::write(&file, "x".repeat(100)).unwrap();
        symlink(&file, &link).unwrap();
        assert_eq!(read(&link), Ok(Some("x".repeat(100))));
        assert_eq!(read(&dir.path().join("none")), Ok(None));
    }

    #[test]
    fn whatever_is_not_a_regular_file_is_refused_by_its_kind() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        nix::unistd::mkfifo(&path("fifo"), Mode::S_IRWXU).unwrap();
        let _listener = UnixListener::bind(path("socket")).unwrap();
        std::fs::create_dir(path("folder")).unwrap();
        symlink("/dev/zero", path("zero")).unwrap();
        symlink(path("fifo"), path("link")).unwrap();
        for (name, kind) in [
            ("fifo", "a FIFO"),
            ("socket", "a socket"),
            ("folder", "a folder"),
            ("zero", "a device"),
            ("link", "a FIFO"),
        ] {
            let error = read(&path(name)).unwrap_err();
            let expected = format!("{} is {kind}: put a regular", path(name).display());
            assert!(error.starts_with(&expected), "{error}");
            assert!(is_there(&path(name)).is_err(), "{name}");
        }
    }

    #[test]
    fn a_file_beyond_the_limit_is_refused_whatever_size_it_claims() {
        let dir = tempfile::tempdir().unwrap();
        let huge = dir.path().join("huge");
        File::create(&huge).unwrap().set_len(1 << 40).unwrap();
        for path in [&*huge, Path::new("/proc/self/status")] {
            let error = read(path).unwrap_err();
            assert!(error.contains("larger than 100 bytes") && error.contains("some_bytes"));
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_says_why_and_whether_that_may_pass() {
        let dir = tempfile::tempdir().unwrap();
        let (circle, binary) = (dir.path().join("circle"), dir.path().join("binary"));
        symlink(&circle, &circle).unwrap();
        std::fs::write(&binary, b"\xff").unwrap();
        let error = text(&circle, LIMIT, "").unwrap_err();
        assert!(error.to_string().contains("cannot read") && !error.is_passing(), "{error}");
        assert!(read(&binary).unwrap_err().contains("is not text"));
        // Nothing is mapped at address 0.
        let error = text(Path::new("/proc/self/mem"), LIMIT, "").unwrap_err();
        assert!(error.is_passing(), "{error}");
    }
}
