//! Unix sockets: owned by one process, reachable by one user.

use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use tokio::sync::watch;

/// The longest path that fits into a Unix socket's address.
const LONGEST_PATH: usize = 107;

/// A listening socket. Its path is removed when it is closed or dropped, unless another process has
/// put its own socket there meanwhile.
#[derive(Debug)]
pub struct Listener {
    path: PathBuf,
    listener: UnixListener,
    /// The device and inode of the path.
    identity: (u64, u64),
    closed: watch::Sender<bool>,
}

/// Why a socket cannot be listened on.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The path does not fit.
    #[error(
        "the socket path {} is {} bytes long, the system allows {LONGEST_PATH}; choose a shorter \
         one with --socket", path.display(), path.as_os_str().len()
    )]
    TooLong {
        /// The path.
        path: PathBuf,
    },
    /// Somebody else answers there.
    #[error(
        "another process listens on {}; stop it, or choose another path with --socket",
        path.display()
    )]
    InUse {
        /// The path.
        path: PathBuf,
    },
    /// The system refused.
    #[error("cannot listen on {}: {source}", path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Listener {
    /// Listens on `path` with mode 0600. Its folder is made with mode 0700; a socket that a dead
    /// process left there is replaced, one that answers is not.
    pub fn bind(path: &Path) -> Result<Self, ListenError> {
        let path = path.to_owned();
        if path.as_os_str().len() > LONGEST_PATH {
            return Err(ListenError::TooLong { path });
        }
        if UnixStream::connect(&path).is_ok() {
            return Err(ListenError::InUse { path });
        }
        match prepare(&path).and_then(|()| UnixListener::bind(&path)).and_then(|listener| {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
            listener.set_nonblocking(true)?;
            Ok((listener, identity(&path)?))
        }) {
            Ok((listener, identity)) => {
                Ok(Self { path, listener, identity, closed: watch::Sender::new(false) })
            }
            Err(source) => Err(ListenError::Io { path, source }),
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes no more connections but those that are made already.
    pub fn close(&self) {
        if !self.closed.send_replace(true) && identity(&self.path).ok() == Some(self.identity) {
            // Nothing can be done about a path that cannot be removed; the next bind replaces it.
            let _ = std::fs::remove_file(&self.path);
        }
    }

    /// The socket, on the runtime of the caller.
    pub(super) fn socket(&self) -> io::Result<tokio::net::UnixListener> {
        tokio::net::UnixListener::from_std(self.listener.try_clone()?)
    }

    pub(super) async fn closed(&self) {
        // The sender lives as long as this does.
        let _ = self.closed.subscribe().wait_for(|closed| *closed).await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.close();
    }
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    let there = std::fs::symlink_metadata(path)?;
    Ok((there.dev(), there.ino()))
}

fn prepare(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_socket_is_replaced_and_a_live_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sub/m.sock");
        let first = Listener::bind(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(matches!(Listener::bind(&path), Err(ListenError::InUse { .. })));
        drop(first);
        assert!(!path.exists());
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        assert!(path.exists());
        Listener::bind(&path).unwrap();
    }

    #[test]
    fn a_socket_that_another_one_put_there_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("m.sock");
        let former = Listener::bind(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let now = Listener::bind(&path).unwrap();
        drop(former);
        assert!(path.exists());
        now.close();
        assert!(!path.exists());
    }

    #[test]
    fn a_path_that_cannot_fit_is_refused_by_its_length() {
        let path = Path::new("/tmp").join("x".repeat(120));
        assert!(matches!(Listener::bind(&path), Err(ListenError::TooLong { .. })));
    }
}
