//! The default data directory.

use std::path::PathBuf;

use nix::unistd::Uid;

/// The data directory if no setting names one.
#[must_use]
pub(super) fn default_data_dir() -> PathBuf {
    if Uid::effective().is_root() {
        return PathBuf::from("/var/lib/mgrd");
    }
    let state = std::env::var_os("XDG_STATE_HOME").filter(|dir| !dir.is_empty());
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".local/state");
    state.map_or_else(home, PathBuf::from).join("mgrd")
}
