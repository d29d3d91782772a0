//! The paths of the sockets, which both ends of a connection compute.

use std::path::{Path, PathBuf};

use nix::unistd::Uid;

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

/// The socket that the modules of one manager dial. It is in the folder of the public socket.
#[derive(Debug, PartialEq, Eq)]
pub struct PrivateSocket {
    /// The name of the manager.
    pub id: String,
    /// The id of its process.
    pub pid: u32,
    /// The path of the socket.
    pub path: PathBuf,
}

impl PrivateSocket {
    /// The path of the socket of a manager.
    #[must_use]
    pub fn path(public: &Path, id: &str, pid: u32) -> PathBuf {
        public.with_file_name(format!("{id}.{pid}.sock"))
    }

    fn of(path: PathBuf) -> Option<Self> {
        let (id, pid) = path.file_name()?.to_str()?.strip_suffix(".sock")?.rsplit_once('.')?;
        Some(Self { id: id.to_owned(), pid: pid.parse().ok()?, path })
    }

    /// Whether the process of the manager exists.
    #[must_use]
    pub fn process_exists(&self) -> bool {
        Path::new("/proc").join(self.pid.to_string()).exists()
    }
}

/// The private sockets in the folder of a public one, including those of managers that have ended.
#[must_use]
pub fn private_sockets(public: &Path) -> Vec<PrivateSocket> {
    let entries = public.parent().and_then(|folder| folder.read_dir().ok()).into_iter().flatten();
    entries.flatten().filter_map(|entry| PrivateSocket::of(entry.path())).collect()
}

#[cfg(test)]
mod tests;
