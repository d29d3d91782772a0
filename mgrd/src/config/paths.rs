//! Where things are when nobody says.

use std::path::PathBuf;

use nix::unistd::Uid;

/// The socket that `mgrd` listens on and `mgrctl` dials when neither is told: both compute it from
/// the user alone.
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

/// The data directory when none is given.
#[must_use]
pub fn default_data_dir() -> PathBuf {
    if Uid::effective().is_root() {
        return PathBuf::from("/var/lib/mgrd");
    }
    let state = std::env::var_os("XDG_STATE_HOME").filter(|dir| !dir.is_empty());
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".local/state");
    state.map_or_else(home, PathBuf::from).join("mgrd")
}
