//! The paths of the sockets, which both ends of a connection compute.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nix::unistd::Uid;

use crate::address::Address;
use crate::endpoint::{connect, listen};
use crate::listen::{Bind, ListenError};

/// The socket that `mgrd` listens on and `mgrctl` dials if no setting names one. It depends only on
/// the user.
#[must_use]
pub fn default_socket() -> PathBuf {
    if let Some(dir) = std::env::var_os("XDG_RUNTIME_DIR").filter(|dir| !dir.is_empty()) {
        return PathBuf::from(dir).join("mgrd/mgrd.sock");
    }
    let uid = Uid::effective();
    if uid.is_root() {
        PathBuf::from("/run/mgrd/mgrd.sock")
    } else {
        PathBuf::from(format!("/tmp/mgrd-{uid}/mgrd.sock"))
    }
}

/// Listens for the modules of this manager, on a socket in the folder of its public one.
///
/// A manager that was killed could not remove its own. The next one of the same name removes it.
///
/// # Errors
///
/// If the system refuses.
pub fn listen_for_modules(public: &Path, id: &str) -> Result<Arc<dyn Bind>, ListenError> {
    for left in private_sockets(public) {
        if left.id == id && !left.process_exists() {
            // If it cannot be removed, nothing depends on it.
            let _ = std::fs::remove_file(left.path);
        }
    }
    listen(&Address::Unix(PrivateSocket::path(public, id, std::process::id())))
}

/// Whether a manager runs that has this public socket, or that may take it over: one listens for its
/// modules in the folder of the socket.
pub async fn manager_runs(public: &Path) -> bool {
    for private in private_sockets(public) {
        if connect(&Address::Unix(private.path)).await.is_ok() {
            return true;
        }
    }
    false
}

/// The socket that the modules of one manager dial. It is in the folder of the public socket.
#[derive(Debug, PartialEq, Eq)]
struct PrivateSocket {
    /// The name of the manager.
    id: String,
    /// The id of its process.
    pid: u32,
    path: PathBuf,
}

impl PrivateSocket {
    /// The path of the socket of a manager.
    fn path(public: &Path, id: &str, pid: u32) -> PathBuf {
        public.with_file_name(format!("{id}.{pid}.sock"))
    }

    fn of(path: PathBuf) -> Option<Self> {
        let (id, pid) = path.file_name()?.to_str()?.strip_suffix(".sock")?.rsplit_once('.')?;
        Some(Self { id: id.to_owned(), pid: pid.parse().ok()?, path })
    }

    /// Whether the process of the manager exists.
    fn process_exists(&self) -> bool {
        Path::new("/proc").join(self.pid.to_string()).exists()
    }
}

/// The private sockets in the folder of a public one, including those of managers that have ended.
fn private_sockets(public: &Path) -> Vec<PrivateSocket> {
    let entries = public.parent().and_then(|folder| folder.read_dir().ok()).into_iter().flatten();
    entries.flatten().filter_map(|entry| PrivateSocket::of(entry.path())).collect()
}

#[cfg(test)]
mod tests;
